//! A dataset by less than its own dimensions: by attributes of their members (frameworks by origin, provinces by region), or
//! without some of them.

use std::collections::{HashMap, HashSet};

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::model::{Kind, Measure, Unit};
use super::{Attribute, CodeList, Dataset, Dimension, Member, Package, Period, Resource};
use crate::text::Text;

/// The name of the measure that counts records.
pub(super) const RECORDS: &str = "records";

/// What becomes of a dimension of a dataset that is asked by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breakdown {
    /// It stays.
    Itself,
    /// Its members are grouped by attributes, one or more.
    Attributes(Vec<String>),
    /// It goes: its members are added up.
    Dropped,
}

/// Of each dimension of a dataset the codes of members that are left out before rows are added up.
pub type LeftOut = Vec<HashSet<String>>;

/// Rows that are counted together, whatever their periods are.
#[derive(Clone, Debug)]
pub struct Together {
    /// The period that they have together.
    pub period: Period,
    /// Which rows they are, one entry a row.
    pub rows: Vec<bool>,
}

/// A dataset whose rows add up those of another. It has those of that one's measures that add up, without a number.
#[derive(Debug)]
pub struct Grouped {
    /// Keys, titles and measures; the number of records is the first, where they can be counted, and the only one where rows
    /// of several periods are counted together.
    pub dataset: Dataset,
    /// The name of the number of records.
    pub counts: Option<String>,
    /// Of each row the rows that it adds up: of leaf members, never of subtotals.
    pub parts: Vec<Vec<usize>>,
    /// Of each row what belongs to it and has no row: its number is not known.
    pub lacking: Vec<Vec<Text>>,
    /// Members that lack an attribute, and so are in no row.
    pub without: Vec<Text>,
}

impl Dataset {
    /// The members of a dimension that have a row and add nothing up.
    pub fn leaves<'d>(&'d self, dimension: &'d Dimension) -> impl Iterator<Item = &'d Member> {
        let used = self.used(&dimension.name);
        let leaf =
            move |member: &&Member| used.contains(&*member.code) && !self.resource.parts.contains_key(&member.code);
        dimension.codes.members.iter().filter(leaf)
    }

    /// Whether every record stands in one period alone, so that those of different periods are different ones.
    pub fn has_dated_records(&self) -> bool {
        let names: Vec<&str> = self.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        let key = |row: usize| names.iter().map(|name| self.text(name, row)).collect::<Vec<_>>();
        let mut seen = HashSet::new();
        self.resource.records.is_some() && (0..self.periods.len()).all(|row| seen.insert(key(row)))
    }
}

impl Package {
    /// What members of a dimension can be grouped by: the further columns of its code list, none if that list is broken; those
    /// of the table to which its foreign key refers.
    pub fn attributes<'a>(&'a self, resource: &'a Resource, dimension: &str) -> &'a [Attribute] {
        let own = resource.attributes.iter().find(|(name, _)| name == dimension).map(|(_, own)| own.as_slice());
        own.unwrap_or_else(|| self.list(dimension).ok().flatten().map_or(&[], |list| &list.attributes))
    }

