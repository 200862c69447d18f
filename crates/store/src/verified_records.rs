//! The verifications of inspections that this process made last.

use crate::chain::Hash;
use domain::id::InspectionId;
use quick_cache::sync::Cache;
use std::time::{Duration, Instant};

/// Time for which a verification of a whole inspection is taken as valid for the same last change.
const VALID: Duration = Duration::from_mins(10);

/// Number of inspections of which the last verification is known; each takes about 100 bytes.
const KNOWN: usize = 4_096;

/// The last verification of each inspection that found no violation.
#[derive(Debug)]
pub(crate) struct VerifiedRecords(Cache<i64, VerifiedRecord>);

/// A verification of a whole inspection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VerifiedRecord {
    /// The inspection's last change then.
    pub(crate) head: Head,
    /// The time before the inspection was read.
    pub(crate) at: Instant,
}

/// An inspection's last change: its id, its number, and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) id: i64,
    pub(crate) number: i64,
    pub(crate) hash: Hash,
}

impl Default for VerifiedRecords {
    fn default() -> Self {
        Self(Cache::new(KNOWN))
    }
}

impl VerifiedRecords {
    /// Returns whether an inspection with this last change was verified in the last ten minutes.
    pub(crate) fn is_verified(&self, id: InspectionId, head: Head) -> bool {
        let known = self.0.get(&id.0).filter(|known| known.at.elapsed() < VALID);
        known.is_some_and(|known| known.head == head)
    }

    /// Keeps a verification that found no violation.
    pub(crate) fn put(&self, id: InspectionId, verified: VerifiedRecord) {
        self.0.insert(id.0, verified);
    }
}
