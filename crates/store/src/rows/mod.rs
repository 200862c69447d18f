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
pub(crate) use change::{
    CHANGE_COLUMNS, StoredChange, changes, changes_between, insert_changes, read,
};
pub(crate) use fields::{NamedCells, person};
pub(crate) use inspection::{
    HeadRow, LedgerTip, LoadedInspection, StoredHead, heads_between, heads_to_write, ledger_tip,
    save_heads, stored_heads,
};
pub(crate) use mutation_kinds::add_missing_kinds;
pub(crate) use search::{SearchTextKind, add_missing_texts, save_texts};
pub(crate) use section::Placed;
pub(crate) use stored::{Stored, stored};

use crate::{
    Error, Hash,
    bulk_insert::{BulkInsert, Cell},
    db::Tx,
    dialect::Dialect,
    sql::{Row, Sql, numbers, sql},
};
use domain::{
    id::{ChangeId, InspectionId},
    inspection::{Equipment, Inspection, Photo, Report},
};
use std::{borrow::Cow, collections::BTreeMap, str::FromStr};

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

/// Reads an inspection with its contents. No row lock is taken: writers take turns, and the guards
/// refuse a change of an inspection whose head has moved.
pub(crate) async fn load(tx: &mut Tx, id: InspectionId) -> Result<Option<LoadedInspection>, Error> {
    let mut found = load_heads(tx, &[id]).await?;
    let of_all = |_: InspectionId| true;
    load_contents(tx, &mut found, of_all).await?;
    Ok(found.pop())
}

/// Reads the contents of those of these inspections, given in the order of their ids, that
/// `are_wanted` chooses. The number of statements does not depend on the number of inspections.
pub(crate) async fn load_contents(
    tx: &mut Tx,
    inspections: &mut [LoadedInspection],
    are_wanted: impl Fn(InspectionId) -> bool,
) -> Result<(), Error> {
    let mut of: BTreeMap<i64, &mut Inspection> = inspections
        .iter_mut()
        .map(|it| (it.inspection.id.0, &mut it.inspection))
        .filter(|(id, _)| are_wanted(InspectionId(*id)))
        .collect();
    if of.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = of.keys().copied().collect();
    add::<Placed>(tx, &ids, &mut of, |it, placed| it.sections.push(placed.section)).await?;
    add::<Equipment>(tx, &ids, &mut of, |it, equipment| it.equipment.push(equipment)).await?;
    add::<Photo>(tx, &ids, &mut of, |it, photo| it.photos.push(photo)).await?;
    add::<Report>(tx, &ids, &mut of, |it, report| it.reports.push(report)).await
}

/// Reads inspections without their contents, in the order of their ids.
pub(crate) async fn load_heads(
    tx: &mut Tx,
    ids: &[InspectionId],
) -> Result<Vec<LoadedInspection>, Error> {
    let heads = inspection::heads(tx, ids).await?;
    heads.into_iter().map(LoadedInspection::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct ContentRow<T> {
    inspection_id: i64,
    #[sqlx(flatten)]
    row: T,
}

/// Reads the objects of one table in these inspections.
async fn add<T: Tracked>(
    tx: &mut Tx,
    ids: &[i64],
    of: &mut BTreeMap<i64, &mut Inspection>,
    add: impl Fn(&mut Inspection, T),
) -> Result<(), Error> {
    let these = tx.dialect().any("inspection_id", 1);
    let text = format!(
        "{} where {these} and not removed order by inspection_id, {}",
        select::<T>("inspection_id, "),
        T::ORDER
    );
    let rows: Vec<ContentRow<T::Row>> =
        sql(text).bind(numbers(ids.iter().copied())).all(tx).await?;
    for ContentRow { inspection_id, row } in rows {
        if let Some(inspection) = of.get_mut(&inspection_id) {
            add(inspection, T::read(row)?);
        }
    }
    Ok(())
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

/// Returns the statements that write the contents of inspections that changed, each given before
/// and after.
pub(crate) fn save_contents(
    dialect: Dialect,
    pairs: &[(&Inspection, &Inspection)],
) -> Result<Vec<Sql>, Error> {
    let (mut sections, mut equipment) = (Vec::new(), Vec::new());
    let (mut photos, mut reports) = (Vec::new(), Vec::new());
    for (before, after) in pairs {
        let at = (after.id, after.head);
        if before.sections != after.sections {
            let (before, after) = (section::placed(before), section::placed(after));
            sections.push(Objects { at, before: before.into(), after: after.into() });
        }
        equipment.extend(Objects::of(at, &before.equipment, &after.equipment));
        photos.extend(Objects::of(at, &before.photos, &after.photos));
        reports.extend(Objects::of(at, &before.reports, &after.reports));
    }
    let mut statements = save(dialect, &sections)?;
    statements.extend(save(dialect, &equipment)?);
    statements.extend(save(dialect, &photos)?);
    statements.extend(save(dialect, &reports)?);
    Ok(statements)
}

/// The objects of one table in one inspection, before and after a change.
struct Objects<'a, T: Clone> {
    /// The inspection, and the change.
    at: (InspectionId, ChangeId),
    before: Cow<'a, [T]>,
    after: Cow<'a, [T]>,
}

impl<'a, T: Clone + PartialEq> Objects<'a, T> {
    /// Returns the objects; `None` if none of them changed.
    fn of(at: (InspectionId, ChangeId), before: &'a [T], after: &'a [T]) -> Option<Self> {
        (before != after).then(|| Self { at, before: before.into(), after: after.into() })
    }
}

/// Returns the statements that write objects of one table: those that are new or differ from
/// before, and those that were removed.
fn save<T: Tracked + Clone>(
    dialect: Dialect,
    objects: &[Objects<'_, T>],
) -> Result<Vec<Sql>, Error> {
    let name = T::TABLE;
    let (mut written, mut gone) = (Vec::new(), Vec::new());
    for Objects { at: (inspection, change), before, after } in objects {
        let (inspection, change) = (Cell::from(inspection.0), Cell::from(change.0));
        for it in after.iter().filter(|it| !before.contains(it)) {
            let beside = [
                ("id", it.id().into()),
                ("inspection_id", inspection.clone()),
                ("change_id", change.clone()),
            ];
            written.push(beside.into_iter().chain(it.cells()));
        }
        let is_gone = |it: &&T| !after.iter().any(|other| other.id() == it.id());
        let row = |it: &T| [("id", it.id().into()), ("change_id", change.clone())];
        gone.extend(before.iter().filter(is_gone).map(row));
    }
    let mut statements = Vec::new();
    if !written.is_empty() {
        let (own, updates) = (listed(T::columns()), updated(T::columns()));
        let (table, values) = BulkInsert::new(written).table(dialect, 1)?;
        let text = format!(
            "insert into {name} (id, inspection_id, change_id, removed{own}) \
             select id, inspection_id, change_id, false{own} from {table} where true \
             on conflict (id) do update set change_id = excluded.change_id, removed = false{updates}"
        );
        statements.push(sql(text).bind_all(values));
    }
    if !gone.is_empty() {
        let (table, values) = BulkInsert::new(gone).table(dialect, 1)?;
        let text = format!(
            "update {name} set removed = true, change_id = new.change_id from {table} \
             where {name}.id = new.id"
        );
        statements.push(sql(text).bind_all(values));
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
