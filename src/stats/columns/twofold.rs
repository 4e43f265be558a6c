//! Numbers of twice a float's length, so that what comes out is the float nearest to the exact value: error-free sums and
//! products (Knuth, The Art of Computer Programming 2, 4.2.2; Ogita, Rump and Oishi, Accurate Sum and Dot Product, 2005) and
//! quotients with one step of correction (Dekker, A Floating-Point Technique for Extending the Available Precision, 1971).

/// A float and what it lacks of the exact value, which is at most half of its last place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Twofold {
    /// The float nearest to the value.
    pub(super) value: f64,
    /// What is missing; 0 where the value is exact, or too large for this.
    pub(super) rest: f64,
}

impl From<f64> for Twofold {
    fn from(value: f64) -> Self {
        Twofold { value, rest: 0.0 }
    }
}

impl Twofold {
    /// A value and what it lacks, however much.
    pub(super) fn new(value: f64, rest: f64) -> Twofold {
        let sum = value + rest;
        if !sum.is_finite() {
            return if sum.is_nan() { value } else { sum }.into();
        }
        let own = sum - value;
        let lost = (value - (sum - own)) + (rest - own);
        Twofold { value: sum, rest: lost }
    }

    /// Ten to a power: exact up to 10³⁸.
    pub(super) fn power_of_ten(power: u32) -> Twofold {
        match 10i128.checked_pow(power) {
            Some(units) => Twofold::new(units as f64, (units - units as f64 as i128) as f64),
            None => 10f64.powi(power.min(i32::MAX as u32) as i32).into(),
        }
    }

    pub(super) fn add(self, other: Twofold) -> Twofold {
        let sum = Twofold::new(self.value, other.value);
        Twofold::new(sum.value, sum.rest + (self.rest + other.rest))
    }

    pub(super) fn sub(self, other: Twofold) -> Twofold {
        self.add(Twofold { value: -other.value, rest: -other.rest })
    }

    pub(super) fn mul(self, other: Twofold) -> Twofold {
        let product = self.value * other.value;
        let lost = self.value.mul_add(other.value, -product);
        Twofold::new(product, lost + (self.value * other.rest + self.rest * other.value))
    }

    pub(super) fn div(self, other: Twofold) -> Twofold {
        let quotient = self.value / other.value;
        let left = (-quotient).mul_add(other.value, self.value) + (self.rest - quotient * other.rest);
        let step = left / other.value;
        if step.is_finite() { Twofold::new(quotient, step) } else { quotient.into() }
    }
}

#[cfg(test)]
mod tests {
    use num_traits::ToPrimitive;
    use proptest::prelude::*;

    use super::*;
    use crate::precision::Rational;

    fn exact(number: Twofold) -> Rational {
        Rational::from_float(number.value).unwrap() + Rational::from_float(number.rest).unwrap()
    }

    fn units() -> impl Strategy<Value = i64> {
        prop_oneof![-1_000_000_000_000_000i64..1_000_000_000_000_000, -1000i64..1000]
    }

    proptest! {
        #[test]
        fn growth_of_whole_numbers_is_the_nearest_float(now in units(), base in units()) {
            prop_assume!(base != 0);
            let (a, b) = (Twofold::from(now as f64), Twofold::from(base as f64));
            let change = a.sub(b).mul(100.0.into());
            let number = |units: i64| Rational::from_integer(units.into());
            prop_assert_eq!(exact(change), number(100) * (number(now) - number(base)));
            let growth = number(100) * (number(now) - number(base)) / number(base);
            prop_assert_eq!(change.div(b).value, growth.to_f64().unwrap());
        }
    }

    #[test]
    fn what_is_too_large_has_no_rest() {
        let huge = Twofold::from(1e300);
        assert_eq!(huge.mul(huge), f64::INFINITY.into());
        assert_eq!(huge.add(huge).value, 2e300);
        assert_eq!(huge.div(Twofold::from(1e-300)), f64::INFINITY.into());
    }
}
