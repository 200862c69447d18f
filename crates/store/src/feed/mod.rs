//! The filtered feed of changes, newest first.

mod activity;
mod page;
mod row;
mod stream;

use crate::{
    Error, Store, boxed,
    dialect::Dialect,
    rows::{CHANGE_COLUMNS, StoredChange},
    sql::{numbers, recorded, sql},
};
use domain::{
    change::Change,
    feed::{ChangeFilter, ChangePage, ChangeRow, EntryKey, EntryPage},
    id::{ChangeId, InspectionId, SectionId},
};

impl Store {
    /// Returns the changes of one inspection, newest first: at most `limit` of them, older than `before`.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
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
        let changes: Vec<StoredChange> = statement.all(self.db()).await?;
        changes.into_iter().map(Change::try_from).collect()
    }

    /// Returns a page of the feed with its counts. If `last` is given, its entries include no
    /// change after it, so that the pages a reader goes through stay consistent; the counts are
    /// current.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn changes(
        &self,
        filter: &ChangeFilter,
        last: Option<ChangeId>,
    ) -> Result<ChangePage, Error> {
        page::of(self, &mut self.db().read().await?, filter, last).await
    }

    /// Returns the newest matches without grouping them into entries: at most `limit` of them,
    /// older than the filter's `before`.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn latest_changes(
        &self,
        filter: &ChangeFilter,
        limit: usize,
    ) -> Result<Vec<ChangeRow>, Error> {
        let mut tx = self.db().read().await?;
        let before = filter.before.map_or(i64::MAX, |before| before.0);
        let mut search = self.search(&mut tx, filter).await?.bound(None);
        let ids = search.newest(before, limit).await?;
        row::read(&mut tx, &ids.into_iter().map(ChangeId).collect::<Vec<_>>()).await
    }

    /// Returns the changes of an opened entry: its newest matches, older than the filter's
    /// `before`.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn entry_changes(
        &self,
        filter: &ChangeFilter,
        key: EntryKey,
    ) -> Result<EntryPage, Error> {
        let Some(within) = key.within(filter) else {
            return Ok(EntryPage::default());
        };
        let within = ChangeFilter { before: filter.before, ..within };
        let mut rows = self.latest_changes(&within, ChangeFilter::ENTRY_PAGE + 1).await?;
        let more = rows.len() > ChangeFilter::ENTRY_PAGE;
        rows.truncate(ChangeFilter::ENTRY_PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.change.id);
        Ok(EntryPage { rows, next })
    }

    /// Returns the titles that these sections had when they were added; unknown sections are left
    /// out. The id of a section is that of the change that added it.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn section_titles(
        &self,
        sections: &[SectionId],
    ) -> Result<Vec<(SectionId, String)>, Error> {
        let these = self.db().dialect().any("id", 1);
        let text = format!(
            "select id, related_str from changes where {these} and related_str is not null"
        );
        let found: Vec<(i64, String)> =
            sql(text).bind(numbers(sections.iter().copied())).all(self.db()).await?;
        Ok(found.into_iter().map(|(id, title)| (SectionId(id), title)).collect())
    }

    /// Returns the exact number of matches, and the newest change of all. Both are needed to
    /// confirm a review of all matches.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn count_changes(
        &self,
        filter: &ChangeFilter,
    ) -> Result<(u64, Option<ChangeId>), Error> {
        let mut tx = self.db().read().await?;
        let search = self.search(&mut tx, filter).await?;
        let newest = search.newest_of_all();
        Ok((search.count_matching(true).await?, newest.map(ChangeId)))
    }

    /// Returns the query plans of a page of the feed, statement by statement, for tuning.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn explain_changes(&self, filter: &ChangeFilter) -> Result<Vec<String>, Error> {
        let (page, statements) = recorded(self.changes(filter, None)).await;
        page?;
        let mut plans = Vec::new();
        for statement in statements {
            let lines: Vec<String> = match self.db().dialect() {
                Dialect::Sqlite => {
                    let plan = statement.clone().prefixed("explain query plan ");
                    let lines: Vec<(i64, i64, i64, String)> = plan.all(self.db()).await?;
                    lines.into_iter().map(|(.., line)| line).collect()
                }
                Dialect::Postgres => {
                    let plan = statement.clone().prefixed("explain ");
                    let lines: Vec<(String,)> = plan.all(self.db()).await?;
                    lines.into_iter().map(|(line,)| line).collect()
                }
            };
            plans.push(format!("{}\n  {}", statement.text(), lines.join("\n  ")));
        }
        Ok(plans)
    }

    /// Returns one change with the data that the feed shows with it.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn change(&self, id: ChangeId) -> Result<Option<ChangeRow>, Error> {
        Ok(row::read(&mut self.db().read().await?, &[id]).await?.pop())
    }
}
