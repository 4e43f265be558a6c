//! Relations that the descriptor declares: shares, growth rates, subtotals, leaves that add up to a whole.

use std::collections::BTreeMap;

use super::resolve::Said;
use super::{Facts, Ground, Origin, Place};
use crate::package::{Exhaustive, Figure, PeriodKind, PriceBasis};
use crate::precision::{Basis, Form, Linear, Relation, VarId};
use crate::reference::Reference;
use crate::text::Text;

impl Facts<'_> {
    /// Adds the relations that a table's fields and parts declare.
    pub(super) fn declare(&mut self, table: usize) {
        for measure in 0..self.tables[table].dataset.measures.len() {
            self.shares(table, measure);
            self.growth(table, measure);
            self.subtotals(table, measure);
        }
    }

    fn cell(&self, table: usize, measure: usize, role: Figure, row: usize) -> Option<VarId> {
        let column = self.tables[table].column_of(measure, role)?;
        self.variable(Place { table, column, row })
    }

    fn origin_of(&self, table: usize, measure: usize, role: Figure, row: usize, id: Text, statement: String) -> Origin {
        let here = &self.tables[table];
        let column = here.column_of(measure, role).map(|column| &here.columns[column]);
        let place = |what| column.and_then(|column| here.place(column, row, what));
        Origin { ground: Ground::Declared, id, statement, exhibit: place("exhibit"), section: place("section") }
    }

    /// The cell that a declared reference means for a row: what it leaves out is the row's own.
    pub(super) fn referred(&self, table: usize, row: usize, text: &str) -> Option<VarId> {
        let here = &self.tables[table];
        let reference = Reference::parse(text).ok()?;
        let period = here.dataset.periods.get(row)?;
        let Some(address) = &reference.dataset else {
            // A column of this table: the row's own members, unless the reference names others.
            let column = here.column(reference.measure.as_deref()?)?;
            let period = match &reference.period {
                Some(typed) => &crate::package::Period::parse(typed).ok()?,
                None => period,
            };
            let stated =
                |name: &str| reference.key.iter().find(|(own, _)| own == name).map(|(_, member)| member.as_str());
            let own = here.dataset.dimensions.iter().zip(here.key(row));
            let key: Vec<&str> = own.map(|(dimension, member)| stated(&dimension.name).unwrap_or(member)).collect();
            let row = here.find(period, &key)?;
            return self.variable(Place { table, column, row });
        };
        // Another table: the row's members for the dimensions that both have.
        let package = self.catalog.label(here.package);
        let mut said = Said { package: Some(package.clone()), ..Said::default() };
        let found = super::reach::resolve(self.catalog, Some(&package), address).ok()?;
        let other = self.table_of(found)?;
        let mut full = Reference {
            period: Some(reference.period.clone().unwrap_or_else(|| period.to_string())),
            ..reference.clone()
        };
        for dimension in &self.tables[other].dataset.dimensions {
            let named = full.key.iter().any(|(name, _)| *name == dimension.name);
            let own = here.dataset.dimensions.iter().position(|own| own.name == dimension.name);
            if let Some(at) = own.filter(|_| !named) {
                full.key.push((dimension.name.clone(), here.key(row)[at].to_owned()));
            }
        }
        self.one(&mut said, &full, 0).ok().map(|(_, variable)| variable)
    }

    /// `M_share` is 100 times the part over the whole; exhaustive leaves add up to the whole.
    fn shares(&mut self, table: usize, measure: usize) {
        let here = &self.tables[table];
        let declared = &here.dataset.measures[measure];
        let Some(share) = declared.share.clone() else { return };
        let Some(whole_text) = share.whole.clone() else { return };
        if here.is_signed(measure) {
            return;
        }
        let own_part = share.part.as_deref().is_none_or(|part| part == declared.name);
        let basis = if share.base_assumed { Basis::Assumed } else { Basis::Printed };
        let exhaustive = here.exhaustive();
        let mut leaves: BTreeMap<VarId, (usize, Vec<VarId>)> = BTreeMap::new();
        for row in 0..self.tables[table].rows() {
            let part = match &share.part {
                Some(text) if !own_part => self.referred(table, row, text),
                _ => self.cell(table, measure, Figure::Level, row),
            };
            let rate = self.cell(table, measure, Figure::Share, row);
            let (Some(part), Some(whole), Some(rate)) = (part, self.referred(table, row, &whole_text), rate) else {
                continue;
            };
            if self.is_signed(whole) {
                continue;
            }
            let statement = format!("{} = 100 * {} / {}", self.name(rate), self.name(part), self.name(whole));
            let id = Text::new("占比", "share");
            let origin = self.origin_of(table, measure, Figure::Share, row, id, statement.clone());
            self.relate(
                Relation { name: statement, basis, form: Form::share(rate, part, whole), about: false },
                origin,
            );
            if own_part && self.tables[table].leaf[row] {
                leaves.entry(whole).or_insert((row, Vec::new())).1.push(part);
            }
        }
        if exhaustive == Exhaustive::No || self.tables[table].dataset.dimensions.is_empty() {
            return;
        }
        // A whole that is a member itself, or that of another period, is not the sum of the members of a row's period.
        if Reference::parse(&whole_text).is_ok_and(|whole| !whole.key.is_empty() || whole.period.is_some()) {
            return;
        }
        let most = leaves.values().map(|(_, parts)| parts.len()).max().unwrap_or_default();
        let there: std::collections::BTreeSet<&str> =
            (0..self.tables[table].rows()).flat_map(|row| self.tables[table].key(row)).collect();
        let known = self.tables[table].dataset.resource.parts.values().flat_map(|parts| &parts.of);
        let all = known.into_iter().all(|member| there.contains(member.as_str()));
        for (whole, (row, parts)) in leaves {
            // A period in which a member has no row is not known to be complete.
            let complete = all && parts.len() == most;
            let id = Text::new("各成员之和", "sum of members");
            self.add_up(table, measure, row, whole, &parts, if complete { exhaustive } else { Exhaustive::No }, id);
        }
    }

    pub(super) fn is_signed(&self, variable: VarId) -> bool {
        self.system.variables.get(variable.0).is_none_or(|variable| variable.natural.lower.is_none())
    }

    /// The total is the sum of the parts; at least that where they are not known to be all.
    #[allow(clippy::too_many_arguments)]
    fn add_up(
        &mut self,
        table: usize,
        measure: usize,
        row: usize,
        total: VarId,
        parts: &[VarId],
        exhaustive: Exhaustive,
        id: Text,
    ) {
        let names: Vec<String> = parts.iter().map(|part| self.name(*part)).collect();
        let (sign, form) = match exhaustive {
            Exhaustive::No => (">=", Form::less(Linear::sum(parts.iter().copied()), &total.into(), false)),
            _ => ("=", Form::sum(total, parts.iter().copied())),
        };
        // That members do not overlap is taken for granted, too, where it is not stated that they are all.
        let basis = if exhaustive == Exhaustive::Stated { Basis::Printed } else { Basis::Assumed };
        let statement = format!("{} {sign} {}", self.name(total), names.join(" + "));
        let origin = self.origin_of(table, measure, Figure::Level, row, id, statement.clone());
        self.relate(Relation { name: statement, basis, form, about: false }, origin);
    }

    /// `M_growth` is the percentage change over the year before (over the span for a span). Without a row for the period before
    /// there is nothing to tie it to.
    fn growth(&mut self, table: usize, measure: usize) {
        let here = &self.tables[table];
        let declared = &here.dataset.measures[measure];
        let Some(growth) = declared.growth.clone().filter(|growth| growth.price_basis == PriceBasis::Same) else {
            return;
        };
        if here.is_signed(measure) {
            return;
        }
        let basis = if growth.base_assumed { Basis::Assumed } else { Basis::Printed };
        let of = growth.of.filter(|of| *of != declared.name);
        for row in 0..self.tables[table].rows() {
            let here = &self.tables[table];
            let (period, key) = (&here.dataset.periods[row], here.key(row));
            let ends = match period.kind() {
                PeriodKind::Span => period.ends(),
                _ => period.year_before().map(|before| (before, period.clone())),
            };
            let Some((before, now)) = ends else { continue };
            let level = |period| {
                let row = here.find(period, &key)?;
                match &of {
                    Some(text) => self.referred(table, row, text),
                    None => self.cell(table, measure, Figure::Level, row),
                }
            };
            let rate = self.cell(table, measure, Figure::Growth, row);
            let (Some(before), Some(now), Some(rate)) = (level(&before), level(&now), rate) else { continue };
            let statement = format!("{} = 100 * ({} / {} - 1)", self.name(rate), self.name(now), self.name(before));
            let id = Text::new("增长率", "growth");
            let origin = self.origin_of(table, measure, Figure::Growth, row, id, statement.clone());
            self.relate(
                Relation { name: statement, basis, form: Form::growth(rate, now, before), about: false },
                origin,
            );
        }
    }

    /// A subtotal is the sum of its members.
    fn subtotals(&mut self, table: usize, measure: usize) {
        let here = &self.tables[table];
        if !here.dataset.measures[measure].kind.adds_up() {
            return;
        }
        let parts: Vec<_> =
            here.dataset.resource.parts.iter().map(|(code, parts)| (code.clone(), parts.clone())).collect();
        for (code, parts) in parts {
            for row in 0..self.tables[table].rows() {
                let here = &self.tables[table];
                let key = here.key(row);
                let Some(at) = key.iter().position(|member| *member == code) else { continue };
                let member = |member: &String| {
                    let mut key = key.clone();
                    key[at] = member;
                    self.cell(table, measure, Figure::Level, self.row_of(table, &here.dataset.periods[row], &key)?)
                };
                let found: Vec<VarId> = parts.of.iter().filter_map(member).collect();
                let Some(total) = self.cell(table, measure, Figure::Level, row).filter(|_| !found.is_empty()) else {
                    continue;
                };
                let complete = found.len() == parts.of.len();
                let signed = found.iter().any(|part| self.is_signed(*part));
                let exhaustive = if complete { parts.exhaustive } else { Exhaustive::No };
                if signed && exhaustive == Exhaustive::No {
                    continue;
                }
                self.add_up(table, measure, row, total, &found, exhaustive, Text::new("分项之和", "subtotal"));
            }
        }
    }
}
