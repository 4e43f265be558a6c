//! The same table read as cells and as columns.

use polars::prelude::{Column, DataFrame, NamedFrom, ParquetWriter, Series};
use proptest::prelude::*;

use super::super::testing::{Folder, foreign};
use super::super::{Columns, Dataset};

const SCHEMA: &str = r#""schema": {"fields": [{"name": "Year", "type": "year"}, {"name": "Region Code", "type": "string"},
    {"name": "Region", "type": "string"}, {"name": "Value", "type": "number"}, {"name": "Other", "type": "number"}], "missingValues": ["", "-"]}"#;

fn columns(folder: &Folder, wanted: &[&str]) -> Result<Columns, Vec<String>> {
    let package = folder.package();
    package.columns(&package.resources[0], wanted).map_err(|faults| folder.lines(&faults))
}

/// Rows as period, members and values, whichever way they were read.
fn rows_of_columns(columns: &Columns) -> Vec<(String, Vec<String>, Vec<Option<f64>>)> {
    let row = |row: usize| {
        let members = columns.members.iter().zip(&columns.dimensions);
        let members =
            members.map(|(numbers, dimension)| dimension.codes.members[numbers[row] as usize].title.en.clone());
        let values = columns.values.iter().map(|values| values.get(row)).collect();
        (columns.periods[columns.period[row] as usize].to_string(), members.collect(), values)
    };
    (0..columns.len()).map(row).collect()
}

fn rows_of_dataset(dataset: &Dataset) -> Vec<(String, Vec<String>, Vec<Option<f64>>)> {
    let title = |at: usize, row: usize| {
        let dimension = &dataset.dimensions[at];
        let code = dataset.text(&dimension.name, row).unwrap();
        dimension.codes.members.iter().find(|member| member.code == code).unwrap().title.en.clone()
    };
    let row = |row: usize| {
        let members = (0..dataset.dimensions.len()).map(|at| title(at, row)).collect();
        let value = |name: &str| dataset.cell(name, row).ok().map(|cell| cell.digits.parse().unwrap());
        (
            dataset.periods[row].to_string(),
            members,
            dataset.measures.iter().map(|measure| value(&measure.name)).collect(),
        )
    };
    (0..dataset.periods.len()).map(row).collect()
}

