//! Large CSV files, block by block on all cores: one thread reads (and decompresses) whole records, the others split them.

use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use csv::StringRecord;

use super::columns::{Names, Piece, float};
use super::dialect::Dialect;
use super::fault::{Fault, Faults};
use super::limits::{Limit, Limits};
use super::model::Package;
use super::observation;
use super::plan::{Codes, Plan};
use super::store::Source;
use super::table::{Place, Table};

const BLOCK: usize = 4 << 20;
/// Faults of one block: a question names a few, `check` reads all rows in its own way.
const MOST: usize = 100;

/// What became of a block.
struct Done {
    piece: Piece,
    lines: u64,
    faults: Faults,
}

/// The pieces of a table's files, in order.
pub(super) fn pieces(package: &Package, index: usize, plan: &Plan, paths: &[String]) -> Result<Vec<Piece>, Faults> {
    let mut pieces = Vec::new();
    let mut rows = 0;
    for (number, path) in paths.iter().enumerate() {
        let pointer = match paths {
            [_] => format!("/resources/{index}/path"),
            _ => format!("/resources/{index}/path/{number}"),
        };
        let file = package.file_pieces(index, plan, path, &mut rows);
        let fault = |fault: Fault| package.file_fault(fault, &pointer, path);
        pieces.extend(file.map_err(|faults| faults.into_iter().map(fault).collect::<Faults>())?);
    }
    Ok(pieces)
}

impl Package {
    fn file_pieces(&self, index: usize, plan: &Plan, path: &str, rows: &mut u64) -> Result<Vec<Piece>, Faults> {
        let declared = &self.declared[index];
        let dialect = self.dialect(index, declared)?;
        let label = self.store.label(path);
        let one = |fault: Fault| vec![fault];
        let file = self.store.open(path, Limit::FileBytes, &self.limits).map_err(one)?;
        let gzip = declared.is_gzip(path);
        let reader: Box<dyn Read + Send + '_> = if gzip {
            Box::new(flate2::read::MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 20, file.reader())))
        } else {
            Box::new(file.reader())
        };
        let most = self.limits.get(if gzip { Limit::ExpandedBytes } else { Limit::FileBytes });
        let mut source = Blocks { reader, dialect, carry: Vec::new(), read: 0, most, ended: false };
        let fields: Vec<&str> = plan.fields.iter().map(String::as_str).collect();
        let mut header: Option<Arc<Table>> = None;
        let stop = AtomicBool::new(false);
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let (send, receive) = mpsc::sync_channel::<(usize, Table)>(workers);
        let receive = Mutex::new(receive);
        let done: Mutex<Vec<(usize, Done)>> = Mutex::new(Vec::new());
        let failed = std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    loop {
                        let job = receive.lock().map(|queue| queue.recv());
                        let Ok(Ok((number, table))) = job else { break };
                        let result = split(plan, &table);
                        if !result.faults.is_empty() {
                            stop.store(true, Ordering::Relaxed);
                        }
                        if let Ok(mut done) = done.lock() {
                            done.push((number, result));
                        }
                    }
                });
            }
            let mut number = 0;
            let result = loop {
                if stop.load(Ordering::Relaxed) {
                    break Ok(());
                }
                let bytes = match source.next(&label, &self.limits) {
                    Ok(Some(bytes)) => bytes,
                    Ok(None) => break Ok(()),
                    Err(fault) => break Err(vec![fault]),
                };
                // The place of invalid UTF-8 counts from the start of the block: `lines` of those before are added below.
                let block = match super::encoding::utf8(label.clone(), bytes.into()) {
                    Ok(block) => block,
                    Err(fault) => {
                        if let Ok(mut done) = done.lock() {
                            done.push((number, Done { piece: Piece::default(), lines: 0, faults: vec![fault] }));
                        }
                        break Ok(());
                    }
                };
                let first = header.is_none();
                let shape = match &header {
                    Some(shape) => Arc::clone(shape),
                    None => match first_table(&block, &dialect, &fields, plan, &self.limits) {
                        Ok(table) => Arc::clone(header.insert(Arc::new(table))),
                        Err(faults) => break Err(faults),
                    },
                };
                if send.send((number, shape.on(block, first && dialect.header))).is_err() {
                    break Ok(());
                }
                number += 1;
            };
            drop(send);
            result
        });
        failed?;
        file.unchanged().map_err(one)?;
        let mut done = done.into_inner().unwrap_or_default();
        if header.is_none() && dialect.header && done.is_empty() {
            let fault = Fault::new(label, "empty-file", "是空文件", "is empty");
            return Err(vec![fault.write("至少写表头", "write the header at least")]);
        }
        done.sort_by_key(|(number, _)| *number);
        let (mut pieces, mut faults, mut lines) = (Vec::new(), Faults::new(), 0);
        for (_, block) in done {
            *rows += block.piece.period.len() as u64;
            let placed =
                |fault: Fault| if fault.line == 0 { fault } else { Fault { line: fault.line + lines, ..fault } };
            faults.extend(block.faults.into_iter().map(placed));
            lines += block.lines;
            pieces.push(block.piece);
        }
        faults.extend(self.limits.exceeded(Limit::Rows, *rows, &label));
        if faults.is_empty() { Ok(pieces) } else { Err(faults) }
    }
}

