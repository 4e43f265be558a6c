//! The same table read as cells and as columns.

use polars::prelude::{Column, DataFrame, DataType, NamedFrom, ParquetWriter, Series, TimeUnit};
use proptest::prelude::*;

use super::super::testing::{Folder, foreign};
use super::super::{Dataset, LargeTable, Limit, Limits, Measure, Package};

const SCHEMA: &str = r#""schema": {"fields": [{"name": "Year", "type": "year"}, {"name": "Region Code", "type": "string"},
    {"name": "Region", "type": "string"}, {"name": "Value", "type": "number"}, {"name": "Other", "type": "number"}], "missingValues": ["", "-"]}"#;

/// Reads the table as columns whatever its size; `None`: it is left to the exact reader.
fn columns(folder: &Folder, wanted: &[&str]) -> Result<Option<LargeTable>, Vec<String>> {
    let mut limits = Limits::default();
    limits.set(Limit::ExactBytes, 0);
    let package = Package::open(folder.path(), &limits).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let wanted = |measure: &Measure| wanted.is_empty() || wanted.contains(&measure.name.as_str());
    package.large(&package.resources[0], &wanted).map_err(|faults| folder.lines(&faults))
}

fn read(folder: &Folder, wanted: &[&str]) -> LargeTable {
    columns(folder, wanted).unwrap().unwrap()
}

/// Faults of the columns, or of the exact reader where the table is left to it.
fn faults(folder: &Folder) -> Vec<String> {
    match columns(folder, &[]) {
        Ok(None) => folder.dataset(0).unwrap_err(),
        read => read.unwrap_err(),
    }
}

type Row = (String, Vec<String>, Vec<Option<String>>);

/// Rows as period, members and digits, whichever way they were read.
fn rows_of_columns(table: &LargeTable) -> Vec<Row> {
    let LargeTable { dataset, columns } = table;
    let row = |row: usize| {
        let members = columns.members.iter().zip(&dataset.dimensions);
        let members =
            members.map(|(numbers, dimension)| dimension.codes.members[numbers[row] as usize].title.en.clone());
        let numbers = columns.numbers.iter().flatten();
        let digits = numbers.map(|numbers| numbers.cell(row).ok().map(|cell| cell.digits)).collect();
        (dataset.periods[columns.period[row] as usize].to_string(), members.collect(), digits)
    };
    let mut rows: Vec<Row> = (0..columns.rows).map(row).collect();
    rows.sort();
    rows
}

fn rows_of_dataset(dataset: &Dataset) -> Vec<Row> {
    let title = |at: usize, row: usize| {
        let dimension = &dataset.dimensions[at];
        let code = dataset.text(&dimension.name, row).unwrap();
        dimension.codes.members.iter().find(|member| member.code == code).unwrap().title.en.clone()
    };
    let row = |row: usize| {
        let members = (0..dataset.dimensions.len()).map(|at| title(at, row)).collect();
        let value = |name: &str| dataset.cell(name, row).ok().map(|cell| cell.digits);
        (
            dataset.periods[row].to_string(),
            members,
            dataset.measures.iter().map(|measure| value(&measure.name)).collect(),
        )
    };
    let mut rows: Vec<Row> = (0..dataset.periods.len()).map(row).collect();
    rows.sort();
    rows
}

