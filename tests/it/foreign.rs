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
    assert!(without.err.contains("--where 'country!=wld,ibt,lmy,mic,ida,ssf' leaves members out"), "{}", without.err);
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

/// A package of one table, made for a test.
fn made(fields: &str, csv: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let descriptor = format!(
        r#"{{"name": "made", "resources": [{{"name": "t", "path": "t.csv", "schema": {{"fields": [{fields}]}}}}]}}"#
    );
    std::fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
    std::fs::write(folder.path().join("t.csv"), csv).unwrap();
    folder
}

/// Months of two years, written as the days with which they begin.
fn months() -> tempfile::TempDir {
    let rows: String = (0..30).map(|at| format!("{}-{:02}-01,{at}\n", 2018 + at / 12, at % 12 + 1)).collect();
    made(r#"{"name": "date", "type": "date"}, {"name": "v", "type": "number"}"#, &format!("date,v\n{rows}"))
}

#[test]
fn list_says_what_was_read_from_the_cells() {
    let folder = months();
    let list = ask(folder.path(), "list made").ok();
    assert_eq!(
        list.err.matches("made/t: the dates all begin or end months: read as months").count(),
        1,
        "{}",
        list.err
    );
    assert_eq!(list.err.matches("period from 'date'").count(), 1, "{}", list.err);
}

#[test]
fn a_year_of_months_is_its_months() {
    let folder = months();
    // 30 months from 2018-01 on end with 2020-06.
    assert_eq!(ask(folder.path(), "made t --period 2019").ok().out.lines().count(), 13);
    assert_eq!(ask(folder.path(), "made t --period 2018,2020").ok().out.lines().count(), 19);
    let output = ask(folder.path(), "made t --period 2021").run();
    assert!(output.err.contains("no row for 2021; the periods there are: 2018-01 … 2020-06. Try: "), "{}", output.err);
}

#[test]
fn a_table_without_a_time_is_not_called_broken() {
    let folder = made(r#"{"name": "r", "type": "string"}, {"name": "v", "type": "number"}"#, "r,v\na,1\n");
    let refusal = ask(folder.path(), "made t").refused();
    assert!(refusal.contains("does not say enough") && refusal.contains("no field says when; declare"), "{refusal}");
    assert!(!refusal.contains("broken") && !refusal.contains("warning"), "{refusal}");
}

#[test]
fn school_years_grow_from_one_to_the_next() {
    let folder = made(
        r#"{"name": "School year", "type": "string"}, {"name": "pupils", "type": "integer"}"#,
        "School year,pupils\n2012-2013,40\n2013-2014,50\n2015-2016,55\n",
    );
    let growth = ask(folder.path(), "made t --growth").ok().out;
    assert_eq!(growth, "period,pupils,pupils_growth\n2012/2013,40,\n2013/2014,50,25\n2015/2016,55,\n");
}

#[test]
fn year_month_and_day_are_one_period() {
    let folder = made(
        r#"{"name": "Station", "type": "string"}, {"name": "Year", "type": "integer"}, {"name": "Month", "type": "integer"}, {"name": "Day", "type": "integer"}, {"name": "Tmax", "type": "number"}"#,
        "Station,Year,Month,Day,Tmax\nx,2020,2,28,3.5\nx,2020,2,29,4.0\nx,2020,3,1,1.5\n",
    );
    let change = ask(folder.path(), "made t --change=previous").ok();
    assert_eq!(change.out.lines().nth(2), Some("2020-02-29,x,4.0,0.5"), "{}", change.out);
    assert_eq!(change.out.lines().nth(3), Some("2020-03-01,x,1.5,-2.5"), "{}", change.out);
    let said = ask(folder.path(), "list made").ok().err;
    assert!(said.contains("period from 'Year' and 'Month' and 'Day'"), "{said}");
    let folder = made(
        r#"{"name": "Year", "type": "integer"}, {"name": "Month", "type": "integer"}, {"name": "Day", "type": "integer"}, {"name": "v", "type": "number"}"#,
        "Year,Month,Day,v\n2021,2,29,1\n",
    );
    let refusal = ask(folder.path(), "made t").refused();
    assert!(refusal.contains("t.csv:2:8: '29' is not a period"), "{refusal}");
}

#[test]
fn codes_and_coordinates_are_no_measures() {
    let folder = made(
        r#"{"name": "Date", "type": "date"}, {"name": "place", "type": "string"}, {"name": "ine_code", "type": "integer"}, {"name": "Lat", "type": "number"}, {"name": "cases", "type": "integer"}"#,
        "Date,place,ine_code,Lat,cases\n2020-01-22,a,7,33.9,1\n2020-01-23,a,7,33.9,3\n",
    );
    let shares = ask(folder.path(), "made t --share --period latest").ok().out;
    assert_eq!(shares.lines().next(), Some("period,place,ine_code,lat,cases,cases_share"));
}

#[test]
fn periods_that_are_columns_are_said_to_be() {
    let folder = made(
        r#"{"name": "Country", "type": "string"}, {"name": "1990", "type": "number"}, {"name": "1991", "type": "number"}"#,
        "Country,1990,1991\nAruba,1.5,2.5\n",
    );
    let refusal = ask(folder.path(), "made t").refused();
    let said = "no field says when: the periods 1990 to 1991 are columns; write them as rows: aistat new DIR --from";
    assert!(refusal.contains(said), "{refusal}");
}

#[test]
fn what_the_program_says_of_itself_does_not_hang_on_packages() {
    for line in ["--version", "--help", "man", "completions bash", "list --help", "shenzhen financing --help"] {
        let output = aistat(line).var("AISTAT_DATA", "/nonexistent").run();
        assert_eq!(output.exit, Exit::Answered, "{line}: {}", output.err);
        assert!(output.err.contains("cannot open /nonexistent") && !output.out.is_empty(), "{line}: {}", output.err);
    }
}

#[test]
fn encodings_may_have_the_names_that_python_has_for_them() {
    let fields =
        r#"{"name": "year", "type": "year"}, {"name": "r", "type": "string"}, {"name": "v", "type": "number"}"#;
    // "é" is E9 in Latin-1; "中" is D6 D0 in GBK.
    for (name, bytes, member) in
        [("latin-1", &b"\xe9"[..], "é"), ("cp936", b"\xd6\xd0", "中"), ("utf_8", "中".as_bytes(), "中")]
    {
        let folder = made(fields, "");
        std::fs::write(folder.path().join("t.csv"), [b"year,r,v\n2020,", bytes, b",5\n"].concat()).unwrap();
        let descriptor = folder.path().join("datapackage.json");
        let text = std::fs::read_to_string(&descriptor).unwrap();
        std::fs::write(&descriptor, text.replace("\"path\"", &format!("\"encoding\": \"{name}\", \"path\""))).unwrap();
        assert!(ask(folder.path(), "list made --members").ok().out.contains(member), "{name}");
    }
}

#[test]
fn provinces_of_countries_add_up() {
    let folder = made(
        r#"{"name": "Date", "type": "date"}, {"name": "Country", "type": "string"}, {"name": "Province", "type": "string"}, {"name": "cases", "type": "integer"}"#,
        "Date,Country,Province,cases\n2020-01-22,A,N,1\n2020-01-22,A,S,2\n2020-01-22,B,W,3\n2020-01-23,A,N,4\n2020-01-23,B,W,5\n",
    );
    let sums = ask(folder.path(), "made t --by-country").ok();
    // The day that lacks S has no sum for A.
    assert_eq!(ask(folder.path(), "made t --by-country").column("cases"), ["3", "3", "", "5"]);
    assert!(sums.err.contains("there is no row for S"), "{}", sums.err);
}

#[test]
fn totals_among_parts_are_said_for_each_dimension() {
    let folder = made(
        r#"{"name": "Year", "type": "integer"}, {"name": "Region", "type": "string"}, {"name": "Sex", "type": "string"}, {"name": "Pop", "type": "integer"}"#,
        "Year,Region,Sex,Pop\n2020,N,Male,10\n2020,N,Female,12\n2020,N,Total,22\n2020,S,Male,5\n2020,S,Female,6\n2020,S,Total,11\n",
    );
    let shares = ask(folder.path(), "made t --share").ok();
    assert!(shares.err.contains("Total is half of the sum of all members or more"), "{}", shares.err);
    let without = ask(folder.path(), "made t --share --where sex!=total").column("pop_share");
    // 10 of 33.
    assert!(without[0].starts_with("30.3030"), "{without:?}");
    let sums = ask(folder.path(), "made t --by-region").ok();
    assert!(sums.err.contains("so sums over Sex count them too"), "{}", sums.err);
}

#[test]
fn a_code_that_is_a_name_too_names_one_member() {
    let folder = made(
        r#"{"name": "Year", "type": "integer"}, {"name": "place", "type": "string"}, {"name": "v", "type": "integer"}"#,
        "Year,place,v\n2019,São Paulo,1\n2019,sao-paulo,2\n",
    );
    for (typed, value) in [("São Paulo", "1"), ("sao-paulo", "2"), ("sao-paulo-2", "1")] {
        let run =
            args(["made", "t", "--where", &format!("place={typed}"), "--data"]).arg(&folder.path().to_string_lossy());
        assert_eq!(run.column("v"), [value], "{typed}");
    }
}

#[test]
fn the_declared_key_tells_what_a_code_is_for() {
    let folder = tempfile::tempdir().unwrap();
    let fields = r#"{"name": "id", "type": "string"}, {"name": "year", "type": "year"}, {"name": "name", "type": "string"}, {"name": "v", "type": "number"}"#;
    let descriptor = format!(
        r#"{{"name": "made", "resources": [{{"name": "t", "path": "t.csv", "schema": {{"fields": [{fields}], "primaryKey": ["year", "name"]}}}}]}}"#
    );
    std::fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
    std::fs::write(folder.path().join("t.csv"), "id,year,name,v\nx1,2019,A,1\nx2,2019,B,2\nx3,2020,A,3\nx4,2020,B,5\n")
        .unwrap();
    assert_eq!(ask(folder.path(), "made t --growth").column("v_growth"), ["", "", "200", "150"]);
}

#[test]
fn an_exchange_rate_is_a_level() {
    let folder = made(
        r#"{"name": "Year", "type": "year"}, {"name": "Exchange rate", "type": "number"}, {"name": "Birth rate", "type": "number"}"#,
        "Year,Exchange rate,Birth rate\n2019,4,10\n2020,5,11\n",
    );
    let growth = ask(folder.path(), "made t --growth").ok();
    assert_eq!(growth.out.lines().last(), Some("2020,5,25,11"), "{}", growth.out);
    assert!(ask(folder.path(), "list made").ok().err.contains("measure birth_rate from 'Birth rate' (a rate)"));
}

#[test]
fn shares_of_what_may_be_below_zero_say_so() {
    let folder = made(
        r#"{"name": "Year", "type": "year"}, {"name": "area", "type": "string"}, {"name": "balance", "type": "number"}"#,
        "Year,area,balance\n2020,a,6\n2020,b,-2\n",
    );
    let shares = ask(folder.path(), "made t --share").ok();
    // 6 and −2 of 4.
    assert_eq!(shares.out, "period,area,balance,balance_share\n2020,a,6,150\n2020,b,-2,-50\n");
    assert!(shares.err.contains("some of 'balance' are below 0: shares are quotients"), "{}", shares.err);
}

#[test]
fn a_broken_table_does_not_keep_all_others_from_dump_and_audit() {
    let folder = made(r#"{"name": "Year", "type": "year"}, {"name": "v", "type": "number"}"#, "Year,v\n2020,two\n");
    for (line, row) in [("dump", "china/scale,"), ("audit", "")] {
        let output = ask(folder.path(), line).run();
        assert!(output.out.contains(row) && !output.out.contains("made/t"), "{line}: {}", output.err);
        assert!(
            output.err.contains("left out: ") && output.err.contains("t.csv:2:6: 'two' is not a number"),
            "{}",
            output.err
        );
    }
    assert!(ask(folder.path(), "dump made").refused().contains("'two' is not a number"));
}

/// As a large table, too, which is read by columns.
fn both(folder: &std::path::Path, line: &str) -> [crate::harness::Output; 2] {
    [ask(folder, line).ok(), ask(folder, line).var("AISTAT_LIMIT_EXACT_BYTES", "1").ok()]
}

#[test]
fn unlike_units_are_said_to_be_mixed() {
    let fields = r#"{"name": "year", "type": "year"}, {"name": "item", "type": "string"}, {"name": "unit", "type": "string"}, {"name": "v", "type": "number"}"#;
    let folder =
        made(fields, "year,item,unit,v\n2020,patents,piece,1200\n2020,firms,count,10\n2020,finance,USD m,1.5\n");
    let mixed =
        "the column 'unit' gives the numbers different units (piece, count, USD m), so ranks, shares and sums mix them";
    for line in ["made t --share", "made t --rank", "made t --top 1 --rest"] {
        for output in both(folder.path(), line) {
            let hint = "; --where 'unit!=count,usd-m' leaves piece alone";
            assert_eq!(output.err.matches(&format!("{mixed}{hint}")).count(), 1, "{line}: {}", output.err);
            assert!(!output.err.contains("half of the sum"), "{line}: {}", output.err);
        }
    }
    for output in both(folder.path(), "made t --share --where unit!=count,usd-m") {
        assert!(!output.err.contains("mix"), "{}", output.err);
        assert!(output.out.contains("2020,patents,piece,1200,100\n"), "{}", output.out);
    }
    // Each item has one unit: its sum is of that, but the sums are not of one.
    assert!(!ask(folder.path(), "made t --by-item").ok().err.contains("mix"));
    assert!(!ask(folder.path(), "made t --growth").ok().err.contains("mix"));
    for output in both(folder.path(), "made t --by-item --rank") {
        assert!(output.err.contains(&format!("{mixed}; --by-unit keeps them apart")), "{}", output.err);
    }
    let folder = made(fields, "year,item,unit,v\n2020,a,piece,2\n2020,a,USD m,1.5\n2020,b,piece,3\n2020,b,USD m,4\n");
    for output in both(folder.path(), "made t --by-item") {
        assert!(output.err.contains("(piece, USD m), so ranks, shares and sums mix them"), "{}", output.err);
    }
    // One item is left, and with it one unit.
    let fields = format!(r#"{fields}, {{"name": "area", "type": "string"}}"#);
    let folder = made(
        &fields,
        "year,item,unit,v,area\n2020,a,piece,2,x\n2020,a,piece,3,y\n2020,b,USD m,4,x\n2020,b,USD m,5,y\n",
    );
    let one = ask(folder.path(), "made t --by-area --share --where item=a").ok();
    assert!(one.out.contains("2020,x,2,40\n") && !one.err.contains("mix"), "{one:?}");
    assert!(ask(folder.path(), "made t --by-area --share").ok().err.contains("(piece, USD m), so"));
}

#[test]
fn codes_are_typed_as_the_data_write_them() {
    let folder = made(
        r#"{"name": "Year", "type": "year"}, {"name": "Country Name", "type": "string"}, {"name": "Country Code", "type": "string"}, {"name": "v", "type": "number"}"#,
        "Year,Country Name,Country Code,v\n2020,Germany,DEU,3\n2020,High income,HIC_1,5\n",
    );
    for typed in ["DEU", "deu", "Deu", "germany"] {
        assert_eq!(ask(folder.path(), &format!("made t --where country={typed}")).column("v"), ["3"], "{typed}");
    }
    assert_eq!(ask(folder.path(), "made t --where country!=HIC_1 --share").column("v_share"), ["100"]);
    assert_eq!(ask(folder.path(), "made t --relative-to HIC_1").column("v_relative"), ["0.6", "1"]);
    let cell = "made/t:v[country=DEU]@2020";
    assert!(ask(folder.path(), &format!("explain {cell}")).ok().out.contains("v[country=deu]@2020"));
    assert!(ask(folder.path(), &format!("made t --derived --assume {cell}=3")).ok().err.contains("assumed: "));
}

#[test]
fn fiscal_years_and_other_names_of_periods() {
    let years = |header: &str, kind: &str, values: [&str; 2]| {
        let fields = format!(r#"{{"name": "{header}", "type": "{kind}"}}, {{"name": "v", "type": "number"}}"#);
        let folder = made(&fields, &format!("{header},v\n{},4\n{},5\n", values[0], values[1]));
        let [exact, large] = both(folder.path(), "made t --growth=previous");
        assert_eq!(exact.out, large.out);
        (exact.out.lines().last().unwrap().to_owned(), ask(folder.path(), "list made").ok().err)
    };
    for (header, values, last) in [
        ("school_year", ["2014-15", "2015-16"], "2015/2016,5,25"),
        ("Season", ["2008-09", "2009-10"], "2009/2010,5,25"),
        ("Fiscal year", ["2018/19", "2019/20"], "2019/2020,5,25"),
    ] {
        let (row, said) = years(header, "string", values);
        assert_eq!(row, last, "{header}");
        assert!(said.contains("are read as years that begin in one year and end in the next"), "{said}");
    }
    // Two months, the latter of which alone could be a school year.
    assert_eq!(years("Year", "string", ["2011-11", "2011-12"]).0, "2011-12,5,25");
    for (header, kind, values, last) in [
        ("fy", "string", ["FY2018", "FY 2019"], "2019,5,25"),
        ("election_year", "integer", ["2018", "2019"], "2019,5,25"),
        ("REF_DATE", "string", ["2019-02", "2019-03"], "2019-03,5,25"),
        ("time", "integer", ["2018", "2019"], "2019,5,25"),
        ("yyyymm", "integer", ["201902", "201903"], "2019-03,5,25"),
    ] {
        assert_eq!(years(header, kind, values).0, last, "{header}");
    }
}

#[test]
fn numbers_with_percent_signs_are_rates() {
    let folder = made(
        r#"{"name": "Year", "type": "year"}, {"name": "Quote", "type": "number", "bareNumber": false}, {"name": "cost", "type": "number", "bareNumber": false}"#,
        "Year,Quote,cost\n2019,4.0%,$4\n2020,5.0 %,$5\n",
    );
    assert_eq!(
        ask(folder.path(), "made t --growth").ok().out,
        "period,quote,cost,cost_growth\n2019,4.0,4,\n2020,5.0,5,25\n"
    );
    assert!(ask(folder.path(), "list made").ok().err.contains("the cells of 'Quote' all end in %: read as percent"));
}

#[test]
fn a_topic_that_is_spelt_like_its_area_is_corrected() {
    let folder = made(r#"{"name": "Year", "type": "year"}, {"name": "v", "type": "number"}"#, "Year,v\n2019,1\n");
    let descriptor = folder.path().join("datapackage.json");
    let text = std::fs::read_to_string(&descriptor).unwrap();
    std::fs::write(&descriptor, text.replace("\"t\"", "\"mades\"")).unwrap();
    let refusal = ask(folder.path(), "made made").refused();
    assert!(refusal.contains("aistat made mades --data"), "{refusal}");
}

#[test]
fn percentages_are_rates_whatever_reads_the_table() {
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "r", "type": "string"}, {"name": "pct", "type": "number", "bareNumber": false}"#,
        "year,r,pct\n2020,a,5%\n2020,b,6.5%\n2021,a,\n2021,b,4.25%\n",
    );
    for limit in ["1", "1000000"] {
        let ask = |line: &str| ask(folder.path(), line).var("AISTAT_LIMIT_EXACT_BYTES", limit);
        assert!(ask("made t --share").refused().contains("'pct' is a rate or a place: it has no share"), "{limit}");
        assert_eq!(ask("made t").column("pct"), ["5", "6.5", "", "4.25"], "{limit}");
    }
}

#[test]
fn what_is_per_person_grows_and_has_no_share() {
    let folder = made(
        r#"{"name": "Year", "type": "year"}, {"name": "Country", "type": "string"}, {"name": "Per Capita", "type": "number"}, {"name": "Total", "type": "number"}"#,
        "Year,Country,Per Capita,Total\n2019,A,2,10\n2019,B,4,30\n2020,A,3,12\n2020,B,4,36\n",
    );
    for limit in ["1", "1000000"] {
        let ask = |line: &str| ask(folder.path(), line).var("AISTAT_LIMIT_EXACT_BYTES", limit);
        // 3 / 2 − 1.
        assert_eq!(ask("made t --growth --period 2020").column("per_capita_growth"), ["50", "0"], "{limit}");
        let shares = ask("made t --share --period 2020").ok();
        // 12 of 48.
        assert_eq!(shares.out.lines().nth(1), Some("2020,a,3,12,25"), "{limit}: {}", shares.out);
        assert!(shares.err.contains("what does not add up has no share: Per Capita"), "{limit}: {}", shares.err);
        let refusal = ask("made t --share --measure per_capita").refused();
        assert!(refusal.contains("'per_capita' does not add up: it has no share"), "{limit}: {refusal}");
    }
    let folder = made(
        r#"{"name": "Year", "type": "year"}, {"name": "a", "type": "string"}, {"name": "b", "type": "string"}, {"name": "index", "type": "number"}, {"name": "n", "type": "number"}"#,
        "Year,a,b,index,n\n2020,x,p,100,1\n2020,x,q,110,2\n2020,y,p,90,4\n2020,y,q,80,8\n",
    );
    let sums = ask(folder.path(), "made t --by-a").ok();
    assert_eq!(sums.out.lines().next(), Some("period,a,n"));
    assert!(sums.err.contains("left out, as they do not add up: index"), "{}", sums.err);
    assert_eq!(ask(folder.path(), "made t --by-a").column("n"), ["3", "12"]);
}

#[test]
fn totals_that_rounding_hides_are_said() {
    let fields = r#"{"name": "year", "type": "year"}, {"name": "sex", "type": "string"}, {"name": "age", "type": "string"}, {"name": "v", "type": "number"}"#;
    // T is 201 of 406 in all, less than half, but half within Y0 (60 = 25 + 35) and Y1 (41 = 20 + 21).
    let rows = "2020,T,TOTAL,100\n2020,T,Y0,60\n2020,T,Y1,41\n2020,M,TOTAL,47\n2020,M,Y0,25\n2020,M,Y1,20\n2020,F,TOTAL,57\n2020,F,Y0,35\n2020,F,Y1,21\n";
    let folder = made(fields, &format!("year,sex,age,v\n{rows}"));
    for limit in ["1", "1000000"] {
        let shares = ask(folder.path(), "made t --share").var("AISTAT_LIMIT_EXACT_BYTES", limit).ok();
        let said = "T is half of the sum of all members or more in 2 of 3 combinations of the other dimensions";
        assert!(shares.err.contains(said) && shares.err.contains("--where 'sex!=t'"), "{limit}: {}", shares.err);
    }
    // One member that is large in one of three is no total.
    let rows =
        "2020,a,x,9\n2020,b,x,4\n2020,c,x,4\n2020,a,y,3\n2020,b,y,4\n2020,c,y,4\n2020,a,z,3\n2020,b,z,4\n2020,c,z,4\n";
    let folder = made(fields, &format!("year,sex,age,v\n{rows}"));
    assert!(!ask(folder.path(), "made t --share").ok().err.contains("half"));
}

#[test]
fn a_column_of_indicators_mixes_what_is_measured() {
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "geo", "type": "string"}, {"name": "Indicator Name", "type": "string"}, {"name": "v", "type": "number"}"#,
        "year,geo,Indicator Name,v\n2020,A,GDP,500\n2020,A,People,6\n2020,B,GDP,10\n2020,B,People,9\n",
    );
    let said = "the numbers measure different things (GDP, People), so ranks, shares and sums mix them";
    let shares = ask(folder.path(), "made t --share").ok().err;
    assert!(
        shares.contains(said) && shares.contains("leaves GDP alone") && !shares.contains("half of the sum"),
        "{shares}"
    );
    assert!(ask(folder.path(), "made t --by-geo").ok().err.contains(said));
}

/// A package of one table whose schema and resource say more.
fn described(resource: &str, schema: &str, csv: &str) -> tempfile::TempDir {
    let folder = made("", csv);
    let descriptor = format!(
        r#"{{"name": "made", "resources": [{{"name": "t", "path": "t.csv", {resource} "schema": {{{schema}}}}}]}}"#
    );
    std::fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
    folder
}

#[test]
fn whole_numbers_in_the_key_are_members() {
    let fields = r#""fields": [{"name": "year", "type": "year"}, {"name": "region_id", "type": "integer"}, {"name": "v", "type": "number"}]"#;
    let csv = "year,region_id,v\n2020,1,5\n2020,2,15\n";
    for more in [
        r#""primaryKey": ["year", "region_id"]"#,
        r#""foreignKeys": [{"fields": "region_id", "reference": {"resource": "", "fields": "region_id"}}]"#,
    ] {
        let folder = described("", &format!("{fields}, {more}"), csv);
        assert_eq!(ask(folder.path(), "made t --share").column("v_share"), ["25", "75"], "{more}");
        assert_eq!(ask(folder.path(), "made t --where region=2").column("v"), ["15"], "{more}");
    }
}

#[test]
fn whole_numbers_that_may_tell_rows_apart_are_named() {
    for name in ["station_id", "WEEK", "pupils"] {
        let fields = format!(
            r#"{{"name": "year", "type": "year"}}, {{"name": "{name}", "type": "integer"}}, {{"name": "v", "type": "number"}}"#
        );
        let folder = made(&fields, &format!("year,{name},v\n2020,1,5\n2020,2,15\n"));
        let refusal = ask(folder.path(), "made t").refused();
        let hint = format!("if '{name}' tells rows apart, name it in a primaryKey beside the other keys");
        assert!(refusal.contains(&hint), "{refusal}");
    }
    let weeks = made(r#"{"name": "week", "type": "string"}, {"name": "v", "type": "number"}"#, "week,v\n2021-W01,5\n");
    let refusal = ask(weeks.path(), "made t").refused();
    assert!(refusal.contains("'2021-W01' is not a period; weeks are not read: write a day of each"), "{refusal}");
}

/// By hand: 12 / 10 in Ottawa whatever the flag; without the flags each area has one row a year.
#[test]
fn status_columns_of_statistics_canada_are_remarks() {
    let fields: String = ["REF_DATE", "GEO", "DGUID", "STATUS", "SYMBOL", "TERMINATED"]
        .map(|name| format!(r#"{{"name": "{name}", "type": "string"}}, "#))
        .concat();
    let folder = made(
        &(fields + r#"{"name": "VALUE", "type": "number"}"#),
        "REF_DATE,GEO,DGUID,STATUS,SYMBOL,TERMINATED,VALUE\n2020,Ottawa,D1,,,,10\n2021,Ottawa,D1,E,,,12\n",
    );
    assert_eq!(ask(folder.path(), "made t --growth --period 2021").column("value_growth"), ["20"]);
}

#[test]
fn remarks_tell_no_rows_apart() {
    let folder = made(
        r#"{"name": "TIME_PERIOD", "type": "string"}, {"name": "geo", "type": "string"}, {"name": "OBS_FLAG", "type": "string"}, {"name": "provisional", "type": "boolean"}, {"name": "OBS_VALUE", "type": "number"}"#,
        "TIME_PERIOD,geo,OBS_FLAG,provisional,OBS_VALUE\n2019,A,,false,5\n2019,B,e,false,6\n2020,A,p,true,10\n2020,B,,true,9\n",
    );
    // 10 / 5 and 9 / 6.
    assert_eq!(ask(folder.path(), "made t --growth --period 2020").column("obs_value_growth"), ["100", "50"]);
    let said = ask(folder.path(), "list made").ok().err;
    assert!(said.contains("'OBS_FLAG' is a remark, no dimension, 'provisional' is a remark, no dimension"), "{said}");
}

#[test]
fn members_with_commas_and_semicolons_can_be_asked() {
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "country", "type": "string"}, {"name": "v", "type": "number"}"#,
        "year,country,v\n2020,\"Korea, Rep.\",5\n2020,China,6\n2020,A; B,3\n",
    );
    let path = folder.path().to_string_lossy().into_owned();
    let ask = |condition: &str| args(["made", "t", "--where", condition, "--data"]).arg(&path);
    for (condition, values) in [
        ("country=Korea, Rep.", &["5"][..]),
        ("country=China,Korea, Rep.", &["5", "6"]),
        ("country!=Korea, Rep.", &["6", "3"]),
        ("country=A; B", &["3"]),
        ("country=A; B,China;country!=China", &["3"]),
    ] {
        assert_eq!(ask(condition).column("v"), values, "{condition}");
    }
    let refusal = ask("country=Korea, Rep").refused();
    assert!(refusal.contains("country has no member 'Korea, Rep'"), "{refusal}");
    assert!(refusal.contains("--where 'country=Korea, Rep.'"), "{refusal}");
    assert!(ask("country=China;junk").refused().contains("--where 'junk': write DIM=MEMBER"));
}

#[test]
fn packages_with_names_in_another_script_stand_side_by_side() {
    let fields = r#"{"name": "year", "type": "year"}, {"name": "v", "type": "number"}"#;
    let folders = [("人口", 5), ("收入", 7)].map(|(name, value)| {
        let folder = made(fields, &format!("year,v\n2020,{value}\n"));
        let descriptor = folder.path().join("datapackage.json");
        let text = std::fs::read_to_string(&descriptor).unwrap();
        std::fs::write(&descriptor, text.replace("\"made\"", &format!("\"{name}\""))).unwrap();
        folder
    });
    let ask = |line: &str| ask(folders[0].path(), line).arg("--data").arg(&folders[1].path().to_string_lossy());
    for (line, value) in [("人口 t", "5"), ("收入 t", "7"), ("收入:package t", "7")] {
        assert_eq!(ask(line).column("v"), [value], "{line}");
    }
    assert!(ask("package t").refused().contains("人口:package/t, 收入:package/t"));
    let compared = ask("compare 人口/t 收入/t --as difference").csv();
    assert_eq!(compared[1], ["2020", "5", "7", "-2"]);
}

#[test]
fn a_package_without_numbers_says_so() {
    let folder = made(r#"{"name": "year", "type": "year"}, {"name": "geo", "type": "string"}"#, "year,geo\n2020,A\n");
    assert!(ask(folder.path(), "list").ok().out.contains("made/t"));
    let refusal = ask(folder.path(), "made t").refused();
    assert!(refusal.contains("no field has numbers; declare a field of type number or integer"), "{refusal}");
}

#[test]
fn a_version_that_is_a_number_breaks_no_table() {
    for (before, after) in [(r#""version": 1.0, "#, ""), ("", r#", "version": 1.0"#)] {
        let fields = r#"{"name": "year", "type": "year"}, {"name": "v", "type": "number"}"#;
        let folder = made(fields, "year,v\n2020,5\n");
        let descriptor = folder.path().join("datapackage.json");
        let resources =
            format!(r#""resources": [{{"name": "t", "path": "t.csv", "schema": {{"fields": [{fields}]}}}}]"#);
        std::fs::write(&descriptor, format!(r#"{{"name": "made", {before}{resources}{after}}}"#)).unwrap();
        assert_eq!(ask(folder.path(), "made t").column("v"), ["5"]);
        let check = args(["check"]).arg(&folder.path().to_string_lossy()).run();
        assert_eq!(check.exit, Exit::No);
        assert!(check.out.contains("'version' has the wrong type"), "{}", check.out);
    }
}

#[test]
fn a_path_is_read_whatever_address_stands_beside_it() {
    let schema = r#""fields": [{"name": "year", "type": "year"}, {"name": "n", "type": "string"}, {"name": "v", "type": "number"}]"#;
    let resource = r#""url": "http://example.org/t.csv", "dialect": {"escapeChar": "\\"},"#;
    let folder = described(resource, schema, "year,n,v\n2020,a\\,b,4\n");
    assert_eq!(ask(folder.path(), "made t").ok().out, "period,n,v\n2020,a-b,4\n");
    assert!(ask(folder.path(), "list made --members").ok().out.contains("a,b"));
}

#[test]
fn a_column_that_is_mostly_empty_is_said_to_be_a_remark() {
    let fields = r#""fields": [{"name": "year", "type": "year"}, {"name": "geo", "type": "string"}, {"name": "why", "type": "string"}, {"name": "v", "type": "number"}]"#;
    let csv = "year,geo,why,v\n2019,A,,5\n2019,B,strike,6\n2020,A,,10\n2020,B,,9\n";
    let folder = described("", fields, csv);
    let said = "'why' is empty in 3 of 4 rows, which are told apart without it";
    assert!(ask(folder.path(), "list made").ok().err.contains(said));
    let folder = described("", &format!(r#"{fields}, "primaryKey": ["year", "geo"]"#), csv);
    assert!(!ask(folder.path(), "list made").ok().err.contains("is empty in"));
    // 9 / 6 − 1.
    assert_eq!(ask(folder.path(), "made t --growth --period 2020").column("v_growth"), ["100", "50"]);
    // A dimension that tells rows apart is one.
    let folder = described("", fields, "year,geo,why,v\n2019,A,,5\n2019,A,x,6\n2020,A,,10\n2020,A,x,9\n");
    assert!(!ask(folder.path(), "list made").ok().err.contains("is empty in"));
}

#[test]
fn tables_to_which_foreign_keys_refer_name_the_members_and_group_them() {
    let folder = made("", "year,country_id,v\n2020,1,10\n2020,2,30\n2020,3,60\n");
    let country = |key: &str, kind: &str| {
        format!(
            r#"{{"name": "made", "resources": [
              {{"name": "t", "path": "t.csv", "schema": {{
                "fields": [{{"name": "year", "type": "year"}}, {{"name": "country_id", "type": "{kind}"}}, {{"name": "v", "type": "integer"}}],
                "foreignKeys": [{{"fields": "country_id", "reference": {{"resource": "countries", "fields": "{key}"}}}}]}}}},
              {{"name": "countries", "path": "countries.csv", "schema": {{
                "fields": [{{"name": "id", "type": "{kind}"}}, {{"name": "country", "type": "string"}}, {{"name": "region", "type": "string"}}]}}}}]}}"#
        )
    };
    let list = "id,country,region\n3,China,Asia\n1,Germany,Europe\n2,France,Europe\n";
    for kind in ["integer", "string"] {
        std::fs::write(folder.path().join("datapackage.json"), country("id", kind)).unwrap();
        std::fs::write(folder.path().join("countries.csv"), list).unwrap();
        for output in both(folder.path(), "made t --headers title") {
            let rows = "2020,Germany,Europe,10\n2020,France,Europe,30\n2020,China,Asia,60\n";
            assert!(output.out.contains(rows), "{}", output.out);
        }
        for output in both(folder.path(), "made t --where country=france --value") {
            assert_eq!(output.out, "30\n");
        }
        // 10 + 30 of 100, and 60.
        for output in both(folder.path(), "made t --by-region --share") {
            assert_eq!(output.out, "period,region,v,v_share\n2020,Europe,40,40\n2020,Asia,60,60\n");
        }
        for output in both(folder.path(), "made t --where region=Europe --sort -country") {
            assert_eq!(output.out, "period,country,region,v\n2020,n2,Europe,30\n2020,n1,Europe,10\n");
        }
        for output in both(folder.path(), "made t --sort region") {
            assert_eq!(output.out, "period,country,region,v\n2020,n3,Asia,60\n2020,n1,Europe,10\n2020,n2,Europe,30\n");
        }
        let checked = args(["check", &folder.path().to_string_lossy()]).ok();
        assert!(!checked.out.contains("no-period"), "{}", checked.out);
        let said = ask(folder.path(), "list made").ok().err;
        assert!(said.contains("dimension country from 'country_id' (named by 'country')"), "{said}");
        assert!(ask(folder.path(), "list made/t --members").ok().out.contains("region=Europe"));
        // A key that stands twice names nobody.
        std::fs::write(folder.path().join("countries.csv"), format!("{list}3,Japan,Asia\n")).unwrap();
        assert!(ask(folder.path(), "made t --headers title").ok().out.contains("2020,3,,60\n"));
    }
}

#[test]
fn a_name_that_several_members_have_is_not_guessed() {
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "区划代码", "type": "string"}, {"name": "区划名称", "type": "string"}, {"name": "v", "type": "number"}"#,
        "year,区划代码,区划名称,v\n2020,110105,朝阳区,3\n2020,220104,朝阳区,2\n2020,110101,东城区,1\n",
    );
    for line in ["made t --where d1=朝阳区", "made t --where d1!=朝阳区 --share", "made t --relative-to 朝阳区"]
    {
        let refusal = ask(folder.path(), line).refused();
        assert!(refusal.contains("2 members of d1 are called '朝阳区': n110105, n220104"), "{refusal}");
        assert!(refusal.contains("n110105") && refusal.matches("try: ").count() == 2, "{refusal}");
    }
    let statement = args(["test", "made/t/d1:v[d1=朝阳区]@2020 > 0", "--data", &folder.path().to_string_lossy()]);
    assert!(statement.refused().contains("2 members of d1 are called '朝阳区'"));
    assert_eq!(ask(folder.path(), "made t --where d1=220104 --value").ok().out, "2\n");
    assert_eq!(ask(folder.path(), "made t --where d1=东城区 --value").ok().out, "1\n");
}

/// 110 + 106 + 450 + 449 are 1115, printed beside 214 + 900: rounding hides that Total is their sum.
#[test]
fn totals_are_known_by_their_names() {
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "Sex", "type": "string"}, {"name": "Age", "type": "string"}, {"name": "pop", "type": "integer"}"#,
        "year,Sex,Age,pop\n2021,Total,0-14,214\n2021,Male,0-14,110\n2021,Female,0-14,106\n2021,Total,15-64,900\n2021,Male,15-64,450\n2021,Female,15-64,449\n",
    );
    for output in both(folder.path(), "made t --by-age") {
        assert!(output.err.contains("Total is a total by its name"), "{}", output.err);
    }
    for output in both(folder.path(), "made t --share") {
        assert!(output.err.contains("--where 'sex!=total' leaves members out"), "{}", output.err);
    }
    let whole = made(
        r#"{"name": "year", "type": "year"}, {"name": "地区", "type": "string"}, {"name": "v", "type": "number"}"#,
        "year,地区,v\n2020,全国,100\n2020,北京,9\n",
    );
    assert!(ask(whole.path(), "made t --share --lang zh").ok().err.contains("从名称看,全国是合计"));
}

/// The growth of Germany is 110 / 100 and 121 / 110 whatever the source of each number is.
#[test]
fn what_changes_from_period_to_period_tells_no_rows_apart() {
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "country", "type": "string"}, {"name": "source", "type": "string"}, {"name": "v", "type": "number"}"#,
        "year,country,source,v\n2019,DE,census,100\n2020,DE,register,110\n2021,DE,census,121\n",
    );
    let said = ask(folder.path(), "list made").ok().err;
    assert!(said.contains("rows are told apart without 'source', which changes from period to period"), "{said}");
    for output in both(folder.path(), "made t --by-country --growth") {
        assert!(output.out.contains("2020,de,110,10\n2021,de,121,10\n"), "{}", output.out);
    }
    // Questions that come out empty for it say so, others do not.
    let growth = ask(folder.path(), "made t --growth").ok().err;
    assert!(growth.contains("rows are told apart without 'source'"), "{growth}");
    assert!(!ask(folder.path(), "made t").ok().err.contains("told apart"));
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "party", "type": "string"}, {"name": "district", "type": "string"}, {"name": "candidate", "type": "string"}, {"name": "v", "type": "number"}"#,
        "year,party,district,candidate,v\n2015,A,N,Ann,5\n2015,A,S,Bob,6\n2019,A,N,Cai,7\n2019,A,S,Dee,8\n",
    );
    let sums = ask(folder.path(), "made t --by-party").ok();
    assert!(sums.out.contains("2019,a,\n") && sums.err.contains("rows are told apart without 'candidate'"), "{sums:?}");
}

