//! Which columns tell rows apart.

use std::collections::{BTreeSet, HashSet};

use super::super::fault::Fault;
use super::super::header;
use super::super::{Mark, Period};
use super::grid::{Grid, Row};
use super::numeral::{self, Numeral};
use crate::text::Text;

/// The columns that tell the rows of a period apart: those that tell most apart first. Where texts do not suffice, bands do
/// (`0-4`, `65+`), or whole numbers without a gap that stand before all others, as grades and classes do; these are then no
/// measures.
pub(super) fn keys(
    grid: &Grid,
    periods: &[Period],
    texts: &[(usize, Option<usize>)],
    numbers: &mut Vec<(usize, Vec<Numeral>, bool)>,
    guesses: &mut Vec<Text>,
) -> Result<Vec<(usize, Option<usize>)>, Vec<Fault>> {
    let all_bands = numbers.iter().all(|(_, cells, _)| are_bands(cells));
    let named = |at: usize| header::is_band(&grid.header[at]);
    let bands: Vec<usize> =
        numbers.iter().filter(|(_, cells, _)| are_bands(cells) && !all_bands).map(|(at, ..)| *at).collect();
    let with = |more: &[usize]| [texts, &more.iter().map(|at| (*at, None)).collect::<Vec<_>>()].concat();
    // Numbers that are labels, such as ranks and coordinates, come after names.
    let is_name = |(at, _): &&(usize, Option<usize>)| grid.column(*at).any(|cell| numeral::read(cell, false).is_none());
    let names: Vec<(usize, Option<usize>)> = texts.iter().filter(is_name).copied().collect();
    let mut chosen = tell_apart(grid, periods, &names).or_else(|_| tell_apart(grid, periods, texts));
    if let (Err(_), false) = (&chosen, bands.is_empty()) {
        chosen = tell_apart(grid, periods, &with(&bands));
    }
    let first = numbers.iter().filter(|_| numbers.len() > 1).min_by_key(|(at, ..)| *at);
    if let (Err(_), Some((at, ..))) = (&chosen, first.filter(|(at, cells, _)| are_ordinals(cells, named(*at)))) {
        let more: Vec<usize> = bands.iter().copied().chain([*at]).collect();
        chosen = tell_apart(grid, periods, &with(&more)).or(chosen);
    }
    let mut chosen = chosen?;
    // Bands that tell nothing apart are still no quantities, where their header says so.
    let own = bands.iter().filter(|at| named(**at) && !chosen.iter().any(|(chosen, _)| chosen == *at));
    chosen.extend(own.map(|at| (*at, None)).collect::<Vec<_>>());
    numbers.retain(|(at, cells, _)| {
        let is_key = chosen.iter().any(|(chosen, _)| chosen == at);
        let header = &grid.header[*at];
        if is_key {
            guesses.push(Text::new(
                format!("「{header}」的数是组别,作维度而不是指标"),
                format!("the numbers of '{header}' name groups: it is a dimension, not a measure"),
            ));
        } else if let Some((row, low, high)) = range(grid, cells) {
            let (shown, line) = (&row.cells[*at], row.line);
            guesses.push(Text::new(
                format!("「{header}」有区间:第 {line} 行「{shown}」读作 {low} 至 {high}"),
                format!("'{header}' has ranges: '{shown}' in line {line} is read as {low} to {high}"),
            ));
        }
        !is_key
    });
    Ok(chosen)
}

/// Whether all cells of a column are numbers, and most of them ranges or open to one side.
fn are_bands(cells: &[Numeral]) -> bool {
    let is_band = |cell: &&Numeral| {
        matches!(
            cell,
            Numeral::Number { to: Some(_), .. }
                | Numeral::Number { mark: Some(Mark::AtLeast | Mark::Under | Mark::Over | Mark::AtMost), .. }
        )
    };
    let is_number = |cell: &&Numeral| matches!(cell, Numeral::Number { .. });
    cells.iter().all(|cell| is_number(&cell)) && 2 * cells.iter().filter(is_band).count() > cells.len()
}

/// Whether the numbers of a column are few and whole, with none left out between the least and the greatest, and begin with 0
/// or 1 unless their header says that they name groups.
fn are_ordinals(cells: &[Numeral], named: bool) -> bool {
    const MOST: u32 = 100;
    let number = |cell: &Numeral| match cell {
        Numeral::Number { digits, mark: None, to: None, percent: false, .. } => digits.parse::<u32>().ok(),
        _ => None,
    };
    let Some(all) = cells.iter().map(number).collect::<Option<BTreeSet<u32>>>() else { return false };
    let (Some(least), Some(most)) = (all.first(), all.last()) else { return false };
    *most <= MOST && all.len() > 1 && (named || *least <= 1) && (most - least) as usize + 1 == all.len()
}

/// The first range of a column.
fn range<'g, 'c>(grid: &'g Grid, cells: &'c [Numeral]) -> Option<(&'g Row, &'c str, &'c str)> {
    grid.rows.iter().zip(cells).find_map(|(row, cell)| match cell {
        Numeral::Number { digits, to: Some(to), .. } => Some((row, digits.as_str(), to.as_str())),
        _ => None,
    })
}

fn tell_apart(
    grid: &Grid,
    periods: &[Period],
    candidates: &[(usize, Option<usize>)],
) -> Result<Vec<(usize, Option<usize>)>, Vec<Fault>> {
    let distinct = |columns: &[(usize, Option<usize>)]| {
        let key = |(row, period): (&Row, &Period)| {
            let cells: Vec<String> = columns.iter().map(|(at, _)| row.cells[*at].clone()).collect();
            (period.to_string(), cells)
        };
        grid.rows.iter().zip(periods).map(key).collect::<HashSet<_>>().len()
    };
    let mut chosen: Vec<(usize, Option<usize>)> = Vec::new();
    let mut reached = distinct(&chosen);
    while reached < grid.rows.len() {
        let with = |candidate: &(usize, Option<usize>)| distinct(&[chosen.as_slice(), &[*candidate]].concat());
        let left = candidates.iter().filter(|candidate| !chosen.contains(candidate)).rev();
        let Some(best) = left.max_by_key(|candidate| with(candidate)).filter(|best| with(best) > reached) else {
            return Err(vec![repeated(grid, periods, &chosen)]);
        };
        chosen.push(*best);
        reached = distinct(&chosen);
    }
    Ok(chosen)
}

fn repeated(grid: &Grid, periods: &[Period], chosen: &[(usize, Option<usize>)]) -> Fault {
    let mut seen = std::collections::HashMap::new();
    for (row, period) in grid.rows.iter().zip(periods) {
        let key: Vec<&str> = chosen.iter().map(|(at, _)| row.cells[*at].as_str()).collect();
        if let Some(first) = seen.insert((period, key), row.line) {
            let (zh, en) = (format!("与第 {first} 行是同一个观测"), format!("is the same observation as line {first}"));
            let fault = grid.fault(row.line, "duplicate-observation", zh, en);
            return fault.write("加一列区分它们,或删去一行", "add a column that tells them apart, or remove one");
        }
    }
    grid.fault(0, "duplicate-observation", "有重复的观测", "has an observation twice")
}
