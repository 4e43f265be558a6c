//! The interpreter over Polars columns: the same descriptions, for tables of any size.

use polars::prelude::*;

use super::expr::{Arm, Condition, Expr};
use super::panel::Panel;
use super::quantity::{Operand, Quantity};
use crate::package::Missing;
use crate::precision::Interval;

/// A column of numbers: values with their bounds where those are asked for, and why there is none.
#[derive(Clone, Debug)]
pub struct Track {
    /// Values; null where there is none.
    pub value: Float64Chunked,
    /// Lower and upper ends, infinite where unbounded, null where the row is empty.
    pub bounds: Option<(Float64Chunked, Float64Chunked)>,
    /// Per row: why there is no value. `None` with a null value does not occur.
    pub missing: Vec<Option<Missing>>,
}

/// Evaluates descriptions over whole columns.
pub struct Columns<'a> {
    panel: &'a Panel,
    columns: &'a [Track],
    bounds: bool,
}

impl Track {
    /// A column whose nulls are not printed, without bounds.
    pub fn new(value: Float64Chunked) -> Self {
        let missing = value.iter().map(|number| number.is_none().then_some(Missing::NotPrinted)).collect();
        Track { value, bounds: None, missing }
    }

    /// The same operands as the exact interpreter takes, rounded to the nearest `f64`.
    pub fn from_operands(operands: &[Operand]) -> Self {
        use num_traits::ToPrimitive;
        let value = |operand: &Operand| operand.as_ref().ok().and_then(|q| q.value.as_ref().ok()?.to_f64());
        let end = |operand: &Operand, pick: fn(&Interval) -> Option<f64>, open: f64| {
            operand.as_ref().ok().map(|q| pick(&q.bounds).unwrap_or(open))
        };
        let lower = |bounds: &Interval| bounds.lower.as_ref().and_then(ToPrimitive::to_f64);
        let upper = |bounds: &Interval| bounds.upper.as_ref().and_then(ToPrimitive::to_f64);
        Track {
            value: operands.iter().map(value).collect_ca("value".into()),
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

    fn constant(value: f64, rows: usize, bounds: bool) -> Self {
        let column = Float64Chunked::full("literal".into(), value, rows);
        Track { bounds: bounds.then(|| (column.clone(), column.clone())), value: column, missing: vec![None; rows] }
    }

    /// Whether a row has neither value nor bounds.
    fn is_empty(&self, row: usize) -> bool {
        match &self.bounds {
            Some((lower, _)) => lower.get(row).is_none(),
            None => self.missing[row].is_some(),
        }
    }
}

impl<'a> Columns<'a> {
    /// An interpreter for a panel and its operand columns; with `bounds` it carries the intervals along.
    pub fn new(panel: &'a Panel, columns: &'a [Track], bounds: bool) -> Self {
        Columns { panel, columns, bounds }
    }

    /// The column that an expression describes.
    pub fn eval(&self, expr: &Expr) -> Track {
        match expr {
            Expr::Column(index) => self.columns.get(*index).cloned().unwrap_or_else(|| self.empty(Missing::NotPrinted)),
            Expr::Literal(value) => {
                let value = num_traits::ToPrimitive::to_f64(value).unwrap_or(f64::NAN);
                Track::constant(value, self.panel.len(), self.bounds)
            }
            Expr::Add(a, b) => self.binary(a, b, |x, y| x + y, |x, y| (x.0 + y.0, x.1 + y.1)),
            Expr::Sub(a, b) => self.binary(a, b, |x, y| x - y, |x, y| (x.0 - y.1, x.1 - y.0)),
            Expr::Mul(a, b) => self.binary(a, b, |x, y| x * y, |x, y| hull(x, y, product)),
            Expr::Div(a, b) => self.binary(a, b, |x, y| x / y, quotient),
            Expr::Min(a, b) => self.binary(a, b, f64::min, |x, y| (x.0.min(y.0), x.1.min(y.1))),
            Expr::Max(a, b) => self.binary(a, b, f64::max, |x, y| (x.0.max(y.0), x.1.max(y.1))),
            Expr::Previous(_, inner) | Expr::At(_, inner) => self.gather(&self.eval(inner), &self.elsewhere(expr)),
            Expr::Others(inner) => self.others(&self.eval(inner)),
            Expr::CountGreater(inner) => self.count_greater(&self.eval(inner)),
            Expr::Root { index, power, of } => {
                let of = self.eval(of);
                let root = |x: f64| x.powf(f64::from(*power) / f64::from(*index));
                Track {
                    value: of.value.apply_values(root),
                    bounds: of.bounds.map(|(lower, upper)| (lower.apply_values(root), upper.apply_values(root))),
                    missing: of.missing,
                }
            }
            Expr::Case(arms, otherwise) => self.case(arms, otherwise),
        }
    }

    fn empty(&self, reason: Missing) -> Track {
        let rows = self.panel.len();
        let nulls = || Float64Chunked::full_null("empty".into(), rows);
        Track { value: nulls(), bounds: self.bounds.then(|| (nulls(), nulls())), missing: vec![Some(reason); rows] }
    }

    fn binary(
        &self,
        a: &Expr,
        b: &Expr,
        value: impl Fn(f64, f64) -> f64,
        bounds: impl Fn((f64, f64), (f64, f64)) -> (f64, f64),
    ) -> Track {
        let (a, b) = (self.eval(a), self.eval(b));
        let values: Float64Chunked = arity::binary_elementwise_values(&a.value, &b.value, value);
        let bounds = a.bounds.as_ref().zip(b.bounds.as_ref()).map(|(x, y)| {
            let ends =
                x.0.iter()
                    .zip(x.1.iter())
                    .zip(y.0.iter().zip(y.1.iter()))
                    .map(|((al, au), (bl, bu))| Some(bounds((al?, au?), (bl?, bu?))));
            let ends: Vec<Option<(f64, f64)>> = ends.collect();
            (
                ends.iter().map(|end| end.map(|(lower, _)| lower)).collect_ca("lower".into()),
                ends.iter().map(|end| end.map(|(_, upper)| upper)).collect_ca("upper".into()),
            )
        });
        let missing = a.missing.iter().zip(&b.missing).map(|(a, b)| a.or(*b)).collect();
        Track { value: values, bounds, missing }
    }

    /// For each row, the row that a keyed expression looks at.
    fn elsewhere(&self, expr: &Expr) -> Vec<Option<IdxSize>> {
        let panel = self.panel;
        let target: Vec<Option<u32>> = match expr {
            Expr::Previous(lag, _) => {
                (0..panel.periods.len() as u32).map(|period| panel.before(period, *lag)).collect()
            }
            Expr::At(at, _) => vec![panel.period_of(at); panel.periods.len()],
            _ => vec![None; panel.periods.len()],
        };
        let row = |(series, period): (&u32, &u32)| {
            let target = target.get(*period as usize).copied().flatten()?;
            panel.row(*series, target).map(|row| row as IdxSize)
        };
        panel.series.iter().zip(&panel.period).map(row).collect()
    }

    fn gather(&self, track: &Track, rows: &[Option<IdxSize>]) -> Track {
        let index: IdxCa = rows.iter().copied().collect_ca("index".into());
        let take = |column: &Float64Chunked| {
            column.take(&index).unwrap_or_else(|_| Float64Chunked::full_null("gap".into(), rows.len()))
        };
        Track {
            value: take(&track.value),
            bounds: track.bounds.as_ref().map(|(lower, upper)| (take(lower), take(upper))),
            missing: rows.iter().map(|row| row.map_or(Some(Missing::Gap), |row| track.missing[row as usize])).collect(),
        }
    }

    fn others(&self, track: &Track) -> Track {
        let panel = self.panel;
        let leaf = |row: usize| panel.leaf[panel.series[row] as usize];
        let sum = |column: &Float64Chunked| -> Vec<f64> {
            let mut sums = vec![0.0; panel.periods.len()];
            for (row, number) in column.iter().enumerate() {
                if let Some(number) = number.filter(|_| leaf(row)) {
                    sums[panel.period[row] as usize] += number;
                }
            }
            sums
        };
        let mut gaps: Vec<(u32, Option<Missing>)> = vec![(0, None); panel.periods.len()];
        let mut bounded = gaps.clone();
        for row in (0..panel.len()).filter(|&row| leaf(row)) {
            let period = panel.period[row] as usize;
            if track.is_empty(row) {
                gaps[period] = (gaps[period].0 + 1, gaps[period].1.or(track.missing[row]));
            } else if track.missing[row].is_some() {
                bounded[period] = (bounded[period].0 + 1, bounded[period].1.or(track.missing[row]));
            }
        }
        let own = |row: usize, test: bool| u32::from(test && leaf(row));
        let missing: Vec<Option<Missing>> = (0..panel.len())
            .map(|row| {
                let period = panel.period[row] as usize;
                let empty = gaps[period].0 > own(row, track.is_empty(row));
                let one_sided = bounded[period].0 > own(row, !track.is_empty(row) && track.missing[row].is_some());
                if empty {
                    gaps[period].1
                } else if one_sided {
                    bounded[period].1
                } else {
                    None
                }
            })
            .collect();
        let closed: Vec<bool> =
            (0..panel.len()).map(|row| gaps[panel.period[row] as usize].0 > own(row, track.is_empty(row))).collect();
        let rest = |column: &Float64Chunked, closed: &[bool]| -> Float64Chunked {
            let sums = sum(column);
            let of = |(row, number): (usize, Option<f64>)| {
                (!closed[row]).then(|| sums[panel.period[row] as usize] - number.filter(|_| leaf(row)).unwrap_or(0.0))
            };
            column.iter().enumerate().map(of).collect_ca("others".into())
        };
        let no_value: Vec<bool> = missing.iter().map(Option::is_some).collect();
        Track {
            value: rest(&track.value, &no_value),
            bounds: track
                .bounds
                .as_ref()
                .map(|(lower, upper)| (rest_ends(panel, lower, &closed), rest_ends(panel, upper, &closed))),
            missing,
        }
    }

    fn count_greater(&self, track: &Track) -> Track {
        let panel = self.panel;
        let peers = panel.leaves_by_period();
        let sorted = |column: &Float64Chunked| -> Vec<Vec<f64>> {
            peers
                .iter()
                .map(|rows| {
                    let mut numbers: Vec<f64> = rows.iter().filter_map(|&row| column.get(row)).collect();
                    numbers.sort_by(f64::total_cmp);
                    numbers
                })
                .collect()
        };
        let greater =
            |sorted: &[f64], than: f64| (sorted.len() - sorted.partition_point(|number| *number <= than)) as f64;
        let values = sorted(&track.value);
        let incomplete: Vec<Option<Missing>> = peers
            .iter()
            .map(|rows| rows.iter().filter(|&&row| !track.is_empty(row)).find_map(|&row| track.missing[row]))
            .collect();
        let missing: Vec<Option<Missing>> =
            (0..panel.len()).map(|row| track.missing[row].or(incomplete[panel.period[row] as usize])).collect();
        let count = |row: usize| {
            let own = track.value.get(row)?;
            missing[row].is_none().then(|| greater(&values[panel.period[row] as usize], own))
        };
        let value = (0..panel.len()).map(count).collect_ca("count".into());
        let bounds = track.bounds.as_ref().map(|(lower, upper)| {
            let (lowers, uppers) = (sorted(lower), sorted(upper));
            let unknown: Vec<f64> =
                peers.iter().map(|rows| rows.iter().filter(|&&row| track.is_empty(row)).count() as f64).collect();
            let low = |row: usize| upper.get(row).map(|own| greater(&lowers[panel.period[row] as usize], own));
            let high = |row: usize| {
                let (own, own_upper) = (lower.get(row)?, upper.get(row)?);
                if !panel.exhaustive {
                    return Some(f64::INFINITY);
                }
                let period = panel.period[row] as usize;
                let itself = f64::from(u8::from(panel.leaf[panel.series[row] as usize] && own_upper > own));
                Some(greater(&uppers[period], own) - itself + unknown[period])
            };
            (
                (0..panel.len()).map(low).collect_ca("lower".into()),
                (0..panel.len()).map(high).collect_ca("upper".into()),
            )
        });
        Track { value, bounds, missing }
    }

    fn case(&self, arms: &[(Condition, Arm)], otherwise: &Expr) -> Track {
        let mut result = self.eval(otherwise);
        let mut settled = vec![false; self.panel.len()];
        for (condition, arm) in arms {
            let held = self.holds(condition);
            let hit: Vec<bool> = held.iter().zip(&settled).map(|(held, done)| held.is_some() && !done).collect();
            if !hit.contains(&true) {
                continue;
            }
            let replacement = match arm {
                Arm::Then(expr) => self.eval(expr),
                Arm::Missing(reason) => self.empty(*reason),
                Arm::Own => {
                    let mut own = self.empty(Missing::NotPrinted);
                    for (reason, held) in own.missing.iter_mut().zip(&held) {
                        *reason = held.or(*reason);
                    }
                    own
                }
            };
            result = merge(&hit, &replacement, &result);
            for (done, hit) in settled.iter_mut().zip(&hit) {
                *done |= hit;
            }
        }
        result
    }

    /// Per row, the reason of the operand where a condition holds.
    fn holds(&self, condition: &Condition) -> Vec<Option<Missing>> {
        let sign = |expr: &Expr, test: fn(f64) -> bool| -> Vec<Option<Missing>> {
            self.eval(expr)
                .value
                .iter()
                .map(|value| value.filter(|value| test(*value)).map(|_| Missing::ZeroBase))
                .collect()
        };
        match condition {
            Condition::Absent(expr @ (Expr::Previous(..) | Expr::At(..))) => {
                self.elsewhere(expr).iter().map(|row| row.is_none().then_some(Missing::Gap)).collect()
            }
            Condition::Absent(Expr::Others(_)) => {
                let leaf = |row: usize| self.panel.exhaustive && self.panel.leaf[self.panel.series[row] as usize];
                (0..self.panel.len()).map(|row| (!leaf(row)).then_some(Missing::NoTotal)).collect()
            }
            Condition::Absent(_) => vec![None; self.panel.len()],
            Condition::Empty(expr) => {
                let track = self.eval(expr);
                (0..self.panel.len()).map(|row| track.missing[row].filter(|_| track.is_empty(row))).collect()
            }
            Condition::Zero(expr) => sign(expr, |value| value == 0.0),
            Condition::Negative(expr) => sign(expr, |value| value < 0.0),
        }
    }
}

/// Sums of one end over the other leaves; an infinite end of another member stays infinite.
fn rest_ends(panel: &Panel, ends: &Float64Chunked, closed: &[bool]) -> Float64Chunked {
    let leaf = |row: usize| panel.leaf[panel.series[row] as usize];
    let mut sums = vec![(0.0, 0u32, 0.0); panel.periods.len()];
    for (row, end) in ends.iter().enumerate() {
        if let Some(end) = end.filter(|_| leaf(row)) {
            let sum = &mut sums[panel.period[row] as usize];
            if end.is_finite() { sum.0 += end } else { (sum.1, sum.2) = (sum.1 + 1, end) }
        }
    }
    let of = |(row, end): (usize, Option<f64>)| {
        let (finite, infinite, which) = sums[panel.period[row] as usize];
        let own = end.filter(|_| leaf(row));
        let others_infinite = infinite - u32::from(own.is_some_and(f64::is_infinite));
        let sum = finite - own.filter(|end| end.is_finite()).unwrap_or(0.0);
        (!closed[row]).then_some(if others_infinite > 0 { which } else { sum })
    };
    ends.iter().enumerate().map(of).collect_ca("others".into())
}

fn merge(hit: &[bool], then: &Track, otherwise: &Track) -> Track {
    let pick = |a: &Float64Chunked, b: &Float64Chunked| -> Float64Chunked {
        hit.iter().zip(a.iter().zip(b.iter())).map(|(hit, (a, b))| if *hit { a } else { b }).collect_ca("case".into())
    };
    Track {
        value: pick(&then.value, &otherwise.value),
        bounds: then.bounds.as_ref().zip(otherwise.bounds.as_ref()).map(|(a, b)| (pick(&a.0, &b.0), pick(&a.1, &b.1))),
        missing: hit
            .iter()
            .enumerate()
            .map(|(row, hit)| if *hit { then.missing[row] } else { otherwise.missing[row] })
            .collect(),
    }
}

/// A bound of a product; 0 times infinity is 0, as the ends are limits of bounded numbers.
fn product(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

fn hull(x: (f64, f64), y: (f64, f64), of: fn(f64, f64) -> f64) -> (f64, f64) {
    let corners = [of(x.0, y.0), of(x.0, y.1), of(x.1, y.0), of(x.1, y.1)];
    (corners.iter().copied().fold(f64::INFINITY, f64::min), corners.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Quotient of intervals; unbounded where the divisor has 0 inside.
fn quotient(x: (f64, f64), y: (f64, f64)) -> (f64, f64) {
    if y.0 < 0.0 && y.1 > 0.0 || y == (0.0, 0.0) {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    // A divisor that ends in 0 has a reciprocal without bound on that side.
    let reciprocal = if y.0 == 0.0 {
        (1.0 / y.1, f64::INFINITY)
    } else if y.1 == 0.0 {
        (f64::NEG_INFINITY, 1.0 / y.0)
    } else {
        (1.0 / y.1, 1.0 / y.0)
    };
    hull(x, reciprocal, product)
}
