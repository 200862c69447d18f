//! Reports: the panel on an inspection's page, and what makes them.

mod api;
#[cfg(feature = "ssr")]
mod make;
mod panel;
#[cfg(feature = "ssr")]
mod renderer;

pub use api::CreateReport;
#[cfg(feature = "ssr")]
pub use make::Maker;
pub use panel::Reports;
#[cfg(feature = "ssr")]
pub use renderer::{RENDER_COMMAND, Renderer};
