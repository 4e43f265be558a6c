//! A dataset whose cells are variables.

use std::collections::HashMap;

use super::{Facts, Place};
use crate::catalog::Found;
use crate::error::Result;
use crate::package::{
    Dataset, Exhaustive, Figure, Kind, Measure, Missing, Package, Period, PriceBasis, PrintedCell, Unit,
};
use crate::precision::{Basis, Interval, Printed, Variable, integer};
use crate::stats::{decimal, format};
use crate::text::Text;

/// A dataset that takes part.
#[derive(Debug)]
pub struct Table<'a> {
    /// Its package.
    pub package: &'a Package,
    /// Its cells.
    pub dataset: Dataset,
    /// Numeric columns: each measure, then its share and growth where the table has them.
    pub columns: Vec<Column>,
    /// Number of its first variable.
    pub(super) first: usize,
    /// Whether each row belongs to leaf members.
    pub(super) leaf: Vec<bool>,
    /// The cells, column by column.
    cells: Vec<PrintedCell>,
    index: HashMap<Period, HashMap<String, usize>>,
}

/// A numeric column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name: `deals`, `deals_share`.
    pub key: String,
    /// Title of the measure, or of its share or growth.
    pub title: Text,
    /// Place of its measure in the dataset.
    pub measure: usize,
    /// What it is.
    pub role: Figure,
    /// Unit of its printed digits.
    pub unit: Unit,
    /// The frame's columns that hold a cell's exhibit and its section.
    sources: [Option<String>; 2],
}

impl Table<'_> {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.dataset.periods.len()
    }

    /// Place of a column.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// Place of a measure's column of some role.
    pub fn column_of(&self, measure: usize, role: Figure) -> Option<usize> {
        self.columns.iter().position(|column| column.measure == measure && column.role == role)
    }

    /// What a column is known by from one edition to the next.
    pub(super) fn lasting<'c>(&'c self, column: &'c Column) -> &'c str {
        match column.role {
            Figure::Level => self.dataset.lasting(&column.key, &column.title),
            Figure::Share | Figure::Growth => &column.key,
        }
    }

    /// The members of a row, in the order of the dimensions.
    pub fn key(&self, row: usize) -> Vec<&str> {
        self.dataset
            .dimensions
            .iter()
            .map(|dimension| self.dataset.text(&dimension.name, row).unwrap_or_default())
            .collect()
    }

    /// The row of a period and members.
    pub fn find(&self, period: &Period, key: &[&str]) -> Option<usize> {
        self.index.get(period)?.get(&key.join("\n")).copied()
    }

    /// The key of a row as it is written: `round=angel`.
    pub fn key_text(&self, row: usize) -> String {
        let pairs = self.dataset.dimensions.iter().zip(self.key(row));
        pairs.map(|(dimension, member)| format!("{}={member}", dimension.name)).collect::<Vec<_>>().join(";")
    }

    /// Whether the leaf members together are all there is.
    pub fn exhaustive(&self) -> Exhaustive {
        self.dataset.resource.exhaustive
    }

    /// Exhibit or section of a cell: its own, else its row's, else the dataset's.
    pub(super) fn place(&self, column: &Column, row: usize, what: &str) -> Option<String> {
        let resource = &self.dataset.resource;
        match &column.sources[usize::from(what == "section")] {
            Some(name) => self.dataset.text(name, row).map(str::to_owned),
            None if what == "exhibit" => resource.exhibit.clone(),
            None => resource.section.clone(),
        }
    }

    /// The printed cell, or why it is empty.
    pub(super) fn cell(&self, column: usize, row: usize) -> &PrintedCell {
        self.cells.get(column * self.rows() + row).unwrap_or(&Err(Missing::NotPrinted))
    }

    fn has_negative(&self, column: usize) -> bool {
        (0..self.rows()).any(|row| self.cell(column, row).as_ref().is_ok_and(|cell| cell.digits.starts_with('-')))
    }

    /// Whether a measure can be below zero: then no share or growth of it is tied to it.
    pub(super) fn is_signed(&self, measure: usize) -> bool {
        self.column_of(measure, Figure::Level).is_some_and(|column| self.has_negative(column))
    }

    /// Where the numbers of a column lie whatever is printed: levels are at least 0 where none is printed below, shares within
    /// 0 to 100 % where none is printed beyond, growth at least −100 %.
    fn natural(&self, at: usize) -> Interval {
        let column = &self.columns[at];
        let measure = &self.dataset.measures[column.measure];
        if self.is_signed(column.measure) {
            return Interval::all();
        }
        match column.role {
            Figure::Level if measure.kind == Kind::Rate && self.has_negative(at) => Interval::all(),
            Figure::Level => Interval::non_negative(),
            Figure::Growth if measure.growth.as_ref().is_some_and(|growth| growth.price_basis == PriceBasis::Other) => {
                Interval::all()
            }
            Figure::Growth => Interval { lower: Some(integer(-100)), upper: None },
            Figure::Share if self.has_negative(at) => Interval::all(),
            Figure::Share => {
                let over = |row: usize| {
                    let printed = self.cell(at, row).as_ref().ok();
                    printed.and_then(|cell| decimal(&cell.digits)).is_some_and(|value| value > integer(100))
                };
                let upper = Some(integer(100)).filter(|_| !(0..self.rows()).any(over));
                Interval { lower: Some(integer(0)), upper }
            }
        }
    }
}

