//! What a reader should know besides the rows: notes of the package, empty cells, sources.

use super::{Context, select, sheet, statistics};
use crate::answer::{Answer, Cell, Column, Number, Role, Source, Value};
use crate::package::{Dataset, Measure, Missing, Note, Package};
use crate::text::Text;

/// Where the numbers of some numeric columns stand in rows: each exhibit and section once.
pub(in crate::commands) fn sources(
    package: &Package,
    dataset: &Dataset,
    numbers: &[String],
    rows: &[usize],
) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    let numbers = located(dataset, numbers);
    for (exhibit, section) in rows.iter().flat_map(|&row| places(dataset, &numbers, row)) {
        let source = Source { exhibit, section, ..Source::of(package) };
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    // A section that an exhibit of it names says nothing more by itself.
    let told = |source: &Source| {
        source.exhibit.is_none()
            && sources.iter().any(|other| other.exhibit.is_some() && other.section == source.section)
    };
    let kept: Vec<bool> = sources.iter().map(|source| !told(source)).collect();
    sources.into_iter().zip(kept).filter_map(|(source, kept)| kept.then_some(source)).collect()
}

type Place = (Option<String>, Option<String>);

/// A numeric column, with the columns that say of each cell in which exhibit and section it stands, where the table has them.
struct Located<'a> {
    number: &'a str,
    exhibit: Option<String>,
    section: Option<String>,
}

/// All of some numeric columns; the table's own place where there are none.
fn located<'a>(dataset: &Dataset, numbers: &'a [String]) -> Vec<Located<'a>> {
    let one = |number: &'a str| {
        let column = |what| dataset.source_column(number, what);
        Located { number, exhibit: column("exhibit"), section: column("section") }
    };
    let none = numbers.is_empty().then_some("");
    numbers.iter().map(String::as_str).chain(none).map(one).collect()
}

