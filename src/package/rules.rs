//! Rules on the descriptor: names, titles, properties, and what refers to something else.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::fault::{Fault, Faults};
use super::grouped::RECORDS;
use super::model::{Listed, Package, Parts, Resource};
use super::schema::SchemaFile;
use crate::reference::Reference;
use crate::text::Text;

/// The properties of aistat on the package.
const PACKAGE: [&str; 2] = ["aistat:title", "aistat:source"];
/// On a resource.
const RESOURCE: [&str; 14] = [
    "aistat:title",
    "aistat:role",
    "aistat:area",
    "aistat:topic",
    "aistat:dimensions",
    "aistat:exhibit",
    "aistat:section",
    "aistat:columns",
    "aistat:default",
    "aistat:parts",
    "aistat:exhaustive",
    "aistat:series",
    "aistat:scheme",
    "aistat:records",
];
/// On a field.
pub(super) const FIELD: [&str; 8] = [
    "aistat:title",
    "aistat:en",
    "aistat:unit",
    "aistat:unitBasis",
    "aistat:kind",
    "aistat:whole",
    "aistat:shareOf",
    "aistat:growthOf",
];

/// Properties in aistat's name that aistat does not know.
pub(super) fn unknown_properties(object: &Value, known: &[&str]) -> Vec<String> {
    let names = object.as_object().into_iter().flat_map(serde_json::Map::keys);
    names.filter(|name| name.starts_with("aistat:") && !known.contains(&name.as_str())).cloned().collect()
}

impl Package {
    /// Names, titles and properties.
    pub(super) fn descriptor_rules(&self, faults: &mut Faults) {
        let Ok(whole) = serde_json::from_str::<Value>(&self.descriptor.text) else { return };
        let at = |pointer: &str, code, zh: String, en: String| self.descriptor.fault_at(pointer, code, zh, en);
        let aistat = self.uses_properties();
        if self.declared.is_empty() {
            faults.push(at("", "no-resources", "没有资源".into(), "has no resources".into()));
        }
        let titled = |object: &Value| {
            object.get("aistat:title").is_some_and(|title| title.get("zh").is_some() && title.get("en").is_some())
        };
        let mut title = |object: &Value, pointer: &str| {
            if aistat && !titled(object) {
                let fault = at(pointer, "no-title", "没有中英文标题".into(), "lacks a title in zh or en".into());
                faults.push(fault.write("要写 aistat:title {zh, en}", "write aistat:title {zh, en}").warning());
            }
        };
        title(&whole, "");
        let resources = whole.get("resources").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (index, resource) in resources.iter().enumerate() {
            title(resource, &format!("/resources/{index}"));
        }
        if aistat && whole.get("name").is_none() {
            let fault = at("", "no-name", "数据包没有 name".into(), "the package has no name".into());
            faults.push(fault.write("要写 name,如 \"wb2024\"", "add a name, such as \"wb2024\""));
        }
        let mut unknown = |object: &Value, pointer: &str, known: &[&str]| {
            for name in unknown_properties(object, known) {
                let near = known.iter().find(|own| strsim::damerau_levenshtein(own, &name) <= 2);
                let pointer = format!("{pointer}/{name}");
                let fault = at(&pointer, "unknown-property", format!("不认识 {name}"), format!("{name} is not known"))
                    .warning();
                faults.push(match near {
                    Some(near) => fault.write(format!("要写 {near}"), format!("write {near}")),
                    None => fault,
                });
            }
        };
        unknown(&whole, "", &PACKAGE);
        for (index, resource) in resources.iter().enumerate() {
            unknown(resource, &format!("/resources/{index}"), &RESOURCE);
        }
        for pointer in hidden_texts(&whole) {
            faults.push(hidden_text(self.descriptor.fault_at(&pointer, "", "", "")));
        }
        let mut names = HashSet::new();
        for (index, declared) in self.declared.iter().enumerate() {
            let pointer = format!("/resources/{index}");
            if declared.name.is_empty() {
                faults.push(at(&pointer, "no-name", "资源没有 name".into(), "the resource has no name".into()));
            } else if !names.insert(declared.name.as_str()) {
                let (zh, en) = (
                    format!("两个资源都叫「{}」", declared.name),
                    format!("two resources are named '{}'", declared.name),
                );
                faults.push(at(&format!("{pointer}/name"), "duplicate-name", zh, en));
            }
            let stages = ["stated", "assumed", "no"];
            let mut wordings = vec![(format!("{pointer}/aistat:exhaustive"), declared.exhaustive.as_deref())];
            wordings.extend(declared.parts.iter().map(|(code, parts)| {
                (format!("{pointer}/aistat:parts/{}/exhaustive", super::json::token(code)), parts.exhaustive.as_deref())
            }));
            for (pointer, word) in wordings {
                if let Some(word) = word.filter(|word| !stages.contains(word)) {
                    let (zh, en) = (format!("exhaustive 是「{word}」"), format!("exhaustive is '{word}'"));
                    faults.push(
                        at(&pointer, "bad-value", zh, en)
                            .write("要写 stated、assumed 或 no", "write stated, assumed or no"),
                    );
                }
            }
        }
        self.address_faults(faults);
    }

