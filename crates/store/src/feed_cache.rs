//! Caches of the feed.

use quick_cache::sync::Cache;
use uuid::Uuid;

/// Size limit of each cache, in entries.
const ENTRIES: usize = 10_000;

/// Smallest and greatest ordinal of the changes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OrdinalRange {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// Smallest and greatest id of the changes of a request, and their number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestSpan {
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) number: u64,
}

/// Caches of data that the feed reads by change and by request. It never changes.
#[derive(Debug)]
pub(crate) struct FeedCache {
    /// Spans of requests that made several changes.
    spans: Cache<Uuid, (OrdinalRange, RequestSpan)>,
    /// Names of authors by change, as recorded.
    names: Cache<i64, String>,
}

impl Default for FeedCache {
    fn default() -> Self {
        Self { spans: Cache::new(ENTRIES), names: Cache::new(ENTRIES) }
    }
}

impl FeedCache {
    /// Returns the span of a request whose changes have these ordinals, if it is cached.
    pub(crate) fn span(&self, request: Uuid, ordinals: OrdinalRange) -> Option<RequestSpan> {
        let (known, span) = self.spans.get(&request)?;
        (known == ordinals).then_some(span)
    }

    /// Caches the span of a request. A span with a gap between its ordinals is not cached, because
    /// the missing changes may still be recorded; without a gap, each further change has an ordinal
    /// outside the range.
    pub(crate) fn insert_span(&self, request: Uuid, ordinals: OrdinalRange, span: RequestSpan) {
        if u64::try_from(ordinals.last - ordinals.first + 1) == Ok(span.number) {
            self.spans.insert(request, (ordinals, span));
        }
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
