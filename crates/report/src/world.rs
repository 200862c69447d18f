//! The Typst world: the template, the typefaces, the data and the photos. It gives no access to
//! folders, the network or a clock.

use crate::{fonts::Fonts, photos::Stub};
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
        (TEXTS, include_str!("../template/texts.typ")),
    ]
    .into_iter()
    .map(|(name, text)| (id(name), Source::new(id(name), text.to_owned())))
    .collect()
});

const MAIN: &str = "report.typ";
const TEXTS: &str = "texts.typ";
const DATA: &str = "report.json";
const LOGO: &str = "logo.png";

/// The world of one report.
///
/// Photos are named by number and not by hash, because Typst remembers every file name and has room
/// for 65 535 of them in the life of a process.
pub(crate) struct ReportWorld<'a> {
    main: &'static str,
    data: Bytes,
    photos: Vec<Bytes>,
    logo: Option<Bytes>,
    fonts: &'a Fonts,
}

impl<'a> ReportWorld<'a> {
    pub(crate) fn new(
        data: String,
        stubs: &[Stub],
        logo: Option<Vec<u8>>,
        fonts: &'a Fonts,
    ) -> Self {
        let photos = stubs.iter().map(|stub| Bytes::new(stub.jpeg.clone())).collect();
        Self {
            main: MAIN,
            data: Bytes::from_string(data),
            photos,
            logo: logo.map(Bytes::new),
            fonts,
        }
    }

    /// Creates a world that contains only texts.
    pub(crate) fn for_texts(data: String, fonts: &'a Fonts) -> Self {
        Self { main: TEXTS, ..Self::new(data, &[], None, fonts) }
    }
}

impl World for ReportWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        id(self.main)
    }

    fn source(&self, file: FileId) -> FileResult<Source> {
        TEMPLATE.get(&file).cloned().ok_or_else(|| missing(file))
    }

    fn file(&self, file: FileId) -> FileResult<Bytes> {
        let name = file.get().vpath().get_without_slash();
        if name == DATA {
            return Ok(self.data.clone());
        }
        if name == LOGO {
            return self.logo.clone().ok_or_else(|| missing(file));
        }
        let photo = Stub::number_of_file(name).and_then(|at| self.photos.get(at));
        photo.cloned().ok_or_else(|| missing(file))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.all.get(index).cloned()
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
