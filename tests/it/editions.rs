//! Two editions of one package: the report's own folder, and a copy of it with another version and other numbers.

use std::fs;
use std::path::Path;

use crate::harness::{Run, aistat, args};
use crate::report::path;

/// The report's folder again, as an edition of 2025, with one table written anew.
fn edition(table: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&path("data"), folder.path());
    let descriptor = folder.path().join("datapackage.json");
    let old = fs::read_to_string(&descriptor).unwrap();
    let new = old.replacen("\"version\": \"2024-04\"", "\"version\": \"2025-04\"", 1);
    assert_ne!(old, new);
    fs::write(&descriptor, new).unwrap();
    fs::write(folder.path().join(table), text).unwrap();
    folder
}

pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn with(folder: &tempfile::TempDir, line: &str) -> Run {
    args(line.split_whitespace()).arg("--data").arg(&folder.path().to_string_lossy())
}

const SCALE: &str = "shenzhen/scale.csv";
const REVISED: &str = "period,scale,scale_mark,scale_growth,scale_growth_exhibit
2019,,,,
2020,287.4,,3.2,
2021,,lost,,
2022,345,,,
2023,390,,,
2024,430,,,
";

#[test]
fn what_was_revised_added_and_dropped() {
    let folder = edition(SCALE, REVISED);
    for (earlier, later) in
        [("wb2024@2024-04", "wb2024@2025-04"), ("wb2024@2024-04", &*folder.path().to_string_lossy())]
    {
        let rows = with(&folder, "diff").arg(earlier).arg(later).csv();
        let short: Vec<Vec<&str>> = rows[1..].iter().map(|row| row[1..].iter().map(String::as_str).collect()).collect();
        // 287 may have been rounded from 287.35 to 287.45, 387 not from 389.5 to 390.5: 100 · 3/387 = 0.7751…
        assert_eq!(
            short[0],
            ["2020", "", "scale", "yi-cny", "revised", "287", "287.4", "0.4", "0.13937282229965156", "no"]
        );
        assert_eq!(short[1], ["2022", "", "scale", "yi-cny", "added", "", "345", "", "", ""]);
        assert_eq!(
            short[2],
            ["2023", "", "scale", "yi-cny", "revised", "387", "390", "3", "0.7751937984496124", "yes"]
        );
        assert_eq!(short[3], ["2024", "", "scale", "yi-cny", "added", "", "430", "", "", ""]);
        assert_eq!(short[4], ["2023", "", "scale_growth", "percent", "dropped", "12.1", "", "", "", ""]);
        assert_eq!(rows.len(), 6);
    }
}

#[test]
fn an_edition_beside_another_is_addressed_by_its_version() {
    let folder = edition(SCALE, REVISED);
    let refusal = with(&folder, "shenzhen scale").refused();
    assert!(refusal.contains("wb2024@2024-04:shenzhen/scale, wb2024@2025-04:shenzhen/scale"), "{refusal}");
    assert!(refusal.contains("try: aistat wb2024@2025-04:shenzhen scale --data "), "{refusal}");
    assert_eq!(with(&folder, "wb2024@2025-04:shenzhen scale --period latest").column("scale"), ["430"]);
    assert_eq!(with(&folder, "wb2024@2024-04:shenzhen scale --period latest").column("scale"), ["387"]);
    let compared = with(&folder, "compare wb2024@2025-04:shenzhen/scale wb2024@2024-04:shenzhen/scale --measure scale --as difference --period 2023").csv();
    assert_eq!(compared[0][1], "shenzhen_scale_wb2024_2025_04_scale");
    assert_eq!(compared[1], ["2023", "390", "", "387", "", "3"]);
    assert_eq!(with(&folder, "list --packages").column("package"), ["wb2024@2024-04", "wb2024@2025-04"]);
    let wrong = with(&folder, "diff wb2024 elsewhere").refused();
    assert!(wrong.contains("wb2024 has 2 editions"), "{wrong}");
    let unknown = with(&folder, "wb2023:shenzhen scale").refused();
    assert!(unknown.contains("there is no package 'wb2023'"), "{unknown}");
}

#[test]
fn editions_that_share_nothing_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("datapackage.json"), r#"{"name": "other", "resources": []}"#).unwrap();
    let refusal = aistat("diff wb2024").arg(&folder.path().to_string_lossy()).refused();
    assert!(refusal.contains("have no dataset in common"), "{refusal}");
    assert!(refusal.contains("aistat:series"), "{refusal}");
}

#[test]
fn the_same_folder_twice_is_one_package() {
    let folder = edition(SCALE, REVISED);
    let run = with(&folder, "list --packages").var("AISTAT_DATA", &folder.path().to_string_lossy());
    assert_eq!(run.column("package").len(), 2);
}

