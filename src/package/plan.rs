//! What each column of a dataset's table is, from what its descriptor and schema declare.

use super::Granularity;
use super::descriptor::{Field, GrowthOf, MissingValues, Schema, ShareOf, title};
use super::fault::{Fault, Faults};
use super::model::{Attribute, Growth, Kind, Measure, Package, PriceBasis, Resource, Share, Unit};
use super::number::NumberFormat;
use super::referred::Referred;
use super::schema::SchemaFile;
use super::when::PeriodFormat;
use crate::text::Text;

/// Ends of column names that belong to companions and statistics.
pub(super) const RESERVED: [&str; 16] = [
    "growth", "change", "cagr", "index", "share", "rank", "relative", "mark", "to", "decimals", "lower", "upper",
    "claim", "basis", "exhibit", "section",
];

/// The role of each column. Numbers are positions of fields.
#[derive(Debug)]
pub(super) struct Plan {
    /// The names that the header must have.
    pub(super) fields: Vec<String>,
    /// How it has them: `fieldsMatch`.
    pub(super) matching: String,
    pub(super) period: (usize, PeriodFormat),
    /// Further fields that make up the period (a month beside its year).
    pub(super) period_parts: Vec<(usize, Granularity)>,
    pub(super) dimensions: Vec<PlanDimension>,
    pub(super) measures: Vec<Measure>,
    pub(super) numbers: Vec<NumberColumn>,
    pub(super) attributes: Vec<(Attribute, usize)>,
    /// `exhibit`, `section`, `M_exhibit`, `M_section`: name in the frame, and field.
    pub(super) sources: Vec<(String, usize)>,
    /// What an empty cell of each field may be written as.
    pub(super) missing: Vec<Vec<String>>,
    pub(super) inferences: Vec<Text>,
    /// A field of whole numbers that would be a dimension if a primary key named it, where none is declared.
    pub(super) unkeyed: Option<usize>,
}

impl Plan {
    /// Whether a text of a field stands for an empty cell.
    pub(super) fn may_be_empty(&self, field: usize, text: &str) -> bool {
        self.missing.get(field).is_some_and(|missing| missing.iter().any(|own| own == text))
    }

    /// The fault of a row with the key of the one at `first`, from its place.
    pub(super) fn duplicate(&self, first: &str, second: Fault) -> Fault {
        let what = Text::new(format!("与 {first} 是同一个观测"), format!("is the same observation as {first}"));
        let fault = Fault { what, code: "duplicate-observation", ..second };
        match self.unkeyed.map(|field| &self.fields[field]) {
            Some(name) => fault.write(
                format!("若「{name}」区分各行,把它与其他键列写进 primaryKey;否则删去一行"),
                format!("if '{name}' tells rows apart, name it in a primaryKey beside the other keys; else remove one"),
            ),
            None => {
                fault.write("删去一行,或加上区分它们的维度", "remove one, or add the dimension that tells them apart")
            }
        }
    }
}

/// A dimension.
#[derive(Debug)]
pub(super) struct PlanDimension {
    pub(super) name: String,
    pub(super) title: Text,
    /// The field that holds codes, or texts if they come from the data.
    pub(super) field: usize,
    pub(super) codes: Codes,
}

/// Where the members of a dimension are.
#[derive(Debug)]
pub(super) enum Codes {
    /// In the package's list.
    Listed,
    /// In the table itself, as values of a field; the field that names them, if it is another, and the table to which a foreign key refers.
    InTable { field: Box<Field>, names: Option<usize>, referred: Option<Referred> },
}

impl Codes {
    /// What members have besides their names.
    pub(super) fn attributes(&self) -> Vec<Attribute> {
        let Codes::InTable { referred: Some(referred), .. } = self else { return Vec::new() };
        referred.attributes()
    }
}

/// A numeric column with its companions.
#[derive(Debug)]
pub(super) struct NumberColumn {
    pub(super) name: String,
    pub(super) value: usize,
    pub(super) mark: Option<usize>,
    pub(super) to: Option<usize>,
    pub(super) decimals: Option<usize>,
    pub(super) format: NumberFormat,
    /// The power of ten of its unit, if it counts whole things.
    pub(super) whole: Option<i32>,
}

