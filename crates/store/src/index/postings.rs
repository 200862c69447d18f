//! Reader of posting lists, with the cache in front of it.

use super::{
    bitmap::Bits,
    cache::{Places, PostingBlock},
    pages::Page,
    search::Search,
    segment::SegmentLocation,
    tokens::TokenQuery,
};
use crate::{
    Error,
    sql::{numbers, sql, texts},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};

/// Posting lists by block and query.
pub(super) type Postings = BTreeMap<PostingBlock, BTreeMap<TokenQuery, Arc<Places>>>;

impl Search<'_> {
    /// Returns the posting lists of the blocks among these parts for all queries, from the cache or
    /// read.
    pub(super) async fn postings(
        &mut self,
        parts: &[usize],
        asked: &[TokenQuery],
    ) -> Result<Postings, Error> {
        let blocks = parts.iter().filter_map(|index| match self.parts[*index].place {
            SegmentLocation::Block { id, first, len } => Some((id, (first, len))),
            SegmentLocation::Open(_) => None,
        });
        let blocks: BTreeMap<i64, PostingBlock> = blocks.collect();
        let mut found = Postings::new();
        let (mut unknown_of, mut unknown) = (BTreeMap::new(), BTreeSet::new());
        {
            let mut kept = self.store.index().kept.lock().unwrap_or_else(PoisonError::into_inner);
            for (id, block) in &blocks {
                let found = found.entry(*block).or_default();
                for asked in asked {
                    if let Some(places) = kept.get(*block, asked) {
                        found.insert(asked.clone(), places);
                    } else {
                        unknown_of.insert(*id, *block);
                        unknown.insert(asked.clone());
                    }
                }
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        let mut read = self.read(&unknown_of, &unknown).await?;
        let mut kept = self.store.index().kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, block) in unknown_of {
            for asked in &unknown {
                // An empty result is cached as well.
                let places = Arc::new(read.remove(&(id, asked.clone())).unwrap_or_default());
                kept.keep(block, asked.clone(), places.clone());
                found.entry(block).or_default().insert(asked.clone(), places);
            }
        }
        Ok(found)
    }

    /// Reads the posting lists of these blocks for all queries.
    async fn read(
        &mut self,
        blocks: &BTreeMap<i64, PostingBlock>,
        asked: &BTreeSet<TokenQuery>,
    ) -> Result<BTreeMap<(i64, TokenQuery), Places>, Error> {
        let dialect = self.tx.dialect();
        // The first token of a query is on the last page whose first token is not greater than it.
        // The rest of a range is on the pages after that one.
        let first = texts(asked.iter().map(TokenQuery::first));
        let mut values = vec![numbers(blocks.keys().copied()), first];
        let mut text = format!(
            "select p.block_id, p.first_token, p.postings from {} cross join {} \
             cross join index_pages as p where p.block_id = b.value and p.first_token = (\
             select max(first_token) from index_pages \
             where block_id = b.value and first_token <= t.value)",
            dialect.values("b", 1),
            dialect.values("t", 2)
        );
        for (first, end) in asked.iter().filter_map(TokenQuery::range) {
            values.extend([first.into(), end.into()]);
            text.push_str(&format!(
                " union all select block_id, first_token, postings from index_pages \
                 where {} and first_token > ${} and first_token < ${}",
                dialect.any("block_id", 1),
                values.len() - 1,
                values.len()
            ));
        }
        let pages: Vec<Page> = sql(text).bind_all(values).all(&mut *self.tx).await?;
        // Several queries often need the same page.
        let page = |page: Page| ((page.block_id, page.first_token.clone()), page);
        let pages: BTreeMap<(i64, String), Page> = pages.into_iter().map(page).collect();
        let mut found: BTreeMap<(i64, TokenQuery), Places> = BTreeMap::new();
        // Ranges may have very many tokens with few positions each, so they are merged into one
        // bitmap.
        let mut of_range: BTreeMap<(i64, &TokenQuery), Bits> = BTreeMap::new();
        for page in pages.into_values() {
            let Some((_, len)) = blocks.get(&page.block_id) else { continue };
            page.each(|token, places| {
                for asked in asked.iter().filter(|asked| asked.is(token)) {
                    if let TokenQuery::Between(..) = asked {
                        let bits = of_range.entry((page.block_id, asked));
                        bits.or_insert_with(|| Bits::none(*len)).or_bytes(places);
                    } else {
                        let found = found.entry((page.block_id, asked.clone())).or_default();
                        found.push((token.to_owned(), places.to_vec()));
                    }
                }
            })?;
        }
        for ((block, asked), bits) in of_range {
            found.insert((block, asked.clone()), vec![(String::new(), bits.to_bytes())]);
        }
        Ok(found)
    }
}
