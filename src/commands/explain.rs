//! `explain`: how a cell, or an expression of cells, is known. Printed numbers with their sections, then each step as arithmetic.

use std::collections::BTreeSet;

use super::guide;
use super::proof::{self, Proof};
use crate::answer::Answer;
use crate::catalog::{Catalog, Found};
use crate::error::{Error, Result};
use crate::facts::{Facts, collect};
use crate::line::Edit;
use crate::precision::{Caps, Claim, Reason, VarId};
use crate::reference::Reference;
use crate::statement::{Expr, Misread, expression};
use crate::text::{Lang, Text};

/// What is to be explained.
enum Target {
    /// Every derived cell of a dataset.
    Dataset(String),
    /// Cells.
    Cells(Reference),
    /// A sum, a quotient, a rate.
    Expression(Expr),
}

impl Target {
    fn read(text: &str) -> std::result::Result<Target, Misread> {
        let Ok(reference) = Reference::parse(text) else {
            return expression(text).map(Target::Expression);
        };
        let plain = reference.measure.is_none() && reference.key.is_empty() && reference.period.is_none();
        Ok(match &reference.dataset {
            Some(address) if plain => Target::Dataset(address.clone()),
            _ => Target::Cells(reference),
        })
    }

    fn addresses(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        match self {
            Target::Dataset(address) => found.extend([address.clone()]),
            Target::Cells(reference) => found.extend(reference.dataset.clone()),
            Target::Expression(expr) => collect(expr, &mut found),
        }
        found
    }
}

/// The proofs of cells and of expressions, or of every derived cell of datasets.
///
/// # Errors
/// A target names what does not exist.
pub(super) fn answer(catalog: &Catalog, targets: &[String], assume: &[String], lang: Lang) -> Result<Answer> {
    if let Some(addresses) = catalog.joined(targets) {
        let title = ("要写明数据集的地址", "a dataset is named by its address");
        let line = format!("{} explain {}", env!("CARGO_PKG_NAME"), addresses.join(" "));
        return Err(crate::error::Error::new(title.0, title.1).hint(line));
    }
    let mut datasets: Vec<Found> = Vec::new();
    let mut parsed = Vec::new();
    for text in targets {
        let target = Target::read(text).map_err(|misread| refusal(catalog, text, None, &misread))?;
        for address in target.addresses() {
            datasets.push(catalog.resolve(&address)?);
        }
        parsed.push((text, target));
    }
    let own = datasets.clone();
    datasets.extend(super::assume::datasets(catalog, assume, own.first().copied())?);
    let mut facts = Facts::about(catalog, &datasets)?;
    let notes = super::assume::apply(catalog, &mut facts, assume, &own)?;
    let mut wanted: Vec<(VarId, bool)> = Vec::new();
    let mut names = Vec::new();
    for (text, target) in parsed {
        let refused = |facts: &Facts, misread: Misread| {
            let mended = misread.mended(text, |text| match Target::read(text)? {
                Target::Cells(reference) => facts.cells(&reference).map(|_| ()),
                Target::Dataset(_) | Target::Expression(_) => Ok(()),
            });
            refusal(catalog, text, mended, &misread)
        };
        match &target {
            Target::Dataset(address) => {
                let table = facts.table_of(catalog.resolve(address)?);
                wanted.extend(table.into_iter().flat_map(|table| facts.variables_of(table)).map(|v| (v, false)));
            }
            Target::Cells(reference) => {
                let cells = facts.cells(reference).map_err(|misread| refused(&facts, misread))?;
                wanted.extend(cells.into_iter().map(|v| (v, true)));
            }
            Target::Expression(expr) => {
                let named = facts.named(expr, text.trim());
                let named = named.map_err(|misread| refused(&facts, misread))?;
                wanted.push((named, true));
            }
        }
        names.push(text.as_str());
    }
    let variables: Vec<VarId> = wanted.iter().map(|(v, _)| *v).collect();
    let solution = facts.solve(&variables, &Caps::default());
    let contradicted = facts.contradicted(&variables, &Caps::default());
    let proofs = Proof { facts: &facts, solution: &solution };
    let mut lines = Vec::new();
    let mut said = Vec::new();
    let mut searched = Vec::new();
    for (variable, asked) in wanted {
        let claim = solution.bound(variable).claim;
        let steps = match claim {
            Claim::Exact | Claim::Tight | Claim::Outer => {
                let steps = solution.explain(variable);
                let own = proofs.of(variable, &steps);
                searched.push((lines.len() + own.len(), steps));
                own
            }
            _ if asked => {
                said.push(nothing(&facts, variable, claim, &contradicted));
                let own = proof::fact(&facts, variable);
                let of = facts.name(variable);
                let printed = facts.system.variables.get(variable.0).is_some_and(|v| v.printed.is_some());
                if printed { vec![proof::Line { of, ..own }] } else { Vec::new() }
            }
            _ => Vec::new(),
        };
        if !steps.is_empty() && asked {
            said.extend(conclusion(&facts, &solution, variable));
        }
        lines.extend(steps);
    }
    for (at, steps) in searched.into_iter().rev() {
        let of = lines.get(at.saturating_sub(1)).map(|line| line.of.clone()).unwrap_or_default();
        let mut number = steps.len();
        let mut more = Vec::new();
        for step in steps.iter().filter(|step| matches!(step.reason, Reason::Cases(_))) {
            let ruled_out = proof::ruled_out(&mut facts, step, number, &Caps::default());
            number += ruled_out.iter().filter(|line| line.step.is_some()).count();
            more.extend(ruled_out.into_iter().map(|line| proof::Line { of: of.clone(), ..line }));
        }
        lines.splice(at..at, more);
    }
    let title = Text::new(format!("{} 从何而知", names.join("、")), format!("How {} is known", names.join(", ")));
    let mut answer = proof::answer(title, ("of", "所证", "Of"), &lines, lang);
    answer.notes = said;
    answer.notes.extend(solution.is_wide(variables).then(proof::widely));
    answer.notes.extend(notes);
    answer.notes.extend(proof::faults(&facts));
    answer.sources = proof::sources(&facts);
    Ok(answer)
}

