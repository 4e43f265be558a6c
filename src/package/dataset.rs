//! From the rows of a table to a frame: every cell by the plan of its column, every fault with its place.

use std::collections::{HashMap, HashSet};

use csv::StringRecord;
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::codes::role;
use super::constraints::Checks;
use super::fault::{Fault, Faults, brief};
use super::header;
use super::members::Members;
use super::model::{CodeList, Dataset, Dimension, Measure, Note, Package, Resource};
use super::observation;
use super::plan::{Codes, Plan};
use super::referred::Known;
use super::store::Store;
use super::table::{Place, Table};
use super::when::{self, PeriodFormat};
use super::{Missing, Period, Printed, PrintedCell};
use crate::text::Text;

impl Package {
    /// Reads a dataset's table, and what it needs of the package: its schema, its code lists and the units.
    ///
    /// # Errors
    /// All that is wrong with it, with places.
    pub fn dataset(&self, resource: &Resource) -> Result<Dataset, Faults> {
        let index = self.sound_index(resource)?;
        let mut faults = Faults::new();
        let Some(plan) = self.plan(index, resource, &mut faults)? else { return Err(faults) };
        let fields: Vec<&str> = plan.fields.iter().map(String::as_str).collect();
        let mut table = match self.table(index, &fields) {
            Ok(table) => table,
            Err(more) => {
                faults.extend(more);
                return Err(faults);
            }
        };
        let before = faults.len();
        table.match_fields(&fields, &plan.matching, &mut faults);
        if faults.len() > before {
            return Err(faults);
        }
        // With faults in the schema or in code lists the rows are read all the same: all faults in one run.
        let mut loader = Loader::new(self, &plan, &table, &mut faults);
        // What is in the binary has passed `check`.
        let file = if matches!(self.store, Store::Embedded) { None } else { Some(self.schema(index)?.0) };
        let mut checks = file.as_ref().map(|file| Checks::new(self, index, file, &table, true, &mut faults));
        table.rows(&mut faults, |record, place, faults| {
            let before = faults.len();
            loader.row(record, place, faults);
            if let Some(checks) = checks.as_mut().filter(|_| faults.len() == before) {
                checks.row(record, place, faults);
            }
            true
        });
        if faults.iter().any(Fault::is_error) {
            return Err(faults);
        }
        loader.finish(resource, self.notes_on(resource))
    }

    /// What each column is; `None` if that cannot be told.
    pub(super) fn plan(&self, index: usize, resource: &Resource, faults: &mut Faults) -> Result<Option<Plan>, Faults> {
        let (file, mut schema_faults) = self.schema(index)?;
        faults.append(&mut schema_faults);
        Ok(if self.is_declared(index) {
            self.declared_plan(index, resource, &file, faults)
        } else {
            self.inferred_plan(index, &file, faults)
        })
    }

    /// What the shares and growth rates that a dataset declares refer to. Its table is not read.
    pub fn references(&self, resource: &Resource) -> Vec<String> {
        let index = self.index_of(resource).ok().filter(|index| self.is_declared(*index));
        let Some((file, _)) = index.and_then(|index| self.schema(index).ok()) else { return Vec::new() };
        let fields = file.schema.fields.iter();
        let shares = fields.clone().filter_map(|field| field.share_of.as_ref());
        let growth = fields.filter_map(|field| field.growth_of.as_ref());
        let texts = shares.flat_map(|share| [&share.part, &share.whole]).chain(growth.map(|growth| &growth.of));
        texts.flatten().cloned().collect()
    }

    /// The declared place of a dataset in whose declaration nothing is broken.
    pub(super) fn sound_index(&self, resource: &Resource) -> Result<usize, Faults> {
        let index = self.index_of(resource)?;
        self.sound_declaration(index)?;
        Ok(index)
    }

    /// What is broken in the declaration of a resource.
    pub(super) fn sound_declaration(&self, index: usize) -> Result<(), Faults> {
        let own = self.faults.iter().filter(|(at, fault)| *at == Some(index) && fault.is_error());
        let broken: Faults = own.map(|(_, fault)| fault.clone()).collect();
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }

