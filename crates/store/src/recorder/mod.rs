//! The only writer of tracked tables: a unit of work for one person and one request.
//!
//! [`RecordingTx::perform`] does all ten actions. It reads the inspection, asks `domain` whether the
//! mutation is allowed and which record it makes, applies that record, and writes the result
//! together with the record. No other code in the project writes a tracked table.

mod create;
mod key;
mod many;
mod people;
mod returning;
mod revert;

pub use key::request_id_for;
pub use many::Many;
pub use revert::ManyUndone;

use crate::{
    Error, Notice, Store, boxed,
    chain::{ChainHasher, HashedChange},
    db::Tx,
    dialect::Dialect,
    final_reports,
    recorder_queue::RecorderPlace,
    rows::{self, CHANGE_COLUMNS, LoadedInspection, StoredChange},
    sql::{self, Sql, sql},
};
use chrono::{DateTime, SubsecRound, Utc};
use domain::{
    change::{Action, Change, Conflict, Malformed, Mutation, Record, Refusal, conflict},
    id::{ChangeId, InspectionId},
    inspection::{Field, Inspection, Invalid, Status},
    people::{Actor, Denied},
    permission::{may_perform, may_see},
};
use key::Earlier;
use uuid::Uuid;

/// Unit of work for one person and one request. It is rolled back unless [`commit`](Self::commit)
/// is called.
#[derive(Debug)]
pub struct RecordingTx {
    store: Store,
    tx: Tx,
    actor: Actor,
    request_id: Uuid,
    now: DateTime<Utc>,
    made: Vec<(ChangeId, InspectionId)>,
    earlier: Option<Earlier>,
    /// The ordinal of its last mutation.
    ordinal: i64,
    /// The newest change, including its own, once the earlier changes of the request have been
    /// read.
    newest: i64,
    sealer: ChainHasher,
    _place: RecorderPlace,
}

/// Result of applying a record to an inspection.
struct AppliedRecord {
    before: LoadedInspection,
    after: LoadedInspection,
    change: Change,
    sealed: HashedChange,
}

impl Store {
    /// Begins a unit of work. The request id and the ordinal of a mutation are its idempotency key:
    /// a mutation that an earlier attempt of the request recorded under the same key is not
    /// performed again. `now` becomes the time of the changes.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn begin(
        &self,
        actor: &Actor,
        request_id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<RecordingTx, Error> {
        let place = self.recorders().join();
        Ok(RecordingTx {
            store: self.clone(),
            tx: self.db().record().await?,
            actor: actor.clone(),
            request_id,
            now: now.trunc_subsecs(6),
            made: Vec::new(),
            earlier: None,
            ordinal: 0,
            newest: 0,
            sealer: ChainHasher::default(),
            _place: place,
        })
    }
}

impl RecordingTx {
    /// Performs one mutation of one inspection and records it; `None` if it changes nothing.
    /// `expected` is the change whose result the actor was looking at, if any.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such inspection, [`Error::Conflict`] if a change after
    /// `expected` conflicts with it, [`Error::Refused`] if it is not allowed,
    /// [`Error::RequestReused`] if the request's id is that of another request.
    #[boxed]
    pub async fn perform(
        &mut self,
        id: InspectionId,
        expected: Option<ChangeId>,
        mutation: Mutation,
    ) -> Result<Option<Change>, Error> {
        let ordinal = self.next_ordinal();
        let standing = self.load(id).await?;
        let before = &standing.inspection;
        if let Some(done) = self.find_done(ordinal, Some(id), &mutation).await? {
            return Ok(Some(done));
        }
        if !may_see(&self.actor, before) {
            return Err(Denied::NotYours.into());
        }
        self.check_conflict(before, expected, &mutation).await?;
        self.check_returning(before, &mutation).await?;
        let named = self.look_up(&mutation).await?;
        let permitted = permitted(&self.actor, before, &mutation, named.as_ref())?;
        let Some((mutation, _)) = permitted else { return Ok(None) };
        let change_id = self.next_ids(1).await?[0];
        let Some(record) = before.plan(&mutation.assign(change_id))? else {
            return Ok(None);
        };
        let done = self.record(standing, (change_id, ordinal), record)?;
        self.write(vec![done]).await.map(|mut changes| changes.pop())
    }

