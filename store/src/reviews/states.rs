//! Where changes stand with the reviewers.

use crate::{Error, db::Tx, index::states::States, rows, sql::sql};
use domain::{ChangeId, ReviewState};
use std::collections::BTreeMap;

/// Where these changes stand by what was said of them last.
pub(super) async fn of(
    tx: &mut Tx,
    changes: &[ChangeId],
) -> Result<BTreeMap<ChangeId, ReviewState>, Error> {
    let these = tx.dialect().any_number("m.change_id", 1);
    let text = format!(
        "select m.change_id, r.state from reviewed_changes as m \
         join reviews as r on r.id = m.review_id where {these} and m.review_id = \
         (select max(l.review_id) from reviewed_changes as l where l.change_id = m.change_id)"
    );
    let found: Vec<(i64, String)> = sql(text).bind(rows::json(changes)?).all(tx).await?;
    let mut states: BTreeMap<ChangeId, ReviewState> =
        changes.iter().map(|change| (*change, ReviewState::Unreviewed)).collect();
    for (id, state) in found {
        states.insert(ChangeId(id), rows::word("reviews", "state", id, &state)?);
    }
    Ok(states)
}

/// Makes the index follow what was said of these changes last.
pub(super) async fn follow(tx: &mut Tx, changes: &[ChangeId]) -> Result<(), Error> {
    let states = of(tx, changes).await?;
    States::write(tx, &states).await
}
