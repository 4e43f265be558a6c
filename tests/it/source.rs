//! What belongs to the report stays in `data/`: its names do not stand in the program, and its sentences stand nowhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::report::{Table, descriptor, path, read, schema, text};

/// Codes of the data that are also words of statistics, of the format or of the command line.
const SHARED: [&str; 11] = [
    "datasets", // an argument of ours, a column of `list`
    "field",    // of a table
    "search",   // a line of the overview
    "size",     // a header of groups
    "type",     // of a field
    "world",    // a member whose name says that it is the sum of others
    "中文",     // a column of `find`
    "主题",     // an argument of ours
    "地区",     // a kind of what `find` finds
    "文件",     // a column of `check`
    "语言",     // an option of ours
];

#[test]
fn no_name_of_the_data_stands_in_the_source() {
    let names = Names::read();
    assert!(names.codes.len() > 100 && names.chinese.len() > 100);
    let mut found = Vec::new();
    let mut literals = 0;
    let mut used = BTreeSet::new();
    for file in sources(&path("src")) {
        for (line, literal) in string_literals(&without_tests(&read(&file))) {
            literals += 1;
            let Some(name) = names.in_literal(&literal) else { continue };
            if SHARED.contains(&name.as_str()) {
                used.insert(name);
            } else {
                found.push(format!("{}:{line}: '{name}' in \"{literal}\"", file.display()));
            }
        }
    }
    assert!(literals > 500, "only {literals} literals");
    assert!(used.iter().eq(SHARED), "a shared word is no longer shared: {used:?}");
    assert!(found.is_empty(), "{} names of the data in the source:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_reader_of_literals_reads_them() {
    let source = r##"
// "a comment" isn't one
/* "nor" /* "this" */ "or this" */
/// ```
/// "doc"
fn f<'a>(x: &'a str) -> char { g("one \" two", '"', '\'', r#"raw " one"#, b"bytes"); '中' }
"##;
    let literals: Vec<String> = string_literals(source).into_iter().map(|(_, literal)| literal).collect();
    assert_eq!(literals, ["one \\\" two", "raw \" one", "bytes"]);
}

/// The notice of the report forbids adapting it: `data/` has facts, and titles as printed, but no sentence.
#[test]
fn no_sentence_of_the_report_stands_in_the_data() {
    const RUN: usize = 20;
    let Some(report) = text() else { return };
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
    let report: BTreeSet<Vec<char>> = squeeze(&report).windows(RUN).map(<[char]>::to_vec).collect();
    let mut found = Vec::new();
    let mut cells = 0;
    let mut look = |place: &str, text: &str| {
        cells += 1;
        if let Some(run) = squeeze(text).windows(RUN).find(|run| report.contains(*run)) {
            found.push(format!("{place}: {}", run.iter().collect::<String>()));
        }
    };
    for file in files(&path("data"), "csv") {
        let name = file.file_name().unwrap().to_str().unwrap();
        if ["document.csv", "exhibits.csv"].contains(&name) {
            continue; // titles as printed
        }
        let table = Table::read(&file);
        for cell in table.rows.iter().flatten() {
            look(name, cell);
        }
    }
    let descriptor = descriptor();
    for resource in descriptor["resources"].as_array().unwrap() {
        if !resource["aistat:role"].is_null() {
            look("titles of lists", resource["aistat:title"]["zh"].as_str().unwrap());
            continue; // the title of a dataset is its exhibit's
        }
        for field in schema(resource)["fields"].as_array().unwrap() {
            look(resource["name"].as_str().unwrap(), field["aistat:title"]["zh"].as_str().unwrap());
        }
    }
    assert!(cells > 1000, "only {cells} texts");
    assert!(found.is_empty(), "{found:#?}");
}

/// Columns of tables and of code lists that belong to the format.
const OF_FORMAT: [&str; 3] = ["period", "exhibit", "section"];
const OF_LISTS: [&str; 4] = ["code", "zh", "en", "order"];
const COMPANIONS: [&str; 5] = ["_mark", "_to", "_decimals", "_exhibit", "_section"];

/// What the data calls things.
struct Names {
    /// Codes of areas, topics and dimensions, and of members where longer than three letters.
    codes: BTreeSet<String>,
    /// Codes of areas, which are looked for within literals too.
    areas: BTreeSet<String>,
    chinese: BTreeSet<String>,
}

impl Names {
    fn read() -> Self {
        let descriptor = descriptor();
        let (mut codes, mut areas, mut chinese) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut dimensions = BTreeSet::new();
        let resources = descriptor["resources"].as_array().unwrap();
        for resource in resources.iter().filter(|resource| resource["aistat:role"].is_null()) {
            for key in ["aistat:area", "aistat:topic"] {
                codes.insert(resource[key].as_str().unwrap().to_owned());
            }
            areas.insert(resource["aistat:area"].as_str().unwrap().to_owned());
            chinese.insert(resource["aistat:title"]["zh"].as_str().unwrap().to_owned());
            dimensions.extend(
                resource["aistat:dimensions"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()),
            );
            let fields = schema(resource);
            let of_format = |name: &str| OF_FORMAT.contains(&name) || COMPANIONS.iter().any(|end| name.ends_with(end));
            for field in fields["fields"].as_array().unwrap() {
                if !of_format(field["name"].as_str().unwrap()) {
                    chinese.insert(field["aistat:title"]["zh"].as_str().unwrap().to_owned());
                }
            }
        }
        let lists: Vec<_> = resources.iter().filter(|resource| resource["aistat:role"] == "codes").collect();
        let of_data = |name: &str, dimensions: &BTreeSet<String>| {
            dimensions.contains(name) || ["areas", "topics"].contains(&name)
        };
        // Further columns of a dimension's list are attributes, which may have lists of their own.
        for list in &lists {
            if !of_data(list["name"].as_str().unwrap(), &dimensions.clone()) {
                continue;
            }
            for field in schema(list)["fields"].as_array().into_iter().flatten() {
                let name = field["name"].as_str().unwrap();
                if !OF_LISTS.contains(&name) {
                    dimensions.insert(name.to_owned());
                    chinese.extend(field["aistat:title"]["zh"].as_str().map(str::to_owned));
                }
            }
        }
        for resource in lists {
            if !of_data(resource["name"].as_str().unwrap(), &dimensions) {
                continue; // units and exhibits belong to the format
            }
            let table = Table::read(&path("data").join(resource["path"].as_str().unwrap()));
            for row in 0..table.rows.len() {
                let code = table.cell(row, "code");
                if code.len() > 3 {
                    codes.insert(code.to_owned());
                }
                chinese.insert(table.cell(row, "zh").to_owned());
            }
            chinese.insert(resource["aistat:title"]["zh"].as_str().unwrap().to_owned());
        }
        codes.extend(dimensions);
        chinese.retain(|name| !name.is_ascii());
        Names { codes, areas, chinese }
    }

    /// The name that a literal is, or has in it: any word of it that is an area, a Chinese name of three characters or more.
    fn in_literal(&self, literal: &str) -> Option<String> {
        let word = |word: &str| self.areas.contains(word);
        let within = |name: &&String| name.chars().count() >= 3 && literal.contains(name.as_str());
        if self.codes.contains(literal) || self.chinese.contains(literal) {
            return Some(literal.to_owned());
        }
        let words = literal.split(|c: char| !c.is_ascii_alphanumeric());
        words
            .into_iter()
            .find(|part| word(part))
            .map(str::to_owned)
            .or_else(|| self.chinese.iter().find(within).cloned())
    }
}

/// The source files without those of tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let all = files(folder, "rs");
    let tests: BTreeSet<PathBuf> = all.iter().flat_map(|file| test_modules(file)).collect();
    all.into_iter().filter(|file| !file.ancestors().any(|above| tests.contains(&above.with_extension("")))).collect()
}

/// The modules that a file declares for tests alone, as paths without extension.
fn test_modules(file: &Path) -> Vec<PathBuf> {
    let stem = file.file_stem().unwrap().to_str().unwrap();
    let folder = if ["mod", "lib", "main"].contains(&stem) {
        file.parent().unwrap().to_owned()
    } else {
        file.with_extension("")
    };
    let source = read(file);
    let after = source.split("#[cfg(test)]").skip(1).map(str::trim_start);
    let modules = after.filter_map(|text| {
        text.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ").strip_prefix("mod ")
    });
    modules
        .filter_map(|text| text.split_once(';'))
        .filter(|(name, _)| !name.contains('{'))
        .map(|(name, _)| folder.join(name))
        .collect()
}

/// A file's text without its last part, the tests.
fn without_tests(source: &str) -> String {
    source.split("\nmod tests {").next().unwrap().to_owned()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path, extension));
        } else if path.extension().is_some_and(|have| have == extension) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The string literals of Rust source with their lines; comments and documentation left out.
