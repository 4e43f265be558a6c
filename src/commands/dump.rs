//! `dump`: every cell in long form, printed or missing; with `--derived` what follows, too.

use std::collections::HashMap;

use super::assume;
use super::numbers::{self, Chosen};
use crate::answer::{Answer, Cell, Column, Number, Role, Source, Value, Values};
use crate::catalog::{Catalog, Found, names_of, title_in};
use crate::cli::Question;
use crate::error::{Error, Result};
use crate::facts::{Facts, Known, Table};
use crate::line::Edit;
use crate::package::{Dimension, Figure, Mark, Missing};
use crate::precision::{Caps, Claim, Solution, VarId, solve};
use crate::stats::Quantity;
use crate::suggest::{nearest, spellings};
use crate::text::Text;

/// Names and titles of the columns, before the numbers' own.
const COLUMNS: [(&str, &str, &str); 17] = [
    ("dataset", "数据集", "Dataset"),
    ("area", "地区", "Area"),
    ("topic", "主题", "Topic"),
    ("exhibit", "图表", "Exhibit"),
    ("section", "章节", "Section"),
    ("period", "时期", "Period"),
    ("key", "键", "Key"),
    ("measure", "指标", "Measure"),
    ("unit", "单位", "Unit"),
    ("value", "数值", "Value"),
    ("to", "上限", "Upper end"),
    ("mark", "标记", "Mark"),
    ("lower", "下界", "Lower bound"),
    ("upper", "上界", "Upper bound"),
    ("claim", "结论", "Claim"),
    ("basis", "依据", "Basis"),
    ("missing", "缺失", "Missing"),
];

/// Every cell of every package, or of some areas and datasets, or those of them that a question chooses.
///
/// # Errors
/// An area or dataset does not exist, a table is broken, or what the question names is in none of them.
pub(super) fn answer(catalog: &Catalog, within: &[String], question: &Question) -> Result<Answer> {
    let derived = question.derived || !question.assume.is_empty();
    let mut absent = Vec::new();
    let (found, without) = match within {
        [] => catalog.sound(),
        within => (datasets(catalog, within)?, Vec::new()),
    };
    let chosen = choose(catalog, found, question, &mut absent)?;
    let asked: Vec<Found> = chosen.iter().map(|(found, _)| *found).collect();
    let also = assume::datasets(catalog, &question.assume, asked.first().copied())?;
    let mut facts = match derived {
        true => Facts::about(catalog, &[asked.clone(), also].concat())?,
        false => Facts::cells_alone(catalog, &asked)?,
    };
    let mut notes = assume::apply(catalog, &mut facts, &question.assume, &asked)?;
    let solution = derived.then(|| solve(&facts.system, &Caps::default()));
    let all: Vec<VarId> = (0..facts.system.variables.len()).map(VarId).collect();
    let contradicted = facts.contradicted(&all, &Caps::default());
    notes.extend((!contradicted.is_empty()).then(|| assume::nothing_derived(&contradicted)));
    let mut values = COLUMNS.map(|(key, ..)| match key {
        "value" | "lower" | "upper" => Growing::Cells(Vec::new()),
        _ => Growing::Words(Words::default()),
    });
    let mut rows = 0;
    for (found, chosen) in &chosen {
        let Some(table) = facts.table_of(*found) else { continue };
        let names = names(&facts.tables[table]);
        for row in (0..facts.tables[table].rows()).filter(|row| chosen.as_ref().is_none_or(|some| some.rows[*row])) {
            let key = key(&facts.tables[table], row);
            for column in 0..facts.tables[table].columns.len() {
                let measure = facts.tables[table].columns[column].measure;
                if chosen.as_ref().is_some_and(|some| !some.measures.contains(&measure)) {
                    continue;
                }
                let place = crate::facts::Place { table, column, row };
                let cells = one(&facts, solution.as_ref(), place, (&names, &key));
                values.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
                rows += 1;
            }
        }
    }
    let columns = COLUMNS.iter().zip(values).map(|((key, zh, en), values)| Column {
        key: (*key).to_owned(),
        title: Text::new(*zh, *en),
        unit: None,
        role: match *key {
            "period" => Role::Period,
            "value" => Role::Measure,
            "lower" | "upper" | "claim" | "basis" | "mark" | "to" | "missing" => Role::Companion,
            "exhibit" | "section" => Role::Source,
            _ => Role::Attribute,
        },
        fold: false,
        values: match values {
            Growing::Cells(cells) => Values::Cells(cells),
            Growing::Words(words) => Values::Coded { codes: words.codes, labels: words.labels.into() },
        },
    });
    if derived {
        notes.extend(super::proof::faults(&facts));
    }
    // What one dataset lacks says nothing where others have it.
    notes.extend(absent.into_iter().filter(|_| rows == 0));
    notes.extend(without);
    Ok(Answer {
        title: Text::new("全部单元格", "Every cell"),
        columns: columns.collect(),
        rows,
        notes,
        sources: Source::of_all(asked.iter().map(|(package, _)| *package)),
        ..Answer::default()
    })
}

