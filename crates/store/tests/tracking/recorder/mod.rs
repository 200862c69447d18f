//! Tests of the recorder: mutations that wait are recorded in one batch.

mod batches;
mod failures;
mod fairness;
mod nodes;
mod queue;

use crate::support::*;
use domain::{
    change::{Change, Mutation},
    id::InspectionId,
    inspection::{Field, Target, Value},
    people::Actor,
};
use std::time::Duration;
use store::{Error, MutationRequest, Notice, Notices, RecordingTx, Store};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Limit on a wait, so that a test fails instead of waiting for ever.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

type Answer = JoinHandle<Result<Option<Change>, Error>>;

/// Returns an edit of an inspection's client.
pub(crate) fn client(name: &str) -> Mutation {
    edit(Target::Inspection, Field::Client, Value::text(name))
}

/// Begins a unit of work, during which mutations wait.
async fn busy(store: &Store, actor: &Actor) -> RecordingTx {
    store.begin(actor, Uuid::now_v7(), at(1)).await.unwrap()
}

/// Records a mutation in a task, and returns once it waits behind others.
async fn waiting(store: &Store, request: MutationRequest) -> Answer {
    let waits = store.recorder_waits();
    let recording = store.clone();
    let answer = tokio::spawn(async move { recording.record(request).await });
    let waits_too = async {
        while store.recorder_waits() == waits {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waits_too).await.expect("it waits");
    answer
}

/// Returns the number of changes and the inspections of the next notice.
async fn next_changed(notices: &mut Notices) -> (i64, Vec<InspectionId>) {
    match tokio::time::timeout(PATIENCE, notices.next()).await.expect("it is announced") {
        Some(Notice::Changed { first, last, inspections }) => (last.0 - first.0 + 1, inspections),
        other => panic!("{other:?}"),
    }
}

/// Creates inspections in one unit of work.
pub(crate) async fn create_all(case: &Case, actor: &Actor, how_many: usize) -> Vec<InspectionId> {
    let mut work = busy(&case.store, actor).await;
    let mut ids = Vec::with_capacity(how_many);
    for number in 0..how_many {
        ids.push(work.create(named(&format!("House {number}"))).await.unwrap().inspection_id);
    }
    work.commit().await.unwrap();
    ids
}
