//! `find`: over exhibits, titles, members, measures, units, attributes and notes, in both languages.

use super::list::table;
use crate::answer::{Answer, Cell};
use crate::catalog::{Catalog, exhibit_title};
use crate::error::{Error, Result};
use crate::package::Dataset;
use crate::text::Text;

/// Where a text occurs: what kind of thing, its code and names, and the dataset to ask.
///
/// # Errors
/// The text is empty.
pub(super) fn answer(catalog: &Catalog, text: &str) -> Result<Answer> {
    let wanted = text.trim().to_lowercase();
    if wanted.is_empty() {
        let error = Error::new("没有要找的文字", "there is nothing to look for");
        return Err(error.hint(format!("{} list", env!("CARGO_PKG_NAME"))));
    }
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut notes = Vec::new();
    let mut look = |address: &str, kind: &Text, code: &str, title: &Text| {
        let filled = |text: &str| if text.is_empty() { Cell::Empty(None) } else { Cell::Text(text.to_owned()) };
        if [code, &title.zh, &title.en].iter().any(|name| name.to_lowercase().contains(&wanted)) {
            rows.push(vec![
                filled(address),
                Cell::Member { code: kind.en.clone(), title: kind.clone() },
                filled(code),
                filled(&title.zh),
                filled(&title.en),
            ]);
        }
    };
    for found in catalog.all() {
        let resource = found.1;
        let address = resource.address.to_string();
        let mut push = |kind: &Text, code: &str, title: &Text| look(&address, kind, code, title);
        push(&Text::new("数据集", "dataset"), &address, &resource.title);
        for number in catalog.exhibits(found) {
            let title = exhibit_title(found, &number);
            let title = Text::new(format!("图表{number} {}", title.zh), format!("Exhibit {number}: {}", title.en));
            push(&Text::new("图表", "exhibit"), &number, &title);
        }
        match catalog.read(found) {
            Ok(dataset) => inside(&dataset, &mut push),
            Err(error) => notes.push(Text::new(
                format!("{address} 不能读:{}", error.title.zh),
                format!("{address} cannot be read: {}", error.title.en),
            )),
        }
    }
    for note in catalog.packages.iter().flat_map(|package| package.notes().unwrap_or_default()) {
        if note.dataset.is_empty() {
            look("", &note_kind(), "", &note.text);
        }
    }
    if rows.is_empty() {
        notes.push(Text::new(format!("没有找到「{text}」"), format!("nothing is found for '{text}'")));
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
        &[],
        rows,
    );
    answer.notes = notes;
    Ok(answer)
}

fn note_kind() -> Text {
    Text::new("注", "note")
}

fn inside(dataset: &Dataset, push: &mut dyn FnMut(&Text, &str, &Text)) {
    let text = |row: usize, column: &str| dataset.text(column, row).map(str::to_owned);
    let rows = dataset.periods.len();
    for dimension in &dataset.dimensions {
        push(&Text::new("维度", "dimension"), &dimension.name, &dimension.title);
        let used = dataset.used(&dimension.name);
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
                let english = text(row, &format!("{}.en", attribute.name)).filter(|_| attribute.worded);
                let value = Text::new(value.clone(), english.unwrap_or(value));
                push(&Text::new("属性值", "attribute value"), &attribute.name, &value);
            }
        }
    }
    for note in &dataset.notes {
        push(&note_kind(), "", &note.text);
    }
}
