//! `compare`: datasets side by side on their common key.

mod large;

use std::collections::HashMap;

use super::numbers::{self, Derived, Sheet};
use crate::answer::{Answer, Cell, Column, Role, Values};
use crate::catalog::{Catalog, Found};
use crate::cli::{Comparison, Question};
use crate::error::{Error, Result};
use crate::package::{Dataset, Kind, Measure, Missing, Unit};
use crate::precision::{Scale, integer};
use crate::stats::{self, Expr, Operand, Stat};
use crate::text::Text;

/// One of the datasets that are compared.
struct Side<'a> {
    found: Found<'a>,
    dataset: Dataset,
    /// What its columns begin with: the area, or as much of the address as tells it apart.
    prefix: String,
    /// How many rows it has.
    count: usize,
    /// The row of each row of the widest side that has the same key.
    rows: Vec<Option<usize>>,
}

impl<'a> Side<'a> {
    fn new(found: Found<'a>, dataset: Dataset, count: usize) -> Self {
        Side { found, dataset, prefix: String::new(), count, rows: Vec::new() }
    }
}

/// Puts datasets side by side: rows are the keys that all have, columns the measures of each and the first against every later one.
///
/// # Errors
/// A dataset does not exist, they share no key or no measure, or their units are unlike.
pub(super) fn answer(catalog: &Catalog, addresses: &[String], how: Comparison, question: &Question) -> Result<Answer> {
    if let Some(flag) = statistic(question) {
        return Err(Error::new(
            format!("compare 并排比较水平值,没有 {flag}"),
            format!("compare sets levels side by side: it has no {flag}"),
        )
        .detail("--as 可取:share、ratio、difference、index", "--as takes: share, ratio, difference, index")
        .hint(format!("{} compare {} --as share", env!("CARGO_PKG_NAME"), addresses.join(" "))));
    }
    let found = addresses.iter().map(|address| catalog.resolve(address)).collect::<Result<Vec<_>>>()?;
    if let Some(answer) = large::answer(catalog, addresses, &found, how, question)? {
        return Ok(answer);
    }
    let mut sides = Vec::with_capacity(found.len());
    for found in found {
        let dataset = catalog.read(found)?;
        let count = dataset.periods.len();
        sides.push(Side::new(found, dataset, count));
    }
    let widest = line_up(&mut sides)?;
    join(&mut sides, widest);
    let pairs = pairs(&sides, question)?;
    let in_all = |row: usize| sides.iter().all(|side| side.rows[row].is_some());
    let rows: Vec<usize> = (0..sides[widest].count).filter(|&row| in_all(row)).collect();
    let founds: Vec<Found> = sides.iter().map(|side| side.found).collect();
    let (derived, mut notes) = numbers::solve(catalog, &founds, question, None)?;
    notes.extend(repeated(&sides, widest));
    notes.extend(left_out(&sides, rows.len()));
    let mut sheet = Sheet::new(&sides[widest].dataset);
    sheet.columns.retain(|column| matches!(column.role, Role::Period | Role::Dimension));
    sheet.order.retain(|&row| in_all(row));
    let mut focus = Vec::new();
    let mut places = Vec::new();
    for (at, side) in sides.iter().enumerate().filter(|_| question.source) {
        let columns = numbers::source_columns(&side.dataset, &of_one(&pairs, at), &side.rows);
        places.extend(columns.map(|column| of_side(&sides, side, column)));
    }
    let sheets: Vec<Sheet> = (0..sides.len()).map(|at| whole(&sides, at, derived.as_ref())).collect();
    for measures in &pairs {
        let levels: Vec<Vec<Column>> =
            (0..sides.len()).map(|at| level(&sides, &sides[at], &sheets[at], measures[at])).collect();
        let operands: Vec<Vec<Operand>> = levels.iter().map(|level| numbers::operands(&level[0])).collect();
        sheet.columns.extend(levels.into_iter().flatten());
        for later in 1..sides.len() {
            let column =
                against(&sides, measures, later, how, [&operands[0], &operands[later]], &sheet, derived.as_ref());
            focus.push(column.key.clone());
            sheet.columns.push(column);
        }
        notes.extend(assumed(&sides, measures));
    }
    sheet.columns.extend(places);
    let own = |at: usize| rows.iter().filter_map(|&row| sides[at].rows[row]).collect();
    let answer = Answer { focus, ..empty(addresses, &sides, &pairs, own) };
    let question = &Question { source: false, ..question.clone() };
    numbers::finish(catalog, sides[widest].found, &sides[widest].dataset, question, sheet, answer, notes)
}

