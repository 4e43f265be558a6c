//! Periods that are columns become rows: years (`2020`), parts of the year that stands in the row (`Q1`, `3月`), and periods beside
//! what is measured (`2022 收入`, `GDP 2020`).

use super::super::header;
use super::super::when::PeriodFormat;
use super::super::{Granularity, Period};
use super::columns;
use super::grid::{Grid, Row};
use super::periods;
use crate::text::Text;

/// The column of numbers, where a header says a period and nothing else.
const VALUE: &str = "value";

/// A column with the numbers of one period.
struct Spread {
    at: usize,
    /// The period, or a part of the year that stands in each row.
    period: String,
    /// What is measured.
    measure: String,
}

impl Grid {
    /// With the periods in rows, where they are columns with numbers below.
    pub(super) fn melted(self, guesses: &mut Vec<Text>) -> Grid {
        let spread = self.periods(guesses);
        if spread.len() > 1 {
            return self.with_rows(&spread, None, guesses);
        }
        let Some(year) = self.year() else { return self };
        let part = |(at, name): (usize, &String)| {
            let is_part = at != year && self.is_numeric(at) && of_year("2000", name).is_some();
            is_part.then(|| Spread { at, period: name.clone(), measure: VALUE.to_owned() })
        };
        let parts: Vec<Spread> = self.header.iter().enumerate().filter_map(part).collect();
        if parts.len() > 1 { self.with_rows(&parts, Some(year), guesses) } else { self }
    }

    /// The columns whose headers say a period.
    fn periods(&self, guesses: &mut Vec<Text>) -> Vec<Spread> {
        let (mut spread, mut noted) = (Vec::new(), Vec::new());
        let mut measured: Vec<Spread> = Vec::new();
        for (at, name) in self.header.iter().enumerate().filter(|(at, _)| self.is_numeric(*at)) {
            if PeriodFormat::Free.read(name).is_some() {
                spread.push(Spread { at, period: name.clone(), measure: VALUE.to_owned() });
            } else if let Some((year, note)) = periods::noted_year(name) {
                noted.push((at, year.to_owned(), note));
            } else if let Some((period, measure)) = beside(name) {
                measured.push(Spread { at, period, measure });
            }
        }
        for (at, year, note) in noted {
            if spread.iter().any(|other| other.period.trim_end_matches('年') == year) {
                continue;
            }
            if !note.is_empty() {
                let name = &self.header[at];
                guesses.push(Text::new(
                    format!("列「{name}」当作 {year} 年,「{note}」没有写入"),
                    format!("the column '{name}' is read as {year}; '{note}' is left out"),
                ));
            }
            spread.push(Spread { at, period: year, measure: VALUE.to_owned() });
        }
        // A year in a name says when, where another name differs in nothing else.
        let again =
            |one: &Spread| measured.iter().any(|other| other.measure == one.measure && other.period != one.period);
        let periods: Vec<String> = measured.iter().filter(|one| again(one)).map(|one| one.period.clone()).collect();
        if spread.is_empty() && periods.len() > 1 {
            measured.retain(|one| periods.contains(&one.period));
            spread = measured;
        }
        spread.sort_by_key(|one| one.at);
        spread
    }

    /// The column of years.
    fn year(&self) -> Option<usize> {
        let is_year =
            |cell: &str| PeriodFormat::Free.read(cell).is_some_and(|period| period.granularity() == Granularity::Year);
        (0..self.header.len()).find(|at| header::is_year(&self.header[*at]) && self.column(*at).all(is_year))
    }

