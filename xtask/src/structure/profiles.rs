//! Settings of single packages in the profiles of `Cargo.toml`, each of which must name a package that is
//! compiled. Cargo only warns of others, in the first lines of a long build.

use anyhow::Result;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Returns a message for each setting of a package that `Cargo.lock` does not have.
pub(super) fn stale_settings(root: &Path) -> Result<Vec<String>> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    Ok(stale(&manifest, &lock))
}

fn stale(manifest: &str, lock: &str) -> Vec<String> {
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = "));
    let locked: BTreeSet<_> = names.map(|name| name.trim_matches('"')).collect();
    let is_stale = |header: &&str| {
        let package = header.split_once(".package.").map_or("*", |(_, package)| package);
        let package = package.trim_matches('"');
        package != "*" && !locked.contains(package)
    };
    let headers =
        manifest.lines().filter_map(|line| line.strip_prefix("[profile.")?.strip_suffix(']'));
    headers
        .filter(is_stale)
        .map(|header| format!("Cargo.toml: [profile.{header}] names no package of Cargo.lock"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_of_a_package_that_is_gone_is_reported() {
        let manifest = "[profile.release]\nlto = \"off\"\n\n[profile.release.package.sha2]\nopt-level = 3\n\n\
                        [profile.dist.package.\"*\"]\nopt-level = 3\n\n[profile.dist.package.\"moxcms\"]\n";
        let lock = |names: &[&str]| {
            names.iter().map(|name| format!("[[package]]\nname = \"{name}\"\n")).collect::<String>()
        };
        assert_eq!(stale(manifest, &lock(&["moxcms", "sha2"])), [""; 0]);
        assert_eq!(
            stale(manifest, &lock(&["moxcms", "sha2-asm"])),
            ["Cargo.toml: [profile.release.package.sha2] names no package of Cargo.lock"]
        );
    }
}
