//! Interface to the storage of the index.

use crate::{
    IndexError, IndexedChange, PostingsPage, ReviewStatesRow, StoredSegment, tokens::TokenQuery,
};
use std::collections::BTreeSet;

/// Extent of the index, as one transaction sees it.
#[derive(Debug)]
pub struct IndexHead {
    /// Id of the newest change.
    pub newest: Option<i64>,
    /// The newest version of any row of review states, 0 if there is none.
    pub review_version: i64,
    /// All segments.
    pub segments: Vec<StoredSegment>,
}

/// Storage of the index. All calls during a search read the same snapshot.
pub trait IndexStorage: Send {
    /// Error of the storage.
    type Error: From<IndexError>;

    /// Reads the extent of the index.
    fn head(&mut self) -> impl Future<Output = Result<IndexHead, Self::Error>> + Send;

    /// Reads the changes from an id on, in ascending order.
    fn changes_from(
        &mut self,
        first: i64,
    ) -> impl Future<Output = Result<Vec<IndexedChange>, Self::Error>> + Send;

    /// Reads the pages of these segments that may contain tokens of the queries: for each segment
    /// and query the last page whose first token is not greater than the query's first token, and
    /// the pages whose first token is in its range. Each page comes with the row id of its segment.
    fn pages(
        &mut self,
        segments: &[i64],
        queries: &BTreeSet<TokenQuery>,
    ) -> impl Future<Output = Result<Vec<(i64, PostingsPage)>, Self::Error>> + Send;

    /// Reads the rows of review states with a version above this one.
    fn review_states(
        &mut self,
        version: i64,
    ) -> impl Future<Output = Result<Vec<ReviewStatesRow>, Self::Error>> + Send;
}
