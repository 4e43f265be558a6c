//! Roots of rationals by integer arithmetic.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero, pow};

use crate::precision::Rational;

/// Decimals that a root is exact to: far beyond the sixteen digits that an answer shows.
const DECIMALS: usize = 40;

/// `value^(power / index)`, rounded down or up in the fortieth decimal, exact where it is a decimal of that length.
/// `None` for a negative value or an index of zero.
pub fn root(value: &Rational, power: u32, index: u32, up: bool) -> Option<Rational> {
    if value.is_negative() || index == 0 {
        return None;
    }
    if value.is_zero() {
        return Some(Rational::zero());
    }
    let radicand = pow(value.clone(), power as usize);
    let scale = pow(BigInt::from(10), DECIMALS);
    let scaled = radicand.numer() * pow(scale.clone(), index as usize);
    let (quotient, rest) = (&scaled / radicand.denom(), &scaled % radicand.denom());
    let floor = quotient.nth_root(index);
    let exact = rest.is_zero() && pow(floor.clone(), index as usize) == quotient;
    let rounded = if exact || !up { floor } else { floor + BigInt::one() };
    Some(Rational::new(rounded, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(n: i64, d: i64) -> Rational {
        Rational::new(n.into(), d.into())
    }

    #[test]
    fn perfect_powers_are_exact() {
        assert_eq!(root(&ratio(64, 1), 1, 3, true), Some(ratio(4, 1)));
        assert_eq!(root(&ratio(64, 1), 2, 3, false), Some(ratio(16, 1)));
        assert_eq!(root(&ratio(9, 4), 1, 2, true), Some(ratio(3, 2)));
        assert_eq!(root(&ratio(0, 1), 1, 7, true), Some(ratio(0, 1)));
    }

    #[test]
    fn others_are_enclosed() {
        let (low, high) = (root(&ratio(2, 1), 1, 2, false).unwrap(), root(&ratio(2, 1), 1, 2, true).unwrap());
        assert!(&low * &low < ratio(2, 1) && &high * &high > ratio(2, 1) && low < high);
        assert_eq!(root(&ratio(-1, 1), 1, 2, false), None);
        assert_eq!(root(&ratio(1, 1), 1, 0, false), None);
    }
}
