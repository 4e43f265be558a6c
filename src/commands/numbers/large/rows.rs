//! Which rows of a large table are shown, and in which order.

use super::super::sheet::Sheet;
use super::super::{Context, filter, select, statistics as shared};
use super::keys::Keys;
use super::statistics::{Ranking, codes};
use crate::answer::{Answer, Cell, Column, Role, Values};
use crate::error::Result;
use crate::stats::Panel;
use crate::text::Text;
use crate::work::each;

/// Which rows are asked for.
pub(super) struct Wanted {
    /// By the place of their period.
    periods: Vec<bool>,
    /// By the number of a member or text in a column.
    members: Vec<(String, Vec<bool>)>,
}

impl Wanted {
    /// A row at a time.
    pub(super) fn rows<'a>(&'a self, sheet: &'a Sheet) -> impl Fn(u32) -> bool + Sync + 'a {
        let period = codes(sheet, "period");
        let columns: Vec<(&[u32], &[bool])> =
            self.members.iter().map(|(key, kept)| (codes(sheet, key), kept.as_slice())).collect();
        move |row| {
            let row = row as usize;
            self.periods[period[row] as usize] && columns.iter().all(|(codes, kept)| kept[codes[row] as usize])
        }
    }

    fn is_all(&self) -> bool {
        self.periods.iter().all(|kept| *kept) && self.members.is_empty()
    }

    /// The periods of which a row is asked for.
    pub(super) fn periods(&self, panel: &Panel) -> Vec<bool> {
        let mut any = vec![false; self.periods.len()];
        for &period in &panel.period {
            any[period as usize] = true;
        }
        any.iter().zip(&self.periods).map(|(any, asked)| *any && *asked).collect()
    }
}

/// What `--where` and `--period` ask for; in a package that says nothing of its members, a condition `!=` on them also leaves
/// them out of what is ranked and summed.
pub(super) fn wanted(
    context: &Context,
    sheet: &Sheet,
    filters: &[filter::Filter],
    periods: &[bool],
    keys: &mut Keys,
    notes: &mut Vec<Text>,
) -> Wanted {
    let mut members = Vec::new();
    let mut out = Vec::new();
    for filter in filters {
        let Some(at) = sheet.position(filter.column()) else { continue };
        let Values::Coded { labels, .. } = &sheet.columns[at].values else { continue };
        let kept: Vec<bool> = labels.iter().map(|label| filter.passes(label)).collect();
        let dimension = context.dataset.dimensions.iter().position(|dimension| dimension.name == filter.column());
        if let Some(dimension) = dimension.filter(|_| filter.leaves_out(context)) {
            let rejected: Vec<bool> = kept.iter().map(|kept| !kept).collect();
            keys.leave_out(dimension, &rejected);
            let used = context.dataset.used(filter.column());
            for (label, _) in labels.iter().zip(&kept).filter(|(_, kept)| !**kept) {
                if let Cell::Member { code, title } = label
                    && used.contains(code.as_str())
                    && !out.contains(title)
                {
                    out.push(title.clone());
                }
            }
        }
        members.push((filter.column().to_owned(), kept));
    }
    notes.extend(filter::note(context, &out));
    Wanted { periods: periods.to_vec(), members }
}

/// Chosen rows.
pub(super) struct Chosen {
    /// In order; `None`: all, as they stand.
    rows: Option<Vec<u32>>,
    /// Rows that `--rest` sums, a list a period.
    rest: Vec<Vec<usize>>,
}

/// The rows of the answer, in order.
pub(super) fn chosen(
    context: &Context,
    sheet: &Sheet,
    ranking: Option<&Ranking>,
    wanted: &Wanted,
    notes: &mut Vec<Text>,
) -> Result<Chosen> {
    let question = context.question;
    if wanted.is_all() && ranking.is_none() && question.sort.is_none() {
        return Ok(Chosen { rows: None, rest: Vec::new() });
    }
    let is_wanted = wanted.rows(sheet);
    let mut rows: Vec<u32> = (0..sheet.panel.len() as u32).filter(|&row| is_wanted(row)).collect();
    if rows.is_empty() && wanted.periods(&sheet.panel).contains(&true) {
        notes.push(filter::unmet(context.question));
    }
    let mut rest = Vec::new();
    if let Some((top, ranking)) = question.top.zip(ranking) {
        let leaf = |row: u32| sheet.panel.leaf[sheet.panel.series[row as usize] as usize];
        let place = |row: u32| ranking.place[row as usize];
        let (kept, left): (Vec<u32>, Vec<u32>) =
            rows.iter().copied().filter(|&row| leaf(row)).partition(|&row| place(row) <= top as f64);
        let unranked = left.iter().filter(|&&row| place(row).is_nan()).count();
        notes.extend(select::left_out(top, [rows.len(), kept.len(), left.len()], unranked));
        if question.rest {
            let period = |row: &u32| sheet.panel.period[*row as usize];
            rest = left
                .chunk_by(|a, b| period(a) == period(b))
                .map(|rows| rows.iter().map(|&row| row as usize).collect())
                .collect();
        }
        rows = kept;
    }
    let sorted = question.sort.as_ref().filter(|_| !select::is_deferred(context, &sheet.columns));
    match (sorted, ranking) {
        (Some(typed), _) => sort(context, sheet, typed, &mut rows)?,
        (None, Some(ranking)) => by_rank(sheet, ranking, &mut rows),
        (None, None) => {}
    }
    Ok(Chosen { rows: Some(rows), rest })
}

