//! `compare`: datasets side by side on their common key.

mod large;

use std::collections::HashMap;

use super::numbers::{self, Derived, Sheet};
use crate::answer::{Answer, Cell, Column, Role, Source, Values};
use crate::catalog::{Catalog, Found, title_in};
use crate::cli::{Comparison, Question};
use crate::error::{Error, Result};
use crate::line::{Edit, quote};
use crate::package::{Dataset, Dimension, Kind, Measure, Member, Missing, Resource, Unit};
use crate::precision::{Scale, integer};
use crate::stats::{self, Expr, Operand, Stat};
use crate::text::Text;

/// One of the datasets that are compared.
struct Side<'a> {
    found: Found<'a>,
    dataset: Dataset,
    /// What its columns begin with: the area, or as much of the address as tells it apart.
    prefix: String,
    /// The same for people, and what stands between it and a column's title in Chinese.
    title: Text,
    joint: &'static str,
    /// Dimensions of which `--where` leaves one member, where the others do not have them.
    fixed: Vec<(String, String)>,
    /// How many rows it has.
    count: usize,
    /// The row of each row of the widest side that has the same key.
    rows: Vec<Option<usize>>,
}

impl<'a> Side<'a> {
    fn new(found: Found<'a>, dataset: Dataset, count: usize) -> Self {
        let (prefix, title) = (String::new(), Text::default());
        Side { found, dataset, prefix, title, joint: "", fixed: Vec::new(), count, rows: Vec::new() }
    }

    /// Whether a row has the members that `--where` leaves.
    fn has(&self, row: usize) -> bool {
        self.fixed.iter().all(|(name, code)| self.dataset.text(name, row) == Some(code))
    }
}

