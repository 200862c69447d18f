//! Tests of access: sign-in, permissions, and protection from other sites.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod account;
mod acting;
mod feed;
mod fields;
mod first_run;
mod full_queue;
mod inspections;
mod limits;
mod live;
mod markup;
mod other_person;
mod ownership;
mod page_size;
mod people;
mod safety;
mod signing_in;
mod support;
mod unreadable;
