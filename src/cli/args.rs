//! The command tree, in the reader's language. Parser, help, completions and man page come from it.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgAction, Command, ValueHint};

use super::Comparison;
use crate::render::Format;
use crate::text::Lang;

/// The verbs, with what each is for.
pub(super) const VERBS: [(&str, &str, &str); 13] = [
    (
        "list",
        "列出数据集:图表、时期、维度、指标、所载数字数",
        "datasets: exhibit, periods, dimensions, measures, printed cells",
    ),
    (
        "find",
        "在图表、标题、成员、单位、属性、注中查找(中英文)",
        "search exhibits, titles, members, units, attributes, notes",
    ),
    ("show", "按图表号或数据集显示原表", "an exhibit or dataset as the report shows it"),
    ("compare", "把多个数据集按共同的键并排比较", "datasets side by side on their common key"),
    (
        "explain",
        "一个数字或算式从何而知:所载数字、关系与算式",
        "how a cell or expression is known: printed numbers, relations, arithmetic",
    ),
    ("audit", "找出不可能同时成立的所载数字", "printed numbers that cannot all hold"),
    ("test", "判断一个陈述:成立、不成立、不定", "proven, refuted or open: a statement about the numbers"),
    ("dump", "每个单元格一行,含缺失原因", "every cell, long form, printed or missing"),
    ("check", "检查一个数据包的全部错误", "every fault of a package"),
    ("new", "由一张表建立数据包", "begin a package from a table"),
    ("diff", "比较两个版次:修订、新增、删去", "what one edition revised, added, dropped against another"),
    ("completions", "输出某个 shell 的补全脚本", "completion script for a shell"),
    ("man", "输出手册页", "the manual page"),
];

/// Statistics within one dataset, which `compare` refuses by name and does not offer.
const WITHIN: [&str; 6] = ["growth", "change", "cagr", "index", "share", "relative-to"];

const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// What the verbs take, as usage says it.
const TAKES: [(&str, &str); 12] = [
    ("list", " [AREA[/TOPIC]]"),
    ("find", " TEXT"),
    ("show", " N | DATASET"),
    ("compare", " A B…"),
    ("explain", " CELL | 'EXPRESSION' | DATASET…"),
    ("audit", " [DATASET]"),
    ("test", " 'STATEMENT'"),
    ("dump", " [AREA | DATASET]…"),
    ("check", " DIR"),
    ("new", " DIR --from TABLE"),
    ("diff", " A B"),
    ("completions", " SHELL"),
];

/// What stands for a value in usage and help, in Chinese.
const METAVARIABLES: [(&str, &str); 34] = [
    ("A", "甲"),
    ("A,B", "甲,乙"),
    ("AREA", "地区"),
    ("ATTRIBUTE", "属性"),
    ("B", "乙"),
    ("BASE", "基期"),
    ("CELL", "单元格"),
    ("CELL=VALUE", "单元格=值"),
    ("COMMAND", "命令"),
    ("DATASET", "数据集"),
    ("DIM", "维度"),
    ("DIR", "文件夹"),
    ("EARLIER", "较早版次"),
    ("EXPRESSION", "算式"),
    ("FILE", "文件"),
    ("FORMAT", "格式"),
    ("HOW", "方式"),
    ("KEY", "键"),
    ("[-]KEY", "[-]列"),
    ("KIND", "种类"),
    ("LANG", "语言"),
    ("LATER", "较晚版次"),
    ("MEMBER", "成员"),
    ("OPTIONS", "选项"),
    ("PERIOD", "时期"),
    ("STATEMENT", "陈述"),
    ("STEP", "步长"),
    ("TABLE", "表"),
    ("TARGETS", "对象"),
    ("TEXT", "文字"),
    ("TOPIC", "主题"),
    ("WHAT", "对象"),
    ("WHEN", "何时"),
    ("WITHIN", "范围"),
];

/// Builds arguments in one language.
#[derive(Clone, Copy)]
pub(super) struct Tree {
    pub(super) lang: Lang,
}

impl Tree {
    pub(super) fn say(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    pub(super) fn breakdowns(self) -> &'static str {
        self.say("细分", "Breakdowns")
    }

    fn flag(self, name: &'static str, zh: &'static str, en: &'static str) -> Arg {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(self.say(zh, en))
    }

    fn option(self, name: &'static str, value: &'static str, zh: &'static str, en: &'static str) -> Arg {
        Arg::new(name).long(name).value_name(self.metavariable(value)).help(self.say(zh, en))
    }

