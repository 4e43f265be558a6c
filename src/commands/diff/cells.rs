//! Two editions of one dataset, cell by cell.

use std::collections::{HashMap, HashSet};

use num_traits::{Signed, Zero};

use crate::answer::{Number, Value};
use crate::package::{Dataset, Dimension, Figure, LastingKey, Measure, Period, PrintedCell, Unit};
use crate::precision::{Basis, Claim, Interval, Printed, Rational};
use crate::stats::{self, Operand, Quantity};
use crate::text::Text;

/// One cell that is not as it was.
pub(super) struct Change {
    pub(super) dataset: String,
    pub(super) period: String,
    pub(super) key: String,
    pub(super) measure: String,
    pub(super) title: Text,
    pub(super) unit: Unit,
    pub(super) status: Status,
    pub(super) earlier: Option<Number>,
    /// In the earlier edition's unit, so that one unit heads the row.
    pub(super) later: Option<Number>,
    pub(super) revision: Option<Operand>,
    pub(super) percent: Option<Operand>,
    /// Whether no number could have been rounded to both, by whatever convention.
    pub(super) beyond: Option<bool>,
}

/// What happened to a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Revised,
    Added,
    Dropped,
}

impl Status {
    pub(super) fn code(self) -> &'static str {
        match self {
            Status::Revised => "revised",
            Status::Added => "added",
            Status::Dropped => "dropped",
        }
    }

    pub(super) fn title(self) -> Text {
        match self {
            Status::Revised => Text::new("修订", "revised"),
            Status::Added => Text::new("新增", "added"),
            Status::Dropped => Text::new("删去", "dropped"),
        }
    }
}

/// What did not change.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) same: usize,
    /// The same value with another mark, range or last place.
    pub(super) marked: usize,
    /// Measures whose units do not convert.
    pub(super) unlike: Vec<Text>,
}

/// A numeric column of an edition.
struct Numbers<'a> {
    figure: Measure,
    /// What it is known by from one edition to the next.
    lasting: String,
    dataset: &'a Dataset,
}

