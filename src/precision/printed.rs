//! A printed number and the interval in which the publisher's own unrounded number lies.
//!
//! The rule is the one of rounding to nearest: half a unit of the last printed place each way, both ends closed, so that
//! ties are covered whichever way they were rounded (half up, half to even). GRIM (Brown & Heathers, 2017) and statcheck
//! (Nuijten et al., 2016) read printed numbers the same way.

use super::num::{Num, power_of_ten};
use super::solve::{plain, whole};
use super::{Interval, Number, Rational};

/// What a printed number says besides its digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: rounded to its last place. `only` reads the same.
    #[default]
    Plain,
    /// Of no stated precision: one whole unit of the last place each way, and never evidence of an error.
    About,
    /// Just below: `< v`.
    Nearly,
    /// Above: `> v`.
    Over,
    /// `≥ v`.
    AtLeast,
    /// Below: `< v`.
    Under,
    /// `≤ v`.
    AtMost,
}

/// How well a fact or a relation is founded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Printed in the report.
    #[default]
    Printed,
    /// Assumed by whoever wrote the package down, or by the question.
    Assumed,
}

/// Why a printed number cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintedError {
    /// The digits are no plain decimal number.
    #[error("`{0}` is not a plain decimal number such as 1751 or -16.8")]
    Digits(String),
    /// More digits, places or powers of ten than any printed number has.
    #[error("a number of {0} digits, places or powers of ten is beyond the limit of {LIMIT}")]
    TooLong(u64),
    /// A range whose upper end is below its lower one.
    #[error("the range {0} to {1} has its ends the wrong way round")]
    Range(String, String),
}

const LIMIT: u64 = 10_000;

/// How a number is printed: everything that its digits alone do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Power of ten of the unit: 8 for 亿, −2 for a percentage taken as a fraction.
    pub power: i32,
    /// Number of decimals, where the last printed place is not what the digits show; negative for trailing zeros that
    /// are not significant.
    pub decimals: Option<i32>,
    /// The word beside the number.
    pub mark: Mark,
    /// Upper end of a printed range, in the same unit.
    pub to: Option<String>,
    /// Whether the quantity is a whole number in base units.
    pub whole: bool,
    /// Whether the number itself, or its unit, is printed or assumed.
    pub basis: Basis,
}

/// A printed number in base units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The digits as printed.
    pub digits: String,
    /// How they are printed.
    pub format: Format,
    /// The value of the digits (of the lower end for a range), in base units.
    pub value: Rational,
    /// One unit of the last place, in base units; 0 where the number is exact.
    pub unit: Rational,
    /// Where the unrounded number lies.
    pub interval: Interval,
    /// Where it lies if the last place is off by one unit by another convention of rounding: the interval on which an
    /// accusation must rest. `None` for `about`, which accuses nobody.
    pub accusing: Option<Interval>,
}

