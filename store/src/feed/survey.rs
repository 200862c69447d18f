//! Which changes a filter matches.

use crate::{
    Error,
    db::Tx,
    rows::{self, CHANGE_COLUMNS, ChangeRecord},
    sql::sql,
};
use domain::{
    Action, Change, ChangeFilter, ChangeId, Count, Field, InspectionId, ReviewState, Value,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    change: ChangeRecord,
    reference: String,
    state: Option<String>,
}

/// A change as filters see it.
pub(super) struct Seen {
    pub(super) change: Change,
    words: BTreeSet<String>,
    state: ReviewState,
}

impl Seen {
    pub(super) fn matches(&self, filter: &ChangeFilter) -> bool {
        filter.matches(&self.change, &self.words, self.state)
    }
}

/// All changes, newest first.
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<Seen>, Error> {
    let text = format!(
        "select {CHANGE_COLUMNS}, i.reference, (select r.state from reviewed_changes as m \
         join reviews as r on r.id = m.review_id where m.change_id = c.id \
         order by m.review_id desc limit 1) as state \
         from changes as c join inspections as i on i.id = c.inspection_id order by c.id"
    );
    let found: Vec<Row> = sql(text).all(tx).await?;
    let mut names: BTreeMap<InspectionId, String> = BTreeMap::new();
    let mut seen = Vec::with_capacity(found.len());
    for row in found {
        let change = Change::try_from(row.change)?;
        let name = names.entry(change.inspection_id).or_default();
        if change.record.action == Action::Edit
            && change.record.related.is_none()
            && let Some(Value::Text(given)) = change.record.data.after.get(Field::Name)
        {
            name.clone_from(given);
        }
        let words = change.words(&row.reference, name);
        let state = row.state.map_or(Ok(ReviewState::Unreviewed), |state| {
            rows::word("reviews", "state", change.id.0, &state)
        })?;
        seen.push(Seen { change, words, state });
    }
    seen.reverse();
    Ok(seen)
}

/// The changes that match, newest first, up to `newest` if that is given. The page does not count.
pub(crate) async fn matching(
    tx: &mut Tx,
    filter: &ChangeFilter,
    newest: Option<ChangeId>,
) -> Result<Vec<ChangeId>, Error> {
    let all = all(tx).await?;
    let matching = all.iter().filter(|seen| seen.matches(filter)).map(|seen| seen.change.id);
    Ok(matching.filter(|id| newest.is_none_or(|newest| *id <= newest)).collect())
}

/// How many changes match.
pub(crate) async fn count(tx: &mut Tx, filter: &ChangeFilter) -> Result<Count, Error> {
    Ok(Count::of(matching(tx, filter, None).await?.len() as u64))
}
