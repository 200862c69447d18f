//! The part of a text that can be printed.
//!
//! PDF/A forbids a page to show a character that no typeface has a glyph for, so such characters
//! are replaced before Typst sees them. People typed the text, and it may hold anything.

use crate::fonts::Fonts;
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};
use unicode_script::{Script, UnicodeScript};

/// Stands for a character that cannot be shown.
pub(crate) const STAND_IN: char = '□';

/// A text that can be printed, with the direction it is written in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Words {
    text: String,
    /// Whether its first letter is of a script that is written from right to left.
    rtl: bool,
    /// The language it is set in: that of the report unless it is written from right to left.
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

/// Replaces characters that cannot be shown, and remembers whether it had to.
pub(crate) struct Legible<'a> {
    fonts: &'a Fonts,
    /// Texts of which only simple characters are let through.
    plain: BTreeSet<String>,
    /// Whether that holds for all texts.
    all_plain: bool,
    replaced: Cell<bool>,
    /// The texts with characters that are not simple.
    special: RefCell<BTreeSet<String>>,
}

impl<'a> Legible<'a> {
    /// One that lets everything through for which there are glyphs.
    pub(crate) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            plain: BTreeSet::new(),
            all_plain: false,
            replaced: Cell::default(),
            special: RefCell::default(),
        }
    }

    /// One that lets nothing but Latin letters, digits and common marks through of some texts: those whose characters
    /// all have glyphs, yet not in the combinations they stand in.
    pub(crate) fn plain_for(fonts: &'a Fonts, plain: BTreeSet<String>) -> Self {
        Self { plain, ..Self::new(fonts) }
    }

    /// The same for all texts.
    pub(crate) fn all_plain(fonts: &'a Fonts) -> Self {
        Self { all_plain: true, ..Self::new(fonts) }
    }

    /// Returns whether a character had to be replaced so far.
    pub(crate) fn replaced(&self) -> bool {
        self.replaced.get()
    }

    /// Returns the texts so far that hold more than Latin letters, digits and common marks.
    pub(crate) fn special(&self) -> BTreeSet<String> {
        self.special.borrow().clone()
    }

    /// One line or more, with nothing in it that cannot be shown.
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
            // Some scripts of India are misspelt without the joiner; elsewhere it glues emoji together.
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

    /// Paragraphs, which an empty line parts, as lines. Neighbouring lines of one direction are together.
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

/// Lines of one paragraph that are written in one direction.
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

/// Marks that only steer how others are drawn or ordered: emoji modifiers, joiners, direction
/// marks. The non-joiner is not among them, as Persian is misspelt without it.
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

/// Returns a text for the file's metadata, which need no glyphs but must be valid in XML.
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
