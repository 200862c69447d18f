//! Words, as they are searched for: the one place that says what a word is.

use crate::{Change, ChangeFilter, Field, Values};
use std::collections::BTreeSet;

/// The most characters of a word that count; what follows is passed over, in what is kept and in what
/// is typed alike.
const LETTERS: usize = 32;

/// The most words of a search; those after are passed over.
const TYPED: usize = 12;

/// The words of a text: what stands between everything that is neither letter nor digit, in lower
/// case.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LETTERS).flat_map(char::to_lowercase).collect())
}

impl Change {
    /// The words by which a change is found: those of its inspection's reference and name, as they
    /// were once it was made, of the person's name, of what was changed, of the values before and
    /// after as people read them, and of the reason.
    pub fn words(&self, reference: &str, name: &str) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = words(reference).chain(words(name)).collect();
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

/// Whether people look for what stands in a field. Nobody does for what only the program reads:
/// hashes, sizes, and the numbers of other things.
const fn is_searched(field: Field) -> bool {
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
    /// The words to look for, each of which must begin a word of a change.
    pub fn beginnings(&self) -> BTreeSet<String> {
        words(&self.words).take(TYPED).collect()
    }

    /// Whether something is searched for that has no word in it, such as `!!!`: then nothing matches.
    pub fn is_without_words(&self) -> bool {
        !self.words.is_empty() && words(&self.words).next().is_none()
    }
}
