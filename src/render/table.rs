//! table: the answer for people. Where a grid is too wide for the terminal, words wrap; then texts go below their rows; then
//! each row becomes a block of its own. Words are never cut, unless one alone is wider than a line.

use std::io::{self, BufWriter, Write};

use comfy_table::{CellAlignment, ColumnConstraint, LineStyle, Row, Table, TableStyle, Width};

use super::sanitize::one_line;
use super::shown::{Grid, Shown, ShownColumn};
use super::width::{display_width, longest_piece, wrap};
use super::{Look, source};
use crate::answer::Answer;
use crate::text::Lang;

/// Spaces between columns.
const GAP: u16 = 2;
/// Spaces before what stands below a row.
const INDENT: usize = 4;
/// Between texts below a row.
const BETWEEN: &str = " · ";
/// A column of text is not made narrower than this.
const NARROWEST: usize = 8;
/// Lines that a text takes at most, so that words are all that makes a column wider.
const TALLEST: usize = 3;
const RULE: LineStyle = LineStyle::none().fill('─');
const BELOW_HEADER: TableStyle = TableStyle::new().header_separator(RULE);
const ABOVE_ROWS: TableStyle = TableStyle::new().top_border(RULE).row_separator(RULE);

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
    let mut in_header = look.header;
    for line in lines(rows, grid, look) {
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

/// The lines of the grid, all of one display width.
pub(super) fn lines(rows: usize, grid: &Grid, look: &Look) -> Vec<String> {
    let columns: Vec<Set> = grid.columns.iter().map(|column| Set::new(column, look.header)).collect();
    // The library counts columns in 16 bits.
    let terminal = look.width.unwrap_or(usize::MAX).min(u16::MAX.into());
    let mut table = match layout(&columns, terminal) {
        Some(layout) => layout.table(&columns, rows, look.header),
        None => blocks(grid, rows, terminal),
    };
    for column in table.column_iter_mut() {
        column.set_padding((0, 0));
    }
    table.lines().collect()
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
fn layout(columns: &[Set], terminal: usize) -> Option<Layout> {
    let room = terminal.saturating_sub(INDENT);
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
    /// A table of one column: in a cell is what stands beside each other, and what stands below that.
    fn table(&self, columns: &[Set], rows: usize, header: bool) -> Table {
        let rows = || header.then_some(None).into_iter().chain((0..rows).map(Some));
        let cells = |row| self.beside.iter().map(move |&(at, width)| columns[at].lines(row, width).join("\n"));
        let numeric: Vec<bool> = self.beside.iter().map(|&(at, _)| columns[at].numeric).collect();
        let beside = bare(rows().map(|row| Row::from(cells(row))), &numeric);
        let mut lines = beside.lines();
        let mut table = Table::new();
        table.load_style(BELOW_HEADER);
        for (row, cells) in rows().zip(beside.row_iter()) {
            let height = cells.cell_iter().map(|cell| cell.content().split('\n').count()).max().unwrap_or(0);
            let below = self.indented(self.below.iter().map(|&at| columns[at].whole(row)));
            let text = lines.by_ref().take(height).chain(below).collect::<Vec<_>>().join("\n");
            match row {
                None => table.set_header([text]),
                Some(_) => table.add_row([text]),
            };
        }
        table
    }

    fn indented<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<String> {
        let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
        if texts.is_empty() {
            return Vec::new();
        }
        let lines = wrap(&texts.join(BETWEEN), self.room);
        lines.into_iter().map(|line| " ".repeat(INDENT) + &line).collect()
    }
}

/// A table without rules, its columns a gap apart: numbers flush right, texts flush left.
fn bare(rows: impl Iterator<Item = Row>, numeric: &[bool]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new()).add_rows(rows);
    for (column, numeric) in table.column_iter_mut().zip(numeric) {
        column.set_padding((if column.index == 0 { 0 } else { GAP }, 0));
        column.set_cell_alignment(if *numeric { CellAlignment::Right } else { CellAlignment::Left });
    }
    table
}

/// A block a row: a line a column, with its header in front.
fn blocks(grid: &Grid, rows: usize, terminal: usize) -> Table {
    let widest = grid.columns.iter().map(|column| display_width(&column.header)).max().unwrap_or(0);
    let longest = grid.columns.iter().map(|column| longest_piece(&column.header)).max().unwrap_or(0);
    let titles = widest.min((terminal / 2).max(longest));
    let wrapped = grid.columns.iter().flat_map(|column| wrap(&column.header, titles));
    let titles = wrapped.map(|line| display_width(&line)).max().unwrap_or(0);
    let room = terminal.saturating_sub(titles + usize::from(GAP)).max(NARROWEST);
    let title_width = Width::Fixed(titles.try_into().unwrap_or(u16::MAX));
    let mut table = Table::new();
    table.load_style(if rows == 0 { BELOW_HEADER } else { ABOVE_ROWS });
    for row in 0..rows {
        let cells = grid.columns.iter().map(|column| (column, column.cells[row].marked()));
        let cells = cells.filter(|(_, text)| !text.is_empty());
        let lines = cells.map(|(column, text)| {
            Row::from([wrap(&column.header, titles), wrap(&text, room)].map(|lines| lines.join("\n")))
        });
        let mut block = bare(lines, &[false, false]);
        block.set_constraints([ColumnConstraint::Absolute(title_width)]);
        table.add_row([block.to_string()]);
    }
    table
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
    /// Width of the widest cell, at least 1: the library sets no column narrower.
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
        set.body = set.cells.iter().map(|cell| display_width(&set.text(cell))).max().unwrap_or(0).max(1);
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

    /// The header, or the cell of a row, broken to a width; numbers never are.
    fn lines(&self, row: Option<usize>, width: usize) -> Vec<String> {
        match row {
            Some(row) if self.numeric => vec![self.text(&self.cells[row])],
            row => wrap(self.whole(row), width),
        }
    }

    /// The text of the header, or of a row.
    fn whole(&self, row: Option<usize>) -> &str {
        row.map_or(self.header, |row| &self.cells[row].text)
    }

    fn natural(&self) -> usize {
        self.body.max(display_width(self.header))
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
fn widths(columns: &[&Set], terminal: usize) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.natural()).collect();
    let room = terminal.checked_sub(usize::from(GAP) * (columns.len() - 1))?;
    let narrowest: Vec<usize> = columns.iter().map(|column| column.narrowest()).collect();
    while widths.iter().sum::<usize>() > room {
        let wide = (0..widths.len()).filter(|&at| widths[at] > narrowest[at]);
        let widest = wide.max_by_key(|&at| widths[at])?;
        widths[widest] -= 1;
    }
    Some(widths)
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
