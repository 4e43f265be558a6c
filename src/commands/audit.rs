//! `audit`: printed numbers that cannot all hold. Says what, by which arithmetic, how far off and what single change would do,
//! never whose mistake it is.

use std::collections::BTreeSet;

use num_traits::{ToPrimitive, Zero};

use super::proof::{self, Kind, Line, Proof};
use crate::answer::Answer;
use crate::catalog::Catalog;
use crate::error::{Exit, Result};
use crate::facts::{Facts, interval_text};
use crate::precision::{
    Basis, Caps, Change, Conflict, Form, Interval, Mend, Rational, RelationId, Scale, Severity, Share, Solution, VarId,
    consistency, integer, mend, nearest_totals,
};
use crate::render::decimal_text;
use crate::text::{Lang, Text};

/// Single changes shown for each conflict.
const MENDS: usize = 4;
/// Totals shown for each conflict.
const TOTALS: usize = 3;
/// Cells named where no conflict is.
const NAMED: usize = 5;

/// The conflicts of all packages, or of those that a dataset takes part in.
///
/// # Errors
/// The dataset does not exist, or a table is broken.
pub(super) fn answer(catalog: &Catalog, dataset: Option<&str>, lang: Lang) -> Result<(Answer, Exit)> {
    let found = dataset.map(|address| catalog.resolve(address)).transpose()?;
    let (datasets, without) = match found {
        Some(found) => (catalog.editions(found), Vec::new()),
        None => catalog.sound(),
    };
    let mut facts = Facts::about(catalog, &datasets)?;
    facts.across_editions();
    let caps = Caps::default();
    let solution = consistency(&facts.system, &caps);
    let own = found.and_then(|found| facts.table_of(found));
    let touching = |conflict: &&Conflict| own.is_none_or(|own| touches(&facts, conflict, own));
    let sound = |conflict: &&Conflict| conflict.verify(&facts.system);
    let of = |severity| solution.conflicts().iter().filter(move |conflict| conflict.severity == severity);
    let excused = of(Severity::Convention).filter(touching).count();
    let certain: Vec<&Conflict> = of(Severity::Certain).filter(sound).collect();
    // In conflict besides: what stands beside a conflict, and what no small set is known for.
    let stuck: BTreeSet<VarId> = solution.in_conflict().filter(|v| is_of(&facts, *v, own)).collect();
    let beside = |conflict: &&Conflict| stuck.iter().any(|v| solution.share_component(*v, conflict, &facts.system));
    let mut shown: Vec<&Conflict> = certain.iter().copied().filter(touching).collect();
    let direct = shown.len();
    shown.extend(certain.iter().copied().filter(|conflict| !touching(conflict) && beside(conflict)));
    let explained = |v: &VarId| shown.iter().any(|conflict| solution.share_component(*v, conflict, &facts.system));
    let unexplained: Vec<String> = stuck.iter().filter(|v| !explained(v)).map(|v| facts.name(*v)).collect();
    let proofs = Proof { facts: &facts, solution: &solution };
    let mut lines = Vec::new();
    let mut notes = Vec::new();
    for (at, conflict) in shown.iter().enumerate() {
        let number = (at + 1).to_string();
        let steps = proofs.refuted(&conflict.refutation(&facts.system, &caps));
        let all = members(&facts, conflict).into_iter().chain(steps).chain(ways_out(&facts, conflict, &caps));
        lines.extend(all.map(|line| Line { of: number.clone(), ..line }));
        let mut said = say(&facts, conflict);
        if at >= direct {
            said = Text::new(
                format!("{};因此与之相连的 {} 一无推断", said.zh, dataset.unwrap_or_default()),
                format!(
                    "{}; for that nothing is derived of {}, which is connected with them",
                    said.en,
                    dataset.unwrap_or_default()
                ),
            );
        }
        notes.push(numbered(&number, &said));
    }
    notes.extend(said_of_stuck(&unexplained));
    if excused > 0 {
        let (sets, hold) = if excused == 1 { ("set", "holds") } else { ("sets", "hold") };
        notes.push(Text::new(
            format!("另有 {excused} 组数字只差一个舍入单位:换一种舍入约定即可成立,不算矛盾"),
            format!(
                "{excused} more {sets} of numbers {hold} under another convention of rounding, one unit of the last place: no conflict"
            ),
        ));
    }
    notes.extend(left_out(&facts, &solution));
    notes.extend(without);
    let relations = |conflict: &&Conflict| conflict.variables.is_empty();
    let (title, exit) = match (shown.is_empty(), unexplained.is_empty()) {
        (true, true) => (Text::new("未发现矛盾", "No conflict found"), Exit::Answered),
        (false, _) if shown.iter().all(relations) => {
            (Text::new("不可能同时成立的关系", "Relations that cannot all hold"), Exit::No)
        }
        _ => (Text::new("不可能同时成立的所载数字", "Printed numbers that cannot all hold"), Exit::No),
    };
    let mut answer = proof::answer(title.clone(), ("conflict", "矛盾", "Conflict"), &lines, lang);
    if exit == Exit::Answered {
        notes.insert(0, title);
    }
    answer.notes = notes;
    answer.notes.extend(proof::faults(&facts));
    answer.sources = proof::sources(&facts);
    Ok((answer, exit))
}

