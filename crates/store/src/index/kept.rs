//! What blocks hold of what was asked for, kept in memory as it was read: a block is never altered, so
//! neither is this.

use super::tokens::Asked;
use hashlink::LruCache;
use std::sync::Arc;

/// The most bytes that are kept. A million changes have some 60 MB of postings, of which a few are asked
/// for again and again: who did it, which action, which day.
const MOST: usize = 64 << 20;

/// What an answer takes beside its tokens and places.
const OVERHEAD: usize = 200;

/// The tokens of a block that were asked for, each with its places as they are stored. Where any of several
/// will do, they are one without a name.
pub(super) type Places = Vec<(String, Vec<u8>)>;

/// A block, by its first id and the number of its ids. Its id will not do: SQLite gives that of a block
/// that went to another one.
pub(super) type Block = (i64, usize);

/// What was asked for last, up to [`MOST`] bytes.
#[derive(Debug)]
pub(super) struct Kept {
    answers: LruCache<(Block, Asked), Arc<Places>>,
    bytes: usize,
}

impl Default for Kept {
    fn default() -> Self {
        Self { answers: LruCache::new_unbounded(), bytes: 0 }
    }
}

impl Kept {
    pub(super) fn get(&mut self, block: Block, asked: &Asked) -> Option<Arc<Places>> {
        self.answers.get(&(block, asked.clone())).cloned()
    }

    pub(super) fn keep(&mut self, block: Block, asked: Asked, places: Arc<Places>) {
        self.bytes += size(&places);
        if let Some(before) = self.answers.insert((block, asked), places) {
            self.bytes -= size(&before);
        }
        while self.bytes > MOST {
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
        let mut kept = Kept::default();
        let asked = |token: usize| Asked::One(token.to_string());
        let large = || Arc::new(vec![(String::new(), vec![0; MOST / 4])]);
        for token in 0..3 {
            kept.keep((0, 4096), asked(token), large());
        }
        assert!(kept.get((0, 4096), &asked(0)).is_some());
        kept.keep((0, 4096), asked(3), large());
        let is_kept = |token: &usize| kept.answers.contains_key(&((0, 4096), asked(*token)));
        assert_eq!((0..4).filter(is_kept).collect::<Vec<_>>(), [0, 2, 3]);
        assert!(kept.bytes <= MOST);
        assert!(
            kept.get((0, 65536), &asked(3)).is_none(),
            "a block is not the one it became a part of"
        );
    }
}
