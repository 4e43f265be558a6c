//! Parquet: the columns asked for, as coded columns; or all of a small table as text, for the exact reader.

use std::collections::HashMap;
use std::io::Cursor;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};

use polars::prelude::*;

use super::coder::{self, Coder};
use super::decimals::{ODD, Short, long_float};
use super::layout::{Layout, NumberPart};
use super::scan::Rows;
use super::{Job, LargeTable, sizes};
use crate::package::Printed;
use crate::package::descriptor::Field;
use crate::package::fault::{Fault, Faults};
use crate::package::limits::{Limit, Limits};
use crate::package::store::Source;
use crate::progress::Progress;
use crate::work::each;

/// Whether a path names a Parquet file.
pub(in crate::package) fn is(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, suffix)| suffix.eq_ignore_ascii_case("parquet"))
}

/// The columns of a file that a schema names, as CSV text.
pub(in crate::package) fn text(
    label: String,
    bytes: &[u8],
    fields: &[Field],
    limits: &Limits,
) -> Result<Source, Fault> {
    let file = File::open(&label, bytes)?;
    let names = fields.iter().map(|field| field.name.as_str());
    let names: Vec<&str> = names.filter(|name| file.names.iter().any(|own| own == name)).collect();
    file.within(&names, limits)?;
    let width = names.len() as u64;
    let frame = file.read(names, 0..file.rows)?;
    let names: Vec<String> = frame.get_column_names_owned().iter().map(ToString::to_string).collect();
    let columns = columns(&frame, fields).map_err(|error| unreadable(&label, &error.to_string()))?;
    // A long word of a dictionary is stored once, and stands in every row.
    let size = columns.iter().map(Keys::size).sum::<u64>() + frame.height() as u64 * width;
    if let Some(fault) = limits.exceeded(Limit::ExpandedBytes, size, &label) {
        return Err(fault);
    }
    let mut text = csv_line(&names);
    for row in 0..frame.height() {
        let cells: Vec<String> = columns.iter().map(|column| column.text(row).into_owned()).collect();
        text += &csv_line(&cells);
    }
    Ok(Source { label, text: text.into() })
}

/// The columns of a frame as their fields write them.
fn columns(frame: &DataFrame, fields: &[Field]) -> PolarsResult<Vec<Keys>> {
    let is_time = |column: &Column| {
        let field = fields.iter().find(|field| field.name == column.name().as_str());
        field.is_some_and(|field| field.kind.as_deref() == Some("datetime"))
    };
    frame.columns().iter().map(|column| Keys::new(column, is_time(column))).collect()
}

/// A file whose footer is read.
struct File<'a> {
    label: &'a str,
    bytes: &'a [u8],
    metadata: Arc<FileMetadata>,
    /// The names of its columns.
    names: Vec<String>,
    /// Columns of types that are not read, with the type.
    unread: Vec<(String, String)>,
    rows: usize,
}

impl<'a> File<'a> {
    fn open(label: &'a str, bytes: &'a [u8]) -> Result<File<'a>, Fault> {
        if bytes.ends_with(MAGIC) && sizes::footer(bytes).is_none() {
            return Err(corrupt(label));
        }
        let open = || {
            let mut reader = ParquetReader::new(Cursor::new(bytes));
            let schema = reader.schema()?;
            let names = schema.iter_names().map(ToString::to_string).collect();
            let typed = schema.iter_values().map(|field| (field.name.to_string(), type_name(&field.dtype)));
            let unread = typed.filter(|(_, kind)| !READ.contains(&kind.as_str())).collect();
            let metadata = Arc::clone(reader.get_metadata()?);
            Ok(File { label, bytes, rows: metadata.num_rows, metadata, names, unread })
        };
        guarded(label, open)
    }

    /// A fault if some columns have a type that is not read, or if they are over the limits in rows or bytes; nothing is
    /// decoded to know it.
    fn within(&self, names: &[&str], limits: &Limits) -> Result<(), Fault> {
        let over = |limit, found| limits.exceeded(limit, found, self.label).map_or(Ok(()), Err);
        over(Limit::Rows, self.rows as u64)?;
        if let Some((name, kind)) = self.unread.iter().find(|(name, _)| names.contains(&name.as_str())) {
            let zh = format!("列「{name}」的类型 {kind} 不支持");
            let en = format!("the column '{name}' has the type {kind}, which is not read");
            let sql = if kind.contains("Int") { "BIGINT" } else { "VARCHAR" };
            let cast = format!("CAST(\"{name}\" AS {sql})");
            let fault = Fault::new(self.label, "unsupported", zh, en);
            return Err(fault.write(format!("写文件时用 {cast}"), format!("write the file with {cast}")));
        }
        let names: Vec<&str> = names.iter().copied().filter(|name| self.names.iter().any(|own| own == name)).collect();
        let expanded = sizes::expanded(self.bytes, &self.metadata, &names).ok_or_else(|| corrupt(self.label))?;
        over(Limit::ExpandedBytes, expanded)
    }

    /// Some columns of some rows.
    fn read(&self, names: Vec<&str>, rows: Range<usize>) -> Result<DataFrame, Fault> {
        let read = || {
            let mut reader = ParquetReader::new(Cursor::new(self.bytes));
            reader.set_metadata(Arc::clone(&self.metadata));
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            let parallel = if rows.len() < self.rows { ParallelStrategy::None } else { ParallelStrategy::Auto };
            reader.with_columns(Some(names)).with_slice(Some((rows.start, rows.len()))).read_parallel(parallel).finish()
        };
        guarded(self.label, read)
    }

    /// Rows that are stored together, as many as make it worth while to read them by themselves.
    fn parts(&self) -> Vec<Range<usize>> {
        let (mut parts, mut first, mut end) = (Vec::new(), 0, 0usize);
        for group in &self.metadata.row_groups {
            end = self.rows.min(end.saturating_add(group.num_rows()));
            if end - first >= BLOCK / 2 || first < end && end == self.rows {
                parts.push(first..end);
                first = end;
            }
        }
        parts
    }
}

