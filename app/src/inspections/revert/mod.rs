//! Reverting an inspection: undoing a change or restoring an earlier state. A page first previews the result.
//! The revert is recorded like any other change and can itself be undone. Undoing one request in many
//! inspections has a page of its own.

mod about;
mod address;
mod api;
mod page;
mod place;
mod preview;
mod question;
mod request;
mod revert_note;

pub use page::RevertPage;
pub use request::UndoRequestPage;
pub(super) use revert_note::{RevertNote, last_change};
