//! json and ndjson: the answer for programs, with the reason beside every missing number.

use std::io::{self, BufWriter, Write};

use serde_json::{Value as Json, json};

use super::Look;
use super::field::{Feed, Field};
use super::sanitize::is_unsafe;
use crate::answer::{Answer, Role};
use crate::text::Text;

/// Writes the envelope: a column, a row, a note, a source a line.
pub(super) fn write(answer: &Answer, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    write!(out, "{{\"dataset\":{},\n\"title\":{},\n", string(&answer.dataset), safe(&text(&answer.title)))?;
    let columns = answer.columns.iter().map(|column| {
        let unit = column.unit.as_ref().filter(|unit| !unit.code.is_empty());
        json!({
            "key": column.key, "zh": column.title.zh, "en": column.title.en,
            "unit": unit.map(|unit| &unit.code), "power": unit.map(|unit| unit.power), "kind": kind(column.role),
        })
    });
    list(&mut out, "columns", columns)?;
    out.write_all(b",\n\"rows\":[")?;
    rows(answer, look, &mut out, ",")?;
    out.write_all(b"],\n")?;
    list(&mut out, "notes", answer.notes.iter().map(text))?;
    out.write_all(b",\n")?;
    let sources = answer.sources.iter().map(|source| {
        json!({
            "line": text(&source.line), "report": text(&source.report),
            "exhibit": source.exhibit, "section": source.section,
        })
    });
    list(&mut out, "sources", sources)?;
    out.write_all(b"}\n")?;
    out.flush()
}

/// Writes one object a row, a line each.
pub(super) fn write_rows(answer: &Answer, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    rows(answer, look, &mut out, "")?;
    out.flush()
}

fn rows(answer: &Answer, look: &Look, out: &mut dyn Write, between: &str) -> io::Result<()> {
    let feeds: Vec<(String, String, Feed)> = answer
        .columns
        .iter()
        .map(|column| {
            let key = string(&column.key);
            (
                format!("{key}:"),
                format!("{}:", string(&format!("{}_missing", column.key))),
                Feed::new(column, look.digits),
            )
        })
        .collect();
    let mut scratch = String::new();
    let mut line = String::new();
    for row in 0..answer.rows {
        line.clear();
        if !between.is_empty() {
            line.push_str(if row > 0 { between } else { "" });
            line.push('\n');
        }
        line.push('{');
        for (at, (key, missing, feed)) in feeds.iter().enumerate() {
            if at > 0 {
                line.push(',');
            }
            line.push_str(key);
            match feed.field(row, &mut scratch) {
                Field::Text(text) => line.push_str(&string(&text)),
                Field::List(items, _) => line.push_str(&safe(&Json::from(items))),
                Field::Digits(digits) if is_number(digits) => line.push_str(digits),
                Field::Digits(digits) => line.push_str(&string(digits)),
                Field::Missing(reason) => {
                    line.push_str("null");
                    if let Some(reason) = reason {
                        line.extend([",", missing, "\"", reason.code(), "\""]);
                    }
                }
            }
        }
        line.push('}');
        if between.is_empty() {
            line.push('\n');
        }
        out.write_all(line.as_bytes())?;
    }
    if !between.is_empty() && answer.rows > 0 {
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn list(out: &mut dyn Write, key: &str, items: impl Iterator<Item = Json>) -> io::Result<()> {
    write!(out, "\"{key}\":[")?;
    let mut any = false;
    for item in items {
        write!(out, "{}\n{}", if any { "," } else { "" }, safe(&item))?;
        any = true;
    }
    out.write_all(if any { b"\n]" } else { b"]" })
}

fn text(text: &Text) -> Json {
    json!({ "zh": text.zh, "en": text.en })
}

fn string(text: &str) -> String {
    safe(&Json::from(text))
}

/// JSON in which what could steer a terminal is escaped. It means the same to a program.
fn safe(value: &Json) -> String {
    let text = value.to_string();
    if !text.chars().any(is_unsafe) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            let mut units = [0; 2];
            escaped.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Whether digits are a number as JSON writes it.
fn is_number(digits: &str) -> bool {
    let size = digits.strip_prefix('-').unwrap_or(digits);
    let (whole, fraction) = size.split_once('.').map_or((size, None), |(whole, fraction)| (whole, Some(fraction)));
    let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(plain)
}

const fn kind(role: Role) -> &'static str {
    match role {
        Role::Period => "period",
        Role::Dimension => "dimension",
        Role::Attribute => "attribute",
        Role::Measure => "measure",
        Role::Statistic => "statistic",
        Role::Companion => "companion",
        Role::Source => "source",
    }
}
