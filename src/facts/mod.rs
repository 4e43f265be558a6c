//! From packages to the solver: every numeric cell becomes a variable, every declared share, growth rate, sum and stated
//! relation becomes a relation between them. Knows for each variable which cell it is, and for each relation where it comes from.

mod ask;
mod assume;
mod component;
mod declared;
mod editions;
mod expression;
mod known;
mod lines;
mod meaning;
mod reach;
mod resolve;
mod signed;
mod slips;
mod supposed;
mod table;
mod wording;

use std::collections::HashMap;

use crate::catalog::{Catalog, Found};
use crate::error::Result;
use crate::package::{Fault, Missing, Period, PrintedCell, Unit};
use crate::precision::{Bound, Caps, Interval, Relation, RelationId, Solution, System, VarId, solve_for};
use crate::text::Text;

pub use known::Known;
pub use meaning::{Atom, Logic, Meaning};
pub(crate) use reach::{addresses, collect};
pub use table::{Column, Table};
pub use wording::{arithmetic, case, ending, interval_text};

/// What some packages say, as variables and relations.
#[derive(Debug)]
pub struct Facts<'a> {
    catalog: &'a Catalog,
    /// What the solver works on.
    pub system: System,
    /// The tables that take part.
    pub tables: Vec<Table<'a>>,
    /// Of each variable the cell that it is; none for helpers.
    cells: Vec<Option<Place>>,
    /// The units of variables that are no cells.
    units: HashMap<VarId, Unit>,
    /// Of each relation where it comes from.
    origins: Vec<Origin>,
    /// Lines of `relations.csv` that cannot be read, or name cells that do not exist.
    pub faults: Vec<Fault>,
    /// Reads of datasets by address, so that each is looked up once.
    known: HashMap<(String, String), usize>,
}

/// Which cell a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Place of its table in [`Facts::tables`].
    pub table: usize,
    /// Place of its column in [`Table::columns`].
    pub column: usize,
    /// Row of the table.
    pub row: usize,
}

/// What says a relation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// A declaration of the descriptor.
    #[default]
    Declared,
    /// A line of `relations.csv`.
    Stated,
    /// An assumption of the question.
    Asked,
    /// A proof, for the sake of a contradiction.
    Supposed,
}

/// Where a relation comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// What says it.
    pub ground: Ground,
    /// Identifier in `relations.csv`, or the kind of declaration.
    pub id: Text,
    /// What must hold.
    pub statement: String,
    /// Exhibit, where it belongs to one.
    pub exhibit: Option<String>,
    /// Section.
    pub section: Option<String>,
}

