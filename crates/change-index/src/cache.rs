//! Cache of posting lists read from runs of segments. Entries never go stale, because a segment is
//! never altered.

use crate::{bitmap::Bitmap, segment_key::RunKey, tokens::TokenQuery};
use quick_cache::{Weighter, sync::Cache};
use std::sync::Arc;

/// Size limit of the cache in bytes. A million changes have some 60 MB of posting lists, of which a
/// few are asked for again and again: by person, by action, by day.
const MAX_BYTES: u64 = 64 << 20;

/// Expected number of entries, from which the cache determines the number of its shards.
const ENTRIES: usize = 20_000;

/// Size of an entry besides its tokens and positions, in bytes; also that of each bitmap in it.
const OVERHEAD: usize = 200;

/// Posting lists of a run of segments that match a query, by token. The lists of a range, any of whose
/// tokens will do, are merged into one without a token.
pub(crate) type PostingLists = Vec<(String, Bitmap)>;

#[derive(Clone, Debug)]
struct Size;

impl Weighter<(RunKey, TokenQuery), Arc<PostingLists>> for Size {
    fn weight(&self, _: &(RunKey, TokenQuery), lists: &Arc<PostingLists>) -> u64 {
        let list = |(token, positions): &(String, Bitmap)| {
            OVERHEAD + token.len() + positions.serialized_size()
        };
        (OVERHEAD + lists.iter().map(list).sum::<usize>()) as u64
    }
}

/// Cache of posting lists by run of segments and query, of at most [`MAX_BYTES`] bytes.
#[derive(Debug)]
pub(crate) struct PostingsCache(Cache<(RunKey, TokenQuery), Arc<PostingLists>, Size>);

impl Default for PostingsCache {
    fn default() -> Self {
        Self(Cache::with_weighter(ENTRIES, MAX_BYTES, Size))
    }
}

impl PostingsCache {
    pub(crate) fn get(&self, run: RunKey, query: &TokenQuery) -> Option<Arc<PostingLists>> {
        self.0.get(&(run, query.clone()))
    }

    pub(crate) fn insert(&self, run: RunKey, query: TokenQuery, lists: Arc<PostingLists>) {
        self.0.insert((run, query), lists);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_the_lists_of_a_segment_up_to_its_limit() {
        let cache = PostingsCache::default();
        let query = |token: u32| TokenQuery::One(token.to_string());
        let segment = (0, 4_096);
        let dense = || Bitmap::from_lsb0_bytes(0, &[0b0101_0101; 8_192]);
        let large = || Arc::new(vec![(String::new(), dense()); 16]);
        cache.insert(segment, query(0), large());
        assert_eq!(cache.get(segment, &query(0)).unwrap().len(), 16);
        assert!(cache.get((0, 8_192), &query(0)).is_none(), "it has other changes");
        for token in 1..2_000 {
            cache.insert(segment, query(token), large());
        }
        assert!(cache.0.weight() <= MAX_BYTES);
        assert!(cache.0.len() > 200, "most of the limit is used");
    }
}
