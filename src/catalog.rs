//! Areas × topics × dimensions over the packages: finds what a name means, and says what was probably meant.

use std::path::Path;

use crate::cli::By;
use crate::error::{Error, Result};
use crate::line::{Edit, quote};
use crate::package::{
    Address, Breakdown, CodeList, DESCRIPTOR, Dataset, Exhaustive, Fault, Faults, Limit, Limits, Package, Resource,
    folder_of,
};
use crate::suggest::{nearest, spellings};
use crate::text::Text;

/// The packages of this run: the report in the binary first, then those of `--data` and `AISTAT_DATA`.
#[derive(Debug, Default)]
pub struct Catalog {
    /// The packages, in order.
    pub packages: Vec<Package>,
}

/// A dataset found: its package and what the descriptor says.
pub type Found<'a> = (&'a Package, &'a Resource);

const PROGRAM: &str = env!("CARGO_PKG_NAME");

impl Catalog {
    /// Opens the report in the binary and the packages of the folders.
    ///
    /// # Errors
    /// A descriptor that cannot be read; two packages of one name.
    pub fn open<'p>(folders: impl IntoIterator<Item = &'p Path>, limits: &Limits) -> Result<Self> {
        let mut packages = vec![Package::embedded().map_err(Error::from)?];
        let mut seen = Vec::new();
        for folder in folders {
            let folder = folder_of(folder);
            let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            if seen.contains(&real) {
                continue;
            }
            seen.push(real);
            let package = Package::open(folder, limits).map_err(|faults| unopened(folder, faults))?;
            let same = |other: &&Package| other.name == package.name && other.version == package.version;
            if let Some(other) = packages.iter().find(same) {
                let other = other.folder().map_or(other.name.clone(), |folder| folder.display().to_string());
                let both = vec!["diff".to_owned(), other, folder.display().to_string()];
                return Err(Error::new(
                    format!("两个数据包同名同版次:{}", package.name),
                    format!("two packages have the name {} and the same version", package.name),
                )
                .detail(
                    format!("给 {} 的 datapackage.json 另写 version 或 name", folder.display()),
                    format!("give the datapackage.json of {} another version or name", folder.display()),
                )
                .instead([Edit::Command(both), Edit::drop("--data")]));
            }
            packages.push(package);
        }
        Ok(Catalog { packages })
    }

    /// What stands before `:` for a package: its name, with its version where another edition is there.
    pub fn label(&self, package: &Package) -> String {
        let edition = self.packages.iter().filter(|other| other.name == package.name).count() > 1;
        match &package.version {
            Some(version) if edition => format!("{}@{version}", package.name),
            _ => package.name.clone(),
        }
    }

    /// The line that asks for a dataset: with its package where the area alone would not reach it.
    pub fn line(&self, found: Found) -> String {
        let address = &found.1.address;
        match self.address(found).split_once(':') {
            Some((package, _)) => line_as(&format!("{package}:{}", address.area), address),
            None => line(address),
        }
    }

    /// The address of a dataset: with its package where the area alone would not reach it.
    pub fn address(&self, (package, resource): Found) -> String {
        let address = &resource.address;
        let several = self.all().any(|(other, found)| {
            !std::ptr::eq(other, package) && found.address.area == address.area && found.address.topic == address.topic
        });
        if several { format!("{}:{address}", self.label(package)) } else { address.to_string() }
    }

    /// The line that asks for a dataset by other breakdowns than its own.
    pub fn line_by(&self, (package, resource): Found, by: &[String]) -> String {
        let address = Address { dimensions: by.to_vec(), ..resource.address.clone() };
        self.line((package, &Resource { address, ..resource.clone() }))
    }

    /// The datasets of an area and topic, by code or by zh or en name.
    ///
    /// # Errors
    /// Neither exists, with what was probably meant; or both do in several packages.
    pub fn datasets(&self, area: &str, topic: &str) -> Result<Vec<Found<'_>>> {
        self.datasets_by(area, topic, &[])
    }

    /// As [`Catalog::datasets`]; what is proposed has the breakdowns that were typed, where there is such a topic.
    ///
    /// # Errors
    /// As there.
    pub fn datasets_by(&self, area: &str, topic: &str, by: &[String]) -> Result<Vec<Found<'_>>> {
        let inside = self.area(area).map_err(|error| self.swapped(area, topic).unwrap_or(error))?;
        let mut found: Vec<Found> =
            inside.iter().copied().filter(|(_, resource)| resource.address.topic == topic).collect();
        if found.is_empty() {
            found = inside
                .iter()
                .copied()
                .filter(|(package, resource)| named(package.topics(), &resource.address.topic, topic))
                .collect();
        }
        if found.is_empty() {
            return Err(self.unknown_topic(area, topic, &inside, by));
        }
        let mut packages: Vec<&Package> = found.iter().map(|(package, _)| *package).collect();
        packages.dedup_by(|a, b| std::ptr::eq(*a, *b));
        match packages.as_slice() {
            [_] => Ok(found),
            several => {
                let resource = found[0].1;
                let typed = area;
                let (area, topic) = (&resource.address.area, &resource.address.topic);
                let labels: Vec<String> = several.iter().map(|package| self.label(package)).collect();
                let list = |joint: &str| {
                    labels.iter().map(|label| format!("{label}:{area}/{topic}")).collect::<Vec<_>>().join(joint)
                };
                let error = Error::new(
                    format!("{area}/{topic} 在 {} 个数据包中都有", several.len()),
                    format!("{area}/{topic} is in {} packages", several.len()),
                )
                .detail(format!("地址:{}", list("、")), format!("addresses: {}", list(", ")));
                let edit = |label: &String| [Edit::word(typed, format!("{label}:{area}"))];
                Err(labels.iter().fold(error, |error, label| {
                    error.instead_or(edit(label), format!("{PROGRAM} {label}:{area} {topic}"))
                }))
            }
        }
    }

    /// The datasets of an area, which may be written `package:area` or `package@version:area`, by code or name.
    ///
    /// # Errors
    /// There is none, with what was probably meant.
    pub fn area(&self, word: &str) -> Result<Vec<Found<'_>>> {
        let (package, area) = match word.split_once([':', '\u{ff1a}']) {
            Some((package, area)) => (Some(package), area),
            None => (None, word),
        };
        let meant = |p: &Package, typed: &str| match typed.split_once('@') {
            Some((name, version)) => p.name == name && p.version.as_deref() == Some(version),
            None => p.name == typed,
        };
        let all: Vec<Found> = self.all().filter(|(p, _)| package.is_none_or(|typed| meant(p, typed))).collect();
        let without = self.packages.iter().filter(|p| p.resources.is_empty());
        for named in without.filter(|p| package.is_some_and(|typed| meant(p, typed))) {
            let faults = named.check();
            if !faults.is_empty() {
                return Err(with_remedy(named, faults));
            }
        }
        if let Some(typed) = package.filter(|_| all.is_empty()) {
            return Err(self.unknown_package(typed, area));
        }
        let by = |test: &dyn Fn(&Found) -> bool| all.iter().copied().filter(|found| test(found)).collect::<Vec<_>>();
        let mut found = by(&|(_, resource)| resource.address.area == area);
        if found.is_empty() {
            found = by(&|(package, resource)| named(package.areas(), &resource.address.area, area));
        }
        // A name without ASCII letters makes no code.
        if found.is_empty() && !area.is_ascii() {
            found = by(&|(package, _)| package.name == area);
        }
        match (found.is_empty(), package) {
            (false, _) => Ok(found),
            (true, Some(typed)) => Err(area_of(typed, area, &all)),
            (true, None) => {
                let own: Vec<Found> = self.all().filter(|(package, _)| package.name == area).collect();
                Err(if own.is_empty() { self.unknown_area(word) } else { area_of(area, area, &own) })
            }
        }
    }

    /// Every dataset of every package.
    pub fn all(&self) -> impl Iterator<Item = Found<'_>> {
        self.packages.iter().flat_map(|package| package.resources.iter().map(move |resource| (package, resource)))
    }

    /// Every dataset whose table can be read cell by cell, and what is said of the others. The report in the binary is sound.
    pub fn sound(&self) -> (Vec<Found<'_>>, Vec<Text>) {
        let mut said = Vec::new();
        let sound = |found: &Found| {
            let error = if self.packages.len() > 1 { self.read(*found).err() } else { None };
            said.extend(error.iter().map(Error::left_out));
            error.is_none()
        };
        let found = self.all().filter(sound).collect();
        (found, said)
    }

    /// The dataset with these dimensions; without any, the one that `AREA TOPIC` shows.
    ///
    /// # Errors
    /// No dataset is broken down so, or several are and none is the default; with the lines to type.
    pub fn choose<'a>(&self, found: &[Found<'a>], by: &[String]) -> Result<Found<'a>> {
        let mut wanted: Vec<&String> = by.iter().collect();
        wanted.sort();
        let exact = |(_, resource): &&Found| {
            let mut have: Vec<&String> = resource.address.dimensions.iter().collect();
            have.sort();
            have == wanted
        };
        if let Some(&one) = found.iter().find(exact) {
            return Ok(one);
        }
        let about = |found: &Found| Edit::About(words_of(&self.line(*found)));
        let lines = |error: Error| found.iter().fold(error, |error, found| error.instead([about(found)]));
        if !by.is_empty() {
            let by = by.join(" + ");
            return Err(lines(Error::new(
                format!("没有按 {by} 细分的数据集"),
                format!("no dataset is broken down by {by}"),
            )));
        }
        match found {
            [one] => Ok(*one),
            several => several.iter().copied().find(|(_, resource)| resource.default).ok_or_else(|| {
                lines(Error::new("有几个细分方式,请选一个", "there are several breakdowns: choose one"))
            }),
        }
    }

    /// The breakdowns of some datasets as the command line offers them, to a line that names some of them already.
    pub fn offered(&self, found: &[Found], named: &[String]) -> Vec<By> {
        let own = self.choose(found, named).map(|own| breakdowns(&[own])).unwrap_or_default();
        let there = |name: &String| own.iter().any(|(own, _)| own == name);
        breakdowns(found).into_iter().map(|(name, title)| By { there: there(&name), name, title }).collect()
    }

    /// The refusal of several breakdowns with the lines that ask by one of them alone and add numbers up.
    pub fn apart(&self, error: Error, found: &[Found], by: &[String]) -> Error {
        let lines = by.iter().filter_map(|name| self.summed_by(found, name));
        lines.fold(error, |error, line| error.instead([Edit::About(words_of(&line))]))
    }

    /// The line that asks by one name alone, where that adds numbers up.
    fn summed_by(&self, found: &[Found], name: &str) -> Option<String> {
        let by = [name.to_owned()];
        let (found, breakdown) = self.grouping(found, &by)?;
        let levels = |dataset: Dataset| dataset.measures.iter().any(|measure| measure.kind.adds_up());
        let sums = found.1.records.is_some() || self.read(found).is_ok_and(levels);
        (sums && adds_up(found, &breakdown)).then(|| self.line_by(found, &by))
    }

    /// The dataset that can be asked by these dimensions and attributes of its members, and what becomes of each of its
    /// dimensions: one that adds up, where there is, and of those the one that drops least.
    pub fn grouping<'a>(&self, found: &[Found<'a>], by: &[String]) -> Option<(Found<'a>, Vec<Breakdown>)> {
        let of = |(package, resource): &Found<'a>| {
            let mut left: Vec<&String> = by.iter().collect();
            let mut take = |name: &str| left.iter().position(|typed| *typed == name).map(|at| left.remove(at).clone());
            let mut becomes = |dimension: &String| {
                let itself = take(dimension).is_some();
                let own = package.attributes(resource, dimension).iter();
                let attributes: Vec<String> = own.filter_map(|own| take(&own.name)).collect();
                match (itself, attributes.is_empty()) {
                    // A member has its attributes beside it.
                    (true, _) => Breakdown::Itself,
                    (false, true) => Breakdown::Dropped,
                    (false, false) => Breakdown::Attributes(attributes),
                }
            };
            let grouping: Vec<Breakdown> = resource.address.dimensions.iter().map(&mut becomes).collect();
            (left.is_empty() && !by.is_empty()).then_some(grouping)
        };
        let groupings = found.iter().filter_map(|found| Some((*found, of(found)?)));
        let dropped = |by: &[Breakdown]| by.iter().filter(|by| **by == Breakdown::Dropped).count();
        groupings.min_by_key(|(found, by)| (!adds_up(*found, by), dropped(by)))
    }

    /// The dataset of an address `[package[@version]:]area/topic[/dim[+dim]]`, by codes or names.
    ///
    /// # Errors
    /// It is no address, or there is no such dataset.
    pub fn resolve(&self, address: &str) -> Result<Found<'_>> {
        let mut parts = address.splitn(3, '/');
        let (Some(area), Some(topic)) = (parts.next(), parts.next()) else {
            return Err(Error::new(
                format!("「{address}」不是数据集地址:要写「地区/主题」或「地区/主题/维度」"),
                format!("'{address}' is no dataset: write AREA/TOPIC or AREA/TOPIC/DIM"),
            )
            .hint(match self.area(address) {
                Ok(_) => format!("{PROGRAM} list {}", quote(address)),
                Err(_) => format!("{PROGRAM} list"),
            }));
        };
        let found = self.datasets(area, topic).map_err(|error| match self.area(area) {
            Err(_) if !area.contains([':', '\u{ff1a}']) => {
                let title = Text::new(format!("没有数据集「{address}」"), format!("there is no dataset '{address}'"));
                Error { title, ..error }
            }
            _ => error,
        })?;
        let by: Vec<String> = parts.next().map(|dims| dims.split('+').map(str::to_owned).collect()).unwrap_or_default();
        let instead = |error: Error| {
            let tail = |other: &Found| other.1.address.to_string().replacen(&other.1.address.area, area, 1);
            let edit = |other: &Found| [Edit::word(address, tail(other))];
            found.iter().fold(error, |error, other| error.instead(edit(other)))
        };
        let by = by.iter().map(|name| self.dimension(&found, name, &instead)).collect::<Result<Vec<_>>>()?;
        self.choose(&found, &by).map_err(|error| instead(Error { hints: Vec::new(), ..error }))
    }

    /// The addresses of areas and topics that were typed as words: `shenzhen scale` for `shenzhen/scale`. None where a word
    /// is anything else.
    pub fn joined(&self, words: &[String]) -> Option<Vec<String>> {
        let pair = |pair: &[String]| match pair {
            [area, topic] if self.datasets(area, topic).is_ok() => Some(format!("{area}/{topic}")),
            _ => None,
        };
        words.chunks(2).map(pair).collect()
    }

    /// The name of a dimension that was typed by name or title.
    fn dimension(&self, found: &[Found], typed: &str, instead: &dyn Fn(Error) -> Error) -> Result<String> {
        let dimensions = dimensions(found);
        match dimensions
            .iter()
            .find(|(name, title)| name == typed || title.zh == typed || title.en.eq_ignore_ascii_case(typed))
        {
            Some((name, _)) => Ok(name.clone()),
            None => {
                let error = Error::new(format!("没有维度「{typed}」"), format!("there is no dimension '{typed}'"));
                let names = dimensions.iter().flat_map(|(name, title)| spellings(name, title));
                Err(match nearest(typed, names).first() {
                    Some(meant) => error.instead([Edit::word(typed, *meant)]),
                    None => instead(error),
                })
            }
        }
    }

    /// The exhibits of a dataset: its own, else those that its rows name.
    pub fn exhibits(&self, found: Found) -> Vec<String> {
        match &found.1.exhibit {
            Some(own) => vec![own.clone()],
            None => self.read(found).map(|dataset| places(&dataset, "exhibit")).unwrap_or_default(),
        }
    }

    /// Reads a dataset's table.
    ///
    /// # Errors
    /// The table is broken, with the place of each fault; or it is too large to be read cell by cell.
    pub fn read(&self, (package, resource): Found) -> Result<Dataset> {
        if package.is_too_large(resource) && package.is_large(resource) {
            return Err(too_large(&resource.address));
        }
        package.dataset(resource).map_err(|faults| with_remedy(package, faults))
    }

    fn unknown_package(&self, typed: &str, area: &str) -> Error {
        let labels: Vec<String> = self.packages.iter().map(|package| self.label(package)).collect();
        let meant = nearest(typed, labels.iter().map(String::as_str)).first().map(|label| (*label).to_owned());
        let error = Error::new(format!("没有数据包「{typed}」"), format!("there is no package '{typed}'"))
            .detail(format!("数据包:{}", labels.join("、")), format!("packages: {}", labels.join(", ")));
        match meant {
            Some(meant) => error.instead_or(
                [Edit::word(typed, &*meant)],
                format!("{PROGRAM} list {}", quote(&format!("{meant}:{area}"))),
            ),
            None => error.hint(format!("{PROGRAM} list --packages")),
        }
    }

    /// The refusal of a topic that stands before its area.
    fn swapped(&self, topic: &str, area: &str) -> Option<Error> {
        let found = self.area(area).and_then(|_| self.datasets(area, topic));
        found.ok().map(|_| {
            no_area(topic).instead_or(
                [Edit::First(topic.to_owned(), area.to_owned()), Edit::Last(area.to_owned(), topic.to_owned())],
                format!("{PROGRAM} {} {}", quote(area), quote(topic)),
            )
        })
    }

    fn unknown_topic(&self, area: &str, topic: &str, inside: &[Found], by: &[String]) -> Error {
        let mut topics: Vec<(&str, Text)> = inside
            .iter()
            .map(|(package, resource)| {
                (resource.address.topic.as_str(), title_in(package.topics(), &resource.address.topic))
            })
            .collect();
        let mut seen = std::collections::HashSet::new();
        topics.retain(|(code, _)| seen.insert(*code));
        let names = topics.iter().flat_map(|(code, title)| spellings(code, title));
        let near = nearest(topic, names).first().map(|name| (*name).to_owned());
        let (zh, en) = names_of(topics.iter().map(|(code, title)| (*code, title)));
        let error = Error::new(format!("「{area}」没有主题「{topic}」"), format!("{area} has no topic '{topic}'"))
            .detail(format!("主题:{zh}"), format!("topics: {en}"));
        let has = |(package, resource): &Found| {
            resource.address.topic == topic || named(package.topics(), &resource.address.topic, topic)
        };
        let areas: Vec<&str> = self.all().filter(has).map(|(_, resource)| resource.address.area.as_str()).collect();
        let fits = |other: &&&str| self.datasets(other, topic).is_ok_and(|found| has_all(&found, by));
        let elsewhere = areas.iter().find(fits).or(areas.first()).copied();
        let breakdowns = elsewhere.is_some_and(|other| fits(&&other));
        match near {
            Some(meant) => error.instead_or(
                [Edit::Last(topic.to_owned(), meant.to_owned())],
                format!("{PROGRAM} {} {meant}", quote(area)),
            ),
            None => match elsewhere {
                Some(other) => {
                    let edit = match breakdowns {
                        true => Edit::word(area, other),
                        false => Edit::About(vec![other.to_owned(), topic.to_owned()]),
                    };
                    error.instead_or([edit], format!("{PROGRAM} {other} {}", quote(topic)))
                }
                None => error.hint(format!("{PROGRAM} list {}", quote(area))),
            },
        }
    }

    fn unknown_area(&self, word: &str) -> Error {
        let areas = self.areas();
        let names = areas.iter().flat_map(|(code, title)| spellings(code, title));
        let near = nearest(word, names);
        let verbs = nearest(word, crate::cli::verbs().map(|(verb, _)| verb));
        let (zh, en) = names_of(areas.iter().map(|(code, title)| (code.as_str(), title)));
        let error = Error::new(format!("没有地区或命令「{word}」"), format!("there is no area or command '{word}'"))
            .detail(format!("地区:{zh}"), format!("areas: {en}"));
        let names = areas.iter().flat_map(|(code, title)| [code.as_str(), title.zh.as_str()]);
        let glued = names.filter_map(|name| Some((name, word.strip_prefix(name)?.trim_start_matches(['/', '-']))));
        if let Some((area, topic)) = glued.into_iter().find(|(area, topic)| self.datasets(area, topic).is_ok()) {
            return error.hint(format!("{PROGRAM} {area} {topic}"));
        }
        let of_topic = |(package, resource): &Found| {
            resource.address.topic == word || named(package.topics(), &resource.address.topic, word)
        };
        let mut having: Vec<&str> =
            self.all().filter(of_topic).map(|(_, resource)| resource.address.area.as_str()).collect();
        having.dedup();
        if !having.is_empty() {
            let error = no_area(word);
            let about = |area: &&str| [Edit::About(vec![(*area).to_owned(), word.to_owned()])];
            return having.iter().fold(error, |error, area| error.instead(about(area)));
        }
        match (near.first(), verbs.first()) {
            (Some(meant), _) => error.instead_or([Edit::word(word, *meant)], format!("{PROGRAM} list {meant}")),
            (None, Some(verb)) => {
                error.instead_or([Edit::First(word.to_owned(), (*verb).to_owned())], format!("{PROGRAM} list"))
            }
            (None, None) => error.hint(format!("{PROGRAM} list")),
        }
    }

    /// A dataset with its other editions.
    pub fn editions<'a>(&'a self, found: Found<'a>) -> Vec<Found<'a>> {
        self.all().filter(|other| is_same_series(other.1, found.1)).collect()
    }

    /// Every area: code and title.
    pub fn areas(&self) -> Vec<(String, Text)> {
        let mut areas: Vec<(String, Text)> = Vec::new();
        for (package, resource) in self.all() {
            if !areas.iter().any(|(code, _)| *code == resource.address.area) {
                areas.push((resource.address.area.clone(), title_in(package.areas(), &resource.address.area)));
            }
        }
        areas
    }
}

