//! Cells for people: what tables and documents have in common.

use super::field::{Feed, cell, is_measured, member};
use super::plan::{Plan, companion};
use super::sanitize::one_line;
use super::{Headers, Look, header};
use crate::answer::{Answer, Cell, Column, Role};
use crate::precision::Basis;
use crate::text::Lang;

/// What stands for a number that is missing.
pub(super) const MISSING: &str = "–";

/// The columns that people see.
pub(super) struct Grid {
    pub(super) columns: Vec<ShownColumn>,
    /// How the numbers are known, where a line says it once for whole columns.
    claims: Option<String>,
}

/// A column as people see it.
pub(super) struct ShownColumn {
    pub(super) header: String,
    /// Numbers, to be set flush right.
    pub(super) numeric: bool,
    /// A text that a narrow table may set below its row.
    pub(super) movable: bool,
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

impl Shown {
    /// The text, with the mark of what is not printed.
    pub(super) fn marked(&self) -> String {
        if self.derived { format!("{}*", self.text) } else { self.text.clone() }
    }
}

impl Grid {
    /// Lays out an answer's columns: without those that the numbers beside them show, with bounds as one range, and with
    /// claims where the numbers of a column differ in theirs.
    pub(super) fn new(answer: &Answer, look: &Look) -> Self {
        let mut number: Option<&Column> = None;
        let mut columns = Vec::with_capacity(answer.columns.len());
        let mut claims: Vec<(String, String)> = Vec::new();
        let mut differing = false;
        for column in answer.columns.iter().filter(|column| !column.fold) {
            let short = number.and_then(|number| companion_header(column, number, look));
            match (suffix(column), owner(answer, column)) {
                ("lower", Some(own)) => {
                    let beside = number.is_some_and(|number| std::ptr::eq(number, own));
                    // A rank is its own range.
                    columns.extend((!own.is_rank()).then(|| ShownColumn::bounds(answer, own, beside, look)));
                }
                ("upper" | "basis", Some(_)) => {}
                ("claim", Some(own)) => {
                    let texts = claim_texts(answer, own, column, look);
                    let mut known = texts.iter().filter(|text| !text.is_empty());
                    let first = known.next().cloned();
                    if known.all(|text| Some(text) == first.as_ref()) {
                        claims.extend(first.map(|claim| (one_line(titled(own, look)), claim)));
                    } else {
                        differing = true;
                        columns.push(ShownColumn::texts(short.unwrap_or_else(|| header(column, look)), texts));
                    }
                }
                _ => {
                    columns.push(ShownColumn::new(answer, column, short.unwrap_or_else(|| header(column, look)), look));
                    if column.role != Role::Companion {
                        number = Some(column);
                    }
                }
            }
        }
        Grid { columns, claims: claims_line(&claims, differing, look.lang) }
    }

    /// The lines that explain marks, and how the numbers are known.
    pub(super) fn legend(&self, lang: Lang) -> Vec<String> {
        let derived = self.columns.iter().flat_map(|column| &column.cells).any(|cell| cell.derived);
        let mark = match lang {
            Lang::Zh => "* 报告未载,由其他数字推出",
            Lang::En => "* not printed: follows from other numbers",
        };
        derived.then(|| mark.to_owned()).into_iter().chain(self.claims.clone()).collect()
    }
}

/// The items of a list as people read them.
fn listed(items: &[Cell], look: &Look) -> String {
    let item = |item: &Cell| match item {
        Cell::Member { code, title } => one_line(member(code, title, look.titles())),
        item => one_line(&item.code()),
    };
    items.iter().map(item).collect::<Vec<_>>().join(if look.lang == Lang::Zh { "、" } else { ", " })
}

/// What a companion's key ends in.
fn suffix(column: &Column) -> &str {
    if column.role == Role::Companion { column.key.rsplit('_').next().unwrap_or_default() } else { "" }
}

/// The column whose bounds, claim or basis this one holds.
fn owner<'a>(answer: &'a Answer, column: &Column) -> Option<&'a Column> {
    let suffix = suffix(column);
    let is = |own: &&Column| companion(answer, &own.key, suffix).is_some_and(|it| std::ptr::eq(it, column));
    answer.columns.iter().filter(|own| own.role != Role::Companion).find(is).filter(|_| !suffix.is_empty())
}

