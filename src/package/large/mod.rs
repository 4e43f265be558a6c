//! Tables of any size: columns of numbers instead of cells, read by several readers at once, and only those that a question
//! asks for. What a table has beside keys, texts and plain numbers, and what is wrong with a file, is left to the exact
//! reader.

mod coder;
mod decimals;
mod feed;
mod gather;
mod layout;
mod parquet;
mod place;
mod scan;
mod sizes;
mod sums;

use std::io::Read;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use polars::prelude::DataFrame;

use super::dataset::Loader;
use super::fault::{Fault, Faults};
use super::limits::Limit;
use super::members::Members;
use super::model::{Dataset, Dimension, Listed, Measure, Package, Resource};
use super::plan::{Codes, Plan};
use super::store::Opened;
use crate::progress::Progress;
use crate::text::Text;
use crate::work::{each, pick, threads};
use coder::Coder;
pub use decimals::Decimals;
use decimals::Short;
use feed::{Block, Feed, Unreadable};
use gather::{Columns, Order, Texts};
use layout::Layout;
pub(super) use parquet::{is as is_parquet, text as parquet_text};
use scan::{Bad, Rows, Scanner};
pub use sums::LargeSums;

/// A table as columns of numbers.
#[derive(Debug)]
pub struct LargeTable {
    /// What is known of it besides its rows. Its frame is empty, and its periods are the distinct ones.
    pub dataset: Dataset,
    /// Its rows.
    pub columns: LargeColumns,
}

/// Rows of a large table.
#[derive(Debug)]
pub struct LargeColumns {
    /// How many there are.
    pub rows: usize,
    /// Of each row its period, by its place among the dataset's.
    pub period: Vec<u32>,
    /// Of each dimension and row the member, by its place in the code list.
    pub members: Vec<Vec<u32>>,
    /// Of each attribute the distinct texts, and of each row which one it has.
    pub attributes: Vec<(Vec<String>, Vec<u32>)>,
    /// Of each measure its numbers, if they were asked for.
    pub numbers: Vec<Option<Decimals>>,
    /// Their places by period, leaves before subtotals, then the members' own order; `None`: so they stand.
    order: Option<Vec<u32>>,
}

/// How a file is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Gzip,
    Parquet,
}

impl Package {
    /// Reads a dataset's table as columns, if it is a file with nothing but keys, texts and plain numbers; of its measures
    /// the wanted ones. `None`: the exact reader is the one to read it.
    ///
    /// # Errors
    /// What is wrong with its rows, with places.
    pub fn large(&self, resource: &Resource, wanted: &dyn Fn(&Measure) -> bool) -> Result<Option<LargeTable>, Faults> {
        let Ok(index) = self.sound_index(resource) else { return Ok(None) };
        let Some((path, form)) = self.large_file(index, 0) else { return Ok(None) };
        let mut faults = Faults::new();
        let Ok(Some(plan)) = self.plan(index, resource, &mut faults) else { return Ok(None) };
        if faults.iter().any(Fault::is_error) {
            return Ok(None);
        }
        let lists: Option<Vec<Option<&Listed>>> = plan
            .dimensions
            .iter()
            .map(|dimension| match dimension.codes {
                Codes::Listed => {
                    let listed = self.as_read(&dimension.name);
                    listed.is_none_or(|listed| listed.faults.is_empty()).then_some(listed)
                }
                Codes::InTable { .. } => Some(None),
            })
            .collect();
        let Some(lists) = lists else { return Ok(None) };
        let job = Job { package: self, index, resource, plan: &plan, lists: &lists, path, wanted };
        match form {
            Form::Parquet => job.parquet(),
            Form::Text | Form::Gzip => job.text(form),
        }
    }

    /// Whether a dataset's table is in a format of columns.
    pub(super) fn is_columnar(&self, index: usize) -> bool {
        let paths = self.declared[index].path.as_ref().map_or(&[][..], |path| path.as_slice());
        self.declared[index].data.is_none() && paths.iter().any(|path| parquet::is(path))
    }

    /// Whether exact arithmetic over all rows of a large table would take more than anybody has.
    pub fn is_too_large(&self, resource: &Resource) -> bool {
        const TIMES: u64 = 256;
        let most = self.limits.get(Limit::ExactBytes).saturating_mul(TIMES);
        self.index_of(resource).is_ok_and(|index| self.large_file(index, most).is_some())
    }

