//! The single changes of what is printed that would mend a conflict: what a slip of the pen looks like. Each is checked with
//! every number read as printed, half a unit each way.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use num_traits::{Signed, Zero};

use super::conflict::{Finder, Set};
use super::group::{Group, components};
use super::lower::{Fact, Lowered};
use super::model::Reliance;
use super::solve::solve_only;
use super::{Basis, Caps, Claim, Conflict, Interval, Printed, System, VarId};

/// What kind of slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Two neighbouring digits exchanged.
    Transposed,
    /// One digit another.
    Digit,
    /// The sign turned.
    Sign,
    /// Another unit, so many powers of ten apart.
    Unit(i32),
    /// The numbers of two neighbouring years exchanged.
    Exchanged,
    /// A series a year too late (positive) or too early.
    Shifted(i32),
    /// Another total that is printed.
    Total(VarId),
    /// Another number altogether: the interval of those that would do.
    Value,
}

/// A change of printed numbers.
#[derive(Clone, Debug)]
pub struct Slip {
    /// What kind.
    pub change: Change,
    /// The numbers that change, with what is printed instead of them; nothing where that is not known.
    pub instead: Vec<(VarId, Option<Printed>)>,
}

/// A change that mends a conflict.
#[derive(Clone, Debug)]
pub struct Mend {
    /// The change.
    pub slip: Slip,
    /// Where the (first) number lies if all the rest of the conflict holds; of a [`Change::Value`] that mends all, if all around does.
    pub would_be: Interval,
    /// Whether it leaves every component in which a changed number stands without conflict.
    pub mends_all: bool,
}

impl Mend {
    /// The (first) number that changes.
    pub fn variable(&self) -> VarId {
        self.slip.instead[0].0
    }

    /// The digits as they would be printed; none for [`Change::Value`].
    pub fn digits(&self) -> Option<&str> {
        self.slip.instead[0].1.as_ref().map(|printed| printed.digits.as_str())
    }
}

/// Digits beyond which no slips are looked for.
const LONGEST: usize = 24;
/// Mends of one conflict that are tried on its whole component, the nearest first.
const TRIED: usize = 64;

/// The changes that mend a conflict of [`super::Solution::conflicts`]: slips that mend all around them first, then the likeliest,
/// other numbers last. `more`: changes that depend on what the numbers are about.
pub fn mend(system: &System, conflict: &Conflict, more: Vec<Slip>, caps: &Caps) -> Vec<Mend> {
    let mut trial = Trial::new(system, conflict, caps);
    let mut mends: Vec<Mend> = Vec::new();
    for variable in &conflict.variables {
        let (variable, printed) = (*variable, system.variables.get(variable.0).and_then(|v| v.printed.as_ref()));
        let (Some(printed), Some(would_be)) = (printed, trial.without(system, variable)) else {
            continue;
        };
        let fits = |printed: &Printed| !would_be.intersect(&printed.interval).is_empty();
        let own = slips(printed)
            .into_iter()
            .map(|(change, printed)| Slip { change, instead: vec![(variable, Some(printed))] });
        let more = more.iter().filter(|slip| slip.instead[0].0 == variable).cloned();
        let moved = |slip: &Slip| slip.instead.len() > 1;
        let likely = own.chain(more).filter(|slip| moved(slip) || slip.instead[0].1.as_ref().is_some_and(fits));
        // A number without an upper end takes any large one: no sign of another unit or total.
        let telling =
            |slip: &Slip| would_be.upper.is_some() || !matches!(slip.change, Change::Unit(_) | Change::Total(_));
        let mut found: Vec<Slip> = likely.filter(telling).collect();
        found.retain(|slip| trial.holds_in_conflict(&slip.instead));
        found.push(Slip { change: Change::Value, instead: vec![(variable, None)] });
        mends.extend(found.into_iter().map(|slip| Mend { slip, would_be: would_be.clone(), mends_all: false }));
    }
    let far = |mend: &Mend| {
        let (old, new) = (&system.variables[mend.variable().0].printed, &mend.slip.instead[0].1);
        old.as_ref().zip(new.as_ref()).map(|(old, new)| ((&new.value - &old.value) / nonzero(&old.value)).abs())
    };
    mends.sort_by_cached_key(|mend| (mend.slip.change, far(mend), mend.variable()));
    let mut moves = BTreeSet::new();
    mends.retain(|mend| {
        let numbers: BTreeSet<VarId> = mend.slip.instead.iter().map(|(v, _)| *v).collect();
        numbers.len() == 1 || moves.insert((mend.slip.change, numbers))
    });
    let (values, mut mends): (Vec<Mend>, Vec<Mend>) =
        mends.into_iter().partition(|mend| mend.slip.change == Change::Value);
    mends.truncate(TRIED);
    mends.extend(values);
    for mend in &mut mends {
        mend.mends_all = trial.holds_throughout(&mend.slip.instead);
        if mend.mends_all && mend.slip.change == Change::Value {
            mend.would_be = trial.without_throughout(system, mend.variable());
        }
    }
    // Numbers that moved have to fit where they came to, not only to leave where they were.
    mends.retain(|mend| mend.mends_all || !matches!(mend.slip.change, Change::Exchanged | Change::Shifted(_)));
    mends.sort_by_key(|mend| (mend.slip.change == Change::Value, Reverse(mend.mends_all)));
    mends
}

fn nonzero(value: &super::Rational) -> super::Rational {
    if value.is_zero() { super::integer(1) } else { value.clone() }
}

/// Puts other numbers in the place of printed ones, and looks whether they fit.
struct Trial<'a> {
    lowered: Lowered,
    basis: Vec<Basis>,
    components: Vec<Group>,
    /// The place of the conflict's own.
    own: Option<usize>,
    conflict: Set,
    caps: &'a Caps,
}

