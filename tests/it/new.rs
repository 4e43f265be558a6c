//! `new`: packages from tables as people have them, and nothing left behind when there is none.

use std::fs;
use std::path::Path;

use crate::harness::{Output, Run, args};

fn make(folder: &Path, table: &str, bytes: &[u8]) -> Run {
    let table = folder.join(table);
    fs::write(&table, bytes).unwrap();
    args(["new"]).arg(&folder.join("made").to_string_lossy()).arg("--from").arg(&table.to_string_lossy())
}

fn made(table: &str, bytes: &[u8]) -> (tempfile::TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let output = make(folder.path(), table, bytes).ok();
    let package = folder.path().join("made");
    args(["check"]).arg(&package.to_string_lossy()).ok();
    (folder, output)
}

fn ask(folder: &tempfile::TempDir, line: &str) -> Run {
    args(line.split_whitespace()).arg("--data").arg(&folder.path().join("made").to_string_lossy())
}

const CHINESE: &str = "年份,城市,金额(亿元),项目数(个),占比(%)\n\
    2022,甲城,\"1,234.50\",约60,26.5\n2022,乙城,980.0,—,21.0\n2023,甲城,1300,70,n/a\n2023,乙城,>1000,65,20.1\n";

#[test]
fn a_chinese_table_with_units_in_its_headers() {
    let (folder, output) = made("甲乙.csv", CHINESE.as_bytes());
    for guess in [
        "period from '年份'",
        "dimension d1 from '城市', 2 members",
        "measure m1 from '金额', unit 100 million CNY, a flow",
        "measure m3 from '占比', unit %, a rate",
    ] {
        assert!(output.err.contains(guess), "{guess}: {}", output.err);
    }
    let answer = ask(&folder, "made table --where 城市=甲城 --headers title --lang zh").ok().out;
    assert_eq!(
        answer,
        "时期,城市,金额(亿元),金额标记,项目数(个),项目数标记,占比(%)\n2022,甲城,1234.50,,60,约,26.5\n2023,甲城,1300,,70,,\n"
    );
    let growth = ask(&folder, "made table --growth --measure m1 --where d1=c1 --period 2023").column("m1_growth");
    // 1300 / 1234.5 − 1.
    assert!(growth[0].starts_with("5.3057918"), "{growth:?}");
}

