//! Constraints of fields, and keys within and between tables.

use std::cmp::Ordering;
use std::collections::HashSet;

use csv::StringRecord;
use regex::Regex;
use serde_json::Value;

use super::codes::UNFINISHED;
use super::descriptor::{Constraints, Field, OneOrMany, Schema};
use super::fault::{Fault, Faults, brief};
use super::model::{Listed, Package};
use super::number::{self, NumberFormat};
use super::rules::hidden_text;
use super::schema::SchemaFile;
use super::table::{Place, Table};
use super::{plan, types};

/// What a cell breaks: kind of fault, zh, en.
type Breach = (&'static str, String, String);

/// A field made ready for its cells.
struct Rule<'a> {
    field: &'a Field,
    pattern: Option<Regex>,
    /// Bounds as texts, with their zh and en words and the order that a value may not have.
    bounds: Vec<(String, &'static str, &'static str, &'static [Ordering])>,
    members: Option<Vec<String>>,
    seen: HashSet<String>,
}

impl<'a> Rule<'a> {
    fn new(file: &SchemaFile<'_>, at: usize, field: &'a Field, faults: &mut Faults) -> Rule<'a> {
        let constraints = &field.constraints;
        // A pattern is about the whole value, as in XML Schema.
        let pattern = constraints.pattern.as_ref().and_then(|pattern| match Regex::new(&format!("^(?:{pattern})$")) {
            Ok(pattern) => Some(pattern),
            Err(_) => {
                let (zh, en) = ("这个 pattern 不能核对".to_owned(), "this pattern cannot be checked".to_owned());
                faults.push(file.field_fault(at, "constraints", "unsupported", zh, en).warning());
                None
            }
        });
        let bound = |value: &Option<Value>, zh, en, wrong| value.as_ref().map(|value| (text(value), zh, en, wrong));
        const LESS: &[Ordering] = &[Ordering::Less];
        const GREATER: &[Ordering] = &[Ordering::Greater];
        let bounds = [
            bound(&constraints.minimum, "小于", "is less than the minimum", LESS),
            bound(&constraints.maximum, "大于", "is more than the maximum", GREATER),
            bound(&constraints.exclusive_minimum, "不大于", "is not above", &[Ordering::Less, Ordering::Equal]),
            bound(&constraints.exclusive_maximum, "不小于", "is not below", &[Ordering::Greater, Ordering::Equal]),
        ];
        let categories =
            field.categories.as_ref().map(|all| all.iter().map(|category| text(category.value())).collect());
        let members = constraints.members.as_ref().map(|members| members.iter().map(text).collect()).or(categories);
        Rule { field, pattern, bounds: bounds.into_iter().flatten().collect(), members, seen: HashSet::new() }
    }

    /// Whether every text is right.
    fn takes_all(&self) -> bool {
        let plain = self.field.format.as_deref().is_none_or(|format| format == "default");
        let text = self.field.kind.as_deref().is_none_or(|kind| ["string", "any"].contains(&kind));
        plain && text && self.members.is_none() && self.field.constraints == Constraints::default()
    }

    fn compare(&self, a: &str, b: &str) -> Option<Ordering> {
        match self.field.kind.as_deref() {
            Some("number" | "integer" | "year") => {
                let (a, b) =
                    (NumberFormat::of(self.field).read(a).ok()?, NumberFormat::PLAIN_OR_EXPONENT.read(b).ok()?);
                Some(number::compare(&a.digits, &b.digits))
            }
            // ISO dates and times order as texts.
            Some("date" | "datetime" | "time" | "yearmonth") => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// What a cell breaks; `None` is one that is missing.
    fn breach(&mut self, cell: Option<&str>) -> Option<Breach> {
        let constraints = &self.field.constraints;
        let Some(cell) = cell else {
            return constraints.required.then(|| ("required", "不能空".to_owned(), "must not be empty".to_owned()));
        };
        if let Err(expected) = types::value(self.field, cell) {
            let shown = brief(cell);
            return Some((
                "wrong-value",
                format!("「{shown}」不是 {expected}"),
                format!("'{shown}' is not of type {expected}"),
            ));
        }
        let (length, items) = types::length(self.field, cell);
        let (zh, en) = match items {
            true => ("项", if length == 1 { "item" } else { "items" }),
            false => ("个字符", if length == 1 { "character" } else { "characters" }),
        };
        if let Some(least) = constraints.min_length.filter(|least| length < *least) {
            return Some((
                "min-length",
                format!("有 {length} {zh},少于 {least}"),
                format!("has {length} {en}, less than {least}"),
            ));
        }
        if let Some(most) = constraints.max_length.filter(|most| length > *most) {
            return Some((
                "max-length",
                format!("有 {length} {zh},多于 {most}"),
                format!("has {length} {en}, more than {most}"),
            ));
        }
        let cell_shown = brief(cell);
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(cell)) {
            let pattern = constraints.pattern.as_deref().unwrap_or_default();
            return Some((
                "pattern",
                format!("「{cell_shown}」不合 {pattern}"),
                format!("'{cell_shown}' does not match {pattern}"),
            ));
        }
        let numeric = matches!(self.field.kind.as_deref(), Some("number" | "integer" | "year"));
        let same = |member: &String| member == cell || (numeric && self.compare(cell, member) == Some(Ordering::Equal));
        if let Some(members) = self.members.as_ref().filter(|members| !members.iter().any(same)) {
            let list: Vec<&str> = members.iter().take(12).map(String::as_str).collect();
            return Some((
                "enum",
                format!("「{cell_shown}」不在 {} 之中", list.join("、")),
                format!("'{cell_shown}' is not one of {}", list.join(", ")),
            ));
        }
        for (bound, zh, en, wrong) in &self.bounds {
            if self.compare(cell, bound).is_some_and(|order| wrong.contains(&order)) {
                return Some(("bound", format!("{cell_shown} {zh} {bound}"), format!("{cell_shown} {en} {bound}")));
            }
        }
        if constraints.unique && !self.seen.insert(types::canonical(self.field, cell).into_owned()) {
            return Some(("unique", format!("「{cell_shown}」不止一次"), format!("'{cell_shown}' is not unique")));
        }
        None
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Values of the fields of a key, each as all that write it have it; none where one is missing.
type KeyValue = Vec<Option<String>>;

/// Fields that together may not repeat (`Err`: the key itself is broken).
struct Key<'a> {
    code: &'static str,
    names: &'a [String],
    fields: Vec<(usize, &'a Field)>,
    seen: HashSet<KeyValue>,
    /// The values that a foreign key may have.
    allowed: Option<(HashSet<KeyValue>, String)>,
    /// The code list that they are from.
    listed: Option<&'a Listed>,
}

/// What the cells and keys of a table must be, made ready for its rows.
pub(super) struct Checks<'a> {
    table: &'a Table,
    missing: Vec<Vec<String>>,
    rules: Vec<(usize, Rule<'a>)>,
    keys: Vec<Key<'a>>,
}

impl<'a> Checks<'a> {
    /// The rules of a table's schema; unless the table has `all` columns, those of the columns that are there.
    pub(super) fn new(
        package: &'a Package,
        index: usize,
        file: &'a SchemaFile<'_>,
        table: &'a Table,
        all: bool,
        faults: &mut Faults,
    ) -> Self {
        let schema = &file.schema;
        let there: Vec<bool> =
            table.columns_of(schema.fields.len()).iter().map(|column| all || column.is_some()).collect();
        faults.extend(file.unknown_words());
        let fields = schema.fields.iter().enumerate();
        let rules: Vec<(usize, Rule<'_>)> = fields
            .map(|(at, field)| (at, Rule::new(file, at, field, faults)))
            .filter(|(at, rule)| there[*at] && !rule.takes_all())
            .collect();
        let mut keys = package.keys(index, file, faults);
        keys.retain(|key| key.fields.iter().all(|(at, _)| there[*at]));
        Checks { table, missing: plan::missing_values(package, index, schema), rules, keys }
    }

    /// What is wrong with a row.
    pub(super) fn row(&mut self, record: &StringRecord, place: Place, faults: &mut Faults) {
        if self.rules.is_empty() && self.keys.is_empty() {
            return;
        }
        let is_missing =
            |at: usize, cell: &str| self.missing.get(at).is_some_and(|all| all.iter().any(|own| own == cell));
        let cells: Vec<Option<&str>> =
            record.iter().enumerate().map(|(at, cell)| Some(cell).filter(|cell| !is_missing(at, cell))).collect();
        for (at, rule) in &mut self.rules {
            if let Some((code, zh, en)) = rule.breach(cells.get(*at).copied().flatten()) {
                faults.push(self.table.fault(place, *at, code, zh, en));
            }
        }
        for key in &mut self.keys {
            faults.extend(key.breach(self.table, place, &cells));
        }
    }
}

impl Package {
    /// Checks every cell of a table against its schema; unless it has `all` columns, those of the columns that are there.
    pub(super) fn check_cells(
        &self,
        index: usize,
        file: &SchemaFile<'_>,
        table: &Table,
        all: bool,
        faults: &mut Faults,
    ) {
        let mut checks = Checks::new(self, index, file, table, all, faults);
        table.rows(faults, |record, place, faults| {
            checks.row(record, place, faults);
            for (at, _) in record.iter().enumerate().filter(|(_, cell)| is_hidden(cell)) {
                faults.push(hidden_text(table.fault(place, at, "", "", "")));
            }
            true
        });
    }

    fn keys<'a>(&'a self, index: usize, file: &'a SchemaFile<'_>, faults: &mut Faults) -> Vec<Key<'a>> {
        let schema = &file.schema;
        let mut keys = Vec::new();
        if let Some(names) = &schema.primary_key {
            keys.extend(key(file, "/primaryKey", "primary-key", names.as_slice(), faults));
        }
        for (at, names) in schema.unique_keys.iter().enumerate() {
            keys.extend(key(file, &format!("/uniqueKeys/{at}"), "unique-key", names, faults));
        }
        for (at, declared) in schema.foreign_keys.iter().enumerate() {
            let pointer = format!("/foreignKeys/{at}");
            let Some(mut key) =
                key(file, &format!("{pointer}/fields"), "foreign-key", declared.fields.as_slice(), faults)
            else {
                continue;
            };
            match self.referenced(index, &declared.reference.resource, &declared.reference.fields, schema) {
                Ok(values) => {
                    key.listed = self.as_read(&declared.reference.resource);
                    key.allowed = Some((values, declared.reference.resource.clone()));
                    keys.push(key);
                }
                Err(None) => {}
                Err(Some((zh, en))) => {
                    let fault = file.fault(&format!("{pointer}/reference"), "foreign-key", zh, en);
                    faults.push(fault.write("改正 reference", "correct the reference"));
                }
            }
        }
        keys
    }

    /// The values of the fields that a foreign key refers to.
    fn referenced(
        &self,
        index: usize,
        resource: &str,
        fields: &OneOrMany,
        own: &Schema,
    ) -> Result<HashSet<KeyValue>, Option<(String, String)>> {
        let at = match resource {
            "" => index,
            name => self
                .declared
                .iter()
                .position(|declared| declared.name == name)
                .ok_or_else(|| Some((format!("没有资源「{name}」"), format!("there is no resource '{name}'"))))?,
        };
        // A table that cannot be read has its own faults.
        let listed = self.as_read(resource);
        if listed.is_some_and(|listed| listed.open) {
            return Err(None);
        }
        let other = if at == index { None } else { self.schema(at).ok() };
        let schema = other.as_ref().map_or(own, |(file, _)| &file.schema);
        let declared = at == index || other.is_some();
        let names: Vec<&str> = schema.fields.iter().filter(|_| declared).map(|field| field.name.as_str()).collect();
        let table = self.table(at, &names).map_err(|_| None)?;
        let columns = fields.as_slice().iter().map(|name| {
            table.column(name).ok_or_else(|| {
                Some((
                    format!("资源「{resource}」没有列「{name}」"),
                    format!("the resource '{resource}' has no field '{name}'"),
                ))
            })
        });
        let columns = columns.collect::<Result<Vec<usize>, _>>()?;
        let (mut values, mut lost, mut faults) = (HashSet::new(), Vec::new(), Faults::new());
        let missing = plan::missing_values(self, at, schema);
        let read: Vec<_> = fields
            .as_slice()
            .iter()
            .zip(&columns)
            .map(|(name, column)| (*column, schema.fields.iter().position(|field| declared && field.name == *name)))
            .collect();
        let cell = |record: &csv::StringRecord, (column, field): &(usize, Option<usize>)| {
            let text = record.get(*column).unwrap_or("");
            match field {
                Some(field) if missing[*field].iter().any(|own| own == text) => None,
                Some(field) => Some(types::canonical(&schema.fields[*field], text).into_owned()),
                None => Some(text.to_owned()).filter(|text| !text.is_empty()),
            }
        };
        let value = |record: &csv::StringRecord| -> KeyValue { read.iter().map(|read| cell(record, read)).collect() };
        let row = |record: &csv::StringRecord, _: Place, _: &mut Faults| {
            values.insert(value(record));
            true
        };
        table.rows_and_lost(&mut faults, row, &mut |record| lost.push(value(record)));
        if faults.iter().any(|fault| UNFINISHED.contains(&fault.code)) {
            return Err(None);
        }
        values.extend(lost);
        Ok(values)
    }
}

fn key<'a>(
    file: &'a SchemaFile<'_>,
    pointer: &str,
    code: &'static str,
    names: &'a [String],
    faults: &mut Faults,
) -> Option<Key<'a>> {
    let mut fields = Vec::new();
    for name in names {
        match file.schema.fields.iter().position(|field| field.name == *name) {
            Some(at) => fields.push((at, &file.schema.fields[at])),
            None => {
                let (zh, en) =
                    (format!("键里的列「{name}」不存在"), format!("the key names a field '{name}' that is not there"));
                faults.push(file.fault(pointer, code, zh, en).write("改正列名", "correct the name of the field"));
            }
        }
    }
    (fields.len() == names.len() && !names.is_empty()).then(|| Key {
        code,
        names,
        fields,
        seen: HashSet::new(),
        allowed: None,
        listed: None,
    })
}

