//! What was typed. Two steps: [`scan`] finds the language, the packages and the first words; [`read`] parses the whole line
//! with the one verb, or the one area and topic, that those words name. No I/O.

mod args;
mod ask;
mod complete;
mod refuse;

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};

pub use ask::{Ask, Color, Comparison, Globals, Question, Step, Verb};
pub use complete::{Cursor, Expected, Slot, cursor};

use crate::error::Result;
use crate::line::Line;
use crate::statement;
use crate::text::{Lang, Text};
use args::{Tree, VERBS};

/// What a first look at the line finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Language, from `--lang` or the locale.
    pub lang: Lang,
    /// Words that are neither options nor their values.
    pub words: Vec<String>,
    /// `--data` folders.
    pub data: Vec<PathBuf>,
    /// `-h` or `--help` is among them.
    pub help: bool,
}

/// A dimension as `--by-…` offers it.
#[derive(Clone, Debug)]
pub struct By {
    /// Column name.
    pub name: String,
    /// Title; its Chinese wording is a second name of the flag.
    pub title: Text,
    /// Whether what the line asks for has it without the flag, so that a condition on it can stand alone.
    pub there: bool,
}

/// What help says of the data at hand.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// What the line is about, where that is not a verb.
    pub about: Option<String>,
    /// What there is to ask for, and lines to type.
    pub text: String,
    /// Columns to stay within.
    pub width: usize,
}

/// What reading the line gives.
#[derive(Debug)]
pub enum Reading {
    /// A question.
    Ask(Box<Ask>),
    /// Help, ready to print.
    Help(String),
}

/// Options that take the next word as their value, unless it is joined by `=`.
const VALUED: [&str; 19] = [
    "-f",
    "--format",
    "-o",
    "--output",
    "--headers",
    "--digits",
    "--lang",
    "--data",
    "--color",
    "--measure",
    "--period",
    "--where",
    "--relative-to",
    "--sort",
    "--top",
    "--pivot",
    "--assume",
    "--as",
    "--from",
];

/// Asks for the help of the words behind it.
pub const HELP: &str = "help";

/// Whether a word is a verb, or asks for help.
pub fn is_verb(word: &str) -> bool {
    word == HELP || VERBS.iter().any(|(verb, ..)| *verb == word)
}