    pub(super) fn index_of(&self, resource: &Resource) -> Result<usize, Faults> {
        let same = |index: &usize| self.declared[*index].name == resource.name && self.declared[*index].role.is_none();
        let position =
            self.resources.iter().position(|own| own.name == resource.name && own.address == resource.address);
        let place = position.and_then(|at| self.datasets.get(at).copied());
        place.filter(same).ok_or_else(|| {
            let (zh, en) =
                (format!("没有数据集「{}」", resource.name), format!("there is no dataset '{}'", resource.name));
            vec![Fault::new(self.descriptor.label.clone(), "no-such-dataset", zh, en)]
        })
    }

    /// The notes on a dataset. A broken table of notes does not keep its numbers back: `check` reports it.
    pub(super) fn notes_on(&self, resource: &Resource) -> Vec<Note> {
        if !self.declared.iter().any(|declared| declared.role.as_deref() == Some(role::NOTES)) {
            return Vec::new();
        }
        let address = resource.address.to_string();
        let notes = self.notes.get_or_init(|| self.notes());
        notes.iter().flatten().filter(|note| note.dataset == address).cloned().collect()
    }

    /// What is said where the table of notes is broken, which leaves its notes out of answers.
    pub fn without_notes(&self) -> Option<Text> {
        self.notes.get()?.as_ref().err()?.first().map(Fault::left_out)
    }
}

pub(super) struct Loader<'a> {
    plan: &'a Plan,
    table: &'a Table,
    lists: Vec<Members<'a>>,
    periods: Vec<Period>,
    /// The period read last, with its text: rows of one period stand together.
    last: Option<(String, Period)>,
    /// Of each dimension the member's number in each row.
    members: Vec<Vec<u32>>,
    numbers: Vec<Vec<PrintedCell>>,
    texts: Vec<Vec<String>>,
    /// Of each number column whether all its cells so far end in `%`.
    percent: Vec<bool>,
    seen: HashMap<(Period, Vec<u32>), Place>,
}

impl<'a> Loader<'a> {
    /// Faults of the code lists that the table uses are its own, too.
    pub(super) fn new(package: &'a Package, plan: &'a Plan, table: &'a Table, faults: &mut Faults) -> Self {
        let lists = plan.dimensions.iter().map(|dimension| match &dimension.codes {
            Codes::Listed => {
                let listed = package.as_read(&dimension.name);
                faults.extend(listed.into_iter().flat_map(|listed| listed.faults.iter().cloned()));
                Members::listed(listed)
            }
            Codes::InTable { field, referred, .. } => {
                let known = package.known(referred.as_ref()).unwrap_or_else(|wrong| {
                    faults.extend(wrong);
                    Known::default()
                });
                Members::from_table(&dimension.name, field, known)
            }
        });
        Loader {
            plan,
            table,
            lists: lists.collect(),
            periods: Vec::new(),
            last: None,
            members: vec![Vec::new(); plan.dimensions.len()],
            numbers: vec![Vec::new(); plan.numbers.len()],
            texts: vec![Vec::new(); plan.attributes.len() + plan.sources.len()],
            percent: vec![true; plan.numbers.len()],
            seen: HashMap::new(),
        }
    }

