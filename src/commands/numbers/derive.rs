//! `--derived`: what follows from the printed numbers and relations, in the cells that are empty.

use super::Context;
use super::sheet::Sheet;
use crate::answer::{Cell, Values};
use crate::commands::{assume, proof};
use crate::error::Result;
use crate::facts::{Facts, Known, Place};
use crate::package::Missing;
use crate::precision::Caps;
use crate::text::Text;

/// Fills the empty cells of measures and of printed shares and growth with what follows, and gives printed ones the bounds
/// that follow. Only what the dataset is connected with is solved.
///
/// # Errors
/// An assumption cannot be read, or a dataset that relations connect with this one is broken.
pub(super) fn fill(context: &Context, sheet: &mut Sheet) -> Result<Vec<Text>> {
    let mut datasets = vec![context.found];
    datasets.extend(assume::datasets(context.catalog, &context.question.assume)?);
    let mut facts = Facts::about(context.catalog, &datasets)?;
    let mut notes = assume::apply(&mut facts, &context.question.assume)?;
    let Some(table) = facts.table_of(context.found) else { return Ok(notes) };
    let solution = facts.solve(&facts.variables_of(table), &Caps::default());
    for (index, column) in facts.tables[table].columns.iter().enumerate() {
        let Some(at) = sheet.position(&column.key) else { continue };
        let Values::Cells(cells) = &mut sheet.columns[at].values else { continue };
        for (row, cell) in cells.iter_mut().enumerate() {
            match facts.known(&solution, Place { table, column: index, row }) {
                Known::Number(number) => *cell = Cell::Number(*number),
                Known::Conflict => *cell = Cell::Empty(Some(Missing::Conflict)),
                Known::Nothing => {}
            }
        }
    }
    notes.extend(proof::faults(&facts));
    Ok(notes)
}
