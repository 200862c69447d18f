//! Stream of changes for an export.

use crate::{Error, Store};
use domain::feed::{ChangeFilter, ChangeRow};
use futures::{Stream, stream};

/// Number of changes read at once.
const BATCH: usize = 500;

impl Store {
    /// Streams all matches, newest first, regardless of the filter's page. It reads them in batches
    /// with a transaction each, so that memory use is bounded and no transaction stays open.
    /// Changes recorded after its start are not included.
    pub fn stream_changes(
        &self,
        filter: ChangeFilter,
    ) -> impl Stream<Item = Result<ChangeRow, Error>> + Send + 'static {
        let batches =
            stream::try_unfold((self.clone(), filter.first_page()), |(store, filter)| async move {
                let rows = store.latest_changes(&filter, BATCH).await?;
                let Some(last) = rows.last().map(|row| row.change.id) else {
                    return Ok::<_, Error>(None);
                };
                let rest = ChangeFilter { before: Some(last), ..filter };
                Ok(Some((stream::iter(rows.into_iter().map(Ok)), (store, rest))))
            });
        futures::TryStreamExt::try_flatten(batches)
    }
}