/// By period, then by rank; rows without one last.
fn by_rank(sheet: &Sheet, ranking: &Ranking, rows: &mut Vec<u32>) {
    let period = |row: u32| sheet.panel.period[row as usize];
    let groups: Vec<&[u32]> = rows.chunk_by(|a, b| period(*a) == period(*b)).collect();
    let sorted = each(groups.len(), &|group| {
        let place = |row: u32| Some(ranking.place[row as usize]).filter(|place| !place.is_nan());
        // Ranks are small whole numbers: their bits are in order.
        let mut keyed: Vec<(u64, u32)> =
            groups[group].iter().map(|&row| (place(row).map_or(u64::MAX, f64::to_bits), row)).collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, row)| row).collect::<Vec<u32>>()
    });
    *rows = sorted.concat();
}

fn sort(context: &Context, sheet: &Sheet, typed: &str, rows: &mut [u32]) -> Result<()> {
    let (descending, name) = typed.strip_prefix('-').map_or((false, typed), |name| (true, name));
    let text =
        sheet.columns.iter().find(|c| matches!(c.role, Role::Period | Role::Dimension | Role::Attribute) && c.is(name));
    if let Some(column @ Column { role, values: Values::Coded { codes, labels }, .. }) = text {
        let mut place: Vec<u32> = (0..labels.len() as u32).collect();
        if *role != Role::Period {
            let keys: Vec<_> = labels.iter().map(|label| select::text_order(context, column, label)).collect();
            let mut met: Vec<_> = keys.iter().collect();
            met.sort_unstable();
            met.dedup();
            place = keys.iter().map(|key| met.binary_search(&key).unwrap_or_default() as u32).collect();
        }
        let key = |row: &u32| place[codes[*row as usize] as usize];
        if descending {
            rows.sort_by_key(|row| std::cmp::Reverse(key(row)));
        } else {
            rows.sort_by_key(key);
        }
        return Ok(());
    }
    let key = shared::column_key(context, sheet, name, "--sort")?;
    let values = sheet.position(&key).map(|at| &sheet.columns[at].values);
    let numbers = match values {
        Some(Values::Decimals(numbers)) => numbers.units(),
        Some(Values::Floats { values, .. }) => values.clone(),
        _ => return Ok(()),
    };
    let value = |row: u32| numbers.get(row as usize);
    rows.sort_by(|a, b| match (value(*a), value(*b)) {
        (Some(a), Some(b)) if descending => b.total_cmp(&a),
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
    Ok(())
}

impl Chosen {
    /// Leaves these rows in an answer, and adds those that sum others.
    pub(super) fn take(self, context: &Context, answer: &mut Answer) {
        let rest: Vec<Vec<Cell>> =
            self.rest.iter().map(|parts| select::rest_of(context, &answer.columns, parts)).collect();
        answer.rows = answer.columns.first().map_or(0, |column| column.values.len());
        if let Some(rows) = self.rows {
            let rows: Vec<usize> = rows.into_iter().map(|row| row as usize).collect();
            answer.take(&rows);
        }
        if rest.is_empty() {
            return;
        }
        for (at, column) in answer.columns.iter_mut().enumerate() {
            let own = (0..answer.rows).map(|row| column.values.cell(row).into_owned());
            let cells = own.chain(rest.iter().map(|cells| cells[at].clone())).collect();
            column.values = Values::Cells(cells);
        }
        answer.rows += rest.len();
    }
}

/// Whether an answer has a row of a period, or of a member of a dimension.
pub(super) fn shown(answer: &Answer) -> impl Fn(&str, &str) -> bool + use<> {
    let mut seen: Vec<(String, Vec<String>)> = Vec::new();
    for column in answer.columns.iter().filter(|c| matches!(c.role, Role::Period | Role::Dimension)) {
        let Values::Coded { codes, labels } = &column.values else { continue };
        let mut used = vec![false; labels.len()];
        for code in codes {
            if let Some(used) = used.get_mut(*code as usize) {
                *used = true;
            }
        }
        let name = |label: &Cell| match label {
            Cell::Text(text) => text.clone(),
            Cell::Member { code, .. } => code.clone(),
            _ => String::new(),
        };
        let names = labels.iter().zip(&used).filter(|(_, used)| **used).map(|(label, _)| name(label)).collect();
        seen.push((column.key.clone(), names));
    }
    move |key, code| seen.iter().any(|(own, names)| own == key && names.iter().any(|name| name == code))
}
