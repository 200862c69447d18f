//! The direction of writing: text of people within a sentence of ours.

use std::borrow::Cow;

/// Begins text whose direction is that of its first letter (U+2068).
const FIRST_STRONG_ISOLATE: char = '\u{2068}';
/// Ends such text (U+2069).
const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';

/// Text of people as part of a sentence of ours: what is written from right to left is set between
/// directional isolates, so that it does not change the order of the words and numbers around it. Text
/// without such letters stays as it is.
///
/// Markup that holds nothing but such text uses `<bdi>` or `dir="auto"` instead.
pub fn isolate(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|sign| is_right_to_left(sign) || is_control(sign)) {
        return Cow::Borrowed(text);
    }
    // A control within the text could end the isolate too early.
    let inner = text.chars().filter(|sign| !is_control(*sign));
    let isolated = [FIRST_STRONG_ISOLATE].into_iter().chain(inner);
    Cow::Owned(isolated.chain([POP_DIRECTIONAL_ISOLATE]).collect())
}

/// Returns whether a character is written from right to left: it stands in one of the ranges whose characters
/// have the class R or AL unless Unicode says otherwise (UAX #9, DerivedBidiClass.txt of Unicode 16).
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

/// Returns whether a character does nothing but change the direction of those after it.
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
