//! The feed of changes, newest first, by whatever the filter asks.

mod activity;
mod page;
mod row;
mod stream;

use crate::{
    Error, Store, boxed,
    dialect::Dialect,
    index::search::Search,
    rows::{CHANGE_COLUMNS, ChangeRecord},
    sql::{numbers, recorded, sql},
};
use domain::{
    Change, ChangeFilter, ChangeId, ChangePage, ChangeRow, Entry, EntryKey, EntryPage,
    InspectionId, SectionId,
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
        let changes: Vec<ChangeRecord> = statement.all(self.db()).await?;
        changes.into_iter().map(Change::try_from).collect()
    }

    /// Returns a page of the feed, its counts included. Its entries take in nothing after the `last` change, if
    /// one is given, so that a page that is being read stays what it was; its counts are those of the
    /// present.
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

    /// Returns the newest changes that match, whatever entry they belong to: at most `limit` of them, older
    /// than the filter's `before`.
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
        let mut search = Search::begin(self, &mut tx, filter).await?;
        let ids = search.newest(before, limit).await?;
        row::read(&mut tx, &ids.into_iter().map(ChangeId).collect::<Vec<_>>()).await
    }

    /// What an opened entry holds: the newest of its changes that match, older than the filter's
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
        let mut rows = self.latest_changes(&within, Entry::PAGE + 1).await?;
        let more = rows.len() > Entry::PAGE;
        rows.truncate(Entry::PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.change.id);
        Ok(EntryPage { rows, next })
    }

    /// What these sections were called when they were added; those that are not there are left out. A
    /// section bears the id of the change that added it.
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

    /// Returns how many changes match, however many there are, and the newest change there is: what a review of
    /// all of them is confirmed with.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn count_changes(
        &self,
        filter: &ChangeFilter,
    ) -> Result<(u64, Option<ChangeId>), Error> {
        let mut tx = self.db().read().await?;
        let mut search = Search::begin(self, &mut tx, filter).await?;
        let newest = search.newest_of_all();
        Ok((search.count_matching(true).await?, newest.map(ChangeId)))
    }

    /// How the database goes about a page of the feed, statement by statement: for those who tune it.
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

    /// One change, with what the feed shows beside it.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn change(&self, id: ChangeId) -> Result<Option<ChangeRow>, Error> {
        Ok(row::read(&mut self.db().read().await?, &[id]).await?.pop())
    }
}
