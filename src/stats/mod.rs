//! Statistics: one definition each, written in a small expression language and read by two interpreters, exact rationals
//! for answers that people read, and Polars columns for tables of any size.

mod columns;
mod definition;
mod exact;
mod expr;
mod fraction;
mod panel;
mod quantity;
mod root;
#[cfg(test)]
mod tests;

pub use columns::{Columns, Track};
pub use definition::{Stat, cagr, change, difference, growth, index, rank, ratio, share_of_leaves, share_of_whole};
pub use exact::Exact;
pub use expr::{Arm, Condition, Expr, Lag};
pub use panel::Panel;
pub use quantity::{Operand, Quantity, decimal, format, power_of_ten};
pub use root::root;
