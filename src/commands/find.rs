//! `find`: over titles, members, measures, units and attributes, in both languages.

use super::list::table;
use crate::answer::{Answer, Cell};
use crate::catalog::Catalog;
use crate::package::Dataset;
use crate::text::Text;

/// Where a text occurs: what kind of thing, its code and names, and the dataset to ask.
pub(super) fn answer(catalog: &Catalog, text: &str) -> Answer {
    let wanted = text.trim().to_lowercase();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut broken = Vec::new();
    for found in catalog.all() {
        let resource = found.1;
        let address = resource.address.to_string();
        let mut push = |kind: &Text, code: &str, title: &Text| {
            if [code, &title.zh, &title.en].iter().any(|name| name.to_lowercase().contains(&wanted)) {
                rows.push(vec![
                    Cell::Text(address.clone()),
                    Cell::Member { code: kind.en.clone(), title: kind.clone() },
                    Cell::Text(code.to_owned()),
                    Cell::Text(title.zh.clone()),
                    Cell::Text(title.en.clone()),
                ]);
            }
        };
        push(&Text::new("数据集", "dataset"), &address, &resource.title);
        match catalog.read(found) {
            Ok(dataset) => inside(&dataset, &mut push),
            Err(error) => broken.push(Text::new(
                format!("{address} 不能读:{}", error.title.zh),
                format!("{address} cannot be read: {}", error.title.en),
            )),
        }
    }
    let mut answer = table(
        Text::new(format!("查找「{text}」"), format!("Found for '{text}'")),
        &[
            ("dataset", "数据集", "Dataset"),
            ("kind", "类别", "Kind"),
            ("code", "代码", "Code"),
            ("zh", "中文", "Chinese"),
            ("en", "英文", "English"),
        ],
        rows,
    );
    answer.notes = broken;
    answer
}

fn inside(dataset: &Dataset, push: &mut dyn FnMut(&Text, &str, &Text)) {
    let text = |row: usize, column: &str| dataset.text(column, row).map(str::to_owned);
    let rows = dataset.periods.len();
    for dimension in &dataset.dimensions {
        push(&Text::new("维度", "dimension"), &dimension.name, &dimension.title);
        let used: std::collections::HashSet<&str> =
            (0..rows).filter_map(|row| dataset.text(&dimension.name, row)).collect();
        for member in &dimension.codes.members {
            if used.contains(member.code.as_str()) {
                push(&Text::new("成员", "member"), &member.code, &member.title);
                for value in member.attributes.iter().filter(|value| !value.is_empty()) {
                    push(&Text::new("成员属性", "member attribute"), &member.code, &Text::same(value.as_str()));
                }
            }
        }
    }
    for measure in &dataset.measures {
        push(&Text::new("指标", "measure"), &measure.name, &measure.title);
        push(&Text::new("单位", "unit"), &measure.unit.code, &measure.unit.title);
    }
    for attribute in &dataset.attributes {
        push(&Text::new("属性", "attribute"), &attribute.name, &attribute.title);
        for row in 0..rows {
            if let Some(value) = text(row, &attribute.name) {
                push(&Text::new("属性值", "attribute value"), &attribute.name, &Text::same(value));
            }
        }
    }
}
