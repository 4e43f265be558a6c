//! What a format says is read back and compared with the answer; what holds for every answer is tried on many.

mod plan;
mod table;

use polars::prelude::{NamedFrom, Series};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::samples::{between, bounded, column, computed, marked, member, printed, ratio, rounds};
use super::*;
use crate::answer::{Cell, Role, Value, Values};
use crate::package::{Mark, Missing};
use crate::text::Text;

fn text(answer: &Answer, look: &Look) -> String {
    let mut out = Vec::new();
    render(answer, look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// What a cell says to programs: its digits or text, and the reason if it has none.
fn said(column: &Column, cell: &Cell) -> (Option<String>, Option<&'static str>) {
    let reason = |reason: Missing| field::is_measured(column).then(|| reason.code());
    match cell {
        Cell::Empty(why) => (None, why.and_then(reason)),
        Cell::Text(text) => (Some(text.clone()), None),
        Cell::Member { .. } | Cell::List { .. } => (Some(cell.code()), None),
        Cell::Number(number) => match &number.value {
            Value::Printed(digits) => (Some(digits.clone()), None),
            Value::Computed(value) => (Some(nearest_text(value)), None),
            Value::Bounded(why) => (None, reason(*why)),
        },
    }
}

fn assert_json_says(answer: &Answer, rows: &[Json]) {
    assert_eq!(rows.len(), answer.rows);
    for (at, row) in rows.iter().enumerate() {
        for column in &answer.columns {
            let cell = column.values.cell(at);
            let (said, reason) = said(column, &cell);
            let found = match &row[&column.key] {
                Json::Null => None,
                Json::String(text) => Some(text.clone()),
                Json::Array(items) => {
                    Some(items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(";"))
                }
                Json::Number(number) if matches!(*cell, Cell::Number(_)) => Some(number.to_string()),
                other => panic!("{} holds {other}", column.key),
            };
            assert_eq!(found, said, "{} in row {at}", column.key);
            assert_eq!(row[format!("{}_missing", column.key)].as_str(), reason, "{} in row {at}", column.key);
        }
    }
}

fn assert_csv_says(answer: &Answer, rows: &[Vec<String>]) {
    assert_eq!(rows[0], answer.columns.iter().map(|column| column.key.clone()).collect::<Vec<_>>());
    assert_eq!(rows.len(), answer.rows + 1);
    for (at, row) in rows[1..].iter().enumerate() {
        for (column, found) in answer.columns.iter().zip(row) {
            assert_eq!(*found, said(column, &column.values.cell(at)).0.unwrap_or_default());
        }
    }
}

fn assert_round_trips(answer: &Answer) {
    let json: Json = serde_json::from_str(&text(answer, &Look::new(Format::Json, Lang::En))).unwrap();
    assert_eq!(json["dataset"], answer.dataset);
    assert_json_says(answer, json["rows"].as_array().unwrap());
    let lines = text(answer, &Look::new(Format::Ndjson, Lang::En));
    let rows: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_json_says(answer, &rows);
    assert_csv_says(answer, &csv_rows(&text(answer, &Look::new(Format::Csv, Lang::En))));
}

#[test]
fn json_holds_all_that_the_answer_holds() {
    let answer = rounds();
    assert_round_trips(&answer);
    let json: Json = serde_json::from_str(&text(&answer, &Look::new(Format::Json, Lang::En))).unwrap();
    assert_eq!(json["title"]["zh"], "深圳融资,按轮次");
    assert_eq!(
        json["columns"][2].to_string(),
        r#"{"key":"amount","zh":"金额","en":"Amount","unit":"yi","power":8,"kind":"measure"}"#
    );
    assert_eq!(json["columns"][1]["unit"], Json::Null);
    assert_eq!(
        json["rows"][3].to_string(),
        concat!(
            r#"{"period":"../2023","round":"b","amount":null,"amount_missing":"not-printed","amount_mark":null,"#,
            r#""amount_to":null,"amount_share":null,"amount_share_missing":"one-sided"}"#
        )
    );
    assert_eq!(json["notes"][0]["en"], "Part of the data is estimated by models");
    assert_eq!(json["sources"][1]["exhibit"], "28");
}

#[test]
fn an_empty_answer_is_an_answer() {
    let mut answer = rounds();
    answer.rows = 0;
    answer.columns.iter_mut().for_each(|column| column.values = Values::Cells(Vec::new()));
    assert_round_trips(&answer);
    answer.columns.clear();
    for format in <Format as clap::ValueEnum>::value_variants() {
        text(&answer, &Look::new(*format, Lang::Zh));
    }
}

#[test]
fn nothing_from_data_steers_a_terminal() {
    let evil = "a\x1b[31m\u{202e}\u{9b}b\r\nc\u{2028}d";
    let mut answer = rounds();
    answer.title = Text::same(evil);
    answer.dataset = evil.to_owned();
    answer.notes = vec![Text::same(evil)];
    answer.sources[0].line = Text::same(evil);
    answer.columns[0].title = Text::same(evil);
    answer.columns[0].values = Values::Cells(vec![Cell::Text(evil.to_owned()); 5]);
    answer.columns[1].values = Values::Cells(vec![member(evil, evil, evil); 5]);
    for format in <Format as clap::ValueEnum>::value_variants() {
        let look = Look { terminal: true, headers: Headers::Title, ..Look::new(*format, Lang::En) };
        let shown = text(&answer, &look);
        let steering = |c: char| !matches!(c, '\n' | '\t') && sanitize::is_unsafe(c);
        assert!(!shown.contains(steering), "{format:?}: {shown:?}");
    }
    for line in talk(&answer, Lang::En) {
        assert_eq!(line, sanitize(&line));
    }
    // a pipe gets the exact bytes
    assert!(text(&answer, &Look::new(Format::Csv, Lang::En)).contains(evil));
    assert_round_trips(&answer);
}

#[test]
fn excel_gets_no_formulas_and_all_numbers() {
    let mut answer = rounds();
    let cells = ["=1+1", "+a", "-b", "@c", "\td"].map(|text| Cell::Text(text.to_owned()));
    answer.columns[0].values = Values::Cells(cells.to_vec());
    let mut minus = printed("-5.0");
    minus.to = Some("-3".to_owned());
    answer.columns[2].values = Values::Cells(vec![Cell::Number(minus); 5]);
    // the upper end of a range, as text or as number
    answer.columns[4].values = Values::Cells(vec![Cell::Text("-3".to_owned()); 5]);
    let shown = text(&answer, &Look { for_excel: true, ..Look::new(Format::Csv, Lang::En) });
    let rows = shown.strip_prefix('\u{feff}').unwrap().split("\r\n").collect::<Vec<_>>();
    assert_eq!(rows[1], "'=1+1,seed,-5.0,lost,-3,");
    assert_eq!(rows[2], "'+a,angel,-5.0,,-3,26.5");
    assert_eq!(rows[5], "'\td,seed-to-a,-5.0,,-3,7.142857142857143");
    assert_eq!(rows.len(), 7);
}

#[test]
fn excel_gets_no_formulas_behind_blanks_or_in_full_width() {
    let mut answer = rounds();
    let cells = [" =1", "\u{a0}+a", "\u{200b}-b", "\u{feff}@c", "\u{ff1d}1"].map(|text| Cell::Text(text.to_owned()));
    answer.columns[0].values = Values::Cells(cells.to_vec());
    let shown = text(&answer, &Look { for_excel: true, ..Look::new(Format::Csv, Lang::En) });
    assert_eq!(shown.split("\r\n").skip(1).filter(|row| row.starts_with('\'')).count(), 5, "{shown}");
    answer.columns[0].values = Values::Cells(vec![Cell::Text(" a=1".to_owned()); 5]);
    let shown = text(&answer, &Look { for_excel: true, ..Look::new(Format::Csv, Lang::En) });
    assert!(!shown.contains('\''), "{shown}");
}

#[test]
fn bounds_are_rounded_outward_and_digits_are_obeyed() {
    let third = || vec![Cell::Number(crate::answer::Number::computed(ratio(100, 3)))];
    let mut answer = Answer { rows: 1, ..Answer::default() };
    answer.columns = vec![
        column("x", "", "", Role::Statistic, third()),
        column("x_lower", "", "", Role::Companion, third()),
        column("x_upper", "", "", Role::Companion, third()),
    ];
    let csv = text(&answer, &Look::new(Format::Csv, Lang::En));
    assert_eq!(csv, "x,x_lower,x_upper\n33.333333333333336,33.3333333333,33.3333333334\n");
    let look = Look { digits: Some(1), header: false, ..Look::new(Format::Csv, Lang::En) };
    assert_eq!(text(&answer, &look), "33.3,33.3,33.4\n");
    let look = Look { format: Format::Ndjson, ..look };
    let mut ranks = answer.clone();
    ranks.columns = vec![column(
        "x_rank",
        "",
        "",
        Role::Statistic,
        vec![Cell::Number(crate::answer::Number::computed(ratio(3, 1)))],
    )];
    ranks.columns.push(column("x_to", "", "", Role::Companion, vec![Cell::Text("2.50".to_owned())]));
    assert_eq!(text(&ranks, &look), "{\"x_rank\":3,\"x_to\":2.50}\n");
    assert_eq!(text(&answer, &look), "{\"x\":33.3,\"x_lower\":33.3,\"x_upper\":33.4}\n");
}

#[test]
fn a_polars_column_says_what_cells_say() {
    let series = |values| Column { values: Values::Series(values), ..column("", "", "", Role::Measure, Vec::new()) };
    let mut answer = Answer { rows: 4, ..Answer::default() };
    answer.columns = vec![
        series(Series::new("".into(), ["a", "b,c", "d\"e", "中"])),
        series(Series::new("".into(), [Some(0.1), None, Some(f64::NAN), Some(-1e21)])),
        series(Series::new("".into(), [1i64, -2, 3, i64::MAX])),
        series(Series::new("".into(), [Some(true), None, Some(false), None])),
    ];
    for (column, key) in answer.columns.iter_mut().zip(["t", "f", "i", "b"]) {
        column.key = key.to_owned();
    }
    assert_eq!(
        text(&answer, &Look::new(Format::Csv, Lang::En)),
        concat!(
            "t,f,i,b\n",
            "a,0.1,1,true\n",
            "\"b,c\",,-2,\n",
            "\"d\"\"e\",,3,false\n",
            "中,-1000000000000000000000,9223372036854775807,\n"
        )
    );
    let look = Look { digits: Some(0), ..Look::new(Format::Ndjson, Lang::En) };
    assert_eq!(
        text(&answer, &look).lines().nth(1),
        Some(r#"{"t":"b,c","f":null,"f_missing":"not-printed","i":-2,"b":null,"b_missing":"not-printed"}"#)
    );
    assert!(text(&answer, &Look::new(Format::Table, Lang::En)).contains("9,223,372,036,854,775,807"));
}

fn cells() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty(None)),
        Just(Cell::Empty(Some(Missing::Lost))),
        any::<String>().prop_map(Cell::Text),
        prop::collection::vec("[a-z中 ]{1,6}".prop_map(Cell::Text), 1..4).prop_map(|items| Cell::List {
            items,
            delimiter: ";".to_owned(),
            brief: None
        }),
        "[a-z深圳 é😀👩‍🔬\u{301}ｶ]{0,12}".prop_map(|title| member("code", &title, &title)),
        (any::<i32>(), 0u32..6).prop_map(|(units, places)| {
            Cell::Number(printed(&decimal_text(&ratio(units.into(), 10i64.pow(places)), places)))
        }),
        (0u32..100_000).prop_map(|units| marked(&units.to_string(), Mark::AtLeast)),
        (any::<i32>(), 1..i32::MAX, 1..i32::MAX).prop_map(|(numer, denom, width)| {
            let (value, wide) = (ratio(numer.into(), denom.into()), ratio(1, width.into()));
            computed(value.clone(), value.clone() - &wide, value + wide)
        }),
        (any::<i32>(), any::<u16>()).prop_map(|(lower, width)| {
            let ends = between(Some(ratio(lower.into(), 7)), Some(ratio(i64::from(lower) + i64::from(width), 7)));
            bounded(ends, Missing::Range)
        }),
    ]
}

fn answers() -> impl Strategy<Value = Answer> {
    prop::collection::vec(prop::collection::vec(cells(), 6), 1..6).prop_map(|columns| {
        let role = |at| [Role::Dimension, Role::Measure, Role::Statistic, Role::Attribute][at % 4];
        let column = |(at, cells)| column(&format!("k{at}"), "某某金额", "Some amount", role(at), cells);
        Answer { rows: 6, columns: columns.into_iter().enumerate().map(column).collect(), ..Answer::default() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn programs_read_back_what_the_answer_says(answer in answers()) {
        assert_round_trips(&answer);
    }

    #[test]
    fn every_line_of_the_grid_has_one_width(answer in answers(), width in prop::option::of(20usize..120)) {
        for lang in [Lang::Zh, Lang::En] {
            let look = Look { width, ..Look::new(Format::Table, lang) };
            let lines = super::table::lines(answer.rows, &shown::Grid::new(&answer, &look), &look);
            let widths: Vec<usize> = lines.iter().map(|line| display_width(line)).collect();
            prop_assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
            let written = text(&answer, &look);
            let trimmed: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
            prop_assert_eq!(written.lines().take(trimmed.len()).collect::<Vec<_>>(), trimmed);
        }
    }
}
