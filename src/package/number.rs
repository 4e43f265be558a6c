//! Numbers as they are written in cells.

use std::borrow::Cow;

use super::descriptor::Field;

/// Why a text is no number, with what to write instead where that can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotANumber {
    /// A number with something around or inside it; without that it is this.
    Words(Option<String>),
    /// This number, if the field declared a property with a sign: `groupChar` or `decimalChar`.
    Undeclared(String, &'static str, char),
    /// NaN or an infinity.
    NotFinite,
    /// A decimal point in a field of whole numbers.
    NotWhole,
    /// More digits than are kept exactly.
    TooLong,
    /// A greater or smaller magnitude than is kept.
    OutOfRange,
}

/// A number's digits and the last place that they show (negative for tens and up).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digits {
    pub(super) digits: String,
    pub(super) decimals: i32,
}

/// Significant digits that are kept.
const SIGNIFICANT: usize = 38;
/// What may separate thousands.
const SEPARATORS: &str = ", \u{a0}\u{202f}'_";
/// Greatest power of ten.
const POWER: i64 = 60;

/// How a field writes its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NumberFormat {
    decimal: char,
    group: Option<char>,
    bare: bool,
    exponent: bool,
    /// Whole numbers: no decimal point.
    integer: bool,
    /// The plain format of measures: no sign `+`, no exponent, digits on both sides of the point.
    plain: bool,
}

impl NumberFormat {
    /// The format of aistat's measures.
    pub(super) const PLAIN: NumberFormat =
        NumberFormat { decimal: '.', group: None, bare: true, exponent: false, integer: false, plain: true };

    /// The format of JSON, for bounds in a schema.
    pub(super) const PLAIN_OR_EXPONENT: NumberFormat =
        NumberFormat { decimal: '.', group: None, bare: true, exponent: true, integer: false, plain: false };

    /// What a Table Schema field declares.
    pub(super) fn of(field: &Field) -> NumberFormat {
        let char = |text: &Option<String>| text.as_deref().and_then(|text| text.chars().next());
        let whole = field.kind.as_deref() == Some("integer");
        NumberFormat {
            decimal: char(&field.decimal_char).unwrap_or('.'),
            group: char(&field.group_char),
            bare: field.bare_number.unwrap_or(true),
            exponent: !whole,
            integer: whole,
            plain: false,
        }
    }

    /// Whether all its numbers are whole.
    pub(super) fn is_integer(&self) -> bool {
        self.integer
    }

    /// The byte of the decimal point, if plain digits with it are a number of this format.
    pub(super) fn point(&self) -> Option<u8> {
        let plain = !self.decimal.is_ascii_digit() && !self.group.is_some_and(|group| group.is_ascii_digit());
        u8::try_from(self.decimal).ok().filter(|byte| plain && byte.is_ascii())
    }

    /// Reads a number.
    pub(super) fn read(&self, text: &str) -> Result<Digits, NotANumber> {
        let text = text.trim();
        let text = if self.bare { text } else { text.trim_matches(|c: char| !c.is_ascii_digit() && !self.leads(c)) };
        if let Some(digits) =
            (!self.plain || text.bytes().all(|byte| byte != b'+')).then(|| self.digits(text)).flatten()
        {
            let point = self.integer && text.contains(self.decimal);
            return if point { Err(NotANumber::NotWhole) } else { within_range(digits) };
        }
        if ["nan", "inf", "infinity"].contains(&text.trim_start_matches(['-', '+']).to_ascii_lowercase().as_str()) {
            return Err(NotANumber::NotFinite);
        }
        let inner = inner_number(text).filter(|_| self.decimal == '.');
        Err(match inner.as_ref().filter(|_| !self.plain).and_then(|number| undeclared(text, number)) {
            Some((property, sign)) => NotANumber::Undeclared(inner.unwrap_or_default(), property, sign),
            None => NotANumber::Words(inner),
        })
    }

    fn leads(&self, c: char) -> bool {
        c == '-' || c == '+' || c == self.decimal
    }

