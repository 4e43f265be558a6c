//! `aistat` alone: what there is and how to ask.

use crate::catalog::Catalog;
use crate::line::Line;
use crate::render::display_width;
use crate::text::Lang;

const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// The page, with examples taken from the packages at hand.
pub(super) fn page(catalog: &Catalog, typed: &Line, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut page = format!(
        "{PROGRAM} {}{}{}\n",
        env!("CARGO_PKG_VERSION"),
        say(":", ": "),
        say("统计报告的数字,各带出处与精度", "the numbers of a report, each with its source and precision")
    );
    for package in &catalog.packages {
        page += &format!("\n{}\n", package.title.get(lang));
        let areas = package.areas().ok();
        let topics = package.topics().ok();
        let title = |list: &Option<crate::package::CodeList>, code: &str| {
            list.as_ref()
                .and_then(|list| list.members.iter().find(|member| member.code == code))
                .map_or_else(|| code.to_owned(), |member| member.title.get(lang).to_owned())
        };
        let mut seen: Vec<&str> = Vec::new();
        for resource in &package.resources {
            let area = resource.address.area.as_str();
            if seen.contains(&area) {
                continue;
            }
            seen.push(area);
            let mut codes: Vec<&str> = Vec::new();
            for other in package.resources.iter().filter(|other| other.address.area == area) {
                if !codes.contains(&other.address.topic.as_str()) {
                    codes.push(&other.address.topic);
                }
            }
            let line = if lang == Lang::Zh {
                codes.iter().map(|code| format!("{code}({})", title(&topics, code))).collect::<Vec<_>>().join(" ")
            } else {
                codes.join(" ")
            };
            let title = title(&areas, area);
            page += &match lang {
                Lang::Zh => format!("  {area}({title}):{line}\n"),
                Lang::En => format!("  {area} ({title}): {line}\n"),
            };
        }
    }
    page += &format!("\n{}\n", say("提问", "Ask"));
    if let Some(found) = example(catalog) {
        let line = catalog.line(found);
        page += &format!("  {}\n  {}\n", typed.carry(&line), typed.carry(&format!("{line} --rank --source")));
    }
    let lines = [
        (format!("{PROGRAM} list"), say("全部数据集", "every dataset")),
        (format!("{PROGRAM} find {}", say("文字", "TEXT")), say("查找", "search")),
        (format!("{PROGRAM} --help"), say("全部命令与选项", "all commands and options")),
    ];
    for (line, what) in lines {
        let line = typed.carry(&line);
        let gap = " ".repeat(24_usize.saturating_sub(display_width(&line)).max(2));
        page += &format!("  {line}{gap}{what}\n");
    }
    page
}

/// A dataset with one dimension and a section to cite.
fn example(catalog: &Catalog) -> Option<crate::catalog::Found<'_>> {
    catalog
        .all()
        .filter(|(_, resource)| resource.address.dimensions.len() == 1)
        .max_by_key(|(_, resource)| resource.parts.len())
}
