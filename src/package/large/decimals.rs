//! A column of printed numbers: what the digits say, in a few bytes a row.

use std::collections::HashMap;

use num_traits::ToPrimitive;
use polars::prelude::{ChunkFull, Float64Chunked, NewChunkedArray};

use crate::package::observation;
use crate::package::{Missing, Printed, PrintedCell};
use crate::precision::Rational;
use crate::work::pick;

/// Numbers as whole multiples of the last place that any of them shows. A few that have more digits than a float holds keep
/// them as text.
#[derive(Clone, Debug, Default)]
pub struct Decimals {
    /// Values, times ten to the power of `scale`; not a number where there is none.
    value: Vec<f64>,
    places: Places,
    scale: u8,
    odd: HashMap<u32, Printed>,
    /// Of sums how far rounding may carry each, in the unit of the values.
    slack: Option<Vec<f64>>,
}

/// How many decimals each number shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Places {
    Same(u8),
    Each(Vec<u8>),
}

impl Default for Places {
    fn default() -> Self {
        Places::Same(0)
    }
}

/// Decimals that a number of the compact form may show.
pub(super) const PLACES: u8 = 15;

/// The number is in `odd`.
pub(super) const ODD: u8 = u8::MAX;

/// The greatest whole number up to which a float holds all.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Powers of ten that a float holds.
const TENS: [f64; 16] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Below this a whole number has at most 15 digits: any such decimal is the shortest that names its float.
const LONGEST: f64 = 1e15;

/// Zeros at the end of a whole number, at most so many.
fn trailing(value: f64, most: u8) -> u8 {
    let ends = |zeros: &u8| value % ten(*zeros) == 0.0;
    if value.is_nan() { most } else { (0..=most).rev().find(ends).unwrap_or(0) }
}

fn ten(power: u8) -> f64 {
    TENS.get(usize::from(power)).copied().unwrap_or(1e15)
}

/// A number as it is read: its digits without the point, and how many of them stand behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Short {
    pub(super) mantissa: f64,
    pub(super) places: u8,
}

impl Short {
    pub(super) const NONE: Short = Short { mantissa: f64::NAN, places: 0 };

    /// Plain digits: at most 15, with digits on both sides of a point if there is one. Zero with a sign is none.
    #[inline]
    pub(super) fn read(text: &[u8], point: u8) -> Option<Short> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        if digits.is_empty() || digits.len() > 16 {
            return None;
        }
        let (mut mantissa, mut at_point) = (0u64, None);
        for (at, byte) in digits.iter().enumerate() {
            let digit = byte.wrapping_sub(b'0');
            if digit < 10 {
                mantissa = mantissa * 10 + u64::from(digit);
            } else if *byte == point && at_point.is_none() && at > 0 {
                at_point = Some(at);
            } else {
                return None;
            }
        }
        let places = at_point.map_or(0, |at| digits.len() - at - 1);
        let count = digits.len() - usize::from(at_point.is_some());
        let sound = count <= 15 && (at_point.is_none() || places > 0) && !(negative && mantissa == 0);
        let mantissa = if negative { -(mantissa as f64) } else { mantissa as f64 };
        sound.then_some(Short { mantissa, places: places as u8 })
    }

    /// A float by the shortest digits that name it. `likely` is how many decimals it may have at most, and is made more where
    /// that is too few: floats of one column are alike.
    #[inline]
    pub(super) fn of_float(value: f64, likely: &mut u8) -> Option<Short> {
        if value == 0.0 && value.is_sign_negative() || !value.is_finite() {
            return None;
        }
        // Two decimals of at most 15 digits are never one float: with more places it is the same number and zeros.
        let with = |places: u8| {
            let scaled = value * ten(places);
            let mantissa = (scaled + 0.5f64.copysign(scaled)) as i64 as f64;
            (mantissa.abs() < LONGEST && mantissa / ten(places) == value).then_some(Short { mantissa, places })
        };
        let found = with(*likely).or_else(|| (0..=PLACES).find_map(with))?;
        *likely = found.places.max(*likely);
        let (mut units, mut places) = (found.mantissa as i64, found.places);
        while places > 0 && units % 10 == 0 {
            (units, places) = (units / 10, places - 1);
        }
        Some(Short { mantissa: units as f64, places })
    }
}

