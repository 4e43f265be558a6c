//! `list`: what there is.

use std::collections::BTreeSet;

use crate::answer::{Answer, Cell, Column, Number, Role, Values};
use crate::catalog::{Catalog, Found, places};
use crate::error::{Error, Result};
use crate::package::{CodeList, Dataset, Dimension, Measure, Member, Package};
use crate::precision::Rational;
use crate::text::{Lang, Text};

/// Lists datasets, or with `members` the members of their dimensions, or with `packages` the packages.
pub(super) fn answer(
    catalog: &Catalog,
    within: Option<&str>,
    members: bool,
    packages: bool,
    lang: Lang,
) -> Result<Answer> {
    if packages {
        return Ok(packages_of(catalog, lang));
    }
    let found: Vec<Found> = match within {
        None => catalog.all().collect(),
        Some(word) => match word.split_once('/') {
            Some((_, topic)) if topic.contains('/') => vec![catalog.resolve(word)?],
            Some((area, topic)) => catalog.datasets(area, topic)?,
            None => catalog.area(word)?,
        },
    };
    if members { members_of(catalog, &found) } else { datasets(catalog, &found, lang) }
}

fn datasets(catalog: &Catalog, found: &[Found], lang: Lang) -> Result<Answer> {
    let (mut notes, mut read_from_cells) = (Vec::new(), Vec::new());
    let mut rows = Vec::with_capacity(found.len());
    for &(package, resource) in found {
        let read = catalog.read((package, resource));
        notes.extend(read.as_ref().err().map(|error| unread((package, resource), error)));
        let dataset = read.ok();
        read_from_cells.extend(
            dataset.iter().flat_map(|dataset| dataset.said()).filter(|text| !package.inferences.contains(text)),
        );
        rows.push(row(catalog, (package, resource), dataset.as_ref()));
    }
    let mut seen = BTreeSet::new();
    for (package, _) in found {
        if seen.insert(catalog.label(package)) {
            notes.extend(package.inferences.iter().cloned());
        }
    }
    notes.append(&mut read_from_cells);
    let mut answer = table(
        Text::new("数据集", "Datasets"),
        &[
            ("dataset", "数据集", "Dataset"),
            ("exhibit", "图表", "Exhibit"),
            ("section", "章节", "Section"),
            ("periods", "时期", "Periods"),
            ("dimensions", "细分", "By"),
            ("measures", "指标", "Measures"),
            ("printed", "所载数字", "Printed"),
            ("cells", "单元格", "Cells"),
            ("zh", "标题", "Chinese title"),
            ("en", "英文标题", "Title"),
        ],
        &["printed", "cells"],
        rows,
    );
    // On a terminal the sections stand with the numbers, and titles in one language.
    fold(&mut answer, &["section", other(lang)]);
    answer.notes = notes;
    Ok(answer)
}

/// What is said of a dataset that cannot be read, or not here.
fn unread((package, resource): Found, error: &Error) -> Text {
    let (address, why) = (&resource.address, error.details.first().unwrap_or(&error.title));
    if package.is_too_large(resource) {
        let (zh, en) = (&error.title.zh, &error.title.en);
        return Text::new(format!("{zh}:{}", why.zh), format!("{en}: {}", why.en));
    }
    Text::new(format!("{address} 不能读:{}", why.zh), format!("{address} cannot be read: {}", why.en))
}

/// The column of titles in the language that is not read.
fn other(lang: Lang) -> &'static str {
    if lang == Lang::Zh { "en" } else { "zh" }
}

fn fold(answer: &mut Answer, keys: &[&str]) {
    for column in answer.columns.iter_mut().filter(|column| keys.contains(&column.key.as_str())) {
        column.fold = true;
    }
}

fn row(catalog: &Catalog, (package, resource): Found, dataset: Option<&Dataset>) -> Vec<Cell> {
    let name = match catalog.packages.len() {
        1 => resource.address.to_string(),
        _ => format!("{}:{}", catalog.label(package), resource.address),
    };
    let place = |column: &str, own: &Option<String>| match dataset {
        Some(dataset) => listed(places(dataset, column).into_iter().map(Cell::Text).collect()),
        None => listed(own.iter().cloned().map(Cell::Text).collect()),
    };
    let dimensions =
        resource.address.dimensions.iter().map(|name| (name.as_str(), package.dimension_title(resource, name)));
    let measures = dataset.iter().flat_map(|d| &d.measures).map(|m| (m.name.as_str(), m.title.clone()));
    let (printed, cells) = dataset.map_or((0, 0), count);
    let count = |n: usize| {
        dataset.map_or(Cell::Empty(None), |_| Cell::Number(Number::computed(Rational::from_integer(n.into()))))
    };
    vec![
        Cell::Text(name),
        place("exhibit", &resource.exhibit),
        place("section", &resource.section),
        dataset.map_or(Cell::Empty(None), periods),
        names(dimensions),
        names(measures),
        count(printed),
        count(cells),
        Cell::Text(resource.title.zh.clone()),
        Cell::Text(resource.title.en.clone()),
    ]
}

/// Codes, which in Chinese people see as names.
fn names<'a>(all: impl Iterator<Item = (&'a str, Text)>) -> Cell {
    listed(all.map(|(code, title)| Cell::Member { title: Text::new(title.zh, code), code: code.to_owned() }).collect())
}

fn listed(items: Vec<Cell>) -> Cell {
    Cell::List { items, delimiter: " ".to_owned(), brief: None }
}

