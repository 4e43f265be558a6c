//! The slips of the pen that depend on what a number is about: its unit, its year, the total that it is.

use super::{Facts, Place};
use crate::precision::{Change, Form, Format, Printed, Scale, Slip, VarId};

/// Powers of ten that a unit is easily mistaken by: thousands and ten thousands.
const POWERS: [i32; 4] = [-4, -3, 3, 4];

impl Facts<'_> {
    /// What might have been meant by a printed number, besides other digits.
    pub fn slips(&self, variable: VarId) -> Vec<Slip> {
        let Some((place, printed)) = self.place(variable).zip(self.printed_of(variable)) else { return Vec::new() };
        let units = self.units(variable, printed);
        units.into_iter().chain(self.years(variable, place)).chain(self.totals(variable, printed)).collect()
    }

    fn printed_of(&self, variable: VarId) -> Option<&Printed> {
        self.system.variables.get(variable.0)?.printed.as_ref()
    }

    /// The same digits in another unit of the family, or in thousands or ten thousands; percentages have no other unit.
    fn units(&self, variable: VarId, printed: &Printed) -> Vec<Slip> {
        let Some(own) = self.unit(variable).filter(|unit| unit.family != "percent") else { return Vec::new() };
        let mut powers = POWERS.to_vec();
        powers.extend(self.family(variable).into_iter().map(|unit| unit.power - own.power).filter(|power| *power != 0));
        powers.sort_unstable();
        powers.dedup();
        let slip = |power: i32| {
            let format = Format { power: printed.format.power.saturating_add(power), ..printed.format.clone() };
            let other = Printed::parse(&printed.digits, &format).ok()?;
            Some(Slip { change: Change::Unit(power), instead: vec![(variable, Some(other))] })
        };
        powers.into_iter().filter_map(slip).collect()
    }

    /// The units of a variable's family in its package's list.
    pub fn family(&self, variable: VarId) -> Vec<crate::package::Unit> {
        let Some((place, own)) = self.place(variable).zip(self.unit(variable)) else { return Vec::new() };
        let mut units = self.tables[place.table].package.units().unwrap_or_default();
        units.retain(|unit| unit.family == own.family);
        units
    }

    /// The number of a year exchanged with that of the year before or after, and the whole series a year earlier or later.
    fn years(&self, variable: VarId, place: Place) -> Vec<Slip> {
        let table = &self.tables[place.table];
        let (periods, key) = (&table.dataset.periods, table.key(place.row));
        let cell = |row: usize| self.variable(Place { row, ..place });
        let before = |row: usize| table.find(&periods[row].year_before()?, &key);
        let kind = periods[place.row].kind();
        let series: Vec<usize> =
            (0..table.rows()).filter(|row| periods[*row].kind() == kind && table.key(*row) == key).collect();
        let after = |row: usize| series.iter().copied().find(|later| before(*later) == Some(row));
        let printed = |row: usize| self.printed_of(cell(row)?).cloned();
        let own = self.printed_of(variable);
        let mut slips = Vec::new();
        for (step, beside) in [(-1, &before as &dyn Fn(usize) -> Option<usize>), (1, &after)] {
            let Some(neighbour) = beside(place.row) else { continue };
            let Some(new) = printed(neighbour).filter(|new| own.is_some_and(|own| own.digits != new.digits)) else {
                continue;
            };
            let there = cell(neighbour).map(|v| (v, own.cloned()));
            let instead = std::iter::once((variable, Some(new.clone()))).chain(there).collect();
            slips.push(Slip { change: Change::Exchanged, instead });
            let moved = |row: &usize| Some((cell(*row)?, beside(*row).and_then(printed)));
            let rest = series.iter().filter(|row| **row != place.row).filter_map(moved);
            let instead = std::iter::once((variable, Some(new))).chain(rest).collect();
            slips.push(Slip { change: Change::Shifted(step), instead });
        }
        slips
    }

    /// The other printed totals of its family, where it is a total itself.
    fn totals(&self, variable: VarId, printed: &Printed) -> Vec<Slip> {
        let mut totals: Vec<VarId> =
            self.system.relations.iter().filter_map(|relation| total(&relation.form)).collect();
        totals.sort_unstable();
        totals.dedup();
        if !totals.contains(&variable) {
            return Vec::new();
        }
        let family = |v: VarId| self.unit(v).map(|unit| &unit.family);
        let alike = totals.into_iter().filter(|other| family(*other) == family(variable));
        let slip = |other: VarId| {
            let instead = self.printed_of(other).filter(|other| other.value != printed.value)?;
            Some(Slip { change: Change::Total(other), instead: vec![(variable, Some(instead.clone()))] })
        };
        alike.filter_map(slip).collect()
    }
}

/// The total that a relation is about: the whole of shares, the sum of parts.
fn total(form: &Form) -> Option<VarId> {
    match form {
        Form::Rate { whole, scale: Scale::Share { .. }, .. } => whole.as_variable(),
        Form::Linear { expression, within, .. } if within.is_exact() && expression.terms.len() > 2 => {
            let mut negative = expression.terms.iter().filter(|(_, factor)| *factor < crate::precision::integer(0));
            negative.next().filter(|_| negative.next().is_none()).map(|(v, _)| *v)
        }
        _ => None,
    }
}
