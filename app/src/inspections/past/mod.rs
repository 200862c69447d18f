//! Past states of an inspection, and comparison of two of them.

mod answered;
mod api;
mod compare_page;
mod page;
mod query;
mod sheet;
mod slider;

pub use compare_page::ComparePage;
pub(super) use page::PastPage;
