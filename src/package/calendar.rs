//! Calendar units and the proleptic Gregorian arithmetic that periods need.

use std::fmt;

use super::Granularity;
use crate::precision::Rational;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Date {
    pub(super) year: i32,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// A year, half, quarter, month or day, as a count of such units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct DateUnit {
    pub(super) granularity: Granularity,
    /// Of a year the year, of a month `12·year + month − 1`, of a day the days since 0000-03-01.
    index: i64,
}

impl Date {
    /// The date, if there is such a day in the years 1 to 9999.
    pub(super) fn new(year: i32, month: u8, day: u8) -> Option<Date> {
        let exists =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Date { year, month, day })
    }

    // Days since 0000-03-01, so that the leap day is the last of its year (Hinnant, "chrono-compatible low-level date algorithms").
    fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + i64::from(self.day)
            - 1
    }

    fn from_days(days: i64) -> Option<Date> {
        let era = days.div_euclid(146_097);
        let day = days.rem_euclid(146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let first = (153 * month + 2) / 5;
        let (month, day) = ((month + 2) % 12 + 1, day - first + 1);
        let year = era.checked_mul(400)?.checked_add(year + i64::from(month <= 2))?;
        Date::new(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

fn days_in(year: i32, month: u8) -> u8 {
    match month {
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Granularity {
    /// How many of them make a year; days have no fixed number.
    fn per_year(self) -> Option<u8> {
        match self {
            Granularity::Year => Some(1),
            Granularity::Half => Some(2),
            Granularity::Quarter => Some(4),
            Granularity::Month => Some(12),
            Granularity::Day => None,
        }
    }
}

impl DateUnit {
    pub(super) fn of(granularity: Granularity, date: Date) -> DateUnit {
        let index = granularity.per_year().map_or_else(
            || date.days(),
            |units| i64::from(date.year) * i64::from(units) + i64::from((date.month - 1) / (12 / units)),
        );
        DateUnit { granularity, index }
    }

    /// The unit, if it lies in the years 1 to 9999.
    fn checked(granularity: Granularity, index: i64) -> Option<DateUnit> {
        let exists = match granularity.per_year() {
            Some(units) => (1..=9999).contains(&index.div_euclid(i64::from(units))),
            None => Date::from_days(index).is_some(),
        };
        exists.then_some(DateUnit { granularity, index })
    }

    pub(super) fn first_day(self) -> Date {
        const FIRST: Date = Date { year: 1, month: 1, day: 1 };
        match self.granularity.per_year() {
            None => Date::from_days(self.index).unwrap_or(FIRST),
            Some(units) => {
                let (units, length) = (i64::from(units), 12 / units);
                let year = i32::try_from(self.index.div_euclid(units)).unwrap_or(1);
                let part = u8::try_from(self.index.rem_euclid(units)).unwrap_or(0);
                Date { year, month: part * length + 1, day: 1 }
            }
        }
    }

    pub(super) fn last_day(self) -> Date {
        let first = self.first_day();
        match self.granularity.per_year() {
            None => first,
            Some(units) => {
                let month = first.month + 12 / units - 1;
                Date { month, day: days_in(first.year, month), ..first }
            }
        }
    }

    pub(super) fn earlier(self, steps: i64) -> Option<DateUnit> {
        DateUnit::checked(self.granularity, self.index.checked_sub(steps)?)
    }

    /// How many units lie between two of one length; days between the first days of others.
    pub(super) fn units_until(self, end: DateUnit) -> i64 {
        match self.granularity == end.granularity {
            true => end.index - self.index,
            false => end.first_day().days() - self.first_day().days(),
        }
    }

    pub(super) fn years_earlier(self, years: i64) -> Option<DateUnit> {
        match self.granularity.per_year() {
            Some(units) => self.earlier(years.checked_mul(i64::from(units))?),
            None => {
                let date = self.first_day();
                let year = i32::try_from(i64::from(date.year).checked_sub(years)?).ok()?;
                Date::new(year, date.month, date.day).map(|date| DateUnit::of(Granularity::Day, date))
            }
        }
    }

    pub(super) fn years_until(self, end: DateUnit) -> Option<Rational> {
        match self.granularity.per_year() {
            Some(units) => Some(Rational::new((end.index - self.index).into(), units.into())),
            None => {
                let (from, to) = (self.first_day(), end.first_day());
                let whole = from.month == to.month && from.day == to.day;
                whole.then(|| Rational::from_integer((to.year - from.year).into()))
            }
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for DateUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, day } = self.first_day();
        match self.granularity {
            Granularity::Year => write!(f, "{year:04}"),
            Granularity::Half => write!(f, "{year:04}-H{}", month.div_ceil(6)),
            Granularity::Quarter => write!(f, "{year:04}-Q{}", month.div_ceil(3)),
            Granularity::Month => write!(f, "{year:04}-{month:02}"),
            Granularity::Day => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// Digits of a fixed number as a number.
pub(super) fn digits(text: &str, count: usize) -> Option<u16> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Reads `2023`, `2023-03`, `2023-Q1`, `2023-33`, `2023-H1`, `2023-40`, `2023-03-14`.
pub(super) fn parse_unit(text: &str) -> Option<DateUnit> {
    let mut parts = text.split('-');
    let year = i32::from(digits(parts.next()?, 4)?);
    let (second, third) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let unit = |granularity, month, day| Date::new(year, month, day).map(|date| DateUnit::of(granularity, date));
    let two = |text| digits(text, 2).and_then(|number| u8::try_from(number).ok());
    match (second, third) {
        (None, _) => unit(Granularity::Year, 1, 1),
        (Some(month), Some(day)) => unit(Granularity::Day, two(month)?, two(day)?),
        (Some(part), None) => match (part, two(part)) {
            (_, Some(month @ 1..=12)) => unit(Granularity::Month, month, 1),
            (_, Some(quarter @ 33..=36)) => unit(Granularity::Quarter, (quarter - 33) * 3 + 1, 1),
            (_, Some(half @ 40..=41)) => unit(Granularity::Half, (half - 40) * 6 + 1, 1),
            ("Q1", _) => unit(Granularity::Quarter, 1, 1),
            ("Q2", _) => unit(Granularity::Quarter, 4, 1),
            ("Q3", _) => unit(Granularity::Quarter, 7, 1),
            ("Q4", _) => unit(Granularity::Quarter, 10, 1),
            ("H1", _) => unit(Granularity::Half, 1, 1),
            ("H2", _) => unit(Granularity::Half, 7, 1),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_up_and_back() {
        // 1970-01-01 lies 719468 days after 0000-03-01 (Hinnant).
        assert_eq!(Date::new(1970, 1, 1).unwrap().days(), 719_468);
        assert_eq!(Date::new(2000, 3, 1).unwrap().days() - Date::new(2000, 2, 28).unwrap().days(), 2);
        for days in (306..3_652_364).step_by(97) {
            assert_eq!(Date::from_days(days).unwrap().days(), days);
        }
        assert_eq!(Date::from_days(i64::MAX), None);
        assert_eq!(Date::from_days(i64::MIN), None);
    }

    #[test]
    fn first_and_last_days() {
        for (text, first, last) in [
            ("2024-02", (2024, 2, 1), (2024, 2, 29)),
            ("2023-Q4", (2023, 10, 1), (2023, 12, 31)),
            ("2023-H1", (2023, 1, 1), (2023, 6, 30)),
            ("2023", (2023, 1, 1), (2023, 12, 31)),
            ("2023-02-28", (2023, 2, 28), (2023, 2, 28)),
        ] {
            let unit = parse_unit(text).unwrap();
            let date = |(year, month, day): (i32, u8, u8)| Date { year, month, day };
            assert_eq!((unit.first_day(), unit.last_day()), (date(first), date(last)), "{text}");
        }
    }
}
