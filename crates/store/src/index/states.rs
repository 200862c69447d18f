//! Review states of changes, as bitmaps of the reviewed and the flagged ones.

use super::bitmap::Bits;
use crate::{
    Error,
    bulk_insert::{BulkInsert, Cell},
    db::Tx,
    sql::{self, sql},
};
use domain::{feed::ReviewState, id::ChangeId};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Number of ids that one row covers, as a power of two.
const SIZE: u32 = 12;

/// Reviewed and flagged changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct States {
    rows: BTreeMap<i64, [Bits; 2]>,
}

/// Cache of all review states at one version: 1 KiB for 4,096 changes.
#[derive(Debug, Default)]
pub(super) struct KeptStates {
    version: i64,
    states: Arc<States>,
}

impl States {
    /// Returns all states at the version that the transaction sees as the newest: the cached ones,
    /// updated with the rows written since. The transaction must not have written any state itself.
    pub(super) async fn all(
        kept: &Mutex<KeptStates>,
        tx: &mut Tx,
        version: i64,
    ) -> Result<Arc<Self>, Error> {
        let (known, states) = {
            let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            (kept.version, kept.states.clone())
        };
        if known == version {
            return Ok(states);
        }
        // The cache may be newer than what this transaction sees.
        let (since, mut states) =
            if known < version { (known, (*states).clone()) } else { (0, Self::default()) };
        let text = "select number, reviewed, flagged from review_states where version > $1";
        states.take_in(sql(text).bind(since).all(tx).await?);
        let states = Arc::new(states);
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.version < version {
            *kept = KeptStates { version, states: states.clone() };
        }
        Ok(states)
    }

    /// Adds rows in stored form.
    fn take_in(&mut self, rows: Vec<(i64, Vec<u8>, Vec<u8>)>) {
        for (number, reviewed, flagged) in rows {
            let mut pair = blank();
            pair[0].or_bytes(&reviewed);
            pair[1].or_bytes(&flagged);
            self.rows.insert(number, pair);
        }
    }

    /// Returns the review state of a change.
    pub(crate) fn of(&self, id: i64) -> ReviewState {
        let Some([reviewed, flagged]) = self.rows.get(&(id >> SIZE)) else {
            return ReviewState::Unreviewed;
        };
        let place = place(id);
        if flagged.contains(place) {
            ReviewState::Flagged
        } else if reviewed.contains(place) {
            ReviewState::Reviewed
        } else {
            ReviewState::Unreviewed
        }
    }

    /// Returns the reviewed and the flagged ones of the `len` ids from `first` on.
    pub(crate) fn within(&self, first: i64, len: usize) -> [Bits; 2] {
        let mut found = [Bits::none(len), Bits::none(len)];
        let end = first + i64::try_from(len).unwrap_or_default();
        for (number, pair) in self.rows.range(first >> SIZE..=(end - 1) >> SIZE) {
            let by = (number << SIZE) - first;
            found[0].or_moved(&pair[0], by);
            found[1].or_moved(&pair[1], by);
        }
        found
    }

    /// Writes the new review states of these changes.
    pub(crate) async fn write(
        tx: &mut Tx,
        states: &BTreeMap<ChangeId, ReviewState>,
    ) -> Result<(), Error> {
        if states.is_empty() {
            return Ok(());
        }
        let mut numbers: Vec<i64> = states.keys().map(|id| id.0 >> SIZE).collect();
        numbers.dedup();
        let these = tx.dialect().any("number", 1);
        let text = format!("select number, reviewed, flagged from review_states where {these}");
        let mut new = Self::default();
        new.take_in(sql(text).bind(sql::numbers(numbers)).all(&mut *tx).await?);
        for (id, state) in states {
            let [reviewed, flagged] = new.rows.entry(id.0 >> SIZE).or_insert_with(blank);
            let place = place(id.0);
            reviewed.put(place, *state == ReviewState::Reviewed);
            flagged.put(place, *state == ReviewState::Flagged);
        }
        let bytes = |bits: &Bits| Cell::Bytes(Some(bits.to_bytes().into()));
        let row = |(number, [reviewed, flagged]): (&i64, &[Bits; 2])| {
            [(*number).into(), bytes(reviewed), bytes(flagged)]
        };
        let new = BulkInsert::new(["number", "reviewed", "flagged"], new.rows.iter().map(row));
        let (new, values) = new.table(tx.dialect(), 1)?;
        let text = format!(
            "insert into review_states (number, reviewed, flagged) \
             select number, reviewed, flagged from {new} where true \
             on conflict (number) do update \
             set reviewed = excluded.reviewed, flagged = excluded.flagged"
        );
        sql(text).bind_all(values).run(tx).await?;
        Ok(())
    }
}

fn blank() -> [Bits; 2] {
    [Bits::none(1 << SIZE), Bits::none(1 << SIZE)]
}

fn place(id: i64) -> usize {
    usize::try_from(id & ((1 << SIZE) - 1)).unwrap_or_default()
}
