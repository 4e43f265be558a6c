//! Whether a component can hold at all, and how large an expression can get: propagation, then simplex, then branch and
//! bound over whole numbers and open ranks (Land & Doig, 1960), all within caps.

use super::lower::Kind;
use super::model::Model;
use super::num::Num;
use super::program::{Program, Source, settles};
use super::propagate::{Clash, Side, State, at_most, strictly_above};
use super::simplex::{Factors, Stuck};
use super::{Caps, Interval, Number};

/// Whether numbers exist that fit everything.
#[derive(Debug)]
pub(super) enum Feasibility {
    /// They do; here they are, except where the shape of the component alone says so.
    Yes(Option<Vec<Num>>),
    /// They do not.
    No(Proof),
    /// The caps were too low, or the rules too bent, to say.
    Unknown,
}

/// A contradiction, step by step.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    /// Bounds that follow from one rule each, in order.
    pub(super) steps: Vec<(usize, Side, Num, usize)>,
    pub(super) end: End,
}

#[derive(Clone, Debug)]
pub(super) enum End {
    /// A variable has no value left.
    Empty(usize),
    /// A rule is violated by every value within the bounds.
    Violated(usize),
    /// The factors add up to nothing on one side and to less on the other.
    Farkas(Vec<(Source, Num)>),
    /// Both branches end so.
    Split(Branch, Box<[Proof; 2]>),
}

/// Two cases that cover everything.
#[derive(Clone, Debug)]
pub(super) enum Branch {
    /// A whole number is at most this, or above.
    Whole(usize, Num),
    /// One of a rank's others is not strictly above, or is.
    Rank(usize, usize),
}

/// An upper bound of an expression, and a point of the component that reaches it.
#[derive(Debug)]
pub(super) struct Best {
    /// `None`: no bound is known.
    pub(super) bound: Option<Num>,
    pub(super) point: Option<Vec<Num>>,
    /// What proves the bound, if the simplex did.
    pub(super) proof: Option<Vec<(Source, Num)>>,
    /// Whether the expression has no bound at all in the linear rows.
    pub(super) unbounded: bool,
}

/// What is left to spend.
pub(super) struct Search<'a> {
    pub(super) caps: &'a Caps,
    pub(super) budget: u64,
    pub(super) nodes: usize,
    /// The point that was found last.
    last: Option<Vec<Num>>,
}

/// The depth of splits: each level holds a copy of the bounds.
const DEEP: usize = 200;

/// The part of a component's work that branch and bound may spend on one bound of numbers with many values left, where it
/// seldom gets further than the linear program.
const ONE_BOUND: u64 = 1024;

