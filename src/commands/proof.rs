//! Proofs as rows: printed numbers with where they stand, then each step as arithmetic.

use std::collections::{HashMap, HashSet};

use crate::answer::{Answer, Cell, Column, Number, Role, Source, Value, Values};
use crate::facts::{Facts, Ground, arithmetic, case, ending};
use crate::package::Fault;
use crate::precision::{
    Basis, Caps, Claim, Contradiction, Decision, Ending, Fit, Form, Interval, Op, Reason, Refutation, RelationId,
    Solution, Statement, Step, VarId, Verdict, decide, fit,
};
use crate::text::{Lang, Text};

/// What a row says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// A printed number.
    #[default]
    Printed,
    /// A relation.
    Relation,
    /// What the rows up to the next of its kind suppose, for the sake of a contradiction.
    Supposed,
    /// A step of the arithmetic.
    Step,
    /// What one of two cases supposes; the rows up to the other case follow from it.
    Case,
    /// A contradiction.
    End,
    /// How far off printed numbers are.
    Off,
    /// A total that shares can have.
    Total,
    /// A single change with which all numbers around could hold.
    Mend,
    /// A single change with which those of a conflict could hold, but not all around.
    Partial,
}

impl Kind {
    const fn code(self) -> &'static str {
        match self {
            Kind::Printed => "printed",
            Kind::Relation => "relation",
            Kind::Supposed => "supposed",
            Kind::Step => "step",
            Kind::Case => "case",
            Kind::End => "end",
            Kind::Off => "off",
            Kind::Total => "total",
            Kind::Mend => "mend",
            Kind::Partial => "partial",
        }
    }

    /// Whether rows of it are known from something, rather than supposed or proposed.
    const fn is_founded(self) -> bool {
        matches!(self, Kind::Printed | Kind::Relation | Kind::Step | Kind::End)
    }
}

/// One row of a proof.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// What it says.
    pub(super) kind: Kind,
    /// What is proven, or the number of the conflict.
    pub(super) of: String,
    /// Number of the step; none for what is printed.
    pub(super) step: Option<usize>,
    /// The cell.
    pub(super) cell: String,
    /// How it is known.
    pub(super) how: Text,
    /// Its interval, in its unit.
    pub(super) interval: Interval,
    /// The code of its unit.
    pub(super) unit: String,
    /// The relation used.
    pub(super) relation: String,
    /// Printed or assumed.
    pub(super) basis: Basis,
    /// Where it stands.
    pub(super) exhibit: Option<String>,
    /// Where it stands.
    pub(super) section: Option<String>,
}

/// Ways of ending up to which the cases of a contradiction are gone through.
const CASES: usize = 4;

/// The basis on which steps have reached variables.
type Bases = HashMap<VarId, Basis>;

/// Collects the rows of proofs.
pub(super) struct Proof<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) solution: &'a Solution,
}

