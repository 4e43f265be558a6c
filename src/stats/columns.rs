//! The interpreter over Polars columns: the same descriptions, for tables of any size. Large ones are worked through part by
//! part, several at once.

mod ends;
mod leaves;
mod operation;
mod track;
mod twofold;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use polars::prelude::*;

use self::ends::{hull, product, quotient};
use self::leaves::Sums;
use self::operation::{Difference, Operation, Product, Quotient, Sum};
pub use self::track::Track;
use self::twofold::Twofold;
use super::expr::{Arm, Condition, Expr};
use super::fraction::fraction;
use super::panel::Panel;
use crate::package::{Missing, Period};
use crate::progress::Progress;
use crate::text::Text;
use crate::work::each;

/// Evaluates descriptions over whole columns.
pub struct Columns<'a> {
    panel: &'a Panel,
    columns: &'a [Track],
    bounds: bool,
}

/// Rows of a part: few enough to stay near the processor.
const PART: usize = 1 << 16;

impl<'a> Columns<'a> {
    /// An interpreter for a panel and its operand columns; with `bounds` it carries the intervals along.
    pub fn new(panel: &'a Panel, columns: &'a [Track], bounds: bool) -> Self {
        Columns { panel, columns, bounds }
    }

    /// The column that an expression describes.
    pub fn eval(&self, expr: &Expr) -> Track {
        if self.bounds { self.parts(expr) } else { self.parts(&fraction(expr)) }
    }

    fn parts(&self, expr: &Expr) -> Track {
        let mut whole = Whole::default();
        self.prepare(expr, &mut whole);
        let rows = self.panel.len();
        let progress = Progress::new(Text::new("计算", "computing"), rows as u64);
        let part = |at: usize| {
            let rows = at * PART..rows.min((at + 1) * PART);
            let steps = rows.len() as u64;
            let track = Part { of: self, whole: &whole, rows, found: RefCell::default() }.eval(expr);
            progress.advance(steps);
            track
        };
        match rows.div_ceil(PART) {
            0 => Track::none(Missing::NotPrinted, 0, self.bounds),
            1 => part(0),
            parts => Track::join(each(parts, &part)),
        }
    }

    /// The operand that an expression names, or what it describes.
    fn operand(&self, expr: &Expr) -> std::borrow::Cow<'_, Track> {
        let known = if let Expr::Column(index) = expr { self.columns.get(*index) } else { None };
        known.map_or_else(|| std::borrow::Cow::Owned(self.parts(expr)), std::borrow::Cow::Borrowed)
    }

    /// Finds what a part of the rows cannot find by itself.
    fn prepare(&self, expr: &Expr, whole: &mut Whole) {
        match expr {
            Expr::Column(_) | Expr::Literal(_) => {}
            Expr::Add(a, b) | Expr::Sub(a, b) | Expr::Mul(a, b) | Expr::Div(a, b) => {
                self.prepare(a, whole);
                self.prepare(b, whole);
            }
            Expr::Root { of, .. } => self.prepare(of, whole),
            Expr::Previous(_, inner) | Expr::At(_, inner) => {
                if !matches!(**inner, Expr::Column(_)) && !whole.tracks.iter().any(|(known, _)| known == &**inner) {
                    whole.tracks.push(((**inner).clone(), self.parts(inner)));
                }
            }
            Expr::Others(inner) => {
                self.prepare(inner, whole);
                if !whole.sums.iter().any(|(known, _)| known == &**inner) {
                    let sums = Sums::of(self.panel, &self.operand(inner));
                    whole.sums.push(((**inner).clone(), sums));
                }
            }
            Expr::CountGreater(inner) => {
                if !whole.tracks.iter().any(|(known, _)| known == expr) {
                    let counts = leaves::greater(self.panel, &self.operand(inner));
                    whole.tracks.push((expr.clone(), counts));
                }
            }
            Expr::Case(arms, otherwise) => {
                for (condition, arm) in arms {
                    match condition {
                        Condition::Absent(expr)
                        | Condition::Empty(expr)
                        | Condition::Zero(expr)
                        | Condition::Negative(expr) => self.prepare(expr, whole),
                        Condition::Unlike(_) | Condition::Is(_) => {}
                    }
                    if let Arm::Then(expr) = arm {
                        self.prepare(expr, whole);
                    }
                }
                self.prepare(otherwise, whole);
            }
        }
    }
}

