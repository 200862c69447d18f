//! Typefaces of a report: three embedded ones, so that Latin, Greek and Cyrillic look the same on
//! every machine, and those that are [installed](crate::Typefaces) for other scripts.

use crate::{embedded_fonts::EMBEDDED, typefaces::Typefaces};
use std::fs;
use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// The typefaces of one report, with the index that Typst finds them by.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) all: Vec<Font>,
    /// The families in the order in which Typst tries them for each piece of text.
    pub(crate) families: Vec<String>,
}

impl Fonts {
    /// Loads the installed typefaces that a text needs in addition to the embedded ones. Files that
    /// no longer exist are left out.
    pub(crate) fn for_text(text: &str, installed: &Typefaces) -> Self {
        let mut all = EMBEDDED.clone();
        let mut families = vec!["Inter".to_owned()];
        for typeface in installed.needed_for(text) {
            let files = typeface.files.iter().filter_map(|file| fs::read(file).ok());
            let fonts: Vec<_> = files.flat_map(|file| Font::iter(Bytes::new(file))).collect();
            if !fonts.is_empty() {
                all.extend(fonts);
                families.push(typeface.family.clone());
            }
        }
        families.push("DejaVu Sans".to_owned());
        families.dedup();
        Self { book: LazyHash::new(FontBook::from_fonts(&all)), all, families }
    }

    /// Returns whether one of the typefaces has a glyph for this character.
    pub(crate) fn has(&self, character: char) -> bool {
        self.all.iter().any(|font| font.info().coverage.contains(character.into()))
    }
}
