//! Very many changes, read at once.

use crate::{
    Error,
    db::Tx,
    dialect::Dialect,
    sql::{Bound, Row, sql},
};
use serde::de::DeserializeOwned;

/// What is read of a change where very many are.
pub(crate) trait Together: Row + DeserializeOwned {
    /// Its columns, in the order of its fields.
    const COLUMNS: &'static str;

    /// The same as members of a JSON array.
    const MEMBERS: &'static str;
}

/// Returns the changes that the words after SELECT and the columns find, in their order. SQLite hands them out as
/// JSON in one value, three times as fast as the rows one by one; PostgreSQL takes longer to write JSON than
/// to hand out rows.
pub(crate) async fn together<T: Together>(
    tx: &mut Tx,
    rest: &str,
    values: Vec<Bound>,
) -> Result<Vec<T>, Error> {
    match tx.dialect() {
        Dialect::Postgres => {
            sql(format!("select {} {rest}", T::COLUMNS)).bind_all(values).all(tx).await
        }
        Dialect::Sqlite => {
            let text = format!(
                "select json_group_array(json_array({})) from (select * {rest})",
                T::MEMBERS
            );
            let (json,): (String,) = sql(text).bind_all(values).one(tx).await?;
            serde_json::from_str(&json).map_err(|error| Error::Unreadable {
                table: "changes",
                column: "of one of them",
                id: 0,
                problem: error.to_string(),
            })
        }
    }
}
