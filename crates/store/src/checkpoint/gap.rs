//! Accepted gaps: signed notes that the clock was set back, with a person's reason.
//!
//! Verification refuses a change that is dated long before a checkpoint which does not cover it,
//! because an attacker may have added it later. After the clock was ahead for a day, or behind,
//! honest changes are dated so as well. An accepted gap is a file in the folder of checkpoints,
//! such as `000000000016.clock`:
//!
//! ```text
//! plumbline clock 1
//! size 16
//! last 16
//! back-to 2026-03-02T08:00:00.123456Z
//! time 2026-03-02T08:00:00.123456Z
//! reason The clock of the server was two days ahead
//!
//! — plumbline/0a1b2c3d4e5f6071 hI2DJw…92 characters of base64
//! ```
//!
//! It states that a checkpoint of at most `size` changes counts as made no later than at `back-to`.
//! A checkpoint of more changes is not affected, so each new gap has to be accepted as well. Like a
//! checkpoint, it is a signed note.

use super::{
    Checkpoint, CheckpointError, PublicKey, Signer, in_rfc3339,
    note::{Lines, decimal},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::id::ChangeId;

const VERSION: &str = "plumbline clock 1";

/// Maximum length of a reason, in characters.
const MAX_REASON_LENGTH: usize = 200;

/// Maximum time by which a change may be dated before a checkpoint that does not cover it. The
/// tolerance is needed because a request may have waited, and clocks differ, are suspended and are
/// set.
pub(crate) const DATED_BEFORE: TimeDelta = TimeDelta::days(1);

/// Maximum time by which the clock may be behind without a warning, because the clocks of several
/// servers differ.
const TOLERANCE: TimeDelta = TimeDelta::seconds(10);

/// An accepted gap in the time of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedGap {
    /// Number of changes when it was accepted.
    pub size: u64,
    /// The last of these changes.
    pub last: ChangeId,
    /// The latest time, in UTC, at which checkpoints of these changes count as made.
    pub back_to: DateTime<Utc>,
    /// Time at which it was accepted, in UTC.
    pub at: DateTime<Utc>,
    /// The reason.
    pub reason: String,
}

impl AcceptedGap {
    /// Checks a reason: one line of at most 200 characters.
    pub(crate) fn check_reason(reason: &str) -> Result<String, CheckpointError> {
        let reason = reason.trim();
        let length = reason.chars().count();
        match length == 0 || length > MAX_REASON_LENGTH || reason.contains(char::is_control) {
            true => Err(CheckpointError::Reason),
            false => Ok(reason.to_owned()),
        }
    }

    /// Signs it as a note.
    pub(super) fn sign(&self, signer: &Signer) -> String {
        signer.sign(&self.text())
    }

    fn text(&self) -> String {
        let Self { size, last, back_to, at, reason } = self;
        let (back_to, at) = (in_rfc3339(*back_to), in_rfc3339(*at));
        format!(
            "{VERSION}\nsize {size}\nlast {last}\nback-to {back_to}\ntime {at}\nreason {reason}\n"
        )
    }

    /// Parses a signed gap in a file called `name`, and verifies its signature.
    ///
    /// # Errors
    /// As for [`Checkpoint::open`].
    pub fn open(name: &str, signed: &str, key: &PublicKey) -> Result<Self, CheckpointError> {
        let mut lines = Lines::of(name, key.open(name, signed)?);
        lines.line(VERSION, |line| (line == VERSION).then_some(()))?;
        let size = lines.value("size", decimal)?;
        let last = ChangeId(lines.value("last", decimal)?);
        let back_to = lines.value("back-to", |at| at.parse().ok())?;
        let at = lines.value("time", |at| at.parse().ok())?;
        let reason = lines.value("reason", |reason| Self::check_reason(reason).ok())?;
        lines.end()?;
        Ok(Self { size, last, back_to, at, reason })
    }
}

/// Returns the time at which a checkpoint counts as made, given the accepted gaps.
pub(crate) fn counts_as_made(checkpoint: &Checkpoint, gaps: &[AcceptedGap]) -> DateTime<Utc> {
    let gaps = gaps.iter().filter(|gap| checkpoint.size <= gap.size);
    gaps.map(|gap| gap.back_to).fold(checkpoint.at, DateTime::min)
}

/// Returns the time at which a change counts as made, given the accepted gaps.
pub(crate) fn counts_as_dated(
    (id, at): (ChangeId, DateTime<Utc>),
    gaps: &[AcceptedGap],
) -> DateTime<Utc> {
    let gaps = gaps.iter().filter(|gap| id.0 <= gap.last.0);
    gaps.map(|gap| gap.back_to).fold(at, DateTime::min)
}

/// Returns whether the clock is behind a time that it has already shown, by more than the
/// tolerance.
pub(crate) fn is_behind(now: DateTime<Utc>, known: DateTime<Utc>) -> bool {
    now + TOLERANCE < known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap() -> AcceptedGap {
        AcceptedGap {
            size: 16,
            last: ChangeId(18),
            back_to: "2026-03-02T08:00:00.123456Z".parse().unwrap(),
            at: "2026-03-02T09:00:00Z".parse().unwrap(),
            reason: "The clock was two days ahead".into(),
        }
    }

    #[test]
    fn a_gap_that_was_signed_is_read_again() {
        let signer = Signer::generate().unwrap();
        let text = gap().sign(&signer);
        assert_eq!(AcceptedGap::open("a", &text, &signer.public_key()).unwrap(), gap());
    }

    #[test]
    fn a_gap_that_was_altered_is_refused() {
        let (signer, other) = (Signer::generate().unwrap(), Signer::generate().unwrap());
        let (text, key) = (gap().sign(&signer), signer.public_key());
        for (from, to) in [("size 16", "size 99"), ("two", "ten"), ("\n\n", "\n"), ("clock", "x")] {
            assert!(AcceptedGap::open("a", &text.replace(from, to), &key).is_err(), "{from}");
        }
        let opened = AcceptedGap::open("a", &text, &other.public_key());
        assert!(matches!(opened, Err(CheckpointError::OtherKey { .. })), "{opened:?}");
    }

    #[test]
    fn a_reason_is_one_line() {
        assert_eq!(AcceptedGap::check_reason(" why ").unwrap(), "why");
        for reason in ["", "  ", "two\nlines", &"x".repeat(201)] {
            assert!(AcceptedGap::check_reason(reason).is_err(), "{reason}");
        }
    }

    #[test]
    fn a_gap_concerns_the_checkpoints_that_were_there() {
        let gap = gap();
        let made = |size, at: &str| {
            let at = at.parse().unwrap();
            let checkpoint = Checkpoint { size, last: ChangeId(1), root: [0; 32], at };
            counts_as_made(&checkpoint, std::slice::from_ref(&gap))
        };
        assert_eq!(made(16, "2026-03-04T08:00:00Z"), gap.back_to);
        assert_eq!(
            made(9, "2026-03-01T08:00:00Z"),
            "2026-03-01T08:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
        assert_eq!(
            made(17, "2026-03-04T08:00:00Z"),
            "2026-03-04T08:00:00Z".parse::<DateTime<Utc>>().unwrap()
        );
    }
}