#[test]
fn the_same_in_gb18030_and_utf_16_and_with_semicolons() {
    let (expected, _) = made("t.csv", CHINESE.as_bytes());
    let table = |folder: &tempfile::TempDir| fs::read_to_string(folder.path().join("made/made/t-by-d1.csv")).unwrap();
    let expected = table(&expected);
    let (gb, _, _) = encoding_rs::GB18030.encode(CHINESE);
    let (folder, output) = made("t.csv", &gb);
    assert_eq!(table(&folder), expected);
    assert!(output.err.contains("read as gb18030"), "{}", output.err);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(CHINESE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(table(&made("t.csv", &utf16).0), expected);
    let semicolons = CHINESE.replace("\"1,234.50\"", "1234.50").replace(',', ";");
    assert_eq!(table(&made("t.csv", semicolons.as_bytes()).0), expected);
    let marked = [b"\xef\xbb\xbf".as_slice(), CHINESE.as_bytes()].concat();
    assert_eq!(table(&made("t.csv", &marked).0), expected);
}

#[test]
fn years_that_are_columns_become_rows() {
    let text = "GDP by country (unit: USD bn)\nCountry Name,Country Code,2020,2021\nAland,ALD,14688,17820\n\"Bö's land\",BOL,63,72\nSource: somebody\n";
    let (folder, output) = made("wide.csv", text.as_bytes());
    assert!(output.err.contains("the columns 2020 to 2021 became rows"), "{}", output.err);
    assert!(output.err.contains("left out the remarks below the table: Source: somebody"), "{}", output.err);
    let rows = ask(&folder, "made wide --growth --period 2021").csv();
    assert_eq!(rows[0], ["period", "country", "value", "value_growth"]);
    // 17820/14688 and 72/63.
    assert_eq!(rows[1], ["2021", "ald", "17820", "21.323529411764707"]);
    assert_eq!(rows[2], ["2021", "bol", "72", "14.285714285714286"]);
}

#[test]
fn a_spreadsheet() {
    let rows = [
        ["Year", "City", "Amount (USD bn)"],
        ["2022", "North", "5"],
        ["", "South", "2.5"],
        ["2023", "North", "6"],
        ["", "South", "3.25"],
    ];
    let (folder, output) = made("book.xlsx", &workbook(&rows));
    assert!(output.err.contains("a spreadsheet keeps values, not how they are shown"), "{}", output.err);
    assert!(output.err.contains("merged cells: 2 take the text of the row above"), "{}", output.err);
    let rows = ask(&folder, "made book --share --period 2023").csv();
    assert_eq!(rows[1][..3], ["2023", "north", "6"]);
    // 100 · 6 / 9.25.
    assert_eq!(rows[1][3], "64.86486486486487");
}

#[test]
fn dates_with_the_year_last_are_read_where_they_are_plain() {
    let (folder, output) = made("t.csv", b"date,place,v\n31/01/2019,A,1\n28/02/2019,A,2\n");
    assert!(output.err.contains("dates in 'date' are read as %d/%m/%Y"), "{}", output.err);
    assert_eq!(ask(&folder, "made t").column("period"), ["2019-01", "2019-02"]);
    // The first of February, or the second of January.
    let folder = tempfile::tempdir().unwrap();
    let refusal = make(folder.path(), "t.csv", b"date,place,v\n01/02/2019,A,1\n03/04/2019,A,2\n").refused();
    assert!(
        refusal.contains(
            "t.csv:2: '01/02/2019' in 'date' is not a period; the day or the month may stand first: write 2023-03-14"
        ),
        "{refusal}"
    );
}

#[test]
fn a_formula_without_a_saved_result_is_said() {
    let rows = [["Year", "City", "Amount"], ["2022", "North", "5"], ["2022", "South", "=C2+1"], ["2023", "North", "6"]];
    let (folder, output) = made("book.xlsx", &workbook(&rows));
    assert!(
        output.err.contains("formulas without a saved result, read as empty: 1, the first in C3"),
        "{}",
        output.err
    );
    assert_eq!(ask(&folder, "made book --period 2022").column("amount"), ["5", ""]);
}

#[test]
fn what_could_be_read_otherwise_is_said() {
    let guesses = |table: &str| made("t.csv", table.as_bytes()).1.err;
    let rows = "year;id;city;amount\n2022;001;North;1,5\n2022;002;South;2,25\n2022;003;Total;3,75\n";
    let said = guesses(rows);
    for guess in [
        "commas in 'amount' are decimal: '1,5' in line 2 is read as 1.5",
        "'id' has numbers that begin with 0 (line 2: '001'): codes, so it is text",
    ] {
        assert!(said.contains(guess), "{guess}: {said}");
    }
    let said = guesses("year,city,amount\n2022,North,NA\n2022,South,1\n2023,North,n/a\n2023,South,—\n");
    assert!(said.contains("in 'amount' 2 cells are read as empty (line 2: 'NA')"), "{said}");
    let said = guesses("year,city,amount\n2022,North,1\n2022,合计,1\n");
    assert!(said.contains("'合计' looks like a total"), "{said}");
    let said = guesses("year,city,amount\n2022,North,\"12,345\"\n2022,South,17\n");
    assert!(said.contains("commas in 'amount' group thousands: '12,345' in line 2 is read as 12345"), "{said}");
    assert!(!said.contains("looks like a total") && !said.contains("among the column names"), "{said}");
    let said = guesses("2022,North,17\n2023,North,18\n");
    assert!(said.contains("'17' among the column names is a number"), "{said}");
}

#[test]
fn what_cannot_be_a_package_leaves_nothing_behind() {
    for (table, text, reason) in [
        ("t.csv", "city,amount\na,1\nb,2\n", "no column says when"),
        ("t.csv", "year,city\n2020,a\n", "no column holds numbers"),
        ("t.csv", "year,city,amount\n2020,a,1\n2020,a,2\n", "t.csv:3: is the same observation as line 2"),
        ("t.csv", "", "has no header row with rows below it"),
        ("t.csv", "year,amount\n", "has no header row with rows below it"),
        ("t.xlsx", "PK\u{3}\u{4}broken", "cannot be read as a spreadsheet"),
        ("t.csv", "year,city,amount\n2020,a,1\n2021,,2\n2021,b,2\n", "'city' is empty"),
        ("t.csv", "year,city,amount\n2020,a,1\n2021,\"b,2\n2022,c,3\n", "t.csv:3:6: this quote is never closed"),
        ("t.csv", "year,city,amount\n2020,a,1\n2021,b, c,2\n2022,d,3\n", "t.csv:3:11: 4 fields where the header has 3"),
        ("t.csv", "year,city,amount\n2020,a,1\n2021,b\n2022,d,3\n", "t.csv:3:6: 2 fields where the header has 3"),
        ("t.csv", "year,amount\n2020,1\n2021,1e400\n", "'amount' has 1 cell that is no number (line 3: '1e400')"),
        ("t.csv", "year,amount\n2020,1\n2021,5%\n", "'amount' has % in some of its cells only"),
        ("t.csv", "year,amount\n2020,1\n2021,\0\n", "t.csv:3:6: has a NUL character"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let refusal = make(folder.path(), table, text.as_bytes()).refused();
        assert!(refusal.contains(reason), "{text:?}: {refusal}");
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [table], "{text:?}");
    }
}

#[test]
fn a_folder_that_is_there_is_replaced_only_by_force() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), "t.csv", b"year,amount\n2020,1\n2021,2\n").ok();
    let again = || make(folder.path(), "t.csv", b"year,amount\n2020,1\n2021,3\n");
    assert!(again().refused().contains("is there already"));
    let table = folder.path().join("made/made/t.csv");
    assert_eq!(fs::read_to_string(&table).unwrap(), "period,amount\n2020,1\n2021,2\n");
    again().arg("--force").ok();
    assert_eq!(fs::read_to_string(&table).unwrap(), "period,amount\n2020,1\n2021,3\n");
    fs::remove_file(folder.path().join("made/datapackage.json")).unwrap();
    assert!(again().arg("--force").refused().contains("is no package, so it is not replaced"));
    let names: std::collections::BTreeSet<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let nowhere =
        args(["new", "/no/such/place/made", "--from"]).arg(&folder.path().join("t.csv").to_string_lossy()).refused();
    assert!(nowhere.contains("mkdir -p /no/such/place"), "{nowhere}");
}

