//! The tree of a statement.

use std::ops::Range;

use crate::precision;
use crate::reference::Reference;

/// Bytes of the statement's text.
pub type Place = Range<usize>;

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `a op b { op c }`: every comparison of neighbours.
    Chain(Vec<Comparison>),
    /// `rises(cells)` or `falls(cells)`: strictly, over the cells' periods in order.
    Order {
        /// Whether it rises.
        rising: bool,
        /// What does.
        cells: Expr,
    },
}

/// `left op right`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Left side.
    pub left: Expr,
    /// How they compare.
    pub op: Op,
    /// Right side.
    pub right: Expr,
}

/// How two sides compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// One of `< <= = >= > !=`.
    Exactly(precision::Op),
    /// `~`: about.
    About,
}

/// An expression with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub term: Term,
    /// Where it stands.
    pub place: Place,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Decimal digits.
    Number(String),
    /// A cell, or cells where its period is a range or a member `*`.
    Cell(Reference),
    /// `-x`
    Minus(Box<Expr>),
    /// `x + y`
    Add(Box<Expr>, Box<Expr>),
    /// `x - y`
    Sub(Box<Expr>, Box<Expr>),
    /// `x * y`
    Mul(Box<Expr>, Box<Expr>),
    /// `x / y`
    Div(Box<Expr>, Box<Expr>),
    /// A function of cells.
    Call(Call, Reference),
    /// `rank(cells, member)`
    Rank {
        /// Among whom.
        cells: Reference,
        /// Whose.
        member: String,
        /// Where the member stands.
        at: Place,
    },
}

/// Functions of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Sum of cells.
    Sum,
    /// Least of cells.
    Min,
    /// Greatest of cells.
    Max,
    /// Percent over the period before.
    Growth,
    /// Percent of the declared whole.
    Share,
}

impl Call {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Call::Sum => "sum",
            Call::Min => "min",
            Call::Max => "max",
            Call::Growth => "growth",
            Call::Share => "share",
        }
    }
}

impl Op {
    /// As it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Op::About => "~",
            Op::Exactly(op) => match op {
                precision::Op::Less => "<",
                precision::Op::AtMost => "<=",
                precision::Op::Equal => "=",
                precision::Op::AtLeast => ">=",
                precision::Op::More => ">",
                precision::Op::Unequal => "!=",
            },
        }
    }

    /// The operator with its sides exchanged.
    #[must_use]
    pub const fn turned(self) -> Op {
        match self {
            Op::About => Op::About,
            Op::Exactly(op) => Op::Exactly(match op {
                precision::Op::Less => precision::Op::More,
                precision::Op::AtMost => precision::Op::AtLeast,
                precision::Op::AtLeast => precision::Op::AtMost,
                precision::Op::More => precision::Op::Less,
                same => same,
            }),
        }
    }
}
