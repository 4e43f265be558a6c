//! Closed intervals over exact numbers, with either end open to infinity (Moore, Kearfott & Cloud, *Introduction to
//! Interval Analysis*, 2009, ch. 2; division by an interval as in IEEE 1788 for a divisor that does not straddle 0).

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use super::num::{magnitude, power_of_ten};
use super::{Number, Rational};

/// A closed interval; `None` is an end without bound. Empty when `lower > upper`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval<T = Rational> {
    /// Lower end, `None` for −∞.
    pub lower: Option<T>,
    /// Upper end, `None` for +∞.
    pub upper: Option<T>,
}

impl<T> Default for Interval<T> {
    fn default() -> Self {
        Interval { lower: None, upper: None }
    }
}

impl<T: Number> Interval<T> {
    /// All numbers.
    pub fn all() -> Self {
        Interval::default()
    }

    /// One number.
    pub fn exact(value: T) -> Self {
        Interval { lower: Some(value.clone()), upper: Some(value) }
    }

    /// The closed interval between two numbers.
    pub fn new(lower: T, upper: T) -> Self {
        Interval { lower: Some(lower), upper: Some(upper) }
    }

    /// Zero and above: levels and counts.
    pub fn non_negative() -> Self {
        Interval { lower: Some(T::zero()), upper: None }
    }

    /// Whether no number lies inside.
    pub fn is_empty(&self) -> bool {
        matches!((&self.lower, &self.upper), (Some(lower), Some(upper)) if lower > upper)
    }

    /// Whether exactly one number lies inside.
    pub fn is_exact(&self) -> bool {
        matches!((&self.lower, &self.upper), (Some(lower), Some(upper)) if lower == upper)
    }

    /// Whether both ends are infinite.
    pub fn is_all(&self) -> bool {
        self.lower.is_none() && self.upper.is_none()
    }

    /// Whether `value` lies inside.
    pub fn contains(&self, value: &T) -> bool {
        self.lower.as_ref().is_none_or(|lower| lower <= value) && self.upper.as_ref().is_none_or(|upper| value <= upper)
    }

    /// Whether all of `other` lies inside.
    pub fn encloses(&self, other: &Self) -> bool {
        let lower = match (&self.lower, &other.lower) {
            (None, _) => true,
            (Some(a), Some(b)) => a <= b,
            (Some(_), None) => false,
        };
        let upper = match (&self.upper, &other.upper) {
            (None, _) => true,
            (Some(a), Some(b)) => a >= b,
            (Some(_), None) => false,
        };
        lower && upper
    }

    /// What lies in both.
    pub fn intersect(&self, other: &Self) -> Self {
        Interval {
            lower: pick(&self.lower, &other.lower, |a, b| if a >= b { a } else { b }),
            upper: pick(&self.upper, &other.upper, |a, b| if a <= b { a } else { b }),
        }
    }

    /// The least interval around both.
    pub fn hull(&self, other: &Self) -> Self {
        Interval {
            lower: self.lower.as_ref().zip(other.lower.as_ref()).map(|(a, b)| a.min(b).clone()),
            upper: self.upper.as_ref().zip(other.upper.as_ref()).map(|(a, b)| a.max(b).clone()),
        }
    }

    /// Upper less lower end; `None` when unbounded.
    pub fn width(&self) -> Option<T> {
        self.lower.as_ref().zip(self.upper.as_ref()).map(|(lower, upper)| upper.sub(lower))
    }

    /// Every sum of a number here and one there.
    pub fn add(&self, other: &Self) -> Self {
        Interval {
            lower: self.lower.as_ref().zip(other.lower.as_ref()).map(|(a, b)| a.add(b)),
            upper: self.upper.as_ref().zip(other.upper.as_ref()).map(|(a, b)| a.add(b)),
        }
    }

    /// Every number here with its sign turned.
    pub fn neg(&self) -> Self {
        let turn = |end: &Option<T>| end.as_ref().map(|value| T::zero().sub(value));
        Interval { lower: turn(&self.upper), upper: turn(&self.lower) }
    }

