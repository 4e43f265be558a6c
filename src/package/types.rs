//! Table Schema's types: whether a text is a value of its field.

use std::borrow::Cow;

use super::calendar::{Date, digits};
use super::descriptor::Field;
use super::number::{self, NotANumber, NumberFormat};
use super::when::PeriodFormat;

/// Whether a text that is not missing is a value of the field's type and format. `Err` names what was expected.
pub(super) fn value<'f>(field: &'f Field, text: &str) -> Result<(), &'f str> {
    let format = field.format.as_deref().unwrap_or("default");
    let kind = field.kind.as_deref().unwrap_or("any");
    let (sound, expected) = match kind {
        "string" => (string(format, text), format),
        "number" => {
            // NaN and the infinities are values of the type; a measure refuses them.
            let read = NumberFormat::of(field).read(text);
            (
                matches!(read, Ok(_) | Err(NotANumber::NotFinite | NotANumber::OutOfRange | NotANumber::TooLong)),
                "number",
            )
        }
        "integer" => {
            let read = NumberFormat::of(field).read(text);
            (read.is_ok_and(|number| number.decimals == 0 && !text.contains('.')) || huge_integer(text), "integer")
        }
        "boolean" => {
            let listed = |values: &Option<Vec<String>>, default: &[&str]| match values {
                Some(values) => values.iter().any(|value| value == text),
                None => default.contains(&text),
            };
            let yes = listed(&field.true_values, &["true", "True", "TRUE", "1"]);
            (yes || listed(&field.false_values, &["false", "False", "FALSE", "0"]), "boolean")
        }
        "date" => (dated(format, text, |text| iso_date(text).is_some()), "date"),
        "datetime" => (dated(format, text, iso_datetime), "datetime"),
        "time" => (format != "default" || iso_time(text), "time"),
        "year" => (digits(text, 4).is_some(), "year"),
        "yearmonth" => (year_month(text), "yearmonth"),
        "duration" => (duration(text), "duration"),
        "object" | "geojson" => {
            (serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok(), "object")
        }
        "array" => (serde_json::from_str::<Vec<serde_json::Value>>(text).is_ok(), "array"),
        "geopoint" => (geopoint(format, text), "geopoint"),
        _ => (true, ""),
    };
    if sound { Ok(()) } else { Err(expected) }
}

/// One text for all that write the same value of a field: `1` for `01` and `+1`, and of numbers for `1.0`.
pub(super) fn canonical<'t>(field: &Field, text: &'t str) -> Cow<'t, str> {
    match (field.kind.as_deref(), field.format.as_deref().map(|format| format.strip_prefix("fmt:").unwrap_or(format))) {
        (Some("number" | "integer"), _) => Cow::Owned(match NumberFormat::of(field).read(text) {
            Ok(number) => number::canonical(&number.digits).to_owned(),
            Err(NotANumber::NotFinite) => text.trim().trim_start_matches('+').to_ascii_lowercase(),
            Err(_) if huge_integer(text) => plain_integer(text),
            Err(_) => text.to_owned(),
        }),
        (Some("boolean"), _) => {
            let own = |values: &Option<Vec<String>>| values.as_ref().map(|values| values.iter().any(|own| own == text));
            let yes = own(&field.true_values).unwrap_or(["true", "True", "TRUE", "1"].contains(&text));
            Cow::Borrowed(if yes { "true" } else { "false" })
        }
        (Some("date"), Some(format)) if format != "default" => {
            let pattern = PeriodFormat::Pattern(format.to_owned());
            let format = if format.contains('%') { pattern } else { PeriodFormat::Free };
            format.read(text).map_or(Cow::Borrowed(text), |date| Cow::Owned(date.to_string()))
        }
        _ => Cow::Borrowed(text),
    }
}

/// How many characters, or items, a text has that is a value of its field; `true` where they are items.
pub(super) fn length(field: &Field, text: &str) -> (u64, bool) {
    let items = match field.kind.as_deref() {
        Some("list") => Some(text.split(field.delimiter.as_deref().unwrap_or(",")).count()),
        Some("array") => serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text).ok().map(|items| items.len()),
        Some("object") => serde_json::from_str::<serde_json::Map<_, _>>(text).ok().map(|object| object.len()),
        _ => None,
    };
    (items.unwrap_or_else(|| text.chars().count()) as u64, items.is_some())
}