impl Proof<'_> {
    /// The rows that prove what is known of a variable: the printed numbers and the relations used, then its steps.
    pub(super) fn of(&self, variable: VarId, steps: &[Step]) -> Vec<Line> {
        let of = self.facts.name(variable);
        let leaves = self.leaves(variable, steps).into_iter().map(|leaf| fact(self.facts, leaf));
        // What the descriptor declares is in the arithmetic; what a line states is a name there.
        let named = steps.iter().flat_map(|step| self.named(&step.reason));
        let named = named.filter(|id| !self.facts.is_by(*id, Ground::Declared));
        let mut lines: Vec<Line> = leaves.chain(named.filter_map(|id| relation(self.facts, id))).collect();
        dedup(&mut lines);
        let mut bases = Bases::new();
        lines.extend(steps.iter().enumerate().map(|(at, step)| self.step(at + 1, step, &mut bases)));
        for line in &mut lines {
            line.of.clone_from(&of);
        }
        lines
    }

    /// The steps by which a conflict is shown, numbered, with its end or the ends of its cases.
    pub(super) fn refuted(&self, refutation: &Refutation) -> Vec<Line> {
        let mut lines = Vec::new();
        self.refute(refutation, "", &mut 0, &mut Bases::new(), &mut lines);
        lines
    }

    fn refute(
        &self,
        refutation: &Refutation,
        within: &str,
        number: &mut usize,
        bases: &mut Bases,
        lines: &mut Vec<Line>,
    ) {
        for step in &refutation.steps {
            *number += 1;
            lines.push(self.step(*number, step, bases));
        }
        let used: Vec<VarId> = match &refutation.end {
            Ending::Empty(variable, _) => vec![*variable],
            Ending::Violated(_, ranges) => ranges.iter().map(|(variable, _)| *variable).collect(),
            Ending::Sum(sum) => sum.terms.iter().flat_map(|term| &term.expression).map(|(v, _)| *v).collect(),
            Ending::Cases(_) => Vec::new(),
        };
        let rests_on = self.weakest(bases, used.iter().copied());
        let end = |how, reason: Reason, variable: Option<VarId>| {
            let (relation, basis, exhibit, section) = self.reason(&reason);
            let basis = basis.max(rests_on);
            let how = self.with_relations(how, &reason);
            let cell = variable.map_or_else(String::new, |v| self.solution.name(v).to_owned());
            Line {
                kind: Kind::End,
                cell,
                how,
                relation,
                basis,
                exhibit,
                section,
                interval: Interval::all(),
                ..Line::default()
            }
        };
        let told = ending(self.facts, self.solution, &refutation.end);
        match &refutation.end {
            // The last step says it.
            Ending::Empty(variable, _)
                if refutation.steps.last().is_some_and(|step| step.variable == *variable && step.after.is_empty()) =>
            {
                if let Some(line) = lines.last_mut() {
                    line.kind = Kind::End;
                }
            }
            Ending::Empty(variable, _) => lines.push(end(told, Reason::Cases(Vec::new()), Some(*variable))),
            Ending::Violated(reason, _) => lines.push(end(told, reason.clone(), None)),
            Ending::Sum(sum) => lines.push(end(told, Reason::Together(sum.clone()), None)),
            Ending::Cases(_) if refutation.ends() > CASES => {
                let count = refutation.ends();
                let how = Text::new(
                    format!("分 {count} 种情形,每一种都有矛盾"),
                    format!("in {count} cases that cover all, each of which comes to a contradiction"),
                );
                lines.push(end(how, Reason::Cases(refutation.relations()), None));
            }
            Ending::Cases(both) => {
                for (at, (supposed, inner)) in both.iter().enumerate() {
                    let label = format!("{within}{}", at + 1);
                    let what = case(self.facts, self.solution, supposed);
                    let how = Text::new(format!("情形 {label}:{}", what.zh), format!("case {label}: {}", what.en));
                    lines.push(Line { kind: Kind::Case, how, interval: Interval::all(), ..Line::default() });
                    self.refute(inner, &format!("{label}."), number, bases, lines);
                }
            }
        }
    }

    /// The printed numbers that the steps use, the variable's own first.
    fn leaves(&self, variable: VarId, steps: &[Step]) -> Vec<VarId> {
        let used = steps.iter().flat_map(|step| step.because.iter().map(|(v, _)| *v));
        let mut leaves: Vec<VarId> = Vec::new();
        for v in std::iter::once(variable).chain(used) {
            let printed = self.facts.system.variables.get(v.0).is_some_and(|v| v.printed.is_some());
            if printed && !leaves.contains(&v) {
                leaves.push(v);
            }
        }
        leaves
    }

    /// The weakest basis of some variables: of those that steps have reached, and of printed numbers.
    fn weakest(&self, bases: &Bases, variables: impl Iterator<Item = VarId>) -> Basis {
        let of = |v: VarId| {
            let printed = || Some(self.facts.system.variables.get(v.0)?.printed.as_ref()?.format.basis);
            bases.get(&v).copied().or_else(printed).unwrap_or_default()
        };
        variables.map(of).max().unwrap_or_default()
    }

    fn step(&self, number: usize, step: &Step, bases: &mut Bases) -> Line {
        let (relation, basis, exhibit, section) = self.reason(&step.reason);
        let basis = basis.max(self.weakest(bases, step.because.iter().map(|(v, _)| *v)));
        bases.insert(step.variable, basis);
        let (how, left) = arithmetic(self.facts, self.solution, step);
        Line {
            kind: Kind::Step,
            of: String::new(),
            step: Some(number),
            cell: self.solution.name(step.variable).to_owned(),
            how: self.with_relations(how, &step.reason),
            interval: self.facts.in_unit(step.variable, &left),
            unit: self.facts.unit(step.variable).map(|unit| unit.code.clone()).unwrap_or_default(),
            relation,
            basis,
            exhibit,
            section,
        }
    }

    /// The relations that the arithmetic of a step does not show: those that are stated or assumed, and all of those that are
    /// used together.
    fn named(&self, reason: &Reason) -> Vec<RelationId> {
        let told = |id: &RelationId| {
            let form = self.facts.system.relations.get(id.0).map(|relation| &relation.form);
            !matches!(form, Some(Form::Rank { .. } | Form::RatioOrder { .. }))
        };
        let together = !matches!(reason, Reason::Relation(id) if told(id));
        let shown = |id: &RelationId| !self.is_assumed(*id) && self.facts.is_by(*id, Ground::Declared);
        let mut ids = reason.relations();
        ids.retain(|id| together || !shown(id));
        ids
    }

    fn is_assumed(&self, id: RelationId) -> bool {
        self.facts.system.relations.get(id.0).is_some_and(|relation| relation.basis == Basis::Assumed)
    }

    /// The arithmetic of a step with the relations that it does not show.
    fn with_relations(&self, how: Text, reason: &Reason) -> Text {
        let mut named: Vec<(Text, bool)> = Vec::new();
        for id in self.named(reason) {
            let Some(name) = self.facts.called(id).filter(|name| !name.en.is_empty()) else { continue };
            if !named.iter().any(|(known, _)| *known == name) {
                named.push((name, self.is_assumed(id)));
            }
        }
        if named.is_empty() {
            return how;
        }
        let list = |pick: fn(&Text) -> &String, word: &str, joint: &str| {
            let one = |(id, assumed): &(Text, bool)| {
                if *assumed { format!("{word}{}", pick(id)) } else { pick(id).clone() }
            };
            named.iter().map(one).collect::<Vec<_>>().join(joint)
        };
        let (zh, en) = (list(|id| &id.zh, "假定,", "、"), list(|id| &id.en, "assumed ", ", "));
        Text::new(format!("{}(据{zh})", how.zh), format!("{} (by {en})", how.en))
    }

    fn reason(&self, reason: &Reason) -> (String, Basis, Option<String>, Option<String>) {
        let ids = reason.relations();
        let mut texts: Vec<&str> =
            ids.iter().filter_map(|id| self.facts.system.relations.get(id.0)).map(|r| r.name.as_str()).collect();
        texts.dedup();
        let basis = ids
            .iter()
            .filter_map(|id| self.facts.system.relations.get(id.0))
            .map(|r| r.basis)
            .max()
            .unwrap_or_default();
        let list = |pick: &dyn Fn(RelationId) -> Option<String>| {
            let mut all: Vec<String> = ids.iter().filter_map(|id| pick(*id)).collect();
            all.sort();
            all.dedup();
            Some(all.join(", ")).filter(|text| !text.is_empty())
        };
        let exhibit = list(&|id| self.facts.origin(id)?.exhibit.clone());
        let section = list(&|id| self.facts.origin(id)?.section.clone());
        (texts.join("; "), basis, exhibit, section)
    }
}

