//! The scalar behind propagation and simplex: a reduced fraction of two `i128`, and a big rational only where that
//! overflows. Every operation is exact.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::{Number, Rational};

/// An exact rational. `Small` holds a reduced fraction with a positive denominator.
#[derive(Clone, Debug)]
pub(super) enum Num {
    Small(i128, i128),
    Big(Box<Rational>),
}

/// Products of numbers below this never overflow in the sums formed here.
const HALF: i128 = 1 << 62;

/// By subtraction and shifts (Stein, 1967): a division of 128 bits takes as long as many of them.
fn gcd(a: u128, b: u128) -> u128 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let shift = (a | b).trailing_zeros();
    let (mut a, mut b) = (a >> a.trailing_zeros(), b >> b.trailing_zeros());
    loop {
        match (u64::try_from(a), u64::try_from(b)) {
            (Ok(x), Ok(y)) => return u128::from(gcd64(x, y)) << shift,
            // One division where the lengths differ.
            (Ok(_), Err(_)) => b %= a,
            (Err(_), Ok(_)) => a %= b,
            (Err(_), Err(_)) => {}
        }
        if a == 0 || b == 0 {
            return (a | b) << shift;
        }
        (a, b) = (a >> a.trailing_zeros(), b >> b.trailing_zeros());
        let rest = a.abs_diff(b);
        if rest == 0 || a == 1 || b == 1 {
            return a.min(b) << shift;
        }
        (a, b) = (a.min(b), rest >> rest.trailing_zeros());
    }
}

fn gcd64(a: u64, b: u64) -> u64 {
    let (mut a, b) = (a.max(b), a.min(b));
    if b == 0 {
        return a;
    }
    // One division where the lengths differ.
    if a >> 8 > b {
        a %= b;
        if a == 0 {
            return b;
        }
    }
    let shift = (a | b).trailing_zeros();
    let (mut a, mut b) = (a >> a.trailing_zeros(), b >> b.trailing_zeros());
    while a != b && a != 1 {
        let rest = a.abs_diff(b);
        (a, b) = (a.min(b), rest >> rest.trailing_zeros());
    }
    a << shift
}

/// By the leading digits, so that most steps are of single words (Lehmer, 1938; Knuth, *The Art of Computer Programming*, 4.5.2,
/// algorithm L).
fn long_gcd(a: &BigInt, b: &BigInt) -> BigInt {
    let (mut a, mut b) = (a.abs(), b.abs());
    if a < b {
        std::mem::swap(&mut a, &mut b);
    }
    loop {
        if let (Some(a), Some(b)) = (a.to_u128(), b.to_u128()) {
            return BigInt::from(gcd(a, b));
        }
        if b.is_zero() {
            return a;
        }
        let rest = a.bits() - 62;
        let lead = |number: &BigInt| (number >> rest).to_i64().unwrap_or_default();
        let (mut x, mut y) = (lead(&a), lead(&b));
        let ([mut p, mut q], [mut r, mut s]) = ([1, 0], [0, 1]);
        while y + r != 0 && y + s != 0 {
            let times = (x + p) / (y + r);
            if times != (x + q) / (y + s) {
                break;
            }
            (p, r) = (r, p - times * r);
            (q, s) = (s, q - times * s);
            (x, y) = (y, x - times * y);
        }
        (a, b) = if q == 0 {
            let rest = &a % &b;
            (b, rest)
        } else {
            (&a * p + &b * q, &a * r + &b * s)
        };
    }
}

/// The greatest common divisor with a positive denominator; a divisor of 2^127 cannot occur since `d` is positive.
fn common(n: i128, d: i128) -> i128 {
    if d == 1 {
        return 1;
    }
    i128::try_from(gcd(n.unsigned_abs(), d.unsigned_abs())).unwrap_or(1)
}

/// The product of two reduced fractions of single words, which does not overflow.
fn short_product((a, b): (i64, i64), (c, d): (i64, i64)) -> Num {
    let common = |n: i64, d: i64| if d == 1 { 1 } else { gcd64(n.unsigned_abs(), d.unsigned_abs()) as i64 };
    let over = |n: i64, divisor: i64| i128::from(if divisor == 1 { n } else { n / divisor });
    let (g, h) = (common(a, d), common(c, b));
    Num::Small(over(a, g) * over(c, h), over(b, h) * over(d, g))
}