/// An answer without rows: title and sources of the rows of each side that are in it.
fn empty(addresses: &[String], sides: &[Side], pairs: &[Vec<&Measure>], rows: impl Fn(usize) -> Vec<usize>) -> Answer {
    let mut sources = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        for source in numbers::sources(side.found.0, &side.dataset, &of_one(pairs, at), &rows(at)) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    let titles = |pick: fn(&Text) -> &str| {
        sides.iter().map(|side| pick(&side.dataset.resource.title)).collect::<Vec<_>>().join(" / ")
    };
    let title = Text::new(titles(|title| &title.zh), titles(|title| &title.en));
    Answer { dataset: addresses.join(" "), title, sources, ..Answer::default() }
}

/// The flag of a statistic within one dataset, if one is typed.
fn statistic(question: &Question) -> Option<&'static str> {
    let flags = [
        ("--growth", question.growth.is_some()),
        ("--change", question.change.is_some()),
        ("--cagr", question.cagr),
        ("--index", question.index.is_some()),
        ("--share", question.share),
        ("--relative-to", question.relative_to.is_some()),
    ];
    flags.into_iter().find(|(_, asked)| *asked).map(|(flag, _)| flag)
}

/// Names the sides, and finds the widest: its dimensions are those of the answer.
fn line_up(sides: &mut [Side]) -> Result<usize> {
    for (side, prefix) in prefixes(sides).into_iter().enumerate() {
        sides[side].prefix = prefix;
    }
    let widest = (0..sides.len()).rev().max_by_key(|&at| sides[at].dataset.dimensions.len()).unwrap_or_default();
    let wide = &sides[widest];
    for side in sides.iter() {
        if let Some(other) = names(side).into_iter().find(|name| !names(wide).contains(name)) {
            return Err(Error::new(
                format!("{} 按 {other} 细分,{} 不是:没有共同的键", side.found.1.address, wide.found.1.address),
                format!(
                    "{} is broken down by {other} and {} is not: they have no common key",
                    side.found.1.address, wide.found.1.address
                ),
            )
            .hint(format!("{} compare {} {}", env!("CARGO_PKG_NAME"), base(side), base(wide))));
        }
    }
    Ok(widest)
}

fn names(side: &Side) -> Vec<String> {
    side.dataset.dimensions.iter().map(|dimension| dimension.name.clone()).collect()
}

/// The area of each side where that tells them apart, else area and topic, else all of the address, else the edition too.
fn prefixes(sides: &[Side]) -> Vec<String> {
    let name = |side: &Side, parts: usize| {
        let address = &side.dataset.resource.address;
        let by = address.dimensions.join("_");
        let version = side.found.0.version.as_deref().unwrap_or_default();
        let all = [address.area.as_str(), address.topic.as_str(), by.as_str(), address.package.as_str(), version];
        let named: Vec<&str> = all[..parts].iter().copied().filter(|part| !part.is_empty()).collect();
        named.join("_").replace(|c: char| !c.is_ascii_alphanumeric(), "_")
    };
    let distinct = |names: &[String]| (1..names.len()).all(|i| !names[..i].contains(&names[i]));
    let at = |parts: usize| sides.iter().map(|side| name(side, parts)).collect::<Vec<_>>();
    (1..=5)
        .map(at)
        .find(|names| distinct(names))
        .unwrap_or_else(|| sides.iter().enumerate().map(|(i, side)| format!("{}_{}", name(side, 5), i + 1)).collect())
}

