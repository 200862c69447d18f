//! Page files named by their content hash, so that browsers may cache them forever.

use crate::frontend::{NAME, SPLIT};
use crate::stamp::{digest, files_under, read};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Contents of `pkg/`.
#[derive(Debug)]
pub(crate) struct PageFiles {
    /// Files by path.
    pub(crate) files: BTreeMap<PathBuf, Vec<u8>>,
    /// Text of `hash.txt`, from which the server reads the names.
    pub(crate) hashes: String,
    /// Name of the initial module.
    pub(crate) first: String,
    /// Names of the modules loaded on demand.
    pub(crate) later: Vec<String>,
}

/// Names the files of a bound page and a style.
pub(crate) fn of(page: &Path, style: &str) -> Result<PageFiles> {
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
    // The two scripts import each other, so they share a hash.
    let js = digest([script.as_bytes(), split.as_bytes()]);
    // Only the import is replaced; the module's internal name stays.
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
    Ok(PageFiles { files, hashes, first, later })
}
