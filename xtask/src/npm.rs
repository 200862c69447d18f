//! Installation of npm tools, pinned by a lock file per folder.

use crate::cargo::root;
use crate::process::{quietly, succeeds};
use crate::stamp::{digest, read, write};
use crate::step::Step;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Installs the packages in the lock file of `folder`, unless they are installed. Returns the
/// folder.
pub(crate) fn install(step: &Step, folder: &str) -> Result<PathBuf> {
    let folder = root().join(folder);
    let lock = digest([read(&folder.join("package-lock.json"))?.as_slice()]);
    // The stamp is inside `node_modules`, so that it is removed with the folder.
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|kept| kept == lock) {
        return Ok(folder);
    }
    if !succeeds(Command::new("npm").arg("--version")) {
        bail!("npm is missing. Install Node.js 20 or newer, then run this again.");
    }
    let mut npm = Command::new("npm");
    npm.current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    // The `browser` module handles the browser's download.
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    quietly(step, &mut npm).context("npm could not install its packages. Check the network.")?;
    write(&stamp, lock.as_bytes())?;
    Ok(folder)
}
