//! Progress messages of long commands.

use crate::output;
use std::{
    io::{IsTerminal, stderr},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::VerifyStep;

/// Progress on standard error: updated in place at a terminal, otherwise as occasional lines.
/// Results go to standard output.
#[derive(Debug, Default)]
pub(crate) struct Progress(Mutex<Option<Instant>>);

impl Progress {
    /// Reports progress, unless it was reported a moment ago: 100 ms at a terminal, otherwise 5 s.
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

    /// Starts a step; its first message is shown immediately.
    pub(crate) fn begin(&self, words: impl FnOnce() -> String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.tell(words);
    }

    /// Returns a progress callback for the verification.
    pub(crate) fn of_verifying(self: &Arc<Self>) -> store::Progress {
        let (progress, latest) = (self.clone(), Mutex::new(None));
        Arc::new(move |step, done, total| {
            let words = || {
                let (what, counted) = match step {
                    VerifyStep::Chain => ("Following the chain", "changes"),
                    VerifyStep::Tables => ("Holding the tables against the record", "changes"),
                    VerifyStep::Files => ("Reading photos and reports", "files"),
                };
                format!("{what}: {done} of {total} {counted}")
            };
            let before = latest.lock().unwrap_or_else(PoisonError::into_inner).replace(step);
            if before == Some(step) { progress.tell(words) } else { progress.begin(words) }
        })
    }

    /// Clears the progress line at the terminal.
    pub(crate) fn clear(&self) {
        if stderr().is_terminal() {
            output::error_text("\r\x1b[K");
        }
    }
}
