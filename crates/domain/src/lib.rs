//! The domain model shared by the browser and the server: inspections, the mutations of them,
//! permissions, and the fold of records into states.
//!
//! This crate does no I/O and reads no clock. [`Mutation`](change::Mutation) lists everything that can happen;
//! [`Inspection::plan`](inspection::Inspection::plan) turns a mutation into the [`Record`](change::Record) that it
//! makes, or refuses it; and [`Inspection::apply`](inspection::Inspection::apply) is the fold that rebuilds an inspection from its records.

pub mod change;
pub mod day;
pub mod feed;
pub mod id;
pub mod inspection;
mod moment;
pub mod outbox;
pub mod people;
pub mod permission;
mod query;
pub mod revert;
pub mod text;
pub mod view;