/// The refusal of a dataset that is named twice.
fn with_itself(catalog: &Catalog, found: &[Found], twice: usize) -> Error {
    let address = catalog.address(found[twice]);
    let error = Error::new(
        format!("{address} 写了两次,没有可与自身比较的"),
        format!("{address} is named twice: a dataset is not compared with itself"),
    );
    let mut others: Vec<String> = Vec::new();
    for other in found.iter().map(|found| catalog.address(*found)) {
        if !others.contains(&other) {
            others.push(other);
        }
    }
    match others.len() {
        1 => error.hint(catalog.line(found[twice])),
        _ => error.hint(format!("{} compare {}", env!("CARGO_PKG_NAME"), others.join(" "))),
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
        .detail("--as 可用:share、ratio、difference、index", "--as takes: share, ratio, difference, index")
        .instead(std::iter::once(Edit::drop(flag)).chain(as_relation(flag))));
    }
    if let Some(joined) = catalog.joined(addresses) {
        let error = Error::new("要写明数据集的地址", "datasets are named by their addresses");
        return Err(error.hint(format!("{} compare {}", env!("CARGO_PKG_NAME"), joined.join(" "))));
    }
    let (found, refused): (Vec<_>, Vec<_>) =
        addresses.iter().map(|address| catalog.resolve(address)).partition(Result::is_ok);
    if let Some(error) = refused.into_iter().filter_map(Result::err).reduce(Error::and) {
        return Err(of_editions(catalog, addresses, error));
    }
    let found: Vec<Found> = found.into_iter().flatten().collect();
    if let Some(twice) = (1..found.len()).find(|&at| found[..at].iter().any(|other| std::ptr::eq(other.1, found[at].1)))
    {
        return Err(with_itself(catalog, &found, twice));
    }
    if let Some(answer) = large::answer(catalog, addresses, &found, how, question)? {
        return Ok(answer);
    }
    let mut sides = Vec::with_capacity(found.len());
    for found in found {
        let dataset = catalog.read(found)?;
        let count = dataset.periods.len();
        sides.push(Side::new(found, dataset, count));
    }
    let filters = fix(&mut sides, &question.filters);
    let question = &Question { filters, ..question.clone() };
    // A key that would do is no help to measures that cannot be compared.
    let widest =
        line_up(catalog, &mut sides).map_err(|error| pairs(catalog, &sides, how, question).err().unwrap_or(error))?;
    join(&mut sides, widest);
    let pairs = pairs(catalog, &sides, how, question)?;
    let in_all = |row: usize| sides.iter().all(|side| side.rows[row].is_some());
    let rows: Vec<usize> = (0..sides[widest].rows.len()).filter(|&row| in_all(row)).collect();
    let founds: Vec<Found> = sides.iter().map(|side| side.found).collect();
    let (derived, mut notes) = numbers::solve(catalog, &founds, question, None)?;
    notes.extend(fixed(&sides));
    notes.extend(repeated(&sides, widest));
    notes.extend(unlike_lists(&sides, widest));
    notes.extend(left_out(&sides, rows.len()));
    let mut sheet = Sheet::new(&sides[widest].dataset);
    let free = names(&sides[widest]);
    sheet.columns.retain(|column| column.role == Role::Period || free.contains(&column.key));
    sheet.order.retain(|&row| in_all(row));
    for row in (0..sheet.panel.len()).filter(|&row| !sides[widest].has(row)) {
        sheet.panel.leaf[sheet.panel.series[row] as usize] = false;
    }
    let mut focus = Vec::new();
    let mut places = Vec::new();
    for (at, side) in sides.iter().enumerate().filter(|_| question.source) {
        let columns = numbers::source_columns(&side.dataset, &of_one(&pairs, at), &side.rows);
        places.extend(columns.map(|column| of_side(side, column)));
    }
    let sheets: Vec<Sheet> = (0..sides.len()).map(|at| whole(&sides, at, derived.as_ref())).collect();
    for measures in &pairs {
        let levels: Vec<Vec<Column>> =
            (0..sides.len()).map(|at| level(&sides[at], &sheets[at], &measures[at])).collect();
        let operands: Vec<Vec<Operand>> = levels.iter().map(|level| numbers::operands(&level[0])).collect();
        sheet.columns.extend(levels.into_iter().flatten());
        for later in 1..sides.len() {
            let column =
                against(&sides, measures, later, how, [&operands[0], &operands[later]], &sheet, derived.as_ref());
            focus.push(column.key.clone());
            sheet.columns.push(column);
        }
        notes.extend(assumed(&sides, measures));
        notes.extend(unlike_kinds(&sides, measures));
    }
    sheet.columns.extend(places);
    let answer = Answer { focus, ..titled(addresses, &sides) };
    let question = &Question { source: false, ..question.clone() };
    let told = |rows: &[usize]| {
        let own = |side: &Side| -> Vec<usize> {
            rows.iter().filter_map(|&row| side.rows.get(row).copied().flatten()).collect()
        };
        (sources(&sides, &pairs, &|at| own(&sides[at])), said(&sides, &pairs, &own))
    };
    let wide = (sides[widest].found, &sides[widest].dataset);
    numbers::finish(catalog, wide, question, sheet, (answer, notes), &told)
}

/// What the packages say of the numbers compared, each with the side that it is about.
fn said(sides: &[Side], pairs: &[Vec<Measure>], rows: &dyn Fn(&Side) -> Vec<usize>) -> Vec<Text> {
    let of = |(at, side): (usize, &Side)| {
        let notes = numbers::on_numbers(&side.dataset, &of_one(pairs, at), &rows(side));
        let named = |note: Text| {
            let Text { zh, en } = &side.title;
            Text::new(format!("{zh}:{}", note.zh), format!("{en}: {}", note.en))
        };
        notes.into_iter().map(named).collect::<Vec<_>>()
    };
    sides.iter().enumerate().flat_map(of).collect()
}

/// The refusal of one address typed for several editions, with the editions in their order.
fn of_editions(catalog: &Catalog, addresses: &[String], error: Error) -> Error {
    let [first, rest @ ..] = addresses else { return error };
    let editions: Vec<String> = catalog
        .all()
        .filter(|(_, Resource { address, .. })| {
            address.to_string() == *first || format!("{}/{}", address.area, address.topic) == *first
        })
        .map(|found| catalog.address(found))
        .collect();
    if rest.iter().any(|other| other != first) || editions.len() < addresses.len() {
        return error;
    }
    let line = format!("{} compare {}", env!("CARGO_PKG_NAME"), editions[..addresses.len()].join(" "));
    Error { hints: Vec::new(), ..error }.hint(line)
}

