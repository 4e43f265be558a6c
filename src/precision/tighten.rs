//! Brings the bounds of one component as far in as can be proven: linear programs, dives for points that reach a bound,
//! Dinkelbach's method for rates.

use super::lower::{Kind, Reading};
use super::model::Model;
use super::num::{Num, round_to};
use super::program::{Program, leans_on};
use super::propagate::{Cause, Side, State, Sum};
use super::search::Search;
use super::simplex::{Factors, size};
use super::{Interval, Number};

pub(super) struct Bounder<'a, 'b> {
    pub(super) model: &'a Model,
    pub(super) search: &'a mut Search<'b>,
    pub(super) program: &'a mut Option<Program>,
    /// Points that fit everything, found so far.
    pub(super) points: Vec<Vec<Num>>,
    /// Whether numbers are known to fit everything.
    pub(super) possible: bool,
    pub(super) clash: bool,
}

/// Points kept: each spares the linear programs of the bounds that it reaches.
const POINTS: usize = 256;

/// Ends of a count that are looked at one by one.
const STEPS: usize = 8;

/// The part of an irrational end within which a point reaches it: the end is rounded outward to more digits, and shown with
/// fewer.
const NEAR: Num = Num::Small(1, 1_000_000_000_000_000);

/// A value just inside an end.
fn nudged(end: &Num, side: Side) -> Num {
    let by = size(end).mul(&NEAR).mul(&Num::Small(1, 2));
    let inside = if side == Side::Upper { end.sub(&by) } else { end.add(&by) };
    Num::from_rational(&round_to(&inside.to_rational(), 18, side == Side::Lower))
}

fn is_near(value: &Num, end: &Num) -> bool {
    size(&value.sub(end)) <= size(end).mul(&NEAR)
}

impl Bounder<'_, '_> {
    /// Brings one end as far in as can be proven; whether it is reached.
    pub(super) fn tighten(&mut self, state: &mut State, variable: usize, side: Side) -> bool {
        if self.reached(state, variable, side) {
            return true;
        }
        match self.quotient(variable, state) {
            Some((_, _, whole)) if !self.model.tells(variable, whole, &state.bounds[whole]) => {
                self.tighten_where_it_exists(state, [variable, whole], side)
            }
            Some((rule, part, whole)) => self.tighten_rate(state, [variable, part, whole], rule, side),
            None => self.tighten_level(state, variable, side),
        }
    }

    /// The end of a rate that may not exist: its bounds are those of the case that it does, in which its base is a count of at
    /// least 1. Of the levels nothing follows from that.
    fn tighten_where_it_exists(&mut self, state: &mut State, [rate, whole]: [usize; 2], side: Side) -> bool {
        let mut within = state.trial();
        within.bounds[whole] = self.model.base(whole, &within.bounds[whole], Num::ONE);
        if within.run_from(self.model, whole).is_err() {
            return false;
        }
        let mut program = self.search.program(self.model, &within);
        let has_base = |point: &&Vec<Num>| !point[whole].is_zero();
        let mut bounder = Bounder {
            points: self.points.iter().filter(has_base).cloned().collect(),
            model: self.model,
            search: &mut *self.search,
            program: &mut program,
            possible: self.possible,
            clash: false,
        };
        let reached = bounder.tighten(&mut within, rate, side);
        let met = bounder.points.into_iter().find(|point| !self.points.contains(point));
        self.keep(met);
        match within.end(rate, side).cloned().filter(|_| reached) {
            Some(end) => {
                self.improve(state, (rate, side, end.clone()), None);
                state.end(rate, side) == Some(&end)
            }
            None => reached,
        }
    }

    fn tighten_level(&mut self, state: &mut State, variable: usize, side: Side) -> bool {
        let sign = if side == Side::Upper { Num::ONE } else { Num::int(-1) };
        let objective = vec![(variable, sign.clone())];
        let best = self.search.maximise(self.model, state, self.program, &objective);
        if let Some(bound) = &best.bound {
            let sum = best.proof.map(|proof| Sum { objective, proof, rate: None });
            self.improve(state, (variable, side, bound.mul(&sign)), sum);
        }
        self.keep(best.point);
        match state.end(variable, side) {
            None => {
                self.possible && best.unbounded && self.model.is_linear(&state.bounds) || self.grows(variable, side)
            }
            Some(_) => {
                self.reached(state, variable, side) || self.model.has_strict() && self.step_in(state, variable, side)
            }
        }
    }

    /// Takes ends of a count away that strict orders leave out: the closure has them. Whether the end that is left is reached.
    fn step_in(&mut self, state: &mut State, variable: usize, side: Side) -> bool {
        let one = if side == Side::Upper { Num::int(-1) } else { Num::ONE };
        for _ in 0..STEPS {
            let Some(end) = state.end(variable, side).cloned().filter(|_| self.model.whole[variable]) else {
                return false;
            };
            let mut trial = state.trial();
            trial.bounds[variable] = Interval::exact(end.clone());
            if trial.run_from(self.model, variable).is_ok() {
                let point = self.search.near(self.model, state, &[(variable, end)], None, false);
                self.keep(point);
                return self.reached(state, variable, side);
            }
            self.improve(state, (variable, side, end.add(&one)), None);
            if self.clash {
                return false;
            }
        }
        false
    }