    /// Whether a dataset's table is read as columns, as far as can be told without reading it.
    pub fn is_large(&self, resource: &Resource) -> bool {
        let Ok(index) = self.index_of(resource) else { return false };
        let plan = || self.plan(index, resource, &mut Faults::new()).ok().flatten();
        self.large_file(index, self.limits.get(Limit::ExactBytes)).is_some()
            && plan().is_some_and(|plan| layout::is_plain(&plan))
    }

    /// The one file of a table that is large enough, and how it is stored.
    fn large_file(&self, index: usize, least: u64) -> Option<(&str, Form)> {
        let declared = &self.declared[index];
        let paths = declared.path.as_ref().map(|path| path.as_slice())?;
        let [path] = paths else { return None };
        let utf8 = declared.encoding.as_deref().is_none_or(|name| ["utf-8", "utf8"].contains(&name.trim()));
        if declared.data.is_some() || !utf8 {
            return None;
        }
        if !self.store.is_folder() || self.unsupported(index, declared).is_some() {
            return None;
        }
        if self.other_size(index, declared).is_some() {
            return None;
        }
        let size = self.store.size(path)?;
        // Both hold several times their size.
        let (form, least) = match (parquet::is(path), declared.is_gzip(path)) {
            (true, _) => (Form::Parquet, least / 16),
            (_, true) => (Form::Gzip, least / 4),
            _ => (Form::Text, least),
        };
        (size > least).then_some((path.as_str(), form))
    }
}

/// The reading of one table.
struct Job<'a> {
    package: &'a Package,
    index: usize,
    resource: &'a Resource,
    plan: &'a Plan,
    lists: &'a [Option<&'a Listed>],
    path: &'a str,
    wanted: &'a dyn Fn(&Measure) -> bool,
}

impl LargeColumns {
    /// Puts rows into the order in which they are shown: by period, leaves before subtotals, then the members' own. Of periods
    /// that are not `kept`, by their places, no row stays.
    pub fn arrange(&mut self, kept: Option<&[bool]>) {
        let order = self.order.take();
        let kept = kept.filter(|kept| kept.contains(&false));
        let is_kept = |row: &u32| kept.is_none_or(|kept| kept[self.period[*row as usize] as usize]);
        match (order, kept) {
            (None, None) => (),
            (Some(order), None) => self.take(&order),
            (Some(order), Some(kept)) => {
                // The rows of a period stand together in it.
                let mut counts = vec![0; kept.len()];
                self.period.iter().for_each(|period| counts[*period as usize] += 1);
                let mut rest = order.as_slice();
                let mut rows = Vec::new();
                for (count, kept) in counts.into_iter().zip(kept) {
                    let (of_period, later) = rest.split_at(count);
                    rows.extend_from_slice(if *kept { of_period } else { &[] });
                    rest = later;
                }
                self.take(&rows);
            }
            (None, _) => self.take(&(0..self.rows as u32).filter(is_kept).collect::<Vec<_>>()),
        }
    }

    /// Leaves these rows, in this order.
    pub fn take(&mut self, rows: &[u32]) {
        let take = |codes: &mut Vec<u32>| *codes = pick(codes, rows);
        take(&mut self.period);
        self.members.iter_mut().for_each(take);
        self.attributes.iter_mut().for_each(|(_, codes)| take(codes));
        for numbers in self.numbers.iter_mut().flatten() {
            *numbers = numbers.take(rows);
        }
        self.rows = rows.len();
    }
}

