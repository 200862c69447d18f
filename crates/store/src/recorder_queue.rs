//! Queue of what waits to be recorded: the turn of the process, the mutations that wait for the next
//! batch, and how often one had to wait.

use crate::Error;
use chrono::{DateTime, Utc};
use domain::{
    change::{Change, Mutation},
    id::{ChangeId, InspectionId},
    people::Actor,
};
use std::{
    collections::{HashSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};
use tokio::sync::{OwnedMutexGuard, oneshot};
use uuid::Uuid;

/// Number of mutations that may wait. At a thousand recorded in a second, the last of them waits for
/// a second.
const MAX_WAITING: usize = 1_024;

/// Maximum number of mutations in a batch. Larger ones would not be faster, and a unit of work would
/// wait longer for its turn.
const MAX_BATCH: usize = 128;

/// Who records something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorship {
    /// The person.
    pub actor: Actor,
    /// The request id, which is a part of the idempotency key.
    pub request_id: Uuid,
    /// The time of the change.
    pub now: DateTime<Utc>,
}

/// One mutation of one inspection, to be recorded on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutationRequest {
    /// Who asks for it, and when.
    pub author: Authorship,
    /// Number of the mutation in its request, from 1: the other part of the idempotency key.
    pub ordinal: i64,
    /// The inspection.
    pub inspection: InspectionId,
    /// The change whose result the person was looking at, if any.
    pub expected: Option<ChangeId>,
    /// The mutation.
    pub mutation: Mutation,
}

/// Outcome of a mutation: the change that it made, or `None` if there was nothing to change.
pub(crate) type Recorded = Result<Option<Change>, Error>;

/// The tasks of this process that record changes or wait to. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecorderQueue(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    now: AtomicUsize,
    waits: AtomicU64,
    /// Held while a unit of work or a batch is recorded. Tokio's mutex is fair, so both are served in
    /// the order of their arrival.
    turn: Arc<tokio::sync::Mutex<()>>,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    mutations: VecDeque<QueuedMutation>,
    /// Whether a task takes batches until no mutation waits.
    is_served: bool,
}

/// A mutation that waits for its batch.
#[derive(Debug)]
pub(crate) struct QueuedMutation {
    /// The mutation.
    pub(crate) request: MutationRequest,
    answer: oneshot::Sender<Recorded>,
    _place: RecorderPlace,
}

impl QueuedMutation {
    /// Answers the caller, who may be gone.
    pub(crate) fn answer(self, recorded: Recorded) {
        let _ = self.answer.send(recorded);
    }
}

/// A mutation that was accepted into the queue.
pub(crate) struct Accepted {
    /// Receives the outcome.
    pub(crate) answer: oneshot::Receiver<Recorded>,
    /// The duty to take batches, if no task does so yet.
    pub(crate) duty: Option<BatchDuty>,
}

/// The duty to take batches until no mutation waits. If it is dropped before, because its runtime
/// ends, the mutations that still wait are dropped too.
pub(crate) struct BatchDuty {
    queue: RecorderQueue,
    is_over: bool,
}

/// A place in the queue, released on drop.
#[derive(Debug)]
pub(crate) struct RecorderPlace(RecorderQueue);

/// The turn to record, released on drop.
#[derive(Debug)]
pub(crate) struct RecorderTurn(
    #[expect(dead_code, reason = "held until dropped")] OwnedMutexGuard<()>,
);

impl RecorderQueue {
    /// Takes a place.
    pub(crate) fn join(&self) -> RecorderPlace {
        if self.0.now.fetch_add(1, Ordering::Relaxed) > 0 {
            self.0.waits.fetch_add(1, Ordering::Relaxed);
        }
        RecorderPlace(self.clone())
    }

    /// Returns how often a task found others in the queue, since the process began.
    pub(crate) fn waits(&self) -> u64 {
        self.0.waits.load(Ordering::Relaxed)
    }

    /// Waits for the turn to record.
    pub(crate) async fn turn(&self) -> RecorderTurn {
        RecorderTurn(self.0.turn.clone().lock_owned().await)
    }

