//! `/inspections`: the list, the form for a new inspection, and the page of one.

mod again;
mod api;
mod detail;
mod form;
mod list;
mod new;
mod past;
mod picture_size;
#[cfg(feature = "ssr")]
mod plain;
mod revert;
mod row;
mod target;
mod upload_error;

pub use crate::changes::HistoryPage;
pub use again::RejectedForm;
pub(crate) use api::perform;
pub use detail::InspectionPage;
pub use form::Typed;
pub(crate) use form::{edit_of, form_of, mutation as asked_by, one_edit, place_of};
pub use list::InspectionsPage;
pub use new::NewInspectionPage;
pub use past::{ComparePage, ComparisonView};
#[cfg(feature = "ssr")]
pub use plain::{send, start};
pub use revert::{ChangeActions, RevertPage, UndoRequestPage};
pub use upload_error::{REFUSED, UploadError};
