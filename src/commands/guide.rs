//! What help says of the data at hand: what there is to ask for, and lines to type. No example names what is not there.

use crate::catalog::{Catalog, Found, area_word, line, title_in};
use crate::cli::{Guide, Scan};
use crate::line::{Line, quote};
use crate::package::{Dataset, PeriodKind};
use crate::render::{display_width, sanitize};
use crate::statement::references;
use crate::text::{Lang, Text};

const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// Lines with what each is for, under a heading.
pub(super) struct Section {
    pub(super) heading: Text,
    pub(super) lines: Vec<(String, Text)>,
}

/// What the help of a line says of the data at hand.
pub fn guide(catalog: &Catalog, scan: &Scan, typed: &Line, width: Option<usize>) -> Guide {
    let about = match (scan.verb(), scan.words.as_slice()) {
        (None, [area]) => catalog.area(area).ok().and_then(|found| title_of(&found, false)),
        (None, [area, topic, ..]) => catalog.datasets(area, topic).ok().and_then(|found| title_of(&found, true)),
        _ => None,
    };
    let about = about.map(|title| sanitize(title.get(scan.lang)));
    Guide { about, text: text(catalog, scan, typed), width: width.unwrap_or(80).clamp(60, 100) }
}

/// Title of the area of datasets, with that of their topic.
fn title_of(found: &[Found], topic: bool) -> Option<Text> {
    let (package, resource) = found.first()?;
    let area = title_in(package.areas(), &resource.address.area);
    if !topic {
        return Some(area);
    }
    let topic = title_in(package.topics(), &resource.address.topic);
    Some(Text::new(format!("{}:{}", area.zh, topic.zh), format!("{}: {}", area.en, topic.en)))
}

fn text(catalog: &Catalog, scan: &Scan, typed: &Line) -> String {
    let mut sections = match (scan.verb(), scan.words.as_slice()) {
        (Some(verb), _) => vec![examples(of_verb(catalog, verb, scan.lang))],
        (None, []) => vec![areas(catalog, scan.lang), examples(first(catalog, scan.lang)), exits(), environment()],
        (None, [area]) => vec![topics(catalog, area)],
        (None, [area, topic, ..]) => subject(catalog, area, topic),
    };
    if scan.verb() == Some("test") {
        sections.push(exits());
    }
    sections.retain(|section| !section.lines.is_empty());
    for (line, _) in sections.iter_mut().flat_map(|section| &mut section.lines) {
        *line = typed.carry(line);
    }
    sections.iter().map(|section| section.text(scan.lang)).collect::<Vec<_>>().join("\n")
}

impl Section {
    fn text(&self, lang: Lang) -> String {
        let width =
            self.lines.iter().map(|(line, _)| display_width(line)).filter(|width| *width <= 44).max().unwrap_or(0);
        let mut text = format!("{}\n", self.heading.get(lang));
        for (line, about) in &self.lines {
            let about = about.get(lang);
            let gap = width.saturating_sub(display_width(line));
            let inline = about.is_empty() || display_width(line) <= width && width + display_width(about) + 4 <= 80;
            text += &match (about.is_empty(), inline) {
                (true, _) => format!("  {line}\n"),
                (_, true) => format!("  {line}{}  {about}\n", " ".repeat(gap)),
                (_, false) => format!("  {line}\n      {about}\n"),
            };
        }
        text.lines().map(|line| sanitize(line) + "\n").collect()
    }
}

fn examples(lines: Vec<(String, Text)>) -> Section {
    Section { heading: Text::new("例子:", "Examples:"), lines }
}

/// How the process ends.
pub(super) fn exits() -> Section {
    let line = |code: &str, zh: &str, en: &str| (code.to_owned(), Text::new(zh, en));
    Section {
        heading: Text::new("退出码:", "Exit codes:"),
        lines: vec![
            line("0", "已回答", "answered"),
            line(
                "1",
                "答案为否:有矛盾、有错误、不成立、没有这一格",
                "the answer is no: a conflict, a fault, refuted, no such cell",
            ),
            line("2", "用法有误,或数据不能读", "wrong usage, or data that cannot be read"),
            line("3", "报告不足以判断这个陈述", "the report does not decide the statement"),
        ],
    }
}

