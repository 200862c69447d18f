//! Toolchain for WebAssembly: the user's own with rustup's target, otherwise Debian's.
//!
//! `PLUMBLINE_WASM_TOOLCHAIN=debian` selects Debian's when both are available.

use crate::apt;
use crate::cargo::{cargo, kept, root, target};
use crate::process::{output_of, quietly, quietly_within};
use crate::stamp::{files_under, write};
use crate::step::Step;
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Target triple of the browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// File in the standard library's folder with the compiler and the flags that it was built with.
const BUILT_WITH: &str = ".built-with";
/// Flags of the standard library: link-time optimisation of the page needs the bitcode of each
/// library.
const LIBRARY_FLAGS: &str = "-C embed-bitcode=yes";

/// Toolchain that can build for WebAssembly.
#[derive(Clone, Debug)]
pub(crate) enum Toolchain {
    /// Toolchain that also builds the server.
    Own,
    /// Debian's toolchain, with its linker.
    Debian { linker: String },
}

impl Toolchain {
    /// Creates a cargo command that builds for WebAssembly, in a separate target folder.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let mut command = cargo(subcommand);
        command.args(["--target", TARGET, "--target-dir", "target/wasm"]);
        if let Self::Debian { linker } = self {
            command.env("RUSTC", DEBIAN_RUSTC);
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command
    }
}

/// Finds or installs a toolchain for WebAssembly.
pub(crate) fn set_up(step: &Step) -> Result<Toolchain> {
    let debian_wanted = env::var("PLUMBLINE_WASM_TOOLCHAIN").is_ok_and(|wanted| wanted == "debian");
    if !debian_wanted && own_library().is_some() {
        step.remark("the toolchain has it");
        return Ok(Toolchain::Own);
    }
    if let Some(toolchain) = debian_ready() {
        step.remark("Debian's rustc");
        return Ok(toolchain);
    }
    let tried = if debian_wanted { Ok(()) } else { add_with_rustup(step) };
    if !debian_wanted && tried.is_ok() && own_library().is_some() {
        step.remark("added by rustup");
        return Ok(Toolchain::Own);
    }
    if apt::can_install() {
        return install_debian(step);
    }
    tried.and_then(|()| bail!("no {TARGET} in this toolchain")).with_context(|| {
        format!(
            "The standard library for {TARGET} is missing. Run `rustup target add {TARGET}`, or \
             on Debian 12 run this once as root."
        )
    })
}

/// Returns the folder of the user's standard library for WebAssembly, if it is installed.
fn own_library() -> Option<PathBuf> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(root()).args(["--print", "target-libdir", "--target", TARGET]);
    let folder = PathBuf::from(output_of(&mut rustc).ok()?);
    has_library(&folder).then_some(folder)
}

fn has_library(folder: &Path) -> bool {
    files_under(folder).is_ok_and(|files| {
        files.iter().any(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

fn add_with_rustup(step: &Step) -> Result<()> {
    let mut rustup = Command::new("rustup");
    rustup.current_dir(root()).args(["target", "add", TARGET]);
    // Retries are disabled, because an unreachable server would only take longer.
    rustup.env("RUSTUP_MAX_RETRIES", "0");
    quietly_within(step, &mut rustup, Some(Duration::from_secs(120))).map(drop)
}

/// Returns Debian's toolchain, if it can already build for WebAssembly.
fn debian_ready() -> Option<Toolchain> {
    let about = debian_about().ok()?;
    let library = debian_library().ok()?;
    let linker = debian_linker(&about).ok()?;
    let built_with = fs::read_to_string(library.join(BUILT_WITH)).ok()?;
    let ready = has_library(&library)
        && built_with == library_of(&about)
        && Path::new("/usr/bin").join(&linker).exists();
    ready.then_some(Toolchain::Debian { linker })
}

fn install_debian(step: &Step) -> Result<Toolchain> {
    apt::install(step, &["rustc-web", "rust-web-src"])?;
    let about = debian_about()?;
    let linker = debian_linker(&about)?;
    apt::install(step, &[&linker.replace("wasm-ld", "lld")])?;
    if debian_ready().is_none() {
        build_library(step, &about)?;
    }
    debian_ready().with_context(|| {
        format!("Debian's rustc still has no {TARGET}. Run `rustup target add {TARGET}` instead.")
    })
}

/// Builds the standard library, because Debian ships only its source: an empty crate makes cargo
/// build it.
fn build_library(step: &Step, about: &str) -> Result<()> {
    step.line("building the standard library for the browser, once");
    let folder = kept("std");
    write(
        &folder.join("Cargo.toml"),
        b"[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    write(&folder.join("src/lib.rs"), b"")?;
    let mut build = cargo("build");
    build.current_dir(&folder).env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    build.env("RUSTFLAGS", LIBRARY_FLAGS);
    build.args(["--release", "-Zbuild-std=std,panic_abort", "--target", TARGET]);
    build.args(["--target-dir", "target"]);
    quietly(step, &mut build)?;

    let library = debian_library()?;
    // Two versions in the same folder would conflict.
    if library.exists() {
        fs::remove_dir_all(&library)?;
    }
    fs::create_dir_all(&library)
        .with_context(|| format!("{} cannot be made", library.display()))?;
    let built = folder.join("target").join(TARGET).join("release/deps");
    for file in files_under(&built)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(&file, library.join(name))?;
        }
    }
    // Objects compiled with another standard library do not match this one, and cargo cannot detect
    // that.
    let page = target("wasm").join(TARGET);
    if page.exists() {
        fs::remove_dir_all(page)?;
    }
    write(&library.join(BUILT_WITH), library_of(about).as_bytes())?;
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Returns the text that identifies a build of the standard library.
fn library_of(about: &str) -> String {
    format!("{about}\n{LIBRARY_FLAGS}\n")
}

fn debian_about() -> Result<String> {
    output_of(Command::new(DEBIAN_RUSTC).arg("-vV"))
}

fn debian_library() -> Result<PathBuf> {
    let sysroot = output_of(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]))?;
    Ok(Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib"))
}

fn debian_linker(about: &str) -> Result<String> {
    let major = llvm_major(about).context("Debian's rustc does not say which LLVM it has")?;
    Ok(format!("wasm-ld-{major}"))
}

/// Returns the compiler's major LLVM version, which the linker's must match.
fn llvm_major(about: &str) -> Option<&str> {
    let version = about.lines().find_map(|line| line.strip_prefix("LLVM version: "))?;
    version.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linker_follows_the_compilers_llvm() {
        let about = "rustc 1.96.0\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.8";
        assert_eq!(debian_linker(about).unwrap(), "wasm-ld-22");
        assert!(debian_linker("rustc 1.96.0").is_err());
    }
}
