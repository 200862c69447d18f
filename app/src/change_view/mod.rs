//! Views of changes: as a line, with before and after, and as the history of an inspection, for
//! the dashboard and for the pages of inspections.

mod api;
mod change_actions;
mod comments;
mod diff;
mod history;
mod line;
mod links;
mod text;
mod verified;
mod words;

pub(crate) use api::history;
pub use api::{AskHistory, DeleteComment};
pub use change_actions::ChangeActions;
pub use comments::Comments;
pub use diff::ChangeDiff;
pub(crate) use diff::{facts, figure, table, value};
pub use history::History;
pub use line::ChangeLine;
pub(crate) use line::line;
pub use links::UndoLinks;
pub(crate) use links::{Undone, undone_among};
pub(crate) use text::both;
pub use verified::VerifiedLine;
pub use words::Titles;
pub(crate) use words::size;
