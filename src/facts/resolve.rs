//! Which cells a reference names. What it leaves out is what the cell before it said.

use std::collections::BTreeMap;

use super::{Facts, Place, Table};
use crate::package::{Figure, Member, Period, PeriodSelection};
use crate::precision::VarId;
use crate::reference::Reference;
use crate::statement::Misread;
use crate::suggest::{nearest, spellings};

/// What the cell before said: dataset, column, members, period.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// Package whose own datasets need no prefix.
    pub(super) package: Option<String>,
    pub(super) table: Option<usize>,
    pub(super) column: Option<usize>,
    pub(super) key: Vec<Option<String>>,
    pub(super) period: Option<String>,
}

/// Cells of one column.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    pub(super) table: usize,
    pub(super) column: usize,
    /// In order of periods, then of the table.
    pub(super) rows: Vec<usize>,
}

/// How many members a refusal lists.
const SHOWN: usize = 12;

/// All leaf members.
const ALL: &str = "*";

impl Facts<'_> {
    /// The one cell of a reference.
    pub(super) fn one(&self, said: &mut Said, reference: &Reference, at: usize) -> Result<(Cells, VarId), Misread> {
        let cells = self.cells_of(said, reference, at, false)?;
        let [row] = cells.rows.as_slice() else {
            return Err(Misread::new(
                at,
                "此处要一个单元格,而不是多个",
                "one cell is wanted here, and this names several",
            ));
        };
        let place = Place { table: cells.table, column: cells.column, row: *row };
        let variable =
            self.variable(place).ok_or_else(|| Misread::new(at, "没有这个单元格", "there is no such cell"))?;
        Ok((cells, variable))
    }

    /// The variables of cells.
    pub(super) fn variables(&self, cells: &Cells) -> Vec<VarId> {
        let place = |row: &usize| Place { table: cells.table, column: cells.column, row: *row };
        cells.rows.iter().filter_map(|row| self.variable(place(row))).collect()
    }

    /// The cells of a reference; `many`: members that are not named are all leaf members.
    pub(super) fn cells_of(
        &self,
        said: &mut Said,
        reference: &Reference,
        at: usize,
        many: bool,
    ) -> Result<Cells, Misread> {
        let table = match &reference.dataset {
            Some(address) => {
                self.lookup(said.package.as_deref(), address).map_err(|what| Misread::new(at, what.zh, what.en))?
            }
            None => said.table.ok_or_else(|| {
                Misread::expected(at, "数据集(如「地区/主题:指标」)", "a dataset, as in AREA/TOPIC:MEASURE")
            })?,
        };
        let same = said.table == Some(table);
        let here = &self.tables[table];
        let column = match &reference.measure {
            Some(name) => column(here, name).ok_or_else(|| no_column(here, name, at))?,
            None if same => said.column.unwrap_or(0),
            None => 0,
        };
        if here.columns.is_empty() {
            return Err(Misread::new(at, "这个数据集没有指标", "this dataset has no measure"));
        }
        let key = key(here, reference, if same { &said.key } else { &[] }, at, many)?;
        let rows: Vec<usize> = (0..here.rows()).filter(|row| fits(here, *row, &key)).collect();
        if rows.is_empty() {
            let wanted: Vec<&str> = key.iter().flatten().map(String::as_str).collect();
            let (zh, en) =
                (format!("没有「{}」这一行", wanted.join(";")), format!("there is no row of '{}'", wanted.join(";")));
            return Err(Misread::new(at, zh, en));
        }
        let typed = reference.period.clone().or_else(|| said.period.clone());
        let rows = at_period(here, rows, typed.as_deref(), at)?;
        *said = Said { package: said.package.take(), table: Some(table), column: Some(column), key, period: typed };
        Ok(Cells { table, column, rows })
    }

    /// The table of an address, among those that take part. The package's own datasets come first.
    fn lookup(&self, package: Option<&str>, address: &str) -> Result<usize, crate::text::Text> {
        if let Some(table) = self.known.get(&(package.unwrap_or_default().to_owned(), address.to_owned())) {
            return Ok(*table);
        }
        let found = super::reach::resolve(self.catalog, package, address).map_err(|error| error.title)?;
        let (zh, en) =
            (format!("数据集「{address}」不在此问题中"), format!("the dataset '{address}' takes no part here"));
        self.table_of(found).ok_or_else(|| crate::text::Text::new(zh, en))
    }
}

