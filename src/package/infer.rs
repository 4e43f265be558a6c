//! Packages that others published, with no `aistat:` property: what their fields are most likely to be. Nothing is taken
//! from values; what is taken from names and types is said.

use super::codes;
use super::descriptor::{Field, title};
use super::fault::{Fault, Faults};
use super::header;
use super::model::{Address, Attribute, Exhaustive, Kind, Measure, Package, Resource, Unit};
use super::number::NumberFormat;
use super::plan::{self, Codes, NumberColumn, Plan, PlanDimension};
use super::schema::SchemaFile;
use super::when::PeriodFormat;
use super::{Granularity, slug};
use crate::text::Text;

impl Package {
    /// Adds a dataset that does not say what it is: the package's name is the area, its own the topic. Where it is `alone`,
    /// one with periods and no numbers is there to say what it lacks.
    pub(super) fn add_inferred(&mut self, index: usize, alone: bool) {
        let mut faults = Faults::new();
        let plan = match self.schema(index) {
            Ok((file, mut wrong)) => {
                faults.append(&mut wrong);
                let plan = self.inferred_plan(index, &file, &mut faults);
                // A table of texts, such as a list of codes, is none of the datasets; one whose types are not said may be.
                let fields = &file.schema.fields;
                let untyped = faults.iter().any(|fault| fault.code == NO_TYPE);
                let texts_only = plan.is_none() && !fields.iter().any(is_number) && !fields.is_empty() && !untyped;
                let timed = faults.iter().any(|fault| fault.code == NO_MEASURE);
                // Nor is one to which others refer: it says something of their members, whatever it counts.
                let referred = plan.is_none() && !timed && self.is_referred(index);
                faults.retain(|fault| !(referred && fault.code == NO_PERIOD));
                if (texts_only || referred) && !(alone && timed) && faults.iter().all(|fault| !fault.is_error()) {
                    self.faults.extend(faults.into_iter().map(|fault| (None, fault)));
                    return;
                }
                plan
            }
            Err(wrong) => {
                faults.extend(wrong);
                None
            }
        };
        let declared = &self.declared[index];
        let area = slug::slug(&self.name).unwrap_or_else(|| super::open::NAMELESS.to_owned());
        let topic = slug::slug(&declared.name).unwrap_or_else(|| format!("t{}", index + 1));
        // What is called so itself comes first.
        let is_name = |topic: &str| declared.name != topic && self.declared.iter().any(|other| other.name == topic);
        let is_topic = |topic: &str| self.resources.iter().any(|other| other.address.topic == topic);
        let topic = slug::unique(topic, '-', |topic| is_topic(topic) || is_name(topic));
        let planned = || plan.iter().flat_map(|plan| &plan.dimensions);
        let dimensions = planned().map(|dimension| dimension.name.clone()).collect();
        let attributes = planned().map(|dimension| (dimension.name.clone(), dimension.codes.attributes())).collect();
        let resource = Resource {
            name: declared.name.clone(),
            address: Address { package: self.name.clone(), area, topic, dimensions },
            title: title(declared.titles.as_ref(), declared.title.as_deref(), &declared.name),
            exhibit: None,
            section: None,
            default: false,
            parts: std::collections::BTreeMap::new(),
            exhaustive: Exhaustive::Assumed,
            series: None,
            records: None,
            columns: Vec::new(),
            attributes,
            declared: false,
        };
        let said = plan.map(|plan| plan.inferences).unwrap_or_default();
        self.inferences.extend(said.iter().map(|text| said_of(&resource, text)));
        self.faults.extend(faults.into_iter().map(|fault| (Some(index), fault)));
        self.push(index, resource);
    }

    /// The title of a dimension that was inferred.
    pub(super) fn inferred_title(&self, resource: &Resource, dimension: &str) -> Option<Text> {
        let at = self.resources.iter().position(|own| own.address == resource.address)?;
        let (file, _) = self.schema(*self.datasets.get(at)?).ok()?;
        let plan = self.inferred_plan(*self.datasets.get(at)?, &file, &mut Faults::new())?;
        plan.dimensions.into_iter().find(|own| own.name == dimension).map(|own| own.title)
    }

