//! Reports: the panel on an inspection's page, and what makes them.

mod api;
#[cfg(feature = "ssr")]
mod make;
mod panel;

pub use api::CreateReport;
#[cfg(feature = "ssr")]
pub use make::make;
pub use panel::Reports;
