//! `--pivot`: the periods or the members of a dimension as columns.

use super::{Context, notes, select, sheet, statistics};
use crate::answer::{Answer, Cell, Column, Role, Spread, Values};
use crate::catalog;
use crate::error::{Error, Result};
use crate::line::Edit;
use crate::precision::Rational;
use crate::suggest::{nearest, spellings};
use crate::text::Text;

/// Spreads the values of one key column over columns: `deals_2021`, `deals_2023`; `--sort` may name one of these.
pub(super) fn pivot(context: &Context, answer: Answer, typed: &str) -> Result<Answer> {
    let deferred = select::is_deferred(context, &answer.columns);
    let answer = spread(context, answer, typed)?;
    match context.question.sort.as_deref().filter(|_| deferred) {
        Some(key) => ordered(context, answer, key),
        None => Ok(answer),
    }
}

/// Sorts by a column that the pivot has made.
fn ordered(context: &Context, mut answer: Answer, typed: &str) -> Result<Answer> {
    let (descending, name) = typed.strip_prefix('-').map_or((false, typed), |name| (true, name));
    let Some(column) = statistics::numeric(&answer.columns).find(|column| column.is(name)) else {
        return Err(statistics::no_column(context, &answer.columns, name, "--sort"));
    };
    let values: Vec<Option<Rational>> =
        sheet::operands(column).into_iter().map(|operand| operand.ok().and_then(|q| select::place(&q))).collect();
    let mut rows: Vec<usize> = (0..answer.rows).collect();
    rows.sort_by(|&a, &b| select::compare(values[a].clone(), values[b].clone(), descending));
    answer.take(&rows);
    Ok(answer)
}

/// The refusal of what is no key. An attribute of members is one where these are added up by it.
fn refusal(context: &Context, answer: &Answer, typed: &str) -> Error {
    let names: Vec<&str> = answer.columns.iter().filter(|c| is_key(c)).map(|c| c.key.as_str()).collect();
    let error = Error::new(format!("不能按「{typed}」转列"), format!("'{typed}' cannot be spread over columns"));
    if let Some(own) = answer.columns.iter().find(|column| column.role == Role::Attribute && column.is(typed)) {
        let error = error.detail("它是各行的属性,不是键", "it is an attribute of the rows, and no key");
        let by = [own.key.clone()];
        let grouping = context.catalog.grouping(&[context.found], &by);
        if !context.measures.is_empty() && grouping.is_some_and(|(found, by)| catalog::adds_up(found, &by)) {
            let line = context.catalog.line_by(context.found, &by);
            return error.hint(format!("{line} --pivot {}", own.key));
        }
        return error.instead([Edit::part(PIVOT, typed, names.last().copied().unwrap_or(PERIOD))]);
    }
    let error = error.detail(format!("可用:{}", names.join("、")), format!("there is: {}", names.join(", ")));
    let keys = answer.columns.iter().filter(|column| is_key(column));
    match nearest(typed, keys.flat_map(|key| spellings(&key.key, &key.title))).first() {
        Some(meant) => error.instead([Edit::part(PIVOT, typed, *meant)]),
        None => error.instead([Edit::drop(PIVOT)]),
    }
}

const PIVOT: &str = "--pivot";

/// The key of the column of periods.
const PERIOD: &str = "period";

fn is_key(column: &Column) -> bool {
    matches!(column.role, Role::Period | Role::Dimension)
}

