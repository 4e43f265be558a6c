//! What there is, listed and found: each name in the reader's language, and each thing under the words one would look for.

use crate::harness::{aistat, args};

/// The rows of an answer that have this text in their first column.
fn rows(line: &str, first: &str) -> Vec<Vec<String>> {
    aistat(line).csv().into_iter().filter(|row| row[0] == first).collect()
}

#[test]
fn titles_are_in_the_language_of_the_line() {
    // Programs get both, people the one they read.
    let title = |lang: &str| aistat("list shenzhen/parks").column(lang).join(" ");
    assert!(title("en").is_ascii() && !title("zh").is_ascii(), "{} {}", title("en"), title("zh"));
    let table = |lang: &str| aistat(&format!("list shenzhen/parks -f table --lang {lang}")).ok().out;
    assert!(table("en").contains(&title("en")) && !table("en").contains(&title("zh")), "{}", table("en"));
    assert!(table("zh").contains(&title("zh")) && !table("zh").contains(&title("en")), "{}", table("zh"));
    let package = |lang: &str| aistat("list --packages").column(lang).join(" ");
    assert!(package("en").is_ascii(), "{}", package("en"));
    assert_eq!(package("zh"), "2024人工智能发展白皮书");
}

#[test]
fn a_list_tells_exhibits_dimensions_measures_and_cells() {
    // The city's documents stand in exhibit 17, those of its districts in 18.
    let policy = &rows("list shenzhen", "shenzhen/policy/issuer+document")[0];
    assert_eq!(policy[1], "17 18");
    let table = |lang: &str| aistat(&format!("list shenzhen/companies -f table --lang {lang}")).ok().out;
    let (zh, en) = (table("zh"), table("en"));
    for heading in ["Exhibit", "Periods", "By", "Measures", "Printed", "Cells", "Title"] {
        assert!(en.contains(heading), "{heading}\n{en}");
    }
    assert!(en.contains("  district  ") && en.contains("  companies  "), "{en}");
    assert!(zh.contains("  区  ") && zh.contains("  企业数量  "), "{zh}");
}

#[test]
fn members_are_listed_with_what_where_takes() {
    // Exhibit 32 has three foreign frameworks and four domestic ones.
    let origins = aistat("list world/frameworks --members").column("attributes");
    assert_eq!(origins[..3], ["origin=foreign"; 3]);
    assert_eq!(origins[3..], ["origin=domestic"; 4]);
    assert_eq!(aistat(&format!("world frameworks --where {}", origins[3])).csv().len(), 1 + 4);
    let zh = aistat("list world/frameworks --members -f table --lang zh").ok().out;
    assert!(zh.contains("=国外") && zh.contains("=国内"), "{zh}");
    let help = |lang: &str| aistat(&format!("world frameworks --lang {lang} --help")).ok().out;
    assert!(help("en").contains("ATTRIBUTE=VALUE") && help("zh").contains("属性=值"));
}

#[test]
fn exhibits_are_found_by_number() {
    for text in ["图表10", "exhibit 10"] {
        let found = args(["find", text]).csv();
        let kinds: Vec<&str> = found[1..].iter().map(|row| row[1].as_str()).collect();
        assert_eq!(kinds, ["exhibit"], "{text}");
        assert_eq!((found[1][0].as_str(), found[1][2].as_str()), ("world/companies/country", "10"));
    }
    let shared: Vec<Vec<String>> = rows("find 图表1", "shenzhen/policy/issuer+document");
    assert_eq!(shared.iter().map(|row| row[2].as_str()).collect::<Vec<_>>(), ["17", "18"]);
}

/// Exhibit 21 says of two of its parks what kind they are of, in words that both have.
#[test]
fn values_of_attributes_are_found_at_their_cells() {
    let found = rows("find 战略性新兴产业", "shenzhen/parks/park");
    let cells: Vec<(&str, &str)> = found.iter().map(|row| (row[1].as_str(), row[2].as_str())).collect();
    let cell = |park: &str| format!("positioning[park={park}]@2023");
    let (bay, zhiyuan) = (cell("shenzhen-bay"), cell("nanshan-zhiyuan"));
    assert_eq!(cells, [("attribute value", bay.as_str()), ("attribute value", zhiyuan.as_str())]);
}

