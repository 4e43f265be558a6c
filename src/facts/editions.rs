//! Editions of one series beside each other: the same cells, which revisions apart must agree.

use std::collections::HashMap;

use super::{Column, Facts, Ground, Origin, Place};
use crate::catalog::is_same_series;
use crate::package::LastingKey;
use crate::precision::{Basis, Form, Relation};
use crate::text::Text;

impl Facts<'_> {
    /// Assumes that cells which two editions print are one number, so that `audit` finds those that cannot be.
    pub fn across_editions(&mut self) {
        let tables = self.tables.len();
        for (earlier, later) in (0..tables).flat_map(|a| (a + 1..tables).map(move |b| (a, b))) {
            if self.is_edition(earlier, later) {
                self.same_cells(earlier, later);
            }
        }
    }

    /// Whether two tables are one dataset in two editions.
    fn is_edition(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.tables[a], &self.tables[b]);
        !std::ptr::eq(a.package, b.package) && is_same_series(&a.dataset.resource, &b.dataset.resource)
    }

    fn same_cells(&mut self, earlier: usize, later: usize) {
        let (a, b) = (&self.tables[earlier], &self.tables[later]);
        let mut pairs = Vec::new();
        let (keys, others) = (a.dataset.lasting_keys(), b.dataset.lasting_keys());
        let rows: HashMap<&LastingKey, usize> = others.iter().zip(0..).collect();
        for (at, column) in a.columns.iter().enumerate() {
            let alike =
                |other: &Column| b.lasting(other) == a.lasting(column) && other.unit.family == column.unit.family;
            let Some(other) = b.columns.iter().position(alike) else { continue };
            for (row, key) in keys.iter().enumerate() {
                let Some(&same) = rows.get(key) else { continue };
                pairs.push((
                    Place { table: earlier, column: at, row },
                    Place { table: later, column: other, row: same },
                ));
            }
        }
        for (one, other) in pairs {
            if self.printed(one).is_err() || self.printed(other).is_err() {
                continue;
            }
            let (Some(a), Some(b)) = (self.variable(one), self.variable(other)) else { continue };
            let statement = format!("{} = {}", self.name(a), self.name(b));
            let (exhibit, section) = self.source(b);
            let id = Text::new("两版同一格", "one cell of two editions");
            let origin = Origin { ground: Ground::Declared, id, statement: statement.clone(), exhibit, section };
            self.relate(
                Relation { name: statement, basis: Basis::Assumed, form: Form::sum(a, [b]), about: false },
                origin,
            );
        }
    }
}
