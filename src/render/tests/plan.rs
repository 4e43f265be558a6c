//! Numbers as people see them, worked out by hand.

use super::super::samples::{between, bounded, column, computed, marked, printed, ratio, unit};
use super::super::shown::Grid;
use super::super::{Format, Look};
use crate::answer::{Answer, Cell, Column, Number, Role, Values};
use crate::package::{Mark, Missing};
use crate::precision::{Basis, Claim, Interval, Rational};
use crate::text::Lang;

fn texts(columns: Vec<Column>, look: &Look) -> Vec<Vec<String>> {
    let Values::Cells(cells) = &columns[0].values else { panic!() };
    let answer = Answer { rows: cells.len(), columns, ..Answer::default() };
    let grid = Grid::new(&answer, look);
    grid.columns.into_iter().map(|column| column.cells.into_iter().map(|cell| cell.text).collect()).collect()
}

fn percents(key: &str, role: Role, cells: Vec<Cell>) -> Vec<String> {
    let mut column = column(key, "", "", role, cells);
    column.unit = unit("percent", "%", "%", 0);
    texts(vec![column], &Look::new(Format::Table, Lang::En)).remove(0)
}

fn exact(value: Rational) -> Cell {
    Cell::Number(Number::computed(value))
}

#[test]
fn a_growth_has_the_decimals_that_its_bounds_support() {
    let cells = vec![
        // 1.2 wide: whole percents
        computed(ratio(20, 1), ratio(194, 10), ratio(206, 10)),
        // 0.08 wide, and one decimal is usual; 0.1 wide: one decimal too
        computed(ratio(123_456, 10_000), ratio(1230, 100), ratio(1238, 100)),
        computed(ratio(-119, 10), ratio(-1195, 100), ratio(-1185, 100)),
        exact(ratio(50, 1)),
        // two significant digits would be 0.035, which is outside
        computed(ratio(345, 10_000), ratio(3449, 100_000), ratio(3459, 100_000)),
    ];
    assert_eq!(percents("m_growth", Role::Statistic, cells.clone()), ["20", "12.3", "-11.9", "50.0", "0.0345"]);
    let look = Look { digits: Some(2), ..Look::new(Format::Table, Lang::En) };
    let column = column("m_growth", "", "", Role::Statistic, cells);
    assert_eq!(texts(vec![column], &look)[0], ["20.00", "12.35", "-11.90", "50.00", "0.03"]);
}

#[test]
fn a_rounded_number_lies_within_its_bounds() {
    let one = |value, lower, upper| percents("m", Role::Statistic, vec![computed(value, lower, upper)]).remove(0);
    // 7.7 / 1.7 = 4.529…, 7.65 / 1.75 = 4.371…, 7.75 / 1.65 = 4.697…: 5 would be outside.
    assert_eq!(one(ratio(77, 17), ratio(765, 175), ratio(775, 165)), "4.5");
    // 0.1 / 1.7 = 0.0588…, 0.05 / 1.75 = 0.0285…, 0.15 / 1.65 = 0.0909…
    assert_eq!(one(ratio(1, 17), ratio(5, 175), ratio(15, 165)), "0.06");
    // 0.06 wide, so tenths are usual: 17.04 would be 17.0, below 17.01.
    assert_eq!(one(ratio(1704, 100), ratio(1701, 100), ratio(1707, 100)), "17.04");
    // 2321 wide: thousands; 617 wide: hundreds.
    assert_eq!(one(ratio(25_373, 1), ratio(24_265, 1), ratio(26_586, 1)), "25,000");
    assert_eq!(one(ratio(6664, 1), ratio(6369, 1), ratio(6986, 1)), "6,700");
    // Two digits stay, however wide the bounds are, and a digit is not rounded away.
    assert_eq!(one(ratio(163, 1), ratio(100, 1), ratio(300, 1)), "160");
    assert_eq!(one(ratio(4, 1), ratio(-3, 1), ratio(9, 1)), "4");
    // What relations rule out is not shown: the bounds are.
    assert_eq!(one(ratio(104, 10), ratio(105, 10), ratio(106, 10)), "10.5–10.6");
}

#[test]
fn exact_numbers_lose_the_zeros_that_a_column_does_not_need() {
    let shown = |cells| texts(vec![column("m", "", "", Role::Statistic, cells)], &Look::new(Format::Table, Lang::En));
    assert_eq!(shown(vec![exact(ratio(3, 1)), exact(ratio(-14_000, 1))])[0], ["3", "-14,000"]);
    assert_eq!(shown(vec![exact(ratio(5, 2)), exact(ratio(4, 1))])[0], ["2.5", "4.0"]);
    assert_eq!(shown(vec![exact(ratio(1, 3)), exact(ratio(0, 1))])[0], ["0.33", "0.00"]);
}

#[test]
fn printed_digits_stay() {
    let number = |digits| Cell::Number(printed(digits));
    let cells = vec![number("5.0"), number("4"), number("1234.567"), exact(ratio(1, 3))];
    assert_eq!(percents("m_share", Role::Statistic, cells), ["5.0", "4", "1,234.567", "0.333"]);
}

