//! The rows of a dataset with everything that was computed on them, before any is chosen. Statistics see the whole dataset;
//! `--where`, `--period`, `--measure` and `--top` choose rows and columns afterwards.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::answer::{Cell, Column, Number, Role, Value, Values};
use crate::package::{
    Attribute, Dataset, Dimension, Mark, Measure, Member, Missing, Package, Period, PrintedCell, Unit,
};
use crate::precision::{Basis, Claim};
use crate::stats::{Exact, Expr, Operand, Panel, Quantity};
use crate::text::Text;

/// A dataset, its panel and its columns.
#[derive(Debug)]
pub(in crate::commands) struct Sheet {
    /// Keys of the rows.
    pub(in crate::commands) panel: Panel,
    /// The columns so far, in the order in which they are shown.
    pub(in crate::commands) columns: Vec<Column>,
    /// Rows in the order in which they are shown.
    pub(in crate::commands) order: Vec<usize>,
    /// Whether each row is asked for.
    pub(in crate::commands) wanted: Vec<bool>,
    /// Whether the answer rests on the row's statistics: those that are asked for, and the others of their periods where rows are
    /// ranked. Statistics see the whole dataset, but are computed for these rows alone.
    pub(in crate::commands) needed: Vec<bool>,
    /// The column that counts records: those that are listed are all that it is about.
    pub(in crate::commands) counts: Option<String>,
}

impl Sheet {
    /// The dataset's own columns: keys, attributes, printed numbers with their companions.
    pub(in crate::commands) fn new(dataset: &Dataset) -> Self {
        let rows = dataset.periods.len();
        let panel = panel(dataset);
        let periods = dataset.periods.iter().map(|period| Cell::Text(period.to_string())).collect();
        let mut columns = vec![period_column(Values::Cells(periods))];
        for dimension in &dataset.dimensions {
            let titles: HashMap<&str, &Text> =
                dimension.codes.members.iter().map(|member| (member.code.as_str(), &member.title)).collect();
            let cell = |row| match dataset.text(&dimension.name, row) {
                Some(code) => Cell::Member {
                    code: code.to_owned(),
                    title: titles.get(code).map_or_else(|| Text::same(code), |title| (*title).clone()),
                },
                None => Cell::Empty(None),
            };
            columns.push(dimension_column(dimension, Values::Cells((0..rows).map(cell).collect())));
        }
        for attribute in &dataset.attributes {
            let cells = (0..rows).map(|row| attribute_cell(dataset, attribute, row)).collect();
            let (key, title) = (attribute.name.clone(), attribute.title.clone());
            let values = Values::Cells(cells);
            columns.push(Column { key, title, unit: None, role: Role::Attribute, fold: false, values });
        }
        for measure in &dataset.measures {
            push_printed(&mut columns, dataset, measure, Role::Measure);
            let mut rates: Vec<Measure> = measure.rates().map(|(_, rate)| rate).collect();
            // In the table's own order.
            rates.sort_by_key(|rate| dataset.frame.get_column_index(&rate.name));
            for rate in &rates {
                push_printed(&mut columns, dataset, rate, Role::Statistic);
            }
        }
        let order = order(dataset, &panel);
        Sheet { panel, columns, order, wanted: vec![true; rows], needed: vec![true; rows], counts: None }
    }

    /// The last period of which a row is asked for.
    pub(super) fn last_wanted(&self) -> Option<u32> {
        self.panel.period.iter().zip(&self.wanted).filter(|(_, wanted)| **wanted).map(|(period, _)| *period).max()
    }

