//! table: the answer for people. Where a grid is too wide for the terminal, words wrap; then texts go below their rows; then
//! each row becomes a block of its own. Words are never cut, unless one alone is wider than a line.

use std::io::{self, BufWriter, Write};

use super::sanitize::one_line;
use super::shown::{Grid, Shown, ShownColumn};
use super::width::{display_width, longest_piece, wrap};
use super::{Look, source};
use crate::answer::Answer;
use crate::text::Lang;

/// Spaces between columns.
const GAP: usize = 2;
/// Spaces before what stands below a row.
const INDENT: usize = 4;
/// Between texts below a row.
const BETWEEN: &str = " · ";
/// A column of text is not made narrower than this.
const NARROWEST: usize = 8;
/// Lines that a text takes at most, so that words are all that makes a column wider.
const TALLEST: usize = 3;

/// Writes the title, the grid, and below it the legend, the notes and the source.
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
    let mut below = grid.legend(look.lang);
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
    for line in lines(rows, grid, look) {
        colored(out, line.text.trim_end(), look.color && line.kind == Kind::Header, "1")?;
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

/// A line of the grid.
pub(super) struct Line {
    pub(super) text: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Header,
    Rule,
    Row,
}

impl Line {
    const RULE: Line = Line { text: String::new(), kind: Kind::Rule };
}

/// The lines of the grid, all of one display width.
pub(super) fn lines(rows: usize, grid: &Grid, look: &Look) -> Vec<Line> {
    let columns: Vec<Set> = grid.columns.iter().map(|column| Set::new(column, look.header)).collect();
    let mut lines = match layout(&columns, look.width) {
        Some(layout) => layout.lines(&columns, rows, look.header),
        None => blocks(grid, rows, look.width.unwrap_or(usize::MAX)),
    };
    let width = lines.iter().map(|line| display_width(&line.text)).max().unwrap_or(0);
    for line in &mut lines {
        let fill = if line.kind == Kind::Rule { "─" } else { " " };
        line.text += &fill.repeat(width - display_width(&line.text));
    }
    lines
}

/// Columns beside each other, and texts below their rows.
struct Layout {
    /// Places and widths of the columns.
    beside: Vec<(usize, usize)>,
    /// Places of the columns below.
    below: Vec<usize>,
    /// The width of what stands below.
    room: usize,
}

/// The layout that keeps words whole: as few columns below as it takes; `None` if that does not do.
fn layout(columns: &[Set], terminal: Option<usize>) -> Option<Layout> {
    let room = terminal.map_or(usize::MAX, |terminal| terminal.saturating_sub(INDENT));
    let mut beside: Vec<usize> = (0..columns.len()).collect();
    let mut below = Vec::new();
    loop {
        let own: Vec<&Set> = beside.iter().map(|&at| &columns[at]).collect();
        if let Some(widths) = widths(&own, terminal) {
            below.sort_unstable();
            return Some(Layout { beside: beside.into_iter().zip(widths).collect(), below, room });
        }
        let widest = beside.iter().skip(1).filter(|&&at| columns[at].movable).max_by_key(|&&at| columns[at].natural());
        let widest = *widest?;
        beside.retain(|&at| at != widest);
        below.push(widest);
    }
}

impl Layout {
    fn lines(&self, columns: &[Set], rows: usize, header: bool) -> Vec<Line> {
        let mut lines = Vec::new();
        if header {
            let titles = self.beside.iter().map(|&(at, width)| (wrap(columns[at].header, width), &columns[at], width));
            let below = self.below.iter().map(|&at| columns[at].header.to_owned());
            let texts = side_by_side(titles).into_iter().chain(self.indented(below));
            lines.extend(texts.map(|text| Line { text, kind: Kind::Header }));
            lines.push(Line::RULE);
        }
        for row in 0..rows {
            let cells = self.beside.iter().map(|&(at, width)| (columns[at].cell(row, width), &columns[at], width));
            let below = self.below.iter().map(|&at| columns[at].cells[row].text.clone());
            let texts = side_by_side(cells).into_iter().chain(self.indented(below));
            lines.extend(texts.map(|text| Line { text, kind: Kind::Row }));
        }
        lines
    }

    fn indented(&self, texts: impl Iterator<Item = String>) -> Vec<String> {
        let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
        if texts.is_empty() {
            return Vec::new();
        }
        let lines = wrap(&texts.join(BETWEEN), self.room);
        lines.into_iter().map(|line| " ".repeat(INDENT) + &line).collect()
    }
}

/// Cells of some lines each, as lines: numbers flush right, texts flush left.
fn side_by_side<'a>(cells: impl Iterator<Item = (Vec<String>, &'a Set<'a>, usize)>) -> Vec<String> {
    let cells: Vec<_> = cells.collect();
    let height = cells.iter().map(|(lines, ..)| lines.len()).max().unwrap_or(0);
    let line = |at: usize| {
        let part = |(lines, set, width): &(Vec<String>, &Set, usize)| {
            let text = lines.get(at).map_or("", String::as_str);
            let blank = " ".repeat(width.saturating_sub(display_width(text)));
            if set.numeric { blank + text } else { text.to_owned() + &blank }
        };
        cells.iter().map(part).collect::<Vec<_>>().join(&" ".repeat(GAP))
    };
    (0..height).map(line).collect()
}

