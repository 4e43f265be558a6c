//! Runs the program inside the test, with its surroundings given.

use std::collections::HashMap;
use std::ffi::OsString;

use aistat::{Env, Exit};

/// A run to be.
#[must_use]
pub struct Run {
    args: Vec<OsString>,
    vars: HashMap<String, String>,
    terminal: Option<usize>,
}

/// What a run gave.
#[derive(Debug)]
pub struct Output {
    pub out: String,
    pub err: String,
    pub exit: Exit,
}

/// The program with a line of words, split at spaces.
pub fn aistat(line: &str) -> Run {
    args(line.split_whitespace())
}

/// The program with words that may hold spaces.
pub fn args<S: Into<OsString>>(words: impl IntoIterator<Item = S>) -> Run {
    let words = words.into_iter().map(Into::into);
    Run { args: std::iter::once(OsString::from("aistat")).chain(words).collect(), vars: HashMap::new(), terminal: None }
}

impl Run {
    pub fn arg(mut self, word: &str) -> Self {
        self.args.push(word.into());
        self
    }

    pub fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.insert(name.into(), value.into());
        self
    }

    pub fn terminal(mut self, columns: usize) -> Self {
        self.terminal = Some(columns);
        self
    }

    pub fn run(self) -> Output {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let vars = self.vars;
        let env = Env {
            var: &|name| vars.get(name).cloned(),
            stdout_is_terminal: self.terminal.is_some(),
            stderr_is_terminal: self.terminal.is_some(),
            width: self.terminal,
            ends: false,
        };
        let exit = aistat::run(&self.args, &env, &mut out, &mut err);
        Output { out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap(), exit }
    }

    /// The answer of a question that is answered.
    #[track_caller]
    pub fn ok(self) -> Output {
        let output = self.run();
        assert_eq!(output.exit, Exit::Answered, "{}{}", output.out, output.err);
        output
    }

    /// The rows of its CSV, header included, notes unheard.
    #[track_caller]
    pub fn csv(self) -> Vec<Vec<String>> {
        let output = self.ok();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(output.out.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    /// One column of its CSV, by key, without the header.
    #[track_caller]
    pub fn column(self, key: &str) -> Vec<String> {
        let rows = self.csv();
        let at =
            rows[0].iter().position(|have| have == key).unwrap_or_else(|| panic!("no column {key} in {:?}", rows[0]));
        rows[1..].iter().map(|row| row[at].clone()).collect()
    }

    /// The refusal of a question that is not answered: nothing on stdout, exit 2.
    #[track_caller]
    pub fn refused(self) -> String {
        let output = self.run();
        assert_eq!((output.exit, output.out.as_str()), (Exit::Usage, ""), "{}", output.err);
        output.err
    }
}
