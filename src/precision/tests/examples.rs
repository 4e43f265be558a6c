//! What must come out of the report, each with its arithmetic.

use super::*;

#[test]
fn last_years_level_from_growth() {
    // 1751 is 1750.5 to 1751.5, 11.9 % is 11.85 to 11.95: last year 1750.5/1.1195 = 1563.64 to 1751.5/1.1185 = 1565.94.
    let mut s = System::default();
    let now = level(&mut s, "2023", "1751");
    let before = level(&mut s, "2022", "");
    let growth = rate(&mut s, "growth", "11.9");
    let relation = must(&mut s, Form::growth(growth, now, before));
    let solution = solve(&s, &Caps::default());
    let bound = solution.bound(before);
    assert_eq!(bound.interval, Interval::new(n("1750.5") / n("1.1195"), n("1751.5") / n("1.1185")));
    assert_eq!((bound.claim, bound.relations), (Claim::Tight, vec![relation]));
    assert_eq!(solution.bound(now).claim, Claim::Printed);
    let steps = solution.explain(before);
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].reason, Reason::Relation(relation));
    assert_eq!(steps[0].because.len(), 2);
}

#[test]
fn patents_two_years_back() {
    // 6080 after −9.5 %: 6080/0.9055 = 6714.5 to 6080/0.9045 = 6721.9, whole 6715 to 6721; before −16.8 %:
    // 6715/0.8325 = 8066.1 to 6721/0.8315 = 8082.98, whole 8067 to 8082.
    let mut s = System::default();
    let last = whole(&mut s, "2023", "6080");
    let middle = whole(&mut s, "2022", "");
    let first = whole(&mut s, "2021", "");
    let (fall, earlier) = (rate(&mut s, "fall", "-9.5"), rate(&mut s, "earlier", "-16.8"));
    must(&mut s, Form::growth(fall, last, middle));
    must(&mut s, Form::growth(earlier, middle, first));
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, middle), (Claim::Tight, "6715..6721".into()));
    assert_eq!(shown(&solution, first), (Claim::Tight, "8067..8082".into()));
    assert_eq!(solution.explain(first).len(), 2);
}

#[test]
fn seed_round_from_the_subtotal() {
    // ceil(0.7235·1114) = ceil(805.98) = 806 to floor(0.7245·1114) = floor(807.09) = 807; less 295 + 337 = 632:
    // 174 to 175. And 295/1114 = 26.48 % prints as 26.5.
    let mut s = System::default();
    let total = whole(&mut s, "total", "1114");
    let subtotal = whole(&mut s, "seed to A", "");
    let (seed, angel, a) = (whole(&mut s, "seed", ""), whole(&mut s, "angel", "295"), whole(&mut s, "A", "337"));
    let share = rate(&mut s, "share", "72.4");
    let (angels, seeds) = (rate(&mut s, "angel share", "26.5"), rate(&mut s, "seed share", ""));
    must(&mut s, Form::share(share, subtotal, total));
    must(&mut s, Form::share(angels, angel, total));
    must(&mut s, Form::share(seeds, seed, total));
    must(&mut s, Form::sum(subtotal, [seed, angel, a]));
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, subtotal), (Claim::Tight, "806..807".into()));
    assert_eq!(shown(&solution, seed), (Claim::Tight, "174..175".into()));
    assert_eq!(solution.bound(seeds).interval, Interval::new(n("17400") / n("1114"), n("17500") / n("1114")));
    assert_eq!(solution.bound(seeds).claim, Claim::Tight);
    assert!(solution.conflicts().is_empty());
    let steps = solution.explain(seed);
    assert_eq!(steps.iter().map(|step| step.variable).collect::<Vec<_>>(), [subtotal, seed]);
}