    /// An option that takes one of a few words, which its help lists.
    fn choice(
        self,
        name: &'static str,
        value: &'static str,
        zh: &'static str,
        en: &'static str,
        words: &[&'static str],
    ) -> Arg {
        let list = words.join(self.say("、", ", "));
        let help = match self.lang {
            Lang::Zh => format!("{zh}:{list}"),
            Lang::En => format!("{en}: {list}"),
        };
        let words = PossibleValuesParser::new(words.iter().copied());
        let value = self.metavariable(value);
        Arg::new(name).long(name).value_name(value).help(help).value_parser(words).hide_possible_values(true)
    }

    /// Growth or change: over a year, or over what comes before.
    fn step(self, name: &'static str, zh: &'static str, en: &'static str) -> Arg {
        let words = PossibleValuesParser::new(["", "year", "previous"]);
        self.optional(name, "STEP", zh, en).value_parser(words).hide_possible_values(true)
    }

    /// Sets headings and order of a help page, in the reader's language.
    pub(super) fn page(self, command: Command) -> Command {
        command
            .help_template(self.say(
                "{about-with-newline}\n用法:{usage}\n\n{all-args}{after-help}",
                "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}",
            ))
            .next_help_heading(self.say("选项", "Options"))
            .subcommand_help_heading(self.say("命令", "Commands"))
    }

    /// Lines of usage below each other, all behind the word for it.
    pub(super) fn usage(self, lines: &[String]) -> String {
        let indent = self.say("\n      ", "\n       ");
        let named = |line: &String| {
            let words = line.split_inclusive(|c: char| !c.is_ascii_uppercase());
            let named = words.map(|word| {
                let own = word.trim_end_matches(|c: char| !c.is_ascii_uppercase());
                format!("{}{}", self.metavariable(own), &word[own.len()..])
            });
            named.collect::<String>()
        };
        lines.iter().map(|line| format!("{PROGRAM} {}", named(line))).collect::<Vec<_>>().join(indent)
    }

    /// What stands for a value, in the reader's language.
    pub(super) fn metavariable(self, name: &str) -> &str {
        let own = METAVARIABLES.iter().find(|(word, _)| *word == name && self.lang == Lang::Zh);
        own.map_or(name, |(_, zh)| zh)
    }

    /// An option whose value is optional and needs `=`.
    fn optional(self, name: &'static str, value: &'static str, zh: &'static str, en: &'static str) -> Arg {
        self.option(name, value, zh, en).num_args(0..=1).require_equals(true).default_missing_value("")
    }

    /// The program with the options that every verb has, and no verb yet.
    pub(super) fn root(self) -> Command {
        let heading = self.say("通用选项", "Everywhere");
        let global = |arg: Arg| arg.global(true).help_heading(heading);
        let format = self
            .option(
                "format",
                "FORMAT",
                "table、csv、tsv、json、ndjson、md\n(终端默认 table,管道默认 csv)",
                "table, csv, tsv, json, ndjson or md; else table on a terminal, csv in a pipe",
            )
            .short('f')
            .value_parser(clap::value_parser!(Format))
            .hide_possible_values(true);
        let output = self
            .option(
                "output",
                "FILE",
                "写入文件(整体替换;格式按扩展名,否则 csv)",
                "Write to a file, replaced as a whole; format by extension, else csv",
            )
            .short('o')
            .value_hint(ValueHint::FilePath)
            .value_parser(clap::value_parser!(PathBuf));
        let data = self
            .option("data", "DIR", "再加入一个数据包文件夹(可重复)", "Add the folder of a package (repeatable)")
            .action(ArgAction::Append)
            .value_hint(ValueHint::DirPath)
            .value_parser(clap::value_parser!(PathBuf));
        let digits = self
            .option("digits", "N", "计算值的小数位数", "Decimals of computed numbers")
            .value_parser(clap::value_parser!(u32).range(0..=30));
        let root = Command::new(PROGRAM)
            .about(self.say(
                "查询统计报告中的数字:出处、精度、增长、排名与比较",
                "Asks a report about its numbers: source, precision, growth, ranks, comparisons",
            ))
            .disable_help_subcommand(true)
            .disable_version_flag(true)
            .disable_help_flag(true)
            .override_usage(
                self.usage(&["AREA TOPIC [--by-DIM]… [OPTIONS]".to_owned(), "COMMAND [OPTIONS]".to_owned()]),
            )
            .arg(global(
                Arg::new("help")
                    .short('h')
                    .long("help")
                    .action(ArgAction::Help)
                    .help(self.say("显示帮助", "Print help")),
            ))
            .arg(global(self.flag("version", "版本与数据版次", "Version, and edition of the data").short('V')))
            .arg(global(format))
            .arg(global(output))
            .arg(global(self.flag("value", "只输出一个数字", "Print the one number and nothing else")))
            .arg(global(self.choice(
                "headers",
                "KIND",
                "列名与成员名",
                "Names of columns and members",
                &["code", "title"],
            )))
            .arg(global(self.flag("no-header", "不输出列名行", "No header row")))
            .arg(global(digits))
            .arg(global(self.flag(
                "for-excel",
                "CSV 供 Excel 打开(BOM、CRLF、公式防护)",
                "CSV for Excel: BOM, CRLF, formulas guarded",
            )))
            .arg(global(self.choice("lang", "LANG", "语言", "Language", &["zh", "en"])))
            .arg(global(data))
            .arg(global(self.choice("color", "WHEN", "颜色", "Colour", &["auto", "always", "never"])))
            .arg(global(self.flag("quiet", "不在 stderr 输出说明", "No notes on stderr").short('q')))
            .arg(global(self.flag("force", "允许替换已有文件夹", "Replace a folder that is there")));
        self.page(root)
    }

    /// One verb with its arguments.
    pub(super) fn verb(self, name: &'static str) -> Command {
        let about = VERBS.iter().find(|(verb, ..)| *verb == name).map_or("", |(_, zh, en)| self.say(zh, en));
        let command = self.page(Command::new(name).about(about).disable_version_flag(true));
        let takes = TAKES.iter().find(|(verb, _)| *verb == name).map_or("", |(_, takes)| takes);
        let command = command.override_usage(self.usage(&[format!("{name}{takes} [OPTIONS]")]));
        let arguments = self.say("参数", "Arguments");
        let word = |name: &'static str, zh: &'static str, en: &'static str| {
            let value = self.metavariable(&name.to_uppercase()).to_owned();
            Arg::new(name).value_name(value).help(self.say(zh, en)).help_heading(arguments)
        };
        let folder = |name: &'static str, zh: &'static str, en: &'static str| {
            word(name, zh, en).required(true).value_parser(clap::value_parser!(PathBuf)).value_hint(ValueHint::DirPath)
        };
        match name {
            "list" => command
                .arg(word("within", "地区或数据集,如「地区/主题」", "An area or dataset: AREA or AREA/TOPIC"))
                .arg(self.flag("members", "列出成员", "The members of the dimensions"))
                .arg(self.flag("packages", "列出数据包", "The packages").conflicts_with("members")),
            "find" => command.arg(
                word("text", "要找的文字", "What to look for")
                    .num_args(1..)
                    .required(true)
                    .allow_negative_numbers(true),
            ),
            "show" => self.question(
                command.arg(word("what", "图表号或数据集", "An exhibit's number, or a dataset").required(true)),
            ),
            "compare" => WITHIN.into_iter().fold(
                self.question(
                    command
                        .arg(
                            word("datasets", "两个或更多数据集", "Two datasets or more")
                                .value_name(self.metavariable("DATASET"))
                                .num_args(2..)
                                .required(true),
                        )
                        .arg(
                            self.option(
                                "as",
                                "HOW",
                                "share、占比:甲占乙的百分比(默认);ratio、倍数;\ndifference、差;index、指数:以乙为 100",
                                "share: A in percent of B (default); ratio: A/B; difference: A−B; index: B is 100",
                            )
                            .value_parser(PossibleValuesParser::new(
                                Comparison::NAMES
                                    .map(|(code, others, _)| PossibleValue::new(code).aliases(others.iter().copied())),
                            ))
                            .hide_possible_values(true),
                        ),
                ),
                |command, flag| command.mut_arg(flag, |arg| arg.hide(true)),
            ),
            "explain" => command
                .arg(
                    word(
                        "targets",
                        "单元格、算式(见 docs/statements.md)或数据集",
                        "Cells (DATASET:MEASURE[KEY]@PERIOD), expressions (docs/statements.md), or datasets",
                    )
                    .num_args(1..)
                    .required(true),
                )
                .arg(self.assume()),
            "audit" => command.arg(word("dataset", "只看这个数据集", "This dataset alone")),
            "test" => command
                .arg(
                    word(
                        "statement",
                        "陈述,见 docs/statements.md",
                        "A statement; its language is on docs/statements.md",
                    )
                    .required(true)
                    .allow_hyphen_values(true),
                )
                .arg(self.assume()),
            "dump" => self
                .selection(
                    command.arg(word("within", "只要这些地区或数据集", "These areas and datasets alone").num_args(1..)),
                )
                .arg(self.flag("derived", "连同可推出的数字", "With what follows from the printed numbers"))
                .arg(self.assume()),
            "check" => command.arg(folder("dir", "数据包文件夹", "A package folder")),
            "new" => command.arg(folder("dir", "要建立的文件夹", "The folder to write")).arg(
                self.option("from", "TABLE", "CSV 或 XLSX 表", "A CSV or XLSX table")
                    .required(true)
                    .value_parser(clap::value_parser!(PathBuf))
                    .value_hint(ValueHint::FilePath),
            ),
            "diff" => command
                .arg(
                    word("earlier", "较早版次的数据包名或文件夹", "The earlier edition: a package's name or folder")
                        .required(true),
                )
                .arg(word("later", "较晚版次", "The later edition").required(true)),
            "completions" => command
                .arg(
                    word("shell", "bash、zsh、fish、elvish 或 powershell", "bash, zsh, fish, elvish or powershell")
                        .required(true)
                        .value_parser(PossibleValuesParser::new(["bash", "zsh", "fish", "elvish", "powershell"]))
                        .hide_possible_values(true),
                )
                .arg(
                    word("line", "正在输入的命令行", "The line that is being typed")
                        .num_args(1..)
                        .last(true)
                        .hide(true),
                ),
            _ => command,
        }
    }

    fn assume(self) -> Arg {
        self.option("assume", "CELL=VALUE", "假设某单元格的值(可重复)", "Take a cell to have this value (repeatable)")
            .action(ArgAction::Append)
    }

    /// Adds the flags that choose rows and measures.
    fn selection(self, command: Command) -> Command {
        let list = |arg: Arg| arg.action(ArgAction::Append).value_delimiter(',');
        command
            .arg(list(self.option("measure", "A,B", "只要这些指标", "These measures")))
            .arg(
                self.option(
                    "period",
                    "PERIOD",
                    "2023、2019,2023、A..B、../2023 或 latest",
                    "2023, 2019,2023, A..B, ../2023 or latest",
                )
                .allow_hyphen_values(true),
            )
            .arg(
                self.option(
                    "where",
                    "KEY",
                    "维度=成员、维度!=成员、属性=值、属性~文字(可重复)",
                    "DIM=MEMBER, DIM!=MEMBER, ATTRIBUTE=VALUE or\nATTRIBUTE~TEXT (repeatable)",
                )
                .action(ArgAction::Append),
            )
    }

    /// Adds the flags of a question about numbers.
    pub(super) fn question(self, command: Command) -> Command {
        self.selection(command)
            .arg(self.step(
                "growth",
                "增长率,步长为 year(同比,默认)或 previous(环比)",
                "Percentage change on the year before; STEP is year or previous (period)",
            ))
            .arg(self.step(
                "change",
                "变化量(百分比指标为百分点)",
                "Absolute change; percentage points for percentages",
            ))
            .arg(self.flag(
                "cagr",
                "年均复合增长率,首末或 --period A..B 两端",
                "Compound annual growth rate, first to last or over --period A..B",
            ))
            .arg(self.optional("index", "BASE", "指数,基期为 100", "Index, base period = 100"))
            .arg(self.flag("share", "占总体的百分比", "Percent of the whole"))
            .arg(self.optional("rank", "KEY", "排名(1224 制)", "Standard competition rank"))
            .arg(self.option("relative-to", "MEMBER", "与某成员的倍数", "Ratio to a member"))
            .arg(
                self.option(
                    "sort",
                    "[-]KEY",
                    "按列排序,- 为降序;转列后的列也可",
                    "Sort by a column, also one that --pivot makes; - descending",
                )
                .allow_hyphen_values(true),
            )
            .arg(
                self.option(
                    "top",
                    "N",
                    "每期前 N 名(保留并列),或按 --sort 的数字列",
                    "The first N of each period by rank, else by the number that --sort names; ties kept",
                )
                .value_parser(clap::value_parser!(usize)),
            )
            .arg(self.flag("rest", "加一行其余之和", "One more row: the rest"))
            .arg(self.option("pivot", "DIM", "把时期或维度转为列", "Spread the periods or a dimension over columns"))
            .arg(self.flag(
                "derived",
                "连同可推出的数字(带界限)",
                "Also what follows from the printed numbers, with bounds",
            ))
            .arg(self.assume())
            .arg(self.flag(
                "bounds",
                "每个数字的下界、上界、依据",
                "Lower and upper bound, claim and basis of each number",
            ))
            .arg(self.flag("source", "图表号与章节", "Exhibit and section of each row"))
    }
}
