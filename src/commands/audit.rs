//! `audit`: printed numbers that cannot all hold. Says what and how far off, never whose mistake it is.

use num_traits::ToPrimitive;

use super::proof::{self, Line};
use crate::answer::Answer;
use crate::catalog::{Catalog, Found};
use crate::error::{Exit, Result};
use crate::facts::{Facts, interval_text};
use crate::precision::{
    Basis, Caps, Change, Conflict, Form, Interval, Mend, RelationId, Scale, Severity, Share, Solution, VarId,
    fitting_totals, integer, mend, solve,
};
use crate::text::{Lang, Text};

/// Single changes shown for each conflict.
const MENDS: usize = 4;
/// Totals shown for each conflict.
const TOTALS: usize = 5;

/// The conflicts of all packages, or of those that a dataset takes part in.
///
/// # Errors
/// The dataset does not exist, or a table is broken.
pub(super) fn answer(catalog: &Catalog, dataset: Option<&str>, lang: Lang) -> Result<(Answer, Exit)> {
    let found = dataset.map(|address| catalog.resolve(address)).transpose()?;
    let mut facts = match found {
        Some(found) => Facts::about(catalog, &catalog.editions(found))?,
        None => Facts::all(catalog)?,
    };
    facts.across_editions();
    let caps = Caps::default();
    let solution = solve(&facts.system, &caps);
    let about = |conflict: &&Conflict| found.is_none_or(|found| touches(&facts, conflict, found));
    let certain: Vec<&Conflict> = solution
        .conflicts()
        .iter()
        .filter(|conflict| conflict.severity == Severity::Certain && conflict.verify(&facts.system))
        .filter(about)
        .collect();
    let excused =
        solution.conflicts().iter().filter(|conflict| conflict.severity == Severity::Convention).filter(about).count();
    let mut lines = Vec::new();
    let mut notes = Vec::new();
    for (at, conflict) in certain.iter().enumerate() {
        let number = (at + 1).to_string();
        lines.extend(members(&facts, conflict).into_iter().map(|line| Line { of: number.clone(), ..line }));
        notes.extend(say(&facts, conflict, &caps).into_iter().map(|text| numbered(&number, &text)));
    }
    if excused > 0 {
        notes.push(Text::new(
            format!("另有 {excused} 组数字只差一个舍入单位:换一种舍入约定即可成立,不算矛盾"),
            format!(
                "{excused} more sets hold under another convention of rounding, one unit of the last place: no conflict"
            ),
        ));
    }
    notes.extend(left_out(&facts, &solution));
    let (title, exit) = match certain.len() {
        0 => (Text::new("未发现矛盾", "No conflict found"), Exit::Answered),
        _ => (Text::new("不可能同时成立的所刊数字", "Printed numbers that cannot all hold"), Exit::No),
    };
    let mut answer = proof::answer(title.clone(), ("conflict", "矛盾", "Conflict"), &lines, lang);
    if certain.is_empty() {
        notes.insert(0, title);
    }
    answer.notes = notes;
    answer.notes.extend(proof::faults(&facts));
    Ok((answer, exit))
}

fn touches(facts: &Facts, conflict: &Conflict, found: Found) -> bool {
    let table = facts.table_of(found);
    conflict.variables.iter().any(|v| facts.place(*v).map(|place| place.table) == table)
}

fn numbered(number: &str, text: &Text) -> Text {
    Text::new(format!("[{number}] {}", text.zh), format!("[{number}] {}", text.en))
}

/// The facts and relations of a conflict, a row each.
pub(super) fn members(facts: &Facts, conflict: &Conflict) -> Vec<Line> {
    let printed =
        conflict.variables.iter().filter(|v| v.0 < facts.system.variables.len()).map(|v| proof::fact(facts, *v));
    let relations = conflict.relations.iter().filter_map(|id| proof::relation(facts, *id));
    printed.chain(relations).collect()
}

/// What a conflict says: conditional where an assumption takes part.
fn say(facts: &Facts, conflict: &Conflict, caps: &Caps) -> Vec<Text> {
    let assumed: Vec<String> = conflict
        .relations
        .iter()
        .filter_map(|id| facts.system.relations.get(id.0))
        .filter(|relation| relation.basis == Basis::Assumed)
        .map(|relation| relation.name.clone())
        .collect();
    let units: Vec<String> = conflict
        .variables
        .iter()
        .filter(|v| {
            facts
                .system
                .variables
                .get(v.0)
                .and_then(|v| v.printed.as_ref())
                .is_some_and(|p| p.format.basis == Basis::Assumed)
        })
        .map(|v| facts.name(*v))
        .collect();
    let mut said = vec![match (assumed.is_empty(), units.is_empty()) {
        (true, true) => Text::new("这些所刊数字不可能同时成立", "these printed numbers cannot all hold"),
        (false, _) => Text::new(
            format!("若下列假设成立,这些所刊数字不可能同时成立:{}", assumed.join(";")),
            format!("these printed numbers cannot all hold if what is assumed does: {}", assumed.join("; ")),
        ),
        (true, false) => Text::new(
            format!("若所假定的单位成立,这些所刊数字不可能同时成立:{}", units.join(";")),
            format!("these printed numbers cannot all hold if the assumed units do: {}", units.join("; ")),
        ),
    }];
    said.push(match conflict.off.as_ref().and_then(ToPrimitive::to_f64) {
        Some(off) => Text::new(
            format!("末位各差约 {off:.1} 个单位才能成立(四舍五入至多 0.5)"),
            format!("they could hold only if the rounded ones were off by about {off:.1} units of their last place (rounding to nearest is 0.5)"),
        ),
        None => Text::new("任何舍入都不能使其成立", "no rounding would make them hold"),
    });
    said.extend(totals(facts, conflict));
    let mends = mend(&facts.system, conflict, caps);
    let mut slips: Vec<&Mend> = mends.iter().filter(|mend| mend.change != Change::Value).collect();
    slips.sort_by_key(|mend| !mend.mends_all);
    said.extend(slips.iter().take(MENDS).map(|mend| slip(facts, mend)));
    if slips.is_empty() {
        said.extend(mends.iter().filter(|mend| mend.mends_all).take(MENDS).map(|mend| slip(facts, mend)));
    }
    said
}

