//! The site as it is served: every file of the page under a name that tells its content, with
//! compressed copies beside it, and `hash.txt` to tell Leptos the names.

use crate::build::Finish;
use crate::cargo::{root, target};
use crate::frontend::NAME;
use crate::stamp::{digest, files_under, read, remove_file, write};
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

/// A name that changes with the content. Leptos asks for `NAME.HASH.ending`.
fn hashed_name(hash: &str, ending: &str) -> String {
    format!("{NAME}.{hash}.{ending}")
}

/// Makes `target/site` from the bound page, the style and `style/public/`.
pub(crate) fn assemble(step: &Step, page: &Path, style: &str, finish: Finish) -> Result<()> {
    let site = target("site");
    let mut files = BTreeMap::new();

    for file in files_under(&root().join("style/public"))? {
        let path = file.strip_prefix(root().join("style/public"))?.to_owned();
        files.insert(path, read(&file)?);
    }
    let mut hashes = String::new();
    let mut module = PathBuf::new();
    for (kind, file) in [("js", format!("{NAME}.js")), ("wasm", format!("{NAME}_bg.wasm"))] {
        let bytes = read(&page.join(file))?;
        let hash = digest([bytes.as_slice()]);
        hashes.push_str(&format!("{kind}: {hash}\n"));
        module = Path::new("pkg").join(hashed_name(&hash, kind));
        files.insert(module.clone(), bytes);
    }
    for file in files_under(&page.join("snippets"))? {
        files.insert(Path::new("pkg").join(file.strip_prefix(page)?), read(&file)?);
    }
    let hash = digest([style.as_bytes()]);
    hashes.push_str(&format!("css: {hash}\n"));
    files.insert(Path::new("pkg").join(hashed_name(&hash, "css")), style.as_bytes().to_vec());

    let mut kept = Vec::new();
    for (path, bytes) in files {
        let path = site.join(path);
        step.note(&path.file_name().unwrap_or_default().to_string_lossy());
        kept.extend(put(&path, &bytes, finish)?);
    }
    // Last: a server that runs meanwhile must find what this names.
    kept.extend(put(&site.join("hash.txt"), hashes.as_bytes(), Finish::Quick)?);
    for stale in files_under(&site)?.iter().filter(|file| !kept.contains(file)) {
        remove_file(stale)?;
    }

    let module = site.join(module);
    let brotli = beside(&module, "br");
    if brotli.exists() {
        let kilobytes = |path: &Path| fs::metadata(path).map(|file| file.len() as f64 / 1000.0);
        let (small, whole) = (kilobytes(&brotli)?, kilobytes(&module)?);
        step.remark(format!("WASM {small:.0} kB with brotli, {whole:.0} kB without"));
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
    fn names_are_as_leptos_asks_for_them() {
        assert_eq!(hashed_name("0a1b", "wasm"), "plumbline.0a1b.wasm");
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