/// What the program looks at in its environment.
pub(super) fn environment() -> Section {
    let line = |name: &str, zh: &str, en: &str| (name.to_owned(), Text::new(zh, en));
    Section {
        heading: Text::new("环境变量:", "Environment:"),
        lines: vec![
            line("AISTAT_DATA", "更多数据包的文件夹,写法如 PATH", "folders of more packages, written like PATH"),
            line("LC_ALL, LC_MESSAGES, LANG", "以 zh 开头则用中文", "Chinese where it begins with zh"),
            line("NO_COLOR", "终端上也不用颜色", "no colours, on a terminal either"),
        ],
    }
}

/// Every area with its topics.
pub(super) fn areas(catalog: &Catalog, lang: Lang) -> Section {
    let mut lines = Vec::new();
    for (area, title) in catalog.areas() {
        let mut topics: Vec<&str> =
            catalog.all().filter(|(_, r)| r.address.area == area).map(|(_, r)| r.address.topic.as_str()).collect();
        let mut seen = std::collections::BTreeSet::new();
        topics.retain(|topic| seen.insert(*topic));
        let name = |topic: &&str| {
            let found = catalog.all().find(|(_, r)| r.address.area == area && r.address.topic == **topic);
            let title = found.map(|(package, _)| title_in(package.topics(), topic)).unwrap_or_default();
            if lang == Lang::Zh && title.zh != **topic {
                format!("{topic}({})", title.zh)
            } else {
                (**topic).to_owned()
            }
        };
        let topics: Vec<String> = topics.iter().map(name).collect();
        let gap = if lang == Lang::Zh { "" } else { " " };
        let word = catalog.all().find(|(_, r)| r.address.area == area).map(|(_, r)| area_word(&r.address));
        let word = word.unwrap_or(area);
        lines.push((format!("{word}{gap}({}/{})", title.zh, title.en), Text::default()));
        lines.extend(folded(&topics).into_iter().map(|line| (format!("  {line}"), Text::default())));
    }
    Section { heading: Text::new("地区与主题:", "Areas and their topics:"), lines }
}

/// Words over lines of at most 72 columns.
fn folded(words: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut().filter(|line| display_width(line) + display_width(word) < 72) {
            Some(line) => *line += &format!(" {word}"),
            None => lines.push(word.clone()),
        }
    }
    lines
}

fn topics(catalog: &Catalog, area: &str) -> Section {
    let mut lines: Vec<(String, Text)> = Vec::new();
    for (package, resource) in catalog.area(area).unwrap_or_default() {
        let line = format!("{PROGRAM} {} {}", area_word(&resource.address), resource.address.topic);
        if !lines.iter().any(|(known, _)| *known == line) {
            lines.push((line, title_in(package.topics(), &resource.address.topic)));
        }
    }
    Section { heading: Text::new("主题:", "Topics:"), lines }
}

/// The datasets of an area and topic, the measures of the one that its line shows, and questions about it.
fn subject(catalog: &Catalog, area: &str, topic: &str) -> Vec<Section> {
    let found = catalog.datasets(area, topic).unwrap_or_default();
    let datasets = found.iter().map(|(_, resource)| (line(&resource.address), resource.title.clone())).collect();
    let mut measures: Vec<(String, Text)> = Vec::new();
    for &one in &found {
        for measure in catalog.read(one).map(|dataset| dataset.measures).unwrap_or_default() {
            if !measures.iter().any(|(name, _)| *name == measure.name) {
                let unit = &measure.unit.title;
                let with_unit = |title: &str, gap: &str, unit: &str| {
                    if unit.is_empty() { title.to_owned() } else { format!("{title}{gap}({unit})") }
                };
                measures.push((
                    measure.name,
                    Text::new(with_unit(&measure.title.zh, "", &unit.zh), with_unit(&measure.title.en, " ", &unit.en)),
                ));
            }
        }
    }
    let of =
        found.iter().copied().find(|(_, resource)| resource.address.dimensions.len() == 1).or(found.first().copied());
    vec![
        Section { heading: Text::new("数据集:", "Datasets:"), lines: datasets },
        Section { heading: Text::new("指标:", "Measures:"), lines: measures },
        examples(of.map(|found| questions(catalog, found)).unwrap_or_default()),
    ]
}

