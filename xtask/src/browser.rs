//! Browser for Playwright: its own if it could be downloaded, otherwise the system's.

use crate::apt;
use crate::process::{output_of, quietly};
use crate::step::Step;
use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Environment variable that selects the browser in Playwright's configuration. A value set by the
/// user is kept.
pub(crate) const VARIABLE: &str = "PLUMBLINE_CHROMIUM";

/// Finds or installs a browser. `None` means Playwright's own.
pub(crate) fn find(step: &Step, end2end: &Path) -> Result<Option<PathBuf>> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        return Ok(Some(chosen.into()));
    }
    if playwrights_own(end2end) {
        return Ok(None);
    }
    if let Some(browser) = systems() {
        return Ok(Some(browser));
    }
    if apt::can_install() {
        apt::install(step, &["chromium"])?;
        return systems().map(Some).context("Debian's chromium is not where it should be");
    }
    let mut install = Command::new("npx");
    install.current_dir(end2end).args(["playwright", "install", "chromium"]);
    quietly(step, &mut install).with_context(|| {
        format!("There is no browser. Install Chromium, or name one in {VARIABLE}.")
    })?;
    Ok(None)
}

fn playwrights_own(end2end: &Path) -> bool {
    let script = "console.log(require('@playwright/test').chromium.executablePath())";
    let mut node = Command::new("node");
    node.current_dir(end2end).args(["-e", script]);
    output_of(&mut node).is_ok_and(|path| Path::new(&path).exists())
}

fn systems() -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join("chromium"))
        .find(|browser| browser.is_file())
}