#[test]
fn companies_by_size() {
    // Of 1646: 39.1 % is 643.2 to 645.2, so 644 or 645 less 643.59 → 644..645 (0.3905·1646 = 642.8 → 643; 0.3915·1646 =
    // 644.4 → 644): 643..644. 14.2 %: 232.9 to 234.6 → 233..234. 4.9 %: 79.8 to 81.5 → 80..81. And 689:
    // the sum 1646 leaves 957 for the three: 643 + 233 + 80 = 956 to 644 + 234 + 81 = 959. At 957 one is one above its least.
    let mut s = System::default();
    let total = whole(&mut s, "total", "1646");
    let mut parts = vec![whole(&mut s, "named", "689")];
    for digits in ["39.1", "14.2", "4.9"] {
        let part = whole(&mut s, digits, "");
        let share = rate(&mut s, digits, digits);
        must(&mut s, Form::share(share, part, total));
        parts.push(part);
    }
    must(&mut s, Form::sum(total, parts.clone()));
    let solution = solve(&s, &Caps::default());
    let all: Vec<_> = parts[1..].iter().map(|part| shown(&solution, *part)).collect();
    let tight = |text: &str| (Claim::Tight, text.to_owned());
    assert_eq!(all, [tight("643..644"), tight("233..234"), tight("80..81")]);
}

#[test]
fn netizens_from_users_and_rates() {
    // N lies in (u − 0.05)/(r + 0.0005) to (u + 0.05)/(r − 0.0005) for each service; their intersection is what counts.
    let services = [
        ("10.67", "97.7"),
        ("10.60", "97.0"),
        ("10.53", "96.4"),
        ("9.54", "87.3"),
        ("9.15", "83.8"),
        ("8.27", "75.7"),
        ("7.15", "65.5"),
        ("6.98", "63.9"),
        ("5.45", "49.9"),
        ("5.28", "48.3"),
        ("5.37", "49.2"),
    ];
    let mut s = System::default();
    let format = Format { power: 8, whole: true, ..Format::default() };
    let netizens = s.variable(Variable::count("netizens").with(Printed::parse("10.9", &format).unwrap()));
    let mut expected = Interval::new(n("1085000000"), n("1095000000"));
    for (users, share) in services {
        let printed = Printed::parse(users, &format).unwrap();
        let own = Printed::parse(share, &Format { power: -2, ..Format::default() }).unwrap().interval;
        expected = expected.intersect(&printed.interval.div(&own).unwrap());
        let users = s.variable(Variable::count(users).with(printed));
        let share = rate(&mut s, share, share);
        must(&mut s, Form::share(share, users, netizens));
    }
    let solution = solve(&s, &Caps::default());
    let bound = solution.bound(netizens);
    assert!(expected.encloses(&bound.interval));
    assert_eq!(bound.interval, expected.whole());
    assert_eq!(bound.claim, Claim::Tight);
    assert!(bound.interval.width().unwrap() * integer(4) < n("10000000"));
}

#[test]
fn whole_conflicts_and_their_proof() {
    // 24.3 % of 100 whole things: 24.25 to 24.35, no whole number; a unit wider each way 24.2 to 24.4: none either.
    let mut s = System::default();
    let total = whole(&mut s, "total", "100");
    let part = whole(&mut s, "part", "");
    let share = rate(&mut s, "share", "24.3");
    must(&mut s, Form::share(share, part, total));
    let solution = solve(&s, &Caps::default());
    let [conflict] = solution.conflicts() else { panic!("{:?}", solution.conflicts()) };
    assert_eq!((conflict.severity, conflict.irreducible), (Severity::Certain, true));
    assert_eq!(conflict.variables, [total, share]);
    assert!(conflict.verify(&s));
    assert_eq!(solution.bound(part).claim, Claim::Conflict);
    // 24.3 ± 3 units reaches 24.0.
    let off = conflict.off.clone().unwrap();
    assert!(off <= integer(3) && off > n("2.9"), "{off}");
}

#[test]
fn one_unit_off_is_a_convention() {
    // 33.3 + 33.3 + 33.3 = 99.9 and 33.4 + 33.4 + 33.3 = 100.1 are both within rounding; 33.2 three times is not, but
    // a unit each way would do (99.9); 33.1 three times is 99.3 ± 0.3 at a unit each way: a conflict.
    let build = |digits: &str| {
        let mut s = System::default();
        let parts: Vec<VarId> = (0..3).map(|_| rate(&mut s, "part", digits)).collect();
        must(&mut s, Form::equal(Linear::sum(parts), &n("100").into()));
        let solution = solve(&s, &Caps::default());
        solution.conflicts().first().map(|conflict| {
            assert!(conflict.verify(&s) && conflict.irreducible);
            conflict.severity
        })
    };
    assert_eq!(build("33.3"), None);
    assert_eq!(build("33.25"), Some(Severity::Certain));
    assert_eq!(build("33.2"), Some(Severity::Certain));
    assert_eq!(build("33"), None);
    let mut s = System::default();
    let parts = [rate(&mut s, "a", "33.2"), rate(&mut s, "b", "33.3"), rate(&mut s, "c", "33.3")];
    must(&mut s, Form::equal(Linear::sum(parts), &n("100").into()));
    let solution = solve(&s, &Caps::default());
    assert_eq!(solution.conflicts()[0].severity, Severity::Convention);
    assert_eq!(solution.in_conflict().count(), 0);
    assert_eq!(solution.bound(parts[0]).claim, Claim::Outer);
}

