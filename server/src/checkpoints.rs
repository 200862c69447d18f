//! Creation of checkpoints while the server runs: soon after changes, and once more at shutdown.

use std::{future::Future, time::Duration};
use store::{CheckpointError, CheckpointFolder, Checkpointer, Clock, Store};

/// Maximum delay before a checkpoint of a change is started: half of the documented limit.
const EVERY: Duration = Duration::from_secs(5);

/// Creates checkpoints until `stop` completes. An error of the disk or the database is logged once and
/// retried; after any other, such as a checkpoint that does not fit the record, none is made until the
/// server is started again.
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
        is_over: false,
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
    /// Whether an error was found that a person has to look into.
    is_over: bool,
    /// Last error logged.
    trouble: String,
    /// Last warning about the clock.
    clock_warning: String,
}

impl CheckpointTask {
    async fn keep(&mut self) {
        if self.is_over {
            return;
        }
        match self.try_keep().await {
            Ok(()) => self.trouble.clear(),
            Err(error) if error.is_lasting() => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "no checkpoint is made any more, so new changes are not protected: find out the \
                     cause with `plumbline verify`, and start the server again"
                );
                self.is_over = true;
                // It is not continued, and its memory is released.
                self.open = None;
            }
            Err(error) => {
                let trouble = error.to_string();
                if trouble != self.trouble {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "no checkpoint is made"
                    );
                }
                self.trouble = trouble;
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[tokio::test]
    async fn an_error_for_a_person_ends_it_and_any_other_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let url = format!("sqlite://{}", path("plumbline.db").display());
        let store = Store::open(&url, path("objects").to_str().unwrap()).await.unwrap();
        store.migrate().await.unwrap();
        // A file is in the place of the folder.
        fs::write(path("checkpoints"), "").unwrap();
        let mut task = CheckpointTask {
            store,
            folder: CheckpointFolder::at(path("checkpoints")),
            clock: Clock::system(),
            open: None,
            is_over: false,
            trouble: String::new(),
            clock_warning: String::new(),
        };
        task.keep().await;
        assert!(!task.is_over && !task.trouble.is_empty());
        fs::remove_file(path("checkpoints")).unwrap();
        task.keep().await;
        assert!(task.trouble.is_empty() && task.open.is_some());
        task.open = None;
        fs::write(path("checkpoints").join("frontier"), "altered").unwrap();
        task.keep().await;
        assert!(task.is_over);
        fs::remove_file(path("checkpoints").join("frontier")).unwrap();
        task.keep().await;
        assert!(task.open.is_none(), "it is not tried again");
    }
}
