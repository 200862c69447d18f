//! Rows of inspections, without their contents.

use super::{REMOVED, listed, word};
use crate::{
    Error,
    bulk_insert::{BulkInsert, Cell, difference},
    chain::{ChainLink, Hash},
    db::Tx,
    dialect::Dialect,
    sql::{Sql, numbers, sql},
};
use domain::{
    id::{ChangeId, InspectionId, UserId},
    inspection::Inspection,
    people::Person,
};
use serde_json::Value;
use std::{borrow::Cow, iter};
use uuid::Uuid;

/// The columns besides `id`.
const COLUMNS: [&str; 15] = [
    "change_id",
    "altered_by",
    "removed",
    "reference",
    "name",
    "address",
    "building_type",
    "client",
    "scheduled_on",
    "inspector_id",
    "inspector_name",
    "summary",
    "status",
    "number",
    "hash",
];

/// An inspection loaded for a change, with the end of its hash chain.
#[derive(Clone, Debug)]
pub(crate) struct LoadedInspection {
    /// The inspection.
    pub(crate) inspection: Inspection,
    /// The link of its head; `None` before its first change.
    pub(crate) link: Option<ChainLink>,
}

/// A row of `inspections`.
#[derive(sqlx::FromRow)]
pub(crate) struct Head<Flag = bool> {
    id: i64,
    change_id: i64,
    altered_by: i64,
    removed: Flag,
    reference: String,
    name: String,
    address: String,
    building_type: String,
    client: String,
    scheduled_on: Option<String>,
    inspector_id: Option<i64>,
    inspector_name: Option<String>,
    summary: String,
    status: String,
    number: i64,
    hash: Vec<u8>,
}

/// The row for verification, in which `removed` may be neither true nor false.
pub(crate) type StoredHead = Head<Option<bool>>;

impl TryFrom<Head> for LoadedInspection {
    type Error = Error;

    fn try_from(row: Head) -> Result<Self, Error> {
        let scheduled_on = row.scheduled_on.as_deref();
        let hash = Hash::try_from(row.hash.as_slice()).map_err(|_| Error::Unreadable {
            table: "inspections",
            column: "hash",
            id: row.id,
            problem: "it is not 32 bytes long".into(),
        })?;
        let link = Some(ChainLink { number: row.number, hash });
        let inspection = Inspection {
            id: InspectionId(row.id),
            head: ChangeId(row.change_id),
            altered: ChangeId(row.altered_by),
            removed: row.removed,
            scheduled_on: scheduled_on
                .map(|day| word("inspections", "scheduled_on", row.id, day))
                .transpose()?,
            status: word("inspections", "status", row.id, &row.status)?,
            reference: row.reference,
            name: row.name,
            address: row.address,
            building_type: row.building_type,
            client: row.client,
            inspector: person(row.inspector_id, row.inspector_name),
            summary: row.summary,
            sections: Vec::new(),
            equipment: Vec::new(),
            photos: Vec::new(),
            reports: Vec::new(),
        };
        Ok(Self { inspection, link })
    }
}

/// Makes a person of the two columns that name one.
pub(crate) fn person(id: Option<i64>, name: Option<String>) -> Option<Person> {
    Some(Person { id: UserId(id?), name: name? })
}

/// Position in the record at which new changes are appended.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(crate) struct LedgerTip {
    /// The newest change; 0 if there is none.
    pub(crate) newest: i64,
    /// Number of changes recorded under the same request id.
    pub(crate) repeated: i64,
}

/// Returns the columns of a [`LedgerTip`], with the request id bound as `$bind`. The lookup needs the
/// id alone, because a request belongs to one person. It counts changes, because PostgreSQL would
/// find the first of many by reading the whole table.
fn moment_columns(bind: usize) -> String {
    format!(
        "(select coalesce(max(id), 0) from changes) as newest, \
         (select count(*) from changes where request_id = ${bind}) as repeated"
    )
}

