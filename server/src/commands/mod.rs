//! Subcommands of `plumbline`, one file each.

pub(crate) mod accept_clock;
pub(crate) mod backup;
pub(crate) mod correct;
pub(crate) mod export;
pub(crate) mod migrate;
mod password;
pub(crate) mod render;
pub(crate) mod restore;
pub(crate) mod seed;
pub(crate) mod serve;
pub(crate) mod user;
pub(crate) mod verify;