/// Whether a word is an option: a negative number is none.
pub fn is_option(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether an option takes the next word as its value.
pub fn takes_value(option: &str) -> bool {
    VALUED.contains(&option)
}

/// The name of an option with two dashes.
pub fn long(option: &str) -> &str {
    match option {
        "-f" => "--format",
        "-o" => "--output",
        "-q" => "--quiet",
        "-V" => "--version",
        "-h" => "--help",
        other => other,
    }
}

/// Whether every line may have an option; its name has two dashes.
pub fn is_global(option: &str) -> bool {
    let name = option.strip_prefix("--");
    name.is_some() && globals_only(Lang::default()).get_arguments().any(|own| own.get_long() == name)
}

/// Whether questions about numbers have an option; its name has two dashes.
pub fn is_of_questions(option: &str) -> bool {
    let name = option.strip_prefix("--");
    name.is_some() && question_flags(Lang::default()).get_arguments().any(|own| own.get_long() == name)
}

/// Whether a line has an option that neither questions about numbers nor every line have: a breakdown, or a mistake.
pub fn has_other_options(argv: &[OsString]) -> bool {
    let typed = argv.iter().filter_map(|word| word.to_str()?.strip_prefix("--")?.split('=').next());
    let mut typed = typed.filter(|name| !name.is_empty()).peekable();
    if typed.peek().is_none() {
        return false;
    }
    let (questions, all) = (question_flags(Lang::default()), globals_only(Lang::default()));
    typed.any(|name| questions.get_arguments().chain(all.get_arguments()).all(|own| own.get_long() != Some(name)))
}

/// A line in the words that the second step reads: an address is area, topic and breakdowns, `help WORD…` and `-h WORD…` are
/// `WORD… --help`, and what belongs to an area or a verb stands behind it.
pub fn spell_out(argv: &[OsString]) -> Vec<OsString> {
    let mut line = led(argv);
    let argv = line.clone();
    let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
    let Some(at) = first_word(&words) else { return line };
    let early = words[1..at].iter().position(|word| word == "-h" || word == "--help").map(|before| before + 1);
    if let Some(at) = early.or((words[at] == HELP).then_some(at)) {
        line.remove(at);
        line = spell_out(&line);
        let end = line.iter().position(|word| word == "--").unwrap_or(line.len());
        line.insert(end, "--help".into());
    } else if let Some(spelt) = address(&words[at]) {
        line.splice(at..=at, spelt.into_iter().map(OsString::from));
    }
    line
}

/// A line whose first word comes before `--` and before the options that not every line may have.
fn led(argv: &[OsString]) -> Vec<OsString> {
    let mut line = argv.to_vec();
    let words: Vec<_> = argv.iter().map(|word| word.to_string_lossy()).collect();
    let Some(first) = first_word(&words) else { return line };
    if words[first - 1] == "--" {
        line.swap(first - 1, first);
    }
    let own = |at: &usize| words[*at].starts_with("--") && words[*at] != "--";
    let late = |at: &usize| own(at) && !is_global(words[*at].split('=').next().unwrap_or_default());
    let mut moved = Vec::new();
    for at in (1..first).filter(late).collect::<Vec<_>>().into_iter().rev() {
        let last =
            if takes_value(&words[at]) && at + 1 < first && !words[at + 1].starts_with("--") { at + 1 } else { at };
        moved.splice(0..0, line.drain(at..=last));
    }
    let end = line.iter().position(|word| word == "--").unwrap_or(line.len());
    line.splice(end..end, moved);
    line
}

/// The words of `area/topic[/dim[+dim]]`.
fn address(word: &str) -> Option<Vec<String>> {
    let mut parts = word.splitn(3, '/');
    let (area, topic) = (parts.next()?, parts.next()?);
    let by: Vec<&str> = parts.next().map(|dims| dims.split('+').collect()).unwrap_or_default();
    let empty = [area, topic].iter().chain(&by).any(|part| part.is_empty());
    // What names a cell is no question about its dataset.
    if empty || topic.contains([':', '@']) || by.iter().any(|name| name.contains([':', '@'])) {
        return None;
    }
    let by = by.iter().map(|name| format!("--by-{name}"));
    Some([area.to_owned(), topic.to_owned()].into_iter().chain(by).collect())
}

/// Where the first word stands that is no option and no option's value, or the word behind `--`.
fn first_word(words: &[Cow<str>]) -> Option<usize> {
    let mut at = 1;
    while let Some(word) = words.get(at) {
        if word == "--" {
            return words.get(at + 1).filter(|word| !is_option(word)).map(|_| at + 1);
        }
        if !is_option(word) {
            return Some(at);
        }
        let value = words.get(at + 1).filter(|value| takes_value(word) && !value.starts_with("--"));
        at += if value.is_some() { 2 } else { 1 };
    }
    None
}

/// The verbs, for suggestions and for the overview: name and what it is for.
pub fn verbs() -> impl Iterator<Item = (&'static str, Text)> {
    VERBS.iter().map(|(verb, zh, en)| (*verb, Text::new(*zh, *en)))
}

/// The first step. `locale` is the value of `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set.
pub fn scan(argv: &[OsString], locale: Option<&str>) -> Scan {
    let lang = if locale.is_some_and(|name| name.starts_with("zh")) { Lang::Zh } else { Lang::En };
    scan_words(argv.iter().skip(1).map(|word| word.to_string_lossy()), lang)
}

/// The same for a line that is being typed, in the language of the line that asks unless it names its own.
pub fn scan_typed(line: &[String], lang: Lang) -> Scan {
    scan_words(line.iter().skip(1).map(|word| word.as_str().into()), lang)
}

fn scan_words<'a>(words: impl Iterator<Item = Cow<'a, str>>, lang: Lang) -> Scan {
    let mut found = Scan { lang, ..Scan::default() };
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        if word == "--" {
            let rest: Vec<String> = words.by_ref().map(Into::into).collect();
            // The line that is being typed names its own packages, up to the word at the cursor.
            if let (Some("completions"), Some((_, typed))) = (found.verb(), rest.split_last()) {
                found.data.extend(scan_typed(typed, lang).data);
            }
            found.words.extend(rest);
        } else if let Some((name, value)) = word.split_once('=').filter(|(name, _)| name.starts_with("--")) {
            found.note(name, value);
        } else if VALUED.contains(&&*word) {
            // An option in its place: the value was left out.
            if let Some(value) = words.next_if(|value| !value.starts_with("--")) {
                found.note(&word, &value);
            }
        } else if !is_option(&word) {
            found.words.push(word.into());
        } else {
            found.help |= word == "--help" || word == "-h";
        }
    }
    found
}

impl Scan {
    fn note(&mut self, option: &str, value: &str) {
        match (option, value) {
            ("--lang", "zh") => self.lang = Lang::Zh,
            ("--lang", "en") => self.lang = Lang::En,
            ("--data", folder) => self.data.push(folder.into()),
            _ => {}
        }
    }

