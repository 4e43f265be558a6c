//! Cells for programs: what csv, tsv and json have in common.

use std::borrow::Cow;

use polars::prelude::{AnyValue, DataType, Float64Chunked, Int64Chunked, Series, StaticArray, StringChunked};

use super::Look;
use super::number::{Rounding, decimal_text, from_digits, nearest_text, outward_text, push_float, rounded};
use crate::answer::{Cell, Column, Number, Role, Value, Values};
use crate::package::{Decimals, Missing};
use crate::precision::Rational;
use crate::text::{Lang, Text};

/// A cell for programs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field<'a> {
    /// Nothing, with the reason for numbers that are shown.
    Missing(Option<Missing>),
    /// A text or a member's code.
    Text(Cow<'a, str>),
    /// Texts or codes of members, with what stands between them in a table.
    List(Vec<Cow<'a, str>>, &'a str),
    /// The digits of a number.
    Digits(&'a str),
}

/// A column that hands out its cells for programs.
pub(super) struct Feed<'a> {
    /// The column.
    pub(super) column: &'a Column,
    values: Typed<'a>,
    bound: Option<Rounding>,
    digits: Option<u32>,
    titles: Option<Lang>,
}

enum Typed<'a> {
    Cells(&'a [Cell]),
    Floats(Float64Chunked),
    Integers(Int64Chunked),
    Texts(StringChunked),
    Coded(&'a [u32], &'a [Cell]),
    Decimals(&'a Decimals),
    /// Floats, with the reason where there is none.
    Reasoned(Float64Chunked, &'a [Option<Missing>]),
}

impl<'a> Feed<'a> {
    /// The feed of a column, with computed numbers rounded to `digits` decimals where asked.
    pub(super) fn new(column: &'a Column, digits: Option<u32>) -> Self {
        let values = match &column.values {
            Values::Cells(cells) => Typed::Cells(cells),
            Values::Series(series) => typed(series),
            Values::Coded { codes, labels } => Typed::Coded(codes, labels),
            Values::Decimals(numbers) => Typed::Decimals(numbers),
            Values::Floats { values, missing } => Typed::Reasoned(values.rechunk().into_owned(), missing),
        };
        Feed { column, values, bound: bound(column), digits: digits.filter(|_| !column.is_rank()), titles: None }
    }

    /// The same with members by their titles, where the headers are titles.
    pub(super) fn titled(self, look: &Look) -> Self {
        Feed { titles: look.titles(), ..self }
    }

    /// Where each cell is one of a few: which one, a row, and how many there are.
    pub(super) fn codes(&self) -> Option<(&[u32], usize)> {
        match &self.values {
            Typed::Coded(codes, labels) => Some((codes, labels.len())),
            _ => None,
        }
    }

    /// One of the cells of [`Feed::codes`].
    pub(super) fn label<'b>(&'b self, code: usize, scratch: &'b mut String) -> Field<'b> {
        scratch.clear();
        match &self.values {
            Typed::Coded(_, labels) => self.cell(labels.get(code), scratch),
            _ => Field::Missing(None),
        }
    }

    /// The cell of a row. Digits that have to be worked out are written to `scratch`.
    pub(super) fn field<'b>(&'b self, row: usize, scratch: &'b mut String) -> Field<'b> {
        scratch.clear();
        match &self.values {
            Typed::Cells(cells) => self.cell(cells.get(row), scratch),
            Typed::Coded(codes, labels) => {
                self.cell(codes.get(row).and_then(|code| labels.get(*code as usize)), scratch)
            }
            Typed::Decimals(numbers) => match numbers.push_digits(row, scratch) {
                true => Field::Digits(scratch),
                false => Field::Missing(self.reason(Some(Missing::NotPrinted))),
            },
            Typed::Reasoned(floats, missing) => match first(floats.downcast_iter()).and_then(|array| array.get(row)) {
                Some(float) if float.is_finite() => self.float(float, scratch),
                _ => Field::Missing(self.reason(missing.get(row).copied().flatten())),
            },
            Typed::Floats(floats) => match first(floats.downcast_iter()).and_then(|array| array.get(row)) {
                Some(float) if float.is_finite() => self.float(float, scratch),
                _ => Field::Missing(self.reason(Some(Missing::NotPrinted))),
            },
            Typed::Integers(integers) => match first(integers.downcast_iter()).and_then(|array| array.get(row)) {
                Some(integer) => {
                    scratch.push_str(itoa::Buffer::new().format(integer));
                    Field::Digits(scratch)
                }
                None => Field::Missing(self.reason(Some(Missing::NotPrinted))),
            },
            Typed::Texts(texts) => match first(texts.downcast_iter()).and_then(|array| array.get(row)) {
                Some(text) => Field::Text(Cow::Borrowed(text)),
                None => Field::Missing(self.reason(Some(Missing::NotPrinted))),
            },
        }
    }

    fn cell<'b>(&'b self, cell: Option<&'b Cell>, scratch: &'b mut String) -> Field<'b> {
        match cell {
            None => Field::Missing(None),
            Some(Cell::Empty(reason)) => Field::Missing(self.reason(*reason)),
            Some(Cell::Text(text)) if is_end(self.column, text) => Field::Digits(text),
            Some(Cell::Text(text)) => Field::Text(Cow::Borrowed(text)),
            Some(Cell::Member { code, title }) => Field::Text(Cow::Borrowed(member(code, title, self.titles))),
            Some(Cell::List { items, delimiter, .. }) => {
                let item = |item: &'b Cell| match item {
                    Cell::Member { code, title } => member(code, title, self.titles).into(),
                    item => item.code().into(),
                };
                Field::List(items.iter().map(item).collect(), delimiter)
            }
            Some(Cell::Number(number)) => self.number(number, scratch),
        }
    }

    /// Whether null stands beside a reason: companions and texts have none.
    fn reason(&self, reason: Option<Missing>) -> Option<Missing> {
        reason.filter(|_| is_measured(self.column))
    }

    fn number<'b>(&'b self, number: &'b Number, scratch: &'b mut String) -> Field<'b> {
        match &number.value {
            Value::Printed(digits) => return Field::Digits(digits),
            Value::Bounded(reason) => return Field::Missing(self.reason(Some(*reason))),
            Value::Computed(value) => *scratch = self.computed(value),
        }
        Field::Digits(scratch)
    }

    fn computed(&self, value: &Rational) -> String {
        match (self.bound, self.digits) {
            (Some(outward), Some(digits)) => rounded(value, digits as i32, outward),
            (Some(outward), None) => outward_text(value, outward == Rounding::Up),
            (None, Some(digits)) => decimal_text(value, digits),
            (None, None) => nearest_text(value),
        }
    }

    fn float<'b>(&'b self, float: f64, scratch: &'b mut String) -> Field<'b> {
        push_float(scratch, float);
        let as_it_is = match self.digits {
            Some(_) => false,
            None => self.bound.is_none() || float.fract() == 0.0 && float.abs() < WHOLE,
        };
        if !as_it_is && let Some(value) = from_digits(scratch) {
            *scratch = self.computed(&value);
        }
        Field::Digits(scratch)
    }
}

