//! The chain of steps behind a bound, short enough to redo by hand.

use std::collections::BTreeSet;

use super::num::Num;
use super::part::Part;
use super::propagate::{Cause, Side};
use super::solve::{Solution, plain};
use super::{Interval, RelationId, VarId};

/// Why a step holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// By one relation.
    Relation(RelationId),
    /// By some relations together: a weighted sum of them.
    Together(Vec<RelationId>),
    /// By going through the whole numbers that these relations leave.
    Cases(Vec<RelationId>),
}

/// One step of a proof: a variable's interval gets narrower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which variable; [`Solution::name`] knows helpers too.
    pub variable: VarId,
    /// Its interval before.
    pub before: Interval,
    /// And after.
    pub after: Interval,
    /// Why.
    pub reason: Reason,
    /// The variables used, with the interval that each had by then; an end that was not needed may be wider than known.
    pub because: Vec<(VarId, Interval)>,
}

/// Trail entries behind a variable's bounds in order; the relations and the starting facts that they use.
pub(super) type Slice = (BTreeSet<usize>, (BTreeSet<usize>, BTreeSet<usize>));

pub(super) fn slice(solution: &Solution, variable: VarId) -> Slice {
    let mut slice = Slice::default();
    let Some((part, place)) = solution.places.get(variable.0).copied().flatten() else {
        return slice;
    };
    let part = &solution.parts[part];
    let mut open: Vec<usize> = part.state.last[place].iter().flatten().copied().collect();
    if open.len() < 2 {
        slice.1.1.insert(variable.0);
    }
    while let Some(entry) = open.pop() {
        if !slice.0.insert(entry) {
            continue;
        }
        let entry = &part.state.trail[entry];
        slice.1.0.extend(rules(&entry.cause).iter().map(|rule| part.model.rules[*rule].relation));
        for (v, _, from) in &entry.because {
            match from {
                Some(from) => open.push(*from),
                None => {
                    slice.1.1.insert(part.model.quantities[*v]);
                }
            }
        }
    }
    slice
}

fn rules(cause: &Cause) -> &[usize] {
    match cause {
        Cause::Rule(rule) => std::slice::from_ref(rule),
        Cause::Proof { rules, .. } => rules,
    }
}

pub(super) fn steps(solution: &Solution, variable: VarId) -> Vec<Step> {
    let (entries, _) = slice(solution, variable);
    let Some((part, _)) = solution.places.get(variable.0).copied().flatten() else {
        return Vec::new();
    };
    let part = &solution.parts[part];
    if part.in_conflict {
        return Vec::new();
    }
    let mut steps: Vec<Step> = Vec::new();
    for index in entries {
        let step = step(part, index);
        match steps.last_mut() {
            Some(last) if last.variable == step.variable && last.reason == step.reason => merge(last, step),
            _ => steps.push(step),
        }
    }
    steps
}

/// Both ends by the same reason are one step.
fn merge(last: &mut Step, step: Step) {
    last.after = step.after;
    for (variable, range) in step.because {
        match last.because.iter_mut().find(|(known, _)| *known == variable) {
            Some((_, known)) => *known = known.intersect(&range),
            None => last.because.push((variable, range)),
        }
    }
}

fn step(part: &Part, index: usize) -> Step {
    let entry = &part.state.trail[index];
    let name = |place: usize| VarId(part.model.quantities[place]);
    let mut after = entry.before.clone();
    match entry.side {
        Side::Lower => after.lower = Some(entry.value.clone()),
        Side::Upper => after.upper = Some(entry.value.clone()),
    }
    let mut because: Vec<(usize, Interval<Num>)> = Vec::new();
    for (v, side, from) in &entry.because {
        let start = &part.model.start[*v];
        let known = match because.iter_mut().find(|(known, _)| known == v) {
            Some((_, known)) => known,
            None => {
                because.push((*v, start.clone()));
                match because.last_mut() {
                    Some((_, known)) => known,
                    None => continue,
                }
            }
        };
        if let Some(from) = from {
            let value = Some(part.state.trail[*from].value.clone());
            match side {
                Side::Lower => known.lower = value,
                Side::Upper => known.upper = value,
            }
        }
    }
    let mut relations: Vec<RelationId> =
        rules(&entry.cause).iter().map(|rule| RelationId(part.model.rules[*rule].relation)).collect();
    relations.dedup();
    let reason = match (&entry.cause, relations.as_slice()) {
        (Cause::Rule(_), [relation]) => Reason::Relation(*relation),
        (Cause::Proof { search: true, .. }, _) => Reason::Cases(relations),
        _ => Reason::Together(relations),
    };
    Step {
        variable: name(entry.variable),
        before: plain(&entry.before),
        after: plain(&after),
        reason,
        because: because.iter().map(|(v, range)| (name(*v), plain(range))).collect(),
    }
}
