//! Slips of the pen, planted in a small package: levels 1000, 1100, 1320, 1386 with growth of 10.0, 20.0 and 5.0 %, and two
//! members of each, p and q.

use std::fs;

use aistat::Exit;

use crate::harness::{Output, args};

const DESCRIPTOR: &str = r#"{"name": "slips", "version": "1", "aistat:title": {"zh": "笔误", "en": "Slips"}, "resources": [
  {"name": "t", "path": "t.csv", "aistat:area": "a", "aistat:topic": "t", "aistat:section": "1", "aistat:title": {"zh": "总", "en": "Total"},
   "schema": {"primaryKey": ["period"], "fields": [{"name": "period", "type": "string"},
    {"name": "n", "type": "number", "aistat:unit": "u", "aistat:kind": "flow", "aistat:whole": true, "aistat:title": {"zh": "数", "en": "Number"}},
    {"name": "n_growth", "type": "number", "aistat:unit": "percent", "aistat:kind": "rate", "aistat:title": {"zh": "增", "en": "Growth"},
     "aistat:growthOf": {"of": "n", "base": "stated"}}]}},
  {"name": "tm", "path": "tm.csv", "aistat:area": "a", "aistat:topic": "t", "aistat:dimensions": ["m"], "aistat:exhaustive": "no",
   "aistat:section": "2", "aistat:title": {"zh": "分", "en": "By member"},
   "schema": {"primaryKey": ["period", "m"], "fields": [{"name": "period", "type": "string"}, {"name": "m", "type": "string"},
    {"name": "n", "type": "number", "aistat:unit": "u", "aistat:kind": "flow", "aistat:whole": true, "aistat:title": {"zh": "数", "en": "Number"}},
    {"name": "n_share", "type": "number", "aistat:unit": "percent", "aistat:kind": "rate", "aistat:title": {"zh": "比", "en": "Share"},
     "aistat:shareOf": {"part": "n", "whole": "a/t:n", "base": "stated"}}],
    "foreignKeys": [{"fields": ["m"], "reference": {"resource": "m", "fields": ["code"]}}]}},
  {"name": "m", "path": "m.csv", "aistat:role": "codes", "aistat:title": {"zh": "成员", "en": "Member"}},
  {"name": "units", "path": "units.csv", "aistat:role": "codes", "aistat:title": {"zh": "单位", "en": "Units"}},
  {"name": "relations", "path": "relations.csv", "aistat:role": "relations"}]}"#;

const TRUE: [&str; 4] = ["2020,1000,", "2021,1100,10.0", "2022,1320,20.0", "2023,1386,5.0"];
const MEMBERS: &str = "2022,p,,\n2022,q,,\n2023,p,,\n2023,q,,\n";

/// The package with totals, members and relations.
fn package(totals: &[&str], members: &str, relations: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("datapackage.json", DESCRIPTOR.to_owned());
    write("t.csv", format!("period,n,n_growth\n{}\n", totals.join("\n")));
    write("tm.csv", format!("period,m,n,n_share\n{members}"));
    write("m.csv", "code,zh,en,order\np,甲,P,1\nq,乙,Q,2\n".to_owned());
    write("units.csv", "code,zh,en,family,power,order\nu,个,things,thing,0,1\npercent,%,%,percent,0,2\n".to_owned());
    write("relations.csv", format!("id,statement,section,basis\n{relations}"));
    folder
}

fn ask(folder: &tempfile::TempDir, words: &[&str]) -> Output {
    args(words.iter().copied()).arg("--data").arg(&folder.path().to_string_lossy()).arg("--lang").arg("en").run()
}

/// The notes of an audit that finds a conflict.
fn audit(totals: &[&str], members: &str, relations: &str) -> Output {
    let output = ask(&package(totals, members, relations), &["audit", "a/t"]);
    assert_eq!(output.exit, Exit::No, "{}{}", output.out, output.err);
    output
}

#[test]
fn what_holds_is_left_alone() {
    let output = ask(&package(&TRUE, MEMBERS, ""), &["audit", "a/t"]);
    assert_eq!(output.exit, Exit::Answered, "{}", output.err);
}

#[test]
fn a_series_a_year_off() {
    let output = audit(&["2020,1000,10.0", "2021,1100,20.0", "2022,1320,5.0", "2023,1386,"], MEMBERS, "");
    let mend = "1,mend,,slips:a/t:n_growth@2021,with its series one year later (a year off by one): these and all numbers around them";
    assert!(output.out.contains(mend), "{}", output.out);
    let levels = ["2020,1100,", "2021,1320,10.0", "2022,1386,20.0", "2023,,5.0"];
    let output = audit(&levels, MEMBERS, "");
    let mend = "with its series one year later (a year off by one): these and all numbers around them";
    assert!(output.out.contains(mend), "{}", output.out);
}