#[test]
fn an_area_never_has_the_name_of_a_command() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), "year,amount\n2020,1\n2021,2\n").unwrap();
    let made = folder.path().join("list");
    args(["new"]).arg(&made.to_string_lossy()).arg("--from").arg(&folder.path().join("t.csv").to_string_lossy()).ok();
    assert_eq!(args(["check"]).arg(&made.to_string_lossy()).ok().out.lines().count(), 1);
    assert_eq!(args(["list-data", "t", "--data"]).arg(&made.to_string_lossy()).column("amount"), ["1", "2"]);
}

/// Killed at forty moments: a whole package or none, and nothing else.
#[test]
fn a_kill_leaves_a_whole_package_or_none() {
    const TRIALS: u32 = 40;
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..1_000).map(|row| format!("{},c{},{row}\n", 2000 + row % 20, row / 20)).collect();
    let table = folder.path().join("t.csv");
    fs::write(&table, format!("year,city,amount\n{rows}")).unwrap();
    let made = folder.path().join("made");
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_aistat"));
    run.arg("new")
        .arg(&made)
        .arg("--from")
        .arg(&table)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let started = std::time::Instant::now();
    assert!(run.status().unwrap().success());
    let whole = started.elapsed();
    let mut left = 0;
    for trial in 0..TRIALS {
        if made.exists() {
            fs::remove_dir_all(&made).unwrap();
        }
        let mut child = run.spawn().unwrap();
        std::thread::sleep(whole * trial / TRIALS);
        child.kill().unwrap();
        child.wait().unwrap();
        if made.exists() {
            args(["check"]).arg(&made.to_string_lossy()).ok();
        }
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        for name in names.filter(|name| !["t.csv", "made"].contains(&name.as_str())) {
            // made in the moment between the first folder and its name
            assert!(name.starts_with(".made.aistat-"), "{name}");
            left += 1;
            fs::remove_dir_all(folder.path().join(name)).unwrap();
        }
    }
    assert!(left <= 2, "{left} of {TRIALS} kills left a hidden folder");
}

/// Ended at forty moments by a signal that it can hold back, while it replaces a package: that or the new one, and nothing else.
#[cfg(unix)]
#[test]
fn a_signal_leaves_a_whole_package_and_nothing_beside_it() {
    const TRIALS: u32 = 40;
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("t.csv");
    let rows: String = (0..1_000).map(|row| format!("{},c{},{row}\n", 2000 + row % 20, row / 20)).collect();
    fs::write(&table, format!("year,city,amount\n{rows}")).unwrap();
    let made = folder.path().join("made");
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_aistat"));
    run.arg("new").arg(&made).arg("--from").arg(&table).arg("--force");
    run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    assert!(run.status().unwrap().success());
    let started = std::time::Instant::now();
    assert!(run.status().unwrap().success());
    let whole = started.elapsed();
    for trial in 0..TRIALS {
        let mut child = run.spawn().unwrap();
        std::thread::sleep(whole * trial / TRIALS);
        let signal = ["HUP", "INT", "TERM"][trial as usize % 3];
        let number = child.id().to_string();
        std::process::Command::new("kill").args(["-s", signal, &number]).status().unwrap();
        child.wait().unwrap();
        args(["check"]).arg(&made.to_string_lossy()).ok();
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let left: Vec<String> = names.filter(|name| !["t.csv", "made"].contains(&name.as_str())).collect();
        assert!(left.is_empty(), "{signal} left {left:?}");
    }
}

