//! Changes as stored, including invalid values.

use super::{VerifyError, Violation, ViolationKind};
use crate::{
    Error,
    chain::{ChainEntry, ChainLink, Hash, canonical},
    db::Tx,
    rows::{BulkRow, read_changes},
    sql::{Bound, sql},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use sqlx::{Column, ColumnIndex, Decode, FromRow, Type};
use std::collections::HashSet;
use uuid::Uuid;

/// A change as stored.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Raw {
    pub(super) id: i64,
    pub(super) inspection_id: i64,
    pub(super) number: i64,
    /// Microseconds of UTC.
    pub(super) created_at: i64,
    author_id: i64,
    user_id: Option<i64>,
    user_name: String,
    request_id: Uuid,
    ordinal: i64,
    action: String,
    kind: String,
    fields: String,
    related_model: Option<String>,
    related_str: Option<String>,
    related_data: String,
    #[serde(deserialize_with = "hash")]
    pub(super) hash: Hash,
}

impl BulkRow for Raw {
    const COLUMNS: &'static str = "id, inspection_id, number, created_at, author_id, user_id, \
         user_name, request_id, ordinal, action, kind, cast(fields as text) as fields, related_model, related_str, \
         cast(related_data as text) as related_data, hash";
    const MEMBERS: &'static str = "id, inspection_id, number, created_at, author_id, user_id, \
         user_name, hex(request_id), ordinal, action, kind, fields, related_model, related_str, related_data, \
         hex(hash)";
}

// Columns are read by position, because looking one up by name takes longer than reading it, and
// there may be a million rows.
impl<'r, R: sqlx::Row> FromRow<'r, R> for Raw
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(Self {
            id: cell(row, 0)?,
            inspection_id: cell(row, 1)?,
            number: cell(row, 2)?,
            created_at: cell(row, 3)?,
            author_id: cell(row, 4)?,
            user_id: cell(row, 5)?,
            user_name: cell(row, 6)?,
            request_id: cell(row, 7)?,
            ordinal: cell(row, 8)?,
            action: cell(row, 9)?,
            kind: cell(row, 10)?,
            fields: cell(row, 11)?,
            related_model: cell(row, 12)?,
            related_str: cell(row, 13)?,
            related_data: cell(row, 14)?,
            hash: read_hash(&cell::<_, Vec<u8>>(row, 15)?).map_err(|problem| {
                sqlx::Error::ColumnDecode { index: "hash".into(), source: problem.into() }
            })?,
        })
    }
}

/// Reads a column. An error names the column.
fn cell<'r, R: sqlx::Row, T>(row: &'r R, at: usize) -> sqlx::Result<T>
where
    usize: ColumnIndex<R>,
    T: Decode<'r, R::Database> + Type<R::Database>,
{
    row.try_get(at).map_err(|error| match error {
        sqlx::Error::ColumnDecode { source, .. } => {
            sqlx::Error::ColumnDecode { index: format!("{:?}", row.column(at).name()), source }
        }
        error => error,
    })
}

fn hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
    let bytes = hex::decode(<&str>::deserialize(deserializer)?).map_err(D::Error::custom)?;
    read_hash(&bytes).map_err(D::Error::custom)
}

/// Reads a hash. The table only accepts 32 bytes, but a person who can drop its constraints can
/// write another number.
fn read_hash(bytes: &[u8]) -> Result<Hash, String> {
    Hash::try_from(bytes).map_err(|_| format!("it has {} bytes and not 32", bytes.len()))
}

/// Reads the changes that `rest`, the text after SELECT and the columns, finds.
pub(super) async fn read<const N: usize>(
    tx: &mut Tx,
    rest: &str,
    values: [i64; N],
) -> Result<Vec<Raw>, VerifyError> {
    match read_changes(tx, rest, values.map(Bound::from).to_vec()).await {
        Ok(raws) => Ok(raws),
        // One unreadable row fails the whole query, so rows are read one by one to find it.
        Err(error) => match one_by_one(tx, rest, values).await {
            Err(VerifyError::Failed(_)) => Err(error.into()),
            found => found,
        },
    }
}

/// Returns the changes of one inspection, oldest first.
pub(super) async fn of(tx: &mut Tx, inspection: i64) -> Result<Vec<Raw>, VerifyError> {
    read(tx, "from changes where inspection_id = $1 order by id", [inspection]).await
}

async fn one_by_one<const N: usize>(
    tx: &mut Tx,
    rest: &str,
    values: [i64; N],
) -> Result<Vec<Raw>, VerifyError> {
    let ids = sql(format!("select id, inspection_id {rest}"));
    let ids: Vec<(i64, i64)> = ids.bind_all(values.map(Bound::from).to_vec()).all(&mut *tx).await?;
    let mut raws = Vec::with_capacity(ids.len());
    for (id, inspection) in ids {
        let columns = Raw::COLUMNS;
        let text = format!("select {columns} from changes where id = $1 and inspection_id = $2");
        let found: Result<Vec<Raw>, Error> =
            sql(text).bind(id).bind(inspection).all(&mut *tx).await;
        raws.extend(found.map_err(|error| match error.into() {
            VerifyError::Wrong(wrong) => Violation::of(inspection, Some(id), wrong.flaw).into(),
            failed => failed,
        })?);
    }
    Ok(raws)
}

impl Raw {
    pub(super) fn link(&self) -> ChainLink {
        ChainLink { number: self.number, hash: self.hash }
    }

    /// Returns whether the stored hash is that of the content after a predecessor with this hash.
    /// It is an error if the JSON has no canonical form.
    pub(super) fn fits(&self, previous: Option<Hash>) -> Result<bool, ViolationKind> {
        let canonical = |column: &str, json: &str| {
            canonical(json).map_err(|error| ViolationKind::Unreadable(format!("{column}: {error}")))
        };
        let entry = ChainEntry {
            number: self.number,
            id: self.id,
            inspection_id: self.inspection_id,
            created_at: self.created_at,
            author_id: self.author_id,
            user_name: &self.user_name,
            request_id: self.request_id,
            ordinal: self.ordinal,
            action: &self.action,
            kind: &self.kind,
            fields: &canonical("fields", &self.fields)?,
            related_model: self.related_model.as_deref(),
            related_str: self.related_str.as_deref(),
            related_data: &canonical("related_data", &self.related_data)?,
        };
        Ok(entry.hash(previous.as_ref()) == self.hash)
    }

    /// Returns the violation of the user that it names, given the `users` with an account.
    pub(super) fn author(&self, users: &HashSet<i64>) -> Option<ViolationKind> {
        let wrong = match self.user_id {
            Some(user) => user != self.author_id,
            None => users.contains(&self.author_id),
        };
        wrong.then_some(ViolationKind::Author { user: self.user_id, author: self.author_id })
    }

    /// Returns whether it is valid as the successor of a change in its inspection. The first change
    /// of an inspection must have the inspection's id.
    pub(super) fn follows(&self, before: Option<ChainLink>, users: &HashSet<i64>) -> bool {
        self.number == next(before.map(|before| before.number))
            && (before.is_some() || self.id == self.inspection_id)
            && self.author(users).is_none()
            && self.fits(before.map(|before| before.hash)).unwrap_or(false)
    }
}

/// Returns the number that follows another; 1 for the first change.
pub(super) fn next(number: Option<i64>) -> i64 {
    number.unwrap_or(0).saturating_add(1)
}

/// Returns the ids of all users with an account.
pub(super) async fn users(tx: &mut Tx) -> Result<HashSet<i64>, Error> {
    let ids: Vec<(i64,)> = sql("select id from users").all(tx).await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}