    /// Commits all changes made.
    ///
    /// # Errors
    /// If the database fails. Nothing is committed then.
    #[boxed]
    pub async fn commit(mut self) -> Result<(), Error> {
        if let Some(notice) = Notice::changed(&self.made) {
            self.tx.notify_on_commit(notice);
        }
        self.tx.commit().await?;
        if let Some((last, _)) = self.made.iter().max() {
            self.store.index_soon(*last);
        }
        Ok(())
    }

    /// Returns the number of statements sent so far, for tests that limit it.
    pub const fn statements(&self) -> u64 {
        self.tx.statements()
    }

    /// Reads an inspection. The first read also fetches the earlier changes of the request.
    async fn load(&mut self, id: InspectionId) -> Result<LoadedInspection, Error> {
        if self.earlier.is_some() {
            return rows::load(&mut self.tx, id).await?.ok_or(Error::NotFound);
        }
        let found = rows::load_to_write(&mut self.tx, id, self.request_id).await?;
        let (standing, moment) = found.ok_or(Error::NotFound)?;
        self.look_back(moment).await?;
        Ok(standing)
    }

    /// Applies a record to an inspection and makes the change that carries it, linked to the one
    /// before. The recorded data is what is applied, so that the tables cannot differ from the fold
    /// of the records.
    fn record(
        &mut self,
        before: LoadedInspection,
        (id, ordinal): (ChangeId, i64),
        record: Record,
    ) -> Result<AppliedRecord, Error> {
        let change = Change {
            id,
            inspection_id: before.inspection.id,
            created_at: self.now,
            user_id: Some(self.actor.id),
            user_name: self.actor.name.clone(),
            request_id: self.request_id,
            ordinal,
            record,
        };
        let mut inspection = before.inspection.clone();
        inspection.replay(&change).map_err(|malformed| Error::malformed(id, malformed))?;
        let sealed = self
            .sealer
            .seal(before.link, &change)
            .map_err(|error| Error::malformed(id, Malformed(error.to_string())))?;
        let after = LoadedInspection { inspection, link: Some(sealed.link) };
        Ok(AppliedRecord { before, after, change, sealed })
    }

    /// Writes contents, then updates heads, then appends the changes that the heads refer to. The
    /// guards require this order.
    async fn write(&mut self, done: Vec<AppliedRecord>) -> Result<Vec<Change>, Error> {
        let dialect = self.tx.dialect();
        let mut statements = Vec::new();
        for AppliedRecord { before, after, .. } in &done {
            statements.extend(rows::save_contents(dialect, &before.inspection, &after.inspection)?);
        }
        let pairs = done.iter().map(|done| (&done.before.inspection, &done.after.inspection));
        statements.extend(rows::save_texts(dialect, pairs)?);
        let heads: Vec<_> = done.iter().map(|done| (&done.before, &done.after)).collect();
        statements.extend(rows::save_heads(dialect, &heads)?);
        let changes: Vec<_> = done.iter().map(|done| (&done.change, &done.sealed)).collect();
        statements.extend(rows::insert_changes(dialect, &changes)?);
        statements.extend(self.final_reports(dialect, &done)?);
        sql::run_all(statements, &mut self.tx).await?;
        let made = done.iter().map(|done| (done.change.id, done.change.inspection_id));
        self.made.extend(made);
        Ok(done.into_iter().map(|done| done.change).collect())
    }

