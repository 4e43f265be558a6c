//! Tables of any size side by side, column by column.

use std::collections::HashMap;

use super::{
    Side, assumed, comparison, have_common_key, left_out, line_up, of_side, pairs, repeated, sources, titled,
    translation, unlike_kinds,
};
use crate::answer::{Answer, Values};
use crate::catalog::{Catalog, Found, with_remedy};
use crate::cli::{Comparison, Question};
use crate::commands::numbers::{self, Keys, Operands, Sheet};
use crate::error::Result;
use crate::package::{Decimals, LargeColumns, LargeTable, Measure};
use crate::stats::Columns;

/// No row.
const NONE: u32 = u32::MAX;

/// Compares by columns, if one of the tables is large and all can be read so.
pub(super) fn answer(
    catalog: &Catalog,
    addresses: &[String],
    found: &[Found],
    how: Comparison,
    question: &Question,
) -> Result<Option<Answer>> {
    // Rows are not chosen by one member before they are joined: that is for tables read cell by cell.
    let dimensions: Vec<Vec<String>> = found.iter().map(|found| found.1.address.dimensions.clone()).collect();
    let fixes = !question.filters.is_empty() && !have_common_key(&dimensions);
    let mut any = false;
    for &found in found.iter().filter(|found| found.0.is_large(found.1)) {
        any = true;
        if !numbers::by_columns(found, question)? {
            return Ok(None);
        }
        if fixes {
            numbers::small_enough(found, "compare --where")?;
        }
    }
    if !any || fixes {
        return Ok(None);
    }
    let (mut sides, mut tables) = (Vec::new(), Vec::new());
    for &found in found {
        let Some(LargeTable { dataset, mut columns }) = read(found, question)? else { return Ok(None) };
        columns.arrange(None);
        sides.push(Side::new(found, dataset, columns.rows));
        tables.push(columns);
    }
    let widest = line_up(catalog, &mut sides)?;
    let pairs = pairs(catalog, &sides, how, question)?;
    let (kept, rows) = join(&sides, &tables, widest);
    let mut notes = repeated(&sides, widest);
    notes.extend(left_out(&sides, kept.len()));
    let (mut levels, mut columns) = (Vec::new(), Vec::new());
    for measures in &pairs {
        for (at, measure) in measures.iter().enumerate() {
            let side = &sides[at];
            let own = side.dataset.measures.iter().position(|own| own.name == measure.name).unwrap_or_default();
            levels.push((of_side(side, numbers::level_of_large(measure)), measure));
            columns.push(tables[at].numbers[own].take().map(|numbers| pick(numbers, &rows[at])));
        }
        notes.extend(assumed(&sides, measures));
        notes.extend(unlike_kinds(&sides, measures));
    }
    let mut table = tables.swap_remove(widest);
    drop(tables);
    table.attributes = Vec::new();
    table.numbers = Vec::new();
    if kept.len() < table.rows {
        table.take(&kept);
    }
    drop((kept, rows));
    table.numbers = columns;
    let answer = Answer { sources: sources(&sides, &[], &|_| vec![0]), ..titled(addresses, &sides) };
    let places = question.source;
    let question = &Question { source: false, ..question.clone() };
    let wide = (sides[widest].found, &sides[widest].dataset);
    numbers::finish_large(catalog, wide, question, table, levels, (answer, notes), |sheet, operands| {
        let focus = pairs.iter().flat_map(|measures| compute(&sides, measures, how, sheet, operands)).collect();
        for side in sides.iter().filter(|_| places) {
            let columns = numbers::source_of_large(&side.dataset, sheet.panel.len());
            sheet.columns.extend(columns.map(|column| of_side(side, column)));
        }
        focus
    })
    .map(Some)
}

/// A table with the measures asked for, or all if it calls them otherwise.
fn read(found: Found, question: &Question) -> Result<Option<LargeTable>> {
    let of = |wanted: &dyn Fn(&Measure) -> bool| {
        found.0.large(found.1, wanted).map_err(|faults| with_remedy(found.0, faults))
    };
    match of(&|measure| numbers::is_wanted(question, measure))? {
        Some(table) if table.columns.numbers.iter().all(Option::is_none) => of(&|_| true),
        table => Ok(table),
    }
}