/// The refusal of a target, with what was meant, else a cell that there is: of its dataset, if that is known.
fn refusal(catalog: &Catalog, target: &str, mended: Option<String>, misread: &Misread) -> Error {
    let cell = mended.or_else(|| guide::cell_like(catalog, target));
    let error = misread.error(target);
    cell.into_iter().fold(error, |error, cell| error.instead([Edit::word(target, cell)]))
}

/// What was asked for, in one line.
fn conclusion(facts: &Facts, solution: &crate::precision::Solution, variable: VarId) -> Option<Text> {
    let bound = solution.bound(variable);
    let interval = facts.in_unit(variable, &bound.interval);
    let text = crate::facts::interval_text(&interval);
    // A value without an end of digits is a fraction.
    let fraction = interval.lower.as_ref().filter(|_| interval.is_exact() && text.contains('–'));
    let interval = fraction.map_or(text, |value| format!("{value} ≈ {}", crate::render::nearest_text(value)));
    let unit = facts.unit(variable).map(|unit| unit.title.clone()).unwrap_or_default();
    let behind = |unit: &String| if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let (own_zh, own_en) = (behind(&unit.zh), behind(&unit.en));
    let (zh, en) = match bound.claim {
        Claim::Exact => ("由此确定", "follows exactly"),
        Claim::Tight => ("由此可得的最窄界限", "the least interval that follows"),
        Claim::Outer => ("由此可得的界限,未必最窄", "bounds that follow, not proven least"),
        _ => return None,
    };
    let name = facts.name(variable);
    Some(Text::new(format!("{name}:{interval}{own_zh}({zh})"), format!("{name}: {interval}{own_en} ({en})")))
}

fn nothing(facts: &Facts, variable: VarId, claim: Claim, contradicted: &[String]) -> Text {
    let name = facts.name(variable);
    match claim {
        Claim::Conflict => {
            let why = super::assume::conflict(contradicted);
            Text::new(format!("{name}:{},不作推断", why.zh), format!("{name}: {}; nothing is derived", why.en))
        }
        Claim::Printed => Text::new(
            format!("{name}:所载如此,别无数字可使其更窄"),
            format!("{name}: printed so, and nothing else narrows it"),
        ),
        _ => {
            Text::new(format!("{name}:报告未载,也推不出"), format!("{name}: not printed, and nothing follows about it"))
        }
    }
}
