//! What the terminal shows of the progress: in place, or elsewhere a line now and then.

use std::{
    io::{IsTerminal, Write, stdout},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::{Progress, Step};

/// Shows progress until it is cleared.
#[derive(Clone, Default)]
pub(super) struct Shown(Arc<Mutex<Option<(Step, Instant)>>>);

impl Shown {
    /// What is to hear of it.
    pub(super) fn progress(&self) -> Progress {
        let shown = self.clone();
        Arc::new(move |step, done, total| shown.tell(step, done, total))
    }

    fn tell(&self, step: Step, done: u64, total: u64) {
        let is_terminal = stdout().is_terminal();
        let pause = Duration::from_millis(if is_terminal { 100 } else { 5_000 });
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|(before, at)| before == step && at.elapsed() < pause) {
            return;
        }
        *last = Some((step, Instant::now()));
        let (step, counted) = match step {
            Step::Chain => ("Following the chain", "changes"),
            Step::Tables => ("Holding the tables against the record", "changes"),
            Step::Files => ("Reading photos and reports", "files"),
        };
        if is_terminal {
            print!("\r\x1b[K{step}: {done} of {total} {counted}");
            // A closed pipe is no reason to stop.
            let _ = stdout().flush();
        } else {
            println!("{step}: {done} of {total} {counted}");
        }
    }

    /// Takes what is shown in place away again.
    pub(super) fn clear(&self) {
        if stdout().is_terminal() {
            print!("\r\x1b[K");
        }
    }
}
