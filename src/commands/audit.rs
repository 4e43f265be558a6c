//! `audit`: printed numbers that cannot all hold. Says what and how far off, never whose mistake it is.

use num_traits::{ToPrimitive, Zero};

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
        _ if certain.iter().all(|conflict| conflict.variables.is_empty()) => {
            (Text::new("不可能同时成立的关系", "Relations that cannot all hold"), Exit::No)
        }
        _ => (Text::new("不可能同时成立的所刊数字", "Printed numbers that cannot all hold"), Exit::No),
    };
    let mut answer = proof::answer(title.clone(), ("conflict", "矛盾", "Conflict"), &lines, lang);
    if certain.is_empty() {
        notes.insert(0, title);
    }
    answer.notes = notes;
    answer.notes.extend(proof::faults(&facts));
    answer.sources = proof::sources(&facts);
    Ok((answer, exit))
}

fn touches(facts: &Facts, conflict: &Conflict, found: Found) -> bool {
    let table = facts.table_of(found);
    let relations = conflict.relations.iter().filter_map(|id| facts.system.relations.get(id.0));
    let related = relations.flat_map(|relation| relation.form.variables());
    conflict.variables.iter().copied().chain(related).any(|v| facts.place(v).map(|place| place.table) == table)
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
    let these = match conflict.variables.is_empty() {
        true => Text::new("这些关系", "these relations"),
        false => Text::new("这些所刊数字", "these printed numbers"),
    };
    let given = match (assumed.is_empty(), units.is_empty()) {
        (true, true) => Text::default(),
        (false, _) => {
            let names = (assumed.join(";"), assumed.join("; "));
            Text::new(format!(",若下列假设成立:{}", names.0), format!(" if what is assumed does: {}", names.1))
        }
        (true, false) => {
            let names = (units.join(";"), units.join("; "));
            Text::new(format!(",若所假定的单位成立:{}", names.0), format!(" if the assumed units do: {}", names.1))
        }
    };
    let mut said = vec![Text::new(
        format!("{}不可能同时成立{}", these.zh, given.zh),
        format!("{} cannot all hold{}", these.en, given.en),
    )];
    if conflict.variables.is_empty() {
        return said;
    }
    said.push(match conflict.off.as_ref().and_then(ToPrimitive::to_f64) {
        Some(off) => Text::new(
            format!("末位各差约 {off:.1} 个单位才能成立(四舍五入至多 0.5)"),
            format!("they could hold only if the rounded ones were off by about {off:.1} units of their last place (rounding to nearest is 0.5)"),
        ),
        None => Text::new("任何舍入都不能使其成立", "no rounding would make them hold"),
    });
    said.extend(totals(facts, conflict));
    let more = conflict.variables.iter().flat_map(|variable| facts.slips(*variable)).collect();
    let (values, slips): (Vec<Mend>, Vec<Mend>) =
        mend(&facts.system, conflict, more, caps).into_iter().partition(|mend| mend.slip.change == Change::Value);
    said.extend(slips.iter().take(MENDS).map(|mend| slip(facts, mend)));
    if slips.is_empty() {
        said.extend(values.iter().filter(|mend| mend.mends_all).take(MENDS).map(|mend| slip(facts, mend)));
    }
    said
}

