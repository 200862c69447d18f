//! `/inspections`: the list, a new one, and one in full.

mod api;
mod back;
mod detail;
#[cfg(feature = "ssr")]
mod door;
mod form;
mod list;
mod new;
mod past;
mod row;
mod target;
mod trouble;

pub use crate::changes::HistoryPage;
pub use back::{BackPage, ChangeWays, UndoRequestPage};
pub use detail::InspectionPage;
pub use list::InspectionsPage;
pub use new::NewInspectionPage;
pub use past::{ComparePage, ComparisonView};
pub use trouble::{LARGEST_PHOTO, MOST_PIXELS, REFUSED, Trouble};
