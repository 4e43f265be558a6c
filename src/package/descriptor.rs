//! What `datapackage.json` and Table Schemas say, as they say it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::text::Text;

/// The descriptor.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Descriptor {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) title: Option<String>,
    #[serde(rename = "aistat:title")]
    pub(super) titles: Option<Titles>,
    #[serde(rename = "aistat:source")]
    pub(super) source: Option<Titles>,
    #[serde(rename = "missingValues")]
    pub(super) missing_values: Option<MissingValues>,
    #[serde(default)]
    pub(super) sources: Vec<SourceDecl>,
    #[serde(default)]
    pub(super) resources: Vec<ResourceDecl>,
}

/// A source as Data Packages name it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SourceDecl {
    pub(super) title: Option<String>,
    /// v1 before 1.0.
    pub(super) name: Option<String>,
}

/// zh and en wordings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Titles {
    pub(super) zh: Option<String>,
    pub(super) en: Option<String>,
}

/// A resource.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ResourceDecl {
    #[serde(default)]
    pub(super) name: String,
    pub(super) title: Option<String>,
    #[serde(rename = "aistat:title")]
    pub(super) titles: Option<Titles>,
    pub(super) path: Option<OneOrMany>,
    /// Of frictionless: further paths.
    #[serde(default)]
    pub(super) extrapaths: Vec<String>,
    /// v1: an address.
    pub(super) url: Option<String>,
    /// Before v1: a path.
    pub(super) file: Option<String>,
    pub(super) data: Option<Box<RawValue>>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) format: Option<String>,
    pub(super) encoding: Option<String>,
    pub(super) compression: Option<String>,
    /// How many a file has, as it is stored.
    pub(super) bytes: Option<u64>,
    /// Digest of the file, with its algorithm in front unless it is MD5.
    pub(super) hash: Option<String>,
    pub(super) dialect: Option<Box<RawValue>>,
    pub(super) schema: Option<Box<RawValue>>,
    #[serde(rename = "missingValues")]
    pub(super) missing_values: Option<MissingValues>,
    #[serde(rename = "aistat:role")]
    pub(super) role: Option<String>,
    #[serde(rename = "aistat:area")]
    pub(super) area: Option<String>,
    #[serde(rename = "aistat:topic")]
    pub(super) topic: Option<String>,
    #[serde(rename = "aistat:dimensions", default)]
    pub(super) dimensions: Vec<String>,
    #[serde(rename = "aistat:exhibit")]
    pub(super) exhibit: Option<String>,
    #[serde(rename = "aistat:section")]
    pub(super) section: Option<String>,
    #[serde(rename = "aistat:columns", default)]
    pub(super) columns: Vec<String>,
    #[serde(rename = "aistat:default", default)]
    pub(super) default: bool,
    #[serde(rename = "aistat:parts", default)]
    pub(super) parts: BTreeMap<String, PartsDecl>,
    #[serde(rename = "aistat:exhaustive")]
    pub(super) exhaustive: Option<String>,
    #[serde(rename = "aistat:series")]
    pub(super) series: Option<String>,
    #[serde(rename = "aistat:scheme")]
    pub(super) scheme: Option<String>,
    #[serde(rename = "aistat:records")]
    pub(super) records: Option<RecordsDecl>,
}

/// `aistat:records`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct RecordsDecl {
    pub(super) zh: Option<String>,
    pub(super) en: Option<String>,
    pub(super) unit: Option<String>,
}

/// A subtotal.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct PartsDecl {
    #[serde(default)]
    pub(super) of: Vec<String>,
    pub(super) exhaustive: Option<String>,
}

/// A text, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

/// `missingValues`: texts, or since v2 texts with labels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<MissingValue>")]
pub(super) struct MissingValues(pub(super) Vec<String>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text, or a value with its label")]
enum MissingValue {
    Plain(String),
    Labelled { value: String },
}

impl From<Vec<MissingValue>> for MissingValues {
    fn from(values: Vec<MissingValue>) -> Self {
        let text = |value| match value {
            MissingValue::Plain(text) | MissingValue::Labelled { value: text } => text,
        };
        MissingValues(values.into_iter().map(text).collect())
    }
}

/// A category: a value, or one with its label.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged, expecting = "expected a value, or a value with its label")]
pub(super) enum Category {
    Labelled { value: serde_json::Value },
    Plain(serde_json::Value),
}

impl Category {
    pub(super) fn value(&self) -> &serde_json::Value {
        let (Category::Labelled { value } | Category::Plain(value)) = self;
        value
    }
}

/// A Table Schema.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Schema {
    #[serde(default)]
    pub(super) fields: Vec<Field>,
    #[serde(rename = "primaryKey")]
    pub(super) primary_key: Option<OneOrMany>,
    #[serde(rename = "foreignKeys", default)]
    pub(super) foreign_keys: Vec<ForeignKey>,
    #[serde(rename = "uniqueKeys", default)]
    pub(super) unique_keys: Vec<Vec<String>>,
    #[serde(rename = "missingValues")]
    pub(super) missing_values: Option<MissingValues>,
    #[serde(rename = "fieldsMatch")]
    pub(super) fields_match: Option<OneOrMany>,
}

