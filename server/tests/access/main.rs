//! Who gets in, what they may do there, and what other sites may not.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod acting;
mod feed;
mod people;
mod safety;
mod signing_in;
mod support;
