//! Datasets by less than their own dimensions: numbers added up over some, records counted.

use aistat::Exit;

use crate::harness::{aistat, args};
use crate::made::Made;

/// Exhibits 17 and 18 list six documents of the city; of Futian and Longhua three each, of four others one: 16 in all.
#[test]
fn records_are_counted() {
    let rows = aistat("shenzhen policy --by-issuer").csv();
    assert_eq!(rows[0], ["period", "issuer", "records"]);
    let counts: Vec<String> = rows[1..].iter().map(|row| row[1..].join(" ")).collect();
    assert_eq!(counts, ["city 6", "futian 3", "longhua 3", "luohu 1", "pingshan 1", "nanshan 1", "qianhai 1"]);
    assert!(rows[1..].iter().all(|row| row[0] == "2019-05/2024-01"), "{rows:?}");
    let tiers = aistat("shenzhen policy --by-tier --share --rank").csv();
    let tiers: Vec<String> = tiers[1..].iter().map(|row| row[1..].join(" ")).collect();
    // 100·9/16, 100·6/16, 100·1/16
    assert_eq!(tiers, ["district 9 56.25 1 1 1", "city 6 37.5 2 2 2", "zone 1 6.25 3 3 3"]);
    assert_eq!(aistat("shenzhen policy --by-issuer --where issuer=city --value").ok().out, "6\n");
    assert_eq!(aistat("shenzhen policy --by-issuer --where issuer=longhua --rank --value").ok().out, "2\n");
    assert_eq!(aistat("shenzhen policy --by-issuer --top 1").column("issuer"), ["city"]);
    // Counted, not from other numbers: no mark.
    let table = aistat("shenzhen policy --by-issuer -f table").ok().out;
    assert!(table.contains(" 6\n") && !table.contains('*'), "{table}");
    let parks = aistat("shenzhen parks --by-district -f table").ok().out;
    assert!(parks.contains("278*") && !parks.contains("3*"), "{parks}");
    let many = aistat("shenzhen parks --by-district --value").refused();
    assert!(many.contains("--value --where district=futian --measure records\n"), "{many}");
    let said = aistat("shenzhen policy --by-tier").ok().err;
    assert!(said.contains("Documents: how many records the table has, of all dates together"), "{said}");
    assert!(!said.contains("added up over"), "{said}");
}

#[test]
fn records_are_chosen_by_their_dates() {
    // Of 2023: 05 and 07 by the city, 06 by Longhua, 07 by Pingshan, 10 by Nanshan.
    let rows = aistat("shenzhen policy --by-issuer --period 2023").csv();
    let counts: Vec<String> = rows[1..].iter().map(|row| row.join(" ")).collect();
    assert_eq!(counts, ["2023 city 2", "2023 longhua 1", "2023 pingshan 1", "2023 nanshan 1"]);
    let range = aistat("shenzhen policy --by-tier --period 2019..2020").csv();
    assert_eq!(range[1..], [["2019/2020", "city", "3"], ["2019/2020", "district", "1"]]);
    assert_eq!(aistat("shenzhen policy --by-issuer --period latest").column("issuer"), ["qianhai"]);
    let none = aistat("shenzhen policy --by-issuer --period 2010").ok();
    assert_eq!(none.out.lines().count(), 1);
    assert!(none.err.contains("no row for 2010; the periods there are: 2019-05 … 2024-01"), "{}", none.err);
}

/// 1.35 and 2.0 tonnes in the north; more than 3 and 4 to 6 in the south. Rates are printed for the docks alone.
#[test]
fn rates_are_not_added_up() {
    let made = Made::new();
    let sums = made.ask("port cargo --by-side").ok();
    assert!(sums.out.starts_with("period,side,tonnes\n2021,north,3.35\n2021,south,"), "{}", sums.out);
    assert!(sums.err.contains("left out, as they do not add up: Fill rate"), "{}", sums.err);
    let said = made.ask("port cargo --by-side --measure fill").refused();
    assert!(
        said.starts_with("error: 'fill' does not add up\n  try: aistat port cargo --by-dock --measure fill --data ")
    );
    let rates = made.ask("port cargo --by-dock --measure fill").column("fill");
    assert_eq!(rates, ["55.5", "60", "34", "12"]);
    // 10 + 4, 20 + 5, 300 + 60, 330 + 90.
    for bytes in ["0", "1000000"] {
        let ask = |line: &str| made.ask(line).var("AISTAT_LIMIT_EXACT_BYTES", bytes);
        let rows = ask("open steps --by-area").csv();
        assert_eq!(rows[0], ["period", "area", "count"], "{bytes}");
        assert_eq!(ask("open steps --by-area").column("count"), ["14", "25", "360", "420"], "{bytes}");
        let said = ask("open steps --by-area --measure rate").refused();
        assert!(said.contains("'rate' does not add up\n  try: aistat open steps --by-area --by-item --measure rate"));
    }
}