    fn digits(&self, text: &str) -> Option<Digits> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) if self.exponent => (mantissa, exponent(power)?),
            Some(_) => return None,
            None => (rest, 0),
        };
        let (whole, fraction) =
            mantissa.split_once(self.decimal).map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
        let whole: Cow<'_, str> = match self.group {
            Some(group) if whole.contains(group) => Cow::Owned(whole.split(group).collect()),
            _ => Cow::Borrowed(whole),
        };
        let fraction_digits = fraction.unwrap_or("");
        let all_digits = whole.bytes().chain(fraction_digits.bytes()).all(|byte| byte.is_ascii_digit());
        let enough = if self.plain {
            !whole.is_empty() && fraction != Some("")
        } else {
            !(whole.is_empty() && fraction_digits.is_empty())
        };
        (all_digits && enough).then(|| compose(negative, &whole, fraction_digits, power))
    }
}

/// Digits without what does not change the value: zeros at the end of a fraction, the sign of zero.
pub(super) fn canonical(digits: &str) -> &str {
    let short = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    if short == "-0" { "0" } else { short }
}

fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Beyond any range is as good as the exact power: it is refused.
    plain.then(|| {
        text.trim_start_matches('+').parse().unwrap_or(if text.starts_with('-') { -1_000_000 } else { 1_000_000 })
    })
}

fn compose(negative: bool, whole: &str, fraction: &str, power: i64) -> Digits {
    let power = power.clamp(-1_000_000, 1_000_000);
    let sign = if negative { "-" } else { "" };
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX).saturating_sub(power);
    let decimals = i32::try_from(places).unwrap_or(i32::MAX);
    let digits = if power == 0 {
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    } else {
        let all = format!("{whole}{fraction}");
        let all = all.trim_start_matches('0');
        let shift = usize::try_from(places.unsigned_abs().min(2_000)).unwrap_or(0);
        if all.is_empty() {
            let zeros = if places > 0 { format!(".{}", "0".repeat(shift)) } else { String::new() };
            format!("{sign}0{zeros}")
        } else if places <= 0 {
            format!("{sign}{all}{}", "0".repeat(shift))
        } else {
            let padded = format!("{all:0>width$}", width = shift + 1);
            let (whole, fraction) = padded.split_at(padded.len() - shift);
            format!("{sign}{whole}.{fraction}")
        }
    };
    Digits { digits, decimals }
}

fn within_range(number: Digits) -> Result<Digits, NotANumber> {
    let bare: String = number.digits.chars().filter(char::is_ascii_digit).collect();
    let leading = bare.len() - bare.trim_start_matches('0').len();
    let zeros = usize::try_from(number.decimals.min(0).unsigned_abs()).unwrap_or(usize::MAX);
    let significant = (bare.len() - leading).saturating_sub(zeros);
    let size = i64::try_from(bare.len()).unwrap_or(i64::MAX);
    let whole = number.digits.trim_start_matches('-').split('.').next().map_or(0, str::len) as i64;
    let near = whole <= POWER && i64::from(number.decimals).abs() <= POWER && size <= 2 * POWER;
    match significant <= SIGNIFICANT {
        true if near => Ok(number),
        true => Err(NotANumber::OutOfRange),
        false => Err(NotANumber::TooLong),
    }
}

/// The plain number in a text with words, signs and separators, if there is exactly one and what it is cannot be doubted.
fn inner_number(text: &str) -> Option<String> {
    let narrow: String = text.chars().map(narrow).collect();
    let first = narrow.find(|c: char| c.is_ascii_digit())?;
    let last = narrow.rfind(|c: char| c.is_ascii_digit())?;
    let before = &narrow[..first];
    let (before, point) = before.strip_suffix('.').map_or((before, ""), |before| (before, "0."));
    let (before, after) = (before.trim_end(), &narrow[last + 1..]);
    // Brackets and a minus behind mean less than nothing to some; `No.5` and `,5` may be anything.
    let doubtful = before.ends_with(['(', ','])
        || after.trim_start().starts_with('-')
        || !point.is_empty() && before.ends_with(char::is_alphabetic);
    let number = ungrouped(&narrow[first..=last]).filter(|_| !doubtful)?;
    if !point.is_empty() && number.contains(|c: char| !c.is_ascii_digit()) || number.len() > SIGNIFICANT {
        return None;
    }
    let sign = if before.ends_with('-') { "-" } else { "" };
    Some(format!("{sign}{point}{number}"))
}