/// Exhibit and section of the printed numbers of a row, of all its numbers where none is printed: of the cell where the table
/// says so, else of the row, else of the dataset.
fn places(dataset: &Dataset, numbers: &[Located], row: usize) -> Vec<Place> {
    let place = |column: &Option<String>, of_all: &Option<String>| {
        let column = column.as_ref().filter(|_| row < dataset.periods.len());
        column.map_or_else(|| of_all.clone(), |column| dataset.text(column, row).map(str::to_owned))
    };
    let resource = &dataset.resource;
    let any = numbers.iter().any(|located| dataset.is_printed(located.number, row));
    let mut places: Vec<Place> = Vec::new();
    for located in numbers.iter().filter(|located| !any || dataset.is_printed(located.number, row)) {
        let place = (place(&located.exhibit, &resource.exhibit), place(&located.section, &resource.section));
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// The numeric columns of measures that a question shows: each with its printed share and growth.
pub(super) fn numbers(measures: &[&Measure]) -> Vec<String> {
    measures.iter().flat_map(|measure| measure.columns()).collect()
}

/// What stands between several exhibits or sections of one row.
pub(super) const JOINT: &str = "; ";

/// `--source`: exhibits and sections of the numbers of each row.
pub(in crate::commands) fn source_columns(
    dataset: &Dataset,
    numbers: &[String],
    rows: &[Option<usize>],
) -> [Column; 2] {
    let numbers = located(dataset, numbers);
    let joined = |pick: fn(Place) -> Option<String>, row: &Option<usize>| {
        let places = row.map(|row| places(dataset, &numbers, row)).unwrap_or_default();
        let mut texts: Vec<String> = places.into_iter().filter_map(pick).collect();
        texts.dedup();
        Some(texts.join(JOINT)).filter(|text| !text.is_empty())
    };
    let column = |key, title, pick: fn(Place) -> Option<String>| {
        sheet::text_column(key, title, Role::Source, rows.len(), |at| joined(pick, &rows[at]))
    };
    [
        column("exhibit", Text::new("图表", "Exhibit"), |(exhibit, _)| exhibit),
        column("section", Text::new("章节", "Section"), |(_, section)| section),
    ]
}

/// Completes an answer with the notes of the question, of the empty cells, and of the package.
pub(super) fn add(context: &Context, answer: &mut Answer, mut notes: Vec<Text>, package: Vec<Text>) {
    let Context { question, .. } = *context;
    let lacking = empty(answer, !question.derived);
    if !select::within_periods(question) && lacking.is_some() {
        notes.extend(context.dataset.needless.iter().cloned());
    }
    notes.extend(lacking);
    notes.extend(bounded(answer).filter(|_| !question.derived && !question.bounds));
    notes.extend(context.found.0.without_notes());
    notes.extend(package);
    answer.notes = each_once(notes);
}

/// The package's own notes on the rows and columns of an answer.
pub(super) fn of_package(context: &Context, answer: &Answer, rows: &[usize]) -> Vec<Text> {
    package_notes(context, answer, |note| is_shown(context.dataset, note, rows))
}

/// The package's own notes on some numeric columns of a dataset, in some rows.
pub(in crate::commands) fn on_numbers(dataset: &Dataset, numbers: &[String], rows: &[usize]) -> Vec<Text> {
    let has = |name: &str| numbers.iter().any(|number| number == name);
    let shown = |note: &Note| is_shown(dataset, note, rows);
    about(dataset, has, shown).map(|note| named(dataset, note, title(dataset, note), numbers.len() > 1)).collect()
}

/// The notes on a dataset as a whole or on columns that are there, of those that are shown.
fn about(dataset: &Dataset, has: impl Fn(&str) -> bool, shown: impl Fn(&Note) -> bool) -> impl Iterator<Item = &Note> {
    let about = move |note: &&Note| note.measure.is_empty() || has(&note.measure);
    dataset.notes.iter().filter(|note| !note.dataset.is_empty()).filter(about).filter(move |note| shown(note))
}

/// The title of the measure that a note is about.
fn title(dataset: &Dataset, note: &Note) -> Option<Text> {
    dataset.measures.iter().find(|own| own.name == note.measure).map(|own| own.title.clone())
}

/// Whether some of these rows are what a note is about.
fn is_shown(dataset: &Dataset, note: &Note, rows: &[usize]) -> bool {
    let is = |row: usize, name: &str, code: &str| dataset.text(name, row) == Some(code);
    let period = |row: usize| dataset.periods.get(row).map(crate::package::Period::as_str);
    let row = |row: &usize| {
        let pair = |pair: &str| pair.split_once('=').is_some_and(|(name, code)| is(*row, name, code));
        (note.period.is_empty() || period(*row) == Some(&note.period))
            && note.key.split(';').filter(|pair| !pair.is_empty()).all(pair)
    };
    note.period.is_empty() && note.key.is_empty() || rows.iter().any(row)
}

/// The same for a large table: `shown` says whether a row has a period, or a member of a dimension.
pub(super) fn add_large(
    context: &Context,
    answer: &mut Answer,
    mut notes: Vec<Text>,
    shown: impl Fn(&str, &str) -> bool,
) {
    notes.extend(empty(answer, false));
    notes.extend(package_notes(context, answer, |note| {
        let pair = |pair: &str| pair.split_once('=').is_some_and(|(name, code)| shown(name, code));
        (note.period.is_empty() || shown("period", &note.period))
            && note.key.split(';').filter(|pair| !pair.is_empty()).all(pair)
    }));
    answer.notes = each_once(notes);
}

/// Notes that several statistics bring are said once.
fn each_once(mut notes: Vec<Text>) -> Vec<Text> {
    let mut seen = std::collections::HashSet::new();
    notes.retain(|note| seen.insert(note.en.clone()));
    notes
}

/// How many cells are empty and why; with `--derived` as what may fill them.
fn empty(answer: &Answer, derivable: bool) -> Option<Text> {
    let Count { cells, why } = count(answer, |column, row| column.values.missing(row))?;
    let derived = if derivable {
        (";若有可推出的,--derived 显示", "; --derived shows what follows, if anything does")
    } else {
        ("", "")
    };
    let are = if cells == 1 { "cell is" } else { "cells are" };
    Some(Text::new(
        format!("{cells} 格为空({}){}", why.zh, derived.0),
        format!("{cells} {are} empty ({}){}", why.en, derived.1),
    ))
}

/// How many cells have bounds and no value, which machines get as empty, and why.
fn bounded(answer: &Answer) -> Option<Text> {
    let Count { cells, why } = count(answer, |column, row| match &*column.values.cell(row) {
        Cell::Number(Number { value: Value::Bounded(reason), .. }) => Some(*reason),
        _ => None,
    })?;
    let have = if cells == 1 { "cell has" } else { "cells have" };
    Some(Text::new(
        format!("{cells} 格没有单一数值({});--bounds 显示上下界", why.zh),
        format!("{cells} {have} no single value ({}); --bounds shows the bounds", why.en),
    ))
}

/// How many cells, and how many for each reason.
struct Count {
    cells: usize,
    why: Text,
}

/// Counts the cells of numbers, ranks apart, that lack something for a reason.
fn count(answer: &Answer, reason: impl Fn(&Column, usize) -> Option<Missing>) -> Option<Count> {
    let mut counts: Vec<(Missing, usize)> = Vec::new();
    for column in statistics::numeric(&answer.columns).filter(|column| !column.is_rank()) {
        for reason in (0..answer.rows).filter_map(|row| reason(column, row)) {
            match counts.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => counts.push((reason, 1)),
            }
        }
    }
    let cells: usize = counts.iter().map(|(_, count)| count).sum();
    let list = |name: fn(Text) -> String, of_cells: &str, joint: &str| {
        let of = |(reason, count): &(Missing, usize)| format!("{count} {of_cells}{}", name(reason.title()));
        counts.iter().map(of).collect::<Vec<_>>().join(joint)
    };
    (cells > 0)
        .then(|| Count { cells, why: Text::new(list(|text| text.zh, "格", "、"), list(|text| text.en, "", ", ")) })
}

/// The package's own notes on this dataset and on the rows and measures shown.
fn package_notes(context: &Context, answer: &Answer, shown: impl Fn(&Note) -> bool) -> Vec<Text> {
    let dataset = context.dataset;
    // A column of the answer, or a statistic of it.
    let has = |name: &str| {
        let statistic = |key: &str| key.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'));
        answer.columns.iter().any(|own| own.key == name || statistic(&own.key) && !dataset.has_column(&own.key))
    };
    let own = |column: &&Column| {
        column.role == Role::Statistic || dataset.has_column(&column.key) && column.role != Role::Companion
    };
    let several = answer.columns.iter().filter(own).filter(|column| column.role != Role::Dimension).count() > 1;
    let column = |note: &Note| answer.columns.iter().find(|column| column.key == note.measure);
    let title = |note: &Note| title(dataset, note).or_else(|| column(note).map(|column| column.title.clone()));
    about(dataset, has, shown).map(|note| named(dataset, note, title(note), several)).collect()
}

/// A note with the cell that it is about in front, or the column where the answer has several.
fn named(dataset: &Dataset, note: &Note, title: Option<Text>, several: bool) -> Text {
    let member = |pair: &str| {
        let (name, code) = pair.split_once('=')?;
        let list = &dataset.dimensions.iter().find(|dimension| dimension.name == name)?.codes;
        list.members.iter().find(|member| member.code == code).map(|member| member.title.clone())
    };
    let mut parts: Vec<Text> = note.key.split(';').filter_map(member).collect();
    parts.extend(Some(&note.period).filter(|period| !period.is_empty()).map(|period| Text::same(period.as_str())));
    parts.extend(title.filter(|_| several || !parts.is_empty()));
    if parts.is_empty() {
        return note.text.clone();
    }
    let join = |pick: fn(&Text) -> &str, joint: &str| parts.iter().map(pick).collect::<Vec<_>>().join(joint);
    Text::new(
        format!("{}:{}", join(|part| &part.zh, ","), note.text.zh),
        format!("{}: {}", join(|part| &part.en, " "), note.text.en),
    )
}
