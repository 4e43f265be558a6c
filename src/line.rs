//! Lines to type: the line that was typed with something changed in it, or another. What a refusal, a note or a help page
//! says to type comes from here, so that it runs as it is printed: with the packages of the line typed, and quoted for a shell.

use std::ffi::OsString;
use std::fmt;

use crate::cli;

const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// Verbs that read no packages but the folder that they name.
const OF_FOLDERS: [&str; 2] = ["check", "new"];

/// What to type instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// What to change in the line typed.
    pub edits: Vec<Edit>,
    /// The line where there is nothing to change, or it cannot be changed so.
    pub otherwise: Option<String>,
}

/// A change of the line typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A word, or a part of one, becomes another.
    Word(String, String),
    /// The first word, where it is this one, becomes another.
    First(String, String),
    /// A part of an option's value becomes another; where it is not there, all of the value.
    Part(&'static str, String, String),
    /// The last word of this spelling becomes another: a topic may be spelt like its area.
    Last(String, String),
    /// An option gets a value, or none where it takes none.
    Set(String, Option<String>),
    /// An option goes, with its value; `--` may be one.
    Drop(String),
    /// An option gets another name.
    Rename(String, String),
    /// The last word of this spelling goes.
    Out(String),
    /// These words ask for what the others asked for.
    About(Vec<String>),
    /// Another command with these words: options stay that every line may have.
    Command(Vec<String>),
    /// A variable of the environment, before the line.
    Variable(String),
}

impl Edit {
    /// As [`Edit::Word`].
    pub fn word(wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Edit::Word(wrong.into(), right.into())
    }

    /// As [`Edit::Part`].
    pub fn part(option: &'static str, wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Edit::Part(option, wrong.into(), right.into())
    }

    /// As [`Edit::Set`], with a value.
    pub fn set(option: impl Into<String>, value: impl Into<String>) -> Self {
        Edit::Set(option.into(), Some(value.into()))
    }

    /// As [`Edit::Drop`].
    pub fn drop(option: impl Into<String>) -> Self {
        Edit::Drop(option.into())
    }

    /// As [`Edit::Set`], without a value.
    pub fn flag(option: impl Into<String>) -> Self {
        Edit::Set(option.into(), None)
    }
}

impl Hint {
    /// The line to type, where that is not the line typed.
    pub fn on(&self, line: &Line) -> Option<String> {
        let changed = self.edits.iter().try_fold(line.clone(), |line, edit| line.with(edit));
        let changed = changed.filter(|changed| changed != line).map(|changed| changed.to_string());
        changed.or_else(|| self.otherwise.as_ref().map(|other| line.with_options_of(other, &["--data", "--lang"])))
    }
}

/// A part of a line, after the program's name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// As typed (with `=` where the value is joined by it), the name with two dashes, and the value.
    Option {
        typed: String,
        name: String,
        value: Option<String>,
    },
    /// `--`: no options from here on.
    End,
}

/// A line: what follows the program's name, and variables of the environment before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    variables: Vec<String>,
    tokens: Vec<Token>,
}