    /// The plan of a dataset that does not declare its columns.
    pub(super) fn inferred_plan(&self, index: usize, file: &SchemaFile<'_>, faults: &mut Faults) -> Option<Plan> {
        let fields = &file.schema.fields;
        let key: Vec<&str> =
            file.schema.primary_key.as_ref().map_or(&[][..], |key| key.as_slice()).iter().map(String::as_str).collect();
        let Some((period, format)) = period_field(fields, &key) else {
            faults.push(without_period(file).warning());
            return None;
        };
        let period_parts = if matches!(format, PeriodFormat::Free | PeriodFormat::Years) {
            period_parts(fields, period)
        } else {
            Vec::new()
        };
        let mut namer = Namer { taken: vec!["period".to_owned()] };
        let mut taken = vec![false; fields.len()];
        taken[period] = true;
        for (part, _) in &period_parts {
            taken[*part] = true;
        }
        let is_key = |at: usize| key.is_empty() || key.contains(&fields[at].name.as_str());
        let refers = |name: &String| file.schema.foreign_keys.iter().any(|key| key.fields.as_slice() == [name.clone()]);
        let of_years = kind_of(&fields[period]) == "year" || header::is_year(&fields[period].name);
        let says_again = |name: &str| header::says_again(name, of_years);
        let is_remark = |field: &Field| header::is_remark(&field.name) || header::is_status(&field.name, fields);
        let tells_apart = |at: usize| match key.is_empty() {
            true if is_text(&fields[at]) => !is_remark(&fields[at]) && !says_again(&fields[at].name),
            true => kind_of(&fields[at]) == "integer" && refers(&fields[at].name),
            false => is_key(at),
        };
        let mut dimensions = Vec::new();
        for pair in header::pairs(fields) {
            // Where the key has the name alone, the code tells something else apart.
            let remark = key.is_empty() && is_remark(&fields[pair.code]);
            if taken[pair.code] || taken[pair.name] || !is_key(pair.code) || remark {
                continue;
            }
            (taken[pair.code], taken[pair.name]) = (true, true);
            let name = namer.name(&pair.stem, &fields[pair.name].name, 'd', dimensions.len());
            let referred = self.referred(file, &fields[pair.code], &mut namer);
            let field = Box::new(fields[pair.code].clone());
            let codes = Codes::InTable { field, names: Some(pair.name), referred };
            dimensions.push((
                pair.code.min(pair.name),
                PlanDimension { name, title: fields[pair.name].title(), field: pair.code, codes },
            ));
        }
        let (mut attributes, mut measures, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (at, field) in fields.iter().enumerate() {
            if taken[at] {
                continue;
            }
            let no_quantity = header::is_date_part(&field.name)
                || header::is_label(&field.name)
                || says_again(&field.name)
                || refers(&field.name);
            if tells_apart(at) {
                let stem = header::stem(&field.name);
                let name = namer.name(&stem, &field.name, 'd', dimensions.len());
                let referred = self.referred(file, field, &mut namer);
                let codes = Codes::InTable { field: Box::new(field.clone()), names: None, referred };
                dimensions.push((at, PlanDimension { name, title: field.title(), field: at, codes }));
            } else if is_number(field) && !no_quantity {
                let name = namer.name("", &field.name, 'm', measures.len());
                measures.push(measure(&name, field));
                let format = NumberFormat::of(field);
                numbers.push(NumberColumn {
                    name,
                    value: at,
                    mark: None,
                    to: None,
                    decimals: None,
                    format,
                    whole: None,
                });
            } else {
                let name = namer.name("", &field.name, 'a', attributes.len());
                attributes.push((Attribute::new(name, field.title()), at));
            }
        }
        dimensions.sort_by_key(|(at, _)| *at);
        let dimensions: Vec<PlanDimension> = dimensions.into_iter().map(|(_, dimension)| dimension).collect();
        if measures.is_empty() {
            faults.extend(without_numbers(file));
            return None;
        }
        let when: Vec<usize> = std::iter::once(period).chain(period_parts.iter().map(|(part, _)| *part)).collect();
        let is_said = |field: &&Field| key.is_empty() && is_text(field) && is_remark(field);
        let remarks = attributes.iter().map(|(_, at)| &fields[*at]).filter(is_said);
        let remarks = remarks.map(|field| field.name.as_str()).collect::<Vec<_>>();
        let said = said(file, &when, &dimensions, (&measures, &numbers), &remarks);
        let whole = |at: &usize| key.is_empty() && kind_of(&fields[*at]) == "integer";
        let ids = attributes.iter().map(|(_, at)| *at).find(whole);
        let unkeyed = ids.or_else(|| numbers.iter().map(|number| number.value).find(whole));
        let missing = plan::missing_values(self, index, &file.schema);
        let period = (period, format);
        let names = fields.iter().map(|field| field.name.clone()).collect();
        let sources = Vec::new();
        Some(Plan {
            fields: names,
            matching: file.matching().to_owned(),
            period,
            period_parts,
            dimensions,
            measures,
            numbers,
            attributes,
            sources,
            missing,
            inferences: vec![said],
            unkeyed,
        })
    }
}

/// Why a table has no periods, and what would give it some: rows for those that are columns.
fn without_period(file: &SchemaFile<'_>) -> Fault {
    let names = file.schema.fields.iter().map(|field| field.name.as_str());
    let periods: Vec<&str> = names.filter(|name| PeriodFormat::Free.read(name).is_some()).collect();
    if let [first, .., last] = periods[..] {
        let (zh, en) = (
            format!("没有说明时间的列;{first} 至 {last} 是各期的列"),
            format!("no field says when: the periods {first} to {last} are columns"),
        );
        let (program, table) = (env!("CARGO_PKG_NAME"), "TABLE.csv");
        let write = format!("{program} new DIR --from {table}");
        return file
            .fault("/fields", NO_PERIOD, zh, en)
            .write(format!("{write} 会把它们写成行"), format!("write them as rows: {write} does"));
    }
    let fault = file.fault("/fields", NO_PERIOD, "没有说明时间的列", "no field says when");
    fault.write(
        "声明 year、yearmonth、date 类型的列,或名为 year 的列",
        "declare a field of type year, yearmonth or date, or one called year",
    )
}

/// Why a table with periods has no numbers: types that are not known, types that are not said, or texts alone.
fn without_numbers(file: &SchemaFile<'_>) -> Faults {
    let unknown = file.unknown_words();
    if !unknown.is_empty() {
        return unknown;
    }
    let fields = file.schema.fields.iter();
    let untyped: Vec<&str> = fields.filter(|field| field.kind.is_none()).map(|field| field.name.as_str()).collect();
    let fault = if untyped.is_empty() {
        file.fault("/fields", NO_MEASURE, "没有数值列", "no field has numbers")
    } else {
        let (zh, en) = (
            format!("没有数值列;没有类型的列:{}", untyped.join("、")),
            format!("no field has numbers; fields without a type: {}", untyped.join(", ")),
        );
        file.fault("/fields", NO_TYPE, zh, en)
    };
    vec![fault.write("声明 number 或 integer 类型的列", "declare a field of type number or integer").warning()]
}

/// The fault of a table without periods.
const NO_PERIOD: &str = "no-period";

/// The fault of a table with periods and no numbers.
const NO_MEASURE: &str = "no-measure";

/// The fault of fields whose type is not said, where none has numbers.
const NO_TYPE: &str = "no-type";

fn kind_of(field: &Field) -> &str {
    field.kind.as_deref().unwrap_or("any")
}

fn is_number(field: &Field) -> bool {
    matches!(kind_of(field), "number" | "integer")
}

fn is_text(field: &Field) -> bool {
    let plain = field.format.as_deref().is_none_or(|format| !matches!(format, "uri" | "email" | "binary" | "uuid"));
    matches!(kind_of(field), "string" | "any" | "boolean") && plain
}

/// The first field that says when; of a primary key rather than any other.
fn period_field(fields: &[Field], key: &[&str]) -> Option<(usize, PeriodFormat)> {
    let candidate = |field: &Field| match kind_of(field) {
        "year" | "yearmonth" => true,
        "date" | "datetime" => true,
        "integer" | "number" => header::is_year(&field.name),
        "string" | "any" => header::is_year(&field.name) || header::is_period(&field.name),
        _ => false,
    };
    let likely = |field: &Field| {
        (is_number(field) || is_text(field))
            && header::date_part(&field.name).is_none()
            && header::may_be_period(&field.name)
    };
    let in_key = |field: &Field| key.contains(&field.name.as_str());
    let find = |fits: &dyn Fn(&Field) -> bool| {
        let own = fields.iter().position(|field| fits(field) && in_key(field));
        own.or_else(|| fields.iter().position(fits))
    };
    let whole = |field: &Field| is_text(field) && header::date_part(&field.name).is_some();
    let at = find(&candidate).or_else(|| find(&likely)).or_else(|| find(&whole))?;
    let format = fields[at].format.as_deref().map(|format| format.strip_prefix("fmt:").unwrap_or(format));
    let pattern = format.filter(|format| format.contains('%')).map(|format| PeriodFormat::Pattern(format.to_owned()));
    Some((at, pattern.unwrap_or_else(|| PeriodFormat::of(&fields[at].name))))
}

/// A month, quarter or half beside its year, and the day of a month.
fn period_parts(fields: &[Field], year: usize) -> Vec<(usize, Granularity)> {
    if !(kind_of(&fields[year]) == "year" || header::says_years(&fields[year].name)) {
        return Vec::new();
    }
    let part = |(at, field): (usize, &Field)| {
        let plain = matches!(kind_of(field), "integer" | "number" | "string" | "any");
        header::date_part(&field.name).filter(|_| plain && at != year).map(|granularity| (at, granularity))
    };
    let parts: Vec<(usize, Granularity)> = fields.iter().enumerate().filter_map(part).collect();
    let of = |wanted: &[Granularity]| parts.iter().find(|(_, granularity)| wanted.contains(granularity)).copied();
    let Some(first) = of(&[Granularity::Month, Granularity::Quarter, Granularity::Half]) else { return Vec::new() };
    let day = of(&[Granularity::Day]).filter(|_| first.1 == Granularity::Month);
    std::iter::once(first).chain(day).collect()
}

fn measure(name: &str, field: &Field) -> Measure {
    Measure {
        name: name.to_owned(),
        title: field.title(),
        unit: Unit { code: String::new(), title: Text::default(), family: String::new(), power: 0 },
        unit_assumed: false,
        kind: match field.name.as_str() {
            name if header::is_rate(name) => Kind::Rate,
            name if header::is_mean(name) => Kind::Mean,
            _ => Kind::Stock,
        },
        whole: false,
        has_mark: false,
        has_to: false,
        share: None,
        growth: None,
    }
}

/// Names of columns, each once, none that ends like a companion.
pub(super) struct Namer {
    taken: Vec<String>,
}

impl Namer {
    pub(super) fn name(&mut self, stem: &str, header: &str, prefix: char, number: usize) -> String {
        let own = slug::column(header, prefix).unwrap_or_else(|| format!("{prefix}{}", number + 1));
        let stem = slug::column(stem, prefix).filter(|stem| !self.taken.contains(stem));
        let mut name = stem.unwrap_or(own);
        if let Some((base, suffix)) = plan::reserved(&name) {
            name = format!("{base}-{suffix}");
        }
        let name = slug::unique(name, '_', |name| self.taken.iter().any(|taken| taken == name));
        self.taken.push(name.clone());
        name
    }
}

/// What was inferred of a dataset, with its address.
pub(super) fn said_of(resource: &Resource, text: &Text) -> Text {
    Text::new(format!("{}:{}", resource.address, text.zh), format!("{}: {}", resource.address, text.en))
}

fn said(
    file: &SchemaFile<'_>,
    when: &[usize],
    dimensions: &[PlanDimension],
    (measures, numbers): (&[Measure], &[NumberColumn]),
    remarks: &[&str],
) -> Text {
    let header = |at: usize| file.schema.fields[at].name.as_str();
    let quoted = |open: &str, close: &str, joint: &str| {
        when.iter().map(|at| format!("{open}{}{close}", header(*at))).collect::<Vec<_>>().join(joint)
    };
    let (mut zh, mut en) =
        (format!("时期取自{}", quoted("「", "」", "和")), format!("period from {}", quoted("'", "'", " and ")));
    for dimension in dimensions {
        zh += &format!(",维度 {} 取自「{}」", dimension.name, header(dimension.field));
        en += &format!(", dimension {} from '{}'", dimension.name, header(dimension.field));
        let Codes::InTable { names, referred, .. } = &dimension.codes else { continue };
        if let Some(names) = names.map(header).or(referred.as_ref().and_then(|referred| referred.names.as_deref())) {
            zh += &format!("(名称「{names}」)");
            en += &format!(" (named by '{names}')");
        }
    }
    for (measure, number) in measures.iter().zip(numbers) {
        let kind = match measure.kind {
            Kind::Rate => ("(比率)", " (a rate)"),
            Kind::Mean => ("(均值或指数)", " (a mean)"),
            Kind::Stock | Kind::Flow => ("", ""),
        };
        zh += &format!(",指标 {} 取自「{}」{}", measure.name, header(number.value), kind.0);
        en += &format!(", measure {} from '{}'{}", measure.name, header(number.value), kind.1);
    }
    for remark in remarks {
        zh += &format!(",「{remark}」是说明,不是维度");
        en += &format!(", '{remark}' is a remark, no dimension");
    }
    for key in file.schema.foreign_keys.iter().filter(|key| key.fields.as_slice().len() > 1) {
        let (fields, resource) = (key.fields.as_slice(), &key.reference.resource);
        zh += &format!(",不沿多列的外键「{}」查「{resource}」", fields.join("、"));
        en += &format!(", the key of '{}' to '{resource}' is not followed", fields.join("' and '"));
    }
    debug_assert!(dimensions.iter().all(|dimension| codes::is_code(&dimension.name.replace('_', "-"))));
    Text::new(format!("{zh};单位未知"), format!("{en}; units unknown"))
}
