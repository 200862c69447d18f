//! Build step that runs in the background of others. Two concurrent builds keep all cores busy,
//! because each alone ends with a long single-core phase.

use crate::step::{BackgroundProgress, Step};
use anyhow::{Result, bail};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Running background step, which is stopped when this is dropped.
pub(crate) struct BackgroundStep {
    thread: Option<JoinHandle<Result<()>>>,
    progress: Arc<BackgroundProgress>,
}

impl BackgroundStep {
    /// Starts a step.
    pub(crate) fn start(work: impl FnOnce(&Step) -> Result<()> + Send + 'static) -> Self {
        let progress = Arc::new(BackgroundProgress::default());
        let step = Step::in_background(progress.clone());
        Self { thread: Some(thread::spawn(move || work(&step))), progress }
    }

    /// Waits within another step until it is done.
    pub(crate) fn wait(mut self, step: &Step) -> Result<()> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        while !thread.is_finished() {
            step.note(&self.progress.latest());
            thread::sleep(Duration::from_millis(200));
        }
        match thread.join() {
            Ok(result) => result,
            Err(_) => bail!("The step in the background panicked; see above."),
        }
    }
}

impl Drop for BackgroundStep {
    fn drop(&mut self) {
        self.progress.give_up();
        if let Some(thread) = self.thread.take() {
            // The result is no longer needed.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::quietly;
    use std::process::Command;
    use std::time::Instant;

    #[test]
    fn what_comes_of_it_is_progress_to_whoever_waits() {
        let step = Step::start(String::new());
        BackgroundStep::start(|_| Ok(())).wait(&step).unwrap();
        let failing = BackgroundStep::start(|step| {
            quietly(step, Command::new("sh").args(["-c", "echo broken >&2; exit 3"])).map(drop)
        });
        let error = failing.wait(&step).unwrap_err().to_string();
        assert!(error.contains("broken"), "{error}");
    }

    #[test]
    fn given_up_it_ends_its_program() {
        let started = Instant::now();
        drop(BackgroundStep::start(|step| {
            quietly(step, Command::new("sleep").arg("60")).map(drop)
        }));
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
