//! Tables in spreadsheets: the first sheet that has one.

use std::io::Cursor;

use calamine::{Data, Reader};

use super::super::fault::Fault;
use super::super::limits::{Limit, Limits};
use super::grid::{Grid, Row};
use crate::text::Text;

/// Whether a file is a spreadsheet by its first bytes: a zip archive or an OLE file.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

pub(super) fn read(label: &str, bytes: &[u8], limits: &Limits, guesses: &mut Vec<Text>) -> Result<Grid, Fault> {
    let broken = |error: String| {
        Fault::new(
            label,
            "not-a-spreadsheet",
            format!("读不了这个电子表格:{error}"),
            format!("cannot be read as a spreadsheet: {error}"),
        )
        .write("存为 CSV 再试", "save the table as CSV and try that")
    };
    let mut book =
        calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    let names = book.sheet_names();
    let mut found = None;
    for name in &names {
        let range = book.worksheet_range(name).map_err(|error| broken(error.to_string()))?;
        if range.height() > 1 {
            found = Some((name, range));
            break;
        }
    }
    let Some((name, range)) = found else { return Err(broken("no sheet has a table".to_owned())) };
    if names.len() > 1 {
        guesses.push(Text::new(
            format!("{} 个工作表中取“{name}”", names.len()),
            format!("took the sheet '{name}' of {}", names.len()),
        ));
    }
    for (limit, size) in [(Limit::Rows, range.height()), (Limit::Fields, range.width())] {
        if let Some(fault) = limits.exceeded(limit, size as u64, label) {
            return Err(fault);
        }
    }
    let first = u64::from(range.start().map_or(0, |(row, _)| row)) + 1;
    let mut rows: Vec<Row> = range
        .rows()
        .enumerate()
        .map(|(at, cells)| Row { line: first + at as u64, cells: cells.iter().map(text).collect() })
        .collect();
    if range.rows().flatten().any(|cell| matches!(cell, Data::Float(_))) {
        guesses.push(Text::new(
            "电子表格不保留末位的零:5.0 读作 5,需要时补写",
            "a spreadsheet keeps no trailing zeros: 5.0 is read as 5, write it where it was printed",
        ));
    }
    fill_down(&mut rows, guesses);
    Grid::new(label, rows)
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => float(*value),
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(date) => float(date.as_f64()),
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

/// Cells that were merged downwards hold their text in the first row alone.
fn fill_down(rows: &mut [Row], guesses: &mut Vec<Text>) {
    let Some(width) = rows.iter().map(|row| row.cells.len()).max() else { return };
    let mut filled = 0;
    let Some(start) = rows.iter().position(|row| row.cells.iter().filter(|cell| !cell.is_empty()).count() * 2 > width)
    else {
        return;
    };
    for at in 0..width.saturating_sub(1) {
        let full_to_the_left = |row: &Row| row.cells[..at].iter().all(|cell| !cell.is_empty());
        let goes_on = |row: &Row| {
            row.cells[at + 1..].iter().filter(|cell| !cell.is_empty()).count() * 2 > row.cells.len() - at - 1
        };
        let body = start + 1..rows.len();
        let empty = body.clone().filter(|&row| rows[row].cells[at].is_empty() && goes_on(&rows[row])).count();
        let texts = body.clone().filter(|&row| !rows[row].cells[at].is_empty()).count();
        let led = rows.get(start + 1).is_some_and(|row| !row.cells[at].is_empty());
        if empty == 0
            || texts == 0
            || !led
            || !rows[body.clone()].iter().all(|row| full_to_the_left(row) || !goes_on(row))
            || empty < texts
        {
            break;
        }
        for row in body {
            if rows[row].cells[at].is_empty() && goes_on(&rows[row]) {
                rows[row].cells[at] = rows[row - 1].cells[at].clone();
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
}
