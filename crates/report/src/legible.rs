//! Conversion of user text to printable text.
//!
//! PDF/A forbids characters without a glyph, so such characters are replaced before Typst sees
//! them. User text may contain any character.

use crate::fonts::Fonts;
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};
use unicode_script::{Script, UnicodeScript};

/// Replacement for a character that cannot be printed.
pub(crate) const STAND_IN: char = '□';

/// A printable text, with its writing direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Words {
    text: String,
    /// Whether its first letter is of a right-to-left script.
    rtl: bool,
    /// Its language for typesetting: that of the report, unless it is written from right to left.
    lang: &'static str,
}

impl Words {
    fn of(text: String) -> Self {
        let first = text.chars().find(|it| it.is_alphabetic()).map(|it| it.script());
        let (rtl, lang) = match first {
            Some(Script::Hebrew) => (true, "he"),
            Some(Script::Arabic) => (true, "ar"),
            Some(Script::Syriac) => (true, "syr"),
            Some(Script::Thaana) => (true, "dv"),
            Some(Script::Nko) => (true, "nqo"),
            Some(Script::Adlam) => (true, "ff"),
            _ => (false, "en"),
        };
        Self { text, rtl, lang }
    }
}

/// Converter that replaces characters that cannot be printed, and records whether it had to.
pub(crate) struct Legible<'a> {
    fonts: &'a Fonts,
    /// Texts of which only simple characters are kept.
    plain: BTreeSet<String>,
    /// Whether only simple characters are kept in all texts.
    all_plain: bool,
    replaced: Cell<bool>,
    /// The texts that contain characters that are not simple.
    special: RefCell<BTreeSet<String>>,
}

impl<'a> Legible<'a> {
    /// Creates a converter that keeps every character that has a glyph.
    pub(crate) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            plain: BTreeSet::new(),
            all_plain: false,
            replaced: Cell::default(),
            special: RefCell::default(),
        }
    }

    /// Creates a converter that keeps only Latin letters, digits and common marks in some texts:
    /// those whose characters all have glyphs, but cannot be combined as they are.
    pub(crate) fn plain_for(fonts: &'a Fonts, plain: BTreeSet<String>) -> Self {
        Self { plain, ..Self::new(fonts) }
    }

    /// Creates a converter that keeps only such simple characters in all texts.
    pub(crate) fn all_plain(fonts: &'a Fonts) -> Self {
        Self { all_plain: true, ..Self::new(fonts) }
    }

    /// Returns whether a character had to be replaced so far.
    pub(crate) fn replaced(&self) -> bool {
        self.replaced.get()
    }

    /// Returns the texts so far that contain more than Latin letters, digits and common marks.
    pub(crate) fn special(&self) -> BTreeSet<String> {
        self.special.borrow().clone()
    }

    /// Converts a text of one or more lines.
    pub(crate) fn words(&self, text: &str) -> Words {
        Words::of(self.text(text))
    }

    fn text(&self, text: &str) -> String {
        let shown = self.shown(text, self.all_plain || self.plain.contains(text));
        if !shown.chars().all(|character| character == '\n' || is_plain(character)) {
            self.special.borrow_mut().insert(text.to_owned());
        }
        shown
    }

    fn shown(&self, text: &str, plain: bool) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut before = ' ';
        for character in text.chars() {
            // Some Indic scripts are misspelt without the joiner; elsewhere it joins emoji.
            let joins = character == '\u{200d}' && is_indic(before) && !plain;
            if joins {
                shown.push(character);
            } else {
                shown.extend(self.character(character, plain));
            }
            before = character;
        }
        shown
    }

    /// Splits a text into paragraphs, which are separated by empty lines. Adjacent lines of the
    /// same direction are grouped.
    pub(crate) fn paragraphs(&self, text: &str) -> Vec<Vec<Lines>> {
        let text = self.text(text);
        let mut paragraphs: Vec<Vec<Lines>> = vec![Vec::new()];
        for line in text.lines().map(str::trim_end) {
            match paragraphs.last_mut() {
                Some(paragraph) if !line.is_empty() => {
                    Lines::push(paragraph, Words::of(line.to_owned()));
                }
                _ => paragraphs.push(Vec::new()),
            }
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs
    }

    fn character(&self, character: char, plain: bool) -> Option<char> {
        match character {
            '\n' | ' ' => Some(character),
            '\t' => Some(' '),
            _ if character.is_control() || is_invisible(character) => None,
            _ if self.can_be_shown(character, plain) => Some(character),
            _ => {
                self.replaced.set(true);
                Some(STAND_IN)
            }
        }
    }

    fn can_be_shown(&self, character: char, plain: bool) -> bool {
        let allowed = if plain {
            is_plain(character)
        } else {
            !matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
        };
        allowed && self.fonts.has(character)
    }
}

