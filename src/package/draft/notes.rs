//! What is said of how the cells of a column were read, by the first one that could be read otherwise.

use super::super::Missing;
use super::grid::{Grid, Row};
use super::numeral::{self, Numeral};
use super::units;
use crate::text::Text;

/// Signs of money that are no unit of all numbers of a column.
pub(super) fn currencies(grid: &Grid, at: usize) -> Option<Text> {
    let mut signs: Vec<char> = grid.column(at).filter_map(numeral::currency).collect();
    signs.sort_unstable();
    signs.dedup();
    let header = &grid.header[at];
    if signs.is_empty() || units::split(header).1.is_some() || units::in_cells(grid.column(at)).is_some() {
        return None;
    }
    let shown = |joint: &str| signs.iter().map(char::to_string).collect::<Vec<_>>().join(joint);
    Some(Text::new(
        format!("「{header}」中的货币符号({})没有写入:各行的数没有共同的单位,应按货币分成几张表", shown("、")),
        format!(
            "the signs of money in '{header}' ({}) are left out: its numbers have no unit in common, so make a table of each",
            shown(", ")
        ),
    ))
}

/// Words that were read as an empty cell: how many, and the first.
pub(super) fn nothing(grid: &Grid, at: usize, cells: &[Numeral]) -> Option<Text> {
    let is_word = |(row, cell): &(&Row, &Numeral)| {
        matches!(cell, Numeral::Empty(Missing::NotPrinted)) && !row.cells[at].trim().is_empty()
    };
    let words: Vec<_> = grid.rows.iter().zip(cells).filter(is_word).collect();
    let (row, _) = words.first()?;
    let (header, count, printed, line) = (&grid.header[at], words.len(), &row.cells[at], row.line);
    let are = if count == 1 { "1 cell is".to_owned() } else { format!("{count} cells are") };
    Some(Text::new(
        format!("「{header}」有 {count} 格读作空(第 {line} 行「{printed}」)"),
        format!("in '{header}' {are} read as empty (line {line}: '{printed}')"),
    ))
}

/// Numbers in brackets, which accountants write below 0: the first.
pub(super) fn brackets(grid: &Grid, at: usize, cells: &[Numeral]) -> Option<Text> {
    let (row, cell) = grid.rows.iter().zip(cells).find(|(row, _)| row.cells[at].contains(['(', '\u{ff08}']))?;
    let Numeral::Number { digits, .. } = cell else { return None };
    let (header, printed, line) = (&grid.header[at], &row.cells[at], row.line);
    Some(Text::new(
        format!("「{header}」括号中的数是负数:第 {line} 行「{printed}」读作 {digits}"),
        format!("numbers in brackets in '{header}' are below 0: '{printed}' in line {line} is read as {digits}"),
    ))
}

/// Points that may group thousands: each number has one, and three digits behind it.
pub(super) fn ambiguous(grid: &Grid, at: usize, decimal: bool) -> Option<Text> {
    let may_group = |cell: &str| {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        cell.trim_start_matches('-').split_once('.').is_some_and(|(whole, rest)| {
            digits(whole)
                && digits(rest)
                && rest.len() == 3
                && (1..=3).contains(&whole.len())
                && !whole.starts_with('0')
        })
    };
    let mut filled = grid.rows.iter().filter(|row| !row.cells[at].is_empty());
    let first = filled.clone().next().filter(|_| !decimal && filled.all(|row| may_group(&row.cells[at])))?;
    let (header, printed, line) = (&grid.header[at], &first.cells[at], first.line);
    let grouped = printed.replace('.', "");
    Some(Text::new(
        format!("「{header}」的点读作小数点:第 {line} 行「{printed}」不到 1000;若是千分位,原表中应写 {grouped}"),
        format!(
            "points in '{header}' are read as decimal: '{printed}' in line {line} is below 1000; if they group thousands, write {grouped} in the table"
        ),
    ))
}

/// How the commas of a column were read, or its points where these group, by its first number that has one.
pub(super) fn separators(grid: &Grid, at: usize, decimal: bool, cells: &[Numeral]) -> Option<Text> {
    let mut both = grid.rows.iter().zip(cells);
    let with_comma = both.clone().find(|(row, _)| row.cells[at].contains([',', '\u{ff0c}']));
    if let (None, true) = (with_comma, decimal) {
        let (row, cell) = both.find(|(row, _)| row.cells[at].contains('.'))?;
        let Numeral::Number { digits, .. } = cell else { return None };
        let (header, printed, line) = (&grid.header[at], &row.cells[at], row.line);
        return Some(Text::new(
            format!("「{header}」的点是千分位:第 {line} 行「{printed}」读作 {digits}"),
            format!("points in '{header}' group thousands: '{printed}' in line {line} is read as {digits}"),
        ));
    }
    let (row, cell) = with_comma?;
    let Numeral::Number { digits, .. } = cell else { return None };
    let (header, printed, line) = (&grid.header[at], &row.cells[at], row.line);
    Some(match decimal {
        true => Text::new(
            format!("「{header}」的逗号是小数点:第 {line} 行「{printed}」读作 {digits}"),
            format!("commas in '{header}' are decimal: '{printed}' in line {line} is read as {digits}"),
        ),
        false => Text::new(
            format!("「{header}」的逗号是千分位:第 {line} 行「{printed}」读作 {digits}"),
            format!("commas in '{header}' group thousands: '{printed}' in line {line} is read as {digits}"),
        ),
    })
}
