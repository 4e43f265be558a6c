//! `diff`: what one edition of a package revised, added or dropped against another.

mod cells;

use std::path::Path;

use super::list::table;
use super::numbers;
use crate::answer::{Answer, Cell, Number, Source, Value};
use crate::catalog::{Catalog, is_same_series};
use crate::error::{Error, Result};
use crate::package::{Limits, Package, Resource};
use crate::text::Text;
use cells::{Change, Kept};

const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// An edition: open in the catalog, or opened for this question.
enum Edition<'a> {
    Known(&'a Package),
    Opened(Box<Package>),
}

impl Edition<'_> {
    fn package(&self) -> &Package {
        match self {
            Edition::Known(package) => package,
            Edition::Opened(package) => package,
        }
    }
}

/// Compares two editions, each a package's name (with `@version` where several are open) or a folder.
///
/// # Errors
/// An edition is not there, a table of it is broken, or the two have no dataset in common.
pub(super) fn answer(catalog: &Catalog, earlier: &str, later: &str, limits: &Limits) -> Result<Answer> {
    let (earlier, later) = (edition(catalog, earlier, limits)?, edition(catalog, later, limits)?);
    let (earlier, later) = (earlier.package(), later.package());
    let pairs = pairs(earlier, later);
    if pairs.iter().all(|pair| matches!(pair, Pair::Earlier(_) | Pair::Later(_))) {
        return Err(strangers(earlier, later));
    }
    let (mut changes, mut kept) = (Vec::new(), Kept::default());
    let mut broken = Vec::new();
    for pair in &pairs {
        let read = |package: &Package, resource: &Resource| catalog.read((package, resource));
        let first = changes.len();
        let mut compare = || -> Result<()> {
            match pair {
                Pair::Both(a, b) => cells::compare(&read(earlier, a)?, &read(later, b)?, &mut changes, &mut kept),
                Pair::Earlier(a) => cells::all(&read(earlier, a)?, true, &mut changes),
                Pair::Later(b) => cells::all(&read(later, b)?, false, &mut changes),
            }
            Ok(())
        };
        broken.extend(compare().err());
        cells::by_period(&mut changes[first..]);
    }
    // A broken table does not keep the others back.
    if broken.len() == pairs.len()
        && let Some(error) = broken.pop()
    {
        return Err(error);
    }
    let mut answer = table(
        Text::new(
            format!("{} 与 {} 相比", named(later), named(earlier)),
            format!("{} against {}", named(later), named(earlier)),
        ),
        &[
            ("dataset", "数据集", "Dataset"),
            ("period", "时期", "Period"),
            ("key", "键", "Key"),
            ("measure", "指标", "Measure"),
            ("unit", "单位", "Unit"),
            ("status", "变化", "Status"),
            ("earlier", "先前", "Earlier"),
            ("later", "后来", "Later"),
            ("revision", "修订量", "Revision"),
            ("percent", "修订幅度(%)", "Revision, %"),
            ("beyond_rounding", "超出舍入", "Beyond rounding"),
        ],
        &["earlier", "later", "revision", "percent"],
        changes.iter().map(row).collect(),
    );
    answer.notes = broken.iter().map(Error::left_out).collect();
    answer.notes.extend(summary(&changes, kept, &pairs));
    answer.sources = Source::of_all([earlier, later].into_iter());
    Ok(answer)
}

/// A name that the catalog knows, else a folder.
fn edition<'a>(catalog: &'a Catalog, typed: &str, limits: &Limits) -> Result<Edition<'a>> {
    let full = |package: &Package| format!("{}@{}", package.name, package.version.as_deref().unwrap_or_default());
    let by =
        |test: &dyn Fn(&Package) -> bool| catalog.packages.iter().filter(|package| test(package)).collect::<Vec<_>>();
    let known = match by(&|package| full(package) == typed) {
        exact if exact.is_empty() => by(&|package| package.name == typed),
        exact => exact,
    };
    match known.as_slice() {
        [package] => return Ok(Edition::Known(package)),
        [] => {}
        several => {
            let labels: Vec<String> = several.iter().map(|package| full(package)).collect();
            return Err(Error::new(
                format!("{typed} 有 {} 个版次:{}", labels.len(), labels.join("、")),
                format!("{typed} has {} editions: {}", labels.len(), labels.join(", ")),
            )
            .hint(format!("{PROGRAM} diff {}", labels[..2].join(" "))));
        }
    }
    let folder = Path::new(typed);
    if folder.exists() {
        return Ok(Edition::Opened(Box::new(Package::open(folder, limits).map_err(Error::from)?)));
    }
    let labels: Vec<String> = catalog.packages.iter().map(|package| catalog.label(package)).collect();
    Err(Error::new(format!("没有名为「{typed}」的数据包或文件夹"), format!("there is no package or folder '{typed}'"))
        .detail(format!("数据包:{}", labels.join("、")), format!("packages: {}", labels.join(", ")))
        .hint(format!("{PROGRAM} list --packages")))
}

