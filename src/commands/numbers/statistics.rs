//! Adds the columns of the statistics that were asked for.

use std::collections::{HashMap, HashSet};

use super::sheet::{self, Sheet};
use num_traits::{Signed, ToPrimitive};

use super::{Context, derive, select};
use crate::answer::{Cell, Column, Role, Values};
use crate::catalog::Found;
use crate::cli::{Question, Step};
use crate::error::{Error, Result};
use crate::line::Edit;
use crate::package::{Dataset, Exhaustive, Kind, Measure, Missing, Period, PeriodSelection, Unit};
use crate::precision::integer;
use crate::reference::Reference;
use crate::stats::{self, Expr, Lag, Operand, Panel, Quantity, Stat};
use crate::suggest::{nearest, spellings};
use crate::text::Text;

/// The statistics of a question, ranks apart.
pub(super) fn stats(question: &Question) -> Vec<Stat> {
    let asked = |stat: &Stat| match stat {
        Stat::Growth => question.growth.is_some(),
        Stat::Change => question.change.is_some(),
        Stat::Cagr => question.cagr,
        Stat::Index => question.index.is_some(),
        Stat::Share => question.share,
        Stat::Relative => question.relative_to.is_some(),
        Stat::Rank => false,
    };
    Stat::ALL.into_iter().filter(asked).collect()
}

/// Keys of the columns that the question is about: of its statistics if it asks for any, else of its measures.
pub(super) fn focus(context: &Context, stats: &[Stat]) -> Vec<String> {
    let Context { dataset, measures, .. } = *context;
    if stats.is_empty() {
        return measures.iter().map(|measure| measure.name.clone()).collect();
    }
    let admitted =
        |stat: &Stat| measures.iter().filter(|m| admits(dataset, m, *stat)).map(|m| key(m, *stat)).collect::<Vec<_>>();
    stats.iter().flat_map(admitted).collect()
}

/// The key of the column of a statistic.
pub(in crate::commands) fn key(measure: &Measure, stat: Stat) -> String {
    format!("{}_{}", measure.name, stat.suffix())
}

/// Rates have no growth and no share. A share takes a whole: the sum of members, or one that is declared.
fn admits(dataset: &Dataset, measure: &Measure, stat: Stat) -> bool {
    match stat {
        Stat::Change | Stat::Rank => true,
        Stat::Share if dataset.dimensions.is_empty() && measure.share.is_none() => false,
        Stat::Share => measure.kind.adds_up(),
        _ => measure.kind != Kind::Rate,
    }
}

/// Takes some of the statistics out of the line.
fn drop_stats(context: &Context, which: impl Fn(Stat) -> bool) -> impl Iterator<Item = Edit> {
    let out: Vec<Stat> = stats(context.question).into_iter().filter(|stat| which(*stat)).collect();
    out.into_iter().map(|stat| Edit::drop(super::option_of(stat)))
}

/// The statistics row by row: growth, change, index, share, ratio to a member.
pub(super) fn add(context: &Context, sheet: &mut Sheet, notes: &mut Vec<Text>) -> Result<Vec<Stat>> {
    let stats = stats(context.question);
    for &stat in &stats {
        for measure in admitted(context, stat, notes)? {
            let computed = compute(context, sheet, measure, stat, notes)?;
            if stat == Stat::Index {
                let own = sheet.operands(&measure.name).unwrap_or_default();
                let base = base(context, &sheet.panel, &with_number(sheet, &own))?;
                place(sheet, measure, stat, computed);
                name_base(sheet, measure, base.as_ref());
            } else {
                place(sheet, measure, stat, computed);
            }
        }
    }
    Ok(stats)
}

/// The measures of a question that admit a statistic. A named one that does not is refused, and so is a statistic that none
/// does where no other is asked for that one does.
pub(super) fn admitted<'a>(context: &Context<'a>, stat: Stat, notes: &mut Vec<Text>) -> Result<Vec<&'a Measure>> {
    let Context { dataset, measures, .. } = *context;
    let (fit, unfit): (Vec<&Measure>, Vec<&Measure>) = measures.iter().copied().partition(|m| admits(dataset, m, stat));
    let Some(first) = unfit.first() else { return Ok(fit) };
    let title = stat.title();
    let answered =
        || stats(context.question).into_iter().any(|other| measures.iter().any(|m| admits(dataset, m, other)));
    let refused = context.named() || fit.is_empty() && !answered();
    let (rates, without): (Vec<&Measure>, Vec<&Measure>) = unfit.iter().copied().partition(|m| !m.kind.adds_up());
    if let Some(first) = without.first().filter(|_| refused) {
        return Err(no_whole(context, first));
    }
    if refused {
        let without = |flag: Option<&str>| {
            let edits = drop_stats(context, |other| !admits(dataset, first, other));
            edits.chain(flag.map(Edit::flag)).collect::<Vec<_>>()
        };
        let edits = match (stat, dataset.dimensions.is_empty()) {
            (Stat::Share, true) => without(None),
            (Stat::Share, false) => without(Some("--rank")),
            (Stat::Growth, _) => without(Some("--change")),
            _ => admitting(context, &fit).map_or_else(|| without(None), |names| vec![Edit::set("--measure", names)]),
        };
        let (zh, en) = match first.kind {
            Kind::Mean => ("不能相加", "does not add up"),
            _ => ("是比率或名次", "is a rate or a place"),
        };
        return Err(Error::new(
            format!("「{}」{zh},没有{}", first.title.zh, title.zh),
            format!("'{}' {en}: it has no {}", first.name, title.en),
        )
        .instead(edits));
    }
    let names = |measures: &[&Measure], zh: bool| {
        let names: Vec<&str> =
            measures.iter().map(|m| if zh { m.title.zh.as_str() } else { m.title.en.as_str() }).collect();
        names.join(if zh { "、" } else { ", " })
    };
    let (means, rates): (Vec<&Measure>, Vec<&Measure>) = rates.into_iter().partition(|m| m.kind == Kind::Mean);
    if !means.is_empty() {
        notes.push(Text::new(
            format!("不能相加的没有{}:{}", title.zh, names(&means, true)),
            format!("what does not add up has no {}: {}", title.en, names(&means, false)),
        ));
    }
    if !rates.is_empty() {
        notes.push(Text::new(
            format!("比率没有{}:{}", title.zh, names(&rates, true)),
            format!("rates have no {}: {}", title.en, names(&rates, false)),
        ));
    }
    if !without.is_empty() {
        notes.push(Text::new(
            format!("没有总体可占,不算{}:{}", title.zh, names(&without, true)),
            format!("no {} without a whole to take it of: {}", title.en, names(&without, false)),
        ));
    }
    Ok(fit)
}

