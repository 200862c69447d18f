//! Development server that rebuilds and restarts after changes.

use crate::build;
use crate::cargo::{root, target};
use crate::children::{self, Running};
use crate::finish::Finish;
use crate::step::{Steps, explain};
use crate::wasm_toolchain::Toolchain;
use crate::{frontend, server};
use anyhow::{Context, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

/// Watched folders. A change in `style` needs no compiler.
const FOLDERS: [&str; 6] = ["crates", "app", "server", "frontend", "migrations", "style"];
/// Pause after the last change before a build, because an editor writes several files when it
/// saves.
const QUIET: Duration = Duration::from_millis(300);

/// Serves the demo, and restarts it after every change, until Ctrl-C.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    server::require_free(&server::address(args, env::var("PLUMBLINE_ADDR").ok()))?;
    let (_watcher, changes) = watch()?;
    let toolchain = build::set_up(&mut Steps::of(1))?;
    let mut serving = Serving { child: None, built: None, args: args.to_vec() };
    let mut only_style = false;
    loop {
        match rebuild(&toolchain, only_style) {
            Ok(()) => serving.restart_if_new()?,
            Err(error) => explain(&error),
        }
        println!("Waiting for a change. Ctrl-C ends.");
        only_style = next_change(&changes)?;
    }
}

fn rebuild(toolchain: &Toolchain, only_style: bool) -> Result<()> {
    if only_style && frontend::bound(Finish::Quick).exists() {
        return build::style_and_site(&mut Steps::of(build::STYLE_STEPS), Finish::Quick);
    }
    build::with(&mut Steps::of(build::STEPS - 1), toolchain, Finish::Quick)
}

/// Running server, and the time of its build.
struct Serving {
    child: Option<Running>,
    built: Option<SystemTime>,
    args: Vec<String>,
}

impl Serving {
    fn restart_if_new(&mut self) -> Result<()> {
        let built = target("debug/plumbline").metadata()?.modified()?;
        let runs = match &mut self.child {
            Some(child) => child.try_wait()?.is_none(),
            None => false,
        };
        if runs && self.built == Some(built) {
            return Ok(());
        }
        // The old server must release the port first.
        self.child = None;
        println!();
        let started = children::spawn(&mut server::command("debug", &self.args));
        self.child = Some(started.context("The server cannot be started")?);
        self.built = Some(built);
        Ok(())
    }
}

/// Returns a watcher and a channel of changed paths; the channel ends with the watcher.
fn watch() -> Result<(RecommendedWatcher, Receiver<PathBuf>)> {
    let (tell, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let Ok(event) = event else { return };
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        for path in event.paths {
            // The receiver is only dropped when the program ends.
            let _ = tell.send(path);
        }
    })?;
    for folder in FOLDERS.map(|folder| root().join(folder)) {
        if folder.exists() {
            watcher.watch(&folder, RecursiveMode::Recursive).context(
                "The sources cannot be watched. Raise fs.inotify.max_user_watches, perhaps.",
            )?;
        }
    }
    Ok((watcher, changes))
}

/// Waits for the next change and a pause after it. Returns whether only the style changed.
fn next_change(changes: &Receiver<PathBuf>) -> Result<bool> {
    let style = root().join("style");
    let mut only_style = changes.recv()?.starts_with(&style);
    while let Ok(path) = changes.recv_timeout(QUIET) {
        only_style &= path.starts_with(&style);
    }
    Ok(only_style)
}
