//! The proof of a conflict as a reader can redo it: no more steps than its end needs, and the end itself.

use std::collections::BTreeSet;

use num_traits::{One, Signed, Zero};

use super::check::refutes;
use super::explain::{Combination, Reason, Step, Term, behind, reason};
use super::lower::Kind;
use super::model::Model;
use super::num::Num;
use super::program::{Program, Source, leans_on};
use super::propagate::{Side, State};
use super::search::{Branch, End, Proof};
use super::simplex::Stuck;
use super::solve::{plain, whole};
use super::{Caps, Interval, Rational, RelationId, VarId};

/// Steps that come to a contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refutation {
    /// The steps, each after those that it uses. The last may leave its variable without a value.
    pub steps: Vec<Step>,
    /// The contradiction.
    pub end: Ending,
}

/// What steps come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A variable is left without a value: at least the lower end and at most the upper one, or no whole number between.
    Empty(VarId, Interval),
    /// What a relation, or several together, say holds for no numbers within these intervals.
    Violated(Reason, Vec<(VarId, Interval)>),
    /// A weighted sum that is 0 whatever the numbers are, and below 0 by their ends.
    Sum(Combination),
    /// Both cases end so.
    Cases(Box<[(Case, Refutation); 2]>),
}

/// One of two cases that cover everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    /// A whole number is at most this.
    AtMost(VarId, Rational),
    /// A whole number is at least this.
    AtLeast(VarId, Rational),
    /// The first is not above the second.
    NotAbove(VarId, VarId),
    /// The first is above the second.
    Above(VarId, VarId),
}

impl Refutation {
    /// The ways in which it ends: 1 where it has no cases.
    pub fn ends(&self) -> usize {
        match &self.end {
            Ending::Cases(both) => both.iter().map(|(_, refutation)| refutation.ends()).sum(),
            _ => 1,
        }
    }

    /// How many lines it takes.
    pub(super) fn lines(&self) -> usize {
        let end = match &self.end {
            Ending::Sum(sum) => sum.terms.len(),
            Ending::Cases(both) => both.iter().map(|(_, refutation)| 1 + refutation.lines()).sum(),
            _ => 1,
        };
        self.steps.len() + end
    }