impl<'a> Facts<'a> {
    /// Reads a dataset and makes its cells variables. A dataset that takes part already is left as it is.
    pub(super) fn load(&mut self, found: Found<'a>) -> Result<usize> {
        if let Some(table) = self.table_of(found) {
            return Ok(table);
        }
        let dataset = self.catalog.read(found)?;
        let mut index: HashMap<Period, HashMap<String, usize>> = HashMap::new();
        let mut table = Table {
            package: found.0,
            columns: columns(&dataset),
            first: self.system.variables.len(),
            leaf: Vec::new(),
            cells: Vec::new(),
            index: HashMap::new(),
            dataset,
        };
        let keys = table.columns.iter().map(|column| column.key.as_str());
        table.cells = keys
            .flat_map(|key| (0..table.rows()).map(move |row| (key, row)))
            .map(|(key, row)| table.dataset.cell(key, row))
            .collect();
        for row in 0..table.rows() {
            let key = table.key(row);
            table.leaf.push(!key.iter().any(|member| table.dataset.resource.parts.contains_key(*member)));
            index.entry(table.dataset.periods[row].clone()).or_default().insert(table.key(row).join("\n"), row);
        }
        table.index = index;
        let prefix = if self.several() { format!("{}:", self.catalog.label(found.0)) } else { String::new() };
        let address = format!("{prefix}{}", found.1.address);
        let suffixes: Vec<String> = (0..table.rows())
            .map(|row| match table.key_text(row) {
                key if key.is_empty() => format!("@{}", table.dataset.periods[row]),
                key => format!("[{key}]@{}", table.dataset.periods[row]),
            })
            .collect();
        for (at, column) in table.columns.iter().enumerate() {
            let natural = table.natural(at);
            let measure = &table.dataset.measures[column.measure];
            let level = column.role == Figure::Level;
            let basis = if level && measure.unit_assumed { Basis::Assumed } else { Basis::Printed };
            let whole = level && measure.whole;
            for (row, suffix) in suffixes.iter().enumerate() {
                let cell = table.cell(at, row).as_ref().ok();
                let format = cell.map(|cell| (cell, format(cell, whole, column.unit.power, basis)));
                let printed = format.and_then(|(cell, format)| Printed::parse(&cell.digits, &format).ok());
                let name = format!("{address}:{}{suffix}", column.key);
                self.system.variable(Variable { name, natural: natural.clone(), whole, printed });
                self.cells.push(Some(Place { table: self.tables.len(), column: at, row }));
            }
        }
        self.tables.push(table);
        Ok(self.tables.len() - 1)
    }
}

fn columns(dataset: &Dataset) -> Vec<Column> {
    let figures = dataset.measures.iter().enumerate().flat_map(|(at, own)| own.figures().map(move |one| (at, one)));
    let column = |(measure, (role, figure)): (usize, (Figure, Measure))| {
        let sources = ["exhibit", "section"].map(|what| dataset.source_column(&figure.name, what));
        Column { key: figure.name, title: figure.title, measure, role, unit: figure.unit, sources }
    };
    figures.map(column).collect()
}
