//! How the numbers of a column are written for people: no more digits than their bounds support, and the same number of
//! decimals in a column where they all support it.

use num_traits::Zero;

use super::Look;
use super::field::{Feed, bound, cell, is_rank};
use super::number::{Rounding, exponent, grouped, power_of_ten, rounded, trimmed};
use super::shown::{MISSING, Shown};
use crate::answer::{Answer, Cell, Column, Number, Role, Value};
use crate::package::Mark;
use crate::precision::{Interval, Rational};
use crate::text::Lang;

/// How the numbers of one column are written.
pub(super) struct Plan<'a> {
    lang: Lang,
    digits: Option<u32>,
    measure: bool,
    rank: bool,
    bound: Option<Rounding>,
    /// The column whose bounds these are.
    bounded: Option<Feed<'a>>,
    /// Decimals that a number has by default, if it supports them.
    usual: i32,
    /// Decimals that the column needs.
    common: i32,
}

impl<'a> Plan<'a> {
    /// Looks at all numbers of a column.
    pub(super) fn new<'b>(
        answer: &'a Answer,
        column: &Column,
        look: &Look,
        numbers: impl Iterator<Item = &'b Number> + Clone,
    ) -> Self {
        let percent =
            column.unit.as_ref().is_some_and(|unit| unit.family == "percent" || unit.title.en.contains("percent"));
        let printed = numbers.clone().filter_map(|number| match &number.value {
            Value::Printed(digits) => digits.split_once('.').map(|(_, fraction)| fraction.len() as i32),
            _ => None,
        });
        let mut plan = Plan {
            lang: look.lang,
            digits: look.digits.filter(|_| !is_rank(column)),
            measure: column.role == Role::Measure,
            rank: is_rank(column),
            bound: bound(column),
            bounded: sibling(answer, column).map(|sibling| Feed::new(sibling, None)),
            usual: printed.max().unwrap_or(0).max(if percent { 1 } else { 2 }),
            common: 0,
        };
        plan.common = numbers.enumerate().map(|(row, number)| plan.needed(number, row)).max().unwrap_or(0);
        plan
    }

    /// Decimals that one number supports.
    fn limit(&self, value: &Rational, bounds: &Interval, row: usize) -> i32 {
        if self.bound.is_some() {
            return self.bounds_of(row).map_or(6, |bounds| spread(&bounds));
        }
        // two significant digits at least, if it has them
        let usual = self.usual.max(1 - exponent(value));
        match width(bounds) {
            Some(width) => usual.min(supported(&width)),
            None => usual.min(0.max(1 - exponent(value))),
        }
    }

    /// Decimals that one number would show by itself.
    fn needed(&self, number: &Number, row: usize) -> i32 {
        let Value::Computed(value) = &number.value else { return 0 };
        let limit = self.limit(value, &number.bounds, row);
        let exact = self.bound.is_some() || number.bounds.lower == number.bounds.upper;
        if exact { decimals(&trimmed(rounded(value, limit, self.rounding()))) } else { limit }
    }

    fn rounding(&self) -> Rounding {
        self.bound.unwrap_or(Rounding::Nearest)
    }

    fn bounds_of(&self, row: usize) -> Option<Interval> {
        match &*cell(self.bounded.as_ref()?, row) {
            Cell::Number(number) => Some(number.bounds.clone()),
            _ => None,
        }
    }

    /// A number as people see it.
    pub(super) fn shown(&self, number: &Number, row: usize) -> Shown {
        let bounds = &number.bounds;
        let text = match &number.value {
            Value::Printed(digits) => match &number.to {
                Some(to) => format!("{}–{}", grouped(digits), grouped(to)),
                None => grouped(digits),
            },
            Value::Computed(_)
                // Without an upper bound the note says among how many; the rank among those stands alone.
                if self.rank && self.bound.is_none() && bounds.upper.is_some() && bounds.lower != bounds.upper =>
            {
                self.bounds(bounds)
            }
            Value::Computed(value) => {
                let decimals = match self.digits {
                    _ if self.rank => 0,
                    Some(digits) => digits as i32,
                    None => self.limit(value, bounds, row).min(self.common),
                };
                grouped(&rounded(value, decimals, self.rounding()))
            }
            Value::Bounded(_) => self.bounds(bounds),
        };
        let single = !text.contains(['–', '≥', '≤']);
        Shown {
            derived: self.measure && !matches!(number.value, Value::Printed(_)) && text != MISSING,
            fraction: single.then(|| text.len() - text.find('.').unwrap_or(text.len())),
            text: number.mark.map_or(String::new(), |mark| word(mark, self.lang).to_owned()) + &text,
        }
    }

    /// An interval in words for people: `344.6–345.8`, `≥ 5`, `≤ 7`.
    fn bounds(&self, bounds: &Interval) -> String {
        let most = |usual: i32| self.digits.map_or(usual, |digits| digits as i32);
        let one = |end: &Rational, rounding: Rounding| {
            let text = rounded(end, most((2 - exponent(end)).clamp(0, 9)), rounding);
            grouped(&if self.digits.is_some() { text } else { trimmed(text) })
        };
        match (&bounds.lower, &bounds.upper) {
            (None, None) => MISSING.to_owned(),
            (Some(lower), None) => format!("≥ {}", one(lower, Rounding::Down)),
            (None, Some(upper)) => format!("≤ {}", one(upper, Rounding::Up)),
            (Some(lower), Some(upper)) if lower == upper => one(lower, Rounding::Nearest),
            (Some(lower), Some(upper)) => {
                let most = most(spread(bounds));
                let ends = [rounded(lower, most, Rounding::Down), rounded(upper, most, Rounding::Up)];
                let needed = match self.digits {
                    Some(_) => most,
                    None => ends.iter().map(|end| decimals(&trimmed(end.clone()))).max().unwrap_or(0),
                };
                let text = |end: &Rational, rounding| grouped(&rounded(end, needed, rounding));
                format!("{}–{}", text(lower, Rounding::Down), text(upper, Rounding::Up))
            }
        }
    }
}

