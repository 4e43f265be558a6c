//! aistat answers questions about the numbers of a published statistical report: each with its source and its precision.
//!
//! One way through the house: words → [`cli::Ask`] → frame → [`answer::Answer`] → bytes. The rooms meet in [`run`] alone.

pub mod answer;
pub mod catalog;
pub mod cli;
pub mod commands;
pub mod error;
pub mod facts;
pub mod line;
pub mod output;
pub mod package;
pub mod precision;
pub mod progress;
pub mod reference;
pub mod render;
pub mod statement;
pub mod stats;
pub mod suggest;
pub mod text;
mod work;

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use answer::{Answer, Cell, Column, Role, Value};
use catalog::Catalog;
use cli::{Ask, Color, Reading, Scan};
use commands::Reply;
pub use error::Exit;
use error::{Error, Result};
use line::{Edit, Line};
use render::{Format, Headers, Look};
use stats::Stat;

/// What the process can see of its surroundings, so that tests can say it.
pub struct Env<'a> {
    /// Reads an environment variable.
    pub var: &'a dyn Fn(&str) -> Option<String>,
    /// Standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// Width of the terminal in columns.
    pub width: Option<usize>,
    /// The process ends with the answer: what was read need not be given back, a tenth of the time of a small one.
    pub ends: bool,
}

/// Answers one command line: the answer to `out`, talk to `err`.
pub fn run(argv: &[OsString], env: &Env, out: &mut dyn Write, err: &mut dyn Write) -> Exit {
    let locale =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| (env.var)(name).filter(|value| !value.is_empty()));
    let argv = &cli::spell_out(argv)[..];
    let scan = cli::scan(argv, locale.as_deref());
    let typed = Line::typed(argv);
    let answered = respond(argv, &scan, env, out, err).and_then(|exit| Ok(out.flush().map(|()| exit)?));
    match answered {
        Ok(exit) => exit,
        Err(Failure::Refused(error)) => {
            // A reader of stderr who hung up has nothing left to be told.
            let _ = err.write_all(error.message(&typed, scan.lang).as_bytes());
            Exit::Usage
        }
        Err(Failure::Write(error)) if output::is_broken_pipe(&error) => Exit::Answered,
        Err(Failure::Write(error)) => {
            let _ = err.write_all(unwritten(&error).message(&typed, scan.lang).as_bytes());
            Exit::Usage
        }
    }
}

/// The refusal of an answer that cannot be written.
fn unwritten(error: &io::Error) -> Error {
    let why = output::reason(error);
    Error::new(format!("无法写到标准输出:{}", why.zh), format!("cannot write to standard output: {}", why.en))
}

