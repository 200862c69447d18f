//! The executable, told to do things on the command line.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod correct;
mod support;
mod verify;
