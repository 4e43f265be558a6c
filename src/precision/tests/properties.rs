//! What holds of every report.

use microlp::{ComparisonOp, OptimizationDirection, Problem};
use num_traits::ToPrimitive;

use super::random::{Report, Rng, shuffled};
use super::*;

fn least(claim: Claim) -> bool {
    matches!(claim, Claim::Exact | Claim::Tight)
}

#[test]
fn the_truth_lies_inside_and_raises_no_alarm() {
    let caps = Caps::default();
    let (mut narrowed, mut proven) = (0, 0);
    for seed in 0..1000 {
        let report = Report::random(seed);
        let solution = solve(&report.system, &caps);
        assert!(solution.conflicts().is_empty(), "seed {seed}: {:?}", solution.conflicts());
        for (v, truth) in report.truth.iter().enumerate().filter(|(v, _)| !report.absent.contains(&VarId(*v))) {
            let bound = solution.bound(VarId(v));
            assert!(bound.interval.contains(truth), "seed {seed}, {}: {bound:?}", report.system.variables[v].name);
            assert!(!least(bound.claim) || !bound.relations.is_empty(), "seed {seed}: {bound:?}");
            narrowed += usize::from(!matches!(bound.claim, Claim::Printed | Claim::Missing));
            proven += usize::from(least(bound.claim));
        }
    }
    assert!(proven * 10 > narrowed * 8, "{proven} of {narrowed}");
}

#[test]
fn order_of_writing_changes_nothing() {
    let caps = Caps::default();
    for seed in 0..150 {
        let report = Report::random(seed);
        let (other, place) = shuffled(&report.system, &mut Rng::new(seed));
        let (one, two) = (solve(&report.system, &caps), solve(&other, &caps));
        for (v, there) in place.iter().enumerate() {
            let (a, b) = (one.bound(VarId(v)), two.bound(*there));
            assert_eq!((a.interval, a.claim, a.basis), (b.interval, b.claim, b.basis), "seed {seed}");
        }
    }
}

#[test]
fn another_fact_never_widens() {
    let caps = Caps::default();
    for seed in 0..150 {
        let report = Report::random(seed);
        let mut less = report.system.clone();
        let mut rng = Rng::new(seed);
        let hidden = rng.below(less.variables.len() as u64) as usize;
        less.variables[hidden].printed = None;
        less.relations.remove(rng.below(less.relations.len() as u64) as usize);
        let (more, less) = (solve(&report.system, &caps), solve(&less, &caps));
        for v in (0..report.truth.len()).filter(|v| !report.absent.contains(&VarId(*v))) {
            let (a, b) = (more.bound(VarId(v)), less.bound(VarId(v)));
            assert!(a.claim == Claim::Outer || b.interval.encloses(&a.interval), "seed {seed}: {a:?} in {b:?}");
        }
    }
}

/// Whether a point satisfies one relation.
type Check = Box<dyn Fn(&[i64]) -> bool>;

/// Every point of a few small whole numbers that satisfies all relations: the bounds must be exactly its hull.
#[test]
fn bounds_equal_brute_force_on_whole_numbers() {
    let caps = Caps::default();
    let (mut compared, mut impossible, mut loose) = (0, 0, 0);
    for seed in 0..400 {
        let mut rng = Rng::new(seed);
        let mut s = System::default();
        let top = 9;
        let vars: Vec<VarId> = (0..4)
            .map(|i| {
                let upper = integer(1 + rng.below(top) as i64);
                let natural = Interval::new(integer(0), upper);
                s.variable(Variable { natural, ..Variable::count(format!("x{i}")) })
            })
            .collect();
        let mut checks: Vec<Check> = Vec::new();
        for _ in 0..2 + rng.below(2) {
            match rng.below(3) {
                0 => {
                    let a: Vec<i64> = (0..4).map(|_| rng.below(7) as i64 - 3).collect();
                    let (low, wide) = (rng.below(9) as i64 - 3, rng.below(3) as i64);
                    let terms = vars.iter().zip(&a).map(|(v, a)| (*v, integer(*a))).collect();
                    let expression = Linear { terms, constant: integer(0) };
                    let within = Interval::new(integer(low), integer(low + wide));
                    must(&mut s, Form::Linear { expression, within, strict: false });
                    checks.push(Box::new(move |x| {
                        let sum: i64 = x.iter().zip(&a).map(|(x, a)| x * a).sum();
                        low <= sum && sum <= low + wide
                    }));
                }
                1 => {
                    let (p, w) = (rng.below(4) as usize, rng.below(4) as usize);
                    if p == w {
                        continue;
                    }
                    let percent = rng.below(120) as i64;
                    let share = rate(&mut s, "share", &percent.to_string());
                    must(&mut s, Form::share(share, vars[p], vars[w]));
                    checks.push(Box::new(move |x| {
                        x[w] > 0 && (2 * percent - 1) * x[w] <= 200 * x[p] && 200 * x[p] <= (2 * percent + 1) * x[w]
                    }));
                }
                _ => {
                    let (of, rank) = (rng.below(4) as usize, 1 + rng.below(4) as usize);
                    must(&mut s, Form::Rank { of: vars[of], among: vars.clone(), ranks: rank..=rank });
                    checks.push(Box::new(move |x| x.iter().filter(|v| **v > x[of]).count() + 1 == rank));
                }
            }
        }
        let mut hull: Option<Vec<(i64, i64)>> = None;
        for code in 0..10_000 {
            let x = [code % 10, code / 10 % 10, code / 100 % 10, code / 1000];
            let inside = vars.iter().zip(x).all(|(v, x)| s.variables[v.0].natural.contains(&integer(x)));
            if inside && checks.iter().all(|check| check(&x)) {
                let known = hull.get_or_insert_with(|| x.iter().map(|x| (*x, *x)).collect());
                for (range, x) in known.iter_mut().zip(x) {
                    *range = (range.0.min(x), range.1.max(x));
                }
            }
        }
        let solution = solve(&s, &caps);
        let Some(hull) = hull else {
            impossible += 1;
            assert!(!solution.conflicts().is_empty(), "seed {seed}");
            for conflict in solution.conflicts() {
                assert!(conflict.verify(&s), "seed {seed}");
                loose += usize::from(!conflict.irreducible);
            }
            continue;
        };
        assert!(solution.conflicts().is_empty(), "seed {seed}");
        for (v, (low, high)) in vars.iter().zip(hull) {
            let bound = solution.bound(*v);
            let expected = Interval::new(integer(low), integer(high));
            assert_eq!(bound.interval, expected, "seed {seed}: {bound:?}");
            assert!(bound.claim != Claim::Outer, "seed {seed}: {bound:?}");
            compared += 1;
        }
    }
    assert!(compared > 300 && impossible > 50 && loose < 4, "{compared} {impossible} {loose}");
}

