//! The same questions to tables of any size: whole columns instead of cells, statistics through Polars.

mod keys;
mod operands;
mod rows;
mod statistics;

use std::sync::Arc;

use super::sheet::{self, Sheet};
use super::{Context, filter, notes, pivot, select, statistics as shared};
use crate::answer::{Answer, Cell, Column, Role, Values};
use crate::catalog::{Catalog, Found};
use crate::cli::Question;
use crate::error::{Error, Result};
use crate::package::{Decimals, LargeColumns, LargeTable, Limit, Measure, Missing};
use crate::stats::Stat;
use keys::Keys;

/// Rows that `--pivot` spreads.
const SPREAD: usize = 20_000;

/// Answers a question about a dataset whose table is large; `None` if it is not.
pub(super) fn answer(catalog: &Catalog, found: Found, question: &Question) -> Result<Option<Answer>> {
    if !found.0.is_large(found.1) {
        return Ok(None);
    }
    if let Some(flag) = exact(question) {
        return small_enough(catalog, found, flag).map(|()| None);
    }
    let wanted = |measure: &Measure| is_wanted(question, measure);
    let Some(table) = found.0.large(found.1, &wanted).map_err(Error::from)? else { return Ok(None) };
    of(catalog, found, question, table).map(Some)
}

/// Refuses what takes exact arithmetic over all rows of a table that is too large for that.
pub(super) fn small_enough(catalog: &Catalog, found: Found, flag: &str) -> Result<()> {
    if found.0.is_too_large(found.1) { Err(refusal(catalog, found, flag)) } else { Ok(()) }
}

/// The flag that takes exact arithmetic over all rows, if one is typed.
fn exact(question: &Question) -> Option<&'static str> {
    let flags = [
        ("--derived", question.derived),
        ("--assume", !question.assume.is_empty()),
        ("--bounds", question.bounds),
        ("--cagr", question.cagr),
    ];
    flags.into_iter().find(|(_, asked)| *asked).map(|(flag, _)| flag)
}

fn refusal(catalog: &Catalog, found: Found, flag: &str) -> Error {
    let variable = Limit::ExactBytes.variable();
    Error::new(
        format!("这张表很大,按列计算;{flag} 要精确计算"),
        format!("this table is large and worked on by columns; {flag} takes exact arithmetic"),
    )
    .detail(
        format!("把要的行另存为小一些的数据包;或设 {variable},精确地读整张表(每百万行约需 1 GB 内存)"),
        format!(
            "save the rows you need as a smaller package; or set {variable}, and all of it is read exactly (about 1 GB of memory a million rows)"
        ),
    )
    .hint(format!("{variable}=1000000000000 {} {flag}", catalog.line(found)))
}

/// Whether a measure is read: all are, unless some are named.
fn is_wanted(question: &Question, measure: &Measure) -> bool {
    let is = |typed: &str| {
        measure.name == typed || measure.title.zh == typed || measure.title.en.eq_ignore_ascii_case(typed)
    };
    let own = |typed: &str| is(typed) || typed.strip_prefix(&measure.name).is_some_and(|rest| rest.starts_with('_'));
    let rank = question.rank.iter().flatten();
    let mut keys = rank.chain(question.sort.as_ref()).map(|key| key.trim_start_matches('-'));
    question.measures.is_empty() || question.measures.iter().any(|typed| is(typed)) || keys.any(own)
}

