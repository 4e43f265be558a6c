//! Every format says the same, in both languages, on every dataset of the report.

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::harness::{Run, aistat};
use crate::report::{Resource, resources};

const LANGUAGES: [&str; 2] = ["en", "zh"];

/// Questions with the same columns for everything, and others that add columns.
const QUESTIONS: [&str; 4] = ["", "--source", "--bounds", "--growth --change --index --share"];

/// Every line of the grid has the same display width: blanks at its end are left out, so the edges of columns tell. What is
/// covered in no line lies between columns, and there are as many of them as the header has titles.
#[test]
fn columns_of_a_grid_have_the_same_edges_in_every_line() {
    for resource in resources() {
        for lang in LANGUAGES {
            for question in ["", "--bounds --source"] {
                let line = format!("{} {question} -f table --lang {lang}", line(&resource));
                let out = aistat(&line).ok().out;
                let (rules, lines): (Vec<&str>, Vec<&str>) = grid(&out).into_iter().partition(|l| l.starts_with('─'));
                let rule = rules[0].width();
                assert!(lines.iter().all(|line| line.width() <= rule), "{line}\n{out}");
                assert!(lines.iter().any(|line| line.width() == rule), "{line}\n{out}");
                let titles = lines[0].split("  ").filter(|title| !title.trim().is_empty()).count();
                assert_eq!(columns(&lines, rule), titles, "{line}\n{out}");
            }
        }
    }
}

/// Runs of display columns that some line covers, two blanks apart.
fn columns(lines: &[&str], width: usize) -> usize {
    let mut covered = vec![false; width];
    for line in lines {
        let mut at = 0;
        for c in line.chars() {
            let wide = c.to_string().width();
            covered[at..at + wide].iter_mut().for_each(|one| *one |= c != ' ');
            at += wide;
        }
    }
    let (mut count, mut blanks) = (0, 2);
    for covered in covered {
        count += usize::from(covered && blanks >= 2);
        blanks = if covered { 0 } else { blanks + 1 };
    }
    count
}

#[test]
fn tables_fit_their_terminal() {
    for resource in resources() {
        for lang in LANGUAGES {
            for question in ["", "--bounds --source"] {
                let line = format!("{} {question} -f table --lang {lang}", line(&resource));
                for columns in [40, 60, 80, 100, 200] {
                    let out = aistat(&line).var("NO_COLOR", "1").terminal(columns).ok().out;
                    let widest = out.lines().map(|line| line.width()).max().unwrap_or(0);
                    assert!(widest <= columns, "{line} at {columns}: {widest}\n{out}");
                }
            }
        }
    }
}

#[test]
fn off_a_terminal_nothing_is_wrapped() {
    for resource in resources() {
        for lang in LANGUAGES {
            let line = format!("{} --source -f table --lang {lang}", line(&resource));
            let out = aistat(&line).ok().out;
            assert_eq!(grid(&out).len(), resource.table.rows.len() + 2, "{line}\n{out}");
            let notes =
                out.lines().skip_while(|line| !line.is_empty()).skip(1).skip_while(|line| !line.is_empty()).skip(1);
            for note in notes {
                let begins = ["Note: ", "Source: ", "注:", "来源:", "* "].iter().any(|start| note.starts_with(start));
                assert!(begins, "{line}: '{note}'");
            }
        }
    }
}

#[test]
fn json_says_what_csv_says() {
    for resource in resources() {
        for question in QUESTIONS {
            let line = format!("{} {question}", line(&resource));
            if refused(&line) {
                continue;
            }
            let csv = aistat(&format!("{line} -f csv")).csv();
            let json: Value = serde_json::from_str(&aistat(&format!("{line} -f json")).ok().out).unwrap();
            let keys: Vec<&str> =
                json["columns"].as_array().unwrap().iter().map(|column| column["key"].as_str().unwrap()).collect();
            assert_eq!(csv[0], keys, "{line}");
            let rows = json["rows"].as_array().unwrap();
            assert_eq!(rows.len(), csv.len() - 1, "{line}");
            for (row, cells) in rows.iter().zip(&csv[1..]) {
                let values: Vec<String> = keys.iter().map(|key| plain(&row[key])).collect();
                assert_eq!(&values, cells, "{line}");
                for key in keys.iter().filter(|key| row[format!("{key}_missing")].is_string()) {
                    assert!(row[key].is_null(), "{line}: {key} is missing and there");
                }
            }
        }
    }
}

