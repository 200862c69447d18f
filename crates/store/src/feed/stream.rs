//! Changes one after the other, for an export.

use crate::{Error, Store};
use domain::{ChangeFilter, ChangeRow};
use futures::{Stream, stream};

/// How many changes are read at once.
const BATCH: usize = 500;

impl Store {
    /// Everything that matches, newest first, whatever page the filter is on. It is read bit by bit in
    /// transactions of their own, so that any number takes little memory and holds nobody up; it ends
    /// with what there was when it began.
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
