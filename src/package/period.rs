//! Periods in EDTF: `2023`, `2023-03`, `2023-Q1`, `2023-03-14`, `2017/2023` over a span, `../2023` added up until an end.

/// A period.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    text: String,
}

/// What kind of period it is. Unlike kinds never join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PeriodKind {
    /// A calendar unit: year, quarter, month or day.
    Plain,
    /// `A/B`: over a span.
    Span,
    /// `../B`: added up until the end of B.
    Cumulative,
}

/// What `--period` selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodSelection {
    /// These periods.
    Of(Vec<Period>),
    /// Plain periods from one to another, both included.
    Range(Period, Period),
    /// The last plain period that has a row.
    Latest,
}