    /// Groups the rows of a dataset, by what becomes of each of its dimensions, without those of members that are left out;
    /// `together` are rows that are only counted. Values that are codes of a list named like the attribute have its titles and its order.
    pub fn grouped<'w>(
        &self,
        whole: &'w Dataset,
        by: &[Breakdown],
        out: &LeftOut,
        together: Option<&Together>,
    ) -> Grouped {
        let axes: Vec<Axis<'w>> = (0..by.len()).map(|at| Axis::new(self, whole, at, &by[at], &out[at])).collect();
        let mut rows: HashMap<(&str, Vec<&str>), usize> = HashMap::new();
        let (mut keys, mut parts): (Vec<Vec<&str>>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        let mut periods = Vec::new();
        let asked = |row: &usize| together.is_none_or(|together| together.rows[*row]);
        for row in (0..whole.periods.len()).filter(asked) {
            let values = axes.iter().map(|axis| axis.values.get(whole.text(&axis.dimension.name, row)?));
            let Some(values) = values.collect::<Option<Vec<&Vec<&str>>>>() else { continue };
            let key: Vec<&str> = values.into_iter().flatten().copied().collect();
            let period = together.map_or(&whole.periods[row], |together| &together.period);
            let at = *rows.entry((period.as_str(), key.clone())).or_insert_with(|| {
                keys.push(key);
                parts.push(Vec::new());
                periods.push(period.clone());
                keys.len() - 1
            });
            parts[at].push(row);
        }
        // A record of several dimensions does not have every member: a document has one issuer.
        let records = whole.resource.records.as_ref();
        let whole_groups = records.is_some() && axes.len() > 1;
        // Nor do members of a table that declares nothing: a province has one country. What belongs together there is what
        // stands together in any period.
        let nested = (!whole.resource.declared && axes.len() > 1).then(|| Nested::new(whole, &axes, &keys, &parts));
        // Where every sum is of one row, what goes tells none apart.
        let single = nested.is_some() && parts.iter().all(|rows| rows.len() == 1);
        let lacks = |(key, rows): (&Vec<&str>, &Vec<usize>)| match &nested {
            _ if whole_groups || single => Vec::new(),
            Some(nested) => nested.lacking(whole, &axes, key, rows),
            None => lacking(whole, &axes, key, rows),
        };
        let lacking = keys.iter().zip(&parts).map(lacks).collect();
        let dimensions: Vec<Dimension> = axes.iter().flat_map(|axis| axis.kept.clone()).collect();
        let text = |name: &str, cells: Vec<Option<String>>| Column::from(Series::new(name.into(), cells));
        let mut columns = vec![text("period", periods.iter().map(|period| Some(period.to_string())).collect())];
        for (at, dimension) in dimensions.iter().enumerate() {
            columns.push(text(&dimension.name, keys.iter().map(|key| Some(key[at].to_owned())).collect()));
        }
        let names = whole.frame.get_column_names().into_iter().map(|name| name.as_str());
        let of_source = |name: &&str| ["exhibit", "section"].contains(&name.rsplit('.').next().unwrap_or(name));
        for name in names.filter(of_source) {
            let places = |rows: &Vec<usize>| {
                let mut places: Vec<&str> = rows.iter().filter_map(|row| whole.text(name, *row)).collect();
                places.dedup();
                Some(places.join("; ")).filter(|places| !places.is_empty())
            };
            columns.push(text(name, parts.iter().map(places).collect()));
        }
        let frame = DataFrame::new(periods.len(), columns).unwrap_or_default();
        let mut dataset = Dataset { frame, periods, ..reduced(whole, dimensions) };
        if together.is_some() {
            dataset.measures.clear();
        }
        if let Some(records) = records {
            let unit = records.unit.as_ref().and_then(|unit| self.unit(unit).ok().flatten());
            dataset.measures.insert(0, count(records.title.clone(), unit.unwrap_or_else(no_unit)));
        }
        let counts = records.map(|_| RECORDS.to_owned());
        Grouped { dataset, counts, parts, lacking, without: without(whole, axes.iter().zip(out)) }
    }

    /// The values of an attribute of the members that have a row, as a dimension.
    pub fn attribute(&self, whole: &Dataset, dimension: &Dimension, name: &str) -> Dimension {
        let at = dimension.codes.attributes.iter().position(|own| own.name == name);
        let known = self.code_list(name).unwrap_or_default();
        let mut met: Vec<&str> = Vec::new();
        for value in whole.leaves(dimension).filter_map(|member| dimension.attribute_of(member, name)) {
            if !met.contains(&value) {
                met.push(value);
            }
        }
        let place = |value: &&str| known.members.iter().position(|member| member.code == *value).unwrap_or(usize::MAX);
        met.sort_by_key(place);
        let title = |code: &str| known.members.iter().find(|member| member.code == code).map(|member| &member.title);
        let member = |value: &str| Member {
            code: value.to_owned(),
            key: value.to_owned(),
            title: title(value).map_or_else(|| Text::same(value), Text::clone),
            attributes: Vec::new(),
        };
        let members = met.into_iter().map(member).collect();
        Dimension {
            name: name.to_owned(),
            title: at.map_or_else(|| Text::same(name), |at| dimension.codes.attributes[at].title.clone()),
            codes: CodeList { scheme: known.scheme, attributes: Vec::new(), members },
        }
    }
}

