//! Packages with no `aistat:` property: what is inferred, and the many ways in which a table may be written.

use super::super::testing::{Folder, foreign};
use super::super::{Dataset, Kind};

const FIELDS: &str =
    r#"[{"name": "Year", "type": "year"}, {"name": "Region", "type": "string"}, {"name": "Value", "type": "number"}]"#;

fn schema(fields: &str) -> String {
    format!(r#""schema": {{"fields": {fields}}}"#)
}

fn read(folder: &Folder) -> Dataset {
    folder.dataset(0).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn digits(dataset: &Dataset, column: &str) -> Vec<String> {
    (0..dataset.periods.len()).map(|row| dataset.cell(column, row).map_or("-".into(), |cell| cell.digits)).collect()
}

fn periods(dataset: &Dataset) -> Vec<&str> {
    dataset.periods.iter().map(super::super::Period::as_str).collect()
}

#[test]
fn names_become_codes_and_what_was_inferred_is_said() {
    let fields = r#"[{"name": "地区", "type": "string"}, {"name": "年份", "type": "integer"}, {"name": "金额(亿元)", "type": "number"},
        {"name": "Market Share", "type": "number"}, {"name": "Country Code", "type": "string"}, {"name": "Country", "type": "string"}]"#;
    let csv =
        "地区,年份,金额(亿元),Market Share,Country Code,Country\n北京,2022,5.0,1,CN,China\n北京,2023,6,,CN,China\n";
    let folder = foreign(&schema(fields), csv);
    let dataset = read(&folder);
    let names: Vec<&str> = dataset.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    assert_eq!(names, ["d2", "country"]);
    assert_eq!(dataset.dimensions[0].title.zh, "地区");
    assert_eq!(dataset.dimensions[0].codes.members[0].code, "d2-1");
    assert_eq!(dataset.dimensions[1].codes.members[0].title.en, "China");
    let measures: Vec<(&str, &str, Kind)> = dataset
        .measures
        .iter()
        .map(|measure| (measure.name.as_str(), measure.title.zh.as_str(), measure.kind))
        .collect();
    assert_eq!(measures, [("m1", "金额(亿元)", Kind::Stock), ("market-share", "Market Share", Kind::Rate)]);
    assert_eq!(digits(&dataset, "m1"), ["5.0", "6"]);
    let package = folder.package();
    assert_eq!(
        package.inferences[0].en,
        "p/t/d2+country: period from '年份', dimension d2 from '地区', dimension country from 'Country Code' (named by 'Country'), \
         measure m1 from '金额(亿元)', measure market-share from 'Market Share' (a rate); units unknown"
    );
    assert_eq!(package.dimension_title(&package.resources[0], "d2").zh, "地区");
    assert_eq!(package.areas().unwrap().members[0].code, "p");
    assert_eq!(package.topics().unwrap().members[0].code, "t");
}

/// What `check` calls an error keeps a question from an answer, too.
#[test]
fn tables_that_break_their_schema_do_not_answer() {
    let year = r#"{"name": "year", "type": "year"}"#;
    let fields = |first: &str, text: &str, number: &str| {
        format!(r#"[{first}, {{"name": "r", {text}}}, {{"name": "v", {number}}}]"#)
    };
    let (text, number) = (r#""type": "string""#, r#""type": "number""#);
    let constrained = |kind: &str, constraints: &str| format!(r#"{kind}, "constraints": {{{constraints}}}"#);
    let plain = fields(year, text, number);
    for (fields, rows, expected) in [
        (
            fields(year, &constrained(text, r#""enum": ["x"]"#), number),
            "2020,x,5\n2020,z,6\n",
            "3:6: 'z' is not one of x",
        ),
        (
            fields(year, text, &constrained(number, r#""minimum": 10"#)),
            "2020,x,5\n",
            "2:8: 5 is less than the minimum 10",
        ),
        (fields(year, text, &constrained(number, r#""required": true"#)), "2020,x,\n", "2:8: must not be empty"),
        (
            fields(year, &constrained(text, r#""pattern": "[a-w]""#), number),
            "2020,x,5\n",
            "2:6: 'x' does not match [a-w]",
        ),
        (
            fields(year, &constrained(text, r#""unique": true"#), number),
            "2020,x,5\n2021,x,6\n",
            "3:6: 'x' is not unique",
        ),
        (fields(year, text, r#""type": "integer""#), "2020,x,5.5\n", "2:8: '5.5' is not of type integer"),
        (plain.clone(), "2020-01,x,5\n", "2:1: '2020-01' is not of type year"),
        (
            fields(&format!(r#"{year}, {{"name": "d", "type": "date"}}"#), text, number),
            "2020,garbage,x,5\n",
            "2:6: 'garbage' is not of type date",
        ),
        (format!(r#"{plain}, "primaryKey": ["year"]"#), "2020,x,5\n2020,y,6\n", "3:1: "),
        (
            format!(r#"{plain}, "foreignKeys": [{{"fields": "r", "reference": {{"fields": "v"}}}}]"#),
            "2020,x,5\n",
            "2:6: 'x' is not in the resource ''",
        ),
    ] {
        let header = if fields.contains("\"d\"") { "year,d,r,v" } else { "year,r,v" };
        let folder = foreign(&schema(&fields), &format!("{header}\n{rows}"));
        let lines = folder.dataset(0).unwrap_err();
        assert!(lines[0].starts_with(&format!("t.csv:{expected}")), "{fields}: {lines:#?}");
        assert!(folder.check().iter().any(|line| *line == lines[0]), "{lines:#?}");
    }
}

/// Keys are values, whatever their digits look like; unknown ones are not the same.
#[test]
fn keys_compare_values() {
    let table = |kind: &str, key: &str, rows: &str| {
        let fields = format!(
            r#"[{{"name": "year", "type": "year"}}, {{"name": "c", {kind}}}, {{"name": "v", "type": "number"}}]{key}"#
        );
        foreign(&schema(&fields), &format!("year,c,v\n{rows}"))
    };
    let (integer, number) = (r#""type": "integer""#, r#""type": "number""#);
    let primary = r#", "primaryKey": ["year", "c"]"#;
    let unique = r#", "uniqueKeys": [["year", "c"]]"#;
    for (kind, key, rows) in [
        (integer, primary, "2020,1,10\n2020,01,10\n"),
        (integer, primary, "2020,-0,10\n2020,0,10\n"),
        (number, primary, "2020,1,10\n2020,1.0,10\n"),
        (number, primary, "2020,5,10\n2020,+5,10\n"),
        (number, primary, "2020,1e1,10\n2020,10,10\n"),
        (number, unique, "2020,1.50,10\n2020,1.5,10\n"),
        (r#""type": "number", "constraints": {"unique": true}"#, primary, "2020,1,10\n2021,1.0,10\n"),
        (r#""type": "boolean""#, primary, "2020,1,10\n2020,true,10\n"),
    ] {
        let folder = table(kind, key, rows);
        let lines = folder.check();
        assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("t.csv:3:")), "{rows}: {lines:#?}");
        assert!(folder.dataset(0).is_err(), "{rows}");
    }
    for (kind, key, rows) in [
        (r#""type": "string""#, primary, "2020,1,10\n2020,01,10\n"),
        (integer, primary, "2020,1,10\n2020,10,10\n"),
        (number, primary, "2020,1,10\n2020,1.01,10\n"),
        (r#""type": "string""#, r#", "uniqueKeys": [["c"]]"#, "2020,,10\n2021,,10\n"),
    ] {
        let folder = table(kind, key, rows);
        assert_eq!(folder.check(), Vec::<String>::new(), "{rows}");
    }
    // One value is one member, in whatever row.
    let folder = table(integer, primary, "2020,1,10\n2021,01,11\n2021,2,12\n");
    let dataset = read(&folder);
    let members: Vec<&str> = dataset.dimensions[0].codes.members.iter().map(|member| member.key.as_str()).collect();
    assert_eq!(members, ["1", "2"]);
}

#[test]
fn foreign_keys_compare_values() {
    let fields = r#"[{"name": "year", "type": "year"}, {"name": "c", "type": "integer"}, {"name": "v", "type": "number"}],
        "foreignKeys": [{"fields": ["c"], "reference": {"resource": "u", "fields": ["id"]}}]"#;
    let other = r#""schema": {"fields": [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}]}"#;
    let descriptor = format!(
        r#"{{"name": "p", "resources": [{{"name": "t", "path": "t.csv", {}}}, {{"name": "u", "path": "u.csv", {other}}}]}}"#,
        schema(fields)
    );
    let rows = |rows: &str| {
        let table = format!("year,c,v\n{rows}");
        Folder::new(&[("datapackage.json", &descriptor), ("t.csv", &table), ("u.csv", "id,name\n1,A\n02,B\n")])
    };
    let folder = rows("2020,01,1\n2020,2,5\n");
    assert_eq!(folder.check(), Vec::<String>::new());
    let dataset = read(&folder);
    let titles: Vec<&str> = dataset.dimensions[0].codes.members.iter().map(|member| member.title.en.as_str()).collect();
    assert_eq!(titles, ["A", "B"]);
    assert_eq!(
        rows("2020,3,1\n").check(),
        ["t.csv:2:6: '3' is not in the resource 'u'; correct it, or add a line to that resource"]
    );
}

#[test]
fn lengths_of_lists_count_items() {
    for (kind, constraint, cell, fault) in [
        ("array", r#""maxLength": 2"#, "\"[1,2]\"", None),
        ("array", r#""minLength": 3"#, "[1]", Some("has 1 item, less than 3")),
        ("list", r#""maxLength": 2"#, "\"aa,bb\"", None),
        ("list", r#""maxLength": 1"#, "\"aa,bb\"", Some("has 2 items, more than 1")),
        ("object", r#""maxLength": 1"#, "\"{\"\"long\"\": 1}\"", None),
        ("string", r#""maxLength": 2"#, "abc", Some("has 3 characters, more than 2")),
    ] {
        let fields = format!(
            r#"[{{"name": "year", "type": "year"}}, {{"name": "x", "type": "{kind}", "constraints": {{{constraint}}}}}, {{"name": "v", "type": "number"}}]"#
        );
        let lines = foreign(&schema(&fields), &format!("year,x,v\n2020,{cell},1\n")).check();
        assert_eq!(lines.len(), usize::from(fault.is_some()), "{cell}: {lines:#?}");
        assert!(lines.iter().all(|line| line.contains(fault.unwrap())), "{lines:#?}");
    }
}

/// An empty cell is a value, and no number, where another text stands for what is missing.
#[test]
fn empty_cells_are_missing_where_that_is_declared() {
    let fields = r#"[{"name": "year", "type": "year"}, {"name": "c", "type": "string"}, {"name": "v", "type": "number"}], "missingValues": ["NA"]"#;
    let table = |rows: &str| foreign(&schema(fields), &format!("year,c,v\n{rows}"));
    assert_eq!(table("2020,,NA\n2021,a,1\n").check(), Vec::<String>::new());
    let broken = table("2020,a,\n2021,a,1\n");
    let fault = "t.csv:2:8: an empty cell is not a number; add \"\" to missingValues";
    assert_eq!(broken.dataset(0).unwrap_err()[0], fault);
    assert_eq!(broken.check(), [fault]);
    // The same where columns are read.
    let rows: String = (0..20_000).map(|row| format!("2020,c{row},5\n")).collect();
    let large = table(&format!("{rows}2020,a,\n"));
    let package = large.package();
    let faults = package.large(&package.resources[0], &|_| true).unwrap_err();
    assert!(faults[0].to_string().contains("t.csv:20002:8: an empty cell is not a number"), "{faults:#?}");
}

#[test]
fn a_year_has_four_digits() {
    let fields =
        r#"[{"name": "year", "type": "year"}, {"name": "born", "type": "year"}, {"name": "v", "type": "number"}]"#;
    for (born, sound) in [("2020", true), ("0800", true), ("20", false), ("02020", false), ("-2020", false)] {
        let lines = foreign(&schema(fields), &format!("year,born,v\n2020,{born},1\n")).check();
        assert_eq!(lines.is_empty(), sound, "{born}: {lines:#?}");
    }
}

#[test]
fn a_path_of_the_wrong_type_is_one_fault() {
    let descriptor = format!(r#"{{"name": "p", "resources": [{{"name": "t", "path": 5, {}}}]}}"#, schema(FIELDS));
    let lines = Folder::new(&[("datapackage.json", &descriptor)]).check();
    assert_eq!(lines.len(), 1, "{lines:#?}");
}

#[test]
fn types_that_are_not_known_or_not_said_hide_no_table() {
    let year = r#"{"name": "Year", "type": "year"}"#;
    for (kind, expected) in [
        (r#", "type": "float""#, "there is no type 'float'; write number"),
        (r#", "type": "Int""#, "there is no type 'Int'; write integer"),
        ("", "no field has numbers; fields without a type: v; declare a field of type number or integer"),
    ] {
        let folder = foreign(&schema(&format!(r#"[{year}, {{"name": "v"{kind}}}]"#)), "Year,v\n2020,5\n");
        let lines = folder.dataset(0).unwrap_err();
        assert!(lines[0].contains(expected), "{lines:#?}");
    }
    // A list of codes is no table of numbers.
    let list = foreign(&schema(r#"[{"name": "code"}, {"name": "name"}]"#), "code,name\na,A\n");
    assert!(list.package().resources.is_empty());
}

#[test]
fn periods_of_many_kinds() {
    for (fields, rows, expected) in [
        (r#"{"name": "d", "type": "date"}"#, "2023-01-01\n2023-02-01\n", &["2023-01", "2023-02"][..]),
        (r#"{"name": "d", "type": "date"}"#, "2023-01-01\n2023-02-02\n", &["2023-01-01", "2023-02-02"]),
        (r#"{"name": "d", "type": "date", "format": "%d/%m/%Y"}"#, "31/12/2021\n31/12/2022\n", &["2021", "2022"]),
        (r#"{"name": "d", "type": "yearmonth"}"#, "2023-01\n2023-02\n", &["2023-01", "2023-02"]),
        (r#"{"name": "Quarter", "type": "string"}"#, "2023Q1\n2023Q2\n", &["2023-Q1", "2023-Q2"]),
        (r#"{"name": "Year", "type": "integer"}"#, "2022\n2023\n", &["2022", "2023"]),
        (
            r#"{"name": "d", "type": "datetime"}"#,
            "2023-01-01T00:00:00Z\n2023-01-02T00:00:00Z\n",
            &["2023-01-01", "2023-01-02"],
        ),
    ] {
        let name = fields.split('"').nth(3).unwrap();
        let rows: String = rows.lines().map(|row| format!("{row},1\n")).collect();
        let folder = foreign(
            &schema(&format!(r#"[{fields}, {{"name": "v", "type": "number"}}]"#)),
            &format!("{name},v\n{rows}"),
        );
        assert_eq!(periods(&read(&folder)), expected, "{fields}");
    }
    let fields =
        r#"[{"name": "Year", "type": "year"}, {"name": "Month", "type": "integer"}, {"name": "v", "type": "number"}]"#;
    assert_eq!(
        periods(&read(&foreign(&schema(fields), "Year,Month,v\n2023,1,5\n2023,12,6\n"))),
        ["2023-01", "2023-12"]
    );
    let wrong = foreign(&schema(fields), "Year,Month,v\n2023,13,5\n").dataset(0).unwrap_err();
    assert!(wrong[0].starts_with("t.csv:2:6: '13' is not a period"), "{wrong:?}");
}

#[test]
fn dialects_numbers_and_missing_values() {
    let fields = r#"[{"name": "Year", "type": "year"}, {"name": "Value", "type": "number", "decimalChar": ",", "groupChar": "."},
        {"name": "Other", "type": "number", "missingValues": ["-99"]}], "missingValues": ["", "n/a"]"#;
    let resource =
        format!(r#""dialect": {{"delimiter": ";", "commentChar": "%", "quoteChar": "'"}}, {}"#, schema(fields));
    let dataset = read(&foreign(&resource, "Year;Value;Other\n% note\n2022;'1.234,50';-99\n\n2023;n/a;7\r\n"));
    assert_eq!(digits(&dataset, "value"), ["1234.50", "-"]);
    assert_eq!(digits(&dataset, "other"), ["-", "7"]);
    let resource = format!(r#""dialect": {{"header": false, "skipInitialSpace": true}}, {}"#, schema(FIELDS));
    let dataset = read(&foreign(&resource, "2022, \"a, b\", 5\n"));
    assert_eq!(dataset.dimensions[0].codes.members[0].title.en, "a, b");
    let resource = format!(r#""dialect": {{"delimiter": "||"}}, {}"#, schema(FIELDS));
    assert!(foreign(&resource, "x").dataset(0).unwrap_err()[0].contains("dialect.delimiter"));
}

#[test]
fn encodings_gzip_and_several_files() {
    let csv = "Year,Region,Value\n2022,深圳,5\n";
    let folder = foreign(&schema(FIELDS), &format!("\u{feff}{csv}"));
    assert_eq!(read(&folder).dimensions[0].codes.members[0].title.zh, "深圳");
    let folder = foreign(&format!(r#""encoding": "gb18030", {}"#, schema(FIELDS)), "");
    folder.write("t.csv", &encoding_rs::GB18030.encode(csv).0);
    assert_eq!(read(&folder).dimensions[0].codes.members[0].title.zh, "深圳");
    let folder = foreign(&schema(FIELDS), "");
    folder.write("t.csv", &encoding_rs::GB18030.encode(csv).0);
    assert!(folder.dataset(0).unwrap_err()[0].starts_with("t.csv:2:6: is not valid UTF-8 from here on"));
    let utf16: Vec<u8> = csv.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = foreign(&format!(r#""encoding": "utf-16le", {}"#, schema(FIELDS)), "");
    folder.write("t.csv", &utf16);
    assert_eq!(digits(&read(&folder), "value"), ["5"]);
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    };
    let folder = foreign(&format!(r#""compression": "gz", {}"#, schema(FIELDS)), "");
    folder.write("t.csv", &gzip(csv.as_bytes()));
    assert_eq!(digits(&read(&folder), "value"), ["5"]);
    let whole = gzip(csv.as_bytes());
    folder.write("t.csv", &whole[..whole.len() - 9]);
    let lines = folder.dataset(0).unwrap_err();
    assert!(lines[0].ends_with(": is a gzip file cut short; compress or download it again"), "{lines:?}");
    folder.write("t.csv", &[&whole[..], &whole[..], b"tail"].concat());
    let said = "t.csv: has 4 bytes after its gzip data; remove them, or compress the table again";
    assert_eq!(folder.dataset(0).unwrap_err(), [said]);
    let descriptor =
        format!(r#"{{"name": "p", "resources": [{{"name": "t", "path": ["a.csv", "b.csv"], {}}}]}}"#, schema(FIELDS));
    let folder = Folder::new(&[
        ("datapackage.json", &descriptor),
        ("a.csv", csv),
        ("b.csv", "Year,Region,Value\n2023,深圳,x\n"),
    ]);
    assert!(folder.dataset(0).unwrap_err()[0].starts_with("b.csv:2:9: 'x' is not a number"));
    folder.write("b.csv", "Year,Region,Value\n2023,深圳,6\n".as_bytes());
    assert_eq!(digits(&read(&folder), "value"), ["5", "6"]);
    folder.write("b.csv", "Year,Value,Region\n".as_bytes());
    assert_eq!(folder.dataset(0).unwrap_err(), ["b.csv:1:6: the header differs from the first file's; write the same"]);
}

#[test]
fn inline_data() {
    for (data, row) in [
        (r#"[["Year", "Region", "Value"], [2022, "x", 5.0], [2023, "x", null]]"#, 1),
        (r#"[{"Year": 2022, "Region": "x", "Value": 5.0}, {"Year": 2023, "Region": "x"}]"#, 0),
        (r#"[{"Value": 5.0, "Region": "x", "Year": 2022}, {"Region": "x", "Year": 2023}]"#, 0),
    ] {
        let descriptor = |data: &str| {
            format!(r#"{{"name": "p", "resources": [{{"name": "t", "data": {data}, {}}}]}}"#, schema(FIELDS))
        };
        let folder = Folder::new(&[("datapackage.json", &descriptor(data))]);
        assert_eq!(digits(&read(&folder), "value"), ["5.0", "-"]);
        let broken = descriptor(&data.replace("5.0", "\"many\""));
        folder.write("datapackage.json", broken.as_bytes());
        let fault = folder.dataset(0).unwrap_err().remove(0);
        let column = broken.find("\"many\"").unwrap() + 1;
        assert!(fault.starts_with(&format!("datapackage.json:1:{column}: 'many' is not a number")), "{row}: {fault}");
    }
}

#[test]
fn fields_matched_by_name() {
    let fields = format!(r#"{FIELDS}, "fieldsMatch": ["partial"]"#);
    let dataset = read(&foreign(&schema(&fields), "Value,Extra,Year\n5,x,2022\n"));
    assert_eq!((digits(&dataset, "value"), periods(&dataset)), (vec!["5".to_owned()], vec!["2022"]));
    let folder = foreign(&schema(&fields), "Value,Extra,Year\nfive,x,2022\n");
    assert!(folder.dataset(0).unwrap_err()[0].starts_with("t.csv:2:1: 'five'"));
    let fields = format!(r#"{FIELDS}, "fieldsMatch": ["subset"]"#);
    let lines = foreign(&schema(&fields), "Value,Year\n5,2022\n").check();
    assert_eq!(lines, ["t.csv:1:7: the header lacks the column 'Region'; add Region"]);
}

#[test]
fn table_schema_constraints_and_keys() {
    let fields = r#"[{"name": "Year", "type": "year", "constraints": {"minimum": 2000}},
        {"name": "Region", "type": "string", "constraints": {"required": true, "pattern": "[a-z]+", "maxLength": 3}},
        {"name": "Value", "type": "number", "constraints": {"exclusiveMaximum": "10", "enum": [1, 2.50, 20]}},
        {"name": "Tag", "type": "integer", "constraints": {"unique": true}}], "primaryKey": ["Year", "Region"],
        "foreignKeys": [{"fields": "Region", "reference": {"resource": "", "fields": "Region"}}]"#;
    let check = |rows: &str| foreign(&schema(fields), &format!("Year,Region,Value,Tag\n{rows}")).check();
    assert_eq!(check("2001,a,1,1\n2002,a,2.5,2\n"), Vec::<String>::new());
    for (row, expected) in [
        ("1999,a,1,1", "t.csv:2:1: 1999 is less than the minimum 2000"),
        ("2001,A,1,1", "t.csv:2:6: 'A' does not match [a-z]+"),
        ("2001,abcd,1,1", "t.csv:2:6: has 4 characters, more than 3"),
        ("2001,a,20,1", "t.csv:2:8: 20 is not below 10"),
        ("2001,a,3,1", "t.csv:2:8: '3' is not one of 1, 2.50, 20"),
        ("2001,a,1,1.5", "t.csv:2:10: '1.5' is not of type integer"),
        ("2001,a,1,1\n2002,a,1,1", "t.csv:3:10: '1' is not unique"),
    ] {
        let faults = check(row);
        assert!(faults.len() == 1 && faults[0].starts_with(&format!("{expected}; ")), "{row}: {faults:?}");
    }
}

#[test]
fn what_is_not_supported_says_so() {
    for (resource, expected) in [
        (r#""format": "xlsx""#, "the format 'xlsx' is not supported"),
        (r#""compression": "zip""#, "the compression 'zip' is not supported"),
        (r#""type": "json""#, "the type 'json' is not supported"),
        (r#""dialect": {"nullSequence": "-"}"#, "this dialect.nullSequence is not supported"),
        (r#""encoding": "klingon""#, "the encoding 'klingon' is not known"),
    ] {
        let folder = foreign(&format!("{resource}, {}", schema(FIELDS)), "Year,Region,Value\n");
        let fault = folder.dataset(0).unwrap_err().remove(0);
        assert!(fault.contains(expected), "{fault}");
    }
    let descriptor =
        format!(r#"{{"name": "p", "resources": [{{"name": "t", "url": "http://x/t.csv", {}}}]}}"#, schema(FIELDS));
    let fault = Folder::new(&[("datapackage.json", &descriptor)]).dataset(0).unwrap_err().remove(0);
    assert!(fault.contains("addresses are not read"), "{fault}");
    let fault = foreign(r#""profile": "tabular-data-resource""#, "a\n1\n").dataset(0).unwrap_err().remove(0);
    assert!(fault.contains("has no schema: types of columns are not guessed"), "{fault}");
}

#[test]
fn lists_of_texts_are_no_datasets() {
    let fields = r#"[{"name": "code", "type": "string"}, {"name": "name", "type": "string"}]"#;
    let folder = foreign(&schema(fields), "code,name\na,A\n");
    assert!(folder.package().resources.is_empty());
    assert!(folder.package().check().iter().all(|fault| !fault.is_error()));
}

#[test]
fn primary_keys_tell_dimensions_from_attributes() {
    let fields = r#"[{"name": "Year", "type": "year"}, {"name": "Region", "type": "string"}, {"name": "Comment", "type": "string"},
        {"name": "Value", "type": "number"}], "primaryKey": ["Year", "Region"]"#;
    let dataset = read(&foreign(&schema(fields), "Year,Region,Comment,Value\n2022,a,why,1\n"));
    assert_eq!((dataset.dimensions.len(), dataset.attributes[0].name.as_str()), (1, "comment"));
    assert_eq!(dataset.text("comment", 0), Some("why"));
}

#[test]
fn fields_that_no_column_can_be_read_by() {
    let csv = "Year,v\n2019,1\n";
    for (fields, expected) in [
        (
            r#"[{"name": "Year", "type": "year"}, {"name": "v", "type": "number"}, {"name": "v", "type": "number"}]"#,
            "the field 'v' is declared twice",
        ),
        (
            r#"[{"name": "Year", "type": "year"}, {"name": "v", "type": "number", "decimalChar": ",,"}]"#,
            "',,' is not one character",
        ),
        (
            r#"[{"name": "Year", "type": "year"}, {"name": "v", "type": "number", "groupChar": "."}]"#,
            "is the decimal character, too",
        ),
    ] {
        let folder = foreign(&schema(fields), csv);
        let asked = folder.dataset(0).unwrap_err();
        assert!(asked.iter().any(|fault| fault.contains(expected)), "{asked:?}");
    }
    // As it was before v1.
    let folder = foreign(&schema(r#"[{"id": "Year", "type": "year"}, {"id": "v", "type": "number"}]"#), csv);
    assert_eq!(digits(&read(&folder), "v"), ["1"]);
}

#[test]
fn bounds_formats_and_delimiters_that_are_none() {
    let fields = r#"[{"name": "year", "type": "year"}, {"name": "r", "type": "string", "format": "mail"},
        {"name": "v", "type": "number", "constraints": {"minimum": "x", "maximum": "9"}}]"#;
    let check = foreign(&schema(fields), "year,r,v\n2020,a,5\n").check();
    let has = |end: &str| check.iter().any(|line| line.ends_with(end));
    assert!(has("minimum is no number: \"x\"; write a number"), "{check:#?}");
    assert!(has("the type string has no format 'mail'; write one of default, email, uri, binary, uuid"), "{check:#?}");
    assert_eq!(check.len(), 2, "{check:#?}");
    let resource = format!(r#""dialect": {{"delimiter": ""}}, {}"#, schema(FIELDS));
    let check = foreign(&resource, "Year,Region,Value\n2020,a,5\n").check();
    assert!(check[0].ends_with("this dialect.delimiter is not supported; write one ASCII character"), "{check:#?}");
}