#[test]
fn every_empty_number_of_json_says_why() {
    const REASONS: [&str; 11] = [
        "not-printed",
        "dash",
        "illegible",
        "lost",
        "gap",
        "no-base",
        "zero-base",
        "no-total",
        "one-sided",
        "range",
        "conflict",
    ];
    for resource in resources() {
        for question in ["", "--growth --change --index --share"] {
            let line = format!("{} {question} -f json", line(&resource));
            if refused(&line) {
                continue;
            }
            let json: Value = serde_json::from_str(&aistat(&line).ok().out).unwrap();
            for column in json["columns"].as_array().unwrap() {
                let (key, kind) = (column["key"].as_str().unwrap(), column["kind"].as_str().unwrap());
                for row in json["rows"].as_array().unwrap().iter().filter(|row| row[key].is_null()) {
                    let reason = row[format!("{key}_missing")].as_str();
                    let number = ["measure", "statistic"].contains(&kind);
                    assert!(!number || reason.is_some_and(|reason| REASONS.contains(&reason)), "{line}: {key} {row}");
                }
            }
        }
    }
}

#[test]
fn ndjson_tsv_and_markdown_have_the_same_rows() {
    for resource in resources() {
        let line = line(&resource);
        let csv = aistat(&format!("{line} -f csv")).csv();
        let json: Value = serde_json::from_str(&aistat(&format!("{line} -f json")).ok().out).unwrap();
        let ndjson = aistat(&format!("{line} -f ndjson")).ok().out;
        let objects: Vec<Value> = ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(Value::from(objects), json["rows"], "{line}");
        let tsv = aistat(&format!("{line} -f tsv")).ok().out;
        let rows: Vec<Vec<&str>> = tsv.lines().map(|line| line.split('\t').collect()).collect();
        assert_eq!(rows, csv, "{line}");
        let md = aistat(&format!("{line} -f md")).ok().out;
        assert_eq!(md.lines().filter(|line| line.starts_with('|')).count(), csv.len() + 1, "{line}\n{md}");
    }
}

#[test]
fn csv_is_plain_and_notes_stay_out_of_it() {
    for resource in resources() {
        for question in QUESTIONS {
            let line = format!("{} {question} -f csv", line(&resource));
            if refused(&line) {
                continue;
            }
            let output = aistat(&line).ok();
            assert!(!output.out.contains(['\r', '\u{feff}', '\u{1b}']), "{line}");
            assert!(output.out.ends_with('\n') && !output.out.ends_with("\n\n"), "{line}");
            assert!(output.err.contains("Source: "), "{line}: {}", output.err);
            assert_eq!(aistat(&format!("{line} -q")).ok().err, "", "{line}");
            for row in aistat(&line).csv() {
                assert!(
                    row.iter().all(|cell| !["NaN", "inf", "null", "–"].contains(&cell.as_str())),
                    "{line}: {row:?}"
                );
            }
        }
    }
}

#[test]
fn excel_gets_its_own_csv() {
    for resource in resources() {
        let line = line(&resource);
        let plain = aistat(&format!("{line} -f csv")).ok().out;
        let excel = aistat(&format!("{line} --for-excel")).ok().out;
        let inside = excel.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("{line}: no BOM"));
        assert!(!inside.contains('\u{feff}'));
        assert!(inside.split_inclusive('\n').all(|line| line.ends_with("\r\n")), "{line}");
        // no cell of the report begins like a formula: all else is the same
        assert_eq!(inside.replace("\r\n", "\n"), plain, "{line}");
    }
    // a negative number is a number
    let excel = aistat("china patents --for-excel --period 2023").ok().out;
    assert!(excel.ends_with("2023,8,nearly,-12.7\r\n"), "{excel}");
}

