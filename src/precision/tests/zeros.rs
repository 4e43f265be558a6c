//! Counts of zero: what a share or a growth rate says, printed or not, where its base may be 0.

use super::random::{Rng, round};
use super::*;

/// A share of 0 to 100 %, a growth rate of at least −100 %, as tables declare them.
fn declared(system: &mut System, growth: bool, digits: &str) -> VarId {
    let (lower, upper) = if growth { (integer(-100), None) } else { (integer(0), Some(integer(100))) };
    let natural = Interval { lower: Some(lower), upper };
    let variable = Variable { natural, ..Variable::rate("rate") };
    system.variable(if digits.is_empty() { variable } else { variable.with(rounded(digits)) })
}

/// Levels from year to year, with the growth rates between them.
fn years(levels: &[&str], growth: &[&str], counts: bool) -> (System, Vec<VarId>, Vec<VarId>) {
    let mut s = System::default();
    let levels: Vec<VarId> =
        levels.iter().map(|l| if counts { whole(&mut s, "level", l) } else { level(&mut s, "level", l) }).collect();
    let mut rates = Vec::new();
    for (pair, digits) in levels.windows(2).zip(growth) {
        let rate = declared(&mut s, true, digits);
        must(&mut s, Form::growth(rate, pair[1], pair[0]));
        rates.push(rate);
    }
    (s, levels, rates)
}

#[test]
fn levels_that_fall_to_zero_and_rise_from_it() {
    let caps = Caps::default();
    for counts in [true, false] {
        for (levels, growth) in [
            (&["4", "0"][..], &[""][..]),
            (&["4", "0"], &["-100"]),
            (&["4", "0"], &["-100.0"]),
            (&["0", "4"], &[""]),
            (&["3", "0", "2"], &["", ""]),
            (&["3", "0", "2"], &["-100", ""]),
            (&["0", "0", "2"], &["", ""]),
        ] {
            let (s, _, _) = years(levels, growth, counts);
            let solution = solve(&s, &caps);
            assert!(solution.conflicts().is_empty(), "{levels:?} {growth:?}: {:?}", solution.conflicts());
        }
    }
    let (s, _, rates) = years(&["4", "0", "2"], &["", ""], true);
    let solution = solve(&s, &caps);
    // 0/4 − 1 = −100 %; after a level of 0 there is no growth rate.
    assert_eq!(shown(&solution, rates[0]), (Claim::Exact, "-100..-100".into()));
    assert_eq!(solution.bound(rates[1]).claim, Claim::Missing);
}

#[test]
fn a_fall_to_zero_does_not_say_from_where() {
    let caps = Caps::default();
    // Printed −100.0 is −100 to −99.95, so 0 is what is left of any level above 0.
    let (s, levels, _) = years(&["", "0"], &["-100.0"], true);
    assert_eq!(solve(&s, &caps).bound(levels[0]).interval, Interval { lower: Some(integer(1)), upper: None });
    let (s, levels, _) = years(&["", "0"], &[""], true);
    assert_eq!(solve(&s, &caps).bound(levels[0]).claim, Claim::Missing);
    // Without a printed rate a level of 0 does not say what follows it either.
    let (s, levels, _) = years(&["0", ""], &[""], true);
    assert_eq!(solve(&s, &caps).bound(levels[1]).claim, Claim::Missing);
}

#[test]
fn growth_between_levels_that_may_be_zero() {
    // 284 in two years after 181: from 0/181 − 1 = −100 % to 284/181 − 1 = 56.9 %. The year after may follow a 0.
    let mut s = System::default();
    let base = whole(&mut s, "base", "181");
    let (first, second) = (whole(&mut s, "first", ""), whole(&mut s, "second", ""));
    let both = whole(&mut s, "both", "284");
    must(&mut s, Form::sum(both, [first, second]));
    let (one, two) = (declared(&mut s, true, ""), declared(&mut s, true, ""));
    must(&mut s, Form::growth(one, first, base));
    must(&mut s, Form::growth(two, second, first));
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, first), (Claim::Tight, "0..284".into()));
    let bound = solution.bound(one);
    assert_eq!(bound.interval, Interval::new(integer(-100), integer(28400) / integer(181) - integer(100)));
    assert_eq!(bound.claim, Claim::Tight);
    // Where it exists the first is at least 1, so the second at most 283.
    assert_eq!(shown(&solution, two), (Claim::Tight, "-100..28200".into()));
}