/// The measures that admit all statistics of the question: those of a choice, else of the dataset.
fn admitting(context: &Context, chosen: &[&Measure]) -> Option<String> {
    let all = |measure: &&Measure| stats(context.question).iter().all(|stat| admits(context.dataset, measure, *stat));
    let names = |measures: Vec<&Measure>| {
        let names: Vec<&str> = measures.into_iter().filter(all).map(|measure| measure.name.as_str()).collect();
        Some(names.join(",")).filter(|names| !names.is_empty())
    };
    names(chosen.to_vec()).or_else(|| names(context.dataset.measures.iter().collect()))
}

/// The refusal of a share where there are no members and no whole is declared.
fn no_whole(context: &Context, measure: &Measure) -> Error {
    let error = Error::new(
        format!("「{}」没有总体可占", measure.title.zh),
        format!("'{}' has nothing to be a share of", measure.name),
    )
    .detail("这个数据集没有成员,也没有声明总体", "this dataset has no members, and no whole is declared");
    let own = &context.found.1.address;
    let broken_down = |(package, resource): &(&crate::package::Package, &crate::package::Resource)| {
        package.name == own.package
            && (&resource.address.area, &resource.address.topic) == (&own.area, &own.topic)
            && !resource.address.dimensions.is_empty()
    };
    // Of members that are not all there is, a share takes a whole that is declared.
    let has_whole = |found: &Found| {
        let declared = |dataset: Dataset| dataset.measures.iter().any(|measure| measure.share.is_some());
        found.1.exhaustive != Exhaustive::No || context.catalog.read(*found).is_ok_and(declared)
    };
    match context.catalog.all().find(|found| broken_down(found) && has_whole(found)) {
        Some(found) => error.hint(format!("{} --share", context.catalog.line(found))),
        None => error.instead([Edit::drop("--share")]),
    }
}

pub(super) fn lag(step: Option<Step>) -> Lag {
    match step {
        Some(Step::Previous) => Lag::Periods(1),
        _ => Lag::Year,
    }
}

fn compute(
    context: &Context,
    sheet: &Sheet,
    measure: &Measure,
    stat: Stat,
    notes: &mut Vec<Text>,
) -> Result<Vec<Operand>> {
    let own = sheet.operands(&measure.name).unwrap_or_default();
    let question = context.question;
    let base = match stat {
        Stat::Index => base(context, &sheet.panel, &with_number(sheet, &own))?,
        _ => None,
    };
    let bases = if stat == Stat::Relative { relative_rows(context, sheet)? } else { Vec::new() };
    let (expr, second): (Expr, Option<Vec<Operand>>) = match stat {
        Stat::Growth => (stats::growth(lag(question.growth)), None),
        Stat::Change => (stats::change(lag(question.change)), None),
        Stat::Index => match &base {
            Some(base) => (stats::index(base.clone()), None),
            // Nothing has a number: every row is empty for its own reason.
            None => return Ok(own),
        },
        Stat::Share => match whole(context, sheet, measure)? {
            Some((part, whole)) => {
                let columns = [part.unwrap_or(own), whole];
                let computed = sheet.evaluate(&stats::share_of_whole(), &columns);
                notes.extend(below_zero(&columns[0], &computed, &measure.title));
                return Ok(computed);
            }
            None => {
                members_notes(context, sheet, &own, (&measure.name, &measure.title), notes);
                let columns = [own];
                let mut computed = sheet.evaluate_for(&measure.name, &stats::share_of_leaves(), &columns);
                notes.extend(below_zero(&columns[0], &computed, &measure.title));
                if let Some(derived) = context.derived {
                    derived.of_leaves(&measure.name, sheet, &mut computed);
                }
                return Ok(computed);
            }
        },
        Stat::Relative => {
            let of = |base: &Option<usize>| base.map_or(Err(Missing::Gap), |row| own[row].clone());
            (stats::ratio(1), Some(bases.iter().map(of).collect()))
        }
        Stat::Cagr | Stat::Rank => return Ok(own),
    };
    let pairs = match (context.derived, stat) {
        (None, _) => Vec::new(),
        (_, Stat::Growth) => derive::before(sheet, lag(question.growth)),
        (_, Stat::Change) => derive::before(sheet, lag(question.change)),
        (_, Stat::Index) => {
            let at = base.as_ref().and_then(|base| sheet.panel.period_of(base));
            let period = |row: usize| &sheet.panel.periods[sheet.panel.period[row] as usize];
            let like = |row: usize| base.as_ref().is_some_and(|base| base.is_like(period(row)));
            let row = |row: usize| Some((row, sheet.panel.row(sheet.panel.series[row], at.filter(|_| like(row))?)?));
            (0..own.len()).map(row).collect()
        }
        _ => bases.iter().enumerate().map(|(row, base)| Some((row, (*base)?))).collect(),
    };
    let columns: Vec<Vec<Operand>> = std::iter::once(own).chain(second).collect();
    let mut computed = sheet.evaluate(&expr, &columns);
    if let Some(derived) = context.derived {
        derived.of_pairs(&measure.name, stat, &pairs, &mut computed);
    }
    // However wide its bounds are, a member is as much as itself.
    for row in (0..bases.len()).filter(|row| bases[*row] == Some(*row)) {
        computed[row] = computed[row].clone().map(|_| Quantity::exact(integer(1)));
    }
    if stat == Stat::Relative {
        leaves_only(&sheet.panel, &mut computed);
    }
    Ok(computed)
}