/// The numeric columns of a comparison, for those who are about to sort it.
pub(super) fn columns(catalog: &Catalog, addresses: &[String], how: Comparison) -> Vec<(String, Text)> {
    let small =
        |address: &String| catalog.resolve(address).is_ok_and(|(package, resource)| !package.is_large(resource));
    if !addresses.iter().all(small) {
        return Vec::new();
    }
    let answer = answer(catalog, addresses, how, &Question::default()).unwrap_or_default();
    let numeric = |column: &Column| matches!(column.role, Role::Measure | Role::Statistic);
    answer.columns.into_iter().filter(numeric).map(|column| (column.key, column.title)).collect()
}

/// Where the numbers of each side stand, in the rows of it that are in the answer.
fn sources(sides: &[Side], pairs: &[Vec<Measure>], rows: &dyn Fn(usize) -> Vec<usize>) -> Vec<Source> {
    let mut sources = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        for source in numbers::sources(side.found.0, &side.dataset, &of_one(pairs, at), &rows(at)) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    sources
}

/// An answer without rows, by the titles of its sides.
fn titled(addresses: &[String], sides: &[Side]) -> Answer {
    let titles = |pick: fn(&Text) -> &str| {
        sides.iter().map(|side| pick(&side.dataset.resource.title)).collect::<Vec<_>>().join(" / ")
    };
    let title = Text::new(titles(|title| &title.zh), titles(|title| &title.en));
    Answer { dataset: addresses.join(" "), title, ..Answer::default() }
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
fn line_up(catalog: &Catalog, sides: &mut [Side]) -> Result<usize> {
    let (titles, joint) = titles(sides);
    for ((side, prefix), title) in prefixes(sides).into_iter().enumerate().zip(titles) {
        let side = &mut sides[side];
        (side.prefix, side.title, side.joint) = (prefix, title, joint);
    }
    let widest = (0..sides.len()).rev().max_by_key(|&at| names(&sides[at]).len()).unwrap_or_default();
    let wide = &sides[widest];
    for side in sides.iter() {
        if let Some(other) = names(side).into_iter().find(|name| !names(wide).contains(name)) {
            return Err(without_key(
                catalog,
                sides,
                side,
                &other,
                Error::new(
                    format!("{} 按 {other} 细分,{} 不是:没有共同的键", side.found.1.address, wide.found.1.address),
                    format!(
                        "{} is broken down by {other} and {} is not: they have no common key",
                        side.found.1.address, wide.found.1.address
                    ),
                ),
            ));
        }
    }
    Ok(widest)
}

/// The dimensions that a side's rows are joined by.
fn names(side: &Side) -> Vec<String> {
    let names = side.dataset.dimensions.iter().map(|dimension| dimension.name.clone());
    names.filter(|name| !side.fixed.iter().any(|(fixed, _)| fixed == name)).collect()
}

/// Whether one side is broken down by all that any of them is: its rows are those of the answer.
fn have_common_key(dimensions: &[Vec<String>]) -> bool {
    let within = |wide: &Vec<String>| dimensions.iter().all(|names| names.iter().all(|name| wide.contains(name)));
    dimensions.iter().any(within)
}

/// Where sides have no common key: fixes the dimensions that not all have and of which `--where` leaves one member. Gives the
/// conditions that are left.
fn fix(sides: &mut [Side], filters: &[String]) -> Vec<String> {
    let all: Vec<Vec<String>> = sides.iter().map(names).collect();
    let mut left: Vec<String> = filters.iter().flat_map(|text| text.split(';')).map(str::to_owned).collect();
    if have_common_key(&all) {
        return left;
    }
    left.retain(|filter| {
        let Some((name, member)) = filter.split_once('=').map(|(name, member)| (name.trim(), member.trim())) else {
            return true;
        };
        let (mut used, mut attribute) = (false, false);
        for side in sides.iter_mut() {
            attribute |= has_attribute(&side.dataset, name);
            let Some((dimension, code)) = member_of(&side.dataset, name, member) else { continue };
            if all.iter().all(|names| names.contains(&dimension)) {
                continue;
            }
            side.fixed.push((dimension, code));
            side.count = (0..side.dataset.periods.len()).filter(|&row| side.has(row)).count();
            used = true;
        }
        !used || attribute
    });
    left
}

/// Whether rows, or members of a dimension, have an attribute: a condition on it leaves some of them.
fn has_attribute(dataset: &Dataset, name: &str) -> bool {
    let of_members = dataset.dimensions.iter().flat_map(|dimension| &dimension.codes.attributes);
    dataset.attributes.iter().chain(of_members).any(|attribute| attribute.name == name)
}

/// A dimension and one of its members, by codes or names.
fn member_of(dataset: &Dataset, name: &str, member: &str) -> Option<(String, String)> {
    let named = |own: &Dimension| own.name == name || own.title.zh == name || own.title.en.eq_ignore_ascii_case(name);
    let dimension = dataset.dimensions.iter().find(|dimension| named(dimension))?;
    let used = dataset.used(&dimension.name);
    let members = dimension.codes.members.iter().filter(|member| used.contains(member.code.as_str()));
    match Member::typed(members, member)[..] {
        [member] => Some((dimension.name.clone(), member.code.clone())),
        _ => None,
    }
}

/// What is said of dimensions that are fixed.
fn fixed(sides: &[Side]) -> Vec<Text> {
    let note = |side: &Side, (name, code): &(String, String)| {
        let dimension = side.dataset.dimensions.iter().find(|dimension| dimension.name == *name)?;
        let member = dimension.codes.members.iter().find(|member| member.code == *code)?;
        let (address, of, member) = (&side.found.1.address, &dimension.title, &member.title);
        Some(Text::new(
            format!("{address}:{}为{}", of.zh, member.zh),
            format!("{address}: {} is {}", of.en.to_lowercase(), member.en),
        ))
    };
    sides.iter().flat_map(|side| side.fixed.iter().filter_map(|pair| note(side, pair))).collect()
}

/// The area of each side where that tells them apart, else area and topic, else all of the address, else the edition too.
fn prefixes(sides: &[Side]) -> Vec<String> {
    let name = |side: &Side, parts: usize| {
        let address = &side.dataset.resource.address;
        let by = address.dimensions.join("_");
        let version = side.found.0.version.as_deref().unwrap_or_default();
        let all = [address.area.as_str(), address.topic.as_str(), by.as_str(), address.package.as_str(), version];
        let named: Vec<&str> =
            all[..parts].iter().copied().filter(|part| part.contains(|c: char| c.is_ascii_alphanumeric())).collect();
        named.join("_").replace(|c: char| !c.is_ascii_alphanumeric(), "_")
    };
    let distinct = |names: &[String]| (1..names.len()).all(|i| !names[..i].contains(&names[i]));
    let at = |parts: usize| sides.iter().map(|side| name(side, parts)).collect::<Vec<_>>();
    (1..=5)
        .map(at)
        .find(|names| distinct(names))
        .unwrap_or_else(|| sides.iter().enumerate().map(|(i, side)| format!("{}_{}", name(side, 5), i + 1)).collect())
}

/// What the sides are called: by their areas, else also by as much of edition, topic and dimensions as tells them apart; and
/// what stands before a column's title in Chinese.
fn titles(sides: &[Side]) -> (Vec<Text>, &'static str) {
    let area = |side: &Side| title_in(side.found.0.areas(), &side.found.1.address.area);
    let topic = |side: &Side| title_in(side.found.0.topics(), &side.found.1.address.topic);
    let with_topic = |side: &Side| {
        let (area, topic) = (area(side), topic(side));
        Text::new(format!("{}{}", area.zh, topic.zh), format!("{} {}", area.en, uncapitalized(&topic.en)))
    };
    let by = |side: &Side| {
        let list = |pick: fn(&Text) -> &str, joint: &str| {
            side.dataset.dimensions.iter().map(|dimension| pick(&dimension.title)).collect::<Vec<_>>().join(joint)
        };
        let (whole, zh, en) = (with_topic(side), list(|title| &title.zh, "、"), list(|title| &title.en, " and "));
        match zh.is_empty() {
            true => whole,
            false => Text::new(format!("{}按{zh}", whole.zh), format!("{} by {}", whole.en, en.to_lowercase())),
        }
    };
    let edition = |side: &Side, text: Text| match &side.found.0.version {
        Some(version) => Text::new(format!("{}({version})", text.zh), format!("{} ({version})", text.en)),
        None => text,
    };
    let distinct = |names: &[Text]| (1..names.len()).all(|i| !names[..i].contains(&names[i]));
    let of_all =
        |name: &dyn Fn(&Side) -> Text| Some(sides.iter().map(name).collect::<Vec<_>>()).filter(|n| distinct(n));
    let numbered = || {
        let name = |(at, side): (usize, &Side)| {
            let text = edition(side, by(side));
            Text::new(format!("{}({})", text.zh, at + 1), format!("{} ({})", text.en, at + 1))
        };
        sides.iter().enumerate().map(name).collect()
    };
    if let Some(names) = of_all(&area) {
        return (names, "");
    }
    let names = of_all(&|side| edition(side, area(side))).or_else(|| of_all(&with_topic)).or_else(|| of_all(&by));
    (names.or_else(|| of_all(&|side| edition(side, by(side)))).unwrap_or_else(numbered), ":")
}

/// A title as it stands within another: `Companies` in small letters, `AI frameworks` as it is.
fn uncapitalized(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => title.to_owned(),
    }
}

