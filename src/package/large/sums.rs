//! Rows of a large table added up, by attributes of their members or without some of its dimensions: what
//! [`Package::grouped`] does with cells.

use std::collections::{HashMap, HashSet};

use super::decimals::Decimals;
use super::{LargeColumns, LargeTable};
use crate::package::grouped::{Axis, Breakdown, LeftOut, NAMED, reduced, without};
use crate::package::{Dataset, Package};
use crate::text::Text;
use crate::work::{each, in_parts};

/// A large table whose rows add up those of another.
#[derive(Debug)]
pub struct LargeSums {
    /// Its rows; sums of what has no number, or lacks a member, have none.
    pub table: LargeTable,
    /// What belongs to some sum and has no row; some of it, where it is much.
    pub lacking: Vec<Text>,
    /// Members that lack an attribute, and so are in no row.
    pub without: Vec<Text>,
}

/// In no group.
const NONE: u32 = u32::MAX;

/// Places of a grid that are kept for a row.
const SPARSE: u64 = 4;

/// What becomes of a dimension.
struct Group<'w> {
    axis: Axis<'w>,
    /// Of each member its place among the groups.
    of: Vec<u32>,
    /// Of each group its place among the members of each dimension that is kept, in the order of these.
    places: Vec<Vec<u32>>,
    /// How many groups there are.
    size: u64,
    /// How many members there are.
    members: u64,
}

impl<'w> Group<'w> {
    fn new(package: &Package, whole: &'w Dataset, at: usize, by: &Breakdown, out: &HashSet<String>) -> Self {
        let axis = Axis::new(package, whole, at, by, out);
        let known: Vec<HashMap<&str, u32>> = axis
            .kept
            .iter()
            .map(|kept| kept.codes.members.iter().map(|member| member.code.as_str()).zip(0..).collect())
            .collect();
        let places_of = |code: &str| -> Option<Vec<u32>> {
            axis.values.get(code)?.iter().zip(&known).map(|(value, known)| known.get(value).copied()).collect()
        };
        let own: Vec<Option<Vec<u32>>> =
            axis.dimension.codes.members.iter().map(|member| places_of(&member.code)).collect();
        let mut places: Vec<Vec<u32>> = own.iter().flatten().cloned().collect();
        places.sort_unstable();
        places.dedup();
        let group = |own: &Option<Vec<u32>>| places.binary_search(own.as_ref()?).ok().map(|group| group as u32);
        let of = own.iter().map(|own| group(own).unwrap_or(NONE)).collect();
        let size = places.len().max(1) as u64;
        Group { of, places, size, members: axis.dimension.codes.members.len().max(1) as u64, axis }
    }

    /// The members of a group.
    fn members_of(&self, group: u32) -> Vec<u32> {
        let places = self.places.get(group as usize).map_or(&[][..], Vec::as_slice);
        let kept = self.axis.kept.iter().zip(places);
        let values: Vec<&str> = kept.map(|(kept, place)| kept.codes.members[*place as usize].code.as_str()).collect();
        let codes: HashSet<&str> =
            self.axis.members.get(&values).into_iter().flatten().map(|member| member.code.as_str()).collect();
        let all = self.axis.dimension.codes.members.iter().zip(0..);
        all.filter(|(member, _)| codes.contains(member.code.as_str())).map(|(_, place)| place).collect()
    }
}

/// The groups of a table's rows.
struct Groups<'w> {
    axes: Vec<Group<'w>>,
    /// Of each row the place of its sum, if it is in any.
    slots: Vec<u32>,
    /// Of each sum its period and groups as one number, in their order.
    keys: Vec<u64>,
    /// How many groups there are in a period.
    width: u64,
}

