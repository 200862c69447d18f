//! `/inspections`: the list, the form for a new inspection, and the page of one.

mod again;
mod api;
mod comparison;
mod detail;
mod list;
mod new;
mod page;
mod past;
mod picture_size;
#[cfg(feature = "ssr")]
mod plain;
mod revert;
mod row;

pub use again::RejectedForm;
pub use list::InspectionsPage;
pub use new::NewInspectionPage;
pub use page::InspectionPage;
pub use past::ComparePage;
#[cfg(feature = "ssr")]
pub use plain::{send, start};
pub use revert::{RevertPage, UndoRequestPage};
