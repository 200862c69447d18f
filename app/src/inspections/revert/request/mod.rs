//! Undoing all that one request did, in however many inspections.

mod api;
mod listed;
mod page;

pub use page::UndoRequestPage;
