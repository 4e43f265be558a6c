//! The package and the report's text as plain files, read without the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A file of the project.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

#[track_caller]
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A table by header and row, as strings.
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    #[track_caller]
    pub fn read(path: &Path) -> Self {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
        let mut rows: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        let header = rows.remove(0);
        Table { header, rows }
    }

    /// A cell; empty where there is no such column.
    pub fn cell(&self, row: usize, column: &str) -> &str {
        self.header.iter().position(|name| name == column).map_or("", |at| self.rows[row][at].as_str())
    }
}

/// A resource of `data/datapackage.json` that is a dataset.
pub struct Resource {
    pub address: String,
    pub table: Table,
    pub measures: Vec<String>,
    pub section: String,
}

impl Resource {
    /// The section of a cell: its own, else its row's, else the dataset's.
    pub fn section(&self, row: usize, measure: &str) -> &str {
        let own = self.table.cell(row, &format!("{measure}_section"));
        [own, self.table.cell(row, "section"), &self.section].into_iter().find(|section| !section.is_empty()).unwrap()
    }
}

/// `data/datapackage.json`.
pub fn descriptor() -> Value {
    serde_json::from_str(&read(&path("data/datapackage.json"))).unwrap()
}

/// A schema, wherever it stands.
pub fn schema(resource: &Value) -> Value {
    match &resource["schema"] {
        Value::String(file) => serde_json::from_str(&read(&path("data").join(file))).unwrap(),
        inline => inline.clone(),
    }
}

/// Every dataset.
pub fn resources() -> Vec<Resource> {
    let descriptor = descriptor();
    let resources = descriptor["resources"].as_array().unwrap().iter();
    resources
        .filter(|resource| resource["aistat:role"].is_null())
        .map(|resource| {
            let text = |key: &str| resource[key].as_str().unwrap().to_owned();
            let fields = schema(resource)["fields"].as_array().unwrap().clone();
            let measures = fields.iter().filter(|field| !field["aistat:unit"].is_null());
            let dimensions = resource["aistat:dimensions"].as_array().unwrap();
            let dimensions: Vec<&str> = dimensions.iter().map(|name| name.as_str().unwrap()).collect();
            let mut address = format!("{}/{}", text("aistat:area"), text("aistat:topic"));
            if !dimensions.is_empty() {
                address += &format!("/{}", dimensions.join("+"));
            }
            Resource {
                address,
                table: Table::read(&path("data").join(text("path"))),
                measures: measures.map(|field| field["name"].as_str().unwrap().to_owned()).collect(),
                section: text("aistat:section"),
            }
        })
        .collect()
}

/// The text of the report that `AISTAT_REPORT` names.
pub fn text() -> Option<String> {
    match std::env::var_os("AISTAT_REPORT").filter(|path| !path.is_empty()) {
        Some(path) => Some(read(Path::new(&path))),
        None => {
            skipped("AISTAT_REPORT is not set");
            None
        }
    }
}

/// Says that a test had nothing to run on.
#[allow(clippy::print_stderr)]
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// The three chapters that `data/` holds, by section: the lines of each joined by line feeds, in order.
pub fn sections(text: &str) -> BTreeMap<String, String> {
    const CHINESE: &str = "一二三四五六七八九十";
    let number = |c: char| CHINESE.chars().position(|other| other == c).map(|at| at + 1);
    let mut sections: BTreeMap<String, String> = BTreeMap::new();
    let (mut chapter, mut section, mut part) = (0, 0, 0);
    for line in text.lines() {
        if line.starts_with('#') {
            let title = line.trim_start_matches('#').trim();
            let mut chars = title.chars();
            let (first, second, third) = (chars.next(), chars.next(), chars.next());
            match (first, second, third) {
                (Some(c), Some('、'), _) if number(c).is_some() => {
                    (chapter, section, part) = (number(c).unwrap(), 0, 0);
                }
                (Some('(' | '\u{ff08}'), Some(c), Some(')' | '\u{ff09}')) if number(c).is_some() => {
                    (section, part) = (number(c).unwrap(), 0);
                }
                (Some(c), Some('.'), _) if c.is_ascii_digit() => part = c.to_digit(10).unwrap() as usize,
                _ => {}
            }
        }
        if [3, 4, 6].contains(&chapter) {
            let mut name = chapter.to_string();
            for level in [section, part].into_iter().take_while(|level| *level > 0) {
                name += &format!(".{level}");
            }
            let lines = sections.entry(name).or_default();
            lines.push_str(line);
            lines.push('\n');
        }
    }
    sections
}
