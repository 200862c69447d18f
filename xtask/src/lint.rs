//! Format check and lints. The two sides of `app` are checked separately, because cargo would
//! otherwise enable both.

use crate::cargo::{TOOLS, cargo, native, tool};
use crate::process::quietly;
use crate::step::Step;
use crate::wasm_toolchain::Toolchain;
use anyhow::{Context, Result};
use std::process::Command;

/// Fails if `cargo fmt` would change a file.
pub(crate) fn format(step: &Step) -> Result<()> {
    quietly(step, cargo("fmt").arg("--check"))
        .map(drop)
        .context("Some files are not formatted. Run `cargo fmt`.")
}

/// Lints the native packages, the tools and the page.
pub(crate) fn lints(step: &Step, toolchain: &Toolchain) -> Result<()> {
    clippy(step, native("clippy").arg("--all-targets"))?;
    for package in TOOLS {
        clippy(step, tool("clippy", package).arg("--all-targets"))?;
    }
    clippy(step, &mut page(toolchain))
}

/// Returns the lint command of the page. Debian has no clippy for its rustc, so the user's clippy
/// then lints the code for the native target; the build checks that it compiles for the browser.
fn page(toolchain: &Toolchain) -> Command {
    let mut command = match toolchain {
        Toolchain::Own => {
            let mut command = toolchain.cargo("clippy");
            command.args(["--profile", "wasm-release"]);
            command
        }
        Toolchain::Debian { .. } => {
            let mut command = cargo("clippy");
            command.arg("--release");
            command
        }
    };
    command.args(["--package", "app", "--package", "frontend", "--features", "app/hydrate"]);
    command
}

fn clippy(step: &Step, command: &mut Command) -> Result<()> {
    quietly(step, command.args(["--", "--deny", "warnings"]))
        .map(drop)
        .context("clippy has something to say. Mend what is named above.")
}