/// Reads the ledger tip, for a request that has not read any inspection.
pub(crate) async fn ledger_tip(tx: &mut Tx, request: Uuid) -> Result<LedgerTip, Error> {
    sql(format!("select {}", moment_columns(1))).bind(request).one(tx).await
}

#[derive(sqlx::FromRow)]
struct HeadAtMoment {
    #[sqlx(flatten)]
    head: Head,
    #[sqlx(flatten)]
    moment: LedgerTip,
}

/// Reads one inspection and the ledger tip in one statement, because a round trip costs as much as
/// a small statement.
pub(super) async fn head_to_write(
    tx: &mut Tx,
    id: InspectionId,
    request: Uuid,
) -> Result<Option<(Head, LedgerTip)>, Error> {
    let (columns, moment) = (listed(&COLUMNS), moment_columns(2));
    let text = format!("select id{columns}, {moment} from inspections where id = $1");
    let found: Option<HeadAtMoment> = sql(text).bind(id).bind(request).optional(tx).await?;
    Ok(found.map(|HeadAtMoment { head, moment }| (head, moment)))
}

pub(super) async fn heads(tx: &mut Tx, ids: &[InspectionId]) -> Result<Vec<Head>, Error> {
    let columns = listed(&COLUMNS);
    let these = tx.dialect().any("id", 1);
    let text = format!("select id{columns} from inspections where {these} order by id");
    sql(text).bind(numbers(ids.iter().copied())).all(tx).await
}

/// Returns all inspections with ids from the first to the second, without their contents.
pub(crate) async fn heads_between(
    tx: &mut Tx,
    from: i64,
    to: i64,
) -> Result<Vec<LoadedInspection>, Error> {
    let columns = listed(&COLUMNS);
    let text = format!("select id{columns} from inspections where id between $1 and $2");
    let heads: Vec<Head> = sql(text).bind(from).bind(to).all(tx).await?;
    heads.into_iter().map(LoadedInspection::try_from).collect()
}

/// Returns the same inspections as stored rows, without conversion.
pub(crate) async fn stored_heads(
    tx: &mut Tx,
    (from, to): (i64, i64),
) -> Result<Vec<StoredHead>, Error> {
    let columns = COLUMNS.map(|column| if column == "removed" { REMOVED } else { column });
    let columns = columns.join(", ");
    let text = format!("select id, {columns} from inspections where id between $1 and $2");
    sql(text).bind(from).bind(to).all(tx).await
}

/// The row of an inspection: its values in the [`COLUMNS`].
#[derive(Debug, PartialEq)]
pub(crate) struct HeadRow<'a> {
    id: InspectionId,
    cells: [Cell<'a>; COLUMNS.len()],
}

impl<'a> From<&'a LoadedInspection> for HeadRow<'a> {
    fn from(LoadedInspection { inspection, link }: &'a LoadedInspection) -> Self {
        // Destructured without `..`, so that the compiler finds fields that are not written.
        let Inspection {
            id,
            head,
            altered,
            removed,
            reference,
            name,
            address,
            building_type,
            client,
            scheduled_on,
            inspector,
            summary,
            status,
            sections: _,
            equipment: _,
            photos: _,
            reports: _,
        } = inspection;
        let scheduled_on = scheduled_on.map(|day| Cow::from(day.to_string()));
        let cells = [
            Cell::Number(Some(head.0)),
            Cell::Number(Some(altered.0)),
            Cell::Flag(Some(*removed)),
            Cell::text(reference),
            Cell::text(name),
            Cell::text(address),
            Cell::text(building_type),
            Cell::text(client),
            Cell::Text(scheduled_on),
            Cell::Number(inspector.as_ref().map(|person| person.id.0)),
            Cell::optional(inspector.as_ref().map(|person| person.name.as_str())),
            Cell::text(summary),
            Cell::text(status.slug()),
            Cell::Number(link.as_ref().map(|link| link.number)),
            Cell::Bytes(link.as_ref().map(|link| link.hash.as_slice().into())),
        ];
        Self { id: *id, cells }
    }
}

impl StoredHead {
    /// Returns its id.
    pub(crate) const fn id(&self) -> i64 {
        self.id
    }

