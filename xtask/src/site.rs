//! The site as it is served: every file of the page under a name that tells its content, with
//! compressed copies beside it, and `hash.txt` to tell Leptos the names.

use crate::build::Finish;
use crate::cargo::{root, target};
use crate::package;
use crate::stamp::{files_under, read, remove_file, write};
use crate::step::Step;
use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The endings of files that compression makes much smaller.
const COMPRESSIBLE: [&str; 9] =
    ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];
/// Below this, a compressed copy saves nothing that anyone could notice.
const WORTH_COMPRESSING: usize = 512;

/// Makes `target/site` from the bound page, the style and `style/public/`.
pub(crate) fn assemble(step: &Step, page: &Path, style: &str, finish: Finish) -> Result<()> {
    let site = target("site");
    let mut files = BTreeMap::new();
    for file in files_under(&root().join("style/public"))? {
        let path = file.strip_prefix(root().join("style/public"))?.to_owned();
        files.insert(path, read(&file)?);
    }
    let package = package::of(page, style)?;
    for (name, bytes) in package.files {
        files.insert(Path::new("pkg").join(name), bytes);
    }

    let mut kept = Vec::new();
    for (path, bytes) in files {
        let path = site.join(path);
        step.note(&path.file_name().unwrap_or_default().to_string_lossy());
        kept.extend(put(&path, &bytes, finish)?);
    }
    // Last: a server that runs meanwhile must find what this names.
    kept.extend(put(&site.join("hash.txt"), package.hashes.as_bytes(), Finish::Quick)?);
    for stale in files_under(&site)?.iter().filter(|file| !kept.contains(file)) {
        remove_file(stale)?;
    }

    let kilobytes = |name: &String| {
        let brotli = fs::metadata(beside(&site.join("pkg").join(name), "br"));
        brotli.map(|file| file.len() as f64 / 1000.0).ok()
    };
    if let Some(first) = kilobytes(&package.first) {
        let later: Vec<_> = package.later.iter().filter_map(kilobytes).collect();
        let later: f64 = later.iter().sum();
        step.remark(format!("WASM {first:.0} kB with brotli, later {later:.0} kB"));
    }
    Ok(())
}

/// Writes a file, and its compressed copies where they are worth it, unless all that is there
/// already. Gives the paths of all.
fn put(path: &Path, bytes: &[u8], finish: Finish) -> Result<Vec<PathBuf>> {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let compress = matches!(finish, Finish::Served)
        && COMPRESSIBLE.contains(&ending.as_ref())
        && bytes.len() >= WORTH_COMPRESSING;
    let (brotli, gzip) = (beside(path, "br"), beside(path, "gz"));
    let unchanged = fs::read(path).is_ok_and(|there| there == bytes);

    if compress && !(unchanged && brotli.exists() && gzip.exists()) {
        // Before the file itself: what a stopped build leaves is then made again.
        remove_file(path)?;
        write(&brotli, &brotlied(bytes)?)?;
        write(&gzip, &gzipped(bytes)?)?;
        write(path, bytes)?;
    } else if !unchanged {
        write(path, bytes)?;
    }
    Ok(if compress { vec![path.to_owned(), brotli, gzip] } else { vec![path.to_owned()] })
}

/// `app.js` and `br` make `app.js.br`.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

fn brotlied(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &parameters)
        .context("brotli could not compress")?;
    Ok(small)
}

fn gzipped(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish().context("gzip could not compress")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn copies_stand_beside() {
        assert_eq!(beside(Path::new("pkg/a.js"), "br"), Path::new("pkg/a.js.br"));
    }

    #[test]
    fn compressed_copies_hold_the_same() {
        let bytes = "a plumb line ".repeat(200).into_bytes();
        let mut whole = Vec::new();
        flate2::read::GzDecoder::new(&gzipped(&bytes).unwrap()[..])
            .read_to_end(&mut whole)
            .unwrap();
        assert_eq!(whole, bytes);
        let small = brotlied(&bytes).unwrap();
        whole.clear();
        brotli::BrotliDecompress(&mut &small[..], &mut whole).unwrap();
        assert_eq!(whole, bytes);
        assert!(small.len() * 10 < bytes.len());
    }

    #[test]
    fn only_what_shrinks_is_compressed() {
        let folder = std::env::temp_dir().join(format!("plumbline-site-{}", std::process::id()));
        let bytes = vec![b'a'; 4000];
        let put = |name: &str| put(&folder.join(name), &bytes, Finish::Served).unwrap().len();
        assert_eq!(put("page.js"), 3);
        assert_eq!(put("inter.woff2"), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
