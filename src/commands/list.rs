//! `list`: what there is.

use std::collections::BTreeSet;

use crate::answer::{Answer, Cell, Column, Number, Role, Values};
use crate::catalog::{Catalog, Found, places};
use crate::error::Result;
use crate::package::{CodeList, Dataset, Dimension, Member, Package};
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
        let broken = read.as_ref().err().map(|error| {
            notes.push(Text::new(
                format!("{} 不能读:{}", resource.address, error.details.first().map_or(&error.title, |d| d).zh),
                format!(
                    "{} cannot be read: {}",
                    resource.address,
                    error.details.first().map_or(&error.title, |d| d).en
                ),
            ));
        });
        let dataset = if broken.is_some() { None } else { read.ok() };
        read_from_cells.extend(
            dataset.iter().flat_map(|dataset| dataset.said()).filter(|text| !package.inferences.contains(text)),
        );
        rows.push(row(catalog, (package, resource), dataset.as_ref(), lang));
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
            ("printed", "已刊数字", "Printed"),
            ("cells", "单元格", "Cells"),
            ("title", "标题", "Title"),
        ],
        &["printed", "cells"],
        rows,
    );
    // On a terminal the sections stand with the numbers.
    for column in answer.columns.iter_mut().filter(|column| column.key == "section") {
        column.fold = true;
    }
    answer.notes = notes;
    Ok(answer)
}

fn row(catalog: &Catalog, (package, resource): Found, dataset: Option<&Dataset>, lang: Lang) -> Vec<Cell> {
    let text = |text: String| if text.is_empty() { Cell::Empty(None) } else { Cell::Text(text) };
    let name = match catalog.packages.len() {
        1 => resource.address.to_string(),
        _ => format!("{}:{}", catalog.label(package), resource.address),
    };
    let place = |column: &str, own: &Option<String>| match dataset {
        Some(dataset) => listed(places(dataset, column).into_iter().map(Cell::Text).collect()),
        None => text(own.clone().unwrap_or_default()),
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
        text(dataset.map(periods).unwrap_or_default()),
        names(dimensions),
        names(measures),
        count(printed),
        count(cells),
        Cell::Text(resource.title.get(lang).to_owned()),
    ]
}

/// Codes, which in Chinese people see as names.
fn names<'a>(all: impl Iterator<Item = (&'a str, Text)>) -> Cell {
    listed(all.map(|(code, title)| Cell::Member { title: Text::new(title.zh, code), code: code.to_owned() }).collect())
}

fn listed(items: Vec<Cell>) -> Cell {
    if items.is_empty() { Cell::Empty(None) } else { Cell::List { items, delimiter: " ".to_owned() } }
}

/// Printed cells, and all cells, of the measures with their printed shares and growth.
fn count(dataset: &Dataset) -> (usize, usize) {
    let mut columns: Vec<String> = Vec::new();
    for measure in &dataset.measures {
        columns.push(measure.name.clone());
        columns.extend(measure.share.iter().map(|_| format!("{}_share", measure.name)));
        columns.extend(measure.growth.iter().map(|_| format!("{}_growth", measure.name)));
    }
    let rows = dataset.periods.len();
    let printed = columns.iter().map(|column| (0..rows).filter(|&row| dataset.cell(column, row).is_ok()).count()).sum();
    (printed, columns.len() * rows)
}

fn periods(dataset: &Dataset) -> String {
    let mut periods = dataset.periods.clone();
    periods.sort();
    periods.dedup();
    match periods.as_slice() {
        [] => String::new(),
        [a] => a.to_string(),
        [a, b] => format!("{a} {b}"),
        [a, .., b] => format!("{a} … {b}"),
    }
}

fn members_of(catalog: &Catalog, found: &[Found]) -> Result<Answer> {
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for &(package, resource) in found {
        if resource.address.dimensions.is_empty() {
            continue;
        }
        let dataset = catalog.read((package, resource))?;
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
    Ok(table(
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
    ))
}

/// The attributes of a member, as `--where` takes them; `lists` are the code lists of their names.
fn attributes(lists: &[CodeList], dimension: &Dimension, member: &Member) -> Cell {
    let named = dimension.codes.attributes.iter().zip(lists).filter_map(|(attribute, list)| {
        let value = dimension.attribute_of(member, &attribute.name)?;
        let title = list.members.iter().find(|known| known.code == value).map_or(value, |known| &known.title.zh);
        Some((format!("{}={title}", attribute.title.zh), format!("{}={value}", attribute.name)))
    });
    let (zh, code): (Vec<String>, Vec<String>) = named.unzip();
    if code.is_empty() {
        return Cell::Empty(None);
    }
    let code = code.join(";");
    Cell::Member { title: Text::new(zh.join(";"), code.clone()), code }
}

fn packages_of(catalog: &Catalog, lang: Lang) -> Answer {
    let row = |package: &Package| {
        vec![
            Cell::Text(catalog.label(package)),
            package.version.clone().map_or(Cell::Empty(None), Cell::Text),
            Cell::Text(package.title.get(lang).to_owned()),
            Cell::Number(Number::computed(Rational::from_integer(package.resources.len().into()))),
        ]
    };
    table(
        Text::new("数据包", "Packages"),
        &[
            ("package", "数据包", "Package"),
            ("version", "版次", "Edition"),
            ("title", "标题", "Title"),
            ("datasets", "数据集", "Datasets"),
        ],
        &["datasets"],
        catalog.packages.iter().map(row).collect(),
    )
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
