//! `AREA TOPIC`: the numbers of one dataset, with statistics, filters and ranks.

mod derive;
mod filter;
mod groups;
mod large;
mod notes;
mod pivot;
mod select;
mod sheet;
mod statistics;
mod sums;
mod units;

use crate::answer::{Answer, Cell, Column, Number, Role, Source, Value, Values};
use crate::catalog::{Catalog, Found};
use crate::cli::Question;
use crate::error::{Error, Result};
use crate::line::Edit;
use crate::package::{Breakdown, Dataset, Measure, Missing, Package};
use crate::precision::{Basis, Claim, Interval};
use crate::stats::Stat;
use crate::suggest::{nearest, spellings};
use crate::text::Text;
pub(super) use derive::{Derived, solve};
pub(super) use filter::is_unknown_name;
pub(super) use large::{
    Keys, Operands, by_columns, finish as finish_large, is_wanted, level as level_of_large, small_enough,
    source as source_of_large,
};
pub(super) use notes::{on_numbers, source_columns, sources};
pub(super) use sheet::{Sheet, computed, number as unitless, operands};

/// Answers a question about one dataset.
///
/// # Errors
/// What it names does not exist, or makes no sense for this dataset.
pub(super) fn answer(catalog: &Catalog, question: &Question) -> Result<Answer> {
    let found = catalog.datasets(&question.area, &question.topic)?;
    match catalog.choose(&found, &question.by) {
        Ok(found) => of(catalog, found, question, None),
        Err(error) => match catalog.grouping(&found, &question.by) {
            // Attributes alone are asked for besides what the dataset has.
            Some((found, by)) if by.iter().all(|by| *by == Breakdown::Itself) => of(catalog, found, question, None),
            Some((found, by)) => sums::answer(catalog, found, by, question),
            None => Err(catalog.apart(error, &found, &question.by)),
        },
    }
}

/// Answers a question about a dataset that is already found; of one exhibit's rows alone where `exhibit` names it.
pub(super) fn of(catalog: &Catalog, found: Found, question: &Question, exhibit: Option<&str>) -> Result<Answer> {
    if exhibit.is_none()
        && let Some(answer) = large::answer(catalog, found, question)?
    {
        return Ok(answer);
    }
    let dataset = catalog.read(found)?;
    let mut sheet = Sheet::new(&dataset);
    if let Some(exhibit) = exhibit.filter(|_| dataset.has_column("exhibit")) {
        sheet.order.retain(|&row| dataset.text("exhibit", row) == Some(exhibit));
    }
    let (derived, notes) = derive::solve(catalog, &[found], question, None)?;
    let own = || dataset.resource.title.clone();
    let title = exhibit.map_or_else(own, |number| crate::catalog::exhibit_title(found, number));
    sheet.describe(found.0, &dataset);
    if exhibit.is_some() {
        sheet.as_written(&dataset);
    }
    let shown = exhibit.filter(|_| derived.is_none()).is_some();
    on(catalog, (found.0, &dataset), question, sheet, derived.as_ref(), (title, shown), notes)
}

/// The rows and measures of a dataset that a question chooses.
pub(super) struct Chosen {
    /// Of each row whether it is chosen.
    pub(super) rows: Vec<bool>,
    /// Places of the measures.
    pub(super) measures: Vec<usize>,
}

/// Which rows and measures of a dataset a question chooses.
///
/// # Errors
/// What it names does not exist in this dataset.
pub(super) fn choose(catalog: &Catalog, found: Found, question: &Question, notes: &mut Vec<Text>) -> Result<Chosen> {
    let dataset = catalog.read(found)?;
    let measures = measures(&dataset, question)?;
    let mut sheet = Sheet::new(&dataset);
    sheet.describe(found.0, &dataset);
    let context =
        Context { catalog, found, dataset: &dataset, measures: &measures, question, derived: None, shown: false };
    filter::apply(&context, &mut sheet, notes)?;
    let place = |name: &str| dataset.measures.iter().position(|measure| measure.name == name);
    Ok(Chosen { measures: measures.iter().filter_map(|measure| place(&measure.name)).collect(), rows: sheet.wanted })
}

