//! The Table Schema of a resource: a file of its own, or part of the descriptor.

use std::borrow::Cow;
use std::collections::HashSet;

use super::descriptor::{Field, Schema};
use super::fault::{Fault, Faults};
use super::limits::{Limit, Limits};
use super::model::Package;
use super::number::NumberFormat;
use super::store::Source;
use super::types;
use super::{json, salvage};

/// What `fieldsMatch` may be.
const MATCHES: [&str; 5] = ["exact", "equal", "subset", "superset", "partial"];

/// A schema with the place where it is written.
pub(super) struct SchemaFile<'a> {
    pub(super) schema: Schema,
    source: Cow<'a, Source>,
    pointer: String,
}

impl SchemaFile<'_> {
    /// A fault at a pointer below the schema.
    pub(super) fn fault(
        &self,
        pointer: &str,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Fault {
        self.source.fault_at(&format!("{}{pointer}", self.pointer), code, zh, en)
    }

    /// A fault at a property of a field.
    pub(super) fn field_fault(
        &self,
        field: usize,
        property: &str,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Fault {
        self.fault(&format!("/fields/{field}/{}", super::json::token(property)), code, zh, en)
    }

    /// How the fields match the header: one of [`MATCHES`].
    pub(super) fn matching(&self) -> &str {
        let matching = self.schema.fields_match.as_ref().and_then(|matching| matching.as_slice().first());
        matching.map_or("exact", String::as_str)
    }

    /// What keeps anybody from telling what the cells are: types that there are not, and a `fieldsMatch` that is not known.
    pub(super) fn unknown_words(&self) -> Faults {
        let mut faults = Faults::new();
        for (at, field) in self.schema.fields.iter().enumerate() {
            let Some(kind) = field.kind.as_deref().filter(|kind| !types::KINDS.contains(kind)) else { continue };
            let (zh, en) = (format!("没有类型「{kind}」"), format!("there is no type '{kind}'"));
            let fault = self.field_fault(at, "type", "unknown-type", zh, en);
            faults.push(match types::meant(kind) {
                Some(meant) => fault.write(format!("要写 {meant}"), format!("write {meant}")),
                None => fault.write(
                    format!("要写 {}", types::KINDS.join("、")),
                    format!("write one of {}", types::KINDS.join(", ")),
                ),
            });
        }
        let matching = self.matching();
        if !MATCHES.contains(&matching) {
            let (zh, en) = (format!("fieldsMatch 是「{matching}」"), format!("fieldsMatch is '{matching}'"));
            let fault = self.fault("/fieldsMatch", "bad-value", zh, en);
            faults.push(
                fault.write(format!("要写 {}", MATCHES.join("、")), format!("write one of {}", MATCHES.join(", "))),
            );
        }
        faults
    }

    /// The text of the schema, for rules on properties that the types do not hold.
    pub(super) fn value(&self) -> Option<serde_json::Value> {
        let whole: serde_json::Value = serde_json::from_str(&self.source.text).ok()?;
        whole.pointer(&self.pointer).cloned()
    }
}

impl Package {
    /// The fields of a resource; none where its schema cannot be read.
    pub(super) fn fields(&self, index: usize) -> Vec<Field> {
        self.schema(index).map_or_else(|_| Vec::new(), |(file, _)| file.schema.fields)
    }

    /// The schema of a resource; what has the wrong type in it is left out, with its fault.
    pub(super) fn schema(&self, index: usize) -> Result<(SchemaFile<'_>, Faults), Faults> {
        let declared = &self.declared[index];
        let pointer = format!("/resources/{index}/schema");
        let Some(raw) = &declared.schema else {
            // What is not read has no need of one.
            if let Some(fault) = self.unsupported(index, declared) {
                return Err(vec![fault]);
            }
            let fault = self.descriptor.fault_at(
                &format!("/resources/{index}"),
                "no-schema",
                "没有 schema:列的类型不猜",
                "has no schema: types of columns are not guessed",
            );
            return Err(vec![fault.write("要写明各列的名称和类型", "declare the name and type of each field")]);
        };
        let Ok(path) = serde_json::from_str::<String>(raw.get()) else {
            return read(Cow::Borrowed(&self.descriptor), pointer, raw.get(), &self.limits);
        };
        let source = self
            .store
            .read_text(&path, Limit::DescriptorBytes, &self.limits)
            .map_err(|fault| vec![self.file_fault(fault, &pointer, &path)])?;
        let deep = || self.limits.exceeded(Limit::Nesting, super::json::nesting(&source.text), &source.label);
        if let Some(fault) = self.store.is_folder().then(deep).flatten() {
            return Err(vec![fault]);
        }
        let text = source.text.clone();
        read(Cow::Owned(source), String::new(), &text, &self.limits)
    }

    /// A file that the descriptor names and that is not there, or may not be read, is a fault of the descriptor.
    pub(super) fn file_fault(&self, fault: Fault, pointer: &str, path: &str) -> Fault {
        if !matches!(fault.code, "no-such-file" | "unsafe-path" | "not-a-file") {
            return fault;
        }
        let (zh, en) = match fault.code {
            "unsafe-path" if super::store::unsafe_path(path).is_some() => (fault.what.zh, fault.what.en),
            _ => (format!("「{path}」:{}", fault.what.zh), format!("'{path}': {}", fault.what.en)),
        };
        let placed = self.descriptor.fault_at(pointer, fault.code, zh, en);
        Fault { write: fault.write, ..placed }
    }
}

fn read<'a>(
    source: Cow<'a, Source>,
    pointer: String,
    raw: &str,
    limits: &Limits,
) -> Result<(SchemaFile<'a>, Faults), Faults> {
    let mut faults = Faults::new();
    let schema: Schema = match serde_json::from_str(raw) {
        Ok(schema) => schema,
        Err(error) if error.is_data() => {
            salvage::schema(&source, json::offset(&source.text, &pointer), raw.trim_start(), &mut faults)
        }
        Err(error) => return Err(vec![salvage::syntax_fault(&source, &error)]),
    };
    let mut file = SchemaFile { schema, source, pointer };
    if let Some(over) = limits.exceeded(Limit::Fields, file.schema.fields.len() as u64, "") {
        return Err(vec![Fault { write: over.write, ..file.fault("/fields", over.code, over.what.zh, over.what.en) }]);
    }
    for field in &mut file.schema.fields {
        if let Some(id) = field.id.take().filter(|_| field.name.is_empty()) {
            field.name = id;
        }
    }
    faults.extend(unreadable_fields(&file));
    Ok((file, faults))
}

