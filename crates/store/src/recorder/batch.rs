//! The recorder of single mutations: all that wait are recorded in one transaction, as databases
//! commit their own logs in groups. A mutation that is alone is a batch of one and waits for nothing.

use super::perform;
use crate::{
    Error, MutationRequest, Store, boxed,
    db::Tx,
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
        let tx = store.db().record().await;
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
    let failure = match attempt(store, tx, &requests).await {
        Ok(recorded) => {
            for (queued, recorded) in batch.into_iter().zip(recorded) {
                queued.answer(recorded);
            }
            return;
        }
        Err(failure) => failure,
    };
    tracing::warn!(
        error = &failure as &dyn std::error::Error,
        size = batch.len(),
        "a batch of mutations failed; each is recorded on its own"
    );
    let mut batch = batch.into_iter();
    while let Some(queued) = batch.next() {
        match store.db().record().await {
            Ok(tx) => {
                let recorded = attempt(store, tx, &[&queued.request]).await;
                let recorded = recorded.map(|mut one| one.pop());
                queued.answer(recorded.and_then(|one| one.unwrap_or(Err(Error::NotFound))));
            }
            Err(error) => refuse(iter::once(queued).chain(batch.by_ref()), error),
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
