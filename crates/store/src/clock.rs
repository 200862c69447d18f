//! The time, from one place.

use chrono::{DateTime, SubsecRound, Utc};

/// Where the time comes from: the system's clock, or a fixed moment for tests and demonstrations.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Option<DateTime<Utc>>);

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still.
    pub const fn fixed(at: DateTime<Utc>) -> Self {
        Self(Some(at))
    }

    /// The time in UTC, cut to microseconds: what both databases can keep.
    pub fn now(&self) -> DateTime<Utc> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the system's clock"
        )]
        let now = self.0.unwrap_or_else(Utc::now);
        now.trunc_subsecs(6)
    }
}
