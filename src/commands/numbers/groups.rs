//! Members that may be groups of other members: where a package mixes totals with their parts and does not say so, ranks and
//! shares count things twice. Nothing is taken off; it is said. A package that declares what it is made of is believed, but
//! for members that are totals by their names.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use num_traits::{Signed, Zero};

use super::Context;
use super::sheet::Sheet;
use crate::answer::{Cell, Values};
use crate::package::{Dimension, Period, is_total};
use crate::precision::Rational;
use crate::stats::Operand;
use crate::text::Text;

/// What gives a group away, in the last period asked for: a member with half of the sum or more, over all other dimensions or
/// within most of their members, or one that is exactly the sum of two others where chance cannot make it so.
pub(super) fn note(context: &Context, sheet: &Sheet, own: &[Operand], title: &Text) -> Option<Text> {
    let declared = context.dataset.resource.declared;
    context.dataset.dimensions.iter().find_map(|dimension| {
        let Groups { members, period, zh, en } = within(sheet, own, dimension, &context.dataset.dimensions, declared)?;
        if declared {
            return Some(Text::new(
                format!("{}({period}):{zh},却未写进 aistat:parts,排名与占比把它也算在内", title.zh),
                format!(
                    "{} in {period}: {en} and is not in aistat:parts, so ranks and shares count it as a member",
                    title.en
                ),
            ));
        }
        let members = others_than_asked(sheet, dimension, &members).unwrap_or(members);
        let hint = crate::line::quote(&format!("{}!={}", dimension.name, members.join(",")));
        Some(Text::new(
            format!(
                "{}({period}):{zh};数据包没有说明哪些成员是合计,排名与占比把它们也算在内;可用 --where {hint} 排除",
                title.zh
            ),
            format!(
                "{} in {period}: {en}; the package does not say which members are groups of others, so ranks and shares count them too: --where {hint} leaves members out",
                title.en
            ),
        ))
    })
}

/// All members but those whose rows are asked for, where nothing of these would be left without the groups.
fn others_than_asked(sheet: &Sheet, dimension: &Dimension, groups: &[String]) -> Option<Vec<String>> {
    let values = &sheet.columns[sheet.position(&dimension.name)?].values;
    let codes = |asked: bool| -> HashSet<String> {
        let rows = (0..sheet.wanted.len()).filter(|&row| sheet.wanted[row] == asked);
        rows.map(|row| values.cell(row).code()).collect()
    };
    let (asked, others) = (codes(true), codes(false));
    let known = dimension.codes.members.iter().map(|member| member.code.clone());
    asked
        .iter()
        .all(|code| groups.contains(code))
        .then(|| known.filter(|code| others.contains(code) && !asked.contains(code)).collect())
}

/// What is said of members that have no row in a period, and have one in others: ranks and shares there are without them.
pub(super) fn absent(context: &Context, sheet: &Sheet, period: u32) -> Option<Text> {
    let dataset = context.dataset;
    if dataset.resource.declared {
        return None;
    }
    let rows: Vec<usize> = (0..sheet.panel.len()).filter(|&row| sheet.panel.period[row] == period).collect();
    let of = |dimension: &Dimension| -> Vec<Text> {
        let Some(at) = sheet.position(&dimension.name) else { return Vec::new() };
        let there: HashSet<String> = rows.iter().map(|&row| sheet.columns[at].values.cell(row).code()).collect();
        let used = dataset.used(&dimension.name);
        let lacks = |code: &str| used.contains(code) && !there.contains(code);
        let members = dimension.codes.members.iter().filter(|member| lacks(&member.code));
        members.map(|member| member.title.clone()).collect()
    };
    let absent: Vec<Text> = dataset.dimensions.iter().flat_map(of).collect();
    let list = |pick: fn(&Text) -> &str, joint: &str| {
        let more = if absent.len() > NAMED { "…" } else { "" };
        absent.iter().take(NAMED).map(pick).collect::<Vec<_>>().join(joint) + more
    };
    let (shown, zh, en) =
        (&sheet.panel.periods[period as usize], list(|text| &text.zh, "、"), list(|text| &text.en, ", "));
    (!absent.is_empty()).then(|| {
        Text::new(
            format!("{shown} 没有{zh}的行:排名与占比不含它"),
            format!("no row in {shown} for {en}: ranks and shares there are without it"),
        )
    })
}

/// What is said where the members of a dimension are added up, and some may be groups of others.
pub(super) fn summed(
    sheet: &Sheet,
    own: &[Operand],
    title: &Text,
    dimension: &Dimension,
    declared: bool,
) -> Option<Text> {
    Some(added_up(within(sheet, own, dimension, &[], declared)?, title, dimension))
}

