//! `--where`: which rows are asked for, and which members ranks and shares leave out.

use std::collections::HashSet;

use super::Context;
use super::select;
use super::sheet::Sheet;
use crate::answer::Cell;
use crate::catalog::{Found, names_of, words_of};
use crate::cli::Question;
use crate::error::{Error, Result};
use crate::line::{Edit, quote};
use crate::package::{Attribute, Breakdown, Dataset, Dimension, LeftOut, Member, Package, PeriodSelection, items};
use crate::suggest::{nearest, spellings};
use crate::text::Text;

/// Marks the rows that `--where` and `--period` ask for. In a package that says nothing of its members, a condition `!=` on
/// them also leaves them out of what is ranked and summed; all others choose among rows that were computed on the whole dataset.
pub(super) fn apply(context: &Context, sheet: &mut Sheet, notes: &mut Vec<Text>) -> Result<()> {
    let filters = all(context)?;
    let periods = select::periods(context, &sheet.panel.periods, notes)?;
    let wanted = |row: &usize| periods[sheet.panel.period[*row] as usize];
    let mut rows: Vec<usize> = (0..sheet.wanted.len()).filter(wanted).collect();
    let mut out: Vec<Text> = Vec::new();
    let some = !rows.is_empty();
    for filter in &filters {
        if filter.leaves_out(context) {
            // Whatever other conditions say: what a member is left out of does not hang on their order.
            for row in 0..sheet.wanted.len() {
                let series = sheet.panel.series[row] as usize;
                if !filter.keeps(sheet, row) && std::mem::replace(&mut sheet.panel.leaf[series], false) {
                    out.extend(filter.title(sheet, row).filter(|title| !out.contains(title)));
                }
            }
        }
        rows.retain(|row| filter.keeps(sheet, *row));
    }
    if some && rows.is_empty() {
        notes.push(unmet(context.question));
    }
    let mut asked = vec![false; sheet.panel.periods.len()];
    sheet.wanted = vec![false; sheet.wanted.len()];
    for row in rows {
        sheet.wanted[row] = true;
        asked[sheet.panel.period[row] as usize] = true;
    }
    sheet.needed = match context.question.ranks() {
        true => sheet.panel.period.iter().map(|&period| asked[period as usize]).collect(),
        false => sheet.wanted.clone(),
    };
    notes.extend(note(context, &out));
    Ok(())
}

/// The conditions of `--where`, all of which hold.
pub(super) fn all(context: &Context) -> Result<Vec<Filter>> {
    conditions(context).iter().map(|text| Filter::parse(context, text)).collect()
}

/// The conditions on members that go in sums, by what becomes of each dimension: the members that they leave out before
/// anything is added up; and the conditions that are left.
///
/// # Errors
/// What they name does not exist in the dataset whose rows are added up.
pub(super) fn before_sums(context: &Context, by: &[Breakdown]) -> Result<(LeftOut, Vec<String>)> {
    let dimensions = &context.dataset.dimensions;
    let (mut out, mut left) = (vec![HashSet::new(); dimensions.len()], Vec::new());
    for text in conditions(context) {
        let filter = Filter::parse(context, &text)?;
        let at = dimensions.iter().position(|dimension| dimension.name == filter.column());
        let Some(at) = at.filter(|at| !filter.looks_at_what_stays(&by[*at])) else {
            left.push(text);
            continue;
        };
        let fails =
            |member: &&Member| !filter.passes(&Cell::Member { code: member.code.clone(), title: member.title.clone() });
        out[at].extend(dimensions[at].codes.members.iter().filter(fails).map(|member| member.code.clone()));
    }
    Ok((out, left))
}

/// What is typed between semicolons; a name that has semicolons itself is one.
fn conditions(context: &Context) -> Vec<String> {
    let mut conditions: Vec<String> = Vec::new();
    for (at, text) in context.question.filters.iter().flat_map(|text| text.split(';').enumerate()) {
        // A semicolon within a name.
        let longer =
            conditions.last().filter(|_| at > 0 && !text.contains(['=', '~'])).map(|last| format!("{last};{text}"));
        match longer.filter(|longer| Filter::parse(context, longer).is_ok()) {
            Some(longer) => {
                conditions.pop();
                conditions.push(longer);
            }
            None => conditions.push(text.to_owned()),
        }
    }
    conditions
}