    /// Whether numbers that fit fit as well when those that hang together with one are multiplied: it has no upper end.
    fn grows(&self, variable: usize, side: Side) -> bool {
        let positive = |point: &Vec<Num>| point[variable].sign() > 0;
        side == Side::Upper && self.points.iter().any(positive) && self.model.is_scaled_with(variable)
    }

    /// Looks with patience for a point just inside an end that may be irrational. Whether the end is reached.
    pub(super) fn pursue(&mut self, state: &State, variable: usize, side: Side) -> bool {
        if self.reached(state, variable, side) {
            return true;
        }
        let Some(end) = state.end(variable, side).filter(|_| !self.model.whole[variable]) else { return false };
        let fixed = [(variable, nudged(end, side))];
        let found = self.search.near(self.model, state, &fixed, None, true);
        self.points.extend(found);
        self.reached(state, variable, side)
    }

    fn keep(&mut self, point: Option<Vec<Num>>) {
        if self.points.len() < POINTS {
            self.points.extend(point);
        }
    }

    /// Whether a variable has its value in a point: a rate of 0 has none.
    fn exists(&self, point: &[Num], variable: usize) -> bool {
        self.model.uses[variable].iter().all(|id| match &self.model.rules[*id].kind {
            Kind::Rate { rate, whole, .. } => *rate != variable || !point[*whole].is_zero(),
            _ => true,
        })
    }

    fn reached(&self, state: &State, variable: usize, side: Side) -> bool {
        let Some(end) = state.end(variable, side) else { return false };
        let bent = self.model.is_bent();
        let meets = |value: &Num| value == end || bent && is_near(value, end);
        self.points.iter().filter(|point| self.exists(point, variable)).any(|point| meets(&point[variable]))
    }

    /// Takes a bound that a weighted sum or a search proved.
    fn improve(&mut self, state: &mut State, (variable, side, value): (usize, Side, Num), sum: Option<Sum>) {
        let cause = || match sum {
            Some(sum) => {
                let mut because = leans_on(self.model, &sum.proof);
                if sum.rate.is_some() {
                    because.extend(sum.objective.iter().map(|(v, _)| (*v, Side::Lower)));
                }
                (Cause::Sum(sum), because)
            }
            None => {
                let everyone = (0..self.model.quantities.len()).flat_map(|v| [(v, Side::Lower), (v, Side::Upper)]);
                (Cause::Search((0..self.model.rules.len()).collect()), everyone.collect())
            }
        };
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
            let point = self.search.near(self.model, state, &[], None, false);
            level = point.as_ref().and_then(ratio);
            self.keep(point);
        }
        let mut all_scales = false;
        for _ in 0..40 {
            let most = level.clone().map(|level| {
                let objective: Factors = vec![(part, sign.clone()), (whole, level.neg())];
                let best = self.search.maximise(self.model, state, self.program, &objective);
                (level, objective, best)
            });
            let Some((known, objective, best)) = most.filter(|(_, _, best)| best.bound.is_some()) else {
                // Without a scale for the levels no difference of them has an end.
                if std::mem::replace(&mut all_scales, true) || !self.search.affords(self.model) {
                    return false;
                }
                let ends = [part, whole];
                let found = Program::quotient(self.model, state, ends, &sign, &mut self.search.budget);
                let Some((value, mut point)) = found else { return false };
                if self.model.accepts(&mut point, self.model.counts()) {
                    self.points.insert(0, point);
                }
                level = Some(value);
                continue;
            };
            let Some(most) = best.bound.clone() else { return false };
            let next = best.point.as_ref().and_then(ratio);
            self.keep(best.point);
            if !all_scales && most.sign() > 0 && next.as_ref().is_some_and(|next| *next > known) {
                level = next;
                continue;
            }
            let limit = if most.sign() <= 0 {
                Some(known.clone())
            } else {
                state.end(whole, Side::Lower).and_then(|low| most.div(low)).map(|more| known.add(&more))
            };
            let Some(limit) = limit else { return false };
            let range = scale.rate(&Interval::exact(limit.mul(&sign)));
            if let Some(end) = if side == Side::Upper { range.upper } else { range.lower } {
                let sum = best.proof.map(|proof| Sum { objective, proof, rate: Some(rule) });
                self.improve(state, (rate, side, end), sum);
            }
            let met = most.sign() <= 0 && (!all_scales || self.points.iter().filter_map(ratio).any(|met| met == known));
            return met && self.meets(state, rate, scale, side, &known.mul(&sign));
        }
        false
    }

    /// Whether the rate's end is the rate of a quotient that is reached.
    fn meets(&self, state: &State, rate: usize, scale: &Reading, side: Side, level: &Num) -> bool {
        state.end(rate, side).is_some_and(|end| scale.quotient(&Interval::exact(end.clone())).contains(level))
    }
}