/// The same by what each member has in a period.
pub(super) fn summed_large(
    numbers: &[f64],
    period: &Period,
    title: &Text,
    dimension: &Dimension,
    declared: bool,
) -> Option<Text> {
    let known = numbers.iter().enumerate().filter_map(|(at, sum)| Some((at, Rational::from_float(*sum)?))).collect();
    let member = |at: usize| dimension.codes.members.get(at).map(|member| (member.code.clone(), member.title.clone()));
    let found = given_away(known, &|at| member(at).unwrap_or_default(), period, declared)?;
    Some(added_up(found, title, dimension))
}

fn added_up(Groups { period, zh, en, .. }: Groups, title: &Text, dimension: &Dimension) -> Text {
    Text::new(
        format!("{}({period}):{zh};数据包没有说明哪些成员是合计,相加时把它们也算在内", title.zh),
        format!(
            "{} in {period}: {en}; the package does not say which members are groups of others, so sums over {} count them too",
            title.en, dimension.title.en
        ),
    )
}

/// Members that are most likely groups of others, and what gives them away.
struct Groups {
    /// Their codes, behind those that are left out already.
    members: Vec<String>,
    period: String,
    zh: String,
    en: String,
}

/// The groups of one dimension: numbers are added up over the others, or else compared within each of `all` the others.
fn within(sheet: &Sheet, own: &[Operand], dimension: &Dimension, all: &[Dimension], declared: bool) -> Option<Groups> {
    let period = sheet.last_wanted()?;
    let in_period =
        |row: &usize| sheet.panel.period[*row] == period && sheet.panel.leaf[sheet.panel.series[*row] as usize];
    let value =
        |row: usize| own[row].as_ref().ok().and_then(|quantity| quantity.value.clone().ok()).map(|value| (row, value));
    let members = sheet.position(&dimension.name).map(|at| &sheet.columns[at].values)?;
    let code = |row: usize| members.cell(row).code();
    let rows: Vec<(usize, Rational)> = (0..own.len()).filter(in_period).filter_map(value).collect();
    let mut numbers: Vec<(usize, Rational)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (row, value) in rows.iter().cloned() {
        match known.entry(code(row)) {
            Entry::Occupied(at) => numbers[*at.get()].1 += value,
            Entry::Vacant(place) => {
                place.insert(numbers.len());
                numbers.push((row, value));
            }
        }
    }
    let name = |row: usize| match members.cell(row).into_owned() {
        Cell::Member { code, title } => (code, title),
        _ => (String::new(), Text::default()),
    };
    let shown = &sheet.panel.periods[period as usize];
    let found = given_away(numbers, &name, shown, declared);
    let mut found = found.or_else(|| {
        if declared {
            return None;
        }
        let others = all.iter().filter(|other| other.name != dimension.name);
        let others: Vec<&Values> =
            others.filter_map(|other| Some(&sheet.columns[sheet.position(&other.name)?].values)).collect();
        in_most(&rows, &others, &name, shown)
    })?;
    // What is left out stays so.
    let is_out =
        |row: &usize| sheet.panel.period[*row] == period && !sheet.panel.leaf[sheet.panel.series[*row] as usize];
    let left: HashSet<String> = (0..own.len()).filter(in_period).map(|row| name(row).0).collect();
    let out = (0..own.len()).filter(is_out).map(|row| name(row).0);
    let mut out: Vec<String> = out.filter(|code| !left.contains(code)).collect();
    out.sort_by_key(|code| dimension.codes.members.iter().position(|member| member.code == *code));
    let mut codes: Vec<String> = out.into_iter().chain(found.members).collect();
    let mut seen = HashSet::new();
    codes.retain(|code| seen.insert(code.clone()));
    found.members = codes;
    Some(found)
}

/// The groups among members with these numbers, by these or by the members' names; in a package that `declared` its groups by
/// names alone.
fn given_away(
    numbers: Vec<(usize, Rational)>,
    name: &dyn Fn(usize) -> (String, Text),
    period: &Period,
    declared: bool,
) -> Option<Groups> {
    // A total is at least as much as any other, unless something is taken off.
    let less = numbers.iter().any(|(_, value)| value.is_negative());
    let is_named = |row: usize| is_total(&name(row).1.zh) || is_total(&name(row).1.en);
    let most = numbers.iter().filter(|(row, _)| !is_named(*row)).map(|(_, value)| value).max();
    let totals = numbers.iter().filter(|(row, value)| is_named(*row) && most.is_some_and(|most| less || value >= most));
    let totals: Vec<(String, Text)> = totals.map(|(row, _)| name(*row)).take(NAMED).collect();
    let by_numbers = if declared { None } else { by_numbers(numbers, name, period) };
    by_numbers.or_else(|| {
        let (_, Text { zh, en }) = totals.first()?;
        let (zh, en) = (format!("从名称看,{zh}是合计"), format!("{en} is a total by its name"));
        let members = totals.into_iter().map(|(code, _)| code).collect();
        Some(Groups { members, period: period.to_string(), zh, en })
    })
}