/// What follows where a step rules out, case by case, what lies beyond an end: the contradictions to which that comes.
pub(super) fn ruled_out(facts: &mut Facts, step: &Step, before: usize, caps: &Caps) -> Vec<Line> {
    if step.variable.0 >= facts.system.variables.len() {
        return Vec::new();
    }
    let lower = step.after.lower.iter().filter(|_| step.after.lower != step.before.lower).map(|end| (Op::AtLeast, end));
    let upper = step.after.upper.iter().filter(|_| step.after.upper != step.before.upper).map(|end| (Op::AtMost, end));
    let fit = fit(&facts.system, &[step.variable], caps);
    let because = lower.chain(upper).flat_map(|(op, end)| {
        let statement = Statement::Compare(step.variable.into(), op, end.clone().into());
        settle(facts, fit, &statement, &[step.variable], caps).because
    });
    let because: Vec<Contradiction> = because.collect();
    contradictions(facts, &because, before, caps)
}

/// Decides by the relations nearby first: their proof is the shorter one, and found sooner. What is nearby may fit as it is
/// printed where the whole does not: then the whole alone decides.
pub(super) fn settle(facts: &Facts, fit: Fit, statement: &Statement, about: &[VarId], caps: &Caps) -> Decision {
    let steps = if fit == Fit::Widely { 0..0 } else { 0..3 };
    let near = steps.map(|steps| decide(&facts.around(about, steps), statement, caps));
    let settled = near.into_iter().find(|decision| decision.verdict != Verdict::Open && !decision.in_conflict);
    settled.unwrap_or_else(|| decide(&facts.system, statement, caps))
}