/// Types of columns that are read, by their names in Arrow.
const READ: [&str; 22] = [
    "Null",
    "Boolean",
    "Int8",
    "UInt8",
    "Int16",
    "UInt16",
    "Int32",
    "UInt32",
    "Int64",
    "UInt64",
    "Float32",
    "Float64",
    "Utf8",
    "LargeUtf8",
    "Utf8View",
    "Binary",
    "LargeBinary",
    "BinaryView",
    "Dictionary",
    "Date32",
    "Decimal",
    "Timestamp",
];

/// Without sizes and units; a time of a zone is a type of its own.
fn type_name(kind: &impl std::fmt::Debug) -> String {
    let shown = format!("{kind:?}");
    if shown.starts_with("Timestamp") && shown.contains("Some(") {
        return "TimestampWithZone".to_owned();
    }
    shown.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned()
}

/// How a file begins and ends.
const MAGIC: &[u8] = b"PAR1";

/// Readings under way whose panics are faults of a file.
static GUARDED: AtomicUsize = AtomicUsize::new(0);

/// A file that means harm may make the reader panic, in threads of its own too: that is a fault of the file, and said as one.
fn guarded<T>(label: &str, read: impl FnOnce() -> PolarsResult<T>) -> Result<T, Fault> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if GUARDED.load(Ordering::SeqCst) == 0 {
                usual(panic);
            }
        }));
    });
    GUARDED.fetch_add(1, Ordering::SeqCst);
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    GUARDED.fetch_sub(1, Ordering::SeqCst);
    match read {
        Ok(read) => read.map_err(|error| unreadable(label, &error.to_string())),
        Err(_) => Err(corrupt(label)),
    }
}

fn corrupt(label: &str) -> Fault {
    let fault = Fault::new(label, "bad-parquet", "Parquet 文件已损坏", "is a corrupt Parquet file");
    fault.write("重新写出这个文件,或存为 CSV", "write the file again, or save it as CSV")
}

fn unreadable(label: &str, error: &str) -> Fault {
    let error: String = error.chars().take(200).collect();
    let fault = Fault::new(
        label,
        "bad-parquet",
        format!("读不了 Parquet:{error}"),
        format!("cannot be read as Parquet: {error}"),
    );
    fault.write("重新写出这个文件,或存为 CSV", "write the file again, or save it as CSV")
}

