//! What each column of a table is likely to be.

use super::super::descriptor::Field;
use super::super::fault::Fault;
use super::super::model::Kind;
use super::super::when::PeriodFormat;
use super::super::{Period, header, plan, slug};
use super::grid::Grid;
use super::keys::keys;
use super::notes;
use super::numeral::{self, Numeral};
use super::periods;
use super::units::{self, UnitGuess, What};
use crate::text::Text;

/// A table as it will be written.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) periods: Vec<Period>,
    pub(super) dimensions: Vec<Dimension>,
    pub(super) measures: Vec<Measure>,
    pub(super) attributes: Vec<Attribute>,
}

#[derive(Debug)]
pub(super) struct Dimension {
    pub(super) name: String,
    pub(super) title: String,
    /// Code and name, in the order in which they occur.
    pub(super) members: Vec<(String, String)>,
    pub(super) of_row: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Measure {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) unit: UnitGuess,
    pub(super) kind: Kind,
    pub(super) cells: Vec<Numeral>,
}

#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) at: usize,
}

/// Names that are taken from the start: by the format, or by code lists of their own.
const TAKEN: [&str; 6] = ["period", "exhibit", "section", "units", "areas", "topics"];
/// Headers of columns that count rows.
const SERIAL: [&str; 7] = ["序号", "no", "no.", "#", "nr", "rank", "排名"];

fn total(member: &str) -> Text {
    Text::new(
        format!(
            "「{member}」像是合计,却写成了成员:排名与占比会把它算进去;写成没有该维度的数据集,或在 aistat:parts 里写明"
        ),
        format!(
            "'{member}' looks like a total but is written as a member, which ranks and shares would count: write it as a dataset without that dimension, or declare it in aistat:parts"
        ),
    )
}

struct Namer {
    taken: Vec<String>,
}

impl Namer {
    /// `m1` for the first header without ASCII letters; no name ends like a companion.
    fn name(&mut self, header: &str, prefix: char, number: usize) -> String {
        let mut name = slug::column(header, prefix).unwrap_or_else(|| format!("{prefix}{}", number + 1));
        if let Some((base, suffix)) = plan::reserved(&name) {
            name = format!("{base}-{suffix}");
        }
        let name = slug::unique(name, '_', |name| self.taken.iter().any(|taken| taken == name));
        self.taken.push(name.clone());
        name
    }
}

/// Guesses the roles of all columns.
pub(super) fn guess(grid: &Grid, guesses: &mut Vec<Text>) -> Result<Table, Vec<Fault>> {
    guesses.extend(data_as_names(grid));
    let (when, periods) = periods_of(grid, guesses).ok_or_else(|| vec![no_period(grid)])?;
    let mut namer = Namer { taken: TAKEN.map(str::to_owned).to_vec() };
    let mut numbers: Vec<(usize, Vec<Numeral>, bool)> = Vec::new();
    let mut texts: Vec<usize> = Vec::new();
    let fields: Vec<Field> = grid
        .header
        .iter()
        .map(|name| Field { name: name.clone(), kind: Some("any".into()), ..Field::default() })
        .collect();
    let mut pairs = header::pairs(&fields);
    // Two quantities are no code and its name.
    pairs.retain(|pair| !(is_quantity(grid, pair.code) && is_quantity(grid, pair.name)));
    let mut odd: Vec<Odd> = Vec::new();
    let commas = grid.has_decimal_commas();
    for at in (0..grid.header.len()).filter(|at| !when.contains(at)) {
        match column(grid, at, commas, guesses) {
            Ok((cells, percent)) if !pairs.iter().any(|pair| pair.code == at) => numbers.push((at, cells, percent)),
            Ok(_) => texts.push(at),
            Err(why) => {
                texts.push(at);
                odd.extend(why);
            }
        }
    }
    if numbers.is_empty() {
        odd.sort_by_key(|odd| std::cmp::Reverse(odd.printed));
        let (zh, en): (Vec<String>, Vec<String>) =
            odd.into_iter().take(3).map(|odd| (format!(":{}", odd.why.zh), format!(": {}", odd.why.en))).unzip();
        let (zh, en) = (format!("没有数值列{}", zh.concat()), format!("no column holds numbers{}", en.concat()));
        let fault = grid.fault(0, "no-measure", zh, en);
        return Err(vec![fault.write("至少要有一列全是数(或空)", "one column at least must be all numbers, or empty")]);
    }
    for odd in odd.iter().filter(|odd| odd.mostly) {
        guesses.push(Text::new(format!("{},按文字写入", odd.why.zh), format!("{}, so it is text", odd.why.en)));
    }
    let candidates: Vec<(usize, Option<usize>)> = texts
        .iter()
        .filter(|at| !pairs.iter().any(|pair| pair.name == **at && texts.contains(&pair.code)))
        .map(|&at| (at, pairs.iter().find(|pair| pair.code == at).map(|pair| pair.name)))
        .collect();
    let mut chosen = keys(grid, &periods, &candidates, &mut numbers, guesses)?;
    chosen.sort_unstable();
    let mut dimensions = Vec::new();
    for &(at, name) in &chosen {
        let dimension = dimension(grid, at, name, &mut namer, dimensions.len())?;
        guesses.push(Text::new(
            format!("维度 {} 取自「{}」,{} 个成员", dimension.name, dimension.title, dimension.members.len()),
            format!("dimension {} from '{}', {} members", dimension.name, dimension.title, dimension.members.len()),
        ));
        guesses
            .extend(dimension.members.iter().find(|(_, title)| header::is_total(title)).map(|(_, title)| total(title)));
        dimensions.push(dimension);
    }
    let of_title = grid.title.as_deref().and_then(units::in_title);
    let of_units = texts.iter().find(|at| header::is_unit(&grid.header[**at]));
    let of_table = of_units.and_then(|&at| units::in_column(&grid.header[at], grid.column(at), guesses)).or(of_title);
    let of_table = multiplied(grid, of_table, guesses);
    let mut unit_codes = Vec::new();
    let mut measures = Vec::new();
    for (number, (at, cells, percent)) in numbers.into_iter().enumerate() {
        let measure =
            measure(grid, at, cells, percent, of_table.as_ref(), &mut unit_codes, namer_of(&mut namer, number));
        guesses.push(said(&measure));
        measures.push(measure);
    }
    let used = |at: &usize| chosen.iter().any(|(code, name)| code == at || *name == Some(*at));
    let mut attributes = Vec::new();
    for at in texts.into_iter().filter(|at| !used(at)) {
        let name = namer.name(&grid.header[at], 'a', attributes.len());
        guesses.push(Text::new(
            format!("「{}」是属性", grid.header[at]),
            format!("'{}' is an attribute", grid.header[at]),
        ));
        attributes.push(Attribute { name, title: grid.header[at].clone(), at });
    }
    Ok(Table { periods, dimensions, measures, attributes })
}