/// The refusal of a package's faults.
pub fn with_remedy(package: &Package, faults: Faults) -> Error {
    let error = Error::from(faults);
    match package.folder().and_then(remedy).filter(|_| error.hints.is_empty()) {
        Some(line) => error.hint(line),
        None => error,
    }
}

/// The refusal of a folder that is no package, or whose descriptor cannot be read.
fn unopened(folder: &Path, faults: Faults) -> Error {
    let error = Error::from(faults);
    match remedy(folder) {
        _ if !error.hints.is_empty() => error,
        Some(line) => error.hint(line),
        None => error.instead([Edit::drop("--data")]),
    }
}

/// What to type where the package of a folder cannot be read: what lists its faults, or begins one.
pub fn remedy(folder: &Path) -> Option<String> {
    if folder.join(DESCRIPTOR).exists() {
        return Some(format!("{PROGRAM} check {}", shown(folder)));
    }
    folder.is_dir().then(|| format!("{PROGRAM} new {} --from TABLE.csv", shown(&folder.join("package"))))
}

fn shown(path: &Path) -> String {
    quote(&path.display().to_string())
}

/// The code list with the titles of exhibits whose rows stand in one dataset with others.
const EXHIBITS: &str = "exhibits";

/// The title of an exhibit of a dataset: the dataset's, unless several exhibits share it.
pub fn exhibit_title((package, resource): Found, number: &str) -> Text {
    let listed = || {
        let code = format!("exhibit-{number}");
        package.code_list(EXHIBITS).ok()?.members.into_iter().find(|member| member.code == code)
    };
    let listed = if resource.exhibit.is_some() { None } else { listed() };
    listed.map_or_else(|| resource.title.clone(), |member| member.title)
}

