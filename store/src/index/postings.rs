//! Reading what blocks hold of the tokens that are asked for.

use super::{
    bits::Bits,
    kept::{Block, Places},
    part::Place,
    search::Search,
    tokens::Asked,
};
use crate::{
    Error,
    keys::unhex,
    sql::{Bound, numbers, sql, texts},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};

/// What blocks hold of all that was asked.
pub(super) type Postings = BTreeMap<Block, BTreeMap<Asked, Arc<Places>>>;

impl Search<'_> {
    /// What the blocks among these parts hold of all that is asked: as it is kept, or read.
    pub(super) async fn postings(
        &mut self,
        parts: &[usize],
        asked: &[Asked],
    ) -> Result<Postings, Error> {
        let blocks = parts.iter().filter_map(|index| match self.parts[*index].place {
            Place::Block { id, first, len } => Some((id, (first, len))),
            Place::Open(_) => None,
        });
        let blocks: BTreeMap<i64, Block> = blocks.collect();
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
                // What a block holds nothing of is known as well.
                let places = Arc::new(read.remove(&(id, asked.clone())).unwrap_or_default());
                kept.keep(block, asked.clone(), places.clone());
                found.entry(block).or_default().insert(asked.clone(), places);
            }
        }
        Ok(found)
    }

    /// Reads what these blocks hold of all that is asked.
    async fn read(
        &mut self,
        blocks: &BTreeMap<i64, Block>,
        asked: &BTreeSet<Asked>,
    ) -> Result<BTreeMap<(i64, Asked), Places>, Error> {
        let dialect = self.tx.dialect();
        let these = dialect.any("block_id", 1);
        let mut found: BTreeMap<(i64, Asked), Places> = BTreeMap::new();
        let ones: BTreeSet<&str> = asked
            .iter()
            .filter_map(|asked| match asked {
                Asked::One(token) => Some(token.as_str()),
                Asked::Between(..) | Asked::Each(..) => None,
            })
            .collect();
        let select = "select block_id, token, places from index_postings where";
        let mut values: Vec<Bound> = vec![numbers(blocks.keys().copied())];
        let mut parts = Vec::new();
        if !ones.is_empty() {
            values.push(texts(ones.iter().copied()));
            parts.push(format!("{select} {these} and {}", dialect.any("token", 2)));
        }
        for asked in asked {
            if let Asked::Each(first, end) = asked {
                values.extend([first.as_str().into(), end.as_str().into()]);
                let (from, to) = (values.len() - 1, values.len());
                parts.push(format!("{select} {these} and token >= ${from} and token < ${to}"));
            }
        }
        if !parts.is_empty() {
            let statement = sql(parts.join(" union all ")).bind_all(values);
            let rows: Vec<(i64, String, Vec<u8>)> = statement.all(&mut *self.tx).await?;
            for (block, token, places) in rows {
                let by_itself = |asked: &&Asked| !matches!(asked, Asked::Between(..));
                for asked in asked.iter().filter(by_itself).filter(|asked| asked.is(&token)) {
                    let found = found.entry((block, asked.clone())).or_default();
                    // What was asked for by name and with all others comes twice.
                    if found.iter().all(|(there, _)| *there != token) {
                        found.push((token.clone(), places.clone()));
                    }
                }
            }
        }
        // Of these there may be very many, of few places each: the database hands out those of a block
        // at once.
        let ranges: Vec<&Asked> =
            asked.iter().filter(|asked| matches!(asked, Asked::Between(..))).collect();
        if !ranges.is_empty() {
            let mut values: Vec<Bound> = vec![numbers(blocks.keys().copied())];
            let mut parts = Vec::new();
            for (range, asked) in ranges.iter().enumerate() {
                let Asked::Between(first, end) = asked else { continue };
                values.extend([first.as_str().into(), end.as_str().into()]);
                parts.push(format!(
                    "select {range}, block_id, {} from index_postings \
                     where {these} and token >= ${} and token < ${} group by block_id",
                    dialect.all_bytes("places"),
                    values.len() - 1,
                    values.len()
                ));
            }
            let statement = sql(parts.join(" union all ")).bind_all(values);
            let rows: Vec<(i32, i64, String)> = statement.all(&mut *self.tx).await?;
            for (range, id, places) in rows {
                let range = usize::try_from(range).ok().and_then(|range| ranges.get(range));
                if let (Some(asked), Some((_, len))) = (range, blocks.get(&id)) {
                    let mut bits = Bits::none(*len);
                    places.split(',').for_each(|places| bits.or_bytes(&unhex(places)));
                    let places = vec![(String::new(), bits.to_bytes())];
                    found.insert((id, (*asked).clone()), places);
                }
            }
        }
        Ok(found)
    }
}