fn titled<'a>(column: &'a Column, look: &Look) -> &'a str {
    match column.title.get(look.lang) {
        title if look.headers == Headers::Title && !title.is_empty() => title,
        _ => &column.key,
    }
}

/// How each number of a column is known: its claim, with the basis where that is not what is printed.
fn claim_texts(answer: &Answer, number: &Column, claims: &Column, look: &Look) -> Vec<String> {
    let bases = companion(answer, &number.key, "basis");
    let word = |column: &Column, row: usize| match &*column.values.cell(row) {
        Cell::Member { code, title } => Some((code.clone(), member(code, title, look.titles()).to_owned())),
        _ => None,
    };
    let text = |row: usize| {
        if !matches!(&*number.values.cell(row), Cell::Number(_)) {
            return String::new();
        }
        let claim = word(claims, row).unwrap_or_default().1;
        match bases.and_then(|bases| word(bases, row)).filter(|(code, _)| code != Basis::Printed.code()) {
            Some((_, basis)) if look.lang == Lang::Zh => format!("{claim}({basis})"),
            Some((_, basis)) => format!("{claim} ({basis})"),
            None => claim,
        }
    };
    (0..answer.rows).map(text).collect()
}

/// One line for columns in which all numbers are known alike.
fn claims_line(claims: &[(String, String)], differing: bool, lang: Lang) -> Option<String> {
    let (_, first) = claims.first()?;
    let all = !differing && claims.iter().all(|(_, claim)| claim == first);
    let (colon, between) = if lang == Lang::Zh { (":", ";") } else { (": ", "; ") };
    let each =
        || claims.iter().map(|(title, claim)| format!("{title}{colon}{claim}")).collect::<Vec<_>>().join(between);
    Some(match lang {
        Lang::Zh if all => format!("结论:均为{first}"),
        Lang::Zh => format!("结论:{}", each()),
        Lang::En if all => format!("Claim: {first} throughout"),
        Lang::En => format!("Claims: {}", each()),
    })
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
            Cell::List { items, brief, .. } => {
                let text = brief.as_deref().map_or_else(|| listed(items, look), one_line);
                Shown { text, ..Shown::default() }
            }
            Cell::Number(number) => plan.shown(number, row),
        });
        let movable = !numeric && matches!(column.role, Role::Attribute | Role::Source);
        ShownColumn { header: one_line(&header), numeric, movable, cells: shown.collect() }
    }

    /// The bounds of a column of numbers, perhaps beside it.
    fn bounds(answer: &Answer, column: &Column, beside: bool, look: &Look) -> Self {
        let header = match (look.headers, look.lang) {
            (Headers::Code, _) => format!("{}_lower..upper", column.key),
            (_, Lang::Zh) if beside => "界限".to_owned(),
            (_, Lang::Zh) => format!("{}界限", titled(column, look)),
            (_, Lang::En) if beside => "bounds".to_owned(),
            (_, Lang::En) => format!("{}, bounds", titled(column, look)),
        };
        let feed = Feed::new(column, None);
        let cells: Vec<_> = (0..answer.rows).map(|row| cell(&feed, row)).collect();
        let numbers =
            || cells.iter().filter_map(|cell| if let Cell::Number(number) = &**cell { Some(number) } else { None });
        let plan = Plan::new(answer, column, look, numbers());
        let text = |(row, cell): (usize, &std::borrow::Cow<Cell>)| match &**cell {
            Cell::Number(number) => plan.bounds(number, row),
            _ => String::new(),
        };
        let texts = cells.iter().enumerate().map(text).collect();
        ShownColumn { numeric: true, ..ShownColumn::texts(header, texts) }
    }

    fn texts(header: String, texts: Vec<String>) -> Self {
        let cells = texts.into_iter().map(|text| Shown { text, ..Shown::default() }).collect();
        ShownColumn { header: one_line(&header), numeric: false, movable: false, cells }
    }
}
