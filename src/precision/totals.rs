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

/// The totals within `from..=to` of which every share is a whole number of things; at most `most` of them, least first.
/// Goes through no more than a million totals.
pub fn fitting_totals(shares: &[Share], from: u64, to: u64, most: usize) -> Vec<u64> {
    let fits = |total: u64| {
        let total = Rational::from_integer(BigInt::from(total));
        shares.iter().all(|share| {
            let counts = share.fraction.scale(&total).intersect(&share.count).whole();
            !counts.is_empty()
        })
    };
    (from..=to).take(1_000_000).filter(|total| fits(*total)).take(most).collect()
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
        let totals = fitting_totals(&[share("24.1"), share("14.9"), share("10.3")], 80, 90, 100);
        assert!(totals.contains(&87) && !totals.contains(&84), "{totals:?}");
        assert!(fitting_totals(&[share("24.3")], 100, 100, 9).is_empty());
    }
}