/// The contradictions to which it comes that a statement is otherwise, each below what is supposed. `of` numbers them where
/// there are several; `before` is the number of the last step.
pub(super) fn contradictions(
    facts: &mut Facts,
    because: &[Contradiction],
    mut before: usize,
    caps: &Caps,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, contradiction) in because.iter().enumerate() {
        let (refutation, solution) = contradiction.refutation(caps);
        let of = if because.len() > 1 { (at + 1).to_string() } else { String::new() };
        let told = facts.supposing(contradiction, |facts| {
            let said: Vec<&str> =
                contradiction.supposed.iter().map(|id| facts.system.relations[id.0].name.as_str()).collect();
            let how = Text::new(format!("设 {}", said.join("、")), format!("suppose {}", said.join(" and ")));
            let supposed = Line { kind: Kind::Supposed, how, interval: Interval::all(), ..Line::default() };
            let (mut lines, mut bases) = (vec![supposed], Bases::new());
            Proof { facts, solution: &solution }.refute(&refutation, "", &mut before, &mut bases, &mut lines);
            lines
        });
        lines.extend(told.into_iter().map(|line| Line { of: of.clone(), ..line }));
    }
    lines
}

/// What several relations say together, or stands in several cases of a proof, is shown once.
pub(super) fn dedup(lines: &mut Vec<Line>) {
    let mut seen = HashSet::new();
    lines.retain(|line| seen.insert((line.cell.clone(), line.relation.clone())));
}

/// What is said of numbers that do not fit as they are rounded.
pub(super) fn widely() -> Text {
    Text::new(
        "相关数字按四舍五入不能同时成立,故各按末位一个单位以内来读",
        "the numbers around it do not fit as rounded, so each is read within one unit of its last place",
    )
}

/// The row of a printed number.
pub(super) fn fact(facts: &Facts, variable: VarId) -> Line {
    let known = facts.system.variables.get(variable.0);
    let printed = known.and_then(|known| known.printed.as_ref());
    let (exhibit, section) = facts.source(variable);
    let interval =
        known.zip(printed).map(|(known, printed)| known.natural.intersect(&printed.interval)).unwrap_or_default();
    let cell = facts.place(variable).and_then(|place| facts.printed(place).ok());
    let how = cell.map_or_else(Text::default, |cell| {
        let mark = cell.mark.map(|mark| mark.title());
        let to = cell.to.as_deref().map_or(String::new(), |to| format!("–{to}"));
        let mark = mark.map_or((String::new(), String::new()), |mark| (mark.zh, format!("{} ", mark.en)));
        Text::new(format!("所载:{}{}{to}", mark.0, cell.digits), format!("printed: {}{}{to}", mark.1, cell.digits))
    });
    Line {
        cell: facts.name(variable),
        how,
        interval: facts.in_unit(variable, &interval),
        unit: facts.unit(variable).map(|unit| unit.code.clone()).unwrap_or_default(),
        basis: printed.map_or(Basis::Printed, |printed| printed.format.basis),
        exhibit,
        section,
        ..Line::default()
    }
}

/// The row of a relation.
pub(super) fn relation(facts: &Facts, id: RelationId) -> Option<Line> {
    let relation = facts.system.relations.get(id.0)?;
    // What a statement makes of a quotient says nothing by itself.
    let origin = facts.origin(id).filter(|origin| !origin.id.en.is_empty())?.clone();
    let said = if origin.statement.is_empty() { relation.name.as_str() } else { origin.statement.as_str() };
    let (zh, en) = if relation.basis == Basis::Assumed { ("假定", "assumed") } else { ("关系", "relation") };
    let how = match facts.is_by(id, Ground::Asked) {
        true => Text::new(format!("{zh}:{said}"), format!("{en}: {said}")),
        false => Text::new(format!("{zh}「{}」:{said}", origin.id.zh), format!("{en} {}: {said}", origin.id.en)),
    };
    Some(Line {
        kind: Kind::Relation,
        how,
        relation: relation.name.clone(),
        basis: relation.basis,
        exhibit: origin.exhibit,
        section: origin.section,
        interval: Interval::all(),
        ..Line::default()
    })
}

