//! Rows of inspections, without their contents.

use super::{
    REMOVED,
    fields::{FieldColumns, NamedCells, StoredFields},
    listed,
};
use crate::{
    Error,
    bulk_insert::{BulkInsert, Cell, difference},
    chain::{ChainLink, Hash},
    db::Tx,
    dialect::Dialect,
    sql::{Sql, numbers, sql, uuids},
};
use domain::{
    id::{ChangeId, InspectionId},
    inspection::Inspection,
};
use serde_json::Value;
use std::iter;
use uuid::Uuid;

/// The columns besides `id` and those of the fields.
const BOOKKEEPING: [&str; 5] = ["change_id", "altered_by", "removed", "number", "hash"];

/// Lists all columns, with `removed` selected as `removed`.
fn columns(removed: &'static str) -> String {
    let bookkeeping = BOOKKEEPING.map(|it| if it == "removed" { removed } else { it });
    format!("id{}{}", listed(bookkeeping), listed(Inspection::columns()))
}

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
    #[sqlx(flatten)]
    fields: StoredFields<Inspection>,
    number: i64,
    hash: Vec<u8>,
}

/// The row for verification, in which `removed` may be neither true nor false.
pub(crate) type StoredHead = Head<Option<bool>>;

impl TryFrom<Head> for LoadedInspection {
    type Error = Error;

    fn try_from(row: Head) -> Result<Self, Error> {
        let Head { id, change_id, altered_by, removed, fields, number, hash } = row;
        let hash = Hash::try_from(hash.as_slice()).map_err(|_| Error::Unreadable {
            table: "inspections",
            column: "hash",
            id,
            problem: "it is not 32 bytes long".into(),
        })?;
        let inspection = Inspection {
            head: ChangeId(change_id),
            altered: ChangeId(altered_by),
            removed,
            ..fields.object(id)?
        };
        Ok(Self { inspection, link: Some(ChainLink { number, hash }) })
    }
}

/// Position in the record at which new changes are appended.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(crate) struct LedgerTip {
    /// The newest change; 0 if there is none.
    pub(crate) newest: i64,
    /// Number of changes recorded under these request ids.
    pub(crate) repeated: i64,
}

/// Returns the columns of a [`LedgerTip`], with the request ids bound as `$bind`. The lookup needs the
/// ids alone, because a request belongs to one person. It counts changes, because PostgreSQL would
/// find the first of many by reading the whole table.
fn tip_columns(dialect: Dialect, bind: usize) -> String {
    let these = dialect.any_uuid("request_id", bind);
    format!(
        "(select coalesce(max(id), 0) from changes) as newest, \
         (select count(*) from changes where {these}) as repeated"
    )
}

/// Reads the ledger tip, for requests that have not read any inspection.
pub(crate) async fn ledger_tip(
    tx: &mut Tx,
    requests: impl IntoIterator<Item = Uuid>,
) -> Result<LedgerTip, Error> {
    let text = format!("select {}", tip_columns(tx.dialect(), 1));
    sql(text).bind(uuids(requests)).one(tx).await
}

#[derive(sqlx::FromRow)]
struct HeadAtTip {
    #[sqlx(flatten)]
    head: Head,
    #[sqlx(flatten)]
    tip: LedgerTip,
}

/// Reads inspections without their contents, in the order of their ids, and the ledger tip, in one
/// statement, because a round trip costs as much as a small statement. There is no tip if there are
/// no such inspections.
pub(crate) async fn heads_to_write(
    tx: &mut Tx,
    ids: &[InspectionId],
    requests: impl IntoIterator<Item = Uuid>,
) -> Result<(Vec<LoadedInspection>, Option<LedgerTip>), Error> {
    let (columns, tip) = (columns("removed"), tip_columns(tx.dialect(), 2));
    let these = tx.dialect().any("id", 1);
    let text = format!("select {columns}, {tip} from inspections where {these} order by id");
    let statement = sql(text).bind(numbers(ids.iter().copied())).bind(uuids(requests));
    let found: Vec<HeadAtTip> = statement.all(tx).await?;
    let tip = found.first().map(|it| it.tip);
    let found = found.into_iter().map(|it| LoadedInspection::try_from(it.head));
    Ok((found.collect::<Result<_, _>>()?, tip))
}

pub(super) async fn heads(tx: &mut Tx, ids: &[InspectionId]) -> Result<Vec<Head>, Error> {
    let columns = columns("removed");
    let these = tx.dialect().any("id", 1);
    let text = format!("select {columns} from inspections where {these} order by id");
    sql(text).bind(numbers(ids.iter().copied())).all(tx).await
}

/// Returns all inspections with ids from the first to the second, without their contents.
pub(crate) async fn heads_between(
    tx: &mut Tx,
    from: i64,
    to: i64,
) -> Result<Vec<LoadedInspection>, Error> {
    let columns = columns("removed");
    let text = format!("select {columns} from inspections where id between $1 and $2");
    let heads: Vec<Head> = sql(text).bind(from).bind(to).all(tx).await?;
    heads.into_iter().map(LoadedInspection::try_from).collect()
}

