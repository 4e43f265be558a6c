//! Every numeral of the report's chapters is accounted for, and every printed number of the data is in them.
//! `tests/numerals.md` says how.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{Resource, Table, path, resources, sections, text};

const DIGITS: &str = "零一二三四五六七八九";
const UNITS: &str = "十百千万亿";
const OTHERS: &str = "〇两半";

/// What is printed once and holds for several cells: section, value, and for how many more. From 2011 to 2015 there were
/// `1 至 2` every year: five cells each.
const ONCE: [(&str, &str, usize); 2] = [("4.5.2", "1", 4), ("4.5.2", "2", 4)];

/// `0,5` in the scan, taken as a decimal point: see data/notes.csv.
const DAMAGED: (&str, &str) = ("6.2.1", "0.5");

#[test]
fn every_numeral_is_an_observation_or_listed() {
    let Some(text) = text() else { return };
    let (cells, dates) = observed();
    let listed = listed();
    let mut unused: BTreeSet<&(String, String, usize)> = listed.keys().collect();
    let mut unlike = Vec::new();
    let mut count = 0;
    for (section, text) in sections(&text) {
        let mut ordinals: BTreeMap<String, usize> = BTreeMap::new();
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for token in tokens(&text) {
            count += 1;
            let ordinal = ordinals.entry(token.text.clone()).or_default();
            *ordinal += 1;
            let key = (token.text.clone(), section.clone(), *ordinal);
            let is_date = dates.get(&section).is_some_and(|dates| dates.contains(&token.text));
            if !token.is_unit && !unused.remove(&key) && !is_date {
                *found.entry(token.value()).or_default() += 1;
            }
        }
        let cells = cells.get(&section).cloned().unwrap_or_default();
        let values: BTreeSet<&String> = found.keys().chain(cells.keys()).collect();
        for value in values {
            let found = found.get(value).copied().unwrap_or_default();
            let once = ONCE.iter().find(|(at, of, _)| (*at, *of) == (section.as_str(), value.as_str()));
            let cells = cells.get(value).copied().unwrap_or_default() - once.map_or(0, |(.., more)| *more);
            let damaged = DAMAGED == (section.as_str(), value.as_str());
            if found != cells && !damaged {
                unlike.push(format!("{value} in {section}: {found} times in the text, {cells} in the data"));
            }
        }
    }
    assert!(count > 500, "only {count} numerals: is this the report?");
    assert!(unlike.is_empty(), "neither observations nor on tests/numerals.csv:\n{}", unlike.join("\n"));
    assert!(unused.is_empty(), "on tests/numerals.csv for nothing: {unused:?}");
}

/// What is listed as a relation or a threshold is one: a statement of that section or of one in it says the number, or counts
/// the years of a span; a note says it.
#[test]
fn relations_and_thresholds_of_the_list_are_in_the_data() {
    let (relations, notes) = (Table::read(&path("data/relations.csv")), Table::read(&path("data/notes.csv")));
    let resources = resources();
    let mut said = 0;
    for ((numeral, section, _), reason) in listed() {
        let value = Token { text: numeral, is_unit: false }.value();
        let number = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|word| word == value);
        let within = |other: &str| other == section || other.starts_with(&format!("{section}."));
        let is_said = match reason.as_str() {
            "relation" => (0..relations.rows.len()).any(|row| {
                let statement = relations.cell(row, "statement");
                within(relations.cell(row, "section")) && (number(statement) || years(statement) == value.parse().ok())
            }),
            "threshold" => (0..notes.rows.len()).any(|row| {
                let of = |resource: &&Resource| resource.address == notes.cell(row, "dataset");
                resources.iter().find(of).is_some_and(|of| within(&of.section)) && number(notes.cell(row, "en"))
            }),
            _ => continue,
        };
        said += 1;
        assert!(is_said, "{value} of {section} is listed as a {reason}, and there is none");
    }
    assert!(said > 5, "only {said} of them");
}

/// How many years the span of a statement has.
fn years(statement: &str) -> Option<usize> {
    let (before, after) = statement.split_once("..")?;
    let first: usize = before.get(before.len().checked_sub(4)?..)?.parse().ok()?;
    let last: usize = after.get(..4)?.parse().ok()?;
    Some(last + 1 - first)
}

#[test]
fn the_list_gives_a_known_reason_for_each() {
    let page = crate::report::read(&path("tests/numerals.md"));
    let table = page.rsplit_once("| --- |").unwrap().1;
    let reasons: BTreeSet<&str> = table
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .collect();
    let used: BTreeSet<String> = listed().into_values().collect();
    let used: BTreeSet<&str> = used.iter().map(String::as_str).collect();
    assert!(used.is_subset(&reasons), "{used:?} {reasons:?}");
}

