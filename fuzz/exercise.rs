//! What each fuzz target does with its bytes. The fuzzer runs these, and so does a bounded run among the tests.

use aistat::package::{Draft, Limits, Package};

/// A table that declares everything a declared table can.
const DECLARED: &str = r#"{"name": "p", "resources": [
{"name": "t", "path": "t.csv", "aistat:area": "a", "aistat:topic": "t", "aistat:dimensions": ["d"], "aistat:parts": {"x": {"of": ["y", "z"], "exhaustive": "stated"}},
 "schema": {"fields": [{"name": "period", "type": "string"}, {"name": "d", "type": "string"},
 {"name": "m", "type": "number", "aistat:unit": "u", "aistat:kind": "stock", "aistat:whole": true}, {"name": "m_mark", "type": "string"}, {"name": "m_to", "type": "number"}, {"name": "m_decimals", "type": "integer"},
 {"name": "m_share", "type": "number", "aistat:unit": "u"}, {"name": "note", "type": "string", "constraints": {"maxLength": 5, "pattern": "[a-z]*"}}],
 "primaryKey": ["period", "d"], "foreignKeys": [{"fields": ["d"], "reference": {"resource": "d", "fields": ["code"]}}]}},
{"name": "d", "path": "d.csv", "aistat:role": "codes", "schema": {"fields": [{"name": "code", "type": "string"}, {"name": "zh", "type": "string"}, {"name": "en", "type": "string"}, {"name": "order", "type": "integer"}]}},
{"name": "units", "path": "units.csv", "aistat:role": "codes", "schema": {"fields": [{"name": "code", "type": "string"}, {"name": "zh", "type": "string"}, {"name": "en", "type": "string"}, {"name": "family", "type": "string"}, {"name": "power", "type": "integer"}]}}]}"#;
/// A table as others publish them.
const FOREIGN: &str = r#"{"name": "p", "resources": [{"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "Year", "type": "year"}, {"name": "City Code", "type": "string"}, {"name": "City", "type": "string"}, {"name": "Value", "type": "number", "groupChar": ","}]}}]}"#;
const MEMBERS: &str = "code,zh,en,order\nx,甲,X,1\ny,乙,Y,2\nz,丙,Z,3\n";
const UNITS: &str = "code,zh,en,family,power\nu,个,things,u,0\n";

fn limits() -> Limits {
    Limits::default()
}

/// Opens, checks and reads whatever can be.
fn read(descriptor: &[u8], table: &[u8]) {
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let files = vec![
        file("datapackage.json", descriptor),
        file("t.csv", table),
        file("d.csv", MEMBERS.as_bytes()),
        file("units.csv", UNITS.as_bytes()),
    ];
    let Ok(package) = Package::in_memory(files, &limits()) else { return };
    let faults = package.check();
    assert!(faults.iter().all(|fault| !fault.what.zh.is_empty() && !fault.what.en.is_empty()));
    for resource in &package.resources {
        match package.dataset(resource) {
            // A number that is shown has digits, and digits are a number.
            Ok(dataset) => {
                for measure in &dataset.measures {
                    for cell in (0..dataset.periods.len()).filter_map(|row| dataset.cell(&measure.name, row).ok()) {
                        assert!(cell.digits.parse::<f64>().is_ok_and(f64::is_finite), "{cell:?}");
                    }
                }
            }
            Err(faults) => assert!(!faults.is_empty()),
        }
    }
}

/// The bytes are a descriptor.
pub fn descriptor(bytes: &[u8]) {
    read(bytes, b"period,d,m,m_mark,m_to,m_decimals,m_share,note\n2023,y,5,,,,,\n");
}

/// The bytes are a cell of a measure with its companions, split at NUL, and of every other kind.
pub fn cell(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\0');
    let mut next = || parts.next().unwrap_or_default().to_owned();
    let [value, mark, to, decimals, period, member] = std::array::from_fn(|_| next());
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let rows = [
        ["period", "d", "m", "m_mark", "m_to", "m_decimals", "m_share", "note"].map(str::to_owned),
        [or(&period, "2023"), or(&member, "y"), value.clone(), mark, to, decimals, value.clone(), value.clone()],
    ];
    read(DECLARED.as_bytes(), &written(&rows));
    let rows = [
        ["Year", "City Code", "City", "Value"].map(str::to_owned),
        [or(&period, "2023"), or(&member, "X"), member, value],
    ];
    read(FOREIGN.as_bytes(), &written(&rows));
}

/// The bytes are a table: of a package that declares it, and of one that does not.
pub fn csv(bytes: &[u8]) {
    read(DECLARED.as_bytes(), bytes);
    read(FOREIGN.as_bytes(), bytes);
}

/// The bytes are a table from which a package is begun: what comes out passes its own check.
pub fn table(bytes: &[u8]) {
    let drafts = [bytes.to_vec(), workbook(bytes)]
        .map(|bytes| Draft::from_bytes("t.csv", bytes, "p", |word| word == "p", &limits()));
    for draft in drafts.into_iter().flatten() {
        let shown = format!("{draft:?}");
        let faults = match Package::in_memory(draft.files, &limits()) {
            Ok(package) => package.check(),
            Err(faults) => faults,
        };
        assert!(!faults.iter().any(|fault| fault.is_error()), "{faults:?} {shown}");
    }
}

fn written<const N: usize>(rows: &[[String; N]]) -> Vec<u8> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in rows {
        let _ = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}

/// A workbook whose only sheet is these bytes, where they look like one; else whose cells they are, split as CSV.
fn workbook(bytes: &[u8]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let text = String::from_utf8_lossy(bytes);
    let cell = |text: &str| match text.parse::<f64>() {
        Ok(number) => format!("<c><v>{number}</v></c>"),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", text.replace(['&', '<', '\0'], "+")),
    };
    let row = |line: &str| format!("<row>{}</row>", line.split(',').map(cell).collect::<String>());
    let sheet = if text.trim_start().starts_with('<') { text.into_owned() } else { text.lines().map(row).collect() };
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{RELS}\"><Relationship Id=\"r\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    zip(&[
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{sheet}</sheetData></worksheet>")),
    ])
}

/// A zip archive of stored files.
pub fn zip(files: &[(&str, String)]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let mut crc = flate2::Crc::new();
        crc.update(text.as_bytes());
        let size = text.len() as u32;
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for number in [crc.sum(), size, size] {
            common.extend(number.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let start = body.len() as u32;
        body.extend([b"PK\x03\x04".as_slice(), &common, name.as_bytes(), text.as_bytes()].concat());
        directory.extend(
            [b"PK\x01\x02\x14\x00".as_slice(), &common, &[0; 10], &start.to_le_bytes(), name.as_bytes()].concat(),
        );
    }
    let (count, size, start) = ((files.len() as u16).to_le_bytes(), directory.len() as u32, body.len() as u32);
    let end =
        [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &size.to_le_bytes(), &start.to_le_bytes(), &[0, 0]].concat();
    [body, directory, end].concat()
}
