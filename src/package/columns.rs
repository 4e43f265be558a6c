//! Tables of any size: keys as numbers, measures as floats, and no more than the question asks for.

use std::collections::HashSet;

use polars::prelude::{ChunkApply, Column, DataFrame, Float64Chunked, NamedFrom, Series};

use super::fault::{Fault, Faults};
use super::members::Members;
use super::model::{CodeList, Dataset, Dimension, Measure, Package, Resource};
use super::number::NumberFormat;
use super::plan::{Codes, Plan};
use super::when::{self, PeriodFormat};
use super::{Period, blocks};
use crate::text::Text;

/// A dataset as columns of numbers. All columns have one entry a row.
#[derive(Debug)]
pub struct Columns {
    /// What the descriptor says.
    pub resource: Resource,
    /// Dimensions with their members.
    pub dimensions: Vec<Dimension>,
    /// The measures that were asked for.
    pub measures: Vec<Measure>,
    /// The periods that rows have, in order.
    pub periods: Vec<Period>,
    /// Period of each row, an index of `periods`.
    pub period: Vec<u32>,
    /// Of each dimension the member of each row, an index of its members.
    pub members: Vec<Vec<u32>>,
    /// Of each measure its values; null where there is none.
    pub values: Vec<Float64Chunked>,
    /// What was inferred from the table, where the descriptor does not say it.
    pub inferences: Vec<Text>,
}

/// Bytes of a table from which on it is read as columns.
const LARGE: u64 = 4 << 20;

/// A part of a table: keys are indices of what the part itself names.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) periods: Names,
    pub(super) period: Vec<u32>,
    pub(super) dimensions: Vec<Names>,
    pub(super) members: Vec<Vec<u32>>,
    /// NaN where there is none.
    pub(super) values: Vec<Vec<f64>>,
}

/// Texts in the order of their first appearance, each with the name that stands beside it.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) list: Vec<(String, String)>,
    numbers: std::collections::HashMap<String, u32>,
    last: usize,
}

impl Names {
    /// The number of a text. Rows come in order more often than not: the text of the row before, the one that followed it
    /// then, and the first are tried before the map.
    pub(super) fn number(&mut self, text: &str, name: &str) -> u32 {
        for at in [self.last, self.last + 1, 0] {
            if self.list.get(at).is_some_and(|(known, _)| known == text && !text.is_empty()) {
                self.last = at;
                return at as u32;
            }
        }
        // Without a code the name tells one from another.
        let key = if text.is_empty() { format!("\u{0}{name}") } else { text.to_owned() };
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.list.push((text.to_owned(), name.to_owned()));
        }
        self.last = number as usize;
        number
    }
}

impl Names {
    /// The number of a period: a text, or a year and its month.
    pub(super) fn period(&mut self, text: &str, part: &str) -> u32 {
        if part.is_empty() {
            return self.number(text, "");
        }
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(format!("{text}\u{1}{part}")).or_insert(next);
        if number == next {
            self.list.push((text.to_owned(), part.to_owned()));
        }
        number
    }
}

impl Package {
    /// Whether a dataset's table is so large that [`Package::columns`] is the way to read it.
    pub fn is_large(&self, resource: &Resource) -> bool {
        let Ok(index) = self.index_of(resource) else { return false };
        let paths = self.declared[index].path.as_ref().map_or(&[][..], |path| path.as_slice());
        let bytes = |path: &String| self.store.size(path).unwrap_or(0) * if path.ends_with(".gz") { 4 } else { 1 };
        paths.iter().any(|path| is_parquet(path)) || paths.iter().map(bytes).sum::<u64>() > LARGE
    }

    /// Reads a dataset as columns, and of its measures only those named (all if none is). Marks, ranges and printed rates
    /// are not among them: a table that has them is small, and read by [`Package::dataset`].
    ///
    /// # Errors
    /// All that is wrong with it, with places.
    pub fn columns(&self, resource: &Resource, wanted: &[&str]) -> Result<Columns, Faults> {
        let index = self.sound_index(resource)?;
        let mut faults = Faults::new();
        let Some(mut plan) = self.plan(index, resource, &mut faults)? else { return Err(faults) };
        if faults.iter().any(Fault::is_error) {
            return Err(faults);
        }
        plan.keep_measures(wanted);
        let paths = self.declared[index].path.as_ref().map_or(&[][..], |path| path.as_slice());
        let pieces = if paths.iter().any(|path| is_parquet(path)) {
            self.parquet_pieces(index, &plan, paths)?
        } else if self.streams(index, &plan) {
            blocks::pieces(self, index, &plan, paths)?
        } else {
            return Ok(Columns::of_dataset(self.dataset(resource)?, wanted));
        };
        self.join(index, resource, &plan, pieces).map_err(|faults| self.with_places(resource, faults))
    }