/// The unit of the table times what a column of multipliers says: `UNIT_MULT` 6, `SCALAR_FACTOR` thousands.
fn multiplied(grid: &Grid, unit: Option<UnitGuess>, guesses: &mut Vec<Text>) -> Option<UnitGuess> {
    let multipliers = (0..grid.header.len()).filter(|at| header::is_multiplier(&grid.header[*at]));
    for at in multipliers {
        let mut cells = grid.column(at).filter(|cell| !cell.is_empty());
        let Some(first) = cells.next() else { continue };
        let header = &grid.header[at];
        if cells.any(|cell| cell != first) {
            guesses.push(Text::new(
                format!("「{header}」列有不同的倍数:各行的数不是同一单位,单位写作未注明"),
                format!("'{header}' has different multipliers: numbers of its rows are not of one unit, which is written as not stated"),
            ));
            return None;
        }
        let Some(word) = units::multiplier(first) else { continue };
        if word.is_empty() {
            return unit;
        }
        let name = unit.as_ref().map_or_else(String::new, |unit| unit.title.en.clone());
        if let Some(unit) = units::of(&format!("{word} {name}")) {
            guesses.push(Text::new(
                format!("「{header}」为 {first}:单位记作 {}", unit.title.zh),
                format!("'{header}' is {first}: the unit is {}", unit.title.en),
            ));
            return Some(unit);
        }
    }
    unit
}

/// A number among the column names: the first line may be data.
fn data_as_names(grid: &Grid) -> Option<Text> {
    let is_number = |name: &&String| {
        name.contains(|c: char| c.is_ascii_digit())
            && matches!(numeral::read(name, false), Some(Numeral::Number { .. }))
    };
    let name = grid.header.iter().filter(|name| PeriodFormat::Free.read(name).is_none()).find(is_number)?;
    Some(Text::new(
        format!("列名中有数「{name}」:若首行是数据,请先加一行列名"),
        format!(
            "'{name}' among the column names is a number: if that line is data, add a line of names above it first"
        ),
    ))
}

fn namer_of(namer: &mut Namer, number: usize) -> impl FnOnce(&str) -> String + '_ {
    move |header| namer.name(header, 'm', number)
}

fn periods_of(grid: &Grid, guesses: &mut Vec<Text>) -> Option<(Vec<usize>, Vec<Period>)> {
    if let Some(found) = periods::find(grid, guesses) {
        return Some((found.columns, found.of_row));
    }
    let file = std::path::Path::new(&grid.label).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let period = [grid.title.clone(), file].iter().flatten().find_map(|text| periods::in_text(text))?;
    guesses.push(Text::new(
        format!("没有时间列,按标题或文件名取 {period} 年"),
        format!("no column says when: {period}, from the title or the file's name"),
    ));
    Some((Vec::new(), vec![period; grid.rows.len()]))
}