#[test]
fn a_printed_rate_has_a_base() {
    // 182.8 % is 2.8275 to 2.8285 times: no q from 1 to 28 has a whole number of times q between them, 82/29 = 2.8276.
    // Above it 1875/663 = 2.82805 is within, and 664·2.8275 = 1877.5 is beyond 1875.
    let (mut s, levels, _) = years(&["", ""], &["182.8"], true);
    s.variables[levels[1].0].natural = Interval::new(integer(0), integer(1875));
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, levels[0]), (Claim::Tight, "29..663".into()));
    assert_eq!(shown(&solution, levels[1]), (Claim::Tight, "82..1875".into()));
    // A rate printed of a base of 0 cannot hold.
    let (s, levels, rates) = years(&["0", ""], &["5.0"], true);
    let solution = solve(&s, &Caps::default());
    let [conflict] = solution.conflicts() else { panic!("{:?}", solution.conflicts()) };
    assert_eq!(conflict.variables, [levels[0], rates[0]]);
    assert!(conflict.irreducible && conflict.verify(&s));
}

#[test]
fn parts_of_zero() {
    let caps = Caps::default();
    let build = |total: &str, parts: [&str; 2], shares: [&str; 2]| {
        let mut s = System::default();
        let total = whole(&mut s, "total", total);
        let parts = parts.map(|digits| whole(&mut s, "part", digits));
        for (part, digits) in parts.into_iter().zip(shares) {
            let share = declared(&mut s, false, digits);
            must(&mut s, Form::share(share, part, total));
        }
        must(&mut s, Form::sum(total, parts));
        (s, total, parts)
    };
    for (total, parts, shares) in [
        ("10", ["0", "10"], ["", ""]),
        ("10", ["0", "10"], ["0.0", "100.0"]),
        ("0", ["0", "0"], ["", ""]),
        ("", ["0", ""], ["", ""]),
        ("", ["0", "3"], ["0.0", "100.0"]),
    ] {
        let (s, ..) = build(total, parts, shares);
        assert!(solve(&s, &caps).conflicts().is_empty(), "{total} {parts:?} {shares:?}");
    }
    let (s, total, parts) = build("10", ["", ""], ["", ""]);
    let solution = solve(&s, &caps);
    assert_eq!(shown(&solution, parts[0]), (Claim::Tight, "0..10".into()));
    assert_eq!(solution.bound(total).claim, Claim::Printed);
    let more = |value| Statement::Compare(parts[0].into(), Op::More, integer(value).into());
    assert_eq!(decide(&s, &more(0), &caps).verdict, Verdict::Open);
    assert_eq!(decide(&s, &more(10), &caps).verdict, Verdict::Refuted);
    // A part of 0 says nothing of the whole, nor does a whole of 0 leave anything to its parts.
    let (s, total, _) = build("", ["0", ""], ["0.0", ""]);
    assert_eq!(solve(&s, &caps).bound(total).interval, Interval { lower: Some(integer(1)), upper: None });
    let (s, _, parts) = build("0", ["", ""], ["", ""]);
    assert_eq!(shown(&solve(&s, &caps), parts[1]), (Claim::Exact, "0..0".into()));
}