impl<'a> Search<'a> {
    pub(super) fn new(caps: &'a Caps) -> Search<'a> {
        Search { caps, budget: caps.work, nodes: caps.nodes, last: None }
    }

    /// Bounds after propagation, from every variable or from the one that is new, and the linear program if it is within the
    /// caps.
    pub(super) fn prepare(
        &mut self,
        model: &Model,
        state: &mut State,
        new: Option<usize>,
    ) -> Result<Option<Program>, Proof> {
        self.budget = self.budget.saturating_sub((model.rules.len() * (8 + model.quantities.len() / 2)) as u64);
        let outcome = match new {
            Some(variable) => state.run_from(model, variable),
            None => state.run(model),
        };
        self.budget = self.budget.saturating_sub(state.spent);
        if let Err(clash) = outcome {
            return Err(Proof { steps: steps(state), end: clash.into() });
        }
        Ok(self.program(model, state))
    }

    pub(super) fn program(&self, model: &Model, state: &State) -> Option<Program> {
        let bits = |end: &Option<Num>| end.as_ref().is_none_or(|value| value.bits() <= 16 * self.caps.bits);
        let short = state.bounds.iter().all(|range| bits(&range.lower) && bits(&range.upper));
        (short && self.affords(model)).then(|| Program::new(model, state))
    }

    /// Whether a component is within the caps for a linear program, and anything is left to spend.
    pub(super) fn affords(&self, model: &Model) -> bool {
        let small = model.quantities.len() <= self.caps.rows && model.rules.len() <= self.caps.rows;
        small && self.budget > 0
    }

    /// Whether anything fits, from prepared bounds.
    pub(super) fn feasible(
        &mut self,
        model: &Model,
        state: &State,
        program: &mut Option<Program>,
        depth: usize,
    ) -> Feasibility {
        if model.is_tree() && !state.stopped {
            return Feasibility::Yes(None);
        }
        let mut hint = None;
        if let Some(linear) = program {
            match linear.feasible(&mut self.budget) {
                Ok(()) => hint = Some(linear.point()),
                Err(Stuck::Infeasible(factors)) => {
                    let end = End::Farkas(linear.named(factors));
                    return Feasibility::No(Proof { steps: steps(state), end });
                }
                Err(_) => *program = None,
            }
        }
        if let Some(mut point) = hint.clone()
            && model.accepts(&mut point, true)
        {
            return Feasibility::Yes(Some(point));
        }
        if let Some(point) = self.dive(model, state.trial(), &[], hint.as_deref()) {
            return Feasibility::Yes(Some(point));
        }
        if self.nodes == 0 || self.budget == 0 || depth > DEEP {
            return Feasibility::Unknown;
        }
        let Some(branch) = choose(model, state, &Vec::new(), hint.as_deref()) else {
            return Feasibility::Unknown;
        };
        let mut sure = true;
        let mut proofs = Vec::with_capacity(2);
        for (model, mut state, new) in children(model, state, &branch) {
            self.nodes = self.nodes.saturating_sub(1);
            match self.prepare(&model, &mut state, Some(new)) {
                Err(proof) => proofs.push(proof),
                Ok(mut program) => match self.feasible(&model, &state, &mut program, depth + 1) {
                    Feasibility::No(proof) => proofs.push(proof),
                    Feasibility::Unknown => sure = false,
                    yes => return yes,
                },
            }
        }
        match <[Proof; 2]>::try_from(proofs) {
            Ok(both) if sure => Feasibility::No(Proof { steps: steps(state), end: End::Split(branch, Box::new(both)) }),
            _ => Feasibility::Unknown,
        }
    }

    /// A point at which some variables have these values; of the closure, over real numbers.
    pub(super) fn near(
        &mut self,
        model: &Model,
        state: &State,
        fixed: &[(usize, Num)],
        hint: Option<&[Num]>,
        patient: bool,
    ) -> Option<Vec<Num>> {
        let mut from = |picky: bool| {
            let mut trial = if picky { state.trial() } else { state.trial().in_short() };
            (trial.strict, trial.picky) = (model.counts(), picky);
            self.dive(model, trial, fixed, hint)
        };
        // Where ends are irrational, small changes are what is left to go by.
        from(true).or_else(|| if patient && model.is_bent() { from(false) } else { None })
    }

    /// Goes through the variables, gives each a value within its bounds and propagates; a point if all goes well.
    fn dive(
        &mut self,
        model: &Model,
        mut trial: State,
        fixed: &[(usize, Num)],
        hint: Option<&[Num]>,
    ) -> Option<Vec<Num>> {
        let count = model.quantities.len();
        if count > self.caps.rows {
            return None;
        }
        for (variable, value) in fixed {
            if !trial.bounds[*variable].contains(value) {
                return None;
            }
            trial.bounds[*variable] = Interval::exact(value.clone());
            trial.run_from(model, *variable).ok()?;
        }
        if let Some(mut point) = self.last.as_ref().map(|last| drawn_in(&trial, last))
            && model.accepts(&mut point, trial.strict)
            && fixed.iter().all(|(variable, value)| point[*variable] == *value)
        {
            return Some(point);
        }
        let late: Vec<bool> = (0..count).map(|v| model.is_rate(v)).collect();
        let tried = model.tried();
        let mut order: Vec<usize> = (0..count).filter(|v| tried[*v]).collect();
        order.sort_by_key(|v| (late[*v], !model.whole[*v]));
        for variable in order {
            if trial.bounds[variable].is_exact() || late[variable] && is_baseless(model, &trial, variable) {
                continue;
            }
            self.budget = self.budget.saturating_sub(20 + trial.spent);
            if self.budget == 0 {
                return None;
            }
            let found = candidates(&trial.bounds[variable], model.whole[variable], hint.map(|h| &h[variable]))
                .into_iter()
                .find_map(|value| {
                    let mut next = trial.trial();
                    next.bounds[variable] = Interval::exact(value);
                    next.run_from(model, variable).is_ok().then_some(next)
                });
            trial = found?;
        }
        let mut point: Vec<Num> = trial.bounds.iter().map(|range| range.lower.clone().unwrap_or(Num::ZERO)).collect();
        if model.accepts(&mut point, trial.strict) {
            self.last = Some(point.clone());
            return Some(point);
        }
        None
    }

    /// The largest value of an expression.
    pub(super) fn maximise(
        &mut self,
        model: &Model,
        state: &State,
        program: &mut Option<Program>,
        objective: &Factors,
    ) -> Best {
        let mut best = Best { bound: highest(state, objective), point: None, proof: None, unbounded: false };
        let mut hint = None;
        if self.budget == 0 {
            return best;
        }
        if let Some(linear) = program {
            match linear.maximise(objective, &mut self.budget) {
                Ok((value, proof)) => {
                    hint = Some(linear.point());
                    if best.bound.as_ref().is_none_or(|bound| value < *bound) {
                        best.proof = Some(proof);
                        best.bound = Some(value);
                    }
                }
                Err(Stuck::Unbounded) => best.unbounded = best.bound.is_none(),
                Err(_) => *program = None,
            }
        }
        let counts = objective.iter().all(|(v, a)| a.is_integer() && model.whole[*v]);
        if counts {
            best.bound = best.bound.map(|bound| bound.floor());
        }
        let Some(bound) = best.bound.clone() else {
            return best;
        };
        best.point = self.reach(model, state, objective, &bound, hint.as_deref());
        if best.point.is_none() && program.is_some() {
            self.branch(model, state, objective, counts, hint.as_deref(), &mut best);
        }
        best
    }

    /// A point of the component at which an expression reaches a bound: the optimum of the linear program, or one near it
    /// found by a dive from the values that the expression's own variables have there.
    fn reach(
        &mut self,
        model: &Model,
        state: &State,
        objective: &Factors,
        bound: &Num,
        hint: Option<&[Num]>,
    ) -> Option<Vec<Num>> {
        let hit = |point: &[Num]| value_of(objective, point) == *bound;
        if let Some(mut point) = hint.map(<[Num]>::to_vec)
            && model.accepts(&mut point, model.counts())
            && hit(&point)
        {
            return Some(point);
        }
        let ends = objective.iter().map(|(v, a)| Some((*v, state.end(*v, Side::highest(a))?.clone())));
        let fixed: Vec<(usize, Num)> = match (objective.as_slice(), hint.filter(|point| hit(point))) {
            ([(variable, factor)], _) => vec![(*variable, bound.div(factor)?)],
            (_, Some(point)) => objective.iter().map(|(v, _)| (*v, point[*v].clone())).collect(),
            (_, None) => ends.collect::<Option<_>>()?,
        };
        let fits = fixed.iter().all(|(v, value)| !model.whole[*v] || value.is_integer());
        if fits { self.near(model, state, &fixed, hint, false) } else { None }
    }

    /// Branch and bound, depth first, from the optimum of the linear program.
    fn branch(
        &mut self,
        model: &Model,
        state: &State,
        objective: &Factors,
        counts: bool,
        hint: Option<&[Num]>,
        best: &mut Best,
    ) {
        let mut incumbent: Option<(Num, Vec<Num>)> = None;
        let mut leak: Option<Num> = None;
        let bound = best.bound.clone();
        let mut nodes = self.nodes.min(self.caps.nodes / 4 + 1);
        let small = objective.iter().all(|(v, _)| few(state, *v));
        let two = (4 * model.rules.len() * model.quantities.len()) as u64;
        let until = if small { 0 } else { self.budget.saturating_sub(self.caps.work / ONE_BOUND) + two };
        let Some(branch) = choose(model, state, objective, hint).filter(|_| nodes > 0 && self.budget > until) else {
            return;
        };
        let mut open = children(model, state, &branch);
        let worse = |value: &Num, than: &Option<Num>| than.as_ref().is_some_and(|than| value <= than);
        while let Some((model, mut state, new)) = open.pop() {
            let Ok(mut program) = self.prepare(&model, &mut state, Some(new)) else {
                continue;
            };
            let mut value = highest(&state, objective);
            let mut hint = None;
            if let Some(linear) = &mut program {
                let solved = match linear.feasible(&mut self.budget) {
                    Ok(()) => linear.maximise(objective, &mut self.budget),
                    Err(stuck) => Err(stuck),
                };
                match solved {
                    Ok((found, _)) => {
                        hint = Some(linear.point());
                        value = Some(value.map_or(found.clone(), |known| known.min(found)));
                    }
                    Err(Stuck::Infeasible(_)) => continue,
                    Err(_) => {}
                }
            }
            let value = value.map(|value| if counts { value.floor() } else { value });
            let Some(value) = value else { return };
            if worse(&value, &leak) || worse(&value, &incumbent.as_ref().map(|(v, _)| v.clone())) {
                continue;
            }
            let point = self.reach(&model, &state, objective, &value, hint.as_deref());
            if let Some(point) = point {
                let done = bound.as_ref() == Some(&value);
                incumbent = Some((value, point));
                if done {
                    break;
                }
                continue;
            }
            let branch = choose(&model, &state, objective, hint.as_deref());
            let Some(branch) = branch.filter(|_| nodes > 0 && self.budget > until && open.len() < DEEP) else {
                leak = Some(leak.map_or(value.clone(), |known| known.max(value)));
                continue;
            };
            nodes -= 1;
            self.nodes = self.nodes.saturating_sub(1);
            open.extend(children(&model, &state, &branch));
        }
        let reached = incumbent.filter(|(value, _)| !worse(value, &leak) || leak.as_ref() == Some(value));
        let found = match (&reached, leak) {
            (Some((value, _)), _) => value.clone(),
            (None, Some(leak)) => leak,
            (None, None) => return,
        };
        if best.bound.as_ref().is_none_or(|bound| found < *bound) {
            best.bound = Some(found);
            best.proof = None;
        }
        best.point = reached.map(|(_, point)| point);
    }
}

impl From<Clash> for End {
    fn from(clash: Clash) -> End {
        match clash {
            Clash::Empty(variable) => End::Empty(variable),
            Clash::Violated(rule) => End::Violated(rule),
        }
    }
}

fn steps(state: &State) -> Vec<(usize, Side, Num, usize)> {
    let rule = |cause: &super::propagate::Cause| match cause {
        super::propagate::Cause::Rule(rule) => Some(*rule),
        super::propagate::Cause::Sum(_) | super::propagate::Cause::Search(_) => None,
    };
    state.trail.iter().filter_map(|e| Some((e.variable, e.side, e.value.clone(), rule(&e.cause)?))).collect()
}

/// The bounds of a state as a new start, with reasons of its own.
fn child(state: &State) -> State {
    let mut child = state.trial();
    child.record = true;
    child
}

/// The cases of a branch, each with the variable whose bounds or rules are new.
fn children(model: &Model, state: &State, branch: &Branch) -> Vec<(Model, State, usize)> {
    match branch {
        Branch::Whole(variable, at) => {
            let (mut low, mut high) = (child(state), child(state));
            low.bounds[*variable].upper = Some(at.clone());
            high.bounds[*variable].lower = Some(at.add(&Num::ONE));
            vec![(model.clone(), low, *variable), (model.clone(), high, *variable)]
        }
        Branch::Rank(rule, other) => {
            let settle = |is| (model.settled(*rule, *other, is), child(state), *other);
            vec![settle(false), settle(true)]
        }
    }
}

/// An open rank first, then the whole number with the fewest values left, preferring those that the point breaks; where nothing
/// is to be bounded, one without an end that the point breaks, too.
fn choose(model: &Model, state: &State, objective: &Factors, hint: Option<&[Num]>) -> Option<Branch> {
    for (id, rule) in model.rules.iter().enumerate() {
        if let Kind::Rank { of, open, .. } = &rule.kind
            && settles(&rule.kind, &state.bounds).is_none()
            && let Some(other) = open.iter().find(|other| {
                let (other, of) = (&state.bounds[**other], &state.bounds[*of]);
                !strictly_above(other, of) && !at_most(other, of)
            })
        {
            return Some(Branch::Rank(id, *other));
        }
    }
    let broken = |variable: usize| hint.map(|point| &point[variable]).filter(|value| !value.is_integer());
    let mut best: Option<(bool, bool, bool, Num, usize)> = None;
    for variable in (0..model.quantities.len()).filter(|v| model.whole[*v]) {
        let width = state.bounds[variable].width();
        let splits = match &width {
            Some(width) => width.sign() > 0,
            None => objective.is_empty() && broken(variable).is_some(),
        };
        if !splits {
            continue;
        }
        let sound = hint.is_some() && broken(variable).is_none();
        let beside = objective.iter().all(|(v, _)| *v != variable);
        let key = (sound, width.is_none(), beside, width.unwrap_or(Num::ZERO), variable);
        if best.as_ref().is_none_or(|known| key < *known) {
            best = Some(key);
        }
    }
    let (.., variable) = best?;
    let range = &state.bounds[variable];
    let middle = || Some(range.lower.as_ref()?.add(range.upper.as_ref()?).mul(&Num::Small(1, 2)).floor());
    let at = broken(variable).map(Num::floor).or_else(middle)?;
    let at = range.lower.as_ref().map_or(at.clone(), |lower| at.max(lower.clone()));
    let at = range.upper.as_ref().map_or(at.clone(), |upper| at.min(upper.sub(&Num::ONE)));
    Some(Branch::Whole(variable, at))
}

/// Whether a rate is of a whole that is 0: there is no such rate, and no value to give it.
fn is_baseless(model: &Model, state: &State, variable: usize) -> bool {
    model.uses[variable].iter().any(|id| match &model.rules[*id].kind {
        Kind::Rate { rate, whole, .. } => {
            let whole = &state.bounds[*whole];
            *rate == variable && whole.is_exact() && whole.lower.as_ref().is_some_and(Num::is_zero)
        }
        _ => false,
    })
}

/// Whether a whole number has so few values left that a dive may meet the right one.
fn few(state: &State, variable: usize) -> bool {
    state.bounds[variable].width().is_some_and(|width| width <= Num::int(1000))
}

/// A point with each value moved to the nearest within bounds.
fn drawn_in(state: &State, point: &[Num]) -> Vec<Num> {
    let draw = |(value, range): (&Num, &Interval<Num>)| {
        let value = range.lower.as_ref().map_or(value.clone(), |low| value.clone().max(low.clone()));
        range.upper.as_ref().map_or(value.clone(), |high| value.min(high.clone()))
    };
    point.iter().zip(&state.bounds).map(draw).collect()
}

/// The bound of an expression that its variables' own bounds give.
fn highest(state: &State, objective: &Factors) -> Option<Num> {
    objective.iter().try_fold(Num::ZERO, |sum, (v, a)| Some(sum.add(&a.mul(state.end(*v, Side::highest(a))?))))
}

fn value_of(objective: &Factors, point: &[Num]) -> Num {
    objective.iter().fold(Num::ZERO, |sum, (v, a)| sum.add(&a.mul(&point[*v])))
}

fn candidates(range: &Interval<Num>, whole: bool, hint: Option<&Num>) -> Vec<Num> {
    let mut values = Vec::with_capacity(4);
    if let Some(hint) = hint {
        values.push(if whole { hint.add(&Num::Small(1, 2)).floor() } else { hint.clone() });
    }
    match (&range.lower, &range.upper) {
        (Some(lower), Some(upper)) => {
            let middle = lower.add(upper).mul(&Num::Small(1, 2));
            values.push(if whole { middle.floor() } else { short_near(&middle, &upper.sub(lower)) });
            values.extend([lower.clone(), upper.clone()]);
        }
        (Some(end), None) => values.extend([end.clone(), end.add(&Num::ONE)]),
        (None, Some(end)) => values.extend([end.clone(), end.sub(&Num::ONE)]),
        (None, None) => values.extend([Num::ZERO, Num::ONE]),
    }
    values.retain(|value| range.contains(value));
    values.dedup();
    values
}

/// A decimal near the middle with as few digits as the width allows: what follows from it stays short too.
fn short_near(middle: &Num, width: &Num) -> Num {
    let mut grid = Num::ONE;
    let limit = width.mul(&Num::Small(1, 4));
    for _ in 0..24 {
        if grid <= limit {
            return middle.div(&grid).unwrap_or(Num::ZERO).floor().mul(&grid);
        }
        grid = grid.mul(&Num::Small(1, 10));
    }
    middle.clone()
}
