//! Every component of a system: what holds, how surely, and what cannot.

use super::conflict::{Conflict, Severity, conflicts};
use super::lower::{Kind, Lowered, Reading};
use super::model::{Model, Reliance};
use super::num::Num;
use super::program::{Program, Source, leans_on};
use super::propagate::{Cause, Side, State};
use super::search::{Feasibility, Search};
use super::simplex::Factors;
use super::{Basis, Caps, Interval, Number, RelationId, Step, System, VarId};

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

/// One component, solved.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) model: Model,
    pub(super) state: State,
    /// Whether each end of each variable is reached.
    pub(super) attained: Vec<[bool; 2]>,
    pub(super) in_conflict: bool,
}

/// Solves the whole system.
pub fn solve(system: &System, caps: &Caps) -> Solution {
    build(system, caps, None, true)
}

/// Solves the components of some variables alone, conflicts elsewhere left out; other variables keep what is printed.
pub fn solve_for(system: &System, variables: &[VarId], caps: &Caps) -> Solution {
    build(system, caps, Some(variables), true)
}

/// The components of some variables, with the bounds of these alone worked out by linear programs.
pub(super) fn solve_only(system: &System, variables: &[VarId], caps: &Caps) -> Solution {
    build(system, caps, Some(variables), false)
}

fn build(system: &System, caps: &Caps, wanted: Option<&[VarId]>, all: bool) -> Solution {
    let lowered = Lowered::new(system);
    let basis: Vec<Basis> = system.relations.iter().map(|relation| relation.basis).collect();
    let mut places = vec![None; lowered.quantities.len()];
    let mut parts = Vec::new();
    let mut found = Vec::new();
    for group in components(&lowered) {
        if wanted.is_some_and(|wanted| !wanted.iter().any(|v| group.quantities.contains(&v.0))) {
            continue;
        }
        let targets: Vec<usize> = match wanted {
            Some(wanted) if !all => group.quantities.iter().copied().filter(|q| wanted.contains(&VarId(*q))).collect(),
            _ => group.quantities.clone(),
        };
        let part = part(&lowered, &basis, &group, &targets, caps, &mut found);
        for (place, quantity) in part.model.quantities.iter().enumerate() {
            places[*quantity] = Some((parts.len(), place));
        }
        parts.push(part);
    }
    Solution { lowered, basis, parts, places, variables: system.variables.len(), conflicts: found }
}

/// Rules that share variables, and the variables.
pub(super) struct Group {
    pub(super) rules: Vec<usize>,
    pub(super) quantities: Vec<usize>,
}

