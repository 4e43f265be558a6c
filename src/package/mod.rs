//! Data Packages: the descriptor, its tables and code lists, read into Polars frames. The only place that reads files.

mod calendar;
mod cell;
mod check;
mod codes;
mod constraints;
mod dataset;
mod descriptor;
mod dialect;
mod draft;
mod encoding;
mod fault;
mod grouped;
mod hash;
mod header;
mod infer;
mod inline;
mod json;
mod large;
mod limits;
mod members;
mod model;
mod number;
mod observation;
mod open;
mod period;
mod plan;
mod referred;
mod reserved;
mod rules;
mod salvage;
mod schema;
mod slug;
mod split;
mod store;
mod table;
mod types;
mod when;

pub use cell::{Mark, Missing, Printed, PrintedCell};
pub use dataset::LastingKey;
pub use draft::Draft;
pub use fault::{Fault, Faults, Severity};
pub use grouped::{Breakdown, Grouped, LeftOut, Together};
pub use header::is_total;
pub use large::{Decimals, LargeColumns, LargeSums, LargeTable};
pub use limits::{Limit, Limits};
pub use model::{
    Address, Attribute, CodeList, Dataset, Dimension, Exhaustive, Figure, Growth, Kind, Measure, Member, Note, Package,
    Parts, PriceBasis, RelationLine, Resource, Share, Unit, items,
};
pub use open::{DESCRIPTOR, folder_of};
pub use period::{Granularity, Period, PeriodKind, PeriodSelection};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
