//! Questions about expressions: their range, and whether a statement about them is proven, refuted or open.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::conflict::{Conflict, Finder, Set, Severity};
use super::group::components;
use super::lower::{Kind, Lowered, Rule, above};
use super::model::{Model, Reliance};
use super::num::Num;
use super::part::Part;
use super::propagate::State;
use super::refutation::Refutation;
use super::search::{Feasibility, Search};
use super::solve::solve_only;
use super::{
    Basis, Bound, Caps, Claim, Form, Interval, Linear, Rational, Relation, RelationId, Scale, Solution, System, VarId,
    Variable,
};

/// Something to ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A sum of variables and a constant.
    Linear(Linear),
    /// A rate between two sums: share, growth, ratio. The whole is at least 0.
    Rate {
        /// The numerator, or the later level.
        part: Linear,
        /// The denominator, or the earlier level.
        whole: Linear,
        /// How it reads.
        scale: Scale,
    },
}

impl From<VarId> for Expression {
    fn from(variable: VarId) -> Self {
        Expression::Linear(variable.into())
    }
}

impl From<Rational> for Expression {
    fn from(value: Rational) -> Self {
        Expression::Linear(value.into())
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `<`
    Less,
    /// `≤`
    AtMost,
    /// `=`
    Equal,
    /// `≥`
    AtLeast,
    /// `>`
    More,
    /// `≠`
    Unequal,
}

/// What to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// One expression against another.
    Compare(Expression, Op, Expression),
    /// An expression within a closed interval: `~`.
    Within(Expression, Interval),
    /// A rank among others.
    Rank {
        /// Whose.
        of: VarId,
        /// Among whom.
        among: Vec<VarId>,
        /// The ranks that it says, 1 for the most.
        ranks: RangeInclusive<usize>,
    },
}

/// What the system says of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It must hold.
    Proven,
    /// It cannot hold.
    Refuted,
    /// It may hold or not, or the caps were too low to say.
    Open,
}

/// An answer with its proof.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// The printed numbers and relations that decide it, one set for each way in which it could be otherwise;
    /// irreducible. Empty when open.
    pub because: Vec<Contradiction>,
    /// The weakest basis of these.
    pub basis: Basis,
    /// Whether what is known is itself in conflict: then nothing is decided.
    pub in_conflict: bool,
}

/// One way in which a statement could be otherwise, and what contradicts it.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// What cannot hold together with what is supposed.
    pub conflict: Conflict,
    /// The system asked, followed by what is supposed. Variables and relations keep their numbers.
    pub system: System,
    /// What is supposed.
    pub supposed: Vec<RelationId>,
}

impl Contradiction {
    /// The proof to be redone by hand, and the names of the variables in it.
    pub fn refutation(&self, caps: &Caps) -> (Refutation, Solution) {
        (self.conflict.refutation(&self.system, caps), Solution::of_names(&self.system))
    }
}

/// The name of what a question adds to the system.
pub(super) const ASKED: &str = "asked";

/// The variable that an expression is, added to the system with the relation that defines it.
fn define(system: &mut System, expression: &Expression) -> VarId {
    match expression {
        Expression::Linear(linear) => {
            if let Some(variable) = linear.as_variable() {
                return variable;
            }
            let counts = linear.constant.is_integer()
                && linear
                    .terms
                    .iter()
                    .all(|(v, a)| a.is_integer() && system.variables.get(v.0).is_some_and(|variable| variable.whole));
            let variable = system.variable(Variable { whole: counts, ..Variable::rate(ASKED) });
            system.relate(Relation::printed(ASKED, Form::equal(linear.clone(), &variable.into())));
            variable
        }
        Expression::Rate { part, whole, scale } => {
            let rate = system.variable(Variable::rate(ASKED));
            let (part, whole, scale) = (part.clone(), whole.clone(), scale.clone());
            system.relate(Relation::printed(ASKED, Form::Rate { rate, part, whole, scale }));
            rate
        }
    }
}

/// The bounds of an expression, a rate being taken to exist, and the solution that explains them by the variable given beside.
pub fn range(system: &System, expression: &Expression, caps: &Caps) -> (Bound, Solution, VarId) {
    let mut system = system.clone();
    let variable = define(&mut system, expression);
    if matches!(expression, Expression::Rate { .. }) {
        system = existing(&system, &[variable]);
    }
    let solution = solve_only(&system, &[variable], caps);
    (solution.bound(variable), solution, variable)
}

/// The ranks that a variable can have among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranks {
    /// The least.
    pub first: usize,
    /// The greatest.
    pub last: usize,
    /// Whether both are met by numbers that fit everything.
    pub least: bool,
    /// Ranks that numbers which fit everything have.
    pub seen: BTreeSet<usize>,
    /// How each of the others stands to it, in their order.
    pub others: Vec<Beside>,
}

