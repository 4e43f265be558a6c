//! What stands at the cursor of a line that is being typed: a word, an option or an option's value.

use clap::{Arg, Command, ValueHint};

use super::{By, Scan, command, scan_typed};
use crate::text::Lang;

/// The place that is being completed.
#[derive(Debug)]
pub struct Cursor {
    /// What the words before it say.
    pub scan: Scan,
    /// What is expected there.
    pub slot: Slot,
    /// What stands in the same word before what is being completed: `--rank=`.
    pub head: String,
    /// What has been typed of it.
    pub typed: String,
}

impl Cursor {
    /// The language of the line.
    pub fn lang(&self) -> Lang {
        self.scan.lang
    }
}

/// What is expected at a place.
#[derive(Debug)]
pub enum Slot {
    /// A verb, an area, or the argument of one, of this kind.
    Word(Expected),
    /// One of these options, each with what it is for.
    Option(Vec<(String, String)>),
    /// The value of an option, of this kind.
    Value(String, Expected),
}

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// One of these.
    Of(Vec<String>),
    /// A file.
    File,
    /// A folder.
    Folder,
    /// What only the data can tell.
    Data,
}

/// Looks at a line, from the program's name to the word at the cursor. `by` are the dimensions of its area and topic.
pub fn cursor(line: &[String], lang: Lang, by: &[By]) -> Cursor {
    let (typed, before) = line.split_last().map_or(("", line), |(last, before)| (last.as_str(), before));
    let scan = scan_typed(before, lang);
    let root = command(&scan, by);
    let sub = root.get_subcommands().next().filter(|_| !scan.words.is_empty());
    let options: Vec<&Arg> = arguments(&root, sub);
    let ended = before.iter().any(|word| word == "--");
    let whole = |slot: Slot| Cursor { scan: scan.clone(), slot, head: String::new(), typed: typed.to_owned() };
    if let Some(option) = pending(before, &options).filter(|_| !ended) {
        return whole(Slot::Value(option.get_id().to_string(), expected(option)));
    }
    // Where no further word is taken, an empty one asks for options.
    let full = typed.is_empty() && !ended && takes_no_word(&scan, sub);
    if !full && (ended || !typed.starts_with('-')) {
        return whole(Slot::Word(word(&scan, sub)));
    }
    if let Some((name, value)) = typed.split_once('=')
        && let Some(option) = named(&options, name)
    {
        let slot = Slot::Value(option.get_id().to_string(), expected(option));
        return Cursor { slot, head: format!("{name}="), typed: value.to_owned(), scan };
    }
    let given = |option: &Arg| before.iter().any(|word| is(option, word.split('=').next().unwrap_or_default()));
    let repeats = |option: &Arg| matches!(option.get_action(), clap::ArgAction::Append);
    let names = options.iter().filter(|option| repeats(option) || !given(option)).flat_map(|option| {
        let about = option.get_help().map(ToString::to_string).unwrap_or_default();
        let other = option.get_all_aliases().unwrap_or_default().into_iter().filter(|_| !typed.is_ascii());
        let long = option.get_long().into_iter().filter(|_| typed.is_ascii());
        long.chain(other).map(|name| (format!("--{name}"), about.clone())).collect::<Vec<_>>()
    });
    whole(Slot::Option(names.collect()))
}

/// The options that a line takes: those of its verb or subject first, then those that every verb has.
pub(super) fn arguments<'a>(root: &'a Command, sub: Option<&'a Command>) -> Vec<&'a Arg> {
    let own = sub.into_iter().flat_map(Command::get_arguments);
    own.chain(root.get_arguments()).filter(|arg| !arg.is_positional() && !arg.is_hide_set()).collect()
}

fn is(option: &Arg, typed: &str) -> bool {
    let short =
        option.get_short().is_some_and(|short| typed.strip_prefix('-').is_some_and(|rest| rest.chars().eq([short])));
    short || typed.strip_prefix("--").is_some_and(|long| option.get_long() == Some(long))
}

fn named<'a>(options: &[&'a Arg], typed: &str) -> Option<&'a Arg> {
    options.iter().copied().find(|option| is(option, typed))
}

/// The option whose value the next word is.
fn pending<'a>(before: &[String], options: &[&'a Arg]) -> Option<&'a Arg> {
    let valued = |word: &String| {
        let option = named(options, word)?;
        (option.get_action().takes_values() && !option.is_require_equals_set()).then_some(option)
    };
    before.iter().skip(1).fold(None, |open, word| if open.is_some() { None } else { valued(word) })
}

fn expected(arg: &Arg) -> Expected {
    let values = arg.get_possible_values();
    let shown = values.iter().map(|value| value.get_name().to_owned()).filter(|name| !name.is_empty());
    match arg.get_value_hint() {
        _ if !values.is_empty() => Expected::Of(shown.collect()),
        ValueHint::DirPath => Expected::Folder,
        ValueHint::FilePath | ValueHint::AnyPath => Expected::File,
        _ => Expected::Data,
    }
}

fn takes_no_word(scan: &Scan, sub: Option<&Command>) -> bool {
    match scan.verb() {
        Some(_) => word(scan, sub) == Expected::Of(Vec::new()),
        None => scan.words.len() > 1,
    }
}

/// The argument of a verb that comes next.
fn word(scan: &Scan, sub: Option<&Command>) -> Expected {
    let arguments: Vec<&Arg> =
        sub.into_iter().flat_map(Command::get_positionals).filter(|arg| !arg.is_hide_set()).collect();
    let many = |arg: &&Arg| arg.get_num_args().is_some_and(|count| count.max_values() > 1);
    let next = arguments.get(scan.words.len().saturating_sub(1)).copied().or(arguments.last().copied().filter(many));
    match (scan.verb(), next) {
        (Some(_), None) => Expected::Of(Vec::new()),
        (Some(_), Some(arg)) => expected(arg),
        (None, _) => Expected::Data,
    }
}