impl Decimals {
    /// Puts numbers together: values by their own last place, [`ODD`] ones among them with their digits.
    pub(super) fn new(mut value: Vec<f64>, places: Vec<u8>, odd: HashMap<u32, Printed>) -> Decimals {
        let kept = value.iter().zip(&places).filter(|(value, places)| **places != ODD && !value.is_nan());
        let (mut least, mut scale) = (u8::MAX, 0);
        for (_, places) in kept {
            (least, scale) = (least.min(*places), scale.max(*places));
        }
        if odd.is_empty() && least >= scale {
            return Decimals { value, places: Places::Same(scale), scale, odd, slack: None };
        }
        for (row, (value, places)) in value.iter_mut().zip(&places).enumerate() {
            match (*places == ODD).then(|| odd.get(&(row as u32))).flatten() {
                Some(printed) => *value = format!("{}e{scale}", printed.digits).parse().unwrap_or(*value),
                None => *value *= ten(scale - (*places).min(scale)),
            }
        }
        Decimals { value, places: Places::Each(places), scale, odd, slack: None }
    }

    /// Sums of these numbers: `slots` has of each row the place of its sum, if it is in any. There is none where a part has no
    /// number, nor at the places of `short`. `counted`: numbers without decimals are exact. `None`: a sum has more digits than a
    /// float holds.
    pub(super) fn summed(&self, slots: &[u32], count: usize, counted: bool, short: &[usize]) -> Option<Decimals> {
        if !self.odd.is_empty() {
            return None;
        }
        let (mut value, mut size, mut slack) = (vec![0.0; count], vec![0.0f64; count], vec![0.0f64; count]);
        let exact = counted && self.places == Places::Same(0);
        for (row, slot) in slots.iter().map(|slot| *slot as usize).enumerate().filter(|(_, slot)| *slot < count) {
            value[slot] += self.value[row];
            size[slot] += self.value[row].abs();
            slack[slot] += if exact || counted && self.places(row) == 0 { 0.0 } else { self.slack(row) };
        }
        for slot in short {
            value[*slot] = f64::NAN;
        }
        if size.iter().any(|size| *size >= LONGEST) {
            return None;
        }
        let places = value.iter().map(|value| self.scale - trailing(*value, self.scale)).collect();
        Some(Decimals {
            value,
            places: Places::Each(places),
            scale: self.scale,
            odd: HashMap::new(),
            slack: Some(slack),
        })
    }

