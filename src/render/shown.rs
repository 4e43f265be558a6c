//! Cells for people: what tables and documents have in common.

use super::field::{Feed, cell, is_measured, member};
use super::plan::Plan;
use super::sanitize::one_line;
use super::{Headers, Look, header};
use crate::answer::{Answer, Cell, Column, Role};
use crate::text::Lang;

/// What stands for a number that is missing.
pub(super) const MISSING: &str = "–";

/// The columns that people see.
pub(super) struct Grid {
    pub(super) columns: Vec<ShownColumn>,
}

/// A column as people see it.
pub(super) struct ShownColumn {
    pub(super) header: String,
    /// Numbers, to be set flush right.
    pub(super) numeric: bool,
    pub(super) cells: Vec<Shown>,
}

/// A cell as people see it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Shown {
    pub(super) text: String,
    /// Not printed: it follows from other numbers.
    pub(super) derived: bool,
    /// How many characters stand from the decimal point on; none where the text is no single number.
    pub(super) fraction: Option<usize>,
}

impl Grid {
    /// Lays out an answer's columns, without those that the numbers beside them show.
    pub(super) fn new(answer: &Answer, look: &Look) -> Self {
        let mut number: Option<&Column> = None;
        let mut columns = Vec::with_capacity(answer.columns.len());
        for column in answer.columns.iter().filter(|column| !column.fold) {
            let short = number.and_then(|number| companion_header(column, number, look));
            columns.push(ShownColumn::new(answer, column, short.unwrap_or_else(|| header(column, look)), look));
            if column.role != Role::Companion {
                number = Some(column);
            }
        }
        Grid { columns }
    }

    /// Whether a cell needs the line that explains the mark of derived numbers.
    pub(super) fn has_derived(&self) -> bool {
        self.columns.iter().flat_map(|column| &column.cells).any(|cell| cell.derived)
    }

    /// That line.
    pub(super) const fn legend(lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => "报告未印,由其他数字推出",
            Lang::En => "not printed: follows from other numbers",
        }
    }
}

/// The header of a companion beside its number, whose title and unit it need not say again.
fn companion_header(column: &Column, number: &Column, look: &Look) -> Option<String> {
    let titled = column.role == Role::Companion && look.headers == Headers::Title;
    let own = column.title.get(look.lang).strip_prefix(number.title.get(look.lang)).filter(|_| titled)?;
    Some(own.trim_start_matches([',', ' ']).to_owned()).filter(|own| !own.is_empty())
}

impl ShownColumn {
    fn new(answer: &Answer, column: &Column, header: String, look: &Look) -> Self {
        let feed = Feed::new(column, None);
        let cells: Vec<_> = (0..answer.rows).map(|row| cell(&feed, row)).collect();
        let numbers =
            || cells.iter().filter_map(|cell| if let Cell::Number(number) = &**cell { Some(number) } else { None });
        let numeric = is_measured(column) || numbers().next().is_some();
        let plan = Plan::new(answer, column, look, numbers());
        let shown = cells.iter().enumerate().map(|(row, cell)| match &**cell {
            Cell::Empty(_) if is_measured(column) => Shown { text: MISSING.to_owned(), ..Shown::default() },
            Cell::Empty(_) => Shown::default(),
            Cell::Text(text) => Shown { text: one_line(text), ..Shown::default() },
            Cell::Member { code, title } => {
                Shown { text: one_line(member(code, title, look.titles())), ..Shown::default() }
            }
            Cell::Number(number) => plan.shown(number, row),
        });
        ShownColumn { header: one_line(&header), numeric, cells: shown.collect() }
    }
}
