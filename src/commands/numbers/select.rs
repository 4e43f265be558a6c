//! Which rows are shown, and in which order: `--where`, `--period`, `--sort`, `--top`, `--rest`.

use std::cmp::Ordering;

use super::Context;
use super::sheet::{self, Sheet};
use super::statistics::{Ranking, column_key};
use crate::answer::{Cell, Role, Values};
use crate::error::{Error, Result};
use crate::package::{CodeList, Missing, PeriodKind, PeriodSelection};
use crate::precision::Rational;
use crate::stats::{Operand, Quantity};
use crate::suggest::nearest;
use crate::text::Text;

/// The rows of the answer, in order. `--rest` adds rows to the sheet.
pub(super) fn rows(
    context: &Context,
    sheet: &mut Sheet,
    ranking: Option<&Ranking>,
    notes: &mut Vec<Text>,
) -> Result<Vec<usize>> {
    let filters = context.question.filters.iter().flat_map(|text| text.split(';'));
    let filters = filters.map(|text| Filter::parse(context, text)).collect::<Result<Vec<_>>>()?;
    let periods = periods(context, sheet, notes)?;
    let mut rows: Vec<usize> = sheet.order.clone();
    rows.retain(|&row| {
        periods[sheet.panel.period[row] as usize] && filters.iter().all(|filter| filter.keeps(sheet, row))
    });
    if let Some(ranking) = ranking.filter(|_| context.question.sort.is_none()) {
        let place = |row: usize| ranking.ranks[row].as_ref().ok().and_then(rank_value);
        rows.sort_by(|&a, &b| {
            let by_rank = || compare(place(a), place(b), false);
            sheet.panel.period[a].cmp(&sheet.panel.period[b]).then_with(by_rank)
        });
    }
    if let Some(typed) = &context.question.sort {
        sort(context, sheet, typed, &mut rows)?;
    }
    match (context.question.top, ranking) {
        (Some(top), Some(ranking)) => Ok(cut(context, sheet, ranking, top, rows, notes)),
        _ => Ok(rows),
    }
}

fn rank_value(rank: &Quantity) -> Option<Rational> {
    rank.value.as_ref().ok().cloned().or_else(|| rank.bounds.lower.clone())
}