impl Line {
    /// The line that was typed.
    pub fn typed(argv: &[OsString]) -> Self {
        let mut words = argv.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).peekable();
        let mut tokens = Vec::new();
        while let Some(word) = words.next() {
            if tokens.contains(&Token::End) {
                tokens.push(Token::Word(word));
            } else if word == "--" {
                tokens.push(Token::End);
            } else if !cli::is_option(&word) {
                tokens.push(Token::Word(word));
            } else if let Some((name, value)) = word.split_once('=').filter(|_| word.starts_with("--")) {
                tokens.push(option(&format!("{name}="), Some(value.to_owned())));
            } else if cli::takes_value(&word) {
                let value = words.next_if(|value| !value.starts_with("--"));
                tokens.push(option(&word, value));
            } else if let Some((short, value)) = word.split_at_checked(2).filter(|(short, _)| cli::takes_value(short)) {
                tokens.push(option(short, Some(value.to_owned())));
            } else if let Some(flags) = cluster(&word) {
                tokens.extend(flags.map(|flag| option(&flag, None)));
            } else {
                tokens.push(option(&word, None));
            }
        }
        Line { variables: Vec::new(), tokens }
    }

    /// Changed, unless there is nothing to change.
    fn with(mut self, edit: &Edit) -> Option<Self> {
        match edit {
            Edit::Word(wrong, right) => self.replace(wrong, right)?,
            Edit::First(wrong, right) => match self.tokens.iter_mut().find(|token| matches!(token, Token::Word(_)))? {
                Token::Word(word) if word == wrong => word.clone_from(right),
                _ => return None,
            },
            Edit::Last(wrong, right) => {
                let is = |token: &Token| matches!(token, Token::Word(own) if own == wrong);
                match self.tokens.iter().rposition(is) {
                    Some(at) => self.tokens[at] = Token::Word(right.clone()),
                    None => self.replace(wrong, right)?,
                }
            }
            Edit::Part(name, wrong, right) => {
                let values = self.tokens.iter_mut().filter_map(|token| token.value(name));
                match values.filter_map(|value| Some((within(value, wrong, right)?, value))).next() {
                    Some((fixed, value)) => *value = fixed,
                    None => return Some(self.set(name, Some(right))),
                }
            }
            Edit::Set(name, value) => self = self.set(name, value.as_deref()),
            Edit::Drop(name) => self.drop(name),
            Edit::Rename(wrong, right) => self.rename(wrong, right),
            Edit::Out(word) => {
                let is = |token: &Token| matches!(token, Token::Word(own) if own == word);
                let at = self.tokens.iter().rposition(is)?;
                self.tokens.remove(at);
            }
            Edit::About(words) => {
                let first = self.tokens.iter().position(|token| matches!(token, Token::Word(_))).unwrap_or_default();
                let by = |token: &Token| matches!(token, Token::Option { name, .. } if name.starts_with("--by"));
                self.tokens.retain(|token| !matches!(token, Token::Word(_) | Token::End) && !by(token));
                let at = first.min(self.tokens.len());
                let word =
                    |word: &String| if cli::is_option(word) { option(word, None) } else { Token::Word(word.clone()) };
                self.tokens.splice(at..at, words.iter().map(word));
            }
            Edit::Command(words) => {
                self.tokens.retain(|token| matches!(token, Token::Option { name, .. } if cli::is_global(name)));
                return self.with(&Edit::About(words.clone()));
            }
            Edit::Variable(variable) => self.variables.push(variable.clone()),
        }
        Some(self)
    }

    /// With an option set to a value, in the place of the first of that name; else behind the other words.
    #[must_use]
    pub fn set(mut self, name: &str, value: Option<&str>) -> Self {
        let is = |token: &Token| matches!(token, Token::Option { name: own, .. } if own == name);
        let first = self.tokens.iter().position(is);
        let typed = first.and_then(|at| match &self.tokens[at] {
            Token::Option { typed, .. } => Some(typed.clone()),
            _ => None,
        });
        let end = self.tokens.iter().position(|token| *token == Token::End).unwrap_or(self.tokens.len());
        self.tokens.insert(first.unwrap_or(end), option(typed.as_deref().unwrap_or(name), value.map(str::to_owned)));
        let kept = first.unwrap_or(end);
        let mut at = 0;
        self.tokens.retain(|token| {
            at += 1;
            at - 1 == kept || !is(token)
        });
        self
    }

    fn drop(&mut self, name: &str) {
        let goes = |token: &Token| match token {
            Token::Option { name: own, .. } => own == name,
            Token::End => name == "--",
            Token::Word(_) => false,
        };
        self.tokens.retain(|token| !goes(token));
    }

    fn rename(&mut self, wrong: &str, right: &str) {
        for token in &mut self.tokens {
            if let Token::Option { name, value, .. } = token
                && name == wrong
            {
                *token = option(right, value.take());
            }
        }
    }

    /// The values that an option has.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let values = self.tokens.iter().filter_map(|token| match token {
            Token::Option { name: own, value: Some(value), .. } if own == name => Some(value.as_str()),
            _ => None,
        });
        values.collect()
    }

    /// Whether an option is there.
    pub fn has(&self, name: &str) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Option { name: own, .. } if own == name))
    }

    /// Whether a word is there that is no option.
    pub fn has_word(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Word(own) if own == word))
    }

    /// Another line of the program, for the packages of this one.
    pub fn carry(&self, other: &str) -> String {
        self.with_options_of(other, &["--data"])
    }

    fn with_options_of(&self, other: &str, options: &[&str]) -> String {
        let ours = other.split_whitespace().find(|word| !word.contains('=')) == Some(PROGRAM);
        let of_folders = other.split_whitespace().nth(1).is_some_and(|verb| OF_FOLDERS.contains(&verb));
        let kept = |token: &&Token| match token {
            Token::Option { name, .. } => {
                options.contains(&name.as_str()) && !other.contains(name) && !(of_folders && name == "--data")
            }
            _ => false,
        };
        let kept: String = self.tokens.iter().filter(kept).filter(|_| ours).map(|token| format!(" {token}")).collect();
        let (own, into) = other.split_at(other.find(" | ").unwrap_or(other.len()));
        format!("{own}{kept}{into}")
    }

    fn replace(&mut self, wrong: &str, right: &str) -> Option<()> {
        let whole = |token: &Token| matches!(token, Token::Word(word) if word == wrong);
        if let Some(at) = self.tokens.iter().position(whole) {
            self.tokens[at] = Token::Word(right.to_owned());
            return Some(());
        }
        let (words, options): (Vec<&mut Token>, Vec<&mut Token>) =
            self.tokens.iter_mut().partition(|token| matches!(token, Token::Word(_)));
        let texts = words.into_iter().chain(options).filter_map(|token| match token {
            Token::Word(text) | Token::Option { value: Some(text), .. } => Some(text),
            _ => None,
        });
        let (text, fixed) = texts.filter_map(|text| within(text, wrong, right).map(|fixed| (text, fixed))).next()?;
        *text = fixed;
        Some(())
    }
}

