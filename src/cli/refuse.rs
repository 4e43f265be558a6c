//! The parser's refusals, in the reader's language and the project's form.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{By, Reading, Scan};
use crate::error::{Error, Result};
use crate::suggest::nearest;

/// Help is printed, all else refused.
pub(super) fn reading(error: &clap::Error, argv: &[OsString], scan: &Scan, by: &[By]) -> Result<Reading> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Ok(Reading::Help(error.render().to_string()))
        }
        _ => Err(refusal(error, argv, scan, by)),
    }
}

fn refusal(error: &clap::Error, argv: &[OsString], scan: &Scan, by: &[By]) -> Error {
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
        ErrorKind::UnknownArgument if negative(argv, &arg).is_some() => {
            return number(argv, &negative(argv, &arg).unwrap_or_default(), &arg);
        }
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => {
            let refusal = Error::new(format!("没有选项「{arg}」"), format!("there is no option '{arg}'"));
            if arg.starts_with("--by-") || arg == "--by" && scan.verb().is_none() {
                return breakdowns(refusal, argv, scan, by, &arg);
            }
            return match option_near(scan, by, &flag) {
                Some(near) => refusal.hint(line(argv, &[&flag], &near)),
                None => refusal.hint(format!("{} --help", scan_words(scan))),
            };
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
            Error::new(format!("{flag} 至少要两个"), format!("{flag}: at least two are needed"))
        }
        ErrorKind::MissingRequiredArgument => {
            let arg = arg.trim_end_matches("...");
            let refusal = Error::new(format!("缺少 {arg}"), format!("{arg} is missing"));
            match example(&flag) {
                Some((.., value)) => return refusal.hint(format!("{} {flag} {value}", line(argv, &[], ""))),
                None => refusal,
            }
        }
        ErrorKind::ArgumentConflict if context(ContextKind::PriorArg) == arg => {
            return Error::new(format!("{flag} 写了两次"), format!("{flag} is given twice")).hint(once(argv, &flag));
        }
        ErrorKind::ArgumentConflict => Error::new(
            format!("{flag} 重复,或与另一选项冲突"),
            format!("{flag} is given twice, or does not go with another option"),
        ),
        _ => Error::new(
            "无法理解这一行",
            error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: "),
        ),
    };
    let valid: Vec<String> = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(texts)) => texts.iter().filter(|text| !text.is_empty()).cloned().collect(),
        _ => Vec::new(),
    };
    let takes = example(&flag);
    let refusal = match takes {
        _ if !valid.is_empty() => {
            refusal.detail(format!("可用:{}", valid.join("、")), format!("it takes: {}", valid.join(", ")))
        }
        Some((_, zh, en, _)) => refusal.detail(format!("要写:{zh}"), format!("write {en}")),
        None => refusal,
    };
    let near = nearest(&value, valid.iter().map(String::as_str)).first().map(|near| (*near).to_owned());
    let right = near.or_else(|| valid.first().cloned()).or_else(|| takes.map(|(.., value)| value.to_owned()));
    match right {
        Some(right) if flag.starts_with('-') => refusal.hint(with_value(argv, &flag, &value, &right)),
        _ => refusal.hint(format!("{} --help", scan_words(scan))),
    }
}

/// The option of this line that was probably meant.
fn option_near(scan: &Scan, by: &[By], typed: &str) -> Option<String> {
    let root = super::command(scan, by);
    let sub = root.get_subcommands().next().filter(|_| !scan.words.is_empty());
    let options = super::complete::arguments(&root, sub);
    let names = options.iter().filter_map(|option| option.get_long());
    nearest(typed.trim_start_matches('-'), names).first().map(|name| format!("--{name}"))
}

/// What options take whose values are not listed: in words, and one that always goes.
fn example(flag: &str) -> Option<(&'static str, &'static str, &'static str, &'static str)> {
    const EXAMPLES: [(&str, &str, &str, &str); 3] = [
        ("--top", "不小于 1 的整数", "a whole number of at least 1", "3"),
        ("--digits", "0 到 30 的整数", "a whole number from 0 to 30", "2"),
        ("--period", "2023、2019..2023、../2023 或 latest", "2023, 2019..2023, ../2023 or latest", "latest"),
    ];
    EXAMPLES.into_iter().find(|(option, ..)| *option == flag)
}

