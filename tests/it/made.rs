//! A made package, for questions that the report has no table for: `port`, written for aistat, and `open`, which says nothing
//! about its members.

use crate::harness::{Run, args};

/// Folders that are gone with it.
pub struct Made {
    folder: tempfile::TempDir,
}

const PORT: &str = r#"{"name": "port", "version": "1", "aistat:title": {"zh": "港口", "en": "Port"}, "resources": [
 {"name": "trade", "path": "trade.csv", "aistat:area": "port", "aistat:topic": "trade", "aistat:exhaustive": "stated",
  "aistat:dimensions": ["province", "industry"], "aistat:title": {"zh": "贸易", "en": "Trade"}, "schema": "keyed.json"},
 {"name": "visits", "path": "trade.csv", "aistat:area": "port", "aistat:topic": "visits", "aistat:exhaustive": "no",
  "aistat:dimensions": ["province", "industry"], "aistat:title": {"zh": "访问", "en": "Visits"}, "schema": "keyed.json"},
 {"name": "cargo", "path": "cargo.csv", "aistat:area": "port", "aistat:topic": "cargo", "aistat:exhaustive": "stated",
  "aistat:dimensions": ["dock"], "aistat:title": {"zh": "货物", "en": "Cargo"},
  "schema": {"primaryKey": ["period", "dock"], "missingValues": [""], "fields": [{"name": "period", "type": "string"},
   {"name": "dock", "type": "string", "aistat:title": {"zh": "码头", "en": "Dock"}},
   {"name": "tonnes", "type": "number", "aistat:unit": "mt", "aistat:kind": "flow", "aistat:title": {"zh": "吞吐量", "en": "Throughput"}},
   {"name": "tonnes_mark", "type": "string"}, {"name": "tonnes_to", "type": "number"},
   {"name": "fill", "type": "number", "aistat:unit": "percent", "aistat:kind": "rate", "aistat:title": {"zh": "装载率", "en": "Fill rate"}}]}},
 {"name": "tows", "path": "tows.csv", "aistat:area": "port", "aistat:topic": "tows", "aistat:dimensions": ["dock"],
  "aistat:title": {"zh": "拖船", "en": "Tows"}, "schema": "tows.json"},
 {"name": "tugs", "path": "tugs.csv", "aistat:area": "port", "aistat:topic": "tows", "aistat:dimensions": ["industry"],
  "aistat:title": {"zh": "拖船", "en": "Tows"}, "schema": "tugs.json"},
 {"name": "monthly", "path": "monthly.csv", "aistat:area": "port", "aistat:topic": "monthly", "aistat:title": {"zh": "月度", "en": "Monthly"}, "schema": "tonnes.json"},
 {"name": "spans", "path": "spans.csv", "aistat:area": "port", "aistat:topic": "spans", "aistat:title": {"zh": "跨年", "en": "Spans"}, "schema": "tonnes.json"},
 {"name": "dock", "path": "dock.csv", "aistat:role": "codes", "aistat:title": {"zh": "码头", "en": "Docks"}},
 {"name": "use", "path": "use.csv", "aistat:area": "port", "aistat:topic": "use",
  "aistat:title": {"zh": "使用", "en": "Use"},
  "schema": {"primaryKey": ["period"], "fields": [{"name": "period", "type": "string"},
   {"name": "rate", "type": "number", "aistat:unit": "percent", "aistat:kind": "rate",
    "aistat:title": {"zh": "使用率", "en": "Usage rate"}}]}},
 {"name": "province", "path": "province.csv", "aistat:role": "codes", "aistat:title": {"zh": "省", "en": "Province"}},
 {"name": "industry", "path": "industry.csv", "aistat:role": "codes", "aistat:title": {"zh": "行业", "en": "Industry"}},
 {"name": "units", "path": "units.csv", "aistat:role": "codes", "aistat:title": {"zh": "单位", "en": "Units"}}]}"#;

const KEYED: &str = r#"{"primaryKey": ["period", "province", "industry"], "missingValues": [""], "fields": [
 {"name": "period", "type": "string"}, {"name": "province", "type": "string"},
 {"name": "industry", "type": "string", "aistat:title": {"zh": "行业", "en": "Industry"}},
 {"name": "value", "type": "number", "aistat:unit": "mt", "aistat:kind": "flow", "aistat:title": {"zh": "货值", "en": "Value"}},
 {"name": "rate", "type": "number", "aistat:unit": "percent", "aistat:kind": "rate", "aistat:title": {"zh": "率", "en": "Rate"}}]}"#;

