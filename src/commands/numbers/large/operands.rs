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
            Some((
                key.clone(),
                *measure,
                numbers.scale(),
                Track { rest: numbers.rest(), ..Track::new(numbers.units()) },
            ))
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
