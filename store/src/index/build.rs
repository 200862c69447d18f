//! Building the index: fresh changes become blocks, and blocks greater blocks.

use super::{
    HIGHEST, SMALLEST, STEP,
    bits::{Bits, encode},
    fresh::{self, Fresh, FreshRow},
    size,
};
use crate::{Error, Store, db::Tx, rows, sql::sql};
use domain::ChangeId;
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::atomic::Ordering,
};

/// How many postings are written at once.
const BATCH: usize = 4_000;

#[derive(sqlx::FromRow)]
struct Block {
    id: i64,
    level: i64,
    number: i64,
    first_day: String,
    last_day: String,
}

/// A token and its places, as they are written.
#[derive(Serialize)]
struct Posting<'a> {
    token: &'a str,
    places: String,
}

impl Store {
    /// Takes all full blocks of fresh changes into the index. It is done by itself now and then as
    /// changes are recorded; what is not in it yet is found all the same.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn index_changes(&self) -> Result<(), Error> {
        let _alone = self.index().building.lock().await;
        while build_one(self).await? {}
        Ok(())
    }

    /// The same beside whoever recorded a change, if that was the last of a block.
    pub(crate) fn index_soon(&self, last: ChangeId) {
        let block = (last.0 + 1) >> SMALLEST;
        if self.index().built.fetch_max(block, Ordering::Relaxed) < block {
            let store = self.clone();
            tokio::spawn(async move {
                if let Err(error) = store.index_changes().await {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "changes could not be taken into the index");
                }
            });
        }
    }
}

/// Builds the greatest full block that has anything new; answers whether there was one.
async fn build_one(store: &Store) -> Result<bool, Error> {
    let mut tx = store.db().index().await?;
    let (newest,): (Option<i64>,) = sql("select max(id) from changes").one(&mut tx).await?;
    let next = newest.unwrap_or(-1) + 1;
    let fresh = format!("select distinct change_id >> {SMALLEST} from fresh_changes");
    let fresh: Vec<(i64,)> = sql(fresh).all(&mut tx).await?;
    let blocks = sql("select id, level, number, first_day, last_day from index_blocks");
    let blocks: Vec<Block> = blocks.all(&mut tx).await?;
    for level in (0..=HIGHEST).rev() {
        let above = |number: i64, lower: u32| number >> (STEP * (level - lower));
        let mut new: BTreeSet<i64> = fresh.iter().map(|(number,)| above(*number, 0)).collect();
        for block in &blocks {
            if let Some(lower) = u32::try_from(block.level).ok().filter(|lower| *lower < level) {
                new.insert(above(block.number, lower));
            }
        }
        let full = new.into_iter().find(|number| (number + 1) << size(level) <= next);
        if let Some(number) = full {
            let within = |block: &&Block| {
                let lower = u32::try_from(block.level).unwrap_or(u32::MAX);
                lower <= level && above(block.number, lower) == number
            };
            let parts: Vec<&Block> = blocks.iter().filter(within).collect();
            build(&mut tx, level, number, &parts).await?;
            tx.commit().await?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Makes one block of fresh changes and of blocks, which then are no more.
async fn build(tx: &mut Tx, level: u32, number: i64, parts: &[&Block]) -> Result<(), Error> {
    let first = number << size(level);
    let end = first + (1 << size(level));
    let fresh = fresh::select("f.change_id >= $1 and f.change_id < $2").bind(first).bind(end);
    let fresh: Vec<FreshRow> = fresh.all(&mut *tx).await?;
    let mut places: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    let mut days: BTreeSet<String> = BTreeSet::new();
    let mut taken = Vec::with_capacity(fresh.len());
    for row in fresh {
        let Fresh { id, day, tokens } = Fresh::try_from(row)?;
        taken.push(id);
        days.insert(day.to_string());
        let Ok(place) = u16::try_from(id - first) else { continue };
        for token in tokens {
            places.entry(token).or_default().push(place);
        }
    }
    for part in parts {
        days.extend([part.first_day.clone(), part.last_day.clone()]);
        let size = size(u32::try_from(part.level).unwrap_or_default());
        let from = (part.number << size) - first;
        let rows = sql("select token, places from index_postings where block_id = $1");
        let rows: Vec<(String, Vec<u8>)> = rows.bind(part.id).all(&mut *tx).await?;
        for (token, kept) in rows {
            let mut bits = Bits::none(1 << size);
            bits.or_bytes(&kept);
            let of_part = bits.descending(bits.len()).filter_map(|place| {
                u16::try_from(i64::try_from(place).unwrap_or(i64::MAX).saturating_add(from)).ok()
            });
            places.entry(token).or_default().extend(of_part);
        }
        sql("delete from index_postings where block_id = $1").bind(part.id).run(&mut *tx).await?;
        sql("delete from index_blocks where id = $1").bind(part.id).run(&mut *tx).await?;
    }

    let insert = sql("insert into index_blocks (level, number, first_day, last_day) \
         values ($1, $2, $3, $4) returning id");
    let (block,): (i64,) = insert
        .bind(i64::from(level))
        .bind(number)
        .bind(days.first().cloned().unwrap_or_default())
        .bind(days.last().cloned().unwrap_or_default())
        .one(&mut *tx)
        .await?;
    let mut postings = Vec::with_capacity(places.len());
    for (token, places) in &mut places {
        places.sort_unstable();
        places.dedup();
        let places = hex(&encode(1 << size(level), places));
        postings.push(Posting { token, places });
    }
    let dialect = tx.dialect();
    let records = dialect.records("new", 1, &[("token", "text"), ("places", "text")]);
    let text = format!(
        "insert into index_postings (block_id, token, places) \
         select $2, token, {} from {records}",
        dialect.bytes("places")
    );
    for batch in postings.chunks(BATCH) {
        sql(text.clone()).bind(rows::json(batch)?).bind(block).run(&mut *tx).await?;
    }
    let these = dialect.any_number("change_id", 1);
    let text = format!("delete from fresh_changes where {these}");
    sql(text).bind(rows::json(&taken)?).run(tx).await?;
    Ok(())
}

/// Bytes in hexadecimal, as JSON can carry them.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