/// What is known of whole columns before any part is worked through.
#[derive(Default)]
struct Whole {
    tracks: Vec<(Expr, Track)>,
    sums: Vec<(Expr, Vec<Sums>)>,
}

/// Some rows.
struct Part<'a> {
    of: &'a Columns<'a>,
    whole: &'a Whole,
    rows: Range<usize>,
    /// What keyed expressions look at, which stand several times in a description.
    found: RefCell<Vec<(Expr, Rc<Keyed>)>>,
}

/// For each row, the row that a keyed expression looks at, and what is there.
struct Keyed {
    rows: Vec<Option<IdxSize>>,
    track: Track,
}

impl Part<'_> {
    fn eval(&self, expr: &Expr) -> Track {
        match expr {
            Expr::Column(index) => match self.of.columns.get(*index) {
                Some(column) => column.slice(&self.rows, self.of.bounds),
                None => self.none(Missing::NotPrinted),
            },
            Expr::Literal(value) => {
                let value = num_traits::ToPrimitive::to_f64(value).unwrap_or(f64::NAN);
                Track::constant(value, self.rows.len(), self.of.bounds)
            }
            Expr::Add(a, b) => self.binary::<Sum>(a, b, |x, y| (x.0 + y.0, x.1 + y.1)),
            Expr::Sub(a, b) => self.binary::<Difference>(a, b, |x, y| (x.0 - y.1, x.1 - y.0)),
            Expr::Mul(a, b) => self.binary::<Product>(a, b, |x, y| hull(x, y, product)),
            Expr::Div(a, b) => self.binary::<Quotient>(a, b, quotient),
            Expr::Previous(..) | Expr::At(..) => self.keyed(expr).track.clone(),
            Expr::Others(inner) => {
                let sums = self.whole.sums.iter().find(|(known, _)| known == &**inner).map(|(_, sums)| sums);
                sums.map_or_else(
                    || self.none(Missing::NoTotal),
                    |sums| leaves::others(self.of.panel, sums, &self.eval(inner), self.rows.start),
                )
            }
            Expr::CountGreater(_) => match self.whole.tracks.iter().find(|(known, _)| known == expr) {
                Some((_, counts)) => counts.slice(&self.rows, self.of.bounds),
                None => self.none(Missing::NotPrinted),
            },
            Expr::Root { index, power, of } => {
                let of = self.eval(of);
                let root = |x: f64| x.powf(f64::from(*power) / f64::from(*index));
                Track {
                    value: of.value.apply_values(root),
                    rest: None,
                    bounds: of.bounds.map(|(lower, upper)| (lower.apply_values(root), upper.apply_values(root))),
                    missing: of.missing,
                }
            }
            Expr::Case(arms, otherwise) => self.case(arms, otherwise),
        }
    }

    fn none(&self, reason: Missing) -> Track {
        Track::none(reason, self.rows.len(), self.of.bounds)
    }

    fn binary<O: Operation>(&self, a: &Expr, b: &Expr, bounds: impl Fn((f64, f64), (f64, f64)) -> (f64, f64)) -> Track {
        let (a, b) = (self.eval(a), self.eval(b));
        let (values, rest) = O::of(&a, &b);
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
        Track { value: values, rest, bounds, missing }
    }

    /// What a keyed expression finds, worked out once.
    fn keyed(&self, expr: &Expr) -> Rc<Keyed> {
        if let Some((_, found)) = self.found.borrow().iter().find(|(known, _)| known == expr) {
            return Rc::clone(found);
        }
        let rows = self.elsewhere(expr);
        let inner = if let Expr::Previous(_, inner) | Expr::At(_, inner) = expr { &**inner } else { expr };
        let track = match inner {
            Expr::Column(index) => self.of.columns.get(*index),
            _ => self.whole.tracks.iter().find(|(known, _)| known == inner).map(|(_, track)| track),
        };
        let track = track.map_or_else(|| self.none(Missing::NotPrinted), |track| self.gather(track, &rows));
        let found = Rc::new(Keyed { rows, track });
        self.found.borrow_mut().push((expr.clone(), Rc::clone(&found)));
        found
    }

    /// For each row, the row that a keyed expression looks at.
    fn elsewhere(&self, expr: &Expr) -> Vec<Option<IdxSize>> {
        let panel = self.of.panel;
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
        panel.series[self.rows.clone()].iter().zip(&panel.period[self.rows.clone()]).map(row).collect()
    }

    fn gather(&self, track: &Track, rows: &[Option<IdxSize>]) -> Track {
        let index: IdxCa = rows.iter().copied().collect_ca("index".into());
        let take = |column: &Float64Chunked| {
            column.take(&index).unwrap_or_else(|_| Float64Chunked::full_null("gap".into(), rows.len()))
        };
        Track {
            value: take(&track.value),
            rest: track.rest.as_ref().map(take),
            bounds: track.bounds.as_ref().filter(|_| self.of.bounds).map(|(lower, upper)| (take(lower), take(upper))),
            missing: rows.iter().map(|row| row.map_or(Some(Missing::Gap), |row| track.missing[row as usize])).collect(),
        }
    }

    fn case(&self, arms: &[(Condition, Arm)], otherwise: &Expr) -> Track {
        let mut result = self.eval(otherwise);
        let mut settled = vec![false; self.rows.len()];
        for (condition, arm) in arms {
            let held = self.holds(condition);
            let hit: Vec<bool> = held.iter().zip(&settled).map(|(held, done)| held.is_some() && !done).collect();
            if !hit.contains(&true) {
                continue;
            }
            let replacement = match arm {
                Arm::Then(expr) => self.eval(expr),
                Arm::Missing(reason) => self.none(*reason),
                Arm::Own => {
                    let mut own = self.none(Missing::NotPrinted);
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

    fn where_period(&self, is: impl Fn(&Period) -> bool) -> Vec<Option<Missing>> {
        let panel = self.of.panel;
        let rows = panel.period[self.rows.clone()].iter();
        rows.map(|own| is(&panel.periods[*own as usize]).then_some(Missing::NoBase)).collect()
    }

    /// Per row, the reason of the operand where a condition holds.
    fn holds(&self, condition: &Condition) -> Vec<Option<Missing>> {
        let panel = self.of.panel;
        let sign = |expr: &Expr, test: fn(f64) -> bool| -> Vec<Option<Missing>> {
            let value = |value: Option<f64>| value.filter(|value| test(*value)).map(|_| Missing::ZeroBase);
            self.eval(expr).value.iter().map(value).collect()
        };
        match condition {
            Condition::Absent(expr @ (Expr::Previous(..) | Expr::At(..))) => {
                self.keyed(expr).rows.iter().map(|row| row.is_none().then_some(Missing::Gap)).collect()
            }
            Condition::Absent(Expr::Others(_)) => {
                let leaf = |series: &u32| panel.exhaustive && panel.leaf[*series as usize];
                let rows = panel.series[self.rows.clone()].iter();
                rows.map(|series| (!leaf(series)).then_some(Missing::NoTotal)).collect()
            }
            Condition::Absent(_) => vec![None; self.rows.len()],
            Condition::Empty(expr) => {
                let track = self.eval(expr);
                (0..track.len()).map(|row| track.missing[row].filter(|_| track.lacks(row))).collect()
            }
            Condition::Zero(expr) => sign(expr, |value| value == 0.0),
            Condition::Negative(expr) => sign(expr, |value| value < 0.0),
            Condition::Unlike(period) => self.where_period(|own| !own.is_like(period)),
            Condition::Is(period) => self.where_period(|own| own == period),
        }
    }
}

fn merge(hit: &[bool], then: &Track, otherwise: &Track) -> Track {
    let pick = |a: &Float64Chunked, b: &Float64Chunked| -> Float64Chunked {
        hit.iter().zip(a.iter().zip(b.iter())).map(|(hit, (a, b))| if *hit { a } else { b }).collect_ca("case".into())
    };
    let rest = (then.rest.is_some() || otherwise.rest.is_some())
        .then(|| pick(&then.rest_or_zero(), &otherwise.rest_or_zero()));
    Track {
        value: pick(&then.value, &otherwise.value),
        rest,
        bounds: then.bounds.as_ref().zip(otherwise.bounds.as_ref()).map(|(a, b)| (pick(&a.0, &b.0), pick(&a.1, &b.1))),
        missing: hit
            .iter()
            .enumerate()
            .map(|(row, hit)| if *hit { then.missing[row] } else { otherwise.missing[row] })
            .collect(),
    }
}
