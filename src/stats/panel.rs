//! The rows of a measure by their keys: which series and which period each belongs to. Both interpreters look periods and
//! members up here.

use std::collections::HashMap;

use super::expr::Lag;
use crate::package::Period;

/// Keys of rows. Shape: one entry a row in `series` and `period`.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Series (key without the period) of each row.
    pub series: Vec<u32>,
    /// Period of each row, an index of `periods`.
    pub period: Vec<u32>,
    /// The periods there are, in order.
    pub periods: Vec<Period>,
    /// Whether a series is a leaf: not a subtotal.
    pub leaf: Vec<bool>,
    /// Whether the leaves together are all there is.
    pub exhaustive: bool,
    rows: Rows,
    period_index: HashMap<Period, u32>,
}

/// Row by (series, period): dense where at least a quarter of the combinations have one.
#[derive(Clone, Debug)]
enum Rows {
    Dense(Vec<u32>),
    Sparse(HashMap<(u32, u32), u32>),
}

const NONE: u32 = u32::MAX;

impl Panel {
    /// A panel from the series and period index of each row. `leaf` has one entry a series.
    pub fn new(series: Vec<u32>, period: Vec<u32>, periods: Vec<Period>, leaf: Vec<bool>, exhaustive: bool) -> Self {
        let (width, cells) = (leaf.len(), leaf.len() * periods.len());
        let rows = if cells <= 4 * series.len() + 64 {
            let mut dense = vec![NONE; cells];
            for (row, (&s, &p)) in series.iter().zip(&period).enumerate() {
                dense[p as usize * width + s as usize] = row as u32;
            }
            Rows::Dense(dense)
        } else {
            Rows::Sparse(series.iter().zip(&period).enumerate().map(|(row, (&s, &p))| ((s, p), row as u32)).collect())
        };
        let period_index = periods.iter().enumerate().map(|(i, p)| (p.clone(), i as u32)).collect();
        Panel { series, period, periods, leaf, exhaustive, rows, period_index }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// The row of a series in a period.
    pub fn row(&self, series: u32, period: u32) -> Option<usize> {
        let row = match &self.rows {
            Rows::Dense(dense) => *dense.get(period as usize * self.leaf.len() + series as usize)?,
            Rows::Sparse(map) => *map.get(&(series, period))?,
        };
        (row != NONE).then_some(row as usize)
    }

    /// Index of a period.
    pub fn period_of(&self, period: &Period) -> Option<u32> {
        self.period_index.get(period).copied()
    }

    /// The period a lag before another, if any row has it.
    pub fn before(&self, period: u32, lag: Lag) -> Option<u32> {
        let period = self.periods.get(period as usize)?;
        let earlier = match lag {
            Lag::Year => period.year_before(),
            Lag::Periods(k) => period.previous(i64::from(k)),
        };
        self.period_of(&earlier?)
    }

    /// The rows of each period: where they start, and the rows.
    pub fn rows_by_period(&self) -> (Vec<usize>, Vec<u32>) {
        let mut starts = vec![0usize; self.periods.len() + 1];
        for &period in &self.period {
            starts[period as usize + 1] += 1;
        }
        for period in 0..self.periods.len() {
            starts[period + 1] += starts[period];
        }
        let (mut next, mut rows) = (starts.clone(), vec![0u32; self.len()]);
        for (row, &period) in self.period.iter().enumerate() {
            let at = &mut next[period as usize];
            rows[*at] = row as u32;
            *at += 1;
        }
        (starts, rows)
    }

    /// Rows of each period that belong to leaf members.
    pub fn leaves_by_period(&self) -> Vec<Vec<usize>> {
        let mut rows = vec![Vec::new(); self.periods.len()];
        for (row, (&s, &p)) in self.series.iter().zip(&self.period).enumerate() {
            if self.leaf[s as usize] {
                rows[p as usize].push(row);
            }
        }
        rows
    }
}
