//! The tracked tables: how their rows become the domain's types, and how what changed is written.
//!
//! The rows of a table are written together, so that any number of them takes one statement.

mod change;
mod equipment;
mod inspection;
mod photo;
mod report;
mod search;
mod section;
mod stored;
mod together;

pub(crate) use change::{CHANGE_COLUMNS, ChangeRecord, changes_between, insert_changes, read};
pub(crate) use inspection::{
    HeadRow, Moment, Standing, StoredHead, heads_between, moment, person, save_heads, stored_heads,
};
pub(crate) use search::{Kind, add_missing_texts, save_texts};
pub(crate) use section::Placed;
pub(crate) use stored::{Stored, stored};
pub(crate) use together::{Together, together};

use crate::{
    Error, Hash,
    db::Tx,
    dialect::Dialect,
    records::{Cell, Records},
    sql::{Row, Sql, numbers, sql},
};
use domain::{ChangeId, Condition, Inspection, InspectionId, Malformed, Photo};
use inspection::Head;
use serde::Serialize;
use std::{iter, str::FromStr};
use uuid::Uuid;

/// Whether a row is removed, for those who hold it against the record. SQLite has no flags and takes any
/// number for yes: one that is neither yes nor no is null.
const REMOVED: &str =
    "case when removed = true then true when removed = false then false end as removed";

/// A table of things in inspections. Beside its own columns it has `id`, `inspection_id`,
/// `change_id` and `removed`.
pub(crate) struct Table {
    /// What a row of it is called.
    noun: &'static str,
    /// Its name.
    name: &'static str,
    /// Its own columns.
    columns: &'static [&'static str],
    /// The order its rows stand in.
    order: &'static str,
}

impl Table {
    /// What a row of it is called, as in "piece of equipment".
    pub(crate) const fn noun(&self) -> &'static str {
        self.noun
    }

    /// Its own columns.
    pub(crate) const fn columns(&self) -> &'static [&'static str] {
        self.columns
    }
}

/// A thing in an inspection, kept in a table of its own.
pub(crate) trait Tracked: PartialEq + TryFrom<Self::Row, Error = Error> {
    /// What it is read from.
    type Row: Row;

    /// Where it is kept.
    const TABLE: Table;

    /// Its id.
    fn id(&self) -> i64;

    /// What stands in the table's own columns, in their order.
    fn cells(&self) -> Vec<Cell<'_>>;
}

/// Reads an inspection with all that is in it. Who is about to write it is alone in that, and needs no
/// lock: see [`Db::record`](crate::db::Db::record).
pub(crate) async fn load(tx: &mut Tx, id: InspectionId) -> Result<Option<Standing>, Error> {
    match inspection::heads(tx, &[id]).await?.pop() {
        Some(head) => with_contents(tx, head).await.map(Some),
        None => Ok(None),
    }
}

/// The same for a request that is about to write it, with what that has to know of the record so far.
pub(crate) async fn load_to_write(
    tx: &mut Tx,
    id: InspectionId,
    request: Uuid,
) -> Result<Option<(Standing, Moment)>, Error> {
    match inspection::head_to_write(tx, id, request).await? {
        Some((head, moment)) => Ok(Some((with_contents(tx, head).await?, moment))),
        None => Ok(None),
    }
}

async fn with_contents(tx: &mut Tx, head: Head) -> Result<Standing, Error> {
    let mut standing = Standing::try_from(head)?;
    let inspection = &mut standing.inspection;
    let id = inspection.id;
    let sections = rows::<Placed>(tx, id).await?;
    inspection.sections = sections.into_iter().map(|placed| placed.section).collect();
    inspection.equipment = rows(tx, id).await?;
    inspection.photos = rows(tx, id).await?;
    inspection.reports = rows(tx, id).await?;
    Ok(standing)
}

/// Reads inspections without what is in them, in the order of their ids.
pub(crate) async fn load_heads(tx: &mut Tx, ids: &[InspectionId]) -> Result<Vec<Standing>, Error> {
    let heads = inspection::heads(tx, ids).await?;
    heads.into_iter().map(Standing::try_from).collect()
}

async fn rows<T: Tracked>(tx: &mut Tx, id: InspectionId) -> Result<Vec<T>, Error> {
    let text = format!(
        "{} where inspection_id = $1 and not removed order by {}",
        select::<T>(""),
        T::TABLE.order
    );
    let rows: Vec<T::Row> = sql(text).bind(id).all(tx).await?;
    rows.into_iter().map(T::try_from).collect()
}

