//! `aistat check DIR`: every fault of a package in one run.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::codes::{self, NotePlace, list, role};
use super::fault::{self, Fault, Faults};
use super::limits::Limit;
use super::model::{Note, Package};
use super::schema::SchemaFile;
use super::{Dataset, Period, rules, types};
use crate::text::Text;

impl Package {
    /// Everything that is wrong with the package: descriptor, schemas, tables, code lists, notes and relations, sorted by
    /// place. The statements of `relations.csv` are read by those who know their language: see [`Package::relations`].
    pub fn check(&self) -> Faults {
        let mut faults: Faults = self.faults.iter().map(|(_, fault)| fault.clone()).collect();
        self.descriptor_rules(&mut faults);
        self.reference_rules(&mut faults);
        let (mut read, mut datasets) = (BTreeMap::new(), HashMap::new());
        for (index, declared) in self.declared.iter().enumerate() {
            let mut table = Faults::new();
            self.table_faults(index, &mut read, &mut table);
            // What is too large as a whole is not read once more in blocks.
            let too_large = table.iter().any(|fault| fault.code == "limit" && fault.line == 0);
            let found = match declared.role.as_deref() {
                None if too_large => Faults::new(),
                None => self.dataset_faults(index),
                Some(role::CODES) => {
                    [self.list(&declared.name).err().unwrap_or_default(), self.twin_faults(index)].concat()
                }
                Some(role::NOTES) => self.note_faults(&mut |note, at| self.note_rules(note, at, &mut datasets)),
                Some(role::RELATIONS) => self.relation_faults(index),
                Some(_) => Faults::new(),
            };
            faults.extend(found);
            faults.append(&mut table);
            faults.extend(self.other_hash(index));
        }
        settle(faults, self.limits.get(Limit::Faults))
    }

    fn dataset_faults(&self, index: usize) -> Faults {
        let position = self.datasets.iter().position(|at| *at == index);
        let resource = position.and_then(|at| self.resources.get(at));
        let found = |resource| match self.is_large(resource) {
            true => match self.large(resource, &|_| true) {
                Ok(None) => self.dataset(resource).err(),
                read => read.err(),
            },
            false => self.dataset(resource).err(),
        };
        resource.and_then(found).unwrap_or_default()
    }

    /// Schema, header, cells and keys of a table. A schema file that several tables share is reported once.
    fn table_faults(&self, index: usize, read: &mut BTreeMap<String, ()>, faults: &mut Faults) {
        let declared = &self.declared[index];
        let optional = declared.role.is_some() && declared.schema.is_none();
        let (file, found) = match self.schema(index) {
            Ok(found) => found,
            Err(_) if optional => return,
            Err(found) => return faults.extend(found),
        };
        faults.extend(found);
        // Types and names of Parquet are its own; reading it has compared them.
        if self.is_columnar(index) {
            return;
        }
        let shared = declared.schema.as_ref().map(|schema| schema.get().to_owned()).unwrap_or_default();
        if read.insert(shared, ()).is_none() {
            schema_rules(&file, self.uses_properties(), faults);
        }
        let names: Vec<&str> = file.schema.fields.iter().map(|field| field.name.as_str()).collect();
        match self.table(index, &names) {
            Ok(mut table) => {
                let before = faults.len();
                table.match_fields(&names, file.matching(), faults);
                let all = faults.len() == before;
                self.check_cells(index, &file, &table, all, faults);
            }
            Err(found) => faults.extend(found),
        }
    }

    /// Whether the package is written for aistat.
    pub(super) fn uses_properties(&self) -> bool {
        (0..self.declared.len()).any(|index| self.is_declared(index) || self.declared[index].role.is_some())
    }