fn by_numbers(
    mut numbers: Vec<(usize, Rational)>,
    name: &dyn Fn(usize) -> (String, Text),
    period: &Period,
) -> Option<Groups> {
    if numbers.len() < 3 || numbers.iter().any(|(_, value)| value.is_negative()) {
        return None;
    }
    numbers.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let (members, zh, en) = match half(&numbers) {
        Some(row) => {
            let (code, member) = name(row);
            (
                vec![code],
                format!("{}占全部成员之和的一半以上", member.zh),
                format!("{} is half of the sum of all members or more", member.en),
            )
        }
        None => {
            let sums = sums_of_two(&numbers);
            let &(row, [a, b]) = sums.first()?;
            let ((_, member), (_, a), (_, b)) = (name(row), name(a), name(b));
            let more = sums.len() - 1;
            let (more_zh, more_en) = match more {
                0 => (String::new(), String::new()),
                1 => (",另有 1 个成员如此".to_owned(), ", and 1 more member is such a sum".to_owned()),
                _ => (format!(",另有 {more} 个成员如此"), format!(", and {more} more members are such sums")),
            };
            (
                sums.iter().map(|(row, _)| *row).take(NAMED).map(|row| name(row).0).collect(),
                format!("{}恰为{}与{}之和{more_zh}", member.zh, a.zh, b.zh),
                format!("{} is exactly {} and {} together{more_en}", member.en, a.en, b.en),
            )
        }
    };
    Some(Groups { members, period: period.to_string(), zh, en })
}

/// The member that has half of the sum or more within most members of the other dimensions: what is printed of each is
/// rounded, and not of all is all printed, so that their sum may not show it.
fn in_most(
    rows: &[(usize, Rational)],
    others: &[&Values],
    name: &dyn Fn(usize) -> (String, Text),
    period: &Period,
) -> Option<Groups> {
    let mut groups: HashMap<Vec<String>, Vec<(usize, Rational)>> = HashMap::new();
    for (row, value) in rows {
        let key = others.iter().map(|values| values.cell(*row).code()).collect();
        groups.entry(key).or_default().push((*row, value.clone()));
    }
    groups.retain(|_, numbers| numbers.len() > 2 && !numbers.iter().any(|(_, value)| value.is_negative()));
    let mut found: HashMap<String, (usize, Text)> = HashMap::new();
    for numbers in groups.values_mut() {
        numbers.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        if let Some((code, title)) = half(numbers).map(name) {
            found.entry(code).or_insert((0, title)).0 += 1;
        }
    }
    let all = groups.len();
    let (code, (count, member)) = found.into_iter().find(|(_, (count, _))| all > 1 && 2 * count > all)?;
    Some(Groups {
        members: vec![code],
        period: period.to_string(),
        zh: format!("其他维度的 {all} 种组合中,{}在 {count} 种里占全部成员之和的一半以上", member.zh),
        en: format!(
            "{} is half of the sum of all members or more in {count} of {all} combinations of the other dimensions",
            member.en
        ),
    })
}

/// The first member, if it has half of the sum or more.
fn half(numbers: &[(usize, Rational)]) -> Option<usize> {
    let (row, first) = numbers.first()?;
    let rest: Rational = numbers[1..].iter().map(|(_, value)| value).sum();
    (*first >= rest && !rest.is_zero()).then_some(*row)
}

/// How many members a note tells how to leave out.
const NAMED: usize = 5;

/// How many members are looked at: pairs are compared.
const MOST: usize = 1000;

/// Members that are exactly the sum of two others, the largest first. Of n members, n³/2 sums could come about by chance: only
/// numbers of at least 10 n³ are taken, all three, so that none is likely to.
fn sums_of_two(numbers: &[(usize, Rational)]) -> Vec<(usize, [usize; 2])> {
    let numbers = &numbers[..numbers.len().min(MOST)];
    let whole = |value: &Rational| value.is_integer().then(|| i128::try_from(value.to_integer()).ok()).flatten();
    let Some(values) = numbers.iter().map(|(_, value)| whole(value)).collect::<Option<Vec<i128>>>() else {
        return Vec::new();
    };
    let n = values.len() as i128;
    let least = 10 * n * n * n;
    let index: HashMap<i128, usize> = values.iter().enumerate().rev().map(|(at, value)| (*value, at)).collect();
    let parts = |at: usize| {
        let sum = values[at];
        let larger = values.iter().enumerate().skip(at + 1).take_while(|(_, part)| **part * 2 >= sum);
        larger.filter(|(_, part)| sum - **part >= least).find_map(|(other, part)| {
            let rest = *index.get(&(sum - part)).filter(|rest| **rest != other)?;
            Some((numbers[at].0, [numbers[other].0, numbers[rest].0]))
        })
    };
    (0..values.len()).take_while(|&at| values[at] >= least).filter_map(parts).collect()
}
