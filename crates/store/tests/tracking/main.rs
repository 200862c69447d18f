//! What is tracked: one story told on SQLite and on PostgreSQL, what raw SQL cannot do to it, and
//! that the tables always equal the fold of the records.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected stops there")]

mod support;

mod activity;
mod back;
mod feed;
mod fold;
mod guards;
mod lists;
mod many;
mod past;
mod people;
mod repeats;
mod reviews;
mod search;
mod story;
mod tamper;
mod undo_request;
mod verify;
mod waiting;
