//! Kept reports. Their bytes are objects, named by the hash.

use super::{Table, Tracked, json};
use crate::{Error, db::Tx, sql::sql};
use domain::{Change, ChangeId, Report, ReportId};
use serde_json::json;

impl Tracked for Report {
    const TABLE: Table = Table {
        name: "reports",
        columns: &[
            ("name", "text"),
            ("shows", "bigint"),
            ("sha256", "text"),
            ("bytes", "bigint"),
            ("pages", "bigint"),
            ("current", "boolean"),
        ],
        order: "id",
    };

    fn id(&self) -> i64 {
        self.id.0
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct ReportRow {
    id: i64,
    name: String,
    shows: i64,
    sha256: String,
    bytes: i64,
    pages: i64,
    current: bool,
}

impl TryFrom<ReportRow> for Report {
    type Error = Error;

    fn try_from(row: ReportRow) -> Result<Self, Error> {
        Ok(Self {
            id: ReportId(row.id),
            name: row.name,
            shows: ChangeId(row.shows),
            sha256: row.sha256,
            bytes: row.bytes,
            pages: row.pages,
            current: row.current,
        })
    }
}

/// Marks the reports of many inspections as out of date after these changes, as the fold does for
/// one whose reports are loaded.
pub(crate) async fn outdate(tx: &mut Tx, changes: &[&Change]) -> Result<(), Error> {
    let altering = changes.iter().filter(|change| change.record.action.alters());
    let altering: Vec<_> = altering
        .map(|change| json!({ "changed": change.inspection_id, "touched_by": change.id }))
        .collect();
    let records =
        tx.dialect().records("new", 1, &[("changed", "bigint"), ("touched_by", "bigint")]);
    let text = format!(
        "update reports set current = false, change_id = new.touched_by from {records} \
         where reports.inspection_id = new.changed and reports.current"
    );
    sql(text).bind(json(&altering)?).run(tx).await?;
    Ok(())
}
