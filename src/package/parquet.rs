//! Parquet tables, through Polars.

use std::io::Cursor;

use polars::prelude::{DataFrame, DataType, ParquetReader, SerReader, Series};

use super::calendar::Date;
use super::columns::{Names, Piece, is_parquet};
use super::fault::{Fault, Faults};
use super::limits::Limit;
use super::model::Package;
use super::plan::{Codes, Plan};

impl Package {
    /// Whether a dataset's table is in a format of columns.
    pub(super) fn is_columnar(&self, index: usize) -> bool {
        let paths = self.declared[index].path.as_ref().map_or(&[][..], |path| path.as_slice());
        self.declared[index].data.is_none() && paths.iter().any(|path| is_parquet(path))
    }

    pub(super) fn parquet_pieces(&self, index: usize, plan: &Plan, paths: &[String]) -> Result<Vec<Piece>, Faults> {
        if let Some(fault) = self.unsupported(index, &self.declared[index]) {
            return Err(vec![fault]);
        }
        let mut pieces = Vec::new();
        let mut rows = 0;
        for path in paths {
            let label = self.store.label(path);
            let pointer = format!("/resources/{index}/path");
            let bytes = self.store.read(path, Limit::FileBytes, &self.limits);
            let bytes = bytes.map_err(|fault| vec![self.file_fault(fault, &pointer, path)])?;
            let piece = piece(plan, &label, bytes.into_owned()).map_err(|fault| vec![fault])?;
            rows += piece.period.len() as u64;
            if let Some(fault) = self.limits.exceeded(Limit::Rows, rows, &label) {
                return Err(vec![fault]);
            }
            pieces.push(piece);
        }
        Ok(pieces)
    }
}

fn piece(plan: &Plan, label: &str, bytes: Vec<u8>) -> Result<Piece, Fault> {
    let mut wanted = vec![plan.period.0];
    wanted.extend(plan.period_part.iter().map(|(field, _)| *field));
    for dimension in &plan.dimensions {
        wanted.push(dimension.field);
        if let Codes::InTable { names: Some(names) } = dimension.codes {
            wanted.push(names);
        }
    }
    wanted.extend(plan.numbers.iter().map(|number| number.value));
    let names: Vec<String> = wanted.iter().filter_map(|field| plan.fields.get(*field).cloned()).collect();
    let invalid = |error: String| {
        let fault = Fault::new(
            label,
            "bad-parquet",
            format!("读不了 Parquet:{error}"),
            format!("cannot be read as Parquet: {error}"),
        );
        fault.write("列名须与 schema 一致", "its columns must have the names of the schema")
    };
    // A file that means harm may make the reader panic: that is a fault of the file.
    let frame = std::panic::catch_unwind(|| ParquetReader::new(Cursor::new(bytes)).with_columns(Some(names)).finish());
    let frame = match frame {
        Ok(frame) => frame.map_err(|error| invalid(error.to_string()))?,
        Err(_) => return Err(invalid("corrupt".to_owned())),
    };
    let column = |field: usize| series(&frame, plan.fields.get(field).map_or("", String::as_str)).map_err(&invalid);
    let mut piece = Piece::default();
    let parts =
        plan.period_part.as_ref().map(|(field, _)| column(*field).and_then(|series| texts(&series).map_err(&invalid)));
    let parts = parts.transpose()?;
    let periods = texts(&column(plan.period.0)?).map_err(&invalid)?;
    let part = |row: usize| parts.as_ref().map_or("", |parts| parts.text(row));
    piece.period = (0..frame.height()).map(|row| piece.periods.period(periods.text(row), part(row))).collect();
    for dimension in &plan.dimensions {
        let codes = texts(&column(dimension.field)?).map_err(&invalid)?;
        let titles = match dimension.codes {
            Codes::InTable { names: Some(names) } => Some(texts(&column(names)?).map_err(&invalid)?),
            _ => None,
        };
        let mut names = Names::default();
        let title = |row: usize| titles.as_ref().map_or("", |titles| titles.text(row));
        piece.members.push((0..frame.height()).map(|row| names.number(codes.text(row), title(row))).collect());
        piece.dimensions.push(names);
    }
    for number in &plan.numbers {
        let numbers = column(number.value)?;
        if !numbers.dtype().is_numeric() {
            return Err(invalid(format!("{}: {}", number.name, numbers.dtype())));
        }
        let numbers = numbers.cast(&DataType::Float64).map_err(|error| invalid(error.to_string()))?;
        let numbers = numbers.f64().map_err(|error| invalid(error.to_string()))?;
        if numbers.iter().flatten().any(|value| !value.is_finite()) {
            return Err(invalid(format!("{}: NaN", number.name)));
        }
        piece.values.push(numbers.iter().map(|value| value.unwrap_or(f64::NAN)).collect());
    }
    Ok(piece)
}

fn series(frame: &DataFrame, name: &str) -> Result<Series, String> {
    frame.column(name).map(|column| column.as_materialized_series().clone()).map_err(|error| error.to_string())
}

/// The texts of a column: as they are, or by number.
enum Texts {
    Plain(Series),
    /// Distinct texts, and which of them each row has.
    Numbered {
        list: Vec<String>,
        rows: Vec<u32>,
    },
}

impl Texts {
    fn text(&self, row: usize) -> &str {
        match self {
            Texts::Plain(series) => series.str().ok().and_then(|texts| texts.get(row)).unwrap_or(""),
            Texts::Numbered { list, rows } => {
                rows.get(row).and_then(|number| list.get(*number as usize)).map_or("", String::as_str)
            }
        }
    }
}

fn texts(series: &Series) -> Result<Texts, String> {
    let failed = |error: polars::prelude::PolarsError| error.to_string();
    let cast = |to: DataType| series.cast(&to).map_err(failed);
    let numbered = |to: DataType, show: &dyn Fn(i64) -> String| {
        let numbers = cast(to)?.cast(&DataType::Int64).map_err(failed)?;
        let numbers = numbers.i64().map_err(failed)?;
        let mut seen = std::collections::HashMap::new();
        let (mut list, mut rows) = (vec![String::new()], Vec::with_capacity(numbers.len()));
        for number in numbers.iter() {
            rows.push(number.map_or(0, |number| {
                *seen.entry(number).or_insert_with(|| {
                    list.push(show(number));
                    list.len() as u32 - 1
                })
            }));
        }
        Ok(Texts::Numbered { list, rows })
    };
    match series.dtype() {
        DataType::String => Ok(Texts::Plain(series.clone())),
        dtype if dtype.is_integer() => numbered(DataType::Int64, &|number| number.to_string()),
        DataType::Date => {
            numbered(DataType::Int32, &|days| Date::of_epoch(days).map_or(String::new(), |date| date.to_string()))
        }
        _ => Ok(Texts::Plain(cast(DataType::String)?)),
    }
}
