//! What could stand at the cursor of a line that is being typed, from the packages at hand. A shell's script asks.

use std::collections::BTreeSet;
use std::ffi::OsString;

use super::guide::name_of;
use super::{compare, dump, show};
use crate::catalog::{self, Catalog, Found, title_in};
use crate::cli::{self, Comparison, Cursor, Expected, Slot};
use crate::error::Result;
use crate::line::Line;
use crate::package::{Attribute, CodeList, Dataset, Dimension, Measure, Member, Period};
use crate::render::sanitize;
use crate::text::{Lang, Text};

/// A first line that says what follows, then a candidate a line: what to type, a tab, what it is.
///
/// # Errors
/// The area or topic before the cursor does not exist.
pub(super) fn answer(catalog: &Catalog, line: &[String], lang: Lang) -> Result<String> {
    let line = &spelt_out(line)[..];
    let before = line.split_last().map_or(line, |(_, before)| before);
    let scan = cli::scan_typed(before, lang);
    let datasets = match (scan.verb(), scan.words.as_slice()) {
        (None, [area, topic, ..]) => catalog.datasets(area, topic)?,
        (Some("compare"), [_, names @ ..]) => names.iter().filter_map(|name| catalog.resolve(name).ok()).collect(),
        (Some("dump"), [_, within @ ..]) => dump::datasets(catalog, within).unwrap_or_default(),
        (Some("show"), [_, what, ..]) => {
            let number = what.trim_start_matches("图表").trim();
            show::exhibit(catalog, number).or_else(|| catalog.resolve(what).ok()).into_iter().collect()
        }
        _ => Vec::new(),
    };
    let by = if scan.verb().is_none() { catalog.offered(&datasets, &[]) } else { Vec::new() };
    let cursor = cli::cursor(line, lang, &by);
    let asker = Asker { catalog, datasets: chosen(&datasets, line), cursor: &cursor, line };
    let (kind, found) = asker.candidates();
    let mut text = format!("{kind}\n");
    let mut seen = BTreeSet::new();
    for Candidate { value, about } in found {
        let fits = value.strip_prefix(&*cursor.typed).is_some() && value.chars().all(|c| !c.is_control());
        if fits && seen.insert(value.clone()) {
            text += &format!("{}{value}\t{}\n", cursor.head, sanitize(&about.replace(['\t', '\n'], " ")));
        }
    }
    Ok(text)
}

/// The line in the words that the parser reads, the one at the cursor as it is.
fn spelt_out(line: &[String]) -> Vec<String> {
    let Some((typed, before)) = line.split_last() else { return Vec::new() };
    let before: Vec<OsString> = before.iter().map(OsString::from).collect();
    let before = cli::spell_out(&before).into_iter().map(|word| word.to_string_lossy().into_owned());
    before.chain([typed.clone()]).collect()
}

/// The datasets that have all dimensions of the `--by-…` before the cursor.
fn chosen<'a>(found: &[Found<'a>], line: &[String]) -> Vec<Found<'a>> {
    let dimensions = catalog::dimensions(found);
    let named = |word: &String| {
        let typed = word.strip_prefix("--by-")?;
        dimensions.iter().find(|(name, title)| name == typed || title.zh == typed).map(|(name, _)| name)
    };
    let by: Vec<&String> = line.iter().filter_map(named).collect();
    found
        .iter()
        .copied()
        .filter(|(_, resource)| by.iter().all(|name| resource.address.dimensions.contains(name)))
        .collect()
}

struct Candidate {
    value: String,
    about: String,
}

struct Asker<'a> {
    catalog: &'a Catalog,
    datasets: Vec<Found<'a>>,
    cursor: &'a Cursor,
    line: &'a [String],
}

