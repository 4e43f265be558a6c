//! Help and manual: in both languages, within 80 columns, and with examples that run.

use crate::harness::{Run, args};
use std::io::Write;
use std::process::{Command, Stdio};

use aistat::Exit;
use aistat::render::display_width;

const VERBS: [&str; 13] = [
    "list",
    "find",
    "show",
    "compare",
    "explain",
    "audit",
    "test",
    "dump",
    "check",
    "new",
    "diff",
    "completions",
    "man",
];

fn lines() -> Vec<Vec<&'static str>> {
    let verbs = VERBS.iter().map(|verb| vec![*verb]);
    verbs.chain([vec![], vec!["shenzhen"], vec!["shenzhen", "financing"], vec!["世界"], vec!["深圳", "企业"]]).collect()
}

fn help(line: &[&str], lang: &str) -> String {
    let line = line.iter().map(|word| if *word == "世界" { "world" } else { word });
    args(line.chain(["--lang", lang, "--help"])).ok().out
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn no_help_lacks_a_language_or_leaves_the_page() {
    for line in lines() {
        let (zh, en) = (help(&line, "zh"), help(&line, "en"));
        for words in ["Usage:", "Options:", "Arguments:", "Commands:", "possible values", "default:", "Examples:"] {
            assert!(!zh.contains(words), "{line:?}: {words}\n{zh}");
        }
        assert!(zh.contains("用法:") && en.contains("Usage: "), "{line:?}");
        assert_eq!(zh.contains("例子:"), en.contains("Examples:"), "{line:?}");
        for text in [&zh, &en] {
            for line in text.lines() {
                assert!(display_width(line) <= 80, "{}: {line}", display_width(line));
            }
        }
    }
}

#[test]
fn every_argument_is_told_in_both_languages() {
    let (zh, en) = (aistat::text::Lang::Zh, aistat::text::Lang::En);
    let by = || aistat::cli::By { name: "dim".into(), title: aistat::text::Text::new("维", "Dim"), there: true };
    let tree = |lang| aistat::cli::tree(lang, &[("area".into(), vec![("topic".into(), vec![by()])])]);
    tree(zh).debug_assert();
    tree(en).debug_assert();
    let told = |command: &clap::Command, chinese: bool| {
        for command in command.get_subcommands().filter(|command| command.get_name() != "area") {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && is_chinese(&about) == chinese, "{}: {about}", command.get_name());
        }
        for arg in std::iter::once(command).chain(command.get_subcommands()).flat_map(clap::Command::get_arguments) {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            // A list of what may be typed is the same in both.
            let words = help.contains("2023") || help.contains("table") || help.contains("bash");
            assert!(!help.is_empty() && (words || is_chinese(&help) == chinese), "{}: {help}", arg.get_id());
        }
    };
    told(&tree(zh), true);
    told(&tree(en), false);
}

#[test]
fn examples_run() {
    for line in lines() {
        let help = help(&line, "en");
        let Some((_, examples)) = help.split_once("Examples:\n") else { continue };
        for example in
            examples.lines().map_while(|line| line.strip_prefix("  ")).filter(|line| line.starts_with("aistat "))
        {
            let typed = example.split("  ").next().unwrap();
            let placeholder = ["DIR", "AREA", "|", "-o "].iter().any(|word| typed.contains(word));
            if placeholder {
                continue;
            }
            let words: Vec<String> = typed.split(' ').skip(1).map(|word| word.trim_matches('\'').to_owned()).collect();
            let words = if typed.contains('\'') { quoted(typed) } else { words };
            let output = Run::run(args(words));
            let waiting = output.err.contains("not there yet");
            assert!(waiting || output.exit != Exit::Usage, "{typed}\n{}", output.err);
        }
    }
}

/// The words of a line with one quoted word at its end.
fn quoted(line: &str) -> Vec<String> {
    let (before, word) = line.trim_end_matches('\'').split_once(" '").unwrap();
    before.split(' ').skip(1).chain([word]).map(str::to_owned).collect()
}

#[test]
fn help_lists_what_there_is() {
    let root = help(&[], "en");
    assert!(root.contains("shenzhen (深圳/Shenzhen)") && root.contains("financing"), "{root}");
    let topics = help(&["shenzhen"], "zh");
    assert!(topics.contains("aistat shenzhen financing") && topics.contains("融资"), "{topics}");
    let topic = help(&["shenzhen", "financing"], "en");
    assert!(topic.contains("--by-round") && topic.contains("deals") && topic.contains("100 million yuan"), "{topic}");
}

#[test]
fn the_manual_is_whole_and_without_warnings() {
    for lang in ["zh", "en"] {
        let page = args(["man", "--lang", lang]).ok().out;
        assert!(page.contains(".TH AISTAT 1"), "{page}");
        for verb in VERBS {
            assert!(page.contains(&format!("aistat {verb}")), "{verb}");
        }
        for word in ["AISTAT_DATA", "datapackage.json", "relative\\-to"] {
            assert!(page.contains(word), "{word}");
        }
        rendered(&page);
    }
}

/// What `man` says of a page on standard error: nothing.
fn rendered(page: &str) {
    let mut command = Command::new("man");
    command.args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-"]).env("LC_ALL", "C.UTF-8").env("MANWIDTH", "80");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        println!("skipped: man is not installed");
        return;
    };
    child.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn help_may_be_asked_for_first() {
    let told = |line: &str| args(line.split(' ')).ok().out;
    for (early, late) in [("-h shenzhen", "shenzhen -h"), ("--help list", "list --help"), ("-h", "--help")] {
        assert_eq!(told(early), told(late), "{early}");
    }
    assert_eq!(told("--lang zh -h china scale"), told("--lang zh china scale -h"));
}