impl<'w> Groups<'w> {
    fn new(axes: Vec<Group<'w>>, table: &LargeColumns, periods: usize) -> Option<Self> {
        let width = axes.iter().try_fold(1u64, |all, axis| all.checked_mul(axis.size))?;
        let all = width.checked_mul(periods.max(1) as u64)?;
        let key = |row: usize| {
            let group = |(axis, codes): (&Group, &Vec<u32>)| axis.of.get(codes[row] as usize).copied();
            let mut groups = axes.iter().zip(&table.members).map(group).zip(&axes);
            groups.try_fold(u64::from(table.period[row]), |key, (group, axis)| {
                group.filter(|group| *group != NONE).map(|group| key * axis.size + u64::from(group))
            })
        };
        let (slots, keys) = if all <= (SPARSE * table.rows as u64 + 64).min(u64::from(NONE)) {
            let mut slots: Vec<u32> = in_parts(table.rows, |row| key(row).map_or(NONE, |key| key as u32));
            let mut grid = vec![NONE; all as usize];
            slots.iter().filter(|key| **key != NONE).for_each(|key| grid[*key as usize] = 0);
            let keys: Vec<u64> = (0..all).filter(|key| grid[*key as usize] != NONE).collect();
            keys.iter().zip(0..).for_each(|(key, slot)| grid[*key as usize] = slot);
            slots.iter_mut().filter(|key| **key != NONE).for_each(|key| *key = grid[*key as usize]);
            (slots, keys)
        } else {
            let rows: Vec<u64> = in_parts(table.rows, |row| key(row).unwrap_or(u64::MAX));
            let mut keys: Vec<u64> = rows.iter().copied().filter(|key| *key != u64::MAX).collect();
            keys.sort_unstable();
            keys.dedup();
            let slot = |key: &u64| keys.binary_search(key).map_or(NONE, |slot| slot as u32);
            (rows.iter().map(slot).collect(), keys)
        };
        Some(Groups { axes, slots, keys, width })
    }

    /// The groups of a sum.
    fn groups(&self, slot: usize) -> Vec<u32> {
        let mut rest = self.keys[slot] % self.width;
        let mut groups: Vec<u32> = self.axes.iter().rev().map(|axis| take(&mut rest, axis.size)).collect();
        groups.reverse();
        groups
    }

    /// The members of a row as one number.
    fn series(&self, table: &LargeColumns, row: usize) -> u64 {
        let members = self.axes.iter().zip(&table.members);
        members.fold(0u64, |key, (axis, codes)| key.wrapping_mul(axis.members).wrapping_add(u64::from(codes[row])))
    }

    /// What belongs to each sum, with how many rows that takes; `nested`: what stands together in any period, else each member
    /// of its groups with each.
    fn needed(&self, table: &LargeColumns, nested: bool) -> Needed {
        if !nested {
            let mut known: HashMap<u64, usize> = HashMap::new();
            let mut count = |slot: usize| {
                *known.entry(self.keys[slot] % self.width).or_insert_with(|| {
                    let sizes = self.groups(slot).into_iter().zip(&self.axes);
                    sizes.map(|(group, axis)| axis.members_of(group).len()).product()
                })
            };
            return Needed { rows: (0..self.keys.len()).map(&mut count).collect(), series: None };
        }
        let mut series: HashMap<u64, Vec<u64>> = HashMap::new();
        let mut seen = HashSet::new();
        let all = self.axes.iter().try_fold(1u64, |all, axis| all.checked_mul(axis.members));
        let mut grid = vec![false; all.filter(|all| *all <= SPARSE * table.rows as u64 + 64).unwrap_or(0) as usize];
        for row in (0..table.rows).filter(|&row| self.slots[row] != NONE) {
            let own = self.series(table, row);
            let new = match grid.get_mut(own as usize) {
                Some(met) => !std::mem::replace(met, true),
                None => seen.insert(own),
            };
            if new {
                series.entry(self.keys[self.slots[row] as usize] % self.width).or_default().push(own);
            }
        }
        series.values_mut().for_each(|series| series.sort_unstable());
        let rows = self.keys.iter().map(|key| series.get(&(key % self.width)).map_or(0, Vec::len)).collect();
        Needed { rows, series: Some(series) }
    }

    /// What a sum lacks, by name.
    fn lacking(&self, table: &LargeColumns, slot: usize, needed: &Needed) -> Vec<Text> {
        let there: HashSet<u64> = (0..table.rows)
            .filter(|&row| self.slots[row] as usize == slot)
            .map(|row| self.series(table, row))
            .collect();
        let all = match &needed.series {
            Some(series) => series.get(&(self.keys[slot] % self.width)).cloned().unwrap_or_default(),
            None => {
                let members = self.groups(slot).into_iter().zip(&self.axes);
                members.fold(vec![0u64], |all, (group, axis)| {
                    let members = axis.members_of(group);
                    let next = |key: &u64| members.iter().map(|code| key * axis.members + u64::from(*code)).collect();
                    all.iter().flat_map(|key: &u64| -> Vec<u64> { next(key) }).collect()
                })
            }
        };
        let absent = all.into_iter().filter(|series| !there.contains(series)).take(NAMED);
        absent.map(|series| self.name(series, needed.series.is_some())).collect()
    }

