//! Outbox of this browser: work is stored on the device before it is sent, and sent automatically
//! once that is possible. `domain::outbox` has the rules; this module has the storage ([`disk`],
//! with the order of writes in [`write_queue`]), the requests ([`sender`]) and the event loop
//! ([`runtime`]).

mod api;
mod banner;
mod disk;
mod guard;
pub(crate) mod js;
mod locks;
mod photo_upload;
mod runtime;
mod sender;
mod status;
mod work;
mod write_queue;

pub(crate) use banner::ConnectionBanner;
pub(crate) use guard::stop_links_without_a_network;
pub(crate) use runtime::{
    HeldEdit, Observed, Outcome, PhotoPlace, Submission, attach, discard, draft, forget,
    held_edits, observe, release, retry, start, submit, watch,
};
pub(crate) use status::OutboxStatus;