enum Failure {
    Refused(Error),
    Write(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Refused(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Write(error)
    }
}

fn respond(
    argv: &[OsString],
    scan: &Scan,
    env: &Env,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let limits = package::Limits::from_vars(env.var)?;
    let folders = folders(scan, env);
    let mut open = |of_program: bool| match Catalog::open(folders.iter().map(PathBuf::as_path), &limits) {
        // What the program says of itself does not hang on packages that cannot be opened.
        Err(error) if of_program => {
            let _ = err.write_all(error.message(&Line::typed(argv), scan.lang).as_bytes());
            Catalog::open(std::iter::empty::<&std::path::Path>(), &limits)
        }
        opened => opened,
    };
    let about_data = scan.verb().is_none() && !scan.words.is_empty();
    let known = if about_data || scan.help { Some(open(scan.help)?) } else { None };
    let by = match (known.as_ref().filter(|_| about_data), scan.words.as_slice()) {
        (Some(catalog), [area, topic, ..]) => {
            let named = argv.iter().filter_map(|word| word.to_str()?.strip_prefix("--by-").map(str::to_owned));
            let named: Vec<String> = named.collect();
            let found = catalog.datasets_by(area, topic, &named)?;
            let asked = scan.help || scan.words.len() > 2 || cli::has_other_options(argv);
            if asked { catalog.offered(&found, &named) } else { Vec::new() }
        }
        (Some(catalog), [area]) => {
            catalog.area(area)?;
            Vec::new()
        }
        _ => Vec::new(),
    };
    let guide = match known.as_ref().filter(|_| scan.help) {
        Some(catalog) => commands::guide(catalog, scan, &Line::typed(argv), env.width),
        None => cli::Guide::default(),
    };
    let ask = match cli::read(argv, scan, &by, &guide)? {
        Reading::Help(text) => {
            out.write_all(shown(&text, env.stdout_is_terminal).as_bytes())?;
            return Ok(Exit::Answered);
        }
        Reading::Ask(ask) => ask,
    };
    let catalog = match known {
        Some(catalog) => catalog,
        None if ask.verb.reads_packages() => open(ask.verb.is_of_program() || ask.verb.brings_packages())?,
        None => Catalog::default(),
    };
    let format = format(&ask, env)?;
    progress::show(env.stderr_is_terminal && !ask.globals.quiet, ask.globals.lang);
    let reply = commands::answer(&ask, &catalog, &limits);
    if env.ends {
        std::mem::forget(catalog);
    }
    let written = write(reply?, &ask, format, env, out, err).and_then(|exit| Ok(out.flush().map(|()| exit)?));
    match (written, &ask.verb) {
        // What is said of it cannot be written; the folder is.
        (Err(Failure::Write(error)), cli::Verb::New { folder, .. }) if !output::is_broken_pipe(&error) => {
            let folder = folder.display();
            let error =
                unwritten(&error).detail(format!("数据包 {folder} 已写成"), format!("the package {folder} is written"));
            Err(Failure::Refused(error))
        }
        (written, _) => written,
    }
}

fn write(
    reply: Reply,
    ask: &Ask,
    format: Format,
    env: &Env,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    match reply {
        Reply::Text(text) => {
            let text = shown(&text, env.stdout_is_terminal && ask.globals.output.is_none());
            write_out(text.as_bytes(), ask, out)?;
            Ok(Exit::Answered)
        }
        Reply::Page(text) => {
            let width = env.width.filter(|_| env.stdout_is_terminal && ask.globals.output.is_none());
            let text = width.map_or(text.clone(), |width| render::wrap_page(&text, width));
            let text = shown(&text, env.stdout_is_terminal && ask.globals.output.is_none());
            write_out(text.as_bytes(), ask, out)?;
            Ok(Exit::Answered)
        }
        Reply::Answer(answer, exit) if ask.globals.value => value(&answer, exit, ask, out, err),
        Reply::Answer(answer, exit) => {
            let look = look(ask, env, format);
            match &ask.globals.output {
                Some(path) => output::write_atomic(path, |file| render::render(&answer, &look, file))?,
                None => render::render(&answer, &look, out)?,
            }
            if !look.format.holds_notes() && !ask.globals.quiet {
                for line in render::talk(&answer, ask.globals.lang) {
                    // Talk that nobody hears changes no answer.
                    let _ = writeln!(err, "{line}");
                }
            }
            Ok(exit)
        }
    }
}

/// A text with names from the data, line by line safe on a terminal.
fn shown(text: &str, on_terminal: bool) -> std::borrow::Cow<'_, str> {
    if !on_terminal {
        return text.into();
    }
    text.split('\n').map(render::sanitize).collect::<Vec<_>>().join("\n").into()
}

fn write_out(bytes: &[u8], ask: &Ask, out: &mut dyn Write) -> Result<(), Failure> {
    match &ask.globals.output {
        Some(path) => Ok(output::write_atomic(path, |file| file.write_all(bytes))?),
        None => Ok(out.write_all(bytes)?),
    }
}

/// Extensions of spreadsheets, which are not written, and of other files that CSV would not be looked for in.
const SPREADSHEETS: [&str; 3] = ["xlsx", "xls", "ods"];
const OTHERS: [&str; 5] = ["parquet", "svg", "png", "html", "pdf"];

