//! Reader of posting lists, with the cache in front of it.

use crate::{
    ChangeIndex, IndexStorage, PostingsPage,
    bitmap::{Bitmap, decode},
    cache::PostingLists,
    segment_key::{RunKey, SegmentKey, SegmentRun},
    tokens::TokenQuery,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Posting lists by run of segments and query.
#[derive(Debug, Default)]
pub(crate) struct Postings(BTreeMap<RunKey, BTreeMap<TokenQuery, Arc<PostingLists>>>);

impl Postings {
    /// Returns the lists of a run that match a query.
    pub(crate) fn lists(&self, run: RunKey, query: &TokenQuery) -> &[(String, Bitmap)] {
        let lists = self.0.get(&run).and_then(|lists| lists.get(query));
        lists.map_or(&[], |lists| &lists[..])
    }

    fn insert(&mut self, run: RunKey, query: &TokenQuery, lists: Arc<PostingLists>) {
        self.0.entry(run).or_default().insert(query.clone(), lists);
    }
}

impl ChangeIndex {
    /// Returns the posting lists of these runs for all queries, from the cache or read.
    pub(crate) async fn postings<S: IndexStorage>(
        &self,
        storage: &mut S,
        runs: &[&SegmentRun],
        queries: &[TokenQuery],
    ) -> Result<Postings, S::Error> {
        let mut found = Postings::default();
        let (mut unknown_of, mut unknown) = (BTreeMap::new(), BTreeSet::new());
        for run in runs {
            let key = run.key();
            for query in queries {
                if let Some(lists) = self.postings.get(key, query) {
                    found.insert(key, query, lists);
                } else {
                    unknown_of.insert(key, *run);
                    unknown.insert(query.clone());
                }
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        let mut read = read(storage, &unknown_of, &unknown).await?;
        for run in unknown_of.into_keys() {
            for query in &unknown {
                // An empty result is cached as well.
                let lists = read.remove(&(run, query)).unwrap_or_default();
                let lists = Arc::new(lists.into_iter().collect::<PostingLists>());
                self.postings.insert(run, query.clone(), lists.clone());
                found.insert(run, query, lists);
            }
        }
        Ok(found)
    }
}

/// Positions by token.
type ByToken = BTreeMap<String, Bitmap>;

/// Reads the posting lists of these runs for all queries.
async fn read<'q, S: IndexStorage>(
    storage: &mut S,
    runs: &BTreeMap<RunKey, &SegmentRun>,
    queries: &'q BTreeSet<TokenQuery>,
) -> Result<BTreeMap<(RunKey, &'q TokenQuery), ByToken>, S::Error> {
    let segments = runs.iter().flat_map(|(run, it)| {
        it.segments().iter().map(|segment| (segment.id, (*run, segment.key)))
    });
    let segments: BTreeMap<i64, (RunKey, SegmentKey)> = segments.collect();
    let ids: Vec<i64> = segments.keys().copied().collect();
    let pages = storage.pages(&ids, queries).await?;
    // Several queries often need the same page.
    let pages: BTreeMap<(i64, String), Vec<u8>> =
        pages.into_iter().map(|(id, page)| ((id, page.first_token), page.postings)).collect();
    let mut found: BTreeMap<(RunKey, &TokenQuery), ByToken> = BTreeMap::new();
    for ((id, first_token), postings) in pages {
        let Some((run, segment)) = segments.get(&id) else { continue };
        let page = PostingsPage { first_token, postings };
        page.each(id, |token, positions| {
            let mut asked = queries.iter().filter(|query| query.is(token)).peekable();
            if asked.peek().is_none() {
                return Ok(());
            }
            let positions = decode(segment.len(), segment.offset(), positions)?;
            for query in asked {
                // A range may have very many tokens with few positions each, so they are merged.
                let token = if matches!(query, TokenQuery::Between(..)) { "" } else { token };
                let lists = found.entry((*run, query)).or_default();
                match lists.get_mut(token) {
                    Some(list) => *list |= &positions,
                    None => {
                        lists.insert(token.to_owned(), positions.clone());
                    }
                }
            }
            Ok(())
        })?;
    }
    Ok(found)
}
