//! `find`: over areas, topics, exhibits, titles, members, measures, units, attributes, notes, periods, sections and printed
//! numbers, in both languages.

use std::collections::BTreeSet;

use super::list::table;
use crate::answer::{Answer, Cell};
use crate::catalog::{Catalog, Found, exhibit_title, places, title_in};
use crate::error::{Error, Result};
use crate::package::{Dataset, Measure, RelationLine};
use crate::text::{Text, half_width};

/// Where a text occurs: what kind of thing, its code and names, and the dataset to ask. Several words are one text; where
/// that does not occur, they are looked for each.
///
/// # Errors
/// The text is empty.
pub(super) fn answer(catalog: &Catalog, text: &str) -> Result<Answer> {
    let phrase = folded(text.trim());
    if phrase.is_empty() {
        let error = Error::new("没有要找的文字", "there is nothing to look for");
        return Err(error.hint(format!("{} list", env!("CARGO_PKG_NAME"))));
    }
    let words: Vec<String> = text.split_whitespace().map(folded).collect();
    let wanted: Vec<Wanted> = words.iter().filter_map(|word| Wanted::new(word)).collect();
    let mut things = Things { words: &words, wanted: &wanted, all: Vec::new() };
    let mut notes = Vec::new();
    things.subjects(catalog);
    for found in catalog.all() {
        match catalog.read(found) {
            Ok(dataset) => things.within(catalog, found, &dataset),
            Err(error) => notes.push(Text::new(
                format!("{} 不能读:{}", found.1.address, error.title.zh),
                format!("{} cannot be read: {}", found.1.address, error.title.en),
            )),
        }
    }
    for package in &catalog.packages {
        for note in package.notes().unwrap_or_default().iter().filter(|note| note.dataset.is_empty()) {
            things.push(&Place::default(), ("注", "note"), "", &note.text);
        }
        for relation in package.relations().unwrap_or_default() {
            things.relation(&relation);
        }
    }
    let mut rows: Vec<Vec<Cell>> = things.all.iter().filter(|thing| thing.has(&phrase)).map(Thing::row).collect();
    if rows.is_empty() {
        rows = things.all.iter().filter(|thing| thing.has_each(&words)).map(Thing::row).collect();
    }
    if rows.is_empty() {
        notes.push(Text::new(format!("没有找到「{text}」"), format!("nothing is found for '{text}'")));
    }
    let mut answer = table(
        Text::new(format!("查找「{text}」"), format!("Found for '{text}'")),
        &[
            ("dataset", "数据集", "Dataset"),
            ("kind", "类别", "Kind"),
            ("code", "代码", "Code"),
            ("zh", "中文", "Chinese"),
            ("en", "英文", "English"),
        ],
        &[],
        rows,
    );
    answer.notes = notes;
    Ok(answer)
}

/// A text as texts are compared: in lower case and in the width of ASCII, and Chinese without blanks at its ends (`图表 17` is
/// `图表17`).
fn folded(text: &str) -> String {
    let chars: Vec<char> = text.chars().map(half_width).flat_map(char::to_lowercase).collect();
    let beside = |at: usize| at.checked_sub(1).into_iter().chain([at + 1]).filter_map(|at| chars.get(at));
    let kept = |at: &usize| chars[*at] != ' ' || beside(*at).all(char::is_ascii);
    (0..chars.len()).filter(kept).map(|at| chars[at]).collect()
}

/// What somebody can look for.
struct Thing {
    cells: [String; 5],
    kind: Text,
    /// Its code and names, as texts are compared.
    names: [String; 3],
    /// The names of the dataset that it is of.
    about: String,
}

impl Thing {
    fn has(&self, text: &str) -> bool {
        self.names.iter().any(|name| name.contains(text))
    }

    /// Whether it or its dataset has each word, and it has one of them.
    fn has_each(&self, words: &[String]) -> bool {
        words.iter().any(|word| self.has(word))
            && words.iter().all(|word| self.has(word) || self.about.contains(word.as_str()))
    }

    fn row(&self) -> Vec<Cell> {
        let filled = |text: &String| if text.is_empty() { Cell::Empty(None) } else { Cell::Text(text.clone()) };
        let mut row: Vec<Cell> = self.cells.iter().map(filled).collect();
        row[1] = Cell::Member { code: self.kind.en.clone(), title: self.kind.clone() };
        row
    }
}

