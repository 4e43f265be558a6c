//! Packages in aistat's own format: a sound one, and each way to break it.

use super::super::testing::Folder;
use super::super::{Exhaustive, Kind, Mark, Missing, PriceBasis, Printed};

pub(super) const DESCRIPTOR: &str = r#"{
  "name": "demo", "version": "2024",
  "aistat:title": {"zh": "示例", "en": "Demo"}, "aistat:source": {"zh": "来源:甲", "en": "Source: A"},
  "resources": [
    {"name": "t", "path": "city/money-by-round.csv", "schema": "schema.json",
     "aistat:title": {"zh": "钱", "en": "Money"}, "aistat:area": "city", "aistat:topic": "money", "aistat:dimensions": ["round"],
     "aistat:exhibit": "1", "aistat:section": "1.2", "aistat:parts": {"ab": {"of": ["a", "b"], "exhaustive": "stated"}}},
    {"name": "round", "path": "codes/round.csv", "aistat:role": "codes", "aistat:title": {"zh": "轮次", "en": "Round"}},
    {"name": "units", "path": "codes/units.csv", "aistat:role": "codes", "aistat:title": {"zh": "单位", "en": "Units"}},
    {"name": "notes", "path": "notes.csv", "aistat:role": "notes", "aistat:title": {"zh": "注", "en": "Notes"}}
  ]
}"#;

pub(super) const SCHEMA: &str = r#"{
  "fields": [
    {"name": "period", "type": "string"},
    {"name": "round", "type": "string"},
    {"name": "deals", "type": "number", "aistat:title": {"zh": "笔数", "en": "Deals"}, "aistat:unit": "qi", "aistat:kind": "flow", "aistat:whole": true},
    {"name": "deals_mark", "type": "string"},
    {"name": "deals_to", "type": "number"},
    {"name": "deals_share", "type": "number", "aistat:unit": "percent",
     "aistat:shareOf": {"part": "deals", "whole": "city/money/round:deals[round=ab]", "base": "stated"}},
    {"name": "remark", "type": "string"}
  ],
  "primaryKey": ["period", "round"],
  "foreignKeys": [{"fields": "round", "reference": {"resource": "round", "fields": "code"}}]
}"#;

const TABLE: &str = "period,round,deals,deals_mark,deals_to,deals_share,remark
../2023,a,295,,,26.5,
../2023,b,,lost,,,late
2022,a,60,over,,,
2022,b,1,,2,,\"x, y\"
";

