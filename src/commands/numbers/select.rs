//! In which order rows are shown, and how many: `--period`, `--sort`, `--top`, `--rest`.

use std::cmp::Ordering;

use super::Context;
use super::sheet::{self, Sheet};
use super::statistics::{Ranking, column_key};
use crate::answer::{Cell, Column, Role, Values};
use crate::cli::Question;
use crate::error::{Error, Result};
use crate::line::{Edit, Line};
use crate::package::{CodeList, Missing, Period, PeriodKind, PeriodSelection};
use crate::precision::Rational;
use crate::stats::{Operand, Quantity};
use crate::text::Text;

/// The rows of the answer, in order. `--rest` adds rows to the sheet.
pub(super) fn rows(
    context: &Context,
    sheet: &mut Sheet,
    ranking: Option<&Ranking>,
    notes: &mut Vec<Text>,
) -> Result<Vec<usize>> {
    let mut rows: Vec<usize> = sheet.order.clone();
    rows.retain(|&row| sheet.wanted[row]);
    if let Some(ranking) = ranking.filter(|_| context.question.sort.is_none()) {
        let rank = |row: usize| ranking.ranks[row].as_ref().ok().and_then(place);
        rows.sort_by(|&a, &b| {
            let by_rank = || compare(rank(a), rank(b), false);
            sheet.panel.period[a].cmp(&sheet.panel.period[b]).then_with(by_rank)
        });
    }
    if let Some(typed) = context.question.sort.as_ref().filter(|_| !is_deferred(context, &sheet.columns)) {
        sort(context, sheet, typed, &mut rows)?;
    }
    match (context.question.top, ranking) {
        (Some(top), Some(ranking)) => Ok(cut(context, sheet, ranking, top, rows, notes)),
        _ => Ok(rows),
    }
}

/// Whether `--sort` names no column as yet, and `--pivot` may make it.
pub(super) fn is_deferred(context: &Context, columns: &[Column]) -> bool {
    let known = |typed: &String| columns.iter().any(|column| column.is(typed.strip_prefix('-').unwrap_or(typed)));
    context.question.pivot.is_some() && context.question.sort.as_ref().is_some_and(|typed| !known(typed))
}

/// The place of a number among others: its value, else its lower end.
pub(super) fn place(rank: &Quantity) -> Option<Rational> {
    rank.value.as_ref().ok().cloned().or_else(|| rank.bounds.lower.clone())
}