/// Answers a question on the rows of a sheet, under a title; `shown`: as an exhibit, without what it does not have.
fn on(
    catalog: &Catalog,
    (package, dataset): (&Package, &Dataset),
    question: &Question,
    mut sheet: Sheet,
    derived: Option<&derive::Derived>,
    (title, shown): (Text, bool),
    mut notes: Vec<Text>,
) -> Result<Answer> {
    let mut measures = measures(dataset, question)?;
    let declared = &dataset.resource.columns;
    if shown && question.measures.is_empty() && !declared.is_empty() {
        // What the exhibit does not have is no part of the answer: neither its notes nor its sources.
        measures.retain(|measure| declared.iter().any(|key| belongs(key, &measure.name, dataset)));
    }
    if let Some(derived) = derived {
        derived.fill(0, &mut sheet);
    }
    let found = (package, &dataset.resource);
    let context = Context { catalog, found, dataset, measures: &measures, question, derived, shown };
    let computed = if question.cagr {
        sheet = statistics::cagr(&context, sheet, &mut notes)?;
        filter::apply(&context, &mut sheet, &mut notes)?;
        statistics::stats(question)
    } else {
        filter::apply(&context, &mut sheet, &mut notes)?;
        statistics::add(&context, &mut sheet, &mut notes)?
    };
    let answer = Answer {
        dataset: dataset.resource.address.to_string(),
        title,
        focus: statistics::focus(&context, &computed),
        ..Answer::default()
    };
    conclude(&context, sheet, answer, notes, None)
}

/// Of the rows of an answer where their numbers stand, and what the packages say of them.
type Told<'a> = &'a dyn Fn(&[usize]) -> (Vec<Source>, Vec<Text>);

/// Chooses, orders and completes the rows of a sheet that another verb has put together.
pub(super) fn finish(
    catalog: &Catalog,
    (found, dataset): (Found, &Dataset),
    question: &Question,
    mut sheet: Sheet,
    (answer, mut notes): (Answer, Vec<Text>),
    told: Told,
) -> Result<Answer> {
    let context = Context { catalog, found, dataset, measures: &[], question, derived: None, shown: false };
    filter::apply(&context, &mut sheet, &mut notes)?;
    conclude(&context, sheet, answer, notes, Some(told))
}

fn conclude(
    context: &Context,
    mut sheet: Sheet,
    mut answer: Answer,
    mut notes: Vec<Text>,
    told: Option<Told>,
) -> Result<Answer> {
    let question = context.question;
    let ranking = statistics::rank(context, &mut sheet, &answer.focus, &mut notes)?;
    let rows = select::rows(context, &mut sheet, ranking.as_ref(), &mut notes)?;
    let ranked = ranking.filter(|_| question.rank.is_some()).map(|ranking| rank_of(&ranking.key));
    if let Some(key) = &ranked {
        answer.focus = vec![key.clone()];
    }
    keep(&mut sheet, context, ranked.as_deref());
    answer.columns = sheet.columns;
    clear_marks(&mut answer);
    let told = told.map(|told| told(&rows));
    let own = || notes::sources(context.found.0, context.dataset, &notes::numbers(context.measures), &rows);
    let (sources, said) = told.map_or_else(|| (own(), None), |(sources, said)| (sources, Some(said)));
    answer.sources = sources;
    if question.bounds || question.derived {
        add_bounds(&mut answer, question.bounds);
    }
    if question.source {
        // A row that sums others up stands nowhere.
        let count = answer.columns.first().map_or(0, |column| column.values.len());
        let all: Vec<Option<usize>> =
            (0..count).map(|row| Some(row).filter(|row| *row < context.dataset.periods.len())).collect();
        answer.columns.extend(notes::source_columns(context.dataset, &notes::numbers(context.measures), &all));
    }
    answer.take(&rows);
    if context.shown {
        trim(&mut answer, context);
    }
    let said = said.unwrap_or_else(|| notes::of_package(context, &answer, &rows));
    notes::add(context, &mut answer, notes, said);
    match &question.pivot {
        Some(dimension) => pivot::pivot(context, answer, dimension),
        None => Ok(answer),
    }
}

