//! Inspections without what is in them.

use super::{listed, word};
use crate::{
    Error,
    chain::{Hash, Link},
    db::Tx,
    keys::hex,
    sql::sql,
};
use domain::{ChangeId, Inspection, InspectionId, Person, UserId};
use serde_json::{Value, json};

/// A column and PostgreSQL's type of it.
type Column = (&'static str, &'static str);

/// The columns beside `id`.
const COLUMNS: &[Column] = &[
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
            sections: Vec::new(),
            equipment: Vec::new(),
            photos: Vec::new(),
            reports: Vec::new(),
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
    sql(text).bind(super::json(ids)?).all(tx).await
}

/// All inspections with ids from the first to the second, without what is in them.
pub(crate) async fn heads_between(tx: &mut Tx, from: i64, to: i64) -> Result<Vec<Standing>, Error> {
    let columns = listed(COLUMNS);
    let text = format!("select id{columns} from inspections where id between $1 and $2");
    let heads: Vec<Head> = sql(text).bind(from).bind(to).all(tx).await?;
    heads.into_iter().map(Standing::try_from).collect()
}

/// The row of an inspection, its hash as PostgreSQL reads bytes.
pub(crate) fn head_row(Standing { inspection, link }: &Standing) -> Value {
    // Nothing is left out here, so that whatever an inspection has is written or named.
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
    json!({
        "id": id,
        "change_id": head,
        "altered_by": altered,
        "removed": removed,
        "reference": reference,
        "name": name,
        "address": address,
        "building_type": building_type,
        "client": client,
        "scheduled_on": scheduled_on,
        "inspector_id": inspector.as_ref().map(|person| person.id),
        "inspector_name": inspector.as_ref().map(|person| &person.name),
        "summary": summary,
        "status": status,
        "number": link.map(|link| link.number),
        "hash": link.map(|link| format!("\\x{}", hex(&link.hash))),
    })
}

/// Writes inspections as they stand after their changes, beside how they stood before: of one that was
/// there only the columns that differ in any of them.
pub(crate) async fn save_heads(tx: &mut Tx, pairs: &[(&Standing, &Standing)]) -> Result<(), Error> {
    let (old, new): (Vec<_>, Vec<_>) =
        pairs.iter().copied().partition(|(before, _)| before.link.is_some());
    if !old.is_empty() {
        let rows: Vec<_> =
            old.iter().map(|(before, after)| (head_row(before), head_row(after))).collect();
        let differs = |(column, _): &&Column| {
            rows.iter().any(|(before, after)| before[column] != after[column])
        };
        let columns: Vec<Column> = COLUMNS.iter().filter(differs).copied().collect();
        let written = with_id(&columns);
        let sets = columns.iter().map(|(column, _)| format!("{column} = new.{column}"));
        let sets = sets.collect::<Vec<_>>().join(", ");
        let rows = rows.into_iter().map(|(_, mut after)| {
            if let Value::Object(cells) = &mut after {
                cells.retain(|name, _| written.iter().any(|(column, _)| name == column));
            }
            after
        });
        let text = format!(
            "update inspections set {sets} from {} where inspections.id = new.id",
            tx.dialect().records("new", 1, &written)
        );
        sql(text).bind(Value::Array(rows.collect())).run(&mut *tx).await?;
    }
    if !new.is_empty() {
        let rows = new.iter().map(|(_, after)| head_row(after)).collect();
        let own = listed(COLUMNS);
        let text = format!(
            "insert into inspections (id{own}) select id{own} from {}",
            tx.dialect().records("new", 1, &with_id(COLUMNS))
        );
        sql(text).bind(Value::Array(rows)).run(tx).await?;
    }
    Ok(())
}

fn with_id(columns: &[Column]) -> Vec<Column> {
    [("id", "bigint")].iter().chain(columns).copied().collect()
}
