//! Periods of several kinds in one dataset: years, months and spans never join.

use aistat::Exit;

use crate::made::Made;

/// The numbers of a column by their periods, those that there are.
fn numbers(made: &Made, line: &str, key: &str) -> Vec<(String, String)> {
    let (periods, numbers) = (made.ask(line).column("period"), made.ask(line).column(key));
    periods.into_iter().zip(numbers).filter(|(_, number)| !number.is_empty()).collect()
}

#[track_caller]
fn check(made: &Made, line: &str, key: &str, expected: &[(&str, &str)]) {
    let found = numbers(made, line, key);
    let found: Vec<(&str, &str)> = found.iter().map(|(period, number)| (period.as_str(), number.as_str())).collect();
    assert_eq!(found, expected, "{line}");
}

/// Of 1.0, 2.0 and 3.0 in three months; of 7.5 and 9.0 in two quarters; of 40 and 44 in two years.
#[test]
fn an_index_runs_over_periods_like_its_base() {
    let made = Made::new();
    let ask = |base: &str| format!("port monthly --index{base}");
    let index = "tonnes_index";
    check(&made, &ask(""), index, &[("2022-11", "100"), ("2022-12", "200"), ("2023-01", "300")]);
    check(&made, &ask("=2023-Q1"), index, &[("2023-Q1", "100"), ("2024-Q1", "120")]);
    check(&made, &ask("=2023"), index, &[("2023", "100"), ("2024", "110")]);
    let alone = made.ask("port monthly --index=2022-11 --period 2023 --value").run();
    assert_eq!((alone.exit, alone.out.as_str()), (Exit::No, ""));
    assert!(alone.err.starts_with("no number: no base"), "{}", alone.err);
    let said = made.ask("port monthly --index").ok().err;
    assert!(said.contains("4 cells are empty (4 no base)"), "{said}");
}

#[test]
fn spans_of_other_lengths_are_other_kinds() {
    let made = Made::new();
    check(&made, "port spans --index", "tonnes_index", &[("2017/2019", "100"), ("2018/2020", "120")]);
    check(&made, "port spans --index=2021/2022", "tonnes_index", &[("2021/2022", "100"), ("2022/2023", "125")]);
}

/// Of 10 and 20 in two months, of 300 and 330 in two years.
#[test]
fn columns_and_cells_have_the_same_base() {
    let made = Made::new();
    for (base, expected) in [("", ["100", "200", "", ""]), ("=2023", ["", "", "100", "110"])] {
        let line = format!("open steps --measure count --where item=x --index{base}");
        for bytes in ["0", "1000000"] {
            let found = made.ask(&line).var("AISTAT_LIMIT_EXACT_BYTES", bytes).column("count_index");
            assert_eq!(found, expected, "{line} {bytes}");
        }
    }
}

/// From 1.0 to 3.0 in two months, a sixth of a year: 3 to the sixth is 729.
#[test]
fn compound_growth_runs_between_periods_of_one_kind() {
    let made = Made::new();
    check(&made, "port monthly --cagr", "tonnes_cagr", &[("2022-11/2023-01", "72800")]);
    check(&made, "port monthly --cagr --period 2023..2024", "tonnes_cagr", &[("2023/2024", "10")]);
    check(&made, "port monthly --cagr --period 2023-Q1..2024-Q1", "tonnes_cagr", &[("2023-Q1/2024-Q1", "20")]);
    let said = made.ask("port monthly --cagr --period 2023..2024-Q1").refused();
    assert!(
        said.starts_with("error: --cagr runs between periods of one kind, which 2023 and 2024-Q1 are not\n"),
        "{said}"
    );
    assert!(said.contains("try: aistat port monthly --cagr --period 2023-Q1..2024-Q1 --data "), "{said}");
}
