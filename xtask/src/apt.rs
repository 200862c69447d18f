//! Debian's packages, where something is missing and this is Debian.

use crate::process::{output_of, quietly};
use crate::step::Step;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// Whether this machine has apt.
pub(crate) fn is_here() -> bool {
    Path::new("/usr/bin/apt-get").exists()
}

/// Whether packages may be installed: apt is here and we are root.
pub(crate) fn can_install() -> bool {
    is_here() && is_root()
}

/// Whether this runs as root.
pub(crate) fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Installs those of `packages` that are not installed.
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
        // The lists of a fresh machine are empty or old.
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
