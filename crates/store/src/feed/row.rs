//! Rows of the feed: changes with the data shown with them.

use crate::{
    Error,
    db::Tx,
    reviews::{CurrentReviewRow, REVIEW_COLUMNS, WITH_REVIEW},
    rows::{self, CHANGE_COLUMNS, StoredChange, person},
    sql::{numbers, sql},
};
use domain::{change::Change, feed::ChangeRow, id::ChangeId, inspection::Status};
use std::collections::BTreeMap;

#[derive(sqlx::FromRow)]
struct FeedRow {
    #[sqlx(flatten)]
    change: StoredChange,
    reference: String,
    name: String,
    status: String,
    head: i64,
    removed: bool,
    inspector_id: Option<i64>,
    inspector_name: Option<String>,
    comments: i64,
    #[sqlx(flatten)]
    review: CurrentReviewRow,
}

impl TryFrom<FeedRow> for ChangeRow {
    type Error = Error;

    fn try_from(row: FeedRow) -> Result<Self, Error> {
        let change = Change::try_from(row.change)?;
        let id = change.inspection_id.0;
        Ok(Self {
            status: rows::word::<Status>("inspections", "status", id, &row.status)?,
            change,
            reference: row.reference,
            name: row.name,
            head: ChangeId(row.head),
            removed: row.removed,
            inspector: person(row.inspector_id, row.inspector_name),
            review: row.review.read()?,
            comments: row.comments,
        })
    }
}

/// Returns the rows of these changes, in this order; unknown changes are left out.
pub(super) async fn read(tx: &mut Tx, ids: &[ChangeId]) -> Result<Vec<ChangeRow>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let these = tx.dialect().any("c.id", 1);
    let text = format!(
        "select {CHANGE_COLUMNS}, i.reference, i.name, i.status, i.change_id as head, i.removed, \
         i.inspector_id, i.inspector_name, \
         (select count(*) from comments as m where m.change_id = c.id) as comments, \
         {REVIEW_COLUMNS} from changes as c join inspections as i on i.id = c.inspection_id \
         {WITH_REVIEW} where {these}"
    );
    let found: Vec<FeedRow> = sql(text).bind(numbers(ids.iter().copied())).all(tx).await?;
    let mut found = found
        .into_iter()
        .map(|row| ChangeRow::try_from(row).map(|row| (row.change.id, row)))
        .collect::<Result<BTreeMap<_, _>, _>>()?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}