#[test]
fn about_never_accuses() {
    let mut s = System::default();
    let a = s.variable(Variable::level("a").with(marked("60", Mark::About)));
    let b = level(&mut s, "b", "90");
    must(&mut s, Form::equal(a.into(), &b.into()));
    let solution = solve(&s, &Caps::default());
    assert!(solution.conflicts().iter().all(|conflict| conflict.severity == Severity::Convention));
    assert_eq!(solution.bound(b).claim, Claim::Printed);
}

#[test]
fn ranks_count_whoever_is_above() {
    // Third of four others: exactly two above. 50 and 40 may be above 30; 20 is not; the unknown then is not either
    // unless ... two are sure: so the unknown is at most 30.
    let mut s = System::default();
    let of = whole(&mut s, "of", "30");
    let others: Vec<VarId> = ["50", "40", "20", ""].iter().map(|digits| whole(&mut s, "other", digits)).collect();
    must(&mut s, Form::Rank { of, among: others.clone(), ranks: 3..=3 });
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, others[3]), (Claim::Tight, "0..30".into()));
    // Unknown `of` that is second among 50, 40 and 20: between 40 and 49.
    let mut s = System::default();
    let of = whole(&mut s, "of", "");
    let others: Vec<VarId> = ["50", "40", "20"].iter().map(|digits| whole(&mut s, "other", digits)).collect();
    must(&mut s, Form::Rank { of, among: others.clone(), ranks: 2..=2 });
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, of), (Claim::Tight, "40..49".into()));
    let mut s = System::default();
    let (a, b, c) = (whole(&mut s, "a", "5"), whole(&mut s, "b", "7"), whole(&mut s, "c", "9"));
    let ranks = ranks(&s, &[b], &[a, b, c], &Caps::default()).unwrap();
    assert_eq!((ranks[0].first, ranks[0].last, ranks[0].least), (2, 2, true));
    must(&mut s, Form::Rank { of: c, among: vec![a, b], ranks: 2..=2 });
    let solution = solve(&s, &Caps::default());
    assert_eq!(solution.conflicts().len(), 1);
    assert!(solution.conflicts()[0].verify(&s) && solution.conflicts()[0].irreducible);
}

#[test]
fn growth_that_rises() {
    // x₁² ≤ x₀·x₂ with 100 and 121 around: x₁ ≤ 110.
    let mut s = System::default();
    let levels = [level(&mut s, "0", ""), level(&mut s, "1", ""), level(&mut s, "2", "")];
    for (v, value) in [(0, "100"), (2, "121")] {
        s.variables[levels[v].0].printed = Some(Printed::exact(n(value), Basis::Printed));
    }
    must(&mut s, Form::RatioOrder { levels: levels.to_vec(), rates: Vec::new(), rising: true });
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, levels[1]).1, "0..110");
}