impl Key<'_> {
    fn breach(&mut self, table: &Table, place: Place, cells: &[Option<&str>]) -> Option<Fault> {
        let texts: Vec<Option<&str>> = self.fields.iter().map(|(at, _)| cells.get(*at).copied().flatten()).collect();
        let same = |((_, field), text): (&(usize, &Field), &Option<&str>)| {
            text.map(|text| types::canonical(field, text).into_owned())
        };
        let value: KeyValue = self.fields.iter().zip(&texts).map(same).collect();
        let first = self.fields.first().map_or(0, |(at, _)| *at);
        let shown: Vec<_> = texts.iter().map(|text| brief(text.unwrap_or_default())).collect();
        let shown = shown.join(", ");
        let none = value.iter().position(Option::is_none);
        if let Some((allowed, resource)) = &self.allowed {
            // What a line of the list would give that has a fault of its own is not missing.
            let meant = || self.listed.is_some_and(|listed| matches!(texts[..], [Some(text)] if listed.may_have(text)));
            let broken = !value.iter().all(Option::is_none) && !allowed.contains(&value) && !meant();
            let (zh, en) = (
                format!("「{shown}」不在资源「{resource}」里"),
                format!("'{shown}' is not in the resource '{resource}'"),
            );
            return broken.then(|| table.fault(place, first, self.code, zh, en));
        }
        if let Some(at) = none {
            // Unknown values are not the same.
            if self.code != "primary-key" {
                return None;
            }
            let (zh, en) = (
                format!("主键列「{}」不能空", self.names[at]),
                format!("'{}' is of the primary key and must not be empty", self.names[at]),
            );
            return Some(table.fault(place, self.fields[at].0, self.code, zh, en));
        }
        let broken = !self.seen.insert(value);
        let names = self.names.join(", ");
        let (zh, en) = (format!("{names} 的「{shown}」不止一行"), format!("more than one row has {names} = {shown}"));
        broken.then(|| table.fault(place, first, self.code, zh, en))
    }
}

/// Whether a text has characters that steer a terminal, reorder a line or hide in it.
pub(super) fn is_hidden(text: &str) -> bool {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return false;
    }
    let lines = text.replace(['\n', '\r', '\t'], " ");
    crate::render::sanitize(&lines) != lines
}