/// The dataset that things are of.
#[derive(Default)]
struct Place {
    address: String,
    about: String,
}

struct Things<'a> {
    words: &'a [String],
    wanted: &'a [Wanted<'a>],
    all: Vec<Thing>,
}

impl Things<'_> {
    fn push(&mut self, place: &Place, (zh, en): (&'static str, &'static str), code: &str, title: &Text) {
        let cells = [place.address.as_str(), "", code, &title.zh, &title.en].map(str::to_owned);
        let names = [code, &title.zh, &title.en].map(folded);
        self.all.push(Thing { cells, kind: Text::new(zh, en), names, about: place.about.clone() });
    }

    /// The areas, and the topics of each with a dataset to ask.
    fn subjects(&mut self, catalog: &Catalog) {
        let mut seen = BTreeSet::new();
        for (code, title) in catalog.areas() {
            self.push(&Place::default(), ("地区", "area"), &code, &title);
        }
        for found in catalog.all() {
            let place = place(catalog, found);
            let (package, address) = (found.0, &found.1.address);
            if seen.insert((catalog.label(package), &address.area, &address.topic)) {
                let title = title_in(package.topics(), &address.topic);
                self.push(&place, ("主题", "topic"), &address.topic, &title);
            }
        }
    }

    fn within(&mut self, catalog: &Catalog, found: Found, dataset: &Dataset) {
        let place = &place(catalog, found);
        self.push(place, ("数据集", "dataset"), &place.address, &found.1.title);
        for number in catalog.exhibits(found) {
            let title = exhibit_title(found, &number);
            let title = Text::new(format!("图表{number} {}", title.zh), format!("Exhibit {number}: {}", title.en));
            self.push(place, ("图表", "exhibit"), &number, &title);
        }
        let words = self.words;
        for section in places(dataset, "section").iter().filter(|section| begins(words, section, '.')) {
            self.push(place, ("章节", "section"), section, &Text::same(section.as_str()));
        }
        self.members(found, dataset, place);
        for measure in &dataset.measures {
            for (_, figure) in measure.figures() {
                self.push(place, ("指标", "measure"), &figure.name, &figure.title);
            }
            self.push(place, ("单位", "unit"), &measure.unit.code, &measure.unit.title);
        }
        for attribute in &dataset.attributes {
            self.push(place, ("属性", "attribute"), &attribute.name, &attribute.title);
            for row in 0..dataset.periods.len() {
                let Some(value) = dataset.text(&attribute.name, row) else { continue };
                let english = dataset.text(&format!("{}.en", attribute.name), row).filter(|_| attribute.worded);
                let items = attribute.list.as_deref().map_or_else(|| vec![value], |list| value.split(list).collect());
                let cell = super::guide::name_of(dataset, &attribute.name, row);
                for item in items {
                    let value = Text::new(item, english.unwrap_or(item));
                    self.push(place, ("属性值", "attribute value"), &cell, &value);
                }
            }
        }
        let mut periods: Vec<_> = dataset.periods.iter().filter(|period| begins(words, period.as_str(), '-')).collect();
        periods.dedup();
        for period in periods {
            self.push(place, ("时期", "period"), period.as_str(), &Text::same(period.as_str()));
        }
        self.numbers(dataset, place);
        for note in &dataset.notes {
            self.push(place, ("注", "note"), "", &note.text);
        }
    }

    fn members(&mut self, (package, _): Found, dataset: &Dataset, place: &Place) {
        for dimension in &dataset.dimensions {
            self.push(place, ("维度", "dimension"), &dimension.name, &dimension.title);
            let attributes = dimension.codes.attributes.iter();
            let attributes: Vec<_> = attributes.map(|own| package.attribute(dataset, dimension, &own.name)).collect();
            for attribute in &attributes {
                self.push(place, ("属性", "attribute"), &attribute.name, &attribute.title);
            }
            let used = dataset.used(&dimension.name);
            for member in dimension.codes.members.iter().filter(|member| used.contains(member.code.as_str())) {
                self.push(place, ("成员", "member"), &member.code, &member.title);
                for attribute in &attributes {
                    let Some(value) = dimension.attribute_of(member, &attribute.name) else { continue };
                    let title = attribute.codes.members.iter().find(|known| known.code == value);
                    let title = title.map_or_else(|| Text::same(value), |known| known.title.clone());
                    // The code of the value is a name, too.
                    let named = |name: &str| if name == value { name.to_owned() } else { format!("{name}({value})") };
                    let title = Text::new(named(&title.zh), title.en);
                    self.push(place, ("成员属性", "member attribute"), &member.code, &title);
                }
            }
        }
    }

    /// A relation that states a number looked for.
    fn relation(&mut self, relation: &RelationLine) {
        let has = |wanted: &Wanted| relation.statement.split_whitespace().any(|word| word == wanted.digits);
        if let Some(found) = self.wanted.iter().find(|wanted| wanted.unit.is_empty() && has(wanted)) {
            let statement = Text::same(relation.statement.as_str());
            self.push(&Place::default(), ("关系", "relation"), &relation.id, &statement);
            self.as_typed(found);
        }
    }

    /// The last thing has the number as it was typed, too.
    fn as_typed(&mut self, found: &Wanted) {
        let typed = found.typed;
        self.all.last_mut().into_iter().for_each(|thing| thing.names[0].push_str(typed));
    }

    /// The cells that print a number looked for, which may be grouped and have its unit behind it: `1,751`, `8万`, `11.9%`.
    fn numbers(&mut self, dataset: &Dataset, place: &Place) {
        let wanted = self.wanted;
        if wanted.is_empty() {
            return;
        }
        for measure in &dataset.measures {
            for (_, Measure { name: column, title, unit, .. }) in measure.figures() {
                for row in 0..dataset.periods.len() {
                    let Ok(printed) = dataset.cell(&column, row) else { continue };
                    let is = |wanted: &&Wanted| wanted.digits == printed.digits && wanted.is_in(&unit.title);
                    let Some(found) = wanted.iter().find(is) else { continue };
                    let digits = &printed.digits;
                    let unit = |zh: bool| match (unit.title.zh.as_str(), unit.title.en.as_str()) {
                        ("", "") => String::new(),
                        (own, _) if zh => format!("({own})"),
                        (_, own) => format!(" ({own})"),
                    };
                    let title = Text::new(
                        format!("{}:{digits}{}", title.zh, unit(true)),
                        format!("{}: {digits}{}", title.en, unit(false)),
                    );
                    let cell = super::guide::name_of(dataset, &column, row);
                    self.push(place, ("数字", "number"), &cell, &title);
                    self.as_typed(found);
                }
            }
        }
    }
}