/// The format of the answer: the flag first, then the file's extension, then the terminal.
fn format(ask: &Ask, env: &Env) -> Result<Format> {
    let globals = &ask.globals;
    let path = globals.output.as_deref();
    let csv = path.map(|path| path.with_extension("csv").to_string_lossy().into_owned()).unwrap_or_default();
    let with_csv = || Edit::set("--output", &*csv);
    let extension = path.and_then(|path| path.extension()?.to_str()).unwrap_or_default().to_ascii_lowercase();
    let (spreadsheet, other) = (SPREADSHEETS.contains(&&*extension), OTHERS.contains(&&*extension));
    if globals.format.is_none() && (spreadsheet || other) {
        let error = Error::new(format!("写不出 .{extension} 文件"), format!("cannot write a .{extension} file"));
        return Err(match spreadsheet {
            true if globals.for_excel => error.instead([with_csv()]),
            true => error
                .detail("电子表格可打开 --for-excel 的 CSV", "a spreadsheet opens the CSV of --for-excel")
                .instead([with_csv(), Edit::flag("--for-excel")]),
            false => error
                .detail("可用:csv、tsv、json、ndjson、md、txt", "it writes: csv, tsv, json, ndjson, md, txt")
                .instead([with_csv()]),
        });
    }
    let otherwise = match path {
        None if env.stdout_is_terminal && !globals.for_excel => Format::Table,
        _ => Format::Csv,
    };
    let format = globals.format.or_else(|| Format::from_path(path?)).unwrap_or(otherwise);
    if globals.for_excel && !matches!(format, Format::Csv | Format::Tsv) {
        let name = format.name();
        let error = Error::new(
            format!("--for-excel 只用于 csv 与 tsv,不用于 {name}"),
            format!("--for-excel is for csv and tsv, not for {name}"),
        );
        return Err(error.instead([if globals.format.is_some() { Edit::set("--format", "csv") } else { with_csv() }]));
    }
    if globals.no_header && matches!(format, Format::Json | Format::Ndjson) {
        let name = format.name();
        return Err(Error::new(
            format!("--no-header 只用于有列名行的格式,{name} 没有"),
            format!("--no-header is for formats with a header row, which {name} has not"),
        )
        .instead([Edit::drop("--no-header")]));
    }
    Ok(format)
}

/// How the answer shall look.
fn look(ask: &Ask, env: &Env, format: Format) -> Look {
    let globals = &ask.globals;
    let to_terminal = env.stdout_is_terminal && globals.output.is_none();
    let unset = |name: &str| (env.var)(name).is_none_or(|value| value.is_empty());
    let color = match globals.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => to_terminal && unset("NO_COLOR") && (env.var)("TERM").as_deref() != Some("dumb"),
    };
    Look {
        color,
        width: env.width.filter(|_| to_terminal),
        headers: match globals.titles {
            Some(true) => Headers::Title,
            Some(false) => Headers::Code,
            None => format.headers(),
        },
        header: !globals.no_header,
        digits: globals.digits,
        for_excel: globals.for_excel,
        terminal: to_terminal,
        ..Look::new(format, globals.lang)
    }
}

