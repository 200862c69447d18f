//! Inverted index over changes, which answers any combination of the dashboard's filters. The terms
//! are Lucene's, except for the memtable, which is a term of LSM trees.
//!
//! A change is indexed by its [tokens]. Changes never alter, so each full range of 4,096 ids is
//! written once, as a [segment](SegmentKey): a posting list for each token, packed into
//! [pages](PostingsPage). Sixteen such segments are merged into one of 65,536 ids. Changes after the
//! last segment are in a memtable, which each process keeps. A filter is translated into a
//! [`Query`] and evaluated by a few bitmap operations on each segment, newest first. A search has
//! three phases, each a type: a [`PlannedSearch`] counts matches, a [`BoundedSearch`] reads the
//! newest ones, and an [`EvaluatedSearch`] also groups all of them.
//!
//! This crate does no I/O. It reads through [`IndexStorage`], and the caller stores the
//! segments that a [`SegmentBuilder`] makes.

mod bitmap;
mod cache;
mod index;
mod memtable;
mod merge;
mod page;
mod postings;
mod query;
mod review_states;
mod search;
mod segment;
mod segment_key;
mod storage;
pub mod tokens;

pub use index::ChangeIndex;
pub use memtable::IndexedChange;
pub use merge::{NewSegment, SegmentBuilder, next_segment};
pub use page::PostingsPage;
pub use query::Query;
pub use review_states::{ReviewStates, ReviewStatesRow};
pub use search::{BoundedSearch, Counts, EvaluatedSearch, GroupSummary, Members, PlannedSearch};
pub use segment_key::{SegmentKey, StoredSegment};
pub use storage::{IndexHead, IndexStorage};

/// Error of reading a stored part of the index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// A page of posting lists is malformed.
    #[error(
        "segment {segment_id}: the page of postings from {first_token:?} cannot be read: {problem}"
    )]
    Page {
        /// Row id of the segment.
        segment_id: i64,
        /// First token of the page.
        first_token: String,
        /// Description of the fault.
        problem: String,
    },
    /// A page of posting lists could not be encoded.
    #[error("a page of postings cannot be encoded: {0}")]
    Encode(String),
    /// A token that should be that of a day is not.
    #[error("segment of id {id}: `{token}` is not the token of a day")]
    Day {
        /// An id in the segment.
        id: i64,
        /// The token.
        token: String,
    },
    /// A row of review states is malformed.
    #[error("row {number} of the review states cannot be read: {problem}")]
    ReviewStates {
        /// Number of the row.
        number: i64,
        /// Description of the fault.
        problem: String,
    },
}
