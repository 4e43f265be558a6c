//! The single changes of a printed number that would mend a conflict: what a slip of the pen looks like.

use std::collections::BTreeSet;

use super::conflict::{Finder, Set};
use super::group::components;
use super::lower::Lowered;
use super::{Bound, Caps, Claim, Conflict, Format, Interval, Printed, System, VarId};

/// What kind of slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Two neighbouring digits exchanged.
    Transposed,
    /// One digit another.
    Digit,
    /// The sign turned.
    Sign,
    /// The decimal point moved, or another unit: a power of ten.
    Power(i32),
    /// Another number altogether: the interval of those that would do.
    Value,
}

/// One change that mends a conflict.
#[derive(Clone, Debug)]
pub struct Mend {
    /// The number to change.
    pub variable: VarId,
    /// How.
    pub change: Change,
    /// The digits as they would be printed; none for [`Change::Value`].
    pub digits: Option<String>,
    /// Where the number lies if all the rest of the conflict holds.
    pub would_be: Interval,
    /// Whether it leaves the whole component without conflict.
    pub mends_all: bool,
}

/// Digits beyond which no slips are looked for.
const LONGEST: usize = 24;

/// The single changes that mend a conflict of [`super::Solution::conflicts`], likeliest slips first.
pub fn mend(system: &System, conflict: &Conflict, caps: &Caps) -> Vec<Mend> {
    let mut mends = Vec::new();
    for variable in &conflict.variables {
        let Some(printed) = system.variables.get(variable.0).and_then(|v| v.printed.clone()) else {
            continue;
        };
        let Some(would_be) = without(system, conflict, *variable, caps) else {
            continue;
        };
        let fits = |printed: &Printed| !would_be.intersect(&printed.interval).is_empty();
        let slips = slips(&printed).into_iter().filter(|(_, printed)| fits(printed)).take(12);
        let mut found: Vec<(Change, Printed)> = slips.collect();
        found.retain(|(_, printed)| resolves(system, conflict, *variable, printed, caps));
        for (change, candidate) in found {
            let mends_all = clean(system, *variable, Some(&candidate), caps);
            let (digits, would_be) = (Some(candidate.digits), would_be.clone());
            mends.push(Mend { variable: *variable, change, digits, would_be, mends_all });
        }
        let mends_all = clean(system, *variable, None, caps);
        mends.push(Mend { variable: *variable, change: Change::Value, digits: None, would_be, mends_all });
    }
    mends.sort_by_key(|mend| (mend.change, mend.variable));
    mends
}

/// The conflict's own relations and numbers, with one number replaced or left out.
fn reduced(system: &System, conflict: &Conflict, variable: VarId, instead: Option<&Printed>) -> System {
    let mut small = System { variables: system.variables.clone(), relations: Vec::new() };
    let kept: BTreeSet<usize> = conflict.variables.iter().map(|v| v.0).collect();
    for (id, known) in small.variables.iter_mut().enumerate() {
        if !kept.contains(&id) {
            known.printed = None;
        }
        if id == variable.0 {
            known.printed = instead.cloned();
        }
    }
    small.relations = conflict.relations.iter().filter_map(|r| system.relations.get(r.0)).cloned().collect();
    small
}

/// Where the number lies by all the rest of the conflict.
fn without(system: &System, conflict: &Conflict, variable: VarId, caps: &Caps) -> Option<Interval> {
    let small = reduced(system, conflict, variable, None);
    let Bound { interval, claim, .. } = super::solve::solve_only(&small, &[variable], caps).bound(variable);
    (claim != Claim::Conflict).then_some(interval)
}

fn resolves(system: &System, conflict: &Conflict, variable: VarId, printed: &Printed, caps: &Caps) -> bool {
    holds(&reduced(system, conflict, variable, Some(printed)), variable, caps)
}

/// Whether the component holds with one number replaced or left out.
fn clean(system: &System, variable: VarId, instead: Option<&Printed>, caps: &Caps) -> bool {
    let mut changed = system.clone();
    if let Some(known) = changed.variables.get_mut(variable.0) {
        known.printed = instead.cloned();
    }
    holds(&changed, variable, caps)
}

/// Whether nothing certain speaks against the component of a variable.
fn holds(system: &System, variable: VarId, caps: &Caps) -> bool {
    let lowered = Lowered::new(system);
    let basis: Vec<_> = system.relations.iter().map(|relation| relation.basis).collect();
    components(&lowered).iter().filter(|group| group.quantities.contains(&variable.0)).all(|group| {
        let finder = Finder {
            lowered: &lowered,
            basis: &basis,
            rules: &group.rules,
            reliance: super::model::Reliance::Accusing,
            caps,
        };
        finder.refute(&Set::of(&lowered, group), None).is_none()
    })
}

/// What might have been meant.
fn slips(printed: &Printed) -> Vec<(Change, Printed)> {
    if printed.digits.is_empty() || printed.digits.len() > LONGEST || printed.format.to.is_some() {
        return Vec::new();
    }
    let bytes = printed.digits.as_bytes();
    let mut all: Vec<(Change, String, i32)> = Vec::new();
    let places: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i].is_ascii_digit()).collect();
    let edited = |edits: &[(usize, u8)]| {
        let mut copy = bytes.to_vec();
        for (i, b) in edits {
            copy[*i] = *b;
        }
        String::from_utf8(copy).unwrap_or_default()
    };
    for pair in places.windows(2) {
        let (i, j) = (pair[0], pair[1]);
        if bytes[i] != bytes[j] {
            all.push((Change::Transposed, edited(&[(i, bytes[j]), (j, bytes[i])]), 0));
        }
    }
    for i in &places {
        for digit in b'0'..=b'9' {
            if digit != bytes[*i] {
                all.push((Change::Digit, edited(&[(*i, digit)]), 0));
            }
        }
    }
    let turned = match printed.digits.strip_prefix('-') {
        Some(digits) => digits.to_owned(),
        None => format!("-{}", printed.digits),
    };
    all.push((Change::Sign, turned, 0));
    for power in [-8, -4, -3, -2, -1, 1, 2, 3, 4, 8] {
        all.push((Change::Power(power), printed.digits.clone(), power));
    }
    let read = |(change, digits, power): (Change, String, i32)| {
        let format = Format { power: printed.format.power.saturating_add(power), ..printed.format.clone() };
        Some((change, Printed::parse(&digits, &format).ok()?))
    };
    all.into_iter().filter_map(read).collect()
}