/// What is typed between commas; a name that has commas itself is one.
fn listed<'t>(value: &'t str, is_name: &dyn Fn(&str) -> bool) -> Vec<&'t str> {
    const MOST: usize = 8;
    let mut listed = Vec::new();
    let mut rest = Some(value);
    while let Some(text) = rest {
        let ends = || text.match_indices(',').map(|(at, _)| at).chain([text.len()]).take(MOST);
        let first = ends().next().unwrap_or(text.len());
        let end = if first == text.len() {
            first
        } else {
            ends().filter(|end| is_name(text[..*end].trim())).last().unwrap_or(first)
        };
        listed.push(text[..end].trim());
        rest = text.get(end + 1..);
    }
    listed
}

/// What is said of members that ranks and shares leave out.
pub(super) fn note(context: &Context, out: &[Text]) -> Option<Text> {
    let question = context.question;
    let used = question.share || question.rank.is_some() || question.top.is_some();
    (used && !out.is_empty()).then(|| left_out(out))
}

const WHERE: &str = "--where";
const UNKNOWN: (&str, &str) = ("没有这个维度或属性", "there is no such dimension or attribute");

/// Whether a condition is refused because the dataset has nothing of its name.
pub(in crate::commands) fn is_unknown_name(error: &Error) -> bool {
    error.title.en.ends_with(UNKNOWN.1)
}

const RELATIVE_TO: &str = "--relative-to";

/// What is said where no row meets all conditions.
pub(super) fn unmet(question: &Question) -> Text {
    let typed = question.filters.join("; ");
    Text::new(format!("没有一行符合 --where {typed}"), format!("no row meets --where {typed}"))
}

/// How many members a note names.
const NAMED: usize = 5;

fn left_out(members: &[Text]) -> Text {
    let more = members.len().saturating_sub(NAMED);
    let list =
        |name: fn(&Text) -> &str, joint: &str| members.iter().take(NAMED).map(name).collect::<Vec<_>>().join(joint);
    let (zh, en) = (list(|text| &text.zh, "、"), list(|text| &text.en, ", "));
    let (more_zh, more_en) = if more == 0 {
        (String::new(), String::new())
    } else {
        (format!("等 {} 个", members.len()), format!(" and {more} more"))
    };
    Text::new(format!("排名与占比不含{zh}{more_zh}"), format!("ranks and shares leave out {en}{more_en}"))
}

/// A condition of `--where`.
pub(super) struct Filter {
    column: Target,
    values: Vec<String>,
    test: Test,
}

