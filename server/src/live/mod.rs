//! Broadcaster of live updates, and the events of each person.

mod broadcaster;
mod event_batch;

pub(crate) use broadcaster::{Heard, Listener, Live};
pub(crate) use event_batch::events;
