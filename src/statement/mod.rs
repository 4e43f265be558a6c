//! The statement language of `relations.csv`, `test` and `explain` (docs/statements.md): from text to a tree that knows where in the text
//! each of its parts stands. What cells mean is for [`crate::facts`] to say.

mod ast;
mod misread;
mod parse;

pub use ast::{Call, Comparison, Expr, Op, Place, Statement, Term};
pub use misread::Misread;
pub use parse::{assumption, expression, parse, readable, references};
