//! The parser's refusals, in the reader's language and the project's form.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Reading, Scan};
use crate::error::{Error, Result};

/// Help is printed, all else refused.
pub(super) fn reading(error: &clap::Error, argv: &[OsString], scan: &Scan) -> Result<Reading> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Ok(Reading::Help(error.render().to_string()))
        }
        _ => Err(refusal(error, argv, scan)),
    }
}

fn refusal(error: &clap::Error, argv: &[OsString], scan: &Scan) -> Error {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    };
    let (arg, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let flag = arg.split([' ', '[', '=']).next().unwrap_or_default().to_owned();
    let refusal = match error.kind() {
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand if !arg.starts_with('-') => {
            if let Some(option) = detached(argv, &arg) {
                return Error::new(
                    format!("「{arg}」在这里没有意义:{option} 的值要用 = 连接"),
                    format!("'{arg}' means nothing here: the value of {option} is joined with ="),
                )
                .hint(line(argv, &[option.as_str(), arg.as_str()], &format!("{option}={arg}")));
            }
            Error::new(format!("多余的词「{arg}」"), format!("one word too many: '{arg}'"))
        }
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => {
            Error::new(format!("没有选项「{arg}」"), format!("there is no option '{arg}'"))
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            Error::new(format!("{flag} 需要一个值"), format!("{flag} needs a value"))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            Error::new(format!("{flag} 不接受「{value}」"), format!("{flag} does not take '{value}'"))
        }
        ErrorKind::NoEquals => {
            Error::new(format!("{flag} 的值要用 = 连接"), format!("the value of {flag} is joined with ="))
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            Error::new(format!("{flag} 的值不够"), format!("{flag} takes more values than that"))
        }
        ErrorKind::MissingRequiredArgument => Error::new(format!("缺少 {arg}"), format!("{arg} is missing")),
        ErrorKind::ArgumentConflict => Error::new(
            format!("{flag} 重复,或与另一选项冲突"),
            format!("{flag} is given twice, or does not go with another option"),
        ),
        _ => Error::new(
            "无法理解这一行",
            error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: "),
        ),
    };
    let valid = context(ContextKind::ValidValue);
    let valid = valid.trim_start_matches(", ");
    let refusal = if valid.is_empty() {
        refusal
    } else {
        refusal.detail(format!("可用:{valid}"), format!("it takes: {valid}"))
    };
    match context(ContextKind::SuggestedArg).as_str() {
        "" => refusal.hint(format!("{} --help", scan_words(scan))),
        near => refusal.hint(line(argv, &[&flag], near)),
    }
}

/// The option before a word, if its value has to be joined by `=`.
fn detached(argv: &[OsString], word: &str) -> Option<String> {
    let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
    let at = words.iter().position(|typed| typed == word)?;
    let before = words.get(at.checked_sub(1)?)?;
    ["--rank", "--growth", "--change", "--index"].contains(&&**before).then(|| before.to_string())
}

fn scan_words(scan: &Scan) -> String {
    let words = scan.words.iter().take(if scan.verb().is_some() { 1 } else { 2 });
    std::iter::once(env!("CARGO_PKG_NAME")).chain(words.map(String::as_str)).collect::<Vec<_>>().join(" ")
}

/// The line as typed, with a run of words replaced.
fn line(argv: &[OsString], wrong: &[&str], right: &str) -> String {
    let words: Vec<String> = argv.iter().skip(1).map(|word| quote(&word.to_string_lossy())).collect();
    let matches = |window: &[String]| {
        window.iter().zip(wrong).all(|(have, want)| have.split('=').next() == Some(want) || have == want)
    };
    let at = words.windows(wrong.len()).position(matches);
    let mut fixed = vec![env!("CARGO_PKG_NAME").to_owned()];
    match at {
        Some(at) => {
            fixed.extend_from_slice(&words[..at]);
            fixed.push(right.to_owned());
            fixed.extend_from_slice(&words[at + wrong.len()..]);
        }
        None => fixed.extend(words),
    }
    fixed.join(" ")
}

/// A word as a shell takes it.
pub(crate) fn quote(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,=@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
