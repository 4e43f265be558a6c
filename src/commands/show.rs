//! `show`: an exhibit or a dataset as it stands in the report.

use super::numbers;
use crate::answer::Answer;
use crate::catalog::{Catalog, Found};
use crate::cli::Question;
use crate::error::{Error, Result};
use crate::line::Edit;
use crate::package::Package;

/// The table of an exhibit's number, or of a dataset.
///
/// # Errors
/// There is neither.
pub(super) fn answer(catalog: &Catalog, what: &str, question: &Question) -> Result<Answer> {
    let named = what.strip_prefix("图表").or_else(|| what.strip_prefix("exhibit"));
    let number = named.or_else(|| what.strip_prefix("Exhibit")).unwrap_or(what).trim();
    if !what.contains('/') && !number.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Error::new(
            format!("「{what}」既不是图表号,也不是数据集"),
            format!("'{what}' is neither an exhibit's number nor a dataset"),
        )
        .detail("要写:图表号、「地区/主题」或「地区/主题/维度」", "write a number, AREA/TOPIC or AREA/TOPIC/DIM")
        .hint(format!("{} find {}", env!("CARGO_PKG_NAME"), crate::line::quote(what))));
    }
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit()) {
        return numbers::of(catalog, catalog.resolve(what)?, question, None);
    }
    match exhibits(catalog, number).as_slice() {
        [] => {}
        [found] => return numbers::of(catalog, *found, question, Some(number)),
        several => {
            let error = Error::new(
                format!("图表 {number} 在 {} 个数据包中都有", several.len()),
                format!("exhibit {number} is in {} packages", several.len()),
            );
            let edit = |found: &Found| [Edit::word(what, catalog.address(*found))];
            return Err(several.iter().fold(error, |error, found| error.instead(edit(found))));
        }
    }
    let mut numbers: Vec<u32> =
        catalog.all().flat_map(|found| catalog.exhibits(found)).filter_map(|number| number.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    Err(Error::new(format!("没有图表 {number} 的数据"), format!("there is no data of exhibit {number}"))
        .detail(format!("图表:{}", list.join("、")), format!("exhibits: {}", list.join(", ")))
        .hint(format!("{} show {}", env!("CARGO_PKG_NAME"), list.first().map_or("DATASET", String::as_str))))
}

/// The dataset of an exhibit.
pub(super) fn exhibit<'a>(catalog: &'a Catalog, number: &str) -> Option<Found<'a>> {
    exhibits(catalog, number).first().copied()
}

/// The dataset of an exhibit in each package that has it.
fn exhibits<'a>(catalog: &'a Catalog, number: &str) -> Vec<Found<'a>> {
    let of = |package: &'a Package| {
        let mut all = package.resources.iter().map(|resource| (package, resource));
        let own = all.clone().find(|(_, resource)| resource.exhibit.as_deref() == Some(number));
        own.or_else(|| all.find(|found| has_rows(catalog, *found, number)))
    };
    catalog.packages.iter().filter_map(of).collect()
}

/// Whether rows of a dataset without an exhibit of its own name this one.
fn has_rows(catalog: &Catalog, found: Found, number: &str) -> bool {
    found.1.exhibit.is_none() && catalog.exhibits(found).iter().any(|exhibit| exhibit == number)
}