/// Whether what is merged so makes numbers: records are counted, and a dimension may go where its members are all there is.
pub fn adds_up((_, resource): Found, by: &[Breakdown]) -> bool {
    resource.records.is_some() || resource.exhaustive != Exhaustive::No || !by.contains(&Breakdown::Dropped)
}

/// The exhibits or sections of a dataset: its own, then those that its rows and cells name.
pub fn places(dataset: &Dataset, column: &str) -> Vec<String> {
    let resource = &dataset.resource;
    let own = if column == "exhibit" { &resource.exhibit } else { &resource.section };
    let mut places: Vec<String> = own.iter().cloned().collect();
    let numbers = dataset.measures.iter().flat_map(crate::package::Measure::columns);
    let mut columns: Vec<String> = numbers.filter_map(|number| dataset.source_column(&number, column)).collect();
    columns.extend(dataset.has_column(column).then(|| column.to_owned()));
    columns.dedup();
    for column in columns {
        for place in (0..dataset.periods.len()).filter_map(|row| dataset.text(&column, row)) {
            if !places.iter().any(|known| known == place) {
                places.push(place.to_owned());
            }
        }
    }
    places
}

/// Whether two datasets are the same series: by a declared `aistat:series` where both have one, else by their address in
/// packages of one name, or by their resource's name where the address was made from that.
pub fn is_same_series(one: &Resource, other: &Resource) -> bool {
    match (&one.series, &other.series) {
        (Some(one), Some(other)) => one == other,
        _ if !one.declared && !other.declared && !one.name.is_empty() => {
            one.address.package == other.address.package && one.name == other.name
        }
        _ => one.address == other.address,
    }
}