#[test]
fn a_rate_that_cannot_exist_is_not_decided() {
    let (s, _, rates) = years(&["0", "4"], &[""], true);
    let more = Statement::Compare(rates[0].into(), Op::More, integer(5).into());
    assert_eq!(decide(&s, &more, &Caps::default()).verdict, Verdict::Open);
    // Where it exists it is at most 4/1 − 1 = 300 %.
    let (s, _, rates) = years(&["", "4"], &[""], true);
    let most = |value| Statement::Compare(rates[0].into(), Op::AtMost, integer(value).into());
    assert_eq!(decide(&s, &most(300), &Caps::default()).verdict, Verdict::Proven);
    assert_eq!(decide(&s, &most(299), &Caps::default()).verdict, Verdict::Open);
    assert_eq!(solve(&s, &Caps::default()).bound(rates[0]).interval, Interval::new(integer(-100), integer(300)));
}

/// A part and its whole in two years, with shares and growth rates as a table declares them.
struct Shares {
    system: System,
    parts: [VarId; 2],
    wholes: [VarId; 2],
    shares: [VarId; 2],
    growth: [VarId; 2],
    relations: Vec<RelationId>,
}

fn shares(parts: [&str; 2], wholes: [&str; 2], digits: [&str; 2]) -> Shares {
    let mut s = System::default();
    let parts = parts.map(|digits| whole(&mut s, "part", digits));
    let wholes = wholes.map(|digits| whole(&mut s, "whole", digits));
    let shares = digits.map(|digits| declared(&mut s, false, digits));
    let mut relations: Vec<RelationId> =
        (0..2).map(|year| must(&mut s, Form::share(shares[year], parts[year], wholes[year]))).collect();
    let growth = [parts, wholes].map(|levels| {
        let rate = declared(&mut s, true, "");
        relations.push(must(&mut s, Form::growth(rate, levels[1], levels[0])));
        rate
    });
    Shares { system: s, parts, wholes, shares, growth, relations }
}

/// A part that grows at least as much as its whole has at least its share. 39.4 % is 39.35 to 39.45: of 73 at least
/// 0.3935·73 = 28.7, so 29, which are 39.73 %.
#[test]
fn what_grows_more_than_its_whole_gains_a_share_of_it() {
    let Shares { system: mut s, parts, shares, growth: [of_part, of_whole], .. } =
        shares(["", ""], ["", "73"], ["39.4", ""]);
    must(&mut s, Form::less(of_whole.into(), &of_part.into(), false));
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, parts[1]), (Claim::Tight, "29..73".into()));
    assert_eq!(solution.bound(shares[1]).interval, Interval::new(integer(2900) / integer(73), integer(100)));
    // Of none there is no share: both may grow by −100 %, whatever they were shares of.
    let Shares { system: mut s, shares, growth: [of_part, of_whole], .. } =
        self::shares(["", "0"], ["", "0"], ["39.4", ""]);
    must(&mut s, Form::less(of_whole.into(), &of_part.into(), false));
    let solution = solve(&s, &Caps::default());
    assert!(solution.conflicts().is_empty());
    assert_eq!(solution.bound(shares[1]).claim, Claim::Missing);
}

/// 38 % is at most 38.5, and 39.4 % at least 39.35: a smaller share, whatever the levels. The set has all that this follows
/// from: both shares, both growth rates and their order.
#[test]
fn an_order_of_growth_contradicts_two_shares() {
    let Shares { system: mut s, shares, growth: [of_part, of_whole], relations, wholes, .. } =
        shares(["", ""], ["", "73"], ["39.4", "38"]);
    let order = must(&mut s, Form::less(of_whole.into(), &of_part.into(), false));
    let solution = solve(&s, &Caps::default());
    let [conflict] = solution.conflicts() else { panic!("{:?}", solution.conflicts()) };
    assert_eq!(conflict.variables, shares);
    let all: Vec<RelationId> = relations.iter().copied().chain([order]).collect();
    assert_eq!(conflict.relations, all);
    assert!(conflict.irreducible && conflict.verify(&s));
    assert_eq!(solution.bound(wholes[0]).claim, Claim::Conflict);
}

