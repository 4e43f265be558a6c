//! What a question that cannot be answered says: what is wrong, where, and what to type instead.

use crate::line::{Edit, Hint, Line};
use crate::text::{Lang, Text};

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The question was answered (also: the reader hung up).
    Answered = 0,
    /// The answer is no: a conflict, a fault, a refuted statement, a missing cell asked for as one value.
    No = 1,
    /// Wrong usage, or data that cannot be read.
    Usage = 2,
    /// A statement that the report does not decide.
    Open = 3,
}

/// A refusal: exit code 2, one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong, in one sentence without a full stop.
    pub title: Text,
    /// Where, and what was found; a line each.
    pub details: Vec<Text>,
    /// What to type instead.
    pub hints: Vec<Hint>,
}

impl Error {
    /// An error with its one-line title.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Error { title: Text::new(zh, en), details: Vec::new(), hints: Vec::new() }
    }

    /// Adds a line on where, or what was found.
    #[must_use]
    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.details.push(Text::new(zh, en));
        self
    }

    /// What is said of a table that this keeps out of an answer.
    pub fn left_out(&self) -> Text {
        let first = |pick: fn(&Text) -> &str, joint: &str| {
            let detail = self.details.first().map(|detail| format!("{joint}{}", pick(detail)));
            format!("{}{}", pick(&self.title), detail.unwrap_or_default())
        };
        let (zh, en) = (first(|text| &text.zh, ":"), first(|text| &text.en, ": "));
        Text::new(format!("未列入:{zh}"), format!("left out: {en}"))
    }

    /// Adds a runnable line.
    #[must_use]
    pub fn hint(mut self, line: impl Into<String>) -> Self {
        self.hints.push(Hint { edits: Vec::new(), otherwise: Some(line.into()) });
        self
    }

    /// Adds the line that was typed, with this changed.
    #[must_use]
    pub fn instead(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.hints.push(Hint { edits: edits.into_iter().collect(), otherwise: None });
        self
    }

    /// As [`Error::instead`], and where the line cannot be changed so, another.
    #[must_use]
    pub fn instead_or(mut self, edits: impl IntoIterator<Item = Edit>, line: impl Into<String>) -> Self {
        self.hints.push(Hint { edits: edits.into_iter().collect(), otherwise: Some(line.into()) });
        self
    }

    /// With what corrects another error of the same line, too.
    #[must_use]
    pub fn and(mut self, other: Error) -> Self {
        for (at, hint) in self.hints.iter_mut().enumerate() {
            if let Some(more) = other.hints.get(at).or(other.hints.last()).filter(|_| !hint.edits.is_empty()) {
                hint.edits.extend(more.edits.iter().cloned());
            }
        }
        self
    }

    /// The message on the line that was typed as it goes to stderr, with a closing newline. Control characters of quoted
    /// input are escaped.
    pub fn message(&self, typed: &Line, lang: Lang) -> String {
        let (error, hint) = match lang {
            Lang::Zh => ("错误:", "可以输入:"),
            Lang::En => ("error: ", "try: "),
        };
        let mut lines = vec![format!("{error}{}", self.title.get(lang))];
        lines.extend(self.details.iter().map(|detail| format!("  {}", detail.get(lang))));
        let mut hints: Vec<String> = Vec::new();
        for line in self.hints.iter().filter_map(|hint| hint.on(typed)) {
            if !hints.contains(&line) {
                hints.push(line);
            }
        }
        lines.extend(hints.iter().map(|line| format!("  {hint}{line}")));
        let lines: Vec<String> = lines.iter().map(|line| crate::render::sanitize(line)).collect();
        lines.join("\n") + "\n"
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message(&Line::default(), Lang::En).trim_end())
    }
}

impl std::error::Error for Error {}

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
