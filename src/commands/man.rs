//! `man`: the manual, one page.

use std::io::Write as _;

use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use super::guide;
use crate::catalog::Catalog;
use crate::cli;
use crate::error::{Error, Result};
use crate::text::{Lang, Text};

const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// The page as roff.
///
/// # Errors
/// None: a page in memory can always be written.
pub(super) fn page(catalog: &Catalog, lang: Lang) -> Result<String> {
    let mut page = Vec::new();
    write(catalog, lang, &mut page)
        .map_err(|error| Error::new(format!("写不出手册:{error}"), format!("the manual cannot be written: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn write(catalog: &Catalog, lang: Lang, page: &mut Vec<u8>) -> std::io::Result<()> {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let root = cli::tree(lang, &[]);
    // The empty date has to be quoted, which `clap_mangen` leaves out.
    let (version, manual) = (env!("CARGO_PKG_VERSION"), say("用户命令", "User Commands"));
    writeln!(page, ".TH {} 1 \"\" \"{PROGRAM} {version}\" \"{manual}\"", PROGRAM.to_uppercase())?;
    let mut roff = Roff::new();
    // Chinese has no blanks to stretch, and names no hyphens to break at.
    roff.control("ad", ["l"]).control("nh", []);
    roff.control("SH", [say("名称", "NAME")]);
    roff.text([roman(format!("{PROGRAM} - {}", root.get_about().map(ToString::to_string).unwrap_or_default()))]);
    roff.control("SH", [say("用法", "SYNOPSIS")]);
    roff.text([
        bold(PROGRAM),
        roman(" "),
        italic(say("地区 主题", "AREA TOPIC")),
        roman(" [--by-"),
        italic(say("维度", "DIM")),
        roman("]… ["),
        italic(say("选项", "OPTIONS")),
        roman("]"),
    ]);
    roff.control("br", []);
    roff.text([
        bold(PROGRAM),
        roman(" "),
        italic(say("命令", "COMMAND")),
        roman(" ["),
        italic(say("选项", "OPTIONS")),
        roman("]"),
    ]);
    roff.control("SH", [say("说明", "DESCRIPTION")]);
    for (zh, en) in DESCRIPTION {
        roff.text([roman(say(zh, en))]);
        roff.control("PP", []);
    }
    definitions(&mut roff, &guide::areas(catalog, lang), lang);
    roff.control("SH", [say("提问", "QUESTIONS")]);
    roff.text([roman(say("地区与主题之后可用的选项:", "What may follow an area and topic:"))]);
    roff.to_writer(page)?;
    let asked = cli::question_flags(lang);
    let told: Vec<clap::Id> = asked.get_arguments().map(|arg| arg.get_id().clone()).collect();
    options(asked, &[], page)?;
    for command in root.get_subcommands() {
        let mut roff = Roff::new();
        if command.get_name() == "list" {
            roff.control("SH", [say("命令", "COMMANDS")]);
        }
        let arguments = command.get_positionals().filter(|arg| !arg.is_hide_set());
        let arguments: String = arguments.map(|arg| format!(" {arg}")).collect();
        roff.control("SS", [format!("{PROGRAM} {}{arguments}", command.get_name()).as_str()]);
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let more = say("。另有提问的选项。", ". Also takes the options of a question.");
        roff.text([roman(if command.get_name() == "compare" { about + more } else { about })]);
        roff.to_writer(page)?;
        options(command.clone(), &told, page)?;
    }
    Roff::new().control("SH", [say("通用选项", "OPTIONS")]).to_writer(page)?;
    options(cli::globals_only(lang), &[], page)?;
    let mut roff = Roff::new();
    roff.control("SH", [say("例子", "EXAMPLES")]);
    for (line, about) in guide::first(catalog, lang) {
        definition(&mut roff, &line, about.get(lang));
    }
    for section in [guide::exits(), guide::environment(), files()] {
        roff.control("SH", [section.heading.get(lang).trim_end_matches(':').to_uppercase().as_str()]);
        definitions(&mut roff, &section, lang);
    }
    roff.to_writer(page)
}

const DESCRIPTION: [(&str, &str); 3] = [
    (
        "回答关于一份已出版统计报告的数字的问题。报告在程序之内;--data 加入其他数据包。",
        "Answers questions about the numbers of a published statistical report. The report is in the program; --data adds other packages.",
    ),
    (
        "每个数字都可带图表号与章节(--source)、上下界与依据(--bounds)。",
        "Every number can bring its exhibit and section (--source), and its bounds and how it is known (--bounds).",
    ),
    (
        "答案写到标准输出:终端上是表格,管道中是 CSV。说明写到标准错误。",
        "The answer goes to standard output: a table on a terminal, CSV in a pipe. Notes go to standard error.",
    ),
];

/// Arguments and options of a command, as `clap_mangen` writes them, without its heading and what has been told before.
fn options(command: clap::Command, told: &[clap::Id], page: &mut Vec<u8>) -> std::io::Result<()> {
    let mut section = Vec::new();
    let command =
        command.disable_help_flag(true).mut_args(|arg| if told.contains(arg.get_id()) { arg.hide(true) } else { arg });
    Man::new(command).render_options_section(&mut section)?;
    let text = String::from_utf8_lossy(&section);
    let body: Vec<&str> = text.lines().filter(|line| !line.starts_with(".SH") && !line.starts_with(".SS")).collect();
    page.extend_from_slice(body.join("\n").as_bytes());
    page.push(b'\n');
    Ok(())
}

fn definitions(roff: &mut Roff, section: &guide::Section, lang: Lang) {
    for (line, about) in &section.lines {
        match about.get(lang) {
            "" if line.starts_with(' ') => {
                roff.text([roman(line.trim())]);
            }
            about => definition(roff, line, about),
        }
    }
}

fn definition(roff: &mut Roff, term: &str, about: &str) {
    roff.control("TP", []);
    roff.text([bold(crate::render::sanitize(term))]);
    if !about.is_empty() {
        roff.text([roman(crate::render::sanitize(about))]);
    }
}

fn files() -> guide::Section {
    let line = |name: &str, zh: &str, en: &str| (name.to_owned(), Text::new(zh, en));
    guide::Section {
        heading: Text::new("文件", "Files"),
        lines: vec![
            line(
                "DIR/datapackage.json",
                "数据包的描述(Data Package v2),其表在同一文件夹之内",
                "the descriptor of a package (Data Package v2); its tables are in the same folder",
            ),
            line("docs/format.md", "数据包的格式", "the format of packages"),
            line("docs/statements.md", "test 的陈述语言", "the language of test"),
        ],
    }
}
