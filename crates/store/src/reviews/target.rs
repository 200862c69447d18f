//! Targets of a review: single changes, entries of the feed, or all matches of a filter.

use crate::{
    Error, Store, boxed,
    db::Tx,
    sql::{numbers, sql},
};
use domain::{
    feed::{ChangeFilter, EntryKey},
    id::{ChangeId, InspectionId},
};
use std::collections::BTreeSet;

/// Tolerated difference from the confirmed number of changes: this many, or a tenth of them.
const LEEWAY: u64 = 10;

/// Target of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewTarget {
    /// These changes; unknown ones are ignored.
    Changes(Vec<ChangeId>),
    /// All matches of a filter within these entries.
    Entries {
        /// The filter.
        filter: ChangeFilter,
        /// The entries.
        keys: Vec<EntryKey>,
        /// The newest change that the reviewer could know of. Later changes are left alone.
        newest: ChangeId,
    },
    /// All matches of a filter, on all pages.
    Matching {
        /// The filter.
        filter: ChangeFilter,
        /// The newest change that the reviewer could know of. Later changes are left alone.
        newest: ChangeId,
        /// The number of changes shown to the reviewer.
        expected: u64,
    },
}

impl ReviewTarget {
    /// Returns the target's changes. The transaction must read one snapshot of the database.
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
                    let search = store.search(tx, &within).await?;
                    found.extend(search.all_until(newest.0).await?.into_iter().map(ChangeId));
                }
                Ok(found)
            }
            Self::Matching { filter, newest, expected } => {
                let search = store.search(tx, filter).await?;
                let found = search.all_until(newest.0).await?;
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
    /// Returns the inspections of these changes, each with its reference and its newest change
    /// among them.
    ///
    /// # Errors
    /// [`Error::Moved`] if the filter now matches another number.
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

    /// Returns the newest match of each of these entries, up to the `newest` change that the
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
            let mut search = self.search(&mut tx, &within).await?.bound(Some(newest.0));
            let newest_match = search.newest(i64::MAX, 1).await?;
            found.extend(newest_match.into_iter().map(ChangeId));
        }
        Ok(found)
    }
}
