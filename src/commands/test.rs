//! `test`: whether a statement follows from the printed numbers, is refuted by them, or is left open.

use std::ops::RangeInclusive;

use super::audit::members;
use super::proof::{self, settle};
use crate::answer::Answer;
use crate::catalog::{Catalog, Found};
use crate::error::{Error, Exit, Result};
use crate::facts::{Atom, Facts, Logic, Meaning, addresses, interval_text};
use crate::line::Edit;
use crate::precision::{
    Basis, Beside, Caps, Contradiction, Decision, Expression, Fit, Form, Linear, Op, Relation, RelationId, Statement,
    VarId, Verdict, decide_all, fit, range, ranks,
};
use crate::statement::Misread;
use crate::text::{Lang, Text};

/// The verdict on a statement, with its proof.
///
/// # Errors
/// The statement cannot be read, or names what does not exist.
pub(super) fn answer(catalog: &Catalog, text: &str, assume: &[String], lang: Lang) -> Result<(Answer, Exit)> {
    let statement = crate::statement::parse(text).map_err(|misread| refusal(catalog, text, &misread))?;
    let own = addresses(&statement).iter().map(|address| catalog.resolve(address)).collect::<Result<Vec<Found>>>()?;
    let datasets = [own.clone(), super::assume::datasets(catalog, assume, own.first().copied())?].concat();
    let mut facts = Facts::about(catalog, &datasets)?;
    let notes = super::assume::apply(catalog, &mut facts, assume, &own)?;
    let meaning = facts.meaning(&statement).map_err(|misread| refusal(catalog, text, &misread))?;
    facts.narrow(&meaning.cells);
    let caps = Caps::default();
    let mut whole = Ruling::new(Verdict::Proven);
    // Nothing is decided by printed numbers that cannot all hold.
    let fit = fit(&facts.system, &meaning.cells, &caps);
    if fit == Fit::Not {
        whole = Ruling { in_conflict: true, ..Ruling::new(Verdict::Open) };
    } else {
        meaning.parts.iter().for_each(|part| whole.and(logic(&facts, fit, part, &caps)));
        if whole.verdict == Verdict::Open && !whole.in_conflict {
            whole = together(&facts, &meaning, &caps).map_or(whole, Ruling::of);
        }
    }
    let mut lines = Vec::new();
    lines.extend(whole.stated.iter().filter_map(|id| proof::relation(&facts, *id)));
    for contradiction in &whole.because {
        lines.extend(members(&facts, &contradiction.conflict));
    }
    proof::dedup(&mut lines);
    lines.extend(proof::contradictions(&mut facts, &whole.because, 0, &caps));
    let contradicted = if whole.in_conflict { facts.contradicted(&meaning.cells, &caps) } else { Vec::new() };
    let mut said = vec![whole.say(text, &contradicted)];
    for (place, side, power) in &meaning.sides {
        let (bound, ..) = range(&facts.system, &Expression::Linear(side.clone()), &caps);
        let interval = bound.interval.scale(&crate::stats::power_of_ten(-power));
        let words = text.get(place.clone()).unwrap_or_default();
        let within = interval_text(&interval);
        said.push(Text::new(format!("{words}:{within}"), format!("{words}: {within}")));
    }
    said.dedup();
    said.extend((fit == Fit::Widely).then(proof::widely));
    let mut answer = proof::answer(whole.title(), ("of", "情形", "Case"), &lines, lang);
    answer.notes = said;
    answer.notes.extend(notes);
    answer.notes.extend(proof::faults(&facts));
    answer.sources = proof::sources(&facts);
    let exit = match whole.verdict {
        Verdict::Proven => Exit::Answered,
        Verdict::Refuted => Exit::No,
        Verdict::Open => Exit::Open,
    };
    Ok((answer, exit))
}

/// Whether a statement can be decided.
fn understood(catalog: &Catalog, text: &str) -> std::result::Result<(), Misread> {
    let statement = crate::statement::parse(text)?;
    let unknown = |error: Error| Misread::new(0, error.title.zh, error.title.en);
    let own = addresses(&statement).iter().map(|address| catalog.resolve(address)).collect::<Result<Vec<Found>>>();
    let mut facts = own.and_then(|own| Facts::about(catalog, &own)).map_err(unknown)?;
    facts.meaning(&statement).map(|_| ())
}

/// The refusal of a statement, with one that can be decided: what was meant, else one of the same numbers.
fn refusal(catalog: &Catalog, text: &str, misread: &Misread) -> Error {
    let error = misread.error(text);
    let decided = misread.mended(text, |text| understood(catalog, text));
    let decided = decided.or_else(|| super::guide::statement_like(catalog, text));
    decided.into_iter().fold(error, |error, decided| error.instead([Edit::word(text, decided)]))
}