#[test]
fn notes_are_found() {
    // The threshold of exhibit 13: projects with more than 100 forks on GitHub.
    let found = rows("find GitHub", "world/opensource/country");
    assert!(found.iter().any(|row| row[1] == "note" && row[4].contains("100 forks")), "{found:?}");
    // What is said of the whole report belongs to no dataset.
    let found = rows("find 扫描件", "");
    assert!(found.iter().any(|row| row[1] == "note"), "{found:?}");
}

#[test]
fn all_words_are_one_text() {
    let found = aistat("find Series A").csv();
    assert_eq!(found, args(["find", "Series A"]).csv());
    assert!(found.iter().any(|row| row[1] == "member" && row[2] == "a"), "{found:?}");
    let refused = args(["find", " "]).refused();
    assert!(refused.contains("there is nothing to look for"), "{refused}");
}

/// The kinds and codes that a text is found as, in one dataset.
fn found(text: &str, dataset: &str) -> Vec<String> {
    let rows = args(["find", text]).csv();
    rows.into_iter().filter(|row| row[0] == dataset).map(|row| format!("{} {}", row[1], row[2])).collect()
}

#[test]
fn attributes_columns_and_subjects_are_found() {
    // Exhibit 32: two kinds of frameworks by origin; exhibit 22: where parks stand.
    for text in ["国外", "foreign", "FOREIGN"] {
        assert!(found(text, "world/frameworks/framework").contains(&"member attribute tensorflow".into()), "{text}");
    }
    for text in ["国别", "origin"] {
        assert!(found(text, "world/frameworks/framework").contains(&"attribute origin".into()), "{text}");
    }
    assert!(found("国内", "world/frameworks/framework").contains(&"member attribute paddlepaddle".into()));
    assert!(found("tier", "shenzhen/policy/issuer+document").contains(&"attribute tier".into()));
    assert!(found("所在区", "shenzhen/parks/park").contains(&"attribute district".into()));
    assert!(found("南山", "shenzhen/parks/park").contains(&"member attribute nanshan-zhiyuan".into()));
    // Titles of printed shares and growth rates.
    let penetration = found("penetration", "china/internet/application");
    assert!(
        penetration.iter().chain(&found("使用率", "china/internet/application")).all(|row| row.starts_with("measure"))
    );
    for text in ["增长率", "growth"] {
        assert!(found(text, "china/scale").contains(&"measure scale_growth".into()), "{text}");
    }
    assert!(found("深圳", "").contains(&"area shenzhen".into()));
    assert!(found("融资", "shenzhen/financing").contains(&"topic financing".into()));
}

#[test]
fn exhibits_sections_dates_and_numbers_are_found() {
    assert_eq!(args(["find", "图表 17"]).csv()[1..], args(["find", "图表17"]).csv()[1..]);
    assert_eq!(args(["find", "图表 17"]).csv().len(), 2);
    assert_eq!(found("4.6.2", "shenzhen/financing/round"), ["section 4.6.2"]);
    assert!(found("2019-05", "shenzhen/policy/issuer+document").contains(&"period 2019-05".into()));
    // 1751 in exhibit 6: the scale of 2023.
    assert_eq!(found("1751", "china/scale"), ["number scale@2023"]);
    assert_eq!(found("-12.7", "china/patents"), ["number applications_growth@2023"]);
    assert_eq!(aistat("find -12.7").csv()[1..], args(["find", "-12.7"]).csv()[1..]);
    // As tables group it, as prose has it with its unit, and as a Chinese keyboard types it.
    for text in ["1,751", "1751亿", "\u{ff11}\u{ff17}\u{ff15}\u{ff11}"] {
        assert_eq!(found(text, "china/scale"), ["number scale@2023"], "{text}");
    }
    assert_eq!(found("11.9%", "china/scale"), ["number scale_growth@2023"]);
    assert!(found("1751万", "china/scale").is_empty());
    // 4.5.1 has a rise of near 760 times, which is no cell but a relation.
    assert_eq!(found("760", ""), ["relation shenzhen-patents-times", "relation shenzhen-patents-about"]);
    // Part of a number is not the number.
    assert!(found("175", "china/scale").is_empty());
}