/// Questions about a dataset.
fn questions(catalog: &Catalog, found: Found) -> Vec<(String, Text)> {
    let ask = line(&found.1.address);
    let Ok(dataset) = catalog.read(found) else { return vec![(ask, found.1.title.clone())] };
    let measure = dataset.measures.first().map(|measure| measure.name.as_str()).unwrap_or_default();
    let choice = if dataset.measures.len() > 1 { format!(" --measure {measure}") } else { String::new() };
    let mut lines = Vec::new();
    if let Some(dimension) = dataset.dimensions.first() {
        lines.push((
            format!("{ask} --rank --source"),
            Text::new("排名,附图表号与章节", "ranked, with exhibit and section"),
        ));
        if let Some(member) = printed(&dataset, measure).and_then(|row| dataset.text(&dimension.name, row)) {
            let cell = format!("{ask} --where {}={member}{choice} --value", dimension.name);
            lines.push((cell, Text::new("只要一个数字", "one number and nothing else")));
        }
    } else {
        lines.push((format!("{ask} --growth --source"), Text::new("同比增长率,附出处", "growth, with its source")));
        if let Some(row) = printed(&dataset, measure) {
            let cell = format!("{ask} --period {}{choice} --value", dataset.periods[row]);
            lines.push((cell, Text::new("只要一个数字", "one number and nothing else")));
        }
    }
    lines.push((format!("{ask} --bounds -f json"), Text::new("带上下界,JSON", "with bounds, as JSON")));
    // What does not fit a line cannot be copied from it.
    lines.retain(|(line, _)| display_width(line) <= 78);
    lines
}

/// The last row in which a measure has a number.
fn printed(dataset: &Dataset, measure: &str) -> Option<usize> {
    (0..dataset.periods.len()).rev().find(|row| dataset.cell(measure, *row).is_ok())
}

/// A dataset with one dimension and a subtotal, else any.
pub(super) fn example(catalog: &Catalog) -> Option<Found<'_>> {
    let one = catalog.all().filter(|(_, resource)| resource.address.dimensions.len() == 1);
    one.max_by_key(|(_, resource)| resource.parts.len()).or_else(|| catalog.all().next())
}

/// Datasets of one topic in two areas, neither broken down.
fn pair(catalog: &Catalog) -> Option<(String, String)> {
    let plain = || catalog.all().filter(|(_, resource)| resource.address.dimensions.is_empty());
    plain().find_map(|(_, a)| {
        let b = plain().find(|(_, b)| b.address.topic == a.address.topic && b.address.area != a.address.area)?.1;
        Some((b.address.to_string(), a.address.to_string()))
    })
}

/// Questions to begin with.
pub(super) fn first(catalog: &Catalog, lang: Lang) -> Vec<(String, Text)> {
    let mut lines: Vec<(String, Text)> = example(catalog).map(|found| questions(catalog, found)).unwrap_or_default();
    if let Some((a, b)) = pair(catalog) {
        lines.push((
            format!("{PROGRAM} compare {a} {b} --as share"),
            Text::new("甲占乙的百分比", "the first in percent of the second"),
        ));
    }
    lines.push((
        format!("{PROGRAM} {} --help", if lang == Lang::Zh { "地区 主题" } else { "AREA TOPIC" }),
        Text::new("一个主题的数据集、指标与选项", "datasets, measures and options of a topic"),
    ));
    lines
}