/// The types there are.
pub(super) const KINDS: [&str; 16] = [
    "string",
    "number",
    "integer",
    "boolean",
    "object",
    "array",
    "list",
    "datetime",
    "date",
    "time",
    "year",
    "yearmonth",
    "duration",
    "geopoint",
    "geojson",
    "any",
];

/// The type that a word for it in other languages stands for.
pub(super) fn meant(kind: &str) -> Option<&'static str> {
    Some(match kind.to_ascii_lowercase().as_str() {
        "float" | "double" | "decimal" | "real" | "numeric" => "number",
        "int" | "bigint" | "long" => "integer",
        "str" | "text" | "varchar" => "string",
        "bool" => "boolean",
        "timestamp" => "datetime",
        lower => return KINDS.into_iter().find(|own| *own == lower),
    })
}

/// The formats that fields of a type may have; `%Y` stands for any pattern of dates and times.
pub(super) fn formats(kind: &str) -> &'static [&'static str] {
    match kind {
        "string" => &["default", "email", "uri", "binary", "uuid"],
        "date" | "time" | "datetime" => &["default", "any", "%Y"],
        "geopoint" => &["default", "array", "object"],
        "geojson" => &["default", "topojson"],
        _ => &["default"],
    }
}

/// Whether a type has a format. `any` says nothing, of types too that have no other.
pub(super) fn has_format(kind: &str, format: &str) -> bool {
    let known = formats(kind);
    format == "any"
        || known.contains(&format)
        || known.contains(&"%Y") && format.contains('%')
        || !KINDS.contains(&kind)
        || kind == "any"
}

/// Whether a constraint is about values of a type; `None`: there is no such constraint.
pub(super) fn takes(kind: &str, constraint: &str) -> Option<bool> {
    Some(match constraint {
        "required" | "unique" | "enum" => true,
        "minLength" | "maxLength" => ["string", "array", "object", "list"].contains(&kind),
        "pattern" => kind == "string",
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
            ["number", "integer", "date", "datetime", "time", "year", "yearmonth", "duration"].contains(&kind)
        }
        "jsonSchema" => ["object", "array", "geojson"].contains(&kind),
        _ => return None,
    })
}

fn huge_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits of any number, without zeros before them and the sign of more than nothing.
fn plain_integer(text: &str) -> String {
    let sign = if text.starts_with('-') { "-" } else { "" };
    format!("{sign}{}", text.trim_start_matches(['-', '+']).trim_start_matches('0'))
}

fn string(format: &str, text: &str) -> bool {
    match format {
        "email" => text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@')),
        "uri" => text.split_once(':').is_some_and(|(scheme, rest)| {
            let letters = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
            letters && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.is_empty()
        }),
        "uuid" => {
            let lengths: Vec<usize> = text.split('-').map(str::len).collect();
            lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        }
        "binary" => {
            text.len().is_multiple_of(4)
                && text.trim_end_matches('=').bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
        }
        _ => true,
    }
}

fn dated(format: &str, text: &str, iso: impl Fn(&str) -> bool) -> bool {
    match format.strip_prefix("fmt:").unwrap_or(format) {
        "default" => iso(text),
        "any" => PeriodFormat::Free.read(text).is_some() || text.chars().any(|c| c.is_ascii_digit()),
        pattern if pattern.contains('%') => PeriodFormat::Pattern(pattern.to_owned()).read(text).is_some(),
        _ => true,
    }
}

fn iso_date(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let two = |text| digits(text, 2).and_then(|number| u8::try_from(number).ok());
    Date::new(i32::from(digits(year, 4)?), two(month)?, two(day)?)
}