/// The column of a name or title.
fn column(table: &Table, name: &str) -> Option<usize> {
    let titled = |title: &crate::text::Text| title.zh == name || title.en.eq_ignore_ascii_case(name);
    table.column(name).or_else(|| table.columns.iter().position(|column| titled(&column.title)))
}

fn no_column(table: &Table, name: &str, at: usize) -> Misread {
    let keys: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
    let statistic =
        [Figure::Share, Figure::Growth].iter().any(|_| name.ends_with("_share") || name.ends_with("_growth"));
    let hint = if statistic {
        (
            ";报告未载的占比与增长用 share(…)、growth(…)",
            "; for shares and growth that the table has no column for, write share(…) or growth(…)",
        )
    } else {
        ("", "")
    };
    let misread = Misread::new(
        at,
        format!("没有指标「{name}」,有 {}{}", keys.join("、"), hint.0),
        format!("there is no measure '{name}', only {}{}", keys.join(", "), hint.1),
    );
    let names = table.columns.iter().flat_map(|column| spellings(&column.key, &column.title));
    let near = nearest(name, names).first().copied();
    near.into_iter().fold(misread, |misread, near| misread.meant(name, near))
}

/// The member of each dimension; `None` is all leaf members.
fn key(
    table: &Table,
    reference: &Reference,
    before: &[Option<String>],
    at: usize,
    many: bool,
) -> Result<Vec<Option<String>>, Misread> {
    let dimensions = &table.dataset.dimensions;
    for (name, member) in &reference.key {
        let known =
            dimensions.iter().any(|d| d.name == *name || d.title.zh == *name || d.title.en.eq_ignore_ascii_case(name));
        if dimensions.is_empty() {
            let misread = Misread::new(at, "这个数据集没有维度", "this dataset has no dimensions");
            return Err(misread.meant(&format!("[{name}={member}]"), ""));
        }
        if !known {
            let names: Vec<&str> = dimensions.iter().map(|d| d.name.as_str()).collect();
            let (zh, en) = (
                format!("没有维度「{name}」,有 {}", names.join("、")),
                format!("there is no dimension '{name}', only {}", names.join(", ")),
            );
            let spelt = dimensions.iter().flat_map(|dimension| spellings(&dimension.name, &dimension.title));
            let near = nearest(name, spelt).first().copied();
            let misread = Misread::new(at, zh, en);
            return Err(near.into_iter().fold(misread, |misread, near| misread.meant(name, near)));
        }
    }
    let mut key = Vec::with_capacity(dimensions.len());
    for (place, dimension) in dimensions.iter().enumerate() {
        let named = |name: &String| {
            dimension.name == *name || dimension.title.zh == *name || dimension.title.en.eq_ignore_ascii_case(name)
        };
        let typed = reference.key.iter().find(|(name, _)| named(name)).map(|(_, member)| member.as_str());
        key.push(match typed {
            Some(ALL) => None,
            Some(member) => Some(code(dimension, member, at)?),
            None => match before.get(place) {
                Some(before) => before.clone(),
                None if many => None,
                None => {
                    let (zh, en) = (
                        format!("要写明成员:[{}=…]", dimension.name),
                        format!("say which member: [{}=…]", dimension.name),
                    );
                    return Err(Misread::new(at, zh, en));
                }
            },
        });
    }
    Ok(key)
}

pub(super) fn code(dimension: &crate::package::Dimension, typed: &str, at: usize) -> Result<String, Misread> {
    let members = &dimension.codes.members;
    let found = Member::typed(members.iter(), typed);
    if let [member, others @ ..] = &found[..] {
        let codes: Vec<&str> = found.iter().map(|member| member.code.as_str()).collect();
        return if others.is_empty() { Ok(member.code.clone()) } else { Err(several(dimension, typed, at, &codes)) };
    }
    Err({
        let names = members.iter().flat_map(|member| spellings(&member.code, &member.title));
        let near = nearest(typed, names).first().copied();
        let meant = near.map(|near| (format!(",是否指「{near}」"), format!("; did you mean '{near}'?")));
        let (zh, en) = meant.unwrap_or_else(|| {
            let all: Vec<&str> = members.iter().map(|member| member.code.as_str()).take(SHOWN).collect();
            let more = if members.len() > SHOWN { "…" } else { "" };
            (format!(",有 {}{more}", all.join("、")), format!(", only {}{more}", all.join(", ")))
        });
        let misread = Misread::new(
            at,
            format!("{}没有成员「{typed}」{zh}", dimension.title.zh),
            format!("{} has no member '{typed}'{en}", dimension.name),
        );
        near.into_iter().fold(misread, |misread, near| misread.meant(typed, near))
    })
}