#[test]
fn a_package_begun_from_a_table_of_indicators_says_that_units_differ() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("t.csv");
    std::fs::write(&table, "指标,2020年,2021年\n生产总值(亿元),100,110\n常住人口(万人),50,51\n").unwrap();
    let begun = folder.path().join("begun");
    args(["new", &begun.to_string_lossy(), "--from", &table.to_string_lossy()]).ok();
    let areas = args(["list", "--data", &begun.to_string_lossy()]).csv();
    let address = areas.iter().find_map(|row| row[0].strip_prefix("begun:")).unwrap();
    let words: Vec<&str> = address.split('/').take(2).collect();
    let share = args([words[0], words[1], "--share", "--lang", "en", "--data", &begun.to_string_lossy()]).ok();
    assert!(share.err.contains("the numbers measure different things"), "{}", share.err);
    assert!(share.err.contains("the unit of 'value' depends on '指标'"), "{}", share.err);
}

/// 121 / 100 over two school years is 10 % a year.
#[test]
fn school_years_compound_and_can_be_chosen() {
    let folder = made(
        r#"{"name": "school_year", "type": "string"}, {"name": "pupils", "type": "integer"}"#,
        "school_year,pupils\n2019/20,100\n2020/21,105\n2021/22,121\n",
    );
    assert_eq!(ask(folder.path(), "made t --cagr").ok().out, "period,pupils_cagr\n2019/2022,10\n");
    let line = "made t --period 2020/2021..2021/2022";
    assert_eq!(ask(folder.path(), line).column("pupils"), ["105", "121"]);
    // 121 / 105 is 15.238… %.
    let range = ask(folder.path(), &format!("{line} --cagr --digits 2")).column("pupils_cagr");
    assert_eq!(range, ["15.24"]);
    assert_eq!(ask(folder.path(), "made t --period latest --value").ok().out, "121\n");
    let refusal = ask(folder.path(), "made t --period 2021-22").refused();
    assert!(refusal.contains("--period 2021/2022"), "{refusal}");
}