/// The line as typed with an option that was given twice given once: periods go together, else the last one counts.
fn once(argv: &[OsString], flag: &str) -> String {
    let mut kept = vec![env!("CARGO_PKG_NAME").to_owned()];
    let mut values: Vec<String> = Vec::new();
    let mut words = argv.iter().skip(1).map(|word| quote(&word.to_string_lossy()));
    while let Some(word) = words.next() {
        match word.strip_prefix(flag).map(|rest| rest.strip_prefix('=')) {
            Some(Some(value)) => values.push(value.to_owned()),
            Some(None) if word == flag && super::VALUED.contains(&flag) => values.extend(words.next()),
            Some(None) if word == flag => {}
            _ => kept.push(word),
        }
    }
    kept.push(flag.to_owned());
    match flag {
        "--period" => kept.push(values.join(",")),
        _ => kept.extend(values.pop()),
    }
    kept.join(" ")
}

/// The refusal of a number that an option does not take.
pub(super) fn number(argv: &[OsString], flag: &str, typed: &str) -> Error {
    let refusal = Error::new(format!("{flag} 不接受「{typed}」"), format!("{flag} does not take '{typed}'"));
    let Some((_, zh, en, right)) = example(flag) else { return refusal };
    refusal.detail(format!("要写:{zh}"), format!("write {en}")).hint(with_value(argv, flag, typed, right))
}

/// The refusal of a breakdown that a topic does not have, with those that it has. `--by NAME` means `--by-NAME`.
fn breakdowns(refusal: Error, argv: &[OsString], scan: &Scan, by: &[By], flag: &str) -> Error {
    let plain = scan_words(scan);
    if by.is_empty() {
        return refusal.detail("没有细分", "there are no breakdowns").hint(plain);
    }
    let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
    let joined = words.iter().find_map(|word| word.strip_prefix("--by="));
    let detached = words.iter().skip_while(|word| *word != flag).nth(1).filter(|_| flag == "--by");
    let typed = flag.strip_prefix("--by-").or(joined).or(detached.map(|word| &**word)).unwrap_or_default();
    let wrong: Vec<&str> = std::iter::once(flag).chain(detached.map(|word| &**word)).collect();
    let near = nearest(typed, by.iter().flat_map(|by| [by.name.as_str(), by.title.zh.as_str()]));
    let near = near.first().map(|name| line(argv, &wrong, &format!("--by-{name}")));
    let flags: Vec<String> = by.iter().map(|by| format!("--by-{}", by.name)).collect();
    refusal
        .detail(format!("细分:{}", flags.join("、")), format!("breakdowns: {}", flags.join(", ")))
        .hint(near.unwrap_or_else(|| format!("{plain} {}", flags[0])))
}

/// The line as typed, with the value of an option replaced.
pub(crate) fn with_value(argv: &[OsString], flag: &str, wrong: &str, right: &str) -> String {
    let short = match flag {
        "--format" => "-f",
        "--output" => "-o",
        other => other,
    };
    let mut words: Vec<String> = argv.iter().skip(1).map(|word| quote(&word.to_string_lossy())).collect();
    let attached = |word: &String| short != flag && word.len() > 2 && word.starts_with(short);
    let at = words
        .iter()
        .position(|word| word == flag || word == short || word.starts_with(&format!("{flag}=")) || attached(word));
    if let Some(at) = at {
        if attached(&words[at]) {
            words[at] = format!("{short} {right}");
        } else if words[at].contains('=') {
            words[at] = format!("{flag}={right}");
        } else if !wrong.is_empty() && at + 1 < words.len() {
            words[at + 1] = right.to_owned();
        } else {
            words.insert(at + 1, right.to_owned());
        }
    }
    format!("{} {}", env!("CARGO_PKG_NAME"), words.join(" "))
}

/// The line as typed without a flag.
pub(crate) fn without(argv: &[OsString], flag: &str) -> String {
    let words = argv.iter().skip(1).filter(|word| *word != flag).map(|word| quote(&word.to_string_lossy()));
    std::iter::once(env!("CARGO_PKG_NAME").to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// The option before a negative number, if it takes a number.
fn negative(argv: &[OsString], arg: &str) -> Option<String> {
    let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
    let at = words.iter().position(|word| word.starts_with(arg)).filter(|at| *at > 0)?;
    let digits = arg.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    Some(words[at - 1].to_string()).filter(|option| digits && example(option).is_some())
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
    let at = if wrong.is_empty() { None } else { words.windows(wrong.len()).position(matches) };
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
