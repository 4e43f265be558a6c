//! The steps of conflicts, gone through by arithmetic of the tests' own.

use std::collections::BTreeMap;

use super::random::{Report, Rng};
use super::*;

type Known = BTreeMap<VarId, Interval>;

fn least(range: &Interval, factor: &Rational) -> Option<Rational> {
    let end = if *factor > integer(0) { &range.lower } else { &range.upper };
    end.as_ref().map(|end| end * factor)
}

fn most(range: &Interval, factor: &Rational) -> Option<Rational> {
    least(range, &-factor).map(|end| -end)
}

/// Whether `after` claims no more of a variable than a linear relation says.
fn follows(terms: &[(VarId, Rational)], within: &Interval, step: &Step, used: &Known, whole: bool) -> bool {
    let Some((_, own)) = terms.iter().find(|(v, _)| *v == step.variable) else { return true };
    let others = || terms.iter().filter(|(v, _)| *v != step.variable);
    let sum = |end: fn(&Interval, &Rational) -> Option<Rational>| {
        others().try_fold(integer(0), |sum, (v, factor)| Some(sum + end(&used[v], factor)?))
    };
    let low = within.lower.clone().zip(sum(most)).map(|(end, rest)| (end - rest) / own);
    let high = within.upper.clone().zip(sum(least)).map(|(end, rest)| (end - rest) / own);
    let (mut low, mut high) = if *own > integer(0) { (low, high) } else { (high, low) };
    if whole {
        low = low.map(|end| end.ceil());
        high = high.map(|end| end.floor());
    }
    let raised =
        step.after.lower == step.before.lower || low.zip(step.after.lower.clone()).is_some_and(|(a, b)| b <= a);
    let cut = step.after.upper == step.before.upper || high.zip(step.after.upper.clone()).is_some_and(|(a, b)| b >= a);
    raised && cut
}

fn replay(system: &System, refutation: &Refutation, mut known: Known, counts: &mut [usize; 4]) {
    for step in &refutation.steps {
        let is_own = step.variable.0 < system.variables.len();
        let start = || Interval::all();
        if is_own {
            assert_eq!(known[&step.variable], step.before);
        }
        let mut used = known.clone();
        for (variable, range) in &step.because {
            if variable.0 < system.variables.len() {
                assert_eq!(known.get(variable).cloned().unwrap_or_else(start), *range, "{variable:?}");
            }
            used.insert(*variable, range.clone());
        }
        let Reason::Relation(id) = &step.reason else { panic!("{step:?}") };
        if let Form::Linear { expression, within, strict: false } = &system.relations[id.0].form {
            let expression = expression.clone().merged();
            let within = within.sub(&Interval::exact(expression.constant.clone()));
            let whole = is_own && system.variables[step.variable.0].whole;
            assert!(follows(&expression.terms, &within, step, &used, whole), "{step:?}");
            counts[0] += 1;
        }
        known.insert(step.variable, step.after.clone());
    }
    match &refutation.end {
        Ending::Empty(variable, range) => {
            let whole = variable.0 < system.variables.len() && system.variables[variable.0].whole;
            let range = if whole { range.whole() } else { range.clone() };
            assert!(range.is_empty(), "{variable:?} {range:?}");
            counts[1] += 1;
        }
        Ending::Violated(..) => counts[1] += 1,
        Ending::Sum(sum) => {
            let mut left: BTreeMap<VarId, Rational> = BTreeMap::new();
            for term in &sum.terms {
                for (v, a) in &term.expression {
                    *left.entry(*v).or_insert_with(|| integer(0)) += a * &term.factor;
                }
                if term.relations.is_empty() {
                    let Some(range) = known.get(&term.expression[0].0) else { continue };
                    let end = if term.factor > integer(0) { &range.upper } else { &range.lower };
                    assert_eq!(end.as_ref(), Some(&term.end));
                }
            }
            assert!(left.values().all(|factor| *factor == integer(0)), "{sum:?}");
            let total = sum.terms.iter().fold(integer(0), |total, term| total + &term.factor * &term.end);
            assert!(total == sum.end && total <= integer(0), "{sum:?}");
            counts[2] += 1;
        }
        Ending::Cases(both) => {
            for (case, inner) in both.iter() {
                let mut known = known.clone();
                let (variable, range) = match case {
                    Case::AtMost(v, end) => (*v, Interval { lower: None, upper: Some(end.clone()) }),
                    Case::AtLeast(v, end) => (*v, Interval { lower: Some(end.clone()), upper: None }),
                    Case::NotAbove(v, _) | Case::Above(v, _) => (*v, Interval::all()),
                };
                let narrowed = known.get(&variable).cloned().unwrap_or_default().intersect(&range);
                known.insert(variable, narrowed);
                replay(system, inner, known, counts);
            }
            counts[3] += 1;
        }
    }
}

/// A misprinted number of a random report: the first digit turned into another.
fn corrupted(seed: u64) -> Option<System> {
    let mut report = Report::random(seed);
    let mut rng = Rng::new(seed);
    let victim = rng.below(report.truth.len() as u64) as usize;
    let printed = report.system.variables[victim].printed.clone()?;
    let digits = format!("{}{}", 1 + rng.below(9), printed.digits.trim_start_matches('-'));
    report.system.variables[victim].printed = Some(Printed::parse(&digits, &printed.format).ok()?);
    Some(report.system)
}

#[test]
fn steps_of_conflicts_come_to_a_contradiction() {
    let caps = Caps::default();
    let mut counts = [0; 4];
    for system in (0..80).filter_map(corrupted) {
        let solution = solve(&system, &caps);
        for conflict in solution.conflicts().iter().filter(|conflict| conflict.severity == Severity::Certain) {
            let start = system.variables.iter().enumerate().map(|(at, variable)| {
                let printed = variable.printed.as_ref().filter(|_| conflict.variables.contains(&VarId(at)));
                let range = printed.map_or(variable.natural.clone(), |p| p.interval.intersect(&variable.natural));
                (VarId(at), if variable.whole { range.whole() } else { range })
            });
            replay(&system, &conflict.refutation(&system, &caps), start.collect(), &mut counts);
        }
    }
    assert!(counts[0] > 20 && counts[1] > 20 && counts[2] > 0, "{counts:?}");
}

/// 30 + 20 is not 87: one step, and no more than it needs.
#[test]
fn a_sum_that_does_not_add_up_takes_one_step() {
    let mut system = System::default();
    let parts = [whole(&mut system, "p", "30"), whole(&mut system, "q", "20")];
    let total = whole(&mut system, "t", "87");
    let beside = whole(&mut system, "u", "");
    must(&mut system, Form::sum(total, parts));
    must(&mut system, Form::less(total.into(), &beside.into(), false));
    let caps = Caps::default();
    let solution = solve(&system, &caps);
    let refutation = solution.conflicts()[0].refutation(&system, &caps);
    assert_eq!(refutation.steps.len(), 1, "{refutation:?}");
    assert!(refutation.steps[0].after.is_empty() && refutation.ends() == 1);
}
