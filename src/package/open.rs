//! Opening a package: its descriptor, and nothing else that a question may not touch.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use super::codes::{self, role};
use super::descriptor::{Descriptor, PartsDecl, RecordsDecl, ResourceDecl, Titles, title};
use super::fault::{Fault, Faults};
use super::grouped::RECORDS;
use super::limits::{Limit, Limits};
use super::model::{Address, Exhaustive, Package, Parts, Records, Resource};
use super::store::{Source, Store};
use super::{json, salvage, slug};
use crate::text::Text;

/// The file that describes a package.
pub const DESCRIPTOR: &str = "datapackage.json";

impl Package {
    /// The report in the binary.
    ///
    /// # Errors
    /// Its descriptor is broken.
    pub fn embedded() -> Result<Package, Faults> {
        Package::read(Store::Embedded, &Limits::default(), None)
    }

    /// The package of a folder. Tables are read when a question touches them; a broken one is refused then.
    ///
    /// # Errors
    /// The folder or its descriptor cannot be read.
    pub fn open(folder: &Path, limits: &Limits) -> Result<Package, Faults> {
        let folder = folder_of(folder);
        let store = Store::folder(folder).map_err(|fault| vec![fault])?;
        let name = folder
            .canonicalize()
            .ok()
            .and_then(|real| real.file_name().map(|name| name.to_string_lossy().into_owned()));
        Package::read(store, limits, name)
    }

    /// A package whose files are in memory: paths and contents, among them `datapackage.json`.
    ///
    /// # Errors
    /// Its descriptor cannot be read.
    pub fn in_memory(files: Vec<(String, Vec<u8>)>, limits: &Limits) -> Result<Package, Faults> {
        Package::read(Store::Memory(files), limits, None)
    }

    /// The folder that it was opened from.
    pub fn folder(&self) -> Option<&Path> {
        self.store.shown()
    }

    fn read(store: Store, limits: &Limits, folder: Option<String>) -> Result<Package, Faults> {
        let source = store.read_text(DESCRIPTOR, Limit::DescriptorBytes, limits).map_err(|fault| {
            let write = "要写 datapackage.json(docs/format.md)";
            let missing = fault.code == "no-such-file";
            vec![if missing { fault.write(write, "write one (docs/format.md)") } else { fault }]
        })?;
        // What is in the binary has passed `check`.
        if !matches!(store, Store::Embedded)
            && let Some(fault) = limits.exceeded(Limit::Nesting, json::nesting(&source.text), &source.label)
        {
            return Err(vec![fault]);
        }
        let mut faults = Faults::new();
        let object = source.text.trim_start().starts_with('{');
        let descriptor: Descriptor = match serde_json::from_str(&source.text) {
            Ok(descriptor) if object => descriptor,
            Err(error) if error.is_data() && object => salvage::descriptor(&source, &mut faults),
            Err(error) if !error.is_data() => return Err(vec![salvage::syntax_fault(&source, &error)]),
            _ => return Err(vec![source.fault_at("", "wrong-type", "须为对象", "must be an object")]),
        };
        if let Some(fault) = limits.exceeded(Limit::Resources, descriptor.resources.len() as u64, &source.label) {
            return Err(vec![fault]);
        }
        let faults = with_resources(&source, faults);
        Ok(Package::new(store, limits.clone(), source, descriptor, folder, faults))
    }

