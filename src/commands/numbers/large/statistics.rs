//! Statistics over whole columns: the descriptions of `stats`, through Polars.

use polars::prelude::*;

use super::super::sheet::{self, Sheet};
use super::super::statistics as shared;
use super::super::statistics::RankBy;
use super::super::{Context, filter, groups, units};
use super::decimals;
use super::keys::Keys;
use super::operands::Operands;
use super::rows::Wanted;
use crate::answer::{Answer, Cell, Column, Values};
use crate::error::Result;
use crate::package::{Dimension, Measure, Missing, Period};
use crate::precision::{Basis, Claim, Interval};
use crate::stats::{self, Columns, Expr, Operand, Panel, Quantity, Stat, Track};
use crate::text::Text;

/// What rows are ranked by.
pub(super) struct Ranking {
    pub(super) key: String,
    /// Ranks, or the least that they can be; not a number where there is none.
    pub(super) place: Vec<f64>,
}

/// Adds the columns of the statistics that were asked for.
pub(super) fn add(
    context: &Context,
    sheet: &mut Sheet,
    keys: &Keys,
    operands: &mut Operands,
    wanted: &Wanted,
    notes: &mut Vec<Text>,
) -> Result<Vec<Stat>> {
    let asked = shared::stats(context.question);
    for &stat in &asked {
        for measure in shared::admitted(context, stat, notes)? {
            let ranked = context.question.rank.is_some();
            if let Some(numbers) = decimals(sheet, &measure.name).filter(|_| ranked) {
                operands.bound(&measure.name, numbers);
            }
            let (expr, second) = describe(context, sheet, keys, operands, measure, stat)?;
            let Some((own, scale)) = operands.of(&measure.name) else { continue };
            if stat == Stat::Share {
                members_notes(context, sheet, wanted, (&measure.name, &measure.title), notes);
            }
            let columns: Vec<Track> = std::iter::once(own.clone()).chain(second).collect();
            let mut result = Columns::new(&sheet.panel, &columns, false).eval(&expr);
            if stat == Stat::Share {
                let both =
                    || columns[0].value.iter().zip(result.value.iter()).filter_map(|(part, share)| part.zip(share));
                let total = both().any(|(part, share)| part * share < 0.0);
                notes.extend(shared::below_zero_note(total, both().any(|(part, _)| part < 0.0), &measure.title));
            }
            // How far rounding carries matters to who stands before whom.
            let bounded = ranked.then(|| Columns::new(&sheet.panel, &columns, true).eval(&expr));
            if stat == Stat::Relative {
                leaves_only(&sheet.panel, &mut result);
            }
            if let Some(bounds) = bounded.and_then(|track| track.bounds) {
                let bounds = widened(context, sheet, stat, &bounds)?;
                let track = Track { bounds: Some(bounds), ..result.clone() };
                let key = shared::key(measure, stat);
                let shares = shared::shares_of(context, &key).is_some();
                operands.keep(key, if shares { parts_of_shares(&sheet.panel, &columns[0], track) } else { track });
            }
            let result = if stat == Stat::Change { result.times_ten(-i32::from(scale)) } else { result };
            let values = Values::Floats { values: result.value, missing: result.missing };
            sheet.insert_after(&measure.name, shared::column(measure, stat, values));
            if stat == Stat::Index {
                let base = base(context, sheet, measure)?;
                shared::name_base(sheet, measure, base.as_ref());
            }
        }
    }
    Ok(asked)
}

/// Shares of one whole are in the order of its parts, whose bounds are closer; unless one of them may be below 0.
fn parts_of_shares(panel: &Panel, parts: &Track, shares: Track) -> Track {
    let (Some((lower, upper)), Some(own)) = (&shares.bounds, &parts.bounds) else { return shares };
    let mut wholes = vec![true; panel.periods.len()];
    for row in (0..shares.len()).filter(|row| !shares.lacks(*row)) {
        wholes[panel.period[row] as usize] &= own.0.get(row).is_some_and(|lower| lower >= 0.0);
    }
    let pick = |shares: &Float64Chunked, parts: &Float64Chunked| -> Float64Chunked {
        let part = |row: usize| if wholes[panel.period[row] as usize] { parts.get(row) } else { shares.get(row) };
        (0..shares.len()).map(|row| shares.get(row).and_then(|_| part(row))).collect_ca("parts".into())
    };
    let bounds = Some((pick(lower, &own.0), pick(upper, &own.1)));
    Track { value: pick(&shares.value, &parts.value), rest: None, bounds, missing: shares.missing }
}

