//! Units, or what is measured, that stand in a column of a package that declares none: ranks, shares and sums take all
//! numbers for those of one unit. Nothing is left out; it is said.

use std::collections::{BTreeSet, HashSet};

use super::Context;
use super::sheet::Sheet;
use crate::answer::{Cell, Values};
use crate::line::quote;
use crate::package::{Breakdown, Dataset, Dimension, LeftOut};
use crate::text::Text;

/// How many units a note names.
const NAMED: usize = 5;

/// What is said of ranks and shares by a column whose numbers, in the rows that count, are of several units.
pub(super) fn note(context: &Context, sheet: &Sheet, key: &str, counts: impl Fn(usize) -> bool) -> Option<Text> {
    let dataset = context.dataset;
    let (column, of_units) = dataset.unit_column()?;
    let is_level = |name: &str| key == name || key.strip_prefix(name) == Some("_change");
    if !dataset.measures.iter().any(|measure| measure.kind.adds_up() && is_level(&measure.name)) {
        return None;
    }
    let leaf = |row: &usize| sheet.panel.leaf[sheet.panel.series[*row] as usize];
    let rows = (0..sheet.panel.len()).filter(leaf).filter(|row| counts(*row));
    let units = distinct(&sheet.columns[sheet.position(column)?].values, rows);
    let Text { zh, en } = unlike((column, of_units), &units.iter().map(name).collect::<Vec<_>>())?;
    let alone = alone(dataset, column, &units[0]);
    let (hint_zh, hint_en) = alone.map_or_else(Default::default, |(filter, kept)| {
        (format!(";--where {filter} 只留{}", kept.zh), format!("; --where {filter} leaves {} alone", kept.en))
    });
    Some(mixed(&zh, &en, &hint_zh, &hint_en))
}

/// What is said of sums that have no unit of their own any more.
pub(super) fn summed(
    whole: &Dataset,
    by: &[Breakdown],
    out: &LeftOut,
    mixes: impl FnOnce(&str) -> bool,
) -> Option<Text> {
    let (column, Text { zh, en }) = several(whole, out)?;
    let dimension = whole.dimensions.iter().position(|own| own.name == column);
    if dimension.is_some_and(|at| by[at] == Breakdown::Itself) || !mixes(column) {
        return None;
    }
    let (hint_zh, hint_en) = match dimension {
        Some(_) => (format!(";--by-{column} 把它们分开"), format!("; --by-{column} keeps them apart")),
        None => Default::default(),
    };
    Some(mixed(&zh, &en, &hint_zh, &hint_en))
}

/// The column that gives the numbers of a dataset several units, where members are left out, and what is said of it.
pub(super) fn several<'a>(whole: &'a Dataset, out: &LeftOut) -> Option<(&'a str, Text)> {
    let (column, of_units) = whole.unit_column()?;
    let is_out = |(own, out): (&Dimension, &HashSet<String>), row| {
        whole.text(&own.name, row).is_some_and(|code| out.contains(code))
    };
    let counts = |row: &usize| !whole.dimensions.iter().zip(out).any(|pair| is_out(pair, *row));
    let rows = (0..whole.periods.len()).filter(counts);
    let mut met: BTreeSet<&str> = rows.filter_map(|row| whole.text(column, row)).collect();
    let dimension = whole.dimensions.iter().zip(out).find(|(own, _)| own.name == column);
    if met.is_empty() {
        // Rows of a large table have no texts of their own.
        met = whole.used(column).into_iter().collect();
        met.retain(|code| !dimension.is_some_and(|(_, out)| out.contains(*code)));
    }
    let units: Vec<Text> = match dimension {
        Some((dimension, _)) => {
            let members = dimension.codes.members.iter().filter(|member| met.contains(member.code.as_str()));
            members.map(|member| member.title.clone()).collect()
        }
        None => met.into_iter().map(Text::same).collect(),
    };
    Some((column, unlike((column, of_units), &units)?))
}

fn mixed(zh: &str, en: &str, hint_zh: &str, hint_en: &str) -> Text {
    Text::new(
        format!("{zh},排名、占比与合计混在一起{hint_zh}"),
        format!("{en}, so ranks, shares and sums mix them{hint_en}"),
    )
}

/// Which units there are, or what is measured, if there are several.
fn unlike((column, of_units): (&str, bool), units: &[Text]) -> Option<Text> {
    let list =
        |pick: fn(&Text) -> &str, joint: &str| units.iter().take(NAMED).map(pick).collect::<Vec<_>>().join(joint);
    let more = if units.len() > NAMED { ("等", ", …") } else { ("", "") };
    let (zh, en) = (list(|unit| &unit.zh, "、") + more.0, list(|unit| &unit.en, ", ") + more.1);
    (units.len() > 1).then(|| match of_units {
        true => Text::new(
            format!("「{column}」列给出不同的单位({zh})"),
            format!("the column '{column}' gives the numbers different units ({en})"),
        ),
        false => Text::new(
            format!("「{column}」列给出不同的指标({zh})"),
            format!("by the column '{column}' the numbers measure different things ({en})"),
        ),
    })
}

/// What a column holds in some rows, each once.
fn distinct(values: &Values, rows: impl Iterator<Item = usize>) -> Vec<Cell> {
    if let Values::Coded { codes, labels } = values {
        let met: HashSet<u32> = rows.map(|row| codes[row]).collect();
        return (0..).zip(labels.iter()).filter(|(code, _)| met.contains(code)).map(|(_, cell)| cell.clone()).collect();
    }
    let mut found: Vec<Cell> = Vec::new();
    for row in rows {
        let cell = values.cell(row);
        if !found.contains(&cell) {
            found.push(cell.into_owned());
        }
    }
    found
}

fn name(cell: &Cell) -> Text {
    match cell {
        Cell::Member { title, .. } => title.clone(),
        Cell::Text(text) => Text::same(text),
        _ => Text::same("—"),
    }
}

/// The condition that leaves one unit, which only members can be left out by, and that unit.
fn alone(dataset: &Dataset, column: &str, kept: &Cell) -> Option<(String, Text)> {
    let Cell::Member { code, title } = kept else { return None };
    let dimension = dataset.dimensions.iter().find(|dimension| dimension.name == column)?;
    let used = dataset.used(column);
    let members = dimension.codes.members.iter().map(|member| member.code.as_str());
    let others: Vec<&str> = members.filter(|other| other != code && used.contains(other)).collect();
    Some((quote(&format!("{column}!={}", others.join(","))), title.clone()))
}