/// What is said of members that do not go together (numbers of unlike units, or totals among their parts), and of those without
/// a row in the last period asked for.
fn members_notes(
    context: &Context,
    sheet: &Sheet,
    own: &[Operand],
    (key, title): (&str, &Text),
    notes: &mut Vec<Text>,
) {
    let asked: HashSet<u32> =
        (0..own.len()).filter(|&row| sheet.wanted[row]).map(|row| sheet.panel.period[row]).collect();
    let counts = |row: usize| own[row].is_ok() && asked.contains(&sheet.panel.period[row]);
    let together = super::units::note(context, sheet, key, counts);
    notes.extend(together.or_else(|| super::groups::note(context, sheet, own, title)));
    let absent = sheet.last_wanted().and_then(|last| super::groups::absent(context, sheet, last));
    notes.extend(absent.filter(|note| !notes.contains(note)));
}

/// A warning where a total or a part of it is below 0: shares are then less than nothing, or more than all.
fn below_zero(parts: &[Operand], shares: &[Operand], title: &Text) -> Option<Text> {
    let value = |operand: &Operand| operand.as_ref().ok().and_then(|quantity| quantity.value.clone().ok());
    let both: Vec<_> = parts.iter().zip(shares).filter_map(|(part, share)| value(part).zip(value(share))).collect();
    let total = both.iter().any(|(part, share)| (part * share).is_negative());
    below_zero_note(total, both.iter().any(|(part, _)| part.is_negative()), title)
}

/// The warning, from whether a total is below 0 and whether a part is.
pub(super) fn below_zero_note(total: bool, part: bool, title: &Text) -> Option<Text> {
    if total {
        return Some(Text::new(
            format!("{}的总数有小于零的:其占比只是商,不是总体的一部分", title.zh),
            format!("a total of '{}' is below 0: its shares are quotients, not parts of a whole", title.en),
        ));
    }
    part.then(|| {
        Text::new(
            format!("{}有小于零的:占比只是商,不是总体的一部分", title.zh),
            format!("some of '{}' are below 0: shares are quotients, not parts of a whole", title.en),
        )
    })
}

/// Takes numbers away from members that add others up.
fn leaves_only(panel: &Panel, computed: &mut [Operand]) {
    for (operand, series) in computed.iter_mut().zip(&panel.series) {
        if !panel.leaf[*series as usize] {
            *operand = Err(Missing::NotPrinted);
        }
    }
}

/// Of each period whether a row has a number.
fn with_number(sheet: &Sheet, own: &[Operand]) -> Vec<bool> {
    let mut with = vec![false; sheet.panel.periods.len()];
    for (operand, period) in own.iter().zip(&sheet.panel.period) {
        with[*period as usize] |= operand.is_ok();
    }
    with
}

/// The base of `--index`: the period named, else the first of the main kind that has a number, if any has one. A base of one
/// kind says nothing of the others; one that is like no other period says nothing at all.
pub(super) fn base(context: &Context, panel: &Panel, with: &[bool]) -> Result<Option<Period>> {
    let Some(Some(typed)) = &context.question.index else {
        let numbers = panel.periods.iter().zip(with).filter(|(_, with)| **with).map(|(period, _)| period);
        return Ok(Period::of_main_kind(numbers).first().map(|first| (*first).clone()));
    };
    let there = |period: &Period| panel.period_of(period).is_some();
    let Some(period) = Period::parse(typed).ok().filter(there) else {
        return Err(select::no_base(typed, &panel.periods));
    };
    let alone = !panel.periods.iter().any(|other| *other != period && other.is_like(&period));
    match alone && Period::of_main_kind(&panel.periods).len() > 1 {
        true => Err(select::lone_base(typed, &panel.periods)),
        false => Ok(Some(period)),
    }
}

