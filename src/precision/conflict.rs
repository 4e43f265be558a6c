//! Irreducible sets of printed numbers and relations that cannot all hold (deletion filter: Chinneck & Dravnieks,
//! *Locating minimal infeasible constraint sets*, 1991), each checked by a proof that the solver has no hand in.

use std::collections::{BTreeMap, BTreeSet};

use super::check::refutes;
use super::group::Group;
use super::lower::{Lowered, Rule};
use super::model::{Model, Reliance};
use super::num::Num;
use super::propagate::State;
use super::refutation::{Refutation, refutation};
use super::search::{Feasibility, Proof, Search};
use super::{Basis, Caps, Interval, Number, Rational, RelationId, Solution, System, VarId};

/// What a conflict says about the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The numbers cannot all hold even if every rounded one is a whole unit of its last place off, and those marked
    /// `about` anything at all.
    Certain,
    /// They cannot all hold as rounded to nearest, but could by another convention: no accusation.
    Convention,
}

/// Printed numbers and relations that cannot all hold.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The variables whose printed numbers take part.
    pub variables: Vec<VarId>,
    /// The relations that take part.
    pub relations: Vec<RelationId>,
    /// Whether rounding conventions could excuse it.
    pub severity: Severity,
    /// [`Basis::Assumed`] if an assumption takes part: the conflict is then conditional on it.
    pub basis: Basis,
    /// Whether leaving out any one of them is known to mend it.
    pub irreducible: bool,
    /// How far off, in units of each rounded number's last place each way: by less than this, they still cannot all
    /// hold. `None` if no rounding would do. Rounding to nearest is half a unit.
    pub off: Option<Rational>,
    proof: Proof,
}

/// Lines from which on a shorter proof is looked for.
const LONG: usize = 12;

impl Conflict {
    /// Replays the proof by code that shares nothing with the solver but the reading of the relations.
    pub fn verify(&self, system: &System) -> bool {
        refutes(&self.set().model(&Lowered::new(system), self.severity.reliance(), None), &self.proof)
    }

    /// The proof to be redone by hand: by the numbers as printed, half a unit each way; where that is not shown within the caps, by
    /// those of the accusation, a whole unit each way.
    pub fn refutation(&self, system: &System, caps: &Caps) -> Refutation {
        let (lowered, set) = (Lowered::new(system), self.set());
        let rules: Vec<usize> = (0..lowered.rules.len()).collect();
        let model = set.model(&lowered, Reliance::Printed, None);
        let told = |caps: &Caps| {
            let finder = Finder { lowered: &lowered, basis: &[], rules: &rules, reliance: Reliance::Printed, caps };
            finder.refute(&set, None).filter(|proof| refutes(&model, proof)).map(|proof| refutation(&model, &proof))
        };
        let found =
            told(caps).unwrap_or_else(|| refutation(&set.model(&lowered, self.severity.reliance(), None), &self.proof));
        if found.lines() <= LONG {
            return found;
        }
        // Where propagation creeps on by ones, cases that are tried sooner take fewer lines.
        told(&Caps { steps: 0, ..*caps }).filter(|other| other.lines() < found.lines()).unwrap_or(found)
    }

    fn set(&self) -> Set {
        Set {
            relations: self.relations.iter().map(|r| r.0).collect(),
            facts: self.variables.iter().map(|v| v.0).collect(),
        }
    }
}

impl Solution {
    /// Whether a variable stands in the component that a conflict is of.
    pub fn share_component(&self, variable: VarId, conflict: &Conflict, system: &System) -> bool {
        let related = conflict.relations.iter().filter_map(|id| system.relations.get(id.0));
        let first = conflict.variables.first().copied();
        let first = first.or_else(|| related.flat_map(|relation| relation.form.variables()).next());
        let component = |v: VarId| self.places.get(v.0).copied().flatten().map(|(part, _)| part);
        first.and_then(component).is_some_and(|part| component(variable) == Some(part))
    }
}

impl Severity {
    pub(super) fn reliance(self) -> Reliance {
        match self {
            Severity::Certain => Reliance::Accusing,
            Severity::Convention => Reliance::Printed,
        }
    }
}

/// Some relations and some printed numbers.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) relations: BTreeSet<usize>,
    pub(super) facts: BTreeSet<usize>,
}

impl Set {
    pub(super) fn of(lowered: &Lowered, group: &Group) -> Set {
        Set {
            relations: group.rules.iter().map(|rule| lowered.rules[*rule].relation).collect(),
            facts: group.quantities.iter().copied().filter(|q| lowered.quantities[*q].fact.is_some()).collect(),
        }
    }