impl<'a> Numbers<'a> {
    fn of(dataset: &'a Dataset) -> Vec<Numbers<'a>> {
        let numbers = |(role, figure): (Figure, Measure)| {
            let named = if role == Figure::Level { dataset.lasting(&figure.name, &figure.title) } else { &figure.name };
            Numbers { lasting: named.to_owned(), figure, dataset }
        };
        dataset.measures.iter().flat_map(Measure::figures).map(numbers).collect()
    }

    fn cell(&self, row: usize) -> PrintedCell {
        self.dataset.cell(&self.figure.name, row)
    }

    fn basis(&self) -> Basis {
        if self.figure.unit_assumed { Basis::Assumed } else { Basis::Printed }
    }

    fn quantity(&self, row: usize) -> Option<Quantity> {
        Quantity::printed(&self.cell(row).ok()?, self.figure.whole, self.figure.unit.power, self.basis()).ok()
    }

    /// Where the number lies by any convention of rounding, in base units; none of what is only about a number.
    fn accusing(&self, row: usize) -> Option<Interval> {
        let format = stats::format(&self.cell(row).ok()?, self.figure.whole, self.figure.unit.power, self.basis());
        Printed::parse(&self.cell(row).ok()?.digits, &format).ok()?.accusing
    }

    /// The number as printed, for the answer.
    fn number(&self, row: usize) -> Option<Number> {
        let cell = self.cell(row).ok()?;
        let bounds = self.quantity(row)?.bounds;
        Some(Number {
            value: Value::Printed(cell.digits),
            bounds,
            claim: Claim::Printed,
            basis: self.basis(),
            mark: cell.mark,
            to: cell.to,
        })
    }
}

fn change(numbers: &Numbers, row: usize, status: Status) -> Change {
    let dataset = numbers.dataset;
    // As the data name them: codes that were made mean something else in the other edition.
    let pair = |dimension: &Dimension| {
        let code = dataset.text(&dimension.name, row).unwrap_or_default();
        let member = dimension.codes.members.iter().find(|member| member.code == code);
        let own = member.map_or(code, |member| &member.key);
        format!("{}={own}", dataset.lasting(&dimension.name, &dimension.title))
    };
    let pairs = dataset.dimensions.iter().map(pair);
    Change {
        dataset: dataset.resource.address.to_string(),
        period: dataset.periods[row].to_string(),
        key: pairs.collect::<Vec<_>>().join(";"),
        measure: numbers.figure.name.clone(),
        title: numbers.figure.title.clone(),
        unit: numbers.figure.unit.clone(),
        status,
        earlier: None,
        later: None,
        revision: None,
        percent: None,
        beyond: None,
    }
}

/// Puts the changes of one dataset in the order of their periods, measure by measure.
pub(super) fn by_period(changes: &mut [Change]) {
    let mut measures: Vec<String> = changes.iter().map(|change| change.measure.clone()).collect();
    let mut seen = HashSet::new();
    measures.retain(|measure| seen.insert(measure.clone()));
    changes.sort_by_cached_key(|change| {
        (measures.iter().position(|measure| *measure == change.measure), Period::parse(&change.period).ok())
    });
}

/// Every printed cell of a dataset that only one edition has.
pub(super) fn all(dataset: &Dataset, dropped: bool, changes: &mut Vec<Change>) {
    for numbers in Numbers::of(dataset) {
        for row in 0..dataset.periods.len() {
            push_alone(&numbers, row, dropped, changes);
        }
    }
}

fn push_alone(numbers: &Numbers, row: usize, dropped: bool, changes: &mut Vec<Change>) {
    let Some(number) = numbers.number(row) else { return };
    let status = if dropped { Status::Dropped } else { Status::Added };
    let (earlier, later) = if dropped { (Some(number), None) } else { (None, Some(number)) };
    changes.push(Change { earlier, later, ..change(numbers, row, status) });
}

/// Two editions of one dataset, column by column and key by key: first by the earlier edition's rows, then what is new.
pub(super) fn compare(earlier: &Dataset, later: &Dataset, changes: &mut Vec<Change>, kept: &mut Kept) {
    fn rows<'a>(keys: &'a [LastingKey<'a>]) -> HashMap<&'a LastingKey<'a>, usize> {
        keys.iter().zip(0..).collect()
    }
    let (old_keys, new_keys) = (earlier.lasting_keys(), later.lasting_keys());
    let (before, after) = (rows(&old_keys), rows(&new_keys));
    let (old, new) = (Numbers::of(earlier), Numbers::of(later));
    for a in &old {
        let b = new.iter().find(|b| b.lasting == a.lasting);
        if let Some(b) = b.filter(|b| b.figure.unit.family != a.figure.unit.family) {
            let named = |unit: &Unit, open: &str, close: &str| match unit.code == unit.family {
                true => unit.code.clone(),
                false => format!("{}{open}{}{close}", unit.code, unit.family),
            };
            let units = |open, close| (named(&a.figure.unit, open, close), named(&b.figure.unit, open, close));
            let ((zh_old, zh_new), (old, new)) = (units("(族 ", ")"), units(" (family ", ")"));
            let (address, name) = (&earlier.resource.address, &a.figure.name);
            kept.unlike.push(Text::new(
                format!("{address}:{name} 的单位由 {zh_old} 改为 {zh_new},不能比较"),
                format!("{address}: {name} changed its unit from {old} to {new}, which cannot be compared"),
            ));
            continue;
        }
        for (row, key) in old_keys.iter().enumerate() {
            match (b, after.get(key)) {
                (Some(b), Some(&other)) => pair(a, row, b, other, changes, kept),
                _ => push_alone(a, row, true, changes),
            }
        }
    }
    for b in &new {
        let known = old.iter().any(|a| a.lasting == b.lasting);
        for (row, key) in new_keys.iter().enumerate() {
            if !known || !before.contains_key(key) {
                push_alone(b, row, false, changes);
            }
        }
    }
}

fn pair(a: &Numbers, row: usize, b: &Numbers, other: usize, changes: &mut Vec<Change>, kept: &mut Kept) {
    let (Some(old), Some(new)) = (a.number(row), b.number(other)) else {
        push_alone(a, row, true, changes);
        push_alone(b, other, false, changes);
        return;
    };
    let factor = stats::power_of_ten(b.figure.unit.power - a.figure.unit.power);
    let (Some(before), Some(after)) = (a.quantity(row), b.quantity(other).map(|quantity| quantity.scale(&factor)))
    else {
        return;
    };
    let beyond = a.accusing(row).zip(b.accusing(other)).is_some_and(|(a, b)| a.intersect(&b).is_empty());
    let (mut revision, mut percent) = (None, None);
    if super::has_value(&old) && super::has_value(&new) {
        let (Ok(x), Ok(y)) = (&before.value, &after.value) else { return };
        if x == y {
            let as_it_was =
                a.cell(row) == b.cell(other) || a.figure.unit.power != b.figure.unit.power && old.mark == new.mark;
            *(if as_it_was { &mut kept.same } else { &mut kept.marked }) += 1;
            return;
        }
        let difference = y - x;
        if !x.is_zero() && !x.is_negative() {
            percent = Some(Ok(Quantity::exact(&difference / x * Rational::from_integer(100.into()))));
        }
        revision = Some(Ok(Quantity::exact(difference)));
    } else if a.cell(row) == b.cell(other) {
        kept.same += 1;
        return;
    }
    let later = if a.figure.unit.power == b.figure.unit.power {
        new
    } else {
        Number { value: Value::Computed(after.value.clone().unwrap_or_default()), bounds: after.bounds.clone(), ..new }
    };
    changes.push(Change {
        earlier: Some(old),
        later: Some(later),
        revision,
        percent,
        beyond: Some(beyond),
        ..change(a, row, Status::Revised)
    });
}
