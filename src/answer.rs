//! What a question is answered with. Every format is written from this one object, which holds no layout.

use std::sync::Arc;

use polars::prelude::{ChunkTake, Float64Chunked, IdxCa, IdxSize};

use crate::package::{Decimals, Mark, Missing, Package, Printed, Unit};
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
    /// What `--pivot` spread over columns.
    pub spread: Option<Box<Spread>>,
}

/// A key whose values have become columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The column that it was.
    pub key: String,
    /// Of each numeric column that was made: its key, the column that it was made of, and the value of the key.
    pub columns: Vec<(String, String, String)>,
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

impl Source {
    /// A package as a whole.
    pub fn of(package: &Package) -> Self {
        let line = package.source.clone().unwrap_or_default();
        Source { line, report: package.title.clone(), exhibit: None, section: None }
    }

    /// Packages as wholes, each once: for answers whose rows say themselves where they stand.
    pub fn of_all<'a>(packages: impl Iterator<Item = &'a Package>) -> Vec<Self> {
        let mut sources = Vec::new();
        for source in packages.map(Source::of) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
    }
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

impl Column {
    /// Whether a column is meant by what is typed: its key, or its title in either language.
    pub fn is(&self, typed: &str) -> bool {
        self.key == typed || self.title.zh == typed || self.title.en.eq_ignore_ascii_case(typed)
    }

    /// Whether it holds ranks or the bounds of ranks, spread over columns or not: integers always, without a unit.
    pub fn is_rank(&self) -> bool {
        let key = self.key.trim_end_matches("_lower").trim_end_matches("_upper");
        self.role != Role::Measure && self.unit.is_none() && (key.ends_with("_rank") || key.contains("_rank_"))
    }
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
    /// Periods, members or texts of which each stands in many rows: its place among them, one a row.
    Coded {
        /// One a row.
        codes: Vec<u32>,
        /// What they stand for.
        labels: Arc<[Cell]>,
    },
    /// Printed numbers of a large table.
    Decimals(Decimals),
    /// Computed numbers of a large table; where there is none, why.
    Floats {
        /// One a row; null where there is none.
        values: Float64Chunked,
        /// One a row.
        missing: Vec<Option<Missing>>,
    },
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
    /// Some texts or members.
    List {
        /// The items.
        items: Vec<Cell>,
        /// What stands between them in a table for programs.
        delimiter: String,
        /// What people see instead, where the items are too many.
        brief: Option<String>,
    },
    /// A number.
    Number(Number),
}

impl Cell {
    /// What programs call a text or a member; of a list all of them.
    pub fn code(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Member { code: text, .. } => text.clone(),
            Cell::List { items, delimiter, .. } => items.iter().map(Cell::code).collect::<Vec<_>>().join(delimiter),
            Cell::Empty(_) | Cell::Number(_) => String::new(),
        }
    }
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
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Values::Cells(cells) => cells.len(),
            Values::Series(series) => series.len(),
            Values::Coded { codes, .. } => codes.len(),
            Values::Decimals(numbers) => numbers.len(),
            Values::Floats { missing, .. } => missing.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keeps these rows, in this order.
    pub fn take(&mut self, rows: &[usize]) {
        let index = || -> IdxCa { rows.iter().map(|&row| Some(row as IdxSize)).collect() };
        match self {
            Values::Cells(cells) => {
                *cells = rows.iter().map(|&row| cells.get(row).cloned().unwrap_or(Cell::Empty(None))).collect()
            }
            Values::Series(series) => {
                if let Ok(taken) = series.take(&index()) {
                    *series = taken;
                }
            }
            Values::Coded { codes, .. } => {
                *codes = rows.iter().map(|&row| codes.get(row).copied().unwrap_or(u32::MAX)).collect();
            }
            Values::Decimals(numbers) => {
                *numbers = numbers.take(&rows.iter().map(|&row| row as u32).collect::<Vec<_>>());
            }
            Values::Floats { values, missing } => {
                if let Ok(taken) = values.take(&index()) {
                    *values = taken;
                }
                *missing = rows.iter().map(|&row| missing.get(row).copied().flatten()).collect();
            }
        }
    }

    /// Why there is no number at a row, where one belongs.
    pub fn missing(&self, row: usize) -> Option<Missing> {
        match self {
            Values::Decimals(numbers) => (!numbers.is_number(row)).then_some(Missing::NotPrinted),
            Values::Floats { missing, .. } => missing.get(row).copied().flatten(),
            values => match &*values.cell(row) {
                Cell::Empty(reason) => *reason,
                _ => None,
            },
        }
    }

    /// The cell at a row (built on the fly for a Polars column).
    pub fn cell(&self, row: usize) -> std::borrow::Cow<'_, Cell> {
        use std::borrow::Cow;
        match self {
            Values::Cells(cells) => cells.get(row).map_or(Cow::Owned(Cell::Empty(None)), Cow::Borrowed),
            Values::Series(series) => Cow::Owned(series_cell(series, row)),
            Values::Coded { codes, labels } => codes
                .get(row)
                .and_then(|code| labels.get(*code as usize))
                .map_or(Cow::Owned(Cell::Empty(None)), Cow::Borrowed),
            Values::Decimals(numbers) => Cow::Owned(decimal_cell(numbers, row)),
            Values::Floats { values, missing } => Cow::Owned(match values.get(row).and_then(Rational::from_float) {
                Some(exact) => Cell::Number(Number::computed(exact)),
                None => Cell::Empty(missing.get(row).copied().flatten()),
            }),
        }
    }
}