impl<'a> Trial<'a> {
    fn new(system: &System, conflict: &Conflict, caps: &'a Caps) -> Trial<'a> {
        let lowered = Lowered::new(system);
        let relations = conflict.relations.iter().map(|r| r.0).collect();
        let conflict = Set { relations, facts: conflict.variables.iter().map(|v| v.0).collect() };
        let inside = |group: &Group| {
            let mut relations = group.rules.iter().map(|rule| lowered.rules[*rule].relation);
            group.quantities.iter().any(|q| conflict.facts.contains(q))
                || relations.any(|relation| conflict.relations.contains(&relation))
        };
        let components = components(&lowered);
        let own = components.iter().position(inside);
        let basis = system.relations.iter().map(|relation| relation.basis).collect();
        Trial { lowered, basis, components, own, conflict, caps }
    }

    /// Where a number lies by all the rest of the conflict; `None` if that does not hold as printed.
    fn without(&mut self, system: &System, variable: VarId) -> Option<Interval> {
        if !self.holds_in_conflict(&[(variable, None)]) {
            return None;
        }
        let kept = &self.conflict;
        let variables = system.variables.iter().enumerate().map(|(id, known)| {
            let printed = known.printed.clone().filter(|_| id != variable.0 && kept.facts.contains(&id));
            super::Variable { printed, ..known.clone() }
        });
        let variables = variables.collect();
        let relations = kept.relations.iter().filter_map(|r| system.relations.get(*r)).cloned().collect();
        let bound = solve_only(&System { variables, relations }, &[variable], self.caps).bound(variable);
        (bound.claim != Claim::Conflict).then_some(bound.interval)
    }

    /// Where a number lies by all that it is connected with.
    fn without_throughout(&self, system: &System, variable: VarId) -> Interval {
        let mut system = system.clone();
        system.variables[variable.0].printed = None;
        solve_only(&system, &[variable], self.caps).bound(variable).interval
    }

    fn holds_in_conflict(&mut self, instead: &[(VarId, Option<Printed>)]) -> bool {
        self.with(instead, |trial| trial.own.is_some_and(|own| trial.fits(&trial.components[own], &trial.conflict)))
    }

    /// Whether all holds in the component of the conflict and in those of all numbers that change.
    fn holds_throughout(&mut self, instead: &[(VarId, Option<Printed>)]) -> bool {
        self.with(instead, |trial| {
            let touched = |group: &Group| instead.iter().any(|(v, _)| group.quantities.contains(&v.0));
            let mut groups = trial.components.iter().enumerate();
            groups.all(|(at, group)| {
                let concerned = Some(at) == trial.own || touched(group);
                !concerned || trial.fits(group, &Set::of(&trial.lowered, group))
            })
        })
    }

    fn fits(&self, component: &Group, set: &Set) -> bool {
        let (rules, reliance) = (component.rules.as_slice(), Reliance::Printed);
        let finder = Finder { lowered: &self.lowered, basis: &self.basis, rules, reliance, caps: self.caps };
        finder.fits(set)
    }

    /// Something with other numbers in the place of printed ones.
    fn with<T>(&mut self, instead: &[(VarId, Option<Printed>)], then: impl Fn(&Self) -> T) -> T {
        let mut change = |id: usize, fact| std::mem::replace(&mut self.lowered.quantities[id].fact, fact);
        let kept: Vec<Option<Fact>> = instead.iter().map(|(v, new)| change(v.0, new.as_ref().map(Fact::of))).collect();
        let result = then(self);
        for ((variable, _), fact) in instead.iter().zip(kept) {
            self.lowered.quantities[variable.0].fact = fact;
        }
        result
    }
}

/// What might have been meant, as it could be printed.
fn slips(printed: &Printed) -> Vec<(Change, Printed)> {
    let digits = printed.digits.as_str();
    if digits.is_empty() || digits.len() > LONGEST || printed.format.to.is_some() {
        return Vec::new();
    }
    let bytes = digits.as_bytes();
    let places: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i].is_ascii_digit()).collect();
    let edited = |edits: &[(usize, u8)]| {
        let mut copy = bytes.to_vec();
        edits.iter().for_each(|(place, digit)| copy[*place] = *digit);
        String::from_utf8(copy).unwrap_or_default()
    };
    let exchanged = |pair: &[usize]| edited(&[(pair[0], bytes[pair[1]]), (pair[1], bytes[pair[0]])]);
    let mut all: Vec<(Change, String)> = places.windows(2).map(|pair| (Change::Transposed, exchanged(pair))).collect();
    for place in &places {
        all.extend((b'0'..=b'9').map(|digit| (Change::Digit, edited(&[(*place, digit)]))));
    }
    let turned = digits.strip_prefix('-').map_or_else(|| format!("-{digits}"), str::to_owned);
    all.push((Change::Sign, turned));
    all.retain(|(_, new)| new != digits && is_printable(new));
    let read = |(change, digits): (Change, String)| Some((change, Printed::parse(&digits, &printed.format).ok()?));
    all.into_iter().filter_map(read).collect()
}

/// Whether somebody would print it so: not `07`, not `-0.0`.
fn is_printable(digits: &str) -> bool {
    let size = digits.strip_prefix('-').unwrap_or(digits);
    let (head, _) = size.split_once('.').unwrap_or((size, ""));
    let leading = head.len() > 1 && head.starts_with('0');
    let signed_zero = size.len() < digits.len() && size.bytes().all(|b| matches!(b, b'0' | b'.'));
    !leading && !signed_zero
}