/// The same period's row of the member of `--relative-to`, for each row.
fn relative_rows(context: &Context, sheet: &Sheet) -> Result<Vec<Option<usize>>> {
    let count = sheet.panel.len();
    let typed = context.question.relative_to.as_deref().unwrap_or_default();
    let (at, code) = super::filter::member(context, typed)?;
    let names: Vec<&str> = context.dataset.dimensions.iter().map(|d| d.name.as_str()).collect();
    let key = |row: usize, replaced: bool| -> Vec<String> {
        let member = |(i, name): (usize, &&str)| {
            if replaced && i == at {
                code.clone()
            } else {
                context.dataset.text(name, row).unwrap_or_default().to_owned()
            }
        };
        names.iter().enumerate().map(member).collect()
    };
    let rows: std::collections::HashMap<(u32, Vec<String>), usize> =
        (0..count).map(|row| ((sheet.panel.period[row], key(row, false)), row)).collect();
    Ok((0..count).map(|row| rows.get(&(sheet.panel.period[row], key(row, true))).copied()).collect())
}

type PartAndWhole = (Option<Vec<Operand>>, Vec<Operand>);

/// The declared whole of a measure's share in each row, and its part where that is another column.
fn whole(context: &Context, sheet: &Sheet, measure: &Measure) -> Result<Option<PartAndWhole>> {
    let Some(share) = &measure.share else { return Ok(None) };
    let Some(whole) = &share.whole else { return Ok(None) };
    let column = |text: &str| lookup(context, sheet, text, &measure.unit);
    let part = share.part.as_deref().filter(|part| *part != measure.name).map(column).transpose()?;
    Ok(Some((part, column(whole)?)))
}

/// The operands that a reference names, one a row of this sheet: the row's own period and members where it leaves them out.
fn lookup(context: &Context, sheet: &Sheet, text: &str, unit: &Unit) -> Result<Vec<Operand>> {
    let broken = |at: usize| {
        Error::new(format!("引用「{text}」第 {at} 字处有误"), format!("the reference '{text}' is broken at byte {at}"))
    };
    let reference = Reference::parse(text).map_err(|error| broken(error.at))?;
    let name = reference.measure.clone().unwrap_or_default();
    let Some(address) = &reference.dataset else {
        return match sheet.operands(&name) {
            Some(own) => Ok(own),
            None => Err(broken(0)),
        };
    };
    let package = context.catalog.label(context.found.0);
    let found = context.catalog.resolve(&format!("{package}:{address}"))?;
    let other = context.catalog.read(found)?;
    let measure = other.measures.iter().find(|m| m.name == name).or(other.measures.first()).ok_or_else(|| broken(0))?;
    if measure.unit.family != unit.family {
        return Err(broken(0).detail(
            format!("单位不同:{}与{}", measure.unit.title.zh, unit.title.zh),
            format!("unlike units: {} and {}", measure.unit.title.en, unit.title.en),
        ));
    }
    let factor = stats::power_of_ten(measure.unit.power - unit.power);
    let operands: Vec<Operand> = sheet::printed(&other, measure);
    let names: Vec<&str> = other.dimensions.iter().map(|d| d.name.as_str()).collect();
    let rows: std::collections::HashMap<(String, Vec<String>), usize> = (0..other.periods.len())
        .map(|row| {
            let key = names.iter().map(|name| other.text(name, row).unwrap_or_default().to_owned()).collect();
            ((other.periods[row].to_string(), key), row)
        })
        .collect();
    let find = |row: usize| {
        let period = reference.period.clone().unwrap_or_else(|| context.dataset.periods[row].to_string());
        let member = |name: &&str| {
            let stated =
                reference.key.iter().find(|(dimension, _)| dimension == name).map(|(_, member)| member.clone());
            stated.unwrap_or_else(|| context.dataset.text(name, row).unwrap_or_default().to_owned())
        };
        let row = rows.get(&(period, names.iter().map(member).collect()))?;
        Some(operands[*row].clone().map(|quantity| quantity.scale(&factor)))
    };
    Ok((0..context.dataset.periods.len()).map(|row| find(row).unwrap_or(Err(Missing::NoTotal))).collect())
}

/// Fills the empty cells of a printed column of that name, or adds one.
fn place(sheet: &mut Sheet, measure: &Measure, stat: Stat, computed: Vec<Operand>) {
    let key = key(measure, stat);
    if let Some(at) = sheet.position(&key) {
        if let Values::Cells(cells) = &mut sheet.columns[at].values {
            for (cell, operand) in cells.iter_mut().zip(computed) {
                if matches!(cell, Cell::Empty(_)) {
                    *cell = sheet::computed(operand);
                }
            }
        }
        return;
    }
    let cells = computed.into_iter().map(sheet::computed).collect();
    let column = column(measure, stat, Values::Cells(cells));
    sheet.insert_after(&measure.name, column);
}

/// Says of an index which period is 100.
pub(super) fn name_base(sheet: &mut Sheet, measure: &Measure, base: Option<&Period>) {
    if let Some((at, base)) = sheet.position(&key(measure, Stat::Index)).zip(base) {
        sheet.columns[at].unit = Some(sheet::number(&format!("{base}=100"), &format!("{base} = 100")));
    }
}

/// The column of a statistic.
pub(super) fn column(measure: &Measure, stat: Stat, values: Values) -> Column {
    let title = stat.title();
    let unit = match stat {
        Stat::Growth | Stat::Share | Stat::Cagr => Unit::percent(),
        Stat::Change if measure.unit.family == "percent" => sheet::number("百分点", "percentage points"),
        Stat::Change => measure.unit.clone(),
        Stat::Index => sheet::number("基期=100", "base = 100"),
        Stat::Relative | Stat::Rank => sheet::number("", ""),
    };
    Column {
        key: key(measure, stat),
        title: Text::new(format!("{}{}", measure.title.zh, title.zh), format!("{}, {}", measure.title.en, title.en)),
        unit: Some(unit),
        role: Role::Statistic,
        fold: false,
        values,
    }
}