#[test]
fn two_years_exchanged() {
    let output = audit(&["2020,1000,", "2021,1100,20.0", "2022,1320,10.0", "2023,1386,5.0"], MEMBERS, "");
    let mend = "1,mend,,slips:a/t:n_growth@2021,exchanged with slips:a/t:n_growth@2022 (a year off by one): these and all numbers around them";
    assert!(output.out.contains(mend), "{}", output.out);
}

#[test]
fn a_share_of_another_total() {
    // 462 is 33.3 % of 1386 and 35.0 % of 1320.
    let output = audit(&TRUE, "2022,p,,\n2022,q,,\n2023,p,462,35.0\n2023,q,,\n", "");
    let mend = "1,partial,,slips:a/t:n@2023,as 1320 (which slips:a/t:n@2022 is printed as): these could hold; that all numbers around them could is not shown";
    assert!(output.out.contains(mend), "{}", output.out);
    // 461.5 / 35.05 % = 1318.1 and 462 / 34.95 % = 1321.9.
    for total in [1321, 1320, 1319] {
        let line = format!("1,total,,slips:a/t:n@2023,as {total}: can have the shares of this set,{total},{total},");
        assert!(output.out.contains(&line), "{}", output.out);
    }
}

#[test]
fn a_level_in_another_unit() {
    let output = audit(&["2020,1000,", "2021,1100000,10.0", "2022,1320,20.0", "2023,1386,5.0"], MEMBERS, "");
    let mend = "1,mend,,slips:a/t:n@2021,as 1100000 × 10^-3 (another unit): these and all numbers around them could hold,1100,";
    assert!(output.out.contains(mend), "{}", output.out);
    assert!(!output.out.contains(",total,"), "no share is printed: {}", output.out);
}

#[test]
fn relations_alone_are_shown() {
    let relations =
        "up,a/t/m:n[m=q]@2023 > a/t/m:n[m=p]@2023,3,printed\ndown,a/t/m:n[m=p]@2023 > a/t/m:n[m=q]@2023,3,printed\n";
    let output = ask(&package(&TRUE, MEMBERS, relations), &["audit", "a/t/m"]);
    assert_eq!(output.exit, Exit::No, "{}", output.err);
    assert!(output.err.contains("[1] these relations cannot all hold"), "{}", output.err);
    assert!(output.out.contains("relation up: ") && output.out.contains("relation down: "), "{}", output.out);
}

/// An audit in which no growth rate ties one year to another.
fn apart(totals: &[&str], members: &str, relations: &str) -> Output {
    let folder = package(totals, members, relations);
    let growth = r#",
     "aistat:growthOf": {"of": "n", "base": "stated"}"#;
    assert!(DESCRIPTOR.contains(growth));
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("datapackage.json", DESCRIPTOR.replace(growth, "").replace("n_growth", "r"));
    write("t.csv", format!("period,n,r\n{}\n", totals.join("\n")));
    ask(&folder, &["audit", "a/t"])
}

const SUMS: &str =
    "s22,sum(a/t/m:n[m=*]@2022) = a/t:n@2022,3,printed\ns23,sum(a/t/m:n[m=*]@2023) = a/t:n@2023,3,printed\n";

/// 30 + 20 is 50 and not 87. Of 2022, too, the members add up to 50, so that 87 does not fit there either.
#[test]
fn a_change_has_to_fit_wherever_its_numbers_stand() {
    let members = "2022,p,30,\n2022,q,20,\n2023,p,30,\n2023,q,20,\n";
    let output = apart(&["2022,50,", "2023,87,"], members, SUMS);
    assert_eq!(output.exit, Exit::No, "{}{}", output.out, output.err);
    assert!(output.out.contains("30 + 20 = 50, against 87"), "{}", output.out);
    assert!(!output.out.contains("exchanged with"), "{}", output.out);
    let mend = "slips:a/t:n@2023,as 50 (which slips:a/t:n@2022 is printed as): these and all numbers around them could hold,50,50,";
    assert!(output.out.contains(mend), "{}", output.out);
}

