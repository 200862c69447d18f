//! Rows as stored, including removed ones, for verification against the records.

use super::{REMOVED, Tracked, select};
use crate::{Error, db::Tx, sql::sql};

/// A row with its bookkeeping columns.
pub(crate) struct Stored<T> {
    /// The inspection it is in.
    pub(crate) inspection_id: i64,
    /// The change that last touched it.
    pub(crate) change_id: i64,
    /// Whether that change removed it; `None` if the stored value is neither true nor false.
    pub(crate) removed: Option<bool>,
    /// The object.
    pub(crate) thing: T,
}

#[derive(sqlx::FromRow)]
struct StoredRow<T> {
    inspection_id: i64,
    change_id: i64,
    removed: Option<bool>,
    #[sqlx(flatten)]
    thing: T,
}

/// Returns all rows of inspections with ids from the first to the second.
pub(crate) async fn stored<T: Tracked>(
    tx: &mut Tx,
    (from, to): (i64, i64),
) -> Result<Vec<Stored<T>>, Error> {
    let text = format!(
        "{} where inspection_id between $1 and $2",
        select::<T>(&format!("inspection_id, change_id, {REMOVED}, "))
    );
    let rows: Vec<StoredRow<T::Row>> = sql(text).bind(from).bind(to).all(tx).await?;
    rows.into_iter()
        .map(|row| {
            let StoredRow { inspection_id, change_id, removed, thing } = row;
            Ok(Stored { inspection_id, change_id, removed, thing: T::read(thing)? })
        })
        .collect()
}
