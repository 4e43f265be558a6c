//! Numbers as people see them, worked out by hand.

use super::super::samples::{between, bounded, column, computed, marked, printed, ratio, unit};
use super::super::shown::Grid;
use super::super::{Format, Look};
use crate::answer::{Answer, Cell, Column, Number, Role, Values};
use crate::package::{Mark, Missing};
use crate::precision::{Interval, Rational};
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
        // 0.08 wide: one decimal; 0.1 wide: one decimal too
        computed(ratio(123_456, 10_000), ratio(1230, 100), ratio(1238, 100)),
        computed(ratio(-119, 10), ratio(-1195, 100), ratio(-1185, 100)),
        exact(ratio(50, 1)),
        // 0.0001 wide: two significant digits
        computed(ratio(345, 10_000), ratio(3449, 100_000), ratio(3459, 100_000)),
    ];
    assert_eq!(percents("m_growth", Role::Statistic, cells.clone()), ["20", "12.3", "-11.9", "50.0", "0.035"]);
    let look = Look { digits: Some(2), ..Look::new(Format::Table, Lang::En) };
    let column = column("m_growth", "", "", Role::Statistic, cells);
    assert_eq!(texts(vec![column], &look)[0], ["20.00", "12.35", "-11.90", "50.00", "0.03"]);
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
    let rank = vec![exact(ratio(1, 1)), computed(ratio(2, 1), ratio(2, 1), ratio(3, 1))];
    let shown = texts(vec![column("m_rank", "", "", Role::Statistic, rank)], &Look::new(Format::Table, Lang::En));
    assert_eq!(shown[0], ["1", "2–3"]);
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

#[test]
fn columns_of_bounds_go_outward() {
    let third = || ratio(100, 3);
    let columns = || {
        let open = |column| Column { fold: false, ..column };
        vec![
            column("m", "", "", Role::Statistic, vec![computed(third(), ratio(3328, 100), ratio(3338, 100))]),
            open(column("m_lower", "", "", Role::Companion, vec![exact(third())])),
            open(column("m_upper", "", "", Role::Companion, vec![exact(third())])),
        ]
    };
    let shown = texts(columns(), &Look::new(Format::Table, Lang::En));
    assert_eq!(shown.concat(), ["33.3", "33.33", "33.34"].map(str::to_owned));
}

#[test]
fn qualifiers_are_words() {
    let words = |lang| {
        let cells = Mark::ALL.map(|mark| marked("8000", mark)).to_vec();
        texts(vec![column("m", "", "", Role::Measure, cells)], &Look::new(Format::Table, lang)).concat().join(" | ")
    };
    assert_eq!(words(Lang::Zh), "约8,000 | 近8,000 | 超8,000 | 至少8,000 | 不足8,000 | 至多8,000 | 仅8,000");
    assert_eq!(
        words(Lang::En),
        "about 8,000 | nearly 8,000 | over 8,000 | at least 8,000 | under 8,000 | at most 8,000 | only 8,000"
    );
}