/// Lines of one paragraph with the same writing direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Lines {
    lines: Vec<String>,
    rtl: bool,
    lang: &'static str,
}

impl Lines {
    fn push(paragraph: &mut Vec<Self>, line: Words) {
        let Words { text, rtl, lang } = line;
        match paragraph.last_mut() {
            Some(last) if last.lang == lang => last.lines.push(text),
            _ => paragraph.push(Self { lines: vec![text], rtl, lang }),
        }
    }
}

const fn is_plain(character: char) -> bool {
    matches!(character, '\u{20}'..='\u{17f}' | '–' | '—' | '‘' | '’' | '“' | '”' | '…' | '€')
}

fn is_indic(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{dff}')
}

/// Returns whether a character only controls how others are drawn or ordered: emoji modifiers,
/// joiners, direction marks. The non-joiner is not included, because Persian is misspelt without
/// it.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{200d}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Returns a text for the file's metadata, which needs no glyphs but must be valid in XML.
pub(crate) fn metadata(text: &str) -> String {
    text.chars()
        .filter(|character| {
            let noncharacter = u32::from(*character) & 0xfffe == 0xfffe;
            !character.is_control() && !noncharacter && *character != '\u{feff}'
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Typefaces;

    fn embedded() -> Fonts {
        Fonts::for_text("", &Typefaces::default())
    }

    #[test]
    fn what_has_a_glyph_stays() {
        let fonts = embedded();
        let legible = Legible::new(&fonts);
        let text = "Größe ½ ≤ 3 m² — Dach “A”, Łódź, Ελλάδα, Дом, שלום, مرحبا";
        assert_eq!(legible.text(text), text);
        assert!(!legible.replaced());
        assert_eq!(legible.special(), BTreeSet::from([text.to_owned()]));
    }

    #[test]
    fn what_has_none_is_marked() {
        let fonts = embedded();
        let legible = Legible::new(&fonts);
        assert_eq!(legible.text("屋根 👍🏽!"), "□□ □!");
        assert!(legible.replaced());
    }

    #[test]
    fn what_cannot_be_seen_goes_without_a_mark() {
        let fonts = embedded();
        let legible = Legible::new(&fonts);
        assert_eq!(legible.text("a\u{202e}b\u{0}c\u{feff}d\u{200d}e\tf"), "abcde f");
        assert!(!legible.replaced());
    }

    #[test]
    fn characters_of_private_use_are_not_shown() {
        assert_eq!(Legible::new(&embedded()).text("\u{e000}"), "□");
    }

    #[test]
    fn only_texts_that_have_to_be_are_plain() {
        let fonts = embedded();
        let legible = Legible::plain_for(&fonts, BTreeSet::from(["Дом".to_owned()]));
        assert_eq!((legible.text("Дом"), legible.text("Дом 1")), ("□□□".into(), "Дом 1".into()));
        assert_eq!(Legible::all_plain(&fonts).text("Дом 1"), "□□□ 1");
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        let fonts = embedded();
        let lines = |lines: &[&str]| {
            let lines = lines.iter().map(|line| (*line).to_owned()).collect();
            vec![Lines { lines, rtl: false, lang: "en" }]
        };
        let paragraphs = Legible::new(&fonts).paragraphs("One,\nstill one.\n\n\n  Two.\n");
        assert_eq!(paragraphs, [lines(&["One,", "still one."]), lines(&["  Two."])]);
        assert!(Legible::new(&fonts).paragraphs("\n \n").is_empty());
    }

    #[test]
    fn the_first_letter_says_the_direction() {
        let fonts = embedded();
        let legible = Legible::new(&fonts);
        for (text, lang) in [
            ("בית ספר (אגף ב) 12 mm!", "he"),
            ("12 — سقف Roof", "ar"),
            ("Roof בית", "en"),
            ("12!", "en"),
        ] {
            let words = legible.words(text);
            assert_eq!((words.lang, words.rtl), (lang, lang != "en"), "{text}");
        }
        let paragraphs = legible.paragraphs("Roof\nגג\nקיר\nWall");
        let directions: Vec<_> = paragraphs[0].iter().map(|it| (it.rtl, it.lines.len())).collect();
        assert_eq!(directions, [(false, 1), (true, 2), (false, 1)]);
    }
}
