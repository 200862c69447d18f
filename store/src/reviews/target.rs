//! What reviewers act on: changes by themselves, entries of the feed, or all that a filter matches.

use crate::{Error, Store, db::Tx, index::search::Search, rows, sql::sql};
use domain::{ChangeFilter, ChangeId, EntryKey, InspectionId};
use std::collections::BTreeSet;

/// How many more or fewer than agreed to may be touched: this many, or a tenth of them.
const LEEWAY: u64 = 10;

/// What is acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewTarget {
    /// These changes; those that are not there are passed over.
    Changes(Vec<ChangeId>),
    /// What a filter matches of entries, whole.
    Entries(Entries),
    /// Everything that a filter matches, on all pages.
    Matching {
        /// The filter.
        filter: ChangeFilter,
        /// The newest change that the reviewer could know of: what came later is left alone.
        newest: ChangeId,
        /// How many the reviewer was told it is about.
        expected: u64,
    },
}

/// Entries of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries {
    /// The filter of the page.
    pub filter: ChangeFilter,
    /// The entries.
    pub keys: Vec<EntryKey>,
    /// The newest change that the reviewer could know of: what came later is left alone.
    pub newest: ChangeId,
    /// Whether an entry of which nothing matches any more, since others reviewed it meanwhile, is taken as
    /// the filter would without its states.
    pub in_any_state: bool,
}

impl Entries {
    /// At most so many changes of each entry, the newest first.
    async fn newest(
        &self,
        store: &Store,
        tx: &mut Tx,
        most: usize,
    ) -> Result<Vec<ChangeId>, Error> {
        let below = self.newest.0.saturating_add(1);
        let mut all = Vec::new();
        for mut within in self.keys.iter().filter_map(|key| key.within(&self.filter)) {
            let mut found = Search::begin(store, tx, &within).await?.newest(below, most).await?;
            if found.is_empty() && self.in_any_state {
                within.states.clear();
                within.without.states.clear();
                found = Search::begin(store, tx, &within).await?.newest(below, most).await?;
            }
            all.extend(found.into_iter().map(ChangeId));
        }
        Ok(all)
    }
}

impl ReviewTarget {
    /// The changes that are meant. Give it a transaction that reads one state of the database.
    pub(super) async fn changes(
        &self,
        store: &Store,
        tx: &mut Tx,
    ) -> Result<BTreeSet<ChangeId>, Error> {
        match self {
            Self::Changes(changes) => {
                let these = tx.dialect().any_number("id", 1);
                let text = format!("select id from changes where {these}");
                let found: Vec<(i64,)> = sql(text).bind(rows::json(changes)?).all(tx).await?;
                Ok(found.into_iter().map(|(id,)| ChangeId(id)).collect())
            }
            Self::Entries(entries) => {
                Ok(entries.newest(store, tx, usize::MAX).await?.into_iter().collect())
            }
            Self::Matching { filter, newest, expected } => {
                let mut search = Search::begin(store, tx, filter).await?;
                let found = search.all(newest.0).await?;
                let number = found.len() as u64;
                if number.abs_diff(*expected) > LEEWAY.max(expected / 10) {
                    return Err(Error::Moved { expected: *expected, found: number });
                }
                Ok(found.into_iter().map(ChangeId).collect())
            }
        }
    }
}

impl Store {
    /// The inspections that these changes are of, each with its reference.
    ///
    /// # Errors
    /// [`Error::Moved`] where the filter matches quite another number by now.
    pub async fn inspections_of(
        &self,
        target: &ReviewTarget,
    ) -> Result<Vec<(InspectionId, String)>, Error> {
        let mut tx = self.db().read().await?;
        let changes = target.changes(self, &mut tx).await?;
        let these = tx.dialect().any_number("c.id", 1);
        let text = format!(
            "select distinct i.id, i.reference from changes as c \
             join inspections as i on i.id = c.inspection_id where {these} order by i.id"
        );
        let found: Vec<(i64, String)> = sql(text).bind(rows::json(&changes)?).all(&mut tx).await?;
        Ok(found.into_iter().map(|(id, reference)| (InspectionId(id), reference)).collect())
    }

    /// The newest change of each of these entries.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_of_entries(&self, entries: &Entries) -> Result<Vec<ChangeId>, Error> {
        entries.newest(self, &mut self.db().read().await?, 1).await
    }
}