/// Which values stand for an empty cell: the field's, else the schema's, the resource's, the package's, else the empty text.
pub(super) fn missing_values(package: &Package, index: usize, schema: &Schema) -> Vec<Vec<String>> {
    let list = |values: &Option<MissingValues>| values.as_ref().map(|values| values.0.clone());
    let common = list(&schema.missing_values)
        .or_else(|| list(&package.declared[index].missing_values))
        .or_else(|| package.missing_values.clone())
        .unwrap_or_else(|| vec![String::new()]);
    let inline = package.declared[index].data.is_some();
    let of_field = |field: &Field| {
        let mut own = list(&field.missing_values).unwrap_or_else(|| common.clone());
        // `null` of JSON is no value, whatever stands for one.
        own.extend(inline.then(String::new));
        own
    };
    schema.fields.iter().map(of_field).collect()
}

/// The suffix of a column name, if it is reserved, and what stands before it.
pub(super) fn reserved(name: &str) -> Option<(&str, &'static str)> {
    let (base, suffix) = name.rsplit_once('_')?;
    RESERVED.into_iter().find(|reserved| *reserved == suffix).filter(|_| !base.is_empty()).map(|suffix| (base, suffix))
}

impl Package {
    /// The plan of a dataset that declares its columns.
    pub(super) fn declared_plan(
        &self,
        index: usize,
        resource: &Resource,
        file: &SchemaFile<'_>,
        faults: &mut Faults,
    ) -> Option<Plan> {
        let fields = &file.schema.fields;
        let position = |name: &str| fields.iter().position(|field| field.name == name);
        let mut planner = Planner { package: self, file, faults, taken: vec![false; fields.len()] };
        let period = planner.period();
        let dimensions =
            resource.address.dimensions.iter().map(|name| planner.dimension(name)).collect::<Option<Vec<_>>>();
        let (mut measures, mut numbers) = (Vec::new(), Vec::new());
        for (at, field) in fields.iter().enumerate() {
            if field.unit.is_none() || planner.taken[at] || reserved(&field.name).is_some() {
                continue;
            }
            let (unit, kind) = (planner.unit(at, field), planner.kind(at, field));
            let number = planner.number(at, field, field.whole.then_some(unit.power));
            let share = planner.companion(&format!("{}_share", field.name)).map(|(_, at, number)| {
                let share = share(&fields[at], &number);
                numbers.push(number);
                share
            });
            let growth = planner.companion(&format!("{}_growth", field.name)).map(|(_, at, number)| {
                let growth = growth(&fields[at], &number);
                numbers.push(number);
                growth
            });
            let unit_assumed = field.unit_basis.as_deref() == Some("assumed");
            let (has_mark, has_to) = (number.mark.is_some(), number.to.is_some());
            let (name, title, whole) = (field.name.clone(), field.title(), field.whole);
            measures.push(Measure { name, title, unit, unit_assumed, kind, whole, has_mark, has_to, share, growth });
            numbers.push(number);
        }
        numbers.sort_by_key(|number| number.value);
        let mut sources = planner.sources();
        sources.extend(planner.wordings());
        let attributes = planner.attributes();
        let (period, dimensions) = (period?, dimensions?);
        debug_assert!(position("period").is_some());
        let missing = missing_values(self, index, &file.schema);
        let fields = fields.iter().map(|field| field.name.clone()).collect();
        let period = (period, PeriodFormat::Edtf);
        Some(Plan {
            fields,
            matching: file.matching().to_owned(),
            period,
            period_parts: Vec::new(),
            dimensions,
            measures,
            numbers,
            attributes,
            sources,
            missing,
            inferences: Vec::new(),
            unkeyed: None,
        })
    }
}

struct Planner<'a> {
    package: &'a Package,
    file: &'a SchemaFile<'a>,
    faults: &'a mut Faults,
    /// Fields that have a role.
    taken: Vec<bool>,
}

