//! What the exact interpreter computes with: a value with its bounds.

use num_bigint::BigInt;
use num_traits::{Signed, pow};

use crate::package::{Mark, Missing, Printed};
use crate::precision::{self, Basis, Claim, Format, Interval, Rational};

/// A number as an operand or result: its value, if it has one, and the closed interval around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The value of the printed digits, or why there are bounds only.
    pub value: Result<Rational, Missing>,
    /// The interval in which the unrounded number lies.
    pub bounds: Interval,
    /// How it is known.
    pub claim: Claim,
    /// Weaker basis of its operands.
    pub basis: Basis,
}

/// A quantity, or why there is none.
pub type Operand = Result<Quantity, Missing>;

impl Quantity {
    /// A printed number, in the unit in which it is printed: the value of its digits and the interval that they stand for,
    /// which for a count has no part below zero.
    /// `power` is the unit's power of ten, `whole` whether it counts whole things in base units.
    ///
    /// # Errors
    /// Its digits are no number.
    pub fn printed(cell: &Printed, whole: bool, power: i32, basis: Basis) -> Operand {
        if let Some((value, bounds)) = short(cell, whole, power) {
            return Ok(Quantity { value: Ok(value), bounds, claim: Claim::Printed, basis });
        }
        let printed = format(cell, whole, power, basis);
        let printed = precision::Printed::parse(&cell.digits, &printed).map_err(|_| Missing::Illegible)?;
        let scale = power_of_ten(-power);
        let counted = whole && !printed.value.is_negative();
        let interval = if counted { printed.interval.intersect(&Interval::non_negative()) } else { printed.interval };
        let bounds = interval.scale(&scale);
        let value = match (&cell.to, cell.mark) {
            (Some(_), _) => Err(Missing::Range),
            (None, mark) if mark.is_none_or(Mark::has_value) => Ok(printed.value * scale),
            _ => Err(Missing::OneSided),
        };
        Ok(Quantity { value, bounds, claim: Claim::Printed, basis })
    }

    /// A constant.
    pub fn exact(value: Rational) -> Self {
        Quantity {
            bounds: Interval::exact(value.clone()),
            value: Ok(value),
            claim: Claim::Exact,
            basis: Basis::Printed,
        }
    }

    /// The same number in another unit.
    #[must_use]
    pub fn scale(self, factor: &Rational) -> Quantity {
        Quantity { value: self.value.map(|value| value * factor), bounds: self.bounds.scale(factor), ..self }
    }

    /// The sum of two.
    ///
    /// # Errors
    /// None; the shape is that of the other operations.
    pub fn plus(&self, other: &Quantity) -> Operand {
        self.combine(other, |x, y| Some(x + y), self.bounds.add(&other.bounds))
    }

    /// A result of two operands: value by value, bounds by bounds. A result is exact where its bounds meet, else it lies in the
    /// least interval that its operands' separate intervals allow; whether relations narrow it is for the solver to say.
    pub(crate) fn combine(
        &self,
        other: &Quantity,
        value: impl Fn(&Rational, &Rational) -> Option<Rational>,
        bounds: Interval,
    ) -> Operand {
        let value = match (&self.value, &other.value) {
            (Ok(a), Ok(b)) => Ok(value(a, b).ok_or(Missing::ZeroBase)?),
            (Err(reason), _) | (_, Err(reason)) => Err(*reason),
        };
        let claim = if bounds.is_exact() { Claim::Exact } else { Claim::Outer };
        Ok(Quantity { value, bounds, claim, basis: self.basis.max(other.basis) })
    }
}

/// How a cell is printed, as the solver reads it.
pub fn format(cell: &Printed, whole: bool, power: i32, basis: Basis) -> Format {
    Format {
        power,
        decimals: Some(cell.decimals),
        mark: match cell.mark {
            None | Some(Mark::Only) => precision::Mark::Plain,
            Some(Mark::About) => precision::Mark::About,
            Some(Mark::Nearly) => precision::Mark::Nearly,
            Some(Mark::Over) => precision::Mark::Over,
            Some(Mark::AtLeast) => precision::Mark::AtLeast,
            Some(Mark::Under) => precision::Mark::Under,
            Some(Mark::AtMost) => precision::Mark::AtMost,
        },
        to: cell.to.clone(),
        whole,
        basis,
    }
}

/// Ten to a power.
pub fn power_of_ten(power: i32) -> Rational {
    let ten = pow(BigInt::from(10), power.unsigned_abs() as usize);
    if power < 0 { Rational::new(1.into(), ten) } else { Rational::from_integer(ten) }
}

/// Value and interval of a number of few digits without a qualifier: what [`precision::Printed`] gives, without long
/// arithmetic, since a table may have very many of them.
fn short(cell: &Printed, whole: bool, power: i32) -> Option<(Rational, Interval)> {
    let plain = cell.to.is_none() && matches!(cell.mark, None | Some(Mark::Only));
    let (mantissa, places) = mantissa(&cell.digits).filter(|_| plain)?;
    if i64::from(cell.decimals) != i64::from(places) || whole && (power, places) != (0, 0) {
        return None;
    }
    let value = reduced(mantissa, ten(places));
    if whole {
        let bounds = Interval::exact(value.clone());
        return Some((value, bounds));
    }
    let end = |twice: i128| Some(reduced(twice, 2 * ten(places)));
    let bounds = Interval { lower: end(2 * mantissa - 1), upper: end(2 * mantissa + 1) };
    Some((value, bounds))
}

/// A decimal of at most 18 digits as a whole number and its count of decimals.
fn mantissa(digits: &str) -> Option<(i128, u32)> {
    let (negative, plain) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
    let (integer, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sound =
        !integer.is_empty() && plain.len() <= 18 && is_digits(integer) && is_digits(fraction) && !plain.ends_with('.');
    let number: i128 = if sound { format!("{integer}{fraction}").parse().ok()? } else { return None };
    Some((if negative { -number } else { number }, fraction.len() as u32))
}

fn ten(places: u32) -> i128 {
    10i128.pow(places)
}

/// The fraction in lowest terms; the denominator is positive.
fn reduced(numerator: i128, denominator: i128) -> Rational {
    let shared = num_integer::gcd(numerator, denominator).max(1);
    Rational::new_raw((numerator / shared).into(), (denominator / shared).into())
}

/// The value of plain decimal digits.
pub fn decimal(digits: &str) -> Option<Rational> {
    if let Some((mantissa, places)) = mantissa(digits) {
        return Some(reduced(mantissa, ten(places)));
    }
    precision::Printed::parse(digits, &Format::default()).ok().map(|printed| printed.value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_way_is_the_long_way(number in -2_000_000i64..2_000_000, places in 0usize..7, whole: bool) {
            let digits = format!("{:.places$}", number as f64 / 10f64.powi(places as i32));
            let cell = Printed { decimals: places as i32, digits, mark: None, to: None };
            let by_digits = precision::Printed::parse(&cell.digits, &format(&cell, whole, 0, Basis::Printed)).unwrap();
            prop_assert_eq!(decimal(&cell.digits).unwrap(), by_digits.value.clone());
            if let Some((value, bounds)) = short(&cell, whole, 0) {
                prop_assert_eq!((value, bounds), (by_digits.value, by_digits.interval));
            }
        }
    }
}
