//! Writing of changes with their consequences, for units of work and for batches.

use super::key::Earlier;
use crate::{
    Authorship, Error, Notice, Store,
    chain::{ChainHasher, HashedChange},
    db::Tx,
    dialect::Dialect,
    final_reports,
    rows::{self, LedgerTip, LoadedInspection},
    sql::{Sql, sql},
};
use domain::{
    change::{Action, Change, Malformed, Record},
    id::{ChangeId, InspectionId},
    inspection::Status,
};
use uuid::Uuid;

/// A transaction that records changes. It is rolled back unless [`commit`](Self::commit) is called.
#[derive(Debug)]
pub(super) struct RecordWriter {
    pub(super) tx: Tx,
    made: Vec<(ChangeId, InspectionId)>,
    /// The newest change, including its own, once it was read.
    newest: Option<i64>,
    hasher: ChainHasher,
    /// Whether it writes once, so that its notice is sent with the changes.
    writes_once: bool,
}

/// Result of applying a record to an inspection.
pub(super) struct AppliedRecord {
    pub(super) before: LoadedInspection,
    pub(super) after: LoadedInspection,
    pub(super) change: Change,
    hashed: HashedChange,
}

impl RecordWriter {
    /// Creates the writer of a unit of work, which may write several times.
    pub(super) fn of_unit(tx: Tx) -> Self {
        let hasher = ChainHasher::default();
        Self { tx, made: Vec::new(), newest: None, hasher, writes_once: false }
    }

    /// Creates the writer of a batch, which writes once.
    pub(super) fn of_batch(tx: Tx) -> Self {
        Self { writes_once: true, ..Self::of_unit(tx) }
    }

    /// Commits all changes made, and announces them.
    pub(super) async fn commit(mut self, store: &Store) -> Result<(), Error> {
        if !self.writes_once {
            self.announce();
        }
        self.tx.commit().await?;
        if let Some((last, _)) = self.made.iter().max() {
            store.index_soon(*last);
        }
        Ok(())
    }

    fn announce(&mut self) {
        if let Some(notice) = Notice::changed(&self.made) {
            self.tx.notify_on_commit(notice);
        }
    }

    /// Reads the changes that earlier transactions committed under these request ids.
    pub(super) async fn earlier(&mut self, requests: &[Uuid]) -> Result<Earlier, Error> {
        let tip = rows::ledger_tip(&mut self.tx, requests.iter().copied()).await?;
        self.look_back(tip, requests).await
    }

    /// Reads the same changes, given how many there are.
    pub(super) async fn look_back(
        &mut self,
        tip: LedgerTip,
        requests: &[Uuid],
    ) -> Result<Earlier, Error> {
        self.newest = Some(tip.newest);
        // Repeated requests are rare.
        match tip.repeated {
            0 => Ok(Earlier::default()),
            _ => Earlier::read(&mut self.tx, requests).await,
        }
    }

    /// Returns the next ids of changes, after which nobody else records until the transaction ends.
    /// On SQLite nobody does while it is open, so the ids follow the newest.
    pub(super) async fn next_ids(&mut self, how_many: usize) -> Result<Vec<ChangeId>, Error> {
        let how_many = i64::try_from(how_many).unwrap_or(i64::MAX);
        if let Some(next) = self.tx.dialect().next_change_ids() {
            let ids: Vec<(i64,)> = sql(next).bind(how_many).all(&mut self.tx).await?;
            return Ok(ids.into_iter().map(|(id,)| ChangeId(id)).collect());
        }
        let newest = match self.newest {
            Some(newest) => newest,
            None => rows::ledger_tip(&mut self.tx, []).await?.newest,
        };
        self.newest = Some(newest + how_many);
        Ok((newest + 1..=newest + how_many).map(ChangeId).collect())
    }

    /// Applies a record to an inspection and makes the change that carries it, linked to the one
    /// before. The recorded data is what is applied, so that the tables cannot differ from the fold
    /// of the records.
    pub(super) fn apply(
        &mut self,
        before: LoadedInspection,
        author: &Authorship,
        (id, ordinal): (ChangeId, i64),
        record: Record,
    ) -> Result<AppliedRecord, Error> {
        let change = Change {
            id,
            inspection_id: before.inspection.id,
            created_at: author.now,
            user_id: Some(author.actor.id),
            user_name: author.actor.name.clone(),
            request_id: author.request_id,
            ordinal,
            record,
        };
        let mut inspection = before.inspection.clone();
        inspection.replay(&change).map_err(|malformed| Error::malformed(id, malformed))?;
        let hashed = self
            .hasher
            .seal(before.link, &change)
            .map_err(|error| Error::malformed(id, Malformed(error.to_string())))?;
        let after = LoadedInspection { inspection, link: Some(hashed.link) };
        Ok(AppliedRecord { before, after, change, hashed })
    }

    /// Writes contents, then updates heads, then appends the changes that the heads refer to. The
    /// guards require this order, and that each inspection occurs once. The number of statements
    /// does not depend on the number of records.
    pub(super) async fn write(
        &mut self,
        applied: Vec<AppliedRecord>,
    ) -> Result<Vec<Change>, Error> {
        let dialect = self.tx.dialect();
        let pairs: Vec<_> =
            applied.iter().map(|it| (&it.before.inspection, &it.after.inspection)).collect();
        let contents = rows::save_contents(dialect, &pairs)?;
        let mut statements = rows::save_texts(dialect, pairs)?;
        let heads: Vec<_> = applied.iter().map(|it| (&it.before, &it.after)).collect();
        statements.extend(rows::save_heads(dialect, &heads)?);
        let changes: Vec<_> = applied.iter().map(|it| (&it.change, &it.hashed)).collect();
        statements.extend(rows::insert_changes(dialect, &changes)?);
        statements.extend(queue_final_reports(dialect, &applied)?);
        self.made.extend(applied.iter().map(|it| (it.change.id, it.change.inspection_id)));
        if self.writes_once {
            self.announce();
            statements.extend(self.tx.notifications()?);
        }
        self.tx.run_all(contents, statements).await?;
        Ok(applied.into_iter().map(|it| it.change).collect())
    }
}

/// Returns the statements that maintain the queue of final reports: they add completed inspections,
/// and remove inspections for which a final report was made.
fn queue_final_reports(dialect: Dialect, applied: &[AppliedRecord]) -> Result<Vec<Sql>, Error> {
    let is_complete = |standing: &LoadedInspection| standing.inspection.status == Status::Complete;
    let completed = applied.iter().filter(|it| is_complete(&it.after) && !is_complete(&it.before));
    let completed: Vec<_> = completed
        .map(|it| (it.change.inspection_id, it.change.user_id, it.change.created_at))
        .collect();
    let reported = applied.iter().filter(|it| {
        it.change.record.action == Action::CreatePdf && it.after.inspection.final_report().is_some()
    });
    let reported: Vec<_> = reported.map(|it| it.change.inspection_id).collect();
    let queued = final_reports::enqueue(dialect, &completed)?;
    Ok(queued.into_iter().chain(final_reports::dequeue(dialect, &reported)).collect())
}