    /// The verb, if the first word is one.
    pub fn verb(&self) -> Option<&'static str> {
        let first = self.words.first()?;
        VERBS.iter().map(|(verb, ..)| *verb).find(|verb| verb == first)
    }
}

/// The second step. `by` are the dimensions of the area and topic that the line names, `guide` what the help of this line
/// says last: neither is looked at where it is not needed.
pub fn read(argv: &[OsString], scan: &Scan, by: &[By], guide: &Guide) -> Result<Reading> {
    let mut command = command(scan, by);
    if scan.help {
        let alone = scan.verb().is_none() && scan.words.len() == 1;
        let help = |command: Command| {
            let command = command.after_help(guide.text.clone());
            let command = guide.about.iter().fold(command, |command, about| command.about(about.clone()));
            // An area alone takes none of the options of a question.
            if alone { command.mut_args(|arg| arg.hide(true)) } else { command }
        };
        command = command.term_width(guide.width);
        command = if scan.words.is_empty() { help(command) } else { command.mut_subcommands(help) };
    }
    match command.try_get_matches_from_mut(argv) {
        Ok(matches) => {
            let mut verb = verb(&matches)?;
            if let Verb::Numbers(question)
            | Verb::Show { question, .. }
            | Verb::Compare { question, .. }
            | Verb::Dump { question, .. } = &mut verb
            {
                question.line = Line::typed(argv);
                if question.top == Some(0) {
                    return Err(refuse::number("--top", "0"));
                }
            }
            Ok(Reading::Ask(Box::new(Ask { verb, globals: globals(&matches, scan), line: Line::typed(argv) })))
        }
        Err(error) => refuse::reading(&error, argv, scan, by),
    }
}

/// The part of the tree that a line needs.
fn command(scan: &Scan, by: &[By]) -> Command {
    let tree = Tree { lang: scan.lang };
    let root = tree.root();
    match (scan.verb(), scan.words.as_slice()) {
        (Some(verb), _) => root.subcommand(tree.verb(verb)),
        (None, []) => VERBS.iter().fold(root, |root, (verb, ..)| root.subcommand(tree.verb(verb))),
        (None, [area, rest @ ..]) => root.subcommand(numbers(tree, area, rest.first(), by)),
    }
}

/// An area, its topics, and the dimensions of each.
pub type Subject = (String, Vec<(String, Vec<By>)>);

/// The whole tree, for the man page and for shells whose completions are written down once.
pub fn tree(lang: Lang, subjects: &[Subject]) -> Command {
    let tree = Tree { lang };
    let root = VERBS.iter().fold(tree.root(), |root, (name, ..)| root.subcommand(tree.verb(name)));
    subjects.iter().fold(root, |root, (area, topics)| {
        let topics = topics.iter().map(|(topic, by)| flags(tree, Command::new(topic.clone()), by));
        root.subcommand(Command::new(area.clone()).subcommands(topics))
    })
}

/// What a question about an area and topic may have besides.
pub fn question_flags(lang: Lang) -> Command {
    let tree = Tree { lang };
    tree.question(tree.page(Command::new(env!("CARGO_PKG_NAME"))))
}

/// The options that every line may have.
pub fn globals_only(lang: Lang) -> Command {
    Tree { lang }.root()
}

fn numbers(tree: Tree, area: &str, topic: Option<&String>, by: &[By]) -> Command {
    let usage = tree.usage(&[format!("{area} {} [--by-DIM]… [OPTIONS]", topic.map_or("TOPIC", String::as_str))]);
    let command = tree.page(Command::new(area.to_owned())).disable_version_flag(true).override_usage(usage);
    flags(
        tree,
        command
            .arg(Arg::new("topic").value_name(tree.metavariable("TOPIC")).hide(true).help_heading(tree.breakdowns())),
        by,
    )
}

fn flags(tree: Tree, command: Command, by: &[By]) -> Command {
    let command = by.iter().enumerate().fold(command, |command, (at, dimension)| {
        let title = &dimension.title.zh;
        let taken =
            by.iter().any(|other| other.name == *title) || by[..at].iter().any(|other| other.title.zh == *title);
        let flag = Arg::new(format!("by-{}", dimension.name))
            .long(format!("by-{}", dimension.name))
            .aliases((!taken).then(|| format!("by-{title}")))
            .action(ArgAction::SetTrue)
            .help_heading(tree.breakdowns())
            .help(match tree.lang {
                Lang::Zh => format!("按{}细分", dimension.title.zh),
                Lang::En => format!("Broken down by {}", dimension.title.en.to_lowercase()),
            });
        command.arg(flag)
    });
    tree.question(command)
}

