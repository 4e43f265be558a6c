//! The chain of steps behind a bound, short enough to redo by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::conflict::{Set, reduced, thinned};
use super::lower::{Kind, Rule};
use super::model::Model;
use super::num::Num;
use super::part::{Part, consistent};
use super::program::Source;
use super::propagate::{Cause, Entry, Side, Sum};
use super::simplex::Factors;
use super::solve::{Solution, plain};
use super::{Caps, Form, Interval, Linear, Rational, RelationId, VarId};

/// Why a step holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// By one relation.
    Relation(RelationId),
    /// By what some relations say together: the first of them, of what the others define.
    Implied(Vec<RelationId>, Box<Form>),
    /// By a weighted sum of relations and bounds.
    Together(Combination),
    /// By ruling out, case by case or half by half, what lies beyond the bound: by these relations.
    Cases(Vec<RelationId>),
}

/// A weighted sum (duality of linear programming): `Σ factor·variable = Σ factor·expression`, whatever the numbers are, and
/// each expression of the right side has an end. With these the right side is `end`, and the left side at most, or at least, that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// The left side: the step's own variable, or part and whole of the rate that it is.
    pub left: Vec<(VarId, Rational)>,
    /// The right side.
    pub terms: Vec<Term>,
    /// What the right side comes to.
    pub end: Rational,
    /// Whether the left side is at most that, not at least.
    pub upper: bool,
    /// The relation that makes the left side a rate.
    pub rate: Option<RelationId>,
}

/// One weighted expression of a [`Combination`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The weight.
    pub factor: Rational,
    /// The expression, without a constant: a variable alone where its own bound is used.
    pub expression: Vec<(VarId, Rational)>,
    /// The end of the expression that counts.
    pub end: Rational,
    /// The relations that give the expression its end; none for a variable's own bound.
    pub relations: Vec<RelationId>,
}

