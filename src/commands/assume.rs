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

/// Why nothing is derived around some numbers: what is printed cannot all hold, or not with what is assumed.
pub(super) fn conflict(contradicted: &[String]) -> Text {
    match contradicted.is_empty() {
        true => {
            Text::new("相关所刊数字不可能同时成立,见 audit", "printed numbers around it cannot all hold, see audit")
        }
        false => Text::new(
            format!("相关数字与所作假设不可能同时成立:{}", contradicted.join(";")),
            format!("the numbers around it cannot all hold if what is assumed does: {}", contradicted.join("; ")),
        ),
    }
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