/// A single change that would do.
fn slip(facts: &Facts, mend: &Mend) -> Text {
    let name = facts.name(mend.variable);
    let digits = mend.digits.clone().unwrap_or_default();
    let would_be = interval_text(&facts.in_unit(mend.variable, &mend.would_be));
    let (zh, en) = match mend.change {
        Change::Transposed => {
            (format!("{name} 若为 {digits}(两位互换)"), format!("{name} as {digits} (two digits exchanged)"))
        }
        Change::Digit => (format!("{name} 若为 {digits}(一位之差)"), format!("{name} as {digits} (one digit)")),
        Change::Sign => (format!("{name} 若为 {digits}(正负号)"), format!("{name} as {digits} (the sign)")),
        Change::Power(power) => (
            format!("{name} 若单位差 10 的 {power} 次方"),
            format!("{name} in a unit of another power of ten (10^{power})"),
        ),
        Change::Value => (format!("{name} 若在 {would_be} 之内"), format!("{name} within {would_be}")),
    };
    Text::new(format!("{zh},则可成立"), format!("they could hold with {en}"))
}

/// The whole totals of which every share in the conflict is a whole number of things, those nearest to the printed one.
fn totals(facts: &Facts, conflict: &Conflict) -> Option<Text> {
    let shares: Vec<(VarId, VarId, VarId)> = conflict.relations.iter().filter_map(|id| share(facts, *id)).collect();
    let whole = shares.first()?.2;
    let known = &facts.system.variables.get(whole.0)?;
    let same = shares.iter().all(|(_, _, other)| *other == whole) && known.whole;
    let printed = known.printed.as_ref().filter(|_| same)?.value.to_integer().to_u64()?;
    let mut terms = Vec::new();
    for (rate, part) in every_share(facts, whole) {
        let variable = &facts.system.variables[part.0];
        let fraction = facts.system.variables[rate.0]
            .printed
            .as_ref()
            .filter(|_| variable.whole)?
            .interval
            .scale(&integer(100).recip());
        let count = variable.printed.as_ref().map_or_else(Interval::all, |printed| printed.interval.clone());
        terms.push(Share { fraction, count });
    }
    let (from, to) = (printed.saturating_sub(printed / 4 + 10).max(1), printed.saturating_add(printed / 4 + 10));
    let mut fitting = fitting_totals(&terms, from, to, usize::MAX);
    fitting.sort_by_key(|total| total.abs_diff(printed));
    fitting.truncate(TOTALS);
    let list: Vec<String> = fitting.iter().map(u64::to_string).collect();
    let name = facts.name(whole);
    Some(match list.is_empty() {
        true => Text::new(
            format!("{from} 到 {to} 之间没有能使这些份额成立的总数"),
            format!("no whole total from {from} to {to} has these shares"),
        ),
        false => Text::new(
            format!("能使这些份额成立的总数(最近的几个):{}({name} 所刊 {printed})", list.join("、")),
            format!(
                "whole totals that do have these shares, nearest first: {} ({name} is printed as {printed})",
                list.join(", ")
            ),
        ),
    })
}

/// Rate, part and whole of a share relation.
fn share(facts: &Facts, id: RelationId) -> Option<(VarId, VarId, VarId)> {
    match &facts.system.relations.get(id.0)?.form {
        Form::Rate { rate, part, whole, scale: Scale::Share { .. } } => {
            Some((*rate, part.as_variable()?, whole.as_variable()?))
        }
        _ => None,
    }
}

/// The printed shares of a whole, and their parts.
fn every_share(facts: &Facts, whole: VarId) -> Vec<(VarId, VarId)> {
    let all = (0..facts.system.relations.len()).filter_map(|id| share(facts, RelationId(id)));
    let printed = |rate: &VarId| {
        facts.system.variables[rate.0].printed.as_ref().is_some_and(|p| !p.is_about() && p.interval.width().is_some())
    };
    all.filter(|(rate, _, other)| *other == whole && printed(rate)).map(|(rate, part, _)| (rate, part)).collect()
}

/// Relations that the solver passed by.
fn left_out(facts: &Facts, solution: &Solution) -> Vec<Text> {
    let names: Vec<String> =
        solution.ignored().filter_map(|id| facts.system.relations.get(id.0)).map(|r| r.name.clone()).collect();
    let note = |names: Vec<String>| {
        Text::new(format!("未采用的关系:{}", names.join(";")), format!("relations left out: {}", names.join("; ")))
    };
    Some(names).filter(|names| !names.is_empty()).map(note).into_iter().collect()
}
