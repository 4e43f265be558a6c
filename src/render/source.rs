//! Where the numbers stand, and what a reader should know besides, in lines of text.

use super::sanitize::one_line;
use crate::answer::{Answer, Source};
use crate::text::Lang;

/// The notes and the source lines of an answer: what goes to stderr where the format holds only rows. Safe on a terminal.
pub fn talk(answer: &Answer, lang: Lang) -> Vec<String> {
    notes(answer, lang).into_iter().chain(sources(answer, lang)).collect()
}

/// A line a note.
pub(super) fn notes(answer: &Answer, lang: Lang) -> Vec<String> {
    let label = match lang {
        Lang::Zh => "注:",
        Lang::En => "Note: ",
    };
    answer.notes.iter().map(|note| format!("{label}{}", one_line(note.get(lang)))).collect()
}

/// A line a publisher: its own source line and report once, then every exhibit and section.
pub(super) fn sources(answer: &Answer, lang: Lang) -> Vec<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    // A section that is named with its exhibit says nothing new alone.
    let with_exhibit = |one: &Source| {
        answer.sources.iter().any(|other| Source { exhibit: None, ..other.clone() } == *one && other != one)
    };
    for source in answer.sources.iter().filter(|source| !with_exhibit(source)) {
        let publisher = publisher(source, lang);
        let place = place(source, lang);
        let at = lines.iter().position(|(line, _)| *line == publisher).unwrap_or_else(|| {
            lines.push((publisher, Vec::new()));
            lines.len() - 1
        });
        let places = &mut lines[at].1;
        if !place.is_empty() && !places.contains(&place) {
            places.push(place);
        }
    }
    let between = match lang {
        Lang::Zh => ";",
        Lang::En => "; ",
    };
    lines
        .into_iter()
        .map(|(publisher, places)| match (publisher.is_empty(), places.is_empty()) {
            (_, true) => publisher,
            (true, false) => label(&places.join(between), lang),
            (false, false) => format!("{publisher} · {}", places.join(between)),
        })
        .filter(|line| !line.is_empty())
        .map(|line| one_line(&line))
        .collect()
}

fn publisher(source: &Source, lang: Lang) -> String {
    let (line, report) = (source.line.get(lang), source.report.get(lang));
    let report = match lang {
        Lang::Zh if !report.is_empty() && !report.contains('《') => format!("《{report}》"),
        _ => report.to_owned(),
    };
    match (line.is_empty(), report.is_empty()) {
        (true, true) => String::new(),
        (true, false) => label(&report, lang),
        (false, true) => label(line, lang),
        (false, false) => format!("{} · {report}", label(line, lang)),
    }
}

/// The text with the word "source" before it, unless the publisher's own line begins with it.
fn label(text: &str, lang: Lang) -> String {
    if text.starts_with("来源") || text.starts_with("數據來源") || text.to_lowercase().starts_with("source") {
        return text.to_owned();
    }
    match lang {
        Lang::Zh => format!("来源:{text}"),
        Lang::En => format!("Source: {text}"),
    }
}

fn place(source: &Source, lang: Lang) -> String {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    match (lang, filled(&source.exhibit), filled(&source.section)) {
        (_, None, None) => String::new(),
        (Lang::Zh, Some(exhibit), Some(section)) => format!("图表{exhibit},{section}节"),
        (Lang::Zh, Some(exhibit), None) => format!("图表{exhibit}"),
        (Lang::Zh, None, Some(section)) => format!("{section}节"),
        (Lang::En, Some(exhibit), Some(section)) => format!("exhibit {exhibit}, section {section}"),
        (Lang::En, Some(exhibit), None) => format!("exhibit {exhibit}"),
        (Lang::En, None, Some(section)) => format!("section {section}"),
    }
}