/// The property that would make a text this number, with its sign.
fn undeclared(text: &str, number: &str) -> Option<(&'static str, char)> {
    let digits = text.trim_start_matches('-');
    let sign = digits.chars().find(|c| SEPARATORS.contains(*c))?;
    let with = |put: &str| text.replace(sign, put) == number;
    with("").then_some(("groupChar", sign)).or_else(|| with(".").then_some(("decimalChar", sign)))
}

/// Digits without the separators of their thousands, and with a point for a comma that separates none.
fn ungrouped(text: &str) -> Option<String> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let fraction = match fraction {
        Some(fraction) if digits(fraction) => format!(".{fraction}"),
        Some(_) => return None,
        None => String::new(),
    };
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(format!("{whole}{fraction}"));
    };
    let groups: Vec<&str> = whole.split(separator).collect();
    let (first, rest) = groups.split_first()?;
    if !groups.iter().all(|group| digits(group)) {
        return None;
    }
    match rest {
        // Four digits behind a comma may be a myriad.
        [decimals]
            if separator == ',' && fraction.is_empty() && (*first == "0" || ![3, 4].contains(&decimals.len())) =>
        {
            Some(format!("{first}.{decimals}"))
        }
        _ if !SEPARATORS.contains(separator) => None,
        _ if first.len() > 3 || rest.iter().any(|group| group.len() != 3) => None,
        _ => Some(format!("{}{fraction}", groups.concat())),
    }
}

/// Full-width digits and the many dashes, as keyboards of plain numbers have them.
fn narrow(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}' => u8::try_from(u32::from(c) - 0xff10).map_or(c, |digit| char::from(b'0' + digit)),
        '\u{ff0e}' => '.',
        '\u{ff0c}' => ',',
        '\u{ff08}' => '(',
        '\u{2212}' | '\u{2013}' | '\u{2010}' | '\u{ff0d}' => '-',
        other => other,
    }
}

