//! What follows from printed numbers: exact intervals, relations, propagation, linear programs over exact rationals,
//! conflicts with their proof. No Polars, no input or output.
//!
//! [`solve()`] takes a [`System`] of [`Variable`]s and [`Relation`]s and gives a [`Solution`]: the [`Bound`] of every
//! variable with its [`Claim`], the [`Step`]s that lead to it, and the [`Conflict`]s. [`range`] bounds an expression,
//! [`decide`] a comparison, [`mend()`] looks for the single change that would mend a conflict.

mod check;
mod conflict;
mod explain;
mod group;
mod interval;
mod lower;
mod mend;
mod model;
mod num;
mod pairs;
mod part;
mod printed;
mod program;
mod propagate;
mod question;
mod refutation;
mod search;
mod simplex;
mod solve;
mod system;
mod tighten;
mod totals;

#[cfg(test)]
mod tests;

pub use conflict::{Conflict, Severity};
pub use explain::{Combination, Reason, Step, Term};
pub use interval::{Interval, decimal, integer};
pub use mend::{Change, Mend, Slip, mend};
pub use pairs::whole_multiples;
pub use printed::{Basis, Format, Mark, Printed, PrintedError, from_printed};
pub use question::{
    Beside, Contradiction, Decision, Expression, Op, Ranks, Statement, Verdict, decide, decide_all, range, ranks,
};
pub use refutation::{Case, Ending, Refutation};
pub use solve::{Bound, Claim, Fit, Solution, consistency, fit, solve, solve_for};
pub use system::{Caps, Form, Linear, Relation, RelationId, Scale, System, VarId, Variable};
pub use totals::{Share, nearest_totals};

/// An exact number.
pub type Rational = num_rational::BigRational;

/// The arithmetic that intervals need, by reference and without overflow.
pub trait Number: Clone + Ord {
    /// 0.
    fn zero() -> Self;
    /// The sum.
    fn add(&self, other: &Self) -> Self;
    /// The difference.
    fn sub(&self, other: &Self) -> Self;
    /// The product.
    fn mul(&self, other: &Self) -> Self;
    /// 1 over it; `None` for 0.
    fn recip(&self) -> Option<Self>;
    /// The quotient; `None` for a divisor of 0.
    fn div(&self, other: &Self) -> Option<Self> {
        Some(self.mul(&other.recip()?))
    }
    /// −1, 0 or 1.
    fn signum(&self) -> i32;
}
