//! `new`: a package from a table that somebody already has.

use std::path::Path;

use super::list::table;
use crate::answer::{Answer, Cell, Number};
use crate::error::{Error, Result};
use crate::line::Edit;
use crate::output;
use crate::package::{Draft, Fault, Limits, Package};
use crate::precision::Rational;
use crate::text::{Lang, Text};

const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// Writes the folder and says what was guessed.
///
/// # Errors
/// The table cannot be read or made into a package, or the folder is there or cannot be written. Nothing is left behind.
pub(super) fn answer(folder: &Path, from: &Path, force: bool, limits: &Limits) -> Result<Answer> {
    let name = match folder.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => {
            let inside = folder.join(from.file_stem().unwrap_or_else(|| "package".as_ref()));
            return Err(Error::new("要给出新文件夹的名称", "name the folder to write")
                .instead([Edit::word(folder.display().to_string(), inside.display().to_string())]));
        }
    };
    let draft = Draft::from_table(from, &name, crate::cli::is_verb, limits).map_err(|faults| refusal(from, &faults))?;
    verify(&draft, limits)?;
    output::write_folder(folder, &draft.files, force)?;
    let row = |(path, bytes): &(String, Vec<u8>)| {
        let size = Number::computed(Rational::from_integer(bytes.len().into()));
        vec![Cell::Text(folder.join(path).display().to_string()), Cell::Number(size)]
    };
    let mut answer = table(
        Text::new(format!("新数据包 {}", folder.display()), format!("New package {}", folder.display())),
        &[("file", "文件", "File"), ("bytes", "字节", "Bytes")],
        &["bytes"],
        draft.files.iter().map(row).collect(),
    );
    answer.notes = draft.guesses;
    let shown = crate::line::quote(&folder.display().to_string());
    answer.notes.push(Text::new(
        format!("以上都是猜测:请改 datapackage.json,再运行 {PROGRAM} check {shown}"),
        format!("all of this is guessed: edit datapackage.json, then run {PROGRAM} check {shown}"),
    ));
    Ok(answer)
}

/// What is written passes its own check.
fn verify(draft: &Draft, limits: &Limits) -> Result<()> {
    let package = Package::in_memory(draft.files.clone(), limits).map_err(Error::from)?;
    let faults: Vec<Fault> = package.check().into_iter().filter(Fault::is_error).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(faults)) }
}

fn refusal(from: &Path, faults: &[Fault]) -> Error {
    let shown = from.display();
    let error = Error::new(format!("不能由 {shown} 建立数据包"), format!("no package can be made from {shown}"));
    let error = faults.iter().fold(error, |error, fault| error.detail(fault.line(Lang::Zh), fault.line(Lang::En)));
    error.hint(format!("{PROGRAM} new --help"))
}
