//! `completions SHELL`: the script that a shell loads. Those of bash, zsh and fish ask the program at every key, so that they
//! know the packages at hand; the others hold what there was when they were written.

use std::str::FromStr;

use clap_complete::Shell;

use crate::catalog::Catalog;
use crate::cli::{self, By, Subject};
use crate::error::{Error, Result};
use crate::text::Lang;

/// The script.
///
/// # Errors
/// No such shell.
pub(super) fn script(catalog: &Catalog, shell: &str, lang: Lang) -> Result<String> {
    match shell {
        "bash" => Ok(include_str!("completions/aistat.bash").to_owned()),
        "zsh" => Ok(include_str!("completions/aistat.zsh").to_owned()),
        "fish" => Ok(include_str!("completions/aistat.fish").to_owned()),
        other => {
            let shell = Shell::from_str(other)
                .map_err(|_| Error::new(format!("没有 shell「{other}」"), format!("there is no shell '{other}'")))?;
            let mut script = Vec::new();
            clap_complete::generate(
                shell,
                &mut cli::tree(lang, &subjects(catalog)?),
                env!("CARGO_PKG_NAME"),
                &mut script,
            );
            Ok(String::from_utf8_lossy(&script).into_owned())
        }
    }
}

/// Every area with its topics and their dimensions.
fn subjects(catalog: &Catalog) -> Result<Vec<Subject>> {
    let mut subjects: Vec<Subject> = Vec::new();
    for (area, _) in catalog.areas() {
        let mut topics: Vec<(String, Vec<By>)> = Vec::new();
        for (_, resource) in catalog.area(&area)? {
            let topic = &resource.address.topic;
            if topics.iter().any(|(known, _)| known == topic) {
                continue;
            }
            let found: Vec<_> = catalog
                .all()
                .filter(|(_, other)| other.address.area == area && other.address.topic == *topic)
                .collect();
            topics.push((topic.clone(), catalog.offered(&found, &[])));
        }
        subjects.push((area, topics));
    }
    Ok(subjects)
}