/// Those of these photos that the inspection had and lost.
pub(crate) async fn removed_photos(
    tx: &mut Tx,
    id: InspectionId,
    photos: &[i64],
) -> Result<Vec<Photo>, Error> {
    let these = tx.dialect().any("id", 2);
    let text = format!("{} where inspection_id = $1 and removed and {these}", select::<Photo>(""));
    let rows: Vec<<Photo as Tracked>::Row> =
        sql(text).bind(id).bind(numbers(photos.iter().copied())).all(tx).await?;
    rows.into_iter().map(Photo::try_from).collect()
}

/// Returns a SELECT of whole rows, and of a column beside them if need be, without its WHERE.
pub(crate) fn select<T: Tracked>(beside: &str) -> String {
    let Table { name, columns, .. } = T::TABLE;
    format!("select {beside}id{} from {name}", listed(columns))
}

/// Columns, each after a comma.
fn listed(columns: &[&str]) -> String {
    columns.iter().map(|column| format!(", {column}")).collect()
}

/// What an upsert does to columns of a row that is there, each after a comma.
fn updated(columns: &[&str]) -> String {
    let update = |column: &&str| format!(", {column} = excluded.{column}");
    columns.iter().map(update).collect()
}

/// What writes what is in an inspection where it differs from what was.
pub(crate) fn save_contents(
    dialect: Dialect,
    before: &Inspection,
    after: &Inspection,
) -> Result<Vec<Sql>, Error> {
    let at = (after.id, after.head);
    let mut statements = save(dialect, at, &section::placed(before), &section::placed(after))?;
    statements.extend(save(dialect, at, &before.equipment, &after.equipment)?);
    statements.extend(save(dialect, at, &before.photos, &after.photos)?);
    statements.extend(save(dialect, at, &before.reports, &after.reports)?);
    Ok(statements)
}

fn save<T: Tracked>(
    dialect: Dialect,
    (inspection, change): (InspectionId, ChangeId),
    before: &[T],
    after: &[T],
) -> Result<Vec<Sql>, Error> {
    let Table { name, columns, .. } = T::TABLE;
    let mut statements = Vec::new();
    let written: Vec<&T> = after.iter().filter(|it| !before.contains(it)).collect();
    if !written.is_empty() {
        let (own, updates) = (listed(columns), updated(columns));
        let columns = iter::once("id").chain(columns.iter().copied());
        let rows = written.iter().map(|it| iter::once(it.id().into()).chain(it.cells()));
        let (table, values) = Records::new(columns, rows).table(dialect, 3)?;
        let text = format!(
            "insert into {name} (id, inspection_id, change_id, removed{own}) \
             select id, $1, $2, false{own} from {table} where true \
             on conflict (id) do update set change_id = excluded.change_id, removed = false{updates}"
        );
        statements.push(sql(text).bind(inspection).bind(change).bind_all(values));
    }
    let gone: Vec<i64> =
        before.iter().map(T::id).filter(|id| !after.iter().any(|it| it.id() == *id)).collect();
    if !gone.is_empty() {
        let is_gone = dialect.any("id", 1);
        let text = format!("update {name} set removed = true, change_id = $2 where {is_gone}");
        statements.push(sql(text).bind(numbers(gone)).bind(change));
    }
    Ok(statements)
}

/// What can be serialised, as JSON.
pub(crate) fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Database(sqlx::Error::Encode(error.into())))
}

/// Reads a hash as it is stored: 32 bytes.
pub(crate) fn hash(table: &'static str, id: i64, bytes: &[u8]) -> Result<Hash, Error> {
    bytes.try_into().map_err(|_| Error::Unreadable {
        table,
        column: "hash",
        id,
        problem: format!("it has {} bytes and not 32", bytes.len()),
    })
}

/// Reads a stored name such as `not-inspected`.
pub(crate) fn word<T: FromStr>(
    table: &'static str,
    column: &'static str,
    id: i64,
    word: &str,
) -> Result<T, Error> {
    word.parse().map_err(|_| Error::Unreadable {
        table,
        column,
        id,
        problem: format!("`{word}` is not known"),
    })
}

/// Returns a change whose record makes no sense.
pub(crate) fn unreadable(id: ChangeId, malformed: Malformed) -> Error {
    Error::Unreadable { table: "changes", column: "related_data", id: id.0, problem: malformed.0 }
}

fn condition(table: &'static str, id: i64, slug: &str) -> Result<Condition, Error> {
    word(table, "condition", id, slug)
}
