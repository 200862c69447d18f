//! Cargo commands with a fixed selection of packages and features, because cargo recompiles the
//! dependencies for every other selection.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Packages of the server side. `frontend` is excluded, because it would enable the `hydrate`
/// feature of `app`.
const NATIVE: [&str; 8] =
    ["change-index", "domain", "store", "report", "service", "demo", "app", "server"];

/// Profile of the server for other machines, and its folder in `target/`.
pub(crate) const SHIPPED_PROFILE: &str = "dist";

/// Returns the root folder of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

/// Returns a path under `target/`.
pub(crate) fn target(path: &str) -> PathBuf {
    root().join("target").join(path)
}

/// Returns the path of a file that this tool keeps between runs.
pub(crate) fn kept(path: &str) -> PathBuf {
    target("xtask").join(path)
}

/// Creates a cargo command in the workspace. The environment variables that cargo set for this
/// program are removed, because some build scripts watch them and would run again.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).arg(subcommand);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let is_inherited = name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
            || name.starts_with("CARGO_BIN_")
            || name == "CARGO_PRIMARY_PACKAGE"
            || name == "CARGO_CRATE_NAME";
        if is_inherited {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// Packages of the build tools: this one, and the one it compiles when it runs.
pub(crate) const TOOLS: [&str; 2] = ["xtask", "binder"];

/// Creates a cargo command for one build tool, with the profile and target folder of the alias
/// `cargo xtask`. Each tool is built alone, because together their dependencies would get different
/// features.
pub(crate) fn tool(subcommand: &str, package: &str) -> Command {
    let mut command = cargo(subcommand);
    command.args(["--profile", "tool"]).args(tool_selection(package));
    command
}

/// Returns the arguments that select one build tool and its target folder.
pub(crate) fn tool_selection(package: &str) -> [&str; 4] {
    ["--package", package, "--target-dir", "target/tools"]
}

/// Creates a cargo command for the native packages in the release profile, so that the tested code
/// is the served code.
pub(crate) fn native(subcommand: &str) -> Command {
    let mut command = cargo(subcommand);
    command.arg("--release").args(selection());
    command
}

/// Returns the arguments that select the native packages and features.
pub(crate) fn selection() -> impl Iterator<Item = &'static str> {
    NATIVE.into_iter().flat_map(|package| ["--package", package]).chain(["--features", "app/ssr"])
}
