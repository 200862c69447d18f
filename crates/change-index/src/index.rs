//! In-memory state of the index in a process.

use crate::{
    IndexStorage, ReviewStates,
    cache::PostingsCache,
    memtable::{MemtableView, SharedMemtable},
};
use std::sync::{Arc, Mutex, PoisonError};

/// In-memory state of the index in a process: the memtable, and caches of what is stored.
#[derive(Debug, Default)]
pub struct ChangeIndex {
    memtable: Mutex<Option<SharedMemtable>>,
    pub(crate) postings: PostingsCache,
    review_states: Mutex<CachedReviewStates>,
}

/// All review states at one version: at most 1 KiB for 4,096 changes.
#[derive(Debug, Default)]
struct CachedReviewStates {
    version: i64,
    states: Arc<ReviewStates>,
}

impl ChangeIndex {
    /// Returns the changes from an id on, which is the end of the last segment. `newest` is the
    /// newest id that the transaction sees.
    pub(crate) async fn memtable<S: IndexStorage>(
        &self,
        storage: &mut S,
        from: i64,
        newest: i64,
    ) -> Result<MemtableView, S::Error> {
        let memtable = self.memtable_from(from);
        let next = memtable.next();
        if next <= newest {
            memtable.extend(storage.changes_from(next).await?);
        }
        Ok(memtable.view(newest))
    }

    fn memtable_from(&self, from: i64) -> SharedMemtable {
        let mut cached = self.memtable.lock().unwrap_or_else(PoisonError::into_inner);
        let known = cached.get_or_insert_with(|| SharedMemtable::new(from)).clone();
        if known.from() == from {
            return known;
        }
        // Either more changes are in segments by now, or this transaction does not see those
        // segments yet.
        let own = SharedMemtable::new(from);
        if known.from() < from {
            *cached = Some(own.clone());
        }
        own
    }

    /// Returns all review states at the version that the transaction sees as the newest: the cached
    /// ones, updated with the rows written since. The transaction must not have written any state
    /// itself.
    pub(crate) async fn review_states<S: IndexStorage>(
        &self,
        storage: &mut S,
        version: i64,
    ) -> Result<Arc<ReviewStates>, S::Error> {
        let (known, states) = {
            let cached = self.review_states.lock().unwrap_or_else(PoisonError::into_inner);
            (cached.version, cached.states.clone())
        };
        if known == version {
            return Ok(states);
        }
        // The cache may be newer than this transaction.
        let (since, mut states) =
            if known < version { (known, (*states).clone()) } else { (0, ReviewStates::default()) };
        states.extend(storage.review_states(since).await?)?;
        let states = Arc::new(states);
        let mut cached = self.review_states.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.version < version {
            *cached = CachedReviewStates { version, states: states.clone() };
        }
        Ok(states)
    }
}