/// `--value`: the one cell that the question is about.
fn value(answer: &Answer, exit: Exit, ask: &Ask, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let columns: Vec<_> = answer.columns.iter().filter(|column| answer.focus.contains(&column.key)).collect();
    if columns.is_empty() && !answer.columns.is_empty() {
        return Err(Error::new(
            "--value 要一个数字,而这个答案是列表",
            "--value prints one number, and this answer is a list",
        )
        .detail("一个数字由「地区 主题」、show 或 compare 给出", "one number is what AREA TOPIC, show and compare give")
        .instead([Edit::drop("--value")])
        .into());
    }
    if answer.rows > 1 || answer.rows == 1 && columns.len() > 1 {
        let keys: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
        let count = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
        let error = Error::new(
            format!("--value 只输出一格,而答案有 {} 行、{} 列({})", answer.rows, keys.len(), keys.join("、")),
            format!(
                "--value prints one cell, and the answer has {} and {} ({})",
                count(answer.rows, "row"),
                count(keys.len(), "column"),
                keys.join(", ")
            ),
        );
        let error = error.detail(
            "用 --period 与 --where 选行,用 --measure 选列",
            "choose the row with --period and --where, the column with --measure",
        );
        let edits = one_cell(&ask.line, answer, &columns);
        return Err(error.instead(edits.unwrap_or_else(|| vec![Edit::drop("--value")])).into());
    }
    let lang = ask.globals.lang;
    let mut talk = |zh: String, en: String| {
        if !ask.globals.quiet {
            let _ = writeln!(err, "{}", text::Text::new(zh, en).get(lang));
        }
    };
    let cell = columns.first().filter(|_| answer.rows == 1).map(|column| column.values.cell(0).into_owned());
    let text = match cell {
        Some(Cell::Number(number)) => {
            if let Some(mark) = number.mark {
                talk(format!("原文带「{}」", mark.title().zh), format!("the report says '{}'", mark.title().en));
            }
            let one_of = |reason: package::Missing| {
                let reason = reason.title();
                (format!("没有单一数值:{}", reason.zh), format!("no single value: {}", reason.en))
            };
            match (number.value, number.to) {
                (Value::Printed(lower), Some(upper)) => {
                    let (zh, en) = one_of(package::Missing::Range);
                    talk(format!("{zh}({lower}–{upper})"), format!("{en} ({lower}–{upper})"));
                    return Ok(Exit::No);
                }
                (Value::Printed(digits), None) => digits,
                (Value::Computed(_), _)
                    if columns.iter().any(|column| column.is_rank()) && !number.bounds.is_exact() =>
                {
                    let range = facts::interval_text(&number.bounds);
                    let zh = match range.strip_prefix("≥ ") {
                        Some(first) => format!("没有单一数值:可能是第 {first} 名或更后"),
                        None => format!("没有单一数值:可能是第 {range} 名"),
                    };
                    talk(zh, format!("no single value: the rank may be {range}"));
                    return Ok(Exit::No);
                }
                (Value::Computed(exact), _) => match ask.globals.digits {
                    Some(digits) => render::decimal_text(&exact, digits),
                    None => render::nearest_text(&exact),
                },
                (Value::Bounded(reason), _) => {
                    let (zh, en) = one_of(reason);
                    let range = Some(facts::interval_text(&number.bounds)).filter(|_| number.bounds.is_bounded());
                    let range = range.map(|range| (format!(",界限为 {range}"), format!("; it is {range}")));
                    let (in_zh, in_en) = range.unwrap_or_default();
                    talk(format!("{zh}{in_zh}"), format!("{en}{in_en}"));
                    return Ok(Exit::No);
                }
            }
        }
        Some(cell @ (Cell::Text(_) | Cell::Member { .. } | Cell::List { .. })) => cell.code(),
        Some(Cell::Empty(reason)) => {
            let reason = reason.unwrap_or(package::Missing::NotPrinted).title();
            let besides: Vec<_> = columns.iter().flat_map(|column| beside(&ask.line, answer, column)).collect();
            let derivable = !ask.line.has("--derived") && !answer.dataset.is_empty() && besides.is_empty();
            let more = if !derivable {
                ("", "")
            } else {
                (";若有可推出的,--derived 说明", "; --derived says what follows, if anything does")
            };
            talk(format!("没有数字:{}{}", reason.zh, more.0), format!("no number: {}{}", reason.en, more.1));
            for (title, line) in besides {
                talk(
                    format!("「{}」有数字,可以输入:{line}", title.zh),
                    format!("there is a number for '{}'. Try: {line}", title.en),
                );
            }
            return Ok(Exit::No);
        }
        None => {
            for note in &answer.notes {
                talk(note.zh.clone(), note.en.clone());
            }
            talk("没有这样的行".into(), "there is no such row".into());
            return Ok(Exit::No);
        }
    };
    write_out(format!("{text}\n").as_bytes(), ask, out)?;
    Ok(exit)
}

/// The share and the growth that are printed of a number which is not, and the line as typed with what asks for them.
fn beside<'a>(typed: &Line, answer: &'a Answer, level: &Column) -> Vec<(&'a text::Text, Line)> {
    let has_number = |column: &&Column| matches!(column.values.cell(0).as_ref(), Cell::Number(_));
    let option = |column: &Column| {
        let suffix = column.key.strip_prefix(&level.key)?.strip_prefix('_')?;
        ["share", "growth"].into_iter().find(|option| *option == suffix)
    };
    let columns = answer.columns.iter().filter(has_number);
    let line = |option: &str| typed.clone().set(&format!("--{option}"), None);
    columns.filter_map(|column| Some((&column.title, line(option(column)?)))).collect()
}