/// The quotient by a positive divisor, without a division of 128 bits where none is needed.
fn over(n: i128, divisor: i128) -> i128 {
    if divisor == 1 {
        return n;
    }
    match (i64::try_from(n), i64::try_from(divisor)) {
        (Ok(n), Ok(divisor)) => i128::from(n / divisor),
        _ => n / divisor,
    }
}

impl Num {
    pub(super) const ZERO: Num = Num::Small(0, 1);
    pub(super) const ONE: Num = Num::Small(1, 1);

    pub(super) fn int(value: i128) -> Num {
        Num::Small(value, 1)
    }

    fn reduced(n: i128, d: i128) -> Num {
        let g = common(n, d);
        Num::Small(over(n, g), over(d, g))
    }

    pub(super) fn from_rational(value: &Rational) -> Num {
        match (value.numer().to_i128(), value.denom().to_i128()) {
            (Some(n), Some(d)) if n != i128::MIN => Num::Small(n, d),
            _ => Num::Big(Box::new(value.clone())),
        }
    }

    fn from_big(value: Rational) -> Num {
        match (value.numer().to_i128(), value.denom().to_i128()) {
            (Some(n), Some(d)) if n != i128::MIN => Num::Small(n, d),
            _ => Num::Big(Box::new(value)),
        }
    }

    pub(super) fn to_rational(&self) -> Rational {
        match self {
            Num::Small(n, d) => Rational::new_raw(BigInt::from(*n), BigInt::from(*d)),
            Num::Big(value) => (**value).clone(),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        matches!(self, Num::Small(0, _))
    }

    pub(super) fn is_integer(&self) -> bool {
        match self {
            Num::Small(_, d) => *d == 1,
            Num::Big(value) => value.is_integer(),
        }
    }

    pub(super) fn sign(&self) -> i32 {
        match self {
            Num::Small(n, _) => n.signum() as i32,
            Num::Big(value) if value.is_positive() => 1,
            Num::Big(_) => -1,
        }
    }

    /// Size in bits of numerator and denominator together: what a step with this number costs.
    pub(super) fn bits(&self) -> u64 {
        match self {
            Num::Small(n, d) => u64::from(256 - n.unsigned_abs().leading_zeros() - d.leading_zeros()),
            Num::Big(value) => value.numer().bits() + value.denom().bits(),
        }
    }

    /// What a step with this number costs, in steps with small ones (a gcd is quadratic in the length).
    pub(super) fn cost(&self) -> u64 {
        match self {
            Num::Small(..) => 1,
            Num::Big(_) => 30 + (self.bits() / 64).pow(2),
        }
    }

    pub(super) fn neg(&self) -> Num {
        match self {
            Num::Small(n, d) => Num::Small(-n, *d),
            Num::Big(value) => Num::from_big(-(**value).clone()),
        }
    }

    pub(super) fn floor(&self) -> Num {
        match self {
            Num::Small(n, d) => Num::Small(n.div_euclid(*d), 1),
            Num::Big(value) => Num::from_big(value.floor()),
        }
    }

    pub(super) fn ceil(&self) -> Num {
        self.neg().floor().neg()
    }

    fn checked_plus(&self, other: &Num) -> Option<Num> {
        let (Num::Small(a, b), Num::Small(c, d)) = (self, other) else {
            return None;
        };
        if *b == *d {
            let n = a.checked_add(*c).filter(|n| *n != i128::MIN)?;
            return Some(if *b == 1 { Num::Small(n, 1) } else { Num::reduced(n, *b) });
        }
        let g = common(*b, *d);
        let (left, right) = (over(*d, g), over(*b, g));
        let n = a.checked_mul(left)?.checked_add(c.checked_mul(right)?).filter(|n| *n != i128::MIN)?;
        let den = right.checked_mul(*d)?;
        if g == 1 {
            return Some(if n == 0 { Num::ZERO } else { Num::Small(n, den) });
        }
        let h = common(n, g);
        if n == 0 { Some(Num::ZERO) } else { Some(Num::Small(over(n, h), over(den, h))) }
    }

    /// The sum where one of the steps to it overflows (Knuth, *The Art of Computer Programming*, 4.5.1).
    fn long_sum(&self, other: &Num) -> Num {
        let (x, y) = (self.to_rational(), other.to_rational());
        let g = long_gcd(x.denom(), y.denom());
        let (left, right) = (y.denom() / &g, x.denom() / &g);
        let n = x.numer() * left + y.numer() * &right;
        let h = long_gcd(&n, &g);
        Num::from_big(Rational::new_raw(n / &h, right * (y.denom() / h)))
    }
}

impl Number for Num {
    fn zero() -> Num {
        Num::ZERO
    }

