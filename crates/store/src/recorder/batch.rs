//! The recorder of single mutations: all that wait are recorded in one transaction, as databases
//! commit their own logs in groups. A mutation that is alone is a batch of one and waits for nothing.

use super::perform;
use crate::{
    Error, MutationRequest, Store, boxed,
    db::Tx,
    dialect::Dialect,
    recorder_queue::{Accepted, BatchDuty, QueuedMutation, Recorded},
};
use chrono::SubsecRound;
use domain::change::Change;
use futures::FutureExt;
use std::{iter, panic::AssertUnwindSafe};

impl Store {
    /// Records one mutation of one inspection, together with others that wait; `None` if it changes
    /// nothing. Each is accepted or refused on its own. It returns after the commit. A caller that
    /// is dropped meanwhile changes nothing about the outcome: a retry with the same request id and
    /// ordinal finds the change.
    ///
    /// # Errors
    /// [`Error::QueueFull`] if too many wait, and as for
    /// [`RecordingTx::perform`](crate::RecordingTx::perform).
    #[boxed]
    pub async fn record(&self, mut request: MutationRequest) -> Result<Option<Change>, Error> {
        request.author.now = request.author.now.trunc_subsecs(6);
        let Accepted { answer, duty } = self.recorders().accept(request)?;
        if let Some(duty) = duty {
            let store = self.clone();
            self.spawn(async move { serve(&store, duty).await });
        }
        // The sender is dropped without an answer if the runtime ends or the recorder panics.
        answer.await.unwrap_or(Err(Error::Panicked))
    }
}

/// Records batches until no mutation waits. Between two batches, units of work have their turn.
async fn serve(store: &Store, mut duty: BatchDuty) {
    while !duty.ends() {
        let _turn = store.recorders().turn().await;
        let tx = store.db().plan_and_record().await;
        // It is taken only now, because others may have come meanwhile.
        let batch = duty.next_batch();
        match tx {
            Ok(tx) => record_batch(store, tx, batch).await,
            Err(error) => refuse(batch, error),
        }
    }
}

/// Records a batch. If the database fails, or the code panics, nothing of the batch is recorded, or
/// it is unknown whether all of it is. Then each mutation is recorded in a transaction of its own,
/// which finds the change if there is one.
async fn record_batch(store: &Store, tx: Tx, batch: Vec<QueuedMutation>) {
    let requests: Vec<&MutationRequest> = batch.iter().map(|it| &it.request).collect();
    let mut recorded = attempt(store, tx, &requests).await;
    // Other nodes record while this one plans.
    let is_shared = store.db().dialect() == Dialect::Postgres;
    if is_shared && let Err(error @ Error::Database(_)) = &recorded {
        tracing::debug!(
            error = error as &dyn std::error::Error,
            size = batch.len(),
            "a batch of mutations failed; it is planned again in the turn of this node"
        );
        // The guards refuse a batch if another node changed one of its inspections meanwhile.
        recorded = match store.db().record().await {
            Ok(tx) => attempt(store, tx, &requests).await,
            Err(error) => return refuse(batch, error),
        };
    }
    let failure = match recorded {
        Ok(recorded) => {
            let mut refused = Vec::new();
            for (queued, recorded) in batch.into_iter().zip(recorded) {
                match recorded {
                    Err(_) if is_shared => refused.push(queued),
                    recorded => queued.answer(recorded),
                }
            }
            // A refusal may be due to reads of different times, between which another node recorded.
            return record_each(store, refused).await;
        }
        Err(failure) => failure,
    };
    tracing::warn!(
        error = &failure as &dyn std::error::Error,
        size = batch.len(),
        "a batch of mutations failed; each is recorded on its own"
    );
    record_each(store, batch).await;
}

/// Records mutations, each in a transaction of its own during which nobody else records.
async fn record_each(store: &Store, mutations: Vec<QueuedMutation>) {
    let mut mutations = mutations.into_iter();
    while let Some(queued) = mutations.next() {
        match store.db().record().await {
            Ok(tx) => {
                let recorded = attempt(store, tx, &[&queued.request]).await;
                let recorded = recorded.map(|mut one| one.pop());
                queued.answer(recorded.and_then(|one| one.unwrap_or(Err(Error::NotFound))));
            }
            Err(error) => refuse(iter::once(queued).chain(mutations.by_ref()), error),
        }
    }
}

/// Answers mutations that no transaction could be begun for.
fn refuse(batch: impl IntoIterator<Item = QueuedMutation>, error: Error) {
    let mut batch = batch.into_iter();
    if let Some(first) = batch.next() {
        first.answer(Err(error));
    }
    batch.for_each(|queued| queued.answer(Err(Error::Unreachable)));
}

/// Records mutations in one transaction. A panic is an error, and rolls the transaction back.
async fn attempt(
    store: &Store,
    tx: Tx,
    requests: &[&MutationRequest],
) -> Result<Vec<Recorded>, Error> {
    caught(perform::record(store, tx, requests)).await
}

async fn caught<T>(attempt: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    AssertUnwindSafe(attempt).catch_unwind().await.unwrap_or(Err(Error::Panicked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_of_the_batch() {
        let attempt =
            async { if Error::QueueFull.is_unavailable() { panic!("a bug") } else { Ok(()) } };
        assert!(matches!(caught(attempt).await, Err(Error::Panicked)));
        assert!(caught(async { Ok(()) }).await.is_ok());
    }
}