#[test]
fn statements() {
    let mut s = System::default();
    let now = level(&mut s, "2023", "1751");
    let before = level(&mut s, "2022", "");
    let growth = rate(&mut s, "growth", "11.9");
    must(&mut s, Form::growth(growth, now, before));
    let caps = Caps::default();
    let verdict = |statement: &Statement| {
        let decision = decide(&s, statement, &caps);
        assert!(decision.because.iter().all(|one| one.conflict.irreducible));
        decision.verdict
    };
    let ratio = |value: &str, op| {
        let scale = Scale::Share { per: integer(1) };
        let ratio = Expression::Rate { part: now.into(), whole: before.into(), scale };
        Statement::Compare(ratio, op, n(value).into())
    };
    assert_eq!(verdict(&ratio("1.11", Op::More)), Verdict::Proven);
    assert_eq!(verdict(&ratio("1.12", Op::AtLeast)), Verdict::Refuted);
    assert_eq!(verdict(&ratio("1.119", Op::More)), Verdict::Open);
    assert_eq!(verdict(&Statement::Compare(before.into(), Op::Less, now.into())), Verdict::Proven);
    assert_eq!(verdict(&Statement::Compare(before.into(), Op::Equal, now.into())), Verdict::Refuted);
    assert_eq!(verdict(&Statement::Compare(before.into(), Op::Unequal, now.into())), Verdict::Proven);
    let within = Statement::Within(before.into(), Interval::new(n("1563"), n("1566")));
    assert_eq!(verdict(&within), Verdict::Proven);
    let rank = |rank| Statement::Rank { of: now, among: vec![now, before], ranks: rank..=rank };
    assert_eq!((verdict(&rank(1)), verdict(&rank(2))), (Verdict::Proven, Verdict::Refuted));
    let difference = Expression::Linear(Linear::from(now).minus(&before.into()));
    let (bound, solution, variable) = range(&s, &difference, &caps);
    // 1750.5·0.1185/1.1185 = 185.46 to 1751.5·0.1195/1.1195 = 186.96.
    assert_eq!(
        bound.interval,
        Interval::new(n("1750.5") * n("11.85") / n("111.85"), n("1751.5") * n("11.95") / n("111.95"))
    );
    assert_eq!(bound.claim, Claim::Tight);
    assert!(!solution.explain(variable).is_empty());
}

#[test]
fn slips_are_mended() {
    // 120 + 230 + 350 = 700, printed 320 for 230.
    let mut s = System::default();
    let parts = [whole(&mut s, "a", "120"), whole(&mut s, "b", "320"), whole(&mut s, "c", "350")];
    let total = whole(&mut s, "total", "700");
    must(&mut s, Form::sum(total, parts));
    let caps = Caps::default();
    let solution = solve(&s, &caps);
    let mends = mend(&s, &solution.conflicts()[0], Vec::new(), &caps);
    // 790 for 700 and 230 for 320 are one slip each; 30 for 120 and 260 for 350 are none.
    let found: Vec<_> = mends.iter().map(|m| (m.variable(), m.slip.change, m.digits().unwrap_or("?"))).collect();
    let value = |v| (v, Change::Value, "?");
    let values = [value(parts[0]), value(parts[1]), value(parts[2]), value(total)];
    let slips = [(parts[1], Change::Transposed, "230"), (total, Change::Digit, "790")];
    assert_eq!(found, [&slips[..], &values[..]].concat());
    assert!(mends.iter().all(|mend| mend.mends_all));
}

/// The changes of digits that mend, with whether they mend everything.
fn mended(s: &System, conflict: usize, of: VarId) -> Vec<(String, bool)> {
    let caps = Caps::default();
    let solution = solve(s, &caps);
    let mends = mend(s, &solution.conflicts()[conflict], Vec::new(), &caps);
    let own = mends.iter().filter(|mend| mend.variable() == of);
    own.filter_map(|mend| Some((mend.digits()?.to_owned(), mend.mends_all))).collect()
}

#[test]
fn mends_hold_as_printed() {
    // 24.1, 14.9 and 10.3 % of 84 whole things; of 87: 21, 13 and 9. One digit from 84 are 14 to 94 and 80 to 89.
    let mut s = System::default();
    let total = whole(&mut s, "total", "84");
    let rates = ["24.1", "14.9", "10.3"].map(|digits| {
        let part = whole(&mut s, "part", "");
        let share = rate(&mut s, "share", digits);
        must(&mut s, Form::share(share, part, total));
        share
    });
    let solution = solve(&s, &Caps::default());
    let place = |rate: VarId| solution.conflicts().iter().position(|c| c.variables.contains(&rate)).unwrap();
    let yes = |digits: &str| (digits.to_owned(), true);
    let no = |digits: &str| (digits.to_owned(), false);
    // 20/83 = 24.10, 13/54 = 24.07; 24/85 = 28.2 and so on are not 24.1. The nearest first.
    assert_eq!(mended(&s, place(rates[0]), total), [yes("87"), no("83"), no("54")]);
    // 11/74 = 14.86, 14/94 = 14.89.
    assert_eq!(mended(&s, place(rates[1]), total), [yes("87"), no("74"), no("94")]);
    assert_eq!(mended(&s, place(rates[2]), total), [yes("87")]);
    // 18/84 = 21.43: 21.4. 19/84 = 22.6, 20/84 = 23.8, 21/84 = 25.0, 22/84 = 26.2; 12 of 84 = 14.3 is two digits away.
    // x4.1: 12/84 = 14.29, 29/84 = 34.52, 37/84 = 44.05, 45/84 = 53.57, 54/84 = 64.29, 62/84 = 73.81, 71/84 = 84.52, 79/84 = 94.05.
    // 2x.1: 17/84 = 20.2, 18/84 = 21.4, 19/84 = 22.6, 23/84 = 27.4, 24/84 = 28.6. 24.x: none from 23.8 to 25.0.
    assert_eq!(mended(&s, place(rates[0]), rates[0]), [no("21.4")]);
}