/// A field of a Table Schema.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Field {
    #[serde(default)]
    pub(super) name: String,
    /// Before v1: its name.
    pub(super) id: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) format: Option<String>,
    pub(super) title: Option<String>,
    #[serde(rename = "aistat:title")]
    pub(super) titles: Option<Titles>,
    #[serde(rename = "decimalChar")]
    pub(super) decimal_char: Option<String>,
    #[serde(rename = "groupChar")]
    pub(super) group_char: Option<String>,
    #[serde(rename = "bareNumber")]
    pub(super) bare_number: Option<bool>,
    #[serde(rename = "trueValues")]
    pub(super) true_values: Option<Vec<String>>,
    #[serde(rename = "falseValues")]
    pub(super) false_values: Option<Vec<String>>,
    #[serde(rename = "missingValues")]
    pub(super) missing_values: Option<MissingValues>,
    #[serde(default)]
    pub(super) constraints: Constraints,
    /// Since v2: all values that there are.
    pub(super) categories: Option<Vec<Category>>,
    /// Between the items of a list; a comma where it is not declared.
    pub(super) delimiter: Option<String>,
    #[serde(rename = "aistat:en")]
    pub(super) en: Option<String>,
    #[serde(rename = "aistat:unit")]
    pub(super) unit: Option<String>,
    #[serde(rename = "aistat:unitBasis")]
    pub(super) unit_basis: Option<String>,
    #[serde(rename = "aistat:kind")]
    pub(super) measure_kind: Option<String>,
    #[serde(rename = "aistat:whole", default)]
    pub(super) whole: bool,
    #[serde(rename = "aistat:shareOf")]
    pub(super) share_of: Option<ShareOf>,
    #[serde(rename = "aistat:growthOf")]
    pub(super) growth_of: Option<GrowthOf>,
}

/// `aistat:shareOf`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ShareOf {
    pub(super) part: Option<String>,
    pub(super) whole: Option<String>,
    pub(super) base: Option<String>,
}

/// `aistat:growthOf`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct GrowthOf {
    pub(super) of: Option<String>,
    pub(super) base: Option<String>,
    #[serde(rename = "priceBasis")]
    pub(super) price_basis: Option<String>,
}

/// Constraints of a field. Bounds and members may be written as texts or as JSON values.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Constraints {
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) unique: bool,
    pub(super) pattern: Option<String>,
    #[serde(rename = "minLength")]
    pub(super) min_length: Option<u64>,
    #[serde(rename = "maxLength")]
    pub(super) max_length: Option<u64>,
    pub(super) minimum: Option<serde_json::Value>,
    pub(super) maximum: Option<serde_json::Value>,
    #[serde(rename = "exclusiveMinimum")]
    pub(super) exclusive_minimum: Option<serde_json::Value>,
    #[serde(rename = "exclusiveMaximum")]
    pub(super) exclusive_maximum: Option<serde_json::Value>,
    #[serde(rename = "enum")]
    pub(super) members: Option<Vec<serde_json::Value>>,
}

impl ResourceDecl {
    /// The files of the table, in their order.
    pub(super) fn paths(&self) -> Vec<&String> {
        self.path.iter().flat_map(|path| path.as_slice()).chain(&self.extrapaths).collect()
    }
}

/// A foreign key.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ForeignKey {
    pub(super) fields: OneOrMany,
    pub(super) reference: Reference,
}

/// What a foreign key refers to; no resource (or an empty one) is the table itself.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Reference {
    #[serde(default)]
    pub(super) resource: String,
    pub(super) fields: OneOrMany,
}

/// A CSV dialect (Table Dialect of v2, CSV Dialect of v1).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DialectDecl {
    pub(super) delimiter: Option<String>,
    pub(super) quote_char: Option<String>,
    pub(super) double_quote: Option<bool>,
    pub(super) escape_char: Option<String>,
    pub(super) skip_initial_space: Option<bool>,
    pub(super) comment_char: Option<String>,
    pub(super) comment_rows: Option<Vec<u64>>,
    pub(super) line_terminator: Option<String>,
    pub(super) header: Option<bool>,
    pub(super) header_rows: Option<Vec<u64>>,
    pub(super) null_sequence: Option<String>,
    /// Of frictionless: what is of CSV alone.
    pub(super) csv: Option<Box<DialectDecl>>,
    /// What else there is.
    #[serde(flatten)]
    pub(super) others: BTreeMap<String, serde_json::Value>,
}

impl DialectDecl {
    /// With the properties of `csv` among its own, which go first.
    pub(super) fn merged(mut self) -> DialectDecl {
        let Some(csv) = self.csv.take() else { return self };
        DialectDecl {
            delimiter: self.delimiter.or(csv.delimiter),
            quote_char: self.quote_char.or(csv.quote_char),
            double_quote: self.double_quote.or(csv.double_quote),
            escape_char: self.escape_char.or(csv.escape_char),
            skip_initial_space: self.skip_initial_space.or(csv.skip_initial_space),
            line_terminator: self.line_terminator.or(csv.line_terminator),
            null_sequence: self.null_sequence.or(csv.null_sequence),
            ..self
        }
    }
}

/// The title for people: both wordings, else one of them twice, else the plain title, else the name.
pub(super) fn title(titles: Option<&Titles>, plain: Option<&str>, name: &str) -> Text {
    let (zh, en) = titles.map_or((None, None), |titles| (titles.zh.as_deref(), titles.en.as_deref()));
    let plain = plain.filter(|title| !title.trim().is_empty()).unwrap_or(name);
    Text::new(zh.or(en).unwrap_or(plain), en.or(zh).unwrap_or(plain))
}

impl Field {
    pub(super) fn title(&self) -> Text {
        title(self.titles.as_ref(), self.title.as_deref(), &self.name)
    }
}
