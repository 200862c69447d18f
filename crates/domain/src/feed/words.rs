//! Tokenizer for word search.

use crate::{change::Change, inspection::Values, text::fold};
use std::{collections::BTreeSet, ops::Bound};

/// Maximum length of a word in characters. The rest is ignored, both in the index and in searches.
const LETTERS: usize = 32;

/// Maximum number of words in a search. Further words are ignored.
const TYPED: usize = 12;

/// Length of the n-grams that stand for words in scripts without spaces, in characters.
const GRAM: usize = 2;

/// Splits a text into words, [folded](fold()): the runs of letters and digits. For scripts without
/// spaces, each pair of adjacent characters is a word, and so is the last character, so that any
/// part of a text is found by prefixes of words.
pub fn words(text: &str) -> Vec<String> {
    split(text, Side::Kept)
}

/// Side of a search: the indexed text or the typed words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Kept,
    Typed,
}

fn split(text: &str, side: Side) -> Vec<String> {
    let mut words = Vec::new();
    let folded = fold(text);
    let runs = folded.split(|character: char| !character.is_alphanumeric());
    for run in runs.filter(|run| !run.is_empty()) {
        let letters: Vec<char> = run.chars().collect();
        for part in letters.chunk_by(|one, next| is_unspaced(*one) == is_unspaced(*next)) {
            if is_unspaced(part[0]) {
                add_grams(&mut words, part, side);
            } else {
                words.push(part.iter().take(LETTERS).collect());
            }
        }
    }
    words
}

/// Adds each pair of adjacent characters. The last one is indexed by itself because a search may
/// consist of it alone; in a longer search it is part of a pair.
fn add_grams(words: &mut Vec<String>, part: &[char], side: Side) {
    words.extend(part.windows(GRAM).map(|gram| gram.iter().collect::<String>()));
    if side == Side::Kept || part.len() < GRAM {
        words.extend(part.last().map(char::to_string));
    }
}

/// Returns whether a character belongs to a script without spaces between words: Chinese, Japanese,
/// Thai, Lao, Burmese and Khmer.
const fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3021}'..='\u{3029}'
            | '\u{3031}'..='\u{3035}'
            | '\u{3041}'..='\u{30ff}'
            | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{1b000}'..='\u{1b16f}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

impl Change {
    /// Returns the words by which a change is found. They are from its inspection's reference and
    /// name right after the change, the author's name, the changed object's name, the values before
    /// and after in display form, and the reason.
    pub fn words(&self, reference: &str, name: &str) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = words(reference).into_iter().collect();
        found.extend(words(name));
        found.extend(words(&self.user_name));
        if let Some(related) = &self.record.related {
            found.extend(words(&related.text));
        }
        let data = &self.record.data;
        if let Some(reason) = &data.reason {
            found.extend(words(reason));
        }
        for values in [&data.before, &data.after].into_iter().chain(data.photos.values()) {
            add_values(&mut found, values);
        }
        found
    }
}

fn add_values(found: &mut BTreeSet<String>, values: &Values) {
    let searched = values.iter().filter(|(field, _)| field.is_searched());
    for (_, value) in searched {
        found.extend(words(&value.to_string()));
    }
}

/// Returns the words of a search text.
pub(crate) fn typed_words(text: &str) -> BTreeSet<String> {
    split(text, Side::Typed).into_iter().take(TYPED).collect()
}

/// Returns whether each word of a search text begins one of these words. A text without words
/// matches nothing.
pub(crate) fn has_words(text: &str, words: &BTreeSet<String>) -> bool {
    let typed = typed_words(text);
    let begins = |beginning: &String| {
        words
            .range::<str, _>((Bound::Included(beginning.as_str()), Bound::Unbounded))
            .next()
            .is_some_and(|word| word.starts_with(beginning.as_str()))
    };
    !typed.is_empty() && typed.iter().all(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, text: &str) -> bool {
        let kept = words(text).into_iter().collect();
        has_words(typed, &kept)
    }

    #[test]
    fn words_are_found_however_they_are_spelled() {
        for (typed, text) in [
            ("residence", "Résidence du Parc"),
            ("RÉSID", "residence"),
            ("muller", "Müller"),
            ("lodz", "Łódź"),
            ("strasse", "Lange Straße 3"),
            ("istanbul", "İSTANBUL"),
            ("cafe\u{301}", "Café"),
            ("Café", "Cafe\u{301}"),
            ("O’Brien", "Ms O'Brien"),
            ("o'brien", "Ms O’Brien"),
            ("屋根", "東側の屋根に"),
            ("の屋根", "東側の屋根に"),
            ("に", "東側の屋根に"),
            ("側", "東側の屋根に"),
            ("3階", "B棟3階"),
            ("หลังคา", "ตรวจหลังคาแล้ว"),
            ("지붕", "지붕에서"),
        ] {
            assert!(finds(typed, text), "{typed} in {text}");
        }
        for (typed, text) in
            [("屋上", "東側の屋根に"), ("根屋", "屋根"), ("house", "Treehouse"), ("🔥", "fire")]
        {
            assert!(!finds(typed, text), "{typed} in {text}");
        }
    }
}
