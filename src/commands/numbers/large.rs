//! The same questions to tables of any size: whole columns instead of cells, statistics through Polars.

mod keys;
mod operands;
mod rows;
mod statistics;

use std::collections::HashSet;
use std::sync::Arc;

use super::sheet::{self, Sheet};
use super::{Context, filter, groups, notes, pivot, select, statistics as shared, sums, units};
use crate::answer::{Answer, Cell, Column, Role, Values};
use crate::catalog::{Catalog, Found, with_remedy};
use crate::cli::Question;
use crate::error::{Error, Result};
use crate::line::Edit;
use crate::package::{
    Breakdown, Dataset, Decimals, Dimension, LargeColumns, LargeSums, LargeTable, LeftOut, Limit, Measure, Package,
};
use crate::text::Text;
pub(in crate::commands) use keys::Keys;
pub(in crate::commands) use operands::Operands;

/// Rows that `--pivot` spreads, and whose ranks are shown with their bounds.
const SPREAD: usize = 20_000;

/// Answers a question about a dataset whose table is large; `None` if it is not.
pub(super) fn answer(catalog: &Catalog, found: Found, question: &Question) -> Result<Option<Answer>> {
    if !found.0.is_large(found.1) {
        return Ok(None);
    }
    if !by_columns(found, question)? {
        return Ok(None);
    }
    let wanted = |measure: &Measure| is_wanted(question, measure);
    let Some(table) = found.0.large(found.1, &wanted).map_err(|faults| with_remedy(found.0, faults))? else {
        return Ok(None);
    };
    of(catalog, found.0, question, table, None).map(Some)
}

/// Answers a question about a large table by other dimensions than its own; `None` if the exact path has to.
pub(super) fn summed(catalog: &Catalog, found: Found, by: &[Breakdown], question: &Question) -> Result<Option<Answer>> {
    if !found.0.is_large(found.1) || exact(question).is_some() {
        return Ok(None);
    }
    let wanted = |measure: &Measure| is_wanted(question, measure);
    let Some(whole) = found.0.large(found.1, &wanted).map_err(|faults| with_remedy(found.0, faults))? else {
        return Ok(None);
    };
    let mut notes = sums::added_up(catalog, found, &whole.dataset, question)?;
    let (out, filters) = sums::chosen(catalog, found, &whole.dataset, by, question)?;
    let Some(LargeSums { table, lacking, without }) = whole.summed(found.0, by, &out) else { return Ok(None) };
    if table.columns.rows == 0 && whole.columns.rows > 0 && !question.filters.is_empty() {
        notes.push(filter::unmet(question));
    }
    notes.extend(
        (0..by.len())
            .filter(|at| by[*at] != Breakdown::Itself && units::several(&whole.dataset, &out).is_none())
            .filter_map(|at| groups_note(&whole, at, &out)),
    );
    notes.extend(units::summed(&whole.dataset, by, &out, |column| {
        let of =
            |at: usize| if whole.dataset.dimensions[at].name == column { Breakdown::Itself } else { by[at].clone() };
        let finer: Vec<Breakdown> = (0..by.len()).map(of).collect();
        let apart =
            || whole.summed(found.0, &finer, &out).is_some_and(|finer| finer.table.columns.rows > table.columns.rows);
        question.share || question.ranks() || apart()
    }));
    notes.extend(sums::said(&whole.dataset, &table.dataset, (by, &out), None, None));
    notes.extend(sums::absent(&without, &lacking, found.1.declared));
    drop(whole);
    of(catalog, found.0, &Question { filters, ..question.clone() }, table, Some(notes)).map(Some)
}

/// What is said of members of a dimension that may be groups of others, where they are added up and some are left out: by what
/// each has in the last period.
fn groups_note(whole: &LargeTable, at: usize, out: &LeftOut) -> Option<Text> {
    let LargeTable { dataset, columns } = whole;
    let dimension = &dataset.dimensions[at];
    let mut read = dataset.measures.iter().zip(&columns.numbers).filter(|(measure, _)| measure.kind.adds_up());
    let (measure, numbers) = read.find_map(|(measure, numbers)| Some((measure, numbers.as_ref()?)))?;
    let last = dataset.periods.len().checked_sub(1)?;
    let mut sums = vec![f64::NAN; dimension.codes.members.len()];
    let is_out = |(dimension, out): (&Dimension, &HashSet<String>)| {
        let is_out = |code: &String| out.contains(code) || dataset.resource.parts.contains_key(code);
        dimension.codes.members.iter().map(|member| is_out(&member.code)).collect::<Vec<bool>>()
    };
    let out: Vec<Vec<bool>> = dataset.dimensions.iter().zip(out).map(is_out).collect();
    let counts = |row: usize| out.iter().zip(&columns.members).all(|(out, codes)| !out[codes[row] as usize]);
    let row = |row: &usize| columns.period[*row] as usize == last && counts(*row);
    for (row, number) in (0..columns.rows).filter(row).filter_map(|row| Some((row, numbers.unit(row)?))) {
        let sum = &mut sums[columns.members[at][row] as usize];
        *sum = if sum.is_nan() { number } else { *sum + number };
    }
    groups::summed_large(&sums, &dataset.periods[last], &measure.title, dimension, dataset.resource.declared)
}

