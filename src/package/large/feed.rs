//! A text table in blocks of whole records, for several readers at once.

use std::io::Read;

use csv::StringRecord;

use crate::package::dialect::Dialect;
use crate::package::limits::Limit;
use crate::progress::Progress;

/// Bytes of a block, as a rule.
const BLOCK: usize = 1 << 22;

/// Bytes of the longest record that is waited for.
const LONGEST: usize = 1 << 26;

/// Bytes after the text of a block that may be read and mean nothing.
pub(super) const PAD: usize = 16;

/// Some records.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Its number, from 0.
    pub(super) number: u32,
    /// Where it begins in the text.
    pub(super) offset: u64,
    /// The text, and [`PAD`] bytes after it.
    bytes: Vec<u8>,
    /// Whether lines and delimiters alone do not tell its records apart.
    pub(super) quoted: bool,
}

/// Why a text cannot be read in blocks.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// The exact reader reads it then, and says what is wrong.
    Odd,
    /// It goes on beyond a limit.
    Over(Limit),
}

/// Where blocks come from.
pub(super) struct Feed<'a> {
    input: Box<dyn Read + Send + 'a>,
    dialect: Dialect,
    progress: &'a Progress,
    /// What was read after the last whole record.
    carry: Vec<u8>,
    offset: u64,
    number: u32,
    ended: bool,
    most: u64,
}

impl Block {
    /// The text with the padding.
    pub(super) fn padded(&self) -> &[u8] {
        &self.bytes
    }

    /// The text.
    pub(super) fn text(&self) -> &[u8] {
        &self.bytes[..self.bytes.len() - PAD.min(self.bytes.len())]
    }
}

impl<'a> Feed<'a> {
    /// Blocks of what `input` gives, `most` bytes at most.
    pub(super) fn new(
        input: Box<dyn Read + Send + 'a>,
        dialect: Dialect,
        most: u64,
        progress: &'a Progress,
    ) -> Feed<'a> {
        Feed { input, dialect, progress, carry: Vec::new(), offset: 0, number: 0, ended: false, most }
    }

    /// The header record, with the line end behind it, and without a byte order mark; empty if there is none.
    pub(super) fn header(&mut self) -> Result<String, Unreadable> {
        let mut bytes = Vec::new();
        self.fill(&mut bytes, BLOCK)?;
        let mark = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        bytes.drain(..mark);
        let mut end = 0;
        if self.dialect.header {
            let mut record = StringRecord::new();
            end = self.dialect.record(valid(&bytes), 0, &mut record).ok_or(Unreadable::Odd)?.end;
            while end < bytes.len() && matches!(bytes[end], b'\n' | b'\r') {
                end += 1;
            }
        }
        self.carry = bytes.split_off(end);
        self.offset = (mark + end) as u64;
        String::from_utf8(bytes).map_err(|_| Unreadable::Odd)
    }

    /// The next block, in the memory of an old one; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, Unreadable> {
        let bytes = &mut block.bytes;
        bytes.clear();
        bytes.append(&mut self.carry);
        let mut want = BLOCK;
        loop {
            self.fill(bytes, want)?;
            if bytes.is_empty() {
                return Ok(false);
            }
            block.quoted = self.is_quoted(bytes);
            let end = match (self.ended, block.quoted) {
                (true, _) => bytes.len(),
                (false, false) => memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1),
                (false, true) => self.dialect.complete(bytes),
            };
            if end == 0 {
                want *= 2;
                // No cell may be as long as that.
                if want > LONGEST {
                    return Err(Unreadable::Odd);
                }
                continue;
            }
            self.carry.extend_from_slice(&bytes[end..]);
            bytes.truncate(end);
            block.number = self.number;
            block.offset = self.offset;
            self.number += 1;
            self.offset += end as u64;
            self.progress.advance(end as u64);
            sound(bytes)?;
            bytes.resize(end + PAD, 0);
            return Ok(true);
        }
    }

    /// Reads until there are so many bytes, or no more.
    fn fill(&mut self, bytes: &mut Vec<u8>, want: usize) -> Result<(), Unreadable> {
        if self.ended || bytes.len() >= want {
            return Ok(());
        }
        bytes.reserve(want + PAD - bytes.len());
        let missing = want - bytes.len();
        let read = (&mut self.input).take(missing as u64).read_to_end(bytes).map_err(|_| Unreadable::Odd)?;
        self.ended = read < missing;
        if self.offset + bytes.len() as u64 > self.most {
            return Err(Unreadable::Over(Limit::ExpandedBytes));
        }
        Ok(())
    }

    fn is_quoted(&self, bytes: &[u8]) -> bool {
        let dialect = &self.dialect;
        let lone_return = || memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
        dialect.comment.is_some()
            || dialect.quote.is_some_and(|quote| memchr::memchr(quote, bytes).is_some())
            || lone_return()
    }
}

/// The part of a text before what is no UTF-8, such as half a character at the end.
fn valid(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

fn sound(bytes: &[u8]) -> Result<(), Unreadable> {
    let text = memchr::memchr(0, bytes).is_none() && std::str::from_utf8(bytes).is_ok();
    text.then_some(()).ok_or(Unreadable::Odd)
}