/// Leaves out the marks of empty cells that a computed number has filled.
fn clear_marks(answer: &mut Answer) {
    let is_computed = |cell: &Cell| matches!(cell, Cell::Number(Number { value: Value::Computed(_), .. }));
    for at in 0..answer.columns.len() {
        let Some(key) = answer.columns[at].key.strip_suffix("_mark") else { continue };
        let Some(own) = answer.columns.iter().find(|column| column.key == key) else { continue };
        let filled: Vec<bool> = (0..own.values.len()).map(|row| is_computed(&own.values.cell(row))).collect();
        let Values::Cells(marks) = &mut answer.columns[at].values else { continue };
        for (mark, _) in marks.iter_mut().zip(filled).filter(|(_, filled)| *filled) {
            *mark = Cell::Empty(None);
        }
    }
}

/// Leaves out columns of which nothing is printed (levels of shares) or that the exhibit is declared not to have, a period that
/// all rows have and its title says, and rows whose members have printed numbers in others (bases of growth rates).
fn trim(answer: &mut Answer, context: &Context) {
    let numeric = |column: &Column| matches!(column.role, Role::Measure | Role::Statistic);
    let blank = |column: &Column, row: usize| column.values.missing(row) == Some(Missing::NotPrinted);
    let columns: Vec<&Column> = answer.columns.iter().filter(|column| numeric(column)).collect();
    let is_printed = |row: usize| columns.iter().any(|column| !blank(column, row));
    let printed: Vec<usize> = (0..answer.rows).filter(|&row| is_printed(row)).collect();
    let members: Vec<&Column> = answer.columns.iter().filter(|column| column.role == Role::Dimension).collect();
    let same = |a: usize, b: usize| members.iter().all(|column| column.values.cell(a) == column.values.cell(b));
    let again = |row: usize| printed.iter().any(|&other| same(row, other));
    let rows: Vec<usize> = (0..answer.rows).filter(|&row| is_printed(row) || !again(row)).collect();
    let broken_down = !members.is_empty();
    if rows.is_empty() {
        return;
    }
    answer.take(&rows);
    let all = 0..answer.rows;
    let declared = &context.dataset.resource.columns;
    let beside = |column: &&Column| {
        let own = column.role == Role::Attribute
            || numeric(column) && !context.named() && context.dataset.has_column(&column.key);
        own && !declared.is_empty() && !declared.contains(&column.key)
    };
    let empty = |column: &Column| numeric(column) && all.clone().all(|row| blank(column, row));
    // Where no number is left, their columns say what there would be.
    let some = answer.columns.iter().any(|column| numeric(column) && !empty(column));
    let period = |column: &Column| {
        let all_one = || all.clone().all(|row| column.values.cell(row) == column.values.cell(0));
        let asked = context.question.pivot.is_some() || context.question.period.is_some();
        column.role == Role::Period && broken_down && !asked && !declared.contains(&column.key) && all_one()
    };
    let out = |column: &&Column| some && empty(column) || beside(column) || period(column);
    let dropped: Vec<String> = answer.columns.iter().filter(out).map(|column| column.key.clone()).collect();
    let of = |column: &Column, key: &String| {
        column.key == *key
            || column.role == Role::Companion
                && column.key.strip_prefix(key).is_some_and(|rest| ["_mark", "_to"].contains(&rest))
    };
    answer.columns.retain(|column| !dropped.iter().any(|key| of(column, key)));
}

/// All that the parts of one question share.
#[derive(Clone, Copy)]
struct Context<'a> {
    catalog: &'a Catalog,
    found: Found<'a>,
    dataset: &'a Dataset,
    measures: &'a [&'a Measure],
    question: &'a Question,
    derived: Option<&'a derive::Derived<'a>>,
    /// Whether the answer is an exhibit: what it does not have is left out.
    shown: bool,
}

impl Context<'_> {
    /// Whether `--measure` names the measures.
    fn named(&self) -> bool {
        !self.question.measures.is_empty()
    }

    /// The line that lists what the dataset has.
    fn list_line(&self) -> String {
        list_line(&self.catalog.address(self.found))
    }

    /// The line that lists the members of the dataset, or of those whose rows it adds up.
    fn members_line(&self) -> String {
        let (package, own) = self.found;
        let address = &own.address;
        let is_own = |(other, resource): &Found| other.name == package.name && resource.address == *address;
        let list = match self.catalog.all().any(|found| is_own(&found)) {
            true => self.list_line(),
            false => list_line(&format!("{}/{}", address.area, address.topic)),
        };
        format!("{list} --members")
    }
}

