//! Documentation of all crates, with warnings denied, such as broken links.

use crate::cargo::{TOOLS, native, root, target, tool};
use crate::process::quietly;
use crate::step::{Step, Steps};
use anyhow::{Context, Result};
use std::process::Command;

/// Builds the documentation of the native packages and of the tools.
pub(crate) fn run() -> Result<()> {
    Steps::of(1).run("Building the documentation", |step| {
        document(step, &mut native("doc"))?;
        for package in TOOLS {
            document(step, &mut tool("doc", package))?;
        }
        step.remark(target("doc").strip_prefix(root())?.display().to_string());
        Ok(())
    })
}

fn document(step: &Step, command: &mut Command) -> Result<()> {
    // The variable replaces the flags in `.cargo/config.toml`.
    command.env("RUSTDOCFLAGS", "--cfg erase_components --deny warnings");
    command.args(["--no-deps", "--document-private-items"]);
    quietly(step, command).map(drop).context("The documentation has faults; see above.")
}