    /// Returns the row as stored, including invalid values.
    pub(crate) fn row(&self) -> HeadRow<'_> {
        let Self {
            id,
            change_id,
            altered_by,
            removed,
            reference,
            name,
            address,
            building_type,
            client,
            scheduled_on,
            inspector_id,
            inspector_name,
            summary,
            status,
            number,
            hash,
        } = self;
        let cells = [
            Cell::Number(Some(*change_id)),
            Cell::Number(Some(*altered_by)),
            Cell::Flag(*removed),
            Cell::text(reference),
            Cell::text(name),
            Cell::text(address),
            Cell::text(building_type),
            Cell::text(client),
            Cell::optional(scheduled_on.as_deref()),
            Cell::Number(*inspector_id),
            Cell::optional(inspector_name.as_deref()),
            Cell::text(summary),
            Cell::text(status),
            Cell::Number(Some(*number)),
            Cell::Bytes(Some(hash.into())),
        ];
        HeadRow { id: InspectionId(*id), cells }
    }
}

impl HeadRow<'_> {
    /// Returns the first column in which another row differs, with both values.
    pub(crate) fn difference(&self, other: &Self) -> Option<(&'static str, Value, Value)> {
        difference(&COLUMNS, &self.cells, &other.cells)
    }
}

/// Returns the statements that write inspections after their changes. For existing inspections they
/// write only the columns that differ from before in any of them.
pub(crate) fn save_heads<'a>(
    dialect: Dialect,
    pairs: &[(&'a LoadedInspection, &'a LoadedInspection)],
) -> Result<Vec<Sql>, Error> {
    let mut statements = Vec::new();
    let (old, new): (Vec<_>, Vec<_>) =
        pairs.iter().copied().partition(|(before, _)| before.link.is_some());
    let rows = |pairs: Vec<(_, &'a LoadedInspection)>| -> Vec<HeadRow<'a>> {
        pairs.into_iter().map(|(_, after)| HeadRow::from(after)).collect()
    };
    if !old.is_empty() {
        let before: Vec<HeadRow<'_>> =
            old.iter().map(|(before, _)| HeadRow::from(*before)).collect();
        let after = rows(old);
        let mut differs = [false; COLUMNS.len()];
        for (before, after) in before.iter().zip(&after) {
            for (differs, cells) in differs.iter_mut().zip(before.cells.iter().zip(&after.cells)) {
                *differs |= cells.0 != cells.1;
            }
        }
        let sets = only(COLUMNS, differs).map(|column| format!("{column} = new.{column}"));
        let sets = sets.collect::<Vec<_>>().join(", ");
        let (table, values) = records(differs, after).table(dialect, 1)?;
        // If another writer was faster, this updates no row, and the guards refuse the change.
        let text = format!(
            "update inspections set {sets} from {table} \
             where inspections.id = new.id and inspections.number = new.number - 1"
        );
        statements.push(sql(text).bind_all(values));
    }
    if !new.is_empty() {
        let own = listed(&COLUMNS);
        let (table, values) = records([true; COLUMNS.len()], rows(new)).table(dialect, 1)?;
        let text = format!("insert into inspections (id{own}) select id{own} from {table}");
        statements.push(sql(text).bind_all(values));
    }
    Ok(statements)
}

/// Builds rows of inspections with their ids and the wanted columns.
fn records<'a>(
    wanted: [bool; COLUMNS.len()],
    rows: impl IntoIterator<Item = HeadRow<'a>>,
) -> BulkInsert<'a> {
    let row = |HeadRow { id, cells }| iter::once(id.0.into()).chain(only(cells, wanted));
    BulkInsert::new(iter::once("id").chain(only(COLUMNS, wanted)), rows.into_iter().map(row))
}

/// Returns the items of the wanted columns.
fn only<T, const N: usize>(all: [T; N], wanted: [bool; N]) -> impl Iterator<Item = T> {
    all.into_iter().zip(wanted).filter_map(|(it, wanted)| wanted.then_some(it))
}