/// The rows of the widest side that all have, and of each side the rows that belong to them.
fn join(sides: &[Side], tables: &[LargeColumns], widest: usize) -> (Vec<u32>, Vec<Vec<u32>>) {
    let others = (0..sides.len()).filter(|&at| at != widest);
    let matched: Vec<(usize, Vec<u32>)> =
        others.map(|at| (at, matched((&sides[widest], &tables[widest]), (&sides[at], &tables[at])))).collect();
    let in_all = |row: &u32| matched.iter().all(|(_, rows)| rows[*row as usize] != NONE);
    let kept: Vec<u32> = (0..tables[widest].rows as u32).filter(in_all).collect();
    let mut rows = vec![kept.clone(); sides.len()];
    for (at, of) in matched {
        rows[at] = kept.iter().map(|&row| of[row as usize]).collect();
    }
    (kept, rows)
}

/// Of each row of the widest side the row of another one with the same period and shared members.
fn matched((wide, rows): (&Side, &LargeColumns), (side, own): (&Side, &LargeColumns)) -> Vec<u32> {
    let keys = Keys::new(&side.dataset, own);
    let panel = keys.panel(&side.dataset, own.period.clone());
    let periods: Vec<Option<u32>> = wide.dataset.periods.iter().map(|period| panel.period_of(period)).collect();
    let codes = translation(side, wide);
    let mut members: Vec<(&[u32], Vec<u32>)> = Vec::new();
    for dimension in &side.dataset.dimensions {
        let theirs = |code: &String| codes.get(&(dimension.name.clone(), code.clone())).unwrap_or(code).clone();
        let own = dimension.codes.members.iter().zip(0..);
        let own: HashMap<String, u32> = own.map(|(member, at)| (theirs(&member.code), at)).collect();
        let other = wide.dataset.dimensions.iter().position(|other| other.name == dimension.name).unwrap_or_default();
        let list = &wide.dataset.dimensions[other].codes.members;
        let same = list.iter().map(|member| own.get(member.code.as_str()).copied().unwrap_or(NONE)).collect();
        members.push((&rows.members[other], same));
    }
    let mut key = vec![0; members.len()];
    let mut find = |row: usize| {
        let period = periods[rows.period[row] as usize]?;
        for (code, (codes, same)) in key.iter_mut().zip(&members) {
            *code = same[codes[row] as usize];
        }
        panel.row(keys.series_of(&key)?, period)
    };
    (0..rows.rows).map(|row| find(row).map_or(NONE, |row| row as u32)).collect()
}

/// Numbers of these rows.
fn pick(numbers: Decimals, rows: &[u32]) -> Decimals {
    let all = numbers.len() == rows.len() && rows.iter().zip(0..).all(|(row, at)| *row == at);
    if all { numbers } else { numbers.take(rows) }
}

/// Adds the columns of a measure of the first side against every later one, and gives their keys.
fn compute(
    sides: &[Side],
    measures: &[Measure],
    how: Comparison,
    sheet: &mut Sheet,
    operands: &Operands,
) -> Vec<String> {
    let key = |at: usize| format!("{}_{}", sides[at].prefix, measures[at].name);
    let last = sheet.position(&key(sides.len() - 1)).unwrap_or(sheet.columns.len() - 1);
    let mut focus = Vec::new();
    for later in 1..sides.len() {
        let (Some((first, scale)), Some((other, own))) = (operands.of(&key(0)), operands.of(&key(later))) else {
            continue;
        };
        // Both in whole multiples of one place.
        let power = measures[later].unit.power - measures[0].unit.power + i32::from(scale) - i32::from(own);
        let columns = [first.times_ten((-power).max(0)), other.times_ten(power.max(0))];
        let (expr, _, column) = comparison(sides, measures, later, how);
        let result = Columns::new(&sheet.panel, &columns, false).eval(&expr);
        let result = match how {
            Comparison::Difference => result.times_ten(-i32::from(scale) - (-power).max(0)),
            _ => result,
        };
        focus.push(column.key.clone());
        let values = Values::Floats { values: result.value, missing: result.missing };
        sheet.columns.insert(last + later, crate::answer::Column { values, ..column });
    }
    focus
}
