//! Mapping between the tracked tables and the domain's types.
//!
//! All rows of a table are written in one statement.

mod bulk_row;
mod change;
mod fields;
mod inspection;
mod mutation_kinds;
mod objects;
mod search;
mod section;
mod stored;

pub(crate) use bulk_row::{BulkRow, read_changes};
pub(crate) use change::{CHANGE_COLUMNS, StoredChange, changes_between, insert_changes, read};
pub(crate) use fields::{NamedCells, person};
pub(crate) use inspection::{
    HeadRow, LedgerTip, LoadedInspection, StoredHead, heads_between, ledger_tip, save_heads,
    stored_heads,
};
pub(crate) use mutation_kinds::add_missing_kinds;
pub(crate) use search::{SearchTextKind, add_missing_texts, save_texts};
pub(crate) use section::Placed;
pub(crate) use stored::{Stored, stored};

use crate::{
    Error, Hash,
    bulk_insert::BulkInsert,
    db::Tx,
    dialect::Dialect,
    sql::{Row, Sql, numbers, sql},
};
use domain::{
    id::{ChangeId, InspectionId},
    inspection::{Inspection, Photo},
};
use inspection::Head;
use std::{iter, str::FromStr};
use uuid::Uuid;

/// Column `removed` for verification against the record. SQLite has no booleans and takes any
/// number as true: a value other than true and false becomes null.
const REMOVED: &str =
    "case when removed = true then true when removed = false then false end as removed";

/// An object in an inspection, stored in a table of its own. Besides its own columns the table has
/// `id`, `inspection_id`, `change_id` and `removed`.
pub(crate) trait Tracked: PartialEq + Sized {
    /// The type of its row.
    type Row: Row;

    /// The noun for it, as in "piece of equipment".
    const NOUN: &'static str;

    /// The name of its table.
    const TABLE: &'static str;

    /// The order of the rows of one inspection.
    const ORDER: &'static str;

    /// Returns its id.
    fn id(&self) -> i64;

    /// Returns the table's own columns.
    fn columns() -> impl Iterator<Item = &'static str>;

    /// Returns the values of the table's own columns.
    fn cells(&self) -> NamedCells<'_>;

    /// Reads it from its row.
    ///
    /// # Errors
    /// [`Error::Unreadable`] if a column holds what its field cannot have.
    fn read(row: Self::Row) -> Result<Self, Error>;
}

/// Reads an inspection with its contents. No row lock is taken, because
/// [`Db::record`](crate::db::Db::record) serialises writers.
pub(crate) async fn load(tx: &mut Tx, id: InspectionId) -> Result<Option<LoadedInspection>, Error> {
    match inspection::heads(tx, &[id]).await?.pop() {
        Some(head) => with_contents(tx, head).await.map(Some),
        None => Ok(None),
    }
}

/// Reads an inspection to be changed, with the position at which the change is appended.
pub(crate) async fn load_to_write(
    tx: &mut Tx,
    id: InspectionId,
    request: Uuid,
) -> Result<Option<(LoadedInspection, LedgerTip)>, Error> {
    match inspection::head_to_write(tx, id, request).await? {
        Some((head, moment)) => Ok(Some((with_contents(tx, head).await?, moment))),
        None => Ok(None),
    }
}

async fn with_contents(tx: &mut Tx, head: Head) -> Result<LoadedInspection, Error> {
    let mut standing = LoadedInspection::try_from(head)?;
    let inspection = &mut standing.inspection;
    let id = inspection.id;
    let sections = rows::<Placed>(tx, id).await?;
    inspection.sections = sections.into_iter().map(|placed| placed.section).collect();
    inspection.equipment = rows(tx, id).await?;
    inspection.photos = rows(tx, id).await?;
    inspection.reports = rows(tx, id).await?;
    Ok(standing)
}

/// Reads inspections without their contents, in the order of their ids.
pub(crate) async fn load_heads(
    tx: &mut Tx,
    ids: &[InspectionId],
) -> Result<Vec<LoadedInspection>, Error> {
    let heads = inspection::heads(tx, ids).await?;
    heads.into_iter().map(LoadedInspection::try_from).collect()
}

async fn rows<T: Tracked>(tx: &mut Tx, id: InspectionId) -> Result<Vec<T>, Error> {
    let text = format!(
        "{} where inspection_id = $1 and not removed order by {}",
        select::<T>(""),
        T::ORDER
    );
    let rows: Vec<T::Row> = sql(text).bind(id).all(tx).await?;
    rows.into_iter().map(T::read).collect()
}

/// Returns those of these photos that were removed from the inspection.
pub(crate) async fn removed_photos(
    tx: &mut Tx,
    id: InspectionId,
    photos: &[i64],
) -> Result<Vec<Photo>, Error> {
    let these = tx.dialect().any("id", 2);
    let text = format!("{} where inspection_id = $1 and removed and {these}", select::<Photo>(""));
    let rows: Vec<<Photo as Tracked>::Row> =
        sql(text).bind(id).bind(numbers(photos.iter().copied())).all(tx).await?;
    rows.into_iter().map(Photo::read).collect()
}

/// Returns a SELECT of whole rows without WHERE. `beside` names further columns.
pub(crate) fn select<T: Tracked>(beside: &str) -> String {
    format!("select {beside}id{} from {}", listed(T::columns()), T::TABLE)
}

/// Lists columns, each after a comma.
fn listed(columns: impl IntoIterator<Item = &'static str>) -> String {
    columns.into_iter().map(|column| format!(", {column}")).collect()
}

/// Lists the assignments of an upsert to an existing row, each after a comma.
fn updated(columns: impl IntoIterator<Item = &'static str>) -> String {
    let update = |column| format!(", {column} = excluded.{column}");
    columns.into_iter().map(update).collect()
}

/// Returns the statements that write the contents of an inspection that changed.
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
    let name = T::TABLE;
    let mut statements = Vec::new();
    let written: Vec<&T> = after.iter().filter(|it| !before.contains(it)).collect();
    if !written.is_empty() {
        let (own, updates) = (listed(T::columns()), updated(T::columns()));
        let rows = written.iter().map(|it| iter::once(("id", it.id().into())).chain(it.cells()));
        let (table, values) = BulkInsert::new(rows).table(dialect, 3)?;
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

/// Reads a stored hash of 32 bytes.
pub(crate) fn hash(table: &'static str, id: i64, bytes: &[u8]) -> Result<Hash, Error> {
    bytes.try_into().map_err(|_| Error::Unreadable {
        table,
        column: "hash",
        id,
        problem: format!("it has {} bytes and not 32", bytes.len()),
    })
}

/// Parses a stored name such as `not-inspected`.
pub(crate) fn word<T: FromStr>(
    table: &'static str,
    column: &'static str,
    id: i64,
    word: &str,
) -> Result<T, Error> {
    parsed(word).map_err(|problem| Error::Unreadable { table, column, id, problem })
}

/// Parses a stored name; an error says that it is not known.
fn parsed<T: FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("`{word}` is not known"))
}