#[test]
fn every_printed_number_is_in_its_section_digit_for_digit() {
    let Some(text) = text() else { return };
    let sections = sections(&text);
    let mut absent = Vec::new();
    let mut count = 0;
    for resource in resources() {
        for (row, measure, digits) in values(&resource) {
            count += 1;
            let section = resource.section(row, measure);
            let Some(text) = sections.get(section) else {
                absent.push(format!("{} has no section {section} in the report", resource.address));
                continue;
            };
            if !tokens(text).iter().any(|token| token.value() == digits) {
                absent.push(format!(
                    "{}:{measure} {}: no {digits} in {section}",
                    resource.address,
                    resource.table.cell(row, "period")
                ));
            }
        }
    }
    assert!(count > 150, "only {count} numbers");
    let (section, value) = DAMAGED;
    assert_eq!(absent, [format!("world/frameworks/framework:contributors 2023: no {value} in {section}")]);
}

/// A numeral of the text.
struct Token {
    text: String,
    /// Only a power of ten that belongs to the Arabic number before it.
    is_unit: bool,
}

impl Token {
    /// Its digits, where it counts as a value: as it is, one Chinese digit, or up to two about 十.
    fn value(&self) -> String {
        let digit = |c: char| match c {
            '两' => Some(2),
            '〇' => Some(0),
            _ => DIGITS.chars().position(|other| other == c),
        };
        let chars: Vec<char> = self.text.chars().collect();
        let number = match chars.as_slice() {
            [one] if digit(*one).is_some() => digit(*one),
            ['十'] => Some(10),
            ['十', ones] => digit(*ones).map(|ones| 10 + ones),
            [tens, '十'] => digit(*tens).map(|tens| 10 * tens),
            [tens, '十', ones] => digit(*tens).zip(digit(*ones)).map(|(tens, ones)| 10 * tens + ones),
            _ => None,
        };
        number.map_or_else(|| self.text.clone(), |number| number.to_string())
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let chinese = |c: char| DIGITS.contains(c) || UNITS.contains(c) || OTHERS.contains(c);
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = text;
    let mut after_arabic = false;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            let whole = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let decimals = rest[whole..]
                .strip_prefix('.')
                .map_or(0, |rest| rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
            if decimals > 0 { whole + 1 + decimals } else { whole }
        } else if chinese(first) {
            rest.find(|c: char| !chinese(c)).unwrap_or(rest.len())
        } else {
            after_arabic &= first == ' ';
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let (token, later) = rest.split_at(length);
        let is_unit = after_arabic && token.chars().all(|c| UNITS.contains(c));
        after_arabic = first.is_ascii_digit();
        tokens.push(Token { text: token.to_owned(), is_unit });
        rest = later;
    }
    tokens
}

/// The printed numbers of a dataset, without sign: row, measure, digits.
fn values(resource: &Resource) -> Vec<(usize, &str, String)> {
    let mut values = Vec::new();
    for row in 0..resource.table.rows.len() {
        for measure in &resource.measures {
            for column in [measure.clone(), format!("{measure}_to")] {
                let digits = resource.table.cell(row, &column).trim_start_matches('-');
                if !digits.is_empty() {
                    values.push((row, measure.as_str(), digits.to_owned()));
                }
            }
        }
    }
    values
}

/// Of each section, how often each value stands in it.
type Counts = BTreeMap<String, BTreeMap<String, usize>>;

/// What the data holds of each section: how often each value, and the years and months of its rows' periods.
fn observed() -> (Counts, BTreeMap<String, BTreeSet<String>>) {
    let mut cells = Counts::new();
    let mut observed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for resource in resources() {
        for (row, measure, digits) in values(&resource) {
            let section = cells.entry(resource.section(row, measure).to_owned()).or_default();
            *section.entry(digits).or_default() += 1;
        }
        for row in 0..resource.table.rows.len() {
            let ends = resource.table.cell(row, "period").split('/').filter(|end| *end != "..");
            let dates: Vec<String> = ends.flat_map(|end| [end[..4].to_owned(), end.replace('-', ".")]).collect();
            for measure in resource.measures.iter().map(String::as_str).chain([""]) {
                observed.entry(resource.section(row, measure).to_owned()).or_default().extend(dates.iter().cloned());
            }
        }
    }
    (cells, observed)
}

/// `tests/numerals.csv`: the reason of each numeral, section and ordinal.
fn listed() -> BTreeMap<(String, String, usize), String> {
    let table = Table::read(&path("tests/numerals.csv"));
    assert_eq!(table.header, ["numeral", "section", "ordinal", "reason"]);
    let mut listed = BTreeMap::new();
    for row in table.rows {
        let [numeral, section, ordinal, reason] = row.try_into().unwrap();
        let key = (numeral, section, ordinal.parse().unwrap());
        assert!(listed.insert(key.clone(), reason).is_none(), "{key:?} is listed twice");
    }
    listed
}