impl Dimension {
    /// An attribute of a member, unless it is empty.
    pub fn attribute_of<'m>(&self, member: &'m Member, attribute: &str) -> Option<&'m str> {
        let at = self.codes.attributes.iter().position(|own| own.name == attribute)?;
        member.attributes.get(at).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// A dataset by other dimensions: its periods and the measures that add up, without a row.
pub(super) fn reduced(whole: &Dataset, dimensions: Vec<Dimension>) -> Dataset {
    let mut resource = whole.resource.clone();
    resource.parts.clear();
    resource.address.dimensions = dimensions.iter().map(|dimension| dimension.name.clone()).collect();
    let mut measures: Vec<Measure> = whole.measures.iter().filter(|measure| measure.kind.adds_up()).cloned().collect();
    for measure in &mut measures {
        (measure.share, measure.growth, measure.has_mark, measure.has_to) = (None, None, false, false);
    }
    Dataset {
        resource,
        dimensions,
        measures,
        attributes: Vec::new(),
        frame: DataFrame::empty(),
        periods: whole.periods.clone(),
        notes: whole.notes.iter().filter(|note| note.key.is_empty()).cloned().collect(),
        inferences: whole.inferences.clone(),
        needless: Vec::new(),
        used: None,
    }
}

/// Members that lack the attribute by which theirs are grouped.
pub(super) fn without<'a>(
    whole: &Dataset,
    axes: impl Iterator<Item = (&'a Axis<'a>, &'a HashSet<String>)>,
) -> Vec<Text> {
    let lacking = axes.flat_map(|(axis, out)| {
        let lacks =
            |member: &&Member| axis.by_list && !axis.values.contains_key(&*member.code) && !out.contains(&member.code);
        whole.leaves(axis.dimension).filter(lacks).map(|member| member.title.clone()).collect::<Vec<_>>()
    });
    lacking.collect()
}

/// A dimension of the dataset in its groups.
pub(super) struct Axis<'w> {
    pub(super) dimension: &'w Dimension,
    /// What its members are grouped by; nothing: it goes.
    pub(super) kept: Vec<Dimension>,
    /// Of each leaf member that is in a group, its values there, one of each that is kept.
    pub(super) values: HashMap<&'w str, Vec<&'w str>>,
    /// The members of a group by its values: all of the code list that have them where they are attributes, else those with a
    /// row.
    pub(super) members: HashMap<Vec<&'w str>, Vec<&'w Member>>,
    /// Whether they are attributes.
    pub(super) by_list: bool,
}

impl<'w> Axis<'w> {
    /// The dimension at a place, without the members that are left out.
    pub(super) fn new(package: &Package, whole: &'w Dataset, at: usize, by: &Breakdown, out: &HashSet<String>) -> Self {
        let dimension = &whole.dimensions[at];
        let kept = match by {
            Breakdown::Itself => vec![dimension.clone()],
            Breakdown::Attributes(names) => {
                names.iter().map(|name| package.attribute(whole, dimension, name)).collect()
            }
            Breakdown::Dropped => Vec::new(),
        };
        let values_of = |member: &'w Member| match by {
            Breakdown::Itself => Some(vec![&*member.code]),
            Breakdown::Attributes(names) => names.iter().map(|name| dimension.attribute_of(member, name)).collect(),
            Breakdown::Dropped => Some(Vec::new()),
        };
        let by_list = matches!(by, Breakdown::Attributes(_));
        let (used, mut values, mut members) = (whole.used(&dimension.name), HashMap::new(), HashMap::new());
        let leaf = |member: &&Member| !whole.resource.parts.contains_key(&member.code) && !out.contains(&member.code);
        for member in dimension.codes.members.iter().filter(leaf) {
            let Some(own) = values_of(member) else { continue };
            if by_list || used.contains(&*member.code) {
                members.entry(own.clone()).or_insert_with(Vec::new).push(member);
            }
            values.insert(&*member.code, own);
        }
        Axis { dimension, kept, values, members, by_list }
    }
}

/// What a group names of that which it lacks.
pub(super) const NAMED: usize = 20;

/// The members of a row, one of each dimension.
type Members<'w> = Vec<&'w str>;