/// A sum of printed numbers, with the sum of their intervals.
fn sum_cell(numbers: &Decimals, row: usize) -> Cell {
    let scale = crate::stats::power_of_ten(-i32::from(numbers.scale()));
    let exact = |units: f64| Rational::from_float(units).map(|units| units * &scale);
    let Some((value, slack)) = numbers.unit(row).and_then(exact).zip(exact(numbers.slack(row))) else {
        return Cell::Empty(Some(Missing::NotPrinted));
    };
    let bounds = Interval::new(&value - &slack, &value + &slack);
    Cell::Number(Number { bounds, ..Number::computed(value) })
}

/// A printed number with the interval that its digits stand for.
fn decimal_cell(numbers: &Decimals, row: usize) -> Cell {
    if numbers.is_summed() {
        return sum_cell(numbers, row);
    }
    let operand = |printed: Printed| {
        let quantity = crate::stats::Quantity::printed(&printed, false, 0, Basis::Printed)?;
        Ok((quantity, printed.digits))
    };
    match numbers.cell(row).and_then(operand) {
        Ok((quantity, digits)) => Cell::Number(Number {
            value: Value::Printed(digits),
            bounds: quantity.bounds,
            claim: Claim::Printed,
            basis: Basis::Printed,
            mark: None,
            to: None,
        }),
        Err(reason) => Cell::Empty(Some(reason)),
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

impl Mark {
    /// The code with its word for people.
    pub fn cell(self) -> Cell {
        Cell::Member { code: self.code().to_owned(), title: self.title() }
    }
}

impl Missing {
    /// The code with its word for people.
    pub fn cell(self) -> Cell {
        Cell::Member { code: self.code().to_owned(), title: self.title() }
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

    /// The code with its word for people.
    pub fn cell(self) -> Cell {
        let (zh, en) = match self {
            Claim::Printed => ("所载", "printed"),
            Claim::Exact => ("确定", "exact"),
            Claim::Tight => ("最窄", "tight"),
            Claim::Outer => ("未必最窄", "outer"),
            Claim::Conflict => ("矛盾", "conflict"),
            Claim::Missing => ("缺失", "missing"),
        };
        Cell::Member { code: self.code().to_owned(), title: Text::new(zh, en) }
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

    /// The code with its word for people.
    pub fn cell(self) -> Cell {
        let (zh, en) = match self {
            Basis::Printed => ("所载", "printed"),
            Basis::Assumed => ("假定", "assumed"),
        };
        Cell::Member { code: self.code().to_owned(), title: Text::new(zh, en) }
    }
}
