//! What a package may cost. A package is data from anywhere: each limit has a name, and a way to raise it.

use super::fault::Fault;
use crate::error::Error;

/// Limits on what is read. `AISTAT_LIMIT_FILE_BYTES=…` raises `file-bytes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    values: [u64; Limit::ALL.len()],
}

/// One limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Limit {
    /// Bytes of the descriptor, and of a schema file.
    DescriptorBytes,
    /// Bytes of one file as it is stored.
    FileBytes,
    /// Bytes of one table after decompression.
    ExpandedBytes,
    /// Bytes of one table that is not read in blocks: all of it is in memory at once.
    WholeBytes,
    /// Nesting of the descriptor.
    Nesting,
    /// Resources of a package.
    Resources,
    /// Files of one table.
    Paths,
    /// Fields of a table.
    Fields,
    /// Rows of a table.
    Rows,
    /// Bytes of one cell.
    CellBytes,
    /// Faults that one run lists.
    Faults,
    /// Bytes of a table up to which it is read cell by cell, with exact arithmetic; above, column by column.
    ExactBytes,
}

impl Limit {
    /// All limits.
    pub const ALL: [Limit; 12] = [
        Limit::DescriptorBytes,
        Limit::FileBytes,
        Limit::ExpandedBytes,
        Limit::WholeBytes,
        Limit::Nesting,
        Limit::Resources,
        Limit::Paths,
        Limit::Fields,
        Limit::Rows,
        Limit::CellBytes,
        Limit::Faults,
        Limit::ExactBytes,
    ];

    /// Its name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Limit::DescriptorBytes => "descriptor-bytes",
            Limit::FileBytes => "file-bytes",
            Limit::ExpandedBytes => "expanded-bytes",
            Limit::WholeBytes => "whole-bytes",
            Limit::Nesting => "nesting",
            Limit::Resources => "resources",
            Limit::Paths => "paths",
            Limit::Fields => "fields",
            Limit::Rows => "rows",
            Limit::CellBytes => "cell-bytes",
            Limit::Faults => "faults",
            Limit::ExactBytes => "exact-bytes",
        }
    }

    /// The environment variable that sets it.
    pub fn variable(self) -> String {
        format!("AISTAT_LIMIT_{}", self.name().replace('-', "_").to_ascii_uppercase())
    }

    const fn default(self) -> u64 {
        match self {
            Limit::DescriptorBytes => 16 << 20,
            Limit::FileBytes | Limit::ExpandedBytes => 4 << 30,
            Limit::WholeBytes => 512 << 20,
            Limit::Nesting => 64,
            Limit::Resources => 10_000,
            Limit::Paths => 1_000,
            Limit::Fields => 1_000,
            Limit::Rows => 100_000_000,
            Limit::CellBytes => 1 << 20,
            Limit::Faults => 10_000,
            Limit::ExactBytes => 256 << 10,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { values: Limit::ALL.map(Limit::default) }
    }
}

impl Limits {
    /// The limits that variables such as `AISTAT_LIMIT_ROWS` set; the others have their defaults.
    ///
    /// # Errors
    /// If a variable is set to something other than a whole number.
    pub fn from_vars(variable: impl Fn(&str) -> Option<String>) -> Result<Limits, Error> {
        let mut limits = Limits::default();
        for limit in Limit::ALL {
            let name = limit.variable();
            let Some(text) = variable(&name) else {
                continue;
            };
            let Ok(value) = text.trim().parse() else {
                let error = Error::new(
                    format!("{name} 须为非负整数,而非「{text}」"),
                    format!("{name} must be a whole number, not '{text}'"),
                );
                return Err(error.hint(format!("export {name}={}", limit.default())));
            };
            limits.set(limit, value);
        }
        Ok(limits)
    }

    /// The value of a limit.
    pub fn get(&self, limit: Limit) -> u64 {
        self.values[limit as usize]
    }

    /// The limit that is met first of two.
    pub(super) fn least(&self, of: [Limit; 2]) -> Limit {
        if self.get(of[1]) < self.get(of[0]) { of[1] } else { of[0] }
    }

    /// Sets a limit.
    pub fn set(&mut self, limit: Limit, value: u64) {
        self.values[limit as usize] = value;
    }

    /// The fault of what goes on beyond a limit, nobody knows how far.
    pub(super) fn passed(&self, limit: Limit, file: &str) -> Fault {
        let (variable, value) = (limit.variable(), self.get(limit));
        self.over(limit, file).write(
            format!("如果可信,设 {variable} 大于 {value}"),
            format!("if you trust it, set {variable} to more than {value}"),
        )
    }

    fn over(&self, limit: Limit, file: &str) -> Fault {
        let (name, value) = (limit.name(), self.get(limit));
        let (zh, en) = (format!("超出上限 {name}({value})"), format!("more than the limit {name} ({value})"));
        Fault::new(file, "limit", zh, en)
    }

    /// The fault of a file that is over a limit, if it is.
    pub(super) fn exceeded(&self, limit: Limit, found: u64, file: &str) -> Option<Fault> {
        let value = self.get(limit);
        (found > value).then(|| {
            let variable = limit.variable();
            let enough = found.max(value.saturating_mul(2));
            self.over(limit, file).write(
                format!("如果可信,设 {variable}={enough} 或更大"),
                format!("if you trust it, set {variable}={enough} or more"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_variables() {
        let limits = Limits::from_vars(|name| (name == "AISTAT_LIMIT_CELL_BYTES").then(|| "5".to_owned())).unwrap();
        for limit in Limit::ALL {
            let expected = if limit == Limit::CellBytes { 5 } else { limit.default() };
            assert_eq!(limits.get(limit), expected, "{}", limit.name());
        }
        let error = Limits::from_vars(|_| Some("many".to_owned())).unwrap_err();
        assert_eq!(error.hints[0].otherwise.as_deref(), Some("export AISTAT_LIMIT_DESCRIPTOR_BYTES=16777216"));
    }

    #[test]
    fn a_message_names_the_limit_and_its_variable() {
        let limits = Limits::default();
        assert_eq!(limits.exceeded(Limit::Nesting, 64, "f"), None);
        let fault = limits.exceeded(Limit::Nesting, 65, "f").unwrap();
        assert_eq!(
            fault.to_string(),
            "f: more than the limit nesting (64); if you trust it, set AISTAT_LIMIT_NESTING=128 or more"
        );
    }
}
