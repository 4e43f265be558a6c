//! md: a GitHub table for documents.

use std::io::{self, BufWriter, Write};

use super::sanitize::one_line;
use super::shown::{Grid, Shown};
use super::{Look, source};
use crate::answer::Answer;

/// Writes the title, the table, the notes as a list and the source.
pub(super) fn write(answer: &Answer, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let title = escape(&one_line(answer.title.get(look.lang)));
    if !title.is_empty() {
        writeln!(out, "**{title}**")?;
    }
    let grid = Grid::new(answer, look);
    if !grid.columns.is_empty() {
        out.write_all(if title.is_empty() { b"" } else { b"\n" })?;
        // GitHub knows no table without a header row: an empty one stands for none
        let header = |text: &str| if look.header { escape(text) } else { String::new() };
        row(&mut out, grid.columns.iter().map(|column| header(&column.header)))?;
        row(&mut out, grid.columns.iter().map(|column| if column.numeric { "---:" } else { "---" }.to_owned()))?;
        for at in 0..answer.rows {
            row(&mut out, grid.columns.iter().map(|column| cell(&column.cells[at])))?;
        }
    }
    let list: Vec<String> = grid.legend(look.lang).into_iter().chain(source::notes(answer, look.lang)).collect();
    let sources = source::sources(answer, look.lang);
    for (at, note) in list.iter().enumerate() {
        writeln!(out, "{}- {}", if at == 0 { "\n" } else { "" }, escape(note))?;
    }
    for (at, line) in sources.iter().enumerate() {
        writeln!(out, "{}{}", if at == 0 { "\n" } else { "" }, escape(line))?;
    }
    out.flush()
}

fn row(out: &mut dyn Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    out.write_all(b"|")?;
    for cell in cells {
        write!(out, " {cell} |")?;
    }
    out.write_all(b"\n")
}

fn cell(shown: &Shown) -> String {
    escape(&shown.text) + if shown.derived { "\\*" } else { "" }
}

/// Text that Markdown shows as it is.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '|' | '*' | '`' | '[' | '<') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::{Format, samples};
    use super::*;
    use crate::text::{Lang, Text};

    #[test]
    fn a_github_table() {
        let mut answer = samples::rounds();
        answer.notes.push(Text::same("a|b\n*c*"));
        let mut out = Vec::new();
        write(&answer, &Look::new(Format::Md, Lang::En), &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        **Shenzhen: financing by round**

        | Period | Round | Amount (100 million yuan) | Share (%) |
        | --- | --- | ---: | ---: |
        | ../2023 | Seed | – | – |
        | ../2023 | Angel | 14,922 | 26.5 |
        | ../2023 | Series A | over 60 | 33.3\* |
        | ../2023 | Series B | 344.6–345.8\* | ≥ 5\* |
        | ../2023 | Seed to series A | 1–2 | 7\* |

        - \* not printed: follows from other numbers
        - Note: Part of the data is estimated by models
        - Note: a\|b \*c\*

        来源:某协会 · A white book · exhibit 29, section 4.6.2; exhibit 28, section 4.6.1
        ");
    }
}
