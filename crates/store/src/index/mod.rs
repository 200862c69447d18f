//! Inverted index over changes. It answers any combination of filters in a few milliseconds, in the
//! same way on both databases.
//!
//! Changes are never altered, so neither are their postings. Each full block of 4,096 ids is stored
//! as [pages] of postings: each [token](tokens) with the positions at which it occurs. Sixteen such
//! blocks are merged into one of 65,536 ids. A filter then takes a few bitmap operations for each
//! block. Changes that are in no block yet are [open]: each process keeps their postings in memory.
//! Review states are stored as bitmaps of their own.

mod bitmap;
mod build;
mod cache;
mod conditions;
mod days;
mod evaluate;
pub(crate) mod members;
mod memtable;
mod pages;
mod postings;
pub(crate) mod search;
mod segment;
pub(crate) mod states;
pub(crate) mod summary;
pub(crate) mod tokens;

use hashlink::LruCache;
use std::sync::{Arc, Mutex, PoisonError, RwLock, atomic::AtomicI64};
use uuid::Uuid;

/// Number of ids in a block of the lowest level, as a power of two.
const MIN_LEVEL: u32 = 12;

/// Ratio of the sizes of two successive levels, as a power of two.
const STEP: u32 = 4;

/// The highest level.
const HIGHEST: u32 = 1;

/// Returns the number of ids in a block, as a power of two.
const fn size(level: u32) -> u32 {
    MIN_LEVEL + STEP * level
}

/// In-memory state of the index in this process.
#[derive(Debug)]
pub(crate) struct Index {
    /// Held while the index is altered.
    building: tokio::sync::Mutex<()>,
    /// Number of the smallest block up to which this process has indexed.
    built: AtomicI64,
    /// Postings of open changes.
    open: Mutex<Option<Arc<RwLock<memtable::Memtable>>>>,
    /// Cache of posting lists read from blocks.
    kept: Mutex<cache::PostingsCache>,
    /// Cache of the review states.
    states: Mutex<states::KeptStates>,
    /// Spans of requests that made several changes: first id, last id and number of changes. An
    /// entry is valid as long as its last id is still the request's last, because nothing is ever
    /// added before it.
    spans: Mutex<LruCache<Uuid, (i64, i64, u64)>>,
    /// Names of authors by change, as recorded.
    names: Mutex<LruCache<i64, String>>,
}

/// Size limit of `spans` and of `names`, in entries.
const MAX_REQUEST_SPANS: usize = 10_000;

impl Default for Index {
    fn default() -> Self {
        Self {
            building: tokio::sync::Mutex::default(),
            built: AtomicI64::default(),
            open: Mutex::default(),
            kept: Mutex::default(),
            states: Mutex::default(),
            spans: Mutex::new(LruCache::new(MAX_REQUEST_SPANS)),
            names: Mutex::new(LruCache::new(MAX_REQUEST_SPANS)),
        }
    }
}

impl Index {
    /// Returns the number of changes that a request made from the first to the last, if it is
    /// cached.
    pub(crate) fn number(&self, request: Uuid, first: i64, last: i64) -> Option<u64> {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.get(&request).filter(|span| (span.0, span.1) == (first, last)).map(|span| span.2)
    }

    /// Caches the number of changes of a request.
    pub(crate) fn keep_number(&self, request: Uuid, first: i64, last: i64, number: u64) {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.insert(request, (first, last, number));
    }

    /// Returns the name of the author of a change, if it is cached.
    pub(crate) fn name(&self, change: i64) -> Option<String> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).get(&change).cloned()
    }

    /// Caches the names of authors.
    pub(crate) fn keep_names(&self, names: &[(i64, String)]) {
        let mut kept = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(names.iter().cloned());
    }
}