#[test]
fn no_slip_has_a_leading_zero() {
    // 7 of 14 is 50 %, printed as 80.0 %. 12 of 15 and 8 of 10 are 80 %, 7 of these are not; 04 and 0 are no totals.
    let mut s = System::default();
    let (part, total) = (whole(&mut s, "part", "7"), whole(&mut s, "total", "14"));
    let share = rate(&mut s, "share", "80.0");
    must(&mut s, Form::share(share, part, total));
    assert_eq!(mended(&s, 0, share), [("50.0".to_owned(), true)]);
    assert_eq!(mended(&s, 0, total), [("15".to_owned(), false), ("10".to_owned(), false)]);
    let mut s = System::default();
    // None of a total is 0 % of it, whatever it is. 3 of 4 is 75 %; 6 and 9 are of 8 and 12.
    let (part, total) = (whole(&mut s, "part", "0"), whole(&mut s, "total", "4"));
    let share = rate(&mut s, "share", "75.0");
    must(&mut s, Form::share(share, part, total));
    let found = [("3".to_owned(), true), ("6".to_owned(), false), ("9".to_owned(), false)];
    assert_eq!(mended(&s, 0, part), found);
    let mut s = System::default();
    // A third is of 3, 6 and 9, not of 4; nothing is a third of 0.
    let (part, total) = (whole(&mut s, "part", ""), whole(&mut s, "total", "4"));
    let share = rate(&mut s, "share", "33.3");
    must(&mut s, Form::share(share, part, total));
    let mut found: Vec<String> = mended(&s, 0, total).into_iter().map(|(digits, _)| digits).collect();
    found.sort();
    assert_eq!(found, ["3", "6", "9"]);
}

#[test]
fn unknown_rates_have_least_bounds() {
    // a + b = 100 whole, a within 31..32 by 31.4 rounded up and down: the ratio a/b is 31/69 to 32/68.
    let mut s = System::default();
    let (a, b) = (whole(&mut s, "a", ""), whole(&mut s, "b", ""));
    let total = whole(&mut s, "total", "100");
    s.variables[a.0].printed = Some(Printed::within(Interval::new(n("30.2"), n("32.9")), Basis::Printed));
    let ratio = rate(&mut s, "a/b", "");
    must(&mut s, Form::sum(total, [a, b]));
    let scale = Scale::Share { per: integer(1) };
    must(&mut s, Form::Rate { rate: ratio, part: a.into(), whole: b.into(), scale });
    let solution = solve(&s, &Caps::default());
    let bound = solution.bound(ratio);
    assert_eq!(bound.interval, Interval::new(n("31") / n("69"), n("32") / n("68")));
    assert_eq!(bound.claim, Claim::Tight);
}

#[test]
fn the_simplest_conflict_comes_first() {
    // q > p against 380 and 500 says it in one line; a total of 1000, 120 besides, and two shares say it the long way:
    // 50.0 % of 1000 is 500 and 38.0 % is 380.
    let mut s = System::default();
    let (p, q, rest) = (whole(&mut s, "p", "500"), whole(&mut s, "q", "380"), whole(&mut s, "rest", "120"));
    let total = whole(&mut s, "total", "1000");
    must(&mut s, Form::sum(total, [p, q, rest]));
    for (part, digits) in [(p, "50.0"), (q, "38.0")] {
        let share = rate(&mut s, "share", digits);
        must(&mut s, Form::share(share, part, total));
    }
    let order = s.relate(Relation::assumed("q > p", Form::less(p.into(), &q.into(), true)));
    let solution = solve(&s, &Caps::default());
    let first = &solution.conflicts()[0];
    assert_eq!((&first.variables[..], &first.relations[..]), (&[p, q][..], &[order][..]));
    assert!(first.irreducible && first.verify(&s));
    assert!(solution.conflicts().len() > 1);
}

