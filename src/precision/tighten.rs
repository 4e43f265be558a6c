//! Brings the bounds of one component as far in as can be proven: linear programs, dives for points that reach a bound,
//! Dinkelbach's method for rates.

use super::lower::{Kind, Reading};
use super::model::Model;
use super::num::Num;
use super::program::{Program, Source, leans_on};
use super::propagate::{Cause, Side, State};
use super::search::Search;
use super::simplex::Factors;
use super::{Interval, Number};

pub(super) struct Bounder<'a, 'b> {
    pub(super) model: &'a Model,
    pub(super) search: &'a mut Search<'b>,
    pub(super) program: &'a mut Option<Program>,
    /// Points that fit everything, found so far.
    pub(super) points: Vec<Vec<Num>>,
    pub(super) linear: bool,
    pub(super) clash: bool,
}

/// Points kept: each spares the linear programs of the bounds that it reaches.
const POINTS: usize = 64;

impl Bounder<'_, '_> {
    /// Brings one end as far in as can be proven; whether it is reached.
    pub(super) fn tighten(&mut self, state: &mut State, variable: usize, side: Side) -> bool {
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
            self.improve(state, (variable, side, bound.mul(&sign)), best.proof.as_deref(), None);
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
        let exists = |point: &&Vec<Num>| {
            self.model.uses[variable].iter().all(|id| match &self.model.rules[*id].kind {
                Kind::Rate { rate, whole, .. } => *rate != variable || !point[*whole].is_zero(),
                _ => true,
            })
        };
        let end = state.end(variable, side);
        end.is_some_and(|end| self.points.iter().filter(exists).any(|point| point[variable] == *end))
    }

    /// Takes a bound that linear programs or a search proved, with a rule that turned it into this variable's.
    fn improve(
        &mut self,
        state: &mut State,
        end: (usize, Side, Num),
        proof: Option<&[(Source, Num)]>,
        rule: Option<usize>,
    ) {
        let cause = || match proof {
            Some(proof) => {
                let (mut rules, because) = leans_on(self.model, proof);
                rules.extend(rule);
                (Cause::Proof { rules, search: false }, because)
            }
            None => {
                let everyone = (0..self.model.quantities.len()).flat_map(|v| [(v, Side::Lower), (v, Side::Upper)]);
                (Cause::Proof { rules: (0..self.model.rules.len()).collect(), search: true }, everyone.collect())
            }
        };
        let (variable, side, value) = end;
        state.picky = false;
        let taken = state.take(self.model, variable, side, value, cause, &mut Vec::new());
        state.picky = true;
        if taken.and_then(|()| state.run_from(self.model, variable)).is_err() {
            self.clash = true;
        } else if let Some(linear) = self.program
            && linear.narrow(state, &mut self.search.budget).is_err()
        {
            *self.program = None;
        }
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
            let point = self.search.dive(self.model, state, &[], None);
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
            let range = scale.rate(&Interval::exact(limit.mul(&sign)));
            if let Some(end) = if side == Side::Upper { range.upper } else { range.lower } {
                self.improve(state, (rate, side, end), best.proof.as_deref(), Some(rule));
            }
            let met = most.sign() <= 0;
            return met && self.meets(state, rate, scale, side, &level.mul(&sign));
        }
        false
    }

    /// Whether the rate's end is the rate of a quotient that is reached.
    fn meets(&self, state: &State, rate: usize, scale: &Reading, side: Side, level: &Num) -> bool {
        state.end(rate, side).is_some_and(|end| scale.quotient(&Interval::exact(end.clone())).contains(level))
    }
}