/// The dimensions of some datasets, each once: name and title.
pub fn dimensions(found: &[Found]) -> Vec<(String, Text)> {
    let mut dimensions: Vec<(String, Text)> = Vec::new();
    for (package, resource) in found {
        for name in &resource.address.dimensions {
            if !dimensions.iter().any(|(known, _)| known == name) {
                dimensions.push((name.clone(), package.dimension_title(resource, name)));
            }
        }
    }
    dimensions
}

/// The refusal of an area that a package has not, with those that it has.
fn area_of(package: &str, area: &str, own: &[Found]) -> Error {
    let mut areas: Vec<(&str, Text)> = Vec::new();
    for (package, Resource { address, .. }) in own {
        if !areas.iter().any(|(code, _)| *code == address.area) {
            areas.push((&address.area, title_in(package.areas(), &address.area)));
        }
    }
    let (zh, en) = names_of(areas.iter().map(|(code, title)| (*code, title)));
    let error = Error::new(
        format!("数据包 {package} 没有地区「{area}」"),
        format!("the package {package} has no area '{area}'"),
    )
    .detail(format!("地区:{zh}"), format!("areas: {en}"));
    let meant = nearest(area, areas.iter().flat_map(|(code, title)| spellings(code, title))).first().copied();
    match meant.or(areas.first().filter(|_| areas.len() == 1).map(|(code, _)| *code)) {
        Some(meant) if package != area => error.instead_or(
            [Edit::word(format!("{package}:{area}"), format!("{package}:{meant}"))],
            format!("{PROGRAM} list {}", quote(&format!("{package}:{meant}"))),
        ),
        _ => error.hint(format!("{PROGRAM} list {}", quote(&format!("{package}:{}", meant.unwrap_or(areas[0].0))))),
    }
}

