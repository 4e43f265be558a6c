//! Input that no report has: an answer comes soon, is never wrong, and never panics.

use std::time::{Duration, Instant};

use super::random::Rng;
use super::*;

/// Solves, and fails if that takes unreasonably long (debug builds on a busy machine included).
fn soon(system: &System) -> Solution {
    let start = Instant::now();
    let solution = solve(system, &Caps::default());
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    solution
}

#[test]
fn numbers_of_thousands_of_digits() {
    let mut s = System::default();
    let digits = format!("{}.{}", "7".repeat(3000), "3".repeat(3000));
    let parts: Vec<VarId> =
        (0..6).map(|i| level(&mut s, &format!("p{i}"), if i % 2 == 0 { &digits } else { "" })).collect();
    let total = level(&mut s, "total", &"9".repeat(4000));
    must(&mut s, Form::sum(total, parts.clone()));
    for part in &parts {
        let share = rate(&mut s, "share", "");
        must(&mut s, Form::share(share, *part, total));
    }
    let solution = soon(&s);
    assert!(solution.conflicts().is_empty());
    let printed = solution.bound(parts[0]);
    assert!(printed.interval.encloses(&rounded(&digits).interval) && printed.claim != Claim::Tight);
}

#[test]
fn orders_that_contradict() {
    let mut s = System::default();
    let (a, b) = (level(&mut s, "a", ""), level(&mut s, "b", ""));
    must(&mut s, Form::less(a.into(), &b.into(), true));
    must(&mut s, Form::less(b.into(), &a.into(), true));
    let conflict = soon(&s).conflicts()[0].clone();
    assert!(conflict.verify(&s) && conflict.irreducible && conflict.relations.len() == 2);
    // Over whole numbers propagation alone would count up for ever.
    let mut s = System::default();
    let vars: Vec<VarId> = (0..5).map(|_| whole(&mut s, "x", "")).collect();
    for i in 0..5 {
        must(&mut s, Form::less(vars[i].into(), &vars[(i + 1) % 5].into(), true));
    }
    let conflict = soon(&s).conflicts()[0].clone();
    assert!(conflict.verify(&s) && conflict.irreducible && conflict.relations.len() == 5);
}

#[test]
fn nothing_to_hold_on_to() {
    let mut s = System::default();
    let vars: Vec<VarId> = (0..4).map(|i| s.variable(Variable::rate(format!("x{i}")))).collect();
    must(&mut s, Form::sum(vars[0], vars[1..].to_vec()));
    let ratio = rate(&mut s, "ratio", "");
    must(&mut s, Form::share(ratio, vars[1], vars[2]));
    must(&mut s, Form::Rank { of: vars[3], among: vars.clone(), ranks: 3..=3 });
    must(&mut s, Form::RatioOrder { levels: vars.clone(), rates: Vec::new(), rising: true });
    must(
        &mut s,
        Form::Rate { rate: ratio, part: vars[3].into(), whole: vars[3].into(), scale: Scale::Growth { years: 7 } },
    );
    let solution = soon(&s);
    assert!(vars.iter().all(|v| solution.bound(*v).interval.is_all() || solution.bound(*v).claim != Claim::Tight));
}

#[test]
fn relations_that_make_no_sense() {
    let mut s = System::default();
    let a = level(&mut s, "a", "5");
    let ghost = must(&mut s, Form::sum(a, [VarId(99)]));
    let zero = must(&mut s, Form::Rate { rate: a, part: a.into(), whole: a.into(), scale: Scale::Growth { years: 0 } });
    let empty = must(&mut s, Form::equal(n("1").into(), &n("2").into()));
    let rank = must(&mut s, Form::Rank { of: a, among: vec![a], ranks: 0..=0 });
    must(&mut s, Form::sum(a, []));
    must(&mut s, Form::share(a, a, a));
    must(&mut s, Form::RatioOrder { levels: vec![a], rates: Vec::new(), rising: true });
    let solution = soon(&s);
    assert_eq!(solution.ignored().collect::<Vec<_>>(), [ghost, zero]);
    let alone: Vec<_> = solution.conflicts().iter().map(|conflict| conflict.relations.clone()).collect();
    assert!(alone.contains(&vec![empty]) && alone.contains(&vec![rank]), "{alone:?}");
    assert!(solution.conflicts().iter().all(|conflict| conflict.verify(&s)));
    assert_eq!(solution.bound(VarId(77)).claim, Claim::Missing);
    assert!(solution.explain(VarId(77)).is_empty());
    assert_eq!(
        decide(&s, &Statement::Compare(VarId(77).into(), Op::Less, a.into()), &Caps::default()).verdict,
        Verdict::Open
    );
}

#[test]
fn a_component_beyond_the_caps() {
    let mut rng = Rng::new(7);
    let mut s = System::default();
    let vars: Vec<VarId> =
        (0..3000).map(|i| whole(&mut s, &format!("x{i}"), if i % 3 == 0 { "50" } else { "" })).collect();
    for _ in 0..3000 {
        let pick = |rng: &mut Rng| vars[rng.below(3000) as usize];
        let (a, b, c) = (pick(&mut rng), pick(&mut rng), pick(&mut rng));
        let sum = Linear::sum([a, b, c]);
        must(
            &mut s,
            Form::Linear { expression: sum, within: Interval::new(integer(100), integer(200)), strict: false },
        );
    }
    let solution = soon(&s);
    assert!(vars.iter().all(|v| solution.bound(*v).claim != Claim::Tight));
}

#[test]
fn a_hard_knapsack_stops() {
    // Market split: four equalities over forty 0–1 variables, far beyond the caps.
    let mut rng = Rng::new(3);
    let mut s = System::default();
    let vars: Vec<VarId> = (0..40)
        .map(|i| {
            s.variable(Variable { natural: Interval::new(integer(0), integer(1)), ..Variable::count(format!("x{i}")) })
        })
        .collect();
    for _ in 0..4 {
        let terms: Vec<(VarId, Rational)> = vars.iter().map(|v| (*v, integer(rng.below(100) as i64))).collect();
        let half: Rational = terms.iter().map(|(_, a)| a.clone()).sum::<Rational>() / integer(2);
        let expression = Linear { terms, constant: integer(0) };
        must(&mut s, Form::Linear { expression, within: Interval::exact(half.floor()), strict: false });
    }
    let solution = soon(&s);
    assert!(vars.iter().all(
        |v| solution.bound(*v).interval.contains(&integer(0)) || solution.bound(*v).interval.contains(&integer(1))
    ));
}

#[test]
fn slow_convergence_is_the_simplex_business() {
    // x = y/2 + 1, y = x: x = 2 at the end of a long walk.
    let mut s = System::default();
    let (x, y) = (level(&mut s, "x", ""), level(&mut s, "y", ""));
    let half = Rational::new(1.into(), 2.into());
    must(&mut s, Form::equal(x.into(), &Linear::from(y).times(&half).plus(&integer(1).into())));
    must(&mut s, Form::equal(x.into(), &y.into()));
    let solution = soon(&s);
    assert_eq!(shown(&solution, x), (Claim::Exact, "2..2".into()));
}