    /// Whether all that a rule follows from is in the set.
    fn says(&self, rule: &Rule) -> bool {
        rule.relations().all(|relation| self.relations.contains(&relation))
    }

    /// The model of the set; `widened`: every rounded number by so many units each way.
    pub(super) fn model(&self, lowered: &Lowered, reliance: Reliance, widened: Option<&Num>) -> Model {
        let rules: Vec<usize> = (0..lowered.rules.len()).collect();
        self.model_of(lowered, &rules, reliance, widened)
    }

    fn model_of(&self, lowered: &Lowered, rules: &[usize], reliance: Reliance, widened: Option<&Num>) -> Model {
        let rules: Vec<usize> = rules.iter().copied().filter(|rule| self.says(&lowered.rules[*rule])).collect();
        let facts: Vec<usize> = self.facts.iter().copied().collect();
        let mut model = Model::new(lowered, &rules, &facts, reliance, &|q| self.facts.contains(&q));
        if let Some(units) = widened {
            let more = units.sub(&Num::ONE);
            for (place, quantity) in model.quantities.iter().enumerate() {
                let quantity = &lowered.quantities[*quantity];
                let Some(fact) = quantity.fact.as_ref().filter(|fact| !fact.unit.is_zero()) else {
                    continue;
                };
                let Some(range) = &fact.accusing else {
                    continue;
                };
                let by = more.mul(&fact.unit);
                let by = Interval::new(by.neg(), by);
                model.start[place] = quantity.natural.intersect(&range.add(&by));
            }
        }
        model
    }

    pub(super) fn len(&self) -> usize {
        self.relations.len() + self.facts.len()
    }

    fn without(&self, lowered: &Lowered, element: &Element) -> Set {
        let mut less = self.clone();
        match element {
            Element::Statement(id) => less.relations.retain(|r| lowered.statement[*r] != *id),
            Element::Fact(q) => {
                less.facts.remove(q);
            }
        };
        less
    }

    /// The set with all that its statements say.
    fn in_full(mut self, lowered: &Lowered) -> Set {
        let statements: BTreeSet<usize> = self.relations.iter().map(|r| lowered.statement[*r]).collect();
        self.relations = (0..lowered.statement.len()).filter(|r| statements.contains(&lowered.statement[*r])).collect();
        self
    }
}

/// An irreducible part of a set of which something holds, and why: assumptions go before what is printed, and statements
/// before numbers, so that a proof needs few of them. `keep`: a relation that stays.
pub(super) fn reduced<T>(
    lowered: &Lowered,
    basis: &[Basis],
    (set, mut why): (Set, T),
    keep: Option<usize>,
    holds: impl Fn(&Set) -> Option<T>,
) -> (Set, T) {
    let set = set.in_full(lowered);
    let of = |elements: &[Element]| {
        let mut part = Set { relations: keep.into_iter().collect(), facts: BTreeSet::new() };
        for element in elements {
            match element {
                Element::Statement(id) => {
                    part.relations.extend(set.relations.iter().filter(|r| lowered.statement[**r] == *id));
                }
                Element::Fact(q) => {
                    part.facts.insert(*q);
                }
            };
        }
        part
    };
    let mut groups = elements(lowered, basis, &set, keep);
    for at in 0..groups.len() {
        let (before, after) = (groups[..at].concat(), groups[at + 1..].concat());
        let all = std::mem::take(&mut groups[at]);
        (groups[at], why) = thinned(all, why, |some| holds(&of(&[&before, some, &after].concat())));
    }
    (of(&groups.concat()), why)
}

/// What is left of a list when all is left out that something holds without, and why it does: parts left out first, then one
/// by one.
pub(super) fn thinned<E: Clone, T>(mut all: Vec<E>, mut why: T, holds: impl Fn(&[E]) -> Option<T>) -> (Vec<E>, T) {
    let mut chunk = all.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        while at < all.len() {
            let end = all.len().min(at + chunk);
            let less = [&all[..at], &all[end..]].concat();
            match holds(&less) {
                Some(found) => (all, why) = (less, found),
                None => at = end,
            }
        }
        if chunk == 1 {
            return (all, why);
        }
        chunk = chunk.div_ceil(2).min(chunk - 1);
    }
}

