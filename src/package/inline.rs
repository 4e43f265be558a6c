//! Tables inside the descriptor: `data` as an array of arrays (the first is the header) or an array of objects.

use csv::StringRecord;
use serde_json::Value;

use super::fault::Faults;
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

pub(super) fn rows(source: &Source, pointer: &str, raw: &str) -> Result<Inline, Faults> {
    let fault = |pointer: &str, zh: &str, en: &str| source.fault_at(pointer, "bad-inline-data", zh, en);
    let data = match serde_json::from_str(raw) {
        Ok(Value::Array(rows)) => rows,
        _ => {
            let fault = fault(pointer, "data 须为行的数组", "data must be an array of rows");
            return Err(vec![fault.write("写数组的数组或对象的数组", "write an array of arrays or of objects")]);
        }
    };
    let keyed = data.first().is_some_and(Value::is_object);
    let mut faults = Faults::new();
    let mut header: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (number, row) in data.iter().enumerate() {
        let place = format!("{pointer}/{number}");
        match row {
            Value::Object(members) if keyed => {
                for name in members.keys().filter(|name| !header.contains(name)).cloned().collect::<Vec<_>>() {
                    header.push(name);
                }
                rows.push(header.iter().map(|name| members.get(name).map_or(String::new(), text)).collect());
            }
            Value::Array(cells) if !keyed && number == 0 => header = cells.iter().map(text).collect(),
            Value::Array(cells) if !keyed => rows.push(cells.iter().map(text).collect::<Vec<_>>()),
            _ => faults.push(fault(&place, "这一行与第一行形式不同", "this row has another form than the first")),
        }
    }
    if keyed {
        // Later rows may have brought names that the first lack.
        rows.iter_mut().for_each(|row: &mut Vec<String>| row.resize(header.len(), String::new()));
    }
    let rows = rows.into_iter().map(StringRecord::from).collect();
    if faults.is_empty() { Ok(Inline { header, rows, first: usize::from(!keyed), keyed }) } else { Err(faults) }
}

/// A JSON value as it would stand in a cell: null is empty.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