/// A limit on the size of files stands for a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..5_000).map(|row| format!("{},c{},{row}\n", 2000 + row % 20, row / 20)).collect();
    fs::write(folder.path().join("t.csv"), format!("year,city,amount\n{rows}")).unwrap();
    let line = "trap '' XFSZ; ulimit -f 8; exec \"$0\" new \"$1/made\" --from \"$1/t.csv\"";
    let output = std::process::Command::new("sh")
        .args(["-c", line, env!("CARGO_BIN_EXE_aistat")])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("cannot write"),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["t.csv"]);
}

/// A workbook of one sheet: digits are numbers, `#DIV/0!` is an error, `=` begins a formula that was never computed, the rest is text.
fn workbook(rows: &[[&str; 3]]) -> Vec<u8> {
    let cell = |row: usize, at: usize, text: &str| {
        let name = ["A", "B", "C"][at];
        match text.parse::<f64>() {
            Ok(_) => format!("<c r=\"{name}{row}\"><v>{text}</v></c>"),
            Err(_) if text.starts_with("#DIV") => format!("<c r=\"{name}{row}\" t=\"e\"><v>{text}</v></c>"),
            Err(_) if text.is_empty() => String::new(),
            Err(_) if text.starts_with('=') => format!("<c r=\"{name}{row}\"><f>{}</f></c>", &text[1..]),
            Err(_) => format!("<c r=\"{name}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        }
    };
    let line = |(at, cells): (usize, &[&str; 3])| {
        let cells: String = cells.iter().enumerate().map(|(column, text)| cell(at + 1, column, text)).collect();
        format!("<row r=\"{}\">{cells}</row>", at + 1)
    };
    let data: String = rows.iter().enumerate().map(line).collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    crate::fuzz::exercise::zip(&[
        (
            "[Content_Types].xml",
            "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>")),
    ])
}

#[test]
fn units_in_a_column_and_signs_of_money() {
    let (_folder, output) =
        made("t.csv", "year,item,unit,v\n2020,a,USD m,5\n2021,a,USD m,6\n2020,b,USD m,7\n2021,b,USD m,8\n".as_bytes());
    assert!(output.err.contains("measure v from 'v', unit USD m, a flow"), "{}", output.err);
    let (_folder, output) = made("t.csv", "指标,单位,2020年,2021年\n专利,件,12,13\n融资,亿元,1.5,2.5\n".as_bytes());
    assert!(output.err.contains("'单位' has different units (件, 亿元)"), "{}", output.err);
    let (folder, output) = made(
        "t.csv",
        "year,dept,actual,g\n2020,Ops,\"$1,200\",:\n2021,Ops,($300),5\n2020,IT,$200,..\n2021,IT,$250,7\n".as_bytes(),
    );
    assert!(output.err.contains("measure actual from 'actual', unit $, a flow"), "{}", output.err);
    assert_eq!(ask(&folder, "made t --where dept=ops").column("actual"), ["1200", "-300"]);
    assert_eq!(ask(&folder, "made t --where dept=ops").column("g"), ["", "5"]);
}

#[test]
fn a_column_that_becomes_text_says_which_cell_made_it_so() {
    let (_folder, output) = made("t.csv", b"year,a,b\n2020,1,2\n2021,2,none yet\n2022,3,4\n");
    assert!(
        output.err.contains("'b' has 1 cell that is no number (line 3: 'none yet'), so it is text"),
        "{}",
        output.err
    );
}

#[test]
fn years_with_a_note_are_years_and_a_total_beside_them_is_none() {
    let (folder, output) =
        made("t.csv", "Region,2021,2022(p),2023E,2024年预计,Total\nN,1,2,3,5,11\nS,2,3,4,6,15\n".as_bytes());
    for guess in [
        "the column '2022(p)' is read as 2022; '(p)' is left out",
        "the column '2023E' is read as 2023; 'E' is left out",
        "the column '2024年预计' is read as 2024; '预计' is left out",
        "left out the column 'Total': its numbers are of none of the periods beside it",
    ] {
        assert!(output.err.contains(guess), "{guess}: {}", output.err);
    }
    let rows = ask(&folder, "made t --where region=n").ok().out;
    assert_eq!(rows, "period,region,value\n2021,n,1\n2022,n,2\n2023,n,3\n2024,n,5\n");
    // Both of one year cannot be one observation.
    let (folder, output) = made("t.csv", b"Region,2021,2022,2022E\nN,1,2,9\nS,2,3,9\n");
    assert!(output.err.contains("left out the column '2022E'"), "{}", output.err);
    assert_eq!(ask(&folder, "made t --where region=n").column("value"), ["1", "2"]);
    let (folder, output) = made(
        "t.csv",
        b"Country Name,Country Code,Series Name,2019 [YR2019],2020 [YR2020]\nA,AAA,GDP,1,..\nB,BBB,GDP,3,4\n",
    );
    assert!(output.err.contains("the columns 2019 [YR2019] to 2020 [YR2020] became rows"), "{}", output.err);
    assert_eq!(ask(&folder, "made t --where country=bbb").column("period"), ["2019", "2020"]);
    assert_eq!(ask(&folder, "made t").column("value"), ["1", "3", "", "4"]);
}

#[test]
fn months_from_one_to_another_are_no_day() {
    let (folder, _) = made("t.csv", "地区,2021年,2022年,2023年1-11月\n甲,1,2,3\n乙,2,3,4\n".as_bytes());
    assert_eq!(ask(&folder, "made t --where 地区=甲").column("period"), ["2021", "2022", "2023-01/2023-11"]);
    let (folder, _) = made("t.csv", "时间,产量\n2022年1-11月,40\n2023年1—11月,50\n".as_bytes());
    // 50 / 40 − 1.
    assert_eq!(ask(&folder, "made t --growth").column("m1_growth"), ["", "25"]);
    let folder = tempfile::tempdir().unwrap();
    let refusal = make(folder.path(), "t.csv", "时间,产量\n2022.1-11,40\n2023.1-11,50\n".as_bytes()).refused();
    assert!(refusal.contains("'2022.1-11' in '时间' is not a period"), "{refusal}");
}

#[test]
fn brackets_and_semicolons_are_said() {
    let (folder, output) = made("t.csv", b"year;r;v;w\n2020;a;1.234;(5)\n2020;b;2.345;1,234\n");
    for guess in [
        "points in 'v' group thousands: '1.234' in line 2 is read as 1234",
        "commas in 'w' are decimal: '1,234' in line 3 is read as 1.234",
        "numbers in brackets in 'w' are below 0: '(5)' in line 2 is read as -5",
    ] {
        assert!(output.err.contains(guess), "{guess}: {}", output.err);
    }
    assert_eq!(ask(&folder, "made t").column("v"), ["1234", "2345"]);
    assert_eq!(ask(&folder, "made t").column("w"), ["-5", "1.234"]);
    // A number that has a decimal point for sure decides for the file.
    let (folder, _) = made("t.csv", b"year;r;v;w\n2020;a;1.234;1.5\n2020;b;2.345;2\n");
    assert_eq!(ask(&folder, "made t").column("v"), ["1.234", "2.345"]);
}

#[test]
fn errors_and_numbers_too_long_for_a_spreadsheet() {
    let rows =
        [["Year", "City", "Amount"], ["2022", "North", "5"], ["2022", "South", "#DIV/0!"], ["2023", "North", "6"]];
    let (folder, output) = made("book.xlsx", &workbook(&rows));
    assert!(output.err.contains("cells with errors, read as empty: 1, the first #DIV/0! in C3"), "{}", output.err);
    assert_eq!(ask(&folder, "made book --period 2022").column("amount"), ["5", ""]);
    let folder = tempfile::tempdir().unwrap();
    let rows = [["Year", "City", "Amount"], ["2022", "North", "5"], ["2023", "North", "12345678901234567890"]];
    let refusal = make(folder.path(), "book.xlsx", &workbook(&rows)).refused();
    assert!(refusal.contains("in C3 has more digits than a spreadsheet keeps"), "{refusal}");
    // Twelve quadrillion has two digits.
    let rows = [["Year", "City", "Amount"], ["2022", "North", "5"], ["2023", "North", "12000000000000000"]];
    assert_eq!(ask(&made("book.xlsx", &workbook(&rows)).0, "made book").column("amount"), ["5", "12000000000000000"]);
    let bomb = make(folder.path(), "book.xlsx", &workbook(&rows)).var("AISTAT_LIMIT_WHOLE_BYTES", "500").refused();
    assert!(bomb.contains("whole-bytes"), "{bomb}");
}

#[test]
fn encodings_that_nothing_declares() {
    // ü is FC in windows-1252.
    let (folder, output) = made("t.csv", b"year,city,v\n2020,Z\xfcrich,1\n2020,Bern,2\n");
    assert!(output.err.contains("read as windows-1252"), "{}", output.err);
    assert!(ask(&folder, "list made --members").ok().out.contains("Zürich"));
    let folder = tempfile::tempdir().unwrap();
    let refusal = make(folder.path(), "t.csv", b"year,city,v\n2020,\xff\xff\xff,1\n").refused();
    assert!(
        refusal.contains("t.csv:2:6: is neither UTF-8 nor GB18030 from here on; convert it to UTF-8: iconv"),
        "{refusal}"
    );
}

#[test]
fn letters_within_chinese_are_not_all_of_a_name() {
    let (_, output) = made("t.csv", "年份,地区生产总值(亿元),人均GDP(元),CO₂\n2020,10,2,3\n2021,11,3,4\n".as_bytes());
    for guess in
        ["measure m1 from '地区生产总值'", "measure m2 from '人均GDP', unit CNY, a mean", "measure co2 from 'CO₂'"]
    {
        assert!(output.err.contains(guess), "{guess}: {}", output.err);
    }
}

fn file(folder: &tempfile::TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join("made").join(path)).unwrap()
}