    /// The members of a series, without those that a whole group has.
    fn name(&self, mut series: u64, nested: bool) -> Text {
        let mut named: Vec<&Text> = Vec::new();
        for axis in self.axes.iter().rev() {
            let member = take(&mut series, axis.members);
            let told = axis.axis.kept.is_empty() || axis.axis.by_list && !nested;
            let title = axis.axis.dimension.codes.members.get(member as usize).map(|member| &member.title);
            named.extend(title.filter(|_| told));
        }
        let join = |name: fn(&Text) -> &str| named.iter().rev().map(|text| name(text)).collect::<Vec<_>>().join(" ");
        Text::new(join(|text| &text.zh), join(|text| &text.en))
    }
}

/// What belongs to sums.
struct Needed {
    /// Of each sum how many rows there would be.
    rows: Vec<usize>,
    /// Of each group its series, where they are what belongs to it.
    series: Option<HashMap<u64, Vec<u64>>>,
}

/// The last digit of a number of mixed base.
fn take(rest: &mut u64, base: u64) -> u32 {
    let digit = *rest % base;
    *rest /= base;
    digit as u32
}

impl LargeTable {
    /// Adds rows up, by what becomes of each dimension, without those of members that are left out. `None` where the exact path has to: a sum has more digits than a float
    /// holds, or records are counted.
    pub fn summed(&self, package: &Package, by: &[Breakdown], out: &LeftOut) -> Option<LargeSums> {
        let whole = &self.dataset;
        let axes = (0..by.len()).map(|at| Group::new(package, whole, at, &by[at], &out[at])).collect();
        let table = &self.columns;
        let groups = Groups::new(axes, table, whole.periods.len()).filter(|_| whole.resource.records.is_none())?;
        let mut counts = vec![0usize; groups.keys.len()];
        for slot in groups.slots.iter().filter(|slot| **slot != NONE) {
            counts[*slot as usize] += 1;
        }
        let needed = groups.needed(table, !whole.resource.declared && groups.axes.len() > 1);
        // Where every sum is of one row, what goes tells none apart.
        let single = needed.series.is_some() && counts.iter().all(|count| *count == 1);
        let lacks = |slot: &usize| counts[*slot] < needed.rows[*slot];
        let short: Vec<usize> = (0..counts.len()).filter(|_| !single).filter(lacks).collect();
        let mut lacking: Vec<Text> = Vec::new();
        for slot in short.iter().take(NAMED) {
            for text in groups.lacking(table, *slot, &needed) {
                if lacking.len() < NAMED && !lacking.contains(&text) {
                    lacking.push(text);
                }
            }
        }
        let sum = |at: usize| -> Option<Option<Decimals>> {
            let measure = &whole.measures[at];
            let Some(own) = &table.numbers[at] else { return Some(None) };
            let counted = measure.whole && measure.unit.power == 0;
            own.summed(&groups.slots, groups.keys.len(), counted, &short).map(Some)
        };
        let summed: Vec<usize> = (0..whole.measures.len()).filter(|at| whole.measures[*at].kind.adds_up()).collect();
        let numbers = each(summed.len(), &|at| sum(summed[at])).into_iter().collect::<Option<Vec<_>>>()?;
        let period = groups.keys.iter().map(|key| (key / groups.width) as u32).collect();
        let all: Vec<Vec<u32>> = (0..groups.keys.len()).map(|slot| groups.groups(slot)).collect();
        let kept = (0..by.len()).flat_map(|at| (0..groups.axes[at].axis.kept.len()).map(move |own| (at, own)));
        let place = |group: &[u32], at: usize, own: usize| groups.axes[at].places[group[at] as usize][own];
        let members: Vec<Vec<u32>> =
            kept.map(|(at, own)| all.iter().map(|group| place(group, at, own)).collect()).collect();
        let used = members.iter().map(|codes| {
            let mut codes = codes.clone();
            codes.sort_unstable();
            codes.dedup();
            codes
        });
        let used = used.collect();
        let without = without(whole, groups.axes.iter().map(|group| &group.axis).zip(out));
        let dimensions = groups.axes.iter().flat_map(|group| group.axis.kept.clone()).collect();
        let dataset = Dataset { used: Some(used), ..reduced(whole, dimensions) };
        let columns =
            LargeColumns { rows: groups.keys.len(), period, members, attributes: Vec::new(), numbers, order: None };
        Some(LargeSums { table: LargeTable { dataset, columns }, lacking, without })
    }
}
