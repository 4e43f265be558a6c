//! `check`: every fault of a package in one run.

use std::path::Path;

use super::list::table;
use crate::answer::{Answer, Cell, Number};
use crate::catalog::{Catalog, Found, remedy};
use crate::error::{Error, Exit, Result};
use crate::facts::Facts;
use crate::package::{Fault, Faults, Limits, Package};
use crate::precision::Rational;
use crate::statement::references;
use crate::text::{Lang, Text};

/// Codes of faults that keep a folder from being looked at at all.
const UNREADABLE: [&str; 5] = ["not-a-folder", "no-such-file", "unreadable", "not-a-file", "unsafe-path"];

/// All faults of the package in a folder; exit 1 if one of them keeps numbers from being used.
///
/// # Errors
/// There is no package to look at.
pub(super) fn answer(folder: &Path, limits: &Limits, lang: Lang) -> Result<(Answer, Exit)> {
    let (title, faults) = match Package::open(folder, limits) {
        Ok(package) => (package.title.clone(), faults(package)),
        Err(faults) if faults.iter().any(|fault| UNREADABLE.contains(&fault.code)) => {
            return Err(unreadable(folder, faults));
        }
        Err(faults) => (Text::same(folder.display().to_string()), faults),
    };
    let errors = faults.iter().filter(|fault| fault.is_error()).count();
    let warnings = faults.len() - errors;
    let mut answer = table(
        Text::new(format!("检查:{}", title.zh), format!("Check of {}", title.en)),
        &[
            ("file", "文件", "File"),
            ("line", "行", "Line"),
            ("column", "列", "Column"),
            ("severity", "程度", "Severity"),
            ("code", "代码", "Code"),
            ("what", "问题", "What"),
            ("write", "改法", "Write"),
        ],
        &["line", "column"],
        faults.iter().map(|fault| row(fault, lang)).collect(),
    );
    answer.notes.push(match (errors, warnings) {
        (0, 0) => Text::new("没有错误", "no fault"),
        _ => Text::new(
            format!("{errors} 处错误,{warnings} 处提醒"),
            format!("{errors} {}, {warnings} {}", plural(errors, "fault"), plural(warnings, "warning")),
        ),
    });
    Ok((answer, if errors == 0 { Exit::Answered } else { Exit::No }))
}

fn plural(count: usize, one: &str) -> String {
    if count == 1 { one.to_owned() } else { format!("{one}s") }
}

fn row(fault: &Fault, lang: Lang) -> Vec<Cell> {
    let count = |n: u64| {
        if n == 0 { Cell::Empty(None) } else { Cell::Number(Number::computed(Rational::from_integer(n.into()))) }
    };
    vec![
        Cell::Text(fault.file.clone()),
        count(fault.line),
        count(fault.column),
        Cell::Member { code: fault.severity.code().to_owned(), title: fault.severity.title() },
        Cell::Text(fault.code.to_owned()),
        Cell::Text(fault.what.get(lang).to_owned()),
        fault.write.as_ref().map_or(Cell::Empty(None), |write| Cell::Text(write.get(lang).to_owned())),
    ]
}

/// What is wrong with a package, in the order of its files.
fn faults(package: Package) -> Faults {
    let mut faults = package.check();
    faults.extend(package.areas_named(crate::cli::is_verb));
    let about = |statement: &str| references(statement).any(|reference| reference.dataset.is_some());
    let without = package.relations_without(about);
    faults.extend(statements(package).into_iter().filter(|fault| !faults.contains(fault)).collect::<Faults>());
    let again = |fault: &Fault| faults.iter().any(|known| known.place() == fault.place());
    faults.extend(without.into_iter().filter(|fault| !again(fault)).collect::<Faults>());
    faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    faults
}

/// Relations that cannot be read, or that name cells which are not there, and declared ones that a number below 0 unties.
fn statements(package: Package) -> Faults {
    let catalog = Catalog { packages: vec![package] };
    let sound: Vec<Found> = catalog.all().filter(|found| catalog.read(*found).is_ok()).collect();
    Facts::about(&catalog, &sound).map(|facts| [facts.untied(), facts.faults].concat()).unwrap_or_default()
}

fn unreadable(folder: &Path, faults: Faults) -> Error {
    let shown = folder.display();
    if Package::embedded().is_ok_and(|package| Path::new(&package.name) == folder) {
        return Error::new(
            format!("{shown} 内置在程序里,不必检查"),
            format!("{shown} is built into the program and needs no check"),
        )
        .hint(format!("{} list --packages", env!("CARGO_PKG_NAME")));
    }
    let error = Error::new(format!("{shown} 不能检查"), format!("{shown} cannot be checked"));
    let error = faults.iter().fold(error, |error, fault| error.detail(fault.line(Lang::Zh), fault.line(Lang::En)));
    let (program, typed) = (env!("CARGO_PKG_NAME"), crate::line::quote(&shown.to_string()));
    let is_table = folder.extension().is_some_and(|extension| extension == "csv" || extension == "xlsx");
    error.hint(match folder.file_stem().filter(|_| folder.is_file() && is_table) {
        Some(stem) => format!("{program} new {} --from {typed}", crate::line::quote(&stem.to_string_lossy())),
        None => remedy(folder).unwrap_or_else(|| format!("{program} list --packages")),
    })
}
