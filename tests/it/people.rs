//! What people see: words instead of codes, one number or a reason for none, lines that fit their terminal.

use aistat::Exit;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::harness::{Run, aistat, args};

fn at_80(line: &str) -> String {
    args(line.split(' ').filter(|word| !word.is_empty())).terminal(80).var("NO_COLOR", "1").run().out
}

#[test]
fn lines_fit_80_columns_and_codes_stay_whole() {
    let lines = [
        "",
        "list",
        "list --members",
        "list --packages",
        "find 深圳",
        "show 17",
        "show 21",
        "china scale --growth --bounds",
        "world frameworks --rank=watchers --bounds --source",
        "explain shenzhen/financing/round:deals[round=seed]",
        "audit",
        "dump shenzhen/financing/round --derived",
    ];
    for line in lines {
        for lang in ["en", "zh"] {
            let out = at_80(&format!("{line} --lang {lang}"));
            for shown in out.lines() {
                assert!(shown.width() <= 80, "{line} {lang}: {} columns\n{shown}", shown.width());
            }
        }
    }
    let listed = at_80("list");
    for address in aistat("list").column("dataset") {
        let own = |line: &str| line.split("  ").next() == Some(&address);
        assert!(listed.lines().any(own), "{address} is cut\n{listed}");
    }
    let overview = at_80("");
    for topic in aistat("list").column("dataset").iter().filter_map(|address| address.split('/').nth(1)) {
        assert!(overview.split_whitespace().any(|word| word == topic), "{topic} is cut\n{overview}");
    }
}