/// Returns the same inspections as stored rows, without conversion.
pub(crate) async fn stored_heads(
    tx: &mut Tx,
    (from, to): (i64, i64),
) -> Result<Vec<StoredHead>, Error> {
    let columns = columns(REMOVED);
    let text = format!("select {columns} from inspections where id between $1 and $2");
    sql(text).bind(from).bind(to).all(tx).await
}

/// The row of an inspection.
#[derive(Debug, PartialEq)]
pub(crate) struct HeadRow<'a> {
    id: i64,
    /// The cells besides the id.
    cells: NamedCells<'a>,
}

impl<'a> From<&'a LoadedInspection> for HeadRow<'a> {
    fn from(LoadedInspection { inspection, link }: &'a LoadedInspection) -> Self {
        let mut cells: NamedCells<'a> = Vec::with_capacity(BOOKKEEPING.len() + 10);
        cells.push(("change_id", inspection.head.0.into()));
        cells.push(("altered_by", inspection.altered.0.into()));
        cells.push(("removed", Cell::Flag(Some(inspection.removed))));
        inspection.add_cells(&mut cells);
        let hash = link.as_ref().map(|link| link.hash.as_slice().into());
        cells.push(("number", Cell::Number(link.map(|link| link.number))));
        cells.push(("hash", Cell::Bytes(hash)));
        Self { id: inspection.id.0, cells }
    }
}

impl StoredHead {
    /// Returns its id.
    pub(crate) const fn id(&self) -> i64 {
        self.id
    }

    /// Returns the row as stored, including invalid values.
    pub(crate) fn into_row(self) -> HeadRow<'static> {
        let Self { id, change_id, altered_by, removed, fields, number, hash } = self;
        let mut cells: NamedCells<'static> = vec![
            ("change_id", change_id.into()),
            ("altered_by", altered_by.into()),
            ("removed", Cell::Flag(removed)),
        ];
        fields.add_cells(&mut cells);
        cells.push(("number", number.into()));
        cells.push(("hash", Cell::Bytes(Some(hash.into()))));
        HeadRow { id, cells }
    }
}

impl HeadRow<'_> {
    /// Returns the first column in which another row differs, with both values.
    pub(crate) fn difference(&self, other: &Self) -> Option<(&'static str, Value, Value)> {
        difference(&self.cells, &other.cells)
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
        let differing = differing_columns(&old);
        let after = rows(old);
        let sets = differing.iter().map(|column| format!("{column} = new.{column}"));
        let sets = sets.collect::<Vec<_>>().join(", ");
        let (table, values) = records(after, |it| differing.contains(&it)).table(dialect, 1)?;
        // If another writer was faster, this updates no row, and the guards refuse the change.
        let text = format!(
            "update inspections set {sets} from {table} \
             where inspections.id = new.id and inspections.number = new.number - 1"
        );
        statements.push(sql(text).bind_all(values));
    }
    if !new.is_empty() {
        let own = columns("removed");
        let (table, values) = records(rows(new), |_| true).table(dialect, 1)?;
        let text = format!("insert into inspections ({own}) select {own} from {table}");
        statements.push(sql(text).bind_all(values));
    }
    Ok(statements)
}

/// Returns the columns in which any of these existing inspections differs from before. The link, and
/// so `change_id`, `number` and `hash`, differs in all of them.
fn differing_columns(pairs: &[(&LoadedInspection, &LoadedInspection)]) -> Vec<&'static str> {
    type Differs = fn(&Inspection, &Inspection) -> bool;
    let other: [(&'static str, Differs); 2] = [
        ("altered_by", |before, after| before.altered != after.altered),
        ("removed", |before, after| before.removed != after.removed),
    ];
    let any = |differs: &dyn Fn(&Inspection, &Inspection) -> bool| {
        pairs.iter().any(|(before, after)| differs(&before.inspection, &after.inspection))
    };
    let mut columns = vec!["change_id", "number", "hash"];
    columns.extend(other.iter().filter(|(_, differs)| any(differs)).map(|(column, _)| *column));
    for field in Inspection::FIELDS {
        if any(&|before, after| before.get_ref(*field) != after.get_ref(*field)) {
            columns.extend(field.columns());
        }
    }
    columns
}

/// Builds rows of inspections with their ids and the wanted columns.
fn records<'a>(rows: Vec<HeadRow<'a>>, is_wanted: impl Fn(&str) -> bool) -> BulkInsert<'a> {
    BulkInsert::new(rows.into_iter().map(|HeadRow { id, cells }| {
        let wanted = cells.into_iter().filter(|(column, _)| is_wanted(column));
        iter::once(("id", id.into())).chain(wanted)
    }))
}