#[test]
fn headers_are_codes_or_titles() {
    let header = |line: &str| aistat(line).csv().remove(0);
    assert_eq!(header("shenzhen scale"), ["period", "scale", "scale_mark", "scale_growth"]);
    // Exhibit 19 has the unit 亿元, growth is in percent.
    assert_eq!(
        header("shenzhen scale --headers title --lang zh"),
        ["时期", "核心产业规模(亿元)", "核心产业规模标记", "规模增长率(%)"]
    );
    let table = |line: &str| {
        grid(&aistat(line).ok().out)[0]
            .split("  ")
            .map(str::trim)
            .filter(|title| !title.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(table("shenzhen scale -f table --headers code"), ["period", "scale", "scale_growth"]);
    assert_eq!(table("shenzhen scale -f table --lang zh"), ["时期", "核心产业规模(亿元)", "规模增长率(%)"]);
}

#[test]
fn members_are_called_as_columns_are() {
    let members = |line: &str, key: &str| aistat(line).column(key);
    // Exhibit 20 names the districts with the most companies in this order.
    let line = "shenzhen companies --by-district --where district=nanshan,longhua";
    assert_eq!(members(line, "district"), ["nanshan", "longhua"]);
    assert_eq!(members(&format!("{line} --headers title"), "District"), ["Nanshan", "Longhua"]);
    let chinese = format!("{line} --headers title --lang zh");
    assert_eq!(members(&chinese, "区"), ["南山区", "龙华区"]);
    let excel = aistat(&format!("{chinese} --for-excel")).ok().out;
    assert!(excel.contains("\r\n2023,南山区,645,"), "{excel}");
    let tabs = aistat(&format!("{chinese} -f tsv")).ok().out;
    assert!(tabs.contains("\n2023\t南山区\t645\t"), "{tabs}");
    let rows = aistat(&format!("{chinese} -f ndjson")).ok().out;
    assert!(rows.contains(r#""district":"nanshan""#), "{rows}");
    let table = aistat(&format!("{line} -f table --headers code")).ok().out;
    assert!(table.contains("nanshan") && !table.contains("Nanshan"), "{table}");
}

#[test]
fn what_no_file_can_hold_is_refused() {
    let refused = |line: &str, error: &str, hint: &str| {
        let message = aistat(line).refused();
        assert!(message.starts_with(&format!("error: {error}\n")), "{message}");
        assert!(message.ends_with(&format!("  try: aistat {hint}\n")), "{message}");
    };
    let cannot = "cannot write a .xlsx file";
    refused("shenzhen scale -o x.xlsx", cannot, "shenzhen scale -o x.csv --for-excel");
    refused("shenzhen scale -ox.xlsx --for-excel", cannot, "shenzhen scale -o x.csv --for-excel");
    refused("shenzhen scale --output=x.xlsx", cannot, "shenzhen scale --output=x.csv --for-excel");
    refused("shenzhen scale -o x.parquet", "cannot write a .parquet file", "shenzhen scale -o x.csv");
    let only = "--for-excel is for csv and tsv, not for json";
    refused("shenzhen scale --for-excel -f json", only, "shenzhen scale --for-excel -f csv");
    refused("shenzhen scale -o x.json --for-excel", only, "shenzhen scale -o x.csv --for-excel");
    refused(
        "shenzhen scale --for-excel -f md",
        "--for-excel is for csv and tsv, not for md",
        "shenzhen scale --for-excel -f csv",
    );
    assert!(!std::path::Path::new("x.xlsx").exists() && !std::path::Path::new("x.json").exists());
}

#[test]
fn a_section_is_not_named_again_without_its_exhibit() {
    // Exhibit 27 and further prose stand in section 4.5.2.
    let innovation = aistat("shenzhen innovation -f table").ok().out;
    let source = innovation.lines().last().unwrap();
    assert!(source.ends_with("exhibit 27, section 4.5.2"), "{source}");
}

#[test]
fn tables_have_no_trailing_blanks() {
    for line in ["list", "list --members", "find 深圳", "shenzhen policy", "shenzhen financing --by-round --derived"]
    {
        let table = aistat(&format!("{line} -f table")).ok().out;
        assert!(table.lines().all(|line| line == line.trim_end()), "{table}");
    }
}

#[test]
fn the_header_can_be_left_out() {
    for format in ["csv", "tsv"] {
        let whole = aistat(&format!("shenzhen scale -f {format}")).ok().out;
        let rows = aistat(&format!("shenzhen scale -f {format} --no-header")).ok().out;
        assert_eq!(whole.split_once('\n').unwrap().1, rows);
    }
    let table = aistat("shenzhen scale -f table --no-header").ok().out;
    assert!(!table.contains("Period") && !table.contains('─') && table.contains("387"), "{table}");
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let coloured = |run: Run| run.ok().out.contains('\u{1b}');
    let ask = || aistat("shenzhen scale");
    assert!(coloured(ask().terminal(80)));
    assert!(coloured(ask().terminal(80).var("NO_COLOR", "").var("TERM", "xterm")));
    assert!(!coloured(ask().terminal(80).var("NO_COLOR", "1")));
    assert!(!coloured(ask().terminal(80).var("TERM", "dumb")));
    assert!(!coloured(ask()));
    assert!(!coloured(ask().terminal(80).arg("--color=never")));
    assert!(coloured(ask().terminal(80).var("NO_COLOR", "1").arg("--color=always")));
    assert!(coloured(aistat("shenzhen scale -f table --color always")));
    for format in ["csv", "tsv", "json", "ndjson", "md"] {
        assert!(!coloured(aistat(&format!("shenzhen scale --color always -f {format}")).terminal(80)), "{format}");
    }
}

#[test]
fn colour_changes_no_letter() {
    for resource in resources() {
        let ask = || aistat(&line(&resource));
        let (plain, coloured) = (ask().terminal(90).var("NO_COLOR", "1").ok().out, ask().terminal(90).ok().out);
        let mut bare = String::new();
        let mut parts = coloured.split("\u{1b}[");
        bare.push_str(parts.next().unwrap());
        parts.for_each(|part| bare.push_str(part.split_once('m').unwrap().1));
        assert_eq!(bare, plain);
    }
}

#[test]
fn digits_are_for_computed_numbers_alone() {
    // 100 · 280 / 1646 = 17.0109…; 39.2 is printed.
    let shares = aistat("shenzhen companies --by-district --share --digits 2 --where district=nanshan,longhua");
    assert_eq!(shares.column("companies_share"), ["39.2", "17.01"]);
}

#[test]
fn the_file_s_name_chooses_the_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, begins) in [
        ("a.csv", "period,"),
        ("a.tsv", "period\t"),
        ("a.json", "{"),
        ("a.ndjson", "{\"period\""),
        ("a.md", "## "),
        ("a", "period,"),
    ] {
        let file = folder.path().join(name);
        let output = aistat("shenzhen scale -o").arg(file.to_str().unwrap()).terminal(80).ok();
        assert_eq!(output.out, "", "{name}");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with(begins) || begins == "## " && text.contains("| --- |"), "{name}: {text}");
        assert!(!text.contains('\u{1b}'), "{name}");
    }
}

#[test]
fn answers_have_both_languages() {
    let questions = ["", "--growth --change --index --share", "--top 1 --rest", "--rank", "--bounds", "--derived"];
    for resource in resources() {
        for question in questions {
            let line = format!("{} {question} -f json", line(&resource));
            if refused(&line) {
                continue;
            }
            let json: Value = serde_json::from_str(&aistat(&line).ok().out).unwrap();
            let mut texts = vec![json["title"].clone()];
            for list in ["columns", "notes"] {
                texts.extend(json[list].as_array().unwrap().iter().cloned());
            }
            for source in json["sources"].as_array().unwrap() {
                texts.extend([source["line"].clone(), source["report"].clone()]);
            }
            for text in texts {
                let (zh, en) = (text["zh"].as_str().unwrap().trim(), text["en"].as_str().unwrap().trim());
                assert!(han(zh), "{line}: no Chinese in {text}");
                // the source line keeps the publisher's wording
                assert!(!en.is_empty() && (!han(en) || en.starts_with("Source: ")), "{line}: no English in {text}");
            }
        }
    }
}

#[test]
fn lists_have_both_languages() {
    for line in [
        "list",
        "list --members",
        "list --packages",
        "find AI",
        "show 29",
        "check data",
        "compare shenzhen/scale china/scale",
    ] {
        let columns = |lang: &str| grid(&aistat(&format!("{line} -f table --lang {lang}")).ok().out)[0].to_owned();
        let (zh, en) = (columns("zh"), columns("en"));
        assert!(!han(&en), "{line}: {en}");
        for title in zh.split("  ").map(str::trim).filter(|title| !title.is_empty()) {
            assert!(han(title), "{line}: {title}");
        }
    }
}

#[test]
fn help_has_both_languages() {
    let mut pages = vec!["--help".to_owned(), "shenzhen financing --help".to_owned(), "shenzhen --help".to_owned()];
    pages.extend(aistat::cli::verbs().map(|(verb, _)| format!("{verb} --help")));
    let topics: std::collections::BTreeSet<String> =
        aistat("list").column("dataset").iter().filter_map(|name| Some(name.split('/').nth(1)?.to_owned())).collect();
    let mut english = Vec::new();
    for page in pages {
        let text = |lang: &str| aistat(&format!("{page} --lang {lang}")).ok().out;
        let (zh, en) = (text("zh"), text("en"));
        // Areas are listed by both names, and one example shows that Chinese can be searched for.
        let named = |line: &str| line.contains('/') || line.ends_with("Chinese");
        assert!(!en.lines().any(|line| han(line) && !named(line)), "{page}\n{en}");
        let options = |text: &str| text.split_whitespace().filter(|word| word.starts_with("--")).count();
        assert!(options(&zh) > 3, "{page}\n{zh}");
        // Topics are listed by the codes that are typed.
        let codes = |line: &str| line.split_whitespace().all(|word| topics.contains(word));
        for line in zh.lines().filter(|line| is_english(line) && !codes(line)) {
            english.push(format!("{page}: {line}"));
        }
    }
    assert!(english.is_empty(), "English in Chinese help:\n{}", english.join("\n"));
}

/// Whether a line says something in English: two words in a row that are no option, placeholder, code or command.
fn is_english(line: &str) -> bool {
    let usage = line.contains(env!("CARGO_PKG_NAME")) && !line.contains("Usage");
    let word = |word: &str| {
        word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic()) && word.chars().any(|c| c.is_ascii_lowercase())
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let heading = line.trim_end().strip_suffix(':').is_some_and(|heading| heading.is_ascii() && !heading.is_empty());
    !usage
        && (heading
            || words.windows(2).any(|pair| pair.iter().all(|one| word(one.trim_matches(['[', ']', ':', ',', '.'])))))
}

fn han(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// The line that asks for a dataset.
fn line(resource: &Resource) -> String {
    let mut parts = resource.address.split('/');
    let (area, topic) = (parts.next().unwrap(), parts.next().unwrap());
    let by: String = parts.next().into_iter().flat_map(|by| by.split('+')).map(|by| format!(" --by-{by}")).collect();
    format!("{area} {topic}{by}")
}

/// Whether a statistic makes no sense for a dataset.
fn refused(line: &str) -> bool {
    aistat(line).run().exit == aistat::Exit::Usage
}

/// The lines of the grid: between the first and the second empty line.
fn grid(out: &str) -> Vec<&str> {
    out.lines().skip_while(|line| !line.is_empty()).skip(1).take_while(|line| !line.is_empty()).collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}
