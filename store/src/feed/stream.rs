//! Changes one after the other: for an export, and for those who look on as they come.

use crate::{Error, Store, boxed, index::search::Search};
use domain::{ChangeFilter, ChangeId, ChangeRow};
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

    /// How many changes that match came after one, and the newest there is by now, whether it matches
    /// or not; with none before it, that one alone. Changes are committed in the order of their ids, so
    /// whoever asks again after the newest misses none and hears of none twice.
    ///
    /// # Errors
    /// Where the database fails.
    #[boxed]
    pub async fn news(
        &self,
        after: Option<ChangeId>,
        filter: &ChangeFilter,
    ) -> Result<(u64, ChangeId), Error> {
        let mut tx = self.db().read().await?;
        let mut search = Search::begin(self, &mut tx, filter).await?;
        let newest = ChangeId(search.newest_of_all().unwrap_or_default());
        let Some(after) = after else { return Ok((0, newest)) };
        let number = search.all_after(after.0).await?.len() as u64;
        Ok((number, newest.max(after)))
    }
}