impl Asker<'_> {
    fn candidates(&self) -> (&'static str, Vec<Candidate>) {
        let expected = match &self.cursor.slot {
            Slot::Option(options) => {
                let plain =
                    |(value, about): &(String, String)| Candidate { value: value.clone(), about: about.clone() };
                return ("words", options.iter().map(plain).collect());
            }
            Slot::Word(expected) | Slot::Value(_, expected) => expected,
        };
        match expected {
            Expected::File => ("files", Vec::new()),
            Expected::Folder => ("folders", Vec::new()),
            Expected::Of(words) => {
                ("words", words.iter().map(|word| Candidate { value: word.clone(), about: String::new() }).collect())
            }
            Expected::Data => match &self.cursor.slot {
                Slot::Value(option, _) => ("words", self.value(option)),
                _ => ("words", self.word()),
            },
        }
    }

    /// A code, or its Chinese name where one is being typed, with its title.
    fn named(&self, code: &str, title: &Text) -> Candidate {
        let chinese = !self.cursor.typed.is_ascii();
        let value = if chinese { &title.zh } else { code };
        Candidate { value: value.to_owned(), about: title.get(self.cursor.lang()).to_owned() }
    }

    fn word(&self) -> Vec<Candidate> {
        let scan = &self.cursor.scan;
        match (scan.verb(), scan.words.as_slice()) {
            (_, []) if self.cursor.typed.contains('/') => self.addresses(),
            (_, []) => {
                let verbs = cli::verbs().map(|(verb, about)| self.named(verb, &about));
                self.areas().into_iter().chain(verbs).collect()
            }
            (None, [area]) => self.topics(area),
            (Some("list"), _) => self.areas().into_iter().chain(self.addresses()).collect(),
            (Some("show"), _) => self.exhibits().into_iter().chain(self.addresses()).collect(),
            (Some("test"), _) => self.operands(""),
            (Some("explain"), _) if self.cursor.typed.contains(EXPRESSION) => self.operands(""),
            (Some("explain"), _) if self.cursor.typed.contains('/') && self.cursor.typed.contains(':') => {
                self.cells(&self.cursor.typed)
            }
            (Some(verb @ ("compare" | "explain" | "audit" | "dump")), given) => {
                let areas = if verb == "dump" { self.areas() } else { Vec::new() };
                let all = areas.into_iter().chain(self.addresses());
                all.filter(|candidate| !given.contains(&candidate.value)).collect()
            }
            (Some("diff"), _) => {
                self.catalog.packages.iter().map(|package| self.named(&package.name, &package.title)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn areas(&self) -> Vec<Candidate> {
        self.catalog.areas().iter().map(|(code, title)| self.named(code, title)).collect()
    }

    fn topics(&self, area: &str) -> Vec<Candidate> {
        let inside = self.catalog.area(area).unwrap_or_default();
        let topic = |(package, resource): &Found| {
            let code = &resource.address.topic;
            self.named(code, &title_in(package.topics(), code))
        };
        inside.iter().map(topic).collect()
    }

    fn addresses(&self) -> Vec<Candidate> {
        self.addresses_like(&self.cursor.typed)
    }

    /// Every address: where Chinese has been typed, names stand for codes on from there.
    fn addresses_like(&self, typed: &str) -> Vec<Candidate> {
        let lang = self.cursor.lang();
        let mut chinese = [false; 3];
        let mut typed = typed.splitn(3, '/');
        for at in 0..chinese.len() {
            let before = at > 0 && chinese[at - 1];
            chinese[at] = typed.next().filter(|part| !part.is_empty()).map_or(before, |part| !part.is_ascii());
        }
        let address = |found: Found| {
            let (package, resource) = found;
            let about = resource.title.get(lang).to_owned();
            if chinese == [false; 3] {
                return Candidate { value: self.catalog.address(found), about };
            }
            let own = &resource.address;
            let name = |at: usize, code: &str, title: Text| if chinese[at] { title.zh } else { code.to_owned() };
            let by = own.dimensions.iter().map(|by| name(2, by, package.dimension_title(resource, by)));
            let parts = [
                name(0, &own.area, title_in(package.areas(), &own.area)),
                name(1, &own.topic, title_in(package.topics(), &own.topic)),
                by.collect::<Vec<_>>().join("+"),
            ];
            Candidate { value: parts.join("/").trim_end_matches('/').to_owned(), about }
        };
        self.catalog.all().map(address).collect()
    }

    /// Cells in the last words of a statement; first the datasets that they are of.
    fn operands(&self, sign: &str) -> Vec<Candidate> {
        let typed = &self.cursor.typed;
        let last = typed.rfind(EXPRESSION).map_or(0, |at| at + 1);
        let (before, typed) = typed.split_at(last);
        let found = match typed.contains('/') && typed.contains(':') {
            true => self.cells(typed).into_iter().map(|cell| (cell, sign)).collect::<Vec<_>>(),
            false => self.addresses_like(typed).into_iter().map(|address| (address, ":")).collect(),
        };
        let value = |value: &str, sign: &str| format!("{before}{value}{sign}");
        found.into_iter().map(|(of, sign)| Candidate { value: value(&of.value, sign), ..of }).collect()
    }

    fn exhibits(&self) -> Vec<Candidate> {
        let lang = self.cursor.lang();
        let numbers = |found: Found| {
            let about = |number: &String| catalog::exhibit_title(found, number).get(lang).to_owned();
            let numbers = self.catalog.exhibits(found).into_iter();
            numbers.map(|value| Candidate { about: about(&value), value }).collect::<Vec<_>>()
        };
        let mut found: Vec<Candidate> = self.catalog.all().flat_map(numbers).collect();
        found.sort_by_key(|candidate| candidate.value.parse::<u32>().unwrap_or(u32::MAX));
        found
    }

    /// Every cell of the dataset whose address has been typed.
    fn cells(&self, typed: &str) -> Vec<Candidate> {
        let Some((address, _)) = typed.rsplit_once(':') else { return Vec::new() };
        let Some(dataset) = self.catalog.resolve(address).and_then(|found| self.catalog.read(found)).ok() else {
            return Vec::new();
        };
        let mut cells = Vec::new();
        for row in 0..dataset.periods.len() {
            for (column, title) in columns(&dataset) {
                let value = format!("{address}:{}", name_of(&dataset, &column, row));
                cells.push(Candidate { value, about: title.get(self.cursor.lang()).to_owned() });
            }
        }
        cells
    }

    fn tables(&self) -> Vec<Dataset> {
        self.datasets.iter().filter_map(|&found| self.catalog.read(found).ok()).collect()
    }

    /// The numeric columns of the answer: those of the tables, or those of a comparison.
    fn numeric(&self, tables: &[Dataset]) -> Vec<(String, Text)> {
        let scan = &self.cursor.scan;
        if scan.verb() != Some("compare") {
            return tables.iter().flat_map(columns).collect();
        }
        let words: Vec<OsString> = self.line.iter().map(OsString::from).collect();
        let line = Line::typed(&words);
        let how = Comparison::named(line.values("--as").last().copied().unwrap_or_default());
        compare::columns(self.catalog, &scan.words[1..], how)
    }

    fn value(&self, option: &str) -> Vec<Candidate> {
        let typed = self.cursor.typed.as_str();
        let tables = self.tables();
        match option {
            "measure" => {
                let measures = || tables.iter().flat_map(|table| &table.measures);
                let in_all = |name: &str| tables.iter().all(|table| table.measures.iter().any(|m| m.name == name));
                // What is compared is in every table.
                let compared = self.cursor.scan.verb() == Some("compare");
                let shared = compared && measures().any(|measure| in_all(&measure.name));
                let fit = measures().filter(|measure| !shared || in_all(&measure.name));
                after(typed, ',', fit.map(|measure| self.listed(measure, typed)))
            }
            "rank" => self.numeric(&tables).iter().map(|(key, title)| self.named(key, title)).collect(),
            "assume" => self.operands("="),
            "sort" => {
                let (minus, chinese) = (if typed.starts_with('-') { "-" } else { "" }, !typed.is_ascii());
                let keys = self
                    .numeric(&tables)
                    .into_iter()
                    .chain(self.dimensions())
                    .chain([(PERIOD.to_owned(), period_title())]);
                let key = |(key, title): (String, Text)| Candidate {
                    value: format!("{minus}{}", if chinese { &title.zh } else { &key }),
                    about: title.get(self.cursor.lang()).to_owned(),
                };
                keys.map(key).collect()
            }
            "pivot" => {
                let period = std::iter::once((PERIOD.to_owned(), period_title()));
                period.chain(self.dimensions()).map(|(name, title)| self.named(&name, &title)).collect()
            }
            "relative-to" if typed.contains('=') => self.filters(&self.lists(false)),
            "relative-to" => {
                let members = self.lists(false).into_iter().flat_map(|list| list.codes.members);
                members.map(|member| self.named(&member.code, &member.title)).collect()
            }
            "where" => self.filters(&self.lists(true)),
            "period" => periods(&tables, typed),
            "index" => bases(&tables),
            _ => Vec::new(),
        }
    }

    fn listed(&self, measure: &Measure, typed: &str) -> Candidate {
        let last = typed.rsplit(',').next().unwrap_or_default();
        let value = if last.is_ascii() { &measure.name } else { &measure.title.zh };
        Candidate { value: value.clone(), about: measure.title.get(self.cursor.lang()).to_owned() }
    }

    fn dimensions(&self) -> Vec<(String, Text)> {
        catalog::dimensions(&self.datasets)
    }

    /// What rows can be told apart by: the dimensions with the members that stand in the tables, and `attributes` of these.
    fn lists(&self, attributes: bool) -> Vec<Dimension> {
        let (mut dimensions, mut others) = (Vec::new(), Vec::new());
        for &(package, resource) in &self.datasets {
            let Ok(dataset) = self.catalog.read((package, resource)) else { continue };
            for dimension in &dataset.dimensions {
                let used = dataset.used(&dimension.name);
                let mut own = dimension.clone();
                own.codes.members.retain(|member| used.contains(member.code.as_str()));
                dimensions.push(own);
                let own = dimension.codes.attributes.iter().filter(|_| attributes);
                others.extend(own.map(|attribute| package.attribute(&dataset, dimension, &attribute.name)));
            }
            let own = dataset.attributes.iter().filter(|_| attributes);
            others.extend(own.map(|attribute| of_rows(&dataset, attribute)));
        }
        dimensions.append(&mut others);
        dimensions
    }

    /// `DIM=`, then `DIM=MEMBER`. Where Chinese has been typed, names stand for codes on the side where it has been.
    fn filters(&self, lists: &[Dimension]) -> Vec<Candidate> {
        let Some((name, member)) = self.cursor.typed.split_once('=') else {
            let filter = |list: &Dimension| {
                let Candidate { value, about } = self.named(&list.name, &list.title);
                Candidate { value: format!("{value}="), about }
            };
            return lists.iter().map(filter).collect();
        };
        let (wanted, not) = name.strip_suffix('!').map_or((name, ""), |wanted| (wanted, "!"));
        let meant = |list: &&Dimension| list.name == wanted || list.title.zh == wanted;
        let filter = |one: &Member| {
            let value = if member.is_ascii() { &one.code } else { &one.title.zh };
            let about = one.title.get(self.cursor.lang()).to_owned();
            Candidate { value: format!("{wanted}{not}={value}"), about }
        };
        lists.iter().filter(meant).flat_map(|list| &list.codes.members).map(filter).collect()
    }
}

/// What an operand of an expression comes after.
const EXPRESSION: [char; 6] = [' ', '(', '<', '>', '+', '*'];

const PERIOD: &str = "period";
const LATEST: &str = "latest";

fn period_title() -> Text {
    Text::new("时期", "Period")
}

/// An attribute of rows, with what stands in them.
fn of_rows(dataset: &Dataset, attribute: &Attribute) -> Dimension {
    let texts: BTreeSet<&str> =
        (0..dataset.periods.len()).filter_map(|row| dataset.text(&attribute.name, row)).collect();
    let member = |text: &&str| Member {
        code: (*text).to_owned(),
        title: Text::same(*text),
        key: (*text).to_owned(),
        attributes: Vec::new(),
    };
    Dimension {
        name: attribute.name.clone(),
        title: attribute.title.clone(),
        codes: CodeList { members: texts.iter().map(member).collect(), ..CodeList::default() },
    }
}

/// The numeric columns of a table: measures, and the shares and growth that are printed.
fn columns(dataset: &Dataset) -> Vec<(String, Text)> {
    let figures = dataset.measures.iter().flat_map(Measure::figures);
    figures.map(|(_, figure)| (figure.name, figure.title)).collect()
}

/// The periods that stand in the tables; after a comma or `A..` the next one.
fn periods(tables: &[Dataset], typed: &str) -> Vec<Candidate> {
    let mut all: Vec<_> = tables.iter().flat_map(|table| table.periods.iter()).collect();
    all.sort();
    all.dedup();
    let texts = all.iter().map(|period| Candidate { value: period.to_string(), about: String::new() });
    match typed.rsplit_once("..").filter(|(from, _)| !from.is_empty() && !typed.contains(',')) {
        Some((from, _)) => {
            texts.map(|candidate| Candidate { value: format!("{from}..{}", candidate.value), ..candidate }).collect()
        }
        None if typed.contains(',') => after(typed, ',', texts),
        None => texts.chain([Candidate { value: LATEST.to_owned(), about: String::new() }]).collect(),
    }
}

/// The periods that an index can have as its base: those with others of their kind.
fn bases(tables: &[Dataset]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for periods in tables.iter().map(|table| &table.periods) {
        let has_others = |one: &&Period| periods.iter().any(|other| other != *one && other.kind() == one.kind());
        found.extend(periods.iter().filter(has_others));
    }
    found.sort();
    found.iter().map(|period| Candidate { value: period.to_string(), about: String::new() }).collect()
}

/// Candidates for the last part of a list, the parts before it kept and not offered again.
fn after(typed: &str, separator: char, candidates: impl Iterator<Item = Candidate>) -> Vec<Candidate> {
    let Some((given, _)) = typed.rsplit_once(separator) else { return candidates.collect() };
    let fresh = candidates.filter(|candidate| !given.split(separator).any(|part| part == candidate.value));
    fresh.map(|candidate| Candidate { value: format!("{given}{separator}{}", candidate.value), ..candidate }).collect()
}
