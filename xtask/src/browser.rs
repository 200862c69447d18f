//! Browser for Playwright: its own if it could be downloaded, otherwise the system's. Without a window, that is
//! Chromium's headless shell, which needs half of the processor time of the whole browser.

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

/// Debian's package of the headless shell, and its program.
const HEADLESS_SHELL: &str = "chromium-headless-shell";

/// Debian's package of the whole browser, and its program.
const CHROMIUM: &str = "chromium";

/// Finds or installs a browser. `None` means Playwright's own. `args` are Playwright's; some of them show the
/// browser.
pub(crate) fn find(step: &Step, end2end: &Path, args: &[String]) -> Result<Option<PathBuf>> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        return Ok(Some(chosen.into()));
    }
    if playwrights_own(end2end) {
        return Ok(None);
    }
    let wanted = if is_shown(args) { CHROMIUM } else { HEADLESS_SHELL };
    if let Some(browser) = on_path(wanted) {
        return Ok(Some(browser));
    }
    let whole = on_path(CHROMIUM);
    if apt::can_install() {
        match apt::install(step, &[wanted]) {
            Ok(()) => {
                let browser = on_path(wanted);
                return browser.map(Some).context("Debian's browser is not where it should be");
            }
            Err(error) if whole.is_none() => return Err(error),
            Err(error) => step.line(&format!("{error:#}; the tests use the whole browser instead")),
        }
    }
    if whole.is_some() {
        return Ok(whole);
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

/// Returns whether Playwright shows the browser with these arguments.
fn is_shown(args: &[String]) -> bool {
    let shows =
        |arg: &str| ["--headed", "--debug", "--ui"].contains(&arg) || arg.starts_with("--ui-");
    args.iter().any(|arg| shows(arg))
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|browser| browser.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_arguments_show_the_browser() {
        let shown =
            |args: &[&str]| is_shown(&args.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(shown(&["specs/story.spec.ts", "--headed"]) && shown(&["--ui-port=0"]));
        assert!(!shown(&[]) && !shown(&["-g", "a page headed by its title", "--workers=1"]));
    }
}
