//! The typefaces of a report, embedded so that every machine makes the same pages.

use std::sync::LazyLock;
use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// The typefaces, the one for text first, and the book that Typst finds them by.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) all: Vec<Font>,
}

/// Inter for everything; DejaVu Sans for the scripts and signs that Inter lacks.
pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    const FILES: [&[u8]; 3] = [
        include_bytes!("../fonts/Inter-Regular.otf"),
        include_bytes!("../fonts/Inter-SemiBold.otf"),
        include_bytes!("../fonts/DejaVuSans.ttf"),
    ];
    let all: Vec<Font> = FILES.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&all)), all }
});

impl Fonts {
    /// Whether any typeface has a glyph for this character.
    pub(crate) fn has(&self, character: char) -> bool {
        self.all.iter().any(|font| font.info().coverage.contains(character.into()))
    }
}