/// How another stands to a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Strictly above, whatever the rest.
    Above,
    /// Not above, whatever the rest.
    NotAbove,
    /// There are numbers with either.
    Open,
    /// Not known.
    Unknown,
}

/// Pairs and ranks that are tried by a search of their own, where no numbers met so far tell.
const PAIRS: usize = 400;

/// What is left of such searches, and of the work that they may take together.
struct Left {
    tries: usize,
    work: u64,
}

/// The ranks that some variables can have among others; `None` where what is known cannot hold. What the numbers met while
/// bounds were worked out show to be possible is not asked again; for what is left, pairs come first (who is above and who is not,
/// whatever the rest), then the ends of what they leave.
pub fn ranks(system: &System, of: &[VarId], among: &[VarId], caps: &Caps) -> Option<Vec<Ranks>> {
    let wanted: Vec<VarId> = of.iter().chain(among).copied().collect();
    let solution = solve_only(system, &wanted, caps);
    // Ends may have been met in the closure alone.
    let strictly = |part: &Part| -> Vec<Vec<Num>> {
        part.points.iter().filter(|point| part.model.accepts(&mut point.to_vec(), true)).cloned().collect()
    };
    let met: Vec<Vec<Vec<Num>>> = solution.parts.iter().map(strictly).collect();
    let mut left = Left { tries: PAIRS, work: caps.work };
    of.iter().map(|of| ranks_of(&solution, &met, (*of, among), caps, &mut left)).collect()
}

fn ranks_of(
    solution: &Solution,
    met: &[Vec<Vec<Num>>],
    (of, among): (VarId, &[VarId]),
    caps: &Caps,
    left: &mut Left,
) -> Option<Ranks> {
    let own = solution.bound(of);
    let part = solution.places.get(of.0).copied().flatten();
    if own.claim == Claim::Conflict {
        return None;
    }
    let place =
        |v: VarId| solution.places.get(v.0).copied().flatten().filter(|(at, _)| Some(*at) == part.map(|(at, _)| at));
    let own_place = place(of).map(|(_, place)| place);
    let points = part.map_or(&[][..], |(at, _)| &met[at]);
    let model = part.map(|(at, _)| &solution.parts[at].model);
    let others: Vec<VarId> = among.iter().copied().filter(|other| *other != of).collect();
    let mut beside = Vec::with_capacity(others.len());
    for other in &others {
        let theirs = solution.bound(*other).interval;
        let over = matches!((&theirs.lower, &own.interval.upper), (Some(low), Some(high)) if low > high);
        let under = matches!((&theirs.upper, &own.interval.lower), (Some(high), Some(low)) if high <= low);
        let pair = own_place.zip(place(*other).map(|(_, place)| place));
        beside.push(match (over, under, pair, model) {
            (true, ..) => Beside::Above,
            (_, true, ..) => Beside::NotAbove,
            (_, _, Some((own, other)), Some(model)) => {
                let mut possible = |is: bool| {
                    if points.iter().any(|point| (point[other] > point[own]) == is) {
                        return Some(true);
                    }
                    let row = above(own, other, model.whole[own] && model.whole[other], is);
                    feasible(model, Kind::Row(row), caps, left)
                };
                match (possible(true), possible(false)) {
                    (Some(false), _) => Beside::NotAbove,
                    (_, Some(false)) => Beside::Above,
                    (Some(true), Some(true)) => Beside::Open,
                    _ => Beside::Unknown,
                }
            }
            // Of separate components, each end is met whatever the other is.
            _ => Beside::Unknown,
        });
    }
    let count = |what: &[Beside]| beside.iter().filter(|one| what.contains(one)).count();
    let (sure, open) = (count(&[Beside::Above]), count(&[Beside::Open, Beside::Unknown]));
    let together =
        own_place.zip(others.iter().map(|other| place(*other).map(|(_, place)| place)).collect::<Option<Vec<_>>>());
    let mut seen: BTreeSet<usize> = match &together {
        Some((own, others)) => {
            let rank = |point: &Vec<Num>| others.iter().filter(|other| point[**other] > point[*own]).count() + 1;
            points.iter().map(rank).collect()
        }
        None => BTreeSet::new(),
    };
    if open == 0 {
        seen.insert(sure + 1);
    }
    let (mut first, mut last) = (sure + 1, sure + open + 1);
    if let (Some((own, others)), Some(model)) = (&together, model) {
        // The ends come in while no numbers can have them.
        let mut met = |rank: usize, seen: &mut BTreeSet<usize>| {
            if seen.contains(&rank) {
                return true;
            }
            let (open, above) = (others.clone(), rank - 1);
            let kind = Kind::Rank { of: *own, open, least: above, most: above, over: Vec::new(), under: Vec::new() };
            match feasible(model, kind, caps, left) {
                Some(true) => seen.insert(rank),
                other => other.is_none(),
            }
        };
        while first < last && !met(last, &mut seen) {
            last -= 1;
        }
        while first < last && !met(first, &mut seen) {
            first += 1;
        }
    }
    let least = seen.contains(&first) && seen.contains(&last);
    Some(Ranks { first, last, least, seen, others: beside })
}