/// The column that a column of bounds belongs to (`value` for plain `lower` and `upper`).
fn sibling<'a>(answer: &'a Answer, column: &Column) -> Option<&'a Column> {
    bound(column)?;
    let stem = column.key.rsplit_once('_').map_or("value", |(stem, _)| stem);
    answer.columns.iter().find(|column| column.key == stem)
}

fn width(bounds: &Interval) -> Option<Rational> {
    Some(bounds.upper.as_ref()? - bounds.lower.as_ref()?)
}

/// How many decimals an interval of this width supports: the last place is no finer than the interval is wide.
fn supported(width: &Rational) -> i32 {
    const MOST: i32 = 12;
    if width.is_zero() {
        return MOST;
    }
    let digit = exponent(width);
    let decimals = if power_of_ten(digit) == *width { -digit } else { -digit - 1 };
    decimals.clamp(0, MOST)
}

/// How many decimals the ends of an interval need, so that rounding outward widens it by a fifth at most.
fn spread(bounds: &Interval) -> i32 {
    match width(bounds) {
        Some(width) if width.is_zero() => 2,
        Some(width) => (1 - exponent(&width)).clamp(0, 9),
        None => 2,
    }
}

fn decimals(digits: &str) -> i32 {
    digits.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32)
}

/// The report's qualifier, before its number.
const fn word(mark: Mark, lang: Lang) -> &'static str {
    match (lang, mark) {
        (Lang::Zh, Mark::About) => "约",
        (Lang::Zh, Mark::Nearly) => "近",
        (Lang::Zh, Mark::Over) => "超",
        (Lang::Zh, Mark::AtLeast) => "至少",
        (Lang::Zh, Mark::Under) => "不足",
        (Lang::Zh, Mark::AtMost) => "至多",
        (Lang::Zh, Mark::Only) => "仅",
        (Lang::En, Mark::About) => "about ",
        (Lang::En, Mark::Nearly) => "nearly ",
        (Lang::En, Mark::Over) => "over ",
        (Lang::En, Mark::AtLeast) => "at least ",
        (Lang::En, Mark::Under) => "under ",
        (Lang::En, Mark::AtMost) => "at most ",
        (Lang::En, Mark::Only) => "only ",
    }
}
