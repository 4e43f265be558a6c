//! The rows of a table as texts, each with its place: from CSV files, one or several, or from inline data.

use csv::StringRecord;

use super::descriptor::{OneOrMany, ResourceDecl};
use super::dialect::Dialect;
use super::encoding;
use super::fault::{Fault, Faults, brief};
use super::inline;
use super::limits::{Limit, Limits};
use super::model::Package;
use super::store::Source;
use crate::progress::Progress;
use crate::text::Text;

/// A table that is open: its header is read.
#[derive(Debug)]
pub(super) struct Table {
    /// Column names; empty where the dialect has no header.
    pub(super) header: Vec<String>,
    parts: Vec<Part>,
    dialect: Dialect,
    limits: Limits,
    /// Where the schema matches its fields by name: of each field its column, if the table has it.
    columns: Option<Vec<Option<usize>>>,
}

#[derive(Debug)]
enum Part {
    Csv(Source),
    /// Rows of `data` in the descriptor, below a pointer; `keyed` if they are objects.
    Inline {
        source: Source,
        pointer: String,
        rows: Vec<StringRecord>,
        first: usize,
        keyed: bool,
    },
}

/// The place of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    part: usize,
    /// Byte at or before the row's start; of inline data the row's number.
    start: usize,
}

impl Table {
    /// A fault at a field of a row.
    pub(super) fn fault(
        &self,
        place: Place,
        field: usize,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Fault {
        let column = self.columns.as_ref().map_or(Some(field), |columns| columns.get(field).copied().flatten());
        self.fault_in_column(place, column.unwrap_or(0), code, zh, en)
    }

    fn fault_in_column(
        &self,
        place: Place,
        field: usize,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Fault {
        match &self.parts[place.part] {
            Part::Csv(source) => source.fault(self.dialect.locate(&source.text, place.start, field), code, zh, en),
            Part::Inline { source, pointer, keyed, .. } => {
                let name = self.header.get(field).filter(|_| *keyed);
                let token = name.map_or_else(|| field.to_string(), |name| super::json::token(name));
                source.fault_at(&format!("{pointer}/{}/{token}", place.start), code, zh, en)
            }
        }
    }

    /// A fault at a field of the header.
    pub(super) fn header_fault(
        &self,
        field: usize,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Fault {
        self.fault_in_column(Place { part: 0, start: 0 }, field, code, zh, en)
    }

    /// Visits every row; the visitor returns `false` to stop. Rows of the wrong length, cells over the limit and quotes that
    /// never close are faults here, and such rows are not visited.
    pub(super) fn rows(&self, faults: &mut Faults, visit: impl FnMut(&StringRecord, Place, &mut Faults) -> bool) {
        self.rows_and_lost(faults, visit, &mut |_| ());
    }

    /// As [`Table::rows`]; `lost` sees the rows that are not visited.
    pub(super) fn rows_and_lost(
        &self,
        faults: &mut Faults,
        mut visit: impl FnMut(&StringRecord, Place, &mut Faults) -> bool,
        lost: &mut dyn FnMut(&StringRecord),
    ) {
        let mut count = 0;
        for (part, content) in self.parts.iter().enumerate() {
            let mut see = |record: &StringRecord, start: usize, faults: &mut Faults| {
                count += 1;
                let place = Place { part, start };
                if count > self.limits.get(Limit::Rows) {
                    let fault = self.limits.passed(Limit::Rows, "");
                    let at = self.fault(place, 0, fault.code, fault.what.zh, fault.what.en);
                    faults.push(Fault { write: fault.write, ..at });
                    return false;
                }
                let lengths = (0..record.len()).map(|at| record.get(at).map_or(0, str::len));
                if let Some(fault) = self.unsound(lengths, place) {
                    faults.push(fault);
                    lost(record);
                } else {
                    let matched = self.columns.as_ref().map(|columns| {
                        columns
                            .iter()
                            .map(|column| column.and_then(|at| record.get(at)).unwrap_or(""))
                            .collect::<StringRecord>()
                    });
                    if !visit(matched.as_ref().unwrap_or(record), place, faults) {
                        return false;
                    }
                }
                (faults.len() as u64) < self.limits.get(Limit::Faults)
            };
            let go_on = match content {
                Part::Csv(source) => self.csv_rows(source, faults, &mut see),
                Part::Inline { rows, first, .. } => {
                    rows.iter().zip(*first..).all(|(record, start)| see(record, start, faults))
                }
            };
            if !go_on {
                return;
            }
        }
    }

    fn csv_rows(
        &self,
        source: &Source,
        faults: &mut Faults,
        see: &mut dyn FnMut(&StringRecord, usize, &mut Faults) -> bool,
    ) -> bool {
        let mut record = StringRecord::new();
        let mut header = self.dialect.header;
        let mut at = 0;
        let what = Text::new(format!("读取 {}", source.label), format!("reading {}", source.label));
        let progress = Progress::new(what, source.text.len() as u64);
        while let Some(span) = self.dialect.record(&source.text, at, &mut record) {
            progress.advance((span.end - at) as u64);
            at = span.end;
            // What a quote swallowed to the end is no record.
            if at == source.text.len()
                && let Some(open) = self.dialect.unclosed(&source.text, span.start)
            {
                faults.push(source.fault(open, "unclosed-quote", "引号没有闭合", "this quote is never closed"));
                return true;
            }
            if !std::mem::take(&mut header) && !see(&record, span.start, faults) {
                return false;
            }
        }
        true
    }

    /// What is wrong with a row as such: its length, or a cell over the limit.
    pub(super) fn unsound(&self, cells: impl ExactSizeIterator<Item = usize>, place: Place) -> Option<Fault> {
        let (found, expected) = (cells.len(), self.header.len());
        if found != expected {
            let (zh, en) = row_length(found, expected);
            let field = expected.min(found.saturating_sub(1));
            return Some(self.fault_in_column(place, field, "row-length", zh, en));
        }
        let most = self.limits.get(Limit::CellBytes);
        let (field, length) = cells.enumerate().find(|(_, length)| *length as u64 > most)?;
        let fault = self.limits.exceeded(Limit::CellBytes, length as u64, "")?;
        let at = self.fault_in_column(place, field, fault.code, fault.what.zh, fault.what.en);
        Some(Fault { write: fault.write, ..at })
    }

    /// A table of one text: to read a few rows of a file as the whole of it would be read.
    pub(super) fn of_text(source: Source, dialect: Dialect, limits: &Limits, fields: &[&str]) -> Result<Table, Faults> {
        let (header, parts, limits) = (Vec::new(), vec![Part::Csv(source)], limits.clone());
        let mut table = Table { header, parts, dialect, limits, columns: None };
        table.header = table.read_header(fields)?;
        Ok(table)
    }

    /// The column of each field, where the table has it.
    pub(super) fn columns_of(&self, fields: usize) -> Vec<Option<usize>> {
        self.columns.clone().unwrap_or_else(|| (0..fields).map(Some).collect())
    }
}

impl Package {
    /// Opens the table of a resource. `fields` are the names that the schema gives, for tables without a header.
    pub(super) fn table(&self, index: usize, fields: &[&str]) -> Result<Table, Faults> {
        let declared = &self.declared[index];
        if let Some(fault) = self.unsupported(index, declared).or_else(|| self.other_size(index, declared)) {
            return Err(vec![fault]);
        }
        let dialect = self.dialect(index, declared)?;
        let limits = self.limits.clone();
        if let Some(data) = &declared.data {
            let pointer = format!("/resources/{index}/data");
            let inline::Inline { header, rows, first, keyed } =
                inline::rows(&self.descriptor, &pointer, data.get(), &limits)?;
            let source = self.descriptor.clone();
            let part = Part::Inline { source, pointer, rows, first, keyed };
            return Ok(Table { header, parts: vec![part], dialect, limits, columns: None });
        }
        let paths = declared.paths();
        if paths.is_empty() {
            // A path of the wrong type has its own fault.
            self.sound_declaration(index)?;
            let place = format!("/resources/{index}");
            let fault =
                self.descriptor.fault_at(&place, "no-table", "没有 path 也没有 data", "has neither path nor data");
            return Err(vec![fault.write("要写表的 path", "give the table's path")]);
        }
        if let Some(fault) = self.limits.exceeded(Limit::Paths, paths.len() as u64, &self.descriptor.label) {
            return Err(vec![fault]);
        }
        let mut faults = Faults::new();
        let mut parts = Vec::new();
        let mut spent = 0;
        for (number, path) in paths.iter().enumerate() {
            let own = declared.path.as_ref().map_or(0, |path| path.as_slice().len());
            let pointer = match (number.checked_sub(own), &declared.path) {
                (Some(further), _) => format!("/resources/{index}/extrapaths/{further}"),
                (None, Some(OneOrMany::Many(many))) if many.len() > 1 => format!("/resources/{index}/path/{number}"),
                _ => format!("/resources/{index}/path"),
            };
            let source = self.table_text(index, dialect, path, spent);
            let whole = source.as_ref().map_or(0, |source| spent + source.text.len() as u64);
            match limits.exceeded(Limit::ExpandedBytes, whole, &self.store.label(path)).map_or(source, Err) {
                Ok(source) => parts.push(Part::Csv(source)),
                Err(fault) => {
                    let over = fault.code == "limit";
                    faults.push(self.file_fault(fault, &pointer, path));
                    if over {
                        break;
                    }
                }
            }
            spent = spent.max(whole);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut table = Table { header: Vec::new(), parts, dialect, limits, columns: None };
        table.header = table.read_header(fields)?;
        Ok(table)
    }

    fn table_text(&self, index: usize, dialect: Dialect, path: &str, spent: u64) -> Result<Source, Fault> {
        let declared = &self.declared[index];
        if !self.store.is_folder() {
            return self.store.read_text(path, Limit::FileBytes, &self.limits);
        }
        let label = self.store.label(path);
        let limit = self.limits.least([Limit::FileBytes, Limit::WholeBytes]);
        let bytes = self.store.read(path, limit, &self.limits)?;
        if super::large::is_parquet(path) {
            return super::large::parquet_text(label, &bytes, &self.fields(index), &self.limits);
        }
        let bytes =
            if declared.is_gzip(path) { encoding::gunzip(&label, &bytes, &self.limits, spent)?.into() } else { bytes };
        let mut source = encoding::decode(label, bytes, declared.encoding.as_deref())?;
        if let Some(fault) = encoding::not_text(&source) {
            return Err(fault.write("若是别的编码,在资源上声明 encoding", "if it has another encoding, declare it"));
        }
        if let Some(text) = skip_spaces(&source.text, dialect) {
            source.text = text.into();
        }
        Ok(source)
    }

    /// The fault of a file that is longer or shorter than its resource says.
    pub(super) fn other_size(&self, index: usize, declared: &ResourceDecl) -> Option<Fault> {
        let [path] = declared.paths()[..] else { return None };
        let (expected, found) = (declared.bytes?, self.store.size(path)?);
        let (zh, en) = (
            format!("「{path}」有 {found} 字节,而不是 {expected}"),
            format!("'{path}' has {found} bytes, not {expected}"),
        );
        let fault = self.descriptor.fault_at(&format!("/resources/{index}/bytes"), "other-size", zh, en);
        let (zh, en) = ("改正 bytes,或重新下载文件".to_owned(), "correct bytes, or download the file again".to_owned());
        (expected != found).then(|| fault.write(zh, en))
    }

    /// What a resource may be and this reader does not read.
    pub(super) fn unsupported(&self, index: usize, declared: &ResourceDecl) -> Option<Fault> {
        let fault = |property: &str, zh: String, en: String| {
            let place = self.descriptor.fault_at(&format!("/resources/{index}/{property}"), "unsupported", zh, en);
            place.write("存为 CSV 放进包里", "save it as CSV in the package")
        };
        if declared.file.is_some() && declared.path.is_none() {
            let (zh, en) = ("file 是 v1 以前的写法", "'file' is of descriptors before v1");
            let place = self.descriptor.fault_at(&format!("/resources/{index}/file"), "unsupported", zh, en);
            return Some(place.write("要写作 path", "call it path"));
        }
        if declared.url.is_some() && declared.path.is_none() {
            return Some(fault("url", "不读网址".into(), "addresses are not read".into()));
        }
        if let Some(kind) = declared.kind.as_deref().filter(|kind| *kind != "table") {
            return Some(fault(
                "type",
                format!("不支持 type「{kind}」"),
                format!("the type '{kind}' is not supported"),
            ));
        }
        let suffix = |path: &String| {
            let name = path.trim_end_matches(".gz").rsplit('/').next().unwrap_or(path);
            name.rsplit_once('.').map(|(_, suffix)| suffix.to_ascii_lowercase())
        };
        let formats = ["csv", "tsv", "txt", "tab", "dat", "parquet"];
        let format = declared.format.as_ref().map(|format| format.to_ascii_lowercase());
        if let Some(format) = format.filter(|format| declared.data.is_none() && !formats.contains(&format.as_str())) {
            return Some(fault(
                "format",
                format!("不支持格式「{format}」"),
                format!("the format '{format}' is not supported"),
            ));
        }
        if let Some(name) = declared.compression.as_deref().filter(|name| !["gz", "gzip", "no", ""].contains(name)) {
            return Some(fault(
                "compression",
                format!("不支持压缩「{name}」"),
                format!("the compression '{name}' is not supported"),
            ));
        }
        let refused = [
            "xlsx", "xls", "ods", "json", "ndjson", "jsonl", "zip", "xml", "sqlite", "geojson", "bz2", "xz", "zst",
            "7z",
        ];
        let suffix =
            declared.paths().into_iter().filter_map(suffix).find(|suffix| refused.contains(&suffix.as_str()))?;
        Some(fault("path", format!("不支持 .{suffix} 文件"), format!(".{suffix} files are not supported")))
    }
}

impl ResourceDecl {
    /// Whether a file of the resource is compressed.
    pub(super) fn is_gzip(&self, path: &str) -> bool {
        self.compression.as_deref().is_some_and(|name| ["gz", "gzip"].contains(&name)) || path.ends_with(".gz")
    }
}

impl Table {
    /// The header against the names of the fields: in order (`exact`), or by name with what `fieldsMatch` allows.
    pub(super) fn match_fields(&mut self, fields: &[&str], matching: &str, faults: &mut Faults) {
        let keyed = self.parts.iter().all(|part| matches!(part, Part::Inline { keyed: true, .. }));
        if matching == "exact" && !keyed {
            self.columns = self.match_in_order(fields, faults);
            return;
        }
        let more = ["subset", "partial"].contains(&matching);
        let fewer = ["superset", "partial"].contains(&matching);
        for (at, name) in self.header.iter().enumerate().filter(|(_, name)| !more && !fields.contains(&name.as_str())) {
            let (zh, en) = (format!("schema 里没有列「{name}」"), format!("the schema has no field '{name}'"));
            faults.push(self.header_fault(at, "header", zh, en));
        }
        let columns: Vec<Option<usize>> = fields.iter().map(|name| self.column(name)).collect();
        for (name, _) in fields.iter().zip(&columns).filter(|(_, column)| !fewer && column.is_none()) {
            faults.push(self.lacks(name));
        }
        self.columns = Some(columns);
    }

    /// Says which columns are missing, superfluous or out of order, and gives the column of each field whose place its name and
    /// its neighbours agree on; none of it where the header is the schema's.
    fn match_in_order(&self, fields: &[&str], faults: &mut Faults) -> Option<Vec<Option<usize>>> {
        if self.header.iter().eq(fields) {
            return None;
        }
        let mut columns: Vec<Option<usize>> = vec![None; fields.len()];
        let mut place = |(at, name): (usize, &String)| {
            let field = (0..fields.len()).find(|field| fields[*field] == name && columns[*field].is_none())?;
            columns[field] = Some(at);
            Some(field)
        };
        let places: Vec<Option<usize>> = self.header.iter().enumerate().map(&mut place).collect();
        let ordered = rising(&places);
        let mut missing: Vec<usize> = (0..fields.len()).filter(|field| columns[*field].is_none()).collect();
        for (at, name) in self.header.iter().enumerate().filter(|(at, _)| !ordered[*at]) {
            faults.push(match places[at] {
                Some(field) => self.displaced(at, fields, field),
                None => match renamed(&places, &ordered, at, &missing) {
                    Some(found) => self.misnamed(at, fields[missing.remove(found)]),
                    None => {
                        let (zh, en) =
                            (format!("schema 里没有列「{name}」"), format!("the schema has no field '{name}'"));
                        self.header_fault(at, "header", zh, en)
                    }
                },
            });
        }
        faults.extend(missing.into_iter().map(|field| self.lacks(fields[field])));
        // Whether the header or the rows have these columns in the wrong order is not known: nothing is said of their cells.
        let crosses = |at: usize| {
            let Some(own) = places[at] else { return false };
            places[..at].iter().flatten().any(|other| *other > own)
                || places[at + 1..].iter().flatten().any(|other| *other < own)
        };
        Some(columns.into_iter().map(|column| column.filter(|at| !crosses(*at))).collect())
    }

    /// The fault of a column that stands elsewhere than in the schema.
    fn displaced(&self, at: usize, fields: &[&str], field: usize) -> Fault {
        let name = fields[field];
        let (zh, en) = (format!("列「{name}」的位置与 schema 不同"), format!("the column '{name}' is out of order"));
        let fault = self.header_fault(at, "header", zh, en);
        match field.checked_sub(1).map(|before| fields[before]) {
            Some(before) => fault.write(format!("放到 {before} 之后"), format!("move it behind {before}")),
            None => fault.write("放到最前", "move it to the front"),
        }
    }

    /// The fault of a column with another name than in the schema.
    fn misnamed(&self, at: usize, field: &str) -> Fault {
        let name = brief(&self.header[at]);
        let (zh, en) = (
            format!("这一列是「{name}」,schema 里是「{field}」"),
            format!("this column is '{name}', in the schema it is '{field}'"),
        );
        self.header_fault(at, "header", zh, en).write(format!("要写 {field}"), format!("write {field}"))
    }

    fn lacks(&self, name: &str) -> Fault {
        let (zh, en) = (format!("表头没有列「{name}」"), format!("the header lacks the column '{name}'"));
        let last = self.header.len().saturating_sub(1);
        self.header_fault(last, "header", zh, en).write(format!("加上 {name}"), format!("add {name}"))
    }

    fn read_header(&self, fields: &[&str]) -> Result<Vec<String>, Faults> {
        let mut faults = Faults::new();
        let mut header: Option<Vec<String>> =
            (!self.dialect.header).then(|| fields.iter().map(|&name| name.to_owned()).collect());
        for (part, content) in self.parts.iter().enumerate() {
            let Part::Csv(source) = content else { continue };
            let mut record = StringRecord::new();
            let found = self.dialect.record(&source.text, 0, &mut record).is_some();
            if !found && self.dialect.header {
                let fault = Fault::new(source.label.clone(), "empty-file", "是空文件", "is empty");
                faults.push(fault.write("至少要写表头", "write the header at least"));
            }
            if !found || !self.dialect.header {
                continue;
            }
            match &header {
                None => header = Some(record.iter().map(str::to_owned).collect()),
                Some(first) if first.iter().eq(record.iter()) => {}
                Some(first) => {
                    let field =
                        first.iter().zip(&record).position(|(a, b)| a != b).unwrap_or(first.len().min(record.len()));
                    let place = Place { part, start: 0 };
                    let fault = self.fault_in_column(
                        place,
                        field,
                        "header",
                        "表头与第一个文件的不同",
                        "the header differs from the first file's",
                    );
                    faults.push(fault.write("要写成一样", "write the same"));
                }
            }
        }
        let header = header.unwrap_or_default();
        if let Some(fault) = self.limits.exceeded(Limit::Fields, header.len() as u64, "") {
            let at = self.header_fault(0, fault.code, fault.what.zh, fault.what.en);
            faults.push(Fault { write: fault.write, ..at });
        }
        let most = self.limits.get(Limit::CellBytes);
        for (field, name) in header.iter().enumerate().filter(|(_, name)| name.len() as u64 > most) {
            if let Some(fault) = self.limits.exceeded(Limit::CellBytes, name.len() as u64, "") {
                let at = self.header_fault(field, fault.code, fault.what.zh, fault.what.en);
                faults.push(Fault { write: fault.write, ..at });
            }
        }
        if faults.is_empty() { Ok(header) } else { Err(faults) }
    }
}

/// Of columns with the places of their fields: which stand in order, as many as there can be.
fn rising(places: &[Option<usize>]) -> Vec<bool> {
    // Of each column how many stand in order up to it, and the one before it.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let before = (0..at).filter(|other| places[*other].is_some() && places[*other] < *place);
        let before = before.max_by_key(|other| best[*other].0);
        best.push((before.map_or(0, |other| best[other].0) + 1, before));
    }
    let mut ordered = vec![false; places.len()];
    let mut at = (0..places.len()).filter(|at| places[*at].is_some()).max_by_key(|at| best[*at].0);
    while let Some(own) = at {
        ordered[own] = true;
        at = best[own].1;
    }
    ordered
}

/// Which of the missing fields a column of no field stands for: the first between those of its neighbours that are in order.
fn renamed(places: &[Option<usize>], ordered: &[bool], at: usize, missing: &[usize]) -> Option<usize> {
    let neighbour = |other: &usize| places[*other].filter(|_| ordered[*other]);
    let before = (0..at).rev().find_map(|other| neighbour(&other));
    let after = (at + 1..places.len()).find_map(|other| neighbour(&other));
    let between =
        |field: &usize| before.is_none_or(|before| before < *field) && after.is_none_or(|after| *field < after);
    missing.iter().position(between)
}

/// What is wrong with a row that is longer or shorter than the header.
pub(super) fn row_length(found: usize, expected: usize) -> (String, String) {
    let fields = if found == 1 { "field" } else { "fields" };
    (format!("这一行有 {found} 列,表头有 {expected} 列"), format!("{found} {fields} where the header has {expected}"))
}

/// Without the spaces that follow delimiters, where the dialect skips them: the reader itself takes them as part of a cell,
/// and a quote after them as a character.
fn skip_spaces(text: &str, dialect: Dialect) -> Option<String> {
    if !dialect.skip_initial_space {
        return None;
    }
    let (mut result, mut quoted, mut start) = (String::with_capacity(text.len()), false, true);
    for c in text.chars() {
        let byte = u8::try_from(c).ok();
        if start && c == ' ' && !quoted {
            continue;
        }
        quoted ^= byte.is_some() && byte == dialect.quote;
        start = !quoted && (byte == Some(dialect.delimiter) || c == '\n');
        result.push(c);
    }
    Some(result)
}