#[test]
fn cells_and_columns_agree() {
    let csv =
        "Year,Region Code,Region,Value,Other\n2022,a,Alpha,1.50,-\n2022,b,\"Beta, B\",-2,7\n\n2021,a,Alpha,,1e3\n";
    let folder = foreign(SCHEMA, csv);
    let read = columns(&folder, &[]).unwrap();
    assert_eq!(rows_of_columns(&read), rows_of_dataset(&folder.dataset(0).unwrap()));
    assert_eq!(read.periods.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2021", "2022"]);
    let one = columns(&folder, &["other"]).unwrap();
    assert_eq!((one.values.len(), one.values[0].get(1), one.measures[0].name.as_str()), (1, Some(7.0), "other"));
    assert_eq!(rows_of_dataset(&one.into_dataset().unwrap())[2].2, [Some(1000.0)]);
    let package = folder.package();
    assert!(!package.is_large(&package.resources[0]));
}

#[test]
fn many_blocks_are_one_table() {
    let line = |row: usize| {
        let quote = if row.is_multiple_of(999) { "\"" } else { "" };
        let (year, region) = (1960 + row % 10, row / 10);
        format!("{year},c{region:05},{quote}Region {region:0100}{quote},{row}.{:02},5\n", row % 100)
    };
    let rows: String = (0..40_000).map(line).collect();
    assert!(rows.len() > 4 << 20);
    let folder = foreign(SCHEMA, &format!("Year,Region Code,Region,Value,Other\n{rows}"));
    let package = folder.package();
    assert!(package.is_large(&package.resources[0]));
    let read = columns(&folder, &["value"]).unwrap();
    assert_eq!((read.len(), read.periods.len(), read.dimensions[0].codes.members.len()), (40_000, 10, 4_000));
    assert_eq!(read.values[0].get(39_999), Some(39_999.99));
    assert_eq!(rows_of_columns(&read), rows_of_columns(&Columns::of_dataset(folder.dataset(0).unwrap(), &["value"])));
    let broken = rows.replacen("39998.98", "many", 1);
    folder.write("t.csv", format!("Year,Region Code,Region,Value,Other\n{broken}").as_bytes());
    let faults = columns(&folder, &["value"]).unwrap_err();
    assert!(faults[0].starts_with("t.csv:40000:"), "{faults:?}");
    assert_eq!(faults, folder.dataset(0).unwrap_err());
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, format!("Year,Region Code,Region,Value,Other\n{rows}").as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let gzip = foreign(&format!(r#""compression": "gz", {SCHEMA}"#), "");
    gzip.write("t.csv", &packed);
    assert_eq!(columns(&gzip, &["value"]).unwrap().len(), 40_000);
    gzip.write("t.csv", &packed[..packed.len() / 2]);
    assert_eq!(columns(&gzip, &["value"]).unwrap_err(), ["t.csv: is a gzip file cut short"]);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (csv, expected) in [
        ("Year,Region Code,Region,Value,Other\n2022,a,A,x,1\n", "t.csv:2:10: 'x' is not a number"),
        ("Year,Region Code,Region,Value,Other\n2022,a,A,1\n", "t.csv:2:10: 4 fields where the header has 5"),
        ("Year,Region Code,Region,Value\n2022,a,A,1\n", "t.csv:1:25: the header lacks the column 'Other'"),
        ("Year,Region Code,Region,Value,Other\n2022,a,A,NaN,1\n", "t.csv:2:10: 'NaN' is not a finite number"),
        ("Year,Region Code,Region,Value,Other\nlater,a,A,1,1\n", "t.csv:2:1: 'later' is not a period"),
        (
            "Year,Region Code,Region,Value,Other\n2022,a,A,1,1\n2022,a,A,2,1\n",
            "t.csv:3:1: is the same observation as t.csv:2:1",
        ),
        ("Year,Region Code,Region,Value,Other\n2022,\"a,A,1,1\n", "t.csv:2:6: this quote is never closed"),
        ("", "t.csv: is empty"),
    ] {
        let faults = columns(&foreign(SCHEMA, csv), &[]).unwrap_err();
        assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{csv}: {faults:?}");
    }
    let folder = foreign(SCHEMA, "");
    folder.write("t.csv", b"Year,Region Code,Region,Value,Other\n2022,a,\xff,1,1\n");
    assert!(columns(&folder, &[]).unwrap_err()[0].starts_with("t.csv:2:8: is not valid UTF-8"));
}

#[test]
fn parquet() {
    let column = |name: &str, texts: [&str; 2]| Column::from(Series::new(name.into(), texts.to_vec()));
    let mut frame = DataFrame::new(
        2,
        vec![
            Series::new("Year".into(), vec![2022i64, 2023]).into(),
            column("Region Code", ["a", "b"]),
            column("Region", ["Alpha", "Beta"]),
            Series::new("Value".into(), vec![Some(1.5), None]).into(),
            Series::new("Other".into(), vec![7i32, 8]).into(),
        ],
    )
    .unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    let descriptor = format!(r#"{{"name": "p", "resources": [{{"name": "t", "path": "t.parquet", {SCHEMA}}}]}}"#);
    let folder = Folder::new(&[("datapackage.json", &descriptor)]);
    folder.write("t.parquet", &bytes);
    let read = columns(&folder, &[]).unwrap();
    let expected = [
        ("2022".to_owned(), vec!["Alpha".to_owned()], vec![Some(1.5), Some(7.0)]),
        ("2023".to_owned(), vec!["Beta".to_owned()], vec![None, Some(8.0)]),
    ];
    assert_eq!(rows_of_columns(&read), expected);
    assert_eq!(rows_of_dataset(&folder.dataset(0).unwrap()), expected);
    folder.write("t.parquet", b"PAR1 and no more");
    assert!(columns(&folder, &[]).unwrap_err()[0].starts_with("t.parquet: cannot be read as Parquet"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn both_ways_take_and_refuse_the_same(csv in "(20(21|22),[ab]?,(A|\"B\"|),[0-9.-]{0,3},[0-9]?\n){0,4}[,\"\na0]{0,3}") {
        let folder = foreign(SCHEMA, &format!("Year,Region Code,Region,Value,Other\n{csv}"));
        match (columns(&folder, &[]), folder.dataset(0)) {
            (Ok(read), Ok(dataset)) => prop_assert_eq!(rows_of_columns(&read), rows_of_dataset(&dataset)),
            (Err(_), Err(_)) => {}
            (read, dataset) => prop_assert!(false, "{:?} {:?}", read.map(|read| read.len()), dataset.map(|_| ())),
        }
    }
}