/// The refusal of a name that several members have.
fn several(dimension: &crate::package::Dimension, typed: &str, at: usize, codes: &[&str]) -> Misread {
    let misread = Misread::new(
        at,
        format!("{}有 {} 个成员叫「{typed}」:{}", dimension.title.zh, codes.len(), codes.join("、")),
        format!("{} members of {} are called '{typed}': {}", codes.len(), dimension.name, codes.join(", ")),
    );
    codes.iter().take(1).fold(misread, |misread, code| misread.meant(typed, code))
}

fn fits(table: &Table, row: usize, key: &[Option<String>]) -> bool {
    let own = table.key(row);
    own.iter().zip(key).all(|(own, wanted)| match wanted {
        Some(member) => member == own,
        None => !table.dataset.resource.parts.contains_key(*own),
    })
}

/// The rows of a period or range; where none is said, of the last plain period, or of the only one.
fn at_period(table: &Table, rows: Vec<usize>, typed: Option<&str>, at: usize) -> Result<Vec<usize>, Misread> {
    let periods = &table.dataset.periods;
    let bad = |what: crate::text::Text| Misread::new(at, what.zh, what.en);
    let Some(typed) = typed else {
        let own = || rows.iter().map(|row| &periods[*row]);
        let last = Period::latest(own()).or_else(|| own().max()).cloned();
        return Ok(rows.into_iter().filter(|row| Some(&periods[*row]) == last.as_ref()).collect());
    };
    let selection = PeriodSelection::parse(typed).map_err(bad)?;
    let latest = Period::latest(rows.iter().map(|row| &periods[*row])).cloned();
    let mut kept: Vec<usize> =
        rows.iter().copied().filter(|row| selection.matches(&periods[*row], latest.as_ref())).collect();
    if kept.is_empty() {
        let mut have: Vec<&Period> = rows.iter().map(|row| &periods[*row]).collect();
        have.sort();
        have.dedup();
        let have: Vec<&str> = have.into_iter().map(Period::as_str).collect();
        let misread = Misread::new(
            at,
            format!("没有 {typed} 这一期,有 {}", have.join("、")),
            format!("there is no row of {typed}, only of {}", have.join(", ")),
        );
        return Err(have.last().into_iter().fold(misread, |misread, last| misread.meant(typed, last)));
    }
    kept.sort_by(|a, b| periods[*a].cmp(&periods[*b]).then(a.cmp(b)));
    match gap(table, &kept, &selection) {
        Some((absent, instead)) => {
            let misread = Misread::new(
                at,
                format!("{typed} 包括 {absent},而这一期没有行;要写 {instead},或逐个列出时期"),
                format!("{typed} takes in {absent}, of which there is no row; write {instead}, or list the periods"),
            );
            Err(misread.meant(typed, &instead))
        }
        None => Ok(kept),
    }
}

/// A period inside a range of which some member has no row, and the longest range up to the last row that has none such: what
/// is said of a range is said of every period in it.
fn gap(table: &Table, rows: &[usize], selection: &PeriodSelection) -> Option<(Period, String)> {
    let PeriodSelection::Range(..) = selection else { return None };
    let mut series: BTreeMap<Vec<&str>, Vec<&Period>> = BTreeMap::new();
    for row in rows {
        series.entry(table.key(*row)).or_default().push(&table.dataset.periods[*row]);
    }
    let within = |period: &Period| selection.matches(period, None);
    series.into_values().find_map(|periods| {
        let last = *periods.last()?;
        let mut first = last;
        while let Some(before) = first.previous(1).and_then(|before| periods.iter().find(|own| ***own == before)) {
            first = before;
        }
        let absent = first.previous(1).filter(within).or_else(|| last.previous(-1).filter(within))?;
        let instead = if first == last { last.to_string() } else { format!("{first}..{last}") };
        Some((absent, instead))
    })
}