/// The first block's table, its header read and matched.
fn first_table(
    block: &Source,
    dialect: &Dialect,
    fields: &[&str],
    plan: &Plan,
    limits: &Limits,
) -> Result<Table, Faults> {
    let mut record = StringRecord::new();
    let end = dialect.record(&block.text, 0, &mut record).map_or(0, |span| span.end);
    let header =
        Source { label: block.label.clone(), text: block.text.get(..end).unwrap_or_default().to_owned().into() };
    let mut table = Table::of_header(header, *dialect, fields, limits.clone())?;
    let mut faults = Faults::new();
    table.match_fields(fields, &plan.matching, &mut faults);
    if faults.is_empty() { Ok(table) } else { Err(faults) }
}

/// Whole records, a block at a time.
struct Blocks<'r> {
    reader: Box<dyn Read + Send + 'r>,
    dialect: Dialect,
    carry: Vec<u8>,
    read: u64,
    most: u64,
    ended: bool,
}

impl Blocks<'_> {
    fn next(&mut self, label: &str, limits: &Limits) -> Result<Option<Vec<u8>>, Fault> {
        let mut block = std::mem::take(&mut self.carry);
        while !self.ended {
            let before = block.len();
            let mut part = (&mut self.reader).take(BLOCK as u64);
            if let Err(error) = part.read_to_end(&mut block) {
                return Err(super::encoding::gzip_fault(label, &error));
            }
            let found = block.len() - before;
            self.read += found as u64;
            self.ended = found < BLOCK;
            if self.read > self.most {
                let limit =
                    if self.most == limits.get(Limit::ExpandedBytes) { Limit::ExpandedBytes } else { Limit::FileBytes };
                return Err(limits
                    .exceeded(limit, self.read, label)
                    .unwrap_or_else(|| Fault::new(label, "limit", "太大", "is too large")));
            }
            if !self.ended {
                let end = self.dialect.complete(&block);
                if end > 0 {
                    self.carry = block.split_off(end);
                    return Ok(Some(block));
                }
            }
        }
        Ok((!block.is_empty()).then_some(block))
    }
}

/// The columns of a block.
struct Splitter<'a> {
    plan: &'a Plan,
    table: &'a Table,
    piece: Piece,
    faults: Faults,
}

fn split(plan: &Plan, table: &Table) -> Done {
    let piece = Piece {
        dimensions: plan.dimensions.iter().map(|_| Names::default()).collect(),
        members: vec![Vec::new(); plan.dimensions.len()],
        values: vec![Vec::new(); plan.numbers.len()],
        ..Piece::default()
    };
    let mut splitter = Splitter { plan, table, piece, faults: Faults::new() };
    let mut faults = Faults::new();
    if !table.plain_rows(|cells, place| splitter.row(cells, place)) {
        table.rows(&mut faults, |record, place, _| splitter.row(&record.iter().collect::<Vec<_>>(), place));
    }
    let Splitter { piece, faults: mut more, .. } = splitter;
    faults.append(&mut more);
    Done { lines: table.lines(), piece, faults }
}

impl Splitter<'_> {
    /// Takes a row; `false` after a fault too many.
    fn row(&mut self, cells: &[&str], place: Place) -> bool {
        let plan = self.plan;
        if let Some(fault) = self.table.unsound(cells.iter().map(|cell| cell.len()), place) {
            self.faults.push(fault);
            return self.faults.len() < MOST;
        }
        let cell = |field: usize| {
            let text = cells.get(field).copied().unwrap_or("");
            let missing = plan.missing.get(field).is_some_and(|missing| missing.iter().any(|value| value == text));
            if missing { "" } else { text }
        };
        let part = plan.period_part.as_ref().map_or("", |(field, _)| cell(*field));
        let text = cell(plan.period.0);
        let number = self.piece.periods.period(text, part);
        self.piece.period.push(number);
        for (at, dimension) in plan.dimensions.iter().enumerate() {
            let name = match dimension.codes {
                Codes::InTable { names: Some(names) } => cell(names),
                _ => "",
            };
            let number = self.piece.dimensions[at].number(cell(dimension.field), name);
            self.piece.members[at].push(number);
        }
        for (at, number) in plan.numbers.iter().enumerate() {
            let text = cell(number.value);
            let value = if text.is_empty() { Some(f64::NAN) } else { float(&number.format, text) };
            if let Some(value) = value.filter(|_| number.whole.is_none()) {
                self.piece.values[at].push(value);
                continue;
            }
            match observation::read(number, [text, "", "", ""]) {
                Ok(cell) => {
                    self.piece.values[at].push(cell.ok().and_then(|cell| cell.digits.parse().ok()).unwrap_or(f64::NAN))
                }
                Err(misprint) => self.faults.push(misprint.fault(self.table, place)),
            }
        }
        self.faults.len() < MOST
    }
}
