//! Paths that a document names and that do not exist.

use crate::stamp::files_under;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Endings of files that people write. Others, such as `.db` and `.pdf`, are made by the program.
const SOURCES: [&str; 12] =
    ["rs", "md", "ts", "js", "mjs", "css", "sql", "toml", "yml", "txt", "svg", "png"];
/// Files that the program or the build makes.
const MADE: [&str; 1] = ["hash.txt"];

/// Each path in the README and the other documents that is not in `root`, with the line that names it.
pub(crate) fn missing_paths(root: &Path) -> Result<Vec<String>> {
    let tree = Tree::read(root)?;
    let mut missing = Vec::new();
    for document in tree.documents() {
        let text = fs::read_to_string(root.join(document))
            .with_context(|| format!("{} cannot be read", document.display()))?;
        let folder = document.parent().unwrap_or_else(|| Path::new(""));
        for (number, line) in text.lines().enumerate() {
            let named = code_spans(line).filter(|it| is_path(it)).chain(links(line));
            for path in named.filter(|path| !tree.has(folder, path)) {
                let place = format!("{}:{}", document.display(), number + 1);
                missing.push(format!("{place} names `{path}`, which does not exist"));
            }
        }
    }
    Ok(missing)
}

/// What is in the repository.
struct Tree {
    files: Vec<PathBuf>,
    folders: BTreeSet<PathBuf>,
}

impl Tree {
    fn read(root: &Path) -> Result<Self> {
        let (mut files, mut folders) = (Vec::new(), BTreeSet::new());
        for entry in fs::read_dir(root)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if ["target", ".git", "data"].contains(&name.as_str()) {
                continue;
            }
            let found = if path.is_dir() { files_under(&path)? } else { vec![path] };
            for file in found {
                let file = file.strip_prefix(root)?.to_owned();
                let is_installed =
                    file.components().any(|it| it == Component::Normal("node_modules".as_ref()));
                if !is_installed {
                    folders.extend(file.ancestors().skip(1).map(Path::to_owned));
                    files.push(file);
                }
            }
        }
        Ok(Self { files, folders })
    }

    /// The documents at the top, those in `docs`, and the README of any folder.
    fn documents(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(PathBuf::as_path).filter(|file| {
            let folder = file.parent().unwrap_or_else(|| Path::new(""));
            let is_document = file.extension().is_some_and(|it| it == "md");
            let is_readme = file.file_name().is_some_and(|it| it == "README.md");
            is_document && (is_readme || folder == Path::new("") || folder == Path::new("docs"))
        })
    }

    /// Whether a path exists, from the top or from the document's folder; a name alone, anywhere.
    fn has(&self, folder: &Path, path: &str) -> bool {
        let path = path.trim_end_matches('/').trim_start_matches("./");
        if !path.contains('/') && self.files.iter().any(|file| file.ends_with(path)) {
            return true;
        }
        let places = [Path::new(path).to_owned(), joined(folder, path)];
        let all = || self.files.iter().chain(&self.folders);
        places.iter().any(|place| all().any(|it| matches(place, it)))
    }
}

/// `docs` and `../README.md` make `README.md`.
fn joined(folder: &Path, path: &str) -> PathBuf {
    let mut joined = folder.to_owned();
    for part in path.split('/') {
        match part {
            ".." => drop(joined.pop()),
            part => joined.push(part),
        }
    }
    joined
}

/// Whether a path is the one that is named, in which `*` stands for anything within a name.
fn matches(named: &Path, path: &Path) -> bool {
    named.components().count() == path.components().count()
        && named.components().zip(path.components()).all(|(named, part)| {
            let (named, part) =
                (named.as_os_str().to_string_lossy(), part.as_os_str().to_string_lossy());
            match named.split_once('*') {
                None => named == part,
                Some((start, end)) => {
                    part.len() >= start.len() + end.len()
                        && part.starts_with(start)
                        && part.ends_with(end)
                }
            }
        })
}

/// The texts between backticks.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The targets of links within the repository.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(|target| target.split('#').next().unwrap_or_default()).filter(|target| {
        !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
    })
}

/// Whether a text in backticks is a path to something that people write: it ends as such a file does, or it
/// is a folder below another. Paths with a placeholder, as in `app/src/<feature>/`, are none.
fn is_path(text: &str) -> bool {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "_-./*".contains(char);
    if !text.chars().all(is_plain) || text.starts_with('/') || text.contains("000N") {
        return false;
    }
    let name = text.rsplit('/').next().unwrap_or_default();
    let is_source = Path::new(name)
        .extension()
        .is_some_and(|it| SOURCES.contains(&it.to_string_lossy().as_ref()));
    let is_folder = text.ends_with('/') && text.trim_end_matches('/').contains('/');
    (is_source && !name.starts_with('.') && !MADE.contains(&name)) || is_folder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp::write;

    #[test]
    fn a_path_that_does_not_exist_is_named_with_its_line() {
        let root = std::env::temp_dir().join(format!("plumbline-documents-{}", std::process::id()));
        let text = "`app/src/mod.rs`, `mod.rs`, `app/*/mod.rs`, `app/src/`\n\
                    `app/src/gone.rs` and [a link](docs/gone.md#part), `gone.ts`, `app/gone/`\n\
                    `app/src/<feature>/`, `data/plumbline.db`, `/changes.csv`, <https://example.org>\n";
        write(&root.join("README.md"), text.as_bytes()).unwrap();
        write(&root.join("app/src/mod.rs"), b"").unwrap();
        write(&root.join("docs/a.md"), b"[up](../README.md) and [none](README.md)").unwrap();
        let missing = missing_paths(&root);
        fs::remove_dir_all(&root).unwrap();
        let mut missing = missing.unwrap();
        missing.sort();
        assert_eq!(
            missing,
            [
                "README.md:2 names `app/gone/`, which does not exist",
                "README.md:2 names `app/src/gone.rs`, which does not exist",
                "README.md:2 names `docs/gone.md`, which does not exist",
                "README.md:2 names `gone.ts`, which does not exist",
            ]
        );
    }
}