    fn new(
        store: Store,
        limits: Limits,
        source: Source,
        descriptor: Descriptor,
        folder: Option<String>,
        faults: Vec<(Option<usize>, Fault)>,
    ) -> Package {
        let given = descriptor.name.filter(|name| !name.is_empty()).or(folder).unwrap_or_default();
        let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        let name = if plain(&given) && !given.is_empty() {
            given
        } else {
            slug::slug(&given).or_else(|| own_letters(&given)).unwrap_or_else(|| NAMELESS.to_owned())
        };
        let cited = descriptor.sources.iter().find_map(|source| source.title.as_ref().or(source.name.as_ref()));
        let cited = cited.map(|cited| Text::new(format!("来源:{cited}"), format!("Source: {cited}")));
        let declared = descriptor.resources;
        let mut package = Package {
            title: title(descriptor.titles.as_ref(), descriptor.title.as_deref(), &name),
            source: descriptor.source.map(|source| title(Some(&source), None, "")).or(cited),
            name,
            version: descriptor.version,
            resources: Vec::with_capacity(declared.len()),
            inferences: Vec::new(),
            store,
            limits,
            descriptor: source,
            datasets: Vec::new(),
            lists: declared.iter().map(|_| OnceLock::new()).collect(),
            notes: OnceLock::new(),
            declared,
            missing_values: descriptor.missing_values.map(|values| values.0),
            faults,
        };
        for index in 0..package.declared.len() {
            package.add(index);
        }
        if package.resources.is_empty() {
            let faults = std::mem::take(&mut package.faults);
            let texts = |index: &usize| package.declared[*index].role.is_none() && !package.is_declared(*index);
            for index in (0..package.declared.len()).filter(texts).collect::<Vec<_>>() {
                package.add_inferred(index, true);
            }
            let again = |fault: &Fault| {
                let same = |own: &Fault| (own.code, own.line, own.column) == (fault.code, fault.line, fault.column);
                package.faults.iter().any(|(_, own)| same(own))
            };
            let other: Vec<_> = faults.into_iter().filter(|(_, fault)| !again(fault)).collect();
            package.faults.extend(other);
        }
        package
    }

    fn add(&mut self, index: usize) {
        let declared = &self.declared[index];
        let pointer = format!("/resources/{index}");
        match declared.role.as_deref() {
            None if self.is_declared(index) => self.add_declared(index),
            None => self.add_inferred(index, false),
            Some(role::CODES | role::RELATIONS | role::NOTES) => {}
            Some(other) => {
                let (zh, en) = (format!("没有角色「{other}」"), format!("there is no role '{other}'"));
                let fault = self.descriptor.fault_at(&format!("{pointer}/aistat:role"), "unknown-role", zh, en);
                self.faults.push((
                    Some(index),
                    fault.write("要写 codes、relations 或 notes", "write codes, relations or notes"),
                ));
            }
        }
    }

    /// Whether a dataset says in `aistat:` properties what it is.
    pub(super) fn is_declared(&self, index: usize) -> bool {
        let declared = &self.declared[index];
        declared.area.is_some() || declared.topic.is_some() || !declared.dimensions.is_empty()
    }

    fn add_declared(&mut self, index: usize) {
        let declared = &self.declared[index];
        let mut missing = Vec::new();
        for (name, value) in [("aistat:area", &declared.area), ("aistat:topic", &declared.topic)] {
            let fault = match value.as_deref() {
                Some(code) if codes::is_code(code) => continue,
                Some(code) => {
                    let (zh, en) = (format!("「{code}」不能作代码"), format!("'{code}' cannot be a code"));
                    let fault = self.descriptor.fault_at(&format!("/resources/{index}/{name}"), "bad-code", zh, en);
                    fault.write("以小写字母开头,只含 a–z、0–9 和 -", "begin with a letter and use a–z, 0–9 and - only")
                }
                None => {
                    let (zh, en) = (format!("数据集没有 {name}"), format!("the dataset has no {name}"));
                    self.descriptor.fault_at(&format!("/resources/{index}"), "no-address", zh, en)
                }
            };
            missing.push((Some(index), fault));
        }
        if missing.is_empty() {
            let resource = declared_resource(&self.name, declared);
            self.push(index, resource);
        }
        self.faults.append(&mut missing);
    }

