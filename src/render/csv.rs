//! csv and tsv: the answer for programs and spreadsheets.
//!
//! csv is RFC 4180 with LF (CRLF for Excel). tsv has no quoting: tabs and line breaks within a cell become spaces.

mod many;

use std::borrow::Cow;
use std::io::{self, Write};

use super::field::{Feed, Field};
use super::{Format, Look, header, sanitize};
use crate::answer::Answer;

/// Rows from which several threads write.
const MANY: usize = 1 << 16;

/// Writes the header row and the rows.
pub(super) fn write(answer: &Answer, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    if answer.columns.is_empty() {
        return Ok(());
    }
    if look.for_excel {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let feeds: Vec<Feed> = answer.columns.iter().map(|column| Feed::new(column, look.digits).titled(look)).collect();
    let mut rows: Box<dyn Rows + '_> = match look.format {
        Format::Tsv => Box::new(Tabs::new(out, look.for_excel)),
        _ => Box::new(Commas::new(out, look.for_excel)),
    };
    if look.header {
        for column in &answer.columns {
            rows.field(&clean(&header(column, look), look))?;
        }
        rows.end()?;
    }
    if answer.rows >= MANY && feeds.len() > 1 {
        rows.finish()?;
        return many::write(answer.rows, &feeds, look, out);
    }
    let mut scratch = String::new();
    for row in 0..answer.rows {
        for feed in &feeds {
            match feed.field(row, &mut scratch) {
                Field::Missing(_) => rows.field("")?,
                Field::Digits(digits) => rows.field(digits)?,
                Field::Text(text) => rows.field(&clean(&text, look))?,
                Field::List(items, delimiter) => rows.field(&clean(&items.join(delimiter), look))?,
            }
        }
        rows.end()?;
    }
    rows.finish()
}

/// A text as it may leave: escaped on a terminal, guarded for Excel.
fn clean<'a>(text: &'a str, look: &Look) -> Cow<'a, str> {
    let text = if look.terminal { Cow::Owned(sanitize(text)) } else { Cow::Borrowed(text) };
    if look.for_excel && may_be_formula(&text) {
        return Cow::Owned(format!("'{text}"));
    }
    text
}

/// Whether Excel may take a text for a formula, also behind blanks that it drops, and in full width.
fn may_be_formula(text: &str) -> bool {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
    let signs = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(blank).starts_with(signs)
}

/// Where rows go, field by field.
trait Rows {
    fn field(&mut self, text: &str) -> io::Result<()>;
    fn end(&mut self) -> io::Result<()>;
    fn finish(self: Box<Self>) -> io::Result<()>;
}

struct Commas<'a>(csv::Writer<&'a mut dyn Write>);

impl<'a> Commas<'a> {
    fn new(out: &'a mut dyn Write, crlf: bool) -> Self {
        let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        Commas(csv::WriterBuilder::new().terminator(end).buffer_capacity(1 << 16).from_writer(out))
    }
}

impl Rows for Commas<'_> {
    fn field(&mut self, text: &str) -> io::Result<()> {
        self.0.write_field(text).map_err(io::Error::from)
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.write_record(None::<&[u8]>).map_err(io::Error::from)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}

struct Tabs<'a> {
    out: io::BufWriter<&'a mut dyn Write>,
    end: &'static str,
    first: bool,
}

impl<'a> Tabs<'a> {
    fn new(out: &'a mut dyn Write, crlf: bool) -> Self {
        Tabs { out: io::BufWriter::with_capacity(1 << 16, out), end: if crlf { "\r\n" } else { "\n" }, first: true }
    }
}

impl Rows for Tabs<'_> {
    fn field(&mut self, text: &str) -> io::Result<()> {
        if !std::mem::take(&mut self.first) {
            self.out.write_all(b"\t")?;
        }
        if text.contains(['\t', '\n', '\r']) {
            return self.out.write_all(text.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ").as_bytes());
        }
        self.out.write_all(text.as_bytes())
    }

    fn end(&mut self) -> io::Result<()> {
        self.first = true;
        self.out.write_all(self.end.as_bytes())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Headers, render, samples};
    use super::*;
    use crate::text::Lang;

    fn text(answer: &Answer, look: &Look) -> String {
        let mut out = Vec::new();
        render(answer, look, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn csv_as_the_contract_says() {
        insta::assert_snapshot!(text(&samples::rounds(), &Look::new(Format::Csv, Lang::En)), @r"
        period,round,amount,amount_mark,amount_to,amount_share
        ../2023,seed,,lost,,
        ../2023,angel,14922,,,26.5
        ../2023,a,60,over,,33.333333333333336
        ../2023,b,,,,
        ../2023,seed-to-a,1,,2,7.142857142857143
        ");
    }

    #[test]
    fn titles_and_digits_are_asked_for() {
        let look = Look { headers: Headers::Title, digits: Some(1), ..Look::new(Format::Tsv, Lang::Zh) };
        insta::assert_snapshot!(text(&samples::rounds(), &look), @r"
        时期	轮次	金额(亿元)	标记	至	占比(%)
        ../2023	种子轮		lost		
        ../2023	天使轮	14922			26.5
        ../2023	A轮	60	over		33.3
        ../2023	B轮				
        ../2023	种子轮至A轮	1		2	7.1
        ");
    }
}
