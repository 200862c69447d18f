//! Actions of the dashboard: reviewing and commenting on changes, changing the status of their inspections,
//! and saving views. An action is a list of names and values with its name under `do`, because scripts and
//! plain forms send the same values.

mod job;
mod steps;
mod views;

pub use job::act;
