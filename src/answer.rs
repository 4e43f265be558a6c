//! What a question is answered with. Every format is written from this one object, which holds no layout.

use crate::package::{Mark, Missing, Unit};
use crate::precision::{Basis, Claim, Interval, Rational};
use crate::text::Text;

/// Columns of optional values, with notes and sources.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Address of what was asked (`shenzhen/financing/round`).
    pub dataset: String,
    /// What stands above a table.
    pub title: Text,
    /// The columns, all of `rows` values.
    pub columns: Vec<Column>,
    /// How many rows there are.
    pub rows: usize,
    /// What a reader should know besides: cut-offs, assumed units, unusual marks. Talk, never part of the rows.
    pub notes: Vec<Text>,
    /// Where the numbers stand.
    pub sources: Vec<Source>,
    /// Keys of the columns that the question is about: what `--value` prints.
    pub focus: Vec<String>,
}

impl Answer {
    /// Keeps these rows, in this order.
    pub fn take(&mut self, rows: &[usize]) {
        for column in &mut self.columns {
            column.values.take(rows);
        }
        self.rows = rows.len();
    }
}

/// Where numbers stand: the publisher's own line, and the exhibit and section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The publisher's source line, as it asks for.
    pub line: Text,
    /// Title of the report.
    pub report: Text,
    /// Exhibit number, if the numbers belong to one.
    pub exhibit: Option<String>,
    /// Section, such as `4.6.2`.
    pub section: Option<String>,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// The ASCII name that scripts use: `deals_growth`.
    pub key: String,
    /// The title for people.
    pub title: Text,
    /// The unit of its numbers.
    pub unit: Option<Unit>,
    /// What it is.
    pub role: Role,
    /// Tables for people leave it out, because the number it belongs to shows it (`_mark`, `_to`, rank bounds).
    pub fold: bool,
    /// The values, one a row.
    pub values: Values,
}

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The period of the row.
    Period,
    /// A dimension's member.
    Dimension,
    /// A text attribute of the row.
    Attribute,
    /// A measure as printed.
    Measure,
    /// A statistic of a measure.
    Statistic,
    /// Something that accompanies a number: mark, upper end, bounds, claim, basis.
    Companion,
    /// Exhibit or section.
    Source,
}

/// The values of a column.
#[derive(Clone, Debug)]
pub enum Values {
    /// One cell a row.
    Cells(Vec<Cell>),
    /// A Polars column, for answers of any size: numbers as `f64`, texts as strings; null where there is none.
    Series(polars::prelude::Series),
}

/// One place in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing there. For numbers with the reason; without one where nothing belongs.
    Empty(Option<Missing>),
    /// A text: period, attribute, claim, mark.
    Text(String),
    /// A member: its code for machines, its title for people.
    Member {
        /// ASCII code.
        code: String,
        /// zh and en name.
        title: Text,
    },
    /// A number.
    Number(Number),
}

/// A number with what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Its value, if it has one.
    pub value: Value,
    /// The closed interval in which the unrounded number lies, in the column's unit.
    pub bounds: Interval,
    /// How it is known.
    pub claim: Claim,
    /// The weaker basis of all that it was found with.
    pub basis: Basis,
    /// The report's qualifier (`about`, `over`).
    pub mark: Option<Mark>,
    /// Upper end of a printed range, as printed.
    pub to: Option<String>,
}

/// The value of a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// As printed, digit for digit.
    Printed(String),
    /// Computed, exact.
    Computed(Rational),
    /// None: only the bounds are known, for the reason given.
    Bounded(Missing),
}

impl Values {
    fn take(&mut self, rows: &[usize]) {
        match self {
            Values::Cells(cells) => {
                *cells = rows.iter().map(|&row| cells.get(row).cloned().unwrap_or(Cell::Empty(None))).collect()
            }
            Values::Series(series) => {
                let index: polars::prelude::IdxCa =
                    rows.iter().map(|&row| Some(row as polars::prelude::IdxSize)).collect();
                if let Ok(taken) = series.take(&index) {
                    *series = taken;
                }
            }
        }
    }

    /// The cell at a row (built on the fly for a Polars column).
    pub fn cell(&self, row: usize) -> std::borrow::Cow<'_, Cell> {
        use std::borrow::Cow;
        match self {
            Values::Cells(cells) => cells.get(row).map_or(Cow::Owned(Cell::Empty(None)), Cow::Borrowed),
            Values::Series(series) => Cow::Owned(series_cell(series, row)),
        }
    }
}

fn series_cell(series: &polars::prelude::Series, row: usize) -> Cell {
    use polars::prelude::AnyValue;
    match series.get(row) {
        Ok(AnyValue::Null) | Err(_) => Cell::Empty(Some(Missing::NotPrinted)),
        Ok(AnyValue::String(text)) => Cell::Text(text.to_owned()),
        Ok(AnyValue::StringOwned(text)) => Cell::Text(text.to_string()),
        Ok(value) => match value.try_extract::<f64>().ok().and_then(Rational::from_float) {
            Some(exact) => Cell::Number(Number::computed(exact)),
            None => Cell::Empty(Some(Missing::NotPrinted)),
        },
    }
}

impl Number {
    /// A computed number that is exactly its value.
    pub fn computed(value: Rational) -> Self {
        Number {
            bounds: Interval::exact(value.clone()),
            value: Value::Computed(value),
            claim: Claim::Exact,
            basis: Basis::Printed,
            mark: None,
            to: None,
        }
    }
}

impl Claim {
    /// The code in `_claim` and in `dump`.
    pub const fn code(self) -> &'static str {
        match self {
            Claim::Printed => "printed",
            Claim::Exact => "exact",
            Claim::Tight => "tight",
            Claim::Outer => "outer",
            Claim::Conflict => "conflict",
            Claim::Missing => "missing",
        }
    }
}

impl Basis {
    /// The code in `_basis` and in `dump`.
    pub const fn code(self) -> &'static str {
        match self {
            Basis::Printed => "printed",
            Basis::Assumed => "assumed",
        }
    }
}