    /// Faults of keys are found when the pieces meet, without their lines. Reading cell by cell finds these, at a price.
    fn with_places(&self, resource: &Resource, faults: Faults) -> Faults {
        const MOST: u64 = 256 << 20;
        let Ok(index) = self.index_of(resource) else { return faults };
        let paths = self.declared[index].path.as_ref().map_or(&[][..], |path| path.as_slice());
        let bytes: u64 = paths.iter().filter_map(|path| self.store.size(path)).sum();
        let slow = || self.dataset(resource).err().filter(|found| !found.is_empty());
        if bytes > MOST || self.is_columnar(index) { faults } else { slow().unwrap_or(faults) }
    }

    /// Whether blocks of the table's files can be read one by one.
    fn streams(&self, index: usize, plan: &Plan) -> bool {
        let declared = &self.declared[index];
        let plain =
            |label: &str| ["utf-8", "utf8", "ascii", "us-ascii"].contains(&label.trim().to_ascii_lowercase().as_str());
        let simple = plan.numbers.iter().all(|number| number.mark.is_none() && number.to.is_none());
        let dialect =
            self.dialect(index, declared).is_ok_and(|dialect| dialect.comment.is_none() && !dialect.skip_initial_space);
        let on_disk = declared.data.is_none() && self.unsupported(index, declared).is_none();
        declared.encoding.as_deref().is_none_or(plain) && simple && dialect && on_disk && self.store.is_folder()
    }

    fn join(&self, index: usize, resource: &Resource, plan: &Plan, pieces: Vec<Piece>) -> Result<Columns, Faults> {
        let mut faults = Faults::new();
        let mut lists = plan
            .dimensions
            .iter()
            .map(|dimension| match dimension.codes {
                Codes::Listed => Ok(Members::listed(self.list(&dimension.name)?)),
                Codes::InTable { .. } => Ok(Members::from_table(&dimension.name)),
            })
            .collect::<Result<Vec<_>, Faults>>()?;
        let rows = pieces.iter().map(|piece| piece.period.len()).sum();
        let label = self.table_label(index);
        let mut periods = Names::default();
        let mut period: Vec<u32> = Vec::with_capacity(rows);
        let mut members: Vec<Vec<u32>> = vec![Vec::with_capacity(rows); plan.dimensions.len()];
        let mut values: Vec<Vec<f64>> = vec![Vec::with_capacity(rows); plan.numbers.len()];
        for piece in pieces {
            let global: Vec<u32> = piece.periods.list.iter().map(|(text, part)| periods.period(text, part)).collect();
            period.extend(piece.period.iter().map(|number| global[*number as usize]));
            for (at, (names, column)) in piece.dimensions.iter().zip(&piece.members).enumerate() {
                let dimension = &plan.dimensions[at].name;
                let mut global = Vec::with_capacity(names.list.len());
                for (text, name) in &names.list {
                    global.push(lists[at].number(text, name).unwrap_or_else(|_| {
                        let (zh, en) = (
                            format!("代码表 {dimension} 里没有“{text}”"),
                            format!("the code list '{dimension}' has no member '{text}'"),
                        );
                        faults.push(Fault::new(label.clone(), "unknown-member", zh, en));
                        0
                    }));
                }
                members[at].extend(column.iter().map(|number| global[*number as usize]));
            }
            for (all, column) in values.iter_mut().zip(piece.values) {
                all.extend(column);
            }
        }
        let (periods, mut inferences) = self.sorted_periods(&label, plan, periods, &mut period, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let sizes: Vec<usize> = lists.iter().map(Members::len).collect();
        if let Some(row) = repeated(&period, periods.len(), &members, &sizes) {
            let key: Vec<String> =
                members.iter().zip(&lists).map(|(column, list)| list.code(column[row]).to_owned()).collect();
            let at = format!("{} {}", periods[period[row] as usize], key.join(" "));
            let (zh, en) = (
                format!("第 {} 个观测({at})出现过", row + 1),
                format!("observation {} ({}) is there twice", row + 1, at.trim_end()),
            );
            let fault = Fault::new(label, "duplicate-observation", zh, en);
            return Err(vec![
                fault.write("删去一行,或加上区分它们的维度", "remove one, or add the dimension that tells them apart"),
            ]);
        }
        let dimension = |(dimension, list): (&super::plan::PlanDimension, Members<'_>)| Dimension {
            name: dimension.name.clone(),
            title: dimension.title.clone(),
            codes: list.into_list(),
        };
        inferences.splice(0..0, plan.inferences.iter().cloned());
        Ok(Columns {
            resource: resource.clone(),
            dimensions: plan.dimensions.iter().zip(lists).map(dimension).collect(),
            measures: plan.measures.clone(),
            periods,
            period,
            members,
            values: plan.numbers.iter().zip(values).map(|(number, values)| nullable(&number.name, values)).collect(),
            inferences,
        })
    }

    /// The periods in order, and each row's number in that order.
    fn sorted_periods(
        &self,
        label: &str,
        plan: &Plan,
        names: Names,
        period: &mut [u32],
        faults: &mut Faults,
    ) -> (Vec<Period>, Vec<Text>) {
        let mut read = Vec::with_capacity(names.list.len());
        for (text, part) in &names.list {
            let whole = plan.period.1.read(text);
            let joined = match &plan.period_part {
                Some((_, PeriodFormat::Part(granularity))) => {
                    whole.and_then(|year| when::join(&year, *granularity, part))
                }
                _ => whole,
            };
            match joined {
                Some(period) => read.push(period),
                None => {
                    let shown: String = format!("{text} {part}").trim().chars().take(40).collect();
                    let (zh, en) = (format!("“{shown}”不是时期"), format!("'{shown}' is not a period"));
                    faults.push(Fault::new(label, "bad-period", zh, en));
                }
            }
        }
        if !faults.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let coarse = matches!(plan.period.1, PeriodFormat::Free | PeriodFormat::Pattern(_));
        let said = coarse.then(|| when::coarsen(&mut read)).flatten();
        let mut sorted = read.clone();
        sorted.sort();
        sorted.dedup();
        let place = |period: &Period| sorted.binary_search(period).map_or(0, |at| at as u32);
        let order: Vec<u32> = read.iter().map(place).collect();
        period.iter_mut().for_each(|number| *number = order[*number as usize]);
        (sorted, said.into_iter().collect())
    }

    fn table_label(&self, index: usize) -> String {
        let path = self.declared[index].path.as_ref().and_then(|path| path.as_slice().first());
        path.map_or_else(|| self.descriptor.label.clone(), |path| self.store.label(path))
    }
}

pub(super) fn is_parquet(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".parquet")
}

