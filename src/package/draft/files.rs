//! The files of a draft.

use serde_json::{Map, Value, json};

use super::super::model::Kind;
use super::super::open::{NAMELESS, own_letters};
use super::super::{header, slug};
use super::columns::{Measure, Table};
use super::grid::Grid;
use super::numeral::Numeral;
use super::units::{UnitGuess, What};

/// Descriptor, table, code lists and notes.
pub(super) fn write(
    grid: &Grid,
    table: &Table,
    name: &str,
    stem: &str,
    taken: &dyn Fn(&str) -> bool,
) -> Vec<(String, Vec<u8>)> {
    let code = slug::slug(name).unwrap_or_else(|| NAMELESS.to_owned());
    let area = if taken(&code) { format!("{code}-data") } else { code };
    let package = slug::slug(name).or_else(|| own_letters(name)).unwrap_or_else(|| NAMELESS.to_owned());
    let topic = slug::slug(stem).unwrap_or_else(|| "table".to_owned());
    let title = grid.title.clone().unwrap_or_else(|| stem.to_owned());
    let by: String =
        table.dimensions.iter().map(|dimension| format!("-{}", dimension.name.replace('_', "-"))).collect();
    let file = if by.is_empty() { format!("{area}/{topic}.csv") } else { format!("{area}/{topic}-by{by}.csv") };
    let mut resources = vec![resource(table, &area, &topic, &title, &file)];
    let mut files = vec![(file, rows(grid, table))];
    let mut list = |name: &str, title: &str, header: &[&str], lines: Vec<Vec<String>>| {
        let path = format!("codes/{name}.csv");
        resources.push(codes(name, title, &path, header));
        files.push((path, csv(header, &lines)));
    };
    let named = |code: &str, title: &str| vec![code.to_owned(), title.to_owned(), title.to_owned(), "1".to_owned()];
    for dimension in &table.dimensions {
        let line = |(at, (code, title)): (usize, &(String, String))| {
            vec![code.clone(), title.clone(), title.clone(), (at + 1).to_string()]
        };
        list(&dimension.name, &dimension.title, &LIST, dimension.members.iter().enumerate().map(line).collect());
    }
    let mut units: Vec<&UnitGuess> = Vec::new();
    for measure in &table.measures {
        if !units.iter().any(|unit| unit.code == measure.unit.code) {
            units.push(&measure.unit);
        }
    }
    let unit = |(at, unit): (usize, &&UnitGuess)| {
        vec![
            unit.code.clone(),
            unit.title.zh.clone(),
            unit.title.en.clone(),
            unit.family.clone(),
            unit.power.to_string(),
            (at + 1).to_string(),
        ]
    };
    list(
        "units",
        "units",
        &["code", "zh", "en", "family", "power", "order"],
        units.iter().enumerate().map(unit).collect(),
    );
    list("areas", "areas", &LIST, vec![named(&area, name)]);
    list("topics", "topics", &LIST, vec![named(&topic, &title)]);
    let unknown: Vec<Vec<String>> = table
        .measures
        .iter()
        .filter(|measure| measure.unit.what == What::Unknown)
        .map(|measure| note(table, measure, &area, &topic))
        .collect();
    if !unknown.is_empty() {
        resources.push(notes());
        files.push(("notes.csv".to_owned(), csv(&NOTES, &unknown)));
    }
    let descriptor = json!({
        "name": package,
        "title": title,
        "aistat:title": {"zh": title, "en": title},
        "resources": resources,
    });
    let mut text = serde_json::to_vec_pretty(&descriptor).unwrap_or_default();
    text.push(b'\n');
    files.insert(0, ("datapackage.json".to_owned(), text));
    files
}

const LIST: [&str; 4] = ["code", "zh", "en", "order"];
const NOTES: [&str; 6] = ["dataset", "key", "period", "measure", "zh", "en"];

fn resource(table: &Table, area: &str, topic: &str, title: &str, file: &str) -> Value {
    let names: Vec<&str> = table.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    let name = file.trim_end_matches(".csv").replace('/', "-");
    json!({
        "name": name,
        "path": file,
        "type": "table",
        "format": "csv",
        "aistat:title": {"zh": title, "en": title},
        "aistat:area": area,
        "aistat:topic": topic,
        "aistat:dimensions": names,
        "schema": schema(table, &names),
    })
}

fn schema(table: &Table, dimensions: &[&str]) -> Value {
    let text = |name: &str, title: &str| field(name, "string", title, []);
    let mut fields = vec![field("period", "string", "period", [("constraints", json!({"required": true}))])];
    for dimension in &table.dimensions {
        fields.push(field(&dimension.name, "string", &dimension.title, [("constraints", json!({"required": true}))]));
    }
    for measure in &table.measures {
        let basis = (measure.unit.what == What::Unknown).then(|| ("aistat:unitBasis", json!("assumed")));
        let kind = match measure.kind {
            Kind::Stock => "stock",
            Kind::Flow => "flow",
            Kind::Rate => "rate",
            Kind::Mean => "mean",
        };
        let own = [Some(("aistat:unit", json!(measure.unit.code))), basis, Some(("aistat:kind", json!(kind)))];
        fields.push(field(&measure.name, "number", &measure.title, own.into_iter().flatten()));
        if has_mark(measure) {
            fields.push(text(&format!("{}_mark", measure.name), &format!("{} mark", measure.title)));
        }
        if has_decimals(measure) {
            let title = format!("{} last place", measure.title);
            fields.push(field(&format!("{}_decimals", measure.name), "integer", &title, []));
        }
        if has_to(measure) {
            fields.push(field(&format!("{}_to", measure.name), "number", &format!("{} upper end", measure.title), []));
        }
    }
    fields.extend(table.attributes.iter().map(|attribute| text(&attribute.name, &attribute.title)));
    let key = |name: &&str| json!({"fields": [name], "reference": {"resource": name, "fields": ["code"]}});
    let mut schema = json!({
        "fields": fields,
        "missingValues": [""],
        "primaryKey": std::iter::once("period").chain(dimensions.iter().copied()).collect::<Vec<_>>(),
    });
    if !dimensions.is_empty() {
        schema["foreignKeys"] = dimensions.iter().map(key).collect();
    }
    schema
}

