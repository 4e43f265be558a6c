//! Data Packages: the descriptor, its tables and code lists, read into Polars frames. The only place that reads files.

mod cell;
mod period;
mod model;

pub use cell::{Mark, Missing, Printed, PrintedCell};
pub use model::{
    Address, Attribute, CodeList, Dataset, Dimension, Exhaustive, Growth, Kind, Measure, Member, Note, Package, Parts,
    PriceBasis, RelationLine, Resource, Share, Unit,
};
pub use period::{Period, PeriodKind, PeriodSelection};