/// What a set is made of: what is assumed, then statements, then numbers.
fn elements(lowered: &Lowered, basis: &[Basis], set: &Set, keep: Option<usize>) -> [Vec<Element>; 3] {
    let kept = |statement: &usize| keep.map(|r| lowered.statement[r]) != Some(*statement);
    let statements: BTreeSet<usize> = set.relations.iter().map(|r| lowered.statement[*r]).filter(kept).collect();
    let (assumed, printed): (Vec<usize>, Vec<usize>) =
        statements.into_iter().partition(|statement| basis[*statement] == Basis::Assumed);
    let (of_assumed_unit, plain): (Vec<usize>, Vec<usize>) =
        set.facts.iter().partition(|quantity| fact_basis(lowered, **quantity) == Basis::Assumed);
    let facts = |all: Vec<usize>| all.into_iter().map(Element::Fact).collect::<Vec<_>>();
    let statements = |all: Vec<usize>| all.into_iter().map(Element::Statement).collect::<Vec<_>>();
    [[statements(assumed), facts(of_assumed_unit)].concat(), statements(printed), facts(plain)]
}

fn fact_basis(lowered: &Lowered, quantity: usize) -> Basis {
    lowered.quantities[quantity].fact.as_ref().map_or(Basis::Printed, |fact| fact.basis)
}

/// Looks for contradictions among the rules of one component.
pub(super) struct Finder<'a> {
    pub(super) lowered: &'a Lowered,
    pub(super) basis: &'a [Basis],
    pub(super) rules: &'a [usize],
    pub(super) reliance: Reliance,
    pub(super) caps: &'a Caps,
}

/// Halvings of the range in which the least widening that fits lies.
const HALVINGS: usize = 14;
/// Relations up to which a neighbourhood is searched for a small conflict.
const MOST_NEAR: usize = 24;

/// Relations of a component beyond which only each alone is.
const MANY: usize = 400;

/// An element that may be left out.
#[derive(Clone, Copy)]
enum Element {
    /// A statement, by its first relation.
    Statement(usize),
    Fact(usize),
}

impl Finder<'_> {
    /// Why nothing fits the set, if that can be shown within the caps.
    pub(super) fn refute(&self, set: &Set, widened: Option<&Num>) -> Option<Proof> {
        match self.feasible(set, widened) {
            Feasibility::No(proof) => Some(proof),
            _ => None,
        }
    }

    /// An irreducible part of a set that nothing fits. `keep`: a relation that stays.
    pub(super) fn reduce(&self, set: Set, proof: Proof, keep: Option<usize>) -> (Set, Proof) {
        reduced(self.lowered, self.basis, (set, proof), keep, |less| self.refute(less, None))
    }

    /// The conflict that a reduced set is, or a smaller part of it: what a search within its caps could not do without at first
    /// may be left out of what is left.
    pub(super) fn conflict(&self, set: &Set, proof: Proof, severity: Severity) -> Option<Conflict> {
        let model = set.model_of(self.lowered, self.rules, self.reliance, None);
        if !refutes(&model, &proof) {
            return None;
        }
        let irreducible = self.is_irreducible(set);
        if !irreducible {
            let (less, proof) = self.reduce(set.clone(), proof.clone(), None);
            if less.len() < set.len() {
                return self.conflict(&less, proof, severity);
            }
        }
        let relations = set.relations.iter().map(|r| self.basis[*r]);
        let facts = set.facts.iter().map(|q| fact_basis(self.lowered, *q));
        let basis = relations.chain(facts).max().unwrap_or_default();
        Some(Conflict {
            variables: set.facts.iter().map(|q| VarId(*q)).collect(),
            relations: set.relations.iter().map(|r| RelationId(*r)).collect(),
            severity,
            basis,
            irreducible,
            off: if severity == Severity::Certain { self.off(set) } else { None },
            proof,
        })
    }

    /// Whether each smaller set is known to have numbers that fit it.
    fn is_irreducible(&self, set: &Set) -> bool {
        elements(self.lowered, self.basis, set, None)
            .concat()
            .iter()
            .all(|element| self.fits(&set.without(self.lowered, element)))
    }

    /// Whether there are known to be numbers that fit the set.
    pub(super) fn fits(&self, set: &Set) -> bool {
        matches!(self.feasible(set, None), Feasibility::Yes(_))
    }

    fn feasible(&self, set: &Set, widened: Option<&Num>) -> Feasibility {
        let model = set.model_of(self.lowered, self.rules, self.reliance, widened);
        let mut state = State::new(&model, self.caps, true);
        let mut search = Search::new(self.caps);
        match search.prepare(&model, &mut state, None) {
            Err(proof) => Feasibility::No(proof),
            Ok(mut program) => search.feasible(&model, &state, &mut program, 0),
        }
    }

    /// The widening up to which nothing fits, to one part in ten thousand, by bisection.
    fn off(&self, set: &Set) -> Option<Rational> {
        let fails = |units: &Num| self.refute(set, Some(units)).is_some();
        let (mut low, mut high) = (Num::ONE, Num::int(2));
        let mut turns = 0;
        while fails(&high) {
            turns += 1;
            if turns > 60 {
                return None;
            }
            low = high.clone();
            high = high.mul(&Num::int(2));
        }
        for _ in 0..HALVINGS {
            let middle = low.add(&high).mul(&Num::Small(1, 2));
            if fails(&middle) { low = middle } else { high = middle }
        }
        Some(low.add(&high).mul(&Num::Small(1, 2)).to_rational())
    }
}

