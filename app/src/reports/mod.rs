//! Reports: the panel on an inspection's page, and the creation of the PDFs.

mod api;
#[cfg(feature = "ssr")]
mod final_reports;
mod in_progress;
#[cfg(feature = "ssr")]
mod jobs;
#[cfg(feature = "ssr")]
mod make;
#[cfg(feature = "ssr")]
mod mutex;
mod panel;
mod progress;
#[cfg(feature = "ssr")]
mod renderer;
#[cfg(feature = "ssr")]
mod tracker;
#[cfg(feature = "ssr")]
mod turns;

pub use api::{CancelReport, CreateReport, ReportsInProgress};
#[cfg(feature = "ssr")]
pub use final_reports::FinalReports;
#[cfg(feature = "ssr")]
pub use make::Maker;
#[cfg(feature = "ssr")]
pub(crate) use make::reports_in_progress;
pub use panel::Reports;
pub use progress::{ReportInProgress, ReportStage};
#[cfg(feature = "ssr")]
pub use renderer::{RENDER_COMMAND, Renderer};
