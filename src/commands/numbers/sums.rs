//! A dataset by attributes of its members, or by some of its dimensions: numbers of members added up, records counted.

use std::collections::{BTreeSet, HashSet};

use super::sheet::{self, Sheet};
use super::{Context, derive, filter, groups, large, on, select, units};
use crate::answer::{Answer, Cell, Number, Role, Values};
use crate::catalog::{self, Catalog, Found};
use crate::cli::Question;
use crate::error::{Error, Result};
use crate::line::Edit;
use crate::package::{
    Breakdown, Dataset, Dimension, Grouped, LeftOut, Measure, Member, Missing, Period, PeriodKind, PeriodSelection,
    Together,
};
use crate::precision::integer;
use crate::stats::Operand;
use crate::text::Text;

/// Answers a question about a dataset by other dimensions than its own: `by` says what becomes of each of these.
///
/// # Errors
/// As for the dataset itself; what would be added up is not all there is; its table is too large to be added up exactly.
pub(super) fn answer(catalog: &Catalog, found: Found, by: Vec<Breakdown>, question: &Question) -> Result<Answer> {
    if !catalog::adds_up(found, &by) {
        return Err(not_all(found, &by));
    }
    if let Some(answer) = large::summed(catalog, found, &by, question)? {
        return Ok(answer);
    }
    let by_first = || question.by.first().map(|name| format!("--by-{name}")).unwrap_or_default();
    let flag = large::exact(question).map_or_else(by_first, str::to_owned);
    large::small_enough(found, &flag)?;
    let whole = catalog.read(found)?;
    let mut notes = added_up(catalog, found, &whole, question)?;
    let together = if whole.has_dated_records() { together(&whole, question, &mut notes)? } else { None };
    let (out, filters) = chosen(catalog, found, &whole, &by, question)?;
    let Grouped { dataset, counts, parts, lacking, without } = found.0.grouped(&whole, &by, &out, together.as_ref());
    if parts.is_empty() && !whole.periods.is_empty() && !question.filters.is_empty() {
        notes.push(filter::unmet(question));
    }
    let mut sheet = Sheet::new(&dataset);
    if beside(&dataset, question) {
        sheet.describe(found.0, &dataset);
    }
    for measure in dataset.measures.iter().filter(|measure| measure.kind.adds_up()) {
        let Some(at) = sheet.position(&measure.name) else { continue };
        if counts.as_ref() == Some(&measure.name) {
            let count = |rows: &Vec<usize>| Cell::Number(Number::computed(integer(rows.len() as i64)));
            // Counted, neither printed nor from other numbers.
            sheet.columns[at].role = Role::Statistic;
            sheet.columns[at].values = Values::Cells(parts.iter().map(count).collect());
            continue;
        }
        let own = sheet::printed(&whole, measure);
        let sum = |(rows, lacking): (&Vec<usize>, &Vec<Text>)| -> Cell {
            let own: Vec<Operand> = rows.iter().map(|&row| own[row].clone()).collect();
            sheet::computed(if lacking.is_empty() { select::sum(own) } else { Err(Missing::NotPrinted) })
        };
        sheet.columns[at].values = Values::Cells(parts.iter().zip(&lacking).map(sum).collect());
    }
    if units::several(&whole, &out).is_none() {
        let mut own = Sheet::new(&whole);
        leave_out(&mut own, &whole, &out);
        let gone = |dimension: &&Dimension| !dataset.dimensions.iter().any(|kept| kept.name == dimension.name);
        let read = |measure: &&Measure| measure.kind.adds_up() && large::is_wanted(question, measure);
        let measure = whole.measures.iter().find(read);
        let column =
            measure.and_then(|measure| own.position(&measure.name)).map(|at| sheet::operands(&own.columns[at]));
        if let Some((measure, numbers)) = measure.zip(column) {
            let summed = |dimension| groups::summed(&own, &numbers, &measure.title, dimension, whole.resource.declared);
            notes.extend(whole.dimensions.iter().filter(gone).filter_map(summed));
        }
    }
    notes.extend(units::summed(&whole, &by, &out, |column| {
        let unit = |row: &usize| whole.text(column, *row);
        let unlike = |rows: &Vec<usize>| rows.iter().map(unit).collect::<BTreeSet<_>>().len() > 1;
        question.share || question.ranks() || parts.iter().any(unlike)
    }));
    let dates = together.as_ref().map(|_| match question.period {
        None => (",各日期合计", ", of all dates together"),
        Some(_) => (",所选日期合计", ", of the dates chosen together"),
    });
    notes.extend(said(&whole, &dataset, (&by, &out), counts.as_deref(), dates));
    notes.extend(absent(&without, lacking.iter().flatten(), whole.resource.declared));
    if lacking.iter().any(|lacking| !lacking.is_empty()) {
        notes.extend(whole.needless.iter().cloned());
    }
    sheet.counts = counts;
    // What is not in the table cannot be added up, nor bounded.
    let known = parts.into_iter().zip(&lacking).map(|(rows, lacking)| lacking.is_empty().then_some(rows)).collect();
    let (derived, more) = derive::solve(catalog, &[found], question, Some(known))?;
    notes.extend(more);
    let title = dataset.resource.title.clone();
    // What is counted together has been chosen by its own periods.
    let period = question.period.clone().filter(|_| together.is_none());
    let question = &Question { period, filters, ..question.clone() };
    on(catalog, (found.0, &dataset), question, sheet, derived.as_ref(), (title, false), notes)
}

