//! Parquet: the columns asked for, as coded columns; or all of a small table as text, for the exact reader.

use std::collections::HashMap;
use std::io::Cursor;

use polars::prelude::*;

use super::coder::{self, Coder};
use super::decimals::{ODD, Short, long_float};
use super::layout::{Layout, NumberPart};
use super::place::duplicate;
use super::scan::Rows;
use super::{Job, LargeTable};
use crate::package::Printed;
use crate::package::calendar::Date;
use crate::package::fault::{Fault, Faults};
use crate::package::limits::{Limit, Limits};
use crate::package::store::Source;
use crate::work::each;

/// Whether a path names a Parquet file.
pub(in crate::package) fn is(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, suffix)| suffix.eq_ignore_ascii_case("parquet"))
}

/// The columns of a file that a schema names, as CSV text.
pub(in crate::package) fn text(label: String, bytes: &[u8], fields: &[&str], limits: &Limits) -> Result<Source, Fault> {
    let frame = read(&label, bytes, |schema| {
        fields.iter().filter(|name| schema.iter().any(|own| own == **name)).copied().collect()
    })?;
    let rows = frame.height() as u64;
    let most = [(Limit::Rows, rows), (Limit::ExpandedBytes, rows * frame.width() as u64)];
    if let Some(fault) = most.iter().find_map(|(limit, found)| limits.exceeded(*limit, *found, &label)) {
        return Err(fault);
    }
    let names: Vec<String> = frame.get_column_names_owned().iter().map(ToString::to_string).collect();
    let columns = frame.columns().iter().map(Keys::new).collect::<PolarsResult<Vec<_>>>();
    let columns = columns.map_err(|error| unreadable(&label, &error.to_string()))?;
    let mut text = csv_line(&names);
    for row in 0..frame.height() {
        let cells: Vec<String> = columns.iter().map(|column| column.text(row).into_owned()).collect();
        text += &csv_line(&cells);
    }
    Ok(Source { label, text: text.into() })
}

