//! Very many rows: parts of them are formatted by several threads, and written in order by one.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use super::super::field::{Feed, Field};
use super::super::{Format, Look};
use super::{Commas, Rows, Tabs, clean};
use crate::progress::Progress;
use crate::text::Text;
use crate::work::threads;

/// Rows of a part.
const PART: usize = 1 << 14;

/// A column: texts that are ready to be written, by number, or cells one by one.
enum Piece<'a> {
    Ready(&'a [u32], Vec<Box<[u8]>>),
    Cells(&'a Feed<'a>),
}

/// Writes the rows.
pub(super) fn write(rows: usize, feeds: &[Feed], look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let pieces = feeds.iter().map(|feed| piece(feed, look)).collect::<io::Result<Vec<_>>>()?;
    let parts = rows.div_ceil(PART);
    let next = AtomicUsize::new(0);
    let progress = Progress::new(Text::new("写出", "writing"), rows as u64);
    thread::scope(|scope| {
        let (send, receive) = sync_channel::<(usize, io::Result<Vec<u8>>)>(2 * threads());
        for _ in 0..threads() {
            let send = send.clone();
            scope.spawn(|| {
                let send = send;
                loop {
                    let part = next.fetch_add(1, Ordering::Relaxed);
                    if part >= parts {
                        return;
                    }
                    let bytes = format(&pieces, look, part * PART..rows.min((part + 1) * PART));
                    // Whoever writes has failed: there is nothing left to do.
                    if send.send((part, bytes)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let (mut waiting, mut due) = (BTreeMap::new(), 0);
        for (part, bytes) in receive {
            waiting.insert(part, bytes);
            while let Some(bytes) = waiting.remove(&due) {
                out.write_all(&bytes?)?;
                progress.advance(PART as u64);
                due += 1;
            }
        }
        Ok(())
    })
}

fn piece<'a>(feed: &'a Feed<'a>, look: &Look) -> io::Result<Piece<'a>> {
    let Some((codes, count)) = feed.codes() else { return Ok(Piece::Cells(feed)) };
    let mut scratch = String::new();
    let label = |code: usize| match feed.label(code, &mut scratch) {
        Field::Missing(_) => Ok(Box::default()),
        Field::Digits(digits) => ready(digits, look),
        Field::Text(text) => ready(&clean(&text, look), look),
        Field::List(items, delimiter) => ready(&clean(&items.join(delimiter), look), look),
    };
    Ok(Piece::Ready(codes, (0..count).map(label).collect::<io::Result<_>>()?))
}

/// A field as it stands among others, quoted where it has to be.
fn ready(text: &str, look: &Look) -> io::Result<Box<[u8]>> {
    let mut bytes = Vec::new();
    let mut rows: Box<dyn Rows + '_> = match look.format {
        Format::Tsv => Box::new(Tabs::new(&mut bytes, false)),
        _ => Box::new(Commas::new(&mut bytes, false)),
    };
    rows.field(text)?;
    rows.field("")?;
    rows.end()?;
    rows.finish()?;
    // The delimiter and the end of the line.
    bytes.truncate(bytes.len().saturating_sub(2));
    Ok(bytes.into_boxed_slice())
}

fn format(pieces: &[Piece], look: &Look, rows: std::ops::Range<usize>) -> io::Result<Vec<u8>> {
    let delimiter = if look.format == Format::Tsv { b'\t' } else { b',' };
    let end: &[u8] = if look.for_excel { b"\r\n" } else { b"\n" };
    let mut bytes = Vec::with_capacity(rows.len() * pieces.len() * 12);
    let mut scratch = String::new();
    for row in rows {
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                bytes.push(delimiter);
            }
            match piece {
                Piece::Ready(codes, texts) => {
                    let text = codes.get(row).and_then(|code| texts.get(*code as usize));
                    bytes.extend_from_slice(text.map_or(&[], |text| text));
                }
                Piece::Cells(feed) => match feed.field(row, &mut scratch) {
                    Field::Missing(_) => {}
                    Field::Digits(digits) => bytes.extend_from_slice(digits.as_bytes()),
                    Field::Text(text) => bytes.extend_from_slice(&ready(&clean(&text, look), look)?),
                    Field::List(items, delimiter) => {
                        bytes.extend_from_slice(&ready(&clean(&items.join(delimiter), look), look)?);
                    }
                },
            }
        }
        bytes.extend_from_slice(end);
    }
    Ok(bytes)
}
