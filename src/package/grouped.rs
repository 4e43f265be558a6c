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
    pub fn grouped(&self, whole: &Dataset, by: &[Option<String>]) -> Grouped {
        let mut without = Vec::new();
        let (dimensions, values): (Vec<Dimension>, Vec<HashMap<&str, &str>>) = whole
            .dimensions
            .iter()
            .zip(by)
            .map(|(dimension, by)| match by {
                Some(attribute) => self.values(whole, dimension, attribute, &mut without),
                None => (dimension.clone(), dimension.codes.members.iter().map(|m| (&*m.code, &*m.code)).collect()),
            })
            .unzip();
        let value = |row: usize, at: usize| {
            let code = whole.text(&whole.dimensions[at].name, row)?;
            values[at].get(code).copied().filter(|_| !whole.resource.parts.contains_key(code))
        };
        let mut rows: HashMap<(&str, Vec<&str>), usize> = HashMap::new();
        let (mut keys, mut parts): (Vec<Vec<&str>>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        let mut periods = Vec::new();
        for (row, period) in whole.periods.iter().enumerate() {
            let key = (0..dimensions.len()).map(|at| value(row, at)).collect::<Option<Vec<&str>>>();
            let Some(key) = key else { continue };
            let at = *rows.entry((period.as_str(), key.clone())).or_insert_with(|| {
                keys.push(key);
                parts.push(Vec::new());
                periods.push(period.clone());
                keys.len() - 1
            });
            parts[at].push(row);
        }
        let text = |name: &str, cells: Vec<Option<String>>| Column::from(Series::new(name.into(), cells));
        let mut columns = vec![text("period", periods.iter().map(|period| Some(period.to_string())).collect())];
        for (at, dimension) in dimensions.iter().enumerate() {
            columns.push(text(&dimension.name, keys.iter().map(|key| Some(key[at].to_owned())).collect()));
        }
        for name in ["exhibit", "section"].into_iter().filter(|name| whole.has_column(name)) {
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
        Grouped { dataset, parts, without }
    }

    /// The values of an attribute as a dimension, and the value of each member that has a row.
    fn values<'d>(
        &self,
        whole: &Dataset,
        dimension: &'d Dimension,
        attribute: &str,
        without: &mut Vec<Text>,
    ) -> (Dimension, HashMap<&'d str, &'d str>) {
        let list = &dimension.codes;
        let at = list.attributes.iter().position(|own| own.name == attribute);
        let value = |member: &'d Member| at.and_then(|at| member.attributes.get(at)).map_or("", String::as_str);
        let used = whole.used(&dimension.name);
        let members = list
            .members
            .iter()
            .filter(|member| used.contains(&*member.code) && !whole.resource.parts.contains_key(&member.code));
        let known = self.code_list(attribute).unwrap_or_default();
        let (mut values, mut met) = (HashMap::new(), Vec::<&str>::new());
        for member in members {
            let value = value(member);
            if value.is_empty() {
                without.push(member.title.clone());
                continue;
            }
            values.insert(&*member.code, value);
            if !met.contains(&value) {
                met.push(value);
            }
        }
        let place = |value: &&str| known.members.iter().position(|member| member.code == *value).unwrap_or(usize::MAX);
        met.sort_by_key(place);
        let member = |value: &str| Member {
            code: value.to_owned(),
            title: known
                .members
                .iter()
                .find(|m| m.code == value)
                .map_or_else(|| Text::same(value), |m| m.title.clone()),
            attributes: Vec::new(),
        };
        let members = met.into_iter().map(member).collect();
        let title = at.map_or_else(|| Text::same(attribute), |at| list.attributes[at].title.clone());
        let codes = CodeList { scheme: known.scheme, attributes: Vec::new(), members };
        (Dimension { name: attribute.to_owned(), title, codes }, values)
    }
}
