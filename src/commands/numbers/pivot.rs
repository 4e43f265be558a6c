//! `--pivot`: the periods or the members of a dimension as columns.

use crate::answer::{Answer, Cell, Column, Role, Values};
use crate::error::{Error, Result};
use crate::line::Edit;
use crate::text::Text;

/// Spreads the values of one key column over columns: `deals_2021`, `deals_2023`.
pub(in crate::commands) fn pivot(answer: Answer, typed: &str) -> Result<Answer> {
    let is_key = |column: &&Column| matches!(column.role, Role::Period | Role::Dimension);
    let keys: Vec<&Column> = answer.columns.iter().filter(is_key).collect();
    let Some(spread) =
        keys.iter().find(|c| c.key == typed || c.title.zh == typed || c.title.en.eq_ignore_ascii_case(typed))
    else {
        let names: Vec<&str> = keys.iter().map(|c| c.key.as_str()).collect();
        return Err(Error::new(format!("不能按「{typed}」转列"), format!("'{typed}' cannot be spread over columns"))
            .detail(format!("可用:{}", names.join("、")), format!("there is: {}", names.join(", ")))
            .instead([Edit::part("--pivot", typed, names.first().copied().unwrap_or("period"))]));
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
    // What tells members apart is no key once they stand beside each other.
    let members = spread != "period";
    let is_other = |column: &&Column| match column.role {
        Role::Attribute => !members,
        role => column.key != spread && matches!(role, Role::Period | Role::Dimension | Role::Source),
    };
    let others: Vec<&Column> = answer.columns.iter().filter(is_other).collect();
    let numeric: Vec<&Column> =
        answer.columns.iter().filter(|c| matches!(c.role, Role::Measure | Role::Statistic | Role::Companion)).collect();
    let mut groups: Vec<Vec<Cell>> = Vec::new();
    let mut labels: Vec<(String, Text)> = Vec::new();
    let mut places = Vec::with_capacity(answer.rows);
    for row in 0..answer.rows {
        let group: Vec<Cell> = others.iter().map(|c| c.values.cell(row).into_owned()).collect();
        let label = label(&at(&spread, row));
        places.push((position(&mut groups, group), position(&mut labels, label)));
    }
    let mut columns: Vec<Column> = others
        .iter()
        .enumerate()
        .map(|(i, column)| Column {
            values: Values::Cells(groups.iter().map(|group| group[i].clone()).collect()),
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
            columns.push(Column {
                key: key(source, &numeric, code),
                title: Text::new(
                    format!("{} {}", title.zh, source.title.zh),
                    format!("{} {}", title.en, source.title.en),
                ),
                values: Values::Cells(cells),
                ..(*source).clone()
            });
        }
    }
    let focused = |source: &&&Column| answer.focus.contains(&source.key);
    let focus =
        numeric.iter().filter(focused).flat_map(|source| labels.iter().map(|(code, _)| key(source, &numeric, code)));
    Ok(Answer { focus: focus.collect(), columns, rows: groups.len(), ..answer })
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
