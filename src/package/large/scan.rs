//! Blocks of a text table into coded columns.

use std::collections::HashMap;

use csv::StringRecord;

use super::coder::{self, BAD, Coder};
use super::decimals::{ODD, Short, long};
use super::feed::Block;
use super::layout::{Layout, NumberPart, TextPart};
use crate::package::split::Span;
use crate::package::{Printed, observation};

/// Rows that were read: texts as the numbers of one reader's [`Coder`]s.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Where they stand among the others.
    pub(super) number: u32,
    /// Which reader's numbers they have.
    pub(super) reader: usize,
    /// How many rows.
    pub(super) rows: usize,
    /// Row by row, a number a text column.
    pub(super) codes: Vec<u32>,
    /// Of each number column the values by their own last place.
    pub(super) values: Vec<Vec<f64>>,
    /// Of each number column the decimals shown.
    pub(super) places: Vec<Vec<u8>>,
    /// Of each number column the rows with many digits.
    pub(super) odd: Vec<Vec<(u32, Printed)>>,
    /// Of each number column how many numbers end in `%`.
    pub(super) percents: Vec<usize>,
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bad {
    /// Where it starts in the text.
    pub(super) offset: u64,
    /// The record.
    pub(super) record: Vec<u8>,
}

/// Reads blocks.
pub(super) struct Scanner<'a> {
    layout: &'a Layout<'a>,
    reader: usize,
    pub(super) coders: Vec<Coder>,
    pub(super) bad: Vec<Bad>,
    most_bad: usize,
    joined: Vec<u8>,
}

/// Fields of a record.
trait Fields {
    fn text(&self, column: usize) -> &[u8];
    fn key(&self, column: usize) -> Option<u128>;
}

struct Line<'a> {
    padded: &'a [u8],
    ends: &'a [usize],
    start: usize,
}

impl Line<'_> {
    #[inline]
    fn span(&self, column: usize) -> (usize, usize) {
        let start = if column == 0 { self.start } else { self.ends.get(column - 1).map_or(0, |end| end + 1) };
        (start, self.ends.get(column).copied().unwrap_or(start))
    }
}

impl Fields for Line<'_> {
    #[inline]
    fn text(&self, column: usize) -> &[u8] {
        let (start, end) = self.span(column);
        &self.padded[start..end]
    }

    #[inline]
    fn key(&self, column: usize) -> Option<u128> {
        let (start, end) = self.span(column);
        coder::short_within(self.padded, start, end)
    }
}

impl Fields for StringRecord {
    fn text(&self, column: usize) -> &[u8] {
        self.get(column).unwrap_or("").as_bytes()
    }

    fn key(&self, column: usize) -> Option<u128> {
        coder::short(self.text(column))
    }
}

impl<'a> Scanner<'a> {
    pub(super) fn new(layout: &'a Layout<'a>, reader: usize, most_bad: usize) -> Scanner<'a> {
        let coders = layout.texts.iter().map(|_| Coder::new()).collect();
        Scanner { layout, reader, coders, bad: Vec::new(), most_bad, joined: Vec::new() }
    }

    /// Whether enough is wrong to stop.
    pub(super) fn is_full(&self) -> bool {
        self.bad.len() >= self.most_bad
    }

    pub(super) fn scan(&mut self, block: &Block) -> Rows {
        let guess = block.text().len() / 24;
        let numbers = self.layout.numbers.len();
        let mut rows = Rows {
            number: block.number,
            reader: self.reader,
            rows: 0,
            codes: Vec::with_capacity(guess * self.coders.len()),
            values: (0..numbers).map(|_| Vec::with_capacity(guess)).collect(),
            places: (0..numbers).map(|_| Vec::with_capacity(guess)).collect(),
            odd: vec![Vec::new(); numbers],
            percents: vec![0; numbers],
        };
        if block.quoted {
            self.records(block, &mut rows);
        } else {
            self.lines(block, &mut rows);
        }
        rows
    }

    /// Records that lines and delimiters tell apart.
    fn lines(&mut self, block: &Block, rows: &mut Rows) {
        let (padded, length, delimiter) = (block.padded(), block.text().len(), self.layout.dialect.delimiter);
        let mut ends = Vec::with_capacity(self.layout.columns);
        let mut at = 0;
        while at < length {
            let start = at;
            ends.clear();
            for byte in &padded[start..length] {
                if *byte == delimiter {
                    ends.push(at);
                } else if *byte == b'\n' {
                    break;
                }
                at += 1;
            }
            let mut end = at;
            at += 1;
            if end > start && padded[end - 1] == b'\r' {
                end -= 1;
            }
            if end == start {
                continue;
            }
            ends.push(end);
            let sound = ends.len() == self.layout.columns && end - start <= self.layout.longest;
            if !(sound && self.row(&Line { padded, ends: &ends, start }, rows)) {
                self.fail(block.offset + start as u64, &padded[start..end]);
            }
        }
    }

    /// Records with quotes, comments or odd line ends.
    fn records(&mut self, block: &Block, rows: &mut Rows) {
        let Ok(text) = std::str::from_utf8(block.text()) else { return };
        let mut record = StringRecord::new();
        let (mut last, mut at) = (0, 0);
        while let Some(Span { start, end }) = self.layout.dialect.record(text, at, &mut record) {
            (last, at) = (start, end);
            let long = record.iter().any(|field| field.len() > self.layout.longest);
            if long || record.len() != self.layout.columns || !self.row(&record, rows) {
                self.fail(block.offset + start as u64, &text.as_bytes()[start..end]);
            }
        }
        if self.layout.dialect.unclosed(text, last).is_some() {
            self.fail(block.offset + last as u64, &text.as_bytes()[last..]);
        }
    }

    fn fail(&mut self, offset: u64, record: &[u8]) {
        if !self.is_full() {
            self.bad.push(Bad { offset, record: record.to_owned() });
        }
    }

    /// Reads a row; `false` if a cell of it cannot be read, and nothing of it is kept then.
    #[inline]
    fn row(&mut self, fields: &impl Fields, rows: &mut Rows) -> bool {
        let layout = self.layout;
        let place = u64::from(rows.number) << 32 | rows.rows as u64;
        let before = rows.codes.len();
        for (part, coder) in layout.texts.iter().zip(&mut self.coders) {
            let code = match part.beside {
                None if part.missing.is_empty() => {
                    let meet = |text: &str| part.meet(text, "");
                    match fields.key(part.column) {
                        Some(key) => coder.short(key, place, meet),
                        None => coder.long(fields.text(part.column), place, meet),
                    }
                }
                _ => two(part, coder, &OfRecord { fields, part }, place, &mut self.joined),
            };
            if code == BAD {
                rows.codes.truncate(before);
                return false;
            }
            rows.codes.push(code);
        }
        for (at, part) in layout.numbers.iter().enumerate() {
            let text = fields.text(part.column);
            let short = if part.watched { None } else { Short::read(text, part.point) };
            let number = match short.filter(|short| !part.whole || short.places == 0) {
                Some(short) => Ok(short),
                None => match number(part, text) {
                    Some(number) => {
                        let is_number = number.as_ref().map_or(true, |short| !short.mantissa.is_nan());
                        rows.percents[at] += usize::from(is_number && text.trim_ascii_end().ends_with(b"%"));
                        number
                    }
                    None => {
                        rows.codes.truncate(before);
                        for values in &mut rows.values {
                            values.truncate(rows.rows);
                        }
                        for places in &mut rows.places {
                            places.truncate(rows.rows);
                        }
                        for odd in &mut rows.odd {
                            odd.retain(|(row, _)| (*row as usize) < rows.rows);
                        }
                        return false;
                    }
                },
            };
            match number {
                Ok(Short { mantissa, places }) => {
                    rows.values[at].push(mantissa);
                    rows.places[at].push(places);
                }
                Err((value, printed)) => {
                    rows.values[at].push(value);
                    rows.places[at].push(ODD);
                    rows.odd[at].push((rows.rows as u32, printed));
                }
            }
        }
        rows.rows += 1;
        true
    }
}

