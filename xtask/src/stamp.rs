//! Stamps that record the inputs of a result, so that it is not built again from the same inputs.

use crate::cargo::kept;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Computes a short hash: the first twenty hexadecimal digits of the SHA-256.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// Runs `make` unless the results exist and were made from the same `inputs`.
pub(crate) fn unless_same(
    name: &str,
    inputs: &str,
    results: &[PathBuf],
    make: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = kept(&format!("{name}.stamp"));
    let same = fs::read_to_string(&stamp).is_ok_and(|kept| kept == inputs);
    if same && results.iter().all(|result| result.exists()) {
        return Ok(());
    }
    // An interrupted run must not leave a valid stamp.
    remove_file(&stamp)?;
    make()?;
    write(&stamp, inputs.as_bytes())
}

/// Reads a file; an error names the file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Writes a file and its parent folders; an error names the file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
}

/// Removes a file if it exists.
pub(crate) fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", path.display()))
        }
        _ => Ok(()),
    }
}

/// Returns all files under a folder, sorted; none if the folder does not exist.
pub(crate) fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_tells_contents_and_their_borders_apart() {
        let of = |parts: [&str; 2]| digest(parts.map(str::as_bytes));
        assert_eq!(of(["roof", "wall"]), of(["roof", "wall"]));
        assert_ne!(of(["roof", "wall"]), of(["roofw", "all"]));
        assert_eq!(of(["", ""]).len(), 20);
    }
}
