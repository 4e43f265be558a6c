//! Tables in spreadsheets (`.xlsx`): the first sheet that has one. Cells are read one by one: what a sheet says of its own size
//! is not believed.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};

use super::super::fault::Fault;
use super::super::limits::{Limit, Limits};
use super::grid::{self, Grid, Row};
use crate::text::Text;

/// Whether a file is a spreadsheet by its first bytes: a zip archive or an OLE file.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

pub(super) fn read(label: &str, bytes: &[u8], limits: &Limits, guesses: &mut Vec<Text>) -> Result<Grid, Fault> {
    let broken = |zh: String, en: String| {
        Fault::new(
            label,
            "not-a-spreadsheet",
            format!("读不了这个电子表格:{zh}"),
            format!("cannot be read as a spreadsheet: {en}"),
        )
        .write("存为 CSV 或 xlsx 再试", "save the table as CSV or xlsx and try that")
    };
    let limit = limits.least([Limit::ExpandedBytes, Limit::WholeBytes]);
    if expanded(bytes, limits) > limits.get(limit) {
        return Err(limits.passed(limit, label));
    }
    let wrong = |error: calamine::XlsxError| broken(error.to_string(), error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let names = book.sheet_names();
    for name in &names {
        let mut cells = match book.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(wrong(error)),
        };
        let mut rows: Vec<Row> = Vec::new();
        let (mut floats, mut unknown, mut errors) = (false, Vec::new(), Vec::new());
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(wrong)? {
            floats |= matches!(cell.value, DataRef::Float(_));
            if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
                unknown.push(cell.pos);
            }
            if let DataRef::Error(error) = &cell.value {
                errors.push((cell.pos, error.to_string()));
            }
            if let Some(digits) = many_digits(&cell.value) {
                let place = place(cell.pos);
                let (zh, en) = (
                    format!("{place} 的整数 {digits} 位数太多,电子表格存不准"),
                    format!("the whole number {digits} in {place} has more digits than a spreadsheet keeps"),
                );
                let fault = Fault::new(label, "too-many-digits", zh, en);
                let fault = fault.write("把它存为文本,或用 CSV", "keep it as text, or write the table as CSV");
                return Err(Fault { line: u64::from(cell.pos.0) + 1, ..fault });
            }
            put(&mut rows, cell.pos, text(&cell.value), label, limits)?;
        }
        if rows.len() < 2 {
            continue;
        }
        if names.len() > 1 {
            guesses.push(Text::new(
                format!("{} 个工作表中取「{name}」", names.len()),
                format!("took the sheet '{name}' of {}", names.len()),
            ));
        }
        if floats {
            guesses.push(Text::new(
                "电子表格存的是数值,不是所显示的样子:5.0 读作 5,显示为 26.5% 的 0.265 读作 0.265;需要时改写",
                "a spreadsheet keeps values, not how they are shown: 5.0 is read as 5, and 0.265 shown as 26.5 % as 0.265; correct where needed",
            ));
        }
        if let Some((first, error)) = errors.first() {
            let (count, place) = (errors.len(), place(*first));
            guesses.push(Text::new(
                format!("{count} 格是错误值(先见 {place} 的 {error}),读作空"),
                format!("cells with errors, read as empty: {count}, the first {error} in {place}"),
            ));
        }
        if let Some(first) = unknown.first() {
            let (count, place) = (unknown.len(), place(*first));
            guesses.push(Text::new(
                format!("{count} 个公式没有存下结果(首见于 {place}),读作空:在电子表格程序中打开并保存后再试"),
                format!("formulas without a saved result, read as empty: {count}, the first in {place}; open and save the file in a spreadsheet program first"),
            ));
        }
        grid::room(label, &rows, limits)?;
        return Grid::new(label, rows, limits);
    }
    Err(broken("没有一个工作表有表格".to_owned(), "no sheet has a table".to_owned()))
}

/// A cell as spreadsheets name it: `C3`.
fn place((row, column): (u32, u32)) -> String {
    format!("{}{}", letters(column), u64::from(row) + 1)
}

