//! Middleware of all requests, one file for each.

mod address;
mod finish;
mod guard;
mod headers;
mod origin;
mod page_person;
mod panic;
mod session;
mod trace;

pub(crate) use address::note_address;
pub(crate) use finish::finish;
pub(crate) use guard::ask_to_sign_in;
pub(crate) use headers::protect;
pub(crate) use origin::{from_here, refuse_other_sites};
pub(crate) use page_person::refuse_other_person;
pub(crate) use panic::after_panic;
pub(crate) use session::attach_session;
pub(crate) use trace::trace;

/// Maximum size of a request to a form or server function, in bytes. Photos have a separate limit.
pub(crate) const MAX_FORM_BYTES: usize = 1024 * 1024;