    /// Every difference of a number here and one there.
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    /// Every number here times `factor`.
    pub fn scale(&self, factor: &T) -> Self {
        if factor.signum() == 0 {
            return Interval::exact(T::zero());
        }
        let times = |end: &Option<T>| end.as_ref().map(|value| value.mul(factor));
        let (lower, upper) = (times(&self.lower), times(&self.upper));
        if factor.signum() < 0 { Interval { lower: upper, upper: lower } } else { Interval { lower, upper } }
    }

    /// Every product of a number here and one there.
    pub fn mul(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return Interval::exact(T::zero());
        }
        if let (Some(a), Some(b)) = (&self.lower, &other.lower)
            && a.signum() >= 0
            && b.signum() >= 0
        {
            let upper = self.upper.as_ref().zip(other.upper.as_ref()).map(|(a, b)| a.mul(b));
            return Interval { lower: Some(a.mul(b)), upper };
        }
        let mut corners = Vec::with_capacity(4);
        for a in [End::low(&self.lower), End::high(&self.upper)] {
            for b in [End::low(&other.lower), End::high(&other.upper)] {
                corners.push(a.times(&b));
            }
        }
        End::span(corners)
    }

    /// Every quotient of a number here and one there; `None` if the divisor has 0 strictly inside or is 0.
    pub fn div(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let low = other.lower.as_ref().map_or(-1, T::signum);
        let high = other.upper.as_ref().map_or(1, T::signum);
        if low < 0 && high > 0 {
            return None;
        }
        if high <= 0 {
            return self.neg().div(&other.neg());
        }
        let one_over = |end: &Option<T>| end.as_ref().and_then(T::recip);
        let inverse = Interval {
            lower: if other.upper.is_none() { Some(T::zero()) } else { one_over(&other.upper) },
            upper: one_over(&other.lower),
        };
        Some(self.mul(&inverse))
    }

    /// Every number whose product with one of `other` lies here: the reverse multiplication of IEEE 1788 (`mulRev`). Where
    /// both have 0, all numbers do.
    pub fn unmul(&self, other: &Self) -> Self {
        let zero = T::zero();
        if self.contains(&zero) && other.contains(&zero) {
            return Interval::all();
        }
        self.div(other).unwrap_or_default()
    }

    /// Whether neither end is infinite.
    pub fn is_bounded(&self) -> bool {
        self.lower.is_some() && self.upper.is_some()
    }

    /// Whether 0 alone lies inside.
    pub fn is_zero(&self) -> bool {
        self.lower.as_ref().is_some_and(|v| v.signum() == 0) && self.upper.as_ref().is_some_and(|v| v.signum() == 0)
    }
}

fn pick<T: Clone>(a: &Option<T>, b: &Option<T>, better: impl for<'a> Fn(&'a T, &'a T) -> &'a T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(better(a, b).clone()),
        (Some(a), None) | (None, Some(a)) => Some(a.clone()),
        (None, None) => None,
    }
}

/// One end of an interval in the extended line.
enum End<T> {
    Below,
    At(T),
    Above,
}

impl<T: Number> End<T> {
    fn low(end: &Option<T>) -> Self {
        end.clone().map_or(End::Below, End::At)
    }

    fn high(end: &Option<T>) -> Self {
        end.clone().map_or(End::Above, End::At)
    }

    fn signum(&self) -> i32 {
        match self {
            End::Below => -1,
            End::At(value) => value.signum(),
            End::Above => 1,
        }
    }

    /// 0 times infinity is 0: the ends are limits of bounded numbers.
    fn times(&self, other: &Self) -> Self {
        if let (End::At(a), End::At(b)) = (self, other) {
            return End::At(a.mul(b));
        }
        match self.signum() * other.signum() {
            0 => End::At(T::zero()),
            1 => End::Above,
            _ => End::Below,
        }
    }