enum Target {
    /// A dimension of the table, by key; the values are codes.
    Dimension(String),
    /// An attribute column of the table, by key.
    Column(String),
    /// An attribute of the members of a dimension: the key of the dimension, its own, and the members' codes by their value.
    MemberAttribute(String, String, Vec<(String, String)>),
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
                text,
                "要写「维度=成员」「维度!=成员」或「属性~文字」",
                "write DIM=MEMBER, DIM!=MEMBER or ATTRIBUTE~TEXT",
            ));
        };
        let (name, value) = (text[..at].trim(), text[at + length..].trim());
        if let Some(name) = name.strip_suffix('!').filter(|_| test == Test::Contains) {
            return Err(Self::not_containing(context, name, value, text));
        }
        let values = |is_name: &dyn Fn(&str) -> bool| match test {
            Test::Contains => vec![value],
            Test::Is | Test::IsNot => listed(value, is_name),
        };
        let same = |key: &str, title: &Text| key == name || title.zh == name || title.en.eq_ignore_ascii_case(name);
        let dataset = context.dataset;
        if let Some(dimension) = dataset.dimensions.iter().find(|d| same(&d.name, &d.title)) {
            let values = match test {
                Test::Contains => vec![value.to_owned()],
                Test::Is | Test::IsNot => codes(context, dimension, value, &dataset.used(&dimension.name))?,
            };
            return Ok(Filter { column: Target::Dimension(dimension.name.clone()), values, test });
        }
        if let Some(attribute) = dataset.attributes.iter().find(|a| same(&a.name, &a.title)) {
            let is_text = |typed: &str| {
                let items = |row| dataset.text(&attribute.name, row).map(|text| attribute.items(text));
                (0..dataset.periods.len()).filter_map(items).flatten().any(|item| item == typed)
            };
            let values = values(&is_text).into_iter().map(str::to_owned).collect();
            let filter = Filter { column: Target::Column(attribute.name.clone()), values, test };
            filter.is_met(context, attribute, text)?;
            return Ok(filter);
        }
        for dimension in &dataset.dimensions {
            if let Some(own) = dimension.codes.attributes.iter().find(|a| same(&a.name, &a.title)) {
                let attribute = context.found.0.attribute(dataset, dimension, &own.name);
                let values = if test == Test::Contains {
                    let titled = |member: &&Member| {
                        [&member.code, &member.title.zh, &member.title.en].iter().any(|name| contains(name, value))
                    };
                    attribute.codes.members.iter().filter(titled).map(|member| member.code.clone()).collect()
                } else {
                    let used = attribute.codes.members.iter().map(|member| member.code.as_str()).collect();
                    codes(context, &attribute, value, &used)?
                };
                let test = if test == Test::IsNot { Test::IsNot } else { Test::Is };
                let value = |member| dimension.attribute_of(member, &own.name).unwrap_or_default().to_owned();
                let by_code = dimension.codes.members.iter().map(|member| (member.code.clone(), value(member)));
                return Ok(Filter {
                    column: Target::MemberAttribute(dimension.name.clone(), own.name.clone(), by_code.collect()),
                    values,
                    test,
                });
            }
        }
        Err(Self::refusal(context, name, text, UNKNOWN.0, UNKNOWN.1))
    }

    /// Refuses a text that no row has: most likely it is misspelt.
    fn is_met(&self, context: &Context, attribute: &Attribute, whole: &str) -> Result<()> {
        let (dataset, column) = (context.dataset, &attribute.name);
        let english = format!("{column}.en");
        let columns = [column.as_str(), &english];
        let in_row = |row: usize| columns.into_iter().filter_map(move |column| dataset.text(column, row));
        let texts: Vec<&str> = (0..dataset.periods.len()).flat_map(in_row).collect();
        let known = |value: &&String| texts.iter().flat_map(|text| attribute.items(text)).any(|item| item == *value);
        let unknown = self.values.iter().find(|value| !known(value)).filter(|_| self.test != Test::Contains);
        let Some(typed) = unknown.filter(|_| !texts.is_empty()) else { return Ok(()) };
        let error =
            Error::new(format!("没有{column}是「{typed}」的行"), format!("no row has '{typed}' as its {column}"));
        let near = nearest(typed, texts.iter().flat_map(|text| attribute.items(text)));
        Err(error.instead([match near.first() {
            Some(meant) => Edit::part(WHERE, typed, *meant),
            None => Edit::part(WHERE, whole, format!("{column}~{typed}")),
        }]))
    }

    /// The refusal of `!~`: members are left out by their names alone.
    fn not_containing(context: &Context, name: &str, value: &str, whole: &str) -> Error {
        let error = Error::new(
            format!("--where「{whole}」:没有「不包含」"),
            format!("--where '{whole}': there is no 'does not contain'"),
        )
        .detail("「维度!=成员」排除成员", "DIM!=MEMBER leaves members out");
        let without = format!("{name}!={value}");
        match (Filter::parse(context, &without), context.dataset.dimensions.is_empty()) {
            (Ok(_), _) => error.instead([Edit::part(WHERE, whole, without)]),
            (Err(_), true) => error.instead([Edit::drop(WHERE)]),
            (Err(_), false) => error.hint(context.members_line()),
        }
    }

    fn refusal(context: &Context, typed: &str, whole: &str, zh: &str, en: &str) -> Error {
        let dataset = context.dataset;
        let mut names: Vec<&str> = dataset.dimensions.iter().map(|d| d.name.as_str()).collect();
        names.extend(dataset.attributes.iter().map(|a| a.name.as_str()));
        names.extend(dataset.dimensions.iter().flat_map(|d| d.codes.attributes.iter().map(|a| a.name.as_str())));
        let error = Error::new(format!("--where「{typed}」:{zh}"), format!("--where '{typed}': {en}"));
        // A name alone lacks what it shall be.
        let alone = typed == whole;
        let own = || example(context.found.0, dataset, typed).filter(|_| alone);
        if let Some(meant) = own().or_else(|| meant(context, typed, whole)) {
            return error
                .detail(format!("可用:{}", names.join("、")), format!("there is: {}", names.join(", ")))
                .instead([Edit::part(WHERE, whole, meant)]);
        }
        if let Some(other) = broken_down(context, typed.split(['=', '!', '~']).next().unwrap_or(typed)) {
            let line = context.catalog.line(other);
            let read = if alone { context.catalog.read(other).ok() } else { None };
            let condition = read.and_then(|dataset| example(other.0, &dataset, typed)).unwrap_or(whole.to_owned());
            return error.detail("另一个数据集按它细分", "another dataset is broken down by it").instead_or(
                [Edit::About(words_of(&line)), Edit::part(WHERE, whole, &*condition)],
                format!("{line} {WHERE} {}", quote(&condition)),
            );
        }
        if let Some(period) = period(whole) {
            return error
                .detail("时期用 --period 选", "--period chooses periods")
                .instead([Edit::drop(WHERE), Edit::set("--period", period)]);
        }
        if names.is_empty() {
            return error.detail("这个数据集没有维度", "this dataset has no dimensions").instead([Edit::drop(WHERE)]);
        }
        error
            .detail(format!("可用:{}", names.join("、")), format!("there is: {}", names.join(", ")))
            .hint(context.members_line())
    }

    /// Whether it can be asked of sums, by what becomes of its dimension there.
    fn looks_at_what_stays(&self, by: &Breakdown) -> bool {
        match (by, &self.column) {
            (Breakdown::Itself, _) => true,
            (Breakdown::Attributes(kept), Target::MemberAttribute(_, own, _)) => kept.contains(own),
            _ => false,
        }
    }

    /// Whether what it rejects is left out of ranks and shares: members, not rows.
    pub(super) fn leaves_out(&self, context: &Context) -> bool {
        self.test == Test::IsNot
            && !context.dataset.resource.declared
            && matches!(self.column, Target::Dimension(_) | Target::MemberAttribute(..))
    }

    /// The member that it rejects in a row.
    fn title(&self, sheet: &Sheet, row: usize) -> Option<Text> {
        match sheet.columns[sheet.position(self.column())?].values.cell(row).into_owned() {
            Cell::Member { title, .. } => Some(title),
            _ => None,
        }
    }

    fn keeps(&self, sheet: &Sheet, row: usize) -> bool {
        sheet.position(self.column()).is_none_or(|at| self.passes(&sheet.columns[at].values.cell(row)))
    }

    /// The key of the column that it looks at.
    pub(super) fn column(&self) -> &str {
        let (Target::Dimension(key) | Target::Column(key) | Target::MemberAttribute(key, ..)) = &self.column;
        key
    }

    /// Whether it lets a cell of its column pass.
    pub(super) fn passes(&self, cell: &Cell) -> bool {
        let texts: Vec<&str> = match (cell, &self.column) {
            (Cell::Member { code, .. }, Target::MemberAttribute(_, _, attributes)) => {
                attributes.iter().filter(|(of, _)| of == code).map(|(_, value)| value.as_str()).collect()
            }
            // Another member may have this code as its name.
            (Cell::Member { code, .. }, Target::Dimension(_)) if self.test != Test::Contains => vec![code],
            (Cell::Member { code, title }, _) => vec![code, &title.zh, &title.en],
            (Cell::Text(text), _) => items(text, ";").collect(),
            (Cell::List { items, .. }, _) => items.iter().filter_map(text_of).collect(),
            _ => Vec::new(),
        };
        let is = |value: &String| texts.iter().any(|text| text == value) || cell.code() == *value;
        match self.test {
            Test::Is => self.values.iter().any(is),
            Test::IsNot => !self.values.iter().any(is),
            Test::Contains => self.values.iter().any(|value| texts.iter().any(|text| contains(text, value))),
        }
    }
}