impl<'a> Facts<'a> {
    /// The facts that some datasets are connected with, through shares, growth and relations.
    ///
    /// # Errors
    /// A dataset is broken.
    pub fn about(catalog: &'a Catalog, datasets: &[Found<'a>]) -> Result<Self> {
        let mut facts = Facts::none(catalog);
        let lines = reach::load(&mut facts, datasets)?;
        for table in 0..facts.tables.len() {
            facts.declare(table);
        }
        for line in lines {
            facts.line(line);
        }
        Ok(facts)
    }

    /// The cells of some datasets, without what holds between them.
    ///
    /// # Errors
    /// A dataset is broken.
    pub fn cells_alone(catalog: &'a Catalog, datasets: &[Found<'a>]) -> Result<Self> {
        let mut facts = Facts::none(catalog);
        for &found in datasets {
            facts.load(found)?;
        }
        Ok(facts)
    }

    fn none(catalog: &'a Catalog) -> Self {
        Facts {
            catalog,
            system: System::default(),
            tables: Vec::new(),
            cells: Vec::new(),
            units: HashMap::new(),
            origins: Vec::new(),
            faults: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// The table of a dataset, if it takes part.
    pub fn table_of(&self, found: Found) -> Option<usize> {
        self.tables.iter().position(|table| {
            table.package.name == found.0.name
                && table.package.version == found.0.version
                && table.dataset.resource.address == found.1.address
        })
    }

    /// The variable of a cell.
    pub fn variable(&self, place: Place) -> Option<VarId> {
        let table = self.tables.get(place.table)?;
        let inside = place.row < table.rows() && place.column < table.columns.len();
        inside.then(|| VarId(table.first + place.column * table.rows() + place.row))
    }

    /// The cell that a variable is.
    pub fn place(&self, variable: VarId) -> Option<Place> {
        self.cells.get(variable.0).copied().flatten()
    }

    /// Where a relation comes from.
    pub fn origin(&self, relation: RelationId) -> Option<&Origin> {
        self.origins.get(relation.0)
    }

    /// Whether that is what says a relation.
    pub fn is_by(&self, relation: RelationId, ground: Ground) -> bool {
        self.origin(relation).is_some_and(|origin| origin.ground == ground)
    }

    /// The printed cell, or why it is empty.
    pub fn printed(&self, place: Place) -> PrintedCell {
        match self.tables.get(place.table) {
            Some(table) => table.cell(place.column, place.row).clone(),
            None => Err(Missing::NotPrinted),
        }
    }

    /// The unit in which a variable's cell is printed, or in which an expression is shown.
    pub fn unit(&self, variable: VarId) -> Option<&Unit> {
        match self.place(variable) {
            Some(place) => Some(&self.tables[place.table].columns[place.column].unit),
            None => self.units.get(&variable),
        }
    }

    /// Full name of a variable's cell, else what the solver calls it.
    pub fn name(&self, variable: VarId) -> String {
        self.system.variables.get(variable.0).map(|variable| variable.name.clone()).unwrap_or_default()
    }

    /// Exhibit and section of a variable's cell.
    pub fn source(&self, variable: VarId) -> (Option<String>, Option<String>) {
        let Some(place) = self.place(variable) else { return (None, None) };
        let (table, column) = (&self.tables[place.table], &self.tables[place.table].columns[place.column]);
        (table.place(column, place.row, "exhibit"), table.place(column, place.row, "section"))
    }

    /// Adds a relation.
    pub fn relate(&mut self, relation: Relation, origin: Origin) -> RelationId {
        self.origins.push(origin);
        self.system.relate(relation)
    }

    /// Adds a variable that is no cell.
    pub fn helper(&mut self, variable: crate::precision::Variable) -> VarId {
        self.cells.push(None);
        self.system.variable(variable)
    }

    /// The components of some variables, solved.
    pub fn solve(&self, variables: &[VarId], caps: &Caps) -> Solution {
        solve_for(&self.system, variables, caps)
    }

    /// Every variable of a table's cells.
    pub fn variables_of(&self, table: usize) -> Vec<VarId> {
        let table = &self.tables[table];
        (table.first..table.first + table.columns.len() * table.rows()).map(VarId).collect()
    }

    /// A bound in the unit of a variable's cell.
    pub fn in_unit(&self, variable: VarId, interval: &Interval) -> Interval {
        let power = self.unit(variable).map_or(0, |unit| unit.power);
        interval.scale(&crate::stats::power_of_ten(-power))
    }

    /// Whether a bound says more than what kind of number it is.
    pub fn says_something(&self, variable: VarId, bound: &Bound) -> bool {
        self.system.variables.get(variable.0).is_none_or(|own| !bound.interval.encloses(&own.natural))
    }

    /// Whether a package's name has to stand before an address.
    pub(crate) fn several(&self) -> bool {
        self.catalog.packages.len() > 1
    }

    /// What stands before `:` in the addresses of a table's package.
    pub(crate) fn label(&self, table: &Table) -> String {
        self.catalog.label(table.package)
    }

    fn row_of(&self, table: usize, period: &Period, key: &[&str]) -> Option<usize> {
        self.tables.get(table)?.find(period, key)
    }
}