#[test]
fn bounds_equal_another_linear_program() {
    let caps = Caps::default();
    for seed in 0..40 {
        let mut rng = Rng::new(seed);
        let mut s = System::default();
        let count = 8 + rng.below(8) as usize;
        let truth: Vec<i64> = (0..count).map(|_| rng.below(100) as i64).collect();
        let natural = Interval::new(integer(0), integer(120));
        let vars: Vec<VarId> = (0..count)
            .map(|i| s.variable(Variable { natural: natural.clone(), ..Variable::level(format!("x{i}")) }))
            .collect();
        let mut rows: Vec<(Vec<i64>, i64, i64)> = Vec::new();
        for _ in 0..count {
            let a: Vec<i64> = (0..count).map(|_| if rng.one_in(3) { rng.below(11) as i64 - 5 } else { 0 }).collect();
            let sum: i64 = a.iter().zip(&truth).map(|(a, x)| a * x).sum();
            rows.push((a, sum - rng.below(20) as i64, sum + rng.below(20) as i64));
        }
        for (a, low, high) in &rows {
            let terms = vars.iter().zip(a).map(|(v, a)| (*v, integer(*a))).collect();
            let expression = Linear { terms, constant: integer(0) };
            must(
                &mut s,
                Form::Linear { expression, within: Interval::new(integer(*low), integer(*high)), strict: false },
            );
        }
        let solution = solve(&s, &caps);
        for (i, v) in vars.iter().enumerate() {
            let bound = solution.bound(*v);
            assert!(bound.claim != Claim::Outer, "seed {seed} {bound:?}");
            for direction in [OptimizationDirection::Minimize, OptimizationDirection::Maximize] {
                let upper = matches!(direction, OptimizationDirection::Maximize);
                let mut problem = Problem::new(direction);
                let columns: Vec<_> =
                    (0..count).map(|j| problem.add_var(if i == j { 1.0 } else { 0.0 }, (0.0, 120.0))).collect();
                for (a, low, high) in &rows {
                    let row = || columns.iter().zip(a).map(|(c, a)| (*c, *a as f64)).collect::<Vec<_>>();
                    problem.add_constraint(row(), ComparisonOp::Ge, *low as f64);
                    problem.add_constraint(row(), ComparisonOp::Le, *high as f64);
                }
                let found = problem.solve().unwrap().objective();
                let end = if upper { &bound.interval.upper } else { &bound.interval.lower };
                let end = end.as_ref().and_then(ToPrimitive::to_f64).unwrap();
                assert!((found - end).abs() < 1e-6, "seed {seed}: {found} {end}");
            }
        }
    }
}