    /// Subtotals, shares and growth rates that name what is not there.
    pub(super) fn reference_rules(&self, faults: &mut Faults) {
        for (resource, &index) in
            self.resources.iter().zip(&self.datasets).filter(|(_, index)| self.is_declared(**index))
        {
            self.part_faults(index, resource, faults);
            self.record_faults(index, resource, faults);
            self.column_faults(index, resource, faults);
            let Ok((file, _)) = self.schema(index) else { continue };
            key_faults(&file, &resource.address.dimensions, faults);
            for (at, field) in file.schema.fields.iter().enumerate() {
                let share = field.share_of.iter().flat_map(|share| [("part", &share.part), ("whole", &share.whole)]);
                let growth = field.growth_of.iter().map(|growth| ("of", &growth.of));
                let named = share.map(|(name, text)| ("aistat:shareOf", name, text));
                for (property, name, text) in named.chain(growth.map(|(name, text)| ("aistat:growthOf", name, text))) {
                    let Some((zh, en)) = text.as_ref().and_then(|text| self.broken_reference(index, text)) else {
                        continue;
                    };
                    let pointer = format!("/fields/{at}/{property}/{name}");
                    faults.push(file.fault(&pointer, "unknown-reference", zh, en));
                }
                let bases = [
                    ("aistat:shareOf", field.share_of.as_ref().and_then(|share| share.base.as_deref())),
                    ("aistat:growthOf", field.growth_of.as_ref().and_then(|growth| growth.base.as_deref())),
                ];
                for (property, base) in bases {
                    if let Some(base) = base.filter(|base| !["stated", "assumed"].contains(base)) {
                        let (zh, en) = (format!("base 是「{base}」"), format!("base is '{base}'"));
                        let fault = file.fault(&format!("/fields/{at}/{property}/base"), "bad-value", zh, en);
                        faults.push(fault.write("要写 stated 或 assumed", "write stated or assumed"));
                    }
                }
                if let Some(basis) = field.unit_basis.as_deref().filter(|basis| !["stated", "assumed"].contains(basis))
                {
                    let (zh, en) =
                        (format!("aistat:unitBasis 是「{basis}」"), format!("aistat:unitBasis is '{basis}'"));
                    let fault = file.field_fault(at, "aistat:unitBasis", "bad-value", zh, en);
                    faults.push(fault.write("要写 assumed,或删去", "write assumed, or remove it"));
                }
            }
        }
    }

    fn part_faults(&self, index: usize, resource: &Resource, faults: &mut Faults) {
        let lists: Vec<_> = resource.address.dimensions.iter().filter_map(|name| self.as_read(name)).collect();
        let known = |code: &str| lists.iter().any(|list| list.may_have(code));
        for (code, parts) in &resource.parts {
            for name in std::iter::once(code).chain(&parts.of).filter(|name| !known(name)) {
                let (zh, en) =
                    (format!("小计里的「{name}」不是成员"), format!("'{name}' of a subtotal is not a member"));
                let pointer = format!("/resources/{index}/aistat:parts/{}", super::json::token(code));
                faults.push(self.descriptor.fault_at(&pointer, "unknown-member", zh, en));
            }
            if is_circular(&resource.parts, code) {
                let (zh, en) =
                    (format!("小计「{code}」含它自己"), format!("the subtotal '{code}' has itself among its parts"));
                let pointer = format!("/resources/{index}/aistat:parts/{}", super::json::token(code));
                faults.push(self.descriptor.fault_at(&pointer, "circular-parts", zh, en));
            }
        }
    }