/// The description of a statistic, and its second operand if it has one.
fn describe(
    context: &Context,
    sheet: &Sheet,
    keys: &Keys,
    operands: &Operands,
    measure: &Measure,
    stat: Stat,
) -> Result<(Expr, Option<Track>)> {
    let question = context.question;
    Ok(match stat {
        Stat::Growth => (stats::growth(shared::lag(question.growth)), None),
        Stat::Change => (stats::change(shared::lag(question.change)), None),
        Stat::Index => match base(context, sheet, measure)? {
            Some(base) => (stats::index(base), None),
            None => (Expr::Column(0), None),
        },
        Stat::Share => (stats::share_of_leaves(), None),
        Stat::Relative => {
            let typed = question.relative_to.as_deref().unwrap_or_default();
            let (dimension, code) = filter::member(context, typed)?;
            let second =
                operands.of(&measure.name).map(|(own, _)| relative(context, sheet, keys, own, dimension, &code));
            (stats::ratio(1), second)
        }
        Stat::Cagr | Stat::Rank => (Expr::Column(0), None),
    })
}

/// The base of `--index`, if any period has a number.
fn base(context: &Context, sheet: &Sheet, measure: &Measure) -> Result<Option<Period>> {
    let mut with = vec![false; sheet.panel.periods.len()];
    if let Some(numbers) = decimals(sheet, &measure.name) {
        for row in (0..numbers.len()).filter(|row| numbers.is_number(*row)) {
            with[sheet.panel.period[row] as usize] = true;
        }
    }
    shared::base(context, &sheet.panel, &with)
}

/// The same period's number of another member, for each row.
fn relative(context: &Context, sheet: &Sheet, keys: &Keys, own: &Track, dimension: usize, code: &str) -> Track {
    let members = &context.dataset.dimensions[dimension].codes.members;
    let code = members.iter().position(|member| member.code == code).map_or(u32::MAX, |at| at as u32);
    let codes: Vec<&[u32]> = context.dataset.dimensions.iter().map(|d| codes(sheet, &d.name)).collect();
    let mut key = vec![0; codes.len()];
    let mut target = |row: usize| {
        for (at, codes) in codes.iter().enumerate() {
            key[at] = if at == dimension { code } else { codes[row] };
        }
        sheet.panel.row(keys.series_of(&key)?, sheet.panel.period[row])
    };
    let rows: Vec<Option<usize>> = (0..sheet.panel.len()).map(&mut target).collect();
    let index: IdxCa = rows.iter().map(|row| row.map(|row| row as IdxSize)).collect_ca("index".into());
    let take = |column: &Float64Chunked| {
        column.take(&index).unwrap_or_else(|_| Float64Chunked::full_null("base".into(), rows.len()))
    };
    let missing = rows.iter().map(|row| row.map_or(Some(Missing::Gap), |row| own.missing[row])).collect();
    let bounds = own.bounds.as_ref().map(|(lower, upper)| (take(lower), take(upper)));
    Track { value: take(&own.value), rest: own.rest.as_ref().map(take), bounds, missing }
}

/// The codes of a key column.
pub(super) fn codes<'a>(sheet: &'a Sheet, key: &str) -> &'a [u32] {
    match sheet.position(key).map(|at| &sheet.columns[at].values) {
        Some(Values::Coded { codes, .. }) => codes,
        _ => &[],
    }
}

/// `--rank[=KEY]`, and what `--top` cuts by.
pub(super) fn rank(
    context: &Context,
    sheet: &mut Sheet,
    operands: &mut Operands,
    focus: &[String],
    wanted: &Wanted,
    notes: &mut Vec<Text>,
) -> Result<Option<Ranking>> {
    let Some(RankBy { key, ascending }) = shared::rank_by(context, sheet, focus, notes)? else { return Ok(None) };
    let title = sheet.position(&key).map(|at| sheet.columns[at].title.clone()).unwrap_or_default();
    let own = ranked(context, sheet, operands, &key);
    let bounds = context.question.rank.is_some();
    let own = if ascending { turned(own) } else { own };
    let mut ranks = Columns::new(&sheet.panel, std::slice::from_ref(&own), bounds).eval(&stats::rank());
    let leaf = |panel: &Panel, row: usize| panel.leaf[panel.series[row] as usize];
    let asked = wanted.periods(&sheet.panel);
    let (mut with, mut all) = (0, 0);
    for row in 0..sheet.panel.len() {
        if leaf(&sheet.panel, row) && asked[sheet.panel.period[row] as usize] {
            all += 1;
            with += usize::from(!own_lacks(&own, row));
        }
    }
    members_notes(context, sheet, wanted, (&key, &title), notes);
    notes.extend(shared::rank_note(&title, with, all, !sheet.panel.exhaustive && with > 0));
    leaves_only(&sheet.panel, &mut ranks);
    let lower = ranks.bounds.as_ref().map(|(lower, _)| lower.clone());
    let place = match &lower {
        Some(lower) => ranks.value.iter().zip(lower.iter()).map(|(value, lower)| value.or(lower)).collect_vec(),
        None => ranks.value.iter().collect_vec(),
    };
    if let (true, Some((lower, upper))) = (bounds, ranks.bounds) {
        let end = |values: Float64Chunked| Values::Floats { missing: vec![None; values.len()], values };
        let rank = Values::Floats { values: ranks.value, missing: ranks.missing };
        shared::insert_rank(sheet, &key, &title, [rank, end(lower), end(upper)]);
    }
    Ok(Some(Ranking { key, place }))
}

