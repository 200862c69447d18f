//! By what changes are found: the index that answers any filter in a few milliseconds, whatever it
//! combines, on both databases alike.
//!
//! Changes are never altered, so neither is what is known of them. Each full block of 4,096 ids is kept
//! as the places at which each [token](tokens) occurs, in [pages], and sixteen blocks become one of
//! 65,536. A filter is then a few operations on bits a block. What is in no block yet is [open]: each
//! process keeps the same of it in memory. Whether a change is reviewed is kept as bits beside them.

mod bits;
mod build;
mod conditions;
mod days;
mod evaluate;
mod kept;
pub(crate) mod members;
mod open;
mod pages;
mod part;
mod postings;
pub(crate) mod search;
pub(crate) mod states;
pub(crate) mod summary;
pub(crate) mod tokens;

use hashlink::LruCache;
use std::sync::{Arc, Mutex, PoisonError, RwLock, atomic::AtomicI64};
use uuid::Uuid;

/// The ids of a block of the lowest level, as a power of two.
const SMALLEST: u32 = 12;

/// How much larger a block of the next level is, as a power of two.
const STEP: u32 = 4;

/// The highest level.
const HIGHEST: u32 = 1;

/// The number of ids of a block, as a power of two.
const fn size(level: u32) -> u32 {
    SMALLEST + STEP * level
}

/// What this process keeps in memory.
#[derive(Debug)]
pub(crate) struct Index {
    /// Held while the index is altered.
    building: tokio::sync::Mutex<()>,
    /// The smallest block up to which this process has had it altered.
    built: AtomicI64,
    /// What is known of open changes.
    open: Mutex<Option<Arc<RwLock<open::Open>>>>,
    /// What blocks hold of what was asked for before.
    kept: Mutex<kept::Kept>,
    /// Which changes are reviewed and which are flagged.
    states: Mutex<states::KeptStates>,
    /// Of requests that made several changes, the first and the last of them and how many there are. It
    /// holds for as long as the last is the last: nothing is ever added before it.
    spans: Mutex<LruCache<Uuid, (i64, i64, u64)>>,
    /// Who made a change, as it was written down.
    names: Mutex<LruCache<i64, String>>,
}

/// The most requests of which the span is kept, and the most changes of which the name is.
const MOST: usize = 10_000;

impl Default for Index {
    fn default() -> Self {
        Self {
            building: tokio::sync::Mutex::default(),
            built: AtomicI64::default(),
            open: Mutex::default(),
            kept: Mutex::default(),
            states: Mutex::default(),
            spans: Mutex::new(LruCache::new(MOST)),
            names: Mutex::new(LruCache::new(MOST)),
        }
    }
}

impl Index {
    /// How many changes a request made from the first to the last, if that is known.
    pub(crate) fn number(&self, request: Uuid, first: i64, last: i64) -> Option<u64> {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.get(&request).filter(|span| (span.0, span.1) == (first, last)).map(|span| span.2)
    }

    /// Keeps how many they are.
    pub(crate) fn keep_number(&self, request: Uuid, first: i64, last: i64, number: u64) {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.insert(request, (first, last, number));
    }

    /// Who made this change, if that is known.
    pub(crate) fn name(&self, change: i64) -> Option<String> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).get(&change).cloned()
    }

    /// Keeps who made these.
    pub(crate) fn keep_names(&self, names: &[(i64, String)]) {
        let mut kept = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(names.iter().cloned());
    }
}