impl Printed {
    /// Reads `digits` (a plain decimal, with a sign if negative) as printed in `format`.
    ///
    /// # Errors
    /// When the digits are no decimal number, are beyond any printed length, or when a range is the wrong way round.
    pub fn parse(digits: &str, format: &Format) -> Result<Printed, PrintedError> {
        let (value, unit) = read(digits, format)?;
        let top = match &format.to {
            Some(to) => Some(read(to, format)?),
            None => None,
        };
        if let (Some((upper, _)), Some(to)) = (&top, &format.to)
            && *upper < value
        {
            return Err(PrintedError::Range(digits.into(), to.clone()));
        }
        let exact = format.whole && unit == Num::ONE && value.is_integer();
        let (high, high_unit) = top.unwrap_or_else(|| (value.clone(), unit.clone()));
        let high_exact = format.whole && high_unit == Num::ONE && high.is_integer();
        let around = |low_units: &Num, high_units: &Num| {
            Interval::new(value.sub(&unit.mul(low_units)), high.add(&high_unit.mul(high_units)))
        };
        let half = Num::Small(1, 2);
        let slack = |exact: bool, units: &Num| if exact { Num::ZERO } else { units.clone() };
        let above = |value: Num| if format.whole { value.floor().add(&Num::ONE) } else { value };
        let below = |value: Num| if format.whole { value.ceil().sub(&Num::ONE) } else { value };
        let from = |lower: Num| Interval { lower: Some(lower), upper: None };
        let until = |upper: Num| Interval { lower: None, upper: Some(upper) };
        let lowest = || value.sub(&unit.mul(&slack(exact, &Num::ONE)));
        let highest = || high.add(&high_unit.mul(&slack(high_exact, &Num::ONE)));
        let (interval, accusing) = match format.mark {
            Mark::Plain => {
                (around(&slack(exact, &half), &slack(high_exact, &half)), Some(Interval::new(lowest(), highest())))
            }
            Mark::About => (around(&Num::ONE, &Num::ONE), None),
            Mark::Over => (from(above(value.clone())), Some(from(above(lowest())))),
            Mark::AtLeast => (from(value.clone()), Some(from(lowest()))),
            Mark::Nearly | Mark::Under => (until(below(high.clone())), Some(until(below(highest())))),
            Mark::AtMost => (until(high.clone()), Some(until(highest()))),
        };
        let tidy = |interval: Interval<Num>| plain(&if format.whole { whole(&interval) } else { interval });
        let exact = exact && high_exact && format.mark == Mark::Plain && format.to.is_none();
        Ok(Printed {
            digits: digits.into(),
            format: format.clone(),
            value: value.to_rational(),
            unit: if exact { Rational::zero() } else { unit.to_rational() },
            interval: tidy(interval),
            accusing: accusing.map(tidy),
        })
    }

    /// A number known without rounding.
    pub fn exact(value: Rational, basis: Basis) -> Printed {
        Printed {
            digits: String::new(),
            format: Format { basis, ..Format::default() },
            unit: Rational::zero(),
            interval: Interval::exact(value.clone()),
            accusing: Some(Interval::exact(value.clone())),
            value,
        }
    }

    /// A number known to lie in an interval that no convention of rounding widens: an assumption or an axis' range.
    pub fn within(interval: Interval, basis: Basis) -> Printed {
        Printed {
            digits: String::new(),
            format: Format { basis, ..Format::default() },
            value: interval.lower.clone().or_else(|| interval.upper.clone()).unwrap_or_else(Rational::zero),
            unit: Rational::zero(),
            accusing: Some(interval.clone()),
            interval,
        }
    }

    /// Whether the number says nothing firm: marked `about`.
    pub fn is_about(&self) -> bool {
        self.accusing.is_none()
    }
}

/// The interval of a printed number in base units: [`Printed::parse`] for callers who need no more.
///
/// # Errors
/// As [`Printed::parse`].
pub fn from_printed(digits: &str, format: &Format) -> Result<Interval, PrintedError> {
    Printed::parse(digits, format).map(|printed| printed.interval)
}

