//! Exact intervals, relations and what follows from them.

mod interval;

pub use interval::{Basis, Claim, Interval, Rational};
