//! The page's files under names that tell their content, so that browsers may keep them for ever.

use crate::frontend::{NAME, SPLIT};
use crate::stamp::{digest, files_under, read};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What stands in `pkg/`.
#[derive(Debug)]
pub(crate) struct Package {
    /// The files by their paths.
    pub(crate) files: BTreeMap<PathBuf, Vec<u8>>,
    /// The text of `hash.txt`, from which the server learns the names.
    pub(crate) hashes: String,
    /// The name of the module that every page needs.
    pub(crate) first: String,
    /// The names of the modules that some pages fetch.
    pub(crate) later: Vec<String>,
}

/// The package of a bound page and a style.
pub(crate) fn of(page: &Path, style: &str) -> Result<Package> {
    let mut files = BTreeMap::new();
    let mut later = Vec::new();
    let main = format!("{NAME}_bg.wasm");
    let text = |name: &str| {
        fs::read_to_string(page.join(name)).with_context(|| format!("{name} cannot be read"))
    };
    let (mut script, mut split) = (text(&format!("{NAME}.js"))?, text(&format!("{SPLIT}.js"))?);

    for file in files_under(page)? {
        let path = file.strip_prefix(page)?;
        let name = path.to_string_lossy().into_owned();
        if name.starts_with("snippets") {
            files.insert(path.to_owned(), read(&file)?);
        } else if let Some(stem) = name.strip_suffix(".wasm").filter(|_| name != main) {
            let bytes = read(&file)?;
            let hashed = format!("{stem}.{}", digest([bytes.as_slice()]));
            split = split.replace(&format!("\"./{name}\""), &format!("\"./{hashed}.wasm\""));
            later.push(format!("{hashed}.wasm"));
            files.insert(format!("{hashed}.wasm").into(), bytes);
        }
    }
    let module = read(&page.join(main))?;
    let wasm = digest([module.as_slice()]);
    // Each of the two scripts names the other, so they share a hash.
    let js = digest([script.as_bytes(), split.as_bytes()]);
    // Where it is imported; the module's own name for it stays.
    script = script
        .replace(&format!("from './{SPLIT}.js'"), &format!("from './{SPLIT}.{js}.js'"))
        .replace(&format!("from \"./{SPLIT}.js\""), &format!("from \"./{SPLIT}.{js}.js\""));
    split = split.replace(&format!("\"./{NAME}.js\""), &format!("\"./{NAME}.{js}.js\""));
    let css = digest([style.as_bytes()]);

    let first = format!("{NAME}.{wasm}.wasm");
    files.insert(first.clone().into(), module);
    files.insert(format!("{NAME}.{js}.js").into(), script.into_bytes());
    files.insert(format!("{SPLIT}.{js}.js").into(), split.into_bytes());
    files.insert(format!("{NAME}.{css}.css").into(), style.as_bytes().to_vec());
    let hashes = format!("js: {js}\nwasm: {wasm}\ncss: {css}\n");
    Ok(Package { files, hashes, first, later })
}