fn spread(context: &Context, answer: Answer, typed: &str) -> Result<Answer> {
    let Some(spread) = answer.columns.iter().find(|column| is_key(column) && column.is(typed)) else {
        return Err(refusal(context, &answer, typed));
    };
    let spread = spread.key.clone();
    let label = |cell: &Cell| match cell {
        Cell::Member { code, title } => (code.clone(), title.clone()),
        Cell::Text(text) => (text.clone(), Text::same(text.as_str())),
        _ => (String::new(), Text::default()),
    };
    let at = |key: &str, row: usize| {
        answer.columns.iter().find(|c| c.key == key).map_or(Cell::Empty(None), |c| c.values.cell(row).into_owned())
    };
    let members = spread != PERIOD;
    let keys: Vec<&Column> = answer.columns.iter().filter(|c| is_key(c) && c.key != spread).collect();
    let numeric: Vec<&Column> =
        answer.columns.iter().filter(|c| matches!(c.role, Role::Measure | Role::Statistic | Role::Companion)).collect();
    let mut groups: Vec<Vec<Cell>> = Vec::new();
    let mut labels: Vec<(String, Text)> = Vec::new();
    let mut places = Vec::with_capacity(answer.rows);
    for row in 0..answer.rows {
        let group: Vec<Cell> = keys.iter().map(|c| c.values.cell(row).into_owned()).collect();
        let label = label(&at(&spread, row));
        places.push((position(&mut groups, group), position(&mut labels, label)));
    }
    let mut first = vec![None; groups.len()];
    places.iter().enumerate().rev().for_each(|(row, (group, _))| first[*group] = Some(row));
    let mut first: Vec<usize> = first.into_iter().flatten().collect();
    // What tells members apart stands beside none of several, nor what is said of a member in one period alone.
    let is_one = |column: &Column| {
        let of = |row: usize| column.values.cell(row);
        !members && places.iter().enumerate().all(|(row, (group, _))| of(row) == of(first[*group]))
    };
    let is_other = |column: &&Column| match column.role {
        Role::Attribute => is_one(column),
        _ => is_key(column) && column.key != spread,
    };
    let others: Vec<&Column> = answer.columns.iter().filter(is_other).collect();
    // Where nothing else orders them, members stand in their own order, whichever of them has a row first.
    if !members && context.question.sort.is_none() && !context.question.ranks() {
        let order = |column: &Column, cell: &Cell| {
            let dimension = context.dataset.dimensions.iter().find(|dimension| dimension.name == column.key);
            let code = cell.code();
            let at = dimension.and_then(|own| own.codes.members.iter().position(|member| member.code == code));
            (context.dataset.resource.parts.contains_key(&code), at)
        };
        let key = |group: &Vec<Cell>| keys.iter().zip(group).map(|(own, cell)| order(own, cell)).collect::<Vec<_>>();
        let mut sorted: Vec<usize> = (0..groups.len()).collect();
        sorted.sort_by_cached_key(|&at| key(&groups[at]));
        let mut place_of = vec![0; groups.len()];
        sorted.iter().enumerate().for_each(|(place, &at)| place_of[at] = place);
        first = sorted.iter().map(|&at| first[at]).collect();
        places.iter_mut().for_each(|(group, _)| *group = place_of[*group]);
    }
    let mut columns: Vec<Column> = others
        .iter()
        .map(|column| Column {
            values: Values::Cells(first.iter().map(|&row| column.values.cell(row).into_owned()).collect()),
            ..(*column).clone()
        })
        .collect();
    for source in &numeric {
        for (i, (code, title)) in labels.iter().enumerate() {
            let mut cells = vec![Cell::Empty(Some(crate::package::Missing::Gap)); groups.len()];
            if source.role == Role::Companion {
                cells = vec![Cell::Empty(None); groups.len()];
            }
            for (row, (group, label)) in places.iter().enumerate() {
                if *label == i {
                    cells[*group] = source.values.cell(row).into_owned();
                }
            }
            let gap = if title.zh.ends_with(|c: char| c.is_ascii()) { " " } else { "" };
            columns.push(Column {
                key: key(source, &numeric, code),
                title: Text::new(
                    format!("{}{gap}{}", title.zh, source.title.zh),
                    format!("{} {}", title.en, source.title.en),
                ),
                values: Values::Cells(cells),
                ..(*source).clone()
            });
        }
    }
    let sources = answer.columns.iter().filter(|column| column.role == Role::Source);
    columns.extend(sources.map(|source| joined(source, &places, groups.len())));
    let made = numeric.iter().filter(|source| source.role != Role::Companion).flat_map(|source| {
        labels.iter().map(|(code, _)| (key(source, &numeric, code), source.key.clone(), code.clone()))
    });
    let made = Spread { key: spread, columns: made.collect() };
    let focused = |source: &&&Column| answer.focus.contains(&source.key);
    let focus =
        numeric.iter().filter(focused).flat_map(|source| labels.iter().map(|(code, _)| key(source, &numeric, code)));
    Ok(Answer { focus: focus.collect(), columns, rows: groups.len(), spread: Some(Box::new(made)), ..answer })
}

/// A column of sources with all that the rows of each group have, each once.
fn joined(source: &Column, places: &[(usize, usize)], count: usize) -> Column {
    let mut texts = vec![Vec::new(); count];
    for (row, (group, _)) in places.iter().enumerate() {
        for text in source.values.cell(row).code().split(notes::JOINT).filter(|text| !text.is_empty()) {
            position(&mut texts[*group], text.to_owned());
        }
    }
    let cell = |texts: &Vec<String>| match texts.is_empty() {
        true => Cell::Empty(None),
        false => Cell::Text(texts.join(notes::JOINT)),
    };
    Column { values: Values::Cells(texts.iter().map(cell).collect()), ..source.clone() }
}

fn position<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

/// `deals_2021`, and `deals_2021_mark` for what accompanies it.
fn key(column: &Column, numeric: &[&Column], label: &str) -> String {
    let owner = numeric
        .iter()
        .filter(|c| c.role != Role::Companion && column.key.starts_with(&format!("{}_", c.key)))
        .map(|c| c.key.as_str())
        .max_by_key(|k| k.len());
    match owner.filter(|_| column.role == Role::Companion) {
        Some(owner) => format!("{owner}_{label}{}", &column.key[owner.len()..]),
        None => format!("{}_{label}", column.key),
    }
}