#[test]
fn bounds_are_one_column_for_people() {
    insta::assert_snapshot!(at_80("china scale --growth --bounds").split("\n\n").nth(1).unwrap(), @r"
    Period  Core industry scale           bounds  Growth of scale (%)       bounds
             (100 million yuan)
    ──────────────────────────────────────────────────────────────────────────────
    2022                      –                                     –
    2023                  1,751  1,750.5–1,751.5                 11.9  11.85–11.95
    ");
    assert!(at_80("china scale --growth --bounds").contains("\n\nClaim: printed throughout\n"));
    // What programs get is as it was.
    let keys = aistat("china scale --bounds").csv().remove(0).join(",");
    assert!(keys.starts_with("period,scale,scale_lower,scale_upper,scale_claim,scale_basis,"), "{keys}");
}

#[test]
fn computed_numbers_lie_within_their_bounds() {
    let column = |line: &str, place: usize| {
        let out = aistat(&format!("{line} -f table")).ok().out;
        let grid: Vec<&str> = out.lines().skip_while(|line| !line.starts_with('─')).skip(1).collect();
        let grid = grid.into_iter().take_while(|line| !line.is_empty());
        grid.map(|line| line.split("  ").filter(|cell| !cell.is_empty()).nth(place).unwrap().trim().to_owned())
            .collect::<Vec<_>>()
    };
    // Exhibit 32, TensorFlow against PyTorch: 7.7 / 1.7 = 4.529… within 7.65 / 1.75 = 4.37 and 7.75 / 1.65 = 4.70.
    assert_eq!(column("world frameworks --relative-to pytorch --measure watchers", 4)[0], "4.5");
    // Exhibit 19: (387 / 287)^(1/3) = 1.1048…, within 10.36 and 10.59 %.
    assert_eq!(column("shenzhen scale --cagr", 1), ["10.5"]);
    // Exhibit 28, 279.1 on 1.1: 25 373 within 24 265 (279.05 / 1.15) and 26 586 (279.15 / 1.05).
    assert_eq!(column("shenzhen financing --index --period 2021 --measure amount", 2), ["25,000"]);
}

#[test]
fn ranks_with_an_open_end_say_so() {
    // Exhibit 32 lists main frameworks, not all: others may have more watchers. ncnn (0.6, from 0.55 to 0.65) comes after
    // TensorFlow, PyTorch and CNTK, and perhaps before PaddlePaddle and Oneflow (0.7, from 0.65).
    let table = aistat("world frameworks --rank=watchers --measure watchers -f table").ok().out;
    let row = table.lines().find(|line| line.contains("ncnn")).unwrap();
    let rank = aistat("world frameworks --rank=watchers --where framework=ncnn").csv();
    let at = |key: &str| rank[1][rank[0].iter().position(|have| have == key).unwrap()].clone();
    match at("watchers_rank_upper").as_str() {
        "" => assert!(row.ends_with(&format!("≥ {}", at("watchers_rank_lower"))), "{row}"),
        upper => assert!(row.ends_with(&format!("{}–{upper}", at("watchers_rank_lower"))), "{row}"),
    }
}

#[test]
fn computed_shares_are_told_from_printed_ones() {
    // Exhibit 20 prints 39.2 % for Nanshan; 280 of 1646 are computed.
    let table = aistat("shenzhen companies --by-district --share --top 2 -f table").ok().out;
    assert!(table.contains(" 39.2 \n") || table.contains(" 39.2\n"), "{table}");
    assert!(table.contains(" 17.0*\n") && table.contains("* not printed: follows from other numbers"), "{table}");
}

#[test]
fn a_filled_cell_has_no_mark_of_an_empty_one() {
    for resource in crate::report::resources() {
        let mut parts = resource.address.split('/');
        let (area, topic) = (parts.next().unwrap(), parts.next().unwrap());
        let by: String =
            parts.next().into_iter().flat_map(|by| by.split('+')).map(|by| format!(" --by-{by}")).collect();
        for flags in ["--share", "--growth", "--derived"] {
            let run = aistat(&format!("{area} {topic}{by} {flags}")).run();
            if run.exit != Exit::Answered {
                continue;
            }
            let rows = aistat(&format!("{area} {topic}{by} {flags}")).csv();
            for (at, key) in rows[0].iter().enumerate() {
                let Some(own) = key.strip_suffix("_mark") else { continue };
                let own = rows[0].iter().position(|have| have == own).unwrap();
                for row in &rows[1..] {
                    let empty = ["dash", "illegible", "lost"].contains(&row[at].as_str());
                    assert!(!empty || row[own].is_empty(), "{}: {key} {row:?}", resource.address);
                }
            }
        }
    }
}

#[test]
fn one_value_or_a_reason_for_none() {
    let run = |line: &str| {
        let output = aistat(&format!("{line} --value")).run();
        (output.exit, output.out, output.err)
    };
    // Section 4.5.2 prints one to two projects a year.
    let (exit, out, err) = run("shenzhen innovation --period 2011");
    assert_eq!((exit, out.as_str(), err.as_str()), (Exit::No, "", "no single value: a range in the report (1–2)\n"));
    let (exit, out, err) = run("shenzhen companies --period 1999");
    assert_eq!((exit, out.as_str()), (Exit::No, ""));
    assert!(err.ends_with("there is no such row\n"), "{err}");
    // Exhibit 20: five districts have no number, each of them may have more companies than Nanshan.
    let (exit, out, err) = run("shenzhen companies --by-district --rank=companies --where district=nanshan");
    assert_eq!((exit, out.as_str()), (Exit::No, ""));
    assert_eq!(err, "no single value: the rank may be 1–6\n");
    for line in ["list", "find 深圳", "dump", "check data", "list --members"] {
        let (exit, out, err) = run(line);
        assert_eq!((exit, out.as_str()), (Exit::Usage, ""), "{line}");
        assert!(err.starts_with("error: --value prints one number, and this answer is a list\n"), "{err}");
        assert!(err.ends_with(&format!("  try: aistat {line}\n")), "{err}");
    }
}

#[test]
fn marks_are_words_of_the_language() {
    // Exhibit 9: the chart is lost, the text says nearly 80 000 for 2023.
    let marks = |flags: &str, key: &str| aistat(&format!("china patents {flags}")).column(key);
    assert_eq!(marks("--period 2022,2023", "applications_mark"), ["lost", "nearly"]);
    assert_eq!(marks("--period 2022,2023 --headers title --lang zh", "申请量标记"), ["图表已失", "近"]);
    assert_eq!(marks("--period 2022,2023 --headers title", "Applications mark"), ["lost with the chart", "nearly"]);
    // No word in Latin letters in what stands for a code.
    let latin = |text: &str| text.chars().any(|c| c.is_ascii_alphabetic());
    let mut looked = 0;
    for line in ["china patents --bounds", "shenzhen innovation --bounds", "world frameworks --bounds", "dump"] {
        let rows = aistat(&format!("{line} --headers title --lang zh")).csv();
        for (at, title) in rows[0].iter().enumerate() {
            let words = ["标记", "结论", "依据", "缺失", "地区", "主题", "单位"];
            if !words.iter().any(|word| title.ends_with(word)) {
                continue;
            }
            for row in &rows[1..] {
                looked += 1;
                assert!(!latin(&row[at]), "{line}: {title} has '{}'", row[at]);
            }
        }
    }
    assert!(looked > 1000, "only {looked} cells");
    let dumped = aistat("dump shenzhen/financing/round --headers title --lang zh").csv();
    assert_eq!(dumped[1][1..3], ["深圳", "融资"]);
    assert!(dumped.iter().any(|row| row[6] == "融资轮次=天使轮" && row[7] == "融资事件"), "{:?}", dumped[3]);
    // Scripts get codes.
    assert_eq!(aistat("dump shenzhen/financing/round").csv()[1][1..3], ["shenzhen", "financing"]);
}

#[test]
fn an_index_names_its_base() {
    let line = "shenzhen financing --measure deals --period 2023 --headers title";
    assert_eq!(aistat(&format!("{line} --index=2013")).csv()[0][3], "Deals, index (2013 = 100)");
    assert_eq!(aistat(&format!("{line} --index=2021 --lang zh")).csv()[0].last().unwrap(), "融资数量指数(2021=100)");
}

#[test]
fn answers_about_cells_name_their_source() {
    let lines =
        ["dump china/scale", "explain china/scale:scale@2022", "audit china/scale", "test china/scale:scale@2023>1000"];
    for line in lines {
        let said = aistat(&format!("{line} -f csv")).ok().err;
        assert!(said.contains("来源:深圳市人工智能行业协会"), "{line}: {said}");
        let json: Value = serde_json::from_str(&aistat(&format!("{line} -f json")).ok().out).unwrap();
        assert_eq!(json["sources"].as_array().unwrap().len(), 1, "{line}");
    }
}

#[test]
fn one_dataset_is_listed_alone() {
    assert_eq!(aistat("list shenzhen/companies/district").column("dataset"), ["shenzhen/companies/district"]);
    assert!(aistat("list shenzhen/companies").csv().len() > 2);
    assert!(aistat("list shenzhen/companies/penguins").refused().contains("penguins"));
}

#[test]
fn kinds_of_columns_do_not_hang_on_rows() {
    let kinds = |run: Run| {
        let json: Value = serde_json::from_str(&run.run().out).unwrap();
        let columns = json["columns"].as_array().unwrap().clone();
        columns.iter().map(|column| column["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let sound = kinds(aistat("check data -f json"));
    assert_eq!(sound[1..3], ["statistic", "statistic"]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("datapackage.json"), r#"{"name": "p", "resources": [{"name": "t"}]}"#).unwrap();
    assert_eq!(kinds(args(["check", folder.path().to_str().unwrap(), "-f", "json"])), sound);
}

#[test]
fn no_header_is_for_formats_that_have_one() {
    for format in ["json", "ndjson"] {
        let refused = aistat(&format!("shenzhen scale -f {format} --no-header")).refused();
        assert!(refused.ends_with(&format!("  try: aistat shenzhen scale -f {format}\n")), "{refused}");
    }
}

/// Exhibit 21 has area, positioning and companies as a list; the report has the positioning in Chinese.
#[test]
fn a_text_in_two_languages_is_one_column_and_a_list_an_array() {
    let header = |lang: &str| aistat(&format!("show 21 --headers title --lang {lang}")).csv().remove(0);
    assert!(
        header("en").contains(&"Positioning".to_owned()) && !header("en").iter().any(|title| title.contains("English"))
    );
    assert!(header("zh").contains(&"园区定位".to_owned()) && !header("zh").iter().any(|title| title.contains("英文")));
    let table = |lang: &str| aistat(&format!("show 21 -f table --lang {lang}")).ok().out;
    assert!(table("en").contains("digital economy eco-city") && !table("en").contains("数字经济生态城"));
    assert!(table("zh").contains("数字经济生态城") && table("zh").contains("优必选、锐明技术"));
    let json: Value = serde_json::from_str(&aistat("show 21 -f json").ok().out).unwrap();
    let row = &json["rows"][1];
    assert_eq!(row["positioning"], "战略性新兴产业集聚园");
    assert_eq!(row["representatives"], serde_json::json!(["优必选", "锐明技术", "欧瑞博", "深视智能", "鹿影科技"]));
    let parks = |line: &str| aistat(&format!("shenzhen parks --where {line}")).column("park");
    assert_eq!(parks("representatives=优必选"), ["nanshan-zhiyuan"]);
    assert_eq!(
        args(["shenzhen", "parks", "--where", "positioning=digital economy eco-city"]).column("park"),
        ["baoneng"]
    );
    // The table's own order, which begins with the area; the answer to a question has texts before numbers.
    let place = |line: &str, key: &str| aistat(line).csv()[0].iter().position(|have| have == key).unwrap();
    assert!(place("show 21", "floor_area") < place("show 21", "positioning"));
    assert!(place("shenzhen parks", "positioning") < place("shenzhen parks", "floor_area"));
    // `list` has several of a kind in one cell.
    let json: Value = serde_json::from_str(&aistat("list shenzhen/financing/round -f json").ok().out).unwrap();
    assert_eq!(json["rows"][0]["dimensions"], serde_json::json!(["round"]));
}

#[test]
fn an_english_wording_that_is_not_there_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let descriptor = r#"{"name": "p", "version": "1", "aistat:title": {"zh": "甲", "en": "P"}, "resources": [
 {"name": "t", "path": "t.csv", "aistat:area": "a", "aistat:topic": "t", "aistat:title": {"zh": "乙", "en": "T"},
  "schema": {"primaryKey": ["period"], "fields": [{"name": "period", "type": "string"},
   {"name": "what", "type": "string", "aistat:en": "what_en", "aistat:title": {"zh": "何", "en": "What"}}]}}]}"#;
    std::fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
    std::fs::write(folder.path().join("t.csv"), "period,what\n2023,甲\n").unwrap();
    let check = args(["check", folder.path().to_str().unwrap()]).run();
    assert_eq!(check.exit, Exit::No);
    assert!(check.out.contains("unknown-field,there is no field 'what_en'"), "{}", check.out);
}
