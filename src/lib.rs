//! aistat answers questions about the numbers of a published statistical report.

pub mod answer;
pub mod error;
pub mod package;
pub mod precision;
pub mod render;
pub mod text;
