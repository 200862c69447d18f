//! What `plumbline` can be told to do, one file a command.

pub(crate) mod correct;
pub(crate) mod migrate;
pub(crate) mod serve;
pub(crate) mod user;
pub(crate) mod verify;