    /// The text of a field; what is declared to stand for an empty cell is empty.
    fn cell<'r>(&self, record: &'r StringRecord, field: usize) -> &'r str {
        let text = record.get(field).unwrap_or("");
        if self.plan.may_be_empty(field, text) { "" } else { text }
    }

    pub(super) fn row(&mut self, record: &StringRecord, place: Place, faults: &mut Faults) {
        let (plan, table) = (self.plan, self.table);
        let period = self.period(record, place, faults);
        let mut key = Vec::with_capacity(plan.dimensions.len());
        for (at, dimension) in plan.dimensions.iter().enumerate() {
            let text = self.cell(record, dimension.field);
            let name = match dimension.codes {
                Codes::InTable { names: Some(names), .. } => self.cell(record, names),
                _ => "",
            };
            match self.lists[at].number(text, name) {
                Ok(number) => key.push(number),
                Err(unknown) => faults.extend(unknown.fault(table, place, dimension.field, &dimension.name)),
            }
        }
        for (at, column) in plan.numbers.iter().enumerate() {
            let companion = |field: Option<usize>| field.map_or("", |field| self.cell(record, field));
            let value = self.cell(record, column.value);
            if value.is_empty() && !self.plan.may_be_empty(column.value, record.get(column.value).unwrap_or("")) {
                let (zh, en) = ("空格不是数", "an empty cell is not a number");
                let fault = table.fault(place, column.value, "wrong-value", zh, en);
                faults.push(fault.write("把 \"\" 加到 missingValues", "add \"\" to missingValues"));
            }
            let texts = [value, companion(column.mark), companion(column.to), companion(column.decimals)];
            match observation::read(column, texts) {
                Ok(cell) => {
                    self.percent[at] &= cell.is_err() || value.trim_end().ends_with('%');
                    self.numbers[at].push(cell);
                }
                Err(wrong) => faults.extend(wrong.into_iter().map(|misprint| misprint.fault(table, place))),
            }
        }
        let fields =
            plan.attributes.iter().map(|(_, field)| *field).chain(plan.sources.iter().map(|(_, field)| *field));
        for (at, field) in fields.enumerate() {
            let text = self.cell(record, field).to_owned();
            self.texts[at].push(text);
        }
        let Some(period) = period else { return };
        if key.len() == plan.dimensions.len() {
            self.observation(period, key, place, faults);
        }
    }

    fn period(&mut self, record: &StringRecord, place: Place, faults: &mut Faults) -> Option<Period> {
        let (field, format) = &self.plan.period;
        let text = self.cell(record, *field);
        let known = self.last.as_ref().filter(|(last, _)| last == text).map(|(_, period)| period.clone());
        let period = known.or_else(|| format.read(text));
        let Some(period) = period else {
            faults.push(no_period(self.table, place, *field, text, format));
            return None;
        };
        if self.last.as_ref().is_none_or(|(last, _)| last != text) {
            self.last = Some((text.to_owned(), period.clone()));
        }
        self.plan.period_parts.iter().try_fold(period, |period, (field, part)| {
            let text = self.cell(record, *field);
            let joined = when::join(&period, *part, text);
            if joined.is_none() {
                faults.push(no_period(self.table, place, *field, text, &PeriodFormat::Free));
            }
            joined
        })
    }

    fn observation(&mut self, period: Period, key: Vec<u32>, place: Place, faults: &mut Faults) {
        let field = self.plan.period.0;
        self.periods.push(period.clone());
        for (column, number) in self.members.iter_mut().zip(&key) {
            column.push(*number);
        }
        if let Some(first) = self.seen.insert((period, key), place) {
            let first = self.table.fault(first, field, "", "", "").place();
            let fault = self.plan.duplicate(&first, self.table.fault(place, field, "", "", ""));
            let timed = self.last.as_ref().is_some_and(|(text, _)| text.contains(':'));
            faults.push(match timed {
                true => fault
                    .write("不区分一天之内的时刻:每天留一行", "times of day are not told apart: leave one row a day"),
                false => fault,
            });
        }
    }

    fn finish(self, resource: &Resource, notes: Vec<Note>) -> Result<Dataset, Faults> {
        let Loader { plan, table, lists, mut periods, members, numbers, texts, percent, .. } = self;
        let mut inferences = plan.inferences.clone();
        inferences.extend(plan.period.1.settle(&mut periods));
        let mut measures = plan.measures.clone();
        let printed = |at: &usize| percent[*at] && numbers[*at].iter().any(Result::is_ok);
        for column in (0..numbers.len()).filter(printed).map(|at| &plan.numbers[at]).filter(|_| !resource.declared) {
            let own = measures.iter_mut().filter(|measure| measure.name == column.name);
            own.for_each(Measure::become_percent);
            inferences.push(percent_said(&plan.fields[column.value]));
        }
        let codes: Vec<CodeList> = lists.into_iter().map(Members::into_list).collect();
        let mut needless = Vec::new();
        if !resource.declared {
            needless.extend((0..codes.len()).filter_map(|at| remark_said(plan, at, &codes[at], &periods, &members)));
            inferences.extend(needless.iter().cloned());
        }
        let mut columns = vec![text_column("period", periods.iter().map(|period| Some(period.as_str())))];
        for ((dimension, list), members) in plan.dimensions.iter().zip(&codes).zip(&members) {
            let code = |number: &u32| list.members.get(*number as usize).map(|member| member.code.as_str());
            columns.push(text_column(&dimension.name, members.iter().map(code)));
        }
        // Numbers and attributes in the table's own order.
        let mut own: Vec<(usize, Vec<Column>)> = Vec::new();
        for (column, cells) in plan.numbers.iter().zip(&numbers) {
            let mut columns = Vec::new();
            number_columns(&column.name, cells, &mut columns);
            // Companions that are empty throughout say nothing; the other columns stay, an empty `M.exhibit` too.
            columns.retain(|column| !column.name().contains('.') || column.null_count() < periods.len());
            own.push((column.value, columns));
        }
        let attributes = plan.attributes.iter().map(|(attribute, field)| (&attribute.name, *field));
        let sources = plan.sources.iter().map(|(name, field)| (name, *field));
        for ((name, field), cells) in attributes.chain(sources).zip(&texts) {
            let texts = cells.iter().map(|text| Some(text.as_str()).filter(|text| !text.is_empty()));
            own.push((field, vec![text_column(name, texts)]));
        }
        own.sort_by_key(|(field, _)| *field);
        columns.extend(own.into_iter().flat_map(|(_, columns)| columns));
        let frame = DataFrame::new(periods.len(), columns).map_err(|error| {
            let (zh, en) = (format!("列不能成表:{error}"), format!("the columns make no table: {error}"));
            vec![table.header_fault(0, "columns", zh, en)]
        })?;
        let dimensions = plan.dimensions.iter().zip(codes).map(|(dimension, codes)| Dimension {
            name: dimension.name.clone(),
            title: dimension.title.clone(),
            codes,
        });
        Ok(Dataset {
            resource: resource.clone(),
            dimensions: dimensions.collect(),
            measures,
            attributes: plan.attributes.iter().map(|(attribute, _)| attribute.clone()).collect(),
            frame,
            periods,
            notes,
            inferences,
            needless,
            used: None,
        })
    }
}