/// The conflicts of one component, those of few members first, each without a printed number that the ones before it have: the
/// one that fewest relations name, so that a total of which several shares are impossible is found with each of them.
pub(super) fn conflicts(
    lowered: &Lowered,
    basis: &[Basis],
    group: &Group,
    severity: Severity,
    caps: &Caps,
) -> Vec<Conflict> {
    let finder = Finder { lowered, basis, rules: &group.rules, reliance: severity.reliance(), caps };
    let near = Near::new(lowered, group);
    let mut set = Set::of(lowered, group);
    let most = if severity == Severity::Certain { caps.conflicts } else { 1 };
    let mut found = Vec::new();
    while found.len() < most {
        let Some((small, proof)) = near.smallest(&finder, &set) else {
            break;
        };
        match small.facts.iter().copied().min_by_key(|q| near.relations[q].len()) {
            None => set.relations.retain(|r| !small.relations.contains(r)),
            Some(least) => {
                set.facts.remove(&least);
            }
        }
        let Some(conflict) = finder.conflict(&small, proof, severity) else {
            break;
        };
        found.push(conflict);
    }
    found
}

/// Which rules a relation has, and which relations a number stands in.
struct Near {
    rules: BTreeMap<usize, Vec<usize>>,
    members: BTreeMap<usize, BTreeSet<usize>>,
    relations: BTreeMap<usize, BTreeSet<usize>>,
}

impl Near {
    fn new(lowered: &Lowered, group: &Group) -> Near {
        let relations = group.quantities.iter().map(|q| (*q, BTreeSet::new())).collect();
        let mut near = Near { rules: BTreeMap::new(), members: BTreeMap::new(), relations };
        for id in &group.rules {
            let rule = &lowered.rules[*id];
            near.rules.entry(rule.relation).or_default().push(*id);
            let members = near.members.entry(rule.relation).or_default();
            for q in rule.kind.variables() {
                members.insert(q);
                near.relations.entry(q).or_default().insert(rule.relation);
            }
        }
        near
    }

    /// The smallest irreducible part of a set that nothing fits, among those found around single relations: the relation alone,
    /// then with its neighbours, and theirs. Where that finds none, one of the whole set.
    fn smallest(&self, finder: &Finder, set: &Set) -> Option<(Set, Proof)> {
        for steps in 0..=if set.relations.len() > MANY { 0 } else { 2 } {
            let mut tried = BTreeSet::new();
            let around = set.relations.iter().filter_map(|relation| self.around(*relation, steps, set));
            let parts: Vec<Vec<usize>> = around.filter(|part| tried.insert(part.clone())).collect();
            let smallest = parts.iter().filter_map(|part| self.irreducible(finder, set, part));
            if let Some(found) = smallest.min_by_key(|(set, _)| set.len()) {
                return Some(found);
            }
        }
        let proof = finder.refute(set, None)?;
        Some(finder.reduce(set.clone(), proof, None))
    }

    /// The relations within so many steps of one; `None` where these are many.
    fn around(&self, relation: usize, steps: usize, set: &Set) -> Option<Vec<usize>> {
        let mut all = BTreeSet::from([relation]);
        for _ in 0..steps {
            let members: BTreeSet<usize> = all.iter().flat_map(|r| &self.members[r]).copied().collect();
            for q in members {
                all.extend(self.relations[&q].iter().filter(|r| set.relations.contains(r)));
                if all.len() > MOST_NEAR {
                    return None;
                }
            }
        }
        Some(all.into_iter().collect())
    }

    fn irreducible(&self, finder: &Finder, set: &Set, relations: &[usize]) -> Option<(Set, Proof)> {
        let rules: Vec<usize> = relations.iter().flat_map(|r| &self.rules[r]).copied().collect();
        let members = relations.iter().flat_map(|r| &self.members[r]);
        let facts = members.copied().filter(|q| set.facts.contains(q)).collect();
        let part = Set { relations: relations.iter().copied().collect(), facts };
        let near = Finder { rules: &rules, ..*finder };
        let proof = near.refute(&part, None)?;
        let (small, _) = near.reduce(part, proof, None);
        // A statement may have relations farther off: the proof is of all that the set says.
        let proof = finder.refute(&small, None)?;
        Some((small, proof))
    }
}
