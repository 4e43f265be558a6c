//! Packages that mean harm, or are broken in every other way: a fault with its place, never a panic.

use proptest::prelude::*;

use super::super::testing::{Folder, foreign};
use super::super::{Fault, Limit, Limits, Package};

const SCHEMA: &str = r#""schema": {"fields": [{"name": "Year", "type": "year"}, {"name": "Value", "type": "number"}]}"#;
const CSV: &str = "Year,Value\n2022,5\n";

fn with_path(path: &str) -> Folder {
    let path = serde_json::Value::from(path);
    let descriptor = format!(r#"{{"name": "p", "resources": [{{"name": "t", "path": {path}, {SCHEMA}}}]}}"#);
    Folder::new(&[("datapackage.json", &descriptor), ("t.csv", CSV)])
}

#[test]
fn paths_stay_in_the_folder() {
    for (path, expected) in [
        ("/etc/passwd", "is an absolute path"),
        ("../t.csv", "has '..' in it"),
        ("a/../../t.csv", "has '..' in it"),
        ("C:\\t.csv", "is an absolute path"),
        ("a\\t.csv", "has a backslash or a control character"),
        ("~/t.csv", "is an absolute path"),
        (".git/config", "is hidden or in a hidden folder"),
        ("https://example.org/t.csv", "is an address: only files of the package are read"),
        ("", "is empty"),
        ("t\n.csv", "has a backslash or a control character"),
    ] {
        let fault = with_path(path).dataset(0).unwrap_err().remove(0);
        assert!(fault.contains(expected) && fault.starts_with("datapackage.json:1:51: "), "{path}: {fault}");
    }
    assert!(with_path("./t.csv").dataset(0).is_ok());
}

#[cfg(unix)]
#[test]
fn links_devices_and_pipes() {
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("t.csv"), CSV).unwrap();
    let folder = with_path("link.csv");
    std::os::unix::fs::symlink(other.path().join("t.csv"), folder.path().join("link.csv")).unwrap();
    let fault = folder.dataset(0).unwrap_err().remove(0);
    assert!(fault.contains("is a symbolic link that leaves the package's folder"), "{fault}");
    let folder = with_path("link.csv");
    std::os::unix::fs::symlink("t.csv", folder.path().join("link.csv")).unwrap();
    assert!(folder.dataset(0).is_ok());
    let folder = with_path("link.csv");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("link.csv")).unwrap();
    assert!(folder.dataset(0).unwrap_err()[0].contains("symbolic link"));
    let folder = with_path("pipe");
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        assert!(folder.dataset(0).unwrap_err()[0].contains("is not a plain file"));
    }
    let folder = with_path("folder");
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    assert!(folder.dataset(0).unwrap_err()[0].contains("is not a plain file"));
}

