//! Words, as they are searched for: the one place that says what a word is.

use crate::{Change, ChangeFilter, Field, Values, fold};
use std::collections::BTreeSet;

/// The most characters of a word that count; what follows is passed over, in what is kept and in what
/// is typed alike.
const LETTERS: usize = 32;

/// The most words of a search; those after are passed over.
const TYPED: usize = 12;

/// The number of characters that stand for a word in scripts without spaces.
const GRAM: usize = 2;

/// Returns the words of a text, [folded](fold()): what stands between everything that is neither letter nor
/// digit. Scripts without spaces have no such words; there each two characters in a row are one, and the
/// last character by itself, so that any part of a text is found by beginnings of words.
pub fn words(text: &str) -> Vec<String> {
    split(text, Side::Kept)
}

/// Whether words are kept, or typed to look for them.
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

/// Adds each two characters in a row. The last one by itself is kept because it may be all that is looked
/// for; where more is typed, it is in the two before.
fn add_grams(words: &mut Vec<String>, part: &[char], side: Side) {
    words.extend(part.windows(GRAM).map(|gram| gram.iter().collect::<String>()));
    if side == Side::Kept || part.len() < GRAM {
        words.extend(part.last().map(char::to_string));
    }
}

/// Returns whether a character is of a script that is written without spaces between words: Chinese, Japanese,
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
    /// Returns the words by which a change is found: those of its inspection's reference and name, as they
    /// were once it was made, of the person's name, of what was changed, of the values before and
    /// after as people read them, and of the reason.
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
    let searched = values.iter().filter(|(field, _)| is_searched(*field));
    for (_, value) in searched {
        found.extend(words(&value.to_string()));
    }
}

/// Returns whether people look for what stands in a field. Nobody does for what only the program reads:
/// hashes, sizes, and the numbers of other things.
pub const fn is_searched(field: Field) -> bool {
    !matches!(
        field,
        Field::Sha256
            | Field::MediaType
            | Field::Bytes
            | Field::Width
            | Field::Height
            | Field::Section
            | Field::Shows
            | Field::Pages
            | Field::Rank
            | Field::Cover
    )
}

impl ChangeFilter {
    /// Returns the words to look for, each of which must begin a word of a change.
    pub fn beginnings(&self) -> BTreeSet<String> {
        split(&self.words, Side::Typed).into_iter().take(TYPED).collect()
    }

    /// Returns whether something is searched for that has no word in it, such as `!!!`: then nothing matches.
    pub fn is_without_words(&self) -> bool {
        !self.words.is_empty() && words(&self.words).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, text: &str) -> bool {
        let filter = ChangeFilter { words: typed.into(), ..ChangeFilter::default() };
        let kept = words(text);
        let begins = |typed: &String| kept.iter().any(|word| word.starts_with(typed.as_str()));
        !filter.is_without_words() && filter.beginnings().iter().all(begins)
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
