//! Use cases of reports: making one, following its progress, and downloading it.

mod download;
mod failure;
mod file_name;
mod final_reports;
mod jobs;
mod making;
mod mutex;
mod progress;
mod renderer;
mod tracker;
mod turns;

pub use download::{download, find};
pub use final_reports::FinalReports;
pub use making::ReportMaker;
pub use progress::{cancel, in_progress, in_progress_of};
pub use renderer::{RENDER_COMMAND, Renderer};