#[test]
fn conflicts_are_irreducible_and_verified() {
    let caps = Caps::default();
    let (mut certain, mut held, mut loose) = (0, 0, 0);
    for seed in 0..300 {
        let mut report = Report::random(seed);
        let mut rng = Rng::new(seed);
        let victim = rng.below(report.truth.len() as u64) as usize;
        let Some(printed) = report.system.variables[victim].printed.clone() else { continue };
        let mut digits = printed.digits.clone().into_bytes();
        let place = rng.below(digits.len() as u64) as usize;
        if !digits[place].is_ascii_digit() {
            continue;
        }
        digits[place] = b'0' + (digits[place] - b'0' + 1 + rng.below(9) as u8) % 10;
        let digits = String::from_utf8(digits).unwrap();
        report.system.variables[victim].printed = Some(Printed::parse(&digits, &printed.format).unwrap());
        let solution = solve(&report.system, &caps);
        for conflict in solution.conflicts() {
            assert!(conflict.verify(&report.system), "seed {seed}: {conflict:?}");
            loose += usize::from(!conflict.irreducible);
            certain += usize::from(conflict.severity == Severity::Certain);
        }
        held += usize::from(solution.conflicts().is_empty());
    }
    assert!(certain > 40 && loose * 20 <= certain, "{certain} found, {loose} not proven irreducible, {held} without");
}

/// Sums of factors by variable, zeros left out.
fn merged<'a>(terms: impl Iterator<Item = (VarId, Rational)> + 'a) -> std::collections::BTreeMap<VarId, Rational> {
    let mut sums = std::collections::BTreeMap::new();
    for (v, factor) in terms {
        *sums.entry(v).or_insert_with(|| integer(0)) += factor;
    }
    sums.retain(|_, factor| *factor != integer(0));
    sums
}

/// What a proof says is redone: it uses only what is known by then, its weighted sums are identities, and it ends at the bound.
#[test]
fn explanations_can_be_redone() {
    let caps = Caps::default();
    let (mut steps_seen, mut sums) = (0, 0);
    for seed in 0..300 {
        let report = Report::random(seed);
        let solution = solve(&report.system, &caps);
        for v in 0..report.truth.len() {
            let bound = solution.bound(VarId(v));
            let steps = solution.explain(VarId(v));
            if !matches!(bound.claim, Claim::Exact | Claim::Tight | Claim::Outer) {
                continue;
            }
            let mut known: std::collections::BTreeMap<VarId, Interval> = std::collections::BTreeMap::new();
            let start = |v: VarId| match report.system.variables.get(v.0) {
                Some(variable) => variable
                    .printed
                    .as_ref()
                    .map_or_else(|| variable.natural.clone(), |p| variable.natural.intersect(&p.interval)),
                None => Interval::all(),
            };
            for step in &steps {
                steps_seen += 1;
                for (used, interval) in step.because.iter().filter(|(used, _)| used.0 < report.truth.len()) {
                    let had = known.get(used).cloned().unwrap_or_else(|| start(*used));
                    assert!(interval.encloses(&had), "seed {seed}: {used:?} {interval:?} of {had:?}");
                }
                if let Reason::Together(sum) = &step.reason {
                    sums += 1;
                    let right = sum.terms.iter().flat_map(|term| {
                        term.expression.iter().map(move |(v, a)| (*v, a * &term.factor)).collect::<Vec<_>>()
                    });
                    assert_eq!(merged(sum.left.iter().cloned()), merged(right), "seed {seed}");
                    let end: Rational = sum.terms.iter().map(|term| &term.factor * &term.end).sum();
                    assert_eq!(end, sum.end, "seed {seed}");
                    for term in sum.terms.iter().filter(|term| term.relations.is_empty()) {
                        let used = term.expression[0].0;
                        let interval = &step.because.iter().find(|(v, _)| *v == used).unwrap().1;
                        let upper = (term.factor > integer(0)) == sum.upper;
                        let own = if upper { &interval.upper } else { &interval.lower };
                        assert_eq!(own.as_ref(), Some(&term.end), "seed {seed}");
                    }
                    if sum.rate.is_none() {
                        assert_eq!(merged(sum.left.iter().cloned()), merged([(step.variable, integer(1))].into_iter()));
                        let after = if sum.upper { &step.after.upper } else { &step.after.lower };
                        let counts = report.system.variables.get(step.variable.0).is_some_and(|v| v.whole);
                        let reached = match (counts, sum.upper) {
                            (false, _) => sum.end.clone(),
                            (true, true) => sum.end.floor(),
                            (true, false) => sum.end.ceil(),
                        };
                        assert_eq!(after.as_ref(), Some(&reached), "seed {seed}");
                    }
                }
                let had = known.entry(step.variable).or_insert_with(|| start(step.variable));
                *had = had.intersect(&step.after);
            }
            let reached = known.remove(&VarId(v)).unwrap_or_else(|| start(VarId(v)));
            let reached = if report.system.variables[v].whole { reached.whole() } else { reached };
            assert_eq!(reached, bound.interval, "seed {seed}, {}: {steps:?}", report.system.variables[v].name);
        }
    }
    assert!(steps_seen > 1000 && sums > 50, "{steps_seen} {sums}");
}
