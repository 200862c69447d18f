//! Writing of review states.

use crate::{
    Error,
    bulk_insert::{BulkInsert, Cell},
    db::Tx,
    sql::{numbers, sql},
};
use change_index::{ReviewStates, ReviewStatesRow};
use domain::{feed::ReviewState, id::ChangeId};
use std::collections::{BTreeMap, BTreeSet};

/// Writes the new review states of these changes.
pub(crate) async fn write_review_states(
    tx: &mut Tx,
    states: &BTreeMap<ChangeId, ReviewState>,
) -> Result<(), Error> {
    if states.is_empty() {
        return Ok(());
    }
    let rows: BTreeSet<i64> = states.keys().map(|id| ReviewStates::row_number(*id)).collect();
    let these = tx.dialect().any("number", 1);
    let text = format!("select number, reviewed, flagged from review_states where {these}");
    let stored = sql(text).bind(numbers(rows.iter().copied()));
    let stored: Vec<(i64, Vec<u8>, Vec<u8>)> = stored.all(&mut *tx).await?;
    let row = |(number, reviewed, flagged)| ReviewStatesRow { number, reviewed, flagged };
    let mut new = ReviewStates::default();
    new.extend(stored.into_iter().map(row).collect())?;
    for (id, state) in states {
        new.set(*id, *state);
    }
    let bytes = |bytes: Vec<u8>| Cell::Bytes(Some(bytes.into()));
    let rows = rows.into_iter().map(|number| {
        let ReviewStatesRow { number, reviewed, flagged } = new.row(number);
        [("number", number.into()), ("reviewed", bytes(reviewed)), ("flagged", bytes(flagged))]
    });
    let (rows, values) = BulkInsert::new(rows).table(tx.dialect(), 1)?;
    let text = format!(
        "insert into review_states (number, reviewed, flagged) \
         select number, reviewed, flagged from {rows} where true \
         on conflict (number) do update \
         set reviewed = excluded.reviewed, flagged = excluded.flagged"
    );
    sql(text).bind_all(values).run(tx).await?;
    Ok(())
}
