//! Records of a CSV text, by RFC 4180 and the dialect. The `csv` crate builds a table of states for every reader, which
//! costs more than reading a table of thirty rows, and knows no place of a field: this splitter has neither cost. A test
//! holds it to the crate's results.

use csv::StringRecord;

use super::dialect::Dialect;

/// A record that was read: where it starts, and where the search for the next one goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Where a field ends.
struct End {
    at: usize,
    /// Where the quoted part ends, if there is one.
    quoted: Option<usize>,
    /// The text ends inside the quotes.
    open: bool,
}

impl Dialect {
    /// Reads the next record at or after a byte; blank lines and comments are none.
    pub(super) fn record(&self, text: &str, at: usize, record: &mut StringRecord) -> Option<Span> {
        let bytes = text.as_bytes();
        let start = self.skip_blank(bytes, at);
        if start >= bytes.len() {
            return None;
        }
        record.clear();
        let mut field = start;
        loop {
            let end = self.field_end(bytes, field);
            match end.quoted {
                None if self.escape.is_some() => record.push_field(&self.unescaped_plain(text.get(field..end.at)?)),
                None => record.push_field(text.get(field..end.at)?),
                Some(close) => {
                    let mut content = self.unescaped(text.get(field + 1..close)?);
                    content.push_str(text.get((close + 1).min(end.at)..end.at)?);
                    record.push_field(&content);
                }
            }
            if bytes.get(end.at) != Some(&self.delimiter) {
                return Some(Span { start, end: end.at });
            }
            field = end.at + 1;
        }
    }

    /// Where the last whole record of a text ends that goes on elsewhere.
    pub(super) fn complete(&self, bytes: &[u8]) -> usize {
        if self.quote.is_none_or(|quote| !bytes.contains(&quote)) {
            return bytes.iter().rposition(|byte| self.ends_line(*byte)).map_or(0, |at| at + 1);
        }
        let mut whole = 0;
        loop {
            let mut at = self.skip_blank(bytes, whole);
            loop {
                let end = self.field_end(bytes, at);
                if end.at >= bytes.len() {
                    return whole;
                }
                at = end.at + 1;
                if bytes.get(end.at) != Some(&self.delimiter) {
                    whole = at;
                    break;
                }
            }
        }
    }

    /// Where a field of the record that starts at or after a byte stands.
    pub(super) fn locate(&self, text: &str, start: usize, field: usize) -> usize {
        let bytes = text.as_bytes();
        let mut at = self.skip_blank(bytes, start);
        for _ in 0..field {
            let end = self.field_end(bytes, at).at;
            if bytes.get(end) != Some(&self.delimiter) {
                break;
            }
            at = end + 1;
        }
        at
    }

    /// Where the field starts inside whose quotes the text ends, if the record that starts here has one.
    pub(super) fn unclosed(&self, text: &str, start: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut at = self.skip_blank(bytes, start);
        loop {
            let end = self.field_end(bytes, at);
            if end.open {
                return Some(at);
            }
            if bytes.get(end.at) != Some(&self.delimiter) {
                return None;
            }
            at = end.at + 1;
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

    fn field_end(&self, bytes: &[u8], start: usize) -> End {
        let mut at = start;
        let mut quoted = None;
        if let Some(quote) = self.quote.filter(|quote| bytes.get(at) == Some(quote)) {
            let escape = self.escape.unwrap_or(quote);
            at += 1;
            loop {
                let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr2(quote, escape, rest)) else {
                    return End { at: bytes.len(), quoted: Some(bytes.len()), open: true };
                };
                at += next;
                let doubled = self.double_quote && bytes.get(at + 1) == Some(&quote);
                if bytes[at] == quote && !doubled {
                    break;
                }
                at += 2;
            }
            quoted = Some(at);
            at += 1;
        }
        let from = at.min(bytes.len());
        let mut at = from;
        loop {
            let rest = &bytes[at..];
            let end = match self.terminator {
                Some(terminator) => memchr::memchr2(self.delimiter, terminator, rest),
                None => memchr::memchr3(self.delimiter, b'\n', b'\r', rest),
            };
            at += end.unwrap_or(rest.len());
            let escaped = self.escape.is_some() && bytes.get(at) == Some(&self.delimiter);
            if !(escaped && self.is_escaped(&bytes[from..at])) {
                return End { at, quoted, open: false };
            }
            at += 1;
        }
    }

    /// Whether what follows is escaped: an odd number of escape characters stands before it.
    fn is_escaped(&self, before: &[u8]) -> bool {
        let escapes = before.iter().rev().take_while(|byte| Some(**byte) == self.escape && self.escape != self.quote);
        escapes.count() % 2 == 1
    }

    /// A field without quotes: an escape character goes before a delimiter, a quote or another.
    fn unescaped_plain(&self, text: &str) -> String {
        let is_special = |c: char| {
            u8::try_from(c).is_ok_and(|c| c == self.delimiter || Some(c) == self.quote || Some(c) == self.escape)
        };
        let mut content = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let escape = self.escape.map(char::from) == Some(c) && self.escape != self.quote;
            content.push(chars.next_if(|next| escape && is_special(*next)).unwrap_or(c));
        }
        content
    }

