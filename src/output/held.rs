//! Signals that wait while a file or a folder gets its name: in that moment what would be left behind is in sight.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_default};
use signal_hook::low_level::emulate_default_handler;

/// Signals that end a process, held back until this is dropped. What came by then ends it, as it would have.
pub(super) struct Held {
    /// Whether signals do what they do without us.
    free: Arc<AtomicBool>,
    /// Of each signal whether it came.
    came: Vec<(i32, Arc<AtomicBool>)>,
}

impl Held {
    /// Holds signals back, as far as the system lets us.
    pub(super) fn new() -> Held {
        let free = Arc::new(AtomicBool::new(false));
        let hold = |signal: i32| {
            let came = Arc::new(AtomicBool::new(false));
            register_conditional_default(signal, Arc::clone(&free)).ok()?;
            register(signal, Arc::clone(&came)).ok()?;
            Some((signal, came))
        };
        let came = [SIGHUP, SIGINT, SIGTERM].into_iter().filter_map(hold).collect();
        Held { free, came }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.free.store(true, Ordering::SeqCst);
        for (signal, _) in self.came.iter().filter(|(_, came)| came.load(Ordering::SeqCst)) {
            let _ = emulate_default_handler(*signal);
        }
    }
}