    /// Columns of an exhibit that the table and the lists of its members do not have.
    fn column_faults(&self, index: usize, resource: &Resource, faults: &mut Faults) {
        let fields = self.field_names(index);
        let of_members = |name: &String| {
            let own = |dimension: &String| {
                let known = |listed: &Listed| listed.open || listed.list.attributes.iter().any(|own| own.name == *name);
                self.as_read(dimension).is_some_and(known)
            };
            resource.address.dimensions.iter().any(own)
        };
        for (at, name) in resource.columns.iter().enumerate() {
            if !fields.contains(name) && !of_members(name) {
                let (zh, en) = (format!("没有列「{name}」"), format!("there is no column '{name}'"));
                let pointer = format!("/resources/{index}/aistat:columns/{at}");
                let fault = self.descriptor.fault_at(&pointer, "unknown-column", zh, en);
                faults.push(fault.write(
                    "要写表里的列,或成员代码表里的列",
                    "write a column of the table, or of the code list of its members",
                ));
            }
        }
    }

    /// Records without a title, by nothing, in no unit, or beside a measure of that name.
    fn record_faults(&self, index: usize, resource: &Resource, faults: &mut Faults) {
        let Some(declared) = &self.declared[index].records else { return };
        let pointer = format!("/resources/{index}/aistat:records");
        let mut push = |code, (zh, en): (String, String), (write_zh, write_en): (&str, &str)| {
            faults.push(self.descriptor.fault_at(&pointer, code, zh, en).write(write_zh, write_en));
        };
        let name = "aistat:records";
        if [&declared.zh, &declared.en].iter().any(|title| title.as_ref().is_none_or(String::is_empty)) {
            let words = (format!("{name} 没有中英文标题"), format!("{name} lacks a title in zh or en"));
            push("no-title", words, ("要写 {zh, en}", "write {zh, en}"));
        }
        if resource.address.dimensions.is_empty() {
            let words = (format!("有 {name} 而没有维度"), format!("has {name} and no dimension"));
            push("no-dimension", words, ("删去它,或加上维度", "remove it, or add a dimension"));
        }
        if let Some(unit) = declared.unit.as_ref().filter(|unit| self.unit(unit).is_ok_and(|known| known.is_none())) {
            let words =
                (format!("units 里没有单位「{unit}」"), format!("there is no unit '{unit}' in the list of units"));
            push("unknown-unit", words, ("在 codes/units.csv 里加一行", "add a line to codes/units.csv"));
        }
        if self.field_names(index).iter().any(|field| field == RECORDS) {
            let words =
                (format!("列「{RECORDS}」与记录数同名"), format!("the field '{RECORDS}' is named like their number"));
            push("duplicate-name", words, ("给它改名", "rename it"));
        }
    }

    /// What is wrong with a reference from a dataset.
    fn broken_reference(&self, own: usize, text: &str) -> Option<(String, String)> {
        let Ok(reference) = Reference::parse(text) else {
            return Some((format!("「{text}」不是引用"), format!("'{text}' is not a reference")));
        };
        let target = match &reference.dataset {
            None => Some(own),
            Some(address) => {
                let prefix = format!("{}:", self.name);
                let address = address.strip_prefix(&prefix).unwrap_or(address);
                let position = self.resources.iter().position(|resource| resource.address.to_string() == address);
                position.map(|at| self.datasets[at])
            }
        };
        let Some(target) = target else {
            let address = reference.dataset.unwrap_or_default();
            return Some((format!("没有数据集「{address}」"), format!("there is no dataset '{address}'")));
        };
        if let Some(measure) = reference.measure.filter(|measure| !self.numeric_columns(target).contains(measure)) {
            return Some((format!("没有指标「{measure}」"), format!("there is no measure '{measure}'")));
        }
        for (dimension, member) in reference.key.iter().filter(|(_, member)| member != "*") {
            if !self.as_read(dimension).is_some_and(|list| list.may_have(member)) {
                return Some((format!("「{dimension}={member}」不存在"), format!("there is no {dimension}={member}")));
            }
        }
        None
    }

