//! Installation of missing Debian packages with apt.

use crate::process::{output_of, quietly};
use crate::step::Step;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// Returns whether this machine has apt.
pub(crate) fn is_here() -> bool {
    Path::new("/usr/bin/apt-get").exists()
}

/// Returns whether packages can be installed: apt exists and the user is root.
pub(crate) fn can_install() -> bool {
    is_here() && is_root()
}

/// Returns whether the user is root.
pub(crate) fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Installs the packages that are missing.
pub(crate) fn install(step: &Step, packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    if !is_root() {
        bail!("These packages are missing and only root can install them: `{by_hand}`");
    }
    step.line(&format!("installing {}", missing.join(", ")));
    if quietly(step, apt_get("install").args(&missing)).is_err() {
        // The package lists of a fresh machine are empty or out of date.
        quietly(step, &mut apt_get("update"))
            .and_then(|_| quietly(step, apt_get("install").args(&missing)))
            .with_context(|| format!("Check the network, then install by hand: `{by_hand}`"))?;
    }
    Ok(())
}

fn is_installed(package: &str) -> bool {
    output_of(
        Command::new("dpkg-query")
            .args(["--show", "--showformat=${db:Status-Status}"])
            .arg(package),
    )
    .is_ok_and(|status| status == "installed")
}

fn apt_get(subcommand: &str) -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args([
        "--yes",
        "--no-install-recommends",
        "-oDPkg::Lock::Timeout=300",
        subcommand,
    ]);
    command
}