/// Whether a question about a large table is answered by columns; a flag may take exact arithmetic.
///
/// # Errors
/// It does, and the table is too large for that.
pub(in crate::commands) fn by_columns(found: Found, question: &Question) -> Result<bool> {
    match exact(question) {
        None => Ok(true),
        Some(flag) => small_enough(found, flag).map(|()| false),
    }
}

/// Refuses what takes exact arithmetic over all rows of a table that is too large for that.
pub(in crate::commands) fn small_enough(found: Found, flag: &str) -> Result<()> {
    if found.0.is_too_large(found.1) { Err(refusal(flag)) } else { Ok(()) }
}

/// The flag that takes exact arithmetic over all rows, if one is typed.
pub(super) fn exact(question: &Question) -> Option<&'static str> {
    let flags = [
        ("--derived", question.derived),
        ("--assume", !question.assume.is_empty()),
        ("--bounds", question.bounds),
        ("--cagr", question.cagr),
    ];
    flags.into_iter().find(|(_, asked)| *asked).map(|(flag, _)| flag)
}

fn refusal(flag: &str) -> Error {
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
    .instead([Edit::Variable(format!("{variable}=1000000000000"))])
}

/// Whether a measure is read: all are, unless some are named.
pub(in crate::commands) fn is_wanted(question: &Question, measure: &Measure) -> bool {
    let own = |typed: &str| {
        measure.is_called(typed) || typed.strip_prefix(&measure.name).is_some_and(|rest| rest.starts_with('_'))
    };
    let rank = question.rank.iter().flatten();
    let mut keys = rank.chain(question.sort.as_ref()).map(|key| key.trim_start_matches('-'));
    question.measures.is_empty() || question.measures.iter().any(|typed| measure.is_called(typed)) || keys.any(own)
}

/// Answers a question from a table's rows; of sums, `notes` say what they are. Members have their attributes beside them where
/// nothing is added up.
fn of(
    catalog: &Catalog,
    package: &Package,
    question: &Question,
    table: LargeTable,
    notes: Option<Vec<Text>>,
) -> Result<Answer> {
    let LargeTable { dataset, columns: table } = table;
    let found = (package, &dataset.resource);
    let measures = super::measures(&dataset, question)?;
    let context =
        Context { catalog, found, dataset: &dataset, measures: &measures, question, derived: None, shown: false };
    let levels = dataset.measures.iter().map(|measure| (level(measure), measure)).collect();
    let answer =
        Answer { dataset: found.1.address.to_string(), title: dataset.resource.title.clone(), ..Answer::default() };
    let is_sum = notes.is_some();
    conclude(&context, table, levels, answer, notes.unwrap_or_default(), |sheet, operands, keys, wanted, notes| {
        if !is_sum || sums::beside(&dataset, question) {
            sheet.describe(package, &dataset);
        }
        let computed = statistics::add(&context, sheet, keys, operands, wanted, notes)?;
        Ok(shared::focus(&context, &computed))
    })
}

/// Chooses and orders the rows of a table that another verb has put together, after it has added its columns.
pub(in crate::commands) fn finish(
    catalog: &Catalog,
    (found, dataset): (Found, &Dataset),
    question: &Question,
    table: LargeColumns,
    levels: Vec<(Column, &Measure)>,
    (answer, notes): (Answer, Vec<Text>),
    add: impl FnOnce(&mut Sheet, &Operands) -> Vec<String>,
) -> Result<Answer> {
    let context = Context { catalog, found, dataset, measures: &[], question, derived: None, shown: false };
    conclude(&context, table, levels, answer, notes, |sheet, operands, _, _, _| Ok(add(sheet, operands)))
}