/// Datasets of two editions that are the same series.
enum Pair<'a> {
    Both(&'a Resource, &'a Resource),
    Earlier(&'a Resource),
    Later(&'a Resource),
}

/// The datasets of both editions, those of one series beside each other.
fn pairs<'a>(earlier: &'a Package, later: &'a Package) -> Vec<Pair<'a>> {
    let partner = |a: &Resource| later.resources.iter().find(|b| is_same_series(a, b));
    let mut pairs: Vec<Pair> =
        earlier.resources.iter().map(|a| partner(a).map_or(Pair::Earlier(a), |b| Pair::Both(a, b))).collect();
    pairs.extend(
        later.resources.iter().filter(|b| !earlier.resources.iter().any(|a| is_same_series(a, b))).map(Pair::Later),
    );
    pairs
}

fn named(package: &Package) -> String {
    match &package.version {
        Some(version) => format!("{}@{version}", package.name),
        None => package.name.clone(),
    }
}

fn strangers(earlier: &Package, later: &Package) -> Error {
    Error::new(
        format!("{} 与 {} 没有共同的数据集", named(earlier), named(later)),
        format!("{} and {} have no dataset in common", named(earlier), named(later)),
    )
    .detail(
        "两个版次要有相同的 name,或在数据集上声明相同的 aistat:series",
        "editions have the same name, or datasets that declare the same aistat:series",
    )
    .hint(format!("{PROGRAM} list --packages"))
}

fn row(change: &Change) -> Vec<Cell> {
    let text = |text: &str| if text.is_empty() { Cell::Empty(None) } else { Cell::Text(text.to_owned()) };
    let number = |number: &Option<Number>| number.clone().map_or(Cell::Empty(None), Cell::Number);
    let computed =
        |operand: &Option<crate::stats::Operand>| operand.clone().map_or(Cell::Empty(None), numbers::computed);
    let beyond = match change.beyond {
        Some(true) => Cell::Member { code: "yes".into(), title: Text::new("是", "yes") },
        Some(false) => Cell::Member { code: "no".into(), title: Text::new("否", "no") },
        None => Cell::Empty(None),
    };
    vec![
        Cell::Text(change.dataset.clone()),
        Cell::Text(change.period.clone()),
        text(&change.key),
        Cell::Member { code: change.measure.clone(), title: change.title.clone() },
        Cell::Member { code: change.unit.code.clone(), title: change.unit.title.clone() },
        Cell::Member { code: change.status.code().to_owned(), title: change.status.title() },
        number(&change.earlier),
        number(&change.later),
        computed(&change.revision),
        computed(&change.percent),
        beyond,
    ]
}

fn summary(changes: &[Change], kept: Kept, pairs: &[Pair]) -> Vec<Text> {
    let count = |status: cells::Status| changes.iter().filter(|change| change.status == status).count();
    let (revised, added, dropped) =
        (count(cells::Status::Revised), count(cells::Status::Added), count(cells::Status::Dropped));
    let beyond = changes.iter().filter(|change| change.beyond == Some(true)).count();
    let mut notes = vec![Text::new(
        format!("修订 {revised} 格(其中 {beyond} 格超出舍入),新增 {added} 格,删去 {dropped} 格,{} 格未变", kept.same),
        format!(
            "{revised} revised ({beyond} beyond rounding), {added} added, {dropped} dropped, {} unchanged",
            kept.same
        ),
    )];
    if kept.marked > 0 {
        notes.push(Text::new(
            format!("{} 格的数值相同,标记、区间或位数不同", kept.marked),
            format!("{} have the same value and another mark, range or last place", kept.marked),
        ));
    }
    let whole = |wanted: bool| {
        let names = pairs.iter().filter_map(|pair| match pair {
            Pair::Earlier(resource) if wanted => Some(resource.address.to_string()),
            Pair::Later(resource) if !wanted => Some(resource.address.to_string()),
            _ => None,
        });
        names.collect::<Vec<_>>()
    };
    for (names, zh, en) in [
        (whole(true), "后一版没有", "not in the later edition"),
        (whole(false), "前一版没有", "not in the earlier edition"),
    ] {
        if !names.is_empty() {
            notes.push(Text::new(format!("{zh}:{}", names.join("、")), format!("{en}: {}", names.join(", "))));
        }
    }
    notes.extend(kept.unlike);
    notes
}

/// Whether a number has a value of its own: neither one-sided nor a range.
fn has_value(number: &Number) -> bool {
    matches!(&number.value, Value::Printed(_))
        && number.to.is_none()
        && number.bounds.lower.is_some()
        && number.bounds.upper.is_some()
}
