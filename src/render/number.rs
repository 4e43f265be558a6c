//! Exact numbers as digits.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::precision::Rational;

/// Significant digits of computed bounds in csv and json.
const BOUND_DIGITS: i32 = 12;

/// Which way a number is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    /// To the nearest, halves away from zero.
    Nearest,
    /// Towards minus infinity: a lower bound.
    Down,
    /// Towards plus infinity: an upper bound.
    Up,
}

/// The value rounded to the nearest `f64`, in the shortest digits that read back as the same `f64`, without an exponent.
pub fn nearest_text(value: &Rational) -> String {
    match value.to_f64() {
        Some(float) if float.is_finite() => {
            let mut text = String::new();
            push_float(&mut text, float);
            text
        }
        _ => rounded(value, 0, Rounding::Nearest),
    }
}

/// The value with this many decimals, halves rounded away from zero.
pub fn decimal_text(value: &Rational, decimals: u32) -> String {
    rounded(value, decimals as i32, Rounding::Nearest)
}

/// A bound rounded outward (`up` for an upper one) to 12 significant digits; without trailing zeros.
pub fn outward_text(bound: &Rational, up: bool) -> String {
    let decimals = BOUND_DIGITS - 1 - exponent(bound);
    trimmed(rounded(bound, decimals, if up { Rounding::Up } else { Rounding::Down }))
}

/// The value rounded to a number of decimals (negative: to tens and up).
pub(super) fn rounded(value: &Rational, decimals: i32, rounding: Rounding) -> String {
    let power = num_traits::pow(BigInt::from(10), decimals.unsigned_abs() as usize);
    let (numer, denom) = if decimals >= 0 {
        (value.numer() * &power, value.denom().clone())
    } else {
        (value.numer().clone(), value.denom() * &power)
    };
    let units = match rounding {
        Rounding::Down => numer.div_floor(&denom),
        Rounding::Up => -((-numer).div_floor(&denom)),
        Rounding::Nearest => {
            let size = (numer.abs() * 2u8 + &denom).div_floor(&(denom * 2u8));
            if numer.is_negative() { -size } else { size }
        }
    };
    if decimals < 0 {
        return (units * power).to_string();
    }
    with_point(&units, decimals as usize)
}

fn with_point(units: &BigInt, decimals: usize) -> String {
    let sign = if units.sign() == Sign::Minus { "-" } else { "" };
    let digits = units.abs().to_string();
    if decimals == 0 {
        return format!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    format!("{sign}{whole}.{fraction}")
}

/// Digits without the zeros that end their decimals.
pub(super) fn trimmed(digits: String) -> String {
    if !digits.contains('.') {
        return digits;
    }
    let kept = digits.trim_end_matches('0').trim_end_matches('.');
    if kept == "-0" { "0".to_owned() } else { kept.to_owned() }
}

/// The power of ten of the first significant digit: 0 for 1 to 9.99, -1 for 0.1. Zero has 0.
pub(super) fn exponent(value: &Rational) -> i32 {
    if value.is_zero() {
        return 0;
    }
    let size = value.abs();
    let length = |n: &BigInt| n.to_string().len() as i32;
    let guess = length(size.numer()) - length(size.denom());
    if size < power_of_ten(guess) { guess - 1 } else { guess }
}

/// 10 to the power of `exponent`.
pub(super) fn power_of_ten(exponent: i32) -> Rational {
    let power = num_traits::pow(BigInt::from(10), exponent.unsigned_abs() as usize);
    if exponent < 0 { Rational::new(BigInt::from(1), power) } else { Rational::from_integer(power) }
}

/// The number that digits such as `-12.50` stand for.
pub(super) fn from_digits(digits: &str) -> Option<Rational> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let units: BigInt = format!("{whole}{fraction}").parse().ok()?;
    Some(Rational::new(units, num_traits::pow(BigInt::from(10), fraction.len())))
}

/// Appends a float in its shortest digits, without an exponent.
pub(super) fn push_float(text: &mut String, float: f64) {
    use std::fmt::Write;
    let size = float.abs();
    if float == 0.0 {
        text.push('0');
    } else if size < 9e15 && float.trunc() == float {
        text.push_str(itoa::Buffer::new().format(float as i64));
    } else if (1e-5..9e15).contains(&size) {
        // here ryu writes neither an exponent nor a closing ".0"
        text.push_str(ryu::Buffer::new().format_finite(float));
    } else {
        // writing to a String cannot fail
        let _ = write!(text, "{float}");
    }
}

