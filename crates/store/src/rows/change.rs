//! Rows of changes, which are written once and never updated.

use super::{hash, listed, word};
use crate::{
    Error,
    bulk_insert::{BulkInsert, Cell},
    chain::{ChainLink, HashedChange},
    db::Tx,
    dialect::Dialect,
    sql::{Sql, sql, timestamp},
};
use domain::{
    change::{Change, Record, Related},
    id::{ChangeId, InspectionId, UserId},
};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sqlx::types::Json;
use std::borrow::Cow;
use uuid::Uuid;

/// The columns of a change, for a table with the alias `c`.
pub(crate) const CHANGE_COLUMNS: &str = "c.id, c.inspection_id, c.created_at, c.user_id, \
     c.user_name, c.request_id, c.ordinal, c.action, c.kind, c.fields, c.related_model, c.related_str, c.related_data";

/// A row of `changes`.
#[derive(sqlx::FromRow)]
pub(crate) struct StoredChange {
    id: i64,
    inspection_id: i64,
    created_at: i64,
    user_id: Option<i64>,
    user_name: String,
    request_id: Uuid,
    ordinal: i64,
    action: String,
    kind: String,
    fields: Json<Box<RawValue>>,
    related_model: Option<String>,
    related_str: Option<String>,
    related_data: Json<Box<RawValue>>,
}

impl TryFrom<StoredChange> for Change {
    type Error = Error;

    fn try_from(row: StoredChange) -> Result<Self, Error> {
        let id = row.id;
        let related = match (row.related_model, row.related_str) {
            (Some(model), Some(text)) => {
                Some(Related { model: word("changes", "related_model", id, &model)?, text })
            }
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(Error::Unreadable {
                    table: "changes",
                    column: "related_str",
                    id,
                    problem: "it has to be there where related_model is, and nowhere else".into(),
                });
            }
        };
        Ok(Self {
            id: ChangeId(id),
            inspection_id: InspectionId(row.inspection_id),
            created_at: timestamp("changes", "created_at", id, row.created_at)?,
            user_id: row.user_id.map(UserId),
            user_name: row.user_name,
            request_id: row.request_id,
            ordinal: row.ordinal,
            record: Record {
                action: word("changes", "action", id, &row.action)?,
                kind: word("changes", "kind", id, &row.kind)?,
                fields: read("fields", id, row.fields)?,
                related,
                data: read("related_data", id, row.related_data)?,
            },
        })
    }
}

/// Reads a JSON column of a change.
pub(crate) fn read<T: DeserializeOwned>(
    column: &'static str,
    id: i64,
    Json(json): Json<Box<RawValue>>,
) -> Result<T, Error> {
    serde_json::from_str(json.get()).map_err(|error| Error::Unreadable {
        table: "changes",
        column,
        id,
        problem: error.to_string(),
    })
}

/// Returns the changes that a query finds, in its order.
pub(crate) async fn changes(statement: Sql, tx: &mut Tx) -> Result<Vec<Change>, Error> {
    let changes: Vec<StoredChange> = statement.all(tx).await?;
    changes.into_iter().map(Change::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct LinkedRow {
    #[sqlx(flatten)]
    change: StoredChange,
    number: i64,
    hash: Vec<u8>,
}

/// Returns the changes, with their links, of inspections with ids from the first to the second,
/// grouped by inspection, oldest first.
pub(crate) async fn changes_between(
    tx: &mut Tx,
    from: i64,
    to: i64,
) -> Result<Vec<(Change, ChainLink)>, Error> {
    let text = format!(
        "select {CHANGE_COLUMNS}, c.number, c.hash from changes as c \
         where c.inspection_id between $1 and $2 order by c.inspection_id, c.id"
    );
    let mut changes = Vec::new();
    sql(text)
        .bind(from)
        .bind(to)
        .each(tx, |row: LinkedRow| {
            let hash = hash("changes", row.change.id, &row.hash)?;
            changes.push((Change::try_from(row.change)?, ChainLink { number: row.number, hash }));
            Ok(())
        })
        .await?;
    Ok(changes)
}

/// Returns the statement that appends changes with their hashes, at most one for each inspection.
/// Each change must already be its inspection's head.
pub(crate) fn insert_changes(
    dialect: Dialect,
    changes: &[(&Change, &HashedChange)],
) -> Result<Option<Sql>, Error> {
    if changes.is_empty() {
        return Ok(None);
    }
    let rows = changes.iter().map(|(change, sealed)| {
        let Record { action, kind, fields: _, related, data: _ } = &change.record;
        let model = related.as_ref().map(|related| related.model.to_string().into());
        // The column author_id is that of the user.
        [
            ("id", change.id.0.into()),
            ("inspection_id", change.inspection_id.0.into()),
            ("created_at", change.created_at.timestamp_micros().into()),
            ("user_id", Cell::Number(change.user_id.map(|user| user.0))),
            ("user_name", Cell::text(&change.user_name)),
            ("request_id", Cell::Uuid(change.request_id)),
            ("ordinal", change.ordinal.into()),
            ("action", Cell::text(action.slug())),
            ("kind", Cell::text(kind.slug())),
            ("fields", Cell::Json(Cow::Borrowed(&*sealed.said.fields))),
            ("related_model", Cell::Text(model)),
            ("related_str", Cell::optional(related.as_ref().map(|related| related.text.as_str()))),
            ("related_data", Cell::Json(Cow::Borrowed(&*sealed.said.data))),
            ("number", sealed.link.number.into()),
            ("hash", Cell::Bytes(Some(sealed.link.hash.as_slice().into()))),
        ]
    });
    let rows = BulkInsert::new(rows);
    let own = listed(rows.columns());
    let (table, values) = rows.table(dialect, 1)?;
    let text = format!("insert into changes (author_id{own}) select user_id{own} from {table}");
    Ok(Some(sql(text).bind_all(values)))
}