#[test]
fn a_fraction_in_a_field_of_whole_numbers_is_a_fault_whatever_reads_it() {
    let folder =
        made(r#"{"name": "year", "type": "year"}, {"name": "n", "type": "integer"}"#, "year,n\n2020,1\n2021,3.5\n");
    for limit in ["262144", "1"] {
        let refusal = ask(folder.path(), "made t --growth").var("AISTAT_LIMIT_EXACT_BYTES", limit).refused();
        assert!(refusal.contains("t.csv:3:6: '3.5' is not of type integer"), "{refusal}");
    }
    let checked = args(["check", &folder.path().to_string_lossy()]).run();
    assert_eq!(checked.out.matches("3.5").count(), 1, "{}", checked.out);
}

/// A lookup is a table that the question touches: where it is broken nothing is answered from half of it.
#[test]
fn a_broken_table_of_members_refuses_the_question() {
    let folder = made("", "year,c,v\n2020,x,10\n2020,y,30\n");
    let descriptor = |file: &str, more: &str| {
        format!(
            r#"{{"name": "made", "resources": [
              {{"name": "t", "path": "t.csv", "schema": {{
                "fields": [{{"name": "year", "type": "year"}}, {{"name": "c", "type": "string"}}, {{"name": "v", "type": "integer"}}],
                "foreignKeys": [{{"fields": "c", "reference": {{"resource": "cs", "fields": "id"}}}}]}}}},
              {{"name": "cs", "path": "{file}", "schema": {{{more}
                "fields": [{{"name": "id", "type": "string"}}, {{"name": "Bezeichnung", "type": "string"}}, {{"name": "zone", "type": "string"}}]}}}}]}}"#
        )
    };
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).unwrap();
    write("datapackage.json", descriptor("cs.csv", "").as_bytes());
    write("cs.csv", b"id,Bezeichnung,zone\nx,Xanten,N\ny,\xffork,S\n");
    for limit in ["262144", "1"] {
        let refusal = ask(folder.path(), "made t --by-zone").var("AISTAT_LIMIT_EXACT_BYTES", limit).refused();
        assert!(refusal.contains("cs.csv:3"), "{refusal}");
    }
    write("datapackage.json", descriptor("gone.csv", "").as_bytes());
    for limit in ["262144", "1"] {
        let refusal = ask(folder.path(), "made t").var("AISTAT_LIMIT_EXACT_BYTES", limit).refused();
        assert!(refusal.contains("gone.csv"), "{refusal}");
    }
    // What stands for an empty cell is neither a name nor a zone; a key that stands twice has none.
    write("datapackage.json", descriptor("cs.csv", r#""missingValues": ["", "-"],"#).as_bytes());
    write("cs.csv", b"id,Bezeichnung,zone\nx,-,-\ny,York,S\n");
    for output in both(folder.path(), "made t --headers title") {
        assert!(output.out.ends_with("2020,x,,10\n2020,York,S,30\n"), "{}", output.out);
    }
}

#[test]
fn what_is_left_out_is_not_left_out_of_other_dimensions() {
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "land", "type": "string"}, {"name": "sex", "type": "string"}, {"name": "v", "type": "integer"}"#,
        "year,land,sex,v\n2020,Total,Total,100\n2020,Total,m,48\n2020,Total,f,52\n2020,A,Total,60\n2020,A,m,28\n2020,A,f,32\n2020,B,Total,40\n2020,B,m,20\n2020,B,f,20\n",
    );
    for output in both(folder.path(), "made t --share --where land!=total") {
        assert!(output.err.contains("--where 'sex!=total' leaves members out"), "{}", output.err);
    }
    // Both are added up, and both have a total.
    let three = made(
        r#"{"name": "year", "type": "year"}, {"name": "land", "type": "string"}, {"name": "sex", "type": "string"}, {"name": "age", "type": "string"}, {"name": "v", "type": "integer"}"#,
        "year,land,sex,age,v\n2020,A,Total,all ages,60\n2020,A,m,all ages,28\n2020,A,f,all ages,32\n2020,A,Total,old,25\n2020,A,m,old,10\n2020,A,f,old,15\n2020,A,Total,young,35\n2020,A,m,young,18\n2020,A,f,young,17\n",
    );
    for output in both(three.path(), "made t --by-land") {
        assert!(output.err.contains("sums over sex count them too"), "{}", output.err);
        assert!(output.err.contains("sums over age count them too"), "{}", output.err);
    }
    // A company of that name that is not the largest is no total.
    let firms = made(
        r#"{"name": "year", "type": "year"}, {"name": "firm", "type": "string"}, {"name": "v", "type": "integer"}"#,
        "year,firm,v\n2020,Shell,50\n2020,Total,30\n2020,Exxon,45\n2020,BP,40\n",
    );
    assert!(!ask(firms.path(), "made t --rank").ok().err.contains("total"));
}

