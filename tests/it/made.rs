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

const OPEN: &str = r#"{"name": "open", "resources": [{"name": "things", "path": "things.csv", "schema": {"fields": [
 {"name": "year", "type": "year"}, {"name": "item", "type": "string"}, {"name": "count", "type": "integer"}]}}]}"#;

const FILES: [(&str, &str); 10] = [
    ("port/datapackage.json", PORT),
    ("port/keyed.json", KEYED),
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
        Made { folder }
    }

    /// A question about either package.
    pub fn ask(&self, line: &str) -> Run {
        let data = ["port", "open"].map(|name| self.folder.path().join(name).display().to_string());
        let run = args(line.split_whitespace());
        data.iter().fold(run, |run, folder| run.arg("--data").arg(folder))
    }
}