struct Ruling {
    verdict: Verdict,
    /// Relations that say it outright, or something else instead.
    stated: Vec<RelationId>,
    because: Vec<Contradiction>,
    basis: Basis,
    in_conflict: bool,
}

impl Ruling {
    fn new(verdict: Verdict) -> Self {
        Ruling { verdict, stated: Vec::new(), because: Vec::new(), basis: Basis::Printed, in_conflict: false }
    }

    fn of(decision: Decision) -> Self {
        let Decision { verdict, because, basis, in_conflict } = decision;
        Ruling { because, basis, in_conflict, ..Ruling::new(verdict) }
    }

    /// Both hold: refuted by either, proven by both.
    fn and(&mut self, other: Ruling) {
        self.in_conflict |= other.in_conflict;
        match (self.verdict, other.verdict) {
            (Verdict::Refuted, _) => {}
            (_, Verdict::Refuted) => *self = Ruling { in_conflict: self.in_conflict, ..other },
            (Verdict::Proven, Verdict::Proven) => {
                self.stated.extend(other.stated);
                self.because.extend(other.because);
                self.basis = self.basis.max(other.basis);
            }
            _ => {
                self.verdict = Verdict::Open;
                self.stated.clear();
                self.because.clear();
                self.basis = Basis::Printed;
            }
        }
    }

    fn negated(self) -> Self {
        let verdict = match self.verdict {
            Verdict::Proven => Verdict::Refuted,
            Verdict::Refuted => Verdict::Proven,
            Verdict::Open => Verdict::Open,
        };
        Ruling { verdict, ..self }
    }

    fn title(&self) -> Text {
        match self.verdict {
            Verdict::Proven => Text::new("成立", "Proven"),
            Verdict::Refuted => Text::new("不成立", "Refuted"),
            Verdict::Open => Text::new("不定", "Open"),
        }
    }

    fn say(&self, text: &str, contradicted: &[String]) -> Text {
        let given = if self.basis == Basis::Assumed {
            ("(若所用假设成立)", " (if the assumptions used hold)")
        } else {
            ("", "")
        };
        match (self.verdict, self.in_conflict) {
            (Verdict::Proven, _) => Text::new(format!("成立{}:{text}", given.0), format!("proven{}: {text}", given.1)),
            (Verdict::Refuted, _) => {
                Text::new(format!("不成立{}:{text}", given.0), format!("refuted{}: {text}", given.1))
            }
            (Verdict::Open, true) => {
                let why = super::assume::conflict(contradicted);
                Text::new(format!("不定:{text};{}", why.zh), format!("open: {text}; {}", why.en))
            }
            (Verdict::Open, false) => {
                Text::new(format!("不定:由报告不能断定 {text}"), format!("open: the report does not decide {text}"))
            }
        }
    }
}

fn logic(facts: &Facts, fit: Fit, logic: &Logic, caps: &Caps) -> Ruling {
    let mut all = Ruling::new(Verdict::Proven);
    for atom in &logic.atoms {
        all.and(ruling(facts, fit, atom, caps));
    }
    if logic.negated { all.negated() } else { all }
}

