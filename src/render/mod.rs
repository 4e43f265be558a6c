//! From an answer to bytes, one file a format. Numbers for machines go through `field`, numbers for people through
//! `shown`: every format of a kind says the same.

mod csv;
mod field;
mod json;
mod markdown;
mod number;
mod plan;
#[cfg(test)]
mod samples;
mod sanitize;
mod shown;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod width;

use std::io::{self, Write};

use crate::answer::{Answer, Column};
use crate::text::Lang;

pub use number::{decimal_text, nearest_text, outward_text};
pub use sanitize::sanitize;
pub use source::talk;
pub use width::{display_width, wrap, wrap_page};

/// The format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: aligned columns, units in the header, notes and source below.
    Table,
    /// For programs: RFC 4180.
    Csv,
    /// Tab-separated; tabs and line breaks within a cell become spaces.
    Tsv,
    /// One object with columns, rows, notes and sources.
    Json,
    /// One object a row.
    Ndjson,
    /// For documents: a GitHub table.
    Md,
}

/// What columns and members are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headers {
    /// The ASCII names that scripts use.
    Code,
    /// Titles, those of columns with their units.
    Title,
}

/// How an answer is to look. Decided once, from the flags and the terminal.
#[derive(Clone, Debug)]
pub struct Look {
    /// The format.
    pub format: Format,
    /// The language of titles, notes and sources.
    pub lang: Lang,
    /// Whether a table is coloured.
    pub color: bool,
    /// Columns of the terminal; without it nothing is wrapped.
    pub width: Option<usize>,
    /// What columns and members are called. JSON rows always have the codes.
    pub headers: Headers,
    /// Whether there is a header row.
    pub header: bool,
    /// Decimals of computed numbers. Printed digits stay as they are.
    pub digits: Option<u32>,
    /// BOM, CRLF and guarded formulas in csv and tsv.
    pub for_excel: bool,
    /// The bytes go to a terminal: control characters from data are shown escaped, in every format.
    pub terminal: bool,
}

impl clap::ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Format::Table, Format::Csv, Format::Tsv, Format::Json, Format::Ndjson, Format::Md]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(match self {
            Format::Table => "table".into(),
            Format::Csv => "csv".into(),
            Format::Tsv => "tsv".into(),
            Format::Json => "json".into(),
            Format::Ndjson => clap::builder::PossibleValue::new("ndjson").alias("jsonl"),
            Format::Md => clap::builder::PossibleValue::new("md").alias("markdown"),
        })
    }
}

impl clap::ValueEnum for Headers {
    fn value_variants<'a>() -> &'a [Self] {
        &[Headers::Code, Headers::Title]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(match self {
            Headers::Code => "code".into(),
            Headers::Title => "title".into(),
        })
    }
}

impl Format {
    /// The header row that a format has unless another is asked for.
    pub const fn headers(self) -> Headers {
        match self {
            Format::Table | Format::Md => Headers::Title,
            Format::Csv | Format::Tsv | Format::Json | Format::Ndjson => Headers::Code,
        }
    }

    /// The format that a file's extension stands for.
    pub fn from_path(path: &std::path::Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "csv" => Format::Csv,
            "tsv" | "tab" => Format::Tsv,
            "json" => Format::Json,
            "ndjson" | "jsonl" => Format::Ndjson,
            "md" | "markdown" => Format::Md,
            "txt" => Format::Table,
            _ => return None,
        })
    }

    /// The name of the format: what `-f` takes.
    pub fn name(self) -> String {
        clap::ValueEnum::to_possible_value(&self).map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Whether notes and sources are part of the output. Where not, they are talk (see [`talk`]).
    pub const fn holds_notes(self) -> bool {
        matches!(self, Format::Table | Format::Json | Format::Md)
    }
}

impl Look {
    /// The look of a format in a pipe.
    pub fn new(format: Format, lang: Lang) -> Self {
        Look {
            format,
            lang,
            color: false,
            width: None,
            headers: format.headers(),
            header: true,
            digits: None,
            for_excel: false,
            terminal: false,
        }
    }

    /// The language of titles, where they stand for codes.
    fn titles(&self) -> Option<Lang> {
        (self.headers == Headers::Title).then_some(self.lang)
    }
}

/// Writes an answer.
pub fn render(answer: &Answer, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    match look.format {
        Format::Table => table::write(answer, look, out),
        Format::Csv | Format::Tsv => csv::write(answer, look, out),
        Format::Json => json::write(answer, look, out),
        Format::Ndjson => json::write_rows(answer, look, out),
        Format::Md => markdown::write(answer, look, out),
    }
}

/// The header of a column: its key, or its title with the unit in parentheses.
fn header(column: &Column, look: &Look) -> String {
    if look.headers == Headers::Code {
        return column.key.clone();
    }
    let title = match column.title.get(look.lang) {
        "" => &column.key,
        title => title,
    };
    match column.unit.as_ref().map(|unit| unit.title.get(look.lang)) {
        None | Some("") => title.to_owned(),
        Some(unit) if look.lang == Lang::Zh => format!("{title}({unit})"),
        Some(unit) => format!("{title} ({unit})"),
    }
}
