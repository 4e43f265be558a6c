//! A set of sound and broken packages, through `check` and through frictionless: they agree on what both cover.

use std::fs;
use std::process::Command;

use aistat::Exit;

use crate::harness::args;
use crate::report::skipped;

/// A package of one table `t.csv` with a list of codes `c.csv`.
struct Case {
    name: &'static str,
    fields: &'static str,
    /// What else the schema says.
    schema: &'static str,
    /// What else the resource says.
    resource: &'static str,
    csv: &'static [u8],
    sound: bool,
}

const FIELDS: &str =
    r#"{"name": "Year", "type": "year"}, {"name": "City", "type": "string"}, {"name": "Value", "type": "number"}"#;
const CSV: &[u8] = b"Year,City,Value\n2022,a,5\n2022,b,7.5\n2023,a,\n";
const SOUND: Case = Case { name: "as it is", fields: FIELDS, schema: "", resource: "", csv: CSV, sound: true };
const BROKEN: Case = Case { sound: false, ..SOUND };

/// A field `Value` with constraints, and the value of its first row.
macro_rules! constrained {
    ($name:literal, $kind:literal, $constraints:literal, $value:literal, $sound:literal) => {
        Case {
            name: $name,
            fields: concat!(
                r#"{"name": "Year", "type": "year"}, {"name": "City", "type": "string"}, {"name": "Value", "type": ""#,
                $kind,
                r#"", "constraints": {"#,
                $constraints,
                r#"}}, {"name": "N", "type": "number"}"#
            ),
            csv: concat!("Year,City,Value,N\n2022,a,", $value, ",1\n").as_bytes(),
            sound: $sound,
            ..SOUND
        }
    };
}

