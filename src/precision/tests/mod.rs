//! Tests of the whole: the report's own examples by hand, properties on random systems, hostile input.

mod examples;
mod hostile;
mod properties;
mod random;
mod recall;
mod refutations;
mod zeros;

use super::*;

/// A whole number or decimal as an exact rational.
fn n(digits: &str) -> Rational {
    Printed::parse(digits, &Format::default()).unwrap().value
}

fn rounded(digits: &str) -> Printed {
    Printed::parse(digits, &Format::default()).unwrap()
}

fn count(digits: &str) -> Printed {
    Printed::parse(digits, &Format { whole: true, ..Format::default() }).unwrap()
}

fn marked(digits: &str, mark: Mark) -> Printed {
    Printed::parse(digits, &Format { mark, ..Format::default() }).unwrap()
}

/// Level, count or rate with a printed number or none.
fn level(system: &mut System, name: &str, digits: &str) -> VarId {
    let variable = Variable::level(name);
    system.variable(if digits.is_empty() { variable } else { variable.with(rounded(digits)) })
}

fn whole(system: &mut System, name: &str, digits: &str) -> VarId {
    let variable = Variable::count(name);
    system.variable(if digits.is_empty() { variable } else { variable.with(count(digits)) })
}

fn rate(system: &mut System, name: &str, digits: &str) -> VarId {
    let variable = Variable::rate(name);
    system.variable(if digits.is_empty() { variable } else { variable.with(rounded(digits)) })
}

fn must(system: &mut System, form: Form) -> RelationId {
    let name = format!("r{}", system.relations.len());
    system.relate(Relation::printed(name, form))
}

fn shown(solution: &Solution, variable: VarId) -> (Claim, String) {
    let bound = solution.bound(variable);
    let (lower, upper) = bound.interval.outward(9);
    (bound.claim, format!("{}..{}", lower.unwrap_or_default(), upper.unwrap_or_default()))
}