/// What `--cagr` runs over where `--period` says so. Other statistics do not go with it.
pub(super) fn ends(context: &Context) -> Result<Option<(Period, Period)>> {
    let others: Vec<String> =
        stats(context.question).into_iter().filter(|stat| *stat != Stat::Cagr).map(super::option_of).collect();
    if let Some(other) = others.first() {
        return Err(Error::new(
            format!("--cagr 每个成员一行,不能与 {other} 同用"),
            format!("--cagr gives one row per member: it does not go with {other}"),
        )
        .instead(drop_stats(context, |stat| stat != Stat::Cagr)));
    }
    let Some(typed) = context.question.period.as_deref() else { return Ok(None) };
    let selection = PeriodSelection::parse(typed);
    let (refusal, meant) = match selection {
        Ok(PeriodSelection::Range(start, end)) if start.is_like(&end) => return Ok(Some((start, end))),
        Ok(PeriodSelection::Range(start, end)) => {
            let within = |end: &Period| range_within(&context.dataset.periods, typed, end);
            (unlike_ends(&start, &end), within(&end).or_else(|| within(&start)))
        }
        Ok(PeriodSelection::Of(periods)) => (no_range(typed), range(&periods.iter().collect::<Vec<_>>())),
        Ok(PeriodSelection::Latest) => (no_range(typed), None),
        Err(_) => (no_range(typed), PeriodSelection::meant(typed).filter(|meant| is_range(meant))),
    };
    Err(refusal.instead([match meant {
        Some(meant) => Edit::set("--period", meant),
        None => Edit::drop("--period"),
    }]))
}

/// The refusal of what is no range of periods.
fn no_range(typed: &str) -> Error {
    Error::new(
        format!("--cagr 要一段时期,「{typed}」不是"),
        format!("--cagr runs over a range of periods, which '{typed}' is not"),
    )
}

/// The refusal of a range whose ends are of two kinds.
fn unlike_ends(start: &Period, end: &Period) -> Error {
    Error::new(
        format!("--cagr 的两端要是同一类时期,{start} 与 {end} 不是"),
        format!("--cagr runs between periods of one kind, which {start} and {end} are not"),
    )
}

/// Whether a text is a range between periods of one kind.
fn is_range(text: &str) -> bool {
    matches!(PeriodSelection::parse(text), Ok(PeriodSelection::Range(start, end)) if start.is_like(&end) && start < end)
}

/// The range from the first to the last of some periods.
fn range(periods: &[&Period]) -> Option<String> {
    Some(format!("{}..{}", periods.iter().min()?, periods.iter().max()?)).filter(|range| is_range(range))
}

/// The range of the periods that are like one, among those that a range selects.
fn range_within(periods: &[Period], typed: &str, like: &Period) -> Option<String> {
    let selection = PeriodSelection::parse(typed).ok()?;
    let chosen = periods.iter().filter(|period| period.is_like(like) && selection.matches(period, None));
    range(&chosen.collect::<Vec<_>>())
}

/// The first and the last of the plain periods, or school years, of one kind: of the kind of most.
fn first_and_last<'p>(periods: impl IntoIterator<Item = &'p Period>) -> Option<Span> {
    let main = Period::of_main_kind(periods.into_iter().filter(|period| period.is_unit()));
    let (first, last) = (main.iter().min()?, main.iter().max()?);
    Some(((*first).clone(), (*last).clone()))
}

/// The ends of compound growth.
type Span = (Period, Period);

