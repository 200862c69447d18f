//! What reviewers act on: changes by themselves, entries of the feed, or all that a filter matches.

use crate::{
    Error, Store, boxed,
    db::Tx,
    index::search::Search,
    sql::{numbers, sql},
};
use domain::{ChangeFilter, ChangeId, EntryKey, InspectionId};
use std::collections::BTreeSet;

/// How many more or fewer than agreed to may be touched: this many, or a tenth of them.
const LEEWAY: u64 = 10;

/// What is acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewTarget {
    /// These changes; those that are not there are passed over.
    Changes(Vec<ChangeId>),
    /// What a filter matches of these entries, whole.
    Entries {
        /// The filter.
        filter: ChangeFilter,
        /// The entries.
        keys: Vec<EntryKey>,
        /// The newest change that the reviewer could know of: what came later is left alone.
        newest: ChangeId,
    },
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

impl ReviewTarget {
    /// Returns the changes that are meant. Give it a transaction that reads one state of the database.
    pub(super) async fn changes(
        &self,
        store: &Store,
        tx: &mut Tx,
    ) -> Result<BTreeSet<ChangeId>, Error> {
        match self {
            Self::Changes(changes) => {
                let these = tx.dialect().any("id", 1);
                let text = format!("select id from changes where {these}");
                let found: Vec<(i64,)> =
                    sql(text).bind(numbers(changes.iter().copied())).all(tx).await?;
                Ok(found.into_iter().map(|(id,)| ChangeId(id)).collect())
            }
            Self::Entries { filter, keys, newest } => {
                let mut found = BTreeSet::new();
                for within in keys.iter().filter_map(|key| key.within(filter)) {
                    let mut search = Search::begin(store, tx, &within).await?;
                    found.extend(search.all(newest.0).await?.into_iter().map(ChangeId));
                }
                Ok(found)
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
    /// Returns the inspections that these changes are of, each with its reference and its newest of them.
    ///
    /// # Errors
    /// [`Error::Moved`] where the filter matches quite another number by now.
    #[boxed]
    pub async fn inspections_of(
        &self,
        target: &ReviewTarget,
    ) -> Result<Vec<(InspectionId, String, ChangeId)>, Error> {
        let mut tx = self.db().read().await?;
        let changes = target.changes(self, &mut tx).await?;
        let these = tx.dialect().any("c.id", 1);
        let text = format!(
            "select i.id, i.reference, max(c.id) from changes as c \
             join inspections as i on i.id = c.inspection_id where {these} \
             group by i.id, i.reference order by i.id"
        );
        let found: Vec<(i64, String, i64)> =
            sql(text).bind(numbers(changes.iter().copied())).all(&mut tx).await?;
        let found = found.into_iter();
        Ok(found.map(|(id, name, newest)| (InspectionId(id), name, ChangeId(newest))).collect())
    }

    /// Returns the newest change of each of these entries that a filter matches, up to the `newest` that the
    /// reviewer could know of.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn newest_of_entries(
        &self,
        filter: &ChangeFilter,
        keys: &[EntryKey],
        newest: ChangeId,
    ) -> Result<Vec<ChangeId>, Error> {
        let mut tx = self.db().read().await?;
        let mut found = Vec::new();
        for within in keys.iter().filter_map(|key| key.within(filter)) {
            let mut search = Search::begin(self, &mut tx, &within).await?;
            let newest = search.newest(newest.0.saturating_add(1), 1).await?;
            found.extend(newest.into_iter().map(ChangeId));
        }
        Ok(found)
    }
}