/// What a side is called among the others: its area, with the edition where another side has the same one.
fn called(sides: &[Side], side: &Side) -> Text {
    let area = crate::catalog::title_in(side.found.0.areas(), &side.found.1.address.area);
    let same = |other: &&Side| other.found.1.address.area == side.found.1.address.area;
    let packages: Vec<_> = sides.iter().filter(same).map(|other| other.found.0).collect();
    let version =
        side.found.0.version.as_deref().filter(|_| packages.iter().any(|other| !std::ptr::eq(*other, side.found.0)));
    match version {
        Some(version) => Text::new(format!("{}({version})", area.zh), format!("{} ({version})", area.en)),
        None => area,
    }
}

/// Finds for every row of the widest side the row of each other side with the same period and shared members.
fn join(sides: &mut [Side], widest: usize) {
    let maps: Vec<HashMap<&str, &str>> = sides.iter().map(|side| translation(side, &sides[widest])).collect();
    let key = |side: &Side, names: &[String], row: usize, map: Option<&HashMap<&str, &str>>| -> Vec<String> {
        let member = |name: &String| {
            let code = side.dataset.text(name, row).unwrap_or_default();
            map.and_then(|map| map.get(code)).map_or(code, |code| code).to_owned()
        };
        std::iter::once(side.dataset.periods[row].to_string()).chain(names.iter().map(member)).collect()
    };
    let mut all = Vec::with_capacity(sides.len());
    for (side, map) in sides.iter().zip(&maps) {
        let own = names(side);
        let by_key: HashMap<Vec<String>, usize> =
            (0..side.count).map(|row| (key(side, &own, row, Some(map)), row)).collect();
        let wide = &sides[widest];
        all.push((0..wide.count).map(|row| by_key.get(&key(wide, &own, row, None)).copied()).collect::<Vec<_>>());
    }
    drop(maps);
    for (side, rows) in sides.iter_mut().zip(all) {
        side.rows = rows;
    }
}

/// Members of another package are the same only where both lists declare the same scheme; else their codes are kept apart.
fn translation<'a>(side: &'a Side, wide: &Side) -> HashMap<&'a str, &'static str> {
    let mut apart = HashMap::new();
    if side.found.0.name == wide.found.0.name {
        return apart;
    }
    for dimension in &side.dataset.dimensions {
        let same = wide.dataset.dimensions.iter().any(|other| {
            other.name == dimension.name && other.codes.scheme.is_some() && other.codes.scheme == dimension.codes.scheme
        });
        let edition = side.found.1.series.is_some() && side.found.1.series == wide.found.1.series;
        if !same && !edition {
            apart.extend(dimension.codes.members.iter().map(|member| (member.code.as_str(), "\u{0}")));
        }
    }
    apart
}

fn base(side: &Side) -> String {
    let address = &side.found.1.address;
    format!("{}/{}", address.area, address.topic)
}

