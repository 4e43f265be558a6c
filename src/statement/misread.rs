//! Where a text is no statement, and what was expected there.

use crate::error::Error;
use crate::text::Text;

/// A place of a statement that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Byte offset in the text.
    pub at: usize,
    /// What is wrong, or what was expected.
    pub what: Text,
    /// A part of the text, and what was meant by it most likely.
    pub meant: Option<(String, String)>,
}

/// How many parts of a text are corrected.
const PARTS: usize = 4;

/// How much of the text is shown from the place on.
const SHOWN: usize = 24;

impl Misread {
    /// Something wrong at a byte of the text.
    pub fn new(at: usize, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Misread { at, what: Text::new(zh, en), meant: None }
    }

    /// With what was meant by a part of the text.
    pub fn meant(self, typed: &str, meant: &str) -> Self {
        Misread { meant: Some((typed.to_owned(), meant.to_owned())), ..self }
    }

    /// The text with what was meant in it.
    pub fn corrected(&self, text: &str) -> Option<String> {
        let (typed, meant) = self.meant.as_ref()?;
        let found = text.get(self.at..)?.find(typed.as_str()).map(|at| self.at + at).or_else(|| text.find(typed))?;
        Some(format!("{}{meant}{}", &text[..found], &text[found + typed.len()..]))
    }

    /// Something else was expected at a byte of the text.
    pub fn expected(at: usize, zh: &str, en: &str) -> Self {
        Misread::new(at, format!("此处应为{zh}"), format!("expected {en}"))
    }

    /// The place as a character number from 1.
    pub fn column(&self, text: &str) -> u64 {
        text.get(..self.at).unwrap_or(text).chars().count() as u64 + 1
    }

    /// The text with all that was meant in it, if it is right then.
    pub fn mended<T>(&self, text: &str, mut read: impl FnMut(&str) -> Result<T, Misread>) -> Option<String> {
        let mut text = self.corrected(text)?;
        for _ in 0..PARTS {
            match read(&text) {
                Ok(_) => return Some(text),
                Err(misread) => text = misread.corrected(&text)?,
            }
        }
        None
    }

    /// The message on a text that somebody typed.
    pub fn error(&self, text: &str) -> Error {
        let column = self.column(text);
        let rest = text.get(self.at..).unwrap_or("");
        let shown: String = rest.chars().take(SHOWN).collect();
        let dots = if rest.chars().count() > SHOWN { "…" } else { "" };
        let (zh, en) = match shown.is_empty() {
            true => ("末尾".to_owned(), "at its end".to_owned()),
            false => (format!("第 {column} 字「{shown}{dots}」处"), format!("at character {column}, '{shown}{dots}'")),
        };
        Error::new(format!("陈述{zh}:{}", self.what.zh), format!("the statement, {en}: {}", self.what.en))
    }
}
