//! The verbs: from a typed question and the catalog to an answer. One file a verb.

mod assume;
mod audit;
mod check;
mod compare;
mod complete;
mod completions;
mod diff;
mod dump;
mod explain;
mod find;
mod guide;
mod list;
mod man;
mod new;
mod numbers;
mod overview;
mod proof;
mod show;
mod test;

use crate::answer::Answer;
use crate::catalog::Catalog;
use crate::cli::{Ask, Verb};
use crate::error::{Exit, Result};
use crate::package::Limits;
use crate::text::Lang;

pub use guide::guide;
pub(crate) use numbers::option_of;

/// What a question gets.
#[derive(Debug)]
pub enum Reply {
    /// Rows and columns, and how the process ends.
    Answer(Answer, Exit),
    /// A text as it is: a script, the manual.
    Text(String),
    /// A text for people, which a terminal breaks between words.
    Page(String),
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Reply::Answer(answer, Exit::Answered)
    }
}

/// Answers a question.
///
/// # Errors
/// What makes the question one that cannot be answered.
pub fn answer(ask: &Ask, catalog: &Catalog, limits: &Limits) -> Result<Reply> {
    match &ask.verb {
        Verb::Overview => Ok(Reply::Page(overview::page(catalog, &ask.line, ask.globals.lang))),
        Verb::Version => Ok(Reply::Page(version(catalog, ask.globals.lang))),
        Verb::List { within, members, packages } => {
            list::answer(catalog, within.as_deref(), *members, *packages, ask.globals.lang).map(Into::into)
        }
        Verb::Find(text) => find::answer(catalog, text).map(Into::into),
        Verb::Show { what, question } => show::answer(catalog, what, question).map(Into::into),
        Verb::Compare { datasets, relation, question } => {
            compare::answer(catalog, datasets, *relation, question).map(Into::into)
        }
        Verb::Numbers(question) => numbers::answer(catalog, question).map(Into::into),
        Verb::New { folder, from } => new::answer(folder, from, ask.globals.force, limits).map(Into::into),
        Verb::Check(folder) => {
            check::answer(folder, limits, ask.globals.lang).map(|(answer, exit)| Reply::Answer(answer, exit))
        }
        Verb::Diff { earlier, later } => diff::answer(catalog, earlier, later, limits).map(Into::into),
        Verb::Explain { targets, assume } => {
            explain::answer(catalog, targets, assume, ask.globals.lang).map(Into::into)
        }
        Verb::Audit(dataset) => audit::answer(catalog, dataset.as_deref(), ask.globals.lang)
            .map(|(answer, exit)| Reply::Answer(answer, exit)),
        Verb::Test { statement, assume } => {
            test::answer(catalog, statement, assume, ask.globals.lang).map(|(answer, exit)| Reply::Answer(answer, exit))
        }
        Verb::Dump { within, question } => dump::answer(catalog, within, question).map(Into::into),
        Verb::Completions(shell) => completions::script(catalog, shell, ask.globals.lang).map(Reply::Text),
        Verb::Complete { line, .. } => complete::answer(catalog, line, ask.globals.lang).map(Reply::Text),
        Verb::Man => man::page(catalog, ask.globals.lang).map(Reply::Text),
    }
}

/// `--version`: the program's, and the edition of each package.
fn version(catalog: &Catalog, lang: Lang) -> String {
    let mut text = format!("{} {}\n", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    for package in &catalog.packages {
        text +=
            &format!("{} {} {}\n", package.name, package.version.as_deref().unwrap_or("-"), package.title.get(lang));
    }
    text
}