/// The other year is twenty years away.
#[test]
fn a_year_off_is_one_year_off() {
    let (members, sum) = ("2020,p,30,\n2020,q,20,\n", "s,sum(a/t/m:n[m=*]@2020) = a/t:n@2020,3,printed\n");
    let output = apart(&["2000,50,", "2020,87,"], members, sum);
    assert_eq!(output.exit, Exit::No, "{}{}", output.out, output.err);
    assert!(!output.out.contains("a year off by one"), "{}", output.out);
    // A year away it would do: nothing pins what 2019 is.
    let output = apart(&["2019,50,", "2020,87,"], members, sum);
    assert!(output.out.contains("exchanged with slips:a/t:n@2019 (a year off by one)"), "{}", output.out);
}

/// 87 is not 30 + 20, and no single digit, exchange or unit makes it so: 50 for 87, 67 for 30, 57 for 20 do.
#[test]
fn where_no_slip_does_the_number_that_would_is_shown() {
    let output = apart(&["2023,87,"], "2023,p,30,\n2023,q,20,\n", "s,sum(a/t/m:n[m=*]@2023) = a/t:n@2023,3,printed\n");
    for (cell, value) in [("a/t:n@2023", 50), ("a/t/m:n[m=p]@2023", 67), ("a/t/m:n[m=q]@2023", 57)] {
        let mend =
            format!("1,mend,,slips:{cell},as {value}: these and all numbers around them could hold,{value},{value},");
        assert!(output.out.contains(&mend), "{mend}\n{}", output.out);
    }
}

/// 1.25 to 1.35 % of 40 is 0.5 to 0.54: no whole number. 1 of 75 is 1.333 %, 1 of 76 1.316 %; 1 of 74 is 1.351 %.
#[test]
fn totals_are_looked_for_far_enough() {
    let output = audit(&["2023,40,"], "2023,p,,1.3\n2023,q,,\n", "");
    assert!(output.out.contains("40 × [1.25–1.35] % = 0.5–0.54: no whole number"), "{}", output.out);
    for total in [75, 76] {
        assert!(
            output.out.contains(&format!("as {total}: can have the shares of this set,{total},")),
            "{}",
            output.out
        );
    }
    assert!(!output.out.contains("as 74: can"), "{}", output.out);
}

/// 1000 that grow by 30 % are 1300 and not 1100. The members of 2022 are parts of what grew from there, and nothing is derived
/// of them, though no number of theirs takes part.
#[test]
fn a_conflict_beside_a_dataset_is_told_of() {
    let folder = package(&["2020,1000,", "2021,1100,30.0", "2022,1320,20.0"], "2022,p,,40.0\n2022,q,,\n", "");
    let output = ask(&folder, &["audit", "a/t/m"]);
    assert_eq!(output.exit, Exit::No, "{}{}", output.out, output.err);
    assert!(output.err.contains("for that nothing is derived of a/t/m"), "{}", output.err);
    assert!(output.out.contains("printed: 30.0"), "{}", output.out);
}

/// The arithmetic in every format: 1000 × 1.2995 to 1000 × 1.3005.
#[test]
fn the_arithmetic_stands_in_every_format() {
    let folder = package(&["2020,1000,", "2021,1100,30.0"], MEMBERS.split("2023").next().unwrap(), "");
    for format in ["csv", "json", "ndjson", "md", "table"] {
        let output = ask(&folder, &["audit", "a/t", "-f", format]);
        let text: String = output.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("[29.95–30.05] %"), "{format}: {}", output.out);
    }
    let json = ask(&folder, &["audit", "a/t", "-f", "json"]);
    let parsed: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let kinds: Vec<&str> = parsed["rows"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap()).collect();
    for kind in ["printed", "relation", "end", "off", "mend"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
}

#[test]
fn shares_of_what_is_below_zero_are_warned_of() {
    let folder = package(&["2022,-5,", "2023,10,5.0"], "2023,p,,\n", "");
    let output = args(["check", &folder.path().to_string_lossy(), "--lang", "en"]).run();
    assert_eq!(output.exit, Exit::Answered, "{}{}", output.out, output.err);
    for column in ["n_growth: of a number below 0", "n_share: of a number below 0"] {
        assert!(output.out.contains(column) && output.out.contains("below-zero"), "{}", output.out);
    }
    let sound = package(&TRUE, MEMBERS, "");
    let output = args(["check", &sound.path().to_string_lossy(), "--lang", "en"]).run();
    assert!(!output.out.contains("below-zero"), "{}", output.out);
}

/// 1000 to 1101 is 10.1 %, which is printed as 10.0: one unit of the last place.
#[test]
fn one_unit_of_rounding_is_no_conflict() {
    let output = ask(&package(&["2020,1000,", "2021,1101,10.0"], "2022,p,,\n", ""), &["audit", "a/t"]);
    assert_eq!(output.exit, Exit::Answered, "{}{}", output.out, output.err);
    assert!(output.err.contains("1 more set of numbers holds under another convention"), "{}", output.err);
}