fn members_of<'w>(whole: &'w Dataset, axes: &[Axis], row: usize) -> Members<'w> {
    axes.iter().filter_map(|axis| whole.text(&axis.dimension.name, row)).collect()
}

/// Which members stand together in any period, by group.
struct Nested<'w> {
    known: HashMap<Vec<&'w str>, Vec<Members<'w>>>,
}

impl<'w> Nested<'w> {
    fn new(whole: &'w Dataset, axes: &[Axis], keys: &[Vec<&'w str>], parts: &[Vec<usize>]) -> Self {
        let mut known: HashMap<Vec<&str>, Vec<Members>> = HashMap::new();
        let mut seen = HashSet::new();
        for (key, rows) in keys.iter().zip(parts) {
            let group = known.entry(key.clone()).or_default();
            for members in rows.iter().map(|row| members_of(whole, axes, *row)) {
                if seen.insert(members.clone()) {
                    group.push(members);
                }
            }
        }
        Nested { known }
    }

    /// What belongs to a group and has no row in a period.
    fn lacking(&self, whole: &Dataset, axes: &[Axis], key: &Vec<&str>, rows: &[usize]) -> Vec<Text> {
        let Some(group) = self.known.get(key).filter(|group| group.len() > rows.len()) else { return Vec::new() };
        let there: HashSet<Members> = rows.iter().map(|row| members_of(whole, axes, *row)).collect();
        let named = |members: &Members| {
            let told = members.iter().zip(axes).filter(|(_, axis)| axis.kept.is_empty());
            let title = |(code, axis): (&&str, &Axis)| {
                let member = axis.dimension.codes.members.iter().find(|member| member.code == **code);
                member.map(|member| member.title.en.clone())
            };
            Text::same(told.filter_map(title).collect::<Vec<_>>().join(" "))
        };
        group.iter().filter(|members| !there.contains(*members)).take(NAMED).map(named).collect()
    }
}

/// What belongs to a group and has no row: of the members with its values, each with each.
fn lacking(whole: &Dataset, axes: &[Axis], key: &[&str], rows: &[usize]) -> Vec<Text> {
    let mut values = key.iter().copied();
    let of = |axis: &Axis| values.by_ref().take(axis.kept.len()).collect();
    let values: Vec<Vec<&str>> = axes.iter().map(of).collect();
    let none = Vec::new();
    let members: Vec<&Vec<&Member>> =
        axes.iter().zip(values).map(|(axis, values)| axis.members.get(&values).unwrap_or(&none)).collect();
    let all: usize = members.iter().map(|members| members.len()).product();
    if all == rows.len() {
        return Vec::new();
    }
    let there: HashSet<Members> = rows.iter().map(|row| members_of(whole, axes, *row)).collect();
    let combination = |at: usize| {
        let mut rest = at;
        let mut pick = |members: &&Vec<&'_ Member>| {
            let place = rest % members.len();
            rest /= members.len();
            place
        };
        let places: Vec<usize> = members.iter().map(&mut pick).collect();
        members.iter().zip(places).map(|(members, place)| members[place]).collect::<Vec<&Member>>()
    };
    let lacks = |members: &Vec<&Member>| !there.contains(&members.iter().map(|m| &*m.code).collect::<Vec<_>>());
    let named = |members: Vec<&Member>| {
        // A member that the whole group has need not be said again.
        let told = members.into_iter().zip(axes).filter(|(_, axis)| axis.by_list || axis.kept.is_empty());
        let told: Vec<&Text> = told.map(|(member, _)| &member.title).collect();
        let join = |name: fn(&Text) -> &str| told.iter().map(|text| name(text)).collect::<Vec<_>>().join(" ");
        Text::new(join(|text| &text.zh), join(|text| &text.en))
    };
    (0..all).map(combination).filter(lacks).take(NAMED).map(named).collect()
}

/// The measure that counts records: whole things, all of them.
fn count(title: Text, unit: Unit) -> Measure {
    Measure {
        name: RECORDS.to_owned(),
        title,
        unit,
        unit_assumed: false,
        kind: Kind::Stock,
        whole: true,
        has_mark: false,
        has_to: false,
        share: None,
        growth: None,
    }
}

fn no_unit() -> Unit {
    Unit { code: String::new(), title: Text::default(), family: String::new(), power: 0 }
}
