//! Who gets in, what they may do there, and what other sites may not.

mod people;
mod safety;
mod signing_in;
mod support;
