//! Creation of checkpoints while the server runs: soon after changes, and once more at shutdown.

use std::{future::Future, time::Duration};
use store::{CheckpointError, CheckpointFolder, Checkpointer, Clock, Store};

/// Maximum delay before a checkpoint of a change is started: half of the documented limit.
const EVERY: Duration = Duration::from_secs(5);

/// Creates checkpoints until `stop` completes. An error is logged once and retried.
pub(crate) async fn keep(
    store: Store,
    folder: CheckpointFolder,
    clock: Clock,
    stop: impl Future<Output = ()>,
) {
    let mut keeper = CheckpointTask {
        store,
        folder,
        clock,
        open: None,
        trouble: String::new(),
        clock_warning: String::new(),
    };
    tokio::pin!(stop);
    loop {
        keeper.keep().await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = &mut stop => break,
        }
    }
    keeper.keep().await;
}

struct CheckpointTask {
    store: Store,
    folder: CheckpointFolder,
    clock: Clock,
    open: Option<Checkpointer>,
    /// Last error logged.
    trouble: String,
    /// Last warning about the clock.
    clock_warning: String,
}

impl CheckpointTask {
    async fn keep(&mut self) {
        match self.try_keep().await {
            Ok(()) => self.trouble.clear(),
            Err(error) => {
                let trouble = error.to_string();
                if trouble != self.trouble {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "no checkpoint is made"
                    );
                }
                self.trouble = trouble;
                // The folder is reopened, because the cause may have been fixed meanwhile.
                self.open = None;
            }
        }
    }

    async fn try_keep(&mut self) -> Result<(), CheckpointError> {
        if self.open.is_none() {
            let open = Checkpointer::open(self.store.clone(), self.folder.clone())?;
            tracing::info!(
                folder = %self.folder.path().display(),
                key = %open.public_key(),
                "checkpoints are signed with this key; keep a copy of both elsewhere"
            );
            self.open = Some(open);
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        let kept = open.keep(self.clock.now()).await;
        warn_of_clock(open.clock_warning(), &mut self.clock_warning);
        if let Some(checkpoint) = kept? {
            tracing::debug!(changes = checkpoint.size, "checkpoint");
        }
        Ok(())
    }
}

/// Logs a clock warning once, until the clock is right again.
fn warn_of_clock(warning: Option<&str>, said: &mut String) {
    match warning {
        Some(warning) if said.is_empty() => {
            tracing::warn!("{warning}");
            warning.clone_into(said);
        }
        Some(_) => {}
        None => said.clear(),
    }
}
