//! The executable, told to do things on the command line.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod backup;
mod correct;
mod export;
mod serve;
mod support;
mod users;
mod verify;
