//! Concurrency limit for reports. Few are created at once and at most one per person; between people, it is
//! first come, first served.

use super::{
    mutex::lock,
    tracker::{ProgressTracker, Queue, Ticket},
};
use crate::PausingWork;
use domain::id::UserId;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, Weak},
};
use tokio::sync::{AcquireError, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// Number of reports that are created at once; each occupies a core.
const AT_ONCE: usize = 2;

/// Turns of all people.
#[derive(Debug)]
pub(super) struct Turns {
    slots: Arc<Semaphore>,
    people: Mutex<HashMap<UserId, Weak<tokio::sync::Mutex<()>>>>,
    waiting: Mutex<Waiting>,
}

/// Permission to create one report; released when dropped.
#[derive(Debug)]
pub(super) struct Turn {
    slot: OwnedSemaphorePermit,
    _own: OwnedMutexGuard<()>,
}

impl Turn {
    /// Ends the turn. If its work is followed by a pause, fewer reports are created at once meanwhile.
    pub(super) fn end(self, work: PausingWork<impl Fn() -> u64>) {
        let Self { slot, .. } = self;
        work.end(slot);
    }
}

/// Tickets of the waiting jobs.
#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    tickets: BTreeSet<Ticket>,
}

/// Ticket that is released when dropped.
struct Held<'a> {
    turns: &'a Turns,
    ticket: Ticket,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        lock(&self.turns.waiting).tickets.remove(&self.ticket);
    }
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            people: Mutex::default(),
            waiting: Mutex::default(),
        }
    }
}

impl Turns {
    /// Waits for a person's turn. Each person has at most one report at a time, so that many requests of one
    /// person do not delay the others.
    pub(super) async fn turn(
        &self,
        person: UserId,
        progress: &ProgressTracker,
    ) -> Result<Turn, AcquireError> {
        let held = self.wait(Queue::OwnReport, progress);
        let own = self.of_person(person).lock_owned().await;
        drop(held);
        let held = self.wait(Queue::Slot, progress);
        let slot = self.slots.clone().acquire_owned().await?;
        drop(held);
        Ok(Turn { slot, _own: own })
    }

    /// Returns the position of a ticket, from 1.
    pub(super) fn place(&self, ticket: Ticket) -> usize {
        lock(&self.waiting).tickets.range(..=ticket).count().max(1)
    }

    fn wait(&self, queue: Queue, progress: &ProgressTracker) -> Held<'_> {
        let mut waiting = lock(&self.waiting);
        let ticket = Ticket(queue, waiting.next);
        waiting.next += 1;
        waiting.tickets.insert(ticket);
        progress.set_waiting(ticket);
        Held { turns: self, ticket }
    }

    fn of_person(&self, person: UserId) -> Arc<tokio::sync::Mutex<()>> {
        let mut people = lock(&self.people);
        people.retain(|_, own| own.strong_count() > 0);
        let known = people.get(&person).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let new = Arc::new(tokio::sync::Mutex::new(()));
            people.insert(person, Arc::downgrade(&new));
            new
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PauseRule;
    use futures::{FutureExt, poll};
    use std::{cell::Cell, pin::pin, time::Duration};

    #[tokio::test]
    async fn one_at_a_time_for_each_person_and_first_come_first_served_between_them() {
        let turns = Turns::default();
        let [ada, ben, cy] = [1, 2, 3].map(UserId);
        let [one, two, three, four, five] = [(); 5].map(|()| ProgressTracker::default());
        let place =
            |progress: &ProgressTracker| progress.ticket().map(|ticket| turns.place(ticket));
        let first = turns.turn(ada, &one).await.expect("a turn");
        let mut second = pin!(turns.turn(ada, &two));
        let mut third = pin!(turns.turn(ada, &three));
        assert!(poll!(&mut second).is_pending() && poll!(&mut third).is_pending());
        let other = turns.turn(ben, &four).now_or_never().expect("no wait").expect("a turn");

        let mut late = pin!(turns.turn(cy, &five));
        assert!(poll!(&mut late).is_pending(), "two at once");
        assert_eq!([&five, &two, &three].map(place), [Some(1), Some(2), Some(3)]);
        drop(first);
        // Ada's next report waits behind Cy's, who arrived during her turn.
        assert!(poll!(&mut second).is_pending());
        let late = late.now_or_never().expect("no wait").expect("a turn");
        assert!(poll!(&mut second).is_pending());
        assert_eq!([&two, &three].map(place), [Some(1), Some(2)]);
        drop(other);
        let second = second.now_or_never().expect("no wait").expect("a turn");
        drop((late, second));
        let third = third.now_or_never().expect("no wait").expect("a turn");
        let other = turns.turn(ben, &four).now_or_never().expect("no wait").expect("a turn");

        let waits = Cell::new(0);
        let work = PauseRule::new(u32::MAX, Duration::from_millis(50)).begin(|| waits.get());
        waits.set(1);
        third.end(work);
        let mut next = pin!(turns.turn(ada, &two));
        assert!(poll!(&mut next).is_pending(), "its slot goes on as a pause");
        drop(next.await.expect("the pause ends"));
        drop(other);
        assert!(lock(&turns.people).len() <= 3);
        assert!(lock(&turns.waiting).tickets.is_empty());
    }
}
