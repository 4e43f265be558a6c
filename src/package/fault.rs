//! What is wrong with a package, where, and what to write instead.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::error::Error;
use crate::text::{Lang, Text};

/// One fault of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as it can be opened from where the program runs.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: u64,
    /// Character of the line, from 1; 0 where the whole line is meant.
    pub column: u64,
    /// Whether numbers cannot be taken from there.
    pub severity: Severity,
    /// What kind of fault, in kebab case.
    pub code: &'static str,
    /// What is wrong.
    pub what: Text,
    /// What to write instead.
    pub write: Option<Text>,
}

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The numbers there cannot be used.
    Error,
    /// The numbers can be used; something for people is amiss.
    Warning,
}

/// All faults of one reading.
pub type Faults = Vec<Fault>;

/// A text from the data as messages show it: its beginning.
pub(super) fn brief(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}\u{2026}", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

impl Fault {
    pub(super) fn new(
        file: impl Into<String>,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Fault {
        let (what, severity) = (Text::new(zh, en), Severity::Error);
        Fault { file: file.into(), line: 0, column: 0, severity, code, what, write: remedy(code) }
    }

    #[must_use]
    pub(super) fn write(mut self, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        self.write = Some(Text::new(zh, en));
        self
    }

    #[must_use]
    pub(super) fn warning(mut self) -> Fault {
        self.severity = Severity::Warning;
        self
    }

    /// Whether numbers there cannot be used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Where it is: `file:line:column`.
    pub fn place(&self) -> String {
        match (self.line, self.column) {
            (0, _) => self.file.clone(),
            (line, 0) => format!("{}:{line}", self.file),
            (line, column) => format!("{}:{line}:{column}", self.file),
        }
    }

    /// What is said of what this keeps out of an answer.
    pub fn left_out(&self) -> Text {
        Text::new(format!("未采用:{}", self.line(Lang::Zh)), format!("left out: {}", self.line(Lang::En)))
    }

    /// The line that `check` prints: place, severity, what is wrong, what to write.
    pub fn line(&self, lang: Lang) -> String {
        let severity = match (self.severity, lang) {
            (Severity::Error, _) => "",
            (Severity::Warning, Lang::Zh) => "提醒:",
            (Severity::Warning, Lang::En) => "warning: ",
        };
        let write = self.write.as_ref().map_or(String::new(), |write| match lang {
            Lang::Zh => format!(";{}", write.zh),
            Lang::En => format!("; {}", write.en),
        });
        let colon = if lang == Lang::Zh { ":" } else { ": " };
        format!("{}{colon}{severity}{}{write}", self.place(), self.what.get(lang))
    }
}

impl Severity {
    /// `error` or `warning`.
    pub const fn code(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Severity::Error => Text::new("错误", "error"),
            Severity::Warning => Text::new("提醒", "warning"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(Lang::En))
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Fault", 7)?;
        object.serialize_field("file", &self.file)?;
        object.serialize_field("line", &(self.line > 0).then_some(self.line))?;
        object.serialize_field("column", &(self.column > 0).then_some(self.column))?;
        object.serialize_field("severity", self.severity.code())?;
        object.serialize_field("code", self.code)?;
        object.serialize_field("what", &Wordings(&self.what))?;
        object.serialize_field("write", &self.write.as_ref().map(Wordings))?;
        object.end()
    }
}

struct Wordings<'a>(&'a Text);

impl Serialize for Wordings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Text", 2)?;
        object.serialize_field("zh", &self.0.zh)?;
        object.serialize_field("en", &self.0.en)?;
        object.end()
    }
}