/// Finds for every row of the widest side the row of each other side with the same period and shared members.
fn join(sides: &mut [Side], widest: usize) {
    let maps: Vec<Codes> = sides.iter().map(|side| translation(side, &sides[widest])).collect();
    let key = |side: &Side, names: &[String], row: usize, map: Option<&Codes>| -> Vec<String> {
        let member = |name: &String| {
            let code = side.dataset.text(name, row).unwrap_or_default().to_owned();
            map.and_then(|map| map.get(&(name.clone(), code.clone()))).cloned().unwrap_or(code)
        };
        std::iter::once(side.dataset.periods[row].to_string()).chain(names.iter().map(member)).collect()
    };
    let mut all = Vec::with_capacity(sides.len());
    for (side, map) in sides.iter().zip(&maps) {
        let own = names(side);
        let rows = (0..side.dataset.periods.len()).filter(|&row| side.has(row));
        let by_key: HashMap<Vec<String>, usize> = rows.map(|row| (key(side, &own, row, Some(map)), row)).collect();
        let wide = &sides[widest];
        let find = |row: usize| by_key.get(&key(wide, &own, row, None)).copied().filter(|_| wide.has(row));
        all.push((0..wide.dataset.periods.len()).map(find).collect::<Vec<_>>());
    }
    drop(maps);
    for (side, rows) in sides.iter_mut().zip(all) {
        side.rows = rows;
    }
}

