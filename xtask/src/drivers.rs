//! Firefox and WebKit, and the programs that drive them by the WebDriver protocol.

use crate::apt;
use crate::cargo::kept;
use crate::process::{quietly, succeeds};
use crate::step::Step;
use anyhow::{Context, Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Tells the tests where geckodriver is.
pub(crate) const GECKODRIVER: &str = "PLUMBLINE_GECKODRIVER";

/// Debian's packages with the browsers, the driver of WebKit, and a screen for it.
const PACKAGES: [&str; 4] = ["firefox-esr", "webkit2gtk-driver", "xvfb", "xauth"];

/// Installs what is missing, as far as possible, and gives the path of geckodriver.
pub(crate) fn set_up(step: &Step) -> Result<PathBuf> {
    if apt::can_install() {
        apt::install(step, &PACKAGES)?;
    }
    geckodriver(step)
}

/// The driver of Firefox: on the path, or compiled once.
fn geckodriver(step: &Step) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(GECKODRIVER) {
        return Ok(chosen.into());
    }
    if succeeds(Command::new("geckodriver").arg("--version")) {
        return Ok("geckodriver".into());
    }
    let folder = kept("geckodriver");
    let program = folder.join("bin/geckodriver");
    if !program.exists() {
        step.line("compiling geckodriver, once");
        let mut install = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        install.args(["install", "--locked", "--debug", "geckodriver", "--root"]).arg(&folder);
        quietly(step, &mut install).with_context(|| {
            format!("Install geckodriver, or name it in {GECKODRIVER}, to test in Firefox.")
        })?;
    }
    if !program.exists() {
        bail!("cargo installed no {}", program.display());
    }
    Ok(program)
}