/// A count grows from at least 1 where its growth is asked: 10 after 1 to 9 is 10/9 − 1 = 11.1 % to 10/1 − 1 = 900 %. Of the
/// count itself that says nothing: it may be 0.
#[test]
fn growth_from_a_count_that_may_be_zero() {
    let (mut s, levels, rates) = years(&["", "10"], &[""], true);
    s.variables[levels[0].0].natural = Interval::new(integer(0), integer(9));
    let solution = solve(&s, &Caps::default());
    assert_eq!(shown(&solution, levels[0]), (Claim::Missing, "0..9".into()));
    let bound = solution.bound(rates[0]);
    assert_eq!(bound.interval, Interval::new(integer(100) / integer(9), integer(900)));
    assert_eq!(bound.claim, Claim::Tight);
    // Over real numbers it may be as near to 0 as it likes.
    let (mut s, levels, rates) = years(&["", "10"], &[""], false);
    s.variables[levels[0].0].natural = Interval::new(integer(0), integer(9));
    assert_eq!(solve(&s, &Caps::default()).bound(rates[0]).interval.upper, None);
}

/// 2 after 2 is no growth, and what follows grows more: at least 3.
#[test]
fn a_strict_order_of_growth_moves_a_count() {
    let (mut s, levels, rates) = years(&["2", "2", ""], &["", ""], true);
    must(&mut s, Form::less(rates[0].into(), &rates[1].into(), true));
    assert_eq!(solve(&s, &Caps::default()).bound(levels[2]).interval.lower, Some(integer(3)));
}

/// 3a − 6b + 9c is a multiple of 3, and so never 2; 2a − 2b is even.
#[test]
fn counts_that_no_multiple_reaches() {
    for (factors, end) in [(vec![3, -6, 9], 2), (vec![2, -2], 1)] {
        let mut s = System::default();
        let levels: Vec<VarId> = factors.iter().map(|_| whole(&mut s, "level", "")).collect();
        let terms = levels.iter().zip(&factors).map(|(v, factor)| Linear::from(*v).times(&integer(*factor)));
        let sum = terms.reduce(|sum, term| sum.plus(&term)).unwrap();
        let relation = must(&mut s, Form::equal(sum, &integer(end).into()));
        let solution = solve(&s, &Caps::default());
        let [conflict] = solution.conflicts() else { panic!("{:?}", solution.conflicts()) };
        assert_eq!((conflict.relations.as_slice(), conflict.variables.len()), (&[relation][..], 0));
        assert!(conflict.verify(&s));
        assert!(levels.iter().all(|v| solution.bound(*v).claim == Claim::Conflict));
    }
}

