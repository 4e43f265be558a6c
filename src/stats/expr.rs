//! The language in which statistics are described. It knows periods and members by key, never by row order, so that gaps
//! mean the same in every interpreter.

use crate::package::{Missing, Period};
use crate::precision::Rational;

/// A description of a number for each row of a [`super::Panel`].
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// The row's number in an operand column (0 is the measure itself).
    Column(usize),
    /// A constant.
    Literal(Rational),
    /// Sum.
    Add(Box<Expr>, Box<Expr>),
    /// Difference.
    Sub(Box<Expr>, Box<Expr>),
    /// Product.
    Mul(Box<Expr>, Box<Expr>),
    /// Quotient.
    Div(Box<Expr>, Box<Expr>),
    /// The same member, a lag before.
    Previous(Lag, Box<Expr>),
    /// The same member at a named period.
    At(Period, Box<Expr>),
    /// The sum over the other leaf members of the same period; empty where one of them is.
    Others(Box<Expr>),
    /// How many other leaf members of the same period have a greater number. A leaf without one counts for the upper bound alone.
    CountGreater(Box<Expr>),
    /// `x^(1/k)` of a positive number, by exact comparison.
    Root {
        /// `k` is `index / power`.
        index: u32,
        /// See `index`.
        power: u32,
        /// The radicand.
        of: Box<Expr>,
    },
    /// The first arm whose condition holds, else the expression.
    Case(Vec<(Condition, Arm)>, Box<Expr>),
}

/// How far back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lag {
    /// A year: the year before, the same quarter or month of it.
    Year,
    /// So many periods.
    Periods(u32),
}

/// A condition on the row.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The expression's key has no row.
    Absent(Expr),
    /// It has a row without a number.
    Empty(Expr),
    /// Its value is zero.
    Zero(Expr),
    /// Its value is below zero.
    Negative(Expr),
    /// The row's period is of another kind than this one: a year is no month, nor a total until its end.
    Unlike(Period),
    /// The row's period is this one.
    Is(Period),
}

/// What a condition leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Arm {
    /// Empty, for this reason.
    Missing(Missing),
    /// Empty, for the reason of the operand that the condition named.
    Own,
    /// Another expression.
    Then(Expr),
}

impl Expr {
    /// A whole number.
    pub fn number(value: i64) -> Self {
        Expr::Literal(Rational::from_integer(value.into()))
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl std::ops::$trait for Expr {
            type Output = Expr;
            fn $method(self, other: Expr) -> Expr {
                Expr::$trait(Box::new(self), Box::new(other))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);
