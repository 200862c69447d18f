//! Undoing all that one request did, in however many inspections.

mod api;
mod listed;
mod page;
#[cfg(feature = "ssr")]
mod server;

pub use page::UndoRequestPage;