/// Whether a variable is a cell of a table; any is where none is named.
fn is_of(facts: &Facts, variable: VarId, table: Option<usize>) -> bool {
    table.is_none_or(|table| facts.place(variable).is_some_and(|place| place.table == table))
}

/// Cells whose conflict is not known in its smallest parts: named, as many as people read.
fn said_of_stuck(names: &[String]) -> Option<Text> {
    let first: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = names.len().saturating_sub(NAMED);
    let (zh, en) = match more {
        0 => (String::new(), String::new()),
        _ => (format!(" 等 {} 个", names.len()), format!(" and {more} more")),
    };
    (!names.is_empty()).then(|| {
        Text::new(
            format!("下列数字不可能都成立,但未能找出其中最小的一组:{}{zh}", first.join("、")),
            format!("these cannot all hold, but no smallest set of them was found: {}{en}", first.join(", ")),
        )
    })
}

fn touches(facts: &Facts, conflict: &Conflict, table: usize) -> bool {
    let relations = conflict.relations.iter().filter_map(|id| facts.system.relations.get(id.0));
    let related = relations.flat_map(|relation| relation.form.variables());
    conflict.variables.iter().copied().chain(related).any(|v| is_of(facts, v, Some(table)))
}

fn numbered(number: &str, text: &Text) -> Text {
    Text::new(format!("[{number}] {}", text.zh), format!("[{number}] {}", text.en))
}

/// The facts and relations of a conflict, a row each.
pub(super) fn members(facts: &Facts, conflict: &Conflict) -> Vec<Line> {
    let printed =
        conflict.variables.iter().filter(|v| v.0 < facts.system.variables.len()).map(|v| proof::fact(facts, *v));
    let relations = conflict.relations.iter().filter_map(|id| proof::relation(facts, *id));
    let mut lines = printed.chain(relations).collect();
    proof::dedup(&mut lines);
    lines
}