impl Reason {
    /// The relations used, each once.
    pub fn relations(&self) -> Vec<RelationId> {
        let mut all: Vec<RelationId> = match self {
            Reason::Relation(id) => vec![*id],
            Reason::Together(sum) => sum.relations().collect(),
            Reason::Implied(ids, _) | Reason::Cases(ids) => ids.clone(),
        };
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Combination {
    /// The relations of its terms and of its rate.
    pub(super) fn relations(&self) -> impl Iterator<Item = RelationId> + '_ {
        self.terms.iter().flat_map(|term| term.relations.iter().copied()).chain(self.rate)
    }
}

/// Why a rule of a model holds.
pub(super) fn reason(model: &Model, rule: usize) -> Reason {
    let rule = &model.rules[rule];
    match &rule.kind {
        Kind::Row(row) if !rule.needs.is_empty() => {
            let terms = row.terms.iter().map(|(v, factor)| (VarId(model.quantities[*v]), factor.to_rational()));
            let within = plain(&row.within);
            let end = within.upper.clone().or(within.lower.clone()).unwrap_or_else(|| super::integer(0));
            let within = within.sub(&Interval::exact(end.clone()));
            let expression = Linear { terms: terms.collect(), constant: -end };
            let form = Form::Linear { expression, within, strict: row.strict };
            Reason::Implied(rule.relations().map(RelationId).collect(), Box::new(form))
        }
        _ => Reason::Relation(RelationId(rule.relation)),
    }
}

/// The relations behind the source of a term.
pub(super) fn behind(model: &Model, source: &Source) -> Vec<RelationId> {
    source.rule().map_or_else(Vec::new, |rule| model.rules[rule].relations().map(RelationId).collect())
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

/// The rules that a trail entry uses, and the ends with the entries that they come from.
#[derive(Clone)]
struct Reasons {
    rules: Vec<usize>,
    because: Vec<(usize, Side, Option<usize>)>,
}

pub(super) fn slice(solution: &Solution, variable: VarId) -> Slice {
    match solution.places.get(variable.0).copied().flatten() {
        Some((part, place)) => {
            let part = &solution.parts[part];
            slice_of(part, place, |index| own_reasons(part, index))
        }
        None => Slice::default(),
    }
}

fn slice_of(part: &Part, place: usize, mut reasons: impl FnMut(usize) -> Reasons) -> Slice {
    let mut slice = Slice::default();
    let mut open: Vec<usize> = part.state.last[place].iter().flatten().copied().collect();
    if open.len() < 2 {
        slice.1.1.insert(part.model.quantities[place]);
    }
    while let Some(entry) = open.pop() {
        if !slice.0.insert(entry) {
            continue;
        }
        let Reasons { rules, because } = reasons(entry);
        slice.1.0.extend(rules.iter().flat_map(|rule| part.model.rules[*rule].relations()));
        for (v, _, from) in &because {
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

fn own_reasons(part: &Part, index: usize) -> Reasons {
    let entry = &part.state.trail[index];
    Reasons { rules: rules(&entry.cause), because: entry.because.clone() }
}

/// What a search has used, of all that it had: the relations, and the ends that propagation brought in, without which its
/// bound does not come out.
fn lean_reasons(part: &Part, index: usize) -> Reasons {
    let entry = &part.state.trail[index];
    if !matches!(entry.cause, Cause::Search(_)) || part.model.rules.len() > MANY {
        return own_reasons(part, index);
    }
    #[derive(Clone)]
    enum Used {
        Relation(usize),
        End(usize, Side, usize),
    }
    let model = &part.model;
    let mut relations: Vec<usize> = model.rules.iter().flat_map(Rule::relations).collect();
    relations.sort_unstable();
    relations.dedup();
    let ends = entry.because.iter().filter_map(|(v, side, from)| Some(Used::End(*v, *side, (*from)?)));
    let all: Vec<Used> = ends.chain(relations.into_iter().map(Used::Relation)).collect();
    let rules_of = |used: &[Used]| -> Vec<usize> {
        let has = |relation: usize| used.iter().any(|one| matches!(one, Used::Relation(r) if *r == relation));
        let is = |rule: &usize| model.rules[*rule].relations().all(has);
        (0..model.rules.len()).filter(is).collect()
    };
    let proves = |used: &[Used]| {
        let mut start = model.start.clone();
        for one in used {
            match one {
                Used::End(v, Side::Lower, from) => start[*v].lower = Some(part.state.trail[*from].value.clone()),
                Used::End(v, Side::Upper, from) => start[*v].upper = Some(part.state.trail[*from].value.clone()),
                Used::Relation(_) => {}
            }
        }
        let found = consistent(
            model.only(&rules_of(used), start),
            &[model.quantities[entry.variable]],
            &Caps::default(),
            false,
        )?;
        let range = &found.state.bounds[entry.variable];
        let reaches = match entry.side {
            Side::Lower => range.lower.as_ref().is_some_and(|end| *end >= entry.value),
            Side::Upper => range.upper.as_ref().is_some_and(|end| *end <= entry.value),
        };
        reaches.then_some(())
    };
    if proves(&all).is_none() {
        return own_reasons(part, index);
    }
    let (used, ()) = thinned(all, (), proves);
    let rules = rules_of(&used);
    let members: BTreeSet<usize> = rules.iter().flat_map(|rule| model.rules[*rule].kind.variables()).collect();
    let from = |v: usize, side: Side| {
        used.iter().find_map(|one| match one {
            Used::End(other, end, from) if (*other, *end) == (v, side) => Some(*from),
            _ => None,
        })
    };
    let because = members.iter().flat_map(|v| [Side::Lower, Side::Upper].map(|side| (*v, side, from(*v, side))));
    Reasons { rules, because: because.collect() }
}

fn rules(cause: &Cause) -> Vec<usize> {
    match cause {
        Cause::Rule(rule) => vec![*rule],
        Cause::Sum(sum) => sum.proof.iter().filter_map(|(source, _)| source.rule()).chain(sum.rate).collect(),
        Cause::Search(rules) => rules.clone(),
    }
}

/// Steps beyond which a shorter proof is looked for, and relations and printed numbers beyond which it is not.
const LONG: usize = 6;
const MANY: usize = 150;

pub(super) fn steps(solution: &Solution, variable: VarId) -> Vec<Step> {
    let Some((part, place)) = solution.places.get(variable.0).copied().flatten() else {
        return Vec::new();
    };
    let part = &solution.parts[part];
    if part.in_conflict {
        return Vec::new();
    }
    let steps = steps_in(part, place);
    let is_plain = |steps: &[Step]| steps.iter().all(|step| !matches!(step.reason, Reason::Cases(_)));
    if steps.len() <= LONG && is_plain(&steps) {
        return steps;
    }
    match shorter(solution, part, place).map(|(part, place)| steps_in(&part, place)) {
        Some(other) if other.len() <= steps.len() || is_plain(&other) => other,
        _ => steps,
    }
}

/// A component of no more than the relations and printed numbers that a variable's bounds need: what is proven in it takes
/// fewer steps.
fn shorter(solution: &Solution, part: &Part, place: usize) -> Option<(Part, usize)> {
    let (variable, goal) = (part.model.quantities[place], &part.state.bounds[place]);
    let (_, (relations, facts)) = slice_of(part, place, |index| own_reasons(part, index));
    let facts = facts.into_iter().filter(|q| solution.lowered.quantities[*q].fact.is_some()).collect();
    let set = Set { relations, facts };
    let same = |set: &Set| {
        let model = set.model(&solution.lowered, part.model.reliance, None);
        let place = model.quantities.iter().position(|q| *q == variable)?;
        let found = consistent(model, &[variable], &Caps::default(), false)?;
        (*goal == found.state.bounds[place]).then_some((found, place))
    };
    let first = same(&set).filter(|_| set.len() <= MANY)?;
    Some(reduced(&solution.lowered, &solution.basis, (set, first), None, same).1)
}

fn steps_in(part: &Part, place: usize) -> Vec<Step> {
    let mut known: BTreeMap<usize, Reasons> = BTreeMap::new();
    let reasons = |index| known.entry(index).or_insert_with(|| lean_reasons(part, index)).clone();
    let (entries, _) = slice_of(part, place, reasons);
    let mut steps: Vec<Step> = Vec::new();
    let mut before = None;
    for index in entries {
        let step = step(part, index, &known[&index]);
        // A relation may be several rules, each with an arithmetic of its own.
        let rules = Some(rules(&part.state.trail[index].cause));
        match steps.last_mut().filter(|_| before == rules) {
            Some(last) if last.variable == step.variable && last.reason == step.reason => merge(last, step),
            _ => steps.push(step),
        }
        before = rules;
    }
    steps
}

/// Both ends by the same reason are one step.
fn merge(last: &mut Step, step: Step) {
    last.after = step.after;
    for (variable, range) in step.because {
        match last.because.iter_mut().find(|(known, _)| *known == variable) {
            // What the step itself brought in is no reason of it.
            Some((known, _)) if *known == last.variable => {}
            Some((_, known)) => *known = known.intersect(&range),
            None => last.because.push((variable, range)),
        }
    }
}

fn step(part: &Part, index: usize, reasons: &Reasons) -> Step {
    let entry = &part.state.trail[index];
    let name = |place: usize| VarId(part.model.quantities[place]);
    let mut after = entry.before.clone();
    match entry.side {
        Side::Lower => after.lower = Some(entry.value.clone()),
        Side::Upper => after.upper = Some(entry.value.clone()),
    }
    let mut because: Vec<(usize, Interval<Num>)> = Vec::new();
    for (v, side, from) in &reasons.because {
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
    let reason = match &entry.cause {
        Cause::Rule(rule) => reason(&part.model, *rule),
        Cause::Sum(sum) => Reason::Together(combination(part, entry, sum)),
        Cause::Search(_) => {
            let used = reasons.rules.iter().flat_map(|rule| part.model.rules[*rule].relations());
            let mut relations: Vec<RelationId> = used.map(RelationId).collect();
            relations.sort_unstable();
            relations.dedup();
            Reason::Cases(relations)
        }
    };
    Step {
        variable: name(entry.variable),
        before: plain(&entry.before),
        after: plain(&after),
        reason,
        because: because.iter().map(|(v, range)| (name(*v), plain(range))).collect(),
    }
}

/// The weighted sum behind an entry: of the greatest value, turned where it is of the least.
fn combination(part: &Part, entry: &Entry, sum: &Sum) -> Combination {
    let upper = entry.side == Side::Upper;
    let turn = |factor: &Num| if upper { factor.to_rational() } else { -factor.to_rational() };
    let of = |factors: &Factors| {
        factors.iter().map(|(v, a)| (VarId(part.model.quantities[*v]), a.to_rational())).collect::<Vec<_>>()
    };
    let known = |v: usize, side: Side| {
        let from = entry.because.iter().find(|(known, end, _)| *known == v && *end == side)?.2;
        let start = &part.model.start[v];
        from.map(|from| part.state.trail[from].value.clone()).or_else(|| match side {
            Side::Lower => start.lower.clone(),
            Side::Upper => start.upper.clone(),
        })
    };
    let term = |(source, factor): &(Source, Num)| {
        let (expression, end) = match source {
            Source::Variable(v) => (vec![(*v, Num::ONE)], known(*v, Side::highest(factor)).unwrap_or(Num::ZERO)),
            source => source.row(&part.model, factor)?,
        };
        let relations = behind(&part.model, source);
        Some(Term { factor: turn(factor), expression: of(&expression), end: end.to_rational(), relations })
    };
    let terms: Vec<Term> = sum.proof.iter().filter_map(term).collect();
    let end = terms.iter().map(|term| &term.factor * &term.end).sum();
    let left = sum.objective.iter().map(|(v, a)| (VarId(part.model.quantities[*v]), turn(a))).collect();
    Combination { left, terms, end, upper, rate: sum.rate.map(|rule| RelationId(part.model.rules[rule].relation)) }
}