#[test]
fn bands_and_classes_are_dimensions() {
    let ages = "year,age,people\n2020,0-4,100\n2020,5-9,120\n2020,65+,80\n2021,0-4,101\n2021,5-9,119\n2021,65+,84\n";
    let (folder, output) = made("t.csv", ages.as_bytes());
    assert!(output.err.contains("the numbers of 'age' name groups: it is a dimension"), "{}", output.err);
    // 84 of 101 + 119 + 84
    let old = ask(&folder, "made t --share --period 2021 --where age=65+").csv();
    assert_eq!(old[1][1..], ["n65", "84", "27.63157894736842"]);
    let (folder, _) = made("t.csv", b"year,size,firms\n2020,<10,100\n2021,10-49,120\n2022,50+,80\n");
    assert_eq!(ask(&folder, "made t").column("size"), ["n10", "n10-49", "n50"]);
    let (folder, _) = made("t.csv", b"year,grade,pupils\n2020,1,100\n2020,2,101\n2021,1,99\n2021,2,98\n");
    assert_eq!(
        ask(&folder, "made t --growth --where grade=2 --period 2021").column("pupils_growth"),
        ["-2.9702970297029703"]
    );
    // A range that is measured stays one, and is said; a row twice is no class.
    let (folder, output) = made("t.csv", b"year,job,pay\n2020,a,10-20\n2020,b,20-30\n");
    assert!(output.err.contains("'pay' has ranges: '10-20' in line 2 is read as 10 to 20"), "{}", output.err);
    assert_eq!(file(&folder, "made/t-by-job.csv"), "period,job,pay,pay_to\n2020,a,10,20\n2020,b,20,30\n");
    let folder = tempfile::tempdir().unwrap();
    let said = make(folder.path(), "t.csv", b"year,city,amount,n\n2020,a,5,3\n2020,a,6,4\n").refused();
    assert!(said.contains("t.csv:3: is the same observation as line 2"), "{said}");
}