/// What a conflict says: conditional where an assumption takes part.
fn say(facts: &Facts, conflict: &Conflict) -> Text {
    let assumed = conflict.relations.iter().filter_map(|id| facts.system.relations.get(id.0));
    let assumed = assumed.filter(|relation| relation.basis == Basis::Assumed).map(|relation| relation.name.clone());
    let printed = |v: &&VarId| facts.system.variables.get(v.0).and_then(|known| known.printed.as_ref());
    let unit = |v: &&VarId| printed(v).is_some_and(|printed| printed.format.basis == Basis::Assumed);
    let units = conflict.variables.iter().filter(unit).map(|v| facts.name(*v));
    let (assumed, units): (Vec<String>, Vec<String>) = (assumed.collect(), units.collect());
    let mut given = Vec::new();
    if !assumed.is_empty() {
        given.push(Text::new(
            format!("若下列假设成立:{}", assumed.join(";")),
            format!("if what is assumed does: {}", assumed.join("; ")),
        ));
    }
    if !units.is_empty() {
        given.push(Text::new(
            format!("若所假定的单位成立:{}", units.join(";")),
            format!("if the assumed units do: {}", units.join("; ")),
        ));
    }
    let these = match conflict.variables.is_empty() {
        true => Text::new("这些关系", "these relations"),
        false => Text::new("这些所载数字", "these printed numbers"),
    };
    let zh: Vec<&str> = given.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = given.iter().map(|text| text.en.as_str()).collect();
    let comma = if given.is_empty() { "" } else { "," };
    let space = if given.is_empty() { "" } else { " " };
    Text::new(
        format!("{}不可能同时成立{comma}{}", these.zh, zh.join(",且")),
        format!("{} cannot all hold{space}{}", these.en, en.join(", and ")),
    )
}

/// How far off the numbers of a conflict are, which totals would do, and which single changes: the best of each.
fn ways_out(facts: &Facts, conflict: &Conflict, caps: &Caps) -> Vec<Line> {
    if conflict.variables.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![off(conflict)];
    lines.extend(totals(facts, conflict));
    let more = conflict.variables.iter().flat_map(|variable| facts.slips(*variable)).collect();
    let (values, slips): (Vec<Mend>, Vec<Mend>) =
        mend(&facts.system, conflict, more, caps).into_iter().partition(|mend| mend.slip.change == Change::Value);
    // Another number altogether is news where no slip does as well.
    let news = values.iter().filter(|mend| mend.mends_all && slips.iter().all(|slip| !slip.mends_all));
    lines.extend(news.take(MENDS).chain(slips.iter().take(MENDS)).map(|mend| change(facts, mend)));
    lines
}

fn off(conflict: &Conflict) -> Line {
    let how = match conflict.off.as_ref().map(|off| decimal_text(off, 1)) {
        Some(off) => Text::new(
            format!("末位各差约 {off} 个单位才能成立(四舍五入至多 0.5)"),
            format!(
                "they could hold only if the rounded ones were off by about {off} units of their last place (rounding to nearest is 0.5)"
            ),
        ),
        None => Text::new("任何舍入都不能使其成立", "no rounding would make them hold"),
    };
    let tenths = |off: &Rational| (off * integer(10)).round() / integer(10);
    let interval = conflict.off.as_ref().map_or_else(Interval::all, |off| Interval::exact(tenths(off)));
    Line { kind: Kind::Off, how, interval, ..Line::default() }
}