/// What is missing in the line typed to leave one cell that is a single number.
fn one_cell(typed: &Line, answer: &Answer, columns: &[&Column]) -> Option<Vec<Edit>> {
    // A plain period, the last, before one that adds up or spans.
    let added_up = |row: &usize| match answer.columns.iter().find(|key| key.role == Role::Period) {
        Some(key) => matches!(key.values.cell(*row).as_ref(), Cell::Text(period) if period.contains('/')),
        None => false,
    };
    let (spans, plain): (Vec<usize>, Vec<usize>) = (0..answer.rows).rev().partition(added_up);
    // Of periods beside each other the last as well.
    let latest = answer.spread.as_ref().is_some_and(|spread| spread.key == PERIOD);
    let columns: Vec<&Column> = if latest { columns.iter().rev().copied().collect() } else { columns.to_vec() };
    let mut places = plain.iter().chain(&spans).flat_map(|row| columns.iter().map(|column| (*row, *column)));
    let (row, column) = places.find(|(row, column)| is_single(column, *row))?;
    let mut chosen: Vec<(String, String)> = Vec::new();
    for key in answer.columns.iter().filter(|key| matches!(key.role, Role::Period | Role::Dimension)) {
        let text = |row: usize| match key.values.cell(row).into_owned() {
            Cell::Member { code, .. } | Cell::Text(code) => code,
            _ => String::new(),
        };
        if (0..answer.rows).any(|other| text(other) != text(row)) {
            chosen.push((key.key.clone(), text(row)));
        }
    }
    let made = |column: &Column| answer.spread.as_ref()?.columns.iter().find(|(key, ..)| *key == column.key);
    let labels: HashSet<&String> = columns.iter().filter_map(|column| Some(&made(column)?.2)).collect();
    if let Some((spread, (_, _, label))) = answer.spread.as_ref().zip(made(column)).filter(|_| labels.len() > 1) {
        chosen.push((spread.key.clone(), label.clone()));
    }
    let (periods, members): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|(key, _)| key == PERIOD);
    let mut edits: Vec<Edit> = periods.into_iter().map(|(_, period)| Edit::set("--period", period)).collect();
    if !members.is_empty() {
        let typed = typed.values("--where").into_iter().map(str::to_owned);
        let conditions = typed.chain(members.into_iter().map(|(key, code)| format!("{key}={code}")));
        edits.push(Edit::set("--where", conditions.collect::<Vec<_>>().join(";")));
    }
    let source = |column: &'_ Column| made(column).map_or(column.key.clone(), |(_, source, _)| source.clone());
    edits.extend(one_number(answer, &columns, column, source)?);
    Some(edits)
}

/// The key of the column of periods.
const PERIOD: &str = "period";

/// What leaves one of several numbers of a row: its measure named, and the other statistics of it gone. `source` is the key of
/// a column before it was spread.
fn one_number(
    answer: &Answer,
    columns: &[&Column],
    chosen: &Column,
    source: impl Fn(&Column) -> String,
) -> Option<Vec<Edit>> {
    let numeric = answer.columns.iter().filter(|column| matches!(column.role, Role::Measure | Role::Statistic));
    let known: Vec<(String, Role)> = numeric.map(|column| (source(column), column.role)).collect();
    // A count of records is no printed measure: its name is the shortest.
    let measure = |column: &Column| {
        let own = source(column);
        let owners = || known.iter().filter(|(key, _)| own.starts_with(key.as_str()));
        let printed = owners().filter(|(_, role)| *role == Role::Measure).max_by_key(|(key, _)| key.len());
        printed.or_else(|| owners().min_by_key(|(key, _)| key.len())).map(|(key, _)| key.clone())
    };
    let own = measure(chosen)?;
    let mut edits = Vec::new();
    if columns.iter().any(|other| measure(other).as_ref() != Some(&own)) {
        edits.push(Edit::set("--measure", &*own));
    }
    let key = source(chosen);
    let asked = |stat: &Stat| {
        let other = format!("{own}_{}", stat.suffix());
        other != key && columns.iter().any(|column| source(column) == other)
    };
    edits.extend(Stat::ALL.into_iter().filter(asked).map(|stat| Edit::drop(commands::option_of(stat))));
    Some(edits)
}

/// Whether `--value` prints a cell.
fn is_single(column: &Column, row: usize) -> bool {
    match column.values.cell(row).as_ref() {
        Cell::Number(number) => match number.value {
            Value::Printed(_) => number.to.is_none(),
            Value::Computed(_) => !column.is_rank() || number.bounds.is_exact(),
            Value::Bounded(_) => false,
        },
        _ => false,
    }
}

/// `--data` first, then `AISTAT_DATA`, split like `PATH`.
fn folders(scan: &Scan, env: &Env) -> Vec<PathBuf> {
    let variable = (env.var)("AISTAT_DATA").unwrap_or_default();
    let mut folders = scan.data.clone();
    folders.extend(std::env::split_paths(&variable).filter(|path| !path.as_os_str().is_empty()));
    folders
}
