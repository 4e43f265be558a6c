//! From the blocks of several readers to one table in the order in which it is shown.

use std::collections::HashMap;

use super::coder::{self, BAD, Coder, Met};
use super::decimals::Decimals;
use super::layout::Layout;
use super::scan::{self, Rows};
use crate::package::Period;
use crate::package::members::Members;
use crate::package::when::PeriodFormat;
use crate::text::Text;
use crate::work::each;

/// Columns in the order of the file.
pub(super) struct Columns {
    pub(super) rows: usize,
    /// Of each text column (period, dimensions, attributes) its numbers.
    pub(super) codes: Vec<Vec<u32>>,
    pub(super) numbers: Vec<Decimals>,
}

/// Of each reader and text column what its numbers are in the table.
type Maps = Vec<Vec<Vec<u32>>>;

/// What the texts of each column are: each once, in the order of the file.
pub(super) struct Texts {
    maps: Maps,
    pub(super) met: Vec<Vec<Met>>,
}

impl Texts {
    /// Joins what several readers met.
    pub(super) fn join(readers: Vec<Vec<Coder>>, columns: usize) -> Texts {
        let mut maps: Maps = readers.iter().map(|_| Vec::new()).collect();
        let mut all = Vec::with_capacity(columns);
        for column in 0..columns {
            let mut met: Vec<(&Met, usize, usize)> = Vec::new();
            for (reader, coders) in readers.iter().enumerate() {
                met.extend(coders[column].met.iter().enumerate().map(|(code, met)| (met, reader, code)));
                maps[reader].push(vec![BAD; coders[column].met.len()]);
            }
            met.sort_by_key(|(met, ..)| met.first);
            let mut known: HashMap<(&str, &str), u32> = HashMap::with_capacity(met.len());
            let mut list = Vec::new();
            for (text, reader, code) in met {
                let number = *known.entry((&text.text, &text.beside)).or_insert_with(|| {
                    list.push(text.clone());
                    list.len() as u32 - 1
                });
                maps[reader][column][code] = number;
            }
            all.push(list);
        }
        Texts { maps, met: all }
    }

    /// Gives the texts of a column other numbers: of periods their place in time, of members theirs in their list.
    pub(super) fn renumber(&mut self, column: usize, numbers: &[u32]) {
        for map in &mut self.maps {
            for code in &mut map[column] {
                *code = numbers.get(*code as usize).copied().unwrap_or(BAD);
            }
        }
    }
}

/// The distinct periods in order, and of each text its place among them. Says what dates were read as.
pub(super) fn periods(layout: &Layout, met: &[Met], format: &PeriodFormat) -> (Vec<Period>, Vec<u32>, Option<Text>) {
    let part = &layout.texts[0];
    // The text that was met is the key, in which a part of a date stands behind its year.
    let year = |met: &Met| met.text.split(coder::JOINT).next().unwrap_or_default().to_owned();
    let mut all: Vec<Period> = met.iter().filter_map(|met| part.period(&year(met), &met.beside)).collect();
    let said = format.settle(&mut all);
    let mut periods = all.clone();
    periods.sort();
    periods.dedup();
    let place = |period: &Period| periods.binary_search(period).map_or(BAD, |at| at as u32);
    let numbers = all.iter().map(place).collect();
    (periods, numbers, said)
}

/// Of each text the number of its member.
pub(super) fn members(list: &mut Members, met: &[Met]) -> Vec<u32> {
    met.iter().map(|met| list.number(&met.text, &met.beside).unwrap_or(BAD)).collect()
}

impl Columns {
    /// Puts blocks together, in their order.
    pub(super) fn join(mut blocks: Vec<Rows>, texts: &Texts, numbers: usize) -> Columns {
        blocks.sort_by_key(|block| block.number);
        let rows = blocks.iter().map(|block| block.rows).sum();
        let width = texts.met.len();
        let code = |column: usize| {
            let mut codes = Vec::with_capacity(rows);
            for block in &blocks {
                let map = &texts.maps[block.reader][column];
                codes.extend(block.codes.iter().skip(column).step_by(width).map(|code| map[*code as usize]));
            }
            codes
        };
        let codes = each(width, &code);
        for block in &mut blocks {
            block.codes = Vec::new();
        }
        let number = |column: usize| {
            let mut values = Vec::with_capacity(rows);
            let mut places = Vec::with_capacity(rows);
            for block in &blocks {
                values.extend_from_slice(&block.values[column]);
                places.extend_from_slice(&block.places[column]);
            }
            Decimals::new(values, places, scan::odd(&blocks, column))
        };
        let numbers = each(numbers, &number);
        Columns { rows, codes, numbers }
    }
}

/// The rows by their keys.
pub(super) enum Order {
    /// As they stand.
    Same,
    /// In another order.
    Other(Vec<u32>),
    /// Two rows of the file have one key.
    Twice(u32, u32),
}

/// Cells of a grid that are tried for a row.
const SPARSE: u64 = 4;

/// Orders rows by keys: the most significant first, each with how many values it has.
pub(super) fn order(keys: &[(&[u32], usize)], rows: usize) -> Order {
    let cells = keys.iter().try_fold(1u64, |cells, (_, count)| cells.checked_mul((*count).max(1) as u64));
    let cell = |row: usize| {
        keys.iter().fold(0u64, |cell, (codes, count)| cell * (*count).max(1) as u64 + u64::from(codes[row]))
    };
    match cells {
        Some(cells) if cells <= SPARSE * rows as u64 + 64 => dense(cells as usize, rows, &cell),
        Some(_) => sparse(rows, &cell),
        None => {
            let key = |row: usize| keys.iter().map(|(codes, _)| codes[row]).collect::<Vec<u32>>();
            sparse(rows, &key)
        }
    }
}

fn dense(cells: usize, rows: usize, cell: &dyn Fn(usize) -> u64) -> Order {
    const FREE: u32 = u32::MAX;
    let mut grid = vec![FREE; cells];
    let (mut sorted, mut last) = (true, None);
    for row in 0..rows {
        let at = cell(row) as usize;
        if grid[at] != FREE {
            return Order::Twice(grid[at], row as u32);
        }
        grid[at] = row as u32;
        sorted &= last.is_none_or(|last| last < at);
        last = Some(at);
    }
    if sorted {
        return Order::Same;
    }
    grid.retain(|row| *row != FREE);
    Order::Other(grid)
}

fn sparse<K: Ord>(rows: usize, key: &dyn Fn(usize) -> K) -> Order {
    let mut order: Vec<(K, u32)> = (0..rows).map(|row| (key(row), row as u32)).collect();
    order.sort_unstable();
    if let Some(pair) = order.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Order::Twice(pair[0].1, pair[1].1);
    }
    let order: Vec<u32> = order.into_iter().map(|(_, row)| row).collect();
    if order.iter().zip(0..).all(|(row, at)| *row == at) { Order::Same } else { Order::Other(order) }
}
