//! `/inspections`: the list, the form for a new inspection, and the page of one.

mod again;
mod api;
mod detail;
mod list;
mod new;
mod past;
mod picture_size;
#[cfg(feature = "ssr")]
mod plain;
mod revert;
mod row;

pub use again::RejectedForm;
pub use detail::InspectionPage;
pub use list::InspectionsPage;
pub use new::NewInspectionPage;
pub use past::{ComparePage, ComparisonView};
#[cfg(feature = "ssr")]
pub use plain::{send, start};
pub use revert::{RevertPage, UndoRequestPage};