/// What to write where a kind of fault leaves no more to say than that.
pub(super) fn remedy(code: &str) -> Option<Text> {
    const REMEDIES: [(&str, &str, &str); 42] = [
        ("bad-inline-data", "把数据写成行的数组", "write the data as an array of rows"),
        ("bad-period", "要写 2023、2023-03 或 ../2023", "write 2023, 2023-03 or ../2023"),
        ("basis", "要写 printed 或 assumed", "write printed or assumed"),
        ("bound", "改正这个数,或改 schema 的界限", "correct the number, or the bound in the schema"),
        ("circular-parts", "把它从自己的部分里删去", "take it out of its own parts"),
        ("duplicate-address", "改一个的 aistat:topic,或加上维度", "change aistat:topic of one, or add a dimension"),
        ("duplicate-code", "删去一行,或另写一个代码", "remove one of the lines, or write another code"),
        ("duplicate-field", "删去一列,或改名", "remove one of the fields, or rename it"),
        ("duplicate-id", "改一个的 id", "change the id of one"),
        ("duplicate-name", "改一个的 name", "rename one of them"),
        ("duplicate-title", "给其中一个另起名称", "give one of them another name"),
        ("enum", "要写其中之一,或在 schema 里加上它", "write one of them, or add it to the schema"),
        ("foreign-key", "改正它,或在那个资源里加一行", "correct it, or add a line to that resource"),
        ("header", "删去这一列,或在 schema 里声明它", "remove the column, or declare it in the schema"),
        ("max-length", "要写短些", "write less"),
        ("min-length", "要写长些", "write more"),
        ("no-address", "要写 aistat:area 与 aistat:topic", "write aistat:area and aistat:topic"),
        ("no-fields", "要在 schema 里写 fields", "write the fields of the schema"),
        ("no-id", "要写 id", "write its id"),
        ("no-name", "要写 name", "write its name"),
        ("no-resources", "要在 resources 里写明各表", "write the tables into its resources"),
        ("no-such-file", "改正路径", "correct the path"),
        ("no-title", "要写上文字", "write the text"),
        ("not-a-file", "换成普通文件", "put a plain file there"),
        ("not-an-integer", "要写整数,或留空", "write a whole number, or nothing"),
        ("not-json", "改正此处的 JSON", "correct the JSON there"),
        ("pattern", "要写成这个样子,或改 schema 的 pattern", "write it so, or correct the pattern in the schema"),
        ("primary-key", "要写上它,或删去重复的一行", "write it, or remove the row that is there twice"),
        ("required", "要写上值", "write a value"),
        (
            "row-length",
            "补上或删去分隔符;有逗号的文字加引号",
            "add or remove separators; put text with a comma in quotes",
        ),
        ("unclosed-quote", "补上右引号", "close the quote"),
        ("unique", "改正一个,或从 schema 删去 unique", "correct one, or remove unique from the schema"),
        ("unique-key", "删去重复的一行", "remove the row that is there twice"),
        ("unknown-dataset", "要写 list 列出的地址,或留空", "write an address that list shows, or nothing"),
        ("unknown-measure", "要写这个数据集的一列", "write a column of the dataset"),
        ("unknown-member", "改正它,或在代码表里加一行", "correct it, or add a line to the code list"),
        ("unknown-observation", "要写表里有的键与时期,或留空", "write a key and period of the table, or nothing"),
        ("unknown-property", "改正名称,或删去", "correct the name, or remove it"),
        (
            "unknown-reference",
            "改正引用:地区/主题:列[维度=成员]@时期",
            "correct the reference: area/topic:column[dimension=member]@period",
        ),
        ("unsupported", "换一种写法", "write it another way"),
        ("wrong-type", "改成要求的类型", "write what is expected there"),
        ("wrong-value", "改正这一格,或改 schema 的类型", "correct the cell, or the type in the schema"),
    ];
    REMEDIES.iter().find(|(known, ..)| *known == code).map(|(_, zh, en)| Text::new(*zh, *en))
}

/// How many faults an error message lists.
const LISTED: usize = 20;

impl From<Faults> for Error {
    fn from(faults: Faults) -> Error {
        let file = faults.first().map_or("", |fault| fault.file.as_str());
        let broken = faults.iter().any(Fault::is_error);
        let mut error = match faults.first().map(|fault| fault.code) {
            Some("no-such-file" | "not-a-folder") if faults.len() == 1 && faults[0].line == 0 => {
                Error::new(format!("不能打开 {file}"), format!("cannot open {file}"))
            }
            _ if broken => {
                Error::new(format!("{file} 有错,不能作答"), format!("{file} is broken, so its numbers are not used"))
            }
            _ => Error::new(
                format!("{file} 没有能问的数字"),
                format!("{file} does not say enough for a question about its numbers"),
            ),
        };
        // A warning that leaves nothing to ask about is no mere warning here.
        let shown = |fault: &Fault, lang| match broken {
            true => fault.line(lang),
            false => Fault { severity: Severity::Error, ..fault.clone() }.line(lang),
        };
        let line = |fault: &Fault| Text::new(shown(fault, Lang::Zh), shown(fault, Lang::En));
        let mut seen = std::collections::HashSet::new();
        let mut all: Vec<Text> = faults.iter().map(line).filter(|text| seen.insert(text.en.clone())).collect();
        let more = all.len().checked_sub(LISTED);
        all.truncate(LISTED);
        error.details = all;
        match more {
            None | Some(0) => error,
            Some(more) => error.detail(format!("另有 {more} 处"), format!("and {more} more")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: u64, column: u64) -> Fault {
        let mut fault =
            Fault::new("a/b.csv", "not-a-number", "「x」不是数", "'x' is not a number").write("要写 5", "write 5");
        (fault.line, fault.column) = (line, column);
        fault
    }

    #[test]
    fn lines() {
        assert_eq!(fault(3, 7).to_string(), "a/b.csv:3:7: 'x' is not a number; write 5");
        assert_eq!(fault(3, 0).warning().line(Lang::Zh), "a/b.csv:3:提醒:「x」不是数;要写 5");
        assert_eq!(fault(0, 0).place(), "a/b.csv");
    }

    #[test]
    fn json() {
        let json = serde_json::to_string(&fault(3, 0)).unwrap();
        let expected = r#"{"file":"a/b.csv","line":3,"column":null,"severity":"error","code":"not-a-number","what":{"zh":"「x」不是数","en":"'x' is not a number"},"write":{"zh":"要写 5","en":"write 5"}}"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn an_error_lists_twenty() {
        let error = Error::from((1..=23).map(|line| fault(line, 1)).collect::<Faults>());
        assert_eq!(error.details.len(), 21);
        assert_eq!(error.details[20], Text::new("另有 3 处", "and 3 more"));
        assert!(error.title.en.starts_with("a/b.csv"));
        assert_eq!(Error::from(vec![fault(1, 1)]).details.len(), 1);
    }
}
