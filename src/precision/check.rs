//! Replays a contradiction without the solver: every step again from its one rule, the multipliers of Farkas' lemma added
//! up, both branches of a split. Over [`Rational`]s, with code of its own, so that an error in propagation or simplex
//! cannot vouch for itself.

use std::collections::BTreeMap;

use num_traits::{One, Signed, Zero};

use super::lower::{Kind, Reading, Row};
use super::model::Model;
use super::num::Num;
use super::program::{Source, known};
use super::propagate::Side;
use super::search::{Branch, End, Proof};
use super::{Interval, Rational};

type Bounds = Vec<Interval<Rational>>;

/// Whether the proof shows that nothing fits the model.
pub(super) fn refutes(model: &Model, proof: &Proof) -> bool {
    let mut bounds: Bounds = model.start.iter().map(plain).collect();
    for (range, whole) in bounds.iter_mut().zip(&model.whole) {
        if *whole {
            *range = range.whole();
        }
    }
    replay(model, proof, bounds)
}

fn plain(range: &Interval<Num>) -> Interval<Rational> {
    Interval { lower: range.lower.as_ref().map(Num::to_rational), upper: range.upper.as_ref().map(Num::to_rational) }
}

fn replay(model: &Model, proof: &Proof, mut bounds: Bounds) -> bool {
    for (variable, side, value, rule) in &proof.steps {
        let value = value.to_rational();
        if !follows(model, *rule, *variable, *side, &value, &bounds) {
            return false;
        }
        let range = &mut bounds[*variable];
        match side {
            Side::Lower => range.lower = Some(value),
            Side::Upper => range.upper = Some(value),
        }
    }
    match &proof.end {
        End::Empty(variable) => bounds[*variable].is_empty(),
        End::Violated(rule) => violated(model, *rule, &bounds),
        End::Farkas(factors) => adds_up(model, factors, &bounds),
        End::Split(Branch::Whole(variable, at), both) => {
            let at = at.to_rational();
            let mut high = bounds.clone();
            bounds[*variable].upper = Some(at.clone());
            high[*variable].lower = Some(at + Rational::from_integer(1.into()));
            model.whole[*variable] && replay(model, &both[0], bounds) && replay(model, &both[1], high)
        }
        End::Split(Branch::Rank(rule, other), both) => {
            let under = model.settled(*rule, *other, false);
            let over = model.settled(*rule, *other, true);
            replay(&under, &both[0], bounds.clone()) && replay(&over, &both[1], bounds)
        }
    }
}

/// Whether one rule gives this bound from the others.
fn follows(model: &Model, rule: usize, variable: usize, side: Side, value: &Rational, bounds: &Bounds) -> bool {
    let Some(rule) = model.rules.get(rule) else {
        return false;
    };
    let implied = match &rule.kind {
        Kind::Row(row) => row_bound(row, variable, bounds),
        Kind::Rate { rate, part, whole, scale } => {
            let start = plain(&model.start[*rate]);
            let told = if model.tells(*rate, *whole, &bounds[*whole]) { &bounds[*rate] } else { &start };
            let q = quotient(scale, told);
            let mut implied = Interval::all();
            let none = bounds[*whole].is_zero();
            if variable == *part && (!none || q.is_bounded()) {
                implied = implied.intersect(&q.mul(&bounds[*whole]));
            }
            if variable == *whole {
                implied = implied.intersect(&bounds[*part].unmul(&q));
                let zero = bounds[*whole].lower.as_ref().is_some_and(Zero::is_zero);
                if zero && model.whole[*whole] && model.is_stated(*rate) {
                    implied = implied.intersect(&Interval { lower: Some(Rational::one()), upper: None });
                }
            }
            let counts = |v: usize| model.whole[v] && bounds[v].lower.as_ref().is_some_and(|low| !low.is_negative());
            if counts(*part)
                && counts(*whole)
                && (variable == *part && without_pair(side, value, &bounds[*whole], &q)
                    || variable == *whole && without_pair(side, value, &bounds[*part], &turned(&q)))
            {
                return true;
            }
            if variable == *rate
                && let Some(range) = bounds[*part].div(&model.base(*whole, &bounds[*whole], Rational::one()))
            {
                return rate_covers(scale, &range, side, value);
            }
            implied
        }
        Kind::Order { levels, rising } => {
            return order_covers(*levels, *rising, variable, side, value, bounds);
        }
        Kind::Rank { .. } => return rank_covers(model, &rule.kind, variable, side, value, bounds),
        Kind::Never => return true,
    };
    let implied = if model.whole[variable] { implied.whole() } else { implied };
    match side {
        Side::Lower => implied.lower.is_some_and(|lower| lower >= *value),
        Side::Upper => implied.upper.is_some_and(|upper| upper <= *value),
    }
}