/// Whether numbers fit a component with one more rule; `None` if that is not known.
fn feasible(model: &Model, kind: Kind, caps: &Caps, left: &mut Left) -> Option<bool> {
    left.tries = left.tries.checked_sub(1).filter(|_| left.work > 0)?;
    let caps = &Caps { work: left.work, ..*caps };
    let mut rules: Vec<Rule> = model.rules.clone();
    rules.push(Rule::of(usize::MAX, kind));
    let model = model.with(rules);
    let mut state = State::new(&model, caps, false);
    let mut search = Search::new(caps);
    let found = match search.prepare(&model, &mut state, None) {
        Err(_) => Some(false),
        Ok(mut program) => match search.feasible(&model, &state, &mut program, 0) {
            Feasibility::Yes(_) => Some(true),
            Feasibility::No(_) => Some(false),
            Feasibility::Unknown => None,
        },
    };
    left.work = search.budget;
    found
}

fn rank_form(of: VarId, among: &[VarId], ranks: RangeInclusive<usize>) -> Vec<Form> {
    vec![Form::Rank { of, among: among.to_vec(), ranks }]
}

/// Decides a statement: proven when every way of its not holding contradicts what is known, refuted when it does itself.
pub fn decide(system: &System, statement: &Statement, caps: &Caps) -> Decision {
    decide_all(system, &[(false, vec![statement.clone()])], caps)
}

/// Conjunctions of a statement up to which its cases are gone through.
const CASES: usize = 64;

/// Decides whether all of some parts hold: each says that all its statements do or, where it is negated, that one does not.
/// Statements of one part are taken together, and so are all parts.
pub fn decide_all(system: &System, parts: &[(bool, Vec<Statement>)], caps: &Caps) -> Decision {
    let mut system = system.clone();
    let (mut holds, mut fails) = (vec![Vec::new()], Vec::new());
    for (negated, statements) in parts {
        let (mut all, mut one_fails) = (vec![Vec::new()], Vec::new());
        for statement in statements {
            let (hold, fail) = forms(&mut system, statement);
            all = both(&all, &hold);
            one_fails.extend(fail);
        }
        let (hold, fail) = if *negated { (one_fails, all) } else { (all, one_fails) };
        holds = both(&holds, &hold);
        fails.extend(fail);
    }
    let open =
        |in_conflict| Decision { verdict: Verdict::Open, because: Vec::new(), basis: Basis::Printed, in_conflict };
    let asked: Vec<VarId> = holds.iter().flatten().flat_map(Form::variables).collect();
    if in_conflict(&existing(&system, &asked), &asked, caps) {
        return open(in_conflict(&system, &asked, caps));
    }
    let settled = |verdict, because: Vec<Contradiction>| {
        let basis = because.iter().map(|one| one.conflict.basis).max().unwrap_or_default();
        Decision { verdict, because, basis, in_conflict: false }
    };
    match refuted(&system, &fails, caps) {
        Refuted::All(because) => return settled(Verdict::Proven, because),
        Refuted::Anyway => return open(true),
        Refuted::NotAll => {}
    }
    match refuted(&system, &holds, caps) {
        Refuted::All(because) => settled(Verdict::Refuted, because),
        Refuted::Anyway => open(true),
        Refuted::NotAll => open(false),
    }
}

/// What becomes of the ways in which something could be.
enum Refuted {
    /// None of them can hold.
    All(Vec<Contradiction>),
    /// One may hold, as far as is known.
    NotAll,
    /// What contradicts one does so by itself: what is known cannot hold.
    Anyway,
}

/// Every conjunction of one and another; where these are too many one that says nothing, so that nothing is refuted by it.
fn both(some: &[Vec<Form>], others: &[Vec<Form>]) -> Vec<Vec<Form>> {
    if some.len() * others.len() > CASES {
        return vec![Vec::new()];
    }
    some.iter().flat_map(|one| others.iter().map(|other| [&one[..], &other[..]].concat())).collect()
}

