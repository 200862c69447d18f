//! The source of the current time.

use chrono::{DateTime, SubsecRound, Utc};

/// Source of the current time: the system's clock, or a fixed time for tests and demonstrations.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Option<DateTime<Utc>>);

impl Clock {
    /// Returns the system's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// Returns a clock that always gives the same time.
    pub const fn fixed(at: DateTime<Utc>) -> Self {
        Self(Some(at))
    }

    /// Returns the time in UTC, truncated to microseconds because both databases store no more.
    pub fn now(&self) -> DateTime<Utc> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the system's clock"
        )]
        let now = self.0.unwrap_or_else(Utc::now);
        now.trunc_subsecs(6)
    }
}