/// A whole number beyond 2^53 of more than the 15 digits that spreadsheets keep.
fn many_digits(cell: &DataRef) -> Option<String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match cell {
        DataRef::Float(value) if value.abs() > EXACT => {
            let digits =
                format!("{value:e}").split('e').next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
            (digits > 15).then(|| value.to_string())
        }
        DataRef::Int(value) if value.unsigned_abs() > EXACT as u64 => Some(value.to_string()),
        _ => None,
    }
}

/// The name of a column: `A`, `Z`, `AA`.
fn letters(column: u32) -> String {
    let letter = char::from(b'A' + (column % 26) as u8);
    if column < 26 { letter.into() } else { format!("{}{letter}", letters(column / 26 - 1)) }
}

/// Adds a cell; cells come row by row, left to right.
fn put(
    rows: &mut Vec<Row>,
    (row, column): (u32, u32),
    text: String,
    label: &str,
    limits: &Limits,
) -> Result<(), Fault> {
    if text.is_empty() {
        return Ok(());
    }
    let line = u64::from(row) + 1;
    if rows.last().is_none_or(|last| last.line < line) {
        rows.push(Row { line, cells: Vec::new() });
    }
    let found = [
        (Limit::Rows, rows.len() as u64),
        (Limit::Fields, u64::from(column) + 1),
        (Limit::CellBytes, text.len() as u64),
    ];
    if let Some(fault) = found.into_iter().find_map(|(limit, found)| limits.exceeded(limit, found, label)) {
        return Err(Fault { line, ..fault });
    }
    if let Some(last) = rows.last_mut().filter(|last| last.line == line) {
        let at = column as usize;
        if last.cells.len() <= at {
            last.cells.resize(at + 1, String::new());
        }
        last.cells[at] = text;
    }
    Ok(())
}

/// Bytes of the files of an archive together, up to the limit. They are inflated to know it: neither what the archive says of
/// their sizes is believed, nor which of them are compressed.
fn expanded(bytes: &[u8], limits: &Limits) -> u64 {
    const ENTRY: &[u8] = b"PK\x03\x04";
    const HEAD: usize = 30;
    let most = limits.get(Limit::ExpandedBytes).min(limits.get(Limit::WholeBytes)).saturating_add(1);
    let mut sum = bytes.len() as u64;
    for at in memchr::memmem::find_iter(bytes, ENTRY) {
        let length = |field: usize| {
            let field = bytes.get(at + field..at + field + 2).and_then(|field| <[u8; 2]>::try_from(field).ok());
            field.map_or(0, |field| u16::from_le_bytes(field).into())
        };
        let start = at + HEAD + length(26) + length(28);
        let mut file = flate2::read::DeflateDecoder::new(bytes.get(start..).unwrap_or_default());
        let mut chunk = [0; 1 << 14];
        while sum < most {
            match file.read(&mut chunk) {
                Ok(count) if count > 0 => sum += count as u64,
                _ => break,
            }
        }
    }
    sum
}

fn text(cell: &DataRef) -> String {
    match cell {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => float(*value),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(date) => float(date.as_f64()),
    }
}

/// At most 15 significant digits, as spreadsheets show them.
fn float(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let places = (14 - value.abs().log10().floor() as i32).clamp(0, 40) as usize;
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn columns_are_lettered() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn an_archive_is_as_large_as_what_it_inflates_to() {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![b'0'; 1 << 20]).unwrap();
        // Its head says that it is stored, in no bytes at all; its name is one byte long.
        let mut archive = [b"PK\x03\x04".as_slice(), &[0; 22], &[1, 0, 0, 0], b"x"].concat();
        archive.extend(packed.finish().unwrap());
        assert!(archive.len() < 4_000);
        let mut limits = Limits::default();
        assert_eq!(expanded(&archive, &limits), archive.len() as u64 + (1 << 20));
        limits.set(Limit::ExpandedBytes, 1 << 16);
        assert!((1 << 16..1 << 18).contains(&expanded(&archive, &limits)));
    }
}
