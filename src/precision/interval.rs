//! Closed intervals over exact rationals.

/// An exact rational number of any size.
pub type Rational = num_rational::BigRational;

/// A closed interval; an end that is `None` is unbounded.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Interval {
    /// Lower end.
    pub lower: Option<Rational>,
    /// Upper end.
    pub upper: Option<Rational>,
}

impl Interval {
    /// The interval of one value.
    pub fn exact(value: Rational) -> Self {
        Interval { lower: Some(value.clone()), upper: Some(value) }
    }
}

/// How a cell is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It stands in the report.
    Printed,
    /// It follows, as one value.
    Exact,
    /// It follows, within the least interval.
    Tight,
    /// It follows, within an interval not proven least.
    Outer,
    /// Its component is in conflict: nothing is derived.
    Conflict,
    /// Nothing is known.
    Missing,
}

/// The weaker basis of all relations that a claim uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// All stated by the report.
    Printed,
    /// At least one assumed.
    Assumed,
}