    /// Returns the statements that maintain the queue of final reports: they add completed
    /// inspections, and remove inspections for which a final report was made.
    fn final_reports(&self, dialect: Dialect, done: &[AppliedRecord]) -> Result<Vec<Sql>, Error> {
        let is_complete =
            |standing: &LoadedInspection| standing.inspection.status == Status::Complete;
        let completed: Vec<_> = done
            .iter()
            .filter(|done| is_complete(&done.after) && !is_complete(&done.before))
            .map(|done| done.change.inspection_id)
            .collect();
        let queued = final_reports::enqueue(dialect, &completed, self.actor.id, self.now)?;
        let made = done.iter().filter(|done| {
            done.change.record.action == Action::CreatePdf
                && done.after.inspection.final_report().is_some()
        });
        let dequeued = made.map(|done| final_reports::dequeue(done.change.inspection_id));
        Ok(queued.into_iter().chain(dequeued).collect())
    }

    /// Returns the next ids of changes. On SQLite no other writer records while this unit of work
    /// is open, so the ids follow the newest.
    async fn next_ids(&mut self, how_many: usize) -> Result<Vec<ChangeId>, Error> {
        let how_many = i64::try_from(how_many).unwrap_or(i64::MAX);
        let Some(next) = self.tx.dialect().next_change_ids() else {
            self.earlier().await?;
            let first = self.newest + 1;
            self.newest += how_many;
            return Ok((first..=self.newest).map(ChangeId).collect());
        };
        let ids: Vec<(i64,)> = sql(next).bind(how_many).all(&mut self.tx).await?;
        Ok(ids.into_iter().map(|(id,)| ChangeId(id)).collect())
    }

    async fn check_conflict(
        &mut self,
        before: &Inspection,
        expected: Option<ChangeId>,
        mutation: &Mutation,
    ) -> Result<(), Error> {
        if let Mutation::CreateReport { report } = mutation {
            self.check_shown(before, report.shows).await?;
        }
        let Some(expected) = expected.filter(|expected| *expected != before.head) else {
            return Ok(());
        };
        let since = changes_since(&mut self.tx, before.id, expected).await?;
        if since.is_empty() {
            // The state that it was made for is unknown.
            let head = before.head;
            let conflict = Conflict { expected, head, since, fields: Vec::new() };
            return Err(Box::new(conflict).into());
        }
        match conflict(mutation, self.actor.id, before, expected, &since) {
            None => Ok(()),
            Some(conflict) => Err(Box::new(conflict).into()),
        }
    }

    /// Refuses a report of a state that the inspection never had. A report of an earlier state is
    /// out of date from the start; a caller that wants the present state passes it as `expected`.
    async fn check_shown(&mut self, before: &Inspection, shows: ChangeId) -> Result<(), Error> {
        let text = "select count(*) from changes where inspection_id = $1 and id = $2";
        let (found,): (i64,) = sql(text).bind(before.id).bind(shows).one(&mut self.tx).await?;
        if found == 1 { Ok(()) } else { Err(Refusal::NotThere.into()) }
    }
}

async fn changes_since(
    tx: &mut Tx,
    id: InspectionId,
    after: ChangeId,
) -> Result<Vec<Change>, Error> {
    let text = format!(
        "select {CHANGE_COLUMNS} from changes as c \
         where c.inspection_id = $1 and c.id > $2 order by c.id"
    );
    changes(sql(text).bind(id).bind(after), tx).await
}

async fn changes(statement: Sql, tx: &mut Tx) -> Result<Vec<Change>, Error> {
    let changes: Vec<StoredChange> = statement.all(tx).await?;
    changes.into_iter().map(Change::try_from).collect()
}

/// Returns the mutation with the names of people filled in, and its record, if the actor may
/// perform it and it changes anything. Added objects have no id in that record yet.
fn permitted(
    actor: &Actor,
    before: &Inspection,
    mutation: &Mutation,
    named: Option<&domain::people::Person>,
) -> Result<Option<(Mutation, Record)>, Refusal> {
    if matches!(mutation, Mutation::Create { .. }) {
        let message = "An inspection starts once, and this one has.";
        return Err(Invalid::of(Field::Reference, message).into());
    }
    may_perform(actor, mutation, before)?;
    let mutation = people::name(mutation.clone(), before, named)?;
    Ok(before.plan(&mutation)?.map(|record| (mutation, record)))
}