/// 1.5e3 shows hundreds: 1450 to 1550, not 1499.5 to 1500.5.
#[test]
fn exponents_say_which_digits_are_printed() {
    let (folder, _) = made("t.csv", b"year,amount\n2020,1.5e3\n2021,1600\n");
    assert_eq!(file(&folder, "made/t.csv"), "period,amount,amount_decimals\n2020,1500,-2\n2021,1600,\n");
    let rows = ask(&folder, "made t --bounds").csv();
    assert_eq!(
        (rows[0][2..4].join(","), rows[1][2..4].join(","), rows[2][2..4].join(",")),
        ("amount_lower,amount_upper".into(), "1450,1550".into(), "1599.5,1600.5".into())
    );
}

#[test]
fn footnotes_are_kept_beside_their_numbers() {
    let (folder, output) = made("t.csv", b"country,2020,2021\na,12*,3\nb,5,7 (p)\n");
    assert!(
        output.err.contains("footnotes beside numbers in 'value' became a column (line 2: '12*')"),
        "{}",
        output.err
    );
    let table = "period,country,value,value_remark\n2020,a,12,*\n2021,a,3,\n2020,b,5,\n2021,b,7,p\n";
    assert_eq!(file(&folder, "made/t-by-country.csv"), table);
}

#[test]
fn points_that_may_group_and_periods_without_a_word_for_them() {
    let (_, output) = made("t.csv", b"anno,valore\n2020,1.234\n2021,2.345\n");
    assert!(
        output.err.contains("'1.234' in line 2 is below 1000; if they group thousands, write 1234"),
        "{}",
        output.err
    );
    let (_, output) = made("t.csv", b"anno,valore\n2020,0.234\n2021,2.345\n");
    assert!(!output.err.contains("group thousands"), "{}", output.err);
    let (folder, _) = made("t.csv", b"Stichtag,Bestand\n30.06.2020,5\n31.12.2020,6\n31.12.2021,7\n");
    assert_eq!(ask(&folder, "made t").column("period"), ["2020-Q2", "2020-Q4", "2021-Q4"]);
}