    /// What is wrong with a note; `at` is its line's column. `read` keeps the datasets that notes are about.
    fn note_rules(&self, note: &Note, at: NotePlace<'_>, read: &mut HashMap<usize, Option<Dataset>>) -> Faults {
        let fault = |column: &str, code, (zh, en): (String, String)| {
            let place = at(column);
            Fault { code, what: Text::new(zh, en), write: fault::remedy(code), ..place }
        };
        let mut faults = Faults::new();
        let dataset = self.resources.iter().position(|resource| resource.address.to_string() == note.dataset);
        if !note.dataset.is_empty() && dataset.is_none() {
            let words = (format!("没有数据集「{}」", note.dataset), format!("there is no dataset '{}'", note.dataset));
            faults.push(fault("dataset", "unknown-dataset", words));
        }
        let measures = dataset.map(|at| self.field_names(self.datasets[at]));
        if measures.is_some_and(|names| !note.measure.is_empty() && !names.contains(&note.measure)) {
            let words = (format!("没有指标「{}」", note.measure), format!("there is no measure '{}'", note.measure));
            faults.push(fault("measure", "unknown-measure", words));
        }
        if !note.period.is_empty() && Period::parse(&note.period).is_err() {
            let words = (format!("「{}」不是时期", note.period), format!("'{}' is not a period", note.period));
            faults.push(fault("period", "bad-period", words));
        }
        for (column, _) in [("zh", &note.text.zh), ("en", &note.text.en)].iter().filter(|(_, text)| text.is_empty()) {
            faults.push(fault(column, "no-title", (format!("{column} 为空"), format!("{column} is empty"))).warning());
        }
        for pair in note.key.split(';').filter(|pair| !pair.is_empty()) {
            let (dimension, member) = pair.split_once('=').unwrap_or((pair, ""));
            if !self.as_read(dimension).is_some_and(|list| list.may_have(member)) {
                let words = (format!("「{pair}」不是键"), format!("'{pair}' is not a key"));
                faults.push(fault("key", "unknown-member", words).write("要写「维度=成员」", "write dimension=member"));
            }
        }
        let small = |at: &usize| !self.is_large(&self.resources[*at]);
        let about = dataset.filter(|at| faults.iter().all(|fault| !fault.is_error()) && small(at));
        let about =
            about.and_then(|at| read.entry(at).or_insert_with(|| self.dataset(&self.resources[at]).ok()).as_ref());
        faults.extend(
            about
                .and_then(|dataset| no_observation(note, dataset))
                .map(|(column, zh, en)| fault(column, "unknown-observation", (zh, en))),
        );
        faults
    }

    /// Code lists that the descriptor's own names need.
    pub(super) fn address_faults(&self, faults: &mut Faults) {
        for (name, property) in [(list::AREAS, "aistat:area"), (list::TOPICS, "aistat:topic")] {
            let Some(codes) = self.as_read(name) else { continue };
            for (resource, index) in
                self.resources.iter().zip(&self.datasets).filter(|(_, index)| self.is_declared(**index))
            {
                let code = if name == list::AREAS { &resource.address.area } else { &resource.address.topic };
                if !codes.may_have(code) {
                    let (zh, en) = (
                        format!("代码表 {name} 里没有「{code}」"),
                        format!("the code list '{name}' has no member '{code}'"),
                    );
                    let fault =
                        self.descriptor.fault_at(&format!("/resources/{index}/{property}"), "unknown-member", zh, en);
                    faults.push(fault.write(format!("在 {name} 里加一行"), format!("add a line to the list '{name}'")));
                }
            }
        }
    }
}

/// The column of a note that leaves no observation of its dataset to be about, and why.
fn no_observation(note: &Note, dataset: &Dataset) -> Option<(&'static str, String, String)> {
    let keyed = |row: &usize| {
        note.key.split(';').filter(|pair| !pair.is_empty()).all(|pair| {
            pair.split_once('=').is_some_and(|(dimension, member)| dataset.text(dimension, *row) == Some(member))
        })
    };
    let rows: Vec<usize> = (0..dataset.periods.len()).filter(keyed).collect();
    let (key, period, address) = (&note.key, &note.period, &note.dataset);
    if rows.is_empty() && !key.is_empty() {
        return Some(("key", format!("{address} 没有 {key} 的行"), format!("{address} has no row of {key}")));
    }
    let there = period.is_empty() || rows.iter().any(|row| dataset.periods[*row].as_str() == period);
    let of_key =
        if key.is_empty() { (String::new(), String::new()) } else { (format!(" {key}"), format!(" of {key}")) };
    (!there).then(|| {
        (
            "period",
            format!("{address} 没有 {period}{} 的行", of_key.0),
            format!("{address} has no row for {period}{}", of_key.1),
        )
    })
}