/// The forms of which one holds if the statement does, and of which one holds if it does not.
fn forms(system: &mut System, statement: &Statement) -> (Vec<Vec<Form>>, Vec<Vec<Form>>) {
    match statement {
        Statement::Compare(left, op, right) => {
            let mut side = |expression: &Expression| match expression {
                Expression::Linear(linear) => linear.clone(),
                rate => define(system, rate).into(),
            };
            let (left, right) = (side(left), side(right));
            let less = |strict| vec![Form::less(left.clone(), &right, strict)];
            let more = |strict| vec![Form::less(right.clone(), &left, strict)];
            let equal = || vec![Form::equal(left.clone(), &right)];
            match op {
                Op::Less => (vec![less(true)], vec![more(false)]),
                Op::AtMost => (vec![less(false)], vec![more(true)]),
                Op::Equal => (vec![equal()], vec![less(true), more(true)]),
                Op::AtLeast => (vec![more(false)], vec![less(true)]),
                Op::More => (vec![more(true)], vec![less(false)]),
                Op::Unequal => (vec![less(true), more(true)], vec![equal()]),
            }
        }
        Statement::Within(expression, within) => {
            let linear: Linear = define(system, expression).into();
            let outside = |end: &Rational, below: bool| {
                let end = Linear::from(end.clone());
                let (low, high) = if below { (linear.clone(), end) } else { (end, linear.clone()) };
                vec![Form::less(low, &high, true)]
            };
            let form = Form::Linear { expression: linear.clone(), within: within.clone(), strict: false };
            let below = within.lower.iter().map(|end| outside(end, true));
            let above = within.upper.iter().map(|end| outside(end, false));
            (vec![vec![form]], below.chain(above).collect())
        }
        Statement::Rank { of, among, ranks } => {
            let last = among.iter().filter(|other| *other != of).count() + 1;
            let beside = [1..=ranks.start().saturating_sub(1), ranks.end() + 1..=last];
            let other = beside.into_iter().filter(|ranks| !ranks.is_empty()).map(|ranks| rank_form(*of, among, ranks));
            (vec![rank_form(*of, among, ranks.clone())], other.collect())
        }
    }
}

/// The system with a word about each variable asked about: a rate that a relation is about exists.
fn existing(system: &System, asked: &[VarId]) -> System {
    let mut system = system.clone();
    for variable in asked {
        let form = Form::Linear { expression: (*variable).into(), within: Interval::all(), strict: false };
        system.relate(Relation::printed(ASKED, form));
    }
    system
}

fn in_conflict(system: &System, asked: &[VarId], caps: &Caps) -> bool {
    let solution = solve_only(system, asked, caps);
    asked.iter().any(|variable| solution.bound(*variable).claim == Claim::Conflict)
}

/// Why none of the alternatives can hold.
fn refuted(system: &System, alternatives: &[Vec<Form>], caps: &Caps) -> Refuted {
    let mut all = Vec::new();
    for forms in alternatives {
        match refute(system, forms, caps) {
            Some(Ok(contradiction)) => all.push(contradiction),
            Some(Err(InConflict)) => return Refuted::Anyway,
            None => return Refuted::NotAll,
        }
    }
    Refuted::All(all)
}

/// What is known cannot hold, whatever is supposed.
struct InConflict;

fn refute(system: &System, forms: &[Form], caps: &Caps) -> Option<Result<Contradiction, InConflict>> {
    let mut system = system.clone();
    let asked = system.relations.len();
    for form in forms {
        system.relate(Relation::printed(ASKED, form.clone()));
    }
    let lowered = Lowered::new(&system);
    let basis: Vec<Basis> = system.relations.iter().map(|relation| relation.basis).collect();
    for group in components(&lowered) {
        if !group.rules.iter().any(|rule| lowered.rules[*rule].relation >= asked) {
            continue;
        }
        let mut finder =
            Finder { lowered: &lowered, basis: &basis, rules: &group.rules, reliance: Reliance::Printed, caps };
        let all = Set::of(&lowered, &group);
        let mut set = all.clone();
        set.relations.retain(|r| *r < asked);
        let mut severity = Severity::Convention;
        if finder.refute(&set, None).is_some() {
            finder.reliance = Reliance::Accusing;
            severity = Severity::Certain;
        }
        if let Some(proof) = finder.refute(&all, None) {
            let (set, proof) = finder.reduce(all, proof, (forms.len() == 1).then_some(asked));
            let mut known = set.clone();
            known.relations.retain(|relation| *relation < asked);
            if finder.refute(&known, None).is_some() {
                return Some(Err(InConflict));
            }
            let conflict = finder.conflict(&set, proof, severity)?;
            let supposed = conflict.relations.iter().copied().filter(|id| id.0 >= asked).collect();
            return Some(Ok(Contradiction { conflict, system, supposed }));
        }
    }
    None
}
