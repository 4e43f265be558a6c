//! `--assume 'CELL=VALUE'`: facts that somebody adds for the sake of a question. Whatever uses them has an assumed basis.

use super::guide;
use crate::catalog::{Catalog, Found};
use crate::error::{Error, Result};
use crate::facts::Facts;
use crate::line::Edit;
use crate::statement::{Misread, Term, assumption};
use crate::text::Text;

/// The datasets that assumptions name; `of`: the one that is asked.
///
/// # Errors
/// One cannot be read, or names a dataset that does not exist.
pub(super) fn datasets<'a>(catalog: &'a Catalog, assume: &[String], of: Option<Found>) -> Result<Vec<Found<'a>>> {
    let mut found = Vec::new();
    for text in assume {
        let (cell, ..) = assumption(text).map_err(|misread| refusal(catalog, text, of, None, &misread))?;
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
            Text::new("相关的所载数字不可能同时成立,见 audit", "printed numbers around it cannot all hold, see audit")
        }
        false => Text::new(
            format!("相关数字与所作假设不可能同时成立:{}", contradicted.join(";")),
            format!("the numbers around it cannot all hold if what is assumed does: {}", contradicted.join("; ")),
        ),
    }
}

/// What is said of answers around which what is assumed cannot hold.
pub(super) fn nothing_derived(contradicted: &[String]) -> Text {
    let why = conflict(contradicted);
    Text::new(format!("{},不作推断", why.zh), format!("{}; nothing is derived there", why.en))
}

/// The refusal of an assumption, with a cell that there is: of its dataset, if that is known.
fn refusal(catalog: &Catalog, text: &str, of: Option<Found>, mended: Option<String>, misread: &Misread) -> Error {
    if let Some(mended) = mended {
        return misread.error(text).instead([Edit::part("--assume", text, mended)]);
    }
    let (name, value) = text.split_at(text.find(['=', '<', '>']).unwrap_or(text.len()));
    // A key has a sign of its own.
    let (name, value) = match (name.contains('['), text.split_once("]")) {
        (true, Some((_, rest))) => {
            let rest = rest.find(['=', '<', '>']).map_or("", |at| &rest[at..]);
            (&text[..text.len() - rest.len()], rest)
        }
        _ => (name, value),
    };
    let address = name.split(['[', '@']).next().and_then(|head| head.rsplit_once(':')).map_or(name, |(head, _)| head);
    let found = catalog.resolve(address.trim()).ok().or(of).or_else(|| guide::example(catalog));
    let value = if assumption(&format!("x{value}")).is_ok() { value } else { "=1" };
    let cell = found.and_then(|found| guide::open_cell(catalog, found));
    let error = misread.error(text);
    cell.into_iter().fold(error, |error, cell| error.instead([Edit::part("--assume", text, format!("{cell}{value}"))]))
}

/// Adds the assumptions; a note for each. Those that name no dataset are of the one asked, where only one is.
///
/// # Errors
/// One names a cell that does not exist.
pub(super) fn apply(catalog: &Catalog, facts: &mut Facts, assume: &[String], asked: &[Found]) -> Result<Vec<Text>> {
    let first = asked.first().copied();
    let only = first.filter(|first| asked.iter().all(|other| std::ptr::eq(first.1, other.1)));
    let mut notes = Vec::new();
    for text in assume {
        if let Err(misread) = facts.assume(text, only) {
            let mended = misread.mended(text, |text| facts.assumed_cell(text, only));
            // The same cell of the first dataset, where it may be of several.
            let of_first = first.map(|first| {
                let address = catalog.address(first);
                if text.contains(':') { format!("{address}{text}") } else { format!("{address}:{text}") }
            });
            let of_first = of_first.filter(|text| only.is_none() && facts.assumed_cell(text, None).is_ok());
            return Err(refusal(catalog, text, first, mended.or(of_first), &misread));
        }
        notes.push(Text::new(format!("假设:{text}"), format!("assumed: {text}")));
    }
    Ok(notes)
}