    /// Whether these are sums of printed numbers.
    pub fn is_summed(&self) -> bool {
        self.slack.is_some()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// Values are whole multiples of ten to the power of minus this.
    pub fn scale(&self) -> u8 {
        self.scale
    }

    /// The values, times ten to the power of [`Decimals::scale`]: whole numbers.
    pub fn units(&self) -> Float64Chunked {
        if self.value.iter().any(|value| value.is_nan()) {
            let value = |value: &f64| (!value.is_nan()).then_some(*value);
            return Float64Chunked::from_iter_options("value".into(), self.value.iter().map(value));
        }
        match self.value.as_slice() {
            [] => Float64Chunked::full("value".into(), 0.0, 0),
            values => Float64Chunked::from_slice("value".into(), values),
        }
    }

    /// What the floats of [`Decimals::units`] lack of the numbers; `None` where they lack nothing.
    pub fn rest(&self) -> Option<Float64Chunked> {
        if self.odd.is_empty() && self.value.iter().all(|value| value.is_nan() || value.abs() <= EXACT) {
            return None;
        }
        let odd = |row: usize| (self.places(row) == ODD).then(|| self.odd.get(&(row as u32))).flatten();
        let of = |(row, value): (usize, &f64)| match odd(row) {
            Some(printed) => lacking(&printed.digits, i32::from(self.scale), *value),
            None if value.abs() > EXACT => {
                let power = ten(self.scale - self.places(row).min(self.scale));
                ((value / power).round() as i128 * power as i128 - *value as i128) as f64
            }
            None => 0.0,
        };
        Some(Float64Chunked::from_vec("rest".into(), self.value.iter().enumerate().map(of).collect()))
    }

    /// The value of a row, times ten to the power of [`Decimals::scale`].
    pub fn unit(&self, row: usize) -> Option<f64> {
        self.value.get(row).copied().filter(|value| !value.is_nan())
    }

    /// Whether a row has a number.
    pub fn is_number(&self, row: usize) -> bool {
        self.value.get(row).is_some_and(|value| !value.is_nan())
    }

    /// Half a unit of the last place of a row, in the unit of [`Decimals::units`].
    pub fn slack(&self, row: usize) -> f64 {
        if let Some(slack) = &self.slack {
            return slack.get(row).copied().unwrap_or(0.0);
        }
        match self.places(row) {
            ODD => {
                let places = self.odd.get(&(row as u32)).map_or(0, |printed| printed.decimals);
                0.5 * 10f64.powi(i32::from(self.scale) - places)
            }
            places => 0.5 * ten(self.scale - places.min(self.scale)),
        }
    }

    /// How many decimals all rows show, if they show the same.
    pub fn same_places(&self) -> Option<u8> {
        match &self.places {
            Places::Same(places) => Some(*places),
            Places::Each(_) => None,
        }
    }

    fn places(&self, row: usize) -> u8 {
        match &self.places {
            Places::Same(places) => *places,
            Places::Each(each) => each.get(row).copied().unwrap_or(0),
        }
    }

    /// The printed digits of a row, appended to a text; `false` if there is no number.
    pub fn push_digits(&self, row: usize, text: &mut String) -> bool {
        let Some(value) = self.value.get(row).filter(|value| !value.is_nan()) else { return false };
        let places = self.places(row);
        if places == ODD {
            text.push_str(self.odd.get(&(row as u32)).map_or("", |printed| &printed.digits));
            return true;
        }
        let units = (value / ten(self.scale - places.min(self.scale))).round();
        push_units(text, units as i64, usize::from(places));
        true
    }

    /// The cell of a row.
    pub fn cell(&self, row: usize) -> PrintedCell {
        if let Some(printed) = self.odd.get(&(row as u32)) {
            return Ok(printed.clone());
        }
        let mut digits = String::new();
        if !self.push_digits(row, &mut digits) {
            return Err(Missing::NotPrinted);
        }
        Ok(Printed { digits, decimals: i32::from(self.places(row)), mark: None, to: None })
    }

    /// These rows, in this order.
    #[must_use]
    pub fn take(&self, rows: &[u32]) -> Decimals {
        let value = pick(&self.value, rows);
        let places = match &self.places {
            Places::Same(places) => Places::Same(*places),
            Places::Each(each) => Places::Each(pick(each, rows)),
        };
        let odd = if self.odd.is_empty() {
            HashMap::new()
        } else {
            let odd = |(at, row): (usize, &u32)| Some((at as u32, self.odd.get(row)?.clone()));
            rows.iter().enumerate().filter_map(odd).collect()
        };
        let slack = self.slack.as_ref().map(|slack| pick(slack, rows));
        Decimals { value, places, scale: self.scale, odd, slack }
    }
}

/// What a float lacks of plain digits times ten to a power.
fn lacking(digits: &str, power: i32, float: f64) -> f64 {
    // Not the places that are claimed: `1e3` is printed to thousands and written `1000`.
    let written = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32);
    let (digits, power) = (digits.replace('.', ""), power - written);
    let short = || {
        let units = digits.parse::<i128>().ok()?.checked_mul(10i128.checked_pow(u32::try_from(power).ok()?)?)?;
        Some(units.checked_sub(float as i128)? as f64)
    };
    let long = || {
        let power = Rational::from_integer(10.into()).pow(power);
        (Rational::from_integer(digits.parse().ok()?) * power - Rational::from_float(float)?).to_f64()
    };
    short().or_else(long).unwrap_or_default()
}

fn push_units(text: &mut String, units: i64, places: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(units.unsigned_abs());
    if units < 0 {
        text.push('-');
    }
    match digits.len().checked_sub(places) {
        _ if places == 0 => text.push_str(digits),
        Some(whole) if whole > 0 => {
            text.push_str(&digits[..whole]);
            text.push('.');
            text.push_str(&digits[whole..]);
        }
        _ => {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', places - digits.len()));
            text.push_str(digits);
        }
    }
}

