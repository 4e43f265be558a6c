//! Definitions against numbers worked out by hand, and the two interpreters against each other.

use num_traits::ToPrimitive;
use proptest::prelude::*;

use super::*;
use crate::package::{Mark, Missing, Period, Printed};
use crate::precision::{Basis, Interval, Rational};

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

/// Operands of printed digits; an empty text is a missing cell, `>` before digits marks `over`.
fn printed(cells: &[&str]) -> Vec<Operand> {
    let cell = |text: &&str| {
        let (mark, digits) = text.strip_prefix('>').map_or((None, *text), |digits| (Some(Mark::Over), digits));
        if digits.is_empty() {
            return Err(Missing::Lost);
        }
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
        Quantity::printed(&Printed { digits: digits.into(), decimals, mark, to: None }, false, 0, Basis::Printed)
    };
    cells.iter().map(cell).collect()
}

/// A panel from `(series, period)` of each row.
fn panel(rows: &[(u32, &str)], leaf: Vec<bool>, exhaustive: bool) -> Panel {
    let mut periods: Vec<Period> = rows.iter().map(|(_, text)| period(text)).collect();
    periods.sort();
    periods.dedup();
    let index = |text: &str| periods.iter().position(|known| *known == period(text)).unwrap() as u32;
    let (series, at) = rows.iter().map(|(series, text)| (*series, index(text))).unzip();
    Panel::new(series, at, periods.clone(), leaf, exhaustive)
}

fn value(operand: &Operand) -> Result<f64, Missing> {
    operand
        .as_ref()
        .map_err(|reason| *reason)?
        .value
        .as_ref()
        .map(|value| value.to_f64().unwrap())
        .map_err(|reason| *reason)
}

