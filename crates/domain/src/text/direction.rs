//! Writing direction of user text within the application's sentences.

use std::borrow::Cow;

/// Begins text whose direction is that of its first letter (U+2068).
const FIRST_STRONG_ISOLATE: char = '\u{2068}';
/// Ends such text (U+2069).
const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';

/// Prepares user text for a sentence of the application. Right-to-left text is put between
/// directional isolates, so that it does not change the order of the words and numbers around it.
/// Other text is returned unchanged.
///
/// Markup that contains nothing but such text uses `<bdi>` or `dir="auto"` instead.
pub fn isolate(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|sign| is_right_to_left(sign) || is_control(sign)) {
        return Cow::Borrowed(text);
    }
    // A control character within the text could end the isolate too early.
    let inner = text.chars().filter(|sign| !is_control(*sign));
    let isolated = [FIRST_STRONG_ISOLATE].into_iter().chain(inner);
    Cow::Owned(isolated.chain([POP_DIRECTIONAL_ISOLATE]).collect())
}

/// Returns whether a character is written from right to left: it is in one of the ranges whose
/// characters have the class R or AL by default (UAX #9, DerivedBidiClass.txt of Unicode 16).
fn is_right_to_left(sign: char) -> bool {
    matches!(
        sign,
        '\u{590}'..='\u{8ff}'
            | '\u{200f}'
            | '\u{fb1d}'..='\u{fdcf}'
            | '\u{fdf0}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

/// Returns whether a character only controls the direction of the characters after it.
fn is_control(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_that_needs_it_is_isolated() {
        for text in ["", "Roof (north) 12 mm", "Résidence", "東側の屋根", "🔥"] {
            assert!(matches!(isolate(text), Cow::Borrowed(it) if it == text), "{text}");
        }
        assert_eq!(isolate("בית ספר (אגף ב) 12 mm!"), "\u{2068}בית ספר (אגף ב) 12 mm!\u{2069}");
        assert_eq!(isolate("سطح"), "\u{2068}سطح\u{2069}");
    }

    #[test]
    fn no_control_in_the_text_reaches_what_follows() {
        assert_eq!(isolate("a\u{202e}b\u{2069}c"), "\u{2068}abc\u{2069}");
    }
}