/// Value and unit of the last place in base units.
fn read(digits: &str, format: &Format) -> Result<(Num, Num), PrintedError> {
    let refuse = || PrintedError::Digits(digits.chars().take(40).collect());
    let within = |n: u64| {
        if n > LIMIT { Err(PrintedError::TooLong(n)) } else { Ok(()) }
    };
    within(digits.len() as u64)?;
    within(u64::from(format.power.unsigned_abs()))?;
    within(u64::from(format.decimals.unwrap_or(0).unsigned_abs()))?;
    let (negative, body) = match digits.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (head, tail) = body.split_once('.').unwrap_or((body, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !plain(head) || !plain(tail) || head.len() + tail.len() == 0 {
        return Err(refuse());
    }
    let text = format!("{}{head}{tail}", if negative { "-" } else { "" });
    let number = match text.parse() {
        Ok(number) => Num::int(number),
        Err(_) => Num::from_rational(&Rational::from_integer(text.parse().map_err(|_| refuse())?)),
    };
    let power = i64::from(format.power);
    let shown = tail.len() as i64;
    let value = number.mul(&ten_to(power - shown));
    Ok((value, ten_to(power - format.decimals.map_or(shown, i64::from))))
}

/// 10 to a power.
fn ten_to(exponent: i64) -> Num {
    let size = u32::try_from(exponent.unsigned_abs()).ok().and_then(|size| 10i128.checked_pow(size));
    match size {
        Some(size) if exponent < 0 => Num::Small(1, size),
        Some(size) => Num::int(size),
        None => Num::from_rational(&power_of_ten(exponent)),
    }
}

#[cfg(test)]
mod tests {
    use num_traits::Zero;

    use super::*;
    use crate::precision::{decimal, integer};

    fn interval(digits: &str, format: &Format) -> (Option<String>, Option<String>) {
        from_printed(digits, format).unwrap().outward(30)
    }

    fn some(lower: &str, upper: &str) -> (Option<String>, Option<String>) {
        (Some(lower.into()), Some(upper.into()))
    }

    #[test]
    fn half_a_unit_of_the_last_place() {
        assert_eq!(interval("1751", &Format::default()), some("1750.5", "1751.5"));
        assert_eq!(interval("11.9", &Format::default()), some("11.85", "11.95"));
        assert_eq!(interval("5.0", &Format::default()), some("4.95", "5.05"));
        assert_eq!(interval("-16.8", &Format::default()), some("-16.85", "-16.75"));
        assert_eq!(interval("10.9", &Format { power: 8, ..Format::default() }), some("1085000000", "1095000000"));
        assert_eq!(interval("1000", &Format { decimals: Some(-2), ..Format::default() }), some("950", "1050"));
    }

    #[test]
    fn whole_counts() {
        let whole = Format { whole: true, ..Format::default() };
        assert_eq!(interval("295", &whole), some("295", "295"));
        assert_eq!(interval("8", &Format { power: 4, ..whole.clone() }), some("75000", "85000"));
        // Over half of 10 is at least 6; over 5.5 as well.
        assert_eq!(interval("5", &Format { mark: Mark::Over, ..whole.clone() }), (Some("6".into()), None));
        assert_eq!(interval("5.5", &Format { mark: Mark::Over, ..whole.clone() }), (Some("6".into()), None));
        assert_eq!(interval("60", &Format { mark: Mark::Nearly, ..whole.clone() }), (None, Some("59".into())));
        assert_eq!(interval("60", &Format { mark: Mark::AtMost, ..whole.clone() }), (None, Some("60".into())));
        assert_eq!(interval("3", &Format { to: Some("5".into()), ..whole.clone() }), some("3", "5"));
        assert!(Printed::parse("295", &whole).unwrap().unit.is_zero());
    }

    #[test]
    fn marks() {
        let with = |mark| Format { mark, ..Format::default() };
        assert_eq!(interval("60", &with(Mark::About)), some("59", "61"));
        assert_eq!(interval("60", &with(Mark::Over)), (Some("60".into()), None));
        assert_eq!(interval("60", &with(Mark::Under)), (None, Some("60".into())));
        assert!(Printed::parse("60", &with(Mark::About)).unwrap().is_about());
        let plain = Printed::parse("60.5", &Format::default()).unwrap();
        assert_eq!(plain.accusing.unwrap().outward(9), some("60.4", "60.6"));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for digits in ["", "-", ".", "1e5", "1,000", "NaN", "１２", "1.2.3", "--1"] {
            assert!(Printed::parse(digits, &Format::default()).is_err(), "{digits}");
        }
        assert!(Printed::parse("1", &Format { power: i32::MIN, ..Format::default() }).is_err());
        assert!(Printed::parse(&"9".repeat(20_000), &Format::default()).is_err());
        assert!(Printed::parse("5", &Format { to: Some("3".into()), ..Format::default() }).is_err());
        assert_eq!(decimal(&Printed::parse("+.5", &Format::default()).unwrap().value, 5, false), "0.5");
        assert_eq!(Printed::exact(integer(3), Basis::Assumed).interval, Interval::exact(integer(3)));
    }
}