#[test]
fn words_are_looked_for_each_where_they_are_no_one_text() {
    let rows = aistat("find shenzhen patents").csv();
    assert!(rows.len() > 1 && rows[1..].iter().all(|row| row[0] == "shenzhen/patents"), "{rows:?}");
    assert!(found("深圳 天使轮", "shenzhen/financing/round").contains(&"member angel".into()));
    assert_eq!(aistat("find shenzhen penguins").csv().len(), 1);
}

#[test]
fn what_is_not_found_is_said() {
    let nothing = args(["find", "penguins in space"]).ok();
    assert_eq!(nothing.out.lines().count(), 1);
    assert_eq!(nothing.err, "Note: nothing is found for 'penguins in space'\n");
    assert_eq!(args(["find", "penguins", "-q"]).ok().err, "");
}

/// Areas and datasets are dumped together, each once; of their cells those that are asked for. Datasets without the dimension or
/// measure that is named have none.
#[test]
fn what_is_dumped_can_be_chosen() {
    let dump = |line: &str| aistat(&format!("dump {line}")).csv().split_off(1);
    let whole = dump("");
    let of = |keep: &dyn Fn(&[String]) -> bool| -> Vec<Vec<String>> {
        whole.iter().filter(|row| keep(row)).cloned().collect()
    };
    assert_eq!(dump("world"), of(&|row| row[1] == "world"));
    let both = dump("world shenzhen/scale world/frameworks/framework");
    assert_eq!(both.len(), of(&|row| row[1] == "world" || row[0] == "shenzhen/scale").len());
    assert_eq!(dump("--measure deals"), of(&|row| row[7] == "deals" || row[7].starts_with("deals_")));
    assert_eq!(dump("china --period 2019..2020"), of(&|row| row[1] == "china" && ["2019", "2020"].contains(&&*row[5])));
    assert_eq!(dump("--where round=angel"), of(&|row| row[6] == "round=angel"));
    // Latest is the last plain period of each dataset: one year each.
    let latest = dump("shenzhen/scale china/scale --period latest");
    assert_eq!(latest.iter().map(|row| row[5].as_str()).collect::<Vec<_>>(), ["2023"; 4]);
    assert!(aistat("dump --measure nothing").refused().contains("'nothing'"));
    let typo = aistat("dump --where round=angle").refused();
    assert!(typo.contains("--where round=angel"), "{typo}");
    let none = aistat("dump shenzhen/scale --period 1990").ok();
    assert!(none.out.lines().count() == 1 && none.err.contains("1990"), "{}", none.err);
}

#[test]
fn one_dataset_is_dumped_alone() {
    let address = "shenzhen/financing/round";
    let whole = rows("dump", address);
    let alone = aistat(&format!("dump {address}")).csv();
    assert_eq!(alone[1..], whole);
    // Seven rows with deals and their share.
    assert_eq!(whole.len(), 7 * 2);
    assert!(aistat("dump shenzhen/nothing").refused().contains("shenzhen has no topic 'nothing'"));
    let derived = |line: &str| rows(&format!("{line} --derived"), address);
    assert_eq!(derived(&format!("dump {address}")), derived("dump"));
}

/// However long the folder's name is, what a line is for stands apart from it.
#[test]
fn lines_of_the_first_page_keep_their_distance() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("datapackage.json"), r#"{"name": "empty", "resources": []}"#).unwrap();
    let shown = folder.path().display().to_string();
    let page = args(["--data", &shown]).ok().out;
    assert!(page.contains(&format!("\n  aistat find TEXT --data {shown}  search\n")), "{page}");
}