fn text_of(cell: &Cell) -> Option<&str> {
    if let Cell::Text(text) = cell { Some(text) } else { None }
}

fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// What a condition on the period chooses.
fn period(whole: &str) -> Option<String> {
    let (name, value) = whole.split_once('=')?;
    let named = ["period", "时期"].contains(&name.trim());
    Some(value.trim().to_owned()).filter(|value| named && PeriodSelection::parse(value).is_ok())
}

/// The condition that was probably meant by a name that there is not, or by a member that stands alone.
fn meant(context: &Context, name: &str, whole: &str) -> Option<String> {
    let dataset = context.dataset;
    let mut lists: Vec<Dimension> = dataset.dimensions.clone();
    for dimension in &dataset.dimensions {
        let own = dimension.codes.attributes.iter();
        lists.extend(own.map(|attribute| context.found.0.attribute(dataset, dimension, &attribute.name)));
    }
    let rest = whole.strip_prefix(name).filter(|rest| !rest.is_empty());
    if let Some(rest) = rest {
        let named = lists.iter().flat_map(|list| spellings(&list.name, &list.title));
        let named = named.chain(dataset.attributes.iter().flat_map(|a| spellings(&a.name, &a.title)));
        if let Some(near) = nearest(name.trim(), named).first() {
            let list = lists.iter().find(|list| spellings(&list.name, &list.title).contains(near));
            let value = rest.trim_start_matches(['!', '=', '~']);
            return Some(format!(
                "{near}{}",
                list.and_then(|list| known(list, rest, value)).unwrap_or(rest.to_owned())
            ));
        }
    }
    let members = rest.map_or(whole, |rest| rest.trim_start_matches(['!', '=', '~'])).trim();
    let sign = rest.map_or("=", |rest| &rest[..rest.len() - rest.trim_start_matches(['!', '=', '~']).len()]);
    let list = lists.iter().find(|list| !Member::typed(list.codes.members.iter(), members).is_empty())?;
    Some(format!("{}{sign}{members}", list.name))
}

