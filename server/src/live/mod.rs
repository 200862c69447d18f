//! Broadcaster of live updates, and the events of each person.

mod herald;
mod told;

pub(crate) use herald::{Heard, Listener, Live};
pub(crate) use told::events;