fn globals(matches: &ArgMatches, scan: &Scan) -> Globals {
    Globals {
        format: one(matches, "format"),
        // As elsewhere, `-` is standard output.
        output: one::<PathBuf>(matches, "output").filter(|path| path.as_os_str() != "-"),
        value: matches.get_flag("value"),
        titles: one::<String>(matches, "headers").map(|kind| kind == "title"),
        no_header: matches.get_flag("no-header"),
        digits: one(matches, "digits"),
        for_excel: matches.get_flag("for-excel"),
        lang: scan.lang,
        data: many(matches, "data"),
        color: match one::<String>(matches, "color").as_deref() {
            Some("always") => Color::Always,
            Some("never") => Color::Never,
            _ => Color::Auto,
        },
        quiet: matches.get_flag("quiet"),
        force: matches.get_flag("force"),
    }
}

fn verb(matches: &ArgMatches) -> Result<Verb> {
    if matches.get_flag("version") {
        return Ok(Verb::Version);
    }
    let Some((name, sub)) = matches.subcommand() else { return Ok(Verb::Overview) };
    let text = |id: &str| one::<String>(sub, id).unwrap_or_default();
    let path = |id: &str| one::<PathBuf>(sub, id).unwrap_or_default();
    Ok(match name {
        "list" => Verb::List {
            within: one(sub, "within"),
            members: sub.get_flag("members"),
            packages: sub.get_flag("packages"),
        },
        "find" => Verb::Find(many::<String>(sub, "text").join(" ")),
        "show" => Verb::Show { what: text("what"), question: question(sub)? },
        "compare" => Verb::Compare {
            datasets: many(sub, "datasets"),
            relation: Comparison::named(&text("as")),
            question: question(sub)?,
        },
        "explain" => Verb::Explain { targets: statements(sub, "targets"), assume: statements(sub, "assume") },
        "audit" => Verb::Audit(one(sub, "dataset")),
        "test" => Verb::Test { statement: statement::readable(text("statement")), assume: statements(sub, "assume") },
        "dump" => Verb::Dump {
            within: many(sub, "within"),
            question: Question {
                derived: sub.get_flag("derived"),
                assume: statements(sub, "assume"),
                ..selection(sub)
            },
        },
        "check" => Verb::Check(path("dir")),
        "new" => Verb::New { folder: path("dir"), from: path("from") },
        "diff" => Verb::Diff { earlier: text("earlier"), later: text("later") },
        "completions" => match sub.get_many::<String>("line") {
            Some(line) => Verb::Complete { shell: text("shell"), line: line.cloned().collect() },
            None => Verb::Completions(text("shell")),
        },
        "man" => Verb::Man,
        area => {
            let Some(topic) = one(sub, "topic") else {
                return Ok(Verb::List { within: Some(area.to_owned()), members: false, packages: false });
            };
            Verb::Numbers(Question { area: area.to_owned(), topic, ..question(sub)? })
        }
    })
}

/// Which rows and measures.
fn selection(sub: &ArgMatches) -> Question {
    Question {
        measures: many(sub, "measure"),
        period: one(sub, "period"),
        filters: many(sub, "where"),
        ..Question::default()
    }
}

fn question(sub: &ArgMatches) -> Result<Question> {
    let optional = |id: &str| one::<String>(sub, id).map(|value| Some(value).filter(|value| !value.is_empty()));
    let step =
        |id: &str| one::<String>(sub, id).map(|value| if value == "previous" { Step::Previous } else { Step::Year });
    let by = sub.ids().filter_map(|id| id.as_str().strip_prefix("by-"));
    Ok(Question {
        by: by.filter(|name| sub.get_flag(&format!("by-{name}"))).map(str::to_owned).collect(),
        growth: step("growth"),
        change: step("change"),
        cagr: sub.get_flag("cagr"),
        index: optional("index"),
        share: sub.get_flag("share"),
        rank: optional("rank"),
        relative_to: one(sub, "relative-to"),
        sort: one(sub, "sort"),
        top: one(sub, "top"),
        rest: sub.get_flag("rest"),
        pivot: one(sub, "pivot"),
        derived: sub.get_flag("derived"),
        assume: statements(sub, "assume"),
        bounds: sub.get_flag("bounds"),
        source: sub.get_flag("source"),
        ..selection(sub)
    })
}

/// Statements, whichever keyboard typed them.
fn statements(matches: &ArgMatches, id: &str) -> Vec<String> {
    many(matches, id).into_iter().map(statement::readable).collect()
}

fn one<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Option<T> {
    matches.try_get_one::<T>(id).ok().flatten().cloned()
}

fn many<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Vec<T> {
    matches.try_get_many::<T>(id).ok().flatten().map(|values| values.cloned().collect()).unwrap_or_default()
}
