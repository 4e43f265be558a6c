//! Facts that a question adds.

use super::resolve::Said;
use super::{Facts, Ground, Origin};
use crate::catalog::Found;
use crate::precision::{Basis, Caps, Fit, Form, Interval, Op as Compare, Relation, RelationId, VarId, fit};
use crate::reference::Reference;
use crate::statement::{Misread, Op, Term, assumption};
use crate::stats::{decimal, power_of_ten};
use crate::text::Text;

impl Facts<'_> {
    /// The cells of a reference that stands alone; members and periods that it leaves out are all leaf members of the last
    /// plain period.
    ///
    /// # Errors
    /// It names what does not exist.
    pub fn cells(&self, reference: &Reference) -> Result<Vec<VarId>, Misread> {
        self.cells_of(&mut Said::default(), reference, 0, true).map(|cells| self.variables(&cells))
    }

    /// Adds `CELL=VALUE` (or another comparison, or a closed interval `A..B`), in the cell's unit, with an assumed basis. A
    /// cell that names no dataset is one of `of`.
    ///
    /// # Errors
    /// It cannot be read, or names what does not exist.
    pub fn assume(&mut self, text: &str, of: Option<Found>) -> Result<(), Misread> {
        let (cell, op, values) = assumption(text)?;
        let variable = self.assumed_cell(text, of)?;
        let power = self.unit(variable).map_or(0, |unit| unit.power);
        let numbers: Vec<_> =
            values.iter().filter_map(|digits| decimal(digits)).map(|value| value * power_of_ten(power)).collect();
        let (Some(first), Some(last)) = (numbers.first().cloned(), numbers.last().cloned()) else {
            return Err(Misread::expected(text.len(), "数值", "a value"));
        };
        let (lower, upper, strict) = match op {
            Op::Exactly(Compare::Equal) => (Some(first), Some(last), false),
            Op::Exactly(Compare::Less) => (None, Some(first), true),
            Op::Exactly(Compare::AtMost) => (None, Some(first), false),
            Op::Exactly(Compare::More) => (Some(first), None, true),
            Op::Exactly(Compare::AtLeast) => (Some(first), None, false),
            Op::Exactly(Compare::Unequal) | Op::About => {
                return Err(Misread::expected(cell.place.end, "「=」「<」「>」之一", "one of = < <= > >="));
            }
        };
        let form = Form::Linear { expression: variable.into(), within: Interval { lower, upper }, strict };
        let id = Text::new("假设", "assumption");
        let origin = Origin { ground: Ground::Asked, id, statement: text.to_owned(), ..Origin::default() };
        self.relate(Relation { name: text.to_owned(), basis: Basis::Assumed, form, about: false }, origin);
        Ok(())
    }

    /// The cell that an assumption is about.
    ///
    /// # Errors
    /// As [`Facts::assume`].
    pub fn assumed_cell(&self, text: &str, of: Option<Found>) -> Result<VarId, Misread> {
        let (cell, ..) = assumption(text)?;
        let Term::Cell(reference) = &cell.term else {
            return Err(Misread::expected(0, "单元格", "a cell"));
        };
        let mut said = Said { table: of.and_then(|found| self.table_of(found)), ..Said::default() };
        Ok(self.one(&mut said, reference, 0)?.1)
    }

    /// What a relation goes by: its identifier; for what a question assumes, that itself.
    pub fn called(&self, id: RelationId) -> Option<Text> {
        let origin = self.origin(id)?;
        Some(if origin.ground == Ground::Asked { Text::same(origin.statement.clone()) } else { origin.id.clone() })
    }

    /// The assumptions that a question added and that the numbers around some variables contradict, where these can all hold
    /// without. None where what is printed is in conflict by itself.
    pub fn contradicted(&self, variables: &[VarId], caps: &Caps) -> Vec<String> {
        let is_asked = |id: &usize| self.is_by(RelationId(*id), Ground::Asked);
        let assumptions: Vec<usize> = (0..self.system.relations.len()).filter(is_asked).collect();
        if assumptions.is_empty() || fit(&self.system, variables, caps) != Fit::Not {
            return Vec::new();
        }
        let mut without = self.system.clone();
        for id in &assumptions {
            without.relations[*id].form = Form::nothing();
        }
        if fit(&without, variables, caps) == Fit::Not {
            return Vec::new();
        }
        let solution = self.solve(variables, caps);
        let takes_part = |id: &&usize| solution.conflicts().iter().any(|c| c.relations.iter().any(|r| r.0 == **id));
        let some: Vec<&usize> = assumptions.iter().filter(takes_part).collect();
        // Where no small set is known, all that is assumed is to blame.
        let blamed = if some.is_empty() { assumptions.iter().collect() } else { some };
        blamed.into_iter().map(|id| self.system.relations[*id].name.clone()).collect()
    }
}