/// `--cagr`: a sheet of one row per series and span: the ends of `--period A..B`, else each measure's own first and last number.
pub(super) fn cagr(context: &Context, sheet: Sheet, notes: &mut Vec<Text>) -> Result<Sheet> {
    let ends = ends(context)?;
    if let (Some((start, end)), Some(typed)) = (&ends, &context.question.period) {
        let there = &sheet.panel.periods;
        let absent: Vec<Period> = [start, end].into_iter().filter(|end| !there.contains(end)).cloned().collect();
        if !absent.is_empty() {
            notes.push(select::absence(&context.question.line, typed, &absent, there, true));
        }
    }
    let measures = admitted(context, Stat::Cagr, notes)?;
    let count = sheet.panel.leaf.len();
    let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (row, &series) in sheet.panel.series.iter().enumerate() {
        rows_of[series as usize].push(row);
    }
    let operands: Vec<Vec<Operand>> =
        measures.iter().map(|measure| sheet.operands(&measure.name).unwrap_or_default()).collect();
    let period = |row: usize| &sheet.panel.periods[sheet.panel.period[row] as usize];
    let own_ends = |own: &[Operand], rows: &[usize]| {
        first_and_last(rows.iter().filter(|&&row| own[row].is_ok()).map(|&row| period(row)))
    };
    let whole = first_and_last(&sheet.panel.periods);
    if ends.is_none() && whole.as_ref().is_none_or(|(first, last)| first == last) {
        notes.push(Text::new(
            "复合增长率要有两个时期的数字,这里没有",
            "a compound growth rate takes numbers of two periods, which there are not",
        ));
        rows_of.clear();
    }
    // The spans that measures of a series have, with their first row; of none, all that the question is about.
    let (mut rows, mut spans, mut lone) = (Vec::new(), Vec::new(), Vec::new());
    for own_rows in rows_of.iter().filter(|rows| !rows.is_empty()) {
        let found: Vec<_> = operands.iter().map(|own| ends.clone().or_else(|| own_ends(own, own_rows))).collect();
        let differ = |(start, end): &(Period, Period)| start != end;
        let mut distinct: Vec<_> = found.iter().flatten().filter(|span| differ(span)).cloned().map(Some).collect();
        distinct.sort();
        distinct.dedup();
        if distinct.is_empty() {
            distinct.push(None);
        }
        for span in distinct {
            rows.push(own_rows[0]);
            spans.push(span);
            lone.push(found.iter().map(Option::is_some).collect::<Vec<_>>());
        }
    }
    let mut columns = Vec::new();
    for (at, (measure, own)) in measures.iter().zip(&operands).enumerate() {
        let exact = stats::Exact::new(&sheet.panel, std::slice::from_ref(own));
        let computed = |(place, (&row, span)): (usize, (&usize, &Option<Span>))| match span {
            Some((start, end)) => {
                let mut growth = between(&exact, row, start, end);
                let series = sheet.panel.series[row] as usize;
                if let Some((rows, years, derived)) = spanned_rows(context, &sheet, series, start, end) {
                    derived.over_years(&measure.name, rows, years, &mut growth);
                }
                sheet::computed(growth)
            }
            None if lone[place][at] => sheet::computed(Err(Missing::NoBase)),
            None => sheet::computed(Err(own[row].clone().err().unwrap_or(Missing::NotPrinted))),
        };
        let cells = rows.iter().zip(&spans).enumerate().map(computed).collect();
        columns.push(column(measure, Stat::Cagr, Values::Cells(cells)));
    }
    let spanned = spans.into_iter().zip(&rows).map(|(span, &row)| match span.or_else(|| whole.clone()) {
        Some((start, end)) => Period::span(&start, &end).unwrap_or(end),
        None => period(row).clone(),
    });
    let periods: Vec<Period> = spanned.collect();
    Ok(reduced(sheet, &rows, periods, columns))
}

/// The rows of a series at both ends of a span of whole years, where what follows is asked for.
fn spanned_rows<'a>(
    context: &Context<'a>,
    sheet: &Sheet,
    series: usize,
    start: &Period,
    end: &Period,
) -> Option<((usize, usize), u32, &'a derive::Derived<'a>)> {
    let years = Period::steps_between(start, end).filter(|years| years.is_integer() && years.is_positive())?;
    let row = |period: &Period| sheet.panel.row(series as u32, sheet.panel.period_of(period)?);
    Some(((row(start)?, row(end)?), years.to_u32()?, context.derived?))
}

fn between(exact: &stats::Exact, row: usize, start: &Period, end: &Period) -> Operand {
    let years = Period::steps_between(start, end).filter(Signed::is_positive).ok_or(Missing::Gap)?;
    let (index, power) = (years.numer().to_u32(), years.denom().to_u32());
    let (index, power) = index.zip(power).ok_or(Missing::Gap)?;
    let expr = stats::cagr(start.clone(), end.clone(), index, power);
    exact.eval(&expr, row)
}

/// A sheet of some rows, with other periods and numeric columns.
fn reduced(sheet: Sheet, rows: &[usize], periods: Vec<Period>, numeric: Vec<Column>) -> Sheet {
    let keys = sheet.columns.into_iter().filter(|column| matches!(column.role, Role::Period | Role::Dimension));
    let mut columns: Vec<Column> = keys
        .map(|column| {
            let cell = |(at, &row): (usize, &usize)| match column.role {
                Role::Period => Cell::Text(periods[at].to_string()),
                _ => column.values.cell(row).into_owned(),
            };
            let cells = rows.iter().enumerate().map(cell).collect();
            Column { values: Values::Cells(cells), ..column }
        })
        .collect();
    columns.extend(numeric);
    let mut distinct = periods.clone();
    distinct.sort();
    distinct.dedup();
    let index = |period: &Period| distinct.binary_search(period).unwrap_or_default() as u32;
    let period = periods.iter().map(index).collect();
    let series: Vec<u32> = rows.iter().map(|&row| sheet.panel.series[row]).collect();
    let panel = Panel::new(series, period, distinct.clone(), sheet.panel.leaf, sheet.panel.exhaustive);
    let places: HashMap<usize, usize> = sheet.order.iter().enumerate().map(|(place, &row)| (row, place)).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&at| places.get(&rows[at]));
    let (wanted, needed) = (vec![true; rows.len()], vec![true; rows.len()]);
    Sheet { panel, columns, order, wanted, needed, counts: sheet.counts }
}

/// What rows are ranked by: the key of a column, and each row's rank (none for subtotals and members without a number).
#[derive(Debug)]
pub(super) struct Ranking {
    pub(super) key: String,
    pub(super) ranks: Vec<Operand>,
}

/// What `--rank` or `--top` goes by.
#[derive(Debug)]
pub(super) struct RankBy {
    /// The key of the column.
    pub(super) key: String,
    /// The least comes first, where `--top` cuts what `--sort` has put in this order.
    pub(super) ascending: bool,
}