/// Whole numbers below have no more digits than a computed bound shows.
const WHOLE: f64 = 1e12;

/// The cell of a column, with floats of a Polars column read as their shortest digits.
pub(super) fn cell<'a>(feed: &Feed<'a>, row: usize) -> Cow<'a, Cell> {
    match feed.values {
        Typed::Cells(cells) => return cells.get(row).map_or(Cow::Owned(Cell::Empty(None)), Cow::Borrowed),
        Typed::Coded(..) | Typed::Decimals(_) => return feed.column.values.cell(row),
        _ => {}
    }
    let mut scratch = String::new();
    let plain = Feed { column: feed.column, values: feed.values.share(), bound: None, digits: None, titles: None };
    let cell = match plain.field(row, &mut scratch) {
        Field::Missing(reason) => Cell::Empty(reason),
        Field::Text(text) => Cell::Text(text.into_owned()),
        Field::List(items, delimiter) => Cell::Text(items.join(delimiter)),
        Field::Digits(digits) => match from_digits(digits) {
            Some(value) => Cell::Number(Number::computed(value)),
            None => Cell::Text(digits.to_owned()),
        },
    };
    Cow::Owned(cell)
}

impl<'a> Typed<'a> {
    fn share(&self) -> Typed<'a> {
        match self {
            Typed::Cells(cells) => Typed::Cells(cells),
            Typed::Floats(floats) => Typed::Floats(floats.clone()),
            Typed::Integers(integers) => Typed::Integers(integers.clone()),
            Typed::Texts(texts) => Typed::Texts(texts.clone()),
            Typed::Coded(codes, labels) => Typed::Coded(codes, labels),
            Typed::Decimals(numbers) => Typed::Decimals(numbers),
            Typed::Reasoned(floats, missing) => Typed::Reasoned(floats.clone(), missing),
        }
    }
}

/// A member by its title in a language, else by its code.
pub(super) fn member<'a>(code: &'a str, title: &'a Text, titles: Option<Lang>) -> &'a str {
    titles.map(|lang| title.get(lang)).filter(|title| !title.is_empty()).unwrap_or(code)
}

/// Whether a column holds a measure or a statistic of one.
pub(super) fn is_measured(column: &Column) -> bool {
    matches!(column.role, Role::Measure | Role::Statistic)
}

/// Whether a text is the upper end of a printed range: a number.
fn is_end(column: &Column, text: &str) -> bool {
    column.role == Role::Companion && column.key.rsplit('_').next() == Some("to") && from_digits(text).is_some()
}

/// Which way the numbers of a column of bounds are rounded: `_lower` down, `_upper` up.
pub(super) fn bound(column: &Column) -> Option<Rounding> {
    if column.role != Role::Companion {
        return None;
    }
    match column.key.rsplit('_').next() {
        Some("lower") => Some(Rounding::Down),
        Some("upper") => Some(Rounding::Up),
        _ => None,
    }
}

/// The only chunk of a column that [`typed`] made contiguous.
fn first<T>(mut chunks: impl Iterator<Item = T>) -> Option<T> {
    chunks.next()
}

fn typed(series: &Series) -> Typed<'static> {
    let series = series.rechunk();
    let cast = |to: &DataType| series.cast(to).unwrap_or_else(|_| Series::new_empty(series.name().clone(), to));
    let number = |to: &DataType| (if series.dtype() == to { series.clone() } else { cast(to) }).rechunk();
    match series.dtype() {
        DataType::Float64 | DataType::Float32 => {
            Typed::Floats(number(&DataType::Float64).f64().cloned().unwrap_or_default())
        }
        kind if kind.is_integer() && *kind != DataType::UInt64 => {
            Typed::Integers(number(&DataType::Int64).i64().cloned().unwrap_or_default())
        }
        DataType::String => Typed::Texts(series.str().cloned().unwrap_or_default()),
        _ => {
            let texts = series.iter().map(|value| match value {
                AnyValue::Null => None,
                value => Some(value.to_string()),
            });
            Typed::Texts(texts.collect())
        }
    }
}