/// The refusal of a topic where an area belongs.
fn no_area(topic: &str) -> Error {
    Error::new(format!("「{topic}」是主题,要先写地区"), format!("'{topic}' is a topic: name its area"))
}

/// Whether some datasets can be broken down by all of these names.
fn has_all(found: &[Found], by: &[String]) -> bool {
    let known = breakdowns(found);
    by.iter().all(|typed| known.iter().any(|(name, title)| name == typed || title.zh == *typed))
}

/// What some datasets can be broken down by: their dimensions, then the attributes of the members of these; each once.
pub fn breakdowns(found: &[Found]) -> Vec<(String, Text)> {
    let mut by = dimensions(found);
    for (package, resource) in found {
        for attribute in resource.address.dimensions.iter().flat_map(|name| package.attributes(resource, name)) {
            if !by.iter().any(|(known, _)| *known == attribute.name) {
                by.push((attribute.name.clone(), attribute.title.clone()));
            }
        }
    }
    by
}

/// The line that asks for a dataset where no other package has its address.
pub fn line(address: &Address) -> String {
    line_as(&area_word(address), address)
}

/// The word for an area where no other package has it: one that is named like a command has its package before it.
pub fn area_word(address: &Address) -> String {
    match crate::cli::is_verb(&address.area) {
        true => format!("{}:{}", address.package, address.area),
        false => address.area.clone(),
    }
}

