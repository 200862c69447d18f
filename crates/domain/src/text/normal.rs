//! Normalisation of entered text before it is stored, so that it does not depend on the system it
//! comes from.
//!
//! Letters are composed (NFC), so that the same text is the same bytes; macOS, for example,
//! decomposes file names. Characters that were not typed on purpose, which pasting brings along,
//! are removed.

use crate::text::fold::{is_invisible, nfc};

/// Returns a text of one line, with single spaces and none at its ends. A text without visible
/// characters becomes empty.
pub fn normal_line(text: &str) -> String {
    let text =
        nfc(&text.chars().filter(|it| it.is_whitespace() || is_kept(*it)).collect::<String>());
    if is_blank(&text) {
        return String::new();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a text of several lines, with `\n` as the line end and no space at its end. A text
/// without visible characters becomes empty.
pub fn normal_prose(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let character = |it| match it {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\n' | '\t' => Some(it),
        it => is_kept(it).then_some(it),
    };
    let text = nfc(&text.chars().filter_map(character).collect::<String>());
    if is_blank(&text) { String::new() } else { text.trim_end().to_owned() }
}

/// Returns a password in the form that is hashed, so that it is the same on every keyboard:
/// composed, and with plain spaces only (RFC 8265, section 4.2.2).
pub fn normal_password(password: &str) -> String {
    let plain = |it: char| if !it.is_ascii() && it.is_whitespace() { ' ' } else { it };
    nfc(&password.chars().map(plain).collect::<String>())
}

/// Returns whether a character is kept: not a control character, a byte order mark, a noncharacter
/// or a character that overrides the writing direction.
fn is_kept(character: char) -> bool {
    let is_nothing = matches!(
        character,
        '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{fdd0}'..='\u{fdef}'
    ) || u32::from(character) & 0xfffe == 0xfffe;
    !is_nothing && !character.is_control()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|it| it.is_whitespace() || is_invisible(it) || it == '\u{2800}')
}

/// Returns a text in its normal form, trimmed.
pub(crate) fn trimmed_prose(text: &str) -> String {
    normal_prose(text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_stored_as_it_is_read() {
        for (typed, stored) in [
            ("  Roof \t light\r\n", "Roof light"),
            ("Cafe\u{301}", "Caf\u{e9}"),
            ("\u{feff}Ro\u{0}of\u{7f}\u{9b}", "Roof"),
            ("\u{202e}gpj.\u{202c}exe", "gpj.exe"),
            ("Ro\u{ffff}of", "Roof"),
            ("a\u{2028}b\u{a0}c\u{3000}d", "a b c d"),
            // Joiners are part of the spelling of some scripts, and of emoji.
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}🚒", "👩\u{200d}🚒"),
        ] {
            assert_eq!(normal_line(typed), stored, "{typed:?}");
        }
        for nothing in ["\u{200b}\u{200d}", "\u{2060} \u{ad}", "\u{3164}", "\u{2800}", "\u{0}\n"] {
            assert_eq!(normal_line(nothing), "", "{nothing:?}");
            assert_eq!(normal_prose(nothing), "", "{nothing:?}");
        }
    }

    #[test]
    fn prose_keeps_its_lines() {
        for (typed, stored) in [
            ("one\r\ntwo\rthree\u{2028}four\u{2029}", "one\ntwo\nthree\nfour"),
            ("a\u{b}b\u{c}c\u{85}d", "a\nb\nc\nd"),
            ("  - a\n\t- b\u{8}\u{1b}[0m  \n", "  - a\n\t- b[0m"),
            ("e\u{feff}\u{301}", "\u{e9}"),
        ] {
            assert_eq!(normal_prose(typed), stored, "{typed:?}");
        }
    }

    #[test]
    fn a_password_is_the_same_on_every_keyboard() {
        assert_eq!(normal_password("pa\u{308}ss\u{a0}wo\u{3000}rd "), "p\u{e4}ss wo rd ");
    }

    proptest! {
        #[test]
        fn what_is_normal_stays_as_it_is(text in "\\PC{0,12}|.{0,12}|[e\u{301}\u{feff}\u{200b}\r\n\t \u{85}]{0,12}") {
            let (line, prose) = (normal_line(&text), normal_prose(&text));
            prop_assert_eq!(normal_line(&line), line);
            prop_assert_eq!(normal_prose(&prose), prose);
            let password = normal_password(&text);
            prop_assert_eq!(normal_password(&password), password);
        }
    }
}
