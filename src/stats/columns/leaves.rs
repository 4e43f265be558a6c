//! What is summed or counted over the leaf members of each period.

use polars::prelude::*;

use super::{Track, Twofold};
use crate::package::Missing;
use crate::progress::Progress;
use crate::stats::panel::Panel;
use crate::text::Text;
use crate::work::each;

/// Sums over the leaves of one period.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    /// Of the values.
    value: Twofold,
    /// Of the lower and upper ends.
    ends: [End; 2],
    /// Leaves without a number, and one of their reasons.
    lacking: (u32, Option<Missing>),
    /// Leaves with bounds and no value.
    bounded: (u32, Option<Missing>),
}

/// A sum of ends, some of which are infinite.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    finite: f64,
    infinite: u32,
    which: f64,
}

impl Sums {
    /// The sums of each period.
    pub(super) fn of(panel: &Panel, track: &Track) -> Vec<Sums> {
        let mut sums = vec![Sums::default(); panel.periods.len()];
        for (row, value) in track.numbers().enumerate() {
            if !panel.leaf[panel.series[row] as usize] {
                continue;
            }
            let sums = &mut sums[panel.period[row] as usize];
            sums.value = sums.value.add(value.unwrap_or_default());
            if track.lacks(row) {
                sums.lacking = (sums.lacking.0 + 1, sums.lacking.1.or(track.missing[row]));
            } else if track.missing[row].is_some() {
                sums.bounded = (sums.bounded.0 + 1, sums.bounded.1.or(track.missing[row]));
            }
            if let Some((lower, upper)) = &track.bounds {
                for (end, sum) in [lower.get(row), upper.get(row)].into_iter().zip(&mut sums.ends) {
                    match end {
                        Some(end) if end.is_finite() => sum.finite += end,
                        Some(end) => (sum.infinite, sum.which) = (sum.infinite + 1, end),
                        None => {}
                    }
                }
            }
        }
        sums
    }

    /// The sums without a row, if it is itself a leaf: value, why there is none, and the ends.
    fn without(&self, track: &Track, row: usize, leaf: bool) -> (Option<Twofold>, Option<Missing>, Option<[f64; 2]>) {
        let lacks = track.lacks(row);
        let own = |test: bool| u32::from(test && leaf);
        let lacking = self.lacking.0 > own(lacks);
        let bounded = self.bounded.0 > own(!lacks && track.missing[row].is_some());
        let missing = match (lacking, bounded) {
            (true, _) => self.lacking.1,
            (false, true) => self.bounded.1,
            _ => None,
        };
        let own = track.number(row).filter(|_| leaf).unwrap_or_default();
        let value = missing.is_none().then(|| self.value.sub(own));
        let end = |at: usize, end: Option<f64>| {
            let (sum, own) = (self.ends[at], end.filter(|_| leaf));
            let infinite = sum.infinite - u32::from(own.is_some_and(f64::is_infinite));
            let finite = sum.finite - own.filter(|end| end.is_finite()).unwrap_or(0.0);
            if infinite > 0 { sum.which } else { finite }
        };
        let ends = track.bounds.as_ref().filter(|_| !lacking);
        let ends = ends.map(|(lower, upper)| [end(0, lower.get(row)), end(1, upper.get(row))]);
        (value, missing, ends)
    }
}

/// The sum over the other leaves of the period, for each of some rows; `track` holds those rows alone.
pub(super) fn others(panel: &Panel, sums: &[Sums], track: &Track, first: usize) -> Track {
    let rest = |at: usize| {
        let row = first + at;
        sums[panel.period[row] as usize].without(track, at, panel.leaf[panel.series[row] as usize])
    };
    let all: Vec<_> = (0..track.len()).map(rest).collect();
    let end = |at: usize| all.iter().map(|(_, _, ends)| ends.map(|ends| ends[at])).collect_ca("others".into());
    let number = |pick: fn(Twofold) -> f64| -> Float64Chunked {
        all.iter().map(|(value, ..)| value.map(pick)).collect_ca("others".into())
    };
    let is_exact = all.iter().all(|(value, ..)| value.is_none_or(|value| value.rest == 0.0));
    Track {
        value: number(|value| value.value),
        rest: (!is_exact).then(|| number(|value| value.rest)),
        bounds: track.bounds.as_ref().map(|_| (end(0), end(1))),
        missing: all.iter().map(|(_, missing, _)| *missing).collect(),
    }
}

/// How many leaves of the period have more, for each row.
pub(super) fn greater(panel: &Panel, track: &Track) -> Track {
    let own;
    let track = match track.rest {
        Some(_) => {
            own = Track { value: in_order(track), ..track.clone() };
            &own
        }
        None => track,
    };
    let (starts, rows) = panel.rows_by_period();
    let progress = Progress::new(Text::new("排名", "ranking"), panel.periods.len() as u64);
    let counts = each(panel.periods.len(), &|period| {
        let counts = Counts::of(panel, track, &rows[starts[period]..starts[period + 1]]);
        progress.advance(1);
        counts
    });
    drop(progress);
    let count = panel.len();
    let scatter = |pick: fn(&Counts) -> &[f64]| -> Float64Chunked {
        let mut values = vec![f64::NAN; count];
        for (period, counts) in counts.iter().enumerate() {
            for (row, value) in rows[starts[period]..starts[period + 1]].iter().zip(pick(counts)) {
                values[*row as usize] = *value;
            }
        }
        if values.iter().any(|value| value.is_nan()) {
            values.iter().map(|value| (!value.is_nan()).then_some(*value)).collect_ca("count".into())
        } else {
            Float64Chunked::from_vec("count".into(), values)
        }
    };
    let mut missing = vec![None; count];
    for (period, counts) in counts.iter().enumerate() {
        for &row in &rows[starts[period]..starts[period + 1]] {
            missing[row as usize] = track.missing[row as usize].or(counts.incomplete);
        }
    }
    let bounds = track.bounds.as_ref().map(|_| (scatter(|counts| &counts.lower), scatter(|counts| &counts.upper)));
    Track { value: scatter(|counts| &counts.value), rest: None, bounds, missing }
}