/// Sales by cities, which lie in countries, which lie in continents; and trips from cities to cities.
fn snowflake() -> tempfile::TempDir {
    let folder = made("", "");
    let table = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let key = |field: &str, resource: &str| {
        format!(r#"{{"fields": "{field}", "reference": {{"resource": "{resource}", "fields": "id"}}}}"#)
    };
    let resource = |name: &str, fields: &[&str], keys: &[String]| {
        let field = |name: &&str| match *name {
            "year" => r#"{"name": "year", "type": "year"}"#.to_owned(),
            "v" => r#"{"name": "v", "type": "integer"}"#.to_owned(),
            name => format!(r#"{{"name": "{name}", "type": "string"}}"#),
        };
        let fields: Vec<String> = fields.iter().map(field).collect();
        format!(
            r#"{{"name": "{name}", "path": "{name}.csv", "schema": {{"fields": [{}], "foreignKeys": [{}]}}}}"#,
            fields.join(", "),
            keys.join(", ")
        )
    };
    let resources = [
        resource("sales", &["year", "city_id", "kind", "v"], &[key("city_id", "cities")]),
        resource(
            "trips",
            &["year", "origin_id", "destination_id", "v"],
            &[key("origin_id", "cities"), key("destination_id", "cities")],
        ),
        resource("cities", &["id", "name", "size", "country_id"], &[key("country_id", "countries")]),
        resource("countries", &["id", "name", "continent", "capital_id"], &[key("capital_id", "cities")]),
    ];
    table("datapackage.json", &format!(r#"{{"name": "made", "resources": [{}]}}"#, resources.join(", ")));
    table(
        "sales.csv",
        "year,city_id,kind,v\n2020,a,x,1\n2020,b,x,2\n2020,c,x,4\n2020,a,y,8\n2020,b,y,16\n2020,c,y,32\n",
    );
    table("trips.csv", "year,origin_id,destination_id,v\n2020,a,b,10\n2020,a,c,20\n2020,b,c,5\n");
    table("cities.csv", "id,name,size,country_id\na,Aton,big,p\nb,Bton,small,p\nc,Cton,big,q\n");
    table("countries.csv", "id,name,continent,capital_id\np,Pland,East,a\nq,Qland,East,c\n");
    folder
}

/// Big cities of Pland: 1 + 8; of Qland: 4 + 32; small ones of Pland: 2 + 16.
#[test]
fn members_are_added_up_by_several_attributes_and_by_those_of_what_they_belong_to() {
    let folder = snowflake();
    for output in both(folder.path(), "made sales --by-size --by-country") {
        assert_eq!(output.out, "period,size,country,v\n2020,big,Pland,9\n2020,big,Qland,36\n2020,small,Pland,18\n");
        assert!(output.err.contains("added up over city_id by size, country"), "{}", output.err);
    }
    for output in both(folder.path(), "made sales --by-continent --by-kind") {
        assert_eq!(output.out, "period,continent,kind,v\n2020,East,x,7\n2020,East,y,56\n");
    }
    for output in both(folder.path(), "made sales --where country=Qland --by-city --by-kind") {
        assert_eq!(
            output.out,
            "period,city,kind,size,country_id,country,continent,capital_id,v\n2020,c,x,big,q,Qland,East,c,4\n2020,c,y,big,q,Qland,East,c,32\n"
        );
    }
    // An attribute beside its own dimension stands beside the member.
    for output in both(folder.path(), "made sales --by-city --by-size") {
        assert!(output.out.starts_with("period,city,size,"), "{}", output.out);
        assert!(output.out.contains("2020,b,small,p,Pland,East,a,18\n"), "{}", output.out);
    }
}

/// Both ends of a trip are cities: 20 + 5 go from Pland to Qland.
#[test]
fn two_keys_to_one_table_have_attributes_of_their_own() {
    let folder = snowflake();
    for output in both(folder.path(), "made trips --by-origin_country --by-destination_country") {
        assert_eq!(
            output.out,
            "period,origin_country,destination_country,v\n2020,Pland,Pland,10\n2020,Pland,Qland,25\n"
        );
    }
    let titles = ask(folder.path(), "made trips --headers title").ok().out;
    assert!(titles.contains("origin size") && titles.contains("destination size"), "{titles}");
}

#[test]
fn a_key_of_several_fields_is_said_to_be_left_alone() {
    let folder = made("", "year,state,county,v\n2020,1,7,5\n");
    let descriptor = r#"{"name": "made", "resources": [
        {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "year", "type": "year"}, {"name": "state", "type": "string"},
            {"name": "county", "type": "string"}, {"name": "v", "type": "integer"}],
            "foreignKeys": [{"fields": ["state", "county"], "reference": {"resource": "counties", "fields": ["state", "county"]}}]}},
        {"name": "counties", "path": "counties.csv", "schema": {"fields": [{"name": "state", "type": "string"},
            {"name": "county", "type": "string"}, {"name": "name", "type": "string"}]}}]}"#;
    std::fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
    std::fs::write(folder.path().join("counties.csv"), "state,county,name\n1,7,Seven\n").unwrap();
    let said = ask(folder.path(), "list made").ok().err;
    assert!(said.contains("the key of 'state' and 'county' to 'counties' is not followed"), "{said}");
    assert_eq!(ask(folder.path(), "made t --value").ok().out, "5\n");
}