    /// Names of a dataset's columns.
    pub(super) fn field_names(&self, index: usize) -> Vec<String> {
        self.fields(index).into_iter().map(|field| field.name).collect()
    }

    /// Names of a dataset's numeric columns.
    pub(super) fn numeric_columns(&self, index: usize) -> Vec<String> {
        let fields = self.fields(index).into_iter();
        fields.filter(|field| field.kind.as_deref() == Some("number")).map(|field| field.name).collect()
    }
}

/// Whether a subtotal is among its parts, or among theirs.
fn is_circular(parts: &BTreeMap<String, Parts>, code: &str) -> bool {
    let of = |code: &str| parts.get(code).map_or(&[][..], |parts| parts.of.as_slice());
    let (mut open, mut seen): (Vec<&String>, _) = (of(code).iter().collect(), HashSet::new());
    while let Some(part) = open.pop() {
        if part == code {
            return true;
        }
        if seen.insert(part) {
            open.extend(of(part));
        }
    }
    false
}

/// Pointers to the texts that hold characters which steer a terminal, reorder a line or hide in it. Rows of `data` are
/// cells, and checked as such.
pub(super) fn hidden_texts(value: &Value) -> Vec<String> {
    fn walk(value: &Value, pointer: String, found: &mut Vec<String>) {
        match value {
            Value::String(text) if super::constraints::is_hidden(text) => found.push(pointer),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| walk(item, format!("{pointer}/{at}"), found));
            }
            Value::Object(items) => {
                for (name, item) in items.iter().filter(|(name, _)| *name != "data") {
                    walk(item, format!("{pointer}/{}", super::json::token(name)), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, String::new(), &mut found);
    found
}

/// The fault of such a text, at a place.
pub(super) fn hidden_text(place: Fault) -> Fault {
    let what = Text::new("含控制字符或双向控制字符", "has control or bidirectional control characters");
    Fault { code: "hidden-character", what, ..place }.write("删去它们", "remove them").warning()
}

/// What other readers of the package need to be told: which values are missing, what identifies a row, where codes are.
fn key_faults(file: &SchemaFile<'_>, dimensions: &[String], faults: &mut Faults) {
    let schema = &file.schema;
    if let Some(values) = schema.missing_values.as_ref().filter(|values| values.0 != [""]) {
        let (zh, en) = (format!("missingValues 是 {:?}", values.0), format!("missingValues is {:?}", values.0));
        faults.push(file.fault("/missingValues", "missing-values", zh, en).write("要写 [\"\"]", "write [\"\"]"));
    }
    let key: Vec<&String> = schema.primary_key.as_ref().map_or(&[][..], |key| key.as_slice()).iter().collect();
    let period = "period".to_owned();
    let mut expected: Vec<&String> = std::iter::once(&period).chain(dimensions).collect();
    let shown = expected.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let mut sorted = key.clone();
    sorted.sort();
    expected.sort();
    if sorted != expected {
        let pointer = if key.is_empty() { "" } else { "/primaryKey" };
        let fault = file.fault(
            pointer,
            "primary-key",
            "主键不是时期加各维度",
            "the primary key is not the period and the dimensions",
        );
        faults.push(fault.write(format!("要写 primaryKey:{shown}"), format!("write primaryKey: {shown}")).warning());
    }
    for dimension in dimensions {
        let keyed = schema.foreign_keys.iter().any(|key| key.fields.as_slice() == [dimension.as_str()]);
        if let Some(at) = schema.fields.iter().position(|field| field.name == *dimension && !keyed) {
            let (zh, en) =
                (format!("维度「{dimension}」没有外键"), format!("the dimension '{dimension}' has no foreign key"));
            let fault = file.field_fault(at, "name", "foreign-key", zh, en).warning();
            faults.push(fault.write(
                format!("加上指向 {dimension} 的 code 的外键"),
                format!("add one to the code of '{dimension}'"),
            ));
        }
    }
}
