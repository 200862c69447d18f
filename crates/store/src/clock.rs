//! The source of the current time.

use chrono::{DateTime, SubsecRound, Utc};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Source of the current time: the system's clock, or another one for tests and demonstrations.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Source);

#[derive(Clone, Copy, Debug)]
enum Source {
    System,
    Fixed(DateTime<Utc>),
    File(&'static Path),
}

impl Clock {
    /// Returns the system's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// Returns a clock that always gives the same time.
    pub const fn fixed(at: DateTime<Utc>) -> Self {
        Self(Source::Fixed(at))
    }

    /// Returns a clock for tests: the time in a file, as in `2026-03-12T09:00:00Z`, and the system's time while
    /// the file does not exist. The path is never freed, so call it once per process.
    pub fn following(file: PathBuf) -> Self {
        Self(Source::File(Box::leak(file.into_boxed_path())))
    }

    /// Returns the time in UTC, truncated to microseconds because both databases store no more.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self.0 {
            Source::System => system_time(),
            Source::Fixed(at) => at,
            Source::File(file) => time_in(file).unwrap_or_else(system_time),
        };
        now.trunc_subsecs(6)
    }
}

#[expect(clippy::disallowed_methods, reason = "the only place that reads the system's clock")]
fn system_time() -> DateTime<Utc> {
    Utc::now()
}

/// Returns the time in a file; `None` if the file does not exist, or if it cannot be read, which is logged.
fn time_in(file: &Path) -> Option<DateTime<Utc>> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        text => text.map_err(|error| error.to_string()),
    };
    let time = text.and_then(|text| {
        text.trim().parse().map_err(|error| format!("“{text}” is not a time: {error}"))
    });
    let file = file.display();
    time.inspect_err(|error| tracing::error!(%file, error, "the clock of tests cannot be read"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_clock_follows_its_file_while_the_file_exists() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("time");
        let clock = Clock::following(file.clone());
        let is_system = |now| now >= Clock::system().now() - TimeDelta::minutes(1);
        assert!(is_system(clock.now()));
        fs::write(&file, "2026-03-12T09:00:00Z\n").expect("a file");
        assert_eq!(clock.now().to_rfc3339(), "2026-03-12T09:00:00+00:00");
        fs::write(&file, "yesterday").expect("a file");
        assert!(is_system(clock.now()), "a text that is no time is reported, and not used");
        fs::remove_file(&file).expect("no file");
        assert!(is_system(clock.now()));
    }
}
