//! table: the answer for people.

use std::io::{self, BufWriter, Write};

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use super::sanitize::one_line;
use super::shown::{Grid, Shown, ShownColumn};
use super::width::{display_width, longest_piece, wrap};
use super::{Look, source};
use crate::answer::Answer;
use crate::text::Lang;

/// Spaces between columns.
const GAP: usize = 2;
/// A column of text is not made narrower than this.
const NARROWEST: usize = 8;
const RULE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// Writes the title, the grid, and below it the mark's legend, the notes and the source.
pub(super) fn write(answer: &Answer, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let title = one_line(answer.title.get(look.lang));
    if !title.is_empty() {
        paragraph(&mut out, &title, look, "1")?;
    }
    let grid = Grid::new(answer, look);
    if !grid.columns.is_empty() {
        out.write_all(if title.is_empty() { b"" } else { b"\n" })?;
        write_grid(&mut out, answer.rows, &grid, look)?;
    }
    let mut below = Vec::new();
    if grid.has_derived() {
        below.push(format!("* {}", Grid::legend(look.lang)));
    }
    below.extend(source::notes(answer, look.lang));
    let sources = source::sources(answer, look.lang);
    if !below.is_empty() || !sources.is_empty() {
        out.write_all(b"\n")?;
    }
    for line in below {
        paragraph(&mut out, &line, look, "")?;
    }
    for line in sources {
        paragraph(&mut out, &line, look, "2")?;
    }
    out.flush()
}

fn write_grid(out: &mut dyn Write, rows: usize, grid: &Grid, look: &Look) -> io::Result<()> {
    let columns: Vec<Set> = grid.columns.iter().map(|column| Set::new(column, look.header)).collect();
    let widths = widths(&columns, look.width);
    let mut table = Table::new();
    table.load_style(RULE);
    if look.header {
        table.set_header(columns.iter().zip(&widths).map(|(column, width)| wrap(column.header, *width).join("\n")));
    }
    for row in 0..rows {
        table.add_row(columns.iter().zip(&widths).map(|(column, width)| column.cell(row, *width)));
    }
    let last = columns.len() - 1;
    for (at, (set, column)) in columns.iter().zip(table.column_iter_mut()).enumerate() {
        column.set_padding((0, if at == last { 0 } else { GAP as u16 }));
        column.set_cell_alignment(if set.numeric { CellAlignment::Right } else { CellAlignment::Left });
    }
    let mut in_header = look.header;
    for line in table.lines() {
        in_header &= !line.starts_with('─');
        colored(out, line.trim_end(), look.color && in_header, "1")?;
    }
    if rows == 0 {
        let empty = match look.lang {
            Lang::Zh => "没有符合条件的行",
            Lang::En => "no rows",
        };
        writeln!(out, "{empty}")?;
    }
    Ok(())
}

/// A column that is being set.
struct Set<'a> {
    header: &'a str,
    numeric: bool,
    cells: &'a [Shown],
    /// The most characters from a decimal point on: points line up.
    fraction: usize,
    derived: bool,
    /// Width of the widest cell.
    body: usize,
}

impl<'a> Set<'a> {
    fn new(column: &'a ShownColumn, header: bool) -> Self {
        let mut set = Set {
            header: if header { &column.header } else { "" },
            numeric: column.numeric,
            cells: &column.cells,
            fraction: column.cells.iter().filter_map(|cell| cell.fraction).max().unwrap_or(0),
            derived: column.cells.iter().any(|cell| cell.derived),
            body: 0,
        };
        set.body = set.cells.iter().map(|cell| display_width(&set.text(cell))).max().unwrap_or(0);
        set
    }

    /// The text of a cell, with its mark and with spaces that line up decimal points.
    fn text(&self, cell: &Shown) -> String {
        let mut text = cell.text.clone();
        if !self.numeric || text.is_empty() {
            return text;
        }
        if self.derived && cell.derived {
            text.push('*');
        }
        let missing = cell.fraction.map_or(0, |fraction| self.fraction - fraction);
        text.extend(std::iter::repeat_n(' ', missing + usize::from(self.derived && !cell.derived)));
        text
    }

    fn cell(&self, row: usize, width: usize) -> String {
        let Some(cell) = self.cells.get(row) else { return String::new() };
        if self.numeric || display_width(&cell.text) <= width {
            return self.text(cell);
        }
        wrap(&cell.text, width).join("\n")
    }

    fn natural(&self) -> usize {
        self.body.max(display_width(self.header))
    }

    /// As narrow as it gets with words kept whole.
    fn with_whole_words(&self) -> usize {
        let header = longest_piece(self.header);
        let body = if self.numeric {
            self.body
        } else {
            self.cells.iter().map(|cell| longest_piece(&cell.text)).max().unwrap_or(0).max(self.body.min(NARROWEST))
        };
        header.max(body)
    }

    /// As narrow as it gets: numbers are never broken.
    fn narrowest(&self) -> usize {
        if self.numeric { self.body.max(2) } else { self.natural().min(NARROWEST) }
    }
}

/// The widths of the columns: their own where they fit, else the widest is made narrower until they do.
fn widths(columns: &[Set], terminal: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<usize> = columns.iter().map(Set::natural).collect();
    let Some(room) = terminal.map(|terminal| terminal.saturating_sub(GAP * (columns.len() - 1))) else { return widths };
    let with_whole_words = columns.iter().map(Set::with_whole_words).collect::<Vec<_>>();
    let narrowest = columns.iter().map(Set::narrowest).collect::<Vec<_>>();
    for floors in [with_whole_words, narrowest] {
        while widths.iter().sum::<usize>() > room {
            let widest = (0..widths.len()).filter(|&at| widths[at] > floors[at]).max_by_key(|&at| widths[at]);
            let Some(widest) = widest else { break };
            widths[widest] -= 1;
        }
    }
    widths
}

/// A text outside the grid, broken to the terminal's width.
fn paragraph(out: &mut dyn Write, text: &str, look: &Look, style: &str) -> io::Result<()> {
    let lines = look.width.map_or_else(|| vec![text.to_owned()], |width| wrap(text, width.max(2)));
    for line in lines {
        colored(out, &line, look.color && !style.is_empty(), style)?;
    }
    Ok(())
}

fn colored(out: &mut dyn Write, line: &str, color: bool, style: &str) -> io::Result<()> {
    if color { writeln!(out, "\x1b[{style}m{line}\x1b[0m") } else { writeln!(out, "{line}") }
}
