//! The only writer of tracked tables.
//!
//! [`Store::record`] records one mutation, in a batch with others that wait
//! (`crates/store/src/recorder/batch.rs`). [`RecordingTx`] is a unit of work for one person and one
//! request, which makes several changes or none. Both take turns, in the order of their arrival.
//!
//! Both read the inspection, ask `domain` whether the mutation is allowed and which record it makes,
//! apply that record, and write the result together with the record
//! (`crates/store/src/recorder/perform.rs`). No other code in the project writes a tracked table.

mod batch;
mod conflicts;
mod create;
mod key;
mod many;
mod people;
mod perform;
mod returning;
mod revert;
mod writer;

pub use key::request_id_for;
pub use many::Many;
pub use revert::ManyUndone;

use crate::{
    Authorship, Error, MutationRequest, Store, boxed,
    recorder_queue::{RecorderPlace, RecorderTurn},
};
use chrono::{DateTime, SubsecRound, Utc};
use domain::{
    change::{Change, Mutation},
    id::{ChangeId, InspectionId},
    people::Actor,
};
use key::Earlier;
use uuid::Uuid;
use writer::RecordWriter;

/// Unit of work for one person and one request. It is rolled back unless [`commit`](Self::commit)
/// is called.
#[derive(Debug)]
pub struct RecordingTx {
    store: Store,
    writer: RecordWriter,
    author: Authorship,
    earlier: Option<Earlier>,
    /// The ordinal of its last mutation.
    ordinal: i64,
    // Released last, once the transaction is over.
    _turn: RecorderTurn,
    _place: RecorderPlace,
}

impl Store {
    /// Begins a unit of work. The request id and the ordinal of a mutation are its idempotency key:
    /// a mutation that an earlier attempt of the request recorded under the same key is not
    /// performed again. `now` becomes the time of the changes. A caller with a single mutation uses
    /// [`record`](Self::record) instead.
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
        let turn = self.recorders().turn().await;
        Ok(RecordingTx {
            store: self.clone(),
            writer: RecordWriter::of_unit(self.db().record().await?),
            author: Authorship { actor: actor.clone(), request_id, now: now.trunc_subsecs(6) },
            earlier: None,
            ordinal: 0,
            _turn: turn,
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
        let (author, ordinal) = (self.author.clone(), self.next_ordinal());
        let request = MutationRequest { author, ordinal, inspection: id, expected, mutation };
        let recorded = self.writer.perform(&[&request], &mut self.earlier).await?;
        recorded.into_iter().next().unwrap_or(Err(Error::NotFound))
    }

    /// Commits all changes made.
    ///
    /// # Errors
    /// If the database fails. Nothing is committed then.
    #[boxed]
    pub async fn commit(self) -> Result<(), Error> {
        self.writer.commit(&self.store).await
    }

    /// Returns the number of statements sent so far, for tests that limit it.
    pub const fn statements(&self) -> u64 {
        self.writer.tx.statements()
    }
}