/// Computed bounds a little wider, since floats are rounded to the nearest; a member is once as much as itself.
fn widened(
    context: &Context,
    sheet: &Sheet,
    stat: Stat,
    (lower, upper): &(Float64Chunked, Float64Chunked),
) -> Result<(Float64Chunked, Float64Chunked)> {
    const SLACK: f64 = 1e-12;
    let reference = match (stat, context.question.relative_to.as_deref()) {
        (Stat::Relative, Some(typed)) => Some(filter::member(context, typed)?),
        _ => None,
    };
    let own = reference.map(|(at, code)| {
        let Dimension { name, codes: list, .. } = &context.dataset.dimensions[at];
        let place = list.members.iter().position(|member| member.code == code).map_or(u32::MAX, |at| at as u32);
        (codes(sheet, name), place)
    });
    let itself = |row: usize| own.is_some_and(|(codes, place)| codes[row] == place);
    let ends = (0..lower.len()).map(|row| {
        let (low, high) = (lower.get(row)?, upper.get(row)?);
        Some(match low == high {
            _ if itself(row) => (1.0, 1.0),
            true => (low, high),
            false => (low - low.abs() * SLACK, high + high.abs() * SLACK),
        })
    });
    let ends: Vec<Option<(f64, f64)>> = ends.collect();
    Ok((
        ends.iter().map(|end| end.map(|(lower, _)| lower)).collect_ca("lower".into()),
        ends.iter().map(|end| end.map(|(_, upper)| upper)).collect_ca("upper".into()),
    ))
}

/// Takes numbers away from members that add others up.
fn leaves_only(panel: &Panel, track: &mut Track) {
    if !panel.leaf.contains(&false) {
        return;
    }
    let leaf = |row: usize| panel.leaf[panel.series[row] as usize];
    let keep = |column: &Float64Chunked| -> Float64Chunked {
        column.iter().enumerate().map(|(row, value)| value.filter(|_| leaf(row))).collect_ca("leaves".into())
    };
    track.value = keep(&track.value);
    track.bounds = track.bounds.take().map(|(lower, upper)| (keep(&lower), keep(&upper)));
    for (row, missing) in track.missing.iter_mut().enumerate() {
        *missing = if leaf(row) { *missing } else { Some(Missing::NotPrinted) };
    }
}

/// Numbers with the other sign.
fn turned(track: Track) -> Track {
    let minus = |column: &Float64Chunked| column.apply_values(|value| -value);
    Track {
        value: minus(&track.value),
        rest: track.rest.as_ref().map(minus),
        bounds: track.bounds.as_ref().map(|(lower, upper)| (minus(upper), minus(lower))),
        missing: track.missing,
    }
}

/// Ranks with the bounds that stand beside them: a rank that is open is no single number to who reads it.
pub(super) fn join_bounds(answer: &mut Answer, key: &str) {
    let cells = |key: &str| {
        let column = answer.columns.iter().find(|column| column.key == key)?;
        Some((0..answer.rows).map(|row| sheet::operand(&column.values.cell(row))).collect::<Vec<Operand>>())
    };
    let (Some(ranks), Some(lower), Some(upper)) =
        (cells(key), cells(&format!("{key}_lower")), cells(&format!("{key}_upper")))
    else {
        return;
    };
    let end = |operand: &Operand| operand.as_ref().ok().and_then(|quantity| quantity.value.clone().ok());
    let join = |(rank, (lower, upper)): (Operand, (&Operand, &Operand))| {
        let bounds = Interval { lower: end(lower), upper: end(upper) };
        let claim = if bounds.is_exact() { Claim::Exact } else { Claim::Outer };
        sheet::computed(match rank {
            Ok(quantity) => Ok(Quantity { bounds, claim, ..quantity }),
            Err(reason) if bounds.lower.is_some() => {
                Ok(Quantity { value: Err(reason), bounds, claim, basis: Basis::Printed })
            }
            Err(reason) => Err(reason),
        })
    };
    let joined = ranks.into_iter().zip(lower.iter().zip(&upper)).map(join).collect();
    if let Some(column) = answer.columns.iter_mut().find(|column| column.key == key) {
        column.values = Values::Cells(joined);
    }
}