fn list_line(address: &str) -> String {
    format!("{} list {address}", env!("CARGO_PKG_NAME"))
}

/// The measures that `--measure` names, by code or name, or all.
fn measures<'a>(dataset: &'a Dataset, question: &Question) -> Result<Vec<&'a Measure>> {
    if question.measures.is_empty() {
        return Ok(dataset.measures.iter().collect());
    }
    question.measures.iter().map(|typed| measure(dataset, typed)).collect()
}

/// A measure, or the printed share or growth of one as a measure of its own, by key or name.
pub(super) fn measure_or_rate(dataset: &Dataset, typed: &str) -> Option<Measure> {
    let own = dataset.measures.iter().find(|measure| measure.is_called(typed)).cloned();
    let mut rates = dataset.measures.iter().flat_map(Measure::rates).map(|(_, rate)| rate);
    own.or_else(|| rates.find(|rate| rate.is_called(typed)))
}

pub(super) fn measure<'a>(dataset: &'a Dataset, typed: &str) -> Result<&'a Measure> {
    dataset.measures.iter().find(|measure| measure.is_called(typed)).ok_or_else(|| {
        if let Some(refusal) = statistic(dataset, typed) {
            return refusal;
        }
        let near = nearest(typed, dataset.measures.iter().flat_map(|m| spellings(&m.name, &m.title)));
        let (zh, en) = crate::catalog::names_of(dataset.measures.iter().map(|m| (m.name.as_str(), &m.title)));
        let error = Error::new(format!("没有指标「{typed}」"), format!("there is no measure '{typed}'"))
            .detail(format!("指标:{zh}"), format!("measures: {en}"));
        match near.first() {
            Some(meant) => error.instead([Edit::part("--measure", typed, *meant)]),
            None => error.hint(list_line(&dataset.resource.address.to_string())),
        }
    })
}

/// The measure and the statistic that a column's key is composed of.
fn statistic_of<'a>(dataset: &'a Dataset, key: &str) -> Option<(&'a Measure, Stat)> {
    dataset.measures.iter().find_map(|measure| {
        let suffix = key.strip_prefix(&measure.name)?.strip_prefix('_')?;
        Some((measure, Stat::ALL.into_iter().find(|stat| stat.suffix() == suffix)?))
    })
}

/// The option that asks for a statistic.
pub(crate) fn option_of(stat: Stat) -> String {
    match stat {
        Stat::Relative => "--relative-to".to_owned(),
        _ => format!("--{}", stat.suffix()),
    }
}

/// As it is typed for a measure.
fn flag_of(measure: &Measure, stat: Stat) -> String {
    let option = option_of(stat);
    if stat == Stat::Rank { format!("{option}={}", measure.name) } else { option }
}

/// Asks for the statistic of a measure.
fn edit_of(measure: &Measure, stat: Stat) -> Edit {
    let value = if stat == Stat::Rank { Some(measure.name.clone()) } else { None };
    Edit::Set(option_of(stat), value)
}

/// The refusal of a statistic's column where a measure belongs.
fn statistic(dataset: &Dataset, typed: &str) -> Option<Error> {
    let (measure, stat) = statistic_of(dataset, typed).filter(|(_, stat)| *stat != Stat::Relative)?;
    let (title, name) = (stat.title(), &measure.name);
    let error = Error::new(
        format!("「{typed}」不是指标,是 {name} 的{}", title.zh),
        format!("'{typed}' is no measure but the {} of {name}", title.en),
    );
    Some(error.instead([Edit::part("--measure", typed, name), edit_of(measure, stat)]))
}

/// The key of the column that ranks another.
fn rank_of(key: &str) -> String {
    format!("{key}_{}", Stat::Rank.suffix())
}