    /// Inserts the attributes of members behind the dimensions, unless the table has columns of these names.
    pub(super) fn describe(&mut self, package: &Package, dataset: &Dataset) {
        let mut at = self.columns.iter().take_while(|c| matches!(c.role, Role::Period | Role::Dimension)).count();
        for dimension in &dataset.dimensions {
            for own in &dimension.codes.attributes {
                if self.position(&own.name).is_some() {
                    continue;
                }
                let Dimension { name, title, codes } = package.attribute(dataset, dimension, &own.name);
                let label = |member: &Member| {
                    let value = dimension.attribute_of(member, &own.name)?;
                    let title = codes.members.iter().find(|known| known.code == value)?.title.clone();
                    Some(Cell::Member { code: value.to_owned(), title })
                };
                let labels: HashMap<&str, Cell> = dimension
                    .codes
                    .members
                    .iter()
                    .filter_map(|member| Some((member.code.as_str(), label(member)?)))
                    .collect();
                let of = |cell: &Cell| {
                    let code = if let Cell::Member { code, .. } = cell { code.as_str() } else { "" };
                    labels.get(code).cloned().unwrap_or(Cell::Empty(None))
                };
                let Some(members) = self.position(&dimension.name).map(|at| &self.columns[at].values) else { continue };
                let values = match members {
                    Values::Coded { codes, labels } => {
                        Values::Coded { codes: codes.clone(), labels: labels.iter().map(of).collect() }
                    }
                    members => Values::Cells((0..members.len()).map(|row| of(&members.cell(row))).collect()),
                };
                let column = Column { key: name, title, unit: None, role: Role::Attribute, fold: false, values };
                self.columns.insert(at, column);
                at += 1;
            }
        }
    }

    /// Puts the columns in the order of the exhibit, where it is declared, else in the table's own, as it was written down; the
    /// period first, and companions and what is not the table's own behind what they follow.
    pub(super) fn as_written(&mut self, dataset: &Dataset) {
        let declared = &dataset.resource.columns;
        let place = |key: &str| match declared.iter().position(|name| name == key) {
            None if declared.is_empty() || key == "period" => dataset.frame.get_column_index(key),
            place => place.map(|at| at + 1),
        };
        let mut last = 0;
        self.columns.sort_by_cached_key(|column| {
            last = match (place(&column.key), column.role) {
                (Some(place), _) => place,
                (None, Role::Dimension | Role::Attribute | Role::Measure) if !declared.is_empty() => usize::MAX,
                (None, _) => last,
            };
            last
        });
    }

