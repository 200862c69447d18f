//! Beginning of a search.

use crate::{
    Error, Store,
    db::Tx,
    sql::{numbers, sql},
};
use change_index::{PlannedSearch, Query};
use domain::{feed::ChangeFilter, id::UserId};
use std::collections::BTreeSet;

impl Store {
    /// Begins a search for the changes that match a filter.
    pub(crate) async fn search<'a>(
        &'a self,
        tx: &'a mut Tx,
        filter: &ChangeFilter,
    ) -> Result<PlannedSearch<'a, Tx>, Error> {
        let users = [&filter.users[..], &filter.without.users[..]].concat();
        let existing = existing(tx, &users).await?;
        let ids = match filter.request {
            Some(request) => {
                let these = sql("select id from changes where request_id = $1 order by id");
                let ids: Vec<(i64,)> = these.bind(request).all(&mut *tx).await?;
                Some(ids.into_iter().map(|(id,)| id).collect())
            }
            None => None,
        };
        self.index().changes.search(tx, Query::new(filter, &existing, ids)).await
    }
}

/// Returns those of the users who have an account.
async fn existing(tx: &mut Tx, users: &[UserId]) -> Result<BTreeSet<UserId>, Error> {
    if users.is_empty() {
        return Ok(BTreeSet::new());
    }
    let text = format!("select id from users where {}", tx.dialect().any("id", 1));
    let found: Vec<(i64,)> = sql(text).bind(numbers(users.iter().copied())).all(tx).await?;
    Ok(found.into_iter().map(|(id,)| UserId(id)).collect())
}