fn bounds(operand: &Operand) -> (f64, f64) {
    let Interval { lower, upper } = operand.as_ref().unwrap().bounds.clone();
    (
        lower.map_or(f64::NEG_INFINITY, |end| end.to_f64().unwrap()),
        upper.map_or(f64::INFINITY, |end| end.to_f64().unwrap()),
    )
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn eval(panel: &Panel, expr: &Expr, columns: &[Vec<Operand>]) -> Vec<Operand> {
    let exact = Exact::new(panel, columns);
    (0..panel.len()).map(|row| exact.eval(expr, row)).collect()
}

#[test]
fn growth_is_keyed_on_the_period_not_on_the_row_before() {
    let panel =
        panel(&[(0, "2020"), (0, "2021"), (0, "2023"), (0, "2024"), (0, "2025"), (0, "2026")], vec![true], true);
    let growth = eval(&panel, &growth(Lag::Year), &[printed(&["40", "50", "90", "", "0", "7"])]);
    // 100 (50/40 − 1) = 25; 2022 has no row; 2024 is itself lost; 2025 has an empty base; 2026 a base of zero.
    let values: Vec<_> = growth.iter().map(value).collect();
    assert_eq!(
        values,
        [
            Err(Missing::Gap),
            Ok(25.0),
            Err(Missing::Gap),
            Err(Missing::Lost),
            Err(Missing::NoBase),
            Err(Missing::ZeroBase)
        ]
    );
    // 49.5/40.5 − 1 = 22.22…%, 50.5/39.5 − 1 = 27.848…%.
    let (lower, upper) = bounds(&growth[1]);
    assert!(close(lower, 100.0 * (49.5 / 40.5 - 1.0)) && close(upper, 100.0 * (50.5 / 39.5 - 1.0)));
}

#[test]
fn months_grow_year_on_year_and_previous_goes_one_back() {
    let panel = panel(&[(0, "2022-03"), (0, "2023-02"), (0, "2023-03")], vec![true], true);
    let columns = [printed(&["40", "80", "60"])];
    assert_eq!(value(&eval(&panel, &growth(Lag::Year), &columns)[2]), Ok(50.0));
    assert_eq!(value(&eval(&panel, &growth(Lag::Periods(1)), &columns)[2]), Ok(-25.0));
}

#[test]
fn a_one_sided_operand_gives_bounds_only() {
    let panel = panel(&[(0, "2020"), (0, "2021")], vec![true], true);
    let growth = eval(&panel, &growth(Lag::Year), &[printed(&["40", ">60"])]);
    assert_eq!(value(&growth[1]), Err(Missing::OneSided));
    // More than 60 on at most 40.5: above 100 (60/40.5 − 1) = 48.148…%.
    let (lower, upper) = bounds(&growth[1]);
    assert!(close(lower, 100.0 * (60.0 / 40.5 - 1.0)) && upper == f64::INFINITY);
}

#[test]
fn change_index_and_compound_growth() {
    let panel = panel(&[(0, "2020"), (0, "2021"), (0, "2023")], vec![true], true);
    let columns = [printed(&["100", "121", "133.1"])];
    assert_eq!(value(&eval(&panel, &change(Lag::Year), &columns)[1]), Ok(21.0));
    let index = eval(&panel, &index(period("2021")), &columns);
    assert_eq!(value(&index[0]).map(|v| close(v, 10000.0 / 121.0)), Ok(true));
    // Whatever 121 stands for, it is 100 % of itself.
    assert_eq!((value(&index[1]), bounds(&index[1])), (Ok(100.0), (100.0, 100.0)));
    // 133.1 = 100 · 1.1³ over three years: 10 % a year.
    let rate = eval(&panel, &cagr(period("2020"), period("2023"), 3, 1), &columns);
    assert_eq!(value(&rate[0]), Ok(10.0));
    let (lower, upper) = bounds(&rate[0]);
    assert!(lower < 10.0 && upper > 10.0);
}

/// A year is no month, a quarter neither, and a span of two years none of one: each is left out for want of a base.
#[test]
fn an_index_knows_periods_of_the_kind_of_its_base_alone() {
    let rows = ["2022-11", "2022-12", "2023-Q1", "2023", "../2023", "2021/2022", "2022/2023", "2020/2023"];
    let rows: Vec<(u32, &str)> = rows.into_iter().map(|period| (0, period)).collect();
    let panel = panel(&rows, vec![true], true);
    let columns = [printed(&["10", "15", "40", "200", "900", "300", "360", "500"])];
    let tracks = [Track::from_operands(&columns[0])];
    let none = Err(Missing::NoBase);
    for (base, expected) in [
        ("2022-11", [Ok(100.0), Ok(150.0), none, none, none, none, none, none]),
        ("2021/2022", [none, none, none, none, none, Ok(100.0), Ok(120.0), none]),
        ("../2023", [none, none, none, none, Ok(100.0), none, none, none]),
    ] {
        let index = index(period(base));
        let exact: Vec<_> = eval(&panel, &index, &columns).iter().map(value).collect();
        assert_eq!(exact, expected, "{base}");
        let track = Columns::new(&panel, &tracks, true).eval(&index);
        let column: Vec<_> = track
            .value
            .iter()
            .zip(&track.missing)
            .map(|(value, missing)| value.ok_or_else(|| missing.unwrap()))
            .collect();
        assert_eq!(column, expected, "{base}");
    }
}

#[test]
fn shares_run_over_leaves_and_need_all_of_them() {
    let rows = [(0, "2023"), (1, "2023"), (2, "2023"), (3, "2023")];
    // The fourth is a subtotal of the first two: 20 + 30 of 100.
    let whole = panel(&rows, vec![true, true, true, false], true);
    let shares = eval(&whole, &share_of_leaves(), &[printed(&["20", "30", "50", "50"])]);
    assert_eq!(shares.iter().map(value).collect::<Vec<_>>(), [Ok(20.0), Ok(30.0), Ok(50.0), Err(Missing::NoTotal)]);
    // Least and greatest share of the first: 19.5/(19.5 + 30.5 + 50.5), 20.5/(20.5 + 29.5 + 49.5).
    let (lower, upper) = bounds(&shares[0]);
    assert!(close(lower, 1950.0 / 100.5) && close(upper, 2050.0 / 99.5));
    let gap = eval(&whole, &share_of_leaves(), &[printed(&["20", "", "50", "50"])]);
    assert_eq!(
        gap[..3].iter().map(value).collect::<Vec<_>>(),
        [Err(Missing::NoTotal), Err(Missing::Lost), Err(Missing::NoTotal)]
    );
    let open = panel(&rows, vec![true; 4], false);
    assert_eq!(
        value(&eval(&open, &share_of_leaves(), &[printed(&["20", "30", "50", "50"])])[0]),
        Err(Missing::NoTotal)
    );
}

#[test]
fn shares_of_zero_are_zero_and_of_a_zero_whole_nothing() {
    let two = panel(&[(0, "2023"), (1, "2023")], vec![true, true], true);
    assert_eq!(
        eval(&two, &share_of_leaves(), &[printed(&["0", "5"])]).iter().map(value).collect::<Vec<_>>(),
        [Ok(0.0), Ok(100.0)]
    );
    assert_eq!(value(&eval(&two, &share_of_leaves(), &[printed(&["0", "0"])])[0]), Err(Missing::ZeroBase));
}

#[test]
fn ranks_tie_skip_and_widen() {
    let rows = [(0, "2023"), (1, "2023"), (2, "2023"), (3, "2023"), (4, "2023")];
    let all = panel(&rows, vec![true; 5], true);
    let ranks = eval(&all, &rank(), &[printed(&["9", "30", "9", "5", ""])]);
    // Competition ranking: 30 first, both nines second, 5 fourth; the last has no number.
    assert_eq!(ranks.iter().map(value).collect::<Vec<_>>(), [Ok(2.0), Ok(1.0), Ok(2.0), Ok(4.0), Err(Missing::Lost)]);
    // Each nine may be above the other, and the one without a number above both.
    assert_eq!(bounds(&ranks[0]), (2.0, 4.0));
    assert_eq!(bounds(&ranks[1]), (1.0, 2.0));
    assert_eq!(bounds(&ranks[3]), (4.0, 5.0));
    let open = panel(&rows, vec![true; 5], false);
    assert_eq!(bounds(&eval(&open, &rank(), &[printed(&["9", "30", "9", "5", ""])])[1]), (1.0, f64::INFINITY));
}

#[test]
fn a_declared_whole_gives_shares_without_the_other_members() {
    let one = panel(&[(0, "2023"), (1, "2023")], vec![true, true], false);
    let shares = eval(&one, &share_of_whole(), &[printed(&["20", ""]), printed(&["80", ""])]);
    assert_eq!(shares.iter().map(value).collect::<Vec<_>>(), [Ok(25.0), Err(Missing::Lost)]);
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0u32..2000).prop_map(|n| n.to_string()),
        3 => (0u32..2000).prop_map(|n| format!("{}.{}", n / 10, n % 10)),
        1 => Just(String::new()),
        1 => (1u32..500).prop_map(|n| format!(">{n}")),
    ]
}