/// A change that would do.
fn slip(facts: &Facts, mend: &Mend) -> Text {
    let (variable, digits) = (mend.variable(), mend.digits().unwrap_or_default());
    let name = facts.name(variable);
    let other = |at: usize| mend.slip.instead.get(at).map(|(v, _)| facts.name(*v)).unwrap_or_default();
    let (zh, en) = match mend.slip.change {
        Change::Transposed => {
            (format!("{name} 若为 {digits}(两位互换)"), format!("{name} as {digits} (two digits exchanged)"))
        }
        Change::Digit => (format!("{name} 若为 {digits}(一位之差)"), format!("{name} as {digits} (one digit)")),
        Change::Sign => (format!("{name} 若为 {digits}(正负号)"), format!("{name} as {digits} (the sign)")),
        Change::Unit(power) => {
            let own = facts.unit(variable).map_or(0, |unit| unit.power);
            let unit = facts.family(variable).into_iter().find(|unit| unit.power == own + power);
            let unit = unit.map_or_else(|| ten_to(power), |unit| unit.title);
            (
                format!("{name} 若为 {digits} {}(另一单位)", unit.zh),
                format!("{name} as {digits} {} (another unit)", unit.en),
            )
        }
        Change::Exchanged => (
            format!("{name} 与 {} 若互换(差一年)", other(1)),
            format!("{name} and {} exchanged (a year off by one)", other(1)),
        ),
        Change::Shifted(years) => {
            let way = if years > 0 { ("前", "earlier") } else { ("后", "later") };
            (
                format!("{name} 所在的一列若整体{}移一年(差一年)", way.0),
                format!("the series of {name} one year {} (a year off by one)", way.1),
            )
        }
        Change::Total(other) => {
            let other = facts.name(other);
            (format!("{name} 若为 {digits}({other} 所刊)"), format!("{name} as {digits} (which {other} is printed as)"))
        }
        Change::Value => {
            let would_be = interval_text(&facts.in_unit(variable, &mend.would_be));
            (format!("{name} 若为 {would_be} 之内的某数"), format!("{name} as some number within {would_be}"))
        }
    };
    match mend.mends_all {
        true => Text::new(
            format!("{zh},则这些及相关的数字都可成立"),
            format!("with {en}, these and all numbers around them could hold"),
        ),
        false => Text::new(
            format!("{zh},则这些可成立,但相关的数字仍不能都成立"),
            format!("with {en}, these could hold, but not all numbers around them"),
        ),
    }
}

fn ten_to(power: i32) -> Text {
    Text::same(format!("× 10^{power}"))
}

/// The whole totals of which every printed share is a whole number of things, those nearest to the printed one: for the shares
/// in the conflict, and for all shares of that total.
fn totals(facts: &Facts, conflict: &Conflict) -> Option<Text> {
    let inside = |v: &VarId| conflict.variables.contains(v);
    let own = conflict.relations.iter().filter_map(|id| share(facts, *id));
    let own: Vec<(VarId, VarId, VarId)> = own.filter(|(rate, ..)| inside(rate)).collect();
    let whole = own.first()?.2;
    let known = facts.system.variables.get(whole.0)?;
    let counts =
        known.whole && own.iter().all(|(_, part, other)| *other == whole && facts.system.variables[part.0].whole);
    let exact = known.printed.as_ref().filter(|printed| counts && inside(&whole) && printed.unit.is_zero())?;
    let printed = exact.value.to_integer().to_u64()?;
    let term = |(rate, part, count): (VarId, VarId, bool)| {
        let fraction = facts.system.variables[rate.0].printed.as_ref()?.interval.scale(&integer(100).recip());
        let known = facts.system.variables[part.0].printed.as_ref().filter(|_| count);
        Some(Share { fraction, count: known.map_or_else(Interval::all, |printed| printed.interval.clone()) })
    };
    let own: Vec<Share> = own.into_iter().filter_map(|(rate, part, _)| term((rate, part, inside(&part)))).collect();
    let all: Vec<Share> =
        every_share(facts, whole).into_iter().filter_map(|(rate, part)| term((rate, part, true))).collect();
    if !fitting_totals(&own, printed, printed, 1).is_empty() {
        return None;
    }
    let (from, to) = (printed.saturating_sub(printed / 4 + 10).max(1), printed.saturating_add(printed / 4 + 10));
    let fitting = |shares: &[Share]| {
        let mut fitting = fitting_totals(shares, from, to, usize::MAX);
        fitting.sort_by_key(|total| total.abs_diff(printed));
        let list: Vec<String> = fitting.iter().take(TOTALS).map(u64::to_string).collect();
        match list.is_empty() {
            true => Text::new(format!("{from} 到 {to} 之间没有"), format!("none from {from} to {to}")),
            false => Text::new(list.join("、"), list.join(", ")),
        }
    };
    let these = fitting(&own);
    let every = match all.len() == own.len() {
        true => Text::default(),
        false => {
            let (count, list) = (all.len(), fitting(&all));
            Text::new(
                format!(";能有其全部 {count} 个所刊份额的:{}", list.zh),
                format!("; all {count} printed shares of it: {}", list.en),
            )
        }
    };
    let name = facts.name(whole);
    Some(Text::new(
        format!("能有这一组份额的整数总数(由近及远):{}{}({name} 所刊 {printed})", these.zh, every.zh),
        format!(
            "whole totals that can have the shares of this set, nearest first: {}{} ({name} is printed as {printed})",
            these.en, every.en
        ),
    ))
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
