//! Use cases: what a signed-in person can do. Each function authorises the person, loads what it needs,
//! performs the change, and returns data for a page.
//!
//! Pages, plain forms and HTTP routes call these functions and nothing below them. An inspection is
//! obtained through [`inspections::visible`] alone, which takes the viewer, so that no caller can forget
//! to ask whether they may see it. Nothing here knows about HTTP.

pub mod changes;
mod error;
pub mod inspections;
pub mod organisation;
pub mod past;
pub mod people;
pub mod photos;
pub mod reports;
pub mod revert;
pub mod start;
pub mod undo_request;

pub use error::{Forbidden, Missing, ServiceError, Subject};
pub use store::{Clock, Store, request_id_for};