    fn add(&self, other: &Num) -> Num {
        self.checked_plus(other).unwrap_or_else(|| self.long_sum(other))
    }

    fn sub(&self, other: &Num) -> Num {
        self.add(&other.neg())
    }

    fn mul(&self, other: &Num) -> Num {
        let (Num::Small(a, b), Num::Small(c, d)) = (self, other) else {
            let (x, y) = (self.to_rational(), other.to_rational());
            let (g, h) = (long_gcd(x.numer(), y.denom()), long_gcd(y.numer(), x.denom()));
            let n = (x.numer() / &g) * (y.numer() / &h);
            return Num::from_big(Rational::new_raw(n, (x.denom() / h) * (y.denom() / g)));
        };
        if *a == 0 || *c == 0 {
            return Num::ZERO;
        }
        if let [Ok(a), Ok(b), Ok(c), Ok(d)] = [a, b, c, d].map(|n| i64::try_from(*n)) {
            return short_product((a, b), (c, d));
        }
        let (g, h) = (common(*a, *d), common(*c, *b));
        let (a, c, b, d) = (over(*a, g), over(*c, h), over(*b, h), over(*d, g));
        match (a.checked_mul(c).filter(|n| *n != i128::MIN), b.checked_mul(d)) {
            (Some(n), Some(d)) => Num::Small(n, d),
            _ => Num::from_big(Rational::new_raw(BigInt::from(a) * c, BigInt::from(b) * d)),
        }
    }

    fn recip(&self) -> Option<Num> {
        match self {
            Num::Small(0, _) => None,
            Num::Small(n, d) if *n < 0 => Some(Num::Small(-d, -n)),
            Num::Small(n, d) => Some(Num::Small(*d, *n)),
            Num::Big(value) => Some(Num::from_big(value.recip())),
        }
    }

