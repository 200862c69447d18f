//! Notices of committed changes, sent to the subscribers of all nodes.

use crate::{Error, boxed};
use domain::id::{ChangeId, InspectionId};
use serde::{Deserialize, Serialize};
use sqlx_postgres::{PgListener, PgNotification, PgPool};
use std::time::Duration;
use tokio::{
    sync::broadcast::{self, Receiver, Sender, error::RecvError},
    task::AbortHandle,
};

/// Name of the PostgreSQL notification channel.
const CHANNEL: &str = "plumbline";

/// Number of notices that a subscriber may lag behind before it misses some.
const KEPT: usize = 256;

/// Maximum number of inspections named in a notice, because PostgreSQL limits a payload to 8,000
/// bytes.
const NAMED: usize = 200;

/// Delay before the connection to PostgreSQL is tried again.
const PATIENCE: Duration = Duration::from_secs(1);

/// Notice that something was committed. It names the objects and not their content, which
/// subscribers read themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notice {
    /// Changes were made.
    Changed {
        /// Id of the first change.
        first: ChangeId,
        /// Id of the last change.
        last: ChangeId,
        /// The inspections they changed; empty if there are too many to name.
        inspections: Vec<InspectionId>,
    },
    /// Changes were reviewed, flagged or reset, or such an action was undone.
    Reviewed,
    /// A comment on a change of this inspection was added or deleted.
    Commented(InspectionId),
    /// Notices were missed: anything may have been committed.
    Missed,
}

impl Notice {
    /// Returns the notice of these changes; `None` if there are none.
    pub(crate) fn changed(made: &[(ChangeId, InspectionId)]) -> Option<Self> {
        let first = made.iter().map(|(change, _)| *change).min()?;
        let last = made.iter().map(|(change, _)| *change).max()?;
        let mut inspections: Vec<_> = made.iter().map(|(_, inspection)| *inspection).collect();
        inspections.sort_unstable();
        inspections.dedup();
        if inspections.len() > NAMED {
            inspections.clear();
        }
        Some(Self::Changed { first, last, inspections })
    }
}

/// Subscription to notices, from the time of subscribing on.
#[derive(Debug)]
pub struct Notices(Receiver<Notice>);

impl Notices {
    pub(crate) const fn new(receiver: Receiver<Notice>) -> Self {
        Self(receiver)
    }

    /// Waits for the next notice; `None` once the store is closed. It is cancel safe.
    #[boxed]
    pub async fn next(&mut self) -> Option<Notice> {
        match self.0.recv().await {
            Ok(notice) => Some(notice),
            Err(RecvError::Lagged(_)) => Some(Notice::Missed),
            Err(RecvError::Closed) => None,
        }
    }
}

pub(crate) fn channel() -> Sender<Notice> {
    broadcast::channel(KEPT).0
}

/// Returns the arguments of PostgreSQL's `pg_notify`, which sends a notice to every node once the
/// transaction is committed.
pub(crate) fn notification(notice: &Notice) -> Result<(&'static str, String), Error> {
    Ok((CHANNEL, crate::json::to_json(notice)?))
}

/// The one connection of this node that listens to the notices of all nodes.
#[derive(Debug)]
pub(crate) struct Listener {
    notices: Sender<Notice>,
    task: AbortHandle,
}

impl Listener {
    pub(crate) async fn start(pool: &PgPool) -> Result<Self, Error> {
        let notices = channel();
        let first = listen(pool).await?;
        let task = tokio::spawn(pass_on(first, pool.clone(), notices.clone())).abort_handle();
        Ok(Self { notices, task })
    }

    pub(crate) fn subscribe(&self) -> Receiver<Notice> {
        self.notices.subscribe()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Forwards notices from PostgreSQL to the subscribers. After a broken connection it reconnects
/// before it sends [`Notice::Missed`], so that subscribers who then read again miss nothing.
async fn pass_on(mut listener: PgListener, pool: PgPool, notices: Sender<Notice>) {
    loop {
        match listener.try_recv().await {
            Ok(Some(notification)) => {
                let _ = notices.send(read(&notification));
                continue;
            }
            Ok(None) => tracing::warn!("the connection that listens to PostgreSQL broke"),
            Err(error) => tracing::warn!(%error, "listening to PostgreSQL failed"),
        }
        listener = loop {
            match listen(&pool).await {
                Ok(listener) => break listener,
                Err(error) => tracing::warn!(%error, "PostgreSQL cannot be listened to yet"),
            }
            tokio::time::sleep(PATIENCE).await;
        };
        let _ = notices.send(Notice::Missed);
    }
}

/// Decodes a notice. One of a newer version may be unknown here and counts as missed.
fn read(notification: &PgNotification) -> Notice {
    serde_json::from_str(notification.payload()).unwrap_or(Notice::Missed)
}
