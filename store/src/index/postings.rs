//! Reading what blocks hold of the tokens that are asked for.

use super::{
    part::{Place, Postings},
    search::Search,
    tokens::Asked,
};
use crate::{
    Error,
    keys::unhex,
    rows,
    sql::{Bound, sql},
};
use std::collections::{BTreeMap, BTreeSet};

impl Search<'_> {
    /// Reads the postings of blocks for all that is asked, by block.
    pub(super) async fn postings(
        &mut self,
        parts: &[usize],
        asked: &[Asked],
    ) -> Result<BTreeMap<i64, Postings>, Error> {
        let blocks = parts.iter().filter_map(|index| match self.parts[*index].place {
            Place::Block { id, .. } => Some(id),
            Place::Open(_) => None,
        });
        let blocks: Vec<i64> = blocks.collect();
        let mut found: BTreeMap<i64, Postings> = BTreeMap::new();
        if blocks.is_empty() {
            return Ok(found);
        }
        let ones: BTreeSet<&str> = asked
            .iter()
            .filter_map(|asked| match asked {
                Asked::One(token) => Some(token.as_str()),
                Asked::Between(..) | Asked::Each(..) => None,
            })
            .collect();
        let dialect = self.tx.dialect();
        let these = dialect.any_number("block_id", 1);
        let select = "select block_id, token, places from index_postings where";
        let mut values: Vec<Bound> = vec![rows::json(&blocks)?.into()];
        let mut parts = Vec::new();
        if !ones.is_empty() {
            values.push(rows::json(&ones)?.into());
            parts.push(format!("{select} {these} and {}", dialect.any_text("token", 2)));
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
                found.entry(block).or_default().tokens.insert(token, places);
            }
        }
        // Of these there may be very many, of few places each: the database hands out those of a block
        // at once.
        let ranges = asked.iter().filter_map(|asked| match asked {
            Asked::Between(first, end) => Some((first, end)),
            Asked::One(_) | Asked::Each(..) => None,
        });
        let ranges: Vec<_> = ranges.collect();
        if !ranges.is_empty() {
            let mut values: Vec<Bound> = vec![rows::json(&blocks)?.into()];
            let mut parts = Vec::new();
            for (range, (first, end)) in ranges.iter().enumerate() {
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
            for (range, block, places) in rows {
                let range = usize::try_from(range).ok().and_then(|range| ranges.get(range));
                if let Some((first, _)) = range {
                    let places = places.split(',').map(unhex).collect();
                    found.entry(block).or_default().ranges.insert((*first).clone(), places);
                }
            }
        }
        Ok(found)
    }
}