#[test]
fn each_of_two_breakdowns_is_proposed() {
    let said = Made::new().ask("port tows --by-side --by-industry").refused();
    assert!(
        said.starts_with(
            "error: no dataset is broken down by side + industry\n  try: aistat port tows --by-dock --data "
        )
    );
    assert!(said.contains("\n  try: aistat port tows --by-industry --data "), "{said}");
    assert!(said.contains("\n  try: aistat port tows --by-side --data "), "{said}");
}

/// Exhibit 21: three of six parks stand in Nanshan, on 188 + 66 + 24.
#[test]
fn parks_are_counted_beside_their_sums() {
    let rows = aistat("shenzhen parks --by-district --share").csv();
    assert_eq!(rows[0][..5], ["period", "district", "records", "records_share", "floor_area"]);
    assert_eq!(rows[1][..5], ["2023", "nanshan", "3", "50", "278"]);
    let share = rows[0].iter().position(|key| key == "floor_area_share").unwrap();
    // Other parks may be there: their areas are parts of no known whole.
    assert_eq!(rows[1][share], "");
}

#[test]
fn numbers_are_added_up_over_what_is_left_out() {
    let made = Made::new();
    let output = made.ask("port trade --by-province --bounds").ok();
    // 10 and 5 to the unit; 20.0 and 2.5 to a tenth. West lacks its cars.
    assert!(output.out.contains("\n2023,north,15,14,16,"), "{}", output.out);
    assert!(output.out.contains("\n2023,south,22.5,22.4,22.6,"), "{}", output.out);
    assert!(output.out.contains("\n2023,west,,,,missing,"), "{}", output.out);
    assert!(output.err.contains("added up over Industry"), "{}", output.err);
    assert!(output.err.contains("there is no row for Cars"), "{}", output.err);
    // Over provinces that share a region: 37.5; inland has one province, which lacks its cars.
    let regions = made.ask("port trade --by-region").csv();
    assert_eq!(
        regions[1..].iter().map(|row| row[..3].join(",")).collect::<Vec<_>>(),
        ["2023,coast,37.5", "2023,inland,"]
    );
    assert_eq!(made.ask("port trade --by-industry").column("value"), ["37", ""]);
    let derived = made.ask("port trade --by-province --derived --where province=south").csv();
    assert_eq!(derived[1][2..5], ["22.5", "22.4", "22.6"]);
    // All provinces are there, and so all chips: 20.0 of 37.
    assert_eq!(made.ask("port trade --by-industry --where industry=chips --value --measure value").ok().out, "37\n");
    // Without a breakdown the dataset is what it was.
    assert_eq!(made.ask("port trade").csv().len(), 6);
}

#[test]
fn what_is_not_all_there_is_is_not_added_up() {
    let made = Made::new();
    let refused = made.ask("port visits --by-province").refused();
    assert!(refused.contains("the members of Industry are not all listed"), "{refused}");
    let line = refused.lines().find_map(|line| line.trim_start().strip_prefix("try: ")).unwrap();
    assert!(line.starts_with("aistat port visits --by-province ") && line.ends_with(" --by-industry"), "{line}");
    assert_eq!(made.ask("port visits --by-province --by-industry").csv().len(), 6);
}

/// 90.6 less 77.5 percent, each to a tenth: 13.1 percentage points, 13.0 to 13.2.
#[test]
fn percentages_change_by_percentage_points() {
    let made = Made::new();
    let rows = made.ask("port use --change --bounds --period 2023").csv();
    assert_eq!(rows[0][6..9], ["rate_change", "rate_change_lower", "rate_change_upper"]);
    assert_eq!(rows[1][6..9], ["13.1", "13", "13.2"]);
    let table = made.ask("port use --change --period 2023 -f table").ok().out;
    assert!(table.contains("(percentage points)"), "{table}");
    assert!(made.ask("port use --growth").refused().contains("is a rate or a place: it has no growth"));
}

#[test]
fn records_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let write = |records: &str| {
        let descriptor = format!(
            r#"{{"name": "r", "aistat:title": {{"zh": "甲", "en": "R"}}, "resources": [
             {{"name": "acts", "path": "acts.csv", "aistat:area": "a", "aistat:topic": "acts", "aistat:columns": ["period", "no-such"], "aistat:records": {records},
              "aistat:title": {{"zh": "法", "en": "Acts"}}, "schema": {{"primaryKey": ["period"], "fields": [
              {{"name": "period", "type": "string"}}, {{"name": "records", "type": "string"}}]}}}}]}}"#
        );
        std::fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
        std::fs::write(folder.path().join("acts.csv"), "period,records\n2023,x\n").unwrap();
    };
    write(r#"{"zh": "部", "unit": "no-unit"}"#);
    let output = args(["check"]).arg(&folder.path().to_string_lossy()).arg("--lang").arg("en").run();
    assert_eq!(output.exit, Exit::No);
    for said in [
        "aistat:records lacks a title in zh or en",
        "has aistat:records and no dimension",
        "there is no unit 'no-unit' in the list of units",
        "the field 'records' is named like their number",
        "there is no column 'no-such'",
    ] {
        assert!(output.out.contains(said), "{said}\n{}", output.out);
    }
}