/// What a schema must be, whatever its table holds.
fn schema_rules(file: &SchemaFile<'_>, aistat: bool, faults: &mut Faults) {
    faults.extend(file.unknown_words());
    if file.schema.fields.is_empty() {
        faults.push(file.fault("", "no-fields", "schema 没有列", "the schema has no fields"));
    }
    for (at, field) in file.schema.fields.iter().enumerate() {
        let titles = field.titles.as_ref().map(|titles| (titles.zh.is_some(), titles.en.is_some()));
        let measure = aistat && field.unit.is_some() && super::plan::reserved(&field.name).is_none();
        if measure && titles != Some((true, true)) {
            let (zh, en) = (
                format!("指标「{}」没有中英文标题", field.name),
                format!("the measure '{}' lacks a title in zh or en", field.name),
            );
            let fault = file.field_fault(at, "aistat:title", "no-title", zh, en).warning();
            faults.push(fault.write("要写 aistat:title {zh, en}", "write aistat:title {zh, en}"));
        }
        if measure && !codes::is_code(&field.name.replace('_', "-")) {
            let (zh, en) =
                (format!("「{}」不能作指标名", field.name), format!("'{}' cannot name a measure", field.name));
            let fault = file.field_fault(at, "name", "bad-code", zh, en);
            faults.push(
                fault.write("以小写字母开头,只含 a–z、0–9 和 _", "begin with a letter and use a–z, 0–9 and _ only"),
            );
        }
    }
    let Some(value) = file.value() else { return };
    for pointer in rules::hidden_texts(&value) {
        faults.push(rules::hidden_text(file.fault(&pointer, "", "", "")));
    }
    let fields = value.get("fields").and_then(serde_json::Value::as_array).map_or(&[][..], Vec::as_slice);
    for (at, field) in fields.iter().enumerate() {
        constraint_rules(file, at, field, faults);
        for name in rules::unknown_properties(field, &rules::FIELD) {
            let fault = file.field_fault(
                at,
                &name,
                "unknown-property",
                format!("不认识 {name}"),
                format!("{name} is not known"),
            );
            faults.push(fault.warning());
        }
    }
}

/// Constraints that there are not, and those that say nothing about a field of its type.
fn constraint_rules(file: &SchemaFile<'_>, at: usize, field: &serde_json::Value, faults: &mut Faults) {
    let text = |name| field.get(name).and_then(serde_json::Value::as_str);
    let (name, kind) = (text("name").unwrap_or_default(), text("type").unwrap_or("any"));
    if let Some(format) = text("format").filter(|format| !types::has_format(kind, format)) {
        let (zh, en) =
            (format!("{kind} 类型没有格式「{format}」"), format!("the type {kind} has no format '{format}'"));
        let fault = file.fault(&format!("/fields/{at}/format"), "unknown-format", zh, en).warning();
        let (zh, en) = match types::formats(kind) {
            [one] => (format!("要写 {one}"), format!("write {one}")),
            known => (format!("要写其一:{}", known.join("、")), format!("write one of {}", known.join(", "))),
        };
        faults.push(fault.write(zh, en));
    }
    let constraints = field.get("constraints").and_then(serde_json::Value::as_object);
    for constraint in constraints.into_iter().flat_map(serde_json::Map::keys) {
        let (zh, en) = match types::takes(kind, constraint) {
            Some(true) => continue,
            Some(false) => (
                format!("约束 {constraint} 不用于 {kind} 类型的列「{name}」"),
                format!("the constraint {constraint} is not for '{name}', a field of type {kind}"),
            ),
            None => (format!("不认识约束 {constraint}"), format!("the constraint {constraint} is not known")),
        };
        let pointer = format!("/fields/{at}/constraints/{}", super::json::token(constraint));
        let fault = file.fault(&pointer, "unknown-constraint", zh, en).warning();
        faults.push(fault.write("删去它,或改列的类型", "remove it, or correct the type of the field"));
    }
}

/// Sorted by place, one a cell, no more than the limit.
fn settle(mut faults: Faults, most: u64) -> Faults {
    let order = |fault: &Fault| (fault.file.clone(), fault.line, fault.column, fault.severity);
    faults.sort_by_key(order);
    let mut cells = HashSet::new();
    let mut said = HashSet::new();
    // A cell that two rules refuse is one fault; the first rule knows it best.
    faults.retain(|fault| {
        let cell = (fault.file.clone(), fault.line, fault.column);
        let table = !fault.file.ends_with(".json") && fault.line > 0;
        (!table || cells.insert(cell)) && said.insert(fault.to_string())
    });
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if let Some(more) = faults.len().checked_sub(most).filter(|more| *more > 0) {
        faults.truncate(most);
        let variable = Limit::Faults.variable();
        let (zh, en) = (format!("另有至少 {more} 处"), format!("at least {more} more"));
        let fault = Fault::new("…", "limit", zh, en);
        faults.push(fault.write(format!("要都列出,设 {variable}"), format!("set {variable} to list them all")));
    }
    faults
}