#[test]
fn relations_alone_can_contradict() {
    for whole in [true, false] {
        let mut s = System::default();
        let [p, q] = ["p", "q"].map(|name| s.variable(Variable { whole, ..Variable::level(name) }));
        must(&mut s, Form::less(p.into(), &q.into(), true));
        must(&mut s, Form::less(q.into(), &p.into(), true));
        let solution = solve(&s, &Caps::default());
        let [conflict] = solution.conflicts() else { panic!("{:?}", solution.conflicts()) };
        assert!(conflict.variables.is_empty() && conflict.relations.len() == 2, "{conflict:?}");
        assert!(conflict.verify(&s) && conflict.off.is_none());
    }
}

#[test]
fn how_far_off_is_the_least_widening() {
    // 40.0 % of a level printed as 100.0 is 60.0: with w units each way (40 + 0.1w) % of 100 + 0.1w reaches 60 − 0.1w when
    // 0.0001w² + 0.24w = 20 with the level scaled by 0.1: w = 80.6 or so; the bisection stops within one part in ten thousand.
    let mut s = System::default();
    let (part, total) = (level(&mut s, "part", "60.0"), level(&mut s, "total", "100.0"));
    let share = rate(&mut s, "share", "40.0");
    must(&mut s, Form::share(share, part, total));
    let off =
        num_traits::ToPrimitive::to_f64(solve(&s, &Caps::default()).conflicts()[0].off.as_ref().unwrap()).unwrap();
    let exact = (-0.24 + f64::sqrt(0.24 * 0.24 + 4.0 * 0.0001 * 20.0)) / 0.0002;
    assert!((off / exact - 1.0).abs() < 2e-4, "{off} {exact}");
}

#[test]
fn shares_of_more_than_a_total_cannot_hold_whatever_the_total() {
    // 59.95 + 24.95 + 24.95 = 109.85 %: only a total of 0 would do, and of that nothing is a share.
    let mut s = System::default();
    let total = level(&mut s, "total", "");
    let parts = [level(&mut s, "a", ""), level(&mut s, "b", ""), level(&mut s, "c", "")];
    for (part, share) in parts.iter().zip(["60.0", "25.0", "25.0"]) {
        let share = rate(&mut s, "share", share);
        must(&mut s, Form::share(share, *part, total));
    }
    must(&mut s, Form::sum(total, parts));
    let solution = solve(&s, &Caps::default());
    let conflict = &solution.conflicts()[0];
    assert_eq!((conflict.severity, conflict.irreducible), (Severity::Certain, true));
    assert!(conflict.verify(&s));
}

#[test]
fn a_relation_that_says_about_never_accuses() {
    // 40 / 10 is 4 and not about 2, 1 to 3: as a statement it would be refuted, as a relation it is no accusation.
    let mut s = System::default();
    let (a, b) = (whole(&mut s, "a", "40"), whole(&mut s, "b", "10"));
    let within = Interval::new(integer(1), integer(3));
    let form = Form::Ratio { part: a.into(), whole: b.into(), within };
    s.relate(Relation { about: true, ..Relation::printed("about 2", form.clone()) });
    let severities = |s: &System| {
        solve(s, &Caps::default()).conflicts().iter().map(|conflict| conflict.severity).collect::<Vec<_>>()
    };
    assert_eq!(severities(&s), [Severity::Convention]);
    s.relations[0].about = false;
    assert_eq!(severities(&s), [Severity::Certain]);
}

#[test]
fn strict_orders_of_shares_count_over_whole_numbers() {
    // x + y = 6 and the share of x is above that of y: x is 4 at least.
    let mut s = System::default();
    let (x, y, total) = (whole(&mut s, "x", ""), whole(&mut s, "y", ""), whole(&mut s, "total", "6"));
    must(&mut s, Form::sum(total, [x, y]));
    let (p, q) = (rate(&mut s, "share of x", ""), rate(&mut s, "share of y", ""));
    must(&mut s, Form::share(p, x, total));
    must(&mut s, Form::share(q, y, total));
    must(&mut s, Form::less(q.into(), &p.into(), true));
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, x), (Claim::Tight, "4..6".into()));
    assert_eq!(shown(&solution, y), (Claim::Tight, "0..2".into()));
}

