//! The report's package: without a fault for this program and for others, and named in both languages.

use std::process::Command;

use aistat::package::{Limits, Package};
use serde_json::Value;

use crate::harness::args;
use crate::report::{Table, descriptor, path, schema, skipped};

#[test]
fn everything_in_the_package_loads() {
    let package = Package::open(&path("data"), &Limits::default()).unwrap();
    let mut faults = Vec::new();
    for resource in &package.resources {
        faults.extend(package.dataset(resource).err().into_iter().flatten());
    }
    let descriptor = descriptor();
    for list in lists(&descriptor) {
        faults.extend(package.code_list(list["name"].as_str().unwrap()).err().into_iter().flatten());
    }
    faults.extend(package.notes().err().into_iter().flatten());
    faults.extend(package.relations().err().into_iter().flatten());
    assert!(faults.is_empty(), "{faults:#?}");
    let datasets =
        descriptor["resources"].as_array().unwrap().iter().filter(|resource| resource["aistat:role"].is_null());
    assert_eq!(package.resources.len(), datasets.count());
}

#[test]
fn check_finds_no_fault() {
    let output = args(["check", path("data").to_str().unwrap()]).ok();
    assert_eq!((output.out.lines().count(), output.err.as_str()), (1, "Note: no fault\n"), "{}", output.out);
}

/// Faults in several tables, and a bad line in a list that they share: each is found, each says what to write, and nothing that
/// only follows from them is one. `relations.csv` names cells of all three tables.
#[test]
fn every_fault_is_found_in_one_run_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    copy(&path("data"), folder.path());
    let edit = |file: &str, from: &str, to: &str| {
        let file = folder.path().join(file);
        let text = crate::report::read(&file);
        assert!(text.contains(from), "{file:?} has no {from}");
        std::fs::write(&file, text.replacen(from, to, 1)).unwrap();
    };
    edit("codes/country.csv", "uk,英国", "U.K.,英国");
    edit("world/companies-by-country.csv", "14922", "many");
    edit("world/financing-by-country.csv", "2333.5,", "2333.5");
    edit("world/research-by-country.csv", "publications_mark", "publication_mark");
    // A number and its mark: two texts, two faults; and a header whose names stand the wrong way round: one.
    edit("shenzhen/financing-by-round.csv", "../2023,angel,295,,", "../2023,angel,\"29,5\",ca.,");
    edit("china/financing-by-region.csv", "period,region,", "region,period,");
    edit("relations.csv", "china/startups:companies@2017 >", "china/startups:firms@2017 >");
    let output = args(["check", folder.path().to_str().unwrap(), "-f", "json"]).run();
    let answer: Value = serde_json::from_str(&output.out).unwrap();
    let faults: Vec<[&str; 2]> = answer["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            assert!(!row["write"].is_null(), "{row}");
            let file = row["file"].as_str().unwrap().rsplit('/').next().unwrap();
            [file, row["code"].as_str().unwrap()]
        })
        .collect();
    assert_eq!(
        faults,
        [
            ["financing-by-region.csv", "header"],
            ["country.csv", "bad-code"],
            ["relations.csv", "relation"],
            ["financing-by-round.csv", "not-a-number"],
            ["financing-by-round.csv", "unknown-mark"],
            ["companies-by-country.csv", "not-a-number"],
            ["financing-by-country.csv", "row-length"],
            ["research-by-country.csv", "header"],
        ],
        "{}",
        output.out
    );
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn the_binary_holds_the_package_as_it_is_on_disk() {
    let (binary, disk) = (Package::embedded().unwrap(), Package::open(&path("data"), &Limits::default()).unwrap());
    assert_eq!(binary.resources.len(), disk.resources.len());
    for (one, other) in binary.resources.iter().zip(&disk.resources) {
        assert_eq!(one.address.to_string(), other.address.to_string());
        let (one, other) = (binary.dataset(one).unwrap(), disk.dataset(other).unwrap());
        assert_eq!(one.periods, other.periods);
        for measure in &one.measures {
            for row in 0..one.periods.len() {
                let cells = (one.cell(&measure.name, row), other.cell(&measure.name, row));
                assert_eq!(format!("{:?}", cells.0), format!("{:?}", cells.1));
            }
        }
    }
}

#[test]
fn frictionless_accepts_the_package() {
    let run = Command::new("frictionless").args(["validate", "data/datapackage.json"]).current_dir(path(".")).output();
    let Ok(output) = run else { return skipped("frictionless is not installed") };
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() && ["command not found", "No module named"].iter().any(|word| text.contains(word)) {
        return skipped("frictionless is not installed");
    }
    assert!(output.status.success() && !text.contains("INVALID"), "{text}");
}

#[test]
fn everything_has_a_name_in_both_languages() {
    let descriptor = descriptor();
    let mut nameless = Vec::new();
    both(&descriptor["aistat:title"], "package", &mut nameless);
    both(&descriptor["aistat:source"], "source", &mut nameless);
    for resource in descriptor["resources"].as_array().unwrap() {
        let name = resource["name"].as_str().unwrap();
        both(&resource["aistat:title"], name, &mut nameless);
        if !resource["aistat:role"].is_null() {
            continue;
        }
        for field in schema(resource)["fields"].as_array().unwrap() {
            both(&field["aistat:title"], &format!("{name} {}", field["name"]), &mut nameless);
        }
    }
    let tables =
        lists(&descriptor).map(|list| list["path"].as_str().unwrap().to_owned()).chain(["notes.csv".to_owned()]);
    for file in tables {
        let table = Table::read(&path("data").join(&file));
        for row in 0..table.rows.len() {
            for language in ["zh", "en"] {
                if table.cell(row, language).trim().is_empty() {
                    nameless.push(format!("{file} line {} {language}", row + 2));
                }
            }
        }
    }
    assert!(nameless.is_empty(), "{nameless:#?}");
}

#[test]
fn english_is_english_and_chinese_is_chinese() {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut wrong = Vec::new();
    let mut look = |place: String, zh: &str, en: &str| {
        // names that are the same everywhere: of software, of a unit
        if han(en) || (!han(zh) && zh != en) {
            wrong.push(format!("{place}: {zh} / {en}"));
        }
    };
    let descriptor = descriptor();
    for resource in descriptor["resources"].as_array().unwrap() {
        let name = resource["name"].as_str().unwrap();
        let mut titled = vec![(name.to_owned(), resource["aistat:title"].clone())];
        if resource["aistat:role"].is_null() {
            for field in schema(resource)["fields"].as_array().unwrap() {
                titled.push((format!("{name} {}", field["name"]), field["aistat:title"].clone()));
            }
        }
        for (place, title) in titled {
            look(place, title["zh"].as_str().unwrap(), title["en"].as_str().unwrap());
        }
    }
    let files = lists(&descriptor).map(|list| list["path"].as_str().unwrap().to_owned());
    for file in files.chain(["notes.csv".to_owned()]) {
        let table = Table::read(&path("data").join(&file));
        for row in 0..table.rows.len() {
            look(format!("{file} line {}", row + 2), table.cell(row, "zh"), table.cell(row, "en"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn both(title: &Value, place: &str, nameless: &mut Vec<String>) {
    for language in ["zh", "en"] {
        if title[language].as_str().is_none_or(|text| text.trim().is_empty()) {
            nameless.push(format!("{place} {language}"));
        }
    }
}

fn lists(descriptor: &Value) -> impl Iterator<Item = &Value> {
    descriptor["resources"].as_array().unwrap().iter().filter(|resource| resource["aistat:role"] == "codes")
}
