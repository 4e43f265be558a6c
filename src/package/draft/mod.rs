//! A first package from a table that somebody already has. What its columns are is guessed from headers and cells, and
//! every guess is said; the files are for people to edit.

mod columns;
mod files;
mod grid;
mod keys;
mod notes;
mod numeral;
mod periods;
mod spread;
mod spreadsheet;
mod units;

use std::path::Path;

use super::fault::Fault;
use super::limits::Limits;
use super::store;
use crate::text::Text;

/// The files of a package to be, and what was guessed.
#[derive(Debug)]
pub struct Draft {
    /// Path in the package and content, the descriptor first.
    pub files: Vec<(String, Vec<u8>)>,
    /// What was guessed, for people.
    pub guesses: Vec<Text>,
}

impl Draft {
    /// Reads a CSV or spreadsheet table and guesses a package of this name from it. `taken` are words that cannot be areas.
    ///
    /// # Errors
    /// The table cannot be read, or it has no periods, no numbers, or rows that cannot be told apart.
    pub fn from_table(
        table: &Path,
        name: &str,
        taken: impl Fn(&str) -> bool,
        limits: &Limits,
    ) -> Result<Draft, Vec<Fault>> {
        let bytes = store::read_file(table, limits).map_err(|fault| vec![fault])?;
        Draft::from_bytes(&table.display().to_string(), bytes, name, taken, limits)
    }

    /// As [`Draft::from_table`], from what a file of this path holds.
    ///
    /// # Errors
    /// As there.
    pub fn from_bytes(
        label: &str,
        bytes: Vec<u8>,
        name: &str,
        taken: impl Fn(&str) -> bool,
        limits: &Limits,
    ) -> Result<Draft, Vec<Fault>> {
        let mut guesses = Vec::new();
        let grid = if spreadsheet::is_one(&bytes) {
            spreadsheet::read(label, &bytes, limits, &mut guesses)
        } else {
            grid::text(label, bytes, limits, &mut guesses)
        };
        let grid = grid.map_err(|fault| vec![fault])?.under_one_header(&mut guesses).trimmed(&mut guesses);
        let grid = grid.filled_down(&mut guesses).melted(&mut guesses).remarked(&mut guesses);
        let stem = Path::new(label).file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
        let table = columns::guess(&grid, &mut guesses)?;
        Ok(Draft { files: files::write(&grid, &table, name, &stem, &taken), guesses })
    }
}
