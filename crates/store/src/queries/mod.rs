//! Queries on inspections: one, lists of them, and their contents.

mod by_id;
mod concerned;
mod files;
mod inspections;
mod past;
mod request;
mod typeahead;
mod waiting;

pub use concerned::Concerned;
pub use files::NamedFile;
pub use past::{At, Snapshot, ToUndo};
pub(crate) use past::{state_after, to_undo};
pub(crate) use request::{AT_ONCE, Request, plan_in};
pub use request::{RequestUndo, UndoIn};
pub use waiting::{Reached, Waiting};

use crate::{dialect::Dialect, rows::SearchTextKind, sql::Bound};
use domain::text::fold;

/// Maximum number of words in a search. Further words are ignored.
const WORDS: usize = 12;

/// Maximum length of a word in characters. The rest is ignored.
const LETTERS: usize = 100;

/// The conditions of a SELECT and their values, added one by one.
#[derive(Debug)]
struct WhereClause {
    dialect: Dialect,
    all: Vec<String>,
    values: Vec<Bound>,
}

impl WhereClause {
    const fn new(dialect: Dialect) -> Self {
        Self { dialect, all: Vec::new(), values: Vec::new() }
    }

    /// Adds a value and returns the number of its placeholder.
    fn value(&mut self, value: impl Into<Bound>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    /// Adds a condition on one value. `condition` receives the number of its placeholder.
    fn about(&mut self, value: impl Into<Bound>, condition: impl FnOnce(Dialect, usize) -> String) {
        let bind = self.value(value);
        self.all.push(condition(self.dialect, bind));
    }

    /// Adds the condition that each word occurs in one of the search texts of the inspection `i`,
    /// or in those of one kind. A search without visible characters matches nothing.
    fn words(&mut self, words: &str, kind: Option<SearchTextKind>) {
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

/// Returns the LIKE pattern that finds a word anywhere in a text.
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