/// Numbers that stand to each other as a column's do with what their floats lack: their places in the order of its values.
fn in_order(track: &Track) -> Float64Chunked {
    let mut order: Vec<(i64, i64, usize)> = track
        .numbers()
        .enumerate()
        .filter_map(|(row, number)| number.map(|number| (key(number.value), key(number.rest), row)))
        .collect();
    order.sort_unstable();
    let (mut places, mut place) = (vec![None; track.len()], 0u32);
    for (at, (value, rest, row)) in order.iter().enumerate() {
        place += u32::from(at > 0 && (order[at - 1].0, order[at - 1].1) != (*value, *rest));
        places[*row] = Some(f64::from(place));
    }
    places.into_iter().collect_ca("place".into())
}

/// Counts of one period's rows, in their order; not a number where there is none.
struct Counts {
    value: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// Why no count is known: a leaf with bounds and no value.
    incomplete: Option<Missing>,
}

/// A row of a period, with what stands in its columns; not a number where nothing does.
struct Ranked {
    at: usize,
    leaf: bool,
    /// Whether its own value may be counted against.
    known: bool,
    value: f64,
    lower: f64,
    upper: f64,
}

impl Counts {
    fn of(panel: &Panel, track: &Track, rows: &[u32]) -> Counts {
        let leaf = |row: u32| panel.leaf[panel.series[row as usize] as usize];
        let peers = || rows.iter().copied().filter(|&row| leaf(row));
        let incomplete = peers().filter(|&row| !track.lacks(row as usize)).find_map(|row| track.missing[row as usize]);
        let numbers = |column: &Float64Chunked| -> Vec<f64> {
            match column.cont_slice() {
                Ok(numbers) => rows.iter().map(|&row| numbers[row as usize]).collect(),
                Err(_) => rows.iter().map(|&row| column.get(row as usize).unwrap_or(f64::NAN)).collect(),
            }
        };
        let value = numbers(&track.value);
        let ends = track.bounds.as_ref().map(|(lower, upper)| [numbers(lower), numbers(upper)]);
        let end = |side: usize, at: usize| ends.as_ref().map_or(f64::NAN, |ends| ends[side][at]);
        let mut order: Vec<(i64, u32)> = Vec::with_capacity(rows.len());
        for (at, own) in value.iter().enumerate() {
            let place = if own.is_nan() { end(0, at) } else { *own };
            if !place.is_nan() {
                order.push((key(place), at as u32));
            }
        }
        order.sort_unstable();
        // By value, so that every search goes on from the one before, in memory too.
        let ranked = |&(_, at): &(i64, u32)| {
            let at = at as usize;
            let known = track.missing[rows[at] as usize].or(incomplete).is_none() && !value[at].is_nan();
            Ranked { at, leaf: leaf(rows[at]), known, value: value[at], lower: end(0, at), upper: end(1, at) }
        };
        let ranked: Vec<Ranked> = order.iter().map(ranked).collect();
        drop(order);
        let sorted = |column: fn(&Ranked) -> f64| -> Vec<f64> {
            let leaves = ranked.iter().filter(|own| own.leaf).map(column);
            let mut numbers: Vec<f64> = leaves.filter(|number| !number.is_nan()).collect();
            numbers.sort_by(f64::total_cmp);
            numbers
        };
        let none = || vec![f64::NAN; rows.len()];
        let mut counts = Counts { value: none(), lower: Vec::new(), upper: Vec::new(), incomplete };
        let values = sorted(|own| own.value);
        let mut search = Search::new(&values);
        for own in ranked.iter().filter(|own| own.known) {
            counts.value[own.at] = search.greater(own.value);
        }
        if ends.is_some() {
            (counts.lower, counts.upper) = (none(), none());
            let unknown = peers().filter(|&row| track.lacks(row as usize)).count() as f64;
            let (lowers, uppers) = (sorted(|own| own.lower), sorted(|own| own.upper));
            let (mut above, mut below) = (Search::new(&lowers), Search::new(&uppers));
            for own in ranked.iter().filter(|own| !own.lower.is_nan() && !own.upper.is_nan()) {
                counts.lower[own.at] = above.greater(own.upper);
                let itself = f64::from(u8::from(own.leaf && own.upper > own.lower));
                counts.upper[own.at] =
                    if panel.exhaustive { below.greater(own.lower) - itself + unknown } else { f64::INFINITY };
            }
        }
        counts
    }
}

/// A whole number that is ordered as the float is; both zeros are one.
fn key(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// Counts of what is greater, where each question is close to the one before.
struct Search<'a> {
    sorted: &'a [f64],
    at: usize,
}

impl<'a> Search<'a> {
    fn new(sorted: &'a [f64]) -> Self {
        Search { sorted, at: 0 }
    }

    fn greater(&mut self, than: f64) -> f64 {
        const NEAR: usize = 32;
        let sorted = self.sorted;
        for _ in 0..NEAR {
            if self.at < sorted.len() && sorted[self.at] <= than {
                self.at += 1;
            } else if self.at > 0 && sorted[self.at - 1] > than {
                self.at -= 1;
            } else {
                return (sorted.len() - self.at) as f64;
            }
        }
        self.at = sorted.partition_point(|number| *number <= than);
        (sorted.len() - self.at) as f64
    }
}
