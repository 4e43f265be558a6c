//! The statistics. Definitions follow the OECD Data and Metadata Reporting and Presentation Handbook (2007), chapter 4, unless said.

use super::expr::{Arm, Condition, Expr, Lag};
use crate::package::{Missing, Period};
use crate::text::Text;

/// A statistic by name: the suffix of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stat {
    /// Percentage change.
    Growth,
    /// Absolute change; percentage points for percentages.
    Change,
    /// Compound annual growth rate.
    Cagr,
    /// Index with a base of 100.
    Index,
    /// Percent of a whole.
    Share,
    /// Standard competition rank.
    Rank,
    /// Ratio to a member.
    Relative,
}

impl Stat {
    /// All of them, in the order of their columns.
    pub const ALL: [Stat; 7] =
        [Stat::Growth, Stat::Change, Stat::Cagr, Stat::Index, Stat::Share, Stat::Relative, Stat::Rank];

    /// The suffix of a column, and the name of the flag.
    pub const fn suffix(self) -> &'static str {
        match self {
            Stat::Growth => "growth",
            Stat::Change => "change",
            Stat::Cagr => "cagr",
            Stat::Index => "index",
            Stat::Share => "share",
            Stat::Rank => "rank",
            Stat::Relative => "relative",
        }
    }

    /// The name for people.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Stat::Growth => ("增长率", "growth"),
            Stat::Change => ("变化量", "change"),
            Stat::Cagr => ("年均复合增长率", "compound annual growth rate"),
            Stat::Index => ("指数", "index"),
            Stat::Share => ("占比", "share"),
            Stat::Rank => ("排名", "rank"),
            Stat::Relative => ("倍数", "relative"),
        };
        Text::new(zh, en)
    }
}

fn measure() -> Expr {
    Expr::Column(0)
}

/// Empty for the operand's own reason, then for a base that is not there, empty, zero or negative.
fn with_base(base: &Expr, body: Expr) -> Expr {
    Expr::Case(
        vec![
            (Condition::Empty(measure()), Arm::Own),
            (Condition::Absent(base.clone()), Arm::Missing(Missing::Gap)),
            (Condition::Empty(base.clone()), Arm::Missing(Missing::NoBase)),
            (Condition::Zero(base.clone()), Arm::Missing(Missing::ZeroBase)),
            (Condition::Negative(base.clone()), Arm::Missing(Missing::NoBase)),
        ],
        Box::new(body),
    )
}

/// Percentage change: `100 (xₜ / xₜ₋ₖ − 1)`.
pub fn growth(lag: Lag) -> Expr {
    let base = Expr::Previous(lag, Box::new(measure()));
    with_base(&base, Expr::number(100) * (measure() / base.clone() - Expr::number(1)))
}

/// Absolute change: `xₜ − xₜ₋ₖ`, in the measure's own unit (percentage points for percentages).
pub fn change(lag: Lag) -> Expr {
    let base = Expr::Previous(lag, Box::new(measure()));
    Expr::Case(
        vec![
            (Condition::Empty(measure()), Arm::Own),
            (Condition::Absent(base.clone()), Arm::Missing(Missing::Gap)),
            (Condition::Empty(base.clone()), Arm::Missing(Missing::NoBase)),
        ],
        Box::new(measure() - base),
    )
}

/// Index: `100 xₜ / x_base`, for periods of the base's kind; exactly 100 at the base, however wide its bounds are.
pub fn index(base: Period) -> Expr {
    let unlike = Condition::Unlike(base.clone());
    let itself = Condition::Is(base.clone());
    let base = Expr::At(base, Box::new(measure()));
    let quotient = Expr::number(100) * (measure() / base.clone());
    let index = with_base(&base, Expr::Case(vec![(itself, Arm::Then(Expr::number(100)))], Box::new(quotient)));
    Expr::Case(vec![(unlike, Arm::Own)], Box::new(index))
}

/// Compound annual growth rate over `years = index / power`: `100 ((x_end / x_start)^(1/years) − 1)`.
pub fn cagr(start: Period, end: Period, index: u32, power: u32) -> Expr {
    let start = Expr::At(start, Box::new(measure()));
    let end = Expr::At(end, Box::new(measure()));
    let root = Expr::Root { index, power, of: Box::new(end.clone() / start.clone()) };
    Expr::Case(
        vec![
            (Condition::Absent(end.clone()), Arm::Missing(Missing::Gap)),
            (Condition::Empty(end.clone()), Arm::Own),
            (Condition::Absent(start.clone()), Arm::Missing(Missing::Gap)),
            (Condition::Empty(start.clone()), Arm::Missing(Missing::NoBase)),
            (Condition::Zero(start.clone()), Arm::Missing(Missing::ZeroBase)),
            (Condition::Negative(start), Arm::Missing(Missing::NoBase)),
            (Condition::Negative(end), Arm::Missing(Missing::NoBase)),
        ],
        Box::new(Expr::number(100) * (root - Expr::number(1))),
    )
}

/// Share of the sum of all leaf members of the period, as `100 / (1 + rest / x)`: `x` stands once, so that the bounds are
/// the least that the separate intervals allow.
pub fn share_of_leaves() -> Expr {
    let rest = Expr::Others(Box::new(measure()));
    let share = Expr::number(100) / (Expr::number(1) + rest.clone() / measure());
    let of_zero = Expr::number(100) * measure() / (measure() + rest.clone());
    Expr::Case(
        vec![
            (Condition::Empty(measure()), Arm::Own),
            (Condition::Absent(rest.clone()), Arm::Missing(Missing::NoTotal)),
            (Condition::Empty(rest.clone()), Arm::Missing(Missing::NoTotal)),
            (Condition::Zero(measure() + rest), Arm::Missing(Missing::ZeroBase)),
            (Condition::Zero(measure()), Arm::Then(of_zero)),
        ],
        Box::new(share),
    )
}

/// Share of a declared whole, which stands in the second operand column: `100 x / whole`.
pub fn share_of_whole() -> Expr {
    let whole = Expr::Column(1);
    Expr::Case(
        vec![
            (Condition::Empty(measure()), Arm::Own),
            (Condition::Empty(whole.clone()), Arm::Missing(Missing::NoTotal)),
            (Condition::Zero(whole.clone()), Arm::Missing(Missing::ZeroBase)),
        ],
        Box::new(Expr::number(100) * measure() / whole),
    )
}

/// Standard competition rank ("1224"): one more than the number of leaf members that have more.
pub fn rank() -> Expr {
    Expr::Case(
        vec![(Condition::Empty(measure()), Arm::Own)],
        Box::new(Expr::number(1) + Expr::CountGreater(Box::new(measure()))),
    )
}

/// Ratio of the two operand columns, times `scale` (100: the first in percent of the second).
pub fn ratio(scale: i64) -> Expr {
    let base = Expr::Column(1);
    with_base(&base, Expr::number(scale) * (measure() / base.clone()))
}

/// Difference of the two operand columns.
pub fn difference() -> Expr {
    let base = Expr::Column(1);
    Expr::Case(
        vec![(Condition::Empty(measure()), Arm::Own), (Condition::Empty(base.clone()), Arm::Missing(Missing::NoBase))],
        Box::new(measure() - base),
    )
}
