//! Fresh changes: those in no block yet.

use super::tokens;
use crate::{
    Error, Store,
    db::Tx,
    rows::{self, CHANGE_COLUMNS, ChangeRecord},
    sql::{Row, Sql, sql},
};
use chrono::NaiveDate;
use domain::Change;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError},
};

/// A fresh change as the index sees it.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) id: i64,
    pub(super) day: NaiveDate,
    pub(super) tokens: BTreeSet<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct FreshRow {
    #[sqlx(flatten)]
    change: ChangeRecord,
    reference: String,
    name: String,
}

impl TryFrom<FreshRow> for Fresh {
    type Error = Error;

    fn try_from(row: FreshRow) -> Result<Self, Error> {
        let change = Change::try_from(row.change)?;
        Ok(Self {
            id: change.id.0,
            day: change.created_at.date_naive(),
            tokens: tokens::of(&change, &row.reference, &row.name),
        })
    }
}

/// Those fresh changes for which a condition on `f` holds, oldest first.
pub(super) fn select(condition: &str) -> Sql
where
    FreshRow: Row,
{
    sql(format!(
        "select {CHANGE_COLUMNS}, i.reference, f.name from fresh_changes as f \
         join changes as c on c.id = f.change_id \
         join inspections as i on i.id = c.inspection_id where {condition} order by f.change_id"
    ))
}

/// All fresh changes, oldest first. What is known of them is kept, since they are asked for again and
/// again and never differ.
pub(super) async fn all(store: &Store, tx: &mut Tx) -> Result<Vec<Arc<Fresh>>, Error> {
    let ids = sql("select change_id from fresh_changes order by change_id");
    let ids: Vec<(i64,)> = ids.all(&mut *tx).await?;
    let known = |store: &Store| {
        let kept = store.index().fresh.lock().unwrap_or_else(PoisonError::into_inner);
        let known = ids.iter().filter_map(|(id,)| kept.get(id).cloned());
        known.map(|fresh| (fresh.id, fresh)).collect::<BTreeMap<_, _>>()
    };
    let mut known = known(store);
    let unknown: Vec<i64> =
        ids.iter().map(|(id,)| *id).filter(|id| !known.contains_key(id)).collect();
    if !unknown.is_empty() {
        let these = tx.dialect().any_number("f.change_id", 1);
        let rows: Vec<FreshRow> = select(&these).bind(rows::json(&unknown)?).all(tx).await?;
        for row in rows {
            let fresh = Fresh::try_from(row)?;
            known.insert(fresh.id, Arc::new(fresh));
        }
        let mut kept = store.index().fresh.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone_from(&known);
    }
    Ok(known.into_values().collect())
}