/// Every part and whole of two years up to 5 that fits what is printed of them: the bounds are their hull, those of rates over the
/// cases in which they exist.
#[test]
fn bounds_with_zeros_and_orders_of_growth_equal_brute_force() {
    const TOP: i64 = 5;
    let percent = |a: i64, b: i64| integer(100 * a) / integer(b);
    let growth = |a: i64, b: i64| percent(a, b) - integer(100);
    let (mut compared, mut loose) = (0, 0);
    for seed in 0..400 {
        let mut rng = Rng::new(seed);
        let wholes = [0, 1].map(|_| rng.below(TOP as u64 + 1) as i64);
        let parts = wholes.map(|whole| rng.below(whole as u64 + 1) as i64);
        let shown = |rng: &mut Rng, value: i64| if rng.one_in(3) { value.to_string() } else { String::new() };
        let printed = [parts, wholes].map(|levels| levels.map(|value| shown(&mut rng, value)));
        let share = |rng: &mut Rng, year: usize| match wholes[year] > 0 && rng.one_in(2) {
            true => round(&percent(parts[year], wholes[year]), 0, false),
            false => String::new(),
        };
        let digits = [share(&mut rng, 0), share(&mut rng, 1)];
        let text = |texts: &[String; 2]| [texts[0].clone(), texts[1].clone()];
        let [of_parts, of_wholes] = [text(&printed[0]), text(&printed[1])];
        let built = shares(
            [&of_parts[0], &of_parts[1]],
            [&of_wholes[0], &of_wholes[1]],
            [digits[0].as_str(), digits[1].as_str()],
        );
        let mut s = built.system;
        for level in built.parts.into_iter().chain(built.wholes) {
            s.variables[level.0].natural = Interval::new(integer(0), integer(TOP));
        }
        let order =
            (parts[0] > 0 && wholes[0] > 0).then(|| growth(parts[1], parts[0]).cmp(&growth(wholes[1], wholes[0])));
        let [of_part, of_whole] = built.growth.map(Linear::from);
        match order {
            Some(std::cmp::Ordering::Less) => must(&mut s, Form::less(of_part, &of_whole, true)),
            Some(std::cmp::Ordering::Equal) => must(&mut s, Form::less(of_part, &of_whole, false)),
            Some(std::cmp::Ordering::Greater) => must(&mut s, Form::less(of_whole, &of_part, true)),
            None => must(&mut s, Form::less(built.parts[0].into(), &built.wholes[0].into(), false)),
        };
        let fits = |p: [i64; 2], w: [i64; 2]| {
            let level = |value: i64, digits: &String| digits.is_empty() || *digits == value.to_string();
            let share = |year: usize| match s.variables[built.shares[year].0].printed.as_ref() {
                Some(printed) => w[year] > 0 && printed.interval.contains(&percent(p[year], w[year])),
                None => p[year] <= w[year],
            };
            let ordered = || {
                p[0] > 0 && w[0] > 0 && {
                    let own = growth(p[1], p[0]).cmp(&growth(w[1], w[0]));
                    own.is_le() && order == Some(std::cmp::Ordering::Equal) || Some(own) == order
                }
            };
            let levels = (0..2).all(|year| level(p[year], &printed[0][year]) && level(w[year], &printed[1][year]));
            levels && share(0) && share(1) && (order.is_none() || ordered())
        };
        let mut points: Vec<([i64; 2], [i64; 2])> = Vec::new();
        let all = 0..(TOP + 1).pow(4);
        let digit = |at: i64, place: u32| at / (TOP + 1).pow(place) % (TOP + 1);
        points.extend(
            all.map(|at| ([digit(at, 0), digit(at, 1)], [digit(at, 2), digit(at, 3)])).filter(|(p, w)| fits(*p, *w)),
        );
        let solution = solve(&s, &Caps::default());
        assert!(solution.conflicts().is_empty(), "seed {seed}");
        let mut same = |v: VarId, values: Vec<Rational>| {
            let (Some(low), Some(high)) = (values.iter().min(), values.iter().max()) else { return };
            let (bound, hull) = (solution.bound(v), Interval::new(low.clone(), high.clone()));
            assert!(bound.interval.encloses(&hull), "seed {seed}: {bound:?} {hull:?}");
            compared += 1;
            match bound.claim {
                Claim::Outer | Claim::Missing => loose += usize::from(bound.interval != hull),
                _ => assert!(
                    bound.interval == hull || s.variables[v.0].printed.is_some(),
                    "seed {seed}: {bound:?} {hull:?}"
                ),
            }
        };
        for year in 0..2 {
            same(built.parts[year], points.iter().map(|(p, _)| integer(p[year])).collect());
            same(built.wholes[year], points.iter().map(|(_, w)| integer(w[year])).collect());
            let shares = points.iter().filter(|(_, w)| w[year] > 0).map(|(p, w)| percent(p[year], w[year]));
            same(built.shares[year], shares.collect());
        }
        let rates = |levels: Vec<[i64; 2]>| -> Vec<Rational> {
            levels.into_iter().filter(|levels| levels[0] > 0).map(|levels| growth(levels[1], levels[0])).collect()
        };
        same(built.growth[0], rates(points.iter().map(|(p, _)| *p).collect()));
        same(built.growth[1], rates(points.iter().map(|(_, w)| *w).collect()));
    }
    assert!(compared > 2000 && loose * 20 < compared, "{loose} of {compared} are loose");
}