/// An answer of proof rows. `of` names the first column.
pub(super) fn answer(title: Text, of: (&str, &str, &str), lines: &[Line], lang: Lang) -> Answer {
    let text = |pick: &dyn Fn(&Line) -> String| {
        let cell = |line: &Line| Some(pick(line)).filter(|text| !text.is_empty()).map_or(Cell::Empty(None), Cell::Text);
        Values::Cells(lines.iter().map(cell).collect())
    };
    let column = |(key, zh, en): (&str, &str, &str), role, values| Column {
        key: key.to_owned(),
        title: Text::new(zh, en),
        unit: None,
        role,
        fold: false,
        values,
    };
    let end = |upper: bool| {
        let cell = |line: &Line| {
            let end = if upper { &line.interval.upper } else { &line.interval.lower };
            end.as_ref().map_or(Cell::Empty(None), |end| Cell::Number(bound(end.clone(), line.basis)))
        };
        Values::Cells(lines.iter().map(cell).collect())
    };
    let basis = |line: &Line| if line.kind.is_founded() { line.basis.code().to_owned() } else { String::new() };
    let steps = lines.iter().map(|line| line.step.map_or(Cell::Empty(None), |step| Cell::Text(step.to_string())));
    let columns = vec![
        column(of, Role::Attribute, text(&|line| line.of.clone())),
        column(("kind", "类别", "Kind"), Role::Attribute, text(&|line| line.kind.code().to_owned())),
        column(("step", "步骤", "Step"), Role::Attribute, Values::Cells(steps.collect())),
        column(("cell", "单元格", "Cell"), Role::Attribute, text(&|line| line.cell.clone())),
        column(("how", "算式", "How"), Role::Attribute, text(&|line| line.how.get(lang).to_owned())),
        column(("lower", "下界", "Lower bound"), Role::Companion, end(false)),
        column(("upper", "上界", "Upper bound"), Role::Companion, end(true)),
        column(("unit", "单位", "Unit"), Role::Attribute, text(&|line| line.unit.clone())),
        column(("relation", "关系", "Relation"), Role::Attribute, text(&|line| line.relation.clone())),
        column(("basis", "依据", "Basis"), Role::Attribute, text(&basis)),
        column(("exhibit", "图表", "Exhibit"), Role::Source, text(&|line| line.exhibit.clone().unwrap_or_default())),
        column(("section", "章节", "Section"), Role::Source, text(&|line| line.section.clone().unwrap_or_default())),
    ];
    // People read the arithmetic and where its numbers stand; the rest is for machines, or the same on every row.
    let one = lines.iter().all(|line| line.of == lines[0].of);
    let steps = lines.iter().any(|line| line.step.is_some());
    let hidden = |key: &str| match key {
        "kind" | "lower" | "upper" | "unit" | "relation" | "basis" | "exhibit" => true,
        "step" => !steps,
        key => key == of.0 && one,
    };
    let columns = columns.into_iter().map(|column| Column { fold: hidden(&column.key), ..column }).collect();
    Answer { title, columns, rows: lines.len(), ..Answer::default() }
}

/// An end of an interval as a number.
pub(super) fn bound(end: crate::precision::Rational, basis: Basis) -> Number {
    Number {
        bounds: Interval::exact(end.clone()),
        value: Value::Computed(end),
        claim: Claim::Exact,
        basis,
        mark: None,
        to: None,
    }
}

/// The packages whose numbers a proof rests on; its rows say where they stand.
pub(super) fn sources(facts: &Facts) -> Vec<Source> {
    Source::of_all(facts.tables.iter().map(|table| table.package))
}

/// Notes on relations that could not be used.
pub(super) fn faults(facts: &Facts) -> Vec<Text> {
    facts.faults.iter().map(Fault::left_out).collect()
}