/// Numbers in order, those without one last either way.
fn compare(a: Option<Rational>, b: Option<Rational>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

fn sort(context: &Context, sheet: &Sheet, typed: &str, rows: &mut [usize]) -> Result<()> {
    let (descending, name) = typed.strip_prefix('-').map_or((false, typed), |name| (true, name));
    let text = sheet.columns.iter().find(|c| {
        matches!(c.role, Role::Period | Role::Dimension | Role::Attribute) && (c.key == name || c.title.zh == name)
    });
    let mut place = vec![0usize; sheet.panel.len()];
    for (at, &row) in sheet.order.iter().enumerate() {
        place[row] = at;
    }
    match text {
        Some(column) if column.role == Role::Period => {
            rows.sort_by_key(|&row| sheet.panel.period[row]);
            if descending {
                rows.sort_by_key(|&row| std::cmp::Reverse(sheet.panel.period[row]));
            }
        }
        Some(column) => {
            let key = |row: usize| match column.values.cell(row).into_owned() {
                Cell::Member { code, .. } => member_order(context, &column.key, &code),
                Cell::Text(text) => (0, text),
                _ => (usize::MAX, String::new()),
            };
            rows.sort_by_cached_key(|&row| key(row));
            if descending {
                rows.sort_by_cached_key(|&row| std::cmp::Reverse(key(row)));
            }
        }
        None => {
            let key = column_key(context, sheet, name, "--sort ")?;
            let numbers = sheet.operands(&key).unwrap_or_default();
            let value = |row: usize| numbers[row].as_ref().ok().and_then(rank_value);
            rows.sort_by(|&a, &b| compare(value(a), value(b), descending).then(place[a].cmp(&place[b])));
        }
    }
    Ok(())
}

fn member_order(context: &Context, dimension: &str, code: &str) -> (usize, String) {
    let list = context.dataset.dimensions.iter().find(|d| d.name == dimension);
    let at = list.and_then(|d| d.codes.members.iter().position(|member| member.code == code));
    (at.unwrap_or(usize::MAX), code.to_owned())
}

/// `--top N`: the rows ranked so in their period, ties at the cut included; `--rest` adds the sum of the others.
fn cut(
    context: &Context,
    sheet: &mut Sheet,
    ranking: &Ranking,
    top: usize,
    rows: Vec<usize>,
    notes: &mut Vec<Text>,
) -> Vec<usize> {
    let limit = Rational::from_integer(top.into());
    let leaf = |row: usize, sheet: &Sheet| sheet.panel.leaf[sheet.panel.series[row] as usize];
    let within = |row: usize| ranking.ranks[row].as_ref().ok().and_then(rank_value).is_some_and(|rank| rank <= limit);
    let (mut kept, left): (Vec<usize>, Vec<usize>) =
        rows.iter().copied().filter(|&row| leaf(row, sheet)).partition(|&row| within(row));
    let unranked = left.iter().filter(|&&row| ranking.ranks[row].is_err()).count();
    if !left.is_empty() {
        let (zh, en) = if unranked == 0 {
            (String::new(), String::new())
        } else {
            (format!(",其中 {unranked} 个没有数字"), format!(", {unranked} of them without a number"))
        };
        notes.push(Text::new(
            format!("未显示 {} 行{zh}", left.len()),
            format!("{} {} left out{en}", left.len(), if left.len() == 1 { "row" } else { "rows" }),
        ));
    }
    if context.question.rest && !left.is_empty() {
        let mut periods: Vec<u32> = left.iter().map(|&row| sheet.panel.period[row]).collect();
        periods.sort_unstable();
        periods.dedup();
        for period in periods {
            let parts: Vec<usize> = left.iter().copied().filter(|&row| sheet.panel.period[row] == period).collect();
            kept.push(rest(context, sheet, &parts));
        }
    }
    kept
}

/// Adds one row that sums others: levels only, empty where a part is missing.
fn rest(context: &Context, sheet: &mut Sheet, parts: &[usize]) -> usize {
    let first = parts.first().copied().unwrap_or_default();
    let row =
        sheet.columns.iter().find_map(|c| if let Values::Cells(cells) = &c.values { Some(cells.len()) } else { None });
    let mut named = false;
    for column in &mut sheet.columns {
        let level = column.role == Role::Measure
            && context.dataset.measures.iter().any(|m| m.name == column.key && m.kind != crate::package::Kind::Rate);
        let cell = match column.role {
            Role::Period => column.values.cell(first).into_owned(),
            Role::Dimension if !std::mem::replace(&mut named, true) => {
                Cell::Member { code: "rest".to_owned(), title: Text::new("其余", "Rest") }
            }
            _ if level => {
                let operands: Vec<Operand> =
                    parts.iter().map(|&part| sheet::operand(&column.values.cell(part))).collect();
                sheet::computed(sum(operands))
            }
            Role::Measure | Role::Statistic => Cell::Empty(Some(Missing::NotPrinted)),
            _ => Cell::Empty(None),
        };
        if let Values::Cells(cells) = &mut column.values {
            cells.push(cell);
        }
    }
    row.unwrap_or_default()
}

fn sum(operands: Vec<Operand>) -> Operand {
    let mut total = Quantity::exact(Rational::from_integer(0.into()));
    for operand in operands {
        total = total.plus(&operand?)?;
    }
    Ok(total)
}

/// Which of the sheet's periods are asked for.
fn periods(context: &Context, sheet: &Sheet, notes: &mut Vec<Text>) -> Result<Vec<bool>> {
    let all = &sheet.panel.periods;
    let Some(typed) = context.question.period.as_deref().filter(|_| !context.question.cagr) else {
        return Ok(vec![true; all.len()]);
    };
    let selection = PeriodSelection::parse(typed).map_err(|_| bad_period(context, typed))?;
    let last = all.iter().rfind(|period| period.kind() == PeriodKind::Plain);
    let chosen: Vec<bool> = match &selection {
        PeriodSelection::Latest => all.iter().map(|period| Some(period) == last).collect(),
        PeriodSelection::Of(periods) => {
            if let Some(missing) = periods.iter().find(|period| !all.contains(period) && periods.len() == 1) {
                note_other_kinds(context, &missing.to_string(), all, notes);
            }
            all.iter().map(|period| periods.contains(period)).collect()
        }
        range @ PeriodSelection::Range(..) => all.iter().map(|period| range.matches(period, last)).collect(),
    };
    if selection == PeriodSelection::Latest && last.is_none() {
        note_other_kinds(context, typed, all, notes);
    }
    Ok(chosen)
}

fn note_other_kinds(context: &Context, typed: &str, all: &[crate::package::Period], notes: &mut Vec<Text>) {
    let others: Vec<String> = all.iter().map(ToString::to_string).collect();
    let example = others.last().map_or(String::new(), |period| format!("{} --period {period}", context.line()));
    notes.push(Text::new(
        format!("没有 {typed} 的行;有的期间是 {}。可输入:{example}", others.join("、")),
        format!("no row for {typed}; the periods there are: {}. Try: {example}", others.join(", ")),
    ));
}

/// The refusal of what is no period.
pub(super) fn bad_period(context: &Context, typed: &str) -> Error {
    Error::new(format!("「{typed}」不是期间"), format!("'{typed}' is no period"))
        .detail(
            "可写 2023、2023-03、2019,2023、2019..2023、../2023 或 latest",
            "write 2023, 2023-03, 2019,2023, 2019..2023, ../2023 or latest",
        )
        .hint(format!("{} --period latest", context.line()))
}

/// The refusal of a period that has no row.
pub(super) fn no_period(context: &Context, typed: &str) -> Error {
    let periods: Vec<String> = context.dataset.periods.iter().map(ToString::to_string).collect();
    let first = periods.first().cloned().unwrap_or_default();
    let mut distinct = periods;
    distinct.dedup();
    Error::new(format!("没有 {typed} 的行"), format!("there is no row for {typed}"))
        .detail(format!("期间:{}", distinct.join("、")), format!("periods: {}", distinct.join(", ")))
        .hint(format!("{} --index={first}", context.line()))
}

/// A condition of `--where`.
struct Filter {
    column: Target,
    values: Vec<String>,
    test: Test,
}

enum Target {
    /// A dimension or attribute column of the table, by key.
    Column(String),
    /// An attribute of the members of a dimension: its key, and the codes of the members by their value.
    MemberAttribute(String, Vec<(String, String)>),
}

#[derive(Clone, Copy, PartialEq)]
enum Test {
    Is,
    IsNot,
    Contains,
}

impl Filter {
    fn parse(context: &Context, text: &str) -> Result<Self> {
        let found = [("!=", Test::IsNot), ("~", Test::Contains), ("=", Test::Is)]
            .into_iter()
            .filter_map(|(sign, test)| text.find(sign).map(|at| (at, sign.len(), test)))
            .min_by_key(|(at, length, _)| (*at, std::cmp::Reverse(*length)));
        let Some((at, length, test)) = found else {
            return Err(Self::refusal(
                context,
                text,
                "要写 维度=成员、维度!=成员 或 属性~文字",
                "write DIM=MEMBER, DIM!=MEMBER or ATTRIBUTE~TEXT",
            ));
        };
        let (name, value) = (text[..at].trim(), text[at + length..].trim());
        let values: Vec<&str> =
            if test == Test::Contains { vec![value] } else { value.split(',').map(str::trim).collect() };
        let same = |key: &str, title: &Text| key == name || title.zh == name || title.en.eq_ignore_ascii_case(name);
        let dataset = context.dataset;
        if let Some(dimension) = dataset.dimensions.iter().find(|d| same(&d.name, &d.title)) {
            let used = |code: &str| {
                test == Test::Contains
                    || (0..dataset.periods.len()).any(|row| dataset.text(&dimension.name, row) == Some(code))
            };
            let values = values
                .iter()
                .map(|typed| {
                    if test == Test::Contains {
                        Ok((*typed).to_owned())
                    } else {
                        code(context, &dimension.name, &dimension.codes, typed, &used)
                    }
                })
                .collect::<Result<_>>()?;
            return Ok(Filter { column: Target::Column(dimension.name.clone()), values, test });
        }
        let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
        if let Some(attribute) = dataset.attributes.iter().find(|a| same(&a.name, &a.title)) {
            return Ok(Filter { column: Target::Column(attribute.name.clone()), values, test });
        }
        for dimension in &dataset.dimensions {
            if let Some(at) = dimension.codes.attributes.iter().position(|a| same(&a.name, &a.title)) {
                let by_code = dimension
                    .codes
                    .members
                    .iter()
                    .map(|m| (m.code.clone(), m.attributes.get(at).cloned().unwrap_or_default()));
                return Ok(Filter {
                    column: Target::MemberAttribute(dimension.name.clone(), by_code.collect()),
                    values,
                    test,
                });
            }
        }
        Err(Self::refusal(context, name, "没有这个维度或属性", "there is no such dimension or attribute"))
    }

    fn refusal(context: &Context, typed: &str, zh: &str, en: &str) -> Error {
        let dataset = context.dataset;
        let mut names: Vec<&str> = dataset.dimensions.iter().map(|d| d.name.as_str()).collect();
        names.extend(dataset.attributes.iter().map(|a| a.name.as_str()));
        names.extend(dataset.dimensions.iter().flat_map(|d| d.codes.attributes.iter().map(|a| a.name.as_str())));
        let error = Error::new(format!("--where「{typed}」:{zh}"), format!("--where '{typed}': {en}"));
        if names.is_empty() {
            return error
                .detail(
                    "这个数据集没有维度;期间用 --period",
                    "this dataset has no dimensions; --period chooses periods",
                )
                .hint(context.line());
        }
        let example = dataset.dimensions.iter().find_map(|d| {
            let code = (0..dataset.periods.len()).find_map(|row| dataset.text(&d.name, row))?;
            Some(format!("{} --where {}={code}", context.line(), d.name))
        });
        error
            .detail(format!("可用:{}", names.join("、")), format!("there is: {}", names.join(", ")))
            .hint(example.unwrap_or_else(|| context.line()))
    }

    fn keeps(&self, sheet: &Sheet, row: usize) -> bool {
        let (key, attributes) = match &self.column {
            Target::Column(key) => (key, None),
            Target::MemberAttribute(key, attributes) => (key, Some(attributes)),
        };
        let Some(at) = sheet.position(key) else { return true };
        let texts: Vec<String> = match sheet.columns[at].values.cell(row).into_owned() {
            Cell::Member { code, title } => match attributes {
                Some(attributes) => {
                    attributes.iter().filter(|(c, _)| *c == code).map(|(_, value)| value.clone()).collect()
                }
                None => vec![code, title.zh, title.en],
            },
            Cell::Text(text) => vec![text],
            _ => Vec::new(),
        };
        let is = |value: &String| texts.iter().any(|text| text == value);
        match self.test {
            Test::Is => self.values.iter().any(is),
            Test::IsNot => !self.values.iter().any(is),
            Test::Contains => self
                .values
                .iter()
                .any(|value| texts.iter().any(|text| text.to_lowercase().contains(&value.to_lowercase()))),
        }
    }
}

/// The code of a member typed by code or name, among those that the dataset uses.
fn code(
    context: &Context,
    dimension: &str,
    codes: &CodeList,
    typed: &str,
    used: &dyn Fn(&str) -> bool,
) -> Result<String> {
    let same = |title: &Text| title.zh == typed || title.en.eq_ignore_ascii_case(typed);
    let members: Vec<_> = codes.members.iter().filter(|member| used(&member.code)).collect();
    if let Some(member) =
        members.iter().find(|member| member.code == typed).or_else(|| members.iter().find(|member| same(&member.title)))
    {
        return Ok(member.code.clone());
    }
    let names =
        members.iter().flat_map(|member| [member.code.as_str(), member.title.zh.as_str(), member.title.en.as_str()]);
    let near = nearest(typed, names).first().map(|name| (*name).to_owned());
    let mut shown: Vec<&str> = members.iter().map(|member| member.code.as_str()).take(20).collect();
    if members.len() > shown.len() {
        shown.push("…");
    }
    let error = Error::new(format!("{dimension} 没有成员「{typed}」"), format!("{dimension} has no member '{typed}'"))
        .detail(format!("成员:{}", shown.join("、")), format!("members: {}", shown.join(", ")));
    let meant = near.or_else(|| members.first().map(|member| member.code.clone())).unwrap_or_default();
    Err(error.hint(format!("{} --where {}", context.line(), crate::cli::quote(&format!("{dimension}={meant}")))))
}

/// The dimension (by position) and code of a member that was typed alone, or as `dim=member`.
pub(super) fn member(context: &Context, typed: &str) -> Result<(usize, String)> {
    let (name, member) = typed.split_once('=').map_or((None, typed), |(name, member)| (Some(name), member));
    let dataset = context.dataset;
    if dataset.dimensions.is_empty() {
        return Err(
            Error::new("这个数据集没有成员", "this dataset has no members").hint(format!("{} --index", context.line()))
        );
    }
    let mut refusal = None;
    for (at, dimension) in dataset.dimensions.iter().enumerate() {
        if name.is_some_and(|name| name != dimension.name && name != dimension.title.zh) {
            continue;
        }
        let used = |code: &str| (0..dataset.periods.len()).any(|row| dataset.text(&dimension.name, row) == Some(code));
        match code(context, &dimension.name, &dimension.codes, member, &used) {
            Ok(code) => return Ok((at, code)),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(|| {
        Error::new(format!("没有成员「{typed}」"), format!("there is no member '{typed}'")).hint(context.line())
    }))
}