/// A number that is looked for.
struct Wanted<'a> {
    typed: &'a str,
    digits: String,
    /// What stands behind the digits.
    unit: &'a str,
}

impl<'a> Wanted<'a> {
    fn new(typed: &'a str) -> Option<Self> {
        let end = typed.find(|c: char| !c.is_ascii_digit() && !"-.,".contains(c)).unwrap_or(typed.len());
        let (digits, unit) = typed.split_at(end);
        let digits = digits.replace(',', "");
        digits.contains(|c: char| c.is_ascii_digit()).then_some(Wanted { typed, digits, unit })
    }

    fn is_in(&self, unit: &Text) -> bool {
        folded(&unit.zh).contains(self.unit) || folded(&unit.en).contains(self.unit)
    }
}

/// Whether a word looked for is a code of parts, or its first parts: `4.6` of `4.6.2`, `2019` of `2019-05`.
fn begins(words: &[String], code: &str, separator: char) -> bool {
    let begins = |part: &str, word: &str| {
        part.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(separator))
    };
    let long = |word: &&String| word.len() > 2;
    words.iter().filter(long).any(|word| code == word || code.split('/').any(|part| begins(part, word)))
}

fn place(catalog: &Catalog, found: Found) -> Place {
    let (package, resource) = found;
    let address = catalog.address(found);
    let area = title_in(package.areas(), &resource.address.area);
    let topic = title_in(package.topics(), &resource.address.topic);
    let names = [&area, &topic, &resource.title].map(|title| format!("{} {}", title.zh, title.en));
    Place { about: folded(&format!("{address} {}", names.join(" "))), address }
}