/// Examples for a verb.
pub(super) fn of_verb(catalog: &Catalog, verb: &str, lang: Lang) -> Vec<(String, Text)> {
    let Some(found) = example(catalog) else { return Vec::new() };
    let (package, resource) = found;
    let address = resource.address.to_string();
    let (area, topic) = (&resource.address.area, &resource.address.topic);
    let folder = if lang == Lang::Zh { "文件夹" } else { "DIR" };
    let ask = |rest: &str, zh: &str, en: &str| {
        (format!("{PROGRAM} {verb}{}{rest}", if rest.is_empty() { "" } else { " " }), Text::new(zh, en))
    };
    match verb {
        "list" => vec![
            ask("", "全部数据集", "every dataset"),
            ask(area, "一个地区", "one area"),
            ask(&format!("{area}/{topic} --members"), "维度的成员", "the members of its dimensions"),
        ],
        "find" => {
            let title = title_in(package.topics(), topic);
            vec![ask(&title.zh, "中文", "Chinese"), ask(&quote(&title.en.to_lowercase()), "英文", "English")]
        }
        "show" => {
            let exhibit = resource.exhibit.as_deref().map(|number| ask(number, "按图表号", "an exhibit by its number"));
            exhibit.into_iter().chain([ask(&address, "按数据集", "a dataset by its address")]).collect()
        }
        "compare" => {
            let (a, b) = pair(catalog).unwrap_or_else(|| (address.clone(), address.clone()));
            vec![
                ask(&format!("{a} {b} --as share"), "甲占乙的百分比", "the first in percent of the second"),
                ask(&format!("{a} {b} --as ratio --period latest"), "最近一年的倍数", "a ratio, for the latest year"),
            ]
        }
        "explain" => {
            let cell = cell(catalog, found).map(|cell| ask(&quote(&cell), "一个单元格", "one cell"));
            let sum = two_cells(catalog, "-").map(|text| ask(&quote(&text), "一个算式", "an expression"));
            cell.into_iter().chain(sum).chain([ask(&address, "整个数据集", "a whole dataset")]).collect()
        }
        "audit" => vec![ask("", "整份报告", "the whole report"), ask(&address, "一个数据集", "one dataset")],
        "test" => statement(catalog).map(|text| ask(&quote(&text), "", "")).into_iter().collect(),
        "dump" => {
            vec![
                ask("-o cells.csv", "写入文件", "to a file"),
                ask(
                    &format!("{} --period latest", found.1.address.area),
                    "一个地区最近一期",
                    "an area's latest period",
                ),
                ask("-f ndjson", "每行一个 JSON", "an object a line"),
            ]
        }
        "check" => vec![
            ask(folder, "列出全部错误", "every fault"),
            ask(&format!("{folder} -f json"), "供程序读取", "for programs"),
        ],
        "new" => {
            let table = if lang == Lang::Zh { "表.csv" } else { "TABLE.csv" };
            vec![ask(&format!("{folder} --from {table}"), "", "")]
        }
        "diff" => vec![ask(
            &format!("{} {folder}", package.name),
            "内置报告与一个文件夹",
            "the report in the program, and a folder",
        )],
        "completions" => vec![
            (
                "source <(aistat completions bash)".to_owned(),
                Text::new("bash:写入 ~/.bashrc", "bash: a line for ~/.bashrc"),
            ),
            (
                "source <(aistat completions zsh)".to_owned(),
                Text::new("zsh:写入 ~/.zshrc,在 compinit 之后", "zsh: a line for ~/.zshrc, after compinit"),
            ),
            (
                "aistat completions fish | source".to_owned(),
                Text::new("fish:写入 config.fish", "fish: a line for config.fish"),
            ),
        ],
        "man" => vec![(format!("{PROGRAM} man | man -l -"), Text::new("阅读", "read it"))],
        _ => Vec::new(),
    }
}

/// The name of a printed cell of a dataset.
pub(super) fn cell(catalog: &Catalog, found: Found) -> Option<String> {
    cell_of_measure(catalog, found, None)
}

/// The name of a printed cell of a measure, or of the first.
fn cell_of_measure(catalog: &Catalog, found: Found, measure: Option<&str>) -> Option<String> {
    let dataset = catalog.read(found).ok()?;
    let measure = measure_like(&dataset, measure)?;
    let row = printed(&dataset, &measure)?;
    Some(format!("{}:{}", catalog.address(found), name_of(&dataset, &measure, row)))
}

/// The name of a printed cell: of the dataset and measure that a text names first, where it names any.
pub(super) fn cell_like(catalog: &Catalog, text: &str) -> Option<String> {
    match named(catalog, text) {
        Some((found, measure)) => cell_of_measure(catalog, found, measure.as_deref()),
        None => cell(catalog, example(catalog)?),
    }
}

/// A statement that holds: of the dataset and measure that a text names first, where it names any.
pub(super) fn statement_like(catalog: &Catalog, text: &str) -> Option<String> {
    let like = named(catalog, text).and_then(|(found, measure)| order(catalog, found, measure.as_deref()));
    like.or_else(|| statement(catalog))
}

/// The first dataset that a text names, and what it names as its measure.
fn named<'a>(catalog: &'a Catalog, text: &str) -> Option<(Found<'a>, Option<String>)> {
    references(text).find_map(|reference| {
        let found = catalog.resolve(&reference.dataset?).ok()?;
        Some((found, reference.measure))
    })
}

