//! Packages that others published, as they are: two that lie in the folder that `AISTAT_PACKAGES` names.

use std::path::PathBuf;

use aistat::Exit;

use crate::harness::{Run, aistat, args};

/// The folder of a package, if the packages are there.
fn package(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("AISTAT_PACKAGES").map(PathBuf::from)?.join(name);
    folder.is_dir().then_some(folder)
}

fn ask(folder: &std::path::Path, line: &str) -> Run {
    args(line.split_whitespace()).arg("--data").arg(&folder.to_string_lossy())
}

#[test]
fn population_ranks_and_says_that_groups_are_among_the_countries() {
    let Some(folder) = package("population") else { return };
    let output = ask(&folder, "population population --period latest --rank --top 10").ok();
    let rows: Vec<&str> = output.out.lines().collect();
    assert_eq!(rows[0], "period,country,value,value_rank,value_rank_lower,value_rank_upper");
    assert!(rows[1].starts_with("2024,wld,8141808945,1,"), "{}", rows[1]);
    assert_eq!(rows.len(), 11);
    assert!(output.err.contains("IDA & IBRD total is exactly IBRD only and IDA total together"), "{}", output.err);
    let without = ask(&folder, "population population --period latest --rank --top 10 --where country!=world").ok();
    assert!(without.out.lines().nth(1).unwrap().starts_with("2024,ibt,6926222113,1,"), "{}", without.out);
    assert!(without.err.contains("ranks and shares leave out World"), "{}", without.err);
}

#[test]
fn population_answers_every_question() {
    let Some(folder) = package("population") else { return };
    // 1412360000 / 1411100000 − 1.
    let growth =
        ask(&folder, "population population --growth --period 2021 --where country=china").column("value_growth");
    assert_eq!(growth, ["0.08929204166961945"]);
    let change =
        ask(&folder, "population population --change --period 2021 --where country=CHN".to_lowercase().as_str());
    assert_eq!(change.column("value_change"), ["1260000"]);
    let pivot = ask(&folder, "population population --pivot period --where country=chn --period 2020..2021").csv();
    assert_eq!(pivot[0], ["country", "value_2020", "value_2021"]);
    assert_eq!(pivot[1], ["chn", "1411100000", "1412360000"]);
    let all = ask(&folder, "population population --share --period 2021 --where country!=wld").column("value_share");
    let sum: f64 = all.iter().map(|share| share.parse::<f64>().unwrap()).sum();
    assert!((sum - 100.0).abs() < 1e-9, "{sum}");
    let list = ask(&folder, "list population").ok();
    assert_eq!(list.err.matches("period from 'Year'").count(), 1, "{}", list.err);
    let found = ask(&folder, "find Aruba").csv();
    assert!(found.iter().any(|row| row[2] == "abw"), "{found:?}");
    assert!(ask(&folder, "show population/population").ok().out.contains("2021,chn,1412360000"));
}

#[test]
fn sound_tables_answer_and_broken_ones_are_refused() {
    let Some(folder) = package("co2-ppm") else { return };
    // 427.35 / 424.61 − 1.
    let growth = ask(&folder, "co2-ppm co2-annmean-mlo --growth --period latest --measure mean").csv();
    assert_eq!(growth[1][1..], ["427.35", "0.6452980381997597"]);
    let compared =
        ask(&folder, "compare co2-ppm/co2-annmean-mlo co2-ppm/co2-annmean-gl --as difference --period 2025").csv();
    assert_eq!(compared[1][3], "1.71");
    let refusal = ask(&folder, "co2-ppm co2-mm-mlo --period latest").refused();
    assert!(refusal.contains("data/co2-mm-mlo.csv:2:43: 7 fields where the header has 6"), "{refusal}");
    let check = args(["check"]).arg(&folder.to_string_lossy()).run();
    assert_eq!(check.exit, Exit::No);
    let broken: std::collections::BTreeSet<&str> =
        check.out.lines().skip(1).filter_map(|line| line.split(',').next()?.rsplit('/').next()).collect();
    assert!(broken.contains("co2-mm-mlo.csv") && broken.contains("co2-mm-gl.csv"), "{broken:?}");
    assert!(!broken.contains("co2-annmean-mlo.csv"), "{broken:?}");
}

#[test]
fn a_package_beside_the_report_leaves_it_as_it_was() {
    let Some(folder) = package("population") else { return };
    let alone = aistat("shenzhen scale").ok().out;
    assert_eq!(ask(&folder, "shenzhen scale").ok().out, alone);
    let by_variable = aistat("population population --period 2021 --where country=chn")
        .var("AISTAT_DATA", &folder.to_string_lossy())
        .ok()
        .out;
    assert_eq!(by_variable.lines().nth(1), Some("2021,chn,1412360000"));
}
