//! Acting on the dashboard: reviewing changes, commenting on them, taking steps of their inspections, and
//! keeping views. An act is a list of names and values, of which `do` names the act, because scripts and
//! plain forms send the same.

mod job;
mod steps;
mod views;

pub use job::act;