/// What `--rank` or `--top` goes by, if either is asked for. `--top` alone goes by the number that `--sort` names.
pub(super) fn rank_by(
    context: &Context,
    sheet: &Sheet,
    focus: &[String],
    notes: &mut Vec<Text>,
) -> Result<Option<RankBy>> {
    let question = context.question;
    if !question.ranks() {
        return Ok(None);
    }
    if context.dataset.dimensions.is_empty() {
        let typed = question.rank.iter().flatten().filter(|typed| numeric_column(sheet, typed).is_some());
        let sorted = typed.chain(focus.first()).next().filter(|_| question.sort.is_none());
        return Err(Error::new(
            "排名在成员之间进行,这个数据集没有成员",
            "ranks run over members, and this dataset has none",
        )
        .detail("按大小排列各期,用 --sort", "to order its periods by size, sort them")
        .instead(
            ["--rank", "--top", "--rest"]
                .map(Edit::drop)
                .into_iter()
                .chain(sorted.map(|key| Edit::set("--sort", format!("-{key}")))),
        ));
    }
    if question.rest && question.top.is_none() {
        return Err(Error::new("--rest 要与 --top 同用", "--rest goes with --top").instead([Edit::set("--top", "3")]));
    }
    if let Some(Some(typed)) = &question.rank {
        let key = column_key(context, sheet, typed, "--rank")?;
        return Ok(Some(RankBy { key, ascending: false }));
    }
    if let Some(typed) = question.sort.as_deref().filter(|_| question.rank.is_none()) {
        let (name, ascending) = typed.strip_prefix('-').map_or((typed, true), |name| (name, false));
        if let Some(column) = numeric_column(sheet, name) {
            return Ok(Some(RankBy { key: column.key.clone(), ascending }));
        }
    }
    let key = focus.first().cloned().unwrap_or_default();
    let column = |key: &str| sheet.position(key).map(|at| &sheet.columns[at]);
    let has_number = |column: &&Column| (0..column.values.len()).any(|row| column.values.missing(row).is_none());
    // The share that is printed instead of a level; the level of a statistic that there is not.
    let share = column(&format!("{key}_{}", Stat::Share.suffix())).filter(has_number);
    let of = |measure: &&&Measure| key.strip_prefix(&measure.name).is_some_and(|rest| rest.starts_with('_'));
    let level = context.measures.iter().find(of).and_then(|measure| column(&measure.name)).filter(has_number);
    Ok(Some(match column(&key).filter(|column| !has_number(column)).zip(share.or(level)) {
        Some((own, other)) => {
            notes.push(Text::new(
                format!("「{}」没有数字,改按「{}」排名", own.title.zh, other.title.zh),
                format!("'{}' has no number: ranked by '{}'", own.title.en, other.title.en),
            ));
            RankBy { key: other.key.clone(), ascending: false }
        }
        None => RankBy { key, ascending: false },
    }))
}

/// `--rank[=KEY]`, and what `--top` cuts by. The column is added where `--rank` asks for it.
pub(super) fn rank(
    context: &Context,
    sheet: &mut Sheet,
    focus: &[String],
    notes: &mut Vec<Text>,
) -> Result<Option<Ranking>> {
    let question = context.question;
    let Some(RankBy { key, ascending }) = rank_by(context, sheet, focus, notes)? else { return Ok(None) };
    let own = parts_of_shares(context, sheet, &key, sheet.operands(&key).unwrap_or_default());
    let is_leaf: Vec<bool> = sheet.panel.series.iter().map(|&series| sheet.panel.leaf[series as usize]).collect();
    let turned = |operand: &Operand| operand.clone().map(|quantity| quantity.scale(&integer(-1)));
    let ordered = if ascending { own.iter().map(turned).collect() } else { own.clone() };
    let mut ranks = sheet.evaluate_for(&key, &stats::rank(), &[ordered]);
    leaves_only(&sheet.panel, &mut ranks);
    if let Some(derived) = context.derived.filter(|_| !ascending) {
        derived.ranks(&key, sheet, &mut ranks);
    }
    let asked: HashSet<u32> =
        (0..own.len()).filter(|&row| sheet.wanted[row]).map(|row| sheet.panel.period[row]).collect();
    let among = || (0..own.len()).filter(|&row| is_leaf[row] && asked.contains(&sheet.panel.period[row]));
    let (with, all) = (among().filter(|&row| own[row].is_ok()).count(), among().count());
    let is_open = |row: usize| ranks[row].as_ref().is_ok_and(|rank| rank.bounds.upper.is_none());
    let open = (0..own.len()).any(|row| sheet.wanted[row] && is_open(row));
    let title = sheet.position(&key).map(|at| sheet.columns[at].title.clone()).unwrap_or_default();
    members_notes(context, sheet, &own, (&key, &title), notes);
    notes.extend(rank_note(&title, with, all, open));
    if question.rank.is_some() {
        push_rank(sheet, &key, &title, &ranks);
    }
    Ok(Some(Ranking { key, ranks }))
}

/// Whether a column holds computed shares of a measure, all of the sum of its leaf members.
pub(super) fn shares_of<'a>(context: &Context<'a>, column: &str) -> Option<&'a Measure> {
    let is = |measure: &&&Measure| measure.share.is_none() && key(measure, Stat::Share) == column;
    context.measures.iter().filter(|_| context.question.share).find(is).copied()
}

