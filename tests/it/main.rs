//! Tests of the whole program, one binary: each module is a side of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr, missing_docs, unreachable_pub)]

mod agreement;
mod audit;
mod compare;
mod completions;
mod derived;
mod editions;
mod foreign;
mod format;
mod formats;
mod fuzz;
mod grouped;
mod harness;
mod help;
mod hostile;
mod kinds;
mod large;
mod lists;
mod made;
mod new;
mod numbers;
mod numerals;
mod package;
mod people;
mod process;
mod ranks;
mod readme;
mod refusals;
mod report;
mod source;
mod transcription;