/// A block a row: a line a column, with its header in front.
fn blocks(grid: &Grid, rows: usize, terminal: usize) -> Vec<Line> {
    let widest = grid.columns.iter().map(|column| display_width(&column.header)).max().unwrap_or(0);
    let longest = grid.columns.iter().map(|column| longest_piece(&column.header)).max().unwrap_or(0);
    let titles = widest.min((terminal / 2).max(longest));
    let wrapped = grid.columns.iter().flat_map(|column| wrap(&column.header, titles));
    let titles = wrapped.map(|line| display_width(&line)).max().unwrap_or(0);
    let room = terminal.saturating_sub(titles + GAP).max(NARROWEST);
    let mut lines = Vec::new();
    for row in 0..rows {
        lines.push(Line::RULE);
        for column in &grid.columns {
            let Some(cell) = column.cells.get(row).filter(|cell| !cell.text.is_empty()) else { continue };
            let (title, text) = (wrap(&column.header, titles), wrap(&cell.marked(), room));
            for at in 0..title.len().max(text.len()) {
                let part = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
                let title = part(&title);
                let blank = " ".repeat((titles + GAP).saturating_sub(display_width(&title)));
                lines.push(Line { text: title + &blank + &part(&text), kind: Kind::Row });
            }
        }
    }
    lines
}

/// A column that is being set.
struct Set<'a> {
    header: &'a str,
    numeric: bool,
    movable: bool,
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
            movable: column.movable,
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
        let mut text = cell.marked();
        if !self.numeric || text.is_empty() {
            return text;
        }
        let missing = cell.fraction.map_or(0, |fraction| self.fraction - fraction);
        text.extend(std::iter::repeat_n(' ', missing + usize::from(self.derived && !cell.derived)));
        text
    }

    fn cell(&self, row: usize, width: usize) -> Vec<String> {
        let Some(cell) = self.cells.get(row) else { return Vec::new() };
        if self.numeric { vec![self.text(cell)] } else { wrap(&cell.text, width) }
    }

    fn natural(&self) -> usize {
        self.body.max(display_width(self.header))
    }

    /// The widest line where texts wrap at a width.
    fn wrapped(&self, width: usize) -> usize {
        let rows = (0..self.cells.len()).flat_map(|row| self.cell(row, width));
        wrap(self.header, width).into_iter().chain(rows).map(|line| display_width(&line)).max().unwrap_or(0)
    }

    /// As narrow as it gets: words and numbers are kept whole, and no text becomes a tower.
    fn narrowest(&self) -> usize {
        let header = longest_piece(self.header).max(display_width(self.header).div_ceil(TALLEST + 1));
        let body = if self.numeric {
            self.body
        } else {
            let longest = self.cells.iter().map(|cell| longest_piece(&cell.text)).max().unwrap_or(0);
            longest.max(self.body.div_ceil(TALLEST)).max(self.body.min(NARROWEST))
        };
        header.max(body)
    }
}

/// The widths of columns: their own where they fit, else the widest is made narrower until they do; `None` if they never do.
fn widths(columns: &[&Set], terminal: Option<usize>) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.natural()).collect();
    let Some(terminal) = terminal else { return Some(widths) };
    let room = terminal.checked_sub(GAP * (columns.len() - 1))?;
    let narrowest: Vec<usize> = columns.iter().map(|column| column.narrowest()).collect();
    while widths.iter().sum::<usize>() > room {
        let wide = (0..widths.len()).filter(|&at| widths[at] > narrowest[at]);
        let widest = wide.max_by_key(|&at| widths[at])?;
        widths[widest] -= 1;
    }
    // What wraps may need less than it was left.
    Some(columns.iter().zip(widths).map(|(column, width)| column.wrapped(width)).collect())
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