/// The members that conditions leave out before rows are added up, and the conditions on what is left of their dimensions.
///
/// # Errors
/// What they name does not exist.
pub(super) fn chosen(
    catalog: &Catalog,
    found: Found,
    whole: &Dataset,
    by: &[Breakdown],
    question: &Question,
) -> Result<(LeftOut, Vec<String>)> {
    let context = Context { catalog, found, dataset: whole, measures: &[], question, derived: None, shown: false };
    filter::before_sums(&context, by)
}

/// Takes the rows of members that are left out for those of no leaf.
fn leave_out(sheet: &mut Sheet, whole: &Dataset, out: &LeftOut) {
    for (dimension, out) in whole.dimensions.iter().zip(out) {
        for row in 0..whole.periods.len() {
            if whole.text(&dimension.name, row).is_some_and(|code| out.contains(code)) {
                sheet.panel.leaf[sheet.panel.series[row] as usize] = false;
            }
        }
    }
}

/// Whether attributes of members that stay are asked for.
pub(super) fn beside(dataset: &Dataset, question: &Question) -> bool {
    let mut own = dataset.dimensions.iter().flat_map(|dimension| &dimension.codes.attributes);
    own.any(|own| question.by.contains(&own.name))
}

/// The records that `--period` asks for, of all periods together: a year has those of its months and days. `None` where all
/// are of one period.
fn together(whole: &Dataset, question: &Question, notes: &mut Vec<Text>) -> Result<Option<Together>> {
    let mut all = whole.periods.clone();
    all.sort();
    all.dedup();
    let plain = |period: &&Period| period.kind() == PeriodKind::Plain;
    if all.len() < 2 || !all.iter().all(|period| plain(&period)) {
        return Ok(None);
    }
    let Some(typed) = question.period.as_deref() else {
        let period = spanned(&all).unwrap_or_else(|| all[0].clone());
        return Ok(Some(Together { period, rows: vec![true; whole.periods.len()] }));
    };
    let selection = PeriodSelection::parse(typed).map_err(|_| select::bad_period(typed, &all))?;
    let asked: Vec<PeriodSelection> = match &selection {
        PeriodSelection::Of(periods) => {
            periods.iter().map(|period| PeriodSelection::Range(period.clone(), period.clone())).collect()
        }
        other => vec![other.clone()],
    };
    let last = all.iter().rfind(plain);
    let rows: Vec<bool> =
        whole.periods.iter().map(|period| asked.iter().any(|asked| asked.matches(period, last))).collect();
    let met: Vec<Period> = all.iter().filter(|period| asked.iter().any(|a| a.matches(period, last))).cloned().collect();
    if met.is_empty() {
        notes.push(select::absence(&question.line, typed, &[], &all, true));
    }
    let period = match selection {
        PeriodSelection::Of(periods) if periods.len() == 1 => periods.into_iter().next(),
        PeriodSelection::Range(start, end) => Period::span(&start, &end).or(Some(end)),
        _ => spanned(&met),
    };
    Ok(Some(Together { period: period.unwrap_or_else(|| all[0].clone()), rows }))
}

/// From the first to the last of some periods in order.
fn spanned(periods: &[Period]) -> Option<Period> {
    let (first, last) = (periods.first()?, periods.last()?);
    Period::span(first, last).or_else(|| Some(last.clone()))
}

/// What is said of the measures that do not add up, and so are not in the answer.
///
/// # Errors
/// One of them is named, or there is no other and no record to count.
pub(super) fn added_up(catalog: &Catalog, found: Found, whole: &Dataset, question: &Question) -> Result<Vec<Text>> {
    let left_out: Vec<&Measure> = whole.measures.iter().filter(|measure| !measure.kind.adds_up()).collect();
    let own_line =
        |error: Error| error.instead_or([Edit::About(catalog::words_of(&catalog.line(found)))], catalog.line(found));
    for typed in &question.measures {
        if let Some(named) = left_out.iter().find(|measure| measure.is_called(typed)) {
            return Err(own_line(Error::new(
                format!("「{}」不能相加", named.title.zh),
                format!("'{}' does not add up", named.name),
            )));
        }
    }
    if whole.resource.records.is_none() && left_out.len() == whole.measures.len() {
        return Err(own_line(Error::new("比率不能相加", "rates do not add up")));
    }
    let (zh, en) = listed(&left_out.iter().map(|measure| &measure.title).collect::<Vec<_>>());
    let note = Text::new(format!("不能相加,未列出:{zh}"), format!("left out, as they do not add up: {en}"));
    Ok(Some(note).filter(|_| !left_out.is_empty() && question.measures.is_empty()).into_iter().collect())
}

