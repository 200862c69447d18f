//! Undoing one request in all the inspections it changed.

mod api;
mod listed;
mod page;

pub use page::UndoRequestPage;
