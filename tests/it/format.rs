//! The format as docs/ describe it: the worked example, the limits, the JSON Schema profile.

use std::fs;
use std::path::Path;
use std::process::Command;

use aistat::package::Limit;

use crate::harness::args;
use crate::report::{path, skipped};

/// A fenced block: what stands behind the fence, and its lines.
struct Block {
    info: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(info) if !open => blocks.push(Block { info: info.to_owned(), text: String::new() }),
            Some(_) => {}
            None if open => {
                let block = blocks.last_mut().unwrap();
                block.text += line;
                block.text.push('\n');
            }
            None => {}
        }
        open ^= line.starts_with("```");
    }
    blocks
}

fn page() -> String {
    fs::read_to_string(path("docs").join("format.md")).unwrap()
}

#[test]
fn the_worked_example_of_ten_lines() {
    let folder = tempfile::tempdir().unwrap();
    let blocks = blocks(&page());
    let mut lines = 0;
    for block in &blocks {
        let Some((_, file)) = block.info.split_once(' ') else { continue };
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, &block.text).unwrap();
        lines += block.text.lines().count();
    }
    assert_eq!(lines, 10);
    let console = blocks.iter().find(|block| block.info == "console").unwrap();
    let mut asked = 0;
    for part in console.text.split("$ aistat ").filter(|part| !part.is_empty()) {
        let (line, expected) = part.split_once('\n').unwrap();
        let root = folder.path().join("");
        let mut words = words(line);
        let at = words.iter().position(|word| word == "--data" || word == "check").unwrap() + 1;
        words[at] = root.join(&words[at]).display().to_string();
        let run = args(words).run();
        assert_eq!(run.exit, aistat::Exit::Answered, "{line}: {}{}", run.out, run.err);
        let out = run.out.replace(&root.display().to_string(), "");
        let expected = expected.trim_end();
        assert!(expected.is_empty() || out.trim_end() == expected, "{line}\n{out}");
        asked += 1;
    }
    assert_eq!(asked, 3);
}

/// Words of a shell line without anything but single quotes.
fn words(line: &str) -> Vec<String> {
    line.split('\'')
        .enumerate()
        .flat_map(|(at, part)| {
            if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
        })
        .collect()
}

#[test]
fn every_limit_is_documented() {
    let page = page();
    for limit in Limit::ALL {
        assert!(page.contains(&format!("| `{}` |", limit.name())), "{}", limit.name());
        assert!(page.contains(&format!("| `{}` |", limit.variable())), "{}", limit.variable());
    }
}

/// Checks JSON files against the profile; the first line of the answer is `ok`, or what is wrong.
const PYTHON: &str = r##"
import json, sys
from jsonschema import Draft7Validator
profile = json.load(open(sys.argv[1]))
Draft7Validator.check_schema(profile)
schema = {"$ref": "#/definitions/schema", "definitions": profile["definitions"]}
for path in sys.argv[2:]:
    validator = Draft7Validator(profile if path.endswith("datapackage.json") else schema)
    errors = sorted("/".join(map(str, e.absolute_path)) + ": " + e.message[:150] for e in validator.iter_errors(json.load(open(path))))
    print(json.dumps(errors))
"##;

fn errors(files: &[&Path]) -> Option<Vec<Vec<String>>> {
    let there =
        Command::new("python3").args(["-c", "import jsonschema"]).output().is_ok_and(|run| run.status.success());
    if !there {
        skipped("python3 with jsonschema is not installed");
        return None;
    }
    let output = Command::new("python3")
        .args(["-c", PYTHON])
        .arg(path("docs").join("profile.json"))
        .args(files)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn the_report_has_the_profile() {
    let schemas: Vec<_> =
        fs::read_dir(path("data").join("schemas")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let descriptor = path("data").join("datapackage.json");
    let mut files: Vec<&Path> = schemas.iter().map(std::path::PathBuf::as_path).collect();
    files.push(&descriptor);
    let Some(found) = errors(&files) else { return };
    assert_eq!(found.len(), files.len());
    for (file, errors) in files.iter().zip(found) {
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

#[test]
fn the_profile_refuses_what_is_not_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let resource = |more: &str| format!(r#"{{"name": "p", "resources": [{{"name": "t", {more}}}]}}"#);
    let field = |more: &str| resource(&format!(r#""schema": {{"fields": [{{"name": "m", {more}}}]}}"#));
    let wrong = [
        resource(r#""aistat:area": "Has Capitals", "aistat:topic": "t""#),
        resource(r#""aistat:area": "a""#),
        resource(r#""aistat:dimensions": ["d"]"#),
        resource(r#""aistat:role": "lists""#),
        resource(r#""aistat:exhibit": 29"#),
        resource(r#""aistat:default": "yes""#),
        resource(r#""aistat:parts": {"x": {"exhaustive": "stated"}}"#),
        resource(r#""aistat:exhaustive": "perhaps""#),
        resource(r#""aistat:dimension": ["d"]"#),
        resource(r#""aistat:title": {"zh": "甲"}"#),
        field(r#""type": "integer", "aistat:unit": "u""#),
        field(r#""type": "number", "aistat:kind": "stock""#),
        field(r#""type": "number", "aistat:unit": "u", "aistat:kind": "level""#),
        field(r#""type": "number", "aistat:unit": "u", "aistat:shareOf": {"of": "x"}"#),
        field(r#""type": "number", "aistat:unit": "u", "aistat:unitBasis": "stated""#),
        r#"{"resources": []}"#.to_owned(),
        r#"{"name": "p", "resources": [], "aistat:sources": {"zh": "甲", "en": "a"}}"#.to_owned(),
    ];
    let files: Vec<_> = (0..wrong.len()).map(|at| folder.path().join(format!("{at}-datapackage.json"))).collect();
    for (file, text) in files.iter().zip(&wrong) {
        fs::write(file, text).unwrap();
    }
    let Some(found) = errors(&files.iter().map(std::path::PathBuf::as_path).collect::<Vec<_>>()) else { return };
    for (text, errors) in wrong.iter().zip(found) {
        assert!(!errors.is_empty(), "{text}");
    }
}