/// What is in no sum, and what sums lack: in the order of the lists of a package that `declared` them.
pub(super) fn absent<'a>(without: &[Text], lacking: impl IntoIterator<Item = &'a Text>, declared: bool) -> Vec<Text> {
    let mut notes = Vec::new();
    if !without.is_empty() {
        let (zh, en) = listed(&without.iter().collect::<Vec<_>>());
        notes.push(Text::new(
            format!("不含没有该属性的{zh}"),
            format!("left out, as they have no such attribute: {en}"),
        ));
    }
    let mut absent: Vec<&Text> = Vec::new();
    for member in lacking {
        if !absent.contains(&member) {
            absent.push(member);
        }
    }
    if !declared {
        absent.sort_unstable();
    }
    if !absent.is_empty() {
        let (zh, en) = listed(&absent);
        notes.push(Text::new(
            format!("缺少成员的合计为空:{zh}没有行"),
            format!("sums that lack a member are empty: there is no row for {en}"),
        ));
    }
    notes
}

/// What the numbers are: what was added up, and what was counted.
pub(super) fn said(
    whole: &Dataset,
    dataset: &Dataset,
    (by, out): (&[Breakdown], &LeftOut),
    counts: Option<&str>,
    dates: Option<(&str, &str)>,
) -> Vec<Text> {
    let mut notes = Vec::new();
    if let Some(count) = dataset.measures.iter().find(|measure| counts == Some(&measure.name)) {
        let dates = dates.unwrap_or_default();
        notes.push(Text::new(
            format!("{}:表中记录的条数{}", count.title.zh, dates.0),
            format!("{}: how many records the table has{}", count.title.en, dates.1),
        ));
    }
    let counted = dataset.measures.iter().all(|measure| !measure.kind.adds_up() || counts == Some(&measure.name));
    let title = |name: &String| dataset.dimensions.iter().find(|own| own.name == *name).map(|own| &own.title);
    notes.extend(whole.dimensions.iter().zip(by).zip(out).filter_map(|((dimension, by), out)| {
        let members = members(whole, dimension, out);
        if counted && members.is_none() {
            return None;
        }
        let Text { zh: members_zh, en: members_en } = members.unwrap_or_default();
        match by {
            Breakdown::Itself => None,
            Breakdown::Attributes(names) => {
                let titles: Vec<&Text> = names.iter().filter_map(title).collect();
                let (zh, en) = listed(&titles);
                Some(Text::new(
                    format!("按{}的{zh}合计{members_zh}", dimension.title.zh),
                    format!("added up over {} by {en}{members_en}", dimension.title.en),
                ))
            }
            Breakdown::Dropped => Some(Text::new(
                format!("对{}合计{members_zh}", dimension.title.zh),
                format!("added up over {}{members_en}", dimension.title.en),
            )),
        }
    }));
    notes
}

/// Which members of a dimension are added up where some are left out, or which are not, as there are fewer.
fn members(whole: &Dataset, dimension: &Dimension, out: &HashSet<String>) -> Option<Text> {
    let (left, kept): (Vec<&Member>, Vec<&Member>) =
        whole.leaves(dimension).partition(|member| out.contains(&member.code));
    let titles = |members: &[&Member]| listed(&members.iter().map(|member| &member.title).collect::<Vec<_>>());
    if left.is_empty() {
        return None;
    }
    Some(if left.len() <= kept.len() {
        let (zh, en) = titles(&left);
        Text::new(format!(":不含{zh}"), format!(": {en} left out"))
    } else {
        let (zh, en) = titles(&kept);
        Text::new(format!(":只含{zh}"), format!(": {en} alone"))
    })
}

/// The refusal of sums over members that are not all there is.
fn not_all(found: Found, by: &[Breakdown]) -> Error {
    let dimensions = found.1.address.dimensions.iter().zip(by);
    let dropped: Vec<&String> =
        dimensions.filter(|(_, by)| **by == Breakdown::Dropped).map(|(dimension, _)| dimension).collect();
    let titles: Vec<Text> = dropped.iter().map(|name| found.0.dimension_title(found.1, name)).collect();
    let (zh, en) = listed(&titles.iter().collect::<Vec<_>>());
    Error::new(
        format!("{zh}的成员未列全,不能合计"),
        format!("the members of {en} are not all listed, so nothing can be added up over them"),
    )
    .instead(dropped.iter().map(|name| Edit::flag(format!("--by-{name}"))))
}

/// Members that are named; of more, the first.
const NAMED: usize = 20;

fn listed(members: &[&Text]) -> (String, String) {
    let more = if members.len() > NAMED { "…" } else { "" };
    let names = |name: fn(&Text) -> &str, joint: &str| {
        members.iter().take(NAMED).map(|member| name(member)).collect::<Vec<_>>().join(joint) + more
    };
    (names(|text| &text.zh, "、"), names(|text| &text.en, ", "))
}
