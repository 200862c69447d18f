//! Which changes are reviewed and which are flagged, as bits.

use super::bits::Bits;
use crate::{
    Error,
    db::Tx,
    records::{Cell, Records},
    sql::{self, sql},
};
use domain::{ChangeId, ReviewState};
use std::collections::BTreeMap;

/// The ids that one row tells of, as a power of two.
const SIZE: u32 = 12;

/// Reviewed and flagged changes among these ids.
pub(crate) struct States {
    rows: BTreeMap<i64, [Bits; 2]>,
}

impl States {
    /// Reads the states of the ids in these ranges: each from the first up to but without the second.
    pub(crate) async fn read(tx: &mut Tx, ranges: &[(i64, i64)]) -> Result<Self, Error> {
        let numbers = ranges.iter().flat_map(|(first, end)| first >> SIZE..=(end - 1) >> SIZE);
        let mut numbers: Vec<i64> = numbers.collect();
        numbers.dedup();
        let these = tx.dialect().any("number", 1);
        let text = format!("select number, reviewed, flagged from review_states where {these}");
        let found: Vec<(i64, Vec<u8>, Vec<u8>)> =
            sql(text).bind(sql::numbers(numbers)).all(tx).await?;
        let mut rows = BTreeMap::new();
        for (number, reviewed, flagged) in found {
            let mut pair = blank();
            pair[0].or_bytes(&reviewed);
            pair[1].or_bytes(&flagged);
            rows.insert(number, pair);
        }
        Ok(Self { rows })
    }

    /// Where a change stands.
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

    /// The reviewed and the flagged ones of the `len` ids from `first` on.
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

    /// Writes where these changes stand by now.
    pub(crate) async fn write(
        tx: &mut Tx,
        states: &BTreeMap<ChangeId, ReviewState>,
    ) -> Result<(), Error> {
        if states.is_empty() {
            return Ok(());
        }
        let ranges: Vec<_> = states.keys().map(|id| (id.0, id.0 + 1)).collect();
        let mut kept = Self::read(tx, &ranges).await?;
        for (id, state) in states {
            let [reviewed, flagged] = kept.rows.entry(id.0 >> SIZE).or_insert_with(blank);
            let place = place(id.0);
            reviewed.put(place, *state == ReviewState::Reviewed);
            flagged.put(place, *state == ReviewState::Flagged);
        }
        let bytes = |bits: &Bits| Cell::Bytes(Some(bits.to_bytes().into()));
        let row = |(number, [reviewed, flagged]): (&i64, &[Bits; 2])| {
            [(*number).into(), bytes(reviewed), bytes(flagged)]
        };
        let new = Records::new(["number", "reviewed", "flagged"], kept.rows.iter().map(row));
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
