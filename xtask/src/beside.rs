//! Work that goes on beside the steps of a command. Two builds at once keep all cores busy where each
//! alone ends with a long stretch on one of them.

use crate::step::Step;
use anyhow::{Result, bail};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What the work and whoever waits for it tell each other.
#[derive(Default)]
pub(crate) struct Told {
    latest: Mutex<String>,
    given_up: AtomicBool,
}

impl Told {
    /// Says what is being done just now.
    pub(crate) fn note(&self, words: &str) {
        words.clone_into(&mut self.latest.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether nobody waits for the work any more.
    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    fn latest(&self) -> String {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Work under way. Dropped before it is done, it is given up.
pub(crate) struct Beside {
    thread: Option<JoinHandle<Result<()>>>,
    told: Arc<Told>,
}

impl Beside {
    /// Starts it.
    pub(crate) fn start(work: impl FnOnce(&Step) -> Result<()> + Send + 'static) -> Self {
        let told = Arc::new(Told::default());
        let step = Step::beside(told.clone());
        Self { thread: Some(thread::spawn(move || work(&step))), told }
    }

    /// Waits until it is done, within a step.
    pub(crate) fn wait(mut self, step: &Step) -> Result<()> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        while !thread.is_finished() {
            step.note(&self.told.latest());
            thread::sleep(Duration::from_millis(200));
        }
        match thread.join() {
            Ok(result) => result,
            Err(_) => bail!("The work beside the steps broke off; see above."),
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.told.given_up.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // What became of it is of no interest any more.
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
    fn what_comes_of_it_is_told_to_whoever_waits() {
        let step = Step::start(String::new());
        Beside::start(|_| Ok(())).wait(&step).unwrap();
        let failing = Beside::start(|step| {
            quietly(step, Command::new("sh").args(["-c", "echo broken >&2; exit 3"])).map(drop)
        });
        let error = failing.wait(&step).unwrap_err().to_string();
        assert!(error.contains("broken"), "{error}");
    }

    #[test]
    fn given_up_it_ends_its_program() {
        let started = Instant::now();
        drop(Beside::start(|step| quietly(step, Command::new("sleep").arg("60")).map(drop)));
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