/// What the codes of a side are among those of the widest, by dimension, where they are not the same.
type Codes = HashMap<(String, String), String>;

/// Members of another package are the same only where both lists declare the same scheme; else their codes are kept apart.
/// Those of another edition are the same where they are known by the same, whatever codes were made for them.
fn translation(side: &Side, wide: &Side) -> Codes {
    let mut codes = Codes::new();
    if std::ptr::eq(side.found.0, wide.found.0) {
        return codes;
    }
    for dimension in &side.dataset.dimensions {
        let own = |code: &str| (dimension.name.clone(), code.to_owned());
        let other = wide.dataset.dimensions.iter().find(|other| other.name == dimension.name);
        let members = &dimension.codes.members;
        if !is_edition(side, wide) {
            let same =
                |other: &&Dimension| other.codes.scheme.is_some() && other.codes.scheme == dimension.codes.scheme;
            if !other.is_some_and(|other| same(&other)) {
                codes.extend(members.iter().map(|member| (own(&member.code), APART.to_owned())));
            }
            continue;
        }
        let theirs = other.iter().flat_map(|other| &other.codes.members);
        let theirs: HashMap<&str, &str> = theirs.map(|member| (member.key.as_str(), member.code.as_str())).collect();
        for member in members {
            let code = theirs.get(member.key.as_str()).copied().unwrap_or(APART);
            if code != member.code {
                codes.insert(own(&member.code), code.to_owned());
            }
        }
    }
    codes
}

