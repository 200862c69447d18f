//! What of a text can be printed.
//!
//! PDF/A forbids a page to show a character that no typeface has a glyph for, so such characters
//! are replaced before Typst sees them. People typed the text, and it may hold anything.

use crate::fonts::FONTS;
use std::cell::Cell;

/// Stands for a character that cannot be shown.
pub(crate) const STAND_IN: char = '□';

/// Replaces what cannot be shown, and remembers whether it had to.
#[derive(Debug, Default)]
pub(crate) struct Legible {
    plain: bool,
    replaced: Cell<bool>,
}

impl Legible {
    /// One that lets nothing through but Latin letters, digits and common marks: for text whose
    /// characters all have glyphs, yet not in the combinations they stand in.
    pub(crate) fn plain() -> Self {
        Self { plain: true, ..Self::default() }
    }

    /// Whether a character had to be replaced so far.
    pub(crate) fn replaced(&self) -> bool {
        self.replaced.get()
    }

    /// The text with nothing in it that cannot be shown. Line breaks stay.
    pub(crate) fn text(&self, text: &str) -> String {
        text.chars().filter_map(|character| self.character(character)).collect()
    }

    /// Paragraphs, which an empty line parts, as lines.
    pub(crate) fn paragraphs(&self, text: &str) -> Vec<Vec<String>> {
        let text = self.text(text);
        let mut paragraphs = vec![Vec::new()];
        for line in text.lines().map(str::trim_end) {
            match paragraphs.last_mut() {
                Some(paragraph) if !line.is_empty() => paragraph.push(line.to_owned()),
                _ => paragraphs.push(Vec::new()),
            }
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs
    }

    fn character(&self, character: char) -> Option<char> {
        match character {
            '\n' | ' ' => Some(character),
            '\t' => Some(' '),
            _ if character.is_control() || is_invisible(character) => None,
            _ if self.can_be_shown(character) => Some(character),
            _ => {
                self.replaced.set(true);
                Some(STAND_IN)
            }
        }
    }

    fn can_be_shown(&self, character: char) -> bool {
        let allowed = if self.plain {
            matches!(
                character,
                '\u{20}'..='\u{17f}' | '–' | '—' | '‘' | '’' | '“' | '”' | '…' | '€'
            )
        } else {
            !matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
        };
        allowed && FONTS.has(character)
    }
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

/// A text for the file's metadata, which need no glyphs but must be valid in XML.
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

    #[test]
    fn what_has_a_glyph_stays() {
        let legible = Legible::default();
        let text = "Größe ½ ≤ 3 m² — Dach “A”, Łódź, Ελλάδα, Дом, שלום, مرحبا";
        assert_eq!(legible.text(text), text);
        assert!(!legible.replaced());
    }

    #[test]
    fn what_has_none_is_marked() {
        let legible = Legible::default();
        assert_eq!(legible.text("屋根 👍🏽!"), "□□ □!");
        assert!(legible.replaced());
    }

    #[test]
    fn what_cannot_be_seen_goes_without_a_mark() {
        let legible = Legible::default();
        assert_eq!(legible.text("a\u{202e}b\u{0}c\u{feff}d\u{200d}e\tf"), "abcde f");
        assert!(!legible.replaced());
    }

    #[test]
    fn characters_of_private_use_are_not_shown() {
        assert_eq!(Legible::default().text("\u{e000}"), "□");
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        let paragraphs = Legible::default().paragraphs("One,\nstill one.\n\n\n  Two.\n");
        assert_eq!(paragraphs, [vec!["One,", "still one."], vec!["  Two."]]);
        assert!(Legible::default().paragraphs("\n \n").is_empty());
    }
}