/// Orders two plain numbers exactly, without arithmetic.
pub(super) fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    let parts = |text: &str| {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let (whole, fraction) = (whole.trim_start_matches('0').to_owned(), fraction.trim_end_matches('0').to_owned());
        (negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction)
    };
    let (x, y) = (parts(a), parts(b));
    let size = || x.1.len().cmp(&y.1.len()).then_with(|| x.1.cmp(&y.1)).then_with(|| x.2.cmp(&y.2));
    match (x.0, y.0) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => size(),
        (true, true) => size().reverse(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn general() -> NumberFormat {
        NumberFormat { decimal: '.', group: None, bare: true, exponent: true, integer: false, plain: false }
    }

    #[test]
    fn plain_numbers_keep_their_digits() {
        for (text, digits, decimals) in [
            ("5.0", "5.0", 1),
            ("5", "5", 0),
            ("-0.10", "-0.10", 2),
            ("1751", "1751", 0),
            ("007", "7", 0),
            ("0.0", "0.0", 1),
            ("000", "0", 0),
        ] {
            let expected = Ok(Digits { digits: digits.into(), decimals });
            assert_eq!(NumberFormat::PLAIN.read(text), expected, "{text}");
            assert_eq!(general().read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_stands_around_a_number() {
        for (text, inner) in [
            ("约60", Some("60")),
            ("1,234", Some("1234")),
            ("11.9%", Some("11.9")),
            ("\u{2212}5", Some("-5")),
            ("\u{ff11}\u{ff12}3", Some("123")),
            ("8万", Some("8")),
            ("+5", Some("5")),
            ("5.", Some("5")),
            (".5", Some("0.5")),
            ("-.5", Some("-0.5")),
            ("No.5", None),
            (",5", None),
            ("0,5", Some("0.5")),
            ("0,125", Some("0.125")),
            ("55,5", Some("55.5")),
            ("12,34", Some("12.34")),
            ("12,3456", None),
            ("1,234,567.8", Some("1234567.8")),
            ("12,34,567", None),
            ("1.234,5", None),
            ("1 234 567", Some("1234567")),
            ("1 23", None),
            ("1\u{202f}234", Some("1234")),
            ("1'234", Some("1234")),
            ("2023 100", None),
            ("(5)", None),
            ("\u{ff08}5\u{ff09}", None),
            ("5-", None),
            ("- 5", Some("-5")),
            ("60(估)", Some("60")),
            ("1e3", None),
            ("60–80", None),
            ("多", None),
            ("1.2.3", None),
            ("--", None),
        ] {
            assert_eq!(NumberFormat::PLAIN.read(text), Err(NotANumber::Words(inner.map(Into::into))), "{text}");
        }
        for text in ["NaN", "-INF", "inf", "Infinity", "nan"] {
            assert_eq!(NumberFormat::PLAIN.read(text), Err(NotANumber::NotFinite));
        }
    }

    #[test]
    fn signs_that_a_field_lacks() {
        for (text, number, property, sign) in [
            ("1,234", "1234", "groupChar", ','),
            ("-1,234,567.8", "-1234567.8", "groupChar", ','),
            ("1\u{202f}234", "1234", "groupChar", '\u{202f}'),
            ("0,5", "0.5", "decimalChar", ','),
            ("-12,34", "-12.34", "decimalChar", ','),
        ] {
            let expected = NotANumber::Undeclared(number.into(), property, sign);
            assert_eq!(general().read(text), Err(expected), "{text}");
        }
        for (text, number) in [("\u{7ea6}295", "295"), ("$1,234", "1234"), ("1,234 km", "1234"), ("60%", "60")] {
            assert_eq!(general().read(text), Err(NotANumber::Words(Some(number.into()))), "{text}");
        }
    }

    #[test]
    fn declared_formats() {
        for (text, digits, decimals) in [
            ("1.2e5", "120000", -4),
            ("1.20E-2", "0.0120", 4),
            ("+5", "5", 0),
            (".5", "0.5", 1),
            ("5.", "5", 0),
            ("-3e0", "-3", 0),
            ("0e5", "0", -5),
            ("12e-1", "1.2", 1),
            ("1e-3", "0.001", 3),
        ] {
            assert_eq!(general().read(text), Ok(Digits { digits: digits.into(), decimals }), "{text}");
        }
        let german = NumberFormat { decimal: ',', group: Some('.'), ..general() };
        assert_eq!(german.read("1.234,50"), Ok(Digits { digits: "1234.50".into(), decimals: 2 }));
        let money = NumberFormat { bare: false, group: Some(','), ..general() };
        assert_eq!(money.read("€ -1,234.5 Mio"), Ok(Digits { digits: "-1234.5".into(), decimals: 1 }));
        let whole = NumberFormat { exponent: false, ..general() };
        assert!(whole.read("1e3").is_err());
    }

    #[test]
    fn range() {
        assert!(general().read(&"9".repeat(38)).is_ok());
        assert_eq!(general().read(&"9".repeat(39)), Err(NotANumber::TooLong));
        assert!(general().read("1e59").is_ok());
        assert!(general().read("1e-60").is_ok());
        for text in ["1e60", "1e-61", "1e999999999999", "1e-999999999999", "0e99999999999999999999"] {
            assert_eq!(general().read(text), Err(NotANumber::OutOfRange), "{text}");
        }
    }

    #[test]
    fn order() {
        use std::cmp::Ordering::{Equal, Greater, Less};
        for (a, b, order) in [
            ("5", "5.0", Equal),
            ("-0", "0.0", Equal),
            ("10", "9.9", Greater),
            ("-10", "-9", Less),
            ("0.10", "0.09", Greater),
            ("-1", "1", Less),
        ] {
            assert_eq!(compare(a, b), order, "{a} {b}");
            assert_eq!(compare(b, a), order.reverse());
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_digits_are_plain(text in "[-+0-9.,eEINFa%约5 ]{0,24}", group in proptest::option::of(proptest::char::any()), bare: bool) {
            let format = NumberFormat { group, bare, ..general() };
            if let Ok(number) = format.read(&text) {
                prop_assert_eq!(NumberFormat::PLAIN.read(&number.digits).map(|plain| plain.digits), Ok(number.digits.clone()));
                prop_assert!(number.digits.parse::<f64>().is_ok_and(f64::is_finite));
            }
            let _ = NumberFormat::PLAIN.read(&text);
        }

        #[test]
        fn order_agrees_with_floats(a in -9999i32..9999, b in -9999i32..9999) {
            let (x, y) = (f64::from(a) / 100.0, f64::from(b) / 100.0);
            prop_assert_eq!(compare(&format!("{x:.2}"), &format!("{y:.2}")), a.cmp(&b));
        }
    }
}