fn own_lacks(track: &Track, row: usize) -> bool {
    match &track.bounds {
        Some((lower, _)) => lower.get(row).is_none(),
        None => track.missing[row].is_some(),
    }
}

trait CollectVec {
    fn collect_vec(self) -> Vec<f64>;
}

impl<I: Iterator<Item = Option<f64>>> CollectVec for I {
    fn collect_vec(self) -> Vec<f64> {
        self.map(|place| place.unwrap_or(f64::NAN)).collect()
    }
}

/// The numbers of a column with their bounds, where ranks show them.
fn ranked(context: &Context, sheet: &Sheet, operands: &mut Operands, key: &str) -> Track {
    if let Some(numbers) = decimals(sheet, key) {
        if context.question.rank.is_some() {
            operands.bound(key, numbers);
        }
        if let Some((track, _)) = operands.of(key) {
            return track.clone();
        }
    }
    if let Some(track) = operands.computed(key) {
        return track.clone();
    }
    match sheet.position(key).map(|at| &sheet.columns[at].values) {
        Some(Values::Floats { values, missing }) => {
            let bounds = Some((values.clone(), values.clone()));
            Track { value: values.clone(), rest: None, bounds, missing: missing.clone() }
        }
        _ => Track::new(Float64Chunked::full_null("value".into(), sheet.panel.len())),
    }
}

/// Rows of which members are looked at one by one.
const MOST: usize = 20_000;

/// What the exact path says of members that do not go together, and of those without a row, where there are few enough to be looked
/// at.
fn members_notes(
    context: &Context,
    sheet: &Sheet,
    wanted: &Wanted,
    (key, title): (&str, &Text),
    notes: &mut Vec<Text>,
) {
    let asked = wanted.periods(&sheet.panel);
    let together = units::note(context, sheet, key, |row| asked[sheet.panel.period[row] as usize]);
    let is_wanted = wanted.rows(sheet);
    let is_wanted = |row: &usize| is_wanted(*row as u32);
    let last = (0..sheet.panel.len()).filter(is_wanted).map(|row| sheet.panel.period[row]).max();
    let groups = || groups_note(context, sheet, (last?, &is_wanted), (key, title));
    notes.extend(together.or_else(groups));
    let absent = last.filter(|_| sheet.panel.len() <= MOST).and_then(|last| groups::absent(context, sheet, last));
    notes.extend(absent.filter(|note| !notes.contains(note)));
}

/// What is said of groups of others, on the rows of the last period asked for.
fn groups_note(
    context: &Context,
    sheet: &Sheet,
    (last, is_wanted): (u32, &dyn Fn(&usize) -> bool),
    (key, title): (&str, &Text),
) -> Option<Text> {
    let rows: Vec<usize> = (0..sheet.panel.len()).filter(|&row| sheet.panel.period[row] == last).collect();
    if rows.len() > MOST {
        return None;
    }
    let cells = |column: &Column| {
        let cells = rows.iter().map(|&row| column.values.cell(row).into_owned()).collect::<Vec<Cell>>();
        Column { values: Values::Cells(cells), ..empty(column) }
    };
    let columns: Vec<Column> = sheet.columns.iter().map(cells).collect();
    let series: Vec<u32> = (0..rows.len() as u32).collect();
    let leaf = rows.iter().map(|&row| sheet.panel.leaf[sheet.panel.series[row] as usize]).collect();
    let periods = vec![sheet.panel.periods[last as usize].clone()];
    let panel = Panel::new(series, vec![0; rows.len()], periods, leaf, sheet.panel.exhaustive);
    let wanted: Vec<bool> = rows.iter().map(is_wanted).collect();
    let small = Sheet { panel, columns, order: Vec::new(), needed: vec![true; rows.len()], wanted, counts: None };
    let own: Vec<Operand> = sheet::operands(&small.columns[small.position(key)?]);
    groups::note(context, &small, &own, title)
}

/// A column without its values.
fn empty(column: &Column) -> Column {
    Column {
        key: column.key.clone(),
        title: column.title.clone(),
        unit: column.unit.clone(),
        role: column.role,
        fold: column.fold,
        values: Values::Cells(Vec::new()),
    }
}
