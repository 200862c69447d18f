//! Which packages are built together, and with which features: said once, because cargo compiles
//! the dependencies anew for every other selection.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What runs on the server or beside it. Not `frontend`: it would turn on `app`'s `hydrate`.
const NATIVE: [&str; 6] = ["domain", "store", "report", "service", "app", "server"];

/// The workspace's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

/// A path under `target/`.
pub(crate) fn target(path: &str) -> PathBuf {
    root().join("target").join(path)
}

/// What this tool keeps for itself between two runs.
pub(crate) fn kept(path: &str) -> PathBuf {
    target("xtask").join(path)
}

/// A cargo command in the workspace, free of what cargo told this program about itself: some
/// build scripts watch those variables, and would run again for nothing.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).arg(subcommand);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let told = name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
            || name.starts_with("CARGO_BIN_")
            || name == "CARGO_PRIMARY_PACKAGE"
            || name == "CARGO_CRATE_NAME";
        if told {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// What the build is made with: this tool, and what it compiles once it runs.
pub(crate) const TOOLS: [&str; 2] = ["xtask", "binder"];

/// The same for one of the tools, in the profile and the target folder that the alias `cargo xtask` names.
/// Each for itself, as it is run, because together their dependencies would have other features.
pub(crate) fn tool(subcommand: &str, package: &str) -> Command {
    let mut command = cargo(subcommand);
    command.args(["--profile", "tool", "--package", package, "--target-dir", "target/tools"]);
    command
}

/// The same for the native packages, in the release profile: what is tested is what is served.
pub(crate) fn native(subcommand: &str) -> Command {
    let mut command = cargo(subcommand);
    command.arg("--release").args(selection());
    command
}

/// The native packages and features as arguments.
pub(crate) fn selection() -> impl Iterator<Item = &'static str> {
    NATIVE.into_iter().flat_map(|package| ["--package", package]).chain(["--features", "app/ssr"])
}