/// For each measure that is compared, that measure of every side.
fn pairs<'a>(sides: &'a [Side], question: &Question) -> Result<Vec<Vec<&'a Measure>>> {
    let first = &sides[0].dataset;
    let chosen: Vec<&Measure> = if question.measures.is_empty() {
        first.measures.iter().collect()
    } else {
        question.measures.iter().map(|typed| numbers::measure(first, typed)).collect::<Result<_>>()?
    };
    let of = |name: &str| -> Option<Vec<&Measure>> {
        sides.iter().map(|side| side.dataset.measures.iter().find(|measure| measure.name == name)).collect()
    };
    let mut pairs: Vec<Vec<&Measure>> = chosen.iter().filter_map(|measure| of(&measure.name)).collect();
    let sole: Option<Vec<&Measure>> = sides.iter().map(|side| side.dataset.measures.first()).collect();
    let alike = |sole: &Vec<&Measure>| sole.iter().all(|measure| measure.unit.family == sole[0].unit.family);
    if pairs.is_empty() && sides.iter().all(|side| side.dataset.measures.len() == 1) {
        pairs.extend(sole.filter(alike));
    }
    if pairs.is_empty() {
        let error = Error::new("没有共同的指标", "they have no measure in common");
        return Err(sides
            .iter()
            .fold(error, |error, side| {
                let names: Vec<&str> = side.dataset.measures.iter().map(|m| m.name.as_str()).collect();
                error.detail(
                    format!("{}:{}", side.found.1.address, names.join("、")),
                    format!("{}: {}", side.found.1.address, names.join(", ")),
                )
            })
            .hint(format!("{} list", env!("CARGO_PKG_NAME"))));
    }
    let (alike, unlike): (Vec<_>, Vec<_>) =
        pairs.into_iter().partition(|measures| measures.iter().all(|m| m.unit.family == measures[0].unit.family));
    match unlike.into_iter().next().filter(|_| alike.is_empty() || !question.measures.is_empty()) {
        None => Ok(alike),
        Some(measures) => {
            let units: Vec<(&str, &str)> =
                measures.iter().map(|m| (m.unit.title.zh.as_str(), m.unit.title.en.as_str())).collect();
            let error = Error::new(
                format!("单位不同,不能比较:{}", units.iter().map(|u| u.0).collect::<Vec<_>>().join(" 与 ")),
                format!(
                    "unlike units cannot be compared: {}",
                    units.iter().map(|u| u.1).collect::<Vec<_>>().join(" and ")
                ),
            )
            .detail(
                "换算要用汇率一类的数字,报告没有给出",
                "converting takes a number, such as an exchange rate, that the report does not give",
            );
            let addresses: Vec<String> = sides.iter().map(|side| side.found.1.address.to_string()).collect();
            let shared = first.measures.iter().find(|measure| {
                of(&measure.name).is_some_and(|all| all.iter().all(|m| m.unit.family == measure.unit.family))
            });
            Err(match shared {
                Some(measure) => error.hint(format!(
                    "{} compare {} --measure {}",
                    env!("CARGO_PKG_NAME"),
                    addresses.join(" "),
                    measure.name
                )),
                None => error,
            })
        }
    }
}

/// Names of the measures of one side.
fn of_one(pairs: &[Vec<&Measure>], at: usize) -> Vec<String> {
    pairs.iter().map(|measures| measures[at].name.clone()).collect()
}

/// A column of one side under its name among the others.
fn of_side(sides: &[Side], side: &Side, column: Column) -> Column {
    let area = called(sides, side);
    let title = Text::new(
        format!("{}{}", area.zh, column.title.zh),
        format!("{}, {}", area.en, column.title.en.to_lowercase()),
    );
    Column { key: format!("{}_{}", side.prefix, column.key), title, ..column }
}

/// All of a side: as printed, and what follows where that is asked for.
fn whole(sides: &[Side], at: usize, derived: Option<&Derived>) -> Sheet {
    let mut sheet = Sheet::new(&sides[at].dataset);
    if let Some(derived) = derived {
        derived.fill(at, &mut sheet);
    }
    sheet
}

/// A side's measure on the joined rows, with its mark and upper end.
fn level(sides: &[Side], side: &Side, whole: &Sheet, measure: &Measure) -> Vec<Column> {
    let keys = [measure.name.clone(), format!("{}_mark", measure.name), format!("{}_to", measure.name)];
    let columns = whole.columns.iter().filter(|column| keys.contains(&column.key));
    columns
        .map(|column| {
            let absent = Cell::Empty((column.role == Role::Measure).then_some(Missing::Gap));
            let cell =
                |row: &Option<usize>| row.map_or_else(|| absent.clone(), |row| column.values.cell(row).into_owned());
            let values = Values::Cells(side.rows.iter().map(cell).collect());
            let Column { key, title, unit, role, fold, .. } = column.clone();
            of_side(sides, side, Column { key, title, unit, role, fold, values })
        })
        .collect()
}

/// The first side against a later one, in the first one's unit.
fn against(
    sides: &[Side],
    measures: &[&Measure],
    later: usize,
    how: Comparison,
    operands: [&Vec<Operand>; 2],
    sheet: &Sheet,
    derived: Option<&Derived>,
) -> Column {
    let factor = stats::power_of_ten(measures[later].unit.power - measures[0].unit.power);
    let scaled = operands[1].iter().map(|operand| operand.clone().map(|quantity| quantity.scale(&factor))).collect();
    let (expr, scale, column) = comparison(sides, measures, later, how);
    let mut computed = sheet.evaluate(&expr, &[operands[0].clone(), scaled]);
    if let Some(derived) = derived {
        let rows: Vec<_> = sides[0].rows.iter().copied().zip(sides[later].rows.iter().copied()).collect();
        derived.of_sides([(0, &measures[0].name), (later, &measures[later].name)], &rows, scale, &mut computed);
    }
    Column { values: Values::Cells(computed.into_iter().map(numbers::computed).collect()), ..column }
}