fn field(name: &str, kind: &str, title: &str, own: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut field = Map::new();
    field.insert("name".into(), name.into());
    field.insert("type".into(), kind.into());
    field.insert("aistat:title".into(), json!({"zh": title, "en": title}));
    field.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Value::Object(field)
}

fn codes(name: &str, title: &str, path: &str, header: &[&str]) -> Value {
    let kind = |name: &str| if ["order", "power"].contains(&name) { "integer" } else { "string" };
    let fields: Vec<Value> = header.iter().map(|name| json!({"name": name, "type": kind(name)})).collect();
    json!({
        "name": name,
        "path": path,
        "type": "table",
        "format": "csv",
        "aistat:role": "codes",
        "aistat:title": {"zh": title, "en": title},
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": ["code"]},
    })
}

fn notes() -> Value {
    let fields: Vec<Value> = NOTES.iter().map(|name| json!({"name": name, "type": "string"})).collect();
    json!({
        "name": "notes",
        "path": "notes.csv",
        "type": "table",
        "format": "csv",
        "aistat:role": "notes",
        "aistat:title": {"zh": "说明", "en": "Notes"},
        "schema": {"fields": fields, "missingValues": [""]},
    })
}

fn note(table: &Table, measure: &Measure, area: &str, topic: &str) -> Vec<String> {
    let names: Vec<&str> = table.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    let by = if names.is_empty() { String::new() } else { format!("/{}", names.join("+")) };
    let dimensions = table.dimensions.iter().map(|dimension| &dimension.title);
    let mut columns = dimensions.chain(table.attributes.iter().map(|attribute| &attribute.title));
    let differs = columns.find(|title| header::is_unit(title) || header::is_indicator(title));
    let (zh, en) = match differs {
        Some(column) => (
            format!("「{}」的单位依「{column}」而定", measure.title),
            format!("the unit of '{}' depends on '{column}'", measure.title),
        ),
        None => (
            format!("原表未说明「{}」的单位", measure.title),
            format!("the table does not name the unit of '{}'", measure.title),
        ),
    };
    vec![format!("{area}/{topic}{by}"), String::new(), String::new(), measure.name.clone(), zh, en]
}

fn has_mark(measure: &Measure) -> bool {
    measure.cells.iter().any(|cell| match cell {
        Numeral::Number { mark, .. } => mark.is_some(),
        Numeral::Empty(reason) => reason.is_marked(),
    })
}

fn has_decimals(measure: &Measure) -> bool {
    measure.cells.iter().any(|cell| matches!(cell, Numeral::Number { decimals: Some(_), .. }))
}

fn has_to(measure: &Measure) -> bool {
    measure.cells.iter().any(|cell| matches!(cell, Numeral::Number { to: Some(_), .. }))
}

fn rows(grid: &Grid, table: &Table) -> Vec<u8> {
    let mut header = vec!["period".to_owned()];
    header.extend(table.dimensions.iter().map(|dimension| dimension.name.clone()));
    let companions = |measure| (measure, has_mark(measure), has_decimals(measure), has_to(measure));
    let measures: Vec<(&Measure, bool, bool, bool)> = table.measures.iter().map(companions).collect();
    for (measure, has_mark, has_decimals, has_to) in &measures {
        header.push(measure.name.clone());
        header.extend(has_mark.then(|| format!("{}_mark", measure.name)));
        header.extend(has_decimals.then(|| format!("{}_decimals", measure.name)));
        header.extend(has_to.then(|| format!("{}_to", measure.name)));
    }
    header.extend(table.attributes.iter().map(|attribute| attribute.name.clone()));
    let line = |row: usize| {
        let mut line = vec![table.periods[row].to_string()];
        line.extend(table.dimensions.iter().map(|dimension| dimension.members[dimension.of_row[row]].0.clone()));
        for (measure, has_mark, has_decimals, has_to) in &measures {
            let (digits, mark, to, decimals) = match &measure.cells[row] {
                Numeral::Number { digits, mark, to, decimals, .. } => {
                    let mark = mark.map_or("", |mark| mark.code());
                    (digits.as_str(), mark, to.as_deref().unwrap_or(""), *decimals)
                }
                Numeral::Empty(reason) => ("", if reason.is_marked() { reason.code() } else { "" }, "", None),
            };
            line.push(digits.to_owned());
            line.extend(has_mark.then(|| mark.to_owned()));
            line.extend(has_decimals.then(|| decimals.map_or_else(String::new, |decimals| decimals.to_string())));
            line.extend(has_to.then(|| to.to_owned()));
        }
        line.extend(table.attributes.iter().map(|attribute| grid.rows[row].cells[attribute.at].clone()));
        line
    };
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    csv(&header, &(0..grid.rows.len()).map(line).collect::<Vec<_>>())
}

/// CSV with LF line ends. Writing to memory does not fail.
fn csv(header: &[&str], lines: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _ = writer.write_record(header);
    for line in lines {
        let _ = writer.write_record(line);
    }
    writer.into_inner().unwrap_or_default()
}
