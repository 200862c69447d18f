//! Computes the edition of the data that travels between the server and its pages.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

/// Sources that decide how values are encoded, relative to this package.
const SOURCES: [&str; 3] = ["src", "../crates/domain/src", "../Cargo.lock"];

/// Sets `PLUMBLINE_EDITION` to a hash of the sources, by which both compilations of this package agree and
/// which differs from that of any other build. Paths are hashed relative to the package, so the folder of
/// the workspace does not matter.
fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
        collect(Path::new(source), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    println!("cargo:rustc-env=PLUMBLINE_EDITION={:016x}", hasher.finish());
    Ok(())
}

/// Adds the files at and below `path`.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