/// The code of a member that the widest side does not have.
const APART: &str = "\u{0}";

/// Whether two sides are editions of one package, or of one series.
fn is_edition(one: &Side, other: &Side) -> bool {
    let series = one.found.1.series.is_some() && one.found.1.series == other.found.1.series;
    one.found.0.name == other.found.0.name || series
}

/// What is said where members of two packages are kept apart, although their dimensions have one name.
fn unlike_lists(sides: &[Side], widest: usize) -> Option<Text> {
    let wide = &sides[widest];
    let own = names(wide);
    let apart = |side: &&Side| {
        let map = translation(side, wide);
        let of = |name: &&String| map.iter().any(|((own, _), code)| own == *name && code == APART);
        !is_edition(side, wide) && own.iter().any(|name| of(&name))
    };
    let side = sides.iter().find(apart)?;
    let (one, other) = (called(sides, side), called(sides, wide));
    Some(Text::new(
        format!("{one} 与 {other} 的代码表没有声明同一个 aistat:scheme,故成员各归各的"),
        format!("the code lists of {one} and {other} declare no common aistat:scheme: their members are kept apart"),
    ))
}

/// Adds a line that has a common key: of the wholes where there are such datasets, else with one member of what only one side
/// has, else each by itself.
fn without_key(catalog: &Catalog, sides: &[Side], side: &Side, dimension: &str, error: Error) -> Error {
    let plain = |side: &Side| {
        let (package, own) = side.found;
        let found = catalog.all().find(|(other, found)| {
            let (address, own) = (&found.address, &own.address);
            std::ptr::eq(*other, package)
                && (&address.area, &address.topic) == (&own.area, &own.topic)
                && address.dimensions.is_empty()
        })?;
        Some(catalog.address(found))
    };
    let mut plain: Vec<String> = sides.iter().filter_map(plain).collect();
    let all = plain.len() == sides.len();
    plain.dedup();
    if all && plain.len() == sides.len() {
        return error.instead([Edit::About(std::iter::once("compare".to_owned()).chain(plain).collect())]);
    }
    let used = side.dataset.used(dimension);
    let list = side.dataset.dimensions.iter().find(|own| own.name == dimension);
    let mut members = list.into_iter().flat_map(|list| &list.codes.members);
    match members.find(|member| used.contains(member.code.as_str())) {
        Some(member) => error.instead([Edit::set("--where", format!("{dimension}={}", member.code))]),
        None => sides.iter().fold(error, |error, side| error.hint(catalog.line(side.found))),
    }
}

/// What `--as` takes for a statistic of the same name.
fn as_relation(flag: &str) -> Option<Edit> {
    ["share", "index"].into_iter().find(|how| flag.strip_prefix("--") == Some(how)).map(|how| Edit::set("--as", how))
}

