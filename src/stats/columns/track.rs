//! A column of numbers as the interpreter over columns knows it.

use std::ops::Range;

use num_traits::ToPrimitive;
use polars::prelude::*;

use super::operation::{Operation, Product, Quotient};
use super::twofold::Twofold;
use crate::package::Missing;
use crate::precision::Interval;
use crate::stats::quantity::{Operand, Quantity};

/// A column of numbers: values with their bounds where those are asked for, and why there is none.
#[derive(Clone, Debug)]
pub struct Track {
    /// Values; null where there is none.
    pub value: Float64Chunked,
    /// What the values lack of the exact ones; `None` where they lack nothing.
    pub rest: Option<Float64Chunked>,
    /// Lower and upper ends, infinite where unbounded, null where the row is empty.
    pub bounds: Option<(Float64Chunked, Float64Chunked)>,
    /// Per row: why there is no value. `None` with a null value does not occur.
    pub missing: Vec<Option<Missing>>,
}

impl Track {
    /// A column whose nulls are not printed, without bounds.
    pub fn new(value: Float64Chunked) -> Self {
        let missing = if value.null_count() == 0 {
            vec![None; value.len()]
        } else {
            value.iter().map(|number| number.is_none().then_some(Missing::NotPrinted)).collect()
        };
        Track { value, rest: None, bounds: None, missing }
    }

    /// The same operands as the exact interpreter takes, rounded to the nearest `f64`.
    pub fn from_operands(operands: &[Operand]) -> Self {
        let value = |operand: &Operand| operand.as_ref().ok().and_then(|q| q.value.as_ref().ok()?.to_f64());
        let end = |operand: &Operand, pick: fn(&Interval) -> Option<f64>, open: f64| {
            operand.as_ref().ok().map(|q| pick(&q.bounds).unwrap_or(open))
        };
        let lower = |bounds: &Interval| bounds.lower.as_ref().and_then(ToPrimitive::to_f64);
        let upper = |bounds: &Interval| bounds.upper.as_ref().and_then(ToPrimitive::to_f64);
        Track {
            value: operands.iter().map(value).collect_ca("value".into()),
            rest: None,
            bounds: Some((
                operands.iter().map(|operand| end(operand, lower, f64::NEG_INFINITY)).collect_ca("lower".into()),
                operands.iter().map(|operand| end(operand, upper, f64::INFINITY)).collect_ca("upper".into()),
            )),
            missing: operands
                .iter()
                .map(|operand| match operand {
                    Ok(Quantity { value: Ok(_), .. }) => None,
                    Ok(Quantity { value: Err(reason), .. }) | Err(reason) => Some(*reason),
                })
                .collect(),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.missing.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty()
    }

    pub(super) fn constant(value: f64, rows: usize, bounds: bool) -> Self {
        let column = Float64Chunked::full("literal".into(), value, rows);
        let bounds = bounds.then(|| (column.clone(), column.clone()));
        Track { value: column, rest: None, bounds, missing: vec![None; rows] }
    }

    /// No number in any row, for a reason.
    pub(super) fn none(reason: Missing, rows: usize, bounds: bool) -> Self {
        let nulls = || Float64Chunked::full_null("empty".into(), rows);
        let bounds = bounds.then(|| (nulls(), nulls()));
        Track { value: nulls(), rest: None, bounds, missing: vec![Some(reason); rows] }
    }

    /// The number of a row with what its float lacks.
    pub(super) fn number(&self, row: usize) -> Option<Twofold> {
        Some(Twofold { value: self.value.get(row)?, rest: self.lacking(row) })
    }

    /// The numbers with what floats lack of them.
    pub(super) fn numbers(&self) -> impl Iterator<Item = Option<Twofold>> + '_ {
        self.value.iter().enumerate().map(|(row, value)| Some(Twofold { value: value?, rest: self.lacking(row) }))
    }

    fn lacking(&self, row: usize) -> f64 {
        self.rest.as_ref().and_then(|rest| rest.get(row)).unwrap_or(0.0)
    }

    /// What the values lack, 0 where they lack nothing.
    pub(super) fn rest_or_zero(&self) -> Float64Chunked {
        self.rest.clone().unwrap_or_else(|| Float64Chunked::full("rest".into(), 0.0, self.len()))
    }

    /// The numbers times ten to a power; those that are divided are the nearest floats.
    #[must_use]
    pub fn times_ten(&self, power: i32) -> Track {
        if power == 0 {
            return self.clone();
        }
        let ten = Twofold::power_of_ten(power.unsigned_abs());
        let column = |value: f64| Float64Chunked::full("factor".into(), value, self.len());
        let factor =
            Track { rest: Some(column(ten.rest)).filter(|_| ten.rest != 0.0), ..Track::new(column(ten.value)) };
        let (value, rest) = if power < 0 { Quotient::of(self, &factor) } else { Product::of(self, &factor) };
        Track { value, rest, bounds: None, missing: self.missing.clone() }
    }

    /// Whether a row has neither value nor bounds.
    pub fn lacks(&self, row: usize) -> bool {
        match &self.bounds {
            Some((lower, _)) => lower.get(row).is_none(),
            None => self.missing[row].is_some(),
        }
    }

    /// Some rows in a row; without bounds where they are not asked for.
    pub(super) fn slice(&self, rows: &Range<usize>, bounds: bool) -> Track {
        let slice = |column: &Float64Chunked| column.slice(rows.start as i64, rows.len());
        Track {
            value: slice(&self.value),
            rest: self.rest.as_ref().map(slice),
            bounds: self.bounds.as_ref().filter(|_| bounds).map(|(lower, upper)| (slice(lower), slice(upper))),
            missing: self.missing[rows.clone()].to_vec(),
        }
    }

    /// Columns one after the other.
    pub(super) fn join(parts: Vec<Track>) -> Track {
        let rows = parts.iter().map(Track::len).sum();
        let column = |pick: &dyn Fn(&Track) -> Option<Float64Chunked>| -> Option<Float64Chunked> {
            if parts.iter().all(|part| pick(part).is_some_and(|column| column.null_count() == 0)) {
                let mut values = Vec::with_capacity(rows);
                for part in &parts {
                    values.extend(pick(part)?.into_no_null_iter());
                }
                return Some(Float64Chunked::from_vec("value".into(), values));
            }
            let mut all: Option<Float64Chunked> = None;
            for part in &parts {
                let part = pick(part)?;
                match &mut all {
                    None => all = Some(part),
                    // Columns of one type always join.
                    Some(all) => all.append(&part).ok()?,
                }
            }
            all.map(|all| all.rechunk().into_owned())
        };
        let value = column(&|part| Some(part.value.clone()));
        let lower = column(&|part| part.bounds.as_ref().map(|(lower, _)| lower.clone()));
        let upper = column(&|part| part.bounds.as_ref().map(|(_, upper)| upper.clone()));
        let lacks = parts.iter().any(|part| part.rest.is_some());
        let rest = if lacks { column(&|part| Some(part.rest_or_zero())) } else { None };
        let mut missing = Vec::with_capacity(rows);
        for part in &parts {
            missing.extend_from_slice(&part.missing);
        }
        let value = value.unwrap_or_else(|| Float64Chunked::full_null("value".into(), rows));
        Track { value, rest, bounds: lower.zip(upper), missing }
    }
}