#[test]
fn cells_and_columns_agree() {
    let csv =
        "Year,Region Code,Region,Value,Other\n2022,a,Alpha,1.50,-\n2022,b,\"Beta, B\",-2,7\n\n2021,a,Alpha,,1e3\n";
    let folder = foreign(SCHEMA, csv);
    let all = read(&folder, &[]);
    assert_eq!(rows_of_columns(&all), rows_of_dataset(&folder.dataset(0).unwrap()));
    assert_eq!(all.dataset.periods.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2021", "2022"]);
    let one = read(&folder, &["other"]);
    let kept: Vec<bool> = one.columns.numbers.iter().map(Option::is_some).collect();
    assert_eq!(kept, [false, true]);
    let package = folder.package();
    assert!(!package.is_large(&package.resources[0]));
}

#[test]
fn years_with_months_agree() {
    let schema = r#""schema": {"fields": [{"name": "Year", "type": "integer"}, {"name": "Month", "type": "string"},
        {"name": "City", "type": "string"}, {"name": "Sales", "type": "number"}]}"#;
    let rows = "2022,January,a,1\n2022,February,a,2\n2023,1,a,3\n2022,1,b,4\n2023,Feb,a,5\n";
    let folder = foreign(schema, &format!("Year,Month,City,Sales\n{rows}"));
    let table = read(&folder, &[]);
    assert_eq!(rows_of_columns(&table), rows_of_dataset(&folder.dataset(0).unwrap()));
    let periods: Vec<String> = table.dataset.periods.iter().map(ToString::to_string).collect();
    assert_eq!(periods, ["2022-01", "2022-02", "2023-01", "2023-02"]);
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
    let all = read(&folder, &[]);
    let members = all.dataset.dimensions[0].codes.members.len();
    assert_eq!((all.columns.rows, all.dataset.periods.len(), members), (40_000, 10, 4_000));
    assert_eq!(rows_of_columns(&all), rows_of_dataset(&folder.dataset(0).unwrap()));
    let broken = rows.replacen("39998.98", "many", 1);
    folder.write("t.csv", format!("Year,Region Code,Region,Value,Other\n{broken}").as_bytes());
    let faults = columns(&folder, &["value"]).map(drop).unwrap_err();
    assert!(faults[0].starts_with("t.csv:40000:"), "{faults:?}");
    assert_eq!(faults, folder.dataset(0).unwrap_err());
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, format!("Year,Region Code,Region,Value,Other\n{rows}").as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let gzip = foreign(&format!(r#""compression": "gz", {SCHEMA}"#), "");
    gzip.write("t.csv", &packed);
    assert_eq!(read(&gzip, &["value"]).columns.rows, 40_000);
    gzip.write("t.csv", &packed[..packed.len() / 2]);
    let cut = self::faults(&gzip).remove(0);
    // Half of the file is about half of the rows.
    let line: u64 = cut.split(':').nth(1).and_then(|line| line.parse().ok()).unwrap();
    assert!((10_000..30_000).contains(&line) && cut.contains("is a gzip file cut short"), "{cut}");
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
        let faults = faults(&foreign(SCHEMA, csv));
        assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{csv}: {faults:?}");
    }
    let folder = foreign(SCHEMA, "");
    folder.write("t.csv", b"Year,Region Code,Region,Value,Other\n2022,a,\xff,1,1\n");
    assert!(faults(&folder)[0].starts_with("t.csv:2:8: is not valid UTF-8"));
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
    let folder = stored(&mut frame);
    let digits = |digits: &str| Some(digits.to_owned());
    let expected = [
        ("2022".to_owned(), vec!["Alpha".to_owned()], vec![digits("1.5"), digits("7")]),
        ("2023".to_owned(), vec!["Beta".to_owned()], vec![None, digits("8")]),
    ];
    assert_eq!(rows_of_columns(&read(&folder, &[])), expected);
    assert_eq!(rows_of_dataset(&folder.dataset(0).unwrap()), expected);
    folder.write("t.parquet", b"PAR1 and no more");
    assert!(faults(&folder)[0].starts_with("t.parquet: cannot be read as Parquet"));
}

#[test]
fn whole_floats_of_parquet_have_no_point() {
    let column = |name: &str, texts: [&str; 2]| Column::from(Series::new(name.into(), texts.to_vec()));
    let columns = vec![
        Series::new("Year".into(), vec![2022i64, 2023]).into(),
        column("Region Code", ["a", "a"]),
        column("Region", ["Alpha", "Alpha"]),
        Series::new("Value".into(), vec![2.0, 0.0]).into(),
        Series::new("Other".into(), vec![1e21, 0.25]).into(),
    ];
    let folder = stored(&mut DataFrame::new(2, columns).unwrap());
    let rows = rows_of_dataset(&folder.dataset(0).unwrap());
    let digits: Vec<_> = rows.iter().flat_map(|(_, _, numbers)| numbers.iter().flatten().cloned()).collect();
    assert_eq!(digits, ["2", "1000000000000000000000", "0", "0.25"]);
    assert_eq!(rows_of_columns(&read(&folder, &[])), rows);
}

/// 19,723 days after the beginning of 1970 is 2024-01-01: 54 years of 365 days and 13 leap days.
#[test]
fn dates_and_short_numbers_of_parquet() {
    let days = Series::new("date".into(), vec![19_723i32, 19_724]);
    let seen = |hours: i64| days.cast(&DataType::Int64).unwrap() * 86_400_000i64 + hours * 3_600_000;
    let times = |name: &str, hours: i64| {
        seen(hours).cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).unwrap().with_name(name.into())
    };
    let columns: Vec<Column> = vec![
        days.cast(&DataType::Date).unwrap().into(),
        times("midnight", 0).into(),
        times("morning", 9).into(),
        times("begin", 0).into(),
        Series::new("price".into(), vec![1250i128, -5]).into_decimal(10, 3).unwrap().into(),
        Series::new("count".into(), vec![7i16, -8]).into(),
        Series::new("share".into(), vec![1u8, 2]).into(),
    ];
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut DataFrame::new(2, columns).unwrap()).unwrap();
    let field = |name: &str, kind: &str| format!(r#"{{"name": "{name}", "type": "{kind}"}}"#);
    let fields = [
        field("date", "date"),
        field("midnight", "string"),
        field("morning", "datetime"),
        field("begin", "datetime"),
        field("price", "number"),
        field("count", "integer"),
        field("share", "integer"),
    ];
    let fields = fields.join(",");
    let descriptor = format!(
        r#"{{"name": "p", "resources": [{{"name": "t", "path": "t.parquet", "schema": {{"fields": [{fields}]}}}}]}}"#
    );
    let folder = Folder::new(&[("datapackage.json", &descriptor)]);
    folder.write("t.parquet", &bytes);
    let table = folder.dataset(0).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let periods: Vec<&str> = table.periods.iter().map(|period| period.as_str()).collect();
    assert_eq!(periods, ["2024-01-01", "2024-01-02"]);
    let counts: Vec<String> = (0..2).map(|row| table.cell("count", row).unwrap().digits).collect();
    assert_eq!(counts, ["7", "-8"]);
    let prices: Vec<String> = (0..2).map(|row| table.cell("price", row).unwrap().digits).collect();
    assert_eq!(prices, ["1.250", "-0.005"]);
    assert_eq!(table.dimensions[0].codes.members[0].title.en, "2024-01-01");
    let columns = read(&folder, &["price"]);
    assert_eq!(columns.dataset.periods, table.periods);
    let price = columns.columns.numbers.iter().flatten().next().unwrap();
    assert_eq!((0..2).map(|row| price.cell(row).unwrap().digits).collect::<Vec<_>>(), prices);
}