/// Deaths by sex and age; "all" is the sum of the others, 1 + 2 and 4 + 8.
fn deaths() -> tempfile::TempDir {
    let fields = r#"{"name": "year", "type": "year"}, {"name": "sex", "type": "string"}, {"name": "age", "type": "string"}, {"name": "v", "type": "integer"}"#;
    made(
        fields,
        "year,sex,age,v\n2020,f,All ages,3\n2020,f,young,1\n2020,f,old,2\n2020,m,All ages,12\n2020,m,young,4\n2020,m,old,8\n",
    )
}

#[test]
fn conditions_on_what_goes_in_sums_choose_before_they_are_added_up() {
    let folder = deaths();
    for (condition, f, m, said) in [
        ("age!=all-ages", 3, 12, "added up over age: All ages left out\n"),
        ("age=young", 1, 4, "added up over age: young alone\n"),
        ("age~ld", 2, 8, "added up over age: old alone\n"),
        ("age!=all-ages,old", 1, 4, "added up over age: young alone\n"),
    ] {
        for output in both(folder.path(), &format!("made t --by-sex --where {condition}")) {
            assert_eq!(output.out, format!("period,sex,v\n2020,f,{f}\n2020,m,{m}\n"), "{condition}");
            assert!(output.err.contains(said) && !output.err.contains("is a total"), "{condition}: {}", output.err);
        }
    }
    // Both at once: what stays is chosen after shares are computed, 12 of 15.
    for output in both(folder.path(), "made t --by-sex --share --where age!=all-ages;sex=m") {
        assert_eq!(output.out, "period,sex,v,v_share\n2020,m,12,80\n");
    }
    // With the total among its parts, it is said.
    for output in both(folder.path(), "made t --by-sex") {
        assert!(output.out.contains("2020,f,6\n") && output.err.contains("so sums over age count them too"));
    }
    let derived = ask(folder.path(), "made t --by-sex --derived --where age!=all-ages").ok();
    assert!(derived.out.contains("2020,m,12,"), "{}", derived.out);
    let refusal = ask(folder.path(), "made t --by-sex --where age=yung").refused();
    assert!(refusal.contains("age has no member 'yung'") && refusal.contains("age=young"), "{refusal}");
}

