//! What was asked, typed. No file is touched to get here.

use std::path::PathBuf;

use crate::line::Line;
use crate::render::Format;
use crate::text::Lang;

/// One invocation: what is asked, and how the answer shall look.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The question.
    pub verb: Verb,
    /// Options that every verb has.
    pub globals: Globals,
    /// The line that asks it.
    pub line: Line,
}

/// Options that every verb has.
#[derive(Clone, Debug, Default)]
pub struct Globals {
    /// `-f`: `None` is a table on a terminal, CSV in a pipe, or what `-o`'s extension says.
    pub format: Option<Format>,
    /// `-o`: the file to replace.
    pub output: Option<PathBuf>,
    /// `--value`: one cell, bare.
    pub value: bool,
    /// `--headers`: titles or codes.
    pub titles: Option<bool>,
    /// `--no-header`.
    pub no_header: bool,
    /// `--digits`.
    pub digits: Option<u32>,
    /// `--for-excel`.
    pub for_excel: bool,
    /// `--lang`, else the locale.
    pub lang: Lang,
    /// `--data`, in order.
    pub data: Vec<PathBuf>,
    /// `--color`.
    pub color: Color,
    /// `-q`: no notes on stderr.
    pub quiet: bool,
    /// `--force`: replace folders.
    pub force: bool,
}

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs.
#[derive(Clone, Debug)]
pub enum Verb {
    /// `aistat`: what there is and how to ask.
    Overview,
    /// `--version`.
    Version,
    /// `list [AREA[/TOPIC]]`.
    List {
        /// Area or dataset.
        within: Option<String>,
        /// `--members`.
        members: bool,
        /// `--packages`.
        packages: bool,
    },
    /// `find TEXT`.
    Find(String),
    /// `show N | DATASET`.
    Show {
        /// An exhibit's number, or a dataset.
        what: String,
        /// What is asked of it.
        question: Question,
    },
    /// `AREA TOPIC …`.
    Numbers(Question),
    /// `compare A B … --as`.
    Compare {
        /// Datasets, two or more.
        datasets: Vec<String>,
        /// What is computed of the first and each later one.
        relation: Comparison,
        /// Flags shared with `AREA TOPIC`.
        question: Question,
    },
    /// `explain CELL|DATASET …`.
    Explain {
        /// Cells or datasets.
        targets: Vec<String>,
        /// `--assume`.
        assume: Vec<String>,
    },
    /// `audit [DATASET]`.
    Audit(Option<String>),
    /// `test STATEMENT`.
    Test {
        /// The statement.
        statement: String,
        /// `--assume`.
        assume: Vec<String>,
    },
    /// `dump [AREA|DATASET]… [--measure] [--period] [--where] [--derived]`.
    Dump {
        /// These areas and datasets alone.
        within: Vec<String>,
        /// Which cells of them, and whether with what follows.
        question: Question,
    },
    /// `check DIR`.
    Check(PathBuf),
    /// `new DIR --from TABLE`.
    New {
        /// The folder to write.
        folder: PathBuf,
        /// The table to begin from.
        from: PathBuf,
    },
    /// `diff A B`.
    Diff {
        /// The earlier edition.
        earlier: String,
        /// The later one.
        later: String,
    },
    /// `completions SHELL`.
    Completions(String),
    /// `completions SHELL -- WORD…`: what a shell's script asks.
    Complete {
        /// The shell that asks.
        shell: String,
        /// The line, from the program's name to the word at the cursor.
        line: Vec<String>,
    },
    /// `man`.
    Man,
}

impl Verb {
    /// Whether it tells of the program, and of packages only besides.
    pub fn is_of_program(&self) -> bool {
        matches!(self, Verb::Version | Verb::Man | Verb::Completions(_))
    }

    /// Whether packages of its own are all that the question is about: editions that are folders.
    pub fn brings_packages(&self) -> bool {
        let is_folder = |text: &String| std::path::Path::new(text).join("datapackage.json").exists();
        matches!(self, Verb::Diff { earlier, later } if is_folder(earlier) && is_folder(later))
    }

    /// Whether the packages of `--data` have to be open.
    pub fn reads_packages(&self) -> bool {
        !matches!(self, Verb::Check(_) | Verb::New { .. })
    }
}

/// What `compare --as` computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// 100·A/B
    #[default]
    Share,
    /// A/B
    Ratio,
    /// A−B
    Difference,
    /// 100·A/B, B being 100
    Index,
}

impl Comparison {
    /// What `--as` takes: a code, and what it may be called in Chinese.
    pub const NAMES: [(&str, &[&str], Comparison); 4] = [
        ("share", &["占比", "份额"], Comparison::Share),
        ("ratio", &["倍数"], Comparison::Ratio),
        ("difference", &["差", "差额"], Comparison::Difference),
        ("index", &["指数"], Comparison::Index),
    ];

    /// What `--as` names.
    pub fn named(name: &str) -> Self {
        let is = |(code, others, _): &(&str, &[&str], Comparison)| *code == name || others.contains(&name);
        Self::NAMES.into_iter().find(is).map(|(.., how)| how).unwrap_or_default()
    }
}

/// Flags of a question about one dataset (shared by `compare`).
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The line that asks it, for notes that name another.
    pub line: Line,
    /// Area, perhaps as `package:area`.
    pub area: String,
    /// Topic.
    pub topic: String,
    /// Dimensions of `--by-…`.
    pub by: Vec<String>,
    /// `--measure`.
    pub measures: Vec<String>,
    /// `--period`, as typed.
    pub period: Option<String>,
    /// `--where`, all of which hold.
    pub filters: Vec<String>,
    /// `--growth[=previous]`.
    pub growth: Option<Step>,
    /// `--change[=previous]`.
    pub change: Option<Step>,
    /// `--cagr`.
    pub cagr: bool,
    /// `--index[=BASE]`.
    pub index: Option<Option<String>>,
    /// `--share`.
    pub share: bool,
    /// `--rank[=KEY]`.
    pub rank: Option<Option<String>>,
    /// `--relative-to MEMBER`.
    pub relative_to: Option<String>,
    /// `--sort [-]KEY`.
    pub sort: Option<String>,
    /// `--top N`.
    pub top: Option<usize>,
    /// `--rest`.
    pub rest: bool,
    /// `--pivot period|DIM`.
    pub pivot: Option<String>,
    /// `--derived`.
    pub derived: bool,
    /// `--assume 'CELL=VALUE'`.
    pub assume: Vec<String>,
    /// `--bounds`.
    pub bounds: bool,
    /// `--source`.
    pub source: bool,
}

impl Question {
    /// Whether rows are ranked, to show their ranks or to cut by them.
    pub fn ranks(&self) -> bool {
        self.rank.is_some() || self.top.is_some() || self.rest
    }
}

/// What growth and change are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The year before.
    Year,
    /// The period before.
    Previous,
}