/// For each measure that is compared, that measure of every side. Measures of other names are a pair where each side has one
/// of those named, or only one.
fn pairs(catalog: &Catalog, sides: &[Side], how: Comparison, question: &Question) -> Result<Vec<Vec<Measure>>> {
    let first = &sides[0].dataset;
    let find = |side: &Side, typed: &str| numbers::measure_or_rate(&side.dataset, typed);
    let of = |typed: &str| sides.iter().map(|side| find(side, typed)).collect::<Option<Vec<Measure>>>();
    let typed = &question.measures;
    let mut pairs: Vec<Vec<Measure>> = if typed.is_empty() {
        // A name that only counts columns says nothing in another edition.
        let lasting = |side: &Side, measure: &Measure| {
            let name = first.lasting(&measure.name, &measure.title);
            let known = side.dataset.measures.iter().find(|own| side.dataset.lasting(&own.name, &own.title) == name);
            known.cloned().or_else(|| find(side, &measure.name).filter(|_| name == measure.name))
        };
        let all = |measure: &Measure| sides.iter().map(|side| lasting(side, measure)).collect();
        first.measures.iter().filter_map(all).collect()
    } else {
        typed.iter().filter_map(|typed| of(typed)).collect()
    };
    if let Some(unknown) = typed.iter().find(|typed| sides.iter().all(|side| find(side, typed).is_none())) {
        numbers::measure(first, unknown)?;
    }
    let only = |side: &Side| {
        let own: Vec<Measure> = match typed.is_empty() {
            true => side.dataset.measures.clone(),
            false => typed.iter().filter_map(|typed| find(side, typed)).collect(),
        };
        <[Measure; 1]>::try_from(own).ok().map(|[own]| own)
    };
    if pairs.is_empty() {
        let sole: Option<Vec<Measure>> = sides.iter().map(only).collect();
        let alike = |sole: &Vec<Measure>| sole.iter().all(|measure| measure.unit.family == sole[0].unit.family);
        pairs.extend(sole.filter(|sole| !typed.is_empty() || alike(sole)));
    }
    if let Some(growth) = pairs.iter().flatten().find(|measure| is_growth(sides, measure)) {
        refuse_growth(growth, how)?;
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
            .hint(format!(
                "{} find {}",
                env!("CARGO_PKG_NAME"),
                quote(first.measures.first().map_or("", |m| &m.name))
            )));
    }
    let (alike, unlike): (Vec<_>, Vec<_>) =
        pairs.into_iter().partition(|measures| measures.iter().all(|m| m.unit.family == measures[0].unit.family));
    match unlike.into_iter().next().filter(|_| alike.is_empty() || !question.measures.is_empty()) {
        None => Ok(alike),
        Some(measures) => {
            let units: Vec<(&str, &str)> =
                measures.iter().map(|m| (m.unit.title.zh.as_str(), m.unit.title.en.as_str())).collect();
            let error = Error::new(
                format!("单位不同,不能比较:{}", units.iter().map(|u| u.0).collect::<Vec<_>>().join("与")),
                format!(
                    "unlike units cannot be compared: {}",
                    units.iter().map(|u| u.1).collect::<Vec<_>>().join(" and ")
                ),
            )
            .detail(
                "换算要用汇率一类的数字,报告没有给出",
                "converting takes a number, such as an exchange rate, that the report does not give",
            );
            let shared = first.measures.iter().find(|measure: &&Measure| {
                of(&measure.name).is_some_and(|all| all.iter().all(|m| m.unit.family == measure.unit.family))
            });
            Err(match shared {
                Some(measure) => error.instead([Edit::set("--measure", &*measure.name)]),
                None => sides.iter().fold(error, |error, side| error.hint(catalog.line(side.found))),
            })
        }
    }
}

/// Whether a measure stands for the printed growth of one.
fn is_growth(sides: &[Side], measure: &Measure) -> bool {
    let of = |own: &Measure| own.growth.is_some() && measure.name == format!("{}_{}", own.name, Stat::Growth.suffix());
    sides.iter().any(|side| side.dataset.measures.iter().any(of))
}

/// Growth rates differ by percentage points; nothing else is said of two of them.
fn refuse_growth(growth: &Measure, how: Comparison) -> Result<()> {
    if how == Comparison::Difference {
        return Ok(());
    }
    Err(Error::new(
        format!("{} 是增长率,只比较其差(百分点)", growth.name),
        format!("{} is a growth rate: two of them are compared by their difference, in percentage points", growth.name),
    )
    .instead([Edit::set("--measure", &*growth.name), Edit::set("--as", "difference")]))
}

/// Names of the measures of one side.
fn of_one(pairs: &[Vec<Measure>], at: usize) -> Vec<String> {
    pairs.iter().map(|measures| measures[at].name.clone()).collect()
}

