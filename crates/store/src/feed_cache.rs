//! Caches of the feed.

use quick_cache::sync::Cache;
use uuid::Uuid;

/// Size limit of each cache, in entries.
const ENTRIES: usize = 10_000;

/// Caches of data that the feed reads by change and by request. It never changes.
#[derive(Debug)]
pub(crate) struct FeedCache {
    /// Spans of requests that made several changes: first id, last id and number of changes. An
    /// entry is valid as long as its last id is still the request's last, because nothing is ever
    /// added before it.
    spans: Cache<Uuid, (i64, i64, u64)>,
    /// Names of authors by change, as recorded.
    names: Cache<i64, String>,
}

impl Default for FeedCache {
    fn default() -> Self {
        Self { spans: Cache::new(ENTRIES), names: Cache::new(ENTRIES) }
    }
}

impl FeedCache {
    /// Returns the number of changes that a request made from the first to the last, if it is
    /// cached.
    pub(crate) fn number(&self, request: Uuid, first: i64, last: i64) -> Option<u64> {
        let span = self.spans.get(&request);
        span.filter(|span| (span.0, span.1) == (first, last)).map(|span| span.2)
    }

    /// Caches the number of changes of a request.
    pub(crate) fn insert_number(&self, request: Uuid, first: i64, last: i64, number: u64) {
        self.spans.insert(request, (first, last, number));
    }

    /// Returns the name of the author of a change, if it is cached.
    pub(crate) fn name(&self, change: i64) -> Option<String> {
        self.names.get(&change)
    }

    /// Caches the names of authors.
    pub(crate) fn insert_names(&self, names: &[(i64, String)]) {
        for (change, name) in names {
            self.names.insert(*change, name.clone());
        }
    }
}