/// Printed or rounded digits with commas between thousands: `14,922`.
pub(super) fn grouped(digits: &str) -> String {
    let (sign, size) = digits.strip_prefix('-').map_or(("", digits), |size| ("-", size));
    let (whole, fraction) = size.split_at(size.find('.').unwrap_or(size.len()));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut text = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numer: i64, denom: i64) -> Rational {
        Rational::new(numer.into(), denom.into())
    }

    #[test]
    fn nearest_float_in_shortest_digits() {
        let cases = [
            (ratio(1, 3), "0.3333333333333333"),
            (ratio(-119, 10), "-11.9"),
            (ratio(0, 1), "0"),
            (ratio(100, 1), "100"),
            (ratio(1, 1_000_000), "0.000001"),
            (ratio(9_007_199_254_740_993, 1), "9007199254740992"),
            (ratio(1, 10) + ratio(2, 10), "0.3"),
        ];
        for (value, text) in cases {
            assert_eq!(nearest_text(&value), text);
        }
        assert_eq!(nearest_text(&power_of_ten(20)), "100000000000000000000");
        assert_eq!(nearest_text(&power_of_ten(400)).len(), 401);
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(decimal_text(&ratio(1, 8), 2), "0.13");
        assert_eq!(decimal_text(&ratio(-1, 8), 2), "-0.13");
        assert_eq!(decimal_text(&ratio(5, 2), 0), "3");
        assert_eq!(decimal_text(&ratio(1, 3), 3), "0.333");
        assert_eq!(decimal_text(&ratio(5, 1), 2), "5.00");
        assert_eq!(decimal_text(&ratio(-1, 1000), 1), "0.0");
    }

    #[test]
    fn bounds_go_outward_to_twelve_digits() {
        assert_eq!(outward_text(&ratio(1, 3), false), "0.333333333333");
        assert_eq!(outward_text(&ratio(1, 3), true), "0.333333333334");
        assert_eq!(outward_text(&ratio(-1, 3), false), "-0.333333333334");
        assert_eq!(outward_text(&ratio(-200, 3), true), "-66.6666666666");
        assert_eq!(outward_text(&ratio(3501, 2), true), "1750.5");
        assert_eq!(outward_text(&ratio(1_234_567_890_123, 1), true), "1234567890130");
        assert_eq!(outward_text(&ratio(0, 1), true), "0");
        assert_eq!(outward_text(&ratio(1_999_999_999_999, 2), true), "1000000000000");
    }

    #[test]
    fn thousands_are_grouped() {
        let cases = [("14922", "14,922"), ("999", "999"), ("-1234567.50", "-1,234,567.50"), ("0.1234", "0.1234")];
        for (digits, text) in cases {
            assert_eq!(grouped(digits), text);
        }
    }

    #[test]
    fn exponents() {
        assert_eq!(
            [ratio(1, 1), ratio(999, 100), ratio(10, 1), ratio(1, 10), ratio(1, 3), ratio(-99, 1000)]
                .map(|r| exponent(&r)),
            [0, 0, 1, -1, -1, -2]
        );
    }

    proptest::proptest! {
        #[test]
        fn a_decimal_comes_back_as_the_float_that_its_digits_mean(units in -1_000_000_000_000i64..1_000_000_000_000, decimals in 0u32..9) {
            let value = ratio(units, 10i64.pow(decimals));
            let text = nearest_text(&value);
            assert_eq!(text.parse::<f64>().unwrap(), decimal_text(&value, decimals).parse::<f64>().unwrap());
            assert_eq!(from_digits(&decimal_text(&value, decimals)).unwrap(), value);
        }

        #[test]
        fn outward_bounds_hold_the_value(numer in proptest::num::i64::ANY, denom in 1i64..i64::MAX) {
            let value = ratio(numer, denom);
            assert!(from_digits(&outward_text(&value, false)).unwrap() <= value);
            assert!(from_digits(&outward_text(&value, true)).unwrap() >= value);
        }
    }
}
