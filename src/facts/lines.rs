//! `relations.csv`: every line becomes a relation, or a fault with its place.

use super::resolve::Said;
use super::{Facts, Ground, Origin};
use crate::package::{Fault, Severity};
use crate::precision::{Basis, Relation};
use crate::statement::{Misread, Statement};
use crate::text::Text;

/// A line that could be read.
#[derive(Debug)]
pub(super) struct Line {
    /// Package whose line it is.
    pub(super) package: String,
    /// What it says.
    pub(super) statement: Statement,
    text: String,
    id: String,
    section: String,
    assumed: bool,
    place: (String, u64, u64),
}

/// The lines of every package. What cannot be read is a fault.
pub(super) fn parse(facts: &mut Facts) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut faults = Vec::new();
    for package in &facts.catalog.packages {
        let relations = match package.relations() {
            Ok(relations) => relations,
            Err(broken) => {
                faults.extend(broken);
                continue;
            }
        };
        for line in relations {
            let quoted = u64::from(line.statement.contains([',', '"']));
            let place = (line.file, line.line, line.column.saturating_add(quoted));
            match crate::statement::parse(&line.statement) {
                Ok(statement) => lines.push(Line {
                    package: facts.catalog.label(package),
                    statement,
                    text: line.statement,
                    id: line.id,
                    section: line.section,
                    assumed: line.assumed,
                    place,
                }),
                Err(misread) => faults.push(fault(place, &line.id, &line.statement, &misread)),
            }
        }
    }
    facts.faults.extend(faults);
    lines
}

/// The fault of a line whose statement is misread. `place`: file, line, and the character at which the statement starts.
fn fault((file, line, start): (String, u64, u64), id: &str, statement: &str, misread: &Misread) -> Fault {
    Fault {
        file,
        line,
        column: start + misread.column(statement) - 1,
        severity: Severity::Error,
        code: "relation",
        what: Text::new(format!("关系「{id}」:{}", misread.what.zh), format!("relation {id}: {}", misread.what.en)),
        write: Some(Text::new("改正这个陈述(docs/statements.md)", "correct the statement (docs/statements.md)")),
    }
}

impl Facts<'_> {
    /// Adds the relations of a line.
    pub(super) fn line(&mut self, line: Line) {
        let mut said = Said { package: Some(line.package.clone()), ..Said::default() };
        let basis = if line.assumed { Basis::Assumed } else { Basis::Printed };
        let meaning = self.meaning_in(&mut said, &line.statement);
        let forms = meaning.and_then(|meaning| meaning.forms());
        let origin = Origin {
            ground: Ground::Stated,
            id: Text::same(line.id.clone()),
            statement: line.text.clone(),
            exhibit: None,
            section: Some(line.section.clone()).filter(|section| !section.is_empty()),
        };
        match forms {
            Ok(forms) => {
                for (form, about) in forms {
                    self.relate(Relation { name: line.text.clone(), basis, form, about }, origin.clone());
                }
            }
            Err(misread) => self.faults.push(fault(line.place, &line.id, &line.text, &misread)),
        }
    }
}