fn no_period(grid: &Grid) -> Fault {
    if let Some((at, row)) = periods::unread(grid) {
        let (header, shown) = (&grid.header[at], row.cells[at].chars().take(40).collect::<String>());
        let (zh, en) =
            (format!("「{header}」的「{shown}」不是时期"), format!("'{shown}' in '{header}' is not a period"));
        let fault = grid.fault(row.line, "bad-period", zh, en);
        if periods::is_ambiguous(grid, at) {
            let (zh, en) =
                ("日在前还是月在前看不出:写成 2023-03-14", "the day or the month may stand first: write 2023-03-14");
            return fault.write(zh, en);
        }
        return fault.write("要写 2023、2023-03 或 2023-03-14", "write 2023, 2023-03 or 2023-03-14");
    }
    let spoilt = (0..grid.header.len()).filter(|at| PeriodFormat::Free.read(&grid.header[*at]).is_some());
    if let Some((at, row)) =
        spoilt.clone().find_map(|at| Some((at, grid.first_word(at)?))).filter(|_| spoilt.count() > 1)
    {
        let (header, shown) = (&grid.header[at], row.cells[at].chars().take(40).collect::<String>());
        let (zh, en) = (
            format!("「{header}」是一期的列,而「{shown}」不是数"),
            format!("'{header}' is a column of one period, and '{shown}' in it is no number"),
        );
        let fault = grid.fault(row.line, "no-number", zh, en);
        return fault.write("要写数,或留空", "write a number, or leave it empty");
    }
    let fault = grid.fault(0, "no-period", "没有说明时间的列", "no column says when");
    fault.write(
        "加一列 year 或「年份」,或在文件名里写年份",
        "add a column called year, or write the year in the file's name",
    )
}

/// Whether a column counts rows or is a part of a date.
fn counts(header: &str) -> bool {
    SERIAL.contains(&header.trim().to_lowercase().as_str())
        || header::is_date_part(header)
        || header::says_again(header, true)
}

/// Whether a column whose cells are all numbers, or empty, would be a measure.
pub(super) fn is_quantity(grid: &Grid, at: usize) -> bool {
    let number = |cell: &str| matches!(numeral::read(cell, false), Some(Numeral::Number { .. }));
    let header = &grid.header[at];
    let says_how_much = !(counts(header) || header::is_label(header));
    says_how_much && grid.column(at).any(number) && !grid.column(at).any(numeral::is_code)
}

/// Why a column is text although it has cells.
struct Odd {
    /// How many of its cells are numbers.
    printed: usize,
    /// Whether it looks like a column of numbers.
    mostly: bool,
    why: Text,
}

/// The cells of a column of numbers, and whether they are percentages; or why they are none.
/// `commas`: those that could be read either way are decimal.
fn column(grid: &Grid, at: usize, commas: bool, guesses: &mut Vec<Text>) -> Result<(Vec<Numeral>, bool), Option<Odd>> {
    let header = &grid.header[at];
    if counts(header) {
        return Err(None);
    }
    let all = |comma: bool| grid.column(at).all(|cell| numeral::read(cell, comma).is_some());
    let comma = numeral::has_decimal_commas(grid.column(at)) || all(true) && (commas || !all(false));
    let mut cells = Vec::with_capacity(grid.rows.len());
    let mut strange: Vec<&super::grid::Row> = Vec::new();
    let (mut printed, mut percents) = (0, 0);
    for row in &grid.rows {
        match numeral::read(&row.cells[at], comma) {
            Some(cell) => {
                if let Numeral::Number { percent, .. } = &cell {
                    printed += 1;
                    percents += usize::from(*percent);
                }
                cells.push(cell);
            }
            None => strange.push(row),
        }
    }
    if let Some(row) = strange.first() {
        let shown: String = row.cells[at].chars().take(40).collect();
        let (count, line) = (strange.len(), row.line);
        let cells =
            if count == 1 { "1 cell that is no number".into() } else { format!("{count} cells that are no numbers") };
        let why = Text::new(
            format!("「{header}」有 {count} 格不是数(第 {line} 行「{shown}」)"),
            format!("'{header}' has {cells} (line {line}: '{shown}')"),
        );
        return Err(Some(Odd { printed, mostly: printed >= count, why }));
    }
    if percents > 0 && percents < printed {
        let why =
            Text::new(format!("「{header}」只有部分格带 %"), format!("'{header}' has % in some of its cells only"));
        return Err(Some(Odd { printed, mostly: true, why }));
    }
    if printed == 0 {
        return Err(None);
    }
    if let Some(row) = grid.rows.iter().find(|row| numeral::is_code(&row.cells[at])) {
        let why = Text::new(
            format!("「{header}」有以 0 开头的数(第 {} 行「{}」),是代码", row.line, row.cells[at]),
            format!("'{header}' has numbers that begin with 0 (line {}: '{}'): codes", row.line, row.cells[at]),
        );
        return Err(Some(Odd { printed, mostly: true, why }));
    }
    if header::is_label(header) {
        return Err(None);
    }
    guesses.extend(notes::separators(grid, at, comma, &cells));
    guesses.extend(notes::ambiguous(grid, at, comma));
    guesses.extend(notes::brackets(grid, at, &cells));
    guesses.extend(notes::nothing(grid, at, &cells));
    guesses.extend(notes::currencies(grid, at));
    Ok((cells, percents > 0))
}