fn of(catalog: &Catalog, found: Found, question: &Question, table: LargeTable) -> Result<Answer> {
    let LargeTable { dataset, columns: mut table } = table;
    let measures = super::measures(&dataset, question)?;
    let context = Context {
        catalog,
        found,
        dataset: &dataset,
        measures: &measures,
        question,
        derived: None,
        compared: None,
        shown: false,
    };
    let mut notes = Vec::new();
    let filters = filter::all(&context)?;
    let periods = select::periods(&context, &dataset.periods, &mut notes)?;
    if within_periods(question) {
        table.retain_periods(&periods);
    }
    let mut keys = Keys::new(&dataset, &table);
    let mut sheet = sheet(&context, &mut table);
    let wanted = rows::wanted(&context, &sheet, &filters, &periods, &mut keys, &mut notes);
    sheet.panel = keys.panel(&dataset, sheet.columns.first());
    let mut tracks = operands::Operands::new(&dataset, &sheet);
    let computed = statistics::add(&context, &mut sheet, &keys, &mut tracks, &wanted, &mut notes)?;
    let mut focus = shared::focus(&measures, &computed);
    let ranking = statistics::rank(&context, &mut sheet, &mut tracks, &focus, &wanted, &mut notes)?;
    drop(tracks);
    if let Some(ranking) = ranking.as_ref().filter(|_| question.rank.is_some()) {
        focus = vec![format!("{}_{}", ranking.key, Stat::Rank.suffix())];
    }
    let rows = rows::chosen(&context, &sheet, ranking.as_ref(), &wanted, &mut notes)?;
    drop(ranking);
    if question.source {
        add_source(&mut sheet, &dataset, table.rows);
    }
    super::keep(&mut sheet, &context);
    let panel = std::mem::replace(&mut sheet.panel, crate::stats::Panel::new(vec![], vec![], vec![], vec![], true));
    drop(panel);
    let mut answer = Answer {
        dataset: found.1.address.to_string(),
        title: dataset.resource.title.clone(),
        columns: sheet.columns,
        focus,
        ..Answer::default()
    };
    rows.take(&context, &mut answer);
    if answer.rows > 0 {
        answer.sources = notes::sources(found.0, &dataset, &[], &[0]);
    }
    let shown = rows::shown(&answer);
    notes::add_large(&context, &mut answer, notes, |key, code| shown(key, code));
    match &question.pivot {
        Some(dimension) if answer.rows <= SPREAD => pivot::pivot(answer, dimension, &context.line()),
        Some(_) => Err(too_wide(&context, answer.rows)),
        None => Ok(answer),
    }
}

/// Whether every statistic that is asked for looks at one period alone.
fn within_periods(question: &Question) -> bool {
    let over = question.growth.is_some() || question.change.is_some() || question.index.is_some() || question.cagr;
    !over
}

fn too_wide(context: &Context, rows: usize) -> Error {
    Error::new(
        format!("--pivot 至多用于 {SPREAD} 行,这里有 {rows} 行"),
        format!("--pivot spreads up to {SPREAD} rows, and there are {rows}"),
    )
    .detail("用 --where、--period 或 --top 选行", "choose rows with --where, --period or --top")
    .hint(format!("{} --period latest --top 10", context.line()))
}

/// The table's own columns.
fn sheet(context: &Context, table: &mut LargeColumns) -> Sheet {
    let dataset = context.dataset;
    let periods = dataset.periods.iter().map(|period| Cell::Text(period.to_string())).collect();
    let mut columns = vec![sheet::period_column(coded(std::mem::take(&mut table.period), periods))];
    for (dimension, codes) in dataset.dimensions.iter().zip(std::mem::take(&mut table.members)) {
        let member =
            |member: &crate::package::Member| Cell::Member { code: member.code.clone(), title: member.title.clone() };
        let labels = dimension.codes.members.iter().map(member).collect();
        columns.push(sheet::dimension_column(dimension, coded(codes, labels)));
    }
    for (attribute, (texts, codes)) in dataset.attributes.iter().zip(std::mem::take(&mut table.attributes)) {
        let label = |text: String| if text.is_empty() { Cell::Empty(None) } else { Cell::Text(text) };
        let labels = texts.into_iter().map(label).collect();
        columns.push(Column {
            key: attribute.name.clone(),
            title: attribute.title.clone(),
            unit: None,
            role: Role::Attribute,
            fold: false,
            values: coded(codes, labels),
        });
    }
    for (measure, numbers) in dataset.measures.iter().zip(std::mem::take(&mut table.numbers)) {
        let Some(numbers) = numbers else { continue };
        columns.push(Column {
            key: measure.name.clone(),
            title: measure.title.clone(),
            unit: Some(measure.unit.clone()),
            role: Role::Measure,
            fold: false,
            values: Values::Decimals(numbers),
        });
    }
    let panel = crate::stats::Panel::new(vec![], vec![], vec![], vec![], true);
    Sheet { panel, columns, order: Vec::new(), wanted: Vec::new() }
}

fn coded(codes: Vec<u32>, labels: Vec<Cell>) -> Values {
    Values::Coded { codes, labels: Arc::from(labels) }
}

/// The printed numbers of a column.
fn decimals<'a>(sheet: &'a Sheet, key: &str) -> Option<&'a Decimals> {
    match &sheet.columns[sheet.position(key)?].values {
        Values::Decimals(numbers) => Some(numbers),
        _ => None,
    }
}

/// `--source`: one exhibit and section stand for all rows.
fn add_source(sheet: &mut Sheet, dataset: &crate::package::Dataset, rows: usize) {
    for mut column in notes::source_columns(dataset, &[], &[Some(0)]) {
        column.values = coded(vec![0; rows], vec![column.values.cell(0).into_owned()]);
        sheet.columns.push(column);
    }
}

/// Why a statistic leaves a cell empty.
const NOT_PRINTED: Missing = super::NOT_PRINTED;