fn string_literals(source: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut literals = Vec::new();
    let (mut i, mut line) = (0, 1);
    while i < chars.len() {
        match (at(i), at(i + 1)) {
            ('/', '/') => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
                continue;
            }
            ('/', '*') => {
                let mut depth = 0;
                loop {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        ('\n', _) => (line, i) = (line + 1, i + 1),
                        _ => i += 1,
                    }
                    if depth == 0 || i >= chars.len() {
                        break;
                    }
                }
                continue;
            }
            ('r', '"' | '#') if !at(i.wrapping_sub(1)).is_alphanumeric() || at(i.wrapping_sub(1)) == 'b' => {
                let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
                if at(i + 1 + hashes) == '"' {
                    let start = i + 2 + hashes;
                    let ends = |end: &usize| at(*end) == '"' && (1..=hashes).all(|k| at(*end + k) == '#');
                    let end = (start..chars.len()).find(ends).unwrap_or(chars.len());
                    literals.push((line, chars[start..end].iter().collect()));
                    line += chars[start..end].iter().filter(|c| **c == '\n').count();
                    i = end + 1 + hashes;
                    continue;
                }
            }
            ('"', _) => {
                let start = i + 1;
                i = start;
                while i < chars.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                let text: String = chars[start..i.min(chars.len())].iter().collect();
                let lines = text.matches('\n').count();
                literals.push((line, text));
                line += lines;
            }
            ('\'', '\\') => i = (i + 3..chars.len()).find(|end| at(*end) == '\'').unwrap_or(chars.len()),
            ('\'', _) if at(i + 2) == '\'' => i += 2,
            ('\n', _) => line += 1,
            _ => {}
        }
        i += 1;
    }
    literals
}
