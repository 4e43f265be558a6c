//! `--by-ATTRIBUTE`: the numbers of members that share an attribute, added up.

use super::sheet::{self, Sheet};
use super::{derive, large, on, select};
use crate::answer::{Answer, Cell, Values};
use crate::catalog::{Catalog, Found};
use crate::cli::Question;
use crate::error::Result;
use crate::package::{Grouped, Kind, Missing};
use crate::stats::Operand;
use crate::text::Text;

/// Answers a question about a dataset by attributes of its members: `by` says of each dimension by which, if by any.
///
/// # Errors
/// As for the dataset itself; its table is too large to be added up exactly.
pub(super) fn answer(catalog: &Catalog, found: Found, by: &[Option<String>], question: &Question) -> Result<Answer> {
    let flag = by.iter().flatten().next().map(|name| format!("--by-{name}")).unwrap_or_default();
    large::small_enough(found, &flag)?;
    let whole = catalog.read(found)?;
    let Grouped { dataset, parts, lacking, without } = found.0.grouped(&whole, by);
    let mut sheet = Sheet::new(&dataset);
    for measure in dataset.measures.iter().filter(|measure| measure.kind != Kind::Rate) {
        let Some(at) = sheet.position(&measure.name) else { continue };
        let own = sheet::printed(&whole, measure, &measure.name);
        let sum = |(rows, lacking): (&Vec<usize>, &Vec<Text>)| -> Cell {
            let own: Vec<Operand> = rows.iter().map(|&row| own[row].clone()).collect();
            sheet::computed(if lacking.is_empty() { select::sum(own) } else { Err(Missing::NotPrinted) })
        };
        sheet.columns[at].values = Values::Cells(parts.iter().zip(&lacking).map(sum).collect());
    }
    let mut absent: Vec<&Text> = Vec::new();
    for member in lacking.iter().flatten() {
        if !absent.contains(&member) {
            absent.push(member);
        }
    }
    // What is not in the table cannot be added up, nor bounded.
    let known = parts.into_iter().zip(&lacking).map(|(rows, lacking)| lacking.is_empty().then_some(rows)).collect();
    let (derived, mut notes) = derive::solve(catalog, &[found], question, Some(known))?;
    for (dimension, attribute) in whole.dimensions.iter().zip(&dataset.dimensions).filter(|(a, b)| a.name != b.name) {
        notes.push(Text::new(
            format!("按{}的{}合计", dimension.title.zh, attribute.title.zh),
            format!("added up over {} by {}", dimension.title.en, attribute.title.en),
        ));
    }
    if !without.is_empty() {
        let (zh, en) = listed(&without.iter().collect::<Vec<_>>());
        notes.push(Text::new(
            format!("不含没有该属性的{zh}"),
            format!("left out, as they have no such attribute: {en}"),
        ));
    }
    if !absent.is_empty() {
        let (zh, en) = listed(&absent);
        notes.push(Text::new(
            format!("缺少成员的合计为空:{zh}没有行"),
            format!("sums that lack a member are empty: there is no row for {en}"),
        ));
    }
    let title = dataset.resource.title.clone();
    on(catalog, (found.0, &dataset), question, sheet, derived.as_ref(), (title, false), notes)
}

fn listed(members: &[&Text]) -> (String, String) {
    let names = |name: fn(&Text) -> &str, joint: &str| {
        members.iter().map(|member| name(member)).collect::<Vec<_>>().join(joint)
    };
    (names(|text| &text.zh, "、"), names(|text| &text.en, ", "))
}
