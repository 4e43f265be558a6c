//! A table as a grid of texts: where its header is, what stands above and below it, and years that are columns.

use std::borrow::Cow;

use csv::StringRecord;

use super::super::dialect::Dialect;
use super::super::encoding;
use super::super::fault::Fault;
use super::super::limits::{Limit, Limits};
use super::super::table::row_length;
use super::super::when::PeriodFormat;
use super::numeral;
use crate::text::Text;

/// A table with one header row.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) label: String,
    /// What stands above the table.
    pub(super) title: Option<String>,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// A row with its number in the file, from 1.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

/// A text file: encoding and delimiter are found out.
pub(super) fn text(label: &str, bytes: Vec<u8>, limits: &Limits, guesses: &mut Vec<Text>) -> Result<Grid, Fault> {
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) { encoding::gunzip(label, &bytes, limits, 0)? } else { bytes };
    let name = match encoding_rs::Encoding::for_bom(&bytes) {
        Some((encoding, _)) => encoding.name(),
        None if std::str::from_utf8(&bytes).is_ok() => "UTF-8",
        None => "gb18030",
    };
    if name != "UTF-8" {
        guesses.push(Text::new(format!("按 {name} 编码读入"), format!("read as {name}")));
    }
    let source = encoding::decode(label.to_owned(), Cow::Owned(bytes), Some(name))?;
    if let Some(fault) = encoding::not_text(&source) {
        return Err(fault.write("存为 UTF-8 的 CSV", "save it as CSV in UTF-8"));
    }
    let text = &*source.text;
    let delimiter = delimiter(text);
    if delimiter != b',' {
        let shown = if delimiter == b'\t' { "TAB".to_owned() } else { char::from(delimiter).to_string() };
        guesses.push(Text::new(format!("分隔符是 {shown}"), format!("the delimiter is {shown}")));
    }
    let dialect = Dialect { delimiter, ..Dialect::default() };
    let (mut rows, mut starts, mut record) = (Vec::new(), Vec::new(), StringRecord::new());
    let (mut at, mut line, mut counted) = (0, 1, 0);
    while let Some(span) = dialect.record(text, at, &mut record) {
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..span.start]).count() as u64;
        (at, counted) = (span.end, span.start);
        if at == text.len()
            && let Some(open) = dialect.unclosed(text, span.start)
        {
            return Err(source.fault(open, "unclosed-quote", "引号没有闭合", "this quote is never closed"));
        }
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        let longest = cells.iter().map(String::len).max().unwrap_or(0) as u64;
        for (limit, found) in
            [(Limit::Fields, cells.len() as u64), (Limit::CellBytes, longest), (Limit::Rows, rows.len() as u64)]
        {
            if let Some(fault) = limits.exceeded(limit, found, label) {
                return Err(Fault { line, ..fault });
            }
        }
        rows.push(Row { line, cells });
        starts.push((line, span.start));
    }
    let grid = Grid::new(label, rows, limits)?;
    let Some(row) = grid.ragged() else { return Ok(grid) };
    let (found, expected) = (row.cells.len(), grid.header.len());
    let start = starts.iter().find(|(line, _)| *line == row.line).map_or(0, |(_, start)| *start);
    let place = dialect.locate(text, start, expected.min(found.saturating_sub(1)));
    let (zh, en) = row_length(found, expected);
    Err(source.fault(place, "row-length", zh, en))
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// The delimiter that splits the first rows into the most fields alike.
fn delimiter(text: &str) -> u8 {
    let score = |delimiter: &u8| {
        let widths: Vec<usize> =
            reader(text, *delimiter).records().take(30).filter_map(|record| Some(record.ok()?.len())).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        if widest < 2 { 0 } else { widths.iter().filter(|width| **width == widest).count() * 1000 + widest }
    };
    let candidates = [b'|', b';', b'\t', b','];
    candidates.into_iter().max_by_key(score).filter(|best| score(best) > 0).unwrap_or(b',')
}

/// Short rows are filled up: a table with few cells far apart must not take much room.
pub(super) fn room(label: &str, rows: &[Row], limits: &Limits) -> Result<(), Fault> {
    let widest = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let size = (rows.len() * widest * size_of::<String>()) as u64;
    limits.exceeded(Limit::ExpandedBytes, size, label).map_or(Ok(()), Err)
}