    /// A row for each period; `year` is the column of years of which the periods are parts.
    fn with_rows(&self, spread: &[Spread], year: Option<usize>, guesses: &mut Vec<Text>) -> Grid {
        let is_spread = |at: usize| Some(at) == year || spread.iter().any(|own| own.at == at);
        let (kept, lost): (Vec<usize>, Vec<usize>) = (0..self.header.len())
            .filter(|at| !is_spread(*at))
            .partition(|&at| !(self.is_numeric(at) && columns::is_quantity(self, at)));
        for at in lost {
            let name = &self.header[at];
            guesses.push(Text::new(
                format!("列「{name}」是数而不属于某一期,没有写入"),
                format!("left out the column '{name}': its numbers are of none of the periods beside it"),
            ));
        }
        let distinct = |pick: fn(&Spread) -> &String| -> Vec<&String> {
            let mut all: Vec<&String> = Vec::new();
            spread.iter().map(pick).for_each(|one| {
                if !all.contains(&one) {
                    all.push(one);
                }
            });
            all
        };
        let (periods, measures) = (distinct(|one| &one.period), distinct(|one| &one.measure));
        let (first, last) = (&self.header[spread[0].at], &self.header[spread[spread.len() - 1].at]);
        let names = measures.iter().map(|name| name.as_str()).collect::<Vec<_>>();
        guesses.push(Text::new(
            format!("{first} 至 {last} 各列转为各期的行,数值列名为 {}", names.join("、")),
            format!(
                "the columns {first} to {last} became rows, a period each, with the numbers in '{}'",
                names.join("', '")
            ),
        ));
        let mut header: Vec<String> = kept.iter().map(|&at| self.header[at].clone()).collect();
        header.push("period".to_owned());
        header.extend(measures.iter().map(|name| (*name).clone()));
        let place = |period: &String, measure: &String| {
            spread.iter().find(|own| own.period == *period && own.measure == *measure).map(|own| own.at)
        };
        let places: Vec<Vec<Option<usize>>> =
            periods.iter().map(|period| measures.iter().map(|measure| place(period, measure)).collect()).collect();
        let row = |row: &Row| {
            let of = |(period, places): (&&String, &Vec<Option<usize>>)| {
                let mut cells: Vec<String> = kept.iter().map(|&at| row.cells[at].clone()).collect();
                let when = year.and_then(|year| of_year(&row.cells[year], period));
                cells.push(when.unwrap_or_else(|| (*period).clone()));
                cells.extend(places.iter().map(|at| at.map_or_else(String::new, |at| row.cells[at].clone())));
                Row { line: row.line, cells }
            };
            periods.iter().zip(&places).map(of).collect::<Vec<_>>()
        };
        let rows = self.rows.iter().flat_map(row).collect();
        Grid { label: self.label.clone(), title: self.title.clone(), header, rows, semicolons: self.semicolons }
    }
}

/// A period and what is measured, from a header that has both.
fn beside(name: &str) -> Option<(String, String)> {
    let year = |text: &str| {
        let is_year = |period: &Period| (1700..=2200).contains(&period.year());
        PeriodFormat::Free.read(text).filter(is_year).map(|_| text.to_owned())
    };
    let split = |(first, second): (&str, &str)| {
        let (first, second) = (first.trim(), second.trim());
        let (period, measure) = match year(first) {
            Some(period) => (period, second),
            None => (year(second)?, first),
        };
        measure.contains(char::is_alphabetic).then(|| (period, measure.to_owned()))
    };
    [name.split_once(' '), name.rsplit_once(' '), name.split_once('_'), name.rsplit_once('_')]
        .into_iter()
        .flatten()
        .find_map(split)
}

/// A part of a year as it is written behind or before the year: `2020-Q1`, `2020年3月`, `Mar 2020`.
fn of_year(year: &str, part: &str) -> Option<String> {
    let year: String = year.chars().take_while(char::is_ascii_digit).collect();
    // `12` may be anything.
    let whole = PeriodFormat::Free.read(&year).filter(|_| part.contains(|c: char| !c.is_ascii_digit()))?;
    let is_part = |text: &String| {
        PeriodFormat::Free
            .read(text)
            .is_some_and(|period| period.granularity() != Granularity::Year && period.year() == whole.year())
    };
    [format!("{year}-{part}"), format!("{year}年{part}"), format!("{part} {year}")].into_iter().find(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_with_a_period_in_them() {
        for (name, period, measure) in [
            ("2022年 收入", "2022年", "收入"),
            ("GDP 2020", "2020", "GDP"),
            ("Exports to China 2020", "2020", "Exports to China"),
            ("income_2020", "2020", "income"),
        ] {
            assert_eq!(beside(name), Some((period.to_owned(), measure.to_owned())), "{name}");
        }
        for name in ["Population (2020)", "2020", "Rooms 12", "a b", "GDP 20205"] {
            assert_eq!(beside(name), None, "{name}");
        }
        for (part, period) in [("Q1", "2020-Q1"), ("3月", "2020-3月"), ("Mar", "2020-Mar"), ("上半年", "2020年上半年")]
        {
            assert_eq!(of_year("2020", part).as_deref(), Some(period), "{part}");
        }
        assert_eq!((of_year("2020", "Annual"), of_year("2020", "12")), (None, None));
    }
}