impl Job<'_> {
    /// Reads the columns that the question asks for.
    pub(super) fn parquet(&self) -> Result<Option<LargeTable>, Faults> {
        let package = self.package;
        let label = package.store.label(self.path);
        let one = |fault: Fault| vec![fault];
        let bytes = package.store.read(self.path, Limit::FileBytes, &package.limits).map_err(one)?;
        let header = self.plan.fields.clone();
        let line = csv_line(&header);
        let (_, columns) = self.small_table(&line, b"")?;
        let dialect = crate::package::dialect::Dialect::default();
        let longest = usize::try_from(package.limits.get(Limit::CellBytes)).unwrap_or(usize::MAX);
        let layout = Layout::new(self.plan, self.lists, dialect, longest, (&columns, header.len()), self.wanted);
        let Some(layout) = layout else { return Ok(None) };
        let mut needed: Vec<usize> =
            layout.texts.iter().flat_map(|part| [Some(part.column), part.beside]).flatten().collect();
        needed.extend(layout.numbers.iter().map(|part| part.column));
        needed.sort_unstable();
        needed.dedup();
        let needed: Vec<&str> = needed.iter().map(|column| header[*column].as_str()).collect();
        let file = File::open(&label, &bytes).map_err(one)?;
        file.within(&needed, &package.limits).map_err(one)?;
        let progress = Progress::new(self.title(), file.rows as u64);
        let parts = file.parts();
        let read = |at: usize| -> Result<Vec<Read>, Fault> {
            let rows = parts[at].clone();
            let frame = file.read(needed.clone(), rows.clone())?;
            let table = Table::new(&frame, &header, &layout, rows.start);
            let table = table.map_err(|error| unreadable(&label, &error.to_string()))?;
            drop(frame);
            let blocks = each(table.rows.div_ceil(BLOCK), &|block| table.block(&layout, block));
            progress.advance(rows.len() as u64);
            Ok(blocks)
        };
        let (mut blocks, mut coders, mut bad) = (Vec::new(), Vec::new(), Vec::new());
        for read in each(parts.len(), &read) {
            for (rows, own, wrong) in read.map_err(one)? {
                blocks.push(Rows { reader: coders.len(), ..rows });
                coders.push(own);
                bad.extend(wrong);
            }
        }
        if !bad.is_empty() {
            return Err(self.row_faults(&line, &file, &bad));
        }
        let twice = |[first, second]: [u32; 2]| {
            let place = |row: u32| format!("{label}: row {}", row + 1);
            let (first, second) = (first.min(second), first.max(second));
            vec![self.plan.duplicate(&place(first), Fault::new(place(second), "", "", ""))]
        };
        self.finish(&layout, coders, blocks, &twice).map(Some)
    }

    /// What the exact reader finds wrong with rows, which have a number and no line.
    fn row_faults(&self, line: &str, file: &File, rows: &[usize]) -> Faults {
        let most = usize::try_from(self.package.limits.get(Limit::Faults)).unwrap_or(usize::MAX);
        if let Err(fault) = file.within(&self.fields(), &self.package.limits) {
            return vec![fault];
        }
        let fields = self.package.fields(self.index);
        let cells = |row: usize| -> Vec<String> {
            let frame = file.read(self.fields(), row..row + 1);
            let columns = frame.ok().and_then(|frame| columns(&frame, &fields).ok()).unwrap_or_default();
            columns.iter().map(|column| column.text(0).into_owned()).collect()
        };
        let mut faults = Faults::new();
        for row in rows.iter().take(most.min(LISTED)) {
            let record = csv_line(&cells(*row));
            for mut fault in self.faults_of(line, record.trim_end().as_bytes(), 0) {
                (fault.line, fault.column) = (0, 0);
                fault.what.zh = format!("第 {} 行:{}", row + 1, fault.what.zh);
                fault.what.en = format!("row {}: {}", row + 1, fault.what.en);
                faults.push(fault);
            }
        }
        faults
    }
}

/// Rows whose faults are listed.
const LISTED: usize = 20;

/// Rows of a block.
const BLOCK: usize = 1 << 17;

/// Whole numbers that are looked up at once.
const RECENT: usize = 64;

