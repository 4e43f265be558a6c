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