fn ruling(facts: &Facts, fit: Fit, atom: &Atom, caps: &Caps) -> Ruling {
    match atom {
        Atom::Compare { left, op, right } => {
            Ruling::of(settle(facts, fit, &comparison(left, *op, right), &atom.variables(), caps))
        }
        Atom::Rank { of, among, op, rank } => {
            let holds = |other: usize| match op {
                Op::Less => other < *rank,
                Op::AtMost => other <= *rank,
                Op::Equal => other == *rank,
                Op::AtLeast => other >= *rank,
                Op::More => other > *rank,
                Op::Unequal => other != *rank,
            };
            let outright = |id: &RelationId| {
                let relation = facts.system.relations.get(id.0);
                let own = |relation: &Relation| matches!(&relation.form, Form::Rank { of: own, .. } if own == of);
                relation.is_some_and(|relation| relation.basis == Basis::Printed && own(relation))
            };
            if let Some((rank, id)) = facts.stated_rank(*of, among).filter(|(_, id)| outright(id)) {
                let verdict = if holds(rank) { Verdict::Proven } else { Verdict::Refuted };
                return Ruling { stated: vec![id], ..Ruling::new(verdict) };
            }
            // Ranks that numbers have which fit everything are possible: no proof is looked for.
            let Some(known) = ranks(&facts.system, &[*of], among, caps).and_then(|all| all.into_iter().next()) else {
                return Ruling { in_conflict: true, ..Ruling::new(Verdict::Open) };
            };
            if known.seen.iter().any(|rank| holds(*rank)) && known.seen.iter().any(|rank| !holds(*rank)) {
                return Ruling::new(Verdict::Open);
            }
            // Nor where who is above whom leaves it to cases that are too many.
            let ranks = known.first..=known.last;
            let open = known.others.iter().filter(|beside| matches!(beside, Beside::Open | Beside::Unknown)).count();
            if open > CASES && ranks.clone().any(holds) && !ranks.clone().all(holds) {
                return Ruling::new(Verdict::Open);
            }
            let pairs = pairs(facts, fit, (*of, among), &known.others, caps);
            if pairs.in_conflict {
                return Ruling { in_conflict: true, ..Ruling::new(Verdict::Open) };
            }
            let pairs_alone =
                || Ruling { because: pairs.because.clone(), basis: pairs.basis, ..Ruling::new(Verdict::Proven) };
            let left = pairs.above + 1..=pairs.above + pairs.open + 1;
            if left.clone().all(holds) {
                return pairs_alone();
            }
            if !left.clone().any(holds) {
                return pairs_alone().negated();
            }
            let one = |ranks| {
                let statement = Statement::Rank { of: *of, among: among.clone(), ranks };
                settle(facts, fit, &statement, &atom.variables(), caps)
            };
            // Proven when every rank that would not do is refuted; refuted when every rank that would do is.
            let each = |wanted: bool| {
                let mut all = pairs_alone();
                for ranks in runs(left.clone().filter(|rank| holds(*rank) == wanted)) {
                    if pairs.open > CASES {
                        return Ruling::new(Verdict::Open);
                    }
                    all.and(Ruling::of(one(ranks)).negated());
                    if all.verdict != Verdict::Proven {
                        break;
                    }
                }
                all
            };
            let proven = each(false);
            if proven.verdict == Verdict::Proven {
                return proven;
            }
            match each(true) {
                refuted if refuted.verdict == Verdict::Proven => refuted.negated(),
                _ => Ruling::new(Verdict::Open),
            }
        }
    }
}

/// Numbers in order as ranges without gaps.
fn runs(numbers: impl Iterator<Item = usize>) -> Vec<RangeInclusive<usize>> {
    let mut runs: Vec<RangeInclusive<usize>> = Vec::new();
    for number in numbers {
        match runs.last_mut().filter(|run| run.end() + 1 == number) {
            Some(run) => *run = *run.start()..=number,
            None => runs.push(number..=number),
        }
    }
    runs
}

fn comparison(left: &Linear, op: Op, right: &Linear) -> Statement {
    Statement::Compare(Expression::Linear(left.clone()), op, Expression::Linear(right.clone()))
}

/// The verdict on several comparisons taken together.
fn together(facts: &Facts, meaning: &Meaning, caps: &Caps) -> Option<Decision> {
    let statement = |atom: &Atom| match atom {
        Atom::Compare { left, op, right } => Some(comparison(left, *op, right)),
        Atom::Rank { .. } => None,
    };
    let part = |part: &Logic| Some((part.negated, part.atoms.iter().map(statement).collect::<Option<Vec<_>>>()?));
    let parts = meaning.parts.iter().map(part).collect::<Option<Vec<_>>>()?;
    let several = parts.iter().map(|(_, statements)| statements.len()).sum::<usize>() > 1;
    several.then(|| decide_all(&facts.system, &parts, caps))
}

/// Open pairs up to which the cases of a rank are gone through.
const CASES: usize = 6;

/// How a member stands to each of the others.
struct Pairs {
    /// How many are above whatever the rest.
    above: usize,
    /// How many may be or not.
    open: usize,
    because: Vec<Contradiction>,
    basis: Basis,
    in_conflict: bool,
}

/// Who is above a member and who is not, each with its proof: by their own printed numbers where those say it.
fn pairs(facts: &Facts, fit: Fit, (of, among): (VarId, &[VarId]), known: &[Beside], caps: &Caps) -> Pairs {
    let mut pairs = Pairs { above: 0, open: 0, because: Vec::new(), basis: Basis::Printed, in_conflict: false };
    for (other, beside) in among.iter().copied().filter(|other| *other != of).zip(known) {
        if *beside == Beside::Open {
            pairs.open += 1;
            continue;
        }
        let above = Statement::Compare(other.into(), Op::More, of.into());
        let decision = settle(facts, fit, &above, &[other, of], caps);
        match decision.verdict {
            Verdict::Proven => pairs.above += 1,
            Verdict::Refuted => {}
            Verdict::Open => pairs.open += 1,
        }
        pairs.in_conflict |= decision.in_conflict;
        pairs.basis = pairs.basis.max(decision.basis);
        pairs.because.extend(decision.because);
    }
    pairs
}