/// A record as CSV.
fn csv_line(cells: &[String]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(cells);
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Rows, with the numbers of their own coders, and those that cannot be read.
type Read = (Rows, Vec<Coder>, Vec<usize>);

/// The columns of some rows of a file.
struct Table {
    /// Where they stand in the file.
    first: usize,
    keys: Vec<Keys>,
    beside: Vec<Option<Keys>>,
    numbers: Vec<Numbers>,
    rows: usize,
}

/// A text column: texts, or whole numbers such as years.
enum Keys {
    Texts(StringChunked),
    Whole(Int64Chunked),
}

/// A number column.
enum Numbers {
    Floats(Float64Chunked),
    Whole(Int64Chunked),
    /// Anything else by its digits.
    Texts(StringChunked),
}

fn whole(column: &Column) -> PolarsResult<Option<Int64Chunked>> {
    let small = column.dtype().is_integer() && !matches!(column.dtype(), DataType::UInt64 | DataType::Int128);
    if !small {
        return Ok(None);
    }
    column.as_materialized_series().cast(&DataType::Int64)?.rechunk().i64().cloned().map(Some)
}

/// The texts of a column; floats by their shortest digits, times as Table Schema writes them, or as days where they are all
/// midnights and their field `is_time` does not ask for times.
fn digits(column: &Column, is_time: bool) -> PolarsResult<StringChunked> {
    let series = column.as_materialized_series();
    if let Ok(floats) = series.f64() {
        let shortest = |float: f64| float.to_string();
        return Ok(floats.iter().map(|float| float.map(shortest)).collect_ca(floats.name().clone()));
    }
    if !matches!(column.dtype(), DataType::Datetime(..)) {
        return series.cast(&DataType::String)?.rechunk().str().cloned();
    }
    let texts = series.cast(&DataType::String)?.rechunk().str().cloned()?;
    let days = !is_time && texts.iter().flatten().all(|text| text.get(10..).is_some_and(is_midnight));
    let written = |text: &str| match text.split_once(' ') {
        Some((day, _)) if days => day.to_owned(),
        Some((day, time)) => format!("{day}T{}", time.split('.').next().unwrap_or(time)),
        None => text.to_owned(),
    };
    Ok(texts.iter().map(|text| text.map(written)).collect_ca(texts.name().clone()))
}

fn is_midnight(time: &str) -> bool {
    time.bytes().all(|byte| !(b'1'..=b'9').contains(&byte))
}

impl Keys {
    fn new(column: &Column, is_time: bool) -> PolarsResult<Keys> {
        Ok(match whole(column)? {
            Some(numbers) => Keys::Whole(numbers),
            None => Keys::Texts(digits(column, is_time)?),
        })
    }

    /// Bytes of all texts together.
    fn size(&self) -> u64 {
        match self {
            Keys::Texts(texts) => texts.iter().flatten().map(|text| text.len() as u64).sum(),
            Keys::Whole(numbers) => numbers.len() as u64,
        }
    }

    /// The text of a row.
    fn text(&self, row: usize) -> std::borrow::Cow<'_, str> {
        match self {
            Keys::Texts(texts) => texts.get(row).unwrap_or("").into(),
            Keys::Whole(numbers) => numbers.get(row).map_or(String::new(), |number| number.to_string()).into(),
        }
    }
}

impl Numbers {
    fn new(column: &Column) -> PolarsResult<Numbers> {
        if *column.dtype() == DataType::Float64 {
            return column.as_materialized_series().rechunk().f64().cloned().map(Numbers::Floats);
        }
        Ok(match whole(column)? {
            Some(numbers) => Numbers::Whole(numbers),
            None => Numbers::Texts(digits(column, false)?),
        })
    }

    /// The number of a row, which may have the `likely` decimals; `None` if it cannot be read.
    fn number(&self, row: usize, part: &NumberPart, likely: &mut u8) -> Option<Result<Short, (f64, Printed)>> {
        let quick = match self {
            Numbers::Floats(floats) => match floats.get(row) {
                None => Some(Short::NONE),
                Some(float) => Short::of_float(float, likely),
            },
            Numbers::Whole(numbers) => match numbers.get(row) {
                None => Some(Short::NONE),
                Some(number) => (number.unsigned_abs() < 1_000_000_000_000_000)
                    .then_some(Short { mantissa: number as f64, places: 0 }),
            },
            Numbers::Texts(_) => None,
        };
        let plain = !part.watched && (!part.whole || quick.is_some_and(|short| short.places == 0));
        if let Some(short) = quick.filter(|_| plain) {
            return Some(Ok(short));
        }
        let text = match self {
            Numbers::Floats(floats) => floats.get(row).map_or(String::new(), |float| {
                long_float(float).map_or_else(|| float.to_string(), |(_, printed)| printed.digits)
            }),
            Numbers::Whole(numbers) => numbers.get(row).map_or(String::new(), |number| number.to_string()),
            Numbers::Texts(texts) => texts.get(row).unwrap_or("").to_owned(),
        };
        super::scan::number(part, text.as_bytes())
    }
}

impl Table {
    fn new(frame: &DataFrame, header: &[String], layout: &Layout, first: usize) -> PolarsResult<Table> {
        let keys = |column: usize| Keys::new(frame.column(&header[column])?, false);
        let numbers = |part: &NumberPart| Numbers::new(frame.column(&header[part.column])?);
        Ok(Table {
            first,
            keys: layout.texts.iter().map(|part| keys(part.column)).collect::<Result<_, _>>()?,
            beside: layout.texts.iter().map(|part| part.beside.map(keys).transpose()).collect::<Result<_, _>>()?,
            numbers: layout.numbers.iter().map(numbers).collect::<Result<_, _>>()?,
            rows: frame.height(),
        })
    }