/// What is said of a dimension without which rows are told apart, where it is empty in most of them, or where it changes from
/// period to period, so that nothing has a period before.
fn remark_said(plan: &Plan, at: usize, codes: &CodeList, periods: &[Period], members: &[Vec<u32>]) -> Option<Text> {
    let nothing = codes.members.iter().position(|member| member.key.is_empty());
    let empty = nothing.map_or(0, |nothing| members[at].iter().filter(|number| **number as usize == nothing).count());
    let rows = periods.len();
    let others = members.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, numbers)| numbers);
    let others: Vec<&Vec<u32>> = others.collect();
    let mut seen = HashSet::new();
    let mut key = |row: usize| seen.insert((&periods[row], others.iter().map(|own| own[row]).collect::<Vec<_>>()));
    let header = &plan.fields[plan.dimensions[at].field];
    if rows == 0 || !(0..rows).all(&mut key) {
        return None;
    }
    let mut first: HashMap<Vec<u32>, u32> = HashMap::new();
    let own = |row: usize| others.iter().map(|own| own[row]).collect::<Vec<_>>();
    let changes = |row: usize| *first.entry(own(row)).or_insert(members[at][row]) != members[at][row];
    if 2 * empty < rows {
        return (0..rows).any(changes).then(|| {
            Text::new(
                format!("没有「{header}」各行也分得开,而它随时期变化,因此没有上一期可比:它若只是说明,用其余各列声明 primaryKey 即可"),
                format!("rows are told apart without '{header}', which changes from period to period, so that nothing has a period before: if it is a remark and no dimension, a primaryKey of the other columns says so"),
            )
        });
    }
    Some({
        Text::new(
            format!(
                "「{header}」在 {rows} 行中有 {empty} 行为空,没有它各行也分得开:多半是说明,不是维度;用其余各列声明 primaryKey 即可"
            ),
            format!(
                "'{header}' is empty in {empty} of {rows} rows, which are told apart without it: most likely a remark and no dimension, as a primaryKey of the other columns says"
            ),
        )
    })
}

