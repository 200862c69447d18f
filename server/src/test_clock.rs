//! Command-line option for a clock that tests set.

use clap::Args;
use std::path::PathBuf;
use store::Clock;

/// Option for a clock that tests set.
#[derive(Debug, Args)]
pub(crate) struct TestClock {
    /// For tests: the time is the one in this file, as in 2026-03-12T09:00:00Z, while the file exists
    #[arg(long, env = "PLUMBLINE_CLOCK", hide = true, value_name = "FILE")]
    clock: Option<PathBuf>,
}

impl TestClock {
    /// Returns whether the clock follows a file.
    pub(crate) const fn is_set(&self) -> bool {
        self.clock.is_some()
    }

    /// Returns the clock of the file, with a warning in the log, or the given one if no file is named.
    pub(crate) fn or(self, clock: Clock) -> Clock {
        let Some(file) = self.clock else { return clock };
        tracing::warn!(
            file = %file.display(),
            "PLUMBLINE_CLOCK is set: recorded times come from a file and not from the system's clock. \
             This is for tests only"
        );
        Clock::following(file)
    }
}
