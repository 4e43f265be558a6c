//! Columns of a sheet as the interpreter takes them.

use super::super::sheet::Sheet;
use super::decimals;
use crate::package::{Decimals, Measure};
use crate::precision::{Basis, Rational};
use crate::stats::{Quantity, Track};
use num_traits::ToPrimitive;
use polars::prelude::*;

/// The printed numbers of columns, as whole multiples of their last place.
pub(in crate::commands) struct Operands<'a> {
    tracks: Vec<(String, &'a Measure, u8, Track)>,
    /// Computed numbers with their bounds, where they are ranked.
    computed: Vec<(String, Track)>,
}

impl<'a> Operands<'a> {
    /// Those of some columns of a sheet, by key and measure.
    pub(in crate::commands) fn new(measures: &[(String, &'a Measure)], sheet: &Sheet) -> Operands<'a> {
        let of = |(key, measure): &(String, &'a Measure)| {
            let numbers = decimals(sheet, key)?;
            Some((key.clone(), *measure, numbers.scale(), Track { rest: rest(numbers), ..Track::new(numbers.units()) }))
        };
        Operands { tracks: measures.iter().filter_map(of).collect(), computed: Vec::new() }
    }

    /// The numbers of a column, and the power of ten by which they are larger than printed.
    pub(in crate::commands) fn of(&self, key: &str) -> Option<(&Track, u8)> {
        self.tracks.iter().find(|(name, ..)| name == key).map(|(_, _, scale, track)| (track, *scale))
    }

    /// Keeps the numbers of a computed column with their bounds.
    pub(super) fn keep(&mut self, key: String, track: Track) {
        self.computed.push((key, track));
    }

    /// The numbers of a computed column that were kept.
    pub(super) fn computed(&self, key: &str) -> Option<&Track> {
        self.computed.iter().find(|(name, _)| name == key).map(|(_, track)| track)
    }

    /// Gives a column its bounds, for those who compare numbers.
    pub(in crate::commands) fn bound(&mut self, key: &str, numbers: &Decimals) {
        let own = self.tracks.iter_mut().find(|(name, ..)| name == key);
        if let Some((_, measure, _, track)) = own.filter(|(.., track)| track.bounds.is_none()) {
            track.bounds = Some(bounds(measure, numbers, &track.value));
        }
    }
}

/// What floats lack of the numbers, in the unit of the values.
fn rest(numbers: &Decimals) -> Option<Float64Chunked> {
    let mut rest = vec![0.0; if numbers.long().next().is_some() { numbers.len() } else { 0 }];
    for (row, printed) in numbers.long() {
        let places = i32::from(numbers.scale()) - printed.decimals;
        let digits = printed.digits.replace('.', "");
        let float = numbers.unit(row as usize).unwrap_or_default();
        rest[row as usize] = short(&digits, places, float).or_else(|| full(&digits, places, float)).unwrap_or_default();
    }
    Some(rest).filter(|rest| !rest.is_empty()).map(|rest| Float64Chunked::from_vec("rest".into(), rest))
}

/// Of digits and zeros that a machine word holds.
fn short(digits: &str, places: i32, float: f64) -> Option<f64> {
    let units = digits.parse::<i128>().ok()?.checked_mul(10i128.checked_pow(u32::try_from(places).ok()?)?)?;
    Some(units.checked_sub(float as i128)? as f64)
}

/// Of any digits.
fn full(digits: &str, places: i32, float: f64) -> Option<f64> {
    let power = Rational::from_integer(10.into()).pow(places);
    (Rational::from_integer(digits.parse().ok()?) * power - Rational::from_float(float)?).to_f64()
}

/// The ends of the intervals for which digits stand, in the same unit as the values.
fn bounds(measure: &Measure, numbers: &Decimals, value: &Float64Chunked) -> (Float64Chunked, Float64Chunked) {
    if !numbers.is_summed() && measure.whole && (measure.unit.power, numbers.same_places()) == (0, Some(0)) {
        return (value.clone(), value.clone());
    }
    if numbers.same_places().is_some() && !measure.whole {
        let slack = numbers.slack(0);
        return (value.apply_values(|value| value - slack), value.apply_values(|value| value + slack));
    }
    let unit = 10f64.powi(i32::from(numbers.scale()));
    let end = |row: usize| -> Option<(f64, f64)> {
        let own = value.get(row)?;
        if !measure.whole || numbers.is_summed() {
            return Some((own - numbers.slack(row), own + numbers.slack(row)));
        }
        let printed = numbers.cell(row).ok()?;
        let bounds = Quantity::printed(&printed, true, measure.unit.power, Basis::Printed).ok()?.bounds;
        let end = |end: Option<Rational>, open: f64| end.and_then(|end| end.to_f64()).map_or(open, |end| end * unit);
        Some((end(bounds.lower, f64::NEG_INFINITY), end(bounds.upper, f64::INFINITY)))
    };
    let ends: Vec<Option<(f64, f64)>> = (0..value.len()).map(end).collect();
    (
        ends.iter().map(|end| end.map(|(lower, _)| lower)).collect_ca("lower".into()),
        ends.iter().map(|end| end.map(|(_, upper)| upper)).collect_ca("upper".into()),
    )
}