fn iso_time(text: &str) -> bool {
    let time = text.strip_suffix('Z').unwrap_or(text);
    let time = time.rfind(['+', '-']).map_or(time, |at| &time[..at]);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let parts: Vec<Option<u16>> = time.split(':').map(|part| digits(part, 2)).collect();
    let sound = matches!(parts.as_slice(), [Some(hour), Some(minute), Some(second)] if *hour < 24 && *minute < 60 && *second < 61);
    sound && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

fn iso_datetime(text: &str) -> bool {
    text.split_once('T').is_some_and(|(date, time)| iso_date(date).is_some() && iso_time(time))
}

fn year_month(text: &str) -> bool {
    text.split_once('-').is_some_and(|(year, month)| {
        digits(year, 4).is_some() && digits(month, 2).is_some_and(|month| (1..=12).contains(&month))
    })
}

/// ISO 8601 durations, such as `P1Y2M` and `PT0.5S`.
fn duration(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let Some(rest) = text.strip_prefix('P').filter(|rest| !rest.is_empty() && !rest.ends_with('T')) else {
        return false;
    };
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    let amounts = |text: &str, units: &str| {
        let mut units = units.chars();
        let mut number = String::new();
        for c in text.chars() {
            if c.is_ascii_digit() || c == '.' {
                number.push(c);
            } else if number.parse::<f64>().is_err() || !units.any(|unit| unit == c) {
                return false;
            } else {
                number.clear();
            }
        }
        number.is_empty()
    };
    amounts(date, "YMWD") && amounts(time, "HMS")
}

fn geopoint(format: &str, text: &str) -> bool {
    let inner = match format {
        "array" => text.trim().trim_start_matches('[').trim_end_matches(']'),
        "object" => return text.contains("lon") && text.contains("lat"),
        _ => text,
    };
    let number = |text: &str, most: f64| text.trim().parse::<f64>().is_ok_and(|value| value.abs() <= most);
    inner.split_once(',').is_some_and(|(longitude, latitude)| number(longitude, 180.0) && number(latitude, 90.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(kind: &str, format: Option<&str>, text: &str) -> bool {
        let field = Field { kind: Some(kind.into()), format: format.map(Into::into), ..Field::default() };
        value(&field, text).is_ok()
    }

    #[test]
    fn values_of_types() {
        for (kind, format, sound, broken) in [
            ("number", None, &["1", "1.5", "-1e3", "NaN", "INF"][..], &["x", "1,000", "1 000"][..]),
            ("integer", None, &["1", "-5", "+7"], &["1.5", "1.0", "1e3", ""]),
            ("boolean", None, &["true", "0"], &["yes"]),
            ("date", None, &["2023-02-28"], &["2023-02-30", "2023-2-8", "2023-02"]),
            ("date", Some("any"), &["2023-02", "March 4, 2023"], &["then"]),
            ("date", Some("%d/%m/%Y"), &["14/03/2023"], &["2023-03-14"]),
            (
                "datetime",
                None,
                &["2023-03-14T10:00:00Z", "2023-03-14T10:00:00.5+08:00"],
                &["2023-03-14", "2023-03-14T25:00:00"],
            ),
            ("time", None, &["10:00:00"], &["10:00", "24:00:00"]),
            ("year", None, &["2023", "0044"], &["23.5", "20233", "-44", "44"]),
            ("yearmonth", None, &["2023-03"], &["2023-13", "2023"]),
            ("duration", None, &["P1Y", "PT0.5S", "P1Y2M3DT4H"], &["P", "1Y", "P1M1Y", "PT"]),
            ("array", None, &["[1]"], &["{}", "1"]),
            ("object", None, &["{}"], &["[]"]),
            ("geopoint", None, &["114.06, 22.54"], &["200, 10", "1"]),
            ("string", Some("email"), &["a@b.org"], &["a", "a@b@c.d"]),
            ("string", Some("uri"), &["http://x"], &["x", ":x"]),
            ("string", Some("uuid"), &["123e4567-e89b-12d3-a456-426614174000"], &["123"]),
            ("any", None, &["x"], &[]),
        ] {
            for text in sound {
                assert!(is(kind, format, text), "{kind} {text}");
            }
            for text in broken {
                assert!(!is(kind, format, text), "{kind} {text}");
            }
        }
    }
}