impl Planner<'_> {
    fn take(&mut self, name: &str) -> Option<usize> {
        let at = self.file.schema.fields.iter().position(|field| field.name == name)?;
        self.taken[at] = true;
        Some(at)
    }

    fn period(&mut self) -> Option<usize> {
        let found = self.take("period");
        if found.is_none() {
            let fault = self.file.fault("/fields", "no-period", "没有 period 列", "there is no field 'period'");
            self.faults.push(fault.write("加上 period 列", "add the field 'period'"));
        }
        found
    }

    fn dimension(&mut self, name: &str) -> Option<PlanDimension> {
        let Some(field) = self.take(name) else {
            let (zh, en) = (format!("没有维度列「{name}」"), format!("there is no field for the dimension '{name}'"));
            self.faults.push(self.file.fault("/fields", "no-dimension", zh, en));
            return None;
        };
        if self.package.list_index(name).is_none() {
            let (zh, en) = (format!("维度「{name}」没有代码表"), format!("the dimension '{name}' has no code list"));
            let fault = self.file.field_fault(field, "name", "no-code-list", zh, en);
            let (zh, en) =
                (format!("加上 codes/{name}.csv 和它的资源"), format!("add codes/{name}.csv and its resource"));
            self.faults.push(fault.write(zh, en));
        }
        let title = self.file.schema.fields[field].title();
        Some(PlanDimension { name: name.to_owned(), title, field, codes: Codes::Listed })
    }

    fn number(&mut self, at: usize, field: &Field, whole: Option<i32>) -> NumberColumn {
        self.taken[at] = true;
        if field.kind.as_deref() != Some("number") {
            let (zh, en) =
                (format!("「{}」须为 number", field.name), format!("'{}' must be of type number", field.name));
            self.faults.push(
                self.file
                    .field_fault(at, "type", "measure-type", zh, en)
                    .write("要写 \"type\": \"number\"", "write \"type\": \"number\""),
            );
        }
        if field.bare_number == Some(false) {
            let (zh, en) = (
                format!("「{}」不能声明 bareNumber:false", field.name),
                format!("'{}' must not be declared as bareNumber: false", field.name),
            );
            let fault = self.file.field_fault(at, "bareNumber", "bare-number", zh, en);
            self.faults.push(fault.write(
                "删去它,格子里只写数,其余写进单位",
                "remove it, and write the number alone, the rest in the unit",
            ));
        }
        let name = field.name.clone();
        let mark = self.companion_field(&name, "mark", "string");
        let (to, decimals) =
            (self.companion_field(&name, "to", "number"), self.companion_field(&name, "decimals", "integer"));
        NumberColumn { name, value: at, mark, to, decimals, format: NumberFormat::PLAIN, whole }
    }

    /// `M_mark`, `M_to` or `M_decimals`, which has one type.
    fn companion_field(&mut self, base: &str, suffix: &str, kind: &str) -> Option<usize> {
        let at = self.take(&format!("{base}_{suffix}"))?;
        let field = &self.file.schema.fields[at];
        if field.kind.as_deref() != Some(kind) {
            let (zh, en) =
                (format!("「{}」须为 {kind}", field.name), format!("'{}' must be of type {kind}", field.name));
            let fault = self.file.field_fault(at, "type", "companion-type", zh, en);
            self.faults.push(fault.write(format!("要写 \"type\": \"{kind}\""), format!("write \"type\": \"{kind}\"")));
        }
        Some(at)
    }

    /// A printed share or growth.
    fn companion(&mut self, name: &str) -> Option<(String, usize, NumberColumn)> {
        let at = self.take(name)?;
        let field = self.file.schema.fields[at].clone();
        let number = self.number(at, &field, None);
        if field.unit.is_some() {
            self.percentage(at, &field);
        }
        Some((name.to_owned(), at, number))
    }

    /// A printed share or growth rate is in percent.
    fn percentage(&mut self, at: usize, field: &Field) {
        let unit = self.unit(at, field);
        let known = unit.title.zh != unit.code;
        if known && !(unit.family == "percent" && unit.power == 0 || unit.title.en == "%") {
            let (zh, en) = (
                format!("「{}」的单位是{},须为百分数", field.name, unit.title.zh),
                format!("the unit of '{}' is {}, and must be percent", field.name, unit.title.en),
            );
            let fault = self.file.field_fault(at, "aistat:unit", "not-percent", zh, en);
            self.faults.push(fault.write("要写族为 percent 的单位", "write the unit whose family is percent"));
        }
    }

    fn unit(&mut self, at: usize, field: &Field) -> Unit {
        let code = field.unit.clone().unwrap_or_default();
        match self.package.unit(&code) {
            Ok(Some(unit)) => return unit,
            Ok(None) => {
                let (zh, en) =
                    (format!("units 里没有单位「{code}」"), format!("there is no unit '{code}' in the list of units"));
                let fault = self.file.field_fault(at, "aistat:unit", "unknown-unit", zh, en);
                self.faults.push(fault.write("在 codes/units.csv 里加一行", "add a line to codes/units.csv"));
            }
            Err(faults) => self.faults.extend(faults),
        }
        Unit { title: Text::same(&code), family: code.clone(), code, power: 0 }
    }

    fn kind(&mut self, at: usize, field: &Field) -> Kind {
        match field.measure_kind.as_deref() {
            Some("stock") => Kind::Stock,
            Some("flow") => Kind::Flow,
            Some("rate") => Kind::Rate,
            Some("mean") => Kind::Mean,
            found => {
                let found = found.unwrap_or("");
                let (zh, en) = (
                    format!("「{}」的 aistat:kind 是「{found}」", field.name),
                    format!("aistat:kind of '{}' is '{found}'", field.name),
                );
                let fault = self.file.field_fault(at, "aistat:kind", "unknown-kind", zh, en);
                self.faults.push(fault.write("要写 stock、flow、rate 或 mean", "write stock, flow, rate or mean"));
                Kind::Stock
            }
        }
    }

    fn sources(&mut self) -> Vec<(String, usize)> {
        let names: Vec<String> = self.file.schema.fields.iter().map(|field| field.name.clone()).collect();
        let mut sources = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let own = ["exhibit", "section"].contains(&name.as_str());
            let of_cell = reserved(name)
                .filter(|(base, suffix)| ["exhibit", "section"].contains(suffix) && names.iter().any(|n| n == base));
            let column = match of_cell {
                Some((base, suffix)) => format!("{base}.{suffix}"),
                None if own => name.clone(),
                None => continue,
            };
            self.taken[at] = true;
            sources.push((column, at));
        }
        sources
    }

    /// English wordings of texts, each as the column `NAME.en` of its text.
    fn wordings(&mut self) -> Vec<(String, usize)> {
        let mut wordings = Vec::new();
        for at in 0..self.file.schema.fields.len() {
            let Some(english) = self.file.schema.fields[at].en.clone() else { continue };
            let name = self.file.schema.fields[at].name.clone();
            match self.take(&english).filter(|_| english != name) {
                Some(field) => wordings.push((format!("{name}.en"), field)),
                None => {
                    let (zh, en) = (format!("没有列「{english}」"), format!("there is no field '{english}'"));
                    let fault = self.file.field_fault(at, "aistat:en", "unknown-field", zh, en);
                    let (zh, en) = ("要写英文列的名称", "name the field that has the English wording");
                    self.faults.push(fault.write(zh, en));
                }
            }
        }
        wordings
    }

    /// What is left: texts, lists and dates.
    fn attributes(&mut self) -> Vec<(Attribute, usize)> {
        let mut attributes = Vec::new();
        for (at, field) in self.file.schema.fields.iter().enumerate() {
            if self.taken[at] {
                continue;
            }
            if let Some((base, suffix)) = reserved(&field.name) {
                let (zh, en) = (
                    format!("「{}」以保留的后缀 _{suffix} 结尾,但没有指标「{base}」", field.name),
                    format!("'{}' ends in the reserved suffix _{suffix}, and there is no measure '{base}'", field.name),
                );
                let fault = self.file.field_fault(at, "name", "reserved-suffix", zh, en);
                let (zh, en) =
                    (format!("改名,或加上指标「{base}」"), format!("rename it, or add the measure '{base}'"));
                self.faults.push(fault.write(zh, en));
            } else if matches!(field.kind.as_deref(), Some("number" | "integer")) {
                let (zh, en) = (
                    format!("数值列「{}」没有单位", field.name),
                    format!("the numeric field '{}' has no unit", field.name),
                );
                let fault = self.file.field_fault(at, "name", "no-unit", zh, en);
                self.faults.push(fault.write("要写 aistat:unit", "add aistat:unit"));
            } else {
                let list = (field.kind.as_deref() == Some("list"))
                    .then(|| field.delimiter.clone().unwrap_or_else(|| ",".to_owned()));
                let worded = field.en.is_some();
                attributes.push((Attribute { worded, list, ..Attribute::new(&*field.name, field.title()) }, at));
            }
        }
        attributes
    }
}

fn share(field: &Field, number: &NumberColumn) -> Share {
    let ShareOf { part, whole, base } = field.share_of.clone().unwrap_or_default();
    let base_assumed = base.as_deref() != Some("stated");
    let title = title(field.titles.as_ref(), field.title.as_deref(), &field.name);
    Share { title, part, whole, base_assumed, has_mark: number.mark.is_some(), has_to: number.to.is_some() }
}

fn growth(field: &Field, number: &NumberColumn) -> Growth {
    let GrowthOf { of, base, price_basis } = field.growth_of.clone().unwrap_or_default();
    let base_assumed = base.as_deref() == Some("assumed");
    let price_basis = match price_basis.as_deref() {
        None | Some("same" | "current") => PriceBasis::Same,
        Some(_) => PriceBasis::Other,
    };
    let title = title(field.titles.as_ref(), field.title.as_deref(), &field.name);
    Growth { title, of, base_assumed, price_basis, has_mark: number.mark.is_some(), has_to: number.to.is_some() }
}
