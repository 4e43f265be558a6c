//! What is wrong with rows of a large table, and where: the rows are looked up in the file again and given, one by one, to
//! the exact reader.

use std::io::{BufRead, BufReader};

use csv::StringRecord;

use super::feed::{Block, Feed};
use super::scan::Bad;
use super::{Form, Job, Loader, input};
use crate::package::dialect::Dialect;
use crate::package::fault::{Fault, Faults};
use crate::package::limits::Limit;
use crate::package::store::{Opened, Source};
use crate::package::table::Table;
use crate::progress::Progress;
use crate::text::Text;

/// Opens the file once more.
pub(super) type Again<'a> = &'a dyn Fn() -> Option<Opened>;

impl Job<'_> {
    /// A table of the header and one record, with the column of each field.
    pub(super) fn small_table(&self, header: &str, record: &[u8]) -> Result<(Table, Vec<Option<usize>>), Faults> {
        let package = self.package;
        let dialect = package.dialect(self.index, &package.declared[self.index])?;
        let text = format!("{header}{}\n", String::from_utf8_lossy(record));
        let source = Source { label: package.store.label(self.path), text: text.into() };
        let fields = self.fields();
        let mut table = Table::of_text(source, dialect, &package.limits, &fields)?;
        let mut faults = Faults::new();
        table.match_fields(&fields, &self.plan.matching, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let columns = table.columns_of(fields.len());
        Ok((table, columns))
    }

    /// The faults of records, in the order of the file.
    pub(super) fn faults(&self, header: &str, mut bad: Vec<Bad>, form: Form, again: Again) -> Faults {
        bad.sort_by_key(|bad| bad.offset);
        bad.truncate(usize::try_from(self.package.limits.get(Limit::Faults)).unwrap_or(usize::MAX));
        let offsets: Vec<u64> = bad.iter().map(|bad| bad.offset).collect();
        let lines = lines(&offsets, form, again);
        let mut faults = Faults::new();
        for (bad, line) in bad.iter().zip(lines) {
            faults.extend(self.faults_of(header, &bad.record, line));
        }
        faults
    }

    /// What the exact reader finds wrong with a record that stands in a line.
    pub(super) fn faults_of(&self, header: &str, record: &[u8], line: u64) -> Faults {
        let (table, _) = match self.small_table(header, record) {
            Ok(table) => table,
            Err(faults) => return faults,
        };
        let mut faults = Faults::new();
        let mut loader = Loader::new(self.package, self.plan, &table, &mut faults);
        table.rows(&mut faults, |record, place, faults| {
            loader.row(record, place, faults);
            true
        });
        let first = 1 + header.matches('\n').count() as u64;
        for fault in &mut faults {
            fault.line = fault.line.saturating_sub(first) + line;
        }
        faults
    }

    /// The fault of two rows with one key.
    pub(super) fn twice(&self, header: &str, rows: [u32; 2], form: Form, dialect: Dialect, again: Again) -> Faults {
        let mut rows = rows.map(u64::from);
        rows.sort_unstable();
        let offsets = again().map(|opened| self.offsets(&opened, form, dialect, rows)).unwrap_or_default();
        let found = lines(&offsets, form, again);
        let label = self.package.store.label(self.path);
        let field = self.small_table(header, b"").ok().and_then(|(_, columns)| *columns.get(self.plan.period.0)?);
        let place = |at: usize| {
            let line = found.get(at).copied().unwrap_or(0);
            let column = if line > 0 && field == Some(0) { 1 } else { 0 };
            Fault { line, column, ..Fault::new(label.clone(), "", "", "") }
        };
        vec![self.plan.duplicate(&place(0).place(), place(1))]
    }

    /// Where rows start in the text.
    fn offsets(&self, opened: &Opened, form: Form, dialect: Dialect, rows: [u64; 2]) -> Vec<u64> {
        let progress = Progress::new(Text::default(), 0);
        let mut feed = Feed::new(input(opened, form), dialect, u64::MAX, &progress);
        let mut offsets = Vec::new();
        if feed.header().is_err() {
            return offsets;
        }
        let (mut block, mut row) = (Block::default(), 0);
        while matches!(feed.next(&mut block), Ok(true)) {
            let text = String::from_utf8_lossy(block.text());
            let mut record = StringRecord::new();
            let mut at = 0;
            while let Some(span) = dialect.record(&text, at, &mut record) {
                if rows.contains(&row) {
                    offsets.push(block.offset + span.start as u64);
                }
                at = span.end;
                row += 1;
            }
            if offsets.len() == rows.len() {
                break;
            }
        }
        offsets
    }
}

/// The lines of places in a text, in order; blank lines before a record are not its own.
fn lines(offsets: &[u64], form: Form, again: Again) -> Vec<u64> {
    let Some(opened) = again() else { return vec![0; offsets.len()] };
    let mut reader = BufReader::with_capacity(1 << 18, input(&opened, form));
    let (mut at, mut line, mut found) = (0u64, 1u64, Vec::new());
    for offset in offsets {
        while at < *offset {
            let Ok(bytes) = reader.fill_buf() else { break };
            let part = bytes.len().min(usize::try_from(offset - at).unwrap_or(usize::MAX));
            if part == 0 {
                break;
            }
            line += memchr::memchr_iter(b'\n', &bytes[..part]).count() as u64;
            reader.consume(part);
            at += part as u64;
        }
        found.push(line);
    }
    found
}