#[test]
fn limits_have_names() {
    let rows: String = (0..50).map(|year| format!("{},{}\n", 1900 + year, "7".repeat(20))).collect();
    let folder = foreign(SCHEMA, &format!("Year,Value\n{rows}"));
    for (limit, value) in [
        (Limit::DescriptorBytes, 20),
        (Limit::FileBytes, 100),
        (Limit::Nesting, 2),
        (Limit::Resources, 0),
        (Limit::Fields, 1),
        (Limit::Rows, 10),
        (Limit::CellBytes, 10),
        (Limit::Paths, 0),
    ] {
        let mut limits = Limits::default();
        limits.set(limit, value);
        let read = Package::open(folder.path(), &limits)
            .and_then(|package| package.dataset(&package.resources[0]).map(|_| ()));
        let fault = read.unwrap_err().remove(0);
        assert!(fault.what.en.contains(limit.name()), "{fault}");
        assert!(fault.write.unwrap().en.contains(&limit.variable()), "{}", limit.name());
    }
    let bomb = foreign(&format!(r#""compression": "gz", {SCHEMA}"#), "");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, &vec![b'0'; 1 << 20]).unwrap();
    bomb.write("t.csv", &encoder.finish().unwrap());
    let mut limits = Limits::default();
    limits.set(Limit::ExpandedBytes, 1 << 16);
    let package = Package::open(bomb.path(), &limits).unwrap();
    let fault = package.dataset(&package.resources[0]).unwrap_err().remove(0);
    assert!(fault.what.en.contains("expanded-bytes (65536)"), "{fault}");
}

/// A mebibyte of gzip against a limit of 64 kibibytes on what is in memory as a whole, and on what is read in blocks.
#[test]
fn decompression_stops_at_the_limit_that_is_named() {
    let folder = foreign(&format!(r#""compression": "gz", {SCHEMA}"#), "");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, b"Year,Value\n").unwrap();
    std::io::Write::write_all(&mut encoder, "2022,5\n".repeat(150_000).as_bytes()).unwrap();
    folder.write("t.csv", &encoder.finish().unwrap());
    for (met, blocks) in [(Limit::WholeBytes, false), (Limit::ExpandedBytes, true), (Limit::Rows, true)] {
        let mut limits = Limits::default();
        limits.set(met, 1 << 16);
        if blocks {
            limits.set(Limit::ExactBytes, 0);
        }
        let package = Package::open(folder.path(), &limits).unwrap();
        let resource = &package.resources[0];
        let read = if blocks { package.large(resource, &|_| true).err() } else { package.dataset(resource).err() };
        let name = format!("more than the limit {} (65536)", met.name());
        let write = format!("if you trust it, set {} to more than 65536", met.variable());
        let faults = read.unwrap();
        assert_eq!((faults.len(), &faults[0].what.en, &faults[0].write.as_ref().unwrap().en), (1, &name, &write));
        if met != Limit::Rows {
            assert_eq!(package.check().iter().map(|fault| &fault.what.en).collect::<Vec<_>>(), [&name]);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_is_written_anew_behind_its_date_has_changed() {
    let folder = foreign(SCHEMA, CSV);
    let path = folder.path().join("t.csv");
    let store = super::super::store::Store::folder(folder.path()).unwrap();
    let open = || store.open("t.csv", Limit::FileBytes, &Limits::default()).unwrap();
    let opened = open();
    assert!(opened.unchanged().is_ok());
    let date = std::fs::metadata(&path).unwrap().modified().unwrap();
    // Clocks of file systems tick slowly.
    std::thread::sleep(std::time::Duration::from_millis(50));
    std::fs::write(&path, "Year,Value\n2022,6\n").unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(date).unwrap();
    assert_eq!(opened.unchanged().unwrap_err().code, "changed-while-read");
    // One that is replaced is what it was to who has it open.
    let opened = open();
    std::fs::write(folder.path().join("new.csv"), CSV).unwrap();
    std::fs::rename(folder.path().join("new.csv"), &path).unwrap();
    assert!(opened.unchanged().is_ok());
}

#[test]
fn messages_show_the_beginning_of_long_texts() {
    let long = "x".repeat(10_000);
    let limits = |most: u64| {
        let mut limits = Limits::default();
        limits.set(Limit::CellBytes, most);
        limits
    };
    let folder = foreign(SCHEMA, &format!("Year,{long}\n2022,{long}\n"));
    let lines = folder.check();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.chars().count() < 200), "{lines:#?}");
    let package = Package::open(folder.path(), &limits(9_999)).unwrap();
    let fault = package.dataset(&package.resources[0]).unwrap_err().remove(0);
    assert_eq!((fault.line, fault.column, fault.what.en.as_str()), (1, 6, "more than the limit cell-bytes (9999)"));
}

#[test]
fn gzip_that_breaks_off_says_in_which_row() {
    let folder = foreign(&format!(r#""compression": "gz", {SCHEMA}"#), "");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    std::io::Write::write_all(&mut encoder, CSV.as_bytes()).unwrap();
    let whole = encoder.finish().unwrap();
    // Eight bytes of the end are checks; the table itself is there.
    folder.write("t.csv", &whole[..whole.len() - 4]);
    let lines = folder.dataset(0).unwrap_err();
    assert_eq!(lines, ["t.csv:3: is a gzip file cut short; compress or download it again"]);
}

/// Two files of 18 bytes each.
#[test]
fn the_files_of_a_table_expand_together() {
    let files = [CSV, "Year,Value\n2023,6\n"];
    for compression in ["no", "gz"] {
        let resource = format!(r#""path": ["a.csv", "b.csv"], "compression": "{compression}", {SCHEMA}"#);
        let descriptor = format!(r#"{{"name": "p", "resources": [{{"name": "t", {resource}}}]}}"#);
        let folder = Folder::new(&[("datapackage.json", &descriptor)]);
        for (name, text) in ["a.csv", "b.csv"].into_iter().zip(files) {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
            let packed = encoder.finish().unwrap();
            folder.write(name, if compression == "gz" { &packed } else { text.as_bytes() });
        }
        let read = |most: u64| {
            let mut limits = Limits::default();
            limits.set(Limit::ExpandedBytes, most);
            let package = Package::open(folder.path(), &limits).unwrap();
            package
                .dataset(&package.resources[0])
                .map(|dataset| dataset.frame.height())
                .map_err(|faults| faults[0].clone())
        };
        assert_eq!(read(36), Ok(2));
        let fault = read(35).unwrap_err();
        assert!(fault.file.ends_with("b.csv") && fault.what.en.contains("expanded-bytes (35)"), "{fault}");
    }
}

#[test]
fn inline_rows_are_filled_up_within_limits() {
    let fault = |data: String, limit: Option<u64>| {
        let descriptor = format!(r#"{{"name": "p", "resources": [{{"name": "t", "data": {data}, {SCHEMA}}}]}}"#);
        let folder = Folder::new(&[("datapackage.json", &descriptor)]);
        let mut limits = Limits::default();
        limits.set(Limit::ExpandedBytes, limit.unwrap_or(limits.get(Limit::ExpandedBytes)));
        let package = Package::open(folder.path(), &limits).unwrap();
        package.dataset(&package.resources[0]).unwrap_err().remove(0).to_string()
    };
    let rows: Vec<String> = (0..1_001).map(|at| format!(r#"{{"k{at}": {at}}}"#)).collect();
    let found = fault(format!("[{}]", rows.join(",")), None);
    assert!(found.contains("datapackage.json:1:") && found.contains("more than the limit fields (1000)"), "{found}");
    // 20 names and 500 rows: 80,000 bytes at 8 a cell, from 2,000 of text.
    let names: Vec<String> = (0..20).map(|at| format!(r#""k{at}": 1"#)).collect();
    let found = fault(format!("[{{{}}}{}]", names.join(","), ",{}".repeat(499)), Some(79_999));
    assert!(found.contains("expanded-bytes (79999)"), "{found}");
}

#[test]
fn each_fault_of_many_resources_is_that_of_its_resource() {
    let resources: Vec<String> = (0..500)
        .map(|at| {
            let path = if at == 250 { "\"t.csv\"" } else { "5" };
            format!("\n{{\"name\": \"t{at}\", \"path\": {path}, {SCHEMA}}}")
        })
        .collect();
    let descriptor = format!(r#"{{"name": "p", "resources": [{}]}}"#, resources.join(","));
    let folder = Folder::new(&[("datapackage.json", &descriptor), ("t.csv", CSV)]);
    let lines = folder.check();
    assert_eq!(lines.iter().filter(|line| line.contains("'path' has the wrong type")).count(), 499);
    let package = folder.package();
    let sound = package.resources.iter().filter(|resource| package.dataset(resource).is_ok());
    assert_eq!(sound.map(|resource| resource.name.as_str()).collect::<Vec<_>>(), ["t250"]);
}

#[test]
fn no_package_at_all() {
    let faults = |folder: &Folder| folder.open().unwrap_err().iter().map(Fault::to_string).collect::<Vec<_>>();
    assert!(
        faults(&Folder::new(&[]))[0].ends_with("datapackage.json: there is no such file; write one (docs/format.md)")
    );
    assert!(Package::open(std::path::Path::new("/nonexistent/x"), &Limits::default()).is_err());
    for (text, expected) in [
        ("", "is not valid JSON: EOF while parsing a value"),
        ("{\"name\": }", "is not valid JSON: expected value"),
        ("[]", "datapackage.json:1:1: must be an object"),
        ("{\"name\": \"a\"} x", "is not valid JSON: trailing characters"),
        (&"[".repeat(100_000), "more than the limit nesting (64)"),
    ] {
        let lines = faults(&Folder::new(&[("datapackage.json", text)]));
        assert!(lines[0].contains(expected), "{lines:?}");
    }
    let folder = Folder::new(&[]);
    folder.write("datapackage.json", b"{\"name\": \"\xff\"}");
    assert!(faults(&folder)[0].contains("datapackage.json:1:11: is not valid UTF-8"));
}

#[test]
fn tables_of_nothing() {
    for (csv, expected) in [
        ("", "t.csv: is empty"),
        ("\n\n", "t.csv: is empty"),
        ("Year", "t.csv:1:1: the header lacks the column 'Value'"),
        ("Year,Value\0\n", "t.csv:1:11: has a NUL character"),
        ("Year,Value\n2022,1e999999999\n", "t.csv:2:6: '1e999999999' is too large or too small a number"),
        ("\"", "t.csv:1:1: this column is ''"),
    ] {
        let lines = foreign(SCHEMA, csv).dataset(0).unwrap_err();
        assert!(lines[0].starts_with(expected), "{lines:?}");
    }
    assert_eq!(foreign(SCHEMA, "Year,Value\n").dataset(0).unwrap().frame.height(), 0);
}

/// Reads and checks whatever there is.
fn exercise(folder: &Folder) {
    if let Ok(package) = folder.open() {
        for resource in &package.resources {
            let _ = package.dataset(resource);
            for dimension in &resource.address.dimensions {
                let _ = package.dimension_title(resource, dimension);
            }
        }
        let _ = (package.areas(), package.topics(), package.notes(), package.relations(), package.check());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_table_panics(csv in "[Year,Value20\n\r\"'é深\u{202e}.+-]{0,80}") {
        exercise(&foreign(SCHEMA, &format!("Year,Value\n{csv}")));
        exercise(&foreign(SCHEMA, &csv));
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), gz: bool) {
        let folder = foreign(&format!(r#""compression": "{}", {SCHEMA}"#, if gz { "gz" } else { "no" }), "");
        folder.write("t.csv", &bytes);
        exercise(&folder);
        folder.write("datapackage.json", &bytes);
        exercise(&folder);
    }

    #[test]
    fn no_descriptor_panics(cuts in proptest::collection::vec((0usize..2_000, 0usize..40, "[\\[\\]{}\",:a0 \\-n]{0,6}"), 1..4)) {
        let mut text = super::declared::DESCRIPTOR.to_owned();
        for (at, length, instead) in cuts {
            let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (from, to) = (floor(at), floor(at + length));
            text.replace_range(from..to.max(from), &instead);
        }
        let folder = super::declared::folder_with(&[]);
        folder.write("datapackage.json", text.as_bytes());
        exercise(&folder);
    }

    #[test]
    fn no_schema_panics(cuts in proptest::collection::vec((0usize..1_500, 0usize..40, "[\\[\\]{}\",:a0 \\-n]{0,6}"), 1..4)) {
        let mut text = super::declared::SCHEMA.to_owned();
        for (at, length, instead) in cuts {
            let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (from, to) = (floor(at), floor(at + length));
            text.replace_range(from..to.max(from), &instead);
        }
        let folder = super::declared::folder_with(&[]);
        folder.write("schema.json", text.as_bytes());
        exercise(&folder);
    }
}