impl Grid {
    /// A grid from all rows of a file: the header is the first row with as many cells as the table is wide.
    pub(super) fn new(label: &str, mut rows: Vec<Row>, limits: &Limits) -> Result<Grid, Fault> {
        rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
        let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count();
        let width = rows.iter().map(filled).max().unwrap_or(0);
        room(label, &rows, limits)?;
        let header = rows.iter().position(|row| 2 * filled(row) > width && filled(row) > 1);
        let Some(at) = header.filter(|at| *at + 1 < rows.len()) else {
            let fault = Fault::new(label, "no-table", "找不到表头和数据行", "has no header row with rows below it");
            return Err(
                fault.write("第一行要写列名,以下各行写数据", "write column names in the first row and data below")
            );
        };
        let above: Vec<String> =
            rows[..at].iter().flat_map(|row| &row.cells).filter(|cell| !cell.is_empty()).cloned().collect();
        let header = rows[at].cells.clone();
        let rows = rows.split_off(at + 1);
        let title = Some(above.join(" ")).filter(|title| !title.is_empty());
        Ok(Grid { label: label.to_owned(), title, header, rows })
    }

    /// A row with more or fewer cells than the header; remarks below the table are none.
    fn ragged(&self) -> Option<&Row> {
        let has_several = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
        let last = self.rows.iter().rposition(has_several).unwrap_or(0);
        self.rows[..=last].iter().find(|row| row.cells.len() != self.header.len())
    }

    /// Without columns that are empty throughout and remarks below the table.
    pub(super) fn trimmed(mut self, guesses: &mut Vec<Text>) -> Grid {
        let width = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(self.header.len());
        self.header.resize(width, String::new());
        self.rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
        let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count();
        let mut remarks = Vec::new();
        while width > 2 && self.rows.len() > 1 && self.rows.last().is_some_and(|row| filled(row) == 1) {
            remarks.extend(self.rows.pop().map(|row| row.cells.concat()));
        }
        if !remarks.is_empty() {
            remarks.reverse();
            guesses.push(Text::new(
                format!("表下的说明没有写入:{}", remarks.join(" ")),
                format!("left out the remarks below the table: {}", remarks.join(" ")),
            ));
        }
        let used: Vec<bool> = (0..width)
            .map(|at| !self.header[at].is_empty() || self.rows.iter().any(|row| !row.cells[at].is_empty()))
            .collect();
        let keep = |cells: &mut Vec<String>| {
            let mut at = 0;
            cells.retain(|_| {
                at += 1;
                used[at - 1]
            });
        };
        keep(&mut self.header);
        self.rows.iter_mut().for_each(|row| keep(&mut row.cells));
        for (at, name) in self.header.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
            *name = format!("column {}", at + 1);
        }
        self
    }

    /// With the periods in rows, where they are columns with numbers below.
    pub(super) fn melted(self, guesses: &mut Vec<Text>) -> Grid {
        let is_period = |name: &str| PeriodFormat::Free.read(name).is_some();
        let numeric = |at: usize| self.column(at).all(|cell| numeral::read(cell, false).is_some());
        let spread: Vec<usize> =
            (0..self.header.len()).filter(|&at| is_period(&self.header[at]) && numeric(at)).collect();
        if spread.len() < 2 {
            return self;
        }
        let kept: Vec<usize> = (0..self.header.len()).filter(|at| !spread.contains(at)).collect();
        let (first, last) = (&self.header[spread[0]], &self.header[spread[spread.len() - 1]]);
        guesses.push(Text::new(
            format!("{first} 至 {last} 各列转为各期的行,数值列名为 value"),
            format!("the columns {first} to {last} became rows, a period each, with the numbers in 'value'"),
        ));
        let mut header: Vec<String> = kept.iter().map(|&at| self.header[at].clone()).collect();
        header.extend(["period".to_owned(), "value".to_owned()]);
        let row = |row: &Row| {
            let of = |&at: &usize| {
                let mut cells: Vec<String> = kept.iter().map(|&at| row.cells[at].clone()).collect();
                cells.extend([self.header[at].clone(), row.cells[at].clone()]);
                Row { line: row.line, cells }
            };
            spread.iter().map(of).collect::<Vec<_>>()
        };
        let rows = self.rows.iter().flat_map(row).collect();
        Grid { label: self.label.clone(), title: self.title.clone(), header, rows }
    }

    /// The cells of a column.
    pub(super) fn column(&self, at: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row.cells[at].as_str())
    }

    /// A fault at a row.
    pub(super) fn fault(&self, line: u64, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault { line, ..Fault::new(self.label.clone(), code, zh, en) }
    }
}
