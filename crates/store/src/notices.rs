//! Telling whoever is looking that something was committed, whichever node committed it.

use crate::{Error, boxed};
use domain::{ChangeId, InspectionId};
use serde::{Deserialize, Serialize};
use sqlx_postgres::{PgConnection, PgListener, PgNotification, PgPool};
use std::time::Duration;
use tokio::{
    sync::broadcast::{self, Receiver, Sender, error::RecvError},
    task::AbortHandle,
};

/// PostgreSQL's name for what is told.
const CHANNEL: &str = "plumbline";

/// How many notices a subscriber may be behind before it misses some.
const KEPT: usize = 256;

/// The most inspections that are named; PostgreSQL carries at most 8,000 bytes a notice.
const NAMED: usize = 200;

/// How long to wait before PostgreSQL is asked again.
const PATIENCE: Duration = Duration::from_secs(1);

/// Something was committed. It says what, not how it looks: whoever wants to know reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notice {
    /// Changes, all those from the first to the last.
    Changed {
        /// The first of them.
        first: ChangeId,
        /// The last of them.
        last: ChangeId,
        /// The inspections they changed; empty where there are too many to name.
        inspections: Vec<InspectionId>,
    },
    /// Changes were reviewed, flagged or put back, or that was undone.
    Reviewed,
    /// A comment on a change of this inspection was made or taken back.
    Commented(InspectionId),
    /// Some notices were missed: anything may have been committed.
    Missed,
}

impl Notice {
    /// What is told of these changes, if there are any.
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

/// What is committed from the moment of subscribing on.
#[derive(Debug)]
pub struct Notices(Receiver<Notice>);

impl Notices {
    pub(crate) const fn new(receiver: Receiver<Notice>) -> Self {
        Self(receiver)
    }

    /// Waits for the next; `None` once the store is closed. Dropping the wait loses nothing.
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

/// Tells it to every node once the transaction is committed.
pub(crate) async fn notify(tx: &mut PgConnection, notice: &Notice) -> Result<(), Error> {
    let payload = crate::rows::json(notice)?;
    let notify = sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(payload);
    notify.execute(tx).await?;
    Ok(())
}

/// The one connection of this node on which PostgreSQL tells it what any node committed.
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

/// Passes on what PostgreSQL tells. Where the connection breaks, another is made before anybody hears
/// that something was missed, so that reading again then misses nothing.
async fn pass_on(mut listener: PgListener, pool: PgPool, notices: Sender<Notice>) {
    loop {
        match listener.try_recv().await {
            Ok(Some(told)) => {
                let _ = notices.send(read(&told));
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

/// A notice of a newer version may say what this one does not know.
fn read(told: &PgNotification) -> Notice {
    serde_json::from_str(told.payload()).unwrap_or(Notice::Missed)
}
