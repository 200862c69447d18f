//! Changes one after the other: for an export, and for those who look on as they come.

use super::{matching, row};
use crate::{Error, Store};
use domain::{Actor, ChangeFilter, ChangeId, ChangeRow, Role};
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

    /// The changes that came after one, oldest first: those that match and that the viewer may see, at
    /// most 500. Changes are committed in the order of their ids, so whoever asks again after the last
    /// of them misses none. An inspector sees those of inspections that are theirs now.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn changes_after(
        &self,
        after: ChangeId,
        filter: &ChangeFilter,
        viewer: &Actor,
    ) -> Result<Vec<ChangeRow>, Error> {
        let mut tx = self.db().read().await?;
        let mut ids = matching(&mut tx, filter, None).await?;
        ids.retain(|id| *id > after);
        ids.reverse();
        ids.truncate(BATCH);
        let mut rows = row::read(&mut tx, &ids).await?;
        if viewer.role == Role::Inspector {
            rows.retain(|row| row.inspector.as_ref().is_some_and(|it| it.id == viewer.id));
        }
        Ok(rows)
    }
}