/// Shares of one whole are in the order of its parts, whose bounds are closer; unless one of them may be below 0.
fn parts_of_shares(context: &Context, sheet: &Sheet, column: &str, shares: Vec<Operand>) -> Vec<Operand> {
    let Some(measure) = shares_of(context, column) else { return shares };
    let parts = sheet.operands(&measure.name).unwrap_or_default();
    let natural = |part: &Operand| {
        let lower = part.as_ref().ok().and_then(|quantity| quantity.bounds.lower.as_ref());
        lower.is_some_and(|lower| !lower.is_negative())
    };
    let mut wholes = vec![true; sheet.panel.periods.len()];
    for row in (0..shares.len()).filter(|&row| shares[row].is_ok()) {
        wholes[sheet.panel.period[row] as usize] &= natural(&parts[row]);
    }
    let part = |(row, share): (usize, Operand)| match wholes[sheet.panel.period[row] as usize] {
        true => share.and_then(|_| parts[row].clone()),
        false => share,
    };
    shares.into_iter().enumerate().map(part).collect()
}

/// What a ranking says of those that have no number, and of those that are not listed where these leave a rank open.
pub(super) fn rank_note(title: &Text, with: usize, all: usize, open: bool) -> Option<Text> {
    let some = (with < all)
        .then(|| Text::new(format!("{all} 个中 {with} 个有数字"), format!("{with} of {all} have a number")));
    let open = open.then(|| Text::new("未列出的成员可能排在前面", "members that are not listed may come before these"));
    let said: Vec<Text> = some.into_iter().chain(open).collect();
    let joined = |pick: fn(&Text) -> &str, joint: &str| said.iter().map(pick).collect::<Vec<_>>().join(joint);
    (!said.is_empty()).then(|| {
        Text::new(
            format!("按{}排名:{}", title.zh, joined(|text| &text.zh, ",")),
            format!("ranked by {}: {}", title.en.to_lowercase(), joined(|text| &text.en, "; ")),
        )
    })
}

fn push_rank(sheet: &mut Sheet, key: &str, title: &Text, ranks: &[Operand]) {
    let end = |pick: fn(&Quantity) -> Option<&crate::precision::Rational>| {
        let cell = |rank: &Operand| {
            rank.as_ref().ok().and_then(pick).map(|end| sheet::computed(Ok(Quantity::exact(end.clone()))))
        };
        Values::Cells(ranks.iter().map(|rank| cell(rank).unwrap_or(Cell::Empty(None))).collect())
    };
    let cells = Values::Cells(ranks.iter().cloned().map(sheet::computed).collect());
    insert_rank(sheet, key, title, [cells, end(|q| q.bounds.lower.as_ref()), end(|q| q.bounds.upper.as_ref())]);
}

/// Adds a rank and its bounds behind what they are of.
pub(super) fn insert_rank(sheet: &mut Sheet, key: &str, title: &Text, [rank, lower, upper]: [Values; 3]) {
    let column = |suffix: &str, zh: &str, en: &str, role, values| Column {
        key: format!("{key}_rank{suffix}"),
        title: Text::new(format!("{}排名{zh}", title.zh), format!("{}, rank{en}", title.en)),
        unit: None,
        role,
        fold: role == Role::Companion,
        values,
    };
    let columns = [
        column("", "", "", Role::Statistic, rank),
        column("_lower", "下界", ", lower bound", Role::Companion, lower),
        column("_upper", "上界", ", upper bound", Role::Companion, upper),
    ];
    let after = sheet.position(key).map_or(sheet.columns.len(), |at| at + 1);
    let companions =
        sheet.columns[after..].iter().take_while(|c| c.role == Role::Companion && c.key.starts_with(key)).count();
    sheet.columns.splice(after + companions..after + companions, columns);
}

/// The numeric columns.
pub(super) fn numeric(columns: &[Column]) -> impl Iterator<Item = &Column> {
    columns.iter().filter(|column| matches!(column.role, Role::Measure | Role::Statistic))
}

fn numeric_column<'s>(sheet: &'s Sheet, typed: &str) -> Option<&'s Column> {
    numeric(&sheet.columns).find(|column| column.is(typed))
}

/// The key of a numeric column, typed by key or title.
pub(super) fn column_key(context: &Context, sheet: &Sheet, typed: &str, option: &'static str) -> Result<String> {
    let known = numeric_column(sheet, typed).map(|column| column.key.clone());
    known.ok_or_else(|| no_column(context, &sheet.columns, typed, option))
}

/// The refusal of what is no numeric column.
pub(super) fn no_column(context: &Context, columns: &[Column], typed: &str, option: &'static str) -> Error {
    let keys: Vec<&str> = numeric(columns).map(|c| c.key.as_str()).collect();
    let near = nearest(typed, numeric(columns).flat_map(|column| spellings(&column.key, &column.title)));
    let error = Error::new(format!("没有数字列「{typed}」"), format!("there is no numeric column '{typed}'"))
        .detail(format!("数字列:{}", keys.join("、")), format!("numeric columns: {}", keys.join(", ")));
    let asked = super::statistic_of(context.dataset, typed)
        .filter(|(measure, stat)| *stat != Stat::Relative && context.measures.iter().any(|m| m.name == measure.name));
    match asked {
        Some((measure, stat)) => {
            let (title, flag) = (stat.title(), super::flag_of(measure, stat));
            error
                .detail(
                    format!("它是 {} 的{},要用 {flag} 计算", measure.name, title.zh),
                    format!("it is the {} of {}, which {flag} computes", title.en, measure.name),
                )
                .instead([super::edit_of(measure, stat)])
        }
        None => match near.first() {
            Some(meant) => {
                // A title of several words is longer to type than its key.
                let own = numeric(columns).find(|column| column.title.en == **meant);
                error.instead([Edit::part(option, typed, own.map_or(*meant, |column| &column.key))])
            }
            None => error.hint(context.list_line()),
        },
    }
}