/// The first row whose key an earlier row has.
fn repeated(period: &[u32], periods: usize, members: &[Vec<u32>], sizes: &[usize]) -> Option<usize> {
    let cells = sizes.iter().try_fold(periods as u128, |cells, size| cells.checked_mul(*size as u128))?;
    let key = |row: usize| {
        let columns = members.iter().zip(sizes);
        columns.fold(u128::from(period[row]), |key, (column, size)| key * *size as u128 + u128::from(column[row]))
    };
    if cells <= 16 * period.len() as u128 + 1024 {
        let mut seen = vec![0u64; usize::try_from(cells).unwrap_or(0) / 64 + 1];
        return (0..period.len()).find(|row| {
            let key = usize::try_from(key(*row)).unwrap_or(0);
            let bit = 1u64 << (key % 64);
            let known = seen[key / 64] & bit != 0;
            seen[key / 64] |= bit;
            known
        });
    }
    let mut seen = HashSet::with_capacity(period.len());
    (0..period.len()).find(|row| !seen.insert(key(*row)))
}

fn nullable(name: &str, values: Vec<f64>) -> Float64Chunked {
    let gaps = values.iter().any(|value| value.is_nan());
    let column = Float64Chunked::from_vec(name.into(), values);
    if gaps { column.apply(|value| value.filter(|value| !value.is_nan())) } else { column }
}

impl Plan {
    /// Only these measures, all if there are none; their printed rates go with them.
    fn keep_measures(&mut self, wanted: &[&str]) {
        let keep = |name: &str| wanted.is_empty() || wanted.contains(&name);
        self.measures.retain(|measure| keep(&measure.name));
        let measures: HashSet<&str> = self.measures.iter().map(|measure| measure.name.as_str()).collect();
        self.numbers.retain(|number| measures.contains(number.name.as_str()));
        let order = |name: &str| self.measures.iter().position(|measure| measure.name == name);
        self.numbers.sort_by_key(|number| order(&number.name));
    }
}

