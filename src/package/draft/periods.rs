//! The column, or two, that say when.

use super::super::calendar;
use super::super::header;
use super::super::when::{self, PeriodFormat};
use super::super::{Granularity, Period};
use super::grid::{Grid, Row};
use crate::text::Text;

/// Period of each row, and the columns that it was taken from.
#[derive(Debug)]
pub(super) struct Periods {
    pub(super) columns: Vec<usize>,
    pub(super) of_row: Vec<Period>,
}

/// Whether the header of a column says that it is when.
fn says_when(grid: &Grid, at: usize) -> bool {
    header::may_be_period(&grid.header[at])
}

/// The column whose header says so, else one whose cells are all years or dates; a month or quarter beside it.
pub(super) fn find(grid: &Grid, guesses: &mut Vec<Text>) -> Option<Periods> {
    let format = |at: usize| PeriodFormat::of(&grid.header[at]);
    let read = |at: usize| grid.column(at).map(|cell| format(at).read(cell)).collect::<Option<Vec<_>>>();
    let columns = || 0..grid.header.len();
    let likely = |at: usize| {
        let years =
            |period: &Period| period.granularity() != Granularity::Year || (1700..=2200).contains(&period.year());
        read(at).filter(|periods| periods.iter().all(years))
    };
    let plainly = |at: &usize| header::is_year(&grid.header[*at]) || header::is_period(&grid.header[*at]);
    let (at, mut of_row) = columns()
        .filter(plainly)
        .chain(columns().filter(|at| says_when(grid, *at)))
        .find_map(|at| Some((at, read(at)?)))
        .or_else(|| columns().find_map(|at| Some((at, likely(at)?))))
        .or_else(|| {
            let named = columns().filter(|at| says_when(grid, *at));
            named.chain(columns()).find_map(|at| Some((at, by_pattern(grid, at, guesses)?)))
        })?;
    let mut used = vec![at];
    if of_row.iter().all(|period| period.granularity() == Granularity::Year) {
        let part =
            columns().filter(|part| *part != at).find_map(|part| Some((part, header::date_part(&grid.header[part])?)));
        if let Some((column, part)) = part {
            let joined = of_row.iter().zip(grid.column(column)).map(|(year, text)| when::join(year, part, text));
            if let Some(joined) = joined.collect::<Option<Vec<_>>>() {
                of_row = joined;
                used.push(column);
            }
        }
    }
    let names: Vec<&str> = used.iter().map(|&at| grid.header[at].as_str()).collect();
    guesses.push(Text::new(
        format!("时期取自「{}」", names.join("」和「")),
        format!("period from '{}'", names.join("' and '")),
    ));
    guesses.extend(format(at).settle(&mut of_row));
    Some(Periods { columns: used, of_row })
}

/// Ways to write a date with its year last.
const PATTERNS: [&str; 6] = ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%b %Y", "%d %b %Y"];

/// Dates with the year last, where only one way to read them goes for all.
fn by_pattern(grid: &Grid, at: usize, guesses: &mut Vec<Text>) -> Option<Vec<Period>> {
    let read = |pattern: &&'static str| {
        let format = PeriodFormat::Pattern((*pattern).to_owned());
        let periods = grid.column(at).map(|cell| format.read(cell)).collect::<Option<Vec<Period>>>()?;
        Some((*pattern, periods))
    };
    let mut ways: Vec<(&str, Vec<Period>)> = PATTERNS.iter().filter_map(read).collect();
    let (pattern, periods) = ways.pop().filter(|_| ways.is_empty())?;
    let header = &grid.header[at];
    guesses.push(Text::new(
        format!("「{header}」的日期按 {pattern} 读"),
        format!("dates in '{header}' are read as {pattern}"),
    ));
    Some(periods)
}

/// Whether dates can be read in several ways: the day first, or the month.
pub(super) fn is_ambiguous(grid: &Grid, at: usize) -> bool {
    let fits = |pattern: &&&str| {
        let format = PeriodFormat::Pattern((**pattern).to_owned());
        grid.column(at).all(|cell| format.read(cell).is_some())
    };
    PATTERNS.iter().filter(fits).count() > 1
}

/// The first cell that says no period, of the column whose header says when.
pub(super) fn unread(grid: &Grid) -> Option<(usize, &Row)> {
    let at = (0..grid.header.len()).find(|at| says_when(grid, *at))?;
    Some((at, grid.rows.iter().find(|row| PeriodFormat::Free.read(&row.cells[at]).is_none())?))
}

/// What stands beside a year or a number: estimates, forecasts, what is provisional or revised.
const REMARKS: [&str; 46] = [
    "p",
    "e",
    "f",
    "r",
    "b",
    "a",
    "est",
    "estimate",
    "estimated",
    "forecast",
    "fcst",
    "projected",
    "projection",
    "prov",
    "provisional",
    "prelim",
    "preliminary",
    "revised",
    "rev",
    "budget",
    "plan",
    "planned",
    "target",
    "actual",
    "*",
    "**",
    "***",
    "†",
    "‡",
    "预计",
    "预测",
    "预估",
    "估计",
    "估算",
    "初步",
    "初步数",
    "初值",
    "快报",
    "快报数",
    "修订",
    "调整",
    "目标",
    "计划",
    "预算",
    "实际",
    "预",
];

/// The year of a header such as `2023(p)`, `2023*`, `2023年预计`, and the remark; none of `2020 [YR2020]`, which says it twice.
pub(super) fn noted_year(header: &str) -> Option<(&str, String)> {
    let (year, rest) = header.trim().split_at_checked(4)?;
    let at: u16 = year.parse().ok().filter(|year| (1700..=2200).contains(year))?;
    let rest = rest.trim_start_matches('年').trim();
    let note = rest.trim_matches(['(', ')', '\u{ff08}', '\u{ff09}', '[', ']', ' ', '.', ',']);
    if note.strip_prefix("YR").is_some_and(|again| again == at.to_string()) {
        return Some((year, String::new()));
    }
    let is_number = note.chars().count() == 1 && rest.ends_with([')', '\u{ff09}']) && "123456789".contains(note);
    (is_number || is_remark(note)).then(|| (year, rest.to_owned()))
}

/// Whether a word is such a remark, or the number of a footnote.
pub(super) fn is_remark(note: &str) -> bool {
    let is_footnote = note.chars().count() == 1 && "¹²³⁴⁵⁶⁷⁸⁹".contains(note);
    is_footnote || REMARKS.contains(&note.to_lowercase().as_str())
}

/// The one year that a title or a file's name holds.
pub(super) fn in_text(text: &str) -> Option<Period> {
    let years: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20")))
        .collect();
    match years.as_slice() {
        [year] => calendar::parse_unit(year).map(Period::plain),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_with_a_note() {
        for (header, year, note) in [
            ("2023(p)", "2023", "(p)"),
            ("2023 E", "2023", "E"),
            ("2023*", "2023", "*"),
            ("2023年预计", "2023", "预计"),
            ("2023年(快报)", "2023", "(快报)"),
            ("2023¹", "2023", "¹"),
            ("2023 1)", "2023", "1)"),
            ("2020 [YR2020]", "2020", ""),
        ] {
            assert_eq!(noted_year(header), Some((year, note.to_owned())), "{header}");
        }
        for header in ["2015 USD", "2020 [YR2021]", "2023年1月", "20231", "2023-24", "Total", "1234 p", "20é3"] {
            assert_eq!(noted_year(header), None, "{header}");
        }
    }
}