    /// Adds a mutation.
    ///
    /// # Errors
    /// [`Error::QueueFull`] if too many wait.
    pub(crate) fn accept(&self, request: MutationRequest) -> Result<Accepted, Error> {
        let (sender, answer) = oneshot::channel();
        let place = self.join();
        let mut waiting = self.waiting();
        if waiting.mutations.len() >= MAX_WAITING {
            return Err(Error::QueueFull);
        }
        waiting.mutations.push_back(QueuedMutation { request, answer: sender, _place: place });
        let is_served = std::mem::replace(&mut waiting.is_served, true);
        Ok(Accepted {
            answer,
            duty: (!is_served).then(|| BatchDuty { queue: self.clone(), is_over: false }),
        })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BatchDuty {
    /// Returns whether no mutation waits, which ends the duty.
    pub(crate) fn ends(&mut self) -> bool {
        let mut waiting = self.queue.waiting();
        self.is_over = waiting.mutations.is_empty();
        waiting.is_served = !self.is_over;
        self.is_over
    }

    /// Takes the mutations of the next batch, in their order.
    pub(crate) fn next_batch(&self) -> Vec<QueuedMutation> {
        self.queue.waiting().take()
    }
}

impl Drop for BatchDuty {
    fn drop(&mut self) {
        if !self.is_over {
            let mut waiting = self.queue.waiting();
            waiting.is_served = false;
            waiting.mutations.clear();
        }
    }
}

impl Waiting {
    /// Takes a batch. It has at most one mutation of each inspection and of each request, because a
    /// mutation is planned on the committed state; the others keep their order.
    fn take(&mut self) -> Vec<QueuedMutation> {
        let (mut inspections, mut requests) = (HashSet::new(), HashSet::new());
        let (mut batch, mut rest) = (Vec::new(), VecDeque::new());
        while batch.len() < MAX_BATCH
            && let Some(next) = self.mutations.pop_front()
        {
            let is_first_of_inspection = inspections.insert(next.request.inspection);
            let is_first_of_request = requests.insert(next.request.author.request_id);
            match is_first_of_inspection && is_first_of_request {
                true => batch.push(next),
                false => rest.push_back(next),
            }
        }
        rest.append(&mut self.mutations);
        self.mutations = rest;
        batch
    }
}

impl Drop for RecorderPlace {
    fn drop(&mut self) {
        self.0.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{id::UserId, people::Role};

    fn request(inspection: i64, request: u128) -> MutationRequest {
        let actor = Actor { id: UserId(1), name: "Ida Example".into(), role: Role::Inspector };
        let now = DateTime::UNIX_EPOCH;
        MutationRequest {
            author: Authorship { actor, request_id: Uuid::from_u128(request), now },
            ordinal: 1,
            inspection: InspectionId(inspection),
            expected: None,
            mutation: Mutation::BringBack,
        }
    }

    fn keys(batch: &[QueuedMutation]) -> Vec<(i64, u128)> {
        let key =
            |it: &QueuedMutation| (it.request.inspection.0, it.request.author.request_id.as_u128());
        batch.iter().map(key).collect()
    }

    #[test]
    fn a_batch_has_one_mutation_of_each_inspection_and_request_in_their_order() {
        let queue = RecorderQueue::default();
        let mut accepted = Vec::new();
        for (inspection, id) in [(1, 1), (1, 2), (2, 2), (2, 3), (3, 4), (1, 5)] {
            accepted.push(queue.accept(request(inspection, id)).expect("there is room"));
        }
        assert_eq!(queue.waits(), 5, "all but the first found others");
        let mut duties = accepted.iter_mut().filter_map(|it| it.duty.take());
        let mut duty = duties.next().expect("the first has to serve");
        assert!(duties.next().is_none(), "one serves");
        drop(duties);
        assert_eq!(keys(&duty.next_batch()), [(1, 1), (3, 4)]);
        // The second mutation of request 2 waits for the first, and inspection 2 for the second.
        assert_eq!(keys(&duty.next_batch()), [(1, 2)]);
        assert_eq!(keys(&duty.next_batch()), [(2, 2), (1, 5)]);
        assert_eq!(keys(&duty.next_batch()), [(2, 3)]);
        assert!(duty.ends());
        let mut next = queue.accept(request(1, 6)).expect("there is room");
        drop(duty);
        let duty = next.duty.take().expect("the next serves again");
        assert_eq!(keys(&duty.next_batch()), [(1, 6)]);
    }

    #[test]
    fn a_full_queue_accepts_none_until_a_batch_was_taken() {
        let queue = RecorderQueue::default();
        let mut duty = None;
        for number in 0..MAX_WAITING {
            let number = i64::try_from(number).expect("a few");
            let accepted = queue.accept(request(number, number.unsigned_abs().into()));
            duty = duty.or(accepted.expect("there is room").duty);
        }
        assert!(matches!(queue.accept(request(0, u128::MAX)), Err(Error::QueueFull)));
        let duty = duty.expect("the first has to serve");
        assert_eq!(duty.next_batch().len(), MAX_BATCH);
        assert!(queue.accept(request(0, u128::MAX)).is_ok());
        drop(duty);
        assert!(queue.accept(request(0, 0)).expect("there is room").duty.is_some());
    }
}
