//! LRU cache of posting lists read from blocks. Entries never go stale, because a block is never
//! altered.

use super::tokens::TokenQuery;
use hashlink::LruCache;
use std::sync::Arc;

/// Size limit of the cache in bytes. A million changes have some 60 MB of postings, of which a few
/// are asked for again and again: by person, by action, by day.
const MAX_BYTES: usize = 64 << 20;

/// Size of an entry besides its tokens and positions, in bytes.
const OVERHEAD: usize = 200;

/// Tokens of a block that match a query, each with its positions in stored form. The tokens of a
/// range, any of which will do, are merged into one entry without a name.
pub(super) type Places = Vec<(String, Vec<u8>)>;

/// Key of a block: its first id and the number of its ids. The row id cannot be used, because
/// SQLite reuses the id of a deleted block.
pub(super) type PostingBlock = (i64, usize);

/// LRU cache of query results by block, of at most [`MAX_BYTES`] bytes.
#[derive(Debug)]
pub(super) struct PostingsCache {
    answers: LruCache<(PostingBlock, TokenQuery), Arc<Places>>,
    bytes: usize,
}

impl Default for PostingsCache {
    fn default() -> Self {
        Self { answers: LruCache::new_unbounded(), bytes: 0 }
    }
}

impl PostingsCache {
    pub(super) fn get(&mut self, block: PostingBlock, asked: &TokenQuery) -> Option<Arc<Places>> {
        self.answers.get(&(block, asked.clone())).cloned()
    }

    pub(super) fn keep(&mut self, block: PostingBlock, asked: TokenQuery, places: Arc<Places>) {
        self.bytes += size(&places);
        if let Some(before) = self.answers.insert((block, asked), places) {
            self.bytes -= size(&before);
        }
        while self.bytes > MAX_BYTES {
            let Some((_, oldest)) = self.answers.remove_lru() else { break };
            self.bytes -= size(&oldest);
        }
    }
}

fn size(places: &Places) -> usize {
    OVERHEAD
        + places.iter().map(|(token, places)| OVERHEAD + token.len() + places.len()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_longest_ago_goes_first() {
        let mut kept = PostingsCache::default();
        let asked = |token: usize| TokenQuery::One(token.to_string());
        let large = || Arc::new(vec![(String::new(), vec![0; MAX_BYTES / 4])]);
        for token in 0..3 {
            kept.keep((0, 4096), asked(token), large());
        }
        assert!(kept.get((0, 4096), &asked(0)).is_some());
        kept.keep((0, 4096), asked(3), large());
        let is_kept = |token: &usize| kept.answers.contains_key(&((0, 4096), asked(*token)));
        assert_eq!((0..4).filter(is_kept).collect::<Vec<_>>(), [0, 2, 3]);
        assert!(kept.bytes <= MAX_BYTES);
        assert!(
            kept.get((0, 65536), &asked(3)).is_none(),
            "a block is not the one it became a part of"
        );
    }
}