/// A change that would do.
fn change(facts: &Facts, mend: &Mend) -> Line {
    let (variable, digits) = (mend.variable(), mend.digits().unwrap_or_default());
    let other = |at: usize| mend.slip.instead.get(at).map(|(v, _)| facts.name(*v)).unwrap_or_default();
    let (zh, en) = match mend.slip.change {
        Change::Transposed => (format!("若为 {digits}(两位互换)"), format!("as {digits} (two digits exchanged)")),
        Change::Digit => (format!("若为 {digits}(一位之差)"), format!("as {digits} (one digit)")),
        Change::Sign => (format!("若为 {digits}(正负号)"), format!("as {digits} (the sign)")),
        Change::Unit(power) => {
            let own = facts.unit(variable).map_or(0, |unit| unit.power);
            let unit = facts.family(variable).into_iter().find(|unit| unit.power == own + power);
            let unit = unit.map_or_else(|| ten_to(power), |unit| unit.title);
            (format!("若为 {digits} {}(另一单位)", unit.zh), format!("as {digits} {} (another unit)", unit.en))
        }
        Change::Exchanged => {
            (format!("若与 {} 互换(差一年)", other(1)), format!("exchanged with {} (a year off by one)", other(1)))
        }
        Change::Shifted(years) => {
            let way = if years > 0 { ("前", "earlier") } else { ("后", "later") };
            (
                format!("所在的一列若整体{}移一年(差一年)", way.0),
                format!("with its series one year {} (a year off by one)", way.1),
            )
        }
        Change::Total(other) => {
            let other = facts.name(other);
            (format!("若为 {digits}({other} 所载)"), format!("as {digits} (which {other} is printed as)"))
        }
        Change::Value => {
            let would_be = interval_text(&facts.in_unit(variable, &mend.would_be));
            match mend.would_be.is_exact() {
                true => (format!("若为 {would_be}"), format!("as {would_be}")),
                false => (format!("若为 {would_be} 之内的某数"), format!("as some number within {would_be}")),
            }
        }
    };
    let (kind, how) = match mend.mends_all {
        true => (
            Kind::Mend,
            Text::new(
                format!("{zh},则这些及相关的数字都可成立"),
                format!("{en}: these and all numbers around them could hold"),
            ),
        ),
        false => (
            Kind::Partial,
            Text::new(
                format!("{zh},则这些可成立;相关的数字能否都成立,未能证明"),
                format!("{en}: these could hold; that all numbers around them could is not shown"),
            ),
        ),
    };
    let new = mend.slip.instead[0].1.as_ref().map(|printed| Interval::exact(printed.value.clone()));
    let interval = facts.in_unit(variable, &new.unwrap_or_else(|| mend.would_be.clone()));
    let unit = facts.unit(variable).map(|unit| unit.code.clone()).unwrap_or_default();
    Line { kind, cell: facts.name(variable), how, interval, unit, ..Line::default() }
}

fn ten_to(power: i32) -> Text {
    Text::same(format!("× 10^{power}"))
}

/// The whole totals of which every printed share is a whole number of things, those nearest to the printed one: for the shares
/// in the conflict, and for all shares of that total.
fn totals(facts: &Facts, conflict: &Conflict) -> Vec<Line> {
    shared_total(facts, conflict).map_or_else(Vec::new, |(whole, printed, own, all)| {
        if nearest_totals(&own, printed, 1).0.first() == Some(&printed) {
            return Vec::new();
        }
        let unit = facts.unit(whole).map(|unit| unit.code.clone()).unwrap_or_default();
        let line = |interval, zh: String, en: String| Line {
            kind: Kind::Total,
            cell: facts.name(whole),
            how: Text::new(zh, en),
            interval,
            unit: unit.clone(),
            ..Line::default()
        };
        let list = |shares: &[Share], most, who: &Text| {
            let (found, (from, to)) = nearest_totals(shares, printed, most);
            let none = found.is_empty().then(|| {
                let (zh, en) = (
                    format!("{from} 到 {to} 之间的整数都不能有{}", who.zh),
                    format!("no whole number from {from} to {to} can have {}", who.en),
                );
                line(Interval::all(), zh, en)
            });
            let one = |total: u64| {
                let value = Interval::exact(Rational::from_integer(total.into()));
                let (zh, en) = (format!("若为 {total},可有{}", who.zh), format!("as {total}: can have {}", who.en));
                line(facts.in_unit(whole, &value), zh, en)
            };
            found.into_iter().map(one).chain(none).collect::<Vec<Line>>()
        };
        let mut lines = list(&own, TOTALS, &Text::new("这一组占比", "the shares of this set"));
        if all.len() != own.len() {
            let count = all.len();
            lines.extend(list(
                &all,
                1,
                &Text::new(format!("其全部 {count} 个所载占比"), format!("all {count} printed shares of it")),
            ));
        }
        lines
    })
}

/// The printed total of the shares in a conflict, these, and all printed shares of that total.
fn shared_total(facts: &Facts, conflict: &Conflict) -> Option<(VarId, u64, Vec<Share>, Vec<Share>)> {
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
    let all = every_share(facts, whole).into_iter().filter_map(|(rate, part)| term((rate, part, true))).collect();
    Some((whole, printed, own, all))
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
