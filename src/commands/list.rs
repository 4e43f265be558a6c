//! `list`: what there is.

use std::collections::BTreeSet;

use crate::answer::{Answer, Cell, Column, Number, Role, Values};
use crate::catalog::{Catalog, Found};
use crate::error::Result;
use crate::package::Dataset;
use crate::precision::Rational;
use crate::text::Text;

/// Lists datasets, or with `members` the members of their dimensions, or with `packages` the packages.
pub(super) fn answer(catalog: &Catalog, within: Option<&str>, members: bool, packages: bool) -> Result<Answer> {
    if packages {
        return Ok(packages_of(catalog));
    }
    let found: Vec<Found> = match within {
        None => catalog.all().collect(),
        Some(word) => match word.split_once('/') {
            Some((area, topic)) => catalog.datasets(area, topic.split('/').next().unwrap_or(topic))?,
            None => catalog.area(word)?,
        },
    };
    if members { members_of(catalog, &found) } else { datasets(catalog, &found) }
}

fn datasets(catalog: &Catalog, found: &[Found]) -> Result<Answer> {
    let mut notes = Vec::new();
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
        rows.push(row(&catalog.label(package), resource, dataset.as_ref(), catalog.packages.len() > 1));
    }
    let mut seen = BTreeSet::new();
    for (package, _) in found {
        if seen.insert(catalog.label(package)) {
            notes.extend(package.inferences.iter().cloned());
        }
    }
    let mut answer = table(
        Text::new("数据集", "Datasets"),
        &[
            ("dataset", "数据集", "Dataset"),
            ("exhibit", "图表", "Exhibit"),
            ("section", "章节", "Section"),
            ("periods", "期间", "Periods"),
            ("dimensions", "维度", "Dimensions"),
            ("measures", "指标", "Measures"),
            ("printed", "已刊数字", "Printed"),
            ("cells", "单元格", "Cells"),
            ("title", "标题", "Title"),
        ],
        rows,
    );
    // On a terminal the address tells the dimensions, and the sections stand with the numbers.
    for column in
        answer.columns.iter_mut().filter(|column| ["section", "dimensions", "cells"].contains(&column.key.as_str()))
    {
        column.fold = true;
    }
    answer.notes = notes;
    Ok(answer)
}

fn row(package: &str, resource: &crate::package::Resource, dataset: Option<&Dataset>, several: bool) -> Vec<Cell> {
    let text = |text: String| if text.is_empty() { Cell::Empty(None) } else { Cell::Text(text) };
    let name = if several { format!("{package}:{}", resource.address) } else { resource.address.to_string() };
    let (printed, cells) = dataset.map_or((0, 0), count);
    let count = |n: usize| {
        dataset.map_or(Cell::Empty(None), |_| Cell::Number(Number::computed(Rational::from_integer(n.into()))))
    };
    vec![
        Cell::Text(name),
        text(resource.exhibit.clone().unwrap_or_default()),
        text(resource.section.clone().unwrap_or_default()),
        text(dataset.map(periods).unwrap_or_default()),
        text(resource.address.dimensions.join(" ")),
        text(
            dataset
                .map(|d| d.measures.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(" "))
                .unwrap_or_default(),
        ),
        count(printed),
        count(cells),
        Cell::Member { code: resource.title.zh.clone(), title: resource.title.clone() },
    ]
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
            let used: BTreeSet<&str> =
                (0..dataset.periods.len()).filter_map(|row| dataset.text(&dimension.name, row)).collect();
            for member in dimension.codes.members.iter().filter(|member| used.contains(member.code.as_str())) {
                if seen.insert((catalog.label(package), dimension.name.clone(), member.code.clone())) {
                    rows.push(vec![
                        Cell::Text(dimension.name.clone()),
                        Cell::Text(member.code.clone()),
                        Cell::Text(member.title.zh.clone()),
                        Cell::Text(member.title.en.clone()),
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
        ],
        rows,
    ))
}

fn packages_of(catalog: &Catalog) -> Answer {
    let row = |package: &crate::package::Package| {
        vec![
            Cell::Text(catalog.label(package)),
            package.version.clone().map_or(Cell::Empty(None), Cell::Text),
            Cell::Member { code: package.title.zh.clone(), title: package.title.clone() },
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
        catalog.packages.iter().map(row).collect(),
    )
}

/// An answer of texts and counts, from rows.
pub(super) fn table(title: Text, columns: &[(&str, &str, &str)], rows: Vec<Vec<Cell>>) -> Answer {
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
        role: if cells.iter().any(|cell| matches!(cell, Cell::Number(_))) { Role::Statistic } else { Role::Attribute },
        fold: false,
        values: Values::Cells(cells),
    });
    Answer { title, columns: columns.collect(), rows: count, ..Answer::default() }
}
