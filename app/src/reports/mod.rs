//! Reports: the panel on an inspection's page, and its server functions.

mod api;
mod in_progress;
mod panel;

pub use api::{CancelReport, CreateReport, ReportsInProgress};
pub use panel::Reports;