/// Series, year and two cells of each row; which series are leaves; whether these are all.
type Random = (Vec<(u32, u32, String, String)>, Vec<bool>, bool);

fn rows() -> impl Strategy<Value = Random> {
    let row = (0u32..5, 2015u32..2024, cell(), cell());
    (proptest::collection::vec(row, 1..30), proptest::collection::vec(any::<bool>(), 5), any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn both_interpreters_agree((mut rows, leaf, exhaustive) in rows()) {
        rows.sort();
        rows.dedup_by_key(|row| (row.0, row.1));
        let keys: Vec<(u32, String)> = rows.iter().map(|row| (row.0, row.1.to_string())).collect();
        let keys: Vec<(u32, &str)> = keys.iter().map(|(series, period)| (*series, period.as_str())).collect();
        let panel = panel(&keys, leaf, exhaustive);
        let first: Vec<&str> = rows.iter().map(|row| row.2.as_str()).collect();
        let second: Vec<&str> = rows.iter().map(|row| row.3.as_str()).collect();
        let columns = [printed(&first), printed(&second)];
        let tracks = [Track::from_operands(&columns[0]), Track::from_operands(&columns[1])];
        let definitions = [
            growth(Lag::Year), growth(Lag::Periods(2)), change(Lag::Year), index(period("2018")), cagr(period("2016"), period("2020"), 4, 1),
            share_of_leaves(), share_of_whole(), rank(), ratio(100), difference(),
        ];
        for definition in &definitions {
            let exact = eval(&panel, definition, &columns);
            let track = Columns::new(&panel, &tracks, true).eval(definition);
            let (lowers, uppers) = track.bounds.as_ref().unwrap();
            for (row, exact) in exact.iter().enumerate() {
                match value(exact) {
                    Ok(value) => {
                        let other = track.value.get(row);
                        prop_assert!(other.is_some_and(|other| close(value, other)), "{definition:?} row {row}: {value} {other:?}");
                    }
                    Err(reason) => {
                        prop_assert_eq!(track.missing[row], Some(reason), "{:?} row {}", definition, row);
                        prop_assert_eq!(track.value.get(row), None, "{:?} row {}", definition, row);
                    }
                }
                if exact.is_ok() {
                    let (lower, upper) = bounds(exact);
                    let (low, high) = (lowers.get(row).unwrap(), uppers.get(row).unwrap());
                    prop_assert!(close(lower, low) && close(upper, high), "{definition:?} row {row}: {lower} {low}, {upper} {high}");
                }
            }
        }
    }

    #[test]
    fn the_true_statistic_lies_inside_its_bounds(true_now in 1u32..100_000, true_base in 1u32..100_000) {
        // Truths in thousandths, printed in tenths: the growth of the truths lies within the bounds of the printed growth.
        let tenth = |thousandths: u32| format!("{:.1}", f64::from(thousandths) / 1000.0);
        let panel = panel(&[(0, "2020"), (0, "2021")], vec![true], true);
        let computed = eval(&panel, &growth(Lag::Year), &[printed(&[&tenth(true_base), &tenth(true_now)])]);
        if let Ok(quantity) = &computed[1] {
            let truth = (Rational::new(true_now.into(), true_base.into()) - Rational::from_integer(1.into())) * Rational::from_integer(100.into());
            prop_assert!(quantity.bounds.contains(&truth));
        }
    }
}