impl Token {
    fn value(&mut self, option: &str) -> Option<&mut String> {
        match self {
            Token::Option { name, value, .. } if name == option => value.as_mut(),
            _ => None,
        }
    }
}

/// The flags of `-qV`, where all of them are known.
fn cluster(word: &str) -> Option<impl Iterator<Item = String>> {
    let letters = word.strip_prefix('-').filter(|letters| letters.chars().count() > 1)?;
    let flag = |letter: char| format!("-{letter}");
    letters.chars().map(flag).all(|flag| cli::long(&flag) != flag).then(|| letters.chars().map(flag))
}

/// A value stands behind `=` where it was typed so, or where the option takes none otherwise.
fn option(typed: &str, value: Option<String>) -> Token {
    let name = typed.trim_end_matches('=');
    let joined = value.is_some() && (name != typed || !cli::takes_value(name));
    let typed = if joined { format!("{name}=") } else { name.to_owned() };
    Token::Option { typed, name: cli::long(name).to_owned(), value }
}

/// A text with a part of it replaced that stands between marks of the language of questions; in a list each item once.
fn within(text: &str, wrong: &str, right: &str) -> Option<String> {
    let edge = |next: Option<char>| next.is_none_or(|c| c.is_whitespace() || ",;=!~<>&|/+:[]()@".contains(c));
    let alone = |at: usize| {
        let begins = &text[..at] == "-" || edge(text[..at].chars().next_back());
        begins && edge(text[at + wrong.len()..].chars().next()) && !wrong.is_empty()
    };
    let (at, _) = text.match_indices(wrong).find(|(at, _)| alone(*at))?;
    let fixed = format!("{}{right}{}", &text[..at], &text[at + wrong.len()..]);
    let lists: Vec<String> = fixed.split(';').map(once).collect();
    Some(lists.join(";")).filter(|fixed| !fixed.is_empty())
}

