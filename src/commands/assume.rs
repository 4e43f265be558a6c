//! `--assume 'CELL=VALUE'`: facts that somebody adds for the sake of a question. Whatever uses them has an assumed basis.

use crate::catalog::{Catalog, Found};
use crate::error::Result;
use crate::facts::Facts;
use crate::statement::{Term, assumption};
use crate::text::Text;

/// The datasets that assumptions name.
///
/// # Errors
/// One cannot be read, or names a dataset that does not exist.
pub(super) fn datasets<'a>(catalog: &'a Catalog, assume: &[String]) -> Result<Vec<Found<'a>>> {
    let mut found = Vec::new();
    for text in assume {
        let (cell, ..) = assumption(text).map_err(|misread| misread.error(text))?;
        if let Term::Cell(reference) = &cell.term
            && let Some(address) = &reference.dataset
        {
            found.push(catalog.resolve(address)?);
        }
    }
    Ok(found)
}

/// Adds the assumptions; a note for each.
///
/// # Errors
/// One names a cell that does not exist.
pub(super) fn apply(facts: &mut Facts, assume: &[String]) -> Result<Vec<Text>> {
    let mut notes = Vec::new();
    for text in assume {
        facts.assume(text).map_err(|misread| misread.error(text))?;
        notes.push(Text::new(format!("假设:{text}"), format!("assumed: {text}")));
    }
    Ok(notes)
}