/// The datasets of some areas, and those of addresses, each once; all where none is named.
pub(super) fn datasets<'a>(catalog: &'a Catalog, within: &[String]) -> Result<Vec<Found<'a>>> {
    if within.is_empty() {
        return Ok(catalog.all().collect());
    }
    if let Some(joined) = catalog.joined(within) {
        let words = std::iter::once("dump".to_owned()).chain(joined);
        return Err(Error::new("要写明数据集的地址", "datasets are named by their addresses")
            .instead([Edit::About(words.collect())]));
    }
    let mut found: Vec<Found> = Vec::new();
    for word in within {
        let more = if word.contains('/') { vec![catalog.resolve(word)?] } else { catalog.area(word)? };
        let known = |one: &Found, other: &Found| std::ptr::eq(one.1, other.1);
        found.extend(more.into_iter().filter(|one| !found.iter().any(|other| known(one, other))).collect::<Vec<_>>());
    }
    Ok(found)
}

/// The datasets that a question fits, each with the rows and measures it chooses, all where it names none; `notes` say which
/// periods and members there are not. A dataset that lacks what the question names is left out where another has it.
fn choose<'a>(
    catalog: &'a Catalog,
    found: Vec<Found<'a>>,
    question: &Question,
    notes: &mut Vec<Text>,
) -> Result<Vec<(Found<'a>, Option<Chosen>)>> {
    if question.measures.is_empty() && question.period.is_none() && question.filters.is_empty() {
        return Ok(found.into_iter().map(|one| (one, None)).collect());
    }
    let mut chosen = Vec::new();
    let mut refused: Option<((usize, bool), Error)> = None;
    for &one in &found {
        match numbers::choose(catalog, one, question, notes) {
            Ok(some) => chosen.push((one, Some(some))),
            Err(error) => {
                // The dataset that knows most of the names is the one that was meant.
                let dimensions = &one.1.address.dimensions;
                let knows = |name: &&String| dimensions.iter().any(|dimension| name.starts_with(dimension.as_str()));
                let known = (question.filters.iter().filter(knows).count(), !numbers::is_unknown_name(&error));
                if refused.as_ref().is_none_or(|(most, _)| known > *most) {
                    refused = Some((known, error));
                }
            }
        }
    }
    notes.dedup();
    match refused {
        Some((_, error)) if chosen.is_empty() => match numbers::is_unknown_name(&error) && found.len() > 1 {
            true => Err(unknown_name(&found, question, error)),
            false => Err(error),
        },
        _ => Ok(chosen),
    }
}

/// The refusal of a condition on what none of several datasets has, with what they have.
fn unknown_name(found: &[Found], question: &Question, error: Error) -> Error {
    let mut names: Vec<(String, Text)> = Vec::new();
    for (package, resource) in found {
        for dimension in &resource.address.dimensions {
            let attributes =
                package.attributes(resource, dimension).iter().map(|own| (own.name.clone(), own.title.clone()));
            let title = package.dimension_title(resource, dimension);
            names.extend(std::iter::once((dimension.clone(), title)).chain(attributes));
        }
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|(name, _)| seen.insert(name.clone()));
    let (zh, en) = names_of(names.iter().map(|(name, title)| (name.as_str(), title)));
    let error = Error { details: Vec::new(), hints: Vec::new(), ..error };
    let error = error.detail(format!("可用:{zh}"), format!("there is: {en}"));
    let typed =
        question.filters.iter().flat_map(|text| text.split(';')).filter_map(|text| text.split(['=', '!', '~']).next());
    let near = typed.filter(|name| error.title.en.contains(&format!("'{}'", name.trim()))).find_map(|name| {
        Some((
            name.trim(),
            *nearest(name.trim(), names.iter().flat_map(|(name, title)| spellings(name, title))).first()?,
        ))
    });
    error.instead([match near {
        Some((typed, meant)) => Edit::part("--where", typed, meant),
        None => Edit::drop("--where"),
    }])
}

/// Area and topic of a table, with their titles.
fn names(table: &Table) -> [Cell; 2] {
    let address = &table.dataset.resource.address;
    let cell = |code: &str, list| Cell::Member { code: code.to_owned(), title: title_in(list, code) };
    [cell(&address.area, table.package.areas()), cell(&address.topic, table.package.topics())]
}

/// The key of a row: `round=angel`, for people with titles.
fn key(table: &Table, row: usize) -> Cell {
    let code = table.key_text(row);
    if code.is_empty() {
        return Cell::Empty(None);
    }
    let pair = |(dimension, code): (&Dimension, &str)| {
        let member = dimension.codes.members.iter().find(|member| member.code == code);
        let title = member.map_or_else(|| Text::same(code), |member| member.title.clone());
        (format!("{}={}", dimension.title.zh, title.zh), format!("{}={}", dimension.title.en, title.en))
    };
    let (zh, en): (Vec<String>, Vec<String>) = table.dataset.dimensions.iter().zip(table.key(row)).map(pair).unzip();
    Cell::Member { code, title: Text::new(zh.join(";"), en.join(";")) }
}