/// A list with each item once; the first may stand behind a name and a sign.
fn once(list: &str) -> String {
    let mut items: Vec<&str> = Vec::new();
    for item in list.split(',').filter(|item| !item.is_empty()) {
        if !items.iter().any(|known| *known == item || known.rsplit('=').next() == Some(item)) {
            items.push(item);
        }
    }
    items.join(",")
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Word(word) => f.write_str(&quote(word)),
            Token::Option { typed, value: None, .. } => f.write_str(&quote(typed)),
            Token::Option { typed, value: Some(value), .. } if typed.ends_with('=') => {
                f.write_str(&quote(&format!("{typed}{value}")))
            }
            Token::Option { typed, value: Some(value), .. } => write!(f, "{typed} {}", quote(value)),
            Token::End => f.write_str("--"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables = self.variables.iter().cloned();
        let tokens = self.tokens.iter().map(ToString::to_string);
        let words: Vec<String> = variables.chain([PROGRAM.to_owned()]).chain(tokens).collect();
        f.write_str(&words.join(" "))
    }
}

/// A word as a shell takes it.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,=@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line::typed(&std::iter::once(PROGRAM).chain(text.split(' ')).map(OsString::from).collect::<Vec<_>>())
    }

    #[track_caller]
    fn check(typed: &str, edits: &[Edit], wanted: Option<&str>) {
        let hint = Hint { edits: edits.to_vec(), otherwise: None };
        assert_eq!(hint.on(&line(typed)).as_deref(), wanted);
    }

    #[test]
    fn what_was_right_in_a_line_stays() {
        check("a b -f json", &[Edit::word("a", "c")], Some("aistat c b -f json"));
        check("a a", &[Edit::Last("a".to_owned(), "c".to_owned())], Some("aistat a c"));
        check("compare a/b a/c", &[Edit::word("c", "d")], Some("aistat compare a/b a/d"));
        check("x --measure a,bb,c", &[Edit::part("--measure", "bb", "b")], Some("aistat x --measure a,b,c"));
        check("x --measure a,bb", &[Edit::part("--measure", "bb", "a")], Some("aistat x --measure a"));
        check("x --measure=a,bb", &[Edit::part("--measure", "bb", "b")], Some("aistat x --measure=a,b"));
        check("x --where k=v,w", &[Edit::part("--where", "w", "v")], Some("aistat x --where k=v"));
        check("x --where k=v;l=v,w", &[Edit::part("--where", "w", "v")], Some("aistat x --where 'k=v;l=v'"));
        check("x --where k=v", &[Edit::part("--where", "k", "key")], Some("aistat x --where key=v"));
        check("x --rank=a --top 3 -- y", &[Edit::set("--sort", "b")], Some("aistat x --rank=a --top 3 --sort b -- y"));
        check("x -ocsv", &[Edit::set("--output", "a b")], Some("aistat x -o 'a b'"));
        check("x --growth --cagr", &[Edit::drop("--growth")], Some("aistat x --cagr"));
        check("x -qq", &[Edit::flag("--quiet")], Some("aistat x -q"));
        let command = Edit::Command(vec!["y".to_owned(), "z".to_owned()]);
        check("x --growth -f csv", &[command], Some("aistat y z -f csv"));
    }

    #[test]
    fn a_line_is_not_its_own_remedy() {
        check("x y", &[Edit::word("z", "y")], None);
        check("x y", &[Edit::word("y", "y")], None);
    }

    #[test]
    fn another_line_keeps_packages_and_language() {
        let typed = line("x --data p --lang zh -f csv --data=q");
        let hint = Hint { edits: Vec::new(), otherwise: Some("aistat list".to_owned()) };
        assert_eq!(hint.on(&typed).as_deref(), Some("aistat list --data p --lang zh --data=q"));
        assert_eq!(typed.carry("aistat man | man -l -"), "aistat man --data p --data=q | man -l -");
        assert_eq!(typed.carry("mkdir -p x"), "mkdir -p x");
    }
}