pub(super) fn percent_said(header: &str) -> Text {
    Text::new(
        format!("「{header}」各格都带 %,当作百分比"),
        format!("the cells of '{header}' all end in %: read as percent, a rate"),
    )
}

fn no_period(table: &Table, place: Place, field: usize, text: &str, format: &PeriodFormat) -> Fault {
    let text = brief(text);
    let (zh, en) = (format!("「{text}」不是时期"), format!("'{text}' is not a period"));
    let fault = table.fault(place, field, "bad-period", zh, en);
    if when::is_week(&text) {
        let (zh, en) =
            ("不支持周;写该周的某一天,如 2021-01-04", "weeks are not read: write a day of each, such as 2021-01-04");
        return fault.write(zh, en);
    }
    match format {
        PeriodFormat::Pattern(pattern) => fault.write(format!("要按 {pattern} 写"), format!("write it as {pattern}")),
        _ => fault.write(
            "要写 2023、2023-03、2023-Q1、2023-03-14、2017/2023 或 ../2023",
            "write 2023, 2023-03, 2023-Q1, 2023-03-14, 2017/2023 or ../2023",
        ),
    }
}

fn text_column<'t>(name: &str, texts: impl Iterator<Item = Option<&'t str>>) -> Column {
    Series::new(name.into(), texts.collect::<Vec<_>>()).into()
}

/// `M`, and besides it digits, last place, mark, upper end and reason.
fn number_columns(name: &str, cells: &[PrintedCell], columns: &mut Vec<Column>) {
    let values: Vec<Option<f64>> =
        cells.iter().map(|cell| cell.as_ref().ok().and_then(|cell| cell.digits.parse().ok())).collect();
    columns.push(Series::new(name.into(), values).into());
    let decimals: Vec<Option<i32>> = cells.iter().map(|cell| cell.as_ref().ok().map(|cell| cell.decimals)).collect();
    let companion = |suffix: &str| format!("{name}.{suffix}");
    let digits = cells.iter().map(|cell| cell.as_ref().ok().map(|cell| cell.digits.as_str()));
    columns.push(text_column(&companion("digits"), digits));
    columns.push(Series::new(companion("decimals").as_str().into(), decimals).into());
    let marks = cells.iter().map(|cell| cell.as_ref().ok().and_then(|cell: &Printed| cell.mark).map(super::Mark::code));
    columns.push(text_column(&companion("mark"), marks));
    columns.push(text_column(
        &companion("to"),
        cells.iter().map(|cell| cell.as_ref().ok().and_then(|cell| cell.to.as_deref())),
    ));
    columns.push(text_column(
        &companion("missing"),
        cells.iter().map(|cell| cell.as_ref().err().map(|reason: &Missing| reason.code())),
    ));
}

/// A row's period and its members as the data name them.
pub type LastingKey<'a> = (&'a Period, Vec<&'a str>);

impl Dataset {
    /// What was inferred of it, each with its address.
    pub fn said(&self) -> Vec<Text> {
        self.inferences.iter().map(|text| super::infer::said_of(&self.resource, text)).collect()
    }

    /// The column that says of which unit the numbers of each row are, or else what they measure; and whether it is of units.
    pub fn unit_column(&self) -> Option<(&str, bool)> {
        let find = |is: fn(&str) -> bool| {
            let dimensions = self.dimensions.iter().map(|own| (&own.name, &own.title));
            let mut columns = dimensions.chain(self.attributes.iter().map(|own| (&own.name, &own.title)));
            let found = columns.find(|(name, title)| is(name) || is(&title.zh));
            found.map(|(name, _)| name.as_str())
        };
        let units = find(header::is_unit).filter(|name| self.used(name).len() > 1);
        units.map(|name| (name, true)).or_else(|| find(header::is_indicator).map(|name| (name, false)))
    }

    /// Whether there is a number in a row of a numeric column.
    pub fn is_printed(&self, column: &str, row: usize) -> bool {
        let at = self.frame.get_column_index(column).filter(|_| row < self.periods.len());
        at.and_then(|at| self.frame.columns()[at].f64().ok()?.get(row)).is_some()
    }

