//! Which whole totals a set of rounded shares can have (as GRIM does for means: Brown & Heathers, *The GRIM test*, 2017).

use num_bigint::BigInt;

use super::{Interval, Rational};

/// A share of a whole total: where it lies, as a fraction, and how many things it counts if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The share as a fraction of 1.
    pub fraction: Interval,
    /// The count itself, where known.
    pub count: Interval,
}

/// Totals that are tried on each side of the printed one: at least, however small it is, and at most.
const LEAST: u64 = 100;
const TRIED: u64 = 100_000;

/// The totals of which every share is a whole number of things, those nearest to a printed one first, and the range that was gone
/// through for them: from nothing to twice as much within a cap, or as far as `most` are found.
pub fn nearest_totals(shares: &[Share], printed: u64, most: usize) -> (Vec<u64>, (u64, u64)) {
    let fits = |total: u64| {
        let total = Rational::from_integer(BigInt::from(total));
        shares.iter().all(|share| {
            let counts = share.fraction.scale(&total).intersect(&share.count).whole();
            !counts.is_empty()
        })
    };
    let within = |away: u64| (printed.saturating_sub(away).max(1), printed.saturating_add(away));
    let mut found = Vec::new();
    let furthest = printed.clamp(LEAST, TRIED);
    for away in 0..=furthest {
        let (low, high) = within(away);
        let both = [printed.checked_sub(away).filter(|total| *total == low), Some(high).filter(|_| away > 0)];
        found.extend(both.into_iter().flatten().filter(|total| fits(*total)));
        if found.len() >= most {
            found.truncate(most);
            return (found, within(away));
        }
    }
    (found, within(furthest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::precision::{Format, Printed};

    #[test]
    fn shares_of_an_unknown_total() {
        // 21/87 = 24.138 %, 13/87 = 14.943 %, 9/87 = 10.345 %: print as 24.1, 14.9, 10.3.
        // Of 84: 20/84 = 23.81 %, 21/84 = 25 %: nothing prints as 24.1.
        let percent = Format { power: -2, ..Format::default() };
        let share =
            |digits| Share { fraction: Printed::parse(digits, &percent).unwrap().interval, count: Interval::all() };
        let shares = [share("24.1"), share("14.9"), share("10.3")];
        let (totals, range) = nearest_totals(&shares, 84, 1);
        assert_eq!((totals, range), (vec![87], (81, 87)));
        // 24.3 % of 100 would be 24.25 to 24.35 things; 9/37 = 24.32 %.
        assert!(!nearest_totals(&[share("24.3")], 100, 999).0.contains(&100));
        assert!(nearest_totals(&[share("24.3")], 100, 999).0.contains(&37));
        // A hundredth to a thousandth of a percent of fewer than 200 things is none of them.
        let none = Share {
            fraction: Interval::new(
                crate::precision::integer(10_000).recip(),
                crate::precision::integer(5_000).recip(),
            ),
            count: Interval::all(),
        };
        assert_eq!(nearest_totals(&[none], 60, 3), (Vec::new(), (1, 160)));
    }
}
