//! How a CSV file is written: Table Dialect (v2) or CSV Dialect (v1).

use super::descriptor::{DialectDecl, ResourceDecl};
use super::fault::{Fault, Faults};
use super::model::Package;
use super::salvage;

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

impl Dialect {
    /// A reader of this dialect. Rows of any length pass: they are counted against the header, with their place.
    pub(super) fn reader<'t>(&self, text: &'t str) -> csv::Reader<&'t [u8]> {
        let terminator = self.terminator.map_or(csv::Terminator::CRLF, csv::Terminator::Any);
        csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quoting(self.quote.is_some())
            .quote(self.quote.unwrap_or(b'"'))
            .double_quote(self.double_quote)
            .escape(self.escape)
            .comment(self.comment)
            .terminator(terminator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
    }

    /// Where a field of the record that starts at or after `start` stands, and whether the text ends inside its quotes.
    pub(super) fn locate(&self, text: &str, start: usize, field: usize) -> (usize, bool) {
        let bytes = text.as_bytes();
        let mut at = self.skip_blank(bytes, start);
        for _ in 0..field {
            let (end, _) = self.field_end(bytes, at);
            if bytes.get(end) != Some(&self.delimiter) {
                break;
            }
            at = end + 1;
        }
        (at, self.field_end(bytes, at).1)
    }

    /// Whether the text ends inside the quotes of the record's last field, and where that field starts.
    pub(super) fn unclosed(&self, text: &str, start: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut at = self.skip_blank(bytes, start);
        loop {
            let (end, open) = self.field_end(bytes, at);
            if open {
                return Some(at);
            }
            if bytes.get(end) != Some(&self.delimiter) {
                return None;
            }
            at = end + 1;
        }
    }

    fn ends_line(&self, byte: u8) -> bool {
        self.terminator.map_or(byte == b'\n' || byte == b'\r', |terminator| byte == terminator)
    }

    fn skip_blank(&self, bytes: &[u8], mut at: usize) -> usize {
        while let Some(&byte) = bytes.get(at) {
            if self.comment == Some(byte) {
                at += bytes[at..].iter().position(|byte| self.ends_line(*byte)).unwrap_or(bytes.len() - at);
            } else if self.ends_line(byte) {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    /// End of the field that starts here, and whether the text ended inside its quotes.
    fn field_end(&self, bytes: &[u8], start: usize) -> (usize, bool) {
        let mut at = start;
        if let Some(quote) = self.quote.filter(|quote| bytes.get(at) == Some(quote)) {
            at += 1;
            loop {
                match bytes.get(at) {
                    None => return (bytes.len(), true),
                    Some(byte) if self.escape == Some(*byte) && *byte != quote => at += 2,
                    Some(byte) if *byte == quote && self.double_quote && bytes.get(at + 1) == Some(&quote) => at += 2,
                    Some(byte) if *byte == quote => break,
                    Some(_) => at += 1,
                }
            }
        }
        let ends = |byte: &u8| *byte == self.delimiter || self.ends_line(*byte);
        let at = at.min(bytes.len());
        (at + bytes[at..].iter().position(ends).unwrap_or(bytes.len() - at), false)
    }
}

impl Package {
    /// The dialect of a resource. What the reader does not support says so by name.
    pub(super) fn dialect(&self, index: usize, declared: &ResourceDecl) -> Result<Dialect, Faults> {
        let mut dialect = Dialect::default();
        if declared.format.as_deref().is_some_and(|format| format.eq_ignore_ascii_case("tsv")) {
            dialect.delimiter = b'\t';
        }
        let Some(raw) = &declared.dialect else {
            return Ok(dialect);
        };
        let pointer = format!("/resources/{index}/dialect");
        let mut faults = Faults::new();
        let declared: DialectDecl = match serde_json::from_str(raw.get()) {
            Ok(dialect) => dialect,
            Err(_) => salvage::object(&self.descriptor, &pointer, raw.get(), &mut faults),
        };
        let mut byte =
            |name: &str, value: &Option<String>, default: Option<u8>| match value.as_deref().map(str::as_bytes) {
                None => default,
                Some([]) => None,
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
            "headerRows" => fault.write("写 [1],或无表头时写 []", "write [1], or [] where there is no header"),
            "nullSequence" => fault.write("写进 missingValues", "write it in missingValues"),
            _ => fault.write("写一个 ASCII 字符", "write one ASCII character"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_found() {
        let dialect = Dialect { comment: Some(b'#'), ..Dialect::default() };
        let text = "a,b\r\n\r\n# x,y\r\n\"q\"\"\n,\",金,z\n";
        for (start, field, expected) in
            [(0, 0, "a,b"), (0, 1, "b\r"), (4, 0, "\"q\""), (4, 1, "金,"), (4, 2, "z\n"), (4, 9, "z\n")]
        {
            let (at, open) = dialect.locate(text, start, field);
            assert!(text[at..].starts_with(expected) && !open, "{start} {field} {at}");
        }
        assert_eq!(dialect.unclosed("a,\"b\nc", 0), Some(2));
        assert_eq!(dialect.unclosed("a,\"b\"\nc", 0), None);
    }

    proptest! {
        #[test]
        fn the_place_of_a_field_is_where_the_reader_found_it(text in "[ab,\"\r\n]{0,24}") {
            let dialect = Dialect::default();
            let mut reader = dialect.reader(&text);
            let mut record = csv::StringRecord::new();
            while reader.read_record(&mut record).unwrap() {
                let start = record.position().map_or(0, |place| place.byte() as usize);
                for (index, field) in record.iter().enumerate() {
                    let (at, _) = dialect.locate(&text, start, index);
                    prop_assert!(at <= text.len());
                    if !field.is_empty() && !text[at..].starts_with('"') {
                        prop_assert!(text[at..].starts_with(field), "{index} {field:?} at {at}");
                    }
                }
            }
        }
    }
}