/// The rest of a condition with the member that was probably meant by one that there is not.
fn known(list: &Dimension, rest: &str, typed: &str) -> Option<String> {
    let members = || list.codes.members.iter();
    if typed.is_empty() || !Member::typed(members(), typed.trim()).is_empty() {
        return None;
    }
    let near = nearest(typed.trim(), members().flat_map(|member| spellings(&member.code, &member.title)));
    Some(format!("{}{}", &rest[..rest.len() - typed.len()], near.first()?))
}

/// A condition that some row of a dataset meets, on the dimension or attribute of this name.
fn example(package: &Package, dataset: &Dataset, name: &str) -> Option<String> {
    let same = |key: &str, title: &Text| key == name || title.zh == name || title.en.eq_ignore_ascii_case(name);
    let text = |attribute: &Attribute| {
        let mut texts = (0..dataset.periods.len()).filter_map(|row| dataset.text(&attribute.name, row));
        texts.next().and_then(|text| attribute.items(text).last()).map(str::to_owned)
    };
    let member = |dimension: &Dimension| {
        if same(&dimension.name, &dimension.title) {
            return Some(leaf(dataset, dimension).to_owned());
        }
        let attribute = dimension.codes.attributes.iter().find(|own| same(&own.name, &own.title))?;
        let values = package.attribute(dataset, dimension, &attribute.name).codes.members;
        values.into_iter().next().map(|value| value.code)
    };
    let own = dataset.attributes.iter().find(|own| same(&own.name, &own.title)).and_then(text);
    let value = dataset.dimensions.iter().find_map(member).or(own).filter(|value| !value.is_empty())?;
    Some(format!("{name}={value}"))
}

/// A dataset of the same area and topic that has a dimension which this one lacks.
fn broken_down<'a>(context: &Context<'a>, name: &str) -> Option<Found<'a>> {
    let (package, own) = context.found;
    context.catalog.all().find(|(other, resource)| {
        other.name == package.name
            && (&resource.address.area, &resource.address.topic) == (&own.address.area, &own.address.topic)
            && resource.address.dimensions.iter().any(|d| d == name || package.dimension_title(resource, d).zh == name)
    })
}

/// The codes of members typed between commas; where one is misspelt that has a comma itself, it is meant as a whole.
fn codes(context: &Context, dimension: &Dimension, value: &str, used: &HashSet<&str>) -> Result<Vec<String>> {
    let members = || dimension.codes.members.iter().filter(|member| used.contains(member.code.as_str()));
    let typed = listed(value, &|name| !Member::typed(members(), name).is_empty());
    let one = |typed: &&str| code(context, dimension, typed, used, WHERE);
    typed.iter().map(one).collect::<Result<_>>().map_err(|error| {
        let named = members().flat_map(|member| spellings(&member.code, &member.title));
        let whole = typed.len() > 1 && !nearest(value, named.filter(|name| name.contains(','))).is_empty();
        if whole { code(context, dimension, value, used, WHERE).err().unwrap_or(error) } else { error }
    })
}