/// A column of one side under its name among the others.
fn of_side(side: &Side, column: Column) -> Column {
    let Text { zh, en } = &side.title;
    let title = Text::new(
        format!("{zh}{}{}", side.joint, column.title.zh),
        format!("{en}, {}", column.title.en.to_lowercase()),
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
fn level(side: &Side, whole: &Sheet, measure: &Measure) -> Vec<Column> {
    let keys = [measure.name.clone(), format!("{}_mark", measure.name), format!("{}_to", measure.name)];
    let columns = whole.columns.iter().filter(|column| keys.contains(&column.key));
    columns
        .map(|column| {
            let absent = Cell::Empty((column.role != Role::Companion).then_some(Missing::Gap));
            let cell =
                |row: &Option<usize>| row.map_or_else(|| absent.clone(), |row| column.values.cell(row).into_owned());
            let values = Values::Cells(side.rows.iter().map(cell).collect());
            let Column { key, title, unit, role, fold, .. } = column.clone();
            of_side(side, Column { key, title, unit, role, fold, values })
        })
        .collect()
}

/// The first side against a later one, in the first one's unit.
fn against(
    sides: &[Side],
    measures: &[Measure],
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
fn comparison(sides: &[Side], measures: &[Measure], later: usize, how: Comparison) -> (Expr, Option<Scale>, Column) {
    let first = &measures[0];
    let per = |per: i64| Some(Scale::Share { per: integer(per) });
    let (expr, scale, suffix, title, unit): (_, _, &str, Text, Unit) = match how {
        Comparison::Share => (stats::ratio(100), per(100), Stat::Share.suffix(), Stat::Share.title(), Unit::percent()),
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
    let (a, b) = (&sides[0].title, &sides[later].title);
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
    let free = names(&sides[widest]);
    let mut notes = Vec::new();
    for side in sides {
        let has = |name: &str| side.dataset.dimensions.iter().any(|own| own.name == name);
        let wide = sides[widest].dataset.dimensions.iter().filter(|dimension| free.contains(&dimension.name));
        notes.extend(wide.filter(|dimension| !has(&dimension.name)).map(|dimension| {
            Text::new(
                format!("{} 不按{}细分:其数字在每行重复", side.found.1.address, dimension.title.zh),
                format!("{} has no {}: its number stands in each row", side.found.1.address, dimension.name),
            )
        }));
    }
    notes
}

/// What is said where a stock stands beside a flow.
fn unlike_kinds(sides: &[Side], measures: &[Measure]) -> Option<Text> {
    let kinds = [(Kind::Stock, "存量", "a stock"), (Kind::Flow, "流量", "a flow")];
    let of = |(kind, zh, en): (Kind, &str, &str)| {
        let at = measures.iter().position(|measure| measure.kind == kind)?;
        let (side, title) = (&sides[at].title, &measures[at].title);
        let (zh, en) = (
            format!("{}{}{}是{zh}", side.zh, sides[at].joint, title.zh),
            format!("{} {} is {en}", side.en, title.en.to_lowercase()),
        );
        Some(Text::new(zh, en))
    };
    let [stock, flow] = kinds.map(of);
    let declared = sides.iter().all(|side| side.found.1.declared);
    stock.zip(flow).filter(|_| declared).map(|(stock, flow)| {
        Text::new(
            format!("{}(时点数),{}(时期数)", stock.zh, flow.zh),
            format!("{} (at the end of a period), {} (over it)", stock.en, flow.en),
        )
    })
}

/// The address of a side; where another has the same, with its package, and the edition where that is the same, too.
fn called(sides: &[Side], side: &Side) -> String {
    let (package, resource) = side.found;
    let alike = |other: &&Side| other.found.1.address.to_string() == resource.address.to_string();
    let editions = |other: &Side| other.found.0.name == package.name;
    match (sides.iter().filter(alike).count(), sides.iter().filter(alike).filter(|other| editions(other)).count()) {
        (1, _) => resource.address.to_string(),
        (_, 1) => format!("{}:{}", package.name, resource.address),
        _ => format!("{}@{}:{}", package.name, package.version.as_deref().unwrap_or_default(), resource.address),
    }
}

fn left_out(sides: &[Side], kept: usize) -> Vec<Text> {
    let others: Vec<(String, usize)> = sides
        .iter()
        .map(|side| (called(sides, side), side.count.saturating_sub(kept)))
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

fn assumed(sides: &[Side], measures: &[Measure]) -> Vec<Text> {
    let of = sides.iter().zip(measures).filter(|(_, measure)| measure.unit_assumed || measure.unit.family.is_empty());
    of.map(|(side, measure)| {
        let address = called(sides, side);
        Text::new(
            format!("{address}:{}的单位报告未说明,此处为假定", measure.title.zh),
            format!("{address}: the unit of {} is not stated, it is taken to be the same", measure.name),
        )
    })
    .collect()
}