/// From rows to the answer. `levels` are the columns of the table's numbers, still without them, and `add` computes further
/// ones and says what the question is about.
fn conclude(
    context: &Context,
    mut table: LargeColumns,
    levels: Vec<(Column, &Measure)>,
    mut answer: Answer,
    mut notes: Vec<Text>,
    add: impl FnOnce(&mut Sheet, &mut Operands, &Keys, &rows::Wanted, &mut Vec<Text>) -> Result<Vec<String>>,
) -> Result<Answer> {
    let Context { question, dataset, .. } = *context;
    let filters = filter::all(context)?;
    let periods = select::periods(context, &dataset.periods, &mut notes)?;
    table.arrange(Some(&periods[..]).filter(|_| select::within_periods(question)));
    let mut keys = Keys::new(dataset, &table);
    let measures: Vec<(String, &Measure)> = levels.iter().map(|(column, m)| (column.key.clone(), *m)).collect();
    let period = table.period.clone();
    let mut sheet = sheet(dataset, &mut table, levels.into_iter().map(|(column, _)| column));
    let wanted = rows::wanted(context, &sheet, &filters, &periods, &mut keys, &mut notes);
    sheet.panel = keys.panel(dataset, period);
    let mut operands = Operands::new(&measures, &sheet);
    answer.focus = add(&mut sheet, &mut operands, &keys, &wanted, &mut notes)?;
    let ranking = statistics::rank(context, &mut sheet, &mut operands, &answer.focus, &wanted, &mut notes)?;
    drop(operands);
    let ranked = ranking.as_ref().filter(|_| question.rank.is_some()).map(|ranking| super::rank_of(&ranking.key));
    if let Some(key) = &ranked {
        answer.focus = vec![key.clone()];
    }
    let rows = rows::chosen(context, &sheet, ranking.as_ref(), &wanted, &mut notes)?;
    drop(ranking);
    if question.source {
        sheet.columns.extend(source(dataset, table.rows));
    }
    super::keep(&mut sheet, context, ranked.as_deref());
    answer.columns = std::mem::take(&mut sheet.columns);
    drop(sheet);
    rows.take(context, &mut answer);
    if let Some(key) = ranked.filter(|_| answer.rows <= SPREAD) {
        statistics::join_bounds(&mut answer, &key);
    }
    if answer.rows > 0 && answer.sources.is_empty() {
        answer.sources = notes::sources(context.found.0, dataset, &[], &[0]);
    }
    let shown = rows::shown(&answer);
    notes::add_large(context, &mut answer, notes, |key, code| shown(key, code));
    match &question.pivot {
        Some(dimension) if answer.rows <= SPREAD => pivot::pivot(context, answer, dimension),
        Some(_) => Err(too_wide(answer.rows)),
        None => Ok(answer),
    }
}

/// The column of a measure, without its numbers.
pub(in crate::commands) fn level(measure: &Measure) -> Column {
    Column {
        key: measure.name.clone(),
        title: measure.title.clone(),
        unit: Some(measure.unit.clone()),
        role: Role::Measure,
        fold: false,
        values: Values::Cells(Vec::new()),
    }
}

fn too_wide(rows: usize) -> Error {
    Error::new(
        format!("--pivot 至多用于 {SPREAD} 行,这里有 {rows} 行"),
        format!("--pivot spreads up to {SPREAD} rows, and there are {rows}"),
    )
    .detail("用 --where、--period 或 --top 选行", "choose rows with --where, --period or --top")
    .instead([Edit::set("--period", "latest"), Edit::set("--top", "10")])
}

/// The table's own columns.
fn sheet(dataset: &Dataset, table: &mut LargeColumns, levels: impl Iterator<Item = Column>) -> Sheet {
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
    for (level, numbers) in levels.zip(std::mem::take(&mut table.numbers)) {
        columns.extend(numbers.map(|numbers| Column { values: Values::Decimals(numbers), ..level }));
    }
    let panel = crate::stats::Panel::new(vec![], vec![], vec![], vec![], true);
    Sheet { panel, columns, order: Vec::new(), wanted: Vec::new(), needed: Vec::new(), counts: None }
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
pub(in crate::commands) fn source(dataset: &Dataset, rows: usize) -> [Column; 2] {
    notes::source_columns(dataset, &[], &[Some(0)]).map(|column| {
        let values = coded(vec![0; rows], vec![column.values.cell(0).into_owned()]);
        Column { values, ..column }
    })
}