    /// Adds a dataset; two of one address are a fault of the second.
    pub(super) fn push(&mut self, index: usize, resource: Resource) {
        if let Some(first) = self.resources.iter().find(|other| other.address == resource.address) {
            let (zh, en) = (
                format!("地址 {} 与资源「{}」相同", resource.address, first.name),
                format!("has the address {} of the resource '{}'", resource.address, first.name),
            );
            let fault = self.descriptor.fault_at(&format!("/resources/{index}"), "duplicate-address", zh, en);
            self.faults.push((Some(index), fault));
            return;
        }
        self.resources.push(resource);
        self.datasets.push(index);
    }
}

/// What stands for the name of a package that has none.
pub(super) const NAMELESS: &str = "package";

/// A name in another script: its letters and digits, joined by `-`.
pub(super) fn own_letters(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    Some(parts.join("-")).filter(|name| !name.is_empty())
}

/// The folder of a package that is named by its descriptor, as other tools name it.
pub fn folder_of(path: &Path) -> &Path {
    let is_descriptor = path.file_name().is_some_and(|name| name == DESCRIPTOR) && path.is_file();
    match path.parent().filter(|_| is_descriptor) {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => path,
    }
}

/// Faults of the descriptor, each with the resource that it belongs to by its place.
fn with_resources(source: &Source, faults: Faults) -> Vec<(Option<usize>, Fault)> {
    if faults.is_empty() {
        return Vec::new();
    }
    let (mut at, mut line, mut column) = (0, 1, 1);
    let mut place = |start: usize| {
        for c in source.text.get(at..start).unwrap_or_default().chars() {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        at = start;
        (line, column)
    };
    let starts: Vec<(u64, u64)> = json::elements(&source.text, "/resources").into_iter().map(&mut place).collect();
    let end = salvage::end_of(source, "resources").map_or((u64::MAX, 0), &mut place);
    let resource = |fault: &Fault| {
        let at = (fault.line, fault.column);
        starts.partition_point(|start| *start <= at).checked_sub(1).filter(|_| at < end)
    };
    faults.into_iter().map(|fault| (resource(&fault), fault)).collect()
}

fn declared_resource(package: &str, declared: &ResourceDecl) -> Resource {
    let text = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let parts = |parts: &PartsDecl| Parts { of: parts.of.clone(), exhaustive: exhaustive(parts.exhaustive.as_deref()) };
    Resource {
        name: declared.name.clone(),
        address: Address {
            package: package.to_owned(),
            area: declared.area.clone().unwrap_or_default(),
            topic: declared.topic.clone().unwrap_or_default(),
            dimensions: declared.dimensions.clone(),
        },
        title: title(declared.titles.as_ref(), declared.title.as_deref(), &declared.name),
        exhibit: text(&declared.exhibit),
        section: text(&declared.section),
        columns: declared.columns.clone(),
        attributes: Vec::new(),
        default: declared.default,
        parts: declared
            .parts
            .iter()
            .map(|(code, declared)| (code.clone(), parts(declared)))
            .collect::<BTreeMap<_, _>>(),
        exhaustive: exhaustive(declared.exhaustive.as_deref()),
        series: text(&declared.series),
        records: declared.records.as_ref().map(records),
        declared: true,
    }
}

fn records(declared: &RecordsDecl) -> Records {
    let titles = Titles { zh: declared.zh.clone(), en: declared.en.clone() };
    Records { title: title(Some(&titles), None, RECORDS), unit: declared.unit.clone() }
}

/// Anything else is assumed, and a fault for `check`.
pub(super) fn exhaustive(text: Option<&str>) -> Exhaustive {
    match text {
        Some("stated") => Exhaustive::Stated,
        Some("no") => Exhaustive::No,
        _ => Exhaustive::Assumed,
    }
}

/// `area/topic[/dim[+dim]]`, without its package.
impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.area, self.topic)?;
        match self.dimensions.as_slice() {
            [] => Ok(()),
            dimensions => write!(f, "/{}", dimensions.join("+")),
        }
    }
}