/// A quotient above 0 the other way round.
fn turned(q: &Interval<Rational>) -> Interval<Rational> {
    let end = |end: &Option<Rational>| end.as_ref().filter(|end| end.is_positive()).map(Rational::recip);
    Interval { lower: end(&q.upper), upper: end(&q.lower) }
}

/// Whether no whole number beyond `value` is a factor of `by` times a whole number of `of`: from the bound itself on, each
/// number leaves the other nothing nearer, until there is none in `of`.
fn without_pair(side: Side, value: &Rational, of: &Interval<Rational>, by: &Interval<Rational>) -> bool {
    let (low, high) = (by.lower.as_ref().filter(|low| low.is_positive()), by.upper.as_ref());
    let one = Rational::one();
    match side {
        Side::Lower => {
            let (Some(first), Some(low)) = (of.lower.as_ref().filter(|first| first.is_positive()), low) else {
                return false;
            };
            let mut own = value.ceil() - &one;
            loop {
                let other = (&own / low).floor();
                if other < *first || !other.is_positive() {
                    return true;
                }
                let next = high.map(|high| (&other * high).floor());
                match next.filter(|next| *next < own) {
                    Some(next) => own = next,
                    None => return false,
                }
            }
        }
        Side::Upper => {
            let (Some(last), Some(high)) = (&of.upper, high) else { return false };
            let mut own = value.floor() + &one;
            loop {
                let other = (&own / high).ceil();
                if other > *last {
                    return true;
                }
                let next = low.map(|low| (&other * low).ceil());
                match next.filter(|next| *next > own) {
                    Some(next) => own = next,
                    None => return false,
                }
            }
        }
    }
}

fn row_bound(row: &Row, variable: usize, bounds: &Bounds) -> Interval<Rational> {
    let mut rest = plain(&row.within);
    let mut own = None;
    for (v, a) in &row.terms {
        let a = a.to_rational();
        if *v == variable {
            own = Some(a);
        } else {
            rest = rest.sub(&bounds[*v].scale(&a));
        }
    }
    own.map_or_else(Interval::all, |a| rest.scale(&a.recip()))
}

fn hundred() -> Rational {
    Rational::from_integer(100.into())
}

fn quotient(scale: &Reading, rate: &Interval<Rational>) -> Interval<Rational> {
    match scale {
        Reading::Share(per) => rate.scale(&per.to_rational().recip()),
        Reading::Growth(years) => {
            let factor = rate.scale(&hundred().recip()).add(&Interval::exact(Rational::from_integer(1.into())));
            if *years == 1 {
                return factor;
            }
            let factor = factor.intersect(&Interval::non_negative());
            let power = |end: Option<Rational>| end.map(|value| num_traits::pow(value, *years as usize));
            Interval { lower: power(factor.lower), upper: power(factor.upper) }
        }
    }
}

/// Whether rates of these quotients stay on the right side of `value`: compared after raising, not by roots.
fn rate_covers(scale: &Reading, quotients: &Interval<Rational>, side: Side, value: &Rational) -> bool {
    if let Reading::Growth(years) = scale
        && *years > 1
        && *value < -hundred()
    {
        return side == Side::Lower;
    }
    let at = quotient(scale, &Interval::exact(value.clone()));
    let zero = || matches!(scale, Reading::Growth(years) if *years > 1).then(Rational::zero);
    match (side, at.lower) {
        (Side::Lower, Some(at)) => quotients.lower.clone().or_else(zero).is_some_and(|lower| lower >= at),
        (Side::Upper, Some(at)) => quotients.upper.as_ref().is_some_and(|upper| *upper <= at),
        _ => false,
    }
}