pub(super) fn folder_with(changes: &[(&str, &str, &str)]) -> Folder {
    let mut files = [
        ("datapackage.json", DESCRIPTOR.to_owned()),
        ("schema.json", SCHEMA.to_owned()),
        ("city/money-by-round.csv", TABLE.to_owned()),
        (
            "codes/round.csv",
            "code,zh,en,order,origin\nb,乙轮,Round B,2,x\na,甲轮,Round A,1,y\nab,合计,Both,3,\n".to_owned(),
        ),
        (
            "codes/units.csv",
            "code,zh,en,family,power,order\nqi,起,deals,deal,0,1\npercent,%,%,percent,0,2\n".to_owned(),
        ),
        (
            "notes.csv",
            "dataset,key,period,measure,zh,en\ncity/money/round,round=a,../2023,deals,注,A note\n,,,,全,All\n"
                .to_owned(),
        ),
    ];
    for (path, from, to) in changes {
        let (_, text) = files.iter_mut().find(|(name, _)| name == path).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    Folder::new(&files.each_ref().map(|(path, text)| (*path, text.as_str())))
}

/// Faults of the package after one change.
fn faults(path: &str, from: &str, to: &str) -> Vec<String> {
    folder_with(&[(path, from, to)]).check()
}

#[test]
fn a_unit_has_a_family() {
    let lines = faults("codes/units.csv", "deal,0,1", ",0,1");
    let fault =
        "codes/units.csv:2:12: the unit 'qi' has no family; write qi, or the family that it shares with other units";
    assert_eq!(lines, [fault]);
    let folder = folder_with(&[("codes/units.csv", "deal,0,1", ",0,1")]);
    assert_eq!(folder.package().units().unwrap_err().len(), 1);
    assert_eq!(folder.dataset(0).unwrap_err(), [fault]);
}

#[test]
fn a_sound_package() {
    let folder = folder_with(&[]);
    assert_eq!(folder.check(), Vec::<String>::new());
    let package = folder.package();
    assert_eq!((package.name.as_str(), package.version.as_deref()), ("demo", Some("2024")));
    assert_eq!(package.source.as_ref().unwrap().zh, "来源:甲");
    let resource = &package.resources[0];
    assert_eq!(resource.address.to_string(), "city/money/round");
    assert_eq!(resource.parts["ab"].exhaustive, Exhaustive::Stated);
    assert_eq!(package.dimension_title(resource, "round").zh, "轮次");
    let dataset = package.dataset(resource).unwrap();
    let codes: Vec<&str> = dataset.dimensions[0].codes.members.iter().map(|member| member.code.as_str()).collect();
    assert_eq!(codes, ["a", "b", "ab"]);
    assert_eq!(dataset.dimensions[0].codes.attributes[0].name, "origin");
    let measure = &dataset.measures[0];
    assert_eq!((measure.name.as_str(), measure.unit.family.as_str(), measure.kind), ("deals", "deal", Kind::Flow));
    assert!(measure.whole && measure.has_mark && measure.has_to && measure.growth.is_none());
    let share = measure.share.as_ref().unwrap();
    assert!(!share.base_assumed && share.part.as_deref() == Some("deals") && !share.has_mark);
    let printed = |digits: &str, mark, to: Option<&str>| {
        Ok(Printed { digits: digits.into(), decimals: 0, mark, to: to.map(Into::into) })
    };
    assert_eq!(dataset.cell("deals", 0), printed("295", None, None));
    assert_eq!(dataset.cell("deals", 1), Err(Missing::Lost));
    assert_eq!(dataset.cell("deals", 2), printed("60", Some(Mark::Over), None));
    assert_eq!(dataset.cell("deals", 3), printed("1", None, Some("2")));
    assert_eq!(dataset.cell("deals_share", 0).unwrap().decimals, 1);
    assert_eq!(dataset.cell("deals_share", 3), Err(Missing::NotPrinted));
    assert_eq!(dataset.cell("deals", 4), Err(Missing::NotPrinted));
    assert_eq!(
        (dataset.text("remark", 0), dataset.text("remark", 3), dataset.text("remark", 9)),
        (None, Some("x, y"), None)
    );
    assert_eq!(dataset.notes.len(), 1);
    assert!(!dataset.frame.schema().contains("deals.section"));
    assert_eq!(PriceBasis::default(), PriceBasis::Same);
}

#[test]
fn cells_that_are_wrong() {
    let table = "city/money-by-round.csv";
    for (from, to, expected) in [
        (
            "295",
            "二百",
            "city/money-by-round.csv:2:11: '二百' is not a number; write a number, or leave the cell empty",
        ),
        (
            "295",
            "约295",
            "city/money-by-round.csv:2:11: '约295' is not a number; write 295, and the rest in a companion column or the unit",
        ),
        ("295", "NaN", "city/money-by-round.csv:2:11: 'NaN' is not a finite number; leave the cell empty"),
        (
            "295",
            "29.5",
            "city/money-by-round.csv:2:11: 29.5 is not a whole number of base units; correct the number or the unit, or drop aistat:whole",
        ),
        (
            "../2023,b",
            "2023年,b",
            "city/money-by-round.csv:3:1: '2023年' is not a period; write 2023, 2023-03, 2023-Q1, 2023-03-14, 2017/2023 or ../2023",
        ),
        ("2022,a", "2022,A", "city/money-by-round.csv:4:6: the code list 'round' has no member 'A'; write a"),
        ("2022,a", "2022,甲轮", "city/money-by-round.csv:4:6: the code list 'round' has no member '甲轮'; write a"),
        (
            "over",
            "more",
            "city/money-by-round.csv:4:11: there is no mark 'more'; write about, nearly, over, at-least, under, at-most, only; in an empty cell dash, illegible or lost",
        ),
        (
            "60,over",
            "60,lost",
            "city/money-by-round.csv:4:11: the mark 'lost' is for an empty cell, and 60 stands here; remove the number or the mark",
        ),
        (
            ",lost",
            ",over",
            "city/money-by-round.csv:3:12: there is no number beside the mark 'over'; an empty cell takes dash, illegible or lost",
        ),
        (
            "1,,2",
            "1,under,2",
            "city/money-by-round.csv:5:10: 1 to 2 is a range, and has the mark 'under' besides; remove the mark or the upper end",
        ),
        (
            "1,,2",
            "2,,1",
            "city/money-by-round.csv:5:11: the upper end 1 is not above 2; write a number above 2, or remove the upper end",
        ),
        (
            "2022,b",
            "2022,a",
            "city/money-by-round.csv:5:1: is the same observation as city/money-by-round.csv:4:1; remove one, or add the dimension that tells them apart",
        ),
        (
            ",late",
            "",
            "city/money-by-round.csv:3:18: 6 fields where the header has 7; add or remove separators; put text with a comma in quotes",
        ),
        ("\"x, y\"", "\"x, y", "city/money-by-round.csv:5:14: this quote is never closed; close the quote"),
        (
            "\"x, y\"",
            "x, y",
            "city/money-by-round.csv:5:16: 8 fields where the header has 7; add or remove separators; put text with a comma in quotes",
        ),
        (
            "deals_to,",
            "deals_two,",
            "city/money-by-round.csv:1:31: this column is 'deals_two', in the schema it is 'deals_to'; write deals_to",
        ),
        (
            "period,round,",
            "round,period,",
            "city/money-by-round.csv:1:1: the column 'round' is out of order; move it behind period",
        ),
        (
            "deals,deals_mark,deals_to,deals_share,remark",
            "deals_to,deals,deals_mark,deals_share,remark",
            "city/money-by-round.csv:1:14: the column 'deals_to' is out of order; move it behind deals_mark",
        ),
        (
            ",deals_share,remark\n../2023,a,295,,,26.5,\n../2023,b,,lost,,,late\n2022,a,60,over,,,\n2022,b,1,,2,,",
            ",remark\n../2023,a,295,,,\n../2023,b,,lost,,late\n2022,a,60,over,,\n2022,b,1,,2,",
            "city/money-by-round.csv:1:40: the header lacks the column 'deals_share'; add deals_share",
        ),
        (
            "late",
            "\u{202e}late",
            "city/money-by-round.csv:3:19: warning: has control or bidirectional control characters; remove them",
        ),
    ] {
        assert_eq!(faults(table, from, to), [expected], "{to}");
    }
}

#[test]
fn what_stands_beside_the_tables_is_checked() {
    let (schema, table) = ("schema.json", "city/money-by-round.csv");
    for (path, from, to, expected) in [
        ("notes.csv", "../2023", "1999", "city/money/round has no row for 1999 of round=a; write a key and period"),
        ("notes.csv", "round=a", "round=ab", "city/money/round has no row of round=ab; write a key and period"),
        (
            schema,
            "\"name\": \"deals\",",
            "\"name\": \"deals\", \"bareNumber\": false,",
            "must not be declared as bareNumber",
        ),
        (
            schema,
            "\"aistat:unit\": \"percent\"",
            "\"aistat:unit\": \"qi\"",
            "the unit of 'deals_share' is deals, and must be percent",
        ),
        ("codes/round.csv", "甲轮", "乙轮", "codes/round.csv:3:3: warning: two members are named '乙轮'"),
        ("datapackage.json", "\"en\": \"Demo\"", "\"en\": \"De\u{202e}mo\"", "warning: has control or bidirectional"),
        (
            schema,
            "\"period\", \"type\": \"string\"",
            "\"period\", \"type\": \"text\"",
            "there is no type 'text'; write string",
        ),
        (
            schema,
            "\"remark\", \"type\": \"string\"",
            "\"remark\", \"type\": \"string\", \"constraints\": {\"minimum\": 3}",
            "warning: the constraint minimum is not for 'remark', a field of type string",
        ),
        (
            schema,
            "\"remark\", \"type\": \"string\"",
            "\"remark\", \"type\": \"string\", \"constraints\": {\"max\": 3}",
            "warning: the constraint max is not known",
        ),
        (
            schema,
            "\"primaryKey\"",
            "\"fieldsMatch\": [\"most\"], \"primaryKey\"",
            "fieldsMatch is 'most'; write one of exact, equal",
        ),
        (
            "datapackage.json",
            "\"of\": [\"a\", \"b\"], \"exhaustive\": \"stated\"}",
            "\"of\": [\"a\"], \"exhaustive\": \"stated\"}, \"a\": {\"of\": [\"ab\"]}",
            "has itself among its parts",
        ),
        (
            "datapackage.json",
            "\"schema\": \"schema.json\"",
            "\"schema\": \"schema.json\", \"dialect\": {\"commentRows\": [2]}",
            "this dialect.commentRows is not supported",
        ),
        (
            "datapackage.json",
            "\"schema\": \"schema.json\"",
            "\"schema\": \"schema.json\", \"dialect\": \"dialect.json\"",
            "a dialect in a file of its own is not supported",
        ),
    ] {
        let lines = faults(path, from, to);
        assert!(!lines.is_empty() && lines.iter().any(|line| line.contains(expected)), "{to}: {lines:#?}");
    }
    // What is only for people keeps no number back; what leaves a cell in doubt does.
    assert!(folder_with(&[("codes/round.csv", "甲轮", "乙轮")]).dataset(0).is_ok());
    let schema = folder_with(&[(schema, "\"primaryKey\"", "\"fieldsMatch\": [\"most\"], \"primaryKey\"")]);
    assert!(schema.dataset(0).unwrap_err()[0].contains("fieldsMatch"));
    assert!(folder_with(&[(table, "late", "late")]).dataset(0).is_ok());
}

#[test]
fn relations_have_an_id_of_their_own_and_a_basis() {
    let relations = r#"    {"name": "relations", "path": "relations.csv", "aistat:role": "relations", "aistat:title": {"zh": "关", "en": "R"}},
    {"name": "notes","#;
    let folder = folder_with(&[("datapackage.json", "    {\"name\": \"notes\",", relations)]);
    folder.write(
        "relations.csv",
        b"id,statement,section,basis\nr,city/money:deals > 0,1,printed\nr,city/money:deals > 1,1,guess\n,city/money:deals > 2,1,assumed\n",
    );
    assert_eq!(
        folder.check(),
        [
            "relations.csv:3:1: two relations have the id 'r'; change the id of one",
            "relations.csv:3:26: basis is 'guess'; write printed or assumed",
            "relations.csv:4:1: the relation has no id; write its id",
        ]
    );
}

#[test]
fn all_faults_in_one_run() {
    let folder = folder_with(&[
        ("city/money-by-round.csv", "295", "x"),
        ("city/money-by-round.csv", "over", "more"),
        ("notes.csv", "round=a", "round=z"),
        ("schema.json", "\"flow\"", "\"flood\""),
    ]);
    let lines = folder.check();
    let places: Vec<&str> = lines.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        ["city/money-by-round.csv:2:11", "city/money-by-round.csv:4:11", "notes.csv:2:18", "schema.json:5:122"],
        "{lines:#?}"
    );
}

/// A line of a code list that is broken hides nothing in the tables that use it, and nothing follows from it.
#[test]
fn a_broken_list_hides_nothing() {
    let table = "city/money-by-round.csv";
    let (list, wrong, text) = ("codes/round.csv", "ab,合计,Both,3,", "二百");
    for (line, fault) in [
        (
            "ab,合计,Both,3",
            "codes/round.csv:4:12: 4 fields where the header has 5; add or remove separators; put text with a comma in quotes",
        ),
        ("AB,合计,Both,3,", "codes/round.csv:4:1: 'AB' cannot be a code; write ab"),
        ("ab,合计,Both,last,", "codes/round.csv:4:12: order must be a whole number; write a whole number, or nothing"),
        (
            "b,合计,Both,3,",
            "codes/round.csv:4:1: the code 'b' is written twice; remove one of the lines, or write another code",
        ),
    ] {
        let folder = folder_with(&[(list, wrong, line), (table, "295", text), (table, "2022,a", "2022,z")]);
        let mut lines = folder.check();
        // Written twice it is another fault: the code of the subtotal is gone, and nobody can know that it was meant.
        lines.retain(|line| !line.contains("subtotal") && !line.contains("[round=ab]") && !line.contains("round=ab"));
        assert_eq!(
            lines,
            [
                "city/money-by-round.csv:2:11: '二百' is not a number; write a number, or leave the cell empty",
                "city/money-by-round.csv:4:6: the code list 'round' has no member 'z'; correct it, or add a line to codes/round.csv",
                fault,
            ],
            "{line}"
        );
        if !line.starts_with("b,") {
            assert!(!folder.check().iter().any(|line| line.contains("subtotal")), "{:#?}", folder.check());
        }
    }
    // A list of which no more can be told accuses no cell.
    for (from, to) in [("code,", "kode,"), ("b,乙轮", "\"b,乙轮")] {
        let folder = folder_with(&[(list, from, to), (table, "295", text)]);
        let lines = folder.check();
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(lines[0].contains("'二百' is not a number") && lines[1].starts_with("codes/round.csv:"), "{lines:#?}");
    }
    // A unit that stands in a broken line, too.
    let lines = folder_with(&[("codes/units.csv", "deals,deal,0,1", "deals,deal,0,one"), (table, "295", text)]).check();
    assert_eq!(lines.len(), 2, "{lines:#?}");
}

/// Columns whose names are right are looked at where others are wrong.
#[test]
fn a_broken_header_hides_little() {
    let table = "city/money-by-round.csv";
    let folder = folder_with(&[(table, "remark\n", "remarks\n"), (table, "295", "x"), (table, "2022,a", "2022,z")]);
    let places: Vec<String> = folder.check().iter().map(|line| line.split(": ").next().unwrap().to_owned()).collect();
    let at = |place: &str| format!("{table}:{place}");
    assert_eq!(places, [at("1:52"), at("2:11"), at("4:6")], "{:#?}", folder.check());
}

#[test]
fn schemas_that_are_wrong() {
    for (from, to, expected) in [
        (
            "\"qi\"",
            "\"起\"",
            "schema.json:5:101: there is no unit '起' in the list of units; add a line to codes/units.csv",
        ),
        ("\"aistat:unit\": \"qi\", ", "", "schema.json:5:14: the numeric field 'deals' has no unit; add aistat:unit"),
        (
            "\"name\": \"deals\", \"type\": \"number\"",
            "\"name\": \"deals\", \"type\": \"integer\"",
            "schema.json:5:31: 'deals' must be of type number; write \"type\": \"number\"",
        ),
        (
            "\"name\": \"remark\"",
            "\"name\": \"remark_rank\"",
            "schema.json:10:14: 'remark_rank' ends in the reserved suffix _rank, and there is no measure 'remark'; rename it, or add the measure 'remark'",
        ),
        (
            "money/round:deals[round=ab]",
            "money:deals",
            "schema.json:9:51: there is no dataset 'city/money'; correct the reference: area/topic:column[dimension=member]@period",
        ),
        (
            "round:deals[round=ab]",
            "round:amount",
            "schema.json:9:51: there is no measure 'amount'; correct the reference: area/topic:column[dimension=member]@period",
        ),
        (
            "round:deals[round=ab]",
            "round:deals[round=x]",
            "schema.json:9:51: there is no round=x; correct the reference: area/topic:column[dimension=member]@period",
        ),
        ("\"stated\"", "\"said\"", "schema.json:9:95: base is 'said'; write stated or assumed"),
        (
            "\"type\": \"string\"}",
            "\"type\": \"words\"}",
            "schema.json:3:32: there is no type 'words'; write one of string, number, integer, boolean, object, array, list, datetime, date, time, year, yearmonth, duration, geopoint, geojson, any",
        ),
        (
            "\"fields\": \"code\"",
            "\"fields\": \"kode\"",
            "schema.json:13:52: the resource 'round' has no field 'kode'; correct the reference",
        ),
        (
            "\"deals_to\", \"type\": \"number\"",
            "\"deals_to\", \"type\": \"string\"",
            "schema.json:7:34: 'deals_to' must be of type number; write \"type\": \"number\"",
        ),
        (
            "[\"period\", \"round\"]",
            "[\"period\"]",
            "schema.json:12:17: warning: the primary key is not the period and the dimensions; write primaryKey: period, round",
        ),
        (
            "\"fields\": \"round\"",
            "\"fields\": \"period\"",
            "schema.json:4:14: warning: the dimension 'round' has no foreign key; add one to the code of 'round'",
        ),
        (
            "\"primaryKey\"",
            "\"missingValues\": [\"\", \"-\"], \"primaryKey\"",
            "schema.json:12:20: missingValues is [\"\", \"-\"]; write [\"\"]",
        ),
        (
            "aistat:whole",
            "aistat:hole",
            "schema.json:5:145: warning: aistat:hole is not known; correct the name, or remove it",
        ),
    ] {
        let lines = faults("schema.json", from, to);
        assert!(lines.contains(&expected.to_owned()), "{to}: {lines:#?}");
    }
    let lines = faults("schema.json", "\"period\", \"type\"", "\"when\", \"type\"");
    assert!(
        lines.iter().any(|line| line.ends_with("there is no field 'period'; add the field 'period'")),
        "{lines:#?}"
    );
}

#[test]
fn descriptors_that_are_wrong() {
    for (from, to, expected) in [
        (
            "city/money-by-round.csv",
            "city/money.csv",
            "datapackage.json:5:27: 'city/money.csv': there is no such file; correct the path",
        ),
        ("\"schema.json\"", "\"s.json\"", "datapackage.json:5:64: 's.json': there is no such file; correct the path"),
        (
            "aistat:exhibit",
            "aistat:exibit",
            "datapackage.json:7:23: warning: aistat:exibit is not known; write aistat:exhibit",
        ),
        (
            "\"of\": [\"a\"",
            "\"of\": [\"c\"",
            "datapackage.json:7:77: 'c' of a subtotal is not a member; correct it, or add a line to the code list",
        ),
        (
            "\"of\": [\"a\"",
            "\"of\": [\"ab\"",
            "datapackage.json:7:77: the subtotal 'ab' has itself among its parts; take it out of its own parts",
        ),
        ("\"stated\"", "\"maybe\"", "datapackage.json:7:110: exhaustive is 'maybe'; write stated, assumed or no"),
        (
            "\"aistat:area\": \"city\"",
            "\"aistat:area\": \"City\"",
            "datapackage.json:6:65: 'City' cannot be a code; begin with a letter and use a–z, 0–9 and - only",
        ),
        (
            "\"aistat:area\": \"city\", ",
            "",
            "datapackage.json:5:5: the dataset has no aistat:area; write aistat:area and aistat:topic",
        ),
        (
            "\"aistat:role\": \"notes\"",
            "\"aistat:role\": \"note\"",
            "datapackage.json:10:59: there is no role 'note'; write codes, relations or notes",
        ),
        (
            "\"name\": \"units\"",
            "\"name\": \"round\"",
            "datapackage.json:9:14: two resources are named 'round'; rename one of them",
        ),
        (
            "\"aistat:dimensions\": [\"round\"]",
            "\"aistat:dimensions\": \"round\"",
            "datapackage.json:6:119: 'aistat:dimensions' has the wrong type: invalid type: string \"round\", expected a sequence; write a list: […]",
        ),
        (
            "\"aistat:title\": {\"zh\": \"钱\", \"en\": \"Money\"}",
            "\"title\": \"Money\"",
            "datapackage.json:5:5: warning: lacks a title in zh or en; write aistat:title {zh, en}",
        ),
    ] {
        let lines = faults("datapackage.json", from, to);
        assert!(lines.contains(&expected.to_owned()), "{to}: {lines:#?}");
    }
}

#[test]
fn lists_that_are_wrong() {
    for (path, from, to, expected) in [
        (
            "codes/round.csv",
            "b,乙轮",
            "乙,乙轮",
            "codes/round.csv:2:1: '乙' cannot be a code; begin with a letter and use a–z, 0–9 and - only",
        ),
        ("codes/round.csv", "b,乙轮", "Round B,乙轮", "codes/round.csv:2:1: 'Round B' cannot be a code; write round-b"),
        (
            "codes/round.csv",
            "b,乙轮",
            "a,乙轮",
            "codes/round.csv:3:1: the code 'a' is written twice; remove one of the lines, or write another code",
        ),
        (
            "codes/round.csv",
            "B,2,",
            "B,two,",
            "codes/round.csv:2:14: order must be a whole number; write a whole number, or nothing",
        ),
        (
            "codes/round.csv",
            "code,",
            "kode,",
            "codes/round.csv:1:1: the code list has no column 'code'; write the header code,zh,en,order",
        ),
        (
            "notes.csv",
            "city/money/round",
            "city/money",
            "notes.csv:2:1: there is no dataset 'city/money'; write an address that list shows, or nothing",
        ),
        (
            "codes/units.csv",
            "deal,0,1",
            "deal,none,1",
            "codes/units.csv:2:17: 'none' is not a power of ten; write a whole number: 4 for 万, 8 for 亿",
        ),
        ("notes.csv", "deals", "amount", "notes.csv:2:34: there is no measure 'amount'; write a column of the dataset"),
        ("notes.csv", "../2023", "2023..", "notes.csv:2:26: '2023..' is not a period; write 2023, 2023-03 or ../2023"),
        ("notes.csv", "A note", "", "notes.csv:2:42: warning: en is empty; write the text"),
    ] {
        let lines = faults(path, from, to);
        assert!(lines.contains(&expected.to_owned()), "{to}: {lines:#?}");
    }
}

#[test]
fn a_broken_table_leaves_the_others_sound() {
    let second = r#"{"name": "u", "path": "city/money-by-round.csv", "schema": "schema.json", "aistat:area": "city", "aistat:topic": "other", "aistat:dimensions": ["round"]},
    {"name": "round","#;
    let folder = folder_with(&[
        ("datapackage.json", "{\"name\": \"round\",", second),
        ("datapackage.json", "\"city/money-by-round.csv\"", "5"),
    ]);
    assert_eq!(folder.dataset(0).unwrap_err().len(), 1);
    assert!(folder.dataset(1).is_ok());
}
