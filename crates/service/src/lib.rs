//! Use cases: the actions of a signed-in person. Each function authorises the person, loads the data,
//! performs the change, and returns data for a page.
//!
//! Pages, plain forms and HTTP routes call only these functions. They load inspections only through
//! [`inspections::visible`], which takes the viewer, so that no caller can omit the permission check. This
//! crate is independent of HTTP.

pub mod changes;
mod error;
pub mod inspections;
pub mod organisation;
pub mod past;
mod pause;
pub mod people;
pub mod photos;
pub mod reports;
pub mod revert;
pub mod start;
pub mod undo_request;

pub use error::{Forbidden, Missing, ServiceError, Subject};
pub use pause::{PauseRule, PausingWork};
pub use store::{Clock, Store, request_id_for};