    fn block(&self, layout: &Layout, block: usize) -> Read {
        let (first, width) = (block * BLOCK, layout.texts.len());
        let number = self.first + first;
        let count = BLOCK.min(self.rows - first);
        let mut rows = Rows {
            number: number as u32,
            reader: 0,
            rows: count,
            codes: vec![0; count * width],
            values: Vec::with_capacity(layout.numbers.len()),
            places: Vec::with_capacity(layout.numbers.len()),
            odd: vec![Vec::new(); layout.numbers.len()],
            percents: vec![0; layout.numbers.len()],
        };
        let mut bad = Vec::new();
        let mut coders: Vec<Coder> = (0..width).map(|_| Coder::new()).collect();
        for (at, part) in layout.texts.iter().enumerate() {
            let (keys, beside, coder) = (&self.keys[at], self.beside[at].as_ref(), &mut coders[at]);
            let meet = |text: &str| part.meet(text, "").filter(|_| text.len() <= layout.longest);
            let mut joined = Vec::new();
            // Years and other whole numbers by themselves: one text a number.
            let mut known: HashMap<i64, u32> = HashMap::new();
            let mut recent = [(0, coder::BAD); RECENT];
            // Short texts lie whole in their view, behind four bytes of length.
            let views = match keys {
                Keys::Texts(texts) if texts.null_count() == 0 => {
                    texts.downcast_iter().next().map(|array| array.views())
                }
                _ => None,
            };
            for row in 0..count {
                let place = (number as u64) << 32 | row as u64;
                let plain = beside.is_none() && part.missing.is_empty();
                let code = match keys {
                    Keys::Texts(texts) if plain => {
                        let text = || texts.get(first + row).unwrap_or("").as_bytes();
                        let view = views.and_then(|views| views.get(first + row)).filter(|view| view.is_inline());
                        match view.map(|view| view.as_u128() >> 32).or_else(|| coder::short(text())) {
                            Some(key) => coder.short(key, place, meet),
                            None => coder.long(text(), place, meet),
                        }
                    }
                    Keys::Whole(numbers) if plain && numbers.get(first + row).is_some() => {
                        let number = numbers.get(first + row).unwrap_or_default();
                        let recent = &mut recent[number.rem_euclid(RECENT as i64) as usize];
                        if *recent == (number, coder::BAD) || recent.0 != number {
                            let code = *known.entry(number).or_insert_with(|| {
                                let text = number.to_string();
                                coder.long(text.as_bytes(), place, meet)
                            });
                            *recent = (number, code);
                        }
                        recent.1
                    }
                    _ => {
                        let pair =
                            Pair { text: keys.text(first + row), beside: beside.map(|keys| keys.text(first + row)) };
                        let longest = pair.text.len().max(pair.beside.as_ref().map_or(0, |text| text.len()));
                        if longest > layout.longest {
                            coder::BAD
                        } else {
                            super::scan::two(part, coder, &pair, place, &mut joined)
                        }
                    }
                };
                rows.codes[row * width + at] = code;
                if code == coder::BAD {
                    bad.push(number + row);
                }
            }
        }
        for (at, part) in layout.numbers.iter().enumerate() {
            let (mut values, mut places) = (Vec::with_capacity(count), Vec::with_capacity(count));
            let mut likely = 0;
            for row in 0..count {
                let (value, place) = match self.numbers[at].number(first + row, part, &mut likely) {
                    Some(Ok(Short { mantissa, places })) => (mantissa, places),
                    Some(Err((value, printed))) => {
                        rows.odd[at].push((row as u32, printed));
                        (value, ODD)
                    }
                    None => {
                        bad.push(number + row);
                        (f64::NAN, 0)
                    }
                };
                values.push(value);
                places.push(place);
            }
            rows.values.push(values);
            rows.places.push(places);
        }
        bad.sort_unstable();
        bad.dedup();
        (rows, coders, bad)
    }
}

/// A text with what stands beside it.
struct Pair<'a> {
    text: std::borrow::Cow<'a, str>,
    beside: Option<std::borrow::Cow<'a, str>>,
}

impl super::scan::Beside for Pair<'_> {
    fn own(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn other(&self) -> &[u8] {
        self.beside.as_deref().unwrap_or("").as_bytes()
    }
}