/// Leaves only the measures that were asked for, with all that belongs to them, and the rank by which they are put in order.
fn keep(sheet: &mut Sheet, context: &Context, ranked: Option<&str>) {
    if context.measures.is_empty() {
        return;
    }
    let is_rank = |column: &Column| column.is_rank() && ranked.is_some_and(|key| column.key.starts_with(key));
    let others: Vec<&Measure> =
        context.dataset.measures.iter().filter(|m| !context.measures.iter().any(|kept| kept.name == m.name)).collect();
    sheet.columns.retain(|column| {
        let numeric = matches!(column.role, Role::Measure | Role::Statistic | Role::Companion);
        !numeric
            || is_rank(column)
            || !others.iter().any(|measure| belongs(&column.key, &measure.name, context.dataset))
    });
    let place = |column: &Column| {
        let is = |measure: &&Measure| belongs(&column.key, &measure.name, context.dataset);
        context.measures.iter().position(is)
    };
    let of_measure: Vec<bool> = sheet.columns.iter().map(|column| place(column).is_some()).collect();
    let (mut own, others): (Vec<Column>, Vec<Column>) =
        std::mem::take(&mut sheet.columns).into_iter().partition(|column| place(column).is_some());
    own.sort_by_key(place);
    let (mut own, mut others) = (own.into_iter(), others.into_iter());
    let next = |of_measure: bool| if of_measure { own.next() } else { others.next() };
    sheet.columns = of_measure.into_iter().filter_map(next).collect();
}

/// Whether a column is a measure's own: the longest measure name that begins it is that measure's.
fn belongs(key: &str, measure: &str, dataset: &Dataset) -> bool {
    let begins = |name: &str| key == name || key.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'));
    let owner =
        dataset.measures.iter().map(|m| m.name.as_str()).filter(|name| begins(name)).max_by_key(|name| name.len());
    owner == Some(measure)
}

/// `--bounds`: lower, upper, claim and basis behind every number. `--derived` brings them folded, for machines.
fn add_bounds(answer: &mut Answer, shown: bool) {
    let mut columns = Vec::with_capacity(answer.columns.len() * 3);
    for column in std::mem::take(&mut answer.columns) {
        let numeric = matches!(column.role, Role::Measure | Role::Statistic);
        let companions = if numeric { bounds_of(&column, shown) } else { Vec::new() };
        columns.retain(|other: &Column| !companions.iter().any(|new| new.key == other.key));
        columns.push(column);
        columns.extend(companions);
    }
    let mut seen = std::collections::HashSet::new();
    columns.retain(|column| seen.insert(column.key.clone()));
    answer.columns = columns;
}

fn bounds_of(column: &Column, shown: bool) -> Vec<Column> {
    let Values::Cells(cells) = &column.values else { return Vec::new() };
    let number = |cell: &Cell| if let Cell::Number(number) = cell { Some(number.clone()) } else { None };
    let end = |pick: fn(Interval) -> Option<crate::precision::Rational>| -> Vec<Cell> {
        let bound = |cell: &Cell| {
            number(cell)
                .and_then(|number| pick(number.bounds))
                .map(|end| sheet::computed(Ok(crate::stats::Quantity::exact(end))))
        };
        cells.iter().map(|cell| bound(cell).unwrap_or(Cell::Empty(None))).collect()
    };
    let word = |pick: fn(Claim, Basis) -> Cell, missing: Cell| -> Vec<Cell> {
        let word = |cell| number(cell).map_or_else(|| missing.clone(), |number| pick(number.claim, number.basis));
        cells.iter().map(word).collect()
    };
    let companions = [
        ("lower", Text::new("下界", "lower bound"), end(|bounds| bounds.lower), true),
        ("upper", Text::new("上界", "upper bound"), end(|bounds| bounds.upper), true),
        ("claim", Text::new("结论", "claim"), word(|claim, _| claim.cell(), Claim::Missing.cell()), false),
        ("basis", Text::new("依据", "basis"), word(|_, basis| basis.cell(), Cell::Empty(None)), false),
    ];
    companions
        .into_iter()
        .map(|(suffix, title, values, numeric)| Column {
            key: format!("{}_{suffix}", column.key),
            title: Text::new(format!("{}{}", column.title.zh, title.zh), format!("{}, {}", column.title.en, title.en)),
            unit: column.unit.clone().filter(|_| numeric),
            role: Role::Companion,
            fold: !shown,
            values: Values::Cells(values),
        })
        .collect()
}