#[test]
fn cells_and_audits_tell_editions_apart() {
    let folder = edition(SCALE, REVISED);
    let cell = "wb2024@2025-04:shenzhen/scale:scale@2023";
    assert_eq!(with(&folder, "explain").arg(cell).csv()[1][3], cell);
    with(&folder, "test").arg(&format!("{cell} > wb2024@2024-04:shenzhen/scale:scale@2023")).ok();
    let audit = with(&folder, "audit").run();
    assert!(!audit.err.contains("left out"), "{}", audit.err);
    let members = |out: &str| {
        let of = |line: &&str| ["printed", "relation"].contains(&line.split(',').nth(1).unwrap_or_default());
        out.lines().skip(1).filter(of).count()
    };
    // Each edition's own sets, and the revised cell: 387 and 390 cannot both hold, nor can any third number make them.
    assert_eq!(members(&audit.out), 2 * members(&aistat("audit").run().out) + 3);
    let revised = ["printed: 387", "printed: 390", "assumed one cell of two editions"];
    assert!(revised.iter().all(|text| audit.out.contains(text)), "{}", audit.out);
    let dataset = &with(&folder, "dump").csv()[1][0];
    assert!(dataset.starts_with("wb2024@2024-04:"), "{dataset}");
}

#[test]
fn check_reads_the_relations() {
    let relations = fs::read_to_string(path("data").join("relations.csv")).unwrap();
    let (header, rest) = relations.split_once('\n').unwrap();
    let wrong = "a,nowhere/topic:m@2020 < 5,1,printed\nb,shenzhen/scale:scale@2023 <,1,printed\nc,shenzhen/scale:size@2023 < 5,1,printed\nd,1 > 2,1,printed";
    let folder = edition("relations.csv", &format!("{header}\n{wrong}\n{rest}"));
    let check = args(["check"]).arg(&folder.path().to_string_lossy()).run();
    assert_eq!(check.exit, aistat::Exit::No);
    let places: Vec<&str> = check.out.lines().skip(1).filter_map(|line| line.split("relations.csv,").nth(1)).collect();
    assert!(places[0].starts_with("2,3,error,relation,"), "{places:?}");
    assert!(places[1].starts_with("3,") && places[2].starts_with("4,3,error,relation,"), "{places:?}");
    assert!(places[3].starts_with("5,3,error,relation,the relation d names no cell,"), "{places:?}");
    assert_eq!(places.len(), 4, "{}", check.out);
}

/// A plain package of one table, as an edition.
fn plain_edition(folder: &Path, version: &str, header: &str, rows: &str) -> String {
    let own = folder.join(version);
    fs::create_dir(&own).unwrap();
    let field = |name: &str| {
        let kind = match name {
            "year" => "year",
            "国家" | "party" => "string",
            _ => "number",
        };
        format!(r#"{{"name": "{name}", "type": "{kind}"}}"#)
    };
    let fields: Vec<String> = header.split(',').map(field).collect();
    let descriptor = format!(
        r#"{{"name": "p", "version": "{version}", "resources": [{{"name": "t", "path": "t.csv", "schema": {{"fields": [{}]}}}}]}}"#,
        fields.join(",")
    );
    fs::write(own.join("datapackage.json"), descriptor).unwrap();
    fs::write(own.join("t.csv"), format!("{header}\n{rows}")).unwrap();
    own.to_string_lossy().into_owned()
}

#[test]
fn editions_match_what_tables_write_and_not_codes_that_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let before = plain_edition(folder.path(), "1", "year,国家,产值,人口", "2019,中国,1,100\n2019,日本,2,50\n");
    let after = plain_edition(folder.path(), "2", "year,国家,人口,产值", "2019,日本,50,3\n2019,中国,100,1\n");
    let diff = args(["diff", &before, &after]).ok();
    assert!(diff.err.contains("1 revised") && diff.err.contains("3 unchanged"), "{}", diff.err);
    let row = diff.out.lines().nth(1).unwrap();
    assert!(row.contains(",revised,2,3,1,50,"), "{row}");
    let compared =
        args(["compare", "p@1:p/t", "p@2:p/t", "--as", "difference", "--data", &before, "--data", &after]).ok();
    // 产值 of 中国 is 1 in both, of 日本 2 and 3.
    let differences: Vec<&str> = compared.out.lines().skip(1).filter_map(|row| row.split(',').nth(4)).collect();
    assert_eq!(differences, ["0", "-1"], "{}", compared.out);
}

