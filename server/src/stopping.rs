//! Telling what would go on for ever that the server is to stop.

use tokio::sync::watch::{self, Receiver, Sender};

/// Hears when the server is to stop. One that nobody can tell never hears it.
#[derive(Clone, Debug)]
pub struct Stopping(Receiver<bool>);

impl Stopping {
    /// What tells it, and what hears it.
    pub fn channel() -> (Sender<bool>, Self) {
        let (stop, stopping) = watch::channel(false);
        (stop, Self(stopping))
    }

    /// Waits until the server is to stop.
    pub async fn wait(&self) {
        if self.0.clone().wait_for(|stops| *stops).await.is_err() {
            std::future::pending().await
        }
    }
}