/// Numbers in order, those without one last either way.
pub(super) fn compare(a: Option<Rational>, b: Option<Rational>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

fn sort(context: &Context, sheet: &Sheet, typed: &str, rows: &mut [usize]) -> Result<()> {
    let (descending, name) = typed.strip_prefix('-').map_or((false, typed), |name| (true, name));
    let text =
        sheet.columns.iter().find(|c| matches!(c.role, Role::Period | Role::Dimension | Role::Attribute) && c.is(name));
    let mut shown = vec![0usize; sheet.panel.len()];
    for (at, &row) in sheet.order.iter().enumerate() {
        shown[row] = at;
    }
    match text {
        Some(column) if column.role == Role::Period => {
            rows.sort_by_key(|&row| sheet.panel.period[row]);
            if descending {
                rows.sort_by_key(|&row| std::cmp::Reverse(sheet.panel.period[row]));
            }
        }
        Some(column) => {
            let key = |row: usize| text_order(context, column, &column.values.cell(row));
            rows.sort_by_cached_key(|&row| key(row));
            if descending {
                rows.sort_by_cached_key(|&row| std::cmp::Reverse(key(row)));
            }
        }
        None => {
            let key = column_key(context, sheet, name, "--sort")?;
            let numbers = sheet.operands(&key).unwrap_or_default();
            let value = |row: usize| numbers[row].as_ref().ok().and_then(place);
            rows.sort_by(|&a, &b| compare(value(a), value(b), descending).then(shown[a].cmp(&shown[b])));
        }
    }
    Ok(())
}

/// Where a text comes among others of its column; empty ones last.
pub(super) fn text_order(context: &Context, column: &Column, cell: &Cell) -> (usize, String) {
    match cell {
        Cell::Member { code, .. } => member_order(context, column, code),
        Cell::Text(text) => (0, text.clone()),
        list @ Cell::List { .. } => (0, list.code()),
        _ => (usize::MAX, String::new()),
    }
}

/// The place of a code in its list: of the dimension, else of the attribute, whose list is named like it.
fn member_order(context: &Context, column: &Column, code: &str) -> (usize, String) {
    let place = |list: &CodeList| list.members.iter().position(|member| member.code == code);
    let at = match context.dataset.dimensions.iter().find(|d| d.name == column.key) {
        Some(dimension) => place(&dimension.codes),
        None => context.found.0.code_list(&column.key).ok().as_ref().and_then(place),
    };
    (at.unwrap_or(usize::MAX), code.to_owned())
}

/// `--top N`: the rows ranked so in their period, ties at the cut included; `--rest` adds the sum of the others.
fn cut(
    context: &Context,
    sheet: &mut Sheet,
    ranking: &Ranking,
    top: usize,
    rows: Vec<usize>,
    notes: &mut Vec<Text>,
) -> Vec<usize> {
    let limit = Rational::from_integer(top.into());
    let leaf = |row: usize, sheet: &Sheet| sheet.panel.leaf[sheet.panel.series[row] as usize];
    let within = |row: usize| ranking.ranks[row].as_ref().ok().and_then(place).is_some_and(|rank| rank <= limit);
    let (mut kept, left): (Vec<usize>, Vec<usize>) =
        rows.iter().copied().filter(|&row| leaf(row, sheet)).partition(|&row| within(row));
    let unranked = left.iter().filter(|&&row| ranking.ranks[row].is_err()).count();
    notes.extend(left_out(top, [rows.len(), kept.len(), left.len()], unranked));
    if context.question.rest && !left.is_empty() {
        let mut periods: Vec<u32> = left.iter().map(|&row| sheet.panel.period[row]).collect();
        periods.sort_unstable();
        periods.dedup();
        for period in periods {
            let parts: Vec<usize> = left.iter().copied().filter(|&row| sheet.panel.period[row] == period).collect();
            kept.push(rest(context, sheet, &parts));
        }
    }
    kept
}

/// What `--top` says of the rows that it leaves out: of all rows, those that it keeps, and the leaf members that it does not.
pub(super) fn left_out(top: usize, [all, kept, rows]: [usize; 3], unranked: usize) -> Option<Text> {
    if all > 0 && kept == 0 {
        return Some(Text::new(
            format!("所选的行没有一行排在各期前 {top};排名在全部成员之间进行"),
            format!("no row asked for is among the first {top} of its period; ranks run over all members"),
        ));
    }
    let (zh, en) = if unranked == 0 {
        (String::new(), String::new())
    } else {
        (format!(",其中 {unranked} 个没有数字"), format!(", {unranked} of them without a number"))
    };
    (rows > 0).then(|| {
        Text::new(
            format!("未显示 {rows} 行{zh}"),
            format!("{rows} {} left out{en}", if rows == 1 { "row" } else { "rows" }),
        )
    })
}

/// Adds one row that sums others: levels only, empty where a part is missing.
fn rest(context: &Context, sheet: &mut Sheet, parts: &[usize]) -> usize {
    let row =
        sheet.columns.iter().find_map(|c| if let Values::Cells(cells) = &c.values { Some(cells.len()) } else { None });
    let mut cells = rest_of(context, &sheet.columns, parts);
    if let Some(derived) = context.derived {
        let levels = sheet.columns.iter().zip(&mut cells).filter(|(column, _)| is_level(context, column));
        for (column, cell) in levels {
            *cell = sheet::computed(derived.over_rows(&column.key, parts, sheet::operand(cell)));
        }
    }
    for (column, cell) in sheet.columns.iter_mut().zip(cells) {
        if let Values::Cells(cells) = &mut column.values {
            cells.push(cell);
        }
    }
    row.unwrap_or_default()
}

/// Whether a column holds numbers that add up.
fn is_level(context: &Context, column: &Column) -> bool {
    context.dataset.measures.iter().any(|m| m.name == column.key && m.kind.adds_up())
}

/// The cells of a row that sums others, one a column.
pub(super) fn rest_of(context: &Context, columns: &[Column], parts: &[usize]) -> Vec<Cell> {
    let first = parts.first().copied().unwrap_or_default();
    let mut named = false;
    let mut cell = |column: &Column| match column.role {
        Role::Period => column.values.cell(first).into_owned(),
        Role::Dimension if !std::mem::replace(&mut named, true) => {
            Cell::Member { code: "rest".to_owned(), title: Text::new("其余", "Rest") }
        }
        _ if is_level(context, column) => {
            let operands: Vec<Operand> = parts.iter().map(|&part| sheet::operand(&column.values.cell(part))).collect();
            sheet::computed(sum(operands))
        }
        Role::Measure | Role::Statistic => Cell::Empty(Some(Missing::NotPrinted)),
        _ => Cell::Empty(None),
    };
    columns.iter().map(&mut cell).collect()
}

/// The sum of numbers; empty for the reason of the first that is missing.
pub(super) fn sum(operands: Vec<Operand>) -> Operand {
    let mut total = Quantity::exact(Rational::from_integer(0.into()));
    for operand in operands {
        total = total.plus(&operand?)?;
    }
    Ok(total)
}

/// Whether every statistic that is asked for looks at one period alone.
pub(super) fn within_periods(question: &Question) -> bool {
    let over = question.growth.is_some() || question.change.is_some() || question.index.is_some() || question.cagr;
    !over
}

/// Which of the periods are asked for.
pub(super) fn periods(context: &Context, all: &[Period], notes: &mut Vec<Text>) -> Result<Vec<bool>> {
    let Some(typed) = context.question.period.as_deref().filter(|_| !context.question.cagr) else {
        return Ok(vec![true; all.len()]);
    };
    let selection = PeriodSelection::parse(typed).map_err(|_| bad_period(typed, all))?;
    let last = Period::latest(all.iter());
    let mut chosen: Vec<bool> = all.iter().map(|period| selection.matches(period, last)).collect();
    let mut absent = Vec::new();
    if let PeriodSelection::Of(periods) = selection {
        for period in periods.into_iter().filter(|period| !all.contains(period)) {
            // A year without a row of its own is its months.
            let within = PeriodSelection::Range(period.clone(), period.clone());
            let plain = period.kind() == PeriodKind::Plain;
            let inside: Vec<usize> = (0..all.len()).filter(|&row| plain && within.matches(&all[row], None)).collect();
            inside.iter().for_each(|&row| chosen[row] = true);
            absent.extend(Some(period).filter(|_| inside.is_empty()));
        }
    }
    let nothing = !all.is_empty() && !chosen.contains(&true);
    if nothing || !absent.is_empty() {
        notes.push(absence(&of_one_measure(context), typed, &absent, all, nothing));
    }
    Ok(chosen)
}

/// The line typed, with a measure where `--value` wants one and there are several.
fn of_one_measure(context: &Context) -> Line {
    let line = context.question.line.clone();
    match context.measures {
        [first, _, ..] if line.has("--value") => line.set("--measure", Some(&first.name)),
        _ => line,
    }
}

/// Periods that a note names one by one.
const NAMED: usize = 12;

/// What is said of periods that have no row: which there are, and a line that finds some where none was found.
pub(super) fn absence(line: &Line, typed: &str, absent: &[Period], all: &[Period], nothing: bool) -> Text {
    let there = |joint: &str| match all {
        [first, .., last] if all.len() > NAMED => format!("{first} … {last}"),
        _ => all.iter().map(Period::as_str).collect::<Vec<_>>().join(joint),
    };
    let near = absent.first().and_then(|typed| all.iter().find(|own| own.begins_in(typed.year())));
    let near = near.filter(|_| !line.has("--cagr"));
    let mut plain = all.iter().filter(|period| period.is_unit());
    let plain = match (plain.next(), plain.next_back()) {
        (Some(first), Some(last)) if line.has("--cagr") => Some(format!("{first}..{last}")),
        (first, last) => near.or(last).or(first).or(all.last()).map(ToString::to_string),
    };
    let example = plain.filter(|_| nothing).map(|period| line.clone().set("--period", Some(&period)).to_string());
    let (zh, en) = match example {
        Some(line) => (format!("。可以输入:{line}"), format!(". Try: {line}")),
        None => (String::new(), String::new()),
    };
    let named: Vec<&str> = absent.iter().map(Period::as_str).collect();
    let named = |joint: &str| if named.is_empty() { typed.to_owned() } else { named.join(joint) };
    Text::new(
        format!("没有 {} 的行;现有时期:{}{zh}", named("、"), there("、")),
        format!("no row for {}; the periods there are: {}{en}", named(", "), there(", ")),
    )
}

const LATEST: &str = "latest";

/// The refusal of what is no period; `all` are those that have a row.
pub(super) fn bad_period(typed: &str, all: &[Period]) -> Error {
    let plain = || all.iter().filter(|period| period.is_unit());
    let open = match (typed.strip_suffix(".."), typed.strip_prefix("..")) {
        (Some(start), None) => plain().max().map(|last| format!("{start}..{last}")),
        (None, Some(end)) => plain().min().map(|first| format!("{first}..{end}")),
        _ => None,
    };
    if let Some(closed) = open.filter(|range| PeriodSelection::parse(range).is_ok()) {
        return Error::new(format!("区间「{typed}」缺一端"), format!("the range '{typed}' lacks an end"))
            .instead([Edit::set("--period", closed)]);
    }
    if let Some((start, end)) = typed.split_once("..").filter(|(start, _)| !start.is_empty()) {
        let turned = format!("{end}..{start}");
        if PeriodSelection::parse(&turned).is_ok() {
            return Error::new(format!("「{typed}」从后往前"), format!("'{typed}' runs backwards"))
                .instead([Edit::set("--period", turned)]);
        }
    }
    Error::new(format!("「{typed}」不是时期"), format!("'{typed}' is no period"))
        .detail(
            "要写 2023、2023-03、2019,2023、2019..2023、../2023 或 latest",
            "write 2023, 2023-03, 2019,2023, 2019..2023, ../2023 or latest",
        )
        .instead([Edit::set("--period", PeriodSelection::meant(typed).unwrap_or_else(|| LATEST.to_owned()))])
}

/// The refusal of a base of `--index` that has no row; `all` are the periods that have one.
pub(super) fn no_base(typed: &str, all: &[Period]) -> Error {
    other_base(Error::new(format!("没有 {typed} 的行"), format!("there is no row for {typed}")), typed, all)
}

/// The refusal of a base of `--index` that is the only period of its kind.
pub(super) fn lone_base(typed: &str, all: &[Period]) -> Error {
    let error = Error::new(
        format!("{typed} 与其他时期不是一类,不能作基期"),
        format!("no other period is like {typed}: it is no base for them"),
    );
    other_base(error, typed, all)
}

/// With the periods that there are, and a base among those of the main kind: the last for `latest`, else the first.
fn other_base(error: Error, typed: &str, all: &[Period]) -> Error {
    let main = Period::of_main_kind(all);
    let meant = if typed == LATEST { main.last() } else { main.first() };
    let names: Vec<&str> = all.iter().map(Period::as_str).collect();
    error
        .detail(format!("时期:{}", names.join("、")), format!("periods: {}", names.join(", ")))
        .instead([Edit::set("--index", meant.map(ToString::to_string).unwrap_or_default())])
}
