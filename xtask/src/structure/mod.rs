//! Rules about the whole source: no import cycles, no public types with the same name, no access to
//! inspections that bypasses `service`, no missing paths in documents, and no profile settings of packages
//! that are gone.

mod access;
mod allowed;
mod cycles;
mod documents;
mod imports;
mod profiles;
mod source;
mod type_names;

use crate::cargo::root;
use crate::step::Step;
use anyhow::{Context, Result, bail};
use source::Crate;
use std::fs;
use std::path::{Path, PathBuf};

/// Environment variable that removes obsolete entries from the lists of exceptions.
pub(crate) const SHRINK: &str = "SHRINK_EXCEPTIONS";

/// Checks all rules, and reports each violation.
pub(crate) fn check(step: &Step) -> Result<()> {
    let crates = crates(root())?;
    let mut problems = allowed::problems(
        "xtask/exceptions/import-cycles.txt",
        crates.iter().flat_map(|(package, krate)| {
            cycles::of(krate)
                .into_iter()
                .map(move |it| (format!("{package}: {}", it.name), it.explanation))
        }),
    )?;
    problems.extend(allowed::problems(
        "xtask/exceptions/type-names.txt",
        type_names::shared(crates.iter().map(|(_, krate)| krate)),
    )?);
    problems.extend(allowed::problems(
        "xtask/exceptions/unchecked-calls.txt",
        access::unchecked_calls()?.into_iter(),
    )?);
    problems.extend(documents::missing_paths(root())?);
    problems.extend(profiles::stale_settings(root())?);
    problems.iter().for_each(|problem| step.line(problem));
    match problems.len() {
        0 => Ok(()),
        1 => bail!("The source breaks a rule; see above."),
        count => bail!("The source breaks rules in {count} places; see above."),
    }
}

/// Returns every crate of the workspace by folder name: its library, or its program if it has no
/// library.
fn crates(root: &Path) -> Result<Vec<(String, Crate)>> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let mut crates = Vec::new();
    for folder in members(&manifest).context("Cargo.toml names no members")? {
        let source = root.join(folder).join("src");
        let roots: [PathBuf; 2] = ["lib.rs", "main.rs"].map(|file| source.join(file));
        let file = roots.iter().find(|file| file.is_file());
        let file = file.with_context(|| format!("{folder} has neither lib.rs nor main.rs"))?;
        let name = folder.rsplit('/').next().unwrap_or(folder);
        crates.push((name.to_owned(), Crate::read(root, file)?));
    }
    Ok(crates)
}

/// Returns the folders in the workspace's list of members.
fn members(manifest: &str) -> Option<impl Iterator<Item = &str>> {
    let (list, _) = manifest.split_once("members = [")?.1.split_once(']')?;
    Some(list.split('"').skip(1).step_by(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_of_the_workspace_is_read() {
        let manifest = "[workspace]\nmembers = [\"crates/domain\",\n  \"app\"]\n";
        assert_eq!(members(manifest).unwrap().collect::<Vec<_>>(), ["crates/domain", "app"]);
        assert!(members("[package]").is_none());
    }

    /// Creates a crate from these files in a temporary folder, which is removed after reading.
    pub(super) fn krate(files: &[(&str, &str)]) -> Crate {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir()
            .join(format!("plumbline-structure-{}-{number}", std::process::id()));
        for (file, text) in files {
            crate::stamp::write(&root.join(file), text.as_bytes()).unwrap();
        }
        let krate = Crate::read(&root, &root.join("lib.rs"));
        fs::remove_dir_all(&root).unwrap();
        krate.unwrap()
    }
}