/// Bounds of numbers that are none.
fn unsound_bounds(file: &SchemaFile, at: usize) -> Faults {
    let field = &file.schema.fields[at];
    let constraints = &field.constraints;
    let bounds = [
        ("minimum", &constraints.minimum),
        ("maximum", &constraints.maximum),
        ("exclusiveMinimum", &constraints.exclusive_minimum),
        ("exclusiveMaximum", &constraints.exclusive_maximum),
    ];
    let is_number = |value: &serde_json::Value| match value.as_str() {
        Some(text) => NumberFormat::of(field).read(text).is_ok(),
        None => value.is_number(),
    };
    let numeric = matches!(field.kind.as_deref(), Some("number" | "integer"));
    let unsound =
        bounds.into_iter().filter_map(|(name, bound)| Some((name, bound.as_ref().filter(|own| !is_number(own))?)));
    let fault = |(name, bound): (&str, &serde_json::Value)| {
        let (zh, en) = (format!("{name} 不是数:{bound}"), format!("{name} is no number: {bound}"));
        file.fault(&format!("/fields/{at}/constraints/{name}"), "bad-value", zh, en)
            .write("要写一个数", "write a number")
    };
    unsound.filter(|_| numeric).map(fault).collect()
}

/// Fields that no column can be read by: without a name, with the name of another, with signs of numbers that are none.
fn unreadable_fields(file: &SchemaFile) -> Faults {
    let mut faults = Faults::new();
    let mut names = HashSet::new();
    for (at, field) in file.schema.fields.iter().enumerate() {
        if field.name.is_empty() {
            faults.push(file.fault(&format!("/fields/{at}"), "no-name", "列没有名称", "the field has no name"));
        } else if !names.insert(&field.name) {
            let (zh, en) =
                (format!("列「{}」声明了两次", field.name), format!("the field '{}' is declared twice", field.name));
            faults.push(file.field_fault(at, "name", "duplicate-field", zh, en));
        }
        let signs = [("decimalChar", &field.decimal_char), ("groupChar", &field.group_char)];
        for (property, sign) in signs {
            if let Some(sign) = sign.as_ref().filter(|sign| sign.chars().count() > 1) {
                let (zh, en) = (format!("「{sign}」不是一个字符"), format!("'{sign}' is not one character"));
                let fault = file.field_fault(at, property, "bad-sign", zh, en);
                faults.push(fault.write("要写一个字符", "write one character"));
            }
        }
        faults.extend(unsound_bounds(file, at));
        let decimal = field.decimal_char.as_deref().unwrap_or(".");
        if field.group_char.as_deref() == Some(decimal) {
            let (zh, en) = ("与小数点相同", "is the decimal character, too");
            let fault = file.field_fault(at, "groupChar", "bad-sign", zh, en);
            faults.push(fault.write("要写另一个字符", "write another character"));
        }
    }
    faults
}