    fn span(corners: Vec<Self>) -> Interval<T> {
        let below = corners.iter().any(|c| matches!(c, End::Below));
        let above = corners.iter().any(|c| matches!(c, End::Above));
        let finite = || corners.iter().filter_map(|c| if let End::At(value) = c { Some(value) } else { None });
        Interval {
            lower: if below { None } else { finite().min().cloned() },
            upper: if above { None } else { finite().max().cloned() },
        }
    }
}

impl Interval<Rational> {
    /// Both ends as plain decimal strings of at most `digits` significant digits, lower rounded down, upper up; `None`
    /// for an infinite end. Exact ends that need no more digits are written exactly.
    #[cfg(test)]
    pub fn outward(&self, digits: u32) -> (Option<String>, Option<String>) {
        let write = |end: &Option<Rational>, up| end.as_ref().map(|value| decimal(value, digits, up));
        (write(&self.lower, false), write(&self.upper, true))
    }

    /// The whole numbers inside, as an interval.
    pub fn whole(&self) -> Self {
        Interval { lower: self.lower.as_ref().map(Rational::ceil), upper: self.upper.as_ref().map(Rational::floor) }
    }
}

/// A rational as a plain decimal of at most `digits` significant digits, rounded down or up.
pub fn decimal(value: &Rational, digits: u32, up: bool) -> String {
    if value.is_zero() {
        return "0".into();
    }
    let digits = digits.clamp(1, 1000);
    let exponent = magnitude(value) - i64::from(digits);
    let scaled = value / power_of_ten(exponent);
    let mut number: BigInt = if up { scaled.ceil() } else { scaled.floor() }.to_integer();
    let mut exponent = exponent;
    let ten = BigInt::from(10);
    while !number.is_zero() && exponent < 0 {
        let (quotient, rest) = number.div_rem(&ten);
        if !rest.is_zero() {
            break;
        }
        number = quotient;
        exponent += 1;
    }
    if exponent >= 0 {
        return (number * power_of_ten(exponent).to_integer()).to_string();
    }
    let places = exponent.unsigned_abs() as usize;
    let text = number.abs().to_string();
    let text = format!("{text:0>width$}", width = places + 1);
    let (head, tail) = text.split_at(text.len() - places);
    format!("{}{head}.{tail}", if number.is_negative() { "-" } else { "" })
}

/// A whole number as a rational.
pub fn integer(value: i64) -> Rational {
    Rational::new_raw(BigInt::from(value), BigInt::one())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn r(n: i64, d: i64) -> Rational {
        Rational::new(n.into(), d.into())
    }

    #[test]
    fn decimals_round_outward() {
        let third = Interval::new(r(-1, 3), r(1, 3));
        assert_eq!(third.outward(4), (Some("-0.3334".into()), Some("0.3334".into())));
        assert_eq!(decimal(&r(1751, 1), 12, true), "1751");
        assert_eq!(decimal(&r(123_456, 1), 3, true), "124000");
        assert_eq!(decimal(&r(5, 1000), 3, false), "0.005");
        assert_eq!(decimal(&r(99_999, 100), 3, true), "1000");
    }

    fn around() -> impl Strategy<Value = (Interval, Rational)> {
        let reach = || prop_oneof![1 => Just(None), 5 => (0i64..20).prop_map(Some)];
        (-20i64..20, reach(), reach()).prop_map(|(x, down, up)| {
            let range = Interval { lower: down.map(|d| integer(x - d)), upper: up.map(|u| integer(x + u)) };
            (range, integer(x))
        })
    }

    proptest! {
        #[test]
        fn arithmetic_encloses((i, x) in around(), (j, y) in around()) {
            prop_assert!(i.add(&j).contains(&(&x + &y)));
            prop_assert!(i.sub(&j).contains(&(&x - &y)));
            prop_assert!(i.mul(&j).contains(&(&x * &y)));
            if !y.is_zero() && let Some(q) = i.div(&j) {
                prop_assert!(q.contains(&(&x / &y)));
            }
        }
    }
}