#[test]
fn ranks_are_counted_against_a_total() {
    // Of 100, 70 are left for six others: at most two of them have 31 or more.
    let mut s = System::default();
    let (x, total) = (whole(&mut s, "x", "30"), whole(&mut s, "total", "100"));
    let others: Vec<VarId> = (0..6).map(|at| whole(&mut s, &format!("other {at}"), "")).collect();
    let all: Vec<VarId> = std::iter::once(x).chain(others).collect();
    must(&mut s, Form::sum(total, all.iter().copied()));
    let found = &ranks(&s, &[x], &all, &Caps::default()).unwrap()[0];
    assert_eq!((found.first, found.last, found.least), (1, 3, true));
}

#[test]
fn rates_without_a_scale_are_bounded() {
    // 100 - 60.05 - 25.05 and 100 - 59.95 - 24.95, whatever the total.
    let mut s = System::default();
    let total = level(&mut s, "total", "");
    let parts = [level(&mut s, "a", ""), level(&mut s, "b", ""), level(&mut s, "c", "")];
    let shares = [rate(&mut s, "a %", "60.0"), rate(&mut s, "b %", "25.0"), rate(&mut s, "c %", "")];
    for (part, share) in parts.iter().zip(shares) {
        must(&mut s, Form::share(share, *part, total));
    }
    must(&mut s, Form::sum(total, parts));
    assert_eq!(shown(&solve(&s, &Caps::default()), shares[2]).1, "14.9..15.1");
    // Growth of 10.0 and then 20.0 %: 1.0995 · 1.1995 to 1.1005 · 1.2005.
    let mut s = System::default();
    let years = [level(&mut s, "2020", ""), level(&mut s, "2021", ""), level(&mut s, "2022", "")];
    for (at, growth) in [(1, "10.0"), (2, "20.0")] {
        let growth = rate(&mut s, "growth", growth);
        must(&mut s, Form::growth(growth, years[at], years[at - 1]));
    }
    let ratio =
        Expression::Rate { part: years[2].into(), whole: years[0].into(), scale: Scale::Share { per: integer(1) } };
    let (bound, ..) = range(&s, &ratio, &Caps::default());
    assert_eq!(bound.interval, Interval::new(n("1.31885025"), n("1.32115025")));
}

#[test]
fn levels_that_rise_have_growth_above_zero() {
    let mut s = System::default();
    let (before, now) = (level(&mut s, "before", ""), level(&mut s, "now", ""));
    let growth = rate(&mut s, "growth", "");
    must(&mut s, Form::growth(growth, now, before));
    must(&mut s, Form::less(before.into(), &now.into(), true));
    assert_eq!(shown(&solve(&s, &Caps::default()), growth).1, "0..");
}

/// What is at least twice something is at least twice it: the end itself is met in the closure, where its being less has it too.
#[test]
fn a_quotient_at_its_closed_end_is_decided() {
    for whole_numbers in [false, true] {
        let mut s = System::default();
        let make = if whole_numbers { whole } else { level };
        let (before, now) = (make(&mut s, "before", ""), make(&mut s, "now", ""));
        let twice = Linear { terms: vec![(before, integer(2))], constant: integer(0) };
        must(&mut s, Form::less(twice, &now.into(), false));
        must(&mut s, Form::less(n("1").into(), &before.into(), false));
        let rate = |scale| Expression::Rate { part: now.into(), whole: before.into(), scale };
        let verdict = |scale, op, end: &str| {
            decide(&s, &Statement::Compare(rate(scale), op, n(end).into()), &Caps::default()).verdict
        };
        let share = || Scale::Share { per: integer(1) };
        assert_eq!(verdict(share(), Op::AtLeast, "2"), Verdict::Proven);
        assert_eq!(verdict(share(), Op::Less, "2"), Verdict::Refuted);
        assert_eq!(verdict(share(), Op::More, "2"), Verdict::Open);
        assert_eq!(verdict(share(), Op::AtLeast, "2.001"), Verdict::Open);
        assert_eq!(verdict(Scale::Growth { years: 1 }, Op::AtLeast, "100"), Verdict::Proven);
        assert_eq!(verdict(Scale::Growth { years: 1 }, Op::More, "100"), Verdict::Open);
    }
}

