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
    let mend = "[1] with the series of slips:a/t:n_growth@2021 one year later (a year off by one), these and all numbers around them";
    assert!(output.err.contains(mend), "{}", output.err);
    let levels = ["2020,1100,", "2021,1320,10.0", "2022,1386,20.0", "2023,,5.0"];
    let output = audit(&levels, MEMBERS, "");
    assert!(
        output.err.contains("one year later (a year off by one), these and all numbers around them"),
        "{}",
        output.err
    );
}

#[test]
fn two_years_exchanged() {
    let output = audit(&["2020,1000,", "2021,1100,20.0", "2022,1320,10.0", "2023,1386,5.0"], MEMBERS, "");
    let mend = "[1] with slips:a/t:n_growth@2021 and slips:a/t:n_growth@2022 exchanged (a year off by one), these and all numbers around them";
    assert!(output.err.contains(mend), "{}", output.err);
}

#[test]
fn a_share_of_another_total() {
    // 462 is 33.3 % of 1386 and 35.0 % of 1320.
    let output = audit(&TRUE, "2022,p,,\n2022,q,,\n2023,p,462,35.0\n2023,q,,\n", "");
    let mend = "with slips:a/t:n@2023 as 1320 (which slips:a/t:n@2022 is printed as), these could hold, but not all numbers around them";
    assert!(output.err.contains(mend), "{}", output.err);
    // 461.5 / 35.05 % = 1318.1 and 462 / 34.95 % = 1321.9.
    let totals = "nearest first: 1321, 1320, 1319 (slips:a/t:n@2023 is printed as 1386)";
    assert!(output.err.contains(totals), "{}", output.err);
}

#[test]
fn a_level_in_another_unit() {
    let output = audit(&["2020,1000,", "2021,1100000,10.0", "2022,1320,20.0", "2023,1386,5.0"], MEMBERS, "");
    let mend =
        "[1] with slips:a/t:n@2021 as 1100000 × 10^-3 (another unit), these and all numbers around them could hold";
    assert!(output.err.contains(mend), "{}", output.err);
    assert!(!output.err.contains("totals that can have"), "no share is printed: {}", output.err);
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
