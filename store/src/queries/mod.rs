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

use crate::{dialect::Dialect, sql::Bound};

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

    /// Adds, for each word, that one of the columns holds it.
    fn words(&mut self, words: &str, columns: &[&str]) {
        let dialect = self.dialect;
        let visible = words.replace(char::is_control, " ");
        for word in visible.split_whitespace().take(WORDS) {
            let word: String = word.chars().take(LETTERS).collect();
            let bind = self.value(dialect.pattern(&word));
            let any = columns.iter().map(|column| dialect.holds(column, &word, bind));
            let any: Vec<_> = any.collect();
            self.all.push(format!("({})", any.join(" or ")));
        }
    }

    /// The WHERE clause, empty if there is no condition.
    fn clause(&self) -> String {
        if self.all.is_empty() {
            String::new()
        } else {
            format!(" where {}", self.all.join(" and "))
        }
    }
}