/// Reads columns of a file. A file that means harm may make the reader panic: that is a fault of the file.
fn read<'n>(label: &str, bytes: &[u8], names: impl Fn(&[String]) -> Vec<&'n str>) -> Result<DataFrame, Fault> {
    let read = || -> PolarsResult<DataFrame> {
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let schema: Vec<String> = reader.schema()?.iter_names().map(|name| name.to_string()).collect();
        let names = names(&schema).into_iter().map(str::to_owned).collect();
        reader.with_columns(Some(names)).finish()
    };
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(frame) => frame.map_err(|error| unreadable(label, &error.to_string())),
        Err(_) => Err(unreadable(label, "corrupt")),
    }
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
        let frame =
            read(&label, &bytes, |_| needed.iter().map(|column| header[*column].as_str()).collect()).map_err(one)?;
        if let Some(fault) = package.limits.exceeded(Limit::Rows, frame.height() as u64, &label) {
            return Err(vec![fault]);
        }
        let broken = |error: PolarsError| vec![unreadable(&label, &error.to_string())];
        let keys = |column: usize| frame.column(&header[column]).and_then(Keys::new).map_err(broken);
        let table = Table {
            keys: layout.texts.iter().map(|part| keys(part.column)).collect::<Result<_, _>>()?,
            beside: layout.texts.iter().map(|part| part.beside.map(keys).transpose()).collect::<Result<_, _>>()?,
            numbers: layout
                .numbers
                .iter()
                .map(|part| frame.column(&header[part.column]).and_then(Numbers::new).map_err(broken))
                .collect::<Result<_, _>>()?,
            rows: frame.height(),
        };
        drop(frame);
        let blocks = each(table.rows.div_ceil(BLOCK), &|number| table.block(&layout, number));
        let bad: Vec<usize> = blocks.iter().flat_map(|(_, _, bad)| bad.iter().copied()).collect();
        if !bad.is_empty() {
            return Err(self.row_faults(&line, &header, &bytes, &bad));
        }
        let (rows, coders) = blocks.into_iter().map(|(rows, coders, _)| (rows, coders)).unzip();
        let twice = |[first, second]: [u32; 2]| {
            let place = |row: u32| format!("{label}: row {}", row + 1);
            let (first, second) = (first.min(second), first.max(second));
            let fault = Fault::new(place(second), "duplicate-observation", "", "");
            vec![duplicate(&place(first), fault)]
        };
        self.finish(&layout, coders, rows, &twice).map(Some)
    }

    /// What the exact reader finds wrong with rows, which have a number and no line.
    fn row_faults(&self, line: &str, header: &[String], bytes: &[u8], rows: &[usize]) -> Faults {
        let package = self.package;
        let most = usize::try_from(package.limits.get(Limit::Faults)).unwrap_or(usize::MAX);
        let frame = read("", bytes, |_| header.iter().map(String::as_str).collect());
        let columns: Vec<Keys> =
            frame.iter().flat_map(DataFrame::columns).filter_map(|column| Keys::new(column).ok()).collect();
        let cells = |row: usize| columns.iter().map(|column| column.text(row).into_owned()).collect::<Vec<_>>();
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

/// A record as CSV.
fn csv_line(cells: &[String]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(cells);
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The columns of a file.
struct Table {
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

/// A column of days, as they are written.
fn days(column: &Column) -> PolarsResult<StringChunked> {
    let days = column.as_materialized_series().cast(&DataType::Int32)?;
    let text = |day: i32| Date::of_epoch(day.into()).map(|date| date.to_string());
    Ok(days.i32()?.iter().map(|day| day.and_then(text)).collect())
}

fn whole(column: &Column) -> PolarsResult<Option<Int64Chunked>> {
    let small = column.dtype().is_integer() && !matches!(column.dtype(), DataType::UInt64 | DataType::Int128);
    if !small {
        return Ok(None);
    }
    column.as_materialized_series().cast(&DataType::Int64)?.rechunk().i64().cloned().map(Some)
}

fn digits(column: &Column) -> PolarsResult<StringChunked> {
    column.as_materialized_series().cast(&DataType::String)?.rechunk().str().cloned()
}

impl Keys {
    fn new(column: &Column) -> PolarsResult<Keys> {
        Ok(match whole(column)? {
            Some(numbers) => Keys::Whole(numbers),
            None if *column.dtype() == DataType::Date => Keys::Texts(days(column)?),
            None => Keys::Texts(digits(column)?),
        })
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
            None => Numbers::Texts(digits(column)?),
        })
    }

    /// The number of a row; `None` if it cannot be read.
    fn number(&self, row: usize, part: &NumberPart) -> Option<Result<Short, (f64, Printed)>> {
        let quick = match self {
            Numbers::Floats(floats) => match floats.get(row) {
                None => Some(Short::NONE),
                Some(float) => Short::of_float(float),
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
    /// The rows of a block, with the numbers of its own coders, and the rows that cannot be read.
    fn block(&self, layout: &Layout, number: usize) -> (Rows, Vec<Coder>, Vec<usize>) {
        let (first, width) = (number * BLOCK, layout.texts.len());
        let count = BLOCK.min(self.rows - first);
        let mut rows = Rows {
            number: number as u32,
            reader: number,
            rows: count,
            codes: vec![0; count * width],
            values: Vec::with_capacity(layout.numbers.len()),
            places: Vec::with_capacity(layout.numbers.len()),
            odd: vec![Vec::new(); layout.numbers.len()],
        };
        let mut bad = Vec::new();
        let mut coders: Vec<Coder> = (0..width).map(|_| Coder::new()).collect();
        for (at, part) in layout.texts.iter().enumerate() {
            let (keys, beside, coder) = (&self.keys[at], self.beside[at].as_ref(), &mut coders[at]);
            let mut joined = Vec::new();
            // Years and other whole numbers by themselves: one text a number.
            let mut known: HashMap<i64, u32> = HashMap::new();
            let mut last: Option<(i64, u32)> = None;
            for row in 0..count {
                let place = (number as u64) << 32 | row as u64;
                let plain = beside.is_none() && part.missing.is_empty();
                let code = match keys {
                    Keys::Texts(texts) if plain => {
                        let text = texts.get(first + row).unwrap_or("");
                        match coder::short(text.as_bytes()) {
                            Some(key) => coder.short(key, place, |text| part.meet(text, "")),
                            None => coder.long(text.as_bytes(), place, |text| part.meet(text, "")),
                        }
                    }
                    Keys::Whole(numbers) if plain && numbers.get(first + row).is_some() => {
                        let number = numbers.get(first + row).unwrap_or_default();
                        match last.filter(|(last, _)| *last == number) {
                            Some((_, code)) => code,
                            None => {
                                let code = *known.entry(number).or_insert_with(|| {
                                    let text = number.to_string();
                                    coder.long(text.as_bytes(), place, |text| part.meet(text, ""))
                                });
                                last = Some((number, code));
                                code
                            }
                        }
                    }
                    _ => {
                        let pair =
                            Pair { text: keys.text(first + row), beside: beside.map(|keys| keys.text(first + row)) };
                        super::scan::two(part, coder, &pair, place, &mut joined)
                    }
                };
                rows.codes[row * width + at] = code;
                if code == coder::BAD {
                    bad.push(first + row);
                }
            }
        }
        for (at, part) in layout.numbers.iter().enumerate() {
            let (mut values, mut places) = (Vec::with_capacity(count), Vec::with_capacity(count));
            for row in 0..count {
                let (value, place) = match self.numbers[at].number(first + row, part) {
                    Some(Ok(Short { mantissa, places })) => (mantissa, places),
                    Some(Err((value, printed))) => {
                        rows.odd[at].push((row as u32, printed));
                        (value, ODD)
                    }
                    None => {
                        bad.push(first + row);
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
