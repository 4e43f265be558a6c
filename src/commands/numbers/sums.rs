//! `--by-ATTRIBUTE`: the numbers of members that share an attribute, added up.

use super::sheet::{self, Sheet};
use super::{derive, large, on, select};
use crate::answer::{Answer, Cell, Values};
use crate::catalog::{Catalog, Found};
use crate::cli::Question;
use crate::error::Result;
use crate::package::{Grouped, Kind};
use crate::stats::Operand;
use crate::text::Text;

/// Answers a question about a dataset by attributes of its members: `by` says of each dimension by which, if by any.
///
/// # Errors
/// As for the dataset itself; its table is too large to be added up exactly.
pub(super) fn answer(catalog: &Catalog, found: Found, by: &[Option<String>], question: &Question) -> Result<Answer> {
    let flag = by.iter().flatten().next().map(|name| format!("--by-{name}")).unwrap_or_default();
    large::small_enough(catalog, found, &flag)?;
    let whole = catalog.read(found)?;
    let Grouped { dataset, parts, without } = found.0.grouped(&whole, by);
    let mut sheet = Sheet::new(&dataset);
    let printed = Sheet::new(&whole);
    for measure in dataset.measures.iter().filter(|measure| measure.kind != Kind::Rate) {
        let (Some(at), Some(own)) = (sheet.position(&measure.name), printed.operands(&measure.name)) else { continue };
        let sum = |rows: &Vec<usize>| -> Cell {
            let own: Vec<Operand> = rows.iter().map(|&row| own[row].clone()).collect();
            sheet::computed(select::sum(own))
        };
        sheet.columns[at].values = Values::Cells(parts.iter().map(sum).collect());
    }
    let (derived, mut notes) = derive::solve(catalog, &[found], question, Some(parts))?;
    for (dimension, attribute) in whole.dimensions.iter().zip(&dataset.dimensions).filter(|(a, b)| a.name != b.name) {
        notes.push(Text::new(
            format!("按{}的{}合计", dimension.title.zh, attribute.title.zh),
            format!("added up over {} by {}", dimension.title.en, attribute.title.en),
        ));
    }
    if !without.is_empty() {
        let names = |name: fn(&Text) -> &str, joint: &str| without.iter().map(name).collect::<Vec<_>>().join(joint);
        notes.push(Text::new(
            format!("不含没有该属性的{}", names(|text| &text.zh, "、")),
            format!("left out, as they have no such attribute: {}", names(|text| &text.en, ", ")),
        ));
    }
    let title = dataset.resource.title.clone();
    on(catalog, (found.0, &dataset), question, sheet, derived.as_ref(), title, notes)
}
