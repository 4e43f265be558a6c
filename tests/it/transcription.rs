//! The report was written down twice, the second time without sight of the first. Both have to say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::report::{Table, path};

/// Columns that interpret what is printed, and so stand in the first transcription alone: how their name ends, and why.
const INTERPRETED: [(&str, &str); 2] = [
    ("_decimals", "a dropped trailing zero is read from the other numbers of the column, not from the cell"),
    ("positioning_en", "our translation of the column before it; the report has no English"),
];

#[test]
fn both_transcriptions_say_the_same() {
    let (first, second) = (tables("data"), tables("tests/transcription"));
    let names = |tables: &BTreeMap<String, Table>| tables.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second), "the files");
    let mut unlike = Vec::new();
    let mut used = BTreeSet::new();
    let mut cells = 0;
    for (name, one) in &first {
        let other = &second[name];
        let (ours, theirs) = (keyed(name, one), keyed(name, other));
        let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        let columns: BTreeSet<&String> = one.header.iter().chain(&other.header).collect();
        for key in keys {
            let (Some(&ours), Some(&theirs)) = (ours.get(key), theirs.get(key)) else {
                unlike.push(format!("{name} [{key}] stands in one of them alone"));
                continue;
            };
            for &column in &columns {
                let (a, b) = (one.cell(ours, column), other.cell(theirs, column));
                cells += 1;
                if a == b {
                    continue;
                }
                match INTERPRETED.iter().find(|(suffix, _)| column.ends_with(suffix)) {
                    Some((suffix, _)) if b.is_empty() => drop(used.insert(*suffix)),
                    _ => unlike.push(format!("{name} [{key}] {column}: '{a}' and '{b}'")),
                }
            }
        }
    }
    assert!(unlike.is_empty(), "{} differences:\n{}", unlike.len(), unlike.join("\n"));
    assert!(cells > 1000, "only {cells} cells were compared");
    let listed: BTreeSet<&str> = INTERPRETED.iter().map(|(suffix, _)| *suffix).collect();
    assert_eq!(used, listed, "every exception is one");
}

#[test]
fn rows_stand_in_the_same_order() {
    for (name, one) in tables("data") {
        let other = Table::read(&path("tests/transcription").join(&name));
        let order = |table: &Table| {
            let mut keys: Vec<(usize, String)> = keyed(&name, table).into_iter().map(|(key, row)| (row, key)).collect();
            keys.sort();
            keys
        };
        assert_eq!(order(&one), order(&other), "{name}");
    }
}

/// The tables below a folder, one folder an area, by `area/file`.
fn tables(folder: &str) -> BTreeMap<String, Table> {
    let folder = path(folder);
    let mut tables = BTreeMap::new();
    for area in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let area_name = area.file_name().unwrap().to_str().unwrap();
        if ["codes", "schemas"].contains(&area_name) {
            continue;
        }
        for file in std::fs::read_dir(&area).unwrap() {
            let file = file.unwrap().path();
            tables.insert(format!("{area_name}/{}", file.file_name().unwrap().to_str().unwrap()), Table::read(&file));
        }
    }
    tables
}

/// Rows by period and members; the dimensions stand in the file's name.
fn keyed(name: &str, table: &Table) -> BTreeMap<String, usize> {
    let stem = Path::new(name).file_stem().unwrap().to_str().unwrap();
    let dimensions: Vec<&str> =
        stem.split_once("-by-").map_or(Vec::new(), |(_, dimensions)| dimensions.split('-').collect());
    let mut rows = BTreeMap::new();
    for row in 0..table.rows.len() {
        let members: Vec<&str> =
            std::iter::once("period").chain(dimensions.iter().copied()).map(|name| table.cell(row, name)).collect();
        assert!(rows.insert(members.join(" "), row).is_none(), "{name}: {members:?} stands there twice");
    }
    rows
}