/// Big cities: 1 + 4 + 8 + 32; and without Qland, 1 + 8.
#[test]
fn attributes_of_what_goes_in_sums_choose_too() {
    let folder = snowflake();
    for output in both(folder.path(), "made sales --by-kind --where size=big") {
        assert_eq!(output.out, "period,kind,v\n2020,x,5\n2020,y,40\n");
        assert!(output.err.contains("added up over city_id: Bton left out"), "{}", output.err);
    }
    for output in both(folder.path(), "made sales --by-size --where country!=Qland") {
        assert_eq!(output.out, "period,size,v\n2020,big,9\n2020,small,18\n");
        assert!(output.err.contains("added up over city_id by size: Cton left out"), "{}", output.err);
    }
    // What stays is chosen afterwards, and is left out of no sum.
    for output in both(folder.path(), "made sales --by-size --where size=small") {
        assert_eq!(output.out, "period,size,v\n2020,small,18\n");
        assert!(!output.err.contains("left out"), "{}", output.err);
    }
}

#[test]
fn a_line_that_is_proposed_has_rows() {
    let folder = deaths();
    for output in both(folder.path(), "made t --share --where age=all-ages") {
        assert!(output.err.contains("--where 'age!=young,old' leaves members out"), "{}", output.err);
    }
    // 3 and 12 of 15.
    for output in both(folder.path(), "made t --share --where age!=young,old") {
        assert!(output.out.contains("all-ages,3,20\n") && output.out.contains("all-ages,12,80\n"), "{}", output.out);
    }
    let refusal = ask(folder.path(), "made t --by-sex --relative-to nobody").refused();
    assert!(refusal.contains("aistat list made/t --members"), "{refusal}");
    assert!(ask(folder.path(), "list made/t --members").ok().out.contains("age,young,"));
}

