//! Tables inside the descriptor: `data` as an array of arrays (the first is the header) or an array of objects.

use std::collections::HashSet;

use csv::StringRecord;
use serde_json::Value;

use super::fault::{Fault, Faults};
use super::limits::{Limit, Limits};
use super::store::Source;

/// Inline rows as texts.
pub(super) struct Inline {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<StringRecord>,
    /// Number in `data` of the first row.
    pub(super) first: usize,
    /// The rows are objects.
    pub(super) keyed: bool,
}

pub(super) fn rows(source: &Source, pointer: &str, raw: &str, limits: &Limits) -> Result<Inline, Faults> {
    let fault = |pointer: &str, zh: &str, en: &str| source.fault_at(pointer, "bad-inline-data", zh, en);
    let data = match serde_json::from_str(raw) {
        Ok(Value::Array(rows)) => rows,
        _ => {
            let fault = match raw.trim_start().starts_with('"') {
                true => fault(pointer, "不支持写成文本的 data", "data written as text is not supported"),
                false => fault(pointer, "data 须为行的数组", "data must be an array of rows"),
            };
            return Err(vec![fault.write("要写数组的数组或对象的数组", "write an array of arrays or of objects")]);
        }
    };
    let keyed = data.first().is_some_and(Value::is_object);
    let first = usize::from(data.first().is_some_and(Value::is_array));
    let header: Vec<String> = match data.first() {
        Some(Value::Array(cells)) => cells.iter().map(text).collect(),
        // In the order in which the rows bring them.
        _ => {
            let mut known = HashSet::new();
            let names = data.iter().filter_map(Value::as_object).flat_map(|members| members.keys());
            names.filter(|name| known.insert(*name)).cloned().collect()
        }
    };
    // Rows of objects are filled up: a few names in many short rows must not take much room.
    let room = (data.len() as u64).saturating_mul(header.len() as u64).saturating_mul(size_of::<usize>() as u64);
    let found = [(Limit::Fields, header.len() as u64), (Limit::ExpandedBytes, room.max(raw.len() as u64))];
    if let Some(over) = found.into_iter().find_map(|(limit, found)| limits.exceeded(limit, found, "")) {
        return Err(vec![Fault {
            write: over.write,
            ..source.fault_at(pointer, over.code, over.what.zh, over.what.en)
        }]);
    }
    let mut faults = Faults::new();
    let mut rows = Vec::new();
    for (number, row) in data.iter().enumerate().skip(first) {
        match row {
            Value::Object(members) if keyed => {
                rows.push(header.iter().map(|name| members.get(name).map_or(String::new(), text)).collect());
            }
            Value::Array(cells) if !keyed => rows.push(cells.iter().map(text).collect()),
            _ => {
                let place = format!("{pointer}/{number}");
                faults.push(fault(&place, "这一行与第一行形式不同", "this row has another form than the first"));
            }
        }
    }
    if faults.is_empty() { Ok(Inline { header, rows, first, keyed }) } else { Err(faults) }
}

/// A JSON value as it would stand in a cell: null is empty.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
