//! What is read of inspections: one, lists of them, and what is in them.

mod concerned;
mod files;
mod inspections;
mod offer;
mod past;
mod request;
mod things;
mod waiting;

pub use concerned::Concerned;
pub use files::NamedFile;
pub use past::{At, Moment, ToUndo};
pub(crate) use past::{state_after, to_undo};
pub(crate) use request::{AT_ONCE, Request, plan_in};
pub use request::{RequestUndo, UndoIn};
pub use waiting::{Reached, Waiting};

use crate::{dialect::Dialect, rows::Kind, sql::Bound};
use domain::fold;

/// The most words that are searched for; those after are passed over.
const WORDS: usize = 12;

/// The most characters of a word.
const LETTERS: usize = 100;

/// The conditions of a SELECT and their values, gathered one by one.
#[derive(Debug)]
struct Conditions {
    dialect: Dialect,
    all: Vec<String>,
    values: Vec<Bound>,
}

impl Conditions {
    const fn new(dialect: Dialect) -> Self {
        Self { dialect, all: Vec::new(), values: Vec::new() }
    }

    /// Takes a value and answers with the number it is bound as.
    fn value(&mut self, value: impl Into<Bound>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    /// Adds a condition about one value, written with the number it is bound as.
    fn about(&mut self, value: impl Into<Bound>, condition: impl FnOnce(Dialect, usize) -> String) {
        let bind = self.value(value);
        self.all.push(condition(self.dialect, bind));
    }

    /// Adds, for each word, that one of the texts of the inspection `i` holds it, or of those texts of
    /// its that are of one kind. Where nothing that can be seen is looked for, nothing is found.
    fn words(&mut self, words: &str, kind: Option<Kind>) {
        let visible = fold(&words.replace(char::is_control, " "));
        if visible.trim().is_empty() && !words.trim().is_empty() {
            self.all.push("1 = 0".into());
        }
        for word in visible.split_whitespace().take(WORDS) {
            let word: String = word.chars().take(LETTERS).collect();
            let bind = self.value(pattern(&word));
            let of_kind = match kind {
                Some(kind) => format!(" and t.kind = ${}", self.value(kind.number())),
                None => String::new(),
            };
            self.all.push(format!(
                "i.id in (select t.inspection_id from search_texts as t \
                 where t.folded like ${bind} escape '\\'{of_kind})"
            ));
        }
    }

    /// Returns the WHERE clause, empty if there is no condition.
    fn clause(&self) -> String {
        if self.all.is_empty() {
            String::new()
        } else {
            format!(" where {}", self.all.join(" and "))
        }
    }
}

/// Returns the pattern by which LIKE finds a word, anywhere in a text.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for character in word.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_pattern_takes_signs_as_they_are() {
        assert_eq!(super::pattern("100%_"), r"%100\%\_%");
    }
}