#[test]
fn what_a_table_writes_is_before_what_codes_are_made_of() {
    let fields =
        r#"{"name": "year", "type": "year"}, {"name": "rating", "type": "string"}, {"name": "v", "type": "integer"}"#;
    let folder = made(fields, "year,rating,v\n2020,A+,5\n2020,A,4\n2020,A-,3\n2020,a,2\n");
    for (rating, v) in [("a", "2"), ("A", "4"), ("A+", "5"), ("A-", "3")] {
        for output in both(folder.path(), &format!("made t --where rating={rating} --value")) {
            assert_eq!(output.out, format!("{v}\n"), "{rating}");
        }
    }
    let descriptor = r#"{"name": "made", "resources": [
        {"name": "Sheet 1", "path": "t.csv", "schema": {"fields": [{"name": "year", "type": "year"}, {"name": "v", "type": "integer"}]}},
        {"name": "sheet-1", "path": "u.csv", "schema": {"fields": [{"name": "year", "type": "year"}, {"name": "v", "type": "integer"}]}}]}"#;
    std::fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
    std::fs::write(folder.path().join("t.csv"), "year,v\n2020,1\n").unwrap();
    std::fs::write(folder.path().join("u.csv"), "year,v\n2020,2\n").unwrap();
    assert_eq!(ask(folder.path(), "made sheet-1 --value").ok().out, "2\n");
    assert_eq!(
        args(["made", "Sheet 1", "--value"]).arg("--data").arg(&folder.path().to_string_lossy()).ok().out,
        "1\n"
    );
}

#[test]
fn remarks_that_vary_are_no_keys_of_spread_rows() {
    let fields = r#"{"name": "year", "type": "year"}, {"name": "geo", "type": "string"}, {"name": "v", "type": "integer"}, {"name": "obs_flag", "type": "string"}"#;
    let folder = made(fields, "year,geo,v,obs_flag\n2020,A,1,p\n2020,B,2,\n2021,A,3,\n2021,B,4,\n");
    for output in both(folder.path(), "made t --pivot period") {
        assert_eq!(output.out, "geo,v_2020,v_2021\na,1,3\nb,2,4\n");
    }
    for output in both(folder.path(), "made t --pivot period --where geo=b") {
        assert_eq!(output.out, "geo,obs_flag,v_2020,v_2021\nb,,2,4\n");
    }
}

#[test]
fn a_total_by_its_name_may_be_less_than_a_part_where_another_is_taken_off() {
    let fields =
        r#"{"name": "year", "type": "year"}, {"name": "sector", "type": "string"}, {"name": "v", "type": "integer"}"#;
    let folder = made(fields, "year,sector,v\n2020,Total,80\n2020,Energy,100\n2020,Forests,-20\n");
    for output in both(folder.path(), "made t --share") {
        assert!(output.err.contains("Total is a total by its name"), "{}", output.err);
    }
}

#[test]
fn attributes_have_names_and_titles_of_their_own() {
    let folder = snowflake();
    let descriptor = folder.path().join("datapackage.json");
    let text = std::fs::read_to_string(&descriptor).unwrap().replace("country_id", "country");
    std::fs::write(&descriptor, text).unwrap();
    std::fs::write(
        folder.path().join("cities.csv"),
        "id,name,size,country\na,Aton,big,p\nb,Bton,small,p\nc,Cton,big,q\n",
    )
    .unwrap();
    let titles = ask(folder.path(), "made sales --headers title").ok().out;
    let header: Vec<&str> = titles.lines().next().unwrap().split(',').collect();
    assert!(header.contains(&"country") && header.contains(&"country name"), "{header:?}");
    for output in both(folder.path(), "made sales --by-country_name") {
        assert_eq!(output.out, "period,country_name,v\n2020,Pland,27\n2020,Qland,36\n");
    }
}