    /// The cell of a numeric column (`deals`, `deals_share`) at a row.
    pub fn cell(&self, column: &str, row: usize) -> PrintedCell {
        if row >= self.periods.len() {
            return Err(Missing::NotPrinted);
        }
        let Some(at) = self.frame.get_column_index(column) else { return Err(Missing::NotPrinted) };
        let companion = |suffix| text_of(self.companion(at, suffix)?, row);
        let reason = || companion("missing").and_then(Missing::from_code).unwrap_or(Missing::NotPrinted);
        let Some(digits) = companion("digits") else {
            // Large tables are read as numbers alone: the digits are those that name the number.
            let value = self.frame.columns()[at].f64().ok().and_then(|values| values.get(row));
            return value.and_then(observation::of_float).ok_or_else(reason);
        };
        let place = self.companion(at, "decimals").and_then(|places| places.i32().ok()?.get(row));
        Ok(Printed {
            digits: digits.to_owned(),
            decimals: place.unwrap_or(0),
            mark: companion("mark").and_then(super::Mark::from_code),
            to: companion("to").map(str::to_owned),
        })
    }

    /// The codes of a dimension that have a row.
    pub fn used(&self, dimension: &str) -> HashSet<&str> {
        let Some(used) = &self.used else {
            return (0..self.periods.len()).filter_map(|row| self.text(dimension, row)).collect();
        };
        let Some(at) = self.dimensions.iter().position(|own| own.name == dimension) else { return HashSet::new() };
        let members = &self.dimensions[at].codes.members;
        used[at].iter().filter_map(|number| Some(members.get(*number as usize)?.code.as_str())).collect()
    }

    /// The column that says where the numbers of a numeric column stand (`exhibit`, `section`): its own, else that of the rows.
    /// It speaks for all rows, the empty ones too.
    pub fn source_column(&self, number: &str, what: &str) -> Option<String> {
        [format!("{number}.{what}"), what.to_owned()].into_iter().find(|column| self.has_column(column))
    }

    /// What a column is known by from one edition to the next: its name, or its title where the name only counts columns.
    pub fn lasting<'a>(&self, name: &'a str, title: &'a Text) -> &'a str {
        let counts =
            name.strip_prefix(['m', 'd', 'a']).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        if counts && !self.resource.declared { &title.zh } else { name }
    }

    /// Period and members of each row, as they are known from one edition to the next, whatever codes were made for them.
    pub fn lasting_keys(&self) -> Vec<LastingKey<'_>> {
        let mut dimensions: Vec<&Dimension> = self.dimensions.iter().collect();
        dimensions.sort_by_key(|dimension| self.lasting(&dimension.name, &dimension.title));
        let mut keys: Vec<LastingKey> = self.periods.iter().map(|period| (period, Vec::new())).collect();
        for dimension in dimensions {
            let members = &dimension.codes.members;
            let lasting: HashMap<&str, &str> =
                members.iter().map(|member| (member.code.as_str(), member.key.as_str())).collect();
            for (row, (_, key)) in keys.iter_mut().enumerate() {
                let code = self.text(&dimension.name, row).unwrap_or_default();
                key.push(lasting.get(code).copied().unwrap_or_default());
            }
        }
        keys
    }

    /// Whether the table has a column; companions have one with at least one cell that is not empty.
    pub fn has_column(&self, column: &str) -> bool {
        self.frame.schema().contains(column)
    }

    /// The text of a column (dimension, attribute, `exhibit`) at a row; empty text, or no such row, is `None`.
    pub fn text(&self, column: &str, row: usize) -> Option<&str> {
        if row >= self.periods.len() {
            return None;
        }
        text_of(&self.frame.columns()[self.frame.get_column_index(column)?], row)
    }

    /// The column `M.suffix` of the numeric column at a place: companions stand right behind their number.
    fn companion(&self, number: usize, suffix: &str) -> Option<&Column> {
        let columns = &self.frame.columns()[number..];
        let name = columns.first()?.name();
        let own = |column: &&Column| column.name().strip_prefix(name.as_str()).is_some_and(|end| end.starts_with('.'));
        columns[1..].iter().take_while(own).find(|column| column.name()[name.len() + 1..] == *suffix)
    }
}

fn text_of(column: &Column, row: usize) -> Option<&str> {
    column.str().ok()?.get(row).filter(|text| !text.is_empty())
}