/// The connected components that have a rule, in order of their first variable; and lone variables whose own printed
/// number cannot be.
pub(super) fn components(lowered: &Lowered) -> Vec<Group> {
    let count = lowered.quantities.len();
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut v: usize) -> usize {
        while parent[v] != v {
            parent[v] = parent[parent[v]];
            v = parent[v];
        }
        v
    }
    let variables: Vec<Vec<usize>> = lowered.rules.iter().map(|rule| rule.kind.variables()).collect();
    for group in &variables {
        for pair in group.windows(2) {
            let (a, b) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut index = vec![None; count];
    for quantity in 0..count {
        let top = root(&mut parent, quantity);
        let at = *index[top].get_or_insert_with(|| {
            groups.push(Group { rules: Vec::new(), quantities: Vec::new() });
            groups.len() - 1
        });
        groups[at].quantities.push(quantity);
    }
    let mut never = Vec::new();
    for (rule, group) in variables.iter().enumerate() {
        match group.first().and_then(|v| index[root(&mut parent, *v)]) {
            Some(at) => groups[at].rules.push(rule),
            None => never.push(Group { rules: vec![rule], quantities: Vec::new() }),
        }
    }
    let lone = |group: &Group| {
        group.quantities.iter().any(|q| {
            let quantity = &lowered.quantities[*q];
            quantity.fact.as_ref().is_some_and(|fact| {
                let range = quantity.natural.intersect(&fact.interval);
                range.is_empty() || (quantity.whole && !has_integer(&range))
            })
        })
    };
    groups.retain(|group| !group.rules.is_empty() || lone(group));
    groups.extend(never);
    groups
}

fn has_integer(range: &Interval<Num>) -> bool {
    range.lower.as_ref().zip(range.upper.as_ref()).is_none_or(|(low, high)| low.ceil() <= *high)
}

fn part(
    lowered: &Lowered,
    basis: &[Basis],
    group: &Group,
    targets: &[usize],
    caps: &Caps,
    found: &mut Vec<Conflict>,
) -> Part {
    let model = Model::new(lowered, &group.rules, &group.quantities, Reliance::Printed, &|_| true);
    if let Some(part) = consistent(model, targets, caps, false) {
        return part;
    }
    let model = Model::new(lowered, &group.rules, &group.quantities, Reliance::Accusing, &|_| true);
    let severity = match consistent(model.clone(), targets, caps, true) {
        Some(part) => {
            found.extend(conflicts(lowered, basis, group, Severity::Convention, caps));
            return part;
        }
        None => Severity::Certain,
    };
    found.extend(conflicts(lowered, basis, group, severity, caps));
    let attained = vec![[false; 2]; model.quantities.len()];
    let model = Model::new(lowered, &group.rules, &group.quantities, Reliance::Printed, &|_| true);
    Part { state: State::new(&model, caps, true), model, attained, in_conflict: true }
}

/// The component solved; `None` if nothing fits it. `weak`: its facts are read more widely than printed, so that no
/// bound is called least.
fn consistent(model: Model, targets: &[usize], caps: &Caps, weak: bool) -> Option<Part> {
    let mut state = State::new(&model, caps, true);
    let mut search = Search::new(caps);
    let mut program = match state.run(&model) {
        Err(_) => return None,
        Ok(()) if model.is_tree() && !state.stopped && !state.rounded => {
            let attained = vec![[!weak; 2]; model.quantities.len()];
            return Some(Part { model, state, attained, in_conflict: false });
        }
        Ok(()) => search.program(&model, &state),
    };
    let known = match search.feasible(&model, &state, &mut program, 0) {
        Feasibility::No(_) => return None,
        Feasibility::Yes(point) => Some(point),
        Feasibility::Unknown => None,
    };
    let mut attained = vec![[false; 2]; model.quantities.len()];
    let mut bounder = Bounder {
        model: &model,
        search: &mut search,
        program: &mut program,
        points: known.clone().flatten().into_iter().collect(),
        linear: known.is_some() && model.is_linear(),
        clash: false,
    };
    let places: Vec<usize> = (0..model.quantities.len()).filter(|v| targets.contains(&model.quantities[*v])).collect();
    for _ in 0..2 {
        let before = state.trail.len();
        for variable in &places {
            for side in [Side::Lower, Side::Upper] {
                if !attained[*variable][side as usize] {
                    attained[*variable][side as usize] = bounder.tighten(&mut state, *variable, side);
                }
            }
        }
        if bounder.clash || state.trail.len() == before {
            break;
        }
        let kept = state.clone();
        if state.run(&model).is_err() {
            state = kept;
            break;
        }
        if state.trail.len() == kept.trail.len() {
            break;
        }
        *bounder.program = bounder.search.program(&model, &state).filter(|_| bounder.program.is_some());
        if let Some(linear) = bounder.program
            && linear.feasible(&mut bounder.search.budget).is_err()
        {
            break;
        }
    }
    if weak {
        attained.fill([false; 2]);
    }
    Some(Part { model, state, attained, in_conflict: false })
}

struct Bounder<'a, 'b> {
    model: &'a Model,
    search: &'a mut Search<'b>,
    program: &'a mut Option<Program>,
    /// Points that fit everything, found so far.
    points: Vec<Vec<Num>>,
    linear: bool,
    clash: bool,
}

/// Points kept: each spares the linear programs of the bounds that it reaches.
const POINTS: usize = 64;

impl Bounder<'_, '_> {
    /// Brings one end as far in as can be proven; whether it is reached.
    fn tighten(&mut self, state: &mut State, variable: usize, side: Side) -> bool {
        if self.reached(state, variable, side) {
            return true;
        }
        if let Some((rule, part, whole)) = self.quotient(variable, state) {
            return self.tighten_rate(state, [variable, part, whole], rule, side);
        }
        let sign = if side == Side::Upper { Num::ONE } else { Num::int(-1) };
        let objective = vec![(variable, sign.clone())];
        let best = self.search.maximise(self.model, state, self.program, &objective);
        if let Some(bound) = &best.bound {
            self.improve(state, variable, side, bound.mul(&sign), best.proof.as_deref());
        }
        self.keep(best.point);
        match state.end(variable, side) {
            None => best.unbounded && self.linear,
            Some(_) => self.reached(state, variable, side),
        }
    }

    fn keep(&mut self, point: Option<Vec<Num>>) {
        if self.points.len() < POINTS {
            self.points.extend(point);
        }
    }

    fn reached(&self, state: &State, variable: usize, side: Side) -> bool {
        state.end(variable, side).is_some_and(|end| self.points.iter().any(|point| point[variable] == *end))
    }

    fn improve(&mut self, state: &mut State, variable: usize, side: Side, value: Num, proof: Option<&[(Source, Num)]>) {
        let cause = || match proof {
            Some(proof) => {
                let (rules, because) = leans_on(self.model, proof);
                (Cause::Proof { rules, search: false }, because)
            }
            None => {
                let everyone = (0..self.model.quantities.len()).flat_map(|v| [(v, Side::Lower), (v, Side::Upper)]);
                (Cause::Proof { rules: (0..self.model.rules.len()).collect(), search: true }, everyone.collect())
            }
        };
        let taken = state.take(self.model, variable, side, value, cause, &mut Vec::new());
        self.clash |= taken.is_err();
    }

    /// The rule, part and whole of a rate whose whole is not one number: its bounds are a linear fractional program.
    fn quotient(&self, variable: usize, state: &State) -> Option<(usize, usize, usize)> {
        self.model.uses[variable].iter().find_map(|id| match &self.model.rules[*id].kind {
            Kind::Rate { rate, part, whole, .. }
                if *rate == variable
                    && part != whole
                    && !state.bounds[*whole].is_exact()
                    && state.bounds[*whole].lower.as_ref().is_some_and(|low| low.sign() >= 0) =>
            {
                Some((*id, *part, *whole))
            }
            _ => None,
        })
    }

    /// The greatest quotient by Dinkelbach's method (*On nonlinear fractional programming*, 1967): the largest
    /// `part − λ·whole`, λ taken from the point that reaches it, until that is 0. Where the largest is only bounded by
    /// `m`, the quotient is at most `λ + m/least whole`.
    fn tighten_rate(&mut self, state: &mut State, [rate, part, whole]: [usize; 3], rule: usize, side: Side) -> bool {
        let Kind::Rate { scale, .. } = &self.model.rules[rule].kind else {
            return false;
        };
        let sign = if side == Side::Upper { Num::ONE } else { Num::int(-1) };
        let ratio = |point: &Vec<Num>| point[part].div(&point[whole]).map(|q| q.mul(&sign));
        let mut level = self.points.iter().filter_map(ratio).max();
        if level.is_none() {
            let point = self.search.dive(self.model, state, None, None);
            level = point.as_ref().and_then(ratio);
            self.keep(point);
        }
        let Some(mut level) = level else { return false };
        for _ in 0..40 {
            let objective: Factors = vec![(part, sign.clone()), (whole, level.neg())];
            let best = self.search.maximise(self.model, state, self.program, &objective);
            let Some(most) = best.bound else { return false };
            let next = best.point.as_ref().and_then(ratio);
            self.keep(best.point);
            if most.sign() > 0 && next.as_ref().is_some_and(|next| *next > level) {
                level = next.unwrap_or(level);
                continue;
            }
            let limit = if most.sign() <= 0 {
                Some(level.clone())
            } else {
                state.end(whole, Side::Lower).and_then(|low| most.div(low)).map(|more| level.add(&more))
            };
            let Some(limit) = limit else { return false };
            self.put_rate(state, rate, scale, side, &limit.mul(&sign), best.proof.as_deref(), rule);
            let met = most.sign() <= 0;
            return met && self.meets(state, rate, scale, side, &level.mul(&sign));
        }
        false
    }

    /// Whether the rate's end is the rate of a quotient that is reached.
    fn meets(&self, state: &State, rate: usize, scale: &Reading, side: Side, level: &Num) -> bool {
        state.end(rate, side).is_some_and(|end| scale.quotient(&Interval::exact(end.clone())).contains(level))
    }

    #[allow(clippy::too_many_arguments)]
    fn put_rate(
        &mut self,
        state: &mut State,
        rate: usize,
        scale: &Reading,
        side: Side,
        limit: &Num,
        proof: Option<&[(Source, Num)]>,
        rule: usize,
    ) {
        let range = scale.rate(&Interval::exact(limit.clone()));
        let end = if side == Side::Upper { range.upper } else { range.lower };
        let Some(end) = end else { return };
        let model = self.model;
        let cause = || match proof {
            Some(proof) => {
                let (mut rules, because) = leans_on(model, proof);
                rules.push(rule);
                (Cause::Proof { rules, search: false }, because)
            }
            None => {
                let everyone = (0..model.quantities.len()).flat_map(|v| [(v, Side::Lower), (v, Side::Upper)]);
                (Cause::Proof { rules: (0..model.rules.len()).collect(), search: true }, everyone.collect())
            }
        };
        let taken = state.take(model, rate, side, end, cause, &mut Vec::new());
        self.clash |= taken.is_err();
    }
}

impl Solution {
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

    /// What cannot all hold: [`Severity::Certain`] where nothing excuses it.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
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

fn whole(range: &Interval<Num>) -> Interval<Num> {
    Interval { lower: range.lower.as_ref().map(Num::ceil), upper: range.upper.as_ref().map(Num::floor) }
}