    /// Position of a column.
    pub(in crate::commands) fn position(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// The operands of a numeric column, one a row.
    pub(in crate::commands) fn operands(&self, key: &str) -> Option<Vec<Operand>> {
        Some(operands(&self.columns[self.position(key)?]))
    }

    /// What an expression describes, for every row that the answer rests on.
    pub(in crate::commands) fn evaluate(&self, expr: &Expr, columns: &[Vec<Operand>]) -> Vec<Operand> {
        self.evaluate_for("", expr, columns)
    }

    /// The same for a column: what is a share or a rank among all there is hangs on what the column is about.
    pub(super) fn evaluate_for(&self, key: &str, expr: &Expr, columns: &[Vec<Operand>]) -> Vec<Operand> {
        let panel = match self.is_complete(key) == self.panel.exhaustive {
            true => Cow::Borrowed(&self.panel),
            false => {
                let mut panel = self.panel.clone();
                panel.exhaustive = true;
                Cow::Owned(panel)
            }
        };
        let exact = Exact::new(&panel, columns);
        let row = |row: usize| if self.needed[row] { exact.eval(expr, row) } else { Err(Missing::NotPrinted) };
        (0..self.panel.len()).map(row).collect()
    }

    /// Whether the leaf members are all there is, as far as a column goes.
    pub(super) fn is_complete(&self, key: &str) -> bool {
        let own = |counts: &String| {
            key.strip_prefix(counts.as_str()).is_some_and(|end| end.is_empty() || end.starts_with('_'))
        };
        self.panel.exhaustive || self.counts.as_ref().is_some_and(own)
    }

    /// Inserts a column behind all that belongs to a measure: its companions, its printed share and growth.
    pub(in crate::commands) fn insert_after(&mut self, measure: &str, column: Column) {
        let prefix = format!("{measure}_");
        let last = self
            .columns
            .iter()
            .rposition(|other| other.key == measure || other.key.starts_with(&prefix) && other.role != Role::Measure);
        self.columns.insert(last.map_or(self.columns.len(), |at| at + 1), column);
    }
}

/// A measure, or a printed rate of one, with its companions.
fn push_printed(columns: &mut Vec<Column>, dataset: &Dataset, measure: &Measure, role: Role) {
    let Measure { name: key, title, unit, .. } = measure;
    let operands = printed(dataset, measure);
    let cells: Vec<PrintedCell> = (0..dataset.periods.len()).map(|row| dataset.cell(key, row)).collect();
    let basis = if measure.unit_assumed { Basis::Assumed } else { Basis::Printed };
    let numbers = cells.iter().zip(&operands).map(|(cell, operand)| match (cell, operand) {
        (Ok(printed), Ok(quantity)) => Cell::Number(Number {
            value: Value::Printed(printed.digits.clone()),
            bounds: quantity.bounds.clone(),
            claim: Claim::Printed,
            basis,
            mark: printed.mark,
            to: printed.to.clone(),
        }),
        (Err(reason), _) | (_, Err(reason)) => Cell::Empty(Some(*reason)),
    });
    columns.push(Column {
        key: key.clone(),
        title: title.clone(),
        unit: Some(unit.clone()),
        role,
        fold: false,
        values: Values::Cells(numbers.collect()),
    });
    if measure.has_mark {
        let word = |cell: &PrintedCell| match cell {
            Ok(printed) => printed.mark.map(Mark::cell),
            Err(reason) => reason.is_marked().then(|| reason.cell()),
        };
        let marks = cells.iter().map(|cell| word(cell).unwrap_or(Cell::Empty(None)));
        columns.push(Column {
            key: format!("{key}_mark"),
            title: Text::new(format!("{}标记", title.zh), format!("{} mark", title.en)),
            unit: None,
            role: Role::Companion,
            fold: true,
            values: Values::Cells(marks.collect()),
        });
    }
    if measure.has_to {
        let upper = cells.iter().map(|cell| match cell {
            Ok(printed) => printed.to.clone().map_or(Cell::Empty(None), Cell::Text),
            Err(_) => Cell::Empty(None),
        });
        let title = Text::new(format!("{}上限", title.zh), format!("{} upper end", title.en));
        columns.push(Column {
            key: format!("{key}_to"),
            title,
            unit: Some(unit.clone()),
            role: Role::Companion,
            fold: true,
            values: Values::Cells(upper.collect()),
        });
    }
}

/// A text of a row: with its English wording, or with its items, where the package declares them.
fn attribute_cell(dataset: &Dataset, attribute: &Attribute, row: usize) -> Cell {
    let Some(text) = dataset.text(&attribute.name, row) else { return Cell::Empty(None) };
    let english = dataset.text(&format!("{}.en", attribute.name), row).filter(|_| attribute.worded);
    match (&attribute.list, english) {
        (Some(delimiter), _) => {
            let items = text.split(delimiter.as_str()).map(|item| Cell::Text(item.trim().to_owned())).collect();
            Cell::List { items, delimiter: delimiter.clone(), brief: None }
        }
        (None, Some(english)) => Cell::Member { code: text.to_owned(), title: Text::new(text, english) },
        (None, None) => Cell::Text(text.to_owned()),
    }
}

/// The column of periods.
pub(super) fn period_column(values: Values) -> Column {
    let title = Text::new("时期", "Period");
    Column { key: "period".into(), title, unit: None, role: Role::Period, fold: false, values }
}

/// The column of a dimension's members.
pub(super) fn dimension_column(dimension: &Dimension, values: Values) -> Column {
    let (key, title) = (dimension.name.clone(), dimension.title.clone());
    Column { key, title, unit: None, role: Role::Dimension, fold: false, values }
}

/// A column of texts.
pub(in crate::commands) fn text_column(
    key: &str,
    title: Text,
    role: Role,
    rows: usize,
    text: impl Fn(usize) -> Option<String>,
) -> Column {
    let cells = (0..rows).map(|row| text(row).map_or(Cell::Empty(None), Cell::Text)).collect();
    Column { key: key.to_owned(), title, unit: None, role, fold: false, values: Values::Cells(cells) }
}

/// The unit of what has none: ratios, ranks, indices.
pub(in crate::commands) fn number(zh: &str, en: &str) -> Unit {
    Unit { code: String::new(), title: Text::new(zh, en), family: String::new(), power: 0 }
}

/// The operands of a printed column: digits with the interval that they stand for.
pub(in crate::commands) fn printed(dataset: &Dataset, measure: &Measure) -> Vec<Operand> {
    let Measure { name, whole, unit, unit_assumed, .. } = measure;
    let basis = if *unit_assumed { Basis::Assumed } else { Basis::Printed };
    (0..dataset.periods.len())
        .map(|row| dataset.cell(name, row).and_then(|cell| Quantity::printed(&cell, *whole, unit.power, basis)))
        .collect()
}

/// The operands of a column's cells.
pub(in crate::commands) fn operands(column: &Column) -> Vec<Operand> {
    match &column.values {
        Values::Cells(cells) => cells.iter().map(operand).collect(),
        values => (0..values.len()).map(|row| operand(&values.cell(row))).collect(),
    }
}

/// A cell as an operand.
pub(in crate::commands) fn operand(cell: &Cell) -> Operand {
    match cell {
        Cell::Number(number) => {
            let value = match &number.value {
                Value::Printed(_) if number.to.is_some() => Err(Missing::Range),
                Value::Printed(_) if !number.mark.is_none_or(Mark::has_value) => Err(Missing::OneSided),
                Value::Printed(digits) => crate::stats::decimal(digits).ok_or(Missing::Illegible),
                Value::Computed(value) => Ok(value.clone()),
                Value::Bounded(reason) => Err(*reason),
            };
            Ok(Quantity { value, bounds: number.bounds.clone(), claim: number.claim, basis: number.basis })
        }
        Cell::Empty(reason) => Err(reason.unwrap_or(Missing::NotPrinted)),
        Cell::Text(_) | Cell::Member { .. } | Cell::List { .. } => Err(Missing::NotPrinted),
    }
}

/// A computed operand as a cell.
pub(in crate::commands) fn computed(operand: Operand) -> Cell {
    match operand {
        Ok(quantity) => Cell::Number(Number {
            value: quantity.value.map_or_else(Value::Bounded, Value::Computed),
            bounds: quantity.bounds,
            claim: quantity.claim,
            basis: quantity.basis,
            mark: None,
            to: None,
        }),
        Err(reason) => Cell::Empty(Some(reason)),
    }
}

fn panel(dataset: &Dataset) -> Panel {
    let rows = dataset.periods.len();
    let mut periods: Vec<Period> = dataset.periods.clone();
    periods.sort();
    periods.dedup();
    let period_index: HashMap<&Period, u32> =
        periods.iter().enumerate().map(|(at, period)| (period, at as u32)).collect();
    let mut known: HashMap<Vec<&str>, u32> = HashMap::new();
    let mut leaf = Vec::new();
    let mut series = Vec::with_capacity(rows);
    let names: Vec<&str> = dataset.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    for row in 0..rows {
        let key: Vec<&str> = names.iter().map(|name| dataset.text(name, row).unwrap_or_default()).collect();
        let is_leaf = !key.iter().any(|code| dataset.resource.parts.contains_key(*code));
        let next = known.len() as u32;
        let index = *known.entry(key).or_insert(next);
        if index == next {
            leaf.push(is_leaf);
        }
        series.push(index);
    }
    let period = dataset.periods.iter().map(|period| period_index[period]).collect();
    let exhaustive = dataset.resource.exhaustive != crate::package::Exhaustive::No;
    drop(known);
    Panel::new(series, period, periods.clone(), leaf, exhaustive)
}

/// By period, leaves before subtotals, then the members' own order.
fn order(dataset: &Dataset, panel: &Panel) -> Vec<usize> {
    let ranks: Vec<HashMap<&str, usize>> = dataset
        .dimensions
        .iter()
        .map(|dimension| {
            dimension.codes.members.iter().enumerate().map(|(at, member)| (member.code.as_str(), at)).collect()
        })
        .collect();
    let key = |row: &usize| {
        let members: Vec<usize> = dataset
            .dimensions
            .iter()
            .zip(&ranks)
            .map(|(dimension, rank)| {
                dataset.text(&dimension.name, *row).and_then(|code| rank.get(code).copied()).unwrap_or(usize::MAX)
            })
            .collect();
        (panel.period[*row], !panel.leaf[panel.series[*row] as usize], members)
    };
    let mut rows: Vec<usize> = (0..panel.len()).collect();
    rows.sort_by_cached_key(key);
    rows
}