/// The name of a measure that there is, else of the first.
fn measure_like(dataset: &Dataset, typed: Option<&str>) -> Option<String> {
    let known = typed.and_then(|typed| super::numbers::measure_or_rate(dataset, typed));
    known.or_else(|| dataset.measures.first().cloned()).map(|measure| measure.name)
}

/// The name of a cell of a dataset that is not printed, else of one that is.
pub(super) fn open_cell(catalog: &Catalog, found: Found) -> Option<String> {
    let dataset = catalog.read(found).ok()?;
    let measure = &dataset.measures.first()?.name;
    let row = (0..dataset.periods.len()).rev().find(|row| dataset.cell(measure, *row).is_err());
    row.and_then(|row| cell_of(catalog, found, &dataset, row)).or_else(|| cell(catalog, found))
}

fn cell_of(catalog: &Catalog, found: Found, dataset: &Dataset, row: usize) -> Option<String> {
    let measure = dataset.measures.first()?;
    Some(format!("{}:{}", catalog.address(found), name_of(dataset, &measure.name, row)))
}

/// The name of a cell in its dataset: `deals[round=angel]@../2023`.
pub(super) fn name_of(dataset: &Dataset, column: &str, row: usize) -> String {
    let key = |dimension: &crate::package::Dimension| {
        Some(format!("{}={}", dimension.name, dataset.text(&dimension.name, row)?))
    };
    let key: Vec<String> = dataset.dimensions.iter().filter_map(key).collect();
    let key = if key.is_empty() { String::new() } else { format!("[{}]", key.join(";")) };
    format!("{column}{key}@{}", dataset.periods[row])
}

/// A statement that holds, about two printed cells of one series.
pub(super) fn statement(catalog: &Catalog) -> Option<String> {
    let plain = catalog.all().filter(|(_, resource)| resource.address.dimensions.is_empty());
    plain.into_iter().find_map(|found| order(catalog, found, None))
}

/// Two printed cells of one series, with a sign between them.
fn two_cells(catalog: &Catalog, sign: &str) -> Option<String> {
    let plain = catalog.all().filter(|(_, resource)| resource.address.dimensions.is_empty());
    plain.into_iter().find_map(|found| {
        let dataset = catalog.read(found).ok()?;
        let measure = measure_like(&dataset, None)?;
        let (later, earlier) = ends(&dataset, &measure)?;
        let name = name_of(&dataset, &measure, later);
        Some(format!("{}:{name} {sign} @{}", catalog.address(found), dataset.periods[earlier]))
    })
}

/// The statement that the last number of a series is above or below the first, or of one alone that it is above 0, or below.
fn order(catalog: &Catalog, found: Found, measure: Option<&str>) -> Option<String> {
    let dataset = catalog.read(found).ok()?;
    let measure = measure_like(&dataset, measure)?;
    let Some((later, earlier)) = ends(&dataset, &measure) else {
        let row = printed(&dataset, &measure)?;
        let sign = if dataset.cell(&measure, row).ok()?.digits.starts_with('-') { '<' } else { '>' };
        return Some(format!("{}:{} {sign} 0", catalog.address(found), name_of(&dataset, &measure, row)));
    };
    let value = |row: usize| crate::stats::decimal(&dataset.cell(&measure, row).ok()?.digits);
    let sign = match value(later)?.cmp(&value(earlier)?) {
        std::cmp::Ordering::Greater => ">",
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Less => "<",
    };
    let name = name_of(&dataset, &measure, later);
    Some(format!("{}:{name} {sign} @{}", catalog.address(found), dataset.periods[earlier]))
}

/// The last row with a number in a plain period, and the first of the same series; without marks, which leave orders open.
fn ends(dataset: &Dataset, measure: &str) -> Option<(usize, usize)> {
    let sound = |row: &usize| {
        dataset.periods[*row].kind() == PeriodKind::Plain
            && dataset.cell(measure, *row).is_ok_and(|cell| cell.mark.is_none() && cell.to.is_none())
    };
    let key = |row: usize| dataset.dimensions.iter().map(|d| dataset.text(&d.name, row)).collect::<Vec<_>>();
    let rows: Vec<usize> = (0..dataset.periods.len()).filter(sound).collect();
    rows.iter().rev().find_map(|later| {
        let earlier =
            rows.iter().find(|row| key(**row) == key(*later) && dataset.periods[**row] < dataset.periods[*later]);
        Some((*later, *earlier?))
    })
}