/// A column as rows are added to it.
enum Growing {
    Words(Words),
    Cells(Vec<Cell>),
}

/// Texts of which each stands in many rows.
#[derive(Default)]
struct Words {
    codes: Vec<u32>,
    labels: Vec<Cell>,
    known: HashMap<String, u32>,
}

impl Growing {
    fn push(&mut self, cell: Cell) {
        let Words { codes, labels, known } = match self {
            Growing::Cells(cells) => return cells.push(cell),
            Growing::Words(words) => words,
        };
        // One code may have other titles in other tables.
        let word = match &cell {
            Cell::Text(text) => text.clone(),
            Cell::Member { code, title } => format!("{code}\n{}\n{}", title.zh, title.en),
            _ => String::new(),
        };
        let code = known.get(&word).copied().unwrap_or(labels.len() as u32);
        if code as usize == labels.len() {
            known.insert(word, code);
            labels.push(cell);
        }
        codes.push(code);
    }
}

fn one(
    facts: &Facts,
    solution: Option<&Solution>,
    place: crate::facts::Place,
    ([area, topic], key): (&[Cell; 2], &Cell),
) -> [Cell; 17] {
    let table = &facts.tables[place.table];
    let column = &table.columns[place.column];
    let resource = &table.dataset.resource;
    let text = |text: &str| if text.is_empty() { Cell::Empty(None) } else { Cell::Text(text.to_owned()) };
    let word = |word: Option<(&str, Text)>| match word {
        Some((code, title)) => Cell::Member { code: code.to_owned(), title },
        None => Cell::Empty(None),
    };
    let printed = facts.printed(place);
    let known = known(facts, solution, place);
    let source = facts.variable(place).map(|v| facts.source(v)).unwrap_or_default();
    let (mut value, mut lower, mut upper) = (Cell::Empty(None), Cell::Empty(None), Cell::Empty(None));
    let (mut claim, mut basis) = (Claim::Missing.cell(), Cell::Empty(None));
    let mut missing = printed.as_ref().err().copied();
    if let Some(number) = known {
        let end = |end: &Option<crate::precision::Rational>| {
            end.clone().map_or(Cell::Empty(None), |end| Cell::Number(super::proof::bound(end, number.basis)))
        };
        (lower, upper) = (end(&number.bounds.lower), end(&number.bounds.upper));
        (claim, basis) = (number.claim.cell(), number.basis.cell());
        match number.value {
            Value::Bounded(_) => {}
            // The value alone: its bounds stand in columns of their own.
            _ => value = Cell::Number(Number { mark: None, to: None, ..number }),
        }
    } else if let Some(solution) = solution
        && facts.variable(place).is_some_and(|v| solution.bound(v).claim == Claim::Conflict)
    {
        missing = Some(Missing::Conflict);
        claim = Claim::Conflict.cell();
    }
    let address = if facts.several() {
        format!("{}:{}", facts.label(table), resource.address)
    } else {
        resource.address.to_string()
    };
    let printed = printed.ok();
    [
        text(&address),
        area.clone(),
        topic.clone(),
        text(source.0.as_deref().unwrap_or_default()),
        text(source.1.as_deref().unwrap_or_default()),
        text(table.dataset.periods[place.row].as_str()),
        key.clone(),
        Cell::Member { code: column.key.clone(), title: column.title.clone() },
        word(Some((column.unit.code.as_str(), column.unit.title.clone())).filter(|(code, _)| !code.is_empty())),
        value,
        text(printed.as_ref().and_then(|cell| cell.to.as_deref()).unwrap_or_default()),
        printed.as_ref().and_then(|cell| cell.mark).map_or(Cell::Empty(None), Mark::cell),
        lower,
        upper,
        claim,
        basis,
        missing.map_or(Cell::Empty(None), Missing::cell),
    ]
}

/// What is known of a cell: with a solution what follows, else what is printed.
fn known(facts: &Facts, solution: Option<&Solution>, place: crate::facts::Place) -> Option<Number> {
    match solution {
        Some(solution) => match facts.known(solution, place) {
            Known::Number(number) => Some(*number),
            Known::Nothing | Known::Conflict => None,
        },
        None => {
            let cell = facts.printed(place).ok()?;
            let (table, column) = (&facts.tables[place.table], &facts.tables[place.table].columns[place.column]);
            let measure = &table.dataset.measures[column.measure];
            let level = column.role == Figure::Level;
            let basis = if level && measure.unit_assumed {
                crate::precision::Basis::Assumed
            } else {
                crate::precision::Basis::Printed
            };
            let quantity = Quantity::printed(&cell, level && measure.whole, column.unit.power, basis).ok()?;
            Some(Number {
                value: Value::Printed(cell.digits.clone()),
                bounds: quantity.bounds,
                claim: Claim::Printed,
                basis,
                mark: cell.mark,
                to: cell.to.clone(),
            })
        }
    }
}