impl Job<'_> {
    fn fields(&self) -> Vec<&str> {
        self.plan.fields.iter().map(String::as_str).collect()
    }

    /// Reads text in blocks, several at once.
    fn text(&self, form: Form) -> Result<Option<LargeTable>, Faults> {
        let package = self.package;
        let Ok(dialect) = package.dialect(self.index, &package.declared[self.index]) else { return Ok(None) };
        let plain = dialect.escape.is_none()
            && dialect.terminator.is_none()
            && !dialect.skip_initial_space
            && dialect.double_quote;
        let limits = &package.limits;
        let open = || package.store.open(self.path, Limit::FileBytes, limits).ok();
        let Some(opened) = open().filter(|_| plain) else { return Ok(None) };
        let whole = if form == Form::Gzip { 0 } else { package.store.size(self.path).unwrap_or(0) };
        let progress = Progress::new(self.title(), whole);
        let most = limits.get(Limit::ExpandedBytes);
        let mut feed = Feed::new(input(&opened, form), dialect, most, &progress);
        let passed = |limit| vec![limits.passed(limit, &package.store.label(self.path))];
        let header = match feed.header() {
            Ok(header) => header,
            Err(Unreadable::Over(limit)) => return Err(passed(limit)),
            Err(Unreadable::Odd) => return Ok(None),
        };
        let Ok((table, columns)) = self.small_table(&header, b"") else { return Ok(None) };
        let longest = usize::try_from(limits.get(Limit::CellBytes)).unwrap_or(usize::MAX);
        let width = table.header.len();
        let layout = Layout::new(self.plan, self.lists, dialect, longest, (&columns, width), self.wanted);
        let Some(layout) = layout else { return Ok(None) };
        let most_bad = usize::try_from(limits.get(Limit::Faults)).unwrap_or(usize::MAX);
        let read = read(&mut feed, &layout, most_bad, limits.get(Limit::Rows));
        drop(feed);
        opened.unchanged().map_err(|fault| vec![fault])?;
        let (blocks, coders, bad) = match read {
            Ok(found) => found,
            Err(Unreadable::Over(limit)) => return Err(passed(limit)),
            Err(Unreadable::Odd) => return Ok(None),
        };
        if !bad.is_empty() {
            return Err(self.faults(&header, bad, form, &open));
        }
        self.finish(&layout, coders, blocks, &|twice| self.twice(&header, twice, form, dialect, &open)).map(Some)
    }

    /// From what the readers found to a table; `twice` is the fault of two rows with one key.
    fn finish(
        &self,
        layout: &Layout,
        coders: Vec<Vec<Coder>>,
        blocks: Vec<Rows>,
        twice: &dyn Fn([u32; 2]) -> Faults,
    ) -> Result<LargeTable, Faults> {
        let plan = self.plan;
        let mut texts = Texts::join(coders, layout.texts.len());
        let (periods, numbers, said) = gather::periods(layout, &texts.met[0], &plan.period.1);
        texts.renumber(0, &numbers);
        let mut dimensions = Vec::new();
        let mut used = Vec::new();
        for (at, dimension) in plan.dimensions.iter().enumerate() {
            let mut list = match &dimension.codes {
                Codes::Listed => Members::listed(self.lists[at]),
                Codes::InTable { field, referred, .. } => {
                    Members::from_table(&dimension.name, field, self.package.known(referred.as_ref())?)
                }
            };
            let numbers = gather::members(&mut list, &texts.met[at + 1]);
            texts.renumber(at + 1, &numbers);
            used.push(numbers);
            let (name, title) = (dimension.name.clone(), dimension.title.clone());
            dimensions.push(Dimension { name, title, codes: list.into_list() });
        }
        let is_percent = |at: &usize| !self.resource.declared && scan::is_percent(&blocks, *at);
        let percents: Vec<usize> = (0..layout.numbers.len()).filter(is_percent).collect();
        let columns = Columns::join(blocks, &texts, layout.numbers.len());
        let order = self.order(&columns, &dimensions, periods.len()).map_err(twice)?;
        let Columns { rows, mut codes, numbers } = columns;
        let attributes = codes.split_off(dimensions.len() + 1);
        let met = texts.met.split_off(dimensions.len() + 1);
        let attributes = met.into_iter().map(|met| met.into_iter().map(|met| met.text).collect()).zip(attributes);
        let members = codes.split_off(1);
        let period = codes.pop().unwrap_or_default();
        let mut inferences = plan.inferences.clone();
        inferences.extend(said);
        let mut measures = plan.measures.clone();
        for number in percents.into_iter().map(|at| layout.numbers[at].number) {
            measures.iter_mut().filter(|own| own.name == number.name).for_each(Measure::become_percent);
            inferences.push(super::dataset::percent_said(&plan.fields[number.value]));
        }
        let mut read: Vec<(&str, Decimals)> =
            layout.numbers.iter().map(|part| part.number.name.as_str()).zip(numbers).collect();
        let mut of = |measure: &Measure| {
            let at = read.iter().position(|(name, _)| *name == measure.name)?;
            Some(read.swap_remove(at).1)
        };
        let numbers = plan.measures.iter().map(&mut of).collect();
        let dataset = Dataset {
            resource: self.resource.clone(),
            dimensions,
            measures,
            attributes: plan.attributes.iter().map(|(attribute, _)| attribute.clone()).collect(),
            frame: DataFrame::empty(),
            periods,
            notes: self.package.notes_on(self.resource),
            inferences,
            needless: Vec::new(),
            used: Some(used),
        };
        let attributes = attributes.collect();
        Ok(LargeTable { dataset, columns: LargeColumns { rows, period, members, attributes, numbers, order } })
    }

    /// See [`LargeColumns::arrange`]; two rows with one key are a fault.
    fn order(&self, columns: &Columns, dimensions: &[Dimension], periods: usize) -> Result<Option<Vec<u32>>, [u32; 2]> {
        let parts = &self.resource.parts;
        let subtotal = |dimension: &Dimension| -> Vec<u32> {
            dimension.codes.members.iter().map(|member| u32::from(parts.contains_key(&member.code))).collect()
        };
        let subtotals: Vec<Vec<u32>> = dimensions.iter().map(subtotal).collect();
        let mut later = Vec::new();
        if !parts.is_empty() {
            let is =
                |row: usize| subtotals.iter().zip(&columns.codes[1..]).any(|(sub, codes)| sub[codes[row] as usize] > 0);
            later = (0..columns.rows).map(|row| u32::from(is(row))).collect();
        }
        let mut keys: Vec<(&[u32], usize)> = vec![(&columns.codes[0], periods)];
        if !later.is_empty() {
            keys.push((&later, 2));
        }
        keys.extend(
            dimensions.iter().zip(&columns.codes[1..]).map(|(d, codes)| (codes.as_slice(), d.codes.members.len())),
        );
        match gather::order(&keys, columns.rows) {
            Order::Same => Ok(None),
            Order::Other(order) => Ok(Some(order)),
            Order::Twice(first, second) => Err([first, second]),
        }
    }

    fn title(&self) -> Text {
        let address = &self.resource.address;
        Text::new(format!("读取 {address}"), format!("reading {address}"))
    }
}