/// 198 after a growth of 110 %: 198 ÷ 2.105 = 94.06 to 198 ÷ 2.095 = 94.51 has no whole number, but 94, whose growth 110.638 is
/// cut off to 110, is within a unit. Every part of the system says so, that alone which has the printed rate by itself too.
#[test]
fn what_fits_only_within_a_unit_is_read_so_throughout() {
    let mut s = System::default();
    let (before, now) = (whole(&mut s, "before", ""), whole(&mut s, "now", "198"));
    let growth = rate(&mut s, "growth", "110");
    must(&mut s, Form::growth(growth, now, before));
    let caps = Caps::default();
    assert_eq!(fit(&s, &[growth], &caps), Fit::Widely);
    let solution = solve(&s, &caps);
    assert!(solution.is_wide([growth]) && solution.bound(before).interval == Interval::exact(n("94")));
    let over = Statement::Compare(growth.into(), Op::More, n("110.5").into());
    assert_eq!(decide(&s, &over, &caps).verdict, Verdict::Proven);
    must(&mut s, Form::equal(before.into(), &n("90").into()));
    assert_eq!(fit(&s, &[growth], &caps), Fit::Not);
}

/// 10 > 12 cannot hold. Of a chain `x > y > z` all is in the set, since it is said in one breath; of two statements the one.
#[test]
fn a_chain_is_one_statement() {
    for (names, relations) in [(["chain", "chain"], 2), (["one", "other"], 1)] {
        let mut s = System::default();
        let (x, y, z) = (whole(&mut s, "x", "10"), whole(&mut s, "y", "12"), whole(&mut s, "z", "11"));
        for (name, (low, high)) in names.into_iter().zip([(y, x), (z, y)]) {
            s.relate(Relation::printed(name, Form::less(low.into(), &high.into(), true)));
        }
        let solution = solve(&s, &Caps::default());
        let [conflict] = solution.conflicts() else { panic!("{:?}", solution.conflicts()) };
        assert_eq!((conflict.relations.len(), conflict.variables.as_slice()), (relations, &[x, y][..]));
        assert!(conflict.irreducible && conflict.verify(&s));
    }
}

#[test]
fn whole_numbers_without_an_end_are_split() {
    // 27 and 35, and five parts with shares: by brute force 215 alone is a total of whole parts that print so.
    const SHARES: [i64; 5] = [209, 42, 19, 233, 209];
    let parts = |total: i64, share: i64| -> Vec<i64> {
        (0..=total).filter(|part| (2000 * part - 2 * share * total).abs() <= total).collect()
    };
    let sums = |total: i64| {
        let more = |sums: Vec<i64>, share: &i64| -> Vec<i64> {
            parts(total, *share).iter().flat_map(|part| sums.iter().map(move |sum| sum + part)).collect()
        };
        SHARES.iter().fold(vec![27 + 35], more)
    };
    assert_eq!((62..1000).filter(|total| sums(*total).contains(total)).collect::<Vec<_>>(), [215]);
    let mut s = System::default();
    let total = whole(&mut s, "total", "");
    let mut all = vec![whole(&mut s, "r", "27"), whole(&mut s, "q", "35")];
    for digits in ["20.9", "4.2", "1.9", "23.3", "20.9"] {
        let part = whole(&mut s, digits, "");
        let share = rate(&mut s, digits, digits);
        must(&mut s, Form::share(share, part, total));
        all.push(part);
    }
    must(&mut s, Form::sum(total, all.clone()));
    let sum = Linear::sum(all);
    for (op, digits, expected) in [
        (Op::Equal, "215", Verdict::Proven),
        (Op::AtMost, "215", Verdict::Proven),
        (Op::Less, "216", Verdict::Proven),
        (Op::AtLeast, "216", Verdict::Refuted),
        (Op::Less, "215", Verdict::Refuted),
    ] {
        let statement = Statement::Compare(Expression::Linear(sum.clone()), op, n(digits).into());
        assert_eq!(decide(&s, &statement, &Caps::default()).verdict, expected, "{op:?} {digits}");
    }
}
