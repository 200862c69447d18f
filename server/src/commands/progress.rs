//! How far a long command has come, for whoever waits.

use crate::output;
use std::{
    io::{IsTerminal, stderr},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::Step;

/// Tells on standard error: in place at a terminal, elsewhere a line now and then. What the command
/// comes to is said on standard output.
#[derive(Debug, Default)]
pub(crate) struct Progress(Mutex<Option<Instant>>);

impl Progress {
    /// Says how far it has come, unless that was said a moment ago.
    pub(crate) fn tell(&self, words: impl FnOnce() -> String) {
        let in_place = stderr().is_terminal();
        let pause = Duration::from_millis(if in_place { 100 } else { 5_000 });
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| at.elapsed() < pause) {
            return;
        }
        *last = Some(Instant::now());
        if in_place {
            output::error_text(format_args!("\r\x1b[K{}", words()));
        } else {
            output::error_line(words());
        }
    }

    /// Begins a step: what is said next is said at once.
    pub(crate) fn begin(&self, words: impl FnOnce() -> String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.tell(words);
    }

    /// What is to hear how far verifying has come.
    pub(crate) fn of_verifying(self: &Arc<Self>) -> store::Progress {
        let (told, latest) = (self.clone(), Mutex::new(None));
        Arc::new(move |step, done, total| {
            let words = || {
                let (what, counted) = match step {
                    Step::Chain => ("Following the chain", "changes"),
                    Step::Tables => ("Holding the tables against the record", "changes"),
                    Step::Files => ("Reading photos and reports", "files"),
                };
                format!("{what}: {done} of {total} {counted}")
            };
            let before = latest.lock().unwrap_or_else(PoisonError::into_inner).replace(step);
            if before == Some(step) { told.tell(words) } else { told.begin(words) }
        })
    }

    /// Takes away what stands at the terminal.
    pub(crate) fn clear(&self) {
        if stderr().is_terminal() {
            output::error_text("\r\x1b[K");
        }
    }
}
