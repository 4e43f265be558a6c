//! How the numbers of a column are written for people: no more digits than their bounds support, never a text that lies
//! outside of them, and the same number of decimals in a column where they all support it.

use super::Look;
use super::field::{Feed, cell};
use super::number::{Rounding, exponent, from_digits, grouped, rounded, trimmed};
use super::shown::{MISSING, Shown};
use crate::answer::{Answer, Cell, Column, Number, Role, Value};
use crate::package::Mark;
use crate::precision::{Interval, Rational};
use crate::text::Lang;

/// The most decimals that are shown of a computed number.
const MOST: i32 = 12;

/// How many decimals beyond the usual ones bounds must support to be as good as exact.
const NARROW: i32 = 6;

/// How the numbers of one column are written.
pub(super) struct Plan<'a> {
    lang: Lang,
    digits: Option<u32>,
    /// Holds what the report prints: what it does not is marked.
    printed: bool,
    rank: bool,
    /// Of ranks the columns of their bounds: a large table has them there alone.
    ends: Option<[Feed<'a>; 2]>,
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
            Value::Printed(digits) => Some(decimals(digits)),
            _ => None,
        });
        let printed = printed.max();
        let rank = column.is_rank();
        let end = |suffix| companion(answer, &column.key, suffix).map(|column| Feed::new(column, None));
        let mut plan = Plan {
            lang: look.lang,
            digits: look.digits.filter(|_| !rank),
            printed: column.role == Role::Measure || printed.is_some(),
            rank,
            ends: end("lower").zip(end("upper")).filter(|_| rank).map(<[Feed; 2]>::from),
            usual: printed.unwrap_or(0).max(if percent { 1 } else { 2 }),
            common: 0,
        };
        plan.common = numbers.map(|number| plan.needed(number)).max().unwrap_or(0);
        plan
    }

    /// Decimals that one number supports (negative: it is rounded to tens and up): the last place is as wide as the bounds
    /// or narrower, and the rounded number lies between them.
    fn limit(&self, value: &Rational, bounds: &Interval) -> i32 {
        // two significant digits at least, if it has them
        let usual = self.usual.max(1 - exponent(value));
        let two = (1 - exponent(value)).min(0);
        let coarsest = match bounds.width() {
            Some(width) if bounds.is_exact() || is_narrow(&width, usual) => return usual,
            Some(width) => two.max(-exponent(&width)),
            None => 0.max(1 - exponent(value)),
        };
        let inside = |places: &i32| {
            from_digits(&rounded(value, *places, Rounding::Nearest)).is_some_and(|rounded| bounds.contains(&rounded))
        };
        (usual.min(coarsest)..MOST).find(inside).unwrap_or(MOST)
    }

    /// Decimals that one number would show by itself.
    fn needed(&self, number: &Number) -> i32 {
        let value = match &number.value {
            Value::Computed(value) => value,
            Value::Printed(digits) => return decimals(digits),
            Value::Bounded(_) => return 0,
        };
        let limit = self.limit(value, &number.bounds);
        if number.bounds.is_exact() { decimals(&trimmed(rounded(value, limit, Rounding::Nearest))) } else { limit }
    }

    /// Between what a number lies.
    fn bounds_of(&self, number: &Number, row: usize) -> Interval {
        let Some(ends) = &self.ends else { return number.bounds.clone() };
        let [lower, upper] = ends.each_ref().map(|feed| match &*cell(feed, row) {
            Cell::Number(Number { value: Value::Computed(end), .. }) => Some(end.clone()),
            _ => None,
        });
        Interval { lower, upper }
    }

    /// A number as people see it.
    pub(super) fn shown(&self, number: &Number, row: usize) -> Shown {
        let bounds = self.bounds_of(number, row);
        let text = match &number.value {
            Value::Printed(digits) => match &number.to {
                Some(to) => format!("{}–{}", grouped(digits), grouped(to)),
                None => grouped(digits),
            },
            Value::Computed(_) if self.rank && !bounds.is_exact() => self.range(&bounds),
            // Printed digits may say what relations with others rule out.
            Value::Computed(value) if !bounds.contains(value) => self.range(&bounds),
            Value::Computed(value) => {
                let decimals = match self.digits {
                    _ if self.rank => 0,
                    Some(digits) => digits as i32,
                    None => self.limit(value, &bounds).min(self.common),
                };
                grouped(&rounded(value, decimals, Rounding::Nearest))
            }
            Value::Bounded(_) => self.range(&bounds),
        };
        let single = !text.contains(['–', '≥', '≤']);
        Shown {
            derived: self.printed && !matches!(number.value, Value::Printed(_)) && text != MISSING,
            fraction: single.then(|| text.len() - text.find('.').unwrap_or(text.len())),
            text: number.mark.map_or(String::new(), |mark| word(mark, self.lang).to_owned()) + &text,
        }
    }

    /// The bounds of a number as people see them: of an exact one what itself says.
    pub(super) fn bounds(&self, number: &Number, row: usize) -> String {
        let bounds = self.bounds_of(number, row);
        match &bounds.lower {
            Some(exact) if bounds.is_exact() => match &number.value {
                // What follows exactly has more digits than are printed.
                Value::Printed(digits) if from_digits(digits).as_ref() != Some(exact) => {
                    grouped(&trimmed(rounded(exact, decimals(digits) + 2, Rounding::Nearest)))
                }
                _ => self.shown(&Number { mark: None, ..number.clone() }, row).text,
            },
            _ => self.range(&bounds),
        }
    }

    /// An interval in words for people: `344.6–345.8`, `≥ 5`, `≤ 7`.
    fn range(&self, bounds: &Interval) -> String {
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
                let narrow = bounds.width().is_some_and(|width| is_narrow(&width, self.usual));
                let most = most(if narrow { self.usual + 2 } else { spread(bounds) });
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

/// What accompanies a column of numbers: `deals_lower` of `deals`, plain `lower` of `value`.
pub(super) fn companion<'a>(answer: &'a Answer, key: &str, suffix: &str) -> Option<&'a Column> {
    let is = |column: &&Column| match column.key.rsplit_once('_') {
        Some((stem, end)) => stem == key && end == suffix,
        None => key == "value" && column.key == suffix,
    };
    answer.columns.iter().filter(|column| column.role == Role::Companion).find(is)
}

/// Whether bounds are so close that only rounding outward keeps them apart: a root of exact numbers.
fn is_narrow(width: &Rational, usual: i32) -> bool {
    -exponent(width) > usual + NARROW
}

/// How many decimals the ends of an interval need, so that rounding outward widens it by a fifth at most.
fn spread(bounds: &Interval) -> i32 {
    match bounds.width() {
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
        (Lang::Zh, Mark::Over) => "超过",
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
