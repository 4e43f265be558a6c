//! A dataset with dimensions replaced by attributes of their members: frameworks by origin, provinces by region.

use std::collections::HashMap;

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::{Attribute, CodeList, Dataset, Dimension, Member, Package};
use crate::text::Text;

/// A dataset whose rows add up those of another. It has that one's measures, without a number.
#[derive(Debug)]
pub struct Grouped {
    /// Keys, titles and measures.
    pub dataset: Dataset,
    /// Of each row the rows that it adds up: of leaf members, never of subtotals.
    pub parts: Vec<Vec<usize>>,
    /// Of each row the members of the code list that belong to it and have no row: their numbers are not known.
    pub lacking: Vec<Vec<Text>>,
    /// Members that lack an attribute, and so are in no row.
    pub without: Vec<Text>,
}

impl Package {
    /// What members of a dimension can be grouped by: the further columns of its code list; none if that list is broken.
    pub fn attributes(&self, dimension: &str) -> &[Attribute] {
        self.list(dimension).ok().flatten().map_or(&[], |list| &list.attributes)
    }

    /// Groups the rows of a dataset: `by` says of each of its dimensions by which attribute of its members, if by any.
    /// Values that are codes of a list named like the attribute have its titles and its order.
    pub fn grouped<'w>(&self, whole: &'w Dataset, by: &[Option<String>]) -> Grouped {
        let grouped = || whole.dimensions.iter().zip(by);
        let dimensions: Vec<Dimension> = grouped()
            .map(|(dimension, by)| match by {
                Some(attribute) => self.attribute(whole, dimension, attribute),
                None => dimension.clone(),
            })
            .collect();
        let values: Vec<HashMap<&str, &str>> = grouped()
            .map(|(dimension, by)| {
                let pair = |member: &'w Member| {
                    let own = by.as_ref().map_or(Some(&*member.code), |by| dimension.attribute_of(member, by));
                    own.map(|own| (&*member.code, own))
                };
                dimension.codes.members.iter().filter_map(pair).collect()
            })
            .collect();
        let without = grouped()
            .filter_map(|(dimension, by)| Some((dimension, by.as_ref()?)))
            .flat_map(|(dimension, by)| {
                leaves(whole, dimension).filter(move |m| dimension.attribute_of(m, by).is_none())
            })
            .map(|member| member.title.clone())
            .collect();
        let group = |row: usize, at: usize| {
            let code = whole.text(&whole.dimensions[at].name, row)?;
            values[at].get(code).copied().filter(|_| !whole.resource.parts.contains_key(code))
        };
        let mut rows: HashMap<(&str, Vec<&str>), usize> = HashMap::new();
        let (mut keys, mut parts): (Vec<Vec<&str>>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        let mut periods = Vec::new();
        for (row, period) in whole.periods.iter().enumerate() {
            let key = (0..dimensions.len()).map(|at| group(row, at)).collect::<Option<Vec<&str>>>();
            let Some(key) = key else { continue };
            let at = *rows.entry((period.as_str(), key.clone())).or_insert_with(|| {
                keys.push(key);
                parts.push(Vec::new());
                periods.push(period.clone());
                keys.len() - 1
            });
            parts[at].push(row);
        }
        // A key of several dimensions need not have every member: a document has one issuer.
        let alone = whole.dimensions.first().filter(|_| whole.dimensions.len() == 1);
        let lacking = keys.iter().zip(&parts).map(|(key, rows)| {
            let Some(dimension) = alone else { return Vec::new() };
            let there: Vec<&str> = rows.iter().filter_map(|row| whole.text(&dimension.name, *row)).collect();
            let belongs = |member: &&Member| {
                values[0].get(&*member.code) == key.first() && !whole.resource.parts.contains_key(&member.code)
            };
            let lacks = dimension.codes.members.iter().filter(belongs).filter(|member| !there.contains(&&*member.code));
            lacks.map(|member| member.title.clone()).collect()
        });
        let lacking = lacking.collect();
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
        let mut resource = whole.resource.clone();
        resource.parts.clear();
        resource.address.dimensions = dimensions.iter().map(|dimension| dimension.name.clone()).collect();
        let mut measures = whole.measures.clone();
        for measure in &mut measures {
            (measure.share, measure.growth, measure.has_mark, measure.has_to) = (None, None, false, false);
        }
        let dataset = Dataset {
            resource,
            dimensions,
            measures,
            attributes: Vec::new(),
            frame: DataFrame::new(periods.len(), columns).unwrap_or_default(),
            periods,
            notes: whole.notes.iter().filter(|note| note.key.is_empty()).cloned().collect(),
            inferences: whole.inferences.clone(),
            used: None,
        };
        Grouped { dataset, parts, lacking, without }
    }

    /// The values of an attribute of the members that have a row, as a dimension.
    pub fn attribute(&self, whole: &Dataset, dimension: &Dimension, name: &str) -> Dimension {
        let at = dimension.codes.attributes.iter().position(|own| own.name == name);
        let known = self.code_list(name).unwrap_or_default();
        let mut met: Vec<&str> = Vec::new();
        for value in leaves(whole, dimension).filter_map(|member| dimension.attribute_of(member, name)) {
            if !met.contains(&value) {
                met.push(value);
            }
        }
        let place = |value: &&str| known.members.iter().position(|member| member.code == *value).unwrap_or(usize::MAX);
        met.sort_by_key(place);
        let title = |code: &str| known.members.iter().find(|member| member.code == code).map(|member| &member.title);
        let member = |value: &str| Member {
            code: value.to_owned(),
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

/// The members that have a row and add nothing up.
fn leaves<'d>(whole: &'d Dataset, dimension: &'d Dimension) -> impl Iterator<Item = &'d Member> {
    let used = whole.used(&dimension.name);
    let leaf = move |member: &&Member| used.contains(&*member.code) && !whole.resource.parts.contains_key(&member.code);
    dimension.codes.members.iter().filter(leaf)
}