#[test]
fn ranks_and_bounds() {
    let open = |cell: Cell| match cell {
        Cell::Number(number) => Cell::Number(Number { bounds: between(number.bounds.lower, None), ..number }),
        cell => cell,
    };
    // The last is sixth, or any lower: members without a number may stand before it.
    let rank = vec![exact(ratio(1, 1)), computed(ratio(2, 1), ratio(2, 1), ratio(3, 1)), open(exact(ratio(6, 1)))];
    let shown = texts(vec![column("m_rank", "", "", Role::Statistic, rank)], &Look::new(Format::Table, Lang::En));
    assert_eq!(shown[0], ["1", "2–3", "≥ 6"]);
    let reason = Missing::OneSided;
    let cells = vec![
        bounded(between(Some(ratio(1723, 5)), Some(ratio(1729, 5))), reason),
        bounded(between(Some(ratio(1000, 3)), None), reason),
        bounded(between(None, Some(ratio(7, 1))), reason),
        bounded(between(Some(ratio(3501, 2)), Some(ratio(3503, 2))), reason),
        bounded(between(Some(ratio(1200, 1)), Some(ratio(1300, 1))), reason),
        bounded(Interval::default(), reason),
    ];
    let shown = ["344.6–345.8", "≥ 333", "≤ 7", "1,750.5–1,751.5", "1,200–1,300", "–"];
    assert_eq!(percents("m", Role::Measure, cells), shown);
}

/// A number with its bounds, claim and basis shown, as `--bounds` adds them.
fn with_bounds(cells: Vec<Cell>, claims: Vec<Claim>) -> Vec<Column> {
    let shown = |suffix: &str, title: &str, cells| Column {
        fold: false,
        ..column(&format!("m_{suffix}"), "", &format!("M, {title}"), Role::Companion, cells)
    };
    let ends = |_: &Cell| exact(ratio(0, 1));
    let zeros = || cells.iter().map(ends).collect::<Vec<_>>();
    let claims = claims.into_iter().map(Claim::cell).collect();
    let bases = cells.iter().map(|_| Basis::Printed.cell()).collect();
    vec![
        shown("lower", "lower bound", zeros()),
        shown("upper", "upper bound", zeros()),
        shown("claim", "claim", claims),
        shown("basis", "basis", bases),
        column("m", "", "M", Role::Statistic, cells),
    ]
}

#[test]
fn bounds_are_one_range_that_goes_outward() {
    let third = ratio(100, 3);
    let cells = vec![
        computed(third.clone(), ratio(3328, 100), ratio(3338, 100)),
        // An exact number says of its bounds what it says of itself.
        exact(third),
        Cell::Empty(None),
        // 295 of 1114 are 26.4811… %: printed 26.5, and known exactly.
        Cell::Number(Number { bounds: Interval::exact(ratio(29_500, 1114)), ..printed("26.5") }),
    ];
    let mut columns = with_bounds(cells, vec![Claim::Tight, Claim::Exact, Claim::Missing, Claim::Exact]);
    columns.rotate_right(1);
    let answer = Answer { rows: 4, columns, ..Answer::default() };
    let grid = Grid::new(&answer, &Look::new(Format::Table, Lang::En));
    let shown: Vec<(&str, Vec<&str>)> = grid
        .columns
        .iter()
        .map(|column| (column.header.as_str(), column.cells.iter().map(|cell| cell.text.as_str()).collect()))
        .collect();
    assert_eq!(shown[0], ("M", vec!["33.3", "33.33", "–", "26.5"]));
    assert_eq!(shown[1], ("bounds", vec!["33.28–33.38", "33.33", "", "26.481"]));
    assert_eq!(shown[2], ("claim", vec!["tight", "exact", "", "exact"]));
    assert_eq!(shown.len(), 3);
    assert_eq!(grid.legend(Lang::En), ["* not printed: follows from other numbers"]);
}

#[test]
fn claims_that_are_the_same_in_all_rows_are_a_line() {
    let cells = vec![exact(ratio(1, 1)), exact(ratio(2, 1))];
    let mut columns = with_bounds(cells, vec![Claim::Exact, Claim::Exact]);
    columns.rotate_right(1);
    let answer = Answer { rows: 2, columns, ..Answer::default() };
    let grid = Grid::new(&answer, &Look::new(Format::Table, Lang::En));
    assert_eq!(grid.columns.len(), 2);
    assert_eq!(grid.legend(Lang::En), ["Claim: exact throughout"]);
}

#[test]
fn computed_numbers_among_printed_ones_are_marked() {
    let derived = |cells| {
        let answer =
            Answer { rows: 2, columns: vec![column("m_share", "", "M", Role::Statistic, cells)], ..Answer::default() };
        let grid = Grid::new(&answer, &Look::new(Format::Table, Lang::En));
        grid.columns[0].cells.iter().map(|cell| cell.derived).collect::<Vec<_>>()
    };
    // Shares of districts: 39.2 is printed, 100 · 280 / 1646 is not.
    assert_eq!(derived(vec![Cell::Number(printed("39.2")), exact(ratio(28_000, 1646))]), [false, true]);
    assert_eq!(derived(vec![exact(ratio(1, 2)), exact(ratio(1, 2))]), [false, false]);
}

#[test]
fn qualifiers_are_words() {
    let words = |lang| {
        let cells = Mark::ALL.map(|mark| marked("8000", mark)).to_vec();
        texts(vec![column("m", "", "", Role::Measure, cells)], &Look::new(Format::Table, lang)).concat().join(" | ")
    };
    assert_eq!(words(Lang::Zh), "约8,000 | 近8,000 | 超过8,000 | 至少8,000 | 不足8,000 | 至多8,000 | 仅8,000");
    assert_eq!(
        words(Lang::En),
        "about 8,000 | nearly 8,000 | over 8,000 | at least 8,000 | under 8,000 | at most 8,000 | only 8,000"
    );
}
