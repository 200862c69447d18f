//! Inspections without what is in them.

use super::{json, listed, updated, word};
use crate::{
    Error,
    chain::{Hash, Link},
    db::Tx,
    keys::hex,
    sql::sql,
};
use domain::{ChangeId, Inspection, InspectionId, Person, UserId};
use serde_json::json;

/// The columns beside `id`, with PostgreSQL's types.
const COLUMNS: &[(&str, &str)] = &[
    ("change_id", "bigint"),
    ("altered_by", "bigint"),
    ("removed", "boolean"),
    ("reference", "text"),
    ("name", "text"),
    ("address", "text"),
    ("building_type", "text"),
    ("client", "text"),
    ("scheduled_on", "text"),
    ("inspector_id", "bigint"),
    ("inspector_name", "text"),
    ("summary", "text"),
    ("status", "text"),
    ("number", "bigint"),
    ("hash", "bytea"),
];

/// An inspection as it is about to be changed, with the end of its chain.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The inspection.
    pub(crate) inspection: Inspection,
    /// The link of its head; `None` before its first change.
    pub(crate) link: Option<Link>,
}

/// A row of `inspections`.
#[derive(sqlx::FromRow)]
pub(super) struct Head {
    id: i64,
    change_id: i64,
    altered_by: i64,
    removed: bool,
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

impl TryFrom<Head> for Standing {
    type Error = Error;

    fn try_from(row: Head) -> Result<Self, Error> {
        let scheduled_on = row.scheduled_on.as_deref();
        let hash = Hash::try_from(row.hash.as_slice()).map_err(|_| Error::Unreadable {
            table: "inspections",
            column: "hash",
            id: row.id,
            problem: "it is not 32 bytes long".into(),
        })?;
        let link = Some(Link { number: row.number, hash });
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
            ..Inspection::default()
        };
        Ok(Self { inspection, link })
    }
}

/// Somebody as two columns name them.
pub(crate) fn person(id: Option<i64>, name: Option<String>) -> Option<Person> {
    Some(Person { id: UserId(id?), name: name? })
}

pub(super) async fn heads(
    tx: &mut Tx,
    ids: &[InspectionId],
    locked: bool,
) -> Result<Vec<Head>, Error> {
    let columns = listed(COLUMNS);
    let these = tx.dialect().any_number("id", 1);
    let lock = if locked { tx.dialect().for_update() } else { "" };
    // In the order of ids, so that two who lock many never wait for each other.
    let text = format!("select id{columns} from inspections where {these} order by id{lock}");
    sql(text).bind(json(ids)?).all(tx).await
}

/// Writes inspections, each at the change it names as its head.
pub(crate) async fn save_heads(tx: &mut Tx, inspections: &[&Standing]) -> Result<(), Error> {
    let rows: Vec<_> = inspections
        .iter()
        .map(|Standing { inspection: it, link }| {
            json!({
                "id": it.id,
                "change_id": it.head,
                "altered_by": it.altered,
                "removed": it.removed,
                "reference": it.reference,
                "name": it.name,
                "address": it.address,
                "building_type": it.building_type,
                "client": it.client,
                "scheduled_on": it.scheduled_on,
                "inspector_id": it.inspector.as_ref().map(|person| person.id),
                "inspector_name": it.inspector.as_ref().map(|person| &person.name),
                "summary": it.summary,
                "status": it.status,
                "number": link.map(|link| link.number),
                "hash": link.map(|link| format!("\\x{}", hex(&link.hash))),
            })
        })
        .collect();
    let own = listed(COLUMNS);
    let with_id: Vec<_> = [("id", "bigint")].iter().chain(COLUMNS).copied().collect();
    let text = format!(
        "insert into inspections (id{own}) select id{own} from {} where true \
         on conflict (id) do update set id = excluded.id{}",
        tx.dialect().records("new", 1, &with_id),
        updated(COLUMNS)
    );
    sql(text).bind(json(&rows)?).run(tx).await?;
    Ok(())
}