    fn signum(&self) -> i32 {
        self.sign()
    }
}

impl PartialEq for Num {
    fn eq(&self, other: &Num) -> bool {
        match (self, other) {
            (Num::Small(a, b), Num::Small(c, d)) => a == c && b == d,
            (Num::Big(a), Num::Big(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Num {}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Num) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Num) -> Ordering {
        if let (Num::Small(a, b), Num::Small(c, d)) = (self, other) {
            if b == d {
                return a.cmp(c);
            }
            if [a, c].iter().all(|n| n.unsigned_abs() < HALF as u128) && *b < HALF && *d < HALF {
                return (a * d).cmp(&(c * b));
            }
            if let (Some(x), Some(y)) = (a.checked_mul(*d), c.checked_mul(*b)) {
                return x.cmp(&y);
            }
        }
        let (x, y) = (self.to_rational(), other.to_rational());
        (x.numer() * y.denom()).cmp(&(y.numer() * x.denom()))
    }
}

impl Number for Rational {
    fn zero() -> Rational {
        <Rational as Zero>::zero()
    }

    fn add(&self, other: &Rational) -> Rational {
        self + other
    }

    fn sub(&self, other: &Rational) -> Rational {
        self - other
    }

    fn mul(&self, other: &Rational) -> Rational {
        self * other
    }

    fn recip(&self) -> Option<Rational> {
        if Zero::is_zero(self) { None } else { Some(self.recip()) }
    }

    fn signum(&self) -> i32 {
        match (self.is_positive(), self.is_negative()) {
            (true, _) => 1,
            (_, true) => -1,
            _ => 0,
        }
    }
}

/// `value` raised to `power`.
pub(super) fn pow(value: &Num, power: u32) -> Num {
    (0..power).fold(Num::ONE, |product, _| product.mul(value))
}

/// The k-th root of a non-negative rational, rounded down (`up` false) or up to about `digits` significant digits;
/// the value itself where the root is rational. By the integer root of `n·d^(k−1)·s^k` (Newton, exact), over `d·s`.
pub(super) fn root(value: &Num, k: u32, up: bool, digits: u32) -> Num {
    if value.sign() <= 0 || k == 0 {
        return Num::ZERO;
    }
    let value = value.to_rational();
    let (n, d) = (value.numer(), value.denom());
    let missing = (d.bits() + u64::from(digits) * 4).saturating_sub(n.bits() / u64::from(k)).min(20_000);
    let scale = BigInt::one() << missing;
    let radicand = n * d.pow(k - 1) * scale.pow(k);
    let floor = radicand.nth_root(k);
    if floor.pow(k) == radicand {
        return Num::from_big(Rational::new(floor, d * scale));
    }
    let whole = if up { floor + 1 } else { floor };
    Num::from_big(round_to(&Rational::new_raw(whole, d * scale), digits, up))
}

/// Rounds to `digits` significant decimal digits, down or up.
pub(super) fn round_to(value: &Rational, digits: u32, up: bool) -> Rational {
    if Zero::is_zero(value) {
        return value.clone();
    }
    let exponent = magnitude(value) - i64::from(digits);
    let (n, d) = (value.numer(), value.denom());
    let power = ten_to(exponent);
    let (n, d) = if exponent < 0 { (n * &power, d.clone()) } else { (n.clone(), d * &power) };
    let whole = if up { n.div_ceil(&d) } else { n.div_floor(&d) };
    if exponent < 0 { Rational::new(whole, power) } else { Rational::from_integer(whole * power) }
}

/// An exponent `e` with `|value| < 10^e`, exact or one too large.
pub(super) fn magnitude(value: &Rational) -> i64 {
    let bits = value.numer().bits() as i64 - value.denom().bits() as i64 + 1;
    let mut e = (bits as f64 * std::f64::consts::LOG10_2).ceil() as i64 + 1;
    let (n, d) = (value.numer().magnitude(), value.denom().magnitude());
    let below = |e: i64| {
        let power = ten_to(e);
        if e < 0 { n * power.magnitude() < *d } else { *n < d * power.magnitude() }
    };
    while below(e - 1) {
        e -= 1;
    }
    e
}

/// 10 to a power, negative ones included.
pub(super) fn power_of_ten(exponent: i64) -> Rational {
    let power = ten_to(exponent);
    if exponent < 0 { Rational::new_raw(BigInt::one(), power) } else { Rational::from_integer(power) }
}

/// 10 to the size of a power.
fn ten_to(exponent: i64) -> BigInt {
    let size = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX).min(200_000);
    BigInt::from(10).pow(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Rational> {
        (any::<i128>(), 1..i128::MAX, 0u32..120, 0u32..120)
            .prop_map(|(n, d, s, t)| Rational::new((n >> s).into(), (d >> t).max(1).into()))
    }

    proptest! {
        #[test]
        fn agrees_with_big_rationals(a in value(), b in value()) {
            let (x, y) = (Num::from_rational(&a), Num::from_rational(&b));
            prop_assert_eq!(x.add(&y).to_rational(), &a + &b);
            prop_assert_eq!(x.sub(&y).to_rational(), &a - &b);
            prop_assert_eq!(x.mul(&y).to_rational(), &a * &b);
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x.floor().to_rational(), a.floor());
            prop_assert_eq!(x.ceil().to_rational(), a.ceil());
            if !y.is_zero() {
                prop_assert_eq!(x.div(&y).map(|q| q.to_rational()), Some(&a / &b));
            }
            prop_assert_eq!(Num::from_rational(&(&a + &b)), x.add(&y));
        }

        #[test]
        fn divisors_agree_with_stein_s(a: [i128; 3], b: [i128; 3], c: [u64; 2], part in 0u32..120) {
            let product = |all: [i128; 3]| all.into_iter().map(|n| BigInt::from(n >> part)).product::<BigInt>();
            let common = BigInt::from(c[0]) * c[1];
            let (a, b) = (product(a) * &common, product(b) * common);
            prop_assert_eq!(long_gcd(&a, &b), a.gcd(&b));
        }

        #[test]
        fn short_divisors_agree_with_euclid_s(a: u128, b: u128, c: u64, s in 0u32..128, t in 0u32..128) {
            let (a, b) = ((a >> s).wrapping_mul(c.into()), (b >> t).wrapping_mul(c.into()));
            prop_assert_eq!(gcd(a, b), Integer::gcd(&a, &b));
        }

        #[test]
        fn roots_enclose(a in value(), k in 2u32..5) {
            let a = a.abs();
            let x = Num::from_rational(&a);
            prop_assert!(pow(&root(&x, k, false, 20), k) <= x);
            prop_assert!(pow(&root(&x, k, true, 20), k) >= x);
        }

        #[test]
        fn rounding_is_outward(a in value()) {
            prop_assert!(round_to(&a, 6, false) <= a && a <= round_to(&a, 6, true));
        }
    }
}
