//! A table as a grid of texts: where its header is, what stands above and below it, and years that are columns.

use std::borrow::Cow;

use csv::StringRecord;

use super::super::dialect::Dialect;
use super::super::encoding;
use super::super::fault::Fault;
use super::super::limits::{Limit, Limits};
use super::super::table::row_length;
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
    /// Semicolons stand between its cells, as where commas are decimal.
    pub(super) semicolons: bool,
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
        // Chinese stands in pairs of such bytes, letters with accents alone.
        None if bytes.split(u8::is_ascii).all(|run| run.len() < 2) => "windows-1252",
        None => "gb18030",
    };
    if name != "UTF-8" {
        guesses.push(Text::new(format!("按 {name} 编码读入"), format!("read as {name}")));
    }
    let guessed = name == "gb18030";
    let source = encoding::decode(label.to_owned(), Cow::Owned(bytes), Some(name)).map_err(|fault| match guessed {
        false => fault,
        true => {
            let place = Fault::new(
                label,
                fault.code,
                "既不是 UTF-8 也不是 GB18030",
                "is neither UTF-8 nor GB18030 from here on",
            );
            let write = "iconv -f ENCODING -t UTF-8 TABLE.csv > NEW.csv";
            let (zh, en) = (format!("转成 UTF-8,如 {write}"), format!("convert it to UTF-8: {write}"));
            Fault { line: fault.line, column: fault.column, ..place.write(zh, en) }
        }
    })?;
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
    let grid = Grid { semicolons: delimiter == b';', ..Grid::new(label, rows, limits)? };
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
    let widths = |delimiter: u8| -> Vec<usize> {
        reader(text, delimiter).records().take(30).filter_map(|record| Some(record.ok()?.len())).collect()
    };
    // Commas may stand in texts, tabs hardly do.
    let tabs = widths(b'\t');
    if tabs.first().is_some_and(|first| *first > 1 && tabs.iter().all(|width| width == first)) {
        return b'\t';
    }
    let score = |delimiter: &u8| {
        let widths = widths(*delimiter);
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
        // A line above it that names what this one does not begins the header.
        let begins = |at: &usize| {
            let above = at.checked_sub(1).map(|above| &rows[above]).filter(|above| filled(above) > 1)?;
            let names = above.cells.iter().zip(rows[*at].cells.iter());
            names.clone().any(|(above, own)| !above.is_empty() && own.is_empty()).then(|| at - 1)
        };
        let header = header.map(|at| begins(&at).unwrap_or(at));
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
        Ok(Grid { label: label.to_owned(), title, header, rows, semicolons: false })
    }

    /// Whether numbers that could be read either way have decimal commas: cells stand between semicolons, and no number has a
    /// decimal point for sure.
    pub(super) fn has_decimal_commas(&self) -> bool {
        let number = |cell: &str, comma| matches!(numeral::read(cell, comma), Some(numeral::Numeral::Number { .. }));
        let points = |cell: &String| cell.contains('.') && number(cell, false) && !number(cell, true);
        self.semicolons && !self.rows.iter().flat_map(|row| &row.cells).any(points)
    }

    /// A row with more or fewer cells than the header; remarks below the table are none.
    fn ragged(&self) -> Option<&Row> {
        let has_several = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
        let last = self.rows.iter().rposition(has_several).unwrap_or(0);
        self.rows[..=last].iter().find(|row| row.cells.len() != self.header.len())
    }

    /// With one line of names, where the first row goes on with a header whose cells span several columns: `2022年` above `收入`
    /// and `支出`.
    pub(super) fn under_one_header(mut self, guesses: &mut Vec<Text>) -> Grid {
        let Some((first, below)) = self.rows.split_first() else { return self };
        let is_number = |cell: &str| matches!(numeral::read(cell, false), Some(numeral::Numeral::Number { .. }));
        let cell = |row: &Row, at: usize| row.cells.get(at).cloned().unwrap_or_default();
        let top = |at: usize| self.header.get(at).map_or("", String::as_str);
        let width = self.header.len().max(first.cells.len());
        let is_sub = |at: &usize| !cell(first, *at).is_empty();
        let is_name = |at: usize| !is_number(&cell(first, at)) && below.iter().any(|row| is_number(&cell(row, at)));
        let subs: Vec<usize> = (0..width).filter(is_sub).collect();
        let spans = subs.iter().any(|at| *at > 0 && top(*at).is_empty() && subs.contains(&(at - 1)))
            || subs.windows(2).any(|pair| !top(pair[0]).is_empty() && top(pair[0]) == top(pair[1]));
        if subs.len() < 2 || !spans || !subs.iter().all(|at| is_name(*at)) {
            return self;
        }
        let mut over = String::new();
        let mut header = Vec::with_capacity(width);
        for at in 0..width {
            if !top(at).is_empty() {
                over = top(at).to_owned();
            }
            header.push(match subs.contains(&at) {
                true => format!("{over} {}", cell(first, at)).trim().to_owned(),
                false => top(at).to_owned(),
            });
        }
        guesses.push(Text::new(
            format!("表头有两行,合为一行:如「{}」", header[subs[0]]),
            format!("two lines of names became one: '{}'", header[subs[0]]),
        ));
        self.header = header;
        self.rows.remove(0);
        self
    }

    /// Without columns that are empty throughout and remarks below the table.
    pub(super) fn trimmed(mut self, guesses: &mut Vec<Text>) -> Grid {
        let width = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(self.header.len());
        self.header.resize(width, String::new());
        self.rows.iter_mut().for_each(|row| row.cells.resize(width, String::new()));
        let count = if width > 2 { self.remarks() } else { 0 };
        let remarks = self.rows.split_off(self.rows.len() - count);
        if count > 0 {
            let cells = remarks.into_iter().flat_map(|row| row.cells).filter(|cell| !cell.is_empty());
            let text = cells.collect::<Vec<_>>().join(" ");
            guesses.push(Text::new(
                format!("表下的说明没有写入:{text}"),
                format!("left out the remarks below the table: {text}"),
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

    /// How many of the last rows are remarks rather than data: text where all above have numbers, or nothing but a sentence. A
    /// member or a period whose numbers are all missing is data.
    fn remarks(&self) -> usize {
        let is_number = |cell: &str| {
            let number = numeral::with_remark(cell).map_or(cell, |(number, _)| number);
            [false, true]
                .into_iter()
                .any(|comma| matches!(numeral::read(number, comma), Some(numeral::Numeral::Number { .. })))
        };
        let is_cell = |cell: &str| is_cell(cell, false) || is_cell(cell, true);
        // From where on a column has words, of those that have numbers above and none below.
        let words = |at: usize| {
            let last = self.rows.iter().rposition(|row| is_number(&row.cells[at]))?;
            self.rows.iter().position(|row| !is_cell(&row.cells[at])).filter(|first| *first > last)
        };
        let words: Vec<Option<usize>> = (0..self.header.len()).map(words).collect();
        let mut longest = vec![0];
        for row in &self.rows {
            longest.push(longest[longest.len() - 1].max(row.cells[0].chars().count()));
        }
        let is_remark = |last: &usize| {
            let row = &self.rows[*last].cells;
            if row.iter().skip(1).any(|cell| is_number(cell)) {
                return false;
            }
            if words.iter().zip(row).any(|(first, cell)| first.is_some_and(|first| first <= *last) && !is_cell(cell)) {
                return true;
            }
            let mut filled = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
            let (Some((at, cell)), None) = (filled.next(), filled.next()) else { return false };
            at > 0 || is_sentence(cell) || cell.chars().count() > longest[*last].max(4)
        };
        (1..self.rows.len()).rev().take_while(is_remark).count()
    }

    /// Whether all cells of a column are numbers or empty, with a footnote or without.
    pub(super) fn is_numeric(&self, at: usize) -> bool {
        self.column(at).all(|cell| is_cell(cell, false)) || self.column(at).all(|cell| is_cell(cell, true))
    }

    /// The first row whose cell of a column is neither a number nor empty.
    pub(super) fn first_word(&self, at: usize) -> Option<&Row> {
        self.rows.iter().find(|row| !is_cell(&row.cells[at], false) && !is_cell(&row.cells[at], true))
    }

    /// With the footnotes that stand beside numbers in columns of their own.
    pub(super) fn remarked(mut self, guesses: &mut Vec<Text>) -> Grid {
        let columns = (0..self.header.len())
            .filter(|at| self.is_numeric(*at) && self.column(*at).any(|cell| remarked(cell).is_some()));
        for at in columns.collect::<Vec<usize>>() {
            let header = self.header[at].clone();
            let mut first = None;
            for row in &mut self.rows {
                let found = remarked(&row.cells[at]).map(|(number, remark)| (number.to_owned(), remark.to_owned()));
                let (number, remark) = found.unwrap_or_else(|| (row.cells[at].clone(), String::new()));
                if first.is_none() && !remark.is_empty() {
                    first = Some((row.line, row.cells[at].clone()));
                }
                row.cells[at] = number;
                row.cells.push(remark);
            }
            if let Some((line, cell)) = first {
                guesses.push(Text::new(
                    format!("「{header}」数旁的注记另成一列(第 {line} 行「{cell}」)"),
                    format!("footnotes beside numbers in '{header}' became a column (line {line}: '{cell}')"),
                ));
            }
            self.header.push(format!("{header} remark"));
        }
        self
    }

    /// With the text of the row above in empty cells of the first columns, as cells that were merged downwards leave them.
    pub(super) fn filled_down(mut self, guesses: &mut Vec<Text>) -> Grid {
        let mut filled = 0;
        for at in 0..self.header.len().saturating_sub(1) {
            let rows = &self.rows;
            let full_to_the_left = |row: &Row| row.cells[..at].iter().all(|cell| !cell.is_empty());
            let goes_on = |row: &Row| {
                row.cells[at + 1..].iter().filter(|cell| !cell.is_empty()).count() * 2 > row.cells.len() - at - 1
            };
            let empty = rows.iter().filter(|row| row.cells[at].is_empty() && goes_on(row)).count();
            let texts = rows.iter().filter(|row| !row.cells[at].is_empty()).count();
            let led = rows.first().is_some_and(|row| !row.cells[at].is_empty());
            let in_order = rows.iter().all(|row| full_to_the_left(row) || !goes_on(row));
            if empty == 0 || !led || !in_order || empty < texts {
                break;
            }
            for row in 1..self.rows.len() {
                if self.rows[row].cells[at].is_empty() && goes_on(&self.rows[row]) {
                    self.rows[row].cells[at] = self.rows[row - 1].cells[at].clone();
                    filled += 1;
                }
            }
        }
        if filled > 0 {
            guesses.push(Text::new(
                format!("合并单元格:{filled} 格沿用上一行"),
                format!("merged cells: {filled} take the text of the row above"),
            ));
        }
        self
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

/// Whether a text says something of a table rather than names a row of it.
fn is_sentence(text: &str) -> bool {
    const NAMES: [&str; 9] = ["source", "sources", "note", "notes", "quelle", "fuente", "数据来源", "资料来源", "备注"];
    let says = text.contains([':', '\u{ff1a}', ';', '\u{ff1b}', '。', '=', '*', '†', '©']) || text.ends_with('.');
    let begins = text.starts_with(['(', '[', '\u{ff08}', '注', '①', '¹']);
    let word = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    says || begins || NAMES.contains(&word.as_str())
}

/// Whether a cell is a number or empty, with a footnote or without.
fn is_cell(cell: &str, comma: bool) -> bool {
    let is_number = |cell: &str| numeral::read(cell, comma).is_some();
    is_number(cell) || numeral::with_remark(cell).is_some_and(|(number, _)| is_number(number))
}

/// A number that is one without the footnote beside it.
fn remarked(cell: &str) -> Option<(&str, &str)> {
    let is_plain = numeral::read(cell, false).or_else(|| numeral::read(cell, true)).is_some();
    numeral::with_remark(cell).filter(|_| !is_plain)
}