const CASES: [Case; 64] = [
    SOUND,
    Case { name: "a primary key", schema: r#", "primaryKey": ["Year", "City"]"#, ..SOUND },
    Case { name: "a foreign key", schema: FOREIGN, ..SOUND },
    Case {
        name: "missing values",
        schema: r#", "missingValues": ["", "-"]"#,
        csv: b"Year,City,Value\n2022,a,-\n",
        ..SOUND
    },
    Case {
        name: "a dialect of CSV",
        resource: r#", "dialect": {"csv": {"delimiter": ";"}}"#,
        csv: b"Year;City;Value\n2022;a;5\n",
        ..SOUND
    },
    Case {
        name: "a dialect of CSV that is not the file's",
        resource: r#", "dialect": {"csv": {"delimiter": ";"}}"#,
        ..BROKEN
    },
    Case { name: "dates in any form", fields: ANY_DATE, csv: b"Year,City,Value\nMarch 3 2020,a,5\n", ..SOUND },
    Case { name: "a byte order mark", csv: b"\xef\xbb\xbfYear,City,Value\n2022,a,5\n", ..SOUND },
    Case { name: "carriage returns", csv: b"Year,City,Value\r\n2022,a,5\r\n", ..SOUND },
    Case { name: "quotes", csv: b"Year,City,Value\n2022,\"a, \"\"b\"\"\nc\",5\n", ..SOUND },
    Case {
        name: "another delimiter",
        resource: r#", "dialect": {"delimiter": ";"}"#,
        csv: b"Year;City;Value\n2022;a;5\n",
        ..SOUND
    },
    Case {
        name: "decimal commas",
        fields: r#"{"name": "Year", "type": "year"}, {"name": "City", "type": "string"}, {"name": "Value", "type": "number", "decimalChar": ",", "groupChar": "."}"#,
        csv: b"Year,City,Value\n2022,a,\"1.234,5\"\n",
        ..SOUND
    },
    Case { name: "no rows", csv: b"Year,City,Value\n", ..SOUND },
    Case {
        name: "GB18030",
        resource: r#", "encoding": "gb18030""#,
        csv: b"Year,City,Value\n2022,\xbc\xd7,5\n",
        ..SOUND
    },
    Case { name: "a word for a number", csv: b"Year,City,Value\n2022,a,five\n", ..BROKEN },
    Case { name: "a number with its unit", csv: b"Year,City,Value\n2022,a,5%\n", ..BROKEN },
    Case { name: "a word for a year", csv: b"Year,City,Value\nthen,a,5\n", ..BROKEN },
    Case { name: "a cell too many", csv: b"Year,City,Value\n2022,a,5,6\n", ..BROKEN },
    Case { name: "a cell too few", csv: b"Year,City,Value\n2022,a\n", ..BROKEN },
    Case { name: "another header", csv: b"Year,Town,Value\n2022,a,5\n", ..BROKEN },
    Case { name: "a column less", csv: b"Year,City\n2022,a\n", ..BROKEN },
    Case { name: "a column more", csv: b"Year,City,Value,More\n2022,a,5,6\n", ..BROKEN },
    Case { name: "an empty file", csv: b"", ..BROKEN },
    Case {
        name: "not the declared UTF-8",
        resource: r#", "encoding": "utf-8""#,
        csv: b"Year,City,Value\n2022,\xff\xfe,5\n",
        ..BROKEN
    },
    Case {
        name: "a primary key twice",
        schema: r#", "primaryKey": ["Year", "City"]"#,
        csv: b"Year,City,Value\n2022,a,5\n2022,a,6\n",
        ..BROKEN
    },
    Case { name: "a primary key of no field", schema: r#", "primaryKey": ["Jahr"]"#, ..BROKEN },
    Case { name: "a foreign key to nothing", schema: FOREIGN, csv: b"Year,City,Value\n2022,z,5\n", ..BROKEN },
    Case { name: "no file", resource: r#", "path": "none.csv""#, ..BROKEN },
    Case { name: "a path that leaves", resource: r#", "path": "../t.csv""#, ..BROKEN },
    constrained!("within bounds", "number", r#""minimum": 0, "maximum": 10"#, "10", true),
    constrained!("below the minimum", "number", r#""minimum": 0"#, "-1", false),
    constrained!("above the maximum", "number", r#""maximum": 10"#, "10.5", false),
    constrained!("one of the list", "string", r#""enum": ["x", "y"]"#, "x", true),
    constrained!("none of the list", "string", r#""enum": ["x", "y"]"#, "z", false),
    constrained!("of the pattern", "string", r#""pattern": "[a-z]+""#, "abc", true),
    constrained!("not of the pattern", "string", r#""pattern": "[a-z]+""#, "abc1", false),
    constrained!("long enough", "string", r#""minLength": 2, "maxLength": 3"#, "abc", true),
    constrained!("too short", "string", r#""minLength": 2"#, "a", false),
    constrained!("too long", "string", r#""maxLength": 3"#, "abcd", false),
    constrained!("required", "string", r#""required": true"#, "a", true),
    constrained!("required and empty", "string", r#""required": true"#, "", false),
    constrained!("a whole number", "integer", r#""required": true"#, "5", true),
    constrained!("half a whole number", "integer", r#""required": true"#, "5.5", false),
    constrained!("a date", "date", r#""required": true"#, "2023-03-14", true),
    constrained!("no such day", "date", r#""required": true"#, "2023-02-30", false),
    constrained!("true", "boolean", r#""required": true"#, "true", true),
    constrained!("neither true nor false", "boolean", r#""required": true"#, "perhaps", false),
    constrained!("items of an array", "array", r#""maxLength": 2"#, "\"[1,2]\"", true),
    constrained!("too few items of an array", "array", r#""minLength": 2"#, "[1]", false),
    constrained!("a year of two digits", "year", r#""required": true"#, "20", false),
    constrained!("a year of five digits", "year", r#""required": true"#, "02020", false),
    Case {
        name: "numbers of one value in a key",
        fields: KEYED,
        schema: KEY,
        csv: b"Year,C,Value\n2022,1,5\n2022,1.0,6\n",
        ..BROKEN
    },
    Case { name: "a sign in a key", fields: KEYED, schema: KEY, csv: b"Year,C,Value\n2022,5,5\n2022,+5,6\n", ..BROKEN },
    Case {
        name: "numbers of two values in a key",
        fields: KEYED,
        schema: KEY,
        csv: b"Year,C,Value\n2022,1,5\n2022,1.1,6\n",
        ..SOUND
    },
    Case {
        name: "an empty cell where another text is missing",
        schema: r#", "missingValues": ["NA"]"#,
        csv: b"Year,City,Value\n2022,a,\n",
        ..BROKEN
    },
    Case {
        name: "an empty text where another text is missing",
        schema: r#", "missingValues": ["NA"]"#,
        csv: b"Year,City,Value\n2022,,5\n",
        ..SOUND
    },
    Case { name: "as many bytes", resource: r#", "bytes": 25"#, csv: b"Year,City,Value\n2022,a,5\n", ..SOUND },
    Case {
        name: "its hash",
        resource: r#", "hash": "sha256:a4093c4ed184d1ec9fcec7aaef20c26f449c33132222426ff8cf67087a5699ca""#,
        csv: b"Year,City,Value\n2022,a,1\n",
        ..SOUND
    },
    Case {
        name: "its hash without an algorithm",
        resource: r#", "hash": "09c40ed007583ff2b96964cf7ec35ae8""#,
        csv: b"Year,City,Value\n2022,a,1\n",
        ..SOUND
    },
    Case {
        name: "the hash of another file",
        resource: r#", "hash": "09c40ed007583ff2b96964cf7ec35ae8""#,
        csv: b"Year,City,Value\n2022,a,2\n",
        ..BROKEN
    },
    Case { name: "more bytes", resource: r#", "bytes": 24"#, csv: b"Year,City,Value\n2022,a,5\n", ..BROKEN },
    Case { name: "a unique value twice", fields: UNIQUE, csv: b"Year,C,Value\n2022,1,5\n2023,1.0,6\n", ..BROKEN },
    Case { name: "unique values", fields: UNIQUE, csv: b"Year,C,Value\n2022,1,5\n2023,2,6\n", ..SOUND },
    Case { name: "no unique value twice", fields: UNIQUE, csv: b"Year,C,Value\n2022,,5\n2023,,6\n", ..SOUND },
];

const KEYED: &str =
    r#"{"name": "Year", "type": "year"}, {"name": "C", "type": "number"}, {"name": "Value", "type": "number"}"#;
const ANY_DATE: &str = r#"{"name": "Year", "type": "date", "format": "any"}, {"name": "City", "type": "string"}, {"name": "Value", "type": "number"}"#;
const KEY: &str = r#", "primaryKey": ["Year", "C"]"#;
const UNIQUE: &str = r#"{"name": "Year", "type": "year"}, {"name": "C", "type": "number", "constraints": {"unique": true}}, {"name": "Value", "type": "number"}"#;

const FOREIGN: &str = r#", "foreignKeys": [{"fields": ["City"], "reference": {"resource": "c", "fields": ["code"]}}]"#;

/// Validates packages; a line each: whether it is sound, and the kinds of its errors.
const PYTHON: &str = r#"
import sys
from frictionless import Package, FrictionlessException
for path in sys.argv[1:]:
    try:
        report = Package(path).validate()
        kinds = [error[0] for error in report.flatten(["type"])]
        print("sound" if report.valid else "broken " + " ".join(kinds))
    except FrictionlessException as error:
        print("broken " + error.error.type)
"#;

#[test]
fn check_and_frictionless_agree() {
    let root = tempfile::tempdir().unwrap();
    let mut descriptors = Vec::new();
    let mut wrong = Vec::new();
    for (number, case) in CASES.iter().enumerate() {
        let folder = root.path().join(number.to_string());
        fs::create_dir(&folder).unwrap();
        let path = if case.resource.contains("\"path\"") { "" } else { r#", "path": "t.csv""# };
        let table = format!(
            r#"{{"name": "t", "type": "table"{path}{}, "schema": {{"fields": [{}]{}}}}}"#,
            case.resource, case.fields, case.schema
        );
        let codes = r#"{"name": "c", "type": "table", "path": "c.csv", "schema": {"fields": [{"name": "code", "type": "string"}]}}"#;
        fs::write(folder.join("datapackage.json"), format!(r#"{{"name": "p", "resources": [{table}, {codes}]}}"#))
            .unwrap();
        fs::write(folder.join("t.csv"), case.csv).unwrap();
        fs::write(folder.join("c.csv"), "code\na\nb\n").unwrap();
        let check = args(["check"]).arg(&folder.to_string_lossy()).run();
        assert_ne!(check.exit, Exit::Usage, "{}", check.err);
        if (check.exit == Exit::Answered) != case.sound {
            wrong.push(format!("{}: check says {}", case.name, check.out));
        }
        descriptors.push(folder.join("datapackage.json"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let run = Command::new("python3").args(["-c", PYTHON]).args(&descriptors).output();
    let Some(output) = run.ok().filter(|output| output.status.success()) else {
        return skipped("frictionless is not installed");
    };
    let lines = String::from_utf8(output.stdout).unwrap();
    for (case, line) in CASES.iter().zip(lines.lines()) {
        if (line == "sound") != case.sound {
            wrong.push(format!("{}: frictionless says {line}", case.name));
        }
    }
    assert_eq!(lines.lines().count(), CASES.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