/// The code of a member typed by code or name, among those that the dataset uses.
fn code(
    context: &Context,
    dimension: &Dimension,
    typed: &str,
    used: &HashSet<&str>,
    option: &'static str,
) -> Result<String> {
    let (dimension, codes) = (&dimension.name, &dimension.codes);
    let members: Vec<&Member> = codes.members.iter().filter(|member| used.contains(member.code.as_str())).collect();
    match Member::typed(members.iter().copied(), typed)[..] {
        [] => {}
        [member] => return Ok(member.code.clone()),
        ref several => {
            let codes: Vec<&str> = several.iter().map(|member| member.code.as_str()).collect();
            let error = Error::new(
                format!("{dimension} 有 {} 个成员叫「{typed}」:{}", codes.len(), codes.join("、")),
                format!("{} members of {dimension} are called '{typed}': {}", codes.len(), codes.join(", ")),
            );
            let edits = codes.iter().map(|code| Edit::part(option, typed, (*code).to_owned()));
            return Err(edits.fold(error, |error, edit| error.instead([edit])));
        }
    }
    let names = members.iter().flat_map(|member| spellings(&member.code, &member.title));
    let near = nearest(typed, names).first().map(|name| (*name).to_owned());
    const SHOWN: usize = 20;
    let (mut zh, mut en) = names_of(members.iter().take(SHOWN).map(|member| (member.code.as_str(), &member.title)));
    if members.len() > SHOWN {
        zh += "、…";
        en += ", …";
    }
    let error = Error::new(format!("{dimension} 没有成员「{typed}」"), format!("{dimension} has no member '{typed}'"))
        .detail(format!("成员:{zh}"), format!("members: {en}"));
    Err(match near {
        Some(meant) => error.instead([Edit::part(option, typed, meant)]),
        None => error.hint(context.members_line()),
    })
}

/// The dimension (by position) and code of a member that was typed alone, or as `dim=member`.
pub(super) fn member(context: &Context, typed: &str) -> Result<(usize, String)> {
    let (name, member) = typed.split_once('=').map_or((None, typed), |(name, member)| (Some(name), member));
    let dataset = context.dataset;
    if dataset.dimensions.is_empty() {
        return Err(Error::new("这个数据集没有成员", "this dataset has no members")
            .instead([Edit::drop(RELATIVE_TO), Edit::flag("--index")]));
    }
    let mut refusal = None;
    for (at, dimension) in dataset.dimensions.iter().enumerate() {
        if name.is_some_and(|name| name != dimension.name && name != dimension.title.zh) {
            continue;
        }
        let used = dataset.used(&dimension.name);
        match code(context, dimension, member, &used, RELATIVE_TO) {
            Ok(code) if dataset.resource.parts.contains_key(&code) => {
                return Err(subtotal(context, dimension, &code));
            }
            Ok(code) => return Ok((at, code)),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(|| {
        let wrong = name.unwrap_or_default();
        let (zh, en) = names_of(dataset.dimensions.iter().map(|d| (d.name.as_str(), &d.title)));
        let error = Error::new(format!("没有维度「{wrong}」"), format!("there is no dimension '{wrong}'"))
            .detail(format!("可用:{zh}"), format!("there is: {en}"));
        let names = dataset.dimensions.iter().flat_map(|d| spellings(&d.name, &d.title));
        let has = |d: &Dimension| code(context, d, member, &dataset.used(&d.name), RELATIVE_TO).is_ok();
        match nearest(wrong, names).first() {
            Some(meant) if dataset.dimensions.iter().any(has) => {
                error.instead([Edit::part(RELATIVE_TO, wrong, *meant)])
            }
            _ => error.instead([Edit::set(RELATIVE_TO, leaf(dataset, &dataset.dimensions[0]))]),
        }
    }))
}

/// The first member of a dimension that adds nothing up.
fn leaf<'a>(dataset: &'a Dataset, dimension: &'a Dimension) -> &'a str {
    dataset.leaves(dimension).next().map_or("", |member| &*member.code)
}

/// The refusal of a subtotal where a leaf member belongs.
fn subtotal(context: &Context, dimension: &Dimension, code: &str) -> Error {
    Error::new(
        format!("「{code}」是小计,倍数只在单个成员之间计算"),
        format!("'{code}' is a subtotal: ratios run over members that add nothing up"),
    )
    .instead([Edit::set(RELATIVE_TO, leaf(context.dataset, dimension))])
}
