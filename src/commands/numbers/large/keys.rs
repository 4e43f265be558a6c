//! Members of rows as one number a row: the series of a panel.

use std::collections::HashMap;

use crate::package::{Dataset, Exhaustive, LargeColumns};
use crate::stats::Panel;

/// The series of rows, and the way from members to a series.
pub(in crate::commands) struct Keys {
    /// How many members each dimension has.
    sizes: Vec<usize>,
    /// Of each combination of members its series, where not every one has a number of its own.
    known: Option<HashMap<Vec<u32>, u32>>,
    /// One a row.
    pub(in crate::commands) series: Vec<u32>,
    /// One a series: whether it is no subtotal, and in what is ranked and summed.
    pub(in crate::commands) leaf: Vec<bool>,
}

/// Combinations of members that may be without a row, for each row.
const SPARSE: usize = 4;

impl Keys {
    pub(in crate::commands) fn new(dataset: &Dataset, table: &LargeColumns) -> Keys {
        let sizes: Vec<usize> = dataset.dimensions.iter().map(|d| d.codes.members.len().max(1)).collect();
        let all = sizes.iter().try_fold(1usize, |all, size| all.checked_mul(*size));
        let dense = all.filter(|all| *all <= SPARSE * table.rows + 64);
        let key = |row: usize| table.members.iter().map(move |codes| codes[row]);
        let (known, series, count) = match dense {
            Some(all) => {
                let place = |row| key(row).zip(&sizes).fold(0, |place, (code, size)| place * *size as u32 + code);
                (None, (0..table.rows).map(place).collect(), all)
            }
            None => {
                let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
                let mut series = Vec::with_capacity(table.rows);
                for row in 0..table.rows {
                    let next = known.len() as u32;
                    series.push(*known.entry(key(row).collect()).or_insert(next));
                }
                let count = known.len();
                (Some(known), series, count)
            }
        };
        let mut keys = Keys { sizes, known, series, leaf: vec![true; count] };
        for (at, dimension) in dataset.dimensions.iter().enumerate() {
            let parts = &dataset.resource.parts;
            let subtotal: Vec<bool> =
                dimension.codes.members.iter().map(|member| parts.contains_key(&member.code)).collect();
            keys.leave_out(at, &subtotal);
        }
        keys
    }

    /// Takes members of a dimension out of what is ranked and summed.
    pub(in crate::commands) fn leave_out(&mut self, dimension: usize, out: &[bool]) {
        let is_out = |code: u32| out.get(code as usize).copied().unwrap_or(false);
        if !out.contains(&true) {
            return;
        }
        match &self.known {
            Some(known) => {
                for (key, series) in known {
                    self.leaf[*series as usize] &= !is_out(key[dimension]);
                }
            }
            None => {
                let step: usize = self.sizes[dimension + 1..].iter().product();
                for (series, leaf) in self.leaf.iter_mut().enumerate() {
                    *leaf &= !is_out((series / step % self.sizes[dimension]) as u32);
                }
            }
        }
    }

    /// The series of members, if any row has it.
    pub(in crate::commands) fn series_of(&self, key: &[u32]) -> Option<u32> {
        match &self.known {
            Some(known) => known.get(key).copied(),
            None => {
                let within = key.iter().zip(&self.sizes).all(|(code, size)| (*code as usize) < *size);
                within.then(|| key.iter().zip(&self.sizes).fold(0, |place, (code, size)| place * *size as u32 + code))
            }
        }
    }

    /// The panel of the rows, each with the place of its period.
    pub(in crate::commands) fn panel(&self, dataset: &Dataset, period: Vec<u32>) -> Panel {
        let exhaustive = dataset.resource.exhaustive != Exhaustive::No;
        Panel::new(self.series.clone(), period, dataset.periods.clone(), self.leaf.clone(), exhaustive)
    }
}
