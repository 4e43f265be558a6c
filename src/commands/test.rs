//! `test`: whether a statement follows from the printed numbers, is refuted by them, or is left open.

use super::audit::members;
use super::proof::{self, Line};
use crate::answer::Answer;
use crate::catalog::{Catalog, Found};
use crate::error::{Exit, Result};
use crate::facts::{Atom, Facts, Logic, addresses, interval_text};
use crate::precision::{Basis, Caps, Conflict, Decision, Expression, Op, Statement, Verdict, decide, range};
use crate::text::{Lang, Text};

/// The verdict on a statement, with its proof.
///
/// # Errors
/// The statement cannot be read, or names what does not exist.
pub(super) fn answer(catalog: &Catalog, text: &str, assume: &[String], lang: Lang) -> Result<(Answer, Exit)> {
    let statement = crate::statement::parse(text).map_err(|misread| misread.error(text))?;
    let mut datasets: Vec<Found> = super::assume::datasets(catalog, assume)?;
    for address in addresses(&statement) {
        datasets.push(catalog.resolve(&address)?);
    }
    let mut facts = Facts::about(catalog, &datasets)?;
    let notes = super::assume::apply(&mut facts, assume)?;
    let meaning = facts.meaning(&statement).map_err(|misread| misread.error(text))?;
    facts.narrow(&meaning.cells);
    let caps = Caps::default();
    let mut whole = Ruling::new(Verdict::Proven);
    for part in &meaning.parts {
        whole.and(logic(&facts, part, &caps));
    }
    let mut lines = Vec::new();
    for (at, conflict) in whole.because.iter().enumerate() {
        let of = if whole.because.len() > 1 { (at + 1).to_string() } else { String::new() };
        lines.extend(members(&facts, conflict).into_iter().map(|line| Line { of: of.clone(), ..line }));
    }
    dedup(&mut lines);
    let mut said = vec![whole.say(text)];
    for (place, side, power) in &meaning.sides {
        let (bound, ..) = range(&facts.system, &Expression::Linear(side.clone()), &caps);
        let interval = bound.interval.scale(&crate::stats::power_of_ten(-power));
        let words = text.get(place.clone()).unwrap_or_default();
        said.push(Text::same(format!("{words}: {}", interval_text(&interval))));
    }
    said.dedup();
    let mut answer = proof::answer(whole.title(), ("of", "情形", "Case"), &lines, lang);
    answer.notes = said;
    answer.notes.extend(notes);
    answer.notes.extend(proof::faults(&facts));
    let exit = match whole.verdict {
        Verdict::Proven => Exit::Answered,
        Verdict::Refuted => Exit::No,
        Verdict::Open => Exit::Open,
    };
    Ok((answer, exit))
}

/// A row that stands in several cases of a proof is shown once.
fn dedup(lines: &mut Vec<Line>) {
    let mut seen = std::collections::HashSet::new();
    lines.retain(|line| seen.insert((line.cell.clone(), line.relation.clone())));
    for line in lines {
        line.of.clear();
    }
}

struct Ruling {
    verdict: Verdict,
    because: Vec<Conflict>,
    basis: Basis,
    in_conflict: bool,
}

impl Ruling {
    fn new(verdict: Verdict) -> Self {
        Ruling { verdict, because: Vec::new(), basis: Basis::Printed, in_conflict: false }
    }

    fn of(decision: Decision) -> Self {
        let Decision { verdict, because, basis, in_conflict } = decision;
        Ruling { verdict, because, basis, in_conflict }
    }

    /// Both hold: refuted by either, proven by both.
    fn and(&mut self, other: Ruling) {
        self.in_conflict |= other.in_conflict;
        match (self.verdict, other.verdict) {
            (Verdict::Refuted, _) => {}
            (_, Verdict::Refuted) => *self = Ruling { in_conflict: self.in_conflict, ..other },
            (Verdict::Proven, Verdict::Proven) => {
                self.because.extend(other.because);
                self.basis = self.basis.max(other.basis);
            }
            _ => {
                self.verdict = Verdict::Open;
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
            Verdict::Proven => Text::new("可证", "Proven"),
            Verdict::Refuted => Text::new("可否", "Refuted"),
            Verdict::Open => Text::new("不定", "Open"),
        }
    }

    fn say(&self, text: &str) -> Text {
        let given = if self.basis == Basis::Assumed {
            ("(若所用假设成立)", " (if the assumptions used hold)")
        } else {
            ("", "")
        };
        match (self.verdict, self.in_conflict) {
            (Verdict::Proven, _) => Text::new(format!("可证{}:{text}", given.0), format!("proven{}: {text}", given.1)),
            (Verdict::Refuted, _) => {
                Text::new(format!("可否{}:{text}", given.0), format!("refuted{}: {text}", given.1))
            }
            (Verdict::Open, true) => Text::new(
                format!("不定:{text};相关所刊数字不可能同时成立,见 audit"),
                format!("open: {text}; printed numbers around it cannot all hold, see audit"),
            ),
            (Verdict::Open, false) => {
                Text::new(format!("不定:由报告不能断定 {text}"), format!("open: the report does not decide {text}"))
            }
        }
    }
}

fn logic(facts: &Facts, logic: &Logic, caps: &Caps) -> Ruling {
    let mut all = Ruling::new(Verdict::Proven);
    for atom in &logic.atoms {
        all.and(ruling(facts, atom, caps));
    }
    if logic.negated { all.negated() } else { all }
}

fn ruling(facts: &Facts, atom: &Atom, caps: &Caps) -> Ruling {
    match atom {
        Atom::Compare { left, op, right } => {
            let statement =
                Statement::Compare(Expression::Linear(left.clone()), *op, Expression::Linear(right.clone()));
            Ruling::of(decide(&facts.system, &statement, caps))
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
            let others = among.iter().filter(|other| *other != of).count();
            let one = |rank| decide(&facts.system, &Statement::Rank { of: *of, among: among.clone(), rank }, caps);
            // Proven when every rank that would not do is refuted; refuted when every rank that would do is.
            let each = |wanted: bool| {
                let mut all = Ruling::new(Verdict::Proven);
                for rank in (1..=others + 1).filter(|rank| holds(*rank) == wanted) {
                    all.and(Ruling::of(one(rank)).negated());
                    if all.verdict != Verdict::Proven {
                        break;
                    }
                }
                all
            };
            let proven = each(false);
            if proven.verdict == Verdict::Proven || proven.in_conflict {
                return proven_or_open(proven);
            }
            match each(true) {
                refuted if refuted.verdict == Verdict::Proven => refuted.negated(),
                refuted => Ruling { in_conflict: refuted.in_conflict, ..Ruling::new(Verdict::Open) },
            }
        }
    }
}

fn proven_or_open(ruling: Ruling) -> Ruling {
    match ruling.verdict {
        Verdict::Proven => ruling,
        _ => Ruling { in_conflict: ruling.in_conflict, ..Ruling::new(Verdict::Open) },
    }
}
