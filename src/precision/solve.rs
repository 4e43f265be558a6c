//! Every component of a system: what holds, how surely, and what cannot.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::conflict::Conflict;
use super::group::{Group, components};
use super::lower::Lowered;
use super::num::Num;
use super::part::{Part, part};
use super::{Basis, Caps, Interval, RelationId, Step, System, VarId};
use crate::progress::Progress;
use crate::text::Text;

/// How a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// Printed, and nothing narrows it.
    Printed,
    /// Follows, and is one number.
    Exact,
    /// Follows; no narrower interval does, each end is reached by numbers that fit everything.
    Tight,
    /// Follows; not proven least.
    Outer,
    /// Stands in a component whose numbers cannot all hold: nothing is derived.
    Conflict,
    /// Nothing is known.
    Missing,
}

/// What is known of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Where the unrounded number lies, in base units.
    pub interval: Interval,
    /// How it is known.
    pub claim: Claim,
    /// The weakest basis of all facts and relations used.
    pub basis: Basis,
    /// The relations used.
    pub relations: Vec<RelationId>,
}

/// Everything that follows from a [`System`].
#[derive(Debug)]
pub struct Solution {
    pub(super) lowered: Lowered,
    pub(super) basis: Vec<Basis>,
    pub(super) parts: Vec<Part>,
    /// For each variable its component and its place there.
    pub(super) places: Vec<Option<(usize, usize)>>,
    pub(super) variables: usize,
    conflicts: Vec<Conflict>,
}

/// Solves the whole system.
pub fn solve(system: &System, caps: &Caps) -> Solution {
    build(system, caps, None, None)
}

/// Solves the components of some variables alone, conflicts elsewhere left out; other variables keep what is printed.
pub fn solve_for(system: &System, variables: &[VarId], caps: &Caps) -> Solution {
    build(system, caps, Some(variables), None)
}

/// What cannot all hold in the whole system. What follows from it is not worked out.
pub fn consistency(system: &System, caps: &Caps) -> Solution {
    build(system, caps, None, Some(&[]))
}

/// How what is known around some variables holds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// As it is printed: each number within half a unit of its last place.
    AsPrinted,
    /// Only with each number within a whole unit, as one that was cut off rather than rounded.
    Widely,
    /// Not at all.
    Not,
}

/// How what is known around some variables holds together. What follows from it is not worked out.
pub fn fit(system: &System, variables: &[VarId], caps: &Caps) -> Fit {
    let parts = build(system, caps, Some(variables), Some(&[])).parts;
    if parts.iter().any(|part| part.in_conflict) {
        Fit::Not
    } else if parts.iter().any(|part| part.wide) {
        Fit::Widely
    } else {
        Fit::AsPrinted
    }
}

/// The components of some variables, with the bounds of these alone worked out by linear programs.
pub(super) fn solve_only(system: &System, variables: &[VarId], caps: &Caps) -> Solution {
    build(system, caps, Some(variables), Some(variables))
}

/// The components of the wanted variables, with linear programs for the bounds of some; of all where none are named.
fn build(system: &System, caps: &Caps, wanted: Option<&[VarId]>, bounded: Option<&[VarId]>) -> Solution {
    let lowered = Lowered::new(system);
    let basis: Vec<Basis> = system.relations.iter().map(|relation| relation.basis).collect();
    let mut places = vec![None; lowered.quantities.len()];
    let mut parts = Vec::new();
    let mut found = Vec::new();
    let chosen = |variables: &[VarId]| variables.iter().map(|v| v.0).collect::<HashSet<usize>>();
    let (wanted, bounded) = (wanted.map(chosen), bounded.map(chosen));
    let groups: Vec<Group> = components(&lowered)
        .into_iter()
        .filter(|group| wanted.as_ref().is_none_or(|wanted| group.quantities.iter().any(|q| wanted.contains(q))))
        .collect();
    let solve = |group: &Group| {
        let bounded = |q: &usize| bounded.as_ref().is_none_or(|bounded| bounded.contains(q));
        let targets: Vec<usize> = group.quantities.iter().copied().filter(bounded).collect();
        let mut found = Vec::new();
        (part(&lowered, &basis, group, &targets, caps, &mut found), found)
    };
    for (part, conflicts) in each(&groups, solve) {
        found.extend(conflicts);
        for (place, quantity) in part.model.quantities.iter().enumerate() {
            places[*quantity] = Some((parts.len(), place));
        }
        parts.push(part);
    }
    Solution { lowered, basis, parts, places, variables: system.variables.len(), conflicts: found }
}

/// Variables from which on components are solved by several threads: starting one takes as long as solving some small ones.
const MANY: usize = 200;

/// The stack of a thread: that of a program.
const STACK: usize = 8 << 20;

