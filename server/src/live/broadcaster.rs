//! Broadcaster of store notices to all event streams. One task gathers the notices of a short
//! interval, reads the details once, and sends the same message to all streams. The database load
//! is therefore independent of the number of streams.

use super::event_batch::EventBatch;
use crate::streams::{StreamLimits, StreamPlace, Streams};
use app::error::AppError;
use domain::id::{ChangeId, InspectionId, UserId};
use std::{
    collections::{BTreeSet, HashSet},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};
use store::{Clock, Error, Notice, Notices, Store};
use tokio::sync::{
    OnceCell,
    broadcast::{self, Receiver, Sender, error::RecvError},
};

/// Minimum interval over which notices are gathered.
const TOGETHER: Duration = Duration::from_millis(100);

/// Maximum interval, because a thousand open pages must be told of a change within a second.
const LATEST: Duration = Duration::from_millis(750);

/// Returns the interval for a number of streams: 3 ms for each, so that the CPU load with hundreds
/// of streams is the same as with thirty.
fn gathering_time(streams: usize) -> Duration {
    let by_streams = Duration::from_millis(3) * u32::try_from(streams).unwrap_or(u32::MAX);
    by_streams.clamp(TOGETHER, LATEST)
}

/// Number of messages a stream may lag behind before it misses some.
const KEPT: usize = 64;

/// Broadcaster that all streams subscribe to. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    clock: Clock,
    batches: OnceCell<Sender<Arc<EventBatch>>>,
    streams: Streams,
}

impl Live {
    /// Creates a broadcaster with limits to the number of streams.
    pub(crate) fn new(store: Store, clock: Clock, limits: StreamLimits) -> Self {
        let (batches, streams) = (OnceCell::new(), Streams::new(limits));
        Self(Arc::new(Inner { store, clock, batches, streams }))
    }

    /// Subscribes a person at an address. The broadcasting task starts with the first subscriber.
    ///
    /// # Errors
    /// The database failed, or the maximum number of streams is open.
    pub(crate) async fn listen(&self, user: UserId, address: IpAddr) -> Result<Listener, AppError> {
        let place = self.0.streams.admit(user, address)?;
        let batches = self.0.batches.get_or_try_init(|| async {
            let notices = self.0.store.notices().await?;
            let (batches, _) = broadcast::channel(KEPT);
            let Inner { store, clock, streams, .. } = &*self.0;
            let (store, clock, streams) = (store.clone(), *clock, streams.clone());
            tokio::spawn(broadcast_all(notices, store, clock, streams, batches.clone()));
            Ok::<_, Error>(batches)
        });
        Ok(Listener { batches: batches.await?.subscribe(), place })
    }
}

/// Subscription of one stream.
pub(crate) struct Listener {
    batches: Receiver<Arc<EventBatch>>,
    place: StreamPlace,
}

/// Message to one stream.
pub(crate) enum Heard {
    /// Changes and reviews of a short interval.
    Batch(Arc<EventBatch>),
    /// Another stream has replaced this one.
    Displaced,
    /// The broadcaster has ended.
    End,
}

impl Listener {
    /// Waits for the next message.
    pub(crate) async fn next(&mut self) -> Heard {
        let batch = tokio::select! {
            batch = self.batches.recv() => batch,
            () = self.place.displaced() => return Heard::Displaced,
        };
        match batch {
            Ok(batch) => Heard::Batch(batch),
            Err(RecvError::Lagged(_)) => {
                Heard::Batch(Arc::new(EventBatch { missed: true, ..EventBatch::default() }))
            }
            Err(RecvError::Closed) => Heard::End,
        }
    }
}

async fn broadcast_all(
    mut notices: Notices,
    store: Store,
    clock: Clock,
    streams: Streams,
    batches: Sender<Arc<EventBatch>>,
) {
    while let Some(first) = notices.next().await {
        let mut gathered = Gathered::default();
        gathered.add(first);
        let until = tokio::time::Instant::now() + gathering_time(streams.total());
        let closed = loop {
            match tokio::time::timeout_at(until, notices.next()).await {
                Ok(Some(notice)) => gathered.add(notice),
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        let users = streams.users();
        if !users.is_empty() {
            let read = gathered.read(&store, clock, users).await;
            // If the details cannot be read, streams learn that events were missed.
            let read = read.unwrap_or_else(|error| {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "what happened cannot be read for those who listen");
                EventBatch { missed: true, ..EventBatch::default() }
            });
            // All subscribers may have left meanwhile.
            drop(batches.send(Arc::new(read)));
        }
        if closed {
            return;
        }
    }
}

/// Notices of one interval.
#[derive(Debug, Default)]
struct Gathered {
    changes: Option<(ChangeId, ChangeId)>,
    commented: BTreeSet<InspectionId>,
    reviewed: bool,
    missed: bool,
}

impl Gathered {
    fn add(&mut self, notice: Notice) {
        match notice {
            Notice::Changed { first, last, .. } => {
                let (from, to) = self.changes.unwrap_or((first, last));
                self.changes = Some((from.min(first), to.max(last)));
            }
            Notice::Reviewed => self.reviewed = true,
            Notice::Commented(inspection) => drop(self.commented.insert(inspection)),
            Notice::Missed => self.missed = true,
        }
    }

    async fn read(
        self,
        store: &Store,
        clock: Clock,
        users: Vec<UserId>,
    ) -> Result<EventBatch, Error> {
        let sessions = store.session_roles(&users, clock.now()).await?;
        let changed = match self.changes {
            Some((first, last)) => store.concerned_by_changes(first, last).await?,
            None => Vec::new(),
        };
        let commented = match self.commented.is_empty() {
            true => Vec::new(),
            false => store.concerned(&self.commented.into_iter().collect::<Vec<_>>()).await?,
        };
        let (reviewed, missed) = (self.reviewed, self.missed);
        let (last, asked) = (self.changes.map(|(_, last)| last), HashSet::from_iter(users));
        Ok(EventBatch { last, changed, commented, reviewed, missed, asked, sessions })
    }
}
