//! Shutdown signal for tasks that would otherwise run forever.

use tokio::sync::watch::{self, Receiver, Sender};

/// Receiver of the shutdown signal. It never completes if its sender was dropped without a signal.
#[derive(Clone, Debug)]
pub struct Stopping(Receiver<bool>);

impl Stopping {
    /// Creates a sender and a receiver of the signal.
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