fn order_covers(
    [a, b, c]: [usize; 3],
    rising: bool,
    variable: usize,
    side: Side,
    value: &Rational,
    bounds: &Bounds,
) -> bool {
    let lower = |v: usize| bounds[v].lower.as_ref();
    let upper = |v: usize| bounds[v].upper.as_ref();
    if [a, b, c].iter().any(|v| lower(*v).is_none_or(Rational::is_negative)) {
        return false;
    }
    let square = value * value;
    let middle = variable == b
        && match (rising, side) {
            (true, Side::Upper) => !value.is_negative() && upper(a).zip(upper(c)).is_some_and(|(a, c)| square >= a * c),
            (false, Side::Lower) => value.is_negative() || lower(a).zip(lower(c)).is_some_and(|(a, c)| square <= a * c),
            _ => false,
        };
    let outer =
        [(a, c), (c, a)].into_iter().filter(|(first, _)| *first == variable).any(|(_, last)| match (rising, side) {
            (true, Side::Lower) => {
                value.is_negative() || lower(b).zip(upper(last)).is_some_and(|(b, last)| value * last <= b * b)
            }
            (false, Side::Upper) => {
                upper(b).zip(lower(last)).is_some_and(|(b, last)| !last.is_zero() && value * last >= b * b)
            }
            _ => false,
        });
    middle || outer
}

/// Takes the opposite of the bound and counts: too many certainly above, or too few possibly.
fn rank_covers(model: &Model, kind: &Kind, variable: usize, side: Side, value: &Rational, bounds: &Bounds) -> bool {
    let mut bounds = bounds.clone();
    let one = Rational::from_integer(1.into());
    let step = if model.whole[variable] { one } else { Rational::zero() };
    match side {
        Side::Lower => bounds[variable].upper = Some(value - step),
        Side::Upper => bounds[variable].lower = Some(value + step),
    }
    let open = (!model.whole[variable]).then_some((variable, side));
    bounds[variable].is_empty() || miscounted(kind, &bounds, open)
}

/// `open`: the variable whose end beyond a refuted bound (upper end for `Lower`) is not itself included.
fn miscounted(kind: &Kind, bounds: &Bounds, open: Option<(usize, Side)>) -> bool {
    let Kind::Rank { of, open: others, least, most, over, under } = kind else {
        return false;
    };
    let of_is = |side| open == Some((*of, side));
    let certain = |v: &usize| {
        let ends = bounds[*v].lower.as_ref().zip(bounds[*of].upper.as_ref());
        let touching = open == Some((*v, Side::Upper)) || of_is(Side::Lower);
        over.contains(v) || ends.is_some_and(|(low, high)| low > high || (touching && low == high))
    };
    let excluded = |v: &usize| {
        let ends = bounds[*v].upper.as_ref().zip(bounds[*of].lower.as_ref());
        under.contains(v) || ends.is_some_and(|(high, low)| high <= low)
    };
    let everyone = || others.iter().chain(over).chain(under);
    everyone().filter(|v| certain(v)).count() > *most || everyone().filter(|v| !excluded(v)).count() < *least
}

fn violated(model: &Model, rule: usize, bounds: &Bounds) -> bool {
    match model.rules.get(rule).map(|rule| &rule.kind) {
        Some(Kind::Never) => true,
        Some(Kind::Row(row)) => {
            let zero = Interval::exact(Rational::zero());
            let sum = row.terms.iter().fold(zero, |sum, (v, a)| sum.add(&bounds[*v].scale(&a.to_rational())));
            let within = plain(&row.within);
            let past = |a: Option<&Rational>, b: Option<&Rational>| {
                a.zip(b).is_some_and(|(a, b)| a > b || (row.strict && a == b))
            };
            within.is_empty()
                || past(sum.lower.as_ref(), within.upper.as_ref())
                || past(within.lower.as_ref(), sum.upper.as_ref())
        }
        Some(Kind::Rate { rate, whole, .. }) => model.is_stated(*rate) && bounds[*whole].is_zero(),
        Some(kind @ Kind::Rank { .. }) => miscounted(kind, bounds, None),
        _ => false,
    }
}

