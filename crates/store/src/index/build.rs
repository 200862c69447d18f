//! Index builder: writes open changes as blocks and merges blocks into larger ones.

use super::{
    HIGHEST, MIN_LEVEL,
    bitmap::{Bits, encode},
    memtable,
    pages::Page,
    size,
};
use crate::{
    Error, Store, boxed,
    bulk_insert::{BulkInsert, Cell},
    db::Tx,
    sql::sql,
};
use domain::id::ChangeId;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
};

/// Number of pages of postings written in one statement.
const BATCH: usize = 1_000;

#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct PostingBlock {
    id: i64,
    level: i64,
    number: i64,
    first_day: String,
    last_day: String,
}

impl PostingBlock {
    /// Returns the number of its ids, as a power of two.
    fn size(&self) -> u32 {
        size(u32::try_from(self.level).unwrap_or_default())
    }

    fn first(&self) -> i64 {
        self.number << self.size()
    }

    fn end(&self) -> i64 {
        (self.number + 1) << self.size()
    }

    /// Returns the id after the last block. Changes from this id on are open.
    fn ends(blocks: &[Self]) -> i64 {
        blocks.iter().map(Self::end).max().unwrap_or(0)
    }
}

impl Store {
    /// Adds all full blocks of open changes to the index. It also runs now and then as changes are
    /// recorded. Queries find changes that are not indexed yet as well.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn index_changes(&self) -> Result<(), Error> {
        let _alone = self.index().building.lock().await;
        while build_one(self).await? {}
        Ok(())
    }

    /// Runs [`index_changes`](Self::index_changes) and logs a failure instead of returning it,
    /// because the application works without the index being current.
    pub async fn try_index_changes(&self) {
        if let Err(error) = self.index_changes().await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "changes could not be taken into the index");
        }
    }

    /// Builds the index in a task of its own if this change completed a block.
    pub(crate) fn index_soon(&self, last: ChangeId) {
        let block = (last.0 + 1) >> MIN_LEVEL;
        if self.index().built.fetch_max(block, Ordering::Relaxed) < block {
            let store = self.clone();
            tokio::spawn(async move { store.try_index_changes().await });
        }
    }
}

/// A block about to be written.
struct New {
    level: u32,
    number: i64,
    /// First and last day of its changes.
    days: (String, String),
    places: BTreeMap<String, Vec<u16>>,
    /// Ids of the smaller blocks that it replaces.
    parts: Vec<i64>,
}

/// Builds the largest full block that contains anything new. Returns whether there was one.
async fn build_one(store: &Store) -> Result<bool, Error> {
    // Its input is read before the lock of the index is taken, so that nobody who records has to
    // wait.
    let mut tx = store.db().read().await?;
    let blocks = blocks(&mut tx).await?;
    let (newest,): (Option<i64>,) = sql("select max(id) from changes").one(&mut tx).await?;
    let Some((level, number)) = next_full(&blocks, newest.unwrap_or(-1) + 1) else {
        return Ok(false);
    };
    let new = gather(&mut tx, level, number, &blocks).await?;
    drop(tx);
    let mut tx = store.db().index().await?;
    // Another process may have built it meanwhile. Then there may be another block to build.
    if self::blocks(&mut tx).await? == blocks {
        write(&mut tx, new).await?;
        tx.commit().await?;
    }
    Ok(true)
}

async fn blocks(tx: &mut Tx) -> Result<Vec<PostingBlock>, Error> {
    sql("select id, level, number, first_day, last_day from index_blocks order by id").all(tx).await
}

/// Returns the largest block that is not stored yet and whose ids are all below `next`, the next id
/// that a change can get.
fn next_full(blocks: &[PostingBlock], next: i64) -> Option<(u32, i64)> {
    let open = PostingBlock::ends(blocks);
    (0..=HIGHEST).rev().find_map(|level| {
        let mut new: BTreeSet<i64> = (open >> size(level)..next >> size(level)).collect();
        let lower = blocks.iter().filter(|block| block.level < i64::from(level));
        new.extend(lower.map(|block| block.first() >> size(level)));
        let number = new.into_iter().find(|number| (number + 1) << size(level) <= next)?;
        Some((level, number))
    })
}

/// Collects the content of a block: open changes, and the postings of the smaller blocks merged
/// into it.
async fn gather(
    tx: &mut Tx,
    level: u32,
    number: i64,
    blocks: &[PostingBlock],
) -> Result<New, Error> {
    let (first, end) = (number << size(level), (number + 1) << size(level));
    tracing::info!("changes {first} to {} are taken into the index", end - 1);
    let open = PostingBlock::ends(blocks);
    let mut places: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    let mut days: BTreeSet<String> = BTreeSet::new();
    if open < end {
        for change in memtable::read(tx, first.max(open), Some(end)).await? {
            days.insert(change.day.to_string());
            let Ok(place) = u16::try_from(change.id - first) else { continue };
            for token in change.tokens {
                places.entry(token).or_default().push(place);
            }
        }
    }
    let parts = blocks.iter().filter(|block| first <= block.first() && block.end() <= end);
    let parts: Vec<&PostingBlock> = parts.collect();
    for part in &parts {
        days.extend([part.first_day.clone(), part.last_day.clone()]);
        let from = part.first() - first;
        let pages =
            sql("select block_id, first_token, postings from index_pages where block_id = $1");
        let pages: Vec<Page> = pages.bind(part.id).all(&mut *tx).await?;
        for page in pages {
            page.each(|token, kept| {
                let mut bits = Bits::none(1 << part.size());
                bits.or_bytes(kept);
                let of_part = bits.descending(bits.len()).filter_map(|place| {
                    u16::try_from(i64::try_from(place).unwrap_or(i64::MAX).saturating_add(from))
                        .ok()
                });
                places.entry(token.to_owned()).or_default().extend(of_part);
            })?;
        }
    }
    // A block whose ids were never given to a change has no days.
    days.remove("");
    let days = (days.pop_first().unwrap_or_default(), days.pop_last());
    let days = (days.0.clone(), days.1.unwrap_or(days.0));
    Ok(New { level, number, days, places, parts: parts.iter().map(|part| part.id).collect() })
}

async fn write(tx: &mut Tx, new: New) -> Result<(), Error> {
    for part in new.parts {
        sql("delete from index_pages where block_id = $1").bind(part).run(&mut *tx).await?;
        sql("delete from index_blocks where id = $1").bind(part).run(&mut *tx).await?;
    }
    let insert = sql("insert into index_blocks (level, number, first_day, last_day) \
         values ($1, $2, $3, $4) returning id");
    let insert = insert.bind(i64::from(new.level)).bind(new.number);
    let (block,): (i64,) = insert.bind(new.days.0).bind(new.days.1).one(&mut *tx).await?;
    let encoded = new.places.into_iter().map(|(token, mut places)| {
        places.sort_unstable();
        places.dedup();
        (token, encode(1 << size(new.level), &places))
    });
    let pages = Page::of(block, &encoded.collect())?;
    for pages in pages.chunks(BATCH) {
        let rows = pages
            .iter()
            .map(|page| [(&page.first_token).into(), Cell::Bytes(Some((&page.postings).into()))]);
        let records = BulkInsert::new(["first_token", "postings"], rows);
        let (records, values) = records.table(tx.dialect(), 2)?;
        let text = format!(
            "insert into index_pages (block_id, first_token, postings) \
             select $1, first_token, postings from {records}"
        );
        sql(text).bind(block).bind_all(values).run(&mut *tx).await?;
    }
    Ok(())
}