/// The text of a file, as it is read.
fn input<'a>(opened: &'a Opened, form: Form) -> Box<dyn Read + Send + 'a> {
    match form {
        Form::Gzip => {
            Box::new(flate2::read::MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 18, opened.reader())))
        }
        _ => Box::new(opened.reader()),
    }
}

type Found = (Vec<Rows>, Vec<Vec<Coder>>, Vec<Bad>);

/// Reads all blocks, with as many readers as there are processors.
fn read(feed: &mut Feed, layout: &Layout, most_bad: usize, most_rows: u64) -> Result<Found, Unreadable> {
    let feed = Mutex::new(feed);
    let stop = AtomicBool::new(false);
    let count = AtomicU64::new(0);
    let work = |reader: usize| -> Result<(Vec<Rows>, Scanner), Unreadable> {
        let mut scanner = Scanner::new(layout, reader, most_bad);
        let (mut rows, mut block) = (Vec::new(), Block::default());
        loop {
            let more = feed.lock().map_err(|_| Unreadable::Odd)?.next(&mut block);
            if !more.inspect_err(|_| stop.store(true, Ordering::Relaxed))? || stop.load(Ordering::Relaxed) {
                return Ok((rows, scanner));
            }
            let read = scanner.scan(&block);
            let over = count.fetch_add(read.rows as u64, Ordering::Relaxed) + read.rows as u64 > most_rows;
            rows.push(read);
            if over || scanner.is_full() {
                stop.store(true, Ordering::Relaxed);
            }
            if over {
                return Err(Unreadable::Over(Limit::Rows));
            }
        }
    };
    let (mut blocks, mut coders, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    for found in each(threads(), &work) {
        let (rows, scanner) = found?;
        blocks.extend(rows);
        bad.extend(scanner.bad);
        coders.push(scanner.coders);
    }
    Ok((blocks, coders, bad))
}