#[test]
fn a_total_in_a_draft_is_said_where_it_is_counted() {
    let table = "year,country,amount\n2020,Total,10\n2020,a,4\n2020,b,6\n";
    let (folder, _) = made("t.csv", table.as_bytes());
    let said = ask(&folder, "made t --rank").ok().err;
    assert!(said.contains("amount in 2020: Total is a total by its name and is not in aistat:parts"), "{said}");
    // Declared as the sum of both it is ranked no more: 6 and 4 of 10.
    let path = folder.path().join("made/datapackage.json");
    let declared = r#""aistat:parts": {"total": {"of": ["a", "b"], "exhaustive": "stated"}}, "aistat:dimensions""#;
    let descriptor = fs::read_to_string(&path).unwrap().replacen("\"aistat:dimensions\"", declared, 1);
    fs::write(path, descriptor).unwrap();
    let output = ask(&folder, "made t --share").ok();
    assert_eq!(output.out, "period,country,amount,amount_share\n2020,a,4,40\n2020,b,6,60\n2020,total,10,\n");
    assert!(!output.err.contains("by its name"), "{}", output.err);
}

/// Names in two lines, with cells that span columns; periods beside what is measured; parts of the year in the row.
#[test]
fn headers_of_two_lines_and_periods_within_them() {
    let two =
        "表1,,,,,,\n地区,2022年,,,2023年,,\n,收入,支出,利润,收入,支出,利润\n北京,10,8,2,12,9,3\n天津,5,4,1,6,5,1\n";
    let (folder, output) = made("t.csv", two.as_bytes());
    assert!(output.err.contains("two lines of names became one: '2022年 收入'"), "{}", output.err);
    let table = "period,d1,m1,m2,m3\n2022,c1,10,8,2\n2023,c1,12,9,3\n2022,c2,5,4,1\n2023,c2,6,5,1\n";
    assert_eq!(file(&folder, "made/t-by-d1.csv"), table);
    let (folder, _) = made("t.csv", b"City,GDP 2020,GDP 2021,Pop 2021\nA,1,2,3\n");
    assert_eq!(file(&folder, "made/t.csv"), "period,gdp,pop,city\n2020,1,,A\n2021,2,3,A\n");
    let (folder, _) = made("t.csv", b"Country,GDP 2020,GDP 2021,Pop 2020,Pop 2021\nA,1,2,3,4\nB,5,6,7,8\n");
    let table = "period,country,gdp,pop\n2020,a,1,3\n2021,a,2,4\n2020,b,5,7\n2021,b,6,8\n";
    assert_eq!(file(&folder, "made/t-by-country.csv"), table);
    let (folder, output) = made("t.csv", b"Year,Q1,Q2,Annual\n2020,1,2,3\n2021,2,4,6\n");
    assert!(output.err.contains("left out the column 'Annual'"), "{}", output.err);
    assert_eq!(file(&folder, "made/t.csv"), "period,value\n2020-Q1,1\n2020-Q2,2\n2021-Q1,2\n2021-Q2,4\n");
    let (folder, _) = made("t.csv", "年份,1月,2月\n2020,1,2\n".as_bytes());
    assert_eq!(file(&folder, "made/t.csv"), "period,value\n2020-01,1\n2020-02,2\n");
}

