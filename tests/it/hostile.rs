//! Packages that mean harm, through the whole program: exit 2 with a place, nothing raw on a terminal, never a panic.

use std::fs;
use std::io::Write;
use std::path::Path;

use aistat::Exit;

use crate::harness::{Run, args};

const SCHEMA: &str = r#""schema": {"fields": [{"name": "Year", "type": "year"}, {"name": "City", "type": "string"}, {"name": "Value", "type": "number"}]}"#;

/// A package `p` of one table, with a resource as JSON.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(resource: &str, csv: &[u8]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write(
            "datapackage.json",
            format!(r#"{{"name": "p", "resources": [{{"name": "t", {resource}}}]}}"#).as_bytes(),
        );
        folder.write("t.csv", csv);
        folder
    }

    fn table(csv: &[u8]) -> Folder {
        Folder::new(&format!(r#""path": "t.csv", {SCHEMA}"#), csv)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        fs::write(self.0.path().join(path), bytes).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn ask(&self, words: &str) -> Run {
        args(words.split_whitespace()).arg("--data").arg(&self.path().to_string_lossy())
    }

    /// The question is refused with this text, and `check` has it too.
    #[track_caller]
    fn refused(&self, expected: &str) {
        let refusal = self.ask("p t").refused();
        assert!(refusal.contains(expected), "{expected}: {refusal}");
        let check = args(["check", "-f", "json"]).arg(&self.path().to_string_lossy()).run();
        assert_ne!(check.exit, Exit::Answered, "{}{}", check.out, check.err);
    }
}

const SOUND: &[u8] = b"Year,City,Value\n2022,a,5\n2022,b,7\n";

#[test]
fn a_sound_one_answers() {
    assert_eq!(Folder::table(SOUND).ask("p t --where City=b").column("value"), ["7"]);
}

#[test]
fn paths_do_not_leave_the_folder() {
    for (path, expected) in [
        ("/etc/hostname", "is an absolute path"),
        ("../t.csv", "has '..' in it"),
        (".ssh/t.csv", "is hidden or in a hidden folder"),
        ("http://example.org/t.csv", "is an address"),
        ("C:/t.csv", "is an absolute path"),
        ("t.csv/../../t.csv", "has '..' in it"),
    ] {
        Folder::new(&format!(r#""path": "{path}", {SCHEMA}"#), SOUND).refused(expected);
    }
    let schema = Folder::new(r#""path": "t.csv", "schema": "/etc/passwd""#, SOUND);
    schema.refused("is an absolute path");
}

#[cfg(unix)]
#[test]
fn links_devices_pipes_and_folders_are_not_read() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    fs::write(secret.path(), SOUND).unwrap();
    for (target, expected) in [
        (secret.path(), "symbolic link"),
        (Path::new("/dev/zero"), "symbolic link"),
        (Path::new("/proc/self/environ"), "symbolic link"),
    ] {
        let folder = Folder::new(&format!(r#""path": "link.csv", {SCHEMA}"#), SOUND);
        std::os::unix::fs::symlink(target, folder.path().join("link.csv")).unwrap();
        folder.refused(expected);
    }
    let folder = Folder::new(&format!(r#""path": "pipe", {SCHEMA}"#), SOUND);
    if std::process::Command::new("mkfifo")
        .arg(folder.path().join("pipe"))
        .status()
        .is_ok_and(|status| status.success())
    {
        folder.refused("is not a plain file");
        let new = args(["new", "/tmp/none", "--from"]).arg(&folder.path().join("pipe").to_string_lossy()).refused();
        assert!(new.contains("is not a plain file"), "{new}");
    }
    let descriptor = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/zero", descriptor.path().join("datapackage.json")).unwrap();
    let refusal = args(["list", "--data"]).arg(&descriptor.path().to_string_lossy()).refused();
    assert!(refusal.contains("symbolic link"), "{refusal}");
    let refusal = args(["check"]).arg(&descriptor.path().to_string_lossy()).refused();
    assert!(refusal.contains("symbolic link"), "{refusal}");
    let folder = Folder::new(&format!(r#""path": "link.csv", {SCHEMA}"#), SOUND);
    fs::create_dir(folder.path().join(".hidden")).unwrap();
    folder.write(".hidden/t.csv", SOUND);
    std::os::unix::fs::symlink(".hidden/t.csv", folder.path().join("link.csv")).unwrap();
    folder.refused("is a symbolic link to what is hidden");
}

#[test]
fn every_limit_has_a_name_and_a_way_to_raise_it() {
    let rows: String = (0..40).map(|year| format!("{},a,{}\n", 1900 + year, "7".repeat(12))).collect();
    let folder = Folder::table(format!("Year,City,Value\n{rows}").as_bytes());
    folder.ask("p t").ok();
    for (name, value) in [
        ("descriptor-bytes", 20),
        ("file-bytes", 100),
        ("nesting", 2),
        ("resources", 0),
        ("fields", 2),
        ("rows", 10),
        ("cell-bytes", 6),
        ("paths", 0),
    ] {
        let variable = format!("AISTAT_LIMIT_{}", name.replace('-', "_").to_uppercase());
        let refusal = folder.ask("p t").var(&variable, &value.to_string()).refused();
        assert!(refusal.contains(&format!("more than the limit {name} ({value})")), "{refusal}");
        assert!(refusal.contains(&variable), "{refusal}");
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'0'; 1 << 22]).unwrap();
    let bomb = Folder::new(&format!(r#""path": "t.csv", "compression": "gz", {SCHEMA}"#), &encoder.finish().unwrap());
    let refusal = bomb.ask("p t").var("AISTAT_LIMIT_EXPANDED_BYTES", "65536").refused();
    let limit = "expanded-bytes (65536); if you trust it, set AISTAT_LIMIT_EXPANDED_BYTES to more than 65536\n";
    assert!(refusal.contains(limit), "{refusal}");
    let wrong = bomb.ask("p t").var("AISTAT_LIMIT_ROWS", "many").refused();
    assert!(wrong.contains("AISTAT_LIMIT_ROWS must be a whole number"), "{wrong}");
}

/// Two rows of a broken and of a sound table.
#[test]
fn a_broken_table_keeps_no_members_back() {
    let folder = Folder::table(b"Year,City,Value\n2022,a,five\n");
    let table = |name: &str| format!(r#"{{"name": "{name}", "path": "{name}.csv", {SCHEMA}}}"#);
    let descriptor = format!(r#"{{"name": "p", "resources": [{}, {}]}}"#, table("t"), table("u"));
    folder.write("datapackage.json", descriptor.as_bytes());
    folder.write("u.csv", SOUND);
    let output = folder.ask("list p --members").ok();
    let members: Vec<&str> = output.out.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(members, ["a", "b"], "{}", output.out);
    assert!(output.err.contains("p/t/city cannot be read: "), "{}", output.err);
    let refusal = folder.ask("list p/t --members").refused();
    assert!(refusal.contains("t.csv:2:8: 'five' is not a number"), "{refusal}");
}

#[test]
fn no_more_fields_are_looked_at_than_the_limit() {
    let field = |at: usize| format!(r#"{{"name": "v{at}", "type": "number"}}"#);
    let fields: Vec<String> = (0..1_000).map(field).collect();
    let year = r#"{"name": "Year", "type": "year"}"#;
    let schema = format!(r#""schema": {{"fields": [{year}, {}]}}"#, fields.join(","));
    let folder = Folder::new(&format!(r#""path": "t.csv", {schema}"#), b"Year\n2020\n");
    let refusal = folder.ask("p t").refused();
    assert!(refusal.contains("datapackage.json:1:"), "{refusal}");
    assert!(refusal.contains("more than the limit fields (1000)"), "{refusal}");
}

#[test]
fn an_area_that_a_package_has_not_is_looked_for_in_that_package() {
    let folder = Folder::table(SOUND);
    for words in ["p:zz t", "list p:zz"] {
        let refusal = folder.ask(words).refused();
        assert!(refusal.contains("the package p has no area 'zz'\n  areas: p\n"), "{refusal}");
    }
    let refusal = folder.ask("list wb2024").refused();
    assert!(
        refusal.contains("the package wb2024 has no area 'wb2024'\n  areas: china, world, shenzhen\n"),
        "{refusal}"
    );
}

#[test]
fn a_file_has_as_many_bytes_as_its_resource_says() {
    // Sixteen bytes of header, nine of each row.
    let resource = |bytes: u64| format!(r#""path": "t.csv", "bytes": {bytes}, {SCHEMA}"#);
    Folder::new(&resource(34), SOUND).ask("p t").ok();
    Folder::new(&resource(33), SOUND).refused("'t.csv' has 34 bytes, not 33; correct bytes");
}

#[test]
fn broken_tables_say_where() {
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    for (csv, expected) in [
        (b"Year,City,Value\n2022,a,NaN\n".to_vec(), "t.csv:2:8: 'NaN' is not a finite number"),
        (b"Year,City,Value\n2022,a,-inf\n".to_vec(), "t.csv:2:8: '-inf' is not a finite number"),
        (b"Year,City,Value\n2022,a,1e400\n".to_vec(), "t.csv:2:8: '1e400' is too large or too small a number"),
        (b"Year,City,Value\n2022,a,12 apples\n".to_vec(), "t.csv:2:8: '12 apples' is not a number"),
        (b"Year,City,Value\n2022,\xff\xfe,5\n".to_vec(), "t.csv:2:6: is not valid UTF-8"),
        (b"Year,City,Value\n2022,a\n".to_vec(), "t.csv:2:6: 2 fields where the header has 3"),
        (b"Year,City,Value\n2022,a,5\n2022,a,6\n".to_vec(), "is the same observation as"),
        (b"Year,City,Value\nnever,a,5\n".to_vec(), "t.csv:2:1: 'never' is not a period"),
        (b"Year,City,Value\n2022,\"a,5\n".to_vec(), "t.csv:2:6"),
        (Vec::new(), "t.csv: is empty"),
        ([b"Year,City,Value\n2022,".as_slice(), &vec![b'x'; 10 << 20], b",5\n"].concat(), "cell-bytes (1048576)"),
        ([b"Year,City,Value\n2022,a,".as_slice(), &vec![b'9'; 10 << 20], b"\n"].concat(), "cell-bytes (1048576)"),
    ] {
        Folder::table(&csv).refused(expected);
    }
    let whole = gzip(SOUND);
    let gz = |bytes: &[u8]| Folder::new(&format!(r#""path": "t.csv", "compression": "gz", {SCHEMA}"#), bytes);
    gz(&whole).ask("p t").ok();
    gz(&whole[..whole.len() - 12]).refused("is a gzip file cut short");
    gz(b"no gzip at all").refused("is not valid gzip");
}

#[test]
fn broken_descriptors_say_where() {
    let folder = tempfile::tempdir().unwrap();
    for (text, expected) in [
        ("", "is not valid JSON"),
        ("{\"name\": \"p\",\n \"resources\": [}", "datapackage.json:2:16: is not valid JSON"),
        ("[]", "must be an object"),
        (&format!("{{\"name\": {}", "[".repeat(200_000)), "more than the limit nesting (64)"),
        ("{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"path\": 5}]}", "datapackage.json:1:"),
    ] {
        fs::write(folder.path().join("datapackage.json"), text).unwrap();
        let run = args(["p", "t", "--data"]).arg(&folder.path().to_string_lossy()).run();
        assert_eq!((run.exit, run.out.as_str()), (Exit::Usage, ""), "{expected}");
        assert!(run.err.contains(expected) || run.err.contains("there is no area"), "{expected}: {}", run.err);
        let check = args(["check"]).arg(&folder.path().to_string_lossy()).run();
        assert_eq!(check.exit, Exit::No, "{expected}: {}{}", check.out, check.err);
        assert!(check.out.contains("datapackage.json"), "{}", check.out);
    }
}

/// Escape sequences, bidirectional controls, line breaks and other controls.
const EVIL: &str = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{202e}txt\u{2028}\u{200f}\r\u{9b}2J";

fn is_raw(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}' | '\u{2029}')
}

#[test]
fn no_control_character_of_data_reaches_a_terminal() {
    let evil = serde_json::Value::from(EVIL).to_string();
    let folder = Folder(tempfile::tempdir().unwrap());
    folder.write(
        "datapackage.json",
        format!(
            r#"{{"name": "p", "title": {evil}, "aistat:source": {{"zh": {evil}, "en": {evil}}}, "resources": [{{"name": "t", "title": {evil}, "path": "t.csv", "schema": {{"fields": [
            {{"name": "Year", "type": "year"}}, {{"name": "City", "title": {evil}, "type": "string"}}, {{"name": "Value", "title": {evil}, "type": "number"}}]}}}}]}}"#
        )
        .as_bytes(),
    );
    let mut csv = csv::Writer::from_writer(Vec::new());
    for row in [["Year", "City", "Value"], ["2022", EVIL, "5"], ["2023", EVIL, "7"]] {
        csv.write_record(row).unwrap();
    }
    folder.write("t.csv", &csv.into_inner().unwrap());
    for line in [
        "p t",
        "p t --growth --source --bounds",
        "p t --pivot city",
        "list",
        "list --members",
        "list --packages",
        "find red",
        "show p/t",
        "compare p/t p/t",
        "dump",
        "--version",
        "p t --where City=nobody",
        "p nothing",
        "explain p/t",
        "",
        "p t --help",
        "p --help",
        "man",
        "audit",
    ] {
        for format in ["", " -f table", " -f table --lang zh", " -f md"] {
            let run = folder.ask(&format!("{line}{format}")).terminal(100).var("NO_COLOR", "1").run();
            for (stream, text) in [("stdout", &run.out), ("stderr", &run.err)] {
                let found = text.chars().find(|c| is_raw(*c));
                assert!(found.is_none(), "{line}{format}: {found:?} on {stream}: {}", text.escape_debug());
            }
        }
    }
    let check = args(["check"]).arg(&folder.path().to_string_lossy()).terminal(100).var("NO_COLOR", "1").run();
    assert!(!check.out.chars().any(is_raw) && !check.err.chars().any(is_raw), "{}", check.out.escape_debug());
    // In a pipe the bytes are those of the data.
    assert!(folder.ask("p t -f csv").ok().out.contains("2022,"));
}

#[test]
fn formulas_are_guarded_for_spreadsheets_alone() {
    let folder =
        Folder::table(b"Year,City,Value\n2022,\"=HYPERLINK(\"\"x\"\")\",-5\n2022,+1,7\n2022,@x,7\n2022,-y,8\n");
    let guarded = folder.ask("p t --for-excel --headers title").ok().out;
    for line in guarded.lines().skip(1) {
        let cell = line.split(',').nth(1).unwrap().trim_start_matches('"');
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{line}");
    }
    assert!(guarded.contains(",-5"), "{guarded}");
}

#[test]
fn spreadsheets_of_nonsense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("t.xlsx");
    for bytes in [
        b"PK\x03\x04".to_vec(),
        [b"PK\x03\x04".as_slice(), &[0xff; 4096]].concat(),
        [&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 4096]].concat(),
    ] {
        fs::write(&table, &bytes).unwrap();
        let made = folder.path().join("made");
        let refusal = args(["new"]).arg(&made.to_string_lossy()).arg("--from").arg(&table.to_string_lossy()).refused();
        assert!(refusal.contains("cannot be read as a spreadsheet"), "{refusal}");
        assert!(!made.exists());
    }
}
