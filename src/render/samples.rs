//! Answers that the tests of every format are held to.

use crate::answer::{Answer, Cell, Column, Number, Role, Source, Value, Values};
use crate::package::{Mark, Missing, Unit};
use crate::precision::{Basis, Claim, Interval, Rational};
use crate::text::Text;

pub(super) fn ratio(numer: i64, denom: i64) -> Rational {
    Rational::new(numer.into(), denom.into())
}

pub(super) fn between(lower: Option<Rational>, upper: Option<Rational>) -> Interval {
    Interval { lower, upper }
}

pub(super) fn printed(digits: &str) -> Number {
    let exact = super::number::from_digits(digits).unwrap();
    Number {
        value: Value::Printed(digits.to_owned()),
        bounds: Interval::exact(exact),
        claim: Claim::Printed,
        basis: Basis::Printed,
        mark: None,
        to: None,
    }
}

pub(super) fn marked(digits: &str, mark: Mark) -> Cell {
    Cell::Number(Number { mark: Some(mark), ..printed(digits) })
}

pub(super) fn computed(value: Rational, lower: Rational, upper: Rational) -> Cell {
    Cell::Number(Number { bounds: between(Some(lower), Some(upper)), claim: Claim::Tight, ..Number::computed(value) })
}

pub(super) fn bounded(bounds: Interval, reason: Missing) -> Cell {
    let value = Value::Bounded(reason);
    Cell::Number(Number { value, bounds, claim: Claim::Tight, ..Number::computed(ratio(0, 1)) })
}

pub(super) fn member(code: &str, zh: &str, en: &str) -> Cell {
    Cell::Member { code: code.to_owned(), title: Text::new(zh, en) }
}

pub(super) fn column(key: &str, zh: &str, en: &str, role: Role, cells: Vec<Cell>) -> Column {
    let fold = role == Role::Companion;
    Column { key: key.to_owned(), title: Text::new(zh, en), unit: None, role, fold, values: Values::Cells(cells) }
}

pub(super) fn unit(code: &str, zh: &str, en: &str, power: i32) -> Option<Unit> {
    Some(Unit { code: code.to_owned(), title: Text::new(zh, en), family: code.to_owned(), power })
}

/// Rounds of financing: every kind of cell.
#[allow(clippy::needless_update)]
pub(super) fn rounds() -> Answer {
    let text = |text: &str| Cell::Text(text.to_owned());
    let empty = || Cell::Empty(None);
    let number = |digits: &str| Cell::Number(printed(digits));
    let periods = vec![text("../2023"); 5];
    let members = vec![
        member("seed", "种子轮", "Seed"),
        member("angel", "天使轮", "Angel"),
        member("a", "A轮", "Series A"),
        member("b", "B轮", "Series B"),
        member("seed-to-a", "种子轮至A轮", "Seed to series A"),
    ];
    let deals = vec![
        Cell::Empty(Some(Missing::Lost)),
        number("14922"),
        marked("60", Mark::Over),
        bounded(between(Some(ratio(1723, 5)), Some(ratio(6916, 20))), Missing::NotPrinted),
        Cell::Number(Number { to: Some("2".to_owned()), ..printed("1") }),
    ];
    let marks = vec![text("lost"), empty(), text("over"), empty(), empty()];
    let to = vec![empty(), empty(), empty(), empty(), number("2")];
    let shares = vec![
        Cell::Empty(Some(Missing::NoTotal)),
        number("26.5"),
        computed(ratio(100, 3), ratio(3328, 100), ratio(3338, 100)),
        bounded(between(Some(ratio(5, 1)), None), Missing::OneSided),
        computed(ratio(50, 7), ratio(6, 1), ratio(8, 1)),
    ];
    let mut amount = column("amount", "金额", "Amount", Role::Measure, deals);
    amount.unit = unit("yi", "亿元", "100 million yuan", 8);
    let mut share = column("amount_share", "占比", "Share", Role::Statistic, shares);
    share.unit = unit("percent", "%", "%", 0);
    Answer {
        dataset: "sz/money/round".to_owned(),
        title: Text::new("深圳融资,按轮次", "Shenzhen: financing by round"),
        columns: vec![
            column("period", "时期", "Period", Role::Period, periods),
            column("round", "轮次", "Round", Role::Dimension, members),
            amount,
            column("amount_mark", "标记", "Mark", Role::Companion, marks),
            column("amount_to", "至", "To", Role::Companion, to),
            share,
        ],
        rows: 5,
        notes: vec![Text::new("部分数据由模型估算", "Part of the data is estimated by models")],
        sources: vec![source("29", "4.6.2"), source("28", "4.6.1"), source("29", "4.6.2")],
        ..Answer::default()
    }
}

pub(super) fn source(exhibit: &str, section: &str) -> Source {
    Source {
        line: Text::same("来源:某协会"),
        report: Text::new("某白皮书", "A white book"),
        exhibit: Some(exhibit.to_owned()),
        section: Some(section.to_owned()),
    }
}
