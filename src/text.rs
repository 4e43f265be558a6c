//! Text in the two languages that every reader-facing word has.

/// The language of an answer (`--lang`, else the locale).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    #[default]
    En,
}

/// A character in the width of ASCII: Chinese keyboards type `\u{ff08}`, `\u{ff1a}`, `\u{ff11}` for `(`, `:`, `1`.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{ffe5}' => '\u{a5}',
        '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\u{2212}' => '-',
        _ => c,
    }
}

/// A text in Chinese and in English. Both are always there: a constructor takes both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text {
    /// The Chinese wording.
    pub zh: String,
    /// The English wording.
    pub en: String,
}

impl Text {
    /// A text from its two wordings.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Text { zh: zh.into(), en: en.into() }
    }

    /// A text that is the same in both languages: a name, a code, a number.
    pub fn same(both: impl Into<String>) -> Self {
        let both = both.into();
        Text { zh: both.clone(), en: both }
    }

    /// The wording in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}
