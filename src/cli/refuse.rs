//! The parser's refusals, in the reader's language and the project's form.

use std::borrow::Cow;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{By, Comparison, Reading, Scan};
use crate::error::{Error, Result};
use crate::line::{Edit, Line};
use crate::suggest::{nearest, spellings};

const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// Verbs of one area or dataset.
const OF_A_DATASET: [&str; 3] = ["list", "show", "audit"];

/// Verbs of so many folders, packages or shells.
const OF_FOLDERS: [&str; 5] = ["check", "new", "diff", "completions", "man"];

/// Help is printed, all else refused.
pub(super) fn reading(error: &clap::Error, argv: &[OsString], scan: &Scan, by: &[By]) -> Result<Reading> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Ok(Reading::Help(error.render().to_string()))
        }
        _ => Err(refusal(error, argv, &Line::typed(argv), scan, by)),
    }
}

fn refusal(error: &clap::Error, argv: &[OsString], line: &Line, scan: &Scan, by: &[By]) -> Error {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    };
    let (arg, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let flag = arg.split([' ', '[', '=']).next().unwrap_or_default().to_owned();
    let refusal = match error.kind() {
        ErrorKind::UnknownArgument if line.has_word(&arg) && super::is_option(&arg) => {
            return Error::new(
                format!("「{arg}」在 -- 之后是一个词,不是选项"),
                format!("'{arg}' is a word behind --, not an option"),
            )
            .instead([Edit::drop("--")]);
        }
        ErrorKind::UnknownArgument if negative(argv, &arg).is_some() => {
            return number(&negative(argv, &arg).unwrap_or_default(), &arg);
        }
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand if !arg.starts_with('-') || line.has_word(&arg) => {
            let meant = breakdown(by, &arg);
            if let Some(option) = detached(argv, &arg) {
                if let Some(by) = meant {
                    let refusal = Error::new(
                        format!("「{arg}」是细分,不是 {option} 的值"),
                        format!("'{arg}' is a breakdown, no value of {option}"),
                    );
                    return refusal.instead([Edit::Out(arg), Edit::flag(format!("--by-{}", by.name))]);
                }
                return Error::new(
                    format!("「{arg}」在这里没有意义:{option} 的值要用 = 连接"),
                    format!("'{arg}' means nothing here: the value of {option} is joined with ="),
                )
                .instead([Edit::Out(arg.clone()), Edit::set(option, arg)]);
            }
            let refusal = Error::new(format!("多余的词「{arg}」"), format!("one word too many: '{arg}'"));
            match meant {
                Some(by) => return refusal.instead([Edit::Out(arg), Edit::flag(format!("--by-{}", by.name))]),
                None => match scan.words.as_slice() {
                    // Several exhibits: one is shown.
                    [_, number, other] if *other == arg && number.starts_with(|c: char| c.is_ascii_digit()) => {
                        return refusal.instead([Edit::Out(arg)]);
                    }
                    // An address typed as two words.
                    [verb, area, topic]
                        if *topic == arg && !area.contains('/') && OF_A_DATASET.contains(&verb.as_str()) =>
                    {
                        return refusal.instead([Edit::Out(arg), Edit::word(area, format!("{area}/{topic}"))]);
                    }
                    // One too many of what cannot be put together.
                    [verb, .., last] if *last == arg && OF_FOLDERS.contains(&verb.as_str()) => {
                        return refusal.instead([Edit::Out(arg)]);
                    }
                    _ => refusal,
                },
            }
        }
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => {
            let refusal = Error::new(format!("没有选项「{arg}」"), format!("there is no option '{arg}'"));
            if arg.starts_with("--by-") || arg == "--by" && scan.verb().is_none() {
                return breakdowns(refusal, argv, scan, by, &flag);
            }
            let detached = behind(argv, &flag).filter(|word| line.has_word(word));
            let value =
                line.values(&flag).first().map(|value| (*value).to_owned()).or(detached.as_deref().map(str::to_owned));
            let out = detached.map(|word| Edit::Out(word.into_owned())).into_iter().chain([Edit::drop(&*flag)]);
            if let Some(by) = breakdown(by, flag.trim_start_matches('-')) {
                return refusal.instead(out.chain(of_a_breakdown(by, line, value)));
            }
            // What another verb's option takes may be an option here.
            if let Some(name) = value.map(|value| format!("--{value}")).filter(|name| super::is_of_questions(name)) {
                return refusal.instead(out.chain([Edit::flag(name)]));
            }
            return match option_near(scan, by, &flag) {
                _ if super::is_of_questions(&flag) => refusal.instead([Edit::drop(flag)]),
                Some(near) => refusal.instead([Edit::Rename(flag, near)]),
                None => refusal.hint(format!("{} --help", scan_words(scan))),
            };
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            let refusal = Error::new(format!("{flag} 需要一个值"), format!("{flag} needs a value"));
            match line.values(&flag).contains(&"") {
                true => return refusal.instead([Edit::drop(flag)]),
                false => refusal,
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            Error::new(format!("{flag} 不接受「{value}」"), format!("{flag} does not take '{value}'"))
        }
        ErrorKind::NoEquals => {
            Error::new(format!("{flag} 的值要用 = 连接"), format!("the value of {flag} is joined with ="))
        }
        ErrorKind::TooManyValues => {
            return Error::new(format!("{flag} 不带值"), format!("{flag} takes no value")).instead([Edit::flag(flag)]);
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            Error::new(format!("{flag} 至少要两个"), format!("{flag}: at least two are needed"))
        }
        ErrorKind::MissingRequiredArgument => {
            let arg = arg.trim_end_matches("...");
            let refusal = Error::new(format!("缺少 {arg}"), format!("{arg} is missing"));
            match example(&flag) {
                Some((.., value)) => return refusal.instead([Edit::set(&*flag, value)]),
                None => refusal,
            }
        }
        ErrorKind::ArgumentConflict if context(ContextKind::PriorArg) == arg => {
            return Error::new(format!("{flag} 写了两次"), format!("{flag} is given twice"))
                .instead([once(line, &flag)]);
        }
        ErrorKind::ArgumentConflict => Error::new(
            format!("{flag} 重复,或不能与另一选项同用"),
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
            let zh: Vec<String> = valid.iter().map(|word| in_chinese(word)).collect();
            refusal.detail(format!("可用:{}", zh.join("、")), format!("it takes: {}", valid.join(", ")))
        }
        Some((_, zh, en, _)) => refusal.detail(format!("要写:{zh}"), format!("write {en}")),
        None => refusal,
    };
    let near = nearest(&value, valid.iter().map(String::as_str)).first().map(|near| (*near).to_owned());
    let right = near.or_else(|| valid.first().cloned()).or_else(|| takes.map(|(.., value)| value.to_owned()));
    match right {
        Some(right) if flag.starts_with('-') => refusal.instead([Edit::set(&*flag, right)]),
        _ => refusal.hint(format!("{} --help", scan_words(scan))),
    }
}

/// A word that an option takes, with what it may be called in Chinese.
fn in_chinese(word: &str) -> String {
    match Comparison::NAMES.into_iter().find(|(code, ..)| *code == word) {
        Some((_, [first, ..], _)) => format!("{word}({first})"),
        _ => word.to_owned(),
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

/// An option that was given twice given once: periods go together, else the last one counts.
fn once(line: &Line, flag: &str) -> Edit {
    let values = line.values(flag);
    let value =
        if flag == "--period" { Some(values.join(",")) } else { values.last().map(|value| (*value).to_owned()) };
    Edit::Set(flag.to_owned(), value)
}

/// The refusal of a number that an option does not take.
pub(super) fn number(flag: &str, typed: &str) -> Error {
    let refusal = Error::new(format!("{flag} 不接受「{typed}」"), format!("{flag} does not take '{typed}'"));
    let Some((_, zh, en, right)) = example(flag) else { return refusal };
    refusal.detail(format!("要写:{zh}"), format!("write {en}")).instead([Edit::set(flag, right)])
}

/// The refusal of a breakdown that a topic does not have, with those that it has. `--by NAME` means `--by-NAME`.
fn breakdowns(refusal: Error, argv: &[OsString], scan: &Scan, by: &[By], flag: &str) -> Error {
    if by.is_empty() {
        return refusal.detail("没有细分", "there are no breakdowns").instead([Edit::drop(flag)]);
    }
    let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
    let joined = words.iter().find_map(|word| word.strip_prefix("--by="));
    let detached = behind(argv, flag).filter(|_| flag == "--by");
    let typed = flag.strip_prefix("--by-").or(joined).or(detached.as_deref()).unwrap_or_default();
    let zh: Vec<String> = by.iter().map(|by| format!("--by-{}({})", by.name, by.title.zh)).collect();
    let en: Vec<String> = by.iter().map(|by| format!("--by-{}", by.name)).collect();
    let refusal = refusal.detail(format!("细分:{}", zh.join("、")), format!("breakdowns: {}", en.join(", ")));
    let near = nearest(typed, by.iter().flat_map(|by| spellings(&by.name, &by.title)));
    let meant = near.first().map_or_else(|| holding(typed, by), |near| vec![*near]);
    if meant.is_empty() {
        return refusal.hint(format!("{} --help", scan_words(scan)));
    }
    let line = Line::typed(argv);
    let out = detached.as_ref().filter(|word| line.has_word(word)).map(|word| Edit::Out(word.to_string()));
    let edits = |meant: &str| [Edit::flag(flag), Edit::Rename(flag.to_owned(), format!("--by-{meant}"))];
    meant.into_iter().fold(refusal, |refusal, meant| refusal.instead(out.clone().into_iter().chain(edits(meant))))
}

/// The breakdown of this name or title.
fn breakdown<'b>(by: &'b [By], typed: &str) -> Option<&'b By> {
    by.iter().find(|by| by.name == typed || by.title.zh == typed || by.title.en.eq_ignore_ascii_case(typed))
}

/// What a breakdown typed as an option is: with a value a condition, of what has it; else a breakdown.
fn of_a_breakdown(by: &By, line: &Line, value: Option<String>) -> Vec<Edit> {
    let flag = Edit::flag(format!("--by-{}", by.name));
    let Some(value) = value else { return vec![flag] };
    let mut conditions: Vec<String> = line.values("--where").into_iter().map(str::to_owned).collect();
    conditions.push(format!("{}={value}", by.name));
    let condition = Edit::set("--where", conditions.join(";"));
    if by.there { vec![condition] } else { vec![flag, condition] }
}

/// The breakdowns whose Chinese names hold what was typed, however short that is.
fn holding<'b>(typed: &str, by: &'b [By]) -> Vec<&'b str> {
    let holds = |by: &&By| !typed.is_empty() && by.title.zh.contains(typed);
    by.iter().filter(holds).map(|by| by.name.as_str()).collect()
}

/// The option before a negative number, if it takes a number.
fn negative(argv: &[OsString], arg: &str) -> Option<String> {
    let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
    let at = words.iter().position(|word| word.starts_with(arg)).filter(|at| *at > 0)?;
    let digits = arg.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    Some(words[at - 1].to_string()).filter(|option| digits && example(option).is_some())
}

/// The word behind an option.
fn behind<'a>(argv: &'a [OsString], option: &str) -> Option<Cow<'a, str>> {
    argv.iter().skip_while(|word| **word != *option).nth(1).map(|word| word.to_string_lossy())
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
    std::iter::once(PROGRAM).chain(words.map(String::as_str)).collect::<Vec<_>>().join(" ")
}