/// A row without numbers is a member or a period like the others, unless it is a sentence.
#[test]
fn a_last_row_without_numbers_is_no_remark() {
    let (folder, _) = made("t.csv", "地区,2020年,2021年\n北京,100,110\n西藏,,\n数据来源：统计局,,\n".as_bytes());
    let table = "period,d1,value\n2020,c1,100\n2021,c1,110\n2020,c2,\n2021,c2,\n";
    assert_eq!(file(&folder, "made/t-by-d1.csv"), table);
    let (folder, _) = made("t.csv", b"year,amount,n\n2020,1,2\n2021,2,3\n2022,,\n");
    assert_eq!(file(&folder, "made/t.csv"), "period,amount,n\n2020,1,2\n2021,2,3\n2022,,\n");
    // A cell that says something in words takes no row away, nor does a total below bands.
    let (_, output) = made("t.csv", "年份,企业,营收,增长\n2023,A,5,3\n2023,B,4,持平\n".as_bytes());
    assert!(
        output.err.contains("'增长' has 1 cell that is no number (line 3: '持平'), so it is text"),
        "{}",
        output.err
    );
    let (folder, _) = made("t.csv", b"Age,2020,2021\n0-4,1,2\n65+,3,4\nTotal,4,6\n* provisional,,\n");
    assert_eq!(ask(&folder, "made t --period 2021").column("value"), ["2", "4", "6"]);
    let (folder, _) = made("t.csv", b"geo,2020,2021\nDE,12.3,13.1p\nFR,11.0 b,11.5\n");
    assert_eq!(ask(&folder, "made t").column("value"), ["12.3", "11.0", "13.1", "11.5"]);
    let folder = tempfile::tempdir().unwrap();
    let said = make(folder.path(), "t.csv", b"geo,2020,2021\nDE,12.3,13.1\nFR,11.0x,11.5\n").refused();
    assert!(said.contains("t.csv:3: '2020' is a column of one period, and '11.0x' in it is no number"), "{said}");
    let footer = "地区,2020,2021\n甲,1,2\n乙,3,4\n制表人：张三,,审核：李四\n单位：统计局,,甲\n";
    let (folder, output) = made("t.csv", footer.as_bytes());
    assert!(
        output.err.contains("left out the remarks below the table: 制表人：张三 审核：李四 单位：统计局 甲"),
        "{}",
        output.err
    );
    assert_eq!(ask(&folder, "made t --period 2021").column("value"), ["2", "4"]);
}

/// Cells merged downwards in text files, too; a file with a tab in each line is one of tabs.
#[test]
fn merged_cells_and_tabs_in_text() {
    let table = "城市,指标,2021年,2022年\n深圳,产值,30.5,32\n,人口,17,18\n广州,产值,28,29\n,人口,19,20\n";
    let (folder, output) = made("t.csv", table.as_bytes());
    assert!(output.err.contains("merged cells: 2 take the text of the row above"), "{}", output.err);
    let rows = ask(&folder, "made t --period 2022 --where 城市=广州").csv();
    assert_eq!((rows[1][3].as_str(), rows[2][3].as_str()), ("29", "20"));
    let (folder, _) = made("t.csv", b"freq,geo\\TIME\t2020 \t2021 \nA,DE\t1.5 \t2.5 p\nA,FR\t: \t3.5 \n");
    assert_eq!(ask(&folder, "made t --period 2021").column("value"), ["2.5", "3.5"]);
}

#[test]
fn multipliers_and_signs_of_several_monies() {
    let table = "REF_DATE,GEO,UOM,SCALAR_FACTOR,COORDINATE,VALUE\n2020,A,Dollars,millions,1.1,12\n2020,B,Dollars,millions,1.2,2\n";
    let (folder, output) = made("t.csv", table.as_bytes());
    assert!(output.err.contains("'SCALAR_FACTOR' is millions: the unit is million Dollars"), "{}", output.err);
    assert!(output.err.contains("'COORDINATE' is an attribute"), "{}", output.err);
    assert!(file(&folder, "codes/units.csv").contains("million-usd,million Dollars,million Dollars,usd,6,1"));
    let differs = table.replace("B,Dollars,millions", "B,Dollars,thousands");
    let (_, output) = made("t.csv", differs.as_bytes());
    assert!(output.err.contains("'SCALAR_FACTOR' has different multipliers"), "{}", output.err);
    assert!(output.err.contains("measure value from 'VALUE', unit not stated"), "{}", output.err);
    let monies = "year,city,price\n2020,a,\"£1,200\"\n2020,b,\"¥9,000\"\n";
    let (_, output) = made("t.csv", monies.as_bytes());
    assert!(output.err.contains("the signs of money in 'price' (£, ¥) are left out"), "{}", output.err);
}

#[test]
fn labels_name_rows_only_where_no_names_do() {
    let (folder, _) = made("t.csv", b"year,lat,lon,station,v\n2020,10.5,20.5,a,1\n2020,11.5,21.5,b,2\n");
    assert_eq!(
        file(&folder, "made/t-by-station.csv"),
        "period,station,v,lat,lon\n2020,a,1,10.5,20.5\n2020,b,2,11.5,21.5\n"
    );
    // Two headers that differ in the width of a bracket are two measures.
    let (folder, _) = made("t.csv", "year,a(亿元),a（亿元）\n2020,1.5,2\n2021,3.25,4\n".as_bytes());
    assert_eq!(file(&folder, "made/t.csv"), "period,a,a_2\n2020,1.5,2\n2021,3.25,4\n");
    let (folder, _) = made("t.csv", b"geo,2020,2021\nDE,12.3,13.1 p\nFR,11.0 b,: c\n");
    assert_eq!(ask(&folder, "made t").column("value"), ["12.3", "11.0", "13.1", ""]);
}