/// Printed cells, and all cells, of the measures with their printed shares and growth.
fn count(dataset: &Dataset) -> (usize, usize) {
    let columns: Vec<String> = dataset.measures.iter().flat_map(Measure::columns).collect();
    let rows = dataset.periods.len();
    let printed = columns.iter().map(|column| (0..rows).filter(|&row| dataset.cell(column, row).is_ok()).count()).sum();
    (printed, columns.len() * rows)
}

fn periods(dataset: &Dataset) -> Cell {
    let mut periods = dataset.periods.clone();
    periods.sort();
    periods.dedup();
    let brief = match periods.as_slice() {
        [first, _, .., last] => Some(format!("{first} … {last}")),
        _ => None,
    };
    let items = periods.iter().map(|period| Cell::Text(period.to_string())).collect();
    Cell::List { items, delimiter: " ".to_owned(), brief }
}

fn members_of(catalog: &Catalog, found: &[Found]) -> Result<Answer> {
    let (mut rows, mut notes) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    let split: Vec<&Found> = found.iter().filter(|(_, resource)| !resource.address.dimensions.is_empty()).collect();
    for &&(package, resource) in &split {
        let dataset = match catalog.read((package, resource)) {
            Ok(dataset) => dataset,
            // A broken table does not keep the others back.
            Err(error) if split.len() > 1 => {
                notes.push(unread((package, resource), &error));
                continue;
            }
            Err(error) => return Err(error),
        };
        for dimension in &dataset.dimensions {
            let used = dataset.used(&dimension.name);
            let own = &dimension.codes.attributes;
            let lists: Vec<CodeList> =
                own.iter().map(|attribute| package.code_list(&attribute.name).unwrap_or_default()).collect();
            for member in dimension.codes.members.iter().filter(|member| used.contains(member.code.as_str())) {
                if seen.insert((catalog.label(package), dimension.name.clone(), member.code.clone())) {
                    rows.push(vec![
                        Cell::Text(dimension.name.clone()),
                        Cell::Text(member.code.clone()),
                        Cell::Text(member.title.zh.clone()),
                        Cell::Text(member.title.en.clone()),
                        attributes(&lists, dimension, member),
                    ]);
                }
            }
        }
    }
    // A list that several datasets use stands together.
    let order: Vec<String> = rows.iter().map(|row: &Vec<Cell>| row[0].code()).collect();
    rows.sort_by_key(|row| order.iter().position(|dimension| *dimension == row[0].code()));
    let answer = table(
        Text::new("成员", "Members"),
        &[
            ("dimension", "维度", "Dimension"),
            ("code", "代码", "Code"),
            ("zh", "中文名", "Chinese"),
            ("en", "英文名", "English"),
            ("attributes", "属性", "Attributes"),
        ],
        &[],
        rows,
    );
    Ok(Answer { notes, ..answer })
}

/// The attributes of a member, as `--where` takes them; `lists` are the code lists of their names.
fn attributes(lists: &[CodeList], dimension: &Dimension, member: &Member) -> Cell {
    let named = dimension.codes.attributes.iter().zip(lists).filter_map(|(attribute, list)| {
        let value = dimension.attribute_of(member, &attribute.name)?;
        let title = list.members.iter().find(|known| known.code == value).map_or(value, |known| &known.title.zh);
        Some((format!("{}={title}", attribute.title.zh), format!("{}={value}", attribute.name)))
    });
    let (zh, code): (Vec<String>, Vec<String>) = named.unzip();
    let items = zh.into_iter().zip(code).map(|(zh, code)| Cell::Member { title: Text::new(zh, &code), code });
    Cell::List { items: items.collect(), delimiter: ";".to_owned(), brief: None }
}

fn packages_of(catalog: &Catalog, lang: Lang) -> Answer {
    let row = |package: &Package| {
        vec![
            Cell::Text(catalog.label(package)),
            package.version.clone().map_or(Cell::Empty(None), Cell::Text),
            Cell::Text(package.title.zh.clone()),
            Cell::Text(package.title.en.clone()),
            Cell::Number(Number::computed(Rational::from_integer(package.resources.len().into()))),
        ]
    };
    let mut answer = table(
        Text::new("数据包", "Packages"),
        &[
            ("package", "数据包", "Package"),
            ("version", "版次", "Edition"),
            ("zh", "标题", "Chinese title"),
            ("en", "英文标题", "Title"),
            ("datasets", "数据集", "Datasets"),
        ],
        &["datasets"],
        catalog.packages.iter().map(row).collect(),
    );
    fold(&mut answer, &[other(lang)]);
    // What the publisher says of all its numbers.
    let notes = catalog.packages.iter().flat_map(|package| package.notes().unwrap_or_default());
    answer.notes = notes.filter(|note| note.dataset.is_empty()).map(|note| note.text).collect();
    answer
}

/// An answer from rows: of numbers in the columns with these keys, of texts in the others.
pub(super) fn table(title: Text, columns: &[(&str, &str, &str)], numeric: &[&str], rows: Vec<Vec<Cell>>) -> Answer {
    let count = rows.len();
    let mut cells: Vec<Vec<Cell>> = columns.iter().map(|_| Vec::with_capacity(count)).collect();
    for row in rows {
        for (column, cell) in cells.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let columns = columns.iter().zip(cells).map(|((key, zh, en), cells)| Column {
        key: (*key).to_owned(),
        title: Text::new(*zh, *en),
        unit: None,
        role: if numeric.contains(key) { Role::Statistic } else { Role::Attribute },
        fold: false,
        values: Values::Cells(cells),
    });
    Answer { title, columns: columns.collect(), rows: count, ..Answer::default() }
}
