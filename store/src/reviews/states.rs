//! Where changes stand with the reviewers.

use crate::{Error, db::Tx, rows, sql::sql};
use domain::{ChangeId, ReviewState};
use std::collections::BTreeMap;

/// The states of these changes; those never reviewed are left out.
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
    found
        .into_iter()
        .map(|(id, state)| Ok((ChangeId(id), rows::word("reviews", "state", id, &state)?)))
        .collect()
}
