//! A line on the terminal while something takes long. It is gone before the answer.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::text::{Lang, Text};

static SHOWN: AtomicBool = AtomicBool::new(false);
static CHINESE: AtomicBool = AtomicBool::new(false);

/// Lets progress be shown, in a language: standard error is a terminal, and nobody asked for quiet.
pub fn show(shown: bool, lang: Lang) {
    SHOWN.store(shown, Ordering::Relaxed);
    CHINESE.store(lang == Lang::Zh, Ordering::Relaxed);
}

/// How long something may take in silence.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far a long piece of work is.
#[derive(Debug)]
pub struct Progress {
    what: Text,
    whole: u64,
    done: AtomicU64,
    started: Instant,
    /// When the line was last written.
    last: Mutex<Option<Instant>>,
}

impl Progress {
    /// Work of so many steps; 0 where their number is not known.
    pub fn new(what: Text, whole: u64) -> Self {
        Progress { what, whole, done: AtomicU64::new(0), started: Instant::now(), last: Mutex::new(None) }
    }

    /// So many steps more are done.
    pub fn advance(&self, steps: u64) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        if !SHOWN.load(Ordering::Relaxed) || self.started.elapsed() < PATIENCE {
            return;
        }
        let Ok(mut last) = self.last.try_lock() else { return };
        if last.is_some_and(|last| last.elapsed() < PATIENCE / 10) {
            return;
        }
        *last = Some(Instant::now());
        let lang = if CHINESE.load(Ordering::Relaxed) { Lang::Zh } else { Lang::En };
        let percent = done.saturating_mul(100).checked_div(self.whole).map(|percent| percent.min(100));
        let percent = percent.map_or(String::new(), |percent| format!(" {percent} %"));
        // A terminal that is gone needs no progress.
        let _ = write!(std::io::stderr(), "\r{}{percent}\x1b[K", self.what.get(lang));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.last.get_mut().is_ok_and(|last| last.is_some()) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