impl Columns {
    /// The columns of a dataset that has been read.
    pub(super) fn of_dataset(dataset: Dataset, wanted: &[&str]) -> Columns {
        let rows = dataset.periods.len();
        let mut periods = dataset.periods.clone();
        periods.sort();
        periods.dedup();
        let period =
            dataset.periods.iter().map(|period| periods.binary_search(period).map_or(0, |at| at as u32)).collect();
        let members = dataset.dimensions.iter().map(|dimension| {
            let numbers: std::collections::HashMap<&str, u32> = dimension
                .codes
                .members
                .iter()
                .zip(0..)
                .map(|(member, number)| (member.code.as_str(), number))
                .collect();
            (0..rows)
                .map(|row| dataset.text(&dimension.name, row).and_then(|code| numbers.get(code).copied()).unwrap_or(0))
                .collect()
        });
        let members = members.collect();
        let measures: Vec<Measure> = dataset
            .measures
            .iter()
            .filter(|measure| wanted.is_empty() || wanted.contains(&measure.name.as_str()))
            .cloned()
            .collect();
        let values = measures.iter().map(|measure| {
            let column = dataset.frame.column(&measure.name).ok().and_then(|column| column.f64().ok().cloned());
            column.unwrap_or_else(|| Float64Chunked::from_vec(measure.name.as_str().into(), Vec::new()))
        });
        let values = values.collect();
        let Dataset { resource, dimensions, inferences, .. } = dataset;
        Columns { resource, dimensions, measures, periods, period, members, values, inferences }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.period.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.period.is_empty()
    }

    /// The same as a frame with texts for keys, for questions that look at single cells.
    pub fn into_dataset(self) -> Result<Dataset, Faults> {
        let code = |list: &CodeList, number: u32| list.members.get(number as usize).map(|member| member.code.clone());
        let rows = self.len();
        let periods: Vec<Period> = self.period.iter().map(|number| self.periods[*number as usize].clone()).collect();
        let mut columns: Vec<Column> =
            vec![Series::new("period".into(), periods.iter().map(Period::as_str).collect::<Vec<_>>()).into()];
        for (dimension, members) in self.dimensions.iter().zip(&self.members) {
            let codes: Vec<Option<String>> = members.iter().map(|number| code(&dimension.codes, *number)).collect();
            columns.push(Series::new(dimension.name.as_str().into(), codes).into());
        }
        columns.extend(self.values.into_iter().map(|column| {
            use polars::prelude::IntoColumn;
            column.into_column()
        }));
        let frame = DataFrame::new(rows, columns).map_err(|error| {
            vec![Fault::new(
                "",
                "columns",
                format!("列不能成表:{error}"),
                format!("the columns make no table: {error}"),
            )]
        })?;
        let (resource, dimensions, measures, inferences) =
            (self.resource, self.dimensions, self.measures, self.inferences);
        Ok(Dataset {
            resource,
            dimensions,
            measures,
            attributes: Vec::new(),
            frame,
            periods,
            notes: Vec::new(),
            inferences,
        })
    }
}

/// A number as the nearest float; NaN for a text that is none.
pub(super) fn float(format: &NumberFormat, text: &str) -> Option<f64> {
    if let Some(value) = short_float(text).filter(|_| format.is_plain_point()) {
        return Some(value);
    }
    format.read(text).ok().and_then(|number| number.digits.parse().ok())
}

/// Up to fifteen digits with a point: both the digits and the power of ten are exact, so one division rounds once.
fn short_float(text: &str) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut number, mut count, mut decimals) = (0u64, 0, None);
    for byte in digits.bytes() {
        match (byte, decimals) {
            (b'0'..=b'9', _) => {
                number = number * 10 + u64::from(byte - b'0');
                count += 1;
                decimals = decimals.map(|places: usize| places + 1);
            }
            (b'.', None) if count > 0 => decimals = Some(0),
            _ => return None,
        }
    }
    if count == 0 || count > 15 || decimals == Some(0) {
        return None;
    }
    let value = number as f64 / POWERS[decimals.unwrap_or(0)];
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_numbered_by_first_appearance() {
        let mut names = Names::default();
        let numbers: Vec<u32> =
            ["a", "b", "a", "b", "c", "", "a", ""].iter().map(|text| names.number(text, "")).collect();
        assert_eq!(numbers, [0, 1, 0, 1, 2, 3, 0, 3]);
        assert_ne!(names.number("", "x"), names.number("", "y"));
    }

    #[test]
    fn repeated_keys() {
        let members = vec![vec![0, 0, 1, 0]];
        assert_eq!(repeated(&[0, 1, 0, 1], 2, &members, &[2]), Some(3));
        assert_eq!(repeated(&[0, 1, 0, 2], 3, &members, &[2]), None);
        assert_eq!(repeated(&[0, 1, 0, 1], 2, &members, &[100_000_000]), Some(3));
        assert_eq!(repeated(&[], 0, &[], &[]), None);
    }

    proptest! {
        #[test]
        fn short_numbers_are_the_nearest_floats(text in "-?[0-9]{0,16}(\\.[0-9]{0,16})?") {
            if let Some(value) = short_float(&text) {
                prop_assert_eq!(value, text.parse::<f64>().unwrap());
            }
        }
    }
}