/// What a number of more digits is kept as: its value, and what is printed.
pub(super) fn long(printed: Printed) -> Result<Short, (f64, Printed)> {
    let short = Short::read(printed.digits.as_bytes(), b'.');
    match short.filter(|short| i32::from(short.places) == printed.decimals) {
        Some(short) => Ok(short),
        None => Err((printed.digits.parse().unwrap_or(f64::NAN), printed)),
    }
}

/// The same of a float.
pub(super) fn long_float(value: f64) -> Option<(f64, Printed)> {
    observation::of_float(value).map(|printed| (value, printed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::package::number::NumberFormat;

    fn column(texts: &[&str]) -> Decimals {
        let (mut value, mut places, mut odd) = (Vec::new(), Vec::new(), HashMap::new());
        for (row, text) in texts.iter().enumerate() {
            let short = if text.is_empty() { Ok(Short::NONE) } else { read(text) };
            match short {
                Ok(short) => {
                    value.push(short.mantissa);
                    places.push(short.places);
                }
                Err((float, printed)) => {
                    value.push(float);
                    places.push(ODD);
                    odd.insert(row as u32, printed);
                }
            }
        }
        Decimals::new(value, places, odd)
    }

    fn read(text: &str) -> Result<Short, (f64, Printed)> {
        Short::read(text.as_bytes(), b'.').map_or_else(
            || {
                let number = NumberFormat::PLAIN.read(text).unwrap();
                long(Printed { digits: number.digits, decimals: number.decimals, mark: None, to: None })
            },
            Ok,
        )
    }

    #[test]
    fn digits_stay_as_printed() {
        for texts in [
            &["1.5", "20.0", "-0.3", "", "0.0"][..],
            &["1", "1.25", "", "0.001", "123456789012345678", "-0.0", "-7"],
            &["", ""],
            &[],
        ] {
            let column = column(texts);
            for (row, text) in texts.iter().enumerate() {
                let mut digits = String::new();
                assert_eq!(column.push_digits(row, &mut digits), !text.is_empty());
                assert_eq!(digits, *text);
            }
            let turned: Vec<u32> = (0..texts.len() as u32).rev().collect();
            let turned = column.take(&turned);
            let cells: Vec<_> = (0..texts.len()).rev().map(|row| turned.cell(row)).collect();
            assert_eq!(cells, (0..texts.len()).map(|row| column.cell(row)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_no_plain_number_is_left_to_the_exact_reader() {
        for text in ["", "-", ".5", "5.", "+5", "1e3", "1,5", "1.2.3", "0x1", "-0", "-0.0", "1234567890123456", " 1"] {
            assert_eq!(Short::read(text.as_bytes(), b'.'), None, "{text}");
        }
        assert_eq!(Short::read(b"1,5", b','), Some(Short { mantissa: 15.0, places: 1 }));
    }

    proptest! {
        #[test]
        fn plain_numbers_are_read_as_the_exact_reader_does(text in "-?[0-9]{1,9}(\\.[0-9]{1,6})?") {
            let number = NumberFormat::PLAIN.read(&text).unwrap();
            if let Some(short) = Short::read(text.as_bytes(), b'.') {
                prop_assert_eq!(i32::from(short.places), number.decimals);
                let mut digits = String::new();
                push_units(&mut digits, short.mantissa as i64, usize::from(short.places));
                prop_assert_eq!(digits, number.digits);
            } else {
                prop_assert!(number.digits.trim_start_matches(['-', '0', '.']).is_empty());
            }
        }

        #[test]
        fn floats_have_their_shortest_digits(units in -1_000_000_000i64..1_000_000_000, places in 0i32..8, likely in 0u8..10) {
            let value: f64 = format!("{units}e-{places}").parse().unwrap();
            prop_assume!(value != 0.0);
            let mut places = likely;
            let short = Short::of_float(value, &mut places).unwrap();
            prop_assert!(places >= short.places.max(likely));
            let mut digits = String::new();
            push_units(&mut digits, short.mantissa as i64, usize::from(short.places));
            prop_assert_eq!(digits, format!("{value}"));
        }
    }
}