    /// The content of quotes: doubled quotes are one, an escape character stands for the character after it.
    fn unescaped(&self, text: &str) -> String {
        let bytes = text.as_bytes();
        let mut content = String::with_capacity(text.len());
        let (mut run, mut at) = (0, 0);
        while let Some(byte) = bytes.get(at) {
            let escape = self.escape == Some(*byte) && self.quote != Some(*byte);
            let doubled = self.quote == Some(*byte) && self.double_quote;
            if escape || doubled {
                content.push_str(text.get(run..at).unwrap_or_default());
                run = at + 1;
                at += 1;
            }
            at += 1;
        }
        content.push_str(text.get(run..).unwrap_or_default());
        content
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn records(dialect: &Dialect, text: &str) -> Vec<StringRecord> {
        let (mut at, mut records, mut record) = (0, Vec::new(), StringRecord::new());
        while let Some(span) = dialect.record(text, at, &mut record) {
            assert!(span.start >= at && span.end > span.start || span.end >= span.start);
            at = span.end;
            records.push(record.clone());
        }
        records
    }

    fn by_crate(dialect: &Dialect, text: &str) -> Vec<StringRecord> {
        let terminator = dialect.terminator.map_or(csv::Terminator::CRLF, csv::Terminator::Any);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .quoting(dialect.quote.is_some())
            .quote(dialect.quote.unwrap_or(b'"'))
            .double_quote(dialect.double_quote)
            .escape(dialect.escape)
            .comment(dialect.comment)
            .terminator(terminator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        reader.records().map(Result::unwrap).collect()
    }

    #[test]
    fn records_and_fields() {
        let dialect = Dialect { comment: Some(b'#'), ..Dialect::default() };
        let text = "a,b\r\n\r\n# x,y\r\n\"q\"\"\n,\",金,z\n";
        assert_eq!(records(&dialect, text), [vec!["a", "b"], vec!["q\"\n,", "金", "z"]]);
        for (start, field, expected) in
            [(0, 0, "a,b"), (0, 1, "b\r"), (4, 0, "\"q\""), (4, 1, "金,"), (4, 2, "z\n"), (4, 9, "z\n")]
        {
            assert!(text[dialect.locate(text, start, field)..].starts_with(expected), "{start} {field}");
        }
        assert_eq!(dialect.unclosed("a,\"b\nc", 0), Some(2));
        assert_eq!(dialect.unclosed("a,\"b\"\nc", 0), None);
        let escaped = Dialect { escape: Some(b'\\'), double_quote: false, ..Dialect::default() };
        assert_eq!(records(&escaped, "\"a\\\"金\\金\",b\\"), [vec!["a\"金金", "b\\"]]);
        let bare = Dialect { quote: None, ..escaped };
        assert_eq!(records(&bare, "a\\,b,c\\\\,d\n"), [vec!["a,b", "c\\", "d"]]);
        assert_eq!(bare.locate("a\\,b,c", 0, 1), 5);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_csv_crate_agrees(
            text in "[ab金,;'\"\\\\\r\n]{0,24}",
            semicolon: bool, apostrophe: bool, quoting: bool, double_quote: bool, escape: bool, line: bool,
        ) {
            let dialect = Dialect {
                delimiter: if semicolon { b';' } else { b',' },
                quote: quoting.then_some(if apostrophe { b'\'' } else { b'"' }),
                // The crate has no meaning for a quote that can be neither doubled nor escaped inside quotes.
                double_quote: double_quote || !escape,
                escape: escape.then_some(b'\\'),
                terminator: line.then_some(b'\n'),
                ..Dialect::default()
            };
            // Outside quotes the crate knows no escape.
            let text = if escape && !quoting { text.replace('\\', "") } else { text };
            let text = if escape { [",", ";", "\\", "'", "\""].iter().fold(text, |text, c| text.replace(&format!("\\{c}"), "a")) } else { text };
            let expected = by_crate(&dialect, &text);
            prop_assert_eq!(records(&dialect, &text), expected.as_slice());
            let whole = dialect.complete(text.as_bytes());
            let mut halves = records(&dialect, &text[..whole]);
            halves.extend(records(&dialect, &text[whole..]));
            prop_assert_eq!(&halves, &expected);
        }
    }
}