/// A revision is beyond rounding where `audit` says that the two cannot be one number: not for one unit of the last place.
#[test]
fn diff_and_audit_agree_on_what_rounding_excuses() {
    let folder = tempfile::tempdir().unwrap();
    let before = plain_edition(folder.path(), "1", "year,v", "2023,2.0\n2021,2.0\n2022,2.00\n");
    let after = plain_edition(folder.path(), "2", "year,v", "2023,2.3\n2024,1.0\n2021,2.1\n2022,2.02\n2020,5.0\n");
    let rows = args(["diff", &before, &after]).csv();
    let short: Vec<[&str; 3]> = rows[1..].iter().map(|row| [&*row[1], &*row[5], &*row[10]]).collect();
    // 1.9 to 2.1 and 2.2 to 2.4 are apart; 1.9 to 2.1 meets 2.0 to 2.2, and 1.99 to 2.01 meets 2.01 to 2.03.
    let expected = [
        ["2020", "added", ""],
        ["2021", "revised", "no"],
        ["2022", "revised", "no"],
        ["2023", "revised", "yes"],
        ["2024", "added", ""],
    ];
    assert_eq!(short, expected);
    let audit = args(["audit", "p@1:p/t", "--data", &before, "--data", &after]).run();
    assert!(audit.out.contains("printed: 2.3"), "{}", audit.out);
    assert!(!audit.out.contains("printed: 2.1") && !audit.out.contains("printed: 2.02"), "{}", audit.out);
}

#[test]
fn a_broken_table_does_not_keep_the_others_from_being_compared() {
    let folder = tempfile::tempdir().unwrap();
    let editions = ["1", "2"].map(|version| {
        let own = folder.path().join(version);
        fs::create_dir(&own).unwrap();
        let table = |name: &str| {
            format!(r#"{{"name": "{name}", "path": "{name}.csv", "schema": {{"fields": [{{"name": "year", "type": "year"}}, {{"name": "v", "type": "number"}}]}}}}"#)
        };
        let descriptor = format!(r#"{{"name": "p", "version": "{version}", "resources": [{}, {}]}}"#, table("good"), table("bad"));
        fs::write(own.join("datapackage.json"), descriptor).unwrap();
        fs::write(own.join("good.csv"), format!("year,v\n2019,{version}\n")).unwrap();
        fs::write(own.join("bad.csv"), "year,v\n2019,two\n").unwrap();
        own.to_string_lossy().into_owned()
    });
    let diff = args(["diff", &editions[0], &editions[1]]).ok();
    assert!(diff.out.lines().nth(1).unwrap().starts_with("p/good,2019,,v,,revised,1,2,1,100,"), "{}", diff.out);
    assert!(diff.err.contains("left out: ") && diff.err.contains("bad.csv:2:6: 'two' is not a number"), "{}", diff.err);
}

#[test]
fn one_address_of_two_editions_is_offered_for_each() {
    let folder = tempfile::tempdir().unwrap();
    let before = plain_edition(folder.path(), "1", "year,party,v", "2019,a,1\n");
    let after = plain_edition(folder.path(), "2", "year,party,v", "2019,a,2\n");
    let data = ["--data", before.as_str(), "--data", after.as_str()];
    let refusal = args([&["compare", "p/t", "p/t"][..], &data].concat()).refused();
    assert!(refusal.contains("aistat compare p@1:p/t/party p@2:p/t/party --data "), "{refusal}");
}

/// Codes that were made for names in Chinese follow the order of rows and columns, which is another in the next edition.
#[test]
fn audits_pair_cells_by_the_names_in_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let edition = |version: &str, fields: [&str; 2], csv: &str| {
        let own = folder.path().join(version);
        fs::create_dir(&own).unwrap();
        let numbers = fields.map(|name| format!(r#"{{"name": "{name}", "type": "number"}}"#)).join(", ");
        let descriptor = format!(
            r#"{{"name": "nj", "version": "{version}", "resources": [{{"name": "acc", "path": "t.csv", "schema": {{"fields": [
              {{"name": "年份", "type": "year"}}, {{"name": "城市", "type": "string"}}, {numbers}]}}}}]}}"#
        );
        fs::write(own.join("datapackage.json"), descriptor).unwrap();
        fs::write(own.join("t.csv"), format!("年份,城市,{},{}\n{csv}", fields[0], fields[1])).unwrap();
        own.to_string_lossy().into_owned()
    };
    let first = edition("1", ["产值", "人口"], "2020,北京,100,6\n2020,上海,200,7\n");
    let second = edition("2", ["人口", "产值"], "2020,上海,7,200\n2020,北京,6,100\n");
    let third = edition("3", ["产值", "人口"], "2020,上海,210,7\n2020,北京,100,6\n");
    let audit = |other: &str| args(["audit", "nj@1:nj/acc", "--data", &first, "--data", other]);
    assert_eq!(audit(&second).ok().exit, aistat::Exit::Answered);
    // One of the four is another number: 200 in the first edition, 210 in the third; rounding excuses 201.
    let found = audit(&third).run();
    assert_eq!(found.exit, aistat::Exit::No);
    let printed = found.out.lines().filter(|line| line.contains("printed: ")).collect::<Vec<_>>();
    assert!(matches!(printed[..], [a, b] if a.contains("printed: 200") && b.contains("printed: 210")), "{}", found.out);
}
