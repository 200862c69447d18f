//! Site as it is served: page files named by content hash, compressed copies, and `hash.txt` with
//! the names for the server.

use crate::cargo::{root, target};
use crate::finish::Finish;
use crate::page_files;
use crate::process::quietly;
use crate::stamp::{files_under, read, remove_file, write};
use crate::step::Step;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// File name extensions for which compression is effective.
const COMPRESSIBLE: [&str; 9] =
    ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];
/// Minimum size in bytes for a compressed copy to be worthwhile.
const WORTH_COMPRESSING: usize = 512;

/// Size in kilobytes that the compressed module of the first page should not exceed.
const FIRST_LIMIT: f64 = 340.0;

/// Creates `target/site` from the bound page, the style and `style/public/`.
pub(crate) fn assemble(step: &Step, page: &Path, style: &str, finish: Finish) -> Result<()> {
    let site = target("site");
    let mut files = BTreeMap::new();
    for file in files_under(&root().join("style/public"))? {
        let path = file.strip_prefix(root().join("style/public"))?.to_owned();
        files.insert(path, read(&file)?);
    }
    let page = page_files::of(page, style)?;
    for (name, bytes) in page.files {
        files.insert(Path::new("pkg").join(name), bytes);
    }

    let (mut kept, mut uncompressed) = (Vec::new(), Vec::new());
    for (path, bytes) in files {
        let path = site.join(path);
        if is_worth_compressing(&path, &bytes) && finish != Finish::Quick {
            let copies = ["br", "gz"].map(|ending| beside(&path, ending));
            if put(&path, &bytes, &copies)? {
                uncompressed.push(path.clone());
            }
            kept.extend(copies);
        } else {
            put(&path, &bytes, &[])?;
        }
        kept.push(path);
    }
    step.note(&format!("compressing {} files", uncompressed.len()));
    compress(step, &uncompressed)?;
    // `hash.txt` is written last, because a running server must find the files it names.
    let hashes = site.join("hash.txt");
    put(&hashes, page.hashes.as_bytes(), &[])?;
    kept.push(hashes);
    for stale in files_under(&site)?.iter().filter(|file| !kept.contains(file)) {
        remove_file(stale)?;
    }

    let kilobytes = |name: &String| {
        let brotli = fs::metadata(beside(&site.join("pkg").join(name), "br"));
        brotli.map(|file| file.len() as f64 / 1000.0).ok()
    };
    if let Some(first) = kilobytes(&page.first) {
        let later: Vec<_> = page.later.iter().filter_map(kilobytes).collect();
        let later: f64 = later.iter().sum();
        let over = if first > FIRST_LIMIT { ", exceeded" } else { "" };
        step.remark(format!(
            "WASM {first:.0} kB with brotli (limit {FIRST_LIMIT} kB{over}), later {later:.0} kB"
        ));
    }
    Ok(())
}

fn is_worth_compressing(path: &Path, bytes: &[u8]) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    COMPRESSIBLE.contains(&ending.as_ref()) && bytes.len() >= WORTH_COMPRESSING
}

/// Writes a file unless it is unchanged. Returns whether its compressed copies must be created;
/// outdated copies are removed.
fn put(path: &Path, bytes: &[u8], copies: &[PathBuf]) -> Result<bool> {
    let unchanged = fs::read(path).is_ok_and(|there| there == bytes);
    if unchanged && copies.iter().all(|copy| copy.exists()) {
        return Ok(false);
    }
    for copy in copies {
        remove_file(copy)?;
    }
    if !unchanged {
        write(path, bytes)?;
    }
    Ok(!copies.is_empty())
}

/// Creates the compressed copies of these files in parallel.
fn compress(step: &Step, files: &[PathBuf]) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let mut node = Command::new("node");
    node.arg(root().join("xtask/tools/compress.mjs")).args(files);
    quietly(step, &mut node).context("The site could not be compressed").map(drop)
}

/// Appends an extension to a file name: `app.js` and `br` give `app.js.br`.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_stand_beside() {
        assert_eq!(beside(Path::new("pkg/a.js"), "br"), Path::new("pkg/a.js.br"));
    }

    #[test]
    fn compressed_copies_hold_the_same() {
        let file = std::env::temp_dir().join(format!("plumbline-site-{}.txt", std::process::id()));
        let copies = ["br", "gz"].map(|ending| beside(&file, ending));
        let bytes = "a plumb line ".repeat(200).into_bytes();
        let step = Step::start(String::new());
        assert!(put(&file, &bytes, &copies).unwrap());
        compress(&step, std::slice::from_ref(&file)).unwrap();
        assert!(!put(&file, &bytes, &copies).unwrap(), "there is nothing to do again");
        let read = "const [file, br, gz] = process.argv.slice(1).map((it) => fs.readFileSync(it)); \
             if (!zlib.brotliDecompressSync(br).equals(file) || !zlib.gunzipSync(gz).equals(file) \
             || br.length * 10 > file.length) process.exit(1);";
        let mut node = Command::new("node");
        quietly(&step, node.args(["-e", read]).arg(&file).args(&copies)).unwrap();
        assert!(put(&file, b"another line", &copies).unwrap());
        assert!(copies.iter().all(|copy| !copy.exists()), "copies of what it was are gone");
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn only_what_shrinks_is_compressed() {
        let is_worth =
            |name: &str, bytes| is_worth_compressing(Path::new(name), &vec![b'a'; bytes]);
        assert!(is_worth("page.js", 4000));
        assert!(!is_worth("page.js", 40));
        assert!(!is_worth("inter.woff2", 4000));
    }
}