/// What a function makes of each component, in their order.
fn each<T: Send>(groups: &[Group], solve: impl Fn(&Group) -> T + Sync) -> Vec<T> {
    let progress = Progress::new(Text::new("求解", "solving"), groups.len() as u64);
    let solve = |group: &Group| {
        let solved = solve(group);
        progress.advance(1);
        solved
    };
    let variables: usize = groups.iter().map(|group| group.quantities.len()).sum();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(groups.len());
    if threads < 2 || variables < MANY {
        return groups.iter().map(solve).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(group) = groups.get(at)
        {
            done.push((at, solve(group)));
        }
        done
    };
    let mut done = std::thread::scope(|scope| {
        // A thread that cannot be started leaves its work to the others.
        let more: Vec<_> = (1..threads)
            .filter_map(|_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok())
            .collect();
        let mut done = work();
        for thread in more {
            match thread.join() {
                Ok(others) => done.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

impl Solution {
    /// The names of a system's variables, helpers in proofs included, with nothing solved.
    pub(super) fn of_names(system: &System) -> Solution {
        build(system, &Caps::default(), Some(&[]), Some(&[]))
    }

    /// What is known of a variable; [`Claim::Missing`] for one that is not there.
    pub fn bound(&self, variable: VarId) -> Bound {
        let Some(quantity) = self.lowered.quantities.get(variable.0) else {
            return Bound {
                interval: Interval::all(),
                claim: Claim::Missing,
                basis: Basis::Printed,
                relations: Vec::new(),
            };
        };
        let fact = quantity.fact.as_ref();
        let own = fact.map_or_else(|| quantity.natural.clone(), |fact| quantity.natural.intersect(&fact.interval));
        let plain = |claim| Bound {
            interval: plain(&own),
            claim,
            basis: fact.map_or(Basis::Printed, |fact| fact.basis),
            relations: Vec::new(),
        };
        let untouched = if fact.is_some() { Claim::Printed } else { Claim::Missing };
        let Some((part, place)) = self.places[variable.0] else {
            return plain(untouched);
        };
        let part = &self.parts[part];
        if part.in_conflict {
            return plain(Claim::Conflict);
        }
        let range = &part.state.bounds[place];
        let own = if quantity.whole { whole(&own) } else { own.clone() };
        if range.encloses(&own) {
            return plain(untouched);
        }
        let claim = match part.attained[place] {
            _ if range.is_exact() => Claim::Exact,
            [true, true] => Claim::Tight,
            _ => Claim::Outer,
        };
        let (relations, basis) = self.used(variable);
        Bound { interval: self::plain(range), claim, basis, relations }
    }

    /// The steps that lead to a variable's bounds, each after those that it uses; empty if nothing narrows it.
    pub fn explain(&self, variable: VarId) -> Vec<Step> {
        super::explain::steps(self, variable)
    }

    fn used(&self, variable: VarId) -> (Vec<RelationId>, Basis) {
        let (relations, facts) = super::explain::slice(self, variable).1;
        let basis = relations.iter().map(|r| self.basis[*r]);
        let facts = facts.iter().filter_map(|q| self.lowered.quantities[*q].fact.as_ref()).map(|fact| fact.basis);
        let basis = basis.chain(facts).max().unwrap_or_default();
        (relations.into_iter().map(RelationId).collect(), basis)
    }

    /// The name of a variable, helpers in proofs included.
    pub fn name(&self, variable: VarId) -> &str {
        self.lowered.quantities.get(variable.0).map_or("", |quantity| quantity.name.as_str())
    }

    /// What cannot all hold: [`super::Severity::Certain`] accuses; [`super::Severity::Convention`] does not.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// Whether the numbers around some variables are read more widely than printed, since nothing fits them as rounded.
    pub fn is_wide(&self, variables: impl IntoIterator<Item = VarId>) -> bool {
        let part = |v: VarId| self.places.get(v.0).copied().flatten().map(|(part, _)| &self.parts[part]);
        variables.into_iter().filter_map(part).any(|part| part.wide)
    }

    /// Variables of the system that stand in a component in conflict.
    pub fn in_conflict(&self) -> impl Iterator<Item = VarId> + '_ {
        let parts = self.parts.iter().filter(|part| part.in_conflict);
        parts.flat_map(|part| &part.model.quantities).copied().filter(|q| *q < self.variables).map(VarId)
    }

    /// Relations that were passed by: they name a variable that is not there, or cannot be read.
    pub fn ignored(&self) -> impl Iterator<Item = RelationId> + '_ {
        self.lowered.ignored.iter().map(|id| RelationId(*id))
    }
}

pub(super) fn plain(range: &Interval<Num>) -> Interval {
    let take = |end: &Option<Num>| end.as_ref().map(Num::to_rational);
    Interval { lower: take(&range.lower), upper: take(&range.upper) }
}

/// The whole numbers inside, as an interval.
pub(super) fn whole(range: &Interval<Num>) -> Interval<Num> {
    Interval { lower: range.lower.as_ref().map(Num::ceil), upper: range.upper.as_ref().map(Num::floor) }
}
