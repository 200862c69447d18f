//! Kept reports. Their bytes are objects, named by the hash.

use super::{Table, Tracked};
use crate::Error;
use domain::{ChangeId, Report, ReportId};

impl Tracked for Report {
    const TABLE: Table = Table {
        name: "reports",
        columns: &[
            ("name", "text"),
            ("shows", "bigint"),
            ("sha256", "text"),
            ("bytes", "bigint"),
            ("pages", "bigint"),
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
        })
    }
}