/// A package with this one table.
fn stored(frame: &mut DataFrame) -> Folder {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(frame).unwrap();
    let descriptor = format!(r#"{{"name": "p", "resources": [{{"name": "t", "path": "t.parquet", {SCHEMA}}}]}}"#);
    let folder = Folder::new(&[("datapackage.json", &descriptor)]);
    folder.write("t.parquet", &bytes);
    folder
}

/// Rows of one region, whose name is this text.
fn regions(rows: usize, name: &str) -> Folder {
    let years: Vec<i64> = (0..rows as i64).map(|row| 1000 + row).collect();
    let columns = vec![
        Series::new("Year".into(), years).into(),
        Column::new("Region Code".into(), vec!["a"; rows]),
        Column::new("Region".into(), vec![name; rows]),
        Series::new("Value".into(), vec![1.5; rows]).into(),
        Series::new("Other".into(), vec![7i32; rows]).into(),
    ];
    stored(&mut DataFrame::new(rows, columns).unwrap())
}

/// Every byte of a file wrong: a fault or another number, never an end of the program.
#[test]
fn a_parquet_file_with_any_byte_wrong() {
    let folder = regions(40, "Alpha");
    let bytes = std::fs::read(folder.path().join("t.parquet")).unwrap();
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= [0x01, 0x80, 0xff][at % 3];
        folder.write("t.parquet", &bytes);
        let _ = (columns(&folder, &[]), folder.dataset(0));
    }
}

#[test]
fn a_parquet_type_that_is_not_read_is_named() {
    let folder = regions(2, "Alpha");
    let lists = vec![Series::new("".into(), [1.5]), Series::new("".into(), [2.5])];
    let columns = vec![
        Series::new("Year".into(), vec![2022i64, 2023]).into(),
        Column::new("Region Code".into(), vec!["a"; 2]),
        Column::new("Region".into(), vec!["Alpha"; 2]),
        Series::new("Value".into(), lists).into(),
        Series::new("Other".into(), vec![7i32; 2]).into(),
    ];
    let lists = stored(&mut DataFrame::new(2, columns).unwrap());
    assert!(folder.dataset(0).is_ok());
    let fault = faults(&lists).remove(0);
    assert!(fault.starts_with("t.parquet: the column 'Value' has the type "), "{fault}");
    assert!(fault.ends_with("which is not read; write the file with CAST(\"Value\" AS VARCHAR)"), "{fault}");
}

/// A word of 2,000 bytes is stored once and stands in 400 rows: 800,000 bytes and more as text.
#[test]
fn a_dictionary_counts_in_every_row() {
    let folder = regions(400, &"x".repeat(2_000));
    assert!(std::fs::metadata(folder.path().join("t.parquet")).unwrap().len() < 20_000);
    let read = |limit: Limit, most: u64| {
        let mut limits = Limits::default();
        limits.set(limit, most);
        let package = Package::open(folder.path(), &limits).unwrap();
        package.dataset(&package.resources[0]).map(drop).map_err(|faults| faults[0].to_string())
    };
    assert_eq!(read(Limit::ExpandedBytes, 1_000_000), Ok(()));
    for (limit, most) in [(Limit::ExpandedBytes, 700_000), (Limit::Rows, 399), (Limit::CellBytes, 1_999)] {
        let fault = read(limit, most).unwrap_err();
        assert!(fault.contains(&format!("more than the limit {} ({most})", limit.name())), "{fault}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn both_ways_take_and_refuse_the_same(csv in "(20(21|22),[ab]?,(A|\"B\"|),[0-9.-]{0,3},[0-9]?\n){0,4}[,\"\na0]{0,3}") {
        let folder = foreign(SCHEMA, &format!("Year,Region Code,Region,Value,Other\n{csv}"));
        match (columns(&folder, &[]), folder.dataset(0)) {
            (Ok(Some(read)), Ok(dataset)) => prop_assert_eq!(rows_of_columns(&read), rows_of_dataset(&dataset)),
            (Ok(None), _) => {}
            (Err(columns), Err(cells)) => prop_assert!(columns.iter().all(|fault| cells.contains(fault)), "{columns:?} {cells:?}"),
            (read, dataset) => prop_assert!(false, "{:?} {:?}", read.map(|_| ()), dataset.map(|_| ())),
        }
    }
}