/// A text and what stands beside it.
pub(super) trait Beside {
    fn own(&self) -> &[u8];
    fn other(&self) -> &[u8];
}

struct OfRecord<'a, F> {
    fields: &'a F,
    part: &'a TextPart<'a>,
}

impl<F: Fields> Beside for OfRecord<'_, F> {
    fn own(&self) -> &[u8] {
        self.fields.text(self.part.column)
    }

    fn other(&self) -> &[u8] {
        self.part.beside.map_or(&[][..], |column| self.fields.text(column))
    }
}

/// The number of a text that stands beside another, or that may be declared to be none.
pub(super) fn two(part: &TextPart, coder: &mut Coder, cells: &impl Beside, place: u64, joined: &mut Vec<u8>) -> u32 {
    let text = part.cell(cells.own());
    let beside = part.cell_beside(cells.other());
    let met = std::str::from_utf8(beside).unwrap_or_default();
    // A name counts only where there is no code; a part of a period always.
    let key: &[u8] = if part.joins() {
        joined.clear();
        joined.extend_from_slice(text);
        joined.push(coder::JOINT as u8);
        joined.extend_from_slice(beside);
        joined
    } else if text.is_empty() {
        beside
    } else {
        text
    };
    let own = std::str::from_utf8(text).unwrap_or_default();
    let meet = |_: &str| part.meet(own, met);
    match coder::short(key) {
        Some(key) => coder.short(key, place, meet),
        None => coder.long(key, place, meet),
    }
}

type Read = Result<Short, (f64, Printed)>;

/// A cell that is no short plain number: empty, in another notation, with many digits, or wrong.
#[inline(never)]
pub(super) fn number(part: &NumberPart, text: &[u8]) -> Option<Read> {
    let text = std::str::from_utf8(text).ok()?;
    let is_missing = part.missing.iter().any(|missing| missing == text);
    if text.is_empty() && !is_missing {
        return None;
    }
    let text = if is_missing { "" } else { text };
    match observation::read(part.number, [text, "", "", ""]) {
        Ok(Ok(printed)) => Some(long(printed)),
        Ok(Err(_)) => Some(Ok(Short::NONE)),
        Err(_) => None,
    }
}

/// Whether all numbers of a column end in `%`.
pub(super) fn is_percent(blocks: &[Rows], column: usize) -> bool {
    let percents: usize = blocks.iter().map(|block| block.percents[column]).sum();
    let printed = |block: &Rows| block.values[column].iter().filter(|value| !value.is_nan()).count();
    percents > 0 && percents == blocks.iter().map(printed).sum::<usize>()
}

/// Many-digit numbers of several blocks by their rows in the table.
pub(super) fn odd(blocks: &[Rows], column: usize) -> HashMap<u32, Printed> {
    let mut first = 0u32;
    let mut all = HashMap::new();
    for block in blocks {
        all.extend(block.odd[column].iter().map(|(row, printed)| (first + row, printed.clone())));
        first += block.rows as u32;
    }
    all
}