#[test]
fn codes_stand_beside_the_names_that_headers_give_them() {
    for (fields, header, row, shown) in [
        (&["geo", "geo_label"][..], "geo", "DE,Germany", "Germany"),
        (&["REF_AREA", "Reference area"], "reference_area", "DE,Germany", "Germany"),
        (&["Entity", "Code"], "entity", "Germany,DE", "Germany"),
        (&["areacd", "areanm"], "area", "E1,North", "North"),
    ] {
        let declared: Vec<String> =
            fields.iter().map(|name| format!(r#"{{"name": "{name}", "type": "string"}}"#)).collect();
        let declared = format!(
            r#"{}, {{"name": "year", "type": "year"}}, {{"name": "v", "type": "integer"}}"#,
            declared.join(", ")
        );
        let table = format!("{},year,v\n{row},2020,5\n", fields.join(","));
        let folder = made(&declared, &table);
        for output in both(folder.path(), "made t --headers title") {
            assert_eq!(output.out.lines().nth(1), Some(format!("2020,{shown},5").as_str()), "{header}");
        }
        assert!(ask(folder.path(), "made t").ok().out.starts_with(&format!("period,{header},v\n")), "{header}");
    }
    // Two rows of one code are told, whatever they are called.
    let fields = r#"{"name": "geo", "type": "string"}, {"name": "geo_label", "type": "string"}, {"name": "year", "type": "year"}, {"name": "v", "type": "integer"}"#;
    let folder = made(fields, "geo,geo_label,year,v\nDE,Germany,2020,5\nDE,Deutschland,2020,6\n");
    ask(folder.path(), "made t").refused();
}

#[test]
fn texts_that_say_when_again_tell_no_rows_apart() {
    let fields = r#"{"name": "TIME", "type": "string"}, {"name": "Seleziona periodo", "type": "string"}, {"name": "geo", "type": "string"}, {"name": "UNIT_MULT", "type": "integer"}, {"name": "v", "type": "integer"}"#;
    let folder = made(fields, "TIME,Seleziona periodo,geo,UNIT_MULT,v\n2020,2020,A,6,3\n2021,2021,A,6,6\n");
    for output in both(folder.path(), "made t --growth --period 2021") {
        assert_eq!(output.out, "period,geo,seleziona_periodo,unit_mult,v,v_growth\n2021,a,2021,6,6,100\n");
    }
}

/// In 2021 there is no row for c: b has 30 of 40 there, and nobody can tell of how many more.
#[test]
fn members_without_a_row_are_named_where_others_are_ranked() {
    let folder = made(
        r#"{"name": "year", "type": "year"}, {"name": "k", "type": "string"}, {"name": "v", "type": "integer"}"#,
        "year,k,v\n2020,a,10\n2020,b,30\n2020,c,60\n2021,a,10\n2021,b,30\n",
    );
    for line in
        ["made t --share --period latest", "made t --rank --period latest", "made t --share --rank --period 2021"]
    {
        for output in both(folder.path(), line) {
            let said = "no row in 2021 for c: ranks and shares there are without it";
            assert_eq!(output.err.matches(said).count(), 1, "{}", output.err);
        }
    }
    assert!(!ask(folder.path(), "made t --share --period 2020").ok().err.contains("no row"));
}

/// Months that a table calls its own: January 2021 follows January 2020, 3 after 2.
#[test]
fn a_period_beside_a_year_tells_rows_apart() {
    let folder = made(
        r#"{"name": "series_id", "type": "string"}, {"name": "year", "type": "year"}, {"name": "period", "type": "string"}, {"name": "value", "type": "number"}"#,
        "series_id,year,period,value\nX,2020,M01,2\nX,2020,M02,4\nX,2021,M01,3\nX,2021,M02,5\n",
    );
    for output in both(folder.path(), "made t --growth --period 2021") {
        assert_eq!(output.out, "period,series,period_2,value,value_growth\n2021,x,m01,3,50\n2021,x,m02,5,25\n");
    }
}

/// What frictionless writes besides the specifications: properties of CSV in an object of their own, further paths; rows to skip
/// are refused.
#[test]
fn descriptors_of_frictionless() {
    let schema = r#""fields": [{"name": "year", "type": "year"}, {"name": "city", "type": "string"}, {"name": "v", "type": "number"}]"#;
    let folder = described(r#""dialect": {"csv": {"delimiter": ";"}},"#, schema, "year;city;v\n2020;a;1.5\n");
    assert_eq!(ask(folder.path(), "made t").column("v"), ["1.5"]);
    let folder = described(r#""dialect": {"skipRows": 1},"#, schema, "year,city,v\n2020,a,1\n2020,b,2\n");
    let said = ask(folder.path(), "made t").refused();
    assert!(said.contains("datapackage.json:1:") && said.contains("this dialect.skipRows is not supported"), "{said}");
    let folder = described(r#""extrapaths": ["more.csv"],"#, schema, "year,city,v\n2020,a,1\n");
    std::fs::write(folder.path().join("more.csv"), "year,city,v\n2021,a,2\n").unwrap();
    assert_eq!(ask(folder.path(), "made t --growth").column("v_growth"), ["", "100"]);
    std::fs::remove_file(folder.path().join("more.csv")).unwrap();
    let said = ask(folder.path(), "made t").refused();
    assert!(said.contains("more.csv"), "{said}");
}

#[test]
fn categories_are_all_values_that_there_are() {
    for categories in [r#"["a", "b"]"#, r#"[{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]"#] {
        let schema = format!(
            r#""fields": [{{"name": "year", "type": "year"}}, {{"name": "city", "type": "string", "categories": {categories}}}, {{"name": "v", "type": "number"}}]"#
        );
        let folder = described("", &schema, "year,city,v\n2020,a,1\n2020,c,2\n");
        let check = args(["check"]).arg(&folder.path().to_string_lossy()).run();
        assert_eq!(check.exit, Exit::No, "{}", check.out);
        assert!(check.out.contains("t.csv,3,6,error,enum,\"'c' is not one of a, b\""), "{}", check.out);
    }
}

/// A package that `AISTAT_DATA` names and that cannot be opened does not keep two others apart.
#[test]
fn a_broken_package_does_not_keep_two_folders_from_diff() {
    let schema = r#""fields": [{"name": "year", "type": "year"}, {"name": "city", "type": "string"}, {"name": "v", "type": "number"}]"#;
    let (old, new) =
        (described("", schema, "year,city,v\n2020,a,4\n"), described("", schema, "year,city,v\n2020,a,5\n"));
    let broken = tempfile::tempdir().unwrap();
    let line = |broken: &std::path::Path| {
        let folders = [old.path().to_string_lossy(), new.path().to_string_lossy()];
        args(["diff"]).arg(&folders[0]).arg(&folders[1]).var("AISTAT_DATA", &broken.to_string_lossy())
    };
    assert_eq!(line(broken.path()).column("revision"), ["1"]);
}

/// Coordinates of a table's cells are no numbers, nor is a second column that says when.
#[test]
fn coordinates_and_second_periods_are_no_measures() {
    let folder = made(
        r#"{"name": "calendar-years", "type": "integer"}, {"name": "Time", "type": "integer"}, {"name": "COORDINATE", "type": "number"}, {"name": "v", "type": "number"}"#,
        "calendar-years,Time,COORDINATE,v\n2020,2020,1.1,2\n2021,2021,1.1,3\n",
    );
    for output in both(folder.path(), "made t --growth") {
        assert_eq!(output.out.lines().next(), Some("period,time,coordinate,v,v_growth"), "{}", output.out);
    }
}

/// Tables that are elsewhere, or named as nobody does any more, say so where a schema is missing, too.
#[test]
fn old_and_far_tables_are_named() {
    for (resource, said) in [
        (r#"{"name": "t", "url": "http://example.org/t.csv"}"#, "1,53,error,unsupported,addresses are not read"),
        (r#"{"name": "t", "file": "t.csv"}"#, "1,54,error,unsupported,'file' is of descriptors before v1,call it path"),
    ] {
        let folder = made("", "");
        let descriptor = format!(r#"{{"name": "made", "resources": [{resource}]}}"#);
        std::fs::write(folder.path().join("datapackage.json"), descriptor).unwrap();
        let check = args(["check"]).arg(&folder.path().to_string_lossy()).run();
        assert_eq!(check.exit, Exit::No, "{}", check.out);
        assert!(check.out.contains(said), "{}", check.out);
    }
}