    /// The relations that its end and the ends of its cases use.
    pub fn relations(&self) -> Vec<RelationId> {
        let mut all: Vec<RelationId> = self.steps.iter().flat_map(|step| step.reason.relations()).collect();
        match &self.end {
            Ending::Empty(..) => {}
            Ending::Violated(reason, _) => all.extend(reason.relations()),
            Ending::Sum(sum) => all.extend(sum.relations()),
            Ending::Cases(both) => all.extend(both.iter().flat_map(|(_, refutation)| refutation.relations())),
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// What a proof says of its model, or one weighted sum where that is shorter: propagation may creep on by ones.
pub(super) fn refutation(model: &Model, proof: &Proof) -> Refutation {
    let rounded = model.start.iter().zip(&model.whole);
    let start: Vec<Interval> =
        rounded.map(|(range, counts)| plain(&if *counts { whole(range) } else { range.clone() })).collect();
    let by_steps = told(model, &shortened(model, proof, start.clone()), start.clone());
    let at_once = || Some(told(model, &at_once(model)?, start)).filter(|other| other.lines() < by_steps.lines());
    if by_steps.lines() <= FEW { by_steps } else { at_once().unwrap_or(by_steps) }
}

/// Lines of a proof that is not too long as it is.
const FEW: usize = 4;

/// Work spent on one weighted sum.
const WORK: u64 = 200_000;

/// The contradiction as one weighted sum of relations and of the numbers as they are printed, if it is one.
fn at_once(model: &Model) -> Option<Proof> {
    let mut state = State::new(model, &Caps::default(), false);
    (0..model.quantities.len()).try_for_each(|variable| state.settle(model, variable)).ok()?;
    let mut program = Program::new(model, &state);
    match program.feasible(&mut { WORK }) {
        Err(Stuck::Infeasible(factors)) => {
            let proof = Proof { steps: Vec::new(), end: End::Farkas(program.named(factors)) };
            Some(proof).filter(|proof| refutes(model, proof))
        }
        _ => None,
    }
}

/// The proof with no more steps before each weighted sum than take it below 0: propagation goes on until nothing narrows.
fn shortened(model: &Model, proof: &Proof, mut bounds: Vec<Interval>) -> Proof {
    let mut shorter = proof.clone();
    let fixed: Ends = match &proof.end {
        // Ends that a row rests on are those that it was made with.
        End::Farkas(factors) => {
            let rows = factors.iter().filter(|(source, _)| !matches!(source, Source::Variable(_)));
            leans_on(model, &rows.cloned().collect::<Vec<_>>()).into_iter().collect()
        }
        _ => Ends::new(),
    };
    let from = proof.steps.iter().rposition(|(v, side, ..)| fixed.contains(&(*v, *side))).map_or(0, |at| at + 1);
    for (at, (variable, side, value, _)) in proof.steps.iter().enumerate() {
        if let End::Farkas(factors) = &proof.end
            && at >= from
            && is_below(model, factors, &bounds)
        {
            shorter.steps.truncate(at);
            break;
        }
        match side {
            Side::Lower => bounds[*variable].lower = Some(value.to_rational()),
            Side::Upper => bounds[*variable].upper = Some(value.to_rational()),
        }
    }
    if let End::Split(branch, both) = &mut shorter.end {
        for ((_, model, variable, range), proof) in cases(model, branch).into_iter().zip(both.iter_mut()) {
            let mut bounds = bounds.clone();
            bounds[variable] = bounds[variable].intersect(&range);
            *proof = shortened(&model, proof, bounds);
        }
    }
    shorter
}

/// Whether a weighted sum is below 0 by the ends of these bounds.
fn is_below(model: &Model, factors: &[(Source, Num)], bounds: &[Interval]) -> bool {
    let sum = sum(model, factors, bounds);
    sum.terms.len() == factors.iter().filter(|(_, factor)| !factor.is_zero()).count() && sum.end < Rational::zero()
}

fn told(model: &Model, proof: &Proof, mut bounds: Vec<Interval>) -> Refutation {
    let name = |v: usize| VarId(model.quantities[v]);
    let mut steps: Vec<Step> = Vec::new();
    let mut last = None;
    for (_, (variable, side, value, rule)) in
        needed(model, proof).1.into_iter().zip(&proof.steps).filter(|(kept, _)| *kept)
    {
        let before = bounds[*variable].clone();
        let value = Some(value.to_rational());
        let because = used(model, *rule, *variable).into_iter().map(|v| (name(v), bounds[v].clone())).collect();
        match side {
            Side::Lower => bounds[*variable].lower = value,
            Side::Upper => bounds[*variable].upper = value,
        }
        let after = bounds[*variable].clone();
        match steps.last_mut().filter(|_| last == Some((*variable, *rule))) {
            Some(step) => step.after = after,
            None => {
                let reason = reason(model, *rule);
                steps.push(Step { variable: name(*variable), before, after, reason, because });
            }
        }
        last = Some((*variable, *rule));
    }
    let end = match &proof.end {
        End::Empty(v) if steps.iter().all(|step| step.variable != name(*v)) => {
            Ending::Empty(name(*v), plain(&model.start[*v]))
        }
        End::Empty(v) => Ending::Empty(name(*v), bounds[*v].clone()),
        End::Violated(rule) => {
            let variables = against(model, *rule).into_iter();
            Ending::Violated(reason(model, *rule), variables.map(|v| (name(v), bounds[v].clone())).collect())
        }
        End::Farkas(factors) => Ending::Sum(sum(model, factors, &bounds)),
        End::Split(branch, both) => {
            let [low, high] = cases(model, branch);
            let one = |(case, model, variable, range): Split, proof: &Proof| {
                let mut bounds = bounds.clone();
                bounds[variable] = bounds[variable].intersect(&range);
                (case, told(&model, proof, bounds))
            };
            Ending::Cases(Box::new([one(low, &both[0]), one(high, &both[1])]))
        }
    };
    Refutation { steps, end }
}

/// A case, its model, and what it says of a variable.
type Split = (Case, Model, usize, Interval);

fn cases(model: &Model, branch: &Branch) -> [Split; 2] {
    let name = |v: usize| VarId(model.quantities[v]);
    match branch {
        Branch::Whole(v, at) => {
            let at = at.to_rational();
            let above = &at + Rational::one();
            let low = Interval { lower: None, upper: Some(at.clone()) };
            let high = Interval { lower: Some(above.clone()), upper: None };
            [
                (Case::AtMost(name(*v), at), model.clone(), *v, low),
                (Case::AtLeast(name(*v), above), model.clone(), *v, high),
            ]
        }
        Branch::Rank(rule, other) => {
            let of = match &model.rules[*rule].kind {
                Kind::Rank { of, .. } => *of,
                _ => *other,
            };
            [
                (Case::NotAbove(name(*other), name(of)), model.settled(*rule, *other, false), *other, Interval::all()),
                (Case::Above(name(*other), name(of)), model.settled(*rule, *other, true), *other, Interval::all()),
            ]
        }
    }
}

/// The variables of which a rule leaves nothing: of a rate its base, which is 0.
fn against(model: &Model, rule: usize) -> Vec<usize> {
    match &model.rules[rule].kind {
        Kind::Rate { whole, .. } => vec![*whole],
        kind => kind.variables(),
    }
}

type Ends = BTreeSet<(usize, Side)>;

fn both(variable: usize) -> [(usize, Side); 2] {
    [(variable, Side::Lower), (variable, Side::Upper)]
}

/// The ends that a proof takes from outside, and which of its steps it needs.
fn needed(model: &Model, proof: &Proof) -> (Ends, Vec<bool>) {
    let mut open: Ends = match &proof.end {
        End::Empty(v) => both(*v).into(),
        End::Violated(rule) => against(model, *rule).into_iter().flat_map(both).collect(),
        End::Farkas(factors) => leans_on(model, factors).into_iter().collect(),
        End::Split(branch, proofs) => {
            let one = |((_, model, variable, range), proof): (Split, &Proof)| {
                let mut ends = needed(&model, proof).0;
                if range.upper.is_some() {
                    ends.remove(&(variable, Side::Upper));
                }
                if range.lower.is_some() {
                    ends.remove(&(variable, Side::Lower));
                }
                ends
            };
            cases(model, branch).into_iter().zip(proofs.iter()).flat_map(one).collect()
        }
    };
    let mut kept = vec![false; proof.steps.len()];
    for (at, (variable, side, _, rule)) in proof.steps.iter().enumerate().rev() {
        if open.remove(&(*variable, *side)) {
            kept[at] = true;
            open.extend(rests_on(model, *rule, *variable, *side));
        }
    }
    (open, kept)
}

/// The ends from which a rule gives that of a variable.
fn rests_on(model: &Model, rule: usize, variable: usize, side: Side) -> Vec<(usize, Side)> {
    match &model.rules[rule].kind {
        Kind::Row(row) => {
            let own = row.terms.iter().find(|(v, _)| *v == variable).map_or(1, |(_, factor)| factor.sign());
            let turned = (side == Side::Upper) == (own > 0);
            let end = |factor: &Num| if (factor.sign() > 0) == turned { Side::Lower } else { Side::Upper };
            row.terms.iter().filter(|(v, _)| *v != variable).map(|(v, factor)| (*v, end(factor))).collect()
        }
        _ => used(model, rule, variable).into_iter().flat_map(both).collect(),
    }
}

/// The variables from which a rule narrows one; a rank looks at that one itself, too.
fn used(model: &Model, rule: usize, variable: usize) -> Vec<usize> {
    let kind = &model.rules[rule].kind;
    let mut all = kind.variables();
    all.sort_unstable();
    all.dedup();
    all.retain(|v| *v != variable || matches!(kind, Kind::Rank { .. }));
    all
}

/// The weighted sum that is 0 on one side and below on the other.
fn sum(model: &Model, factors: &[(Source, Num)], bounds: &[Interval]) -> Combination {
    let term = |(source, factor): &(Source, Num)| {
        let (expression, end) = match source {
            Source::Variable(v) => {
                let range = &bounds[*v];
                let end = if Side::highest(factor) == Side::Upper { &range.upper } else { &range.lower };
                (vec![(*v, Num::ONE)], end.clone()?)
            }
            source => source.row(model, factor).map(|(row, end)| (row, end.to_rational()))?,
        };
        let expression = expression.iter().map(|(v, a)| (VarId(model.quantities[*v]), a.to_rational())).collect();
        Some(Term { factor: factor.to_rational(), expression, end, relations: behind(model, source) })
    };
    let mut terms: Vec<Term> = factors.iter().filter(|(_, factor)| !factor.is_zero()).filter_map(term).collect();
    let one = unit(&terms);
    terms.iter_mut().for_each(|term| term.factor /= &one);
    let end = terms.iter().fold(Rational::zero(), |sum, term| sum + &term.factor * &term.end);
    Combination { left: Vec::new(), terms, end, upper: true, rate: None }
}

/// The weight that most terms have, the largest where several have: to be 1, so that there is little to multiply.
fn unit(terms: &[Term]) -> Rational {
    let sizes: Vec<Rational> = terms.iter().map(|term| term.factor.abs()).collect();
    let count = |size: &Rational| sizes.iter().filter(|other| *other == size).count();
    sizes.iter().max_by_key(|size| (count(size), (*size).clone())).cloned().unwrap_or_else(Rational::one)
}
