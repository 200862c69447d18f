//! The world that Typst sees: the template, the typefaces, the data and the photos. Nothing else can
//! be reached from it: no folder, no network, no clock.

use crate::{fonts::FONTS, photos::Stub};
use std::{collections::HashMap, sync::LazyLock};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(<Library as LibraryExt>::default()));

static TEMPLATE: LazyLock<HashMap<FileId, Source>> = LazyLock::new(|| {
    [
        (MAIN, include_str!("../template/report.typ")),
        ("cover.typ", include_str!("../template/cover.typ")),
        ("findings.typ", include_str!("../template/findings.typ")),
        ("parts.typ", include_str!("../template/parts.typ")),
    ]
    .into_iter()
    .map(|(name, text)| (id(name), Source::new(id(name), text.to_owned())))
    .collect()
});

const MAIN: &str = "report.typ";
const DATA: &str = "report.json";

/// One report's world.
///
/// Photos go by their number, not by their hash: Typst remembers each file name it ever met, and
/// has room for 65 535 of them in the life of a process.
pub(crate) struct ReportWorld {
    data: Bytes,
    photos: Vec<Bytes>,
}

impl ReportWorld {
    pub(crate) fn new(data: String, stubs: &[Stub]) -> Self {
        let photos = stubs.iter().map(|stub| Bytes::new(stub.jpeg.clone())).collect();
        Self { data: Bytes::from_string(data), photos }
    }

    /// The file that the template finds a photo by.
    pub(crate) fn photo(number: usize) -> String {
        format!("photo-{number}.jpg")
    }
}

impl World for ReportWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        id(MAIN)
    }

    fn source(&self, file: FileId) -> FileResult<Source> {
        TEMPLATE.get(&file).cloned().ok_or_else(|| missing(file))
    }

    fn file(&self, file: FileId) -> FileResult<Bytes> {
        let name = file.get().vpath().get_without_slash();
        if name == DATA {
            return Ok(self.data.clone());
        }
        let number = name.strip_prefix("photo-").and_then(|rest| rest.strip_suffix(".jpg"));
        let number = number.and_then(|number| number.parse::<usize>().ok());
        number.and_then(|at| self.photos.get(at)).cloned().ok_or_else(|| missing(file))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.all.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[expect(clippy::expect_used, reason = "the names are constants of this file")]
fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a path within the template");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

fn missing(file: FileId) -> FileError {
    FileError::NotFound(file.get().vpath().get_without_slash().into())
}