const TONNES: &str = r#"{"primaryKey": ["period"], "missingValues": [""], "fields": [{"name": "period", "type": "string"},
 {"name": "tonnes", "type": "number", "aistat:unit": "mt", "aistat:kind": "flow", "aistat:title": {"zh": "吞吐量", "en": "Throughput"}}]}"#;

const OPEN: &str = r#"{"name": "open", "resources": [{"name": "things", "path": "things.csv", "schema": {"fields": [
 {"name": "year", "type": "year"}, {"name": "item", "type": "string"}, {"name": "count", "type": "integer"}]}},
 {"name": "steps", "path": "steps.csv", "schema": {"fields": [{"name": "period", "type": "string"}, {"name": "area", "type": "string"},
 {"name": "item", "type": "string"}, {"name": "count", "type": "integer"}, {"name": "rate", "type": "number"}]}}]}"#;

const TOWS: &str = r#"{"primaryKey": ["period", "dock"], "fields": [{"name": "period", "type": "string"}, {"name": "dock", "type": "string"},
 {"name": "tonnes", "type": "number", "aistat:unit": "mt", "aistat:kind": "flow", "aistat:title": {"zh": "吞吐量", "en": "Throughput"}}]}"#;

const FILES: [(&str, &str); 19] = [
    ("port/datapackage.json", PORT),
    ("port/keyed.json", KEYED),
    ("port/tonnes.json", TONNES),
    ("port/tows.json", TOWS),
    ("port/tows.csv", "period,dock,tonnes\n2021,a,1\n2021,b,2\n"),
    ("port/tugs.csv", "period,industry,tonnes\n2021,chips,1\n2021,cars,2\n"),
    (
        "port/cargo.csv",
        "period,dock,tonnes,tonnes_mark,tonnes_to,fill\n2021,a,1.35,,,55.5\n2021,b,2.0,,,60\n2021,c,3,over,,34\n2021,d,4,,6,12\n",
    ),
    ("port/dock.csv", "code,zh,en,order,side\na,甲,A,1,north\nb,乙,B,2,north\nc,丙,C,3,south\nd,丁,D,4,south\n"),
    (
        "port/monthly.csv",
        "period,tonnes\n2022-11,1.0\n2022-12,2.0\n2023-01,3.0\n2023-Q1,7.5\n2024-Q1,9.0\n2023,40\n2024,44\n",
    ),
    ("port/spans.csv", "period,tonnes\n2017/2019,5\n2018/2020,6\n2021/2022,12\n2022/2023,15\n"),
    (
        "open/steps.csv",
        "period,area,item,count,rate\n2022-11,n,x,10,1\n2022-12,n,x,20,1\n2023,n,x,300,1\n2024,n,x,330,1\n\
         2022-11,n,y,4,1\n2022-12,n,y,5,1\n2023,n,y,60,1\n2024,n,y,90,1\n",
    ),
    (
        "port/trade.csv",
        "period,province,industry,value,rate\n2023,north,chips,10,1\n2023,north,cars,5,1\n2023,south,chips,20.0,1\n\
         2023,south,cars,2.5,1\n2023,west,chips,7,1\n",
    ),
    ("port/use.csv", "period,rate\n2022,77.5\n2023,90.6\n"),
    (
        "port/province.csv",
        "code,zh,en,order,region\nnorth,北,North,1,coast\nsouth,南,South,2,coast\nwest,西,West,3,inland\n",
    ),
    ("port/industry.csv", "code,zh,en,order\nchips,芯片,Chips,1\ncars,汽车,Cars,2\n"),
    ("port/units.csv", "code,zh,en,family,power\nmt,百万吨,million tonnes,t,6\npercent,%,%,percent,0\n"),
    ("open/datapackage.json", OPEN),
    (
        "open/things.csv",
        "year,item,count\n2021,a,10\n2021,b,20\n2021,c,6\n2021,d,12\n2022,a,12\n2022,b,30\n2022,c,12\n2022,d,12\n",
    ),
    ("README", "made for a test\n"),
];

impl Made {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        std::fs::write(folder.path().join("port/tugs.json"), TOWS.replace("dock", "industry")).unwrap();
        Made { folder }
    }

    /// A question about either package.
    pub fn ask(&self, line: &str) -> Run {
        let data = ["port", "open"].map(|name| self.folder.path().join(name).display().to_string());
        let run = args(line.split_whitespace());
        data.iter().fold(run, |run, folder| run.arg("--data").arg(folder))
    }
}