/// The line that asks for a dataset of an area as it is typed.
fn line_as(area: &str, address: &Address) -> String {
    let by: String = address.dimensions.iter().map(|name| format!(" --by-{name}")).collect();
    format!("{PROGRAM} {area} {}{by}", address.topic)
}

/// The words of a line, behind the program's name.
pub(crate) fn words_of(line: &str) -> Vec<String> {
    line.split(' ').skip(1).map(str::to_owned).collect()
}

/// The title of a code in a list, else the code itself.
pub fn title_in(list: Result<CodeList, Vec<Fault>>, code: &str) -> Text {
    let title = list
        .ok()
        .and_then(|list| list.members.into_iter().find(|member| member.code == code).map(|member| member.title));
    title.unwrap_or_else(|| Text::same(code))
}

fn named(list: Result<CodeList, Vec<Fault>>, code: &str, typed: &str) -> bool {
    let title = title_in(list, code);
    title.zh == typed || title.en.eq_ignore_ascii_case(typed)
}

/// Codes as refusals list them: in Chinese with their names, by which they can be typed as well.
pub(crate) fn names_of<'a>(names: impl Iterator<Item = (&'a str, &'a Text)>) -> (String, String) {
    let (zh, en): (Vec<String>, Vec<&str>) = names
        .map(|(code, title)| {
            (if title.zh.eq_ignore_ascii_case(code) { code.to_owned() } else { format!("{code}({})", title.zh) }, code)
        })
        .unzip();
    (zh.join("、"), en.join(", "))
}

/// The refusal of what reads every cell of a table that is worked on by columns.
fn too_large(address: &Address) -> Error {
    let variable = Limit::ExactBytes.variable();
    let (zh, en) = (format!("{address} 太大,不能逐格读入"), format!("{address} is too large to be read cell by cell"));
    Error::new(zh, en)
        .detail(
            format!("「地区 主题」按列回答;设 {variable} 则逐格读入(每百万行约需 1 GB 内存)"),
            format!("AREA TOPIC answers it by columns; set {variable}, and all cells are read (about 1 GB of memory a million rows)"),
        )
        .instead([Edit::Variable(format!("{variable}=1000000000000"))])
}
