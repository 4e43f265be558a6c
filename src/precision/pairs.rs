//! Whole numbers whose quotient lies in an interval. A printed rate of two counts leaves few of them while these are small:
//! that is how GRIM (Brown & Heathers, 2017) reads a mean, and here it bounds both.

use super::num::Num;
use super::{Interval, Number, Rational};

/// Numbers passed over in one go; what is known by then is kept.
const PATIENCE: usize = 1000;

/// Between which ends the whole numbers lie that are a factor of `by` times a whole number of `of`. Both are at least 0. An end is
/// brought in from number to number, each the nearest that the one before leaves the other.
pub(super) fn multiples(of: &Interval<Num>, by: &Interval<Num>) -> Interval<Num> {
    let mut none = false;
    let (least, most) = (by.lower.as_ref().filter(|low| low.sign() > 0), by.upper.as_ref());
    let most = most.filter(|high| high.sign() >= 0);
    let lower = of.lower.as_ref().map(Num::ceil).filter(|from| from.sign() > 0).zip(least).map(|(mut from, least)| {
        let mut end = from.mul(least).ceil();
        for _ in 0..PATIENCE {
            let next = most.and_then(|most| end.div(most)).map(|next| next.ceil());
            let Some(next) = next.filter(|next| *next > from) else { break };
            if of.upper.as_ref().is_some_and(|last| next > *last) {
                none = true;
                break;
            }
            from = next;
            end = from.mul(least).ceil();
        }
        end
    });
    if none {
        // As rounding alone would show it: the upper end is the one before.
        let upper = lower.as_ref().map(|end| end.sub(&Num::ONE));
        return Interval { lower, upper };
    }
    let upper = of.upper.as_ref().map(Num::floor).zip(most).map(|(mut from, most)| {
        let mut end = from.mul(most).floor();
        for _ in 0..PATIENCE {
            let next = least.and_then(|least| end.div(least)).map(|next| next.floor());
            let Some(next) = next.filter(|next| *next < from) else { break };
            if of.lower.as_ref().is_some_and(|first| next < *first) {
                break;
            }
            from = next;
            end = from.mul(most).floor();
        }
        end
    });
    Interval { lower, upper }
}

/// The factors that undo those of an interval above 0.
pub(super) fn inverse(by: &Interval<Num>) -> Interval<Num> {
    let turn = |end: &Option<Num>| end.as_ref().filter(|end| end.sign() > 0).and_then(Num::recip);
    Interval { lower: turn(&by.upper), upper: turn(&by.lower) }
}

/// Between which ends the whole numbers lie that are a factor of `by` times a whole number of `of`; both are at least 0.
pub fn whole_multiples(of: &Interval, by: &Interval) -> Interval {
    let num = |range: &Interval| {
        let end = |end: &Option<Rational>| end.as_ref().map(Num::from_rational);
        Interval { lower: end(&range.lower), upper: end(&range.upper) }
    };
    super::solve::plain(&multiples(&num(of), &num(by)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// From one whole number to another, over a third.
    fn range(lower: i128, upper: i128, over: i128) -> Interval<Num> {
        let end = |end| Num::int(end).div(&Num::int(over));
        Interval { lower: end(lower), upper: end(upper) }
    }

    /// Growth of 72.4 %: 50 of 29 (1.72414…) is the first pair, 100 of 58 the next, as each number up to them shows.
    #[test]
    fn the_first_pair_of_a_growth_rate() {
        let by = range(17235, 17245, 10_000);
        let from = |lower: i128| multiples(&Interval { lower: Some(Num::int(lower)), upper: None }, &by).lower;
        assert_eq!(from(1), Some(Num::int(50)));
        assert_eq!(from(29), Some(Num::int(50)));
        assert_eq!(from(30), Some(Num::int(100)));
        assert_eq!(from(0), None);
        // Below 0 no number is a factor of one at least 0.
        assert_eq!(multiples(&range(0, 9, 1), &range(-3, -1, 2)).upper, None);
        let back = multiples(&range(1, 49, 1), &inverse(&by));
        assert!(back.is_empty(), "{back:?}");
    }

    proptest! {
        #[test]
        fn ends_are_those_of_all_pairs(low in 0i128..60, width in 0i128..20, a in 1i128..400, more in 0i128..40, d in 1i128..120) {
            let (of, by) = (low..=low + width, (a, a + more));
            let fits = |p: i128, q: i128| p * d >= by.0 * q && p * d <= by.1 * q;
            let all: Vec<i128> = of.clone().filter(|q| *q > 0)
                .flat_map(|q| (0..=(q * by.1 / d)).filter(move |p| fits(*p, q))).collect();
            let found = multiples(&range(low, low + width, 1), &range(by.0, by.1, d));
            match (all.iter().min(), all.iter().max()) {
                (Some(first), Some(last)) => {
                    if low > 0 { prop_assert_eq!(found.lower, Some(Num::int(*first))); }
                    prop_assert_eq!(found.upper, Some(Num::int(*last)));
                }
                _ => prop_assert!(found.is_empty() || found.upper.is_some_and(|end| end.sign() <= 0)),
            }
        }
    }
}