/// Farkas' lemma: a combination that is 0 identically, and below 0 within the bounds.
fn adds_up(model: &Model, factors: &[(Source, Num)], bounds: &Bounds) -> bool {
    let mut sum: BTreeMap<usize, Rational> = BTreeMap::new();
    let mut highest = Rational::zero();
    let mut strict = false;
    for (source, factor) in factors {
        let factor = factor.to_rational();
        let Some((terms, within, open)) = meaning(model, source, bounds) else {
            return false;
        };
        strict |= open && !factor.is_zero();
        for (v, a) in terms {
            let entry = sum.entry(v).or_insert_with(Rational::zero);
            *entry += a * &factor;
        }
        match within.scale(&factor).upper {
            Some(upper) => highest += upper,
            None => return false,
        }
    }
    sum.values().all(Zero::is_zero) && (highest.is_negative() || (strict && highest.is_zero()))
}

type Meaning = (Vec<(usize, Rational)>, Interval<Rational>, bool);

/// The expression and interval that a source stands for, by the rules and bounds alone.
fn meaning(model: &Model, source: &Source, bounds: &Bounds) -> Option<Meaning> {
    let one = Rational::from_integer(1.into());
    let rate_of = |rule: &usize| match &model.rules.get(*rule)?.kind {
        Kind::Rate { rate, part, whole, scale } => Some((*rate, *part, *whole, scale)),
        _ => None,
    };
    match source {
        Source::Variable(v) => Some((vec![(*v, one)], bounds.get(*v)?.clone(), false)),
        Source::Row(rule) => match &model.rules.get(*rule)?.kind {
            Kind::Row(row) => {
                let terms = row.terms.iter().map(|(v, a)| (*v, a.to_rational())).collect();
                Some((terms, plain(&row.within), row.strict))
            }
            _ => None,
        },
        Source::Quotient(rule, end) => {
            let (rate, part, whole, scale) = rate_of(rule)?;
            let end = end.to_rational();
            if bounds[whole].lower.as_ref().is_none_or(Rational::is_negative) {
                return None;
            }
            let start = plain(&model.start[rate]);
            let told = if model.tells(rate, whole, &bounds[whole]) { &bounds[rate] } else { &start };
            let range = quotient(scale, told);
            let within = Interval {
                lower: range.lower.filter(|lower| *lower >= end).map(|_| Rational::zero()),
                upper: range.upper.filter(|upper| *upper <= end).map(|_| Rational::zero()),
            };
            Some((vec![(part, one), (whole, -end)], within, false))
        }
        Source::Rank(rule, other, is) => {
            let kind = &model.rules.get(*rule)?.kind;
            let Kind::Rank { of, .. } = kind else { return None };
            // With the opposite supposed of it alone, the count is wrong.
            let opposite = model.settled(*rule, *other, !is);
            if !miscounted(&opposite.rules.get(*rule)?.kind, bounds, None) {
                return None;
            }
            let counts = model.whole[*of] && model.whole[*other];
            let step = if counts { one.clone() } else { Rational::zero() };
            let within = match is {
                true => Interval { lower: Some(step), upper: None },
                false => Interval { lower: None, upper: Some(Rational::zero()) },
            };
            Some((vec![(*other, one.clone()), (*of, -one)], within, false))
        }
        Source::Known(rule, total) => {
            let (rate, part, whole, scale) = rate_of(rule)?;
            let (factor, constant) = known(scale, total)?;
            if total.is_zero() || bounds[whole] != Interval::exact(total.to_rational()) {
                return None;
            }
            let terms = vec![(part, one), (rate, -factor.to_rational())];
            Some((terms, Interval::exact(constant.to_rational()), false))
        }
    }
}