fn dimension(
    grid: &Grid,
    at: usize,
    names: Option<usize>,
    namer: &mut Namer,
    number: usize,
) -> Result<Dimension, Vec<Fault>> {
    let shown = names.unwrap_or(at);
    let stem = if names.is_some() { header::stem(&grid.header[at]) } else { String::new() };
    let header = if stem.is_empty() { grid.header[shown].clone() } else { stem };
    let name = namer.name(&header, 'd', number);
    let (mut members, mut of_row): (Vec<(String, String)>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut index = std::collections::HashMap::new();
    for row in &grid.rows {
        let (text, title) = (row.cells[at].as_str(), row.cells[shown].as_str());
        if text.is_empty() {
            let (zh, en) = (format!("「{}」为空", grid.header[at]), format!("'{}' is empty", grid.header[at]));
            return Err(vec![
                grid.fault(row.line, "no-member", zh, en).write("要写上成员的名称", "write the member's name"),
            ]);
        }
        let next = members.len();
        let place = *index.entry(text).or_insert(next);
        if place == next {
            let code = slug::slug(text).unwrap_or_else(|| format!("c{}", next + 1));
            let code = slug::unique(code, '-', |code| members.iter().any(|(taken, _)| taken == code));
            members.push((code, if title.is_empty() { text } else { title }.to_owned()));
        }
        of_row.push(place);
    }
    Ok(Dimension { name, title: grid.header[shown].clone(), members, of_row })
}

fn measure(
    grid: &Grid,
    at: usize,
    cells: Vec<Numeral>,
    percent: bool,
    of_table: Option<&UnitGuess>,
    unit_codes: &mut Vec<String>,
    name: impl FnOnce(&str) -> String,
) -> Measure {
    let (title, unit) = units::split(&grid.header[at]);
    let rate = header::is_rate(&title);
    let unit = unit.or_else(|| percent.then(|| units::of("%")).flatten());
    let unit = unit.or_else(|| units::in_cells(grid.column(at)));
    let unit = unit.or_else(|| of_table.filter(|_| !rate).cloned()).unwrap_or_else(units::unknown);
    let kind = match unit.what {
        What::Ratio => Kind::Rate,
        _ if rate => Kind::Rate,
        _ if header::is_mean(&title) => Kind::Mean,
        What::Money => Kind::Flow,
        What::Other | What::Unknown => Kind::Stock,
    };
    Measure { name: name(&title), title, unit: in_ascii(unit, unit_codes), kind, cells }
}

/// Families that cannot be codes are numbered: `u1`, `u2`.
fn in_ascii(unit: UnitGuess, families: &mut Vec<String>) -> UnitGuess {
    if slug::slug(&unit.family).as_deref() == Some(unit.family.as_str()) {
        return unit;
    }
    let known = families.iter().position(|family| *family == unit.family);
    let at = known.unwrap_or_else(|| {
        families.push(unit.family.clone());
        families.len() - 1
    });
    let family = format!("u{}", at + 1);
    UnitGuess { code: unit.code.replace(&unit.family, &family), family, ..unit }
}

fn said(measure: &Measure) -> Text {
    let (zh, en) = match measure.kind {
        Kind::Stock => ("存量", "stock"),
        Kind::Flow => ("流量", "flow"),
        Kind::Rate => ("比率", "rate"),
        Kind::Mean => ("均值或指数", "mean"),
    };
    let unit = match measure.unit.what {
        What::Unknown => measure.unit.title.clone(),
        _ => Text::new(format!("单位为{}", measure.unit.title.zh), format!("unit {}", measure.unit.title.en)),
    };
    Text::new(
        format!("指标 {} 取自「{}」,{},{zh}", measure.name, measure.title, unit.zh),
        format!("measure {} from '{}', {}, a {en}", measure.name, measure.title, unit.en),
    )
}
