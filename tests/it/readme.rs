//! The examples of README.md do what it shows.
//!
//! In a block that begins with ```` ```console ````, a line `$ aistat …` is run and the lines up to the next `$` or the end of
//! the block are what it prints: on a terminal of 100 columns, in English unless the line says otherwise, stdout and then
//! stderr. With `| cat` at its end the line is piped, and stdout alone is shown; `2>/dev/null` drops stderr. A line `…` stands
//! for any number of lines. A command with no lines below it has only to be answered.
//!
//! `AISTAT_BLESS_README=1 cargo test readme` writes what is printed into README.md, for its author to read through.

use aistat::Exit;

use crate::harness::args;
use crate::report::{path, read};

const COLUMNS: usize = 100;

#[test]
fn examples_print_what_readme_shows() {
    let file = path("README.md");
    let text = read(&file);
    let examples = examples(&text);
    assert!(!examples.is_empty(), "README.md has no examples");
    let bless = std::env::var_os("AISTAT_BLESS_README").is_some_and(|value| value == "1");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut failures = Vec::new();
    for example in examples.iter().rev() {
        let (printed, exit) = run(&example.command);
        let shown: Vec<&str> = example.shown.iter().map(String::as_str).collect();
        let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
        if !shown.is_empty() && matches(&shown, &printed) {
            continue;
        }
        if bless {
            let at = example.line;
            lines.splice(at..at + shown.len(), printed.iter().map(|line| (*line).to_owned()));
        } else if !shown.is_empty() || exit == Exit::Usage {
            failures.push(format!(
                "README.md:{}: $ {}\n{}",
                example.line,
                example.command,
                difference(&shown, &printed)
            ));
        }
    }
    if bless {
        std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    }
    failures.reverse();
    assert!(failures.is_empty(), "{}\n(AISTAT_BLESS_README=1 rewrites them)", failures.join("\n\n"));
}

#[test]
fn three_dots_stand_for_any_lines() {
    assert!(matches(&["a", "…", "d"], &["a", "b", "c", "d"]));
    assert!(matches(&["a", "…"], &["a"]));
    assert!(matches(&["…", "c", "…", "e"], &["a", "b", "c", "d", "e"]));
    assert!(!matches(&["a", "…", "x"], &["a", "b", "c"]));
    assert!(!matches(&["a"], &["a", "b"]));
}

#[test]
fn words_are_split_as_a_shell_does() {
    assert_eq!(
        words(r#"aistat test 'a < b' --where "x=y z" 轮次=天使轮"#),
        ["aistat", "test", "a < b", "--where", "x=y z", "轮次=天使轮"]
    );
}

struct Example {
    command: String,
    /// The lines below the command, and the index of the first of them in the file.
    shown: Vec<String>,
    line: usize,
}

fn examples(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let (mut inside, mut open) = (false, false);
    for (at, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            (inside, open) = (line.trim_end() == "```console", false);
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            open = command.starts_with("aistat");
            if open {
                examples.push(Example { command: command.trim().to_owned(), shown: Vec::new(), line: at + 1 });
            }
        } else if let Some(example) = examples.last_mut().filter(|_| open) {
            example.shown.push(line.trim_end().to_owned());
        }
    }
    for example in &mut examples {
        // an empty line before the next command is layout
        while example.shown.last().is_some_and(String::is_empty) {
            example.shown.pop();
        }
    }
    examples
}

fn run(command: &str) -> (String, Exit) {
    let (command, piped) = command.strip_suffix("| cat").map_or((command, false), |command| (command, true));
    let command = command.trim_end();
    let (command, quiet) = command.strip_suffix("2>/dev/null").map_or((command, piped), |command| (command, true));
    let run = args(words(command).into_iter().skip(1));
    let output = if piped { run.run() } else { run.terminal(COLUMNS).var("NO_COLOR", "1").run() };
    (if quiet { output.out } else { output.out + &output.err }, output.exit)
}

pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether lines are those shown, `…` being any lines.
fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match shown {
        [] => printed.is_empty(),
        ["…"] => true,
        ["…", rest @ ..] => (0..=printed.len()).any(|skip| matches(rest, &printed[skip..])),
        [first, rest @ ..] => printed.first() == Some(first) && matches(rest, &printed[1..]),
    }
}

/// Both texts line by line: `-` what README shows, `+` what is printed.
fn difference(shown: &[&str], printed: &[&str]) -> String {
    let same = shown.iter().zip(printed).take_while(|(a, b)| a == b).count();
    let after = shown[same..].iter().rev().zip(printed[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let side = |sign: char, lines: &[&str]| {
        lines[same..lines.len() - after].iter().map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    format!("  … {same} lines alike\n{}{}  … {after} lines alike", side('-', shown), side('+', printed))
}
