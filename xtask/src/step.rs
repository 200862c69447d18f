//! Terminal output: numbered steps with result and duration.

use anyhow::Result;
use std::cell::{Cell, RefCell};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Interval between progress lines of a long step when the output is not a terminal.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Messages between a background step and the step that waits for it.
#[derive(Default)]
pub(crate) struct BackgroundProgress {
    latest: Mutex<String>,
    given_up: AtomicBool,
}

impl BackgroundProgress {
    /// Replaces the latest note.
    pub(crate) fn note(&self, words: &str) {
        words.clone_into(&mut self.latest.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Tells the background step to stop.
    pub(crate) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// Returns whether the background step should stop.
    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Returns the latest note.
    pub(crate) fn latest(&self) -> String {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Steps of one command, numbered from one.
pub(crate) struct Steps {
    number: usize,
    total: usize,
}

impl Steps {
    /// Creates a counter for `total` steps.
    pub(crate) fn of(total: usize) -> Self {
        Self { number: 0, total }
    }

    /// Runs the next step, and prints its start and its result.
    pub(crate) fn run<T>(
        &mut self,
        title: &str,
        work: impl FnOnce(&Step) -> Result<T>,
    ) -> Result<T> {
        self.number += 1;
        let step = Step::start(format!("[{}/{}] {title}…", self.number, self.total));
        let result = work(&step);
        step.end(if result.is_ok() { "done" } else { "failed" });
        result
    }
}

/// Running step.
pub(crate) struct Step {
    title: String,
    started: Instant,
    spoke: Cell<Instant>,
    interrupted: Cell<bool>,
    remark: RefCell<String>,
    /// Receiver of its notes, if it runs in the background.
    background: Option<Arc<BackgroundProgress>>,
}

impl Step {
    /// Starts a single step without a number.
    pub(crate) fn start(title: String) -> Self {
        print!("{title}");
        flush();
        Self::new(title, None)
    }

    /// Creates a background step. Its notes are shown by the step that waits for it.
    pub(crate) fn in_background(progress: Arc<BackgroundProgress>) -> Self {
        Self::new(String::new(), Some(progress))
    }

    fn new(title: String, background: Option<Arc<BackgroundProgress>>) -> Self {
        let now = Instant::now();
        Self {
            title,
            started: now,
            spoke: Cell::new(now),
            interrupted: Cell::new(false),
            remark: RefCell::default(),
            background,
        }
    }

    /// Returns whether no step waits for it any more.
    pub(crate) fn is_given_up(&self) -> bool {
        self.background.as_ref().is_some_and(|progress| progress.is_given_up())
    }

    /// Shows the present activity: in place on a terminal, otherwise once a minute.
    pub(crate) fn note(&self, words: &str) {
        if let Some(progress) = &self.background {
            progress.note(words);
        } else if std::io::stdout().is_terminal() {
            if self.spoke.get().elapsed() > Duration::from_millis(100) {
                self.spoke.set(Instant::now());
                let words: String = words.chars().take(60).collect();
                print!("\r\x1b[K{}  {words}", self.title);
                flush();
            }
        } else if self.spoke.get().elapsed() > HEARTBEAT {
            self.spoke.set(Instant::now());
            self.line(&format!("{} after {}", words.trim(), self.time()));
        }
    }

    /// Prints a line below the step's title.
    pub(crate) fn line(&self, words: &str) {
        if let Some(progress) = &self.background {
            return progress.note(words);
        }
        if !self.interrupted.replace(true) {
            println!();
        }
        println!("      {words}");
    }

    /// Sets a remark for the step's last line, such as a size.
    pub(crate) fn remark(&self, words: impl Into<String>) {
        self.remark.replace(words.into());
    }

    fn time(&self) -> String {
        let elapsed = self.started.elapsed();
        if elapsed < Duration::from_secs(10) {
            format!("{:.1} s", elapsed.as_secs_f32())
        } else {
            format!("{} s", elapsed.as_secs())
        }
    }

    /// Ends the step with `word`.
    pub(crate) fn end(self, word: &str) {
        let remark = self.remark.borrow();
        let remark = if remark.is_empty() { String::new() } else { format!(" ({remark})") };
        let end = format!("{word} in {}{remark}", self.time());
        if self.interrupted.get() {
            println!("      {end}");
        } else if std::io::stdout().is_terminal() {
            println!("\r\x1b[K{}  {end}", self.title);
        } else {
            println!("  {end}");
        }
    }
}

/// Prints an error with its cause first and the remedy last, where the reader looks.
pub(crate) fn explain(error: &anyhow::Error) {
    let words: Vec<String> = error.chain().map(ToString::to_string).collect();
    eprintln!();
    words.iter().rev().for_each(|said| eprintln!("{}", said.trim_end()));
}

fn flush() {
    // A closed pipe must not stop the build.
    let _ = std::io::stdout().flush();
}
