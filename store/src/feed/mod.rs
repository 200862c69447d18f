//! The feed of changes, newest first, by whatever the filter asks.

mod activity;
mod page;
mod row;
mod stream;
mod survey;

pub(crate) use survey::{count, matching};

use crate::{
    Error, Store,
    rows::{CHANGE_COLUMNS, ChangeRecord},
    sql::sql,
};
use domain::{
    Change, ChangeFilter, ChangeId, ChangePage, ChangeRow, Entry, EntryKey, InspectionId,
};

impl Store {
    /// The changes of one inspection, newest first: at most `limit` of them, older than `before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn history(
        &self,
        id: InspectionId,
        before: Option<ChangeId>,
        limit: i64,
    ) -> Result<Vec<Change>, Error> {
        let text = format!(
            "select {CHANGE_COLUMNS} from changes as c \
             where c.inspection_id = $1 and c.id < $2 order by c.id desc limit $3"
        );
        let before = before.map_or(i64::MAX, |before| before.0);
        let statement = sql(text).bind(id).bind(before).bind(limit);
        let changes: Vec<ChangeRecord> = statement.all(self.db()).await?;
        changes.into_iter().map(Change::try_from).collect()
    }

    /// A page of the feed, its counts included.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn changes(&self, filter: &ChangeFilter) -> Result<ChangePage, Error> {
        page::of(&mut self.db().read().await?, filter).await
    }

    /// The newest changes that match, whatever entry they belong to: at most `limit` of them, older
    /// than the filter's `before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn latest_changes(
        &self,
        filter: &ChangeFilter,
        limit: usize,
    ) -> Result<Vec<ChangeRow>, Error> {
        let mut tx = self.db().read().await?;
        let newest = filter.before.map(|before| ChangeId(before.0.saturating_sub(1)));
        let mut ids = matching(&mut tx, filter, newest).await?;
        ids.truncate(limit);
        row::read(&mut tx, &ids).await
    }

    /// What an opened entry holds: the newest of its changes that match, at most [`Entry::PAGE`] of
    /// them, older than the filter's `before`; and where the rest begins, to be given as `before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn entry_changes(
        &self,
        filter: &ChangeFilter,
        key: EntryKey,
    ) -> Result<(Vec<ChangeRow>, Option<ChangeId>), Error> {
        let Some(filter) = within(filter, key) else {
            return Ok((Vec::new(), None));
        };
        let mut rows = self.latest_changes(&filter, Entry::PAGE + 1).await?;
        let more = rows.len() > Entry::PAGE;
        rows.truncate(Entry::PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.change.id);
        Ok((rows, next))
    }

    /// How many changes match, however many there are, and the newest change there is: what a review of
    /// all of them is confirmed with.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_changes(
        &self,
        filter: &ChangeFilter,
    ) -> Result<(u64, Option<ChangeId>), Error> {
        let mut tx = self.db().read().await?;
        let (newest,): (Option<i64>,) = sql("select max(id) from changes").one(&mut tx).await?;
        Ok((matching(&mut tx, filter, None).await?.len() as u64, newest.map(ChangeId)))
    }

    /// One change, with what the feed shows beside it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn change(&self, id: ChangeId) -> Result<Option<ChangeRow>, Error> {
        Ok(row::read(&mut self.db().read().await?, &[id]).await?.pop())
    }
}

/// The filter narrowed to one entry; `None` where it shuts the entry out.
fn within(filter: &ChangeFilter, key: EntryKey) -> Option<ChangeFilter> {
    let mut filter = filter.clone();
    match key {
        EntryKey::Request(id) => {
            if filter.request.is_some_and(|request| request != id) {
                return None;
            }
            filter.request = Some(id);
        }
        EntryKey::Inspection(id) => {
            if !filter.inspections.is_empty() && !filter.inspections.contains(&id) {
                return None;
            }
            filter.inspections = vec![id];
        }
        EntryKey::Day(day) => {
            filter.from = Some(filter.from.map_or(day, |from| from.max(day)));
            filter.to = Some(filter.to.map_or(day, |to| to.min(day)));
        }
    }
    Some(filter)
}
