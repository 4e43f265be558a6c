//! How a CSV file is written: Table Dialect (v2) or CSV Dialect (v1).

use super::descriptor::{DialectDecl, ResourceDecl};
use super::fault::{Fault, Faults};
use super::model::Package;
use super::{json, salvage};
use serde_json::json;

/// A CSV dialect that the reader supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    pub(super) double_quote: bool,
    pub(super) escape: Option<u8>,
    pub(super) comment: Option<u8>,
    /// A line end other than LF, CR or CRLF.
    pub(super) terminator: Option<u8>,
    pub(super) header: bool,
    pub(super) skip_initial_space: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect {
            delimiter: b',',
            quote: Some(b'"'),
            double_quote: true,
            escape: None,
            comment: None,
            terminator: None,
            header: true,
            skip_initial_space: false,
        }
    }
}

/// Properties that leave out or choose parts of a table.
const CUTS: [&str; 9] = [
    "skipRows",
    "skipFields",
    "limitRows",
    "limitFields",
    "offsetRows",
    "offsetFields",
    "pickRows",
    "pickFields",
    "skipLines",
];

impl Package {
    /// The dialect of a resource. What the reader does not support says so by name.
    pub(super) fn dialect(&self, index: usize, declared: &ResourceDecl) -> Result<Dialect, Faults> {
        let mut dialect = Dialect::default();
        let by_name = |path: &&String| path.trim_end_matches(".gz").to_ascii_lowercase().ends_with(".tsv");
        let is_tsv = match declared.format.as_deref() {
            Some(format) => format.eq_ignore_ascii_case("tsv"),
            None => declared.paths().first().is_some_and(by_name),
        };
        if is_tsv {
            dialect.delimiter = b'\t';
        }
        let Some(raw) = &declared.dialect else {
            return Ok(dialect);
        };
        let pointer = format!("/resources/{index}/dialect");
        if serde_json::from_str::<String>(raw.get()).is_ok() {
            let (zh, en) = ("不支持另存为文件的 dialect", "a dialect in a file of its own is not supported");
            let fault = self.descriptor.fault_at(&pointer, "unsupported", zh, en);
            return Err(vec![fault.write("把它写进资源", "write it into the resource")]);
        }
        let mut faults = Faults::new();
        let declared: DialectDecl = match serde_json::from_str(raw.get()) {
            Ok(dialect) => dialect,
            Err(_) => {
                let at = json::offset(&self.descriptor.text, &pointer);
                salvage::object(&self.descriptor, at, raw.get(), &mut faults)
            }
        };
        let declared = declared.merged();
        for (name, value) in &declared.others {
            let is_default = value.is_null() || [json!(0), json!([]), json!(false)].contains(value);
            if CUTS.contains(&name.as_str()) && !is_default {
                faults.push(self.unsupported_dialect(&format!("{pointer}/{name}"), name));
            }
        }
        let mut byte =
            |name: &str, value: &Option<String>, default: Option<u8>| match value.as_deref().map(str::as_bytes) {
                None => default,
                Some([]) if name != "delimiter" => None,
                Some([byte]) if byte.is_ascii() => Some(*byte),
                Some(_) => {
                    faults.push(self.unsupported_dialect(&format!("{pointer}/{name}"), name));
                    default
                }
            };
        dialect.delimiter =
            byte("delimiter", &declared.delimiter, Some(dialect.delimiter)).unwrap_or(dialect.delimiter);
        dialect.escape = byte("escapeChar", &declared.escape_char, None);
        // CSV Dialect of v1: an escape character switches quoting off unless a quote character is named.
        dialect.quote = byte("quoteChar", &declared.quote_char, Some(b'"'));
        dialect.comment = byte("commentChar", &declared.comment_char, None);
        dialect.terminator = match declared.line_terminator.as_deref() {
            None | Some("\r\n" | "\n" | "\r") => None,
            Some(_) => byte("lineTerminator", &declared.line_terminator, None),
        };
        dialect.double_quote = declared.double_quote.unwrap_or(dialect.escape.is_none());
        dialect.skip_initial_space = declared.skip_initial_space.unwrap_or(false);
        dialect.header = declared.header.unwrap_or(true);
        if let Some(rows) = declared.header_rows.as_deref().filter(|rows| *rows != [1]) {
            match rows {
                [] => dialect.header = false,
                _ => faults.push(self.unsupported_dialect(&format!("{pointer}/headerRows"), "headerRows")),
            }
        }
        if declared.comment_rows.is_some_and(|rows| !rows.is_empty()) {
            faults.push(self.unsupported_dialect(&format!("{pointer}/commentRows"), "commentRows"));
        }
        if declared.null_sequence.as_deref().is_some_and(|text| !text.is_empty()) {
            faults.push(self.unsupported_dialect(&format!("{pointer}/nullSequence"), "nullSequence"));
        }
        if faults.is_empty() { Ok(dialect) } else { Err(faults) }
    }

    fn unsupported_dialect(&self, pointer: &str, name: &str) -> Fault {
        let fault = self.descriptor.fault_at(
            pointer,
            "unsupported",
            format!("不支持这样的 dialect.{name}"),
            format!("this dialect.{name} is not supported"),
        );
        match name {
            "headerRows" => fault.write("要写 [1],无表头时写 []", "write [1], or [] where there is no header"),
            "commentRows" => fault.write("删去这些行,或写 commentChar", "remove those rows, or write commentChar"),
            name if CUTS.contains(&name) => {
                fault.write("从文件中删去这些行或列,再去掉它", "cut the file itself, and remove this property")
            }
            "nullSequence" => fault.write("要写进 missingValues", "write it in missingValues"),
            _ => fault.write("要写一个 ASCII 字符", "write one ASCII character"),
        }
    }
}