#[test]
fn assumed_relations_and_assumed_units_are_both_named() {
    let relation = "s,sum(a/t/m:n[m=*]@2023) = a/t:n@2023,3,assumed\n";
    let folder = package(&["2023,87,"], "2023,p,30,\n2023,q,20,\n", relation);
    let unit = r#""aistat:unit": "u","#;
    let assumed = DESCRIPTOR.replacen(unit, &format!(r#"{unit} "aistat:unitBasis": "assumed","#), 1);
    fs::write(folder.path().join("datapackage.json"), assumed).unwrap();
    let output = ask(&folder, &["audit", "a/t"]);
    assert_eq!(output.exit, Exit::No, "{}{}", output.out, output.err);
    let said = "cannot all hold if what is assumed does: sum(a/t/m:n[m=*]@2023) = a/t:n@2023, and if the assumed units do: slips:a/t:n@2023";
    assert!(output.err.contains(said), "{}", output.err);
}

/// A package whose shares are of another whole than the total of their own period.
fn shares_of(whole: &str, members: &str) -> tempfile::TempDir {
    let folder = package(&["2022,10,", "2023,,"], members, "");
    let descriptor = DESCRIPTOR.replace(r#""whole": "a/t:n""#, &format!(r#""whole": "{whole}""#));
    let descriptor = descriptor.replace(r#""aistat:exhaustive": "no""#, r#""aistat:exhaustive": "stated""#);
    fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
    folder
}

#[test]
fn members_add_up_to_no_whole_but_that_of_their_period() {
    // 4 and 6 are the 10 of 2022; 5 of 2023 is a share of them, not one of their parts.
    let output = ask(&shares_of("a/t:n@2022", "2022,p,4,\n2022,q,6,\n2023,p,5,50.0\n"), &["audit", "a/t"]);
    assert_eq!(output.exit, Exit::Answered, "{}", output.err);
    // In percent of one of the members.
    let output = ask(&shares_of("a/t/m:n[m=p]", "2022,p,4,100\n2022,q,6,150\n"), &["audit", "a/t"]);
    assert_eq!(output.exit, Exit::Answered, "{}", output.err);
}

#[test]
fn nothing_is_said_of_a_quotient_by_zero() {
    let folder = package(&["2020,0,", "2021,7,"], MEMBERS, "");
    for statement in ["a/t:n@2021 / a/t:n@2020 = 7", "a/t:n@2021 / a/t:n@2020 > 5", "a/t:n@2021 / a/t:n@2020 < 5"] {
        assert_eq!(ask(&folder, &["test", statement]).exit, Exit::Open, "{statement}");
    }
}

#[test]
fn a_relation_about_a_number_does_not_accuse() {
    // 1100 is 1.1 times 1000, not about three times.
    let folder = package(&TRUE, MEMBERS, "r,a/t:n@2021 / a/t:n@2020 ~ 3,1,printed\n");
    assert_eq!(ask(&folder, &["audit", "a/t"]).exit, Exit::Answered);
}

/// −10 + 4 − 2 is −8, of which −10 is 125 %: a quotient, and said to be one. Of 10 + 4 − 2 nothing has to be said.
#[test]
fn shares_of_a_total_below_zero_are_said_to_be_quotients() {
    for (first, is_below) in [("-10", true), ("10", false)] {
        let folder = tempfile::tempdir().unwrap();
        let package = r#"{"name": "firms", "resources": [{"name": "profit", "path": "profit.csv", "schema": {"fields": [
          {"name": "year", "type": "year"}, {"name": "firm", "type": "string"}, {"name": "profit", "type": "number"}]}}]}"#;
        std::fs::write(folder.path().join("datapackage.json"), package).unwrap();
        std::fs::write(
            folder.path().join("profit.csv"),
            format!("year,firm,profit\n2023,a,{first}\n2023,b,4\n2023,c,-2\n"),
        )
        .unwrap();
        let ask = |lang| {
            let data = folder.path().display().to_string();
            args(["firms", "profit", "--by-firm", "--share", "--data", &data, "--lang", lang]).ok()
        };
        let (en, zh) = (ask("en"), ask("zh"));
        assert_eq!(en.out.contains(",125\n"), is_below, "{}", en.out);
        assert_eq!(en.err.contains("is below 0: its shares are quotients"), is_below, "{}", en.err);
        assert_eq!(zh.err.contains("总数有小于零的"), is_below, "{}", zh.err);
    }
}