/// How the first side is set against a later one, and the column for it.
fn comparison(sides: &[Side], measures: &[&Measure], later: usize, how: Comparison) -> (Expr, Option<Scale>, Column) {
    let first = measures[0];
    let per = |per: i64| Some(Scale::Share { per: integer(per) });
    let (expr, scale, suffix, title, unit): (_, _, &str, Text, Unit) = match how {
        Comparison::Share => {
            (stats::ratio(100), per(100), Stat::Share.suffix(), Stat::Share.title(), numbers::percent())
        }
        Comparison::Ratio => (stats::ratio(1), per(1), "ratio", Text::new("倍数", "ratio"), numbers::unitless("", "")),
        Comparison::Difference => {
            (stats::difference(), None, "difference", Text::new("差", "difference"), first.unit.clone())
        }
        Comparison::Index => (
            stats::ratio(100),
            per(100),
            Stat::Index.suffix(),
            Stat::Index.title(),
            numbers::unitless("对方=100", "other = 100"),
        ),
    };
    let unit = if how == Comparison::Difference && first.kind == Kind::Rate && first.unit.family == "percent" {
        numbers::unitless("百分点", "percentage points")
    } else {
        unit
    };
    let apart = if sides.len() > 2 { format!("_{}", sides[later].prefix) } else { String::new() };
    let (a, b) = (called(sides, &sides[0]), called(sides, &sides[later]));
    let column = Column {
        key: format!("{}_{}_{suffix}{apart}", sides[0].prefix, first.name),
        title: Text::new(
            format!("{}对{}:{}{}", a.zh, b.zh, first.title.zh, title.zh),
            format!("{} to {}, {} {}", a.en, b.en, first.title.en.to_lowercase(), title.en),
        ),
        unit: Some(unit),
        role: Role::Statistic,
        fold: false,
        values: Values::Cells(Vec::new()),
    };
    (expr, scale, column)
}

/// Datasets without a dimension that another has: their numbers stand beside each of its members.
fn repeated(sides: &[Side], widest: usize) -> Vec<Text> {
    let wide = &sides[widest].dataset.dimensions;
    let mut notes = Vec::new();
    for side in sides {
        let has = |name: &str| side.dataset.dimensions.iter().any(|own| own.name == name);
        notes.extend(wide.iter().filter(|dimension| !has(&dimension.name)).map(|dimension| {
            Text::new(
                format!("{} 不按{}细分:其数字在每行重复", side.found.1.address, dimension.title.zh),
                format!("{} has no {}: its number stands in each row", side.found.1.address, dimension.name),
            )
        }));
    }
    notes
}

fn left_out(sides: &[Side], kept: usize) -> Vec<Text> {
    let others: Vec<(String, usize)> = sides
        .iter()
        .map(|side| (side.found.1.address.to_string(), side.count.saturating_sub(kept)))
        .filter(|(_, count)| *count > 0)
        .collect();
    others
        .into_iter()
        .map(|(address, count)| {
            Text::new(
                format!("{address} 另有 {count} 行没有对应"),
                format!("{address}: {count} more {} no counterpart", if count == 1 { "row has" } else { "rows have" }),
            )
        })
        .collect()
}

fn assumed(sides: &[Side], measures: &[&Measure]) -> Vec<Text> {
    let of = sides.iter().zip(measures).filter(|(_, measure)| measure.unit_assumed || measure.unit.family.is_empty());
    of.map(|(side, measure)| {
        Text::new(
            format!("{}:{} 的单位原文未写明,此处为假定", side.found.1.address, measure.title.zh),
            format!("{}: the unit of {} is not stated, it is taken to be the same", side.found.1.address, measure.name),
        )
    })
    .collect()
}
