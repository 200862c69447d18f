//! Building of segments: writes changes as segments and merges segments into larger ones.

use super::{
    changes,
    storage::{SegmentRow, pages},
};
use crate::{
    Error, Store, boxed,
    bulk_insert::{BulkInsert, Cell},
    db::Tx,
    sql::sql,
};
use change_index::{NewSegment, SegmentBuilder, SegmentKey, StoredSegment, next_segment};
use domain::id::ChangeId;
use std::sync::atomic::Ordering;

/// Number of pages written in one statement.
const BATCH: usize = 1_000;

impl Store {
    /// Adds all full segments of changes to the index. It also runs now and then as changes are
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

    /// Builds the index in a task of its own if this change completed a segment.
    pub(crate) fn index_soon(&self, last: ChangeId) {
        let segment = SegmentKey::lowest_number(last.0 + 1);
        if self.index().built.fetch_max(segment, Ordering::Relaxed) < segment {
            let store = self.clone();
            tokio::spawn(async move { store.try_index_changes().await });
        }
    }
}

/// Builds the largest full segment that contains anything new. Returns whether there was one.
async fn build_one(store: &Store) -> Result<bool, Error> {
    // Its input is read before the lock of the index is taken, so that nobody who records has to
    // wait.
    let mut tx = store.db().read().await?;
    let stored = segments(&mut tx).await?;
    let (newest,): (Option<i64>,) = sql("select max(id) from changes").one(&mut tx).await?;
    let Some(key) = next_segment(&stored, newest.unwrap_or(-1) + 1) else {
        return Ok(false);
    };
    let parts =
        stored.iter().filter(|it| key.first() <= it.key.first() && it.key.end() <= key.end());
    let parts: Vec<&StoredSegment> = parts.collect();
    let new = build(&mut tx, key, StoredSegment::end_of(&stored), &parts).await?;
    drop(tx);
    let mut tx = store.db().index().await?;
    // Another process may have built it meanwhile. Then there may be another segment to build.
    if segments(&mut tx).await? == stored {
        write(&mut tx, new, &parts).await?;
        tx.commit().await?;
    }
    Ok(true)
}

async fn segments(tx: &mut Tx) -> Result<Vec<StoredSegment>, Error> {
    let text = "select id, level, number, first_day, last_day from index_blocks order by id";
    let rows: Vec<SegmentRow> = sql(text).all(tx).await?;
    rows.into_iter().map(StoredSegment::try_from).collect()
}

/// Builds a segment of the changes from `open` on, which are in no segment, and of the smaller
/// segments that it replaces.
async fn build(
    tx: &mut Tx,
    key: SegmentKey,
    open: i64,
    parts: &[&StoredSegment],
) -> Result<NewSegment, Error> {
    tracing::info!("changes {} to {} are taken into the index", key.first(), key.end() - 1);
    let mut builder = SegmentBuilder::new(key);
    if open < key.end() {
        for change in changes::read(tx, key.first().max(open), Some(key.end())).await? {
            builder.add(change);
        }
    }
    for part in parts {
        let text = "select block_id, first_token, postings from index_pages where block_id = $1";
        let rows = sql(text).bind(part.id).all(&mut *tx).await?;
        builder.merge(part, pages(rows).into_iter().map(|(_, page)| page))?;
    }
    Ok(builder.finish()?)
}

/// Writes a segment, and deletes those that it replaces.
async fn write(tx: &mut Tx, new: NewSegment, parts: &[&StoredSegment]) -> Result<(), Error> {
    for part in parts {
        sql("delete from index_pages where block_id = $1").bind(part.id).run(&mut *tx).await?;
        sql("delete from index_blocks where id = $1").bind(part.id).run(&mut *tx).await?;
    }
    let NewSegment { key, first_day, last_day, pages } = new;
    let insert = sql("insert into index_blocks (level, number, first_day, last_day) \
         values ($1, $2, $3, $4) returning id");
    let insert = insert.bind(key.level()).bind(key.number()).bind(first_day).bind(last_day);
    let (segment,): (i64,) = insert.one(&mut *tx).await?;
    for pages in pages.chunks(BATCH) {
        let rows = pages.iter().map(|page| {
            let postings = Cell::Bytes(Some((&page.postings).into()));
            [("first_token", (&page.first_token).into()), ("postings", postings)]
        });
        let (records, values) = BulkInsert::new(rows).table(tx.dialect(), 2)?;
        let text = format!(
            "insert into index_pages (block_id, first_token, postings) \
             select $1, first_token, postings from {records}"
        );
        sql(text).bind(segment).bind_all(values).run(&mut *tx).await?;
    }
    Ok(())
}
