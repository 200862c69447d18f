//! Storage of the [change index](change_index) in the database.
//!
//! A row of `index_blocks` is a segment, and a row of `index_pages` a page of its posting lists. The
//! rows of `review_states` are bitmaps of the reviewed and the flagged changes.

mod build;
mod changes;
mod review_states;
mod search;
mod storage;

pub(crate) use review_states::write_review_states;
