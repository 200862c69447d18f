//! Rows of reports. Their bytes are in the object store, under their hash.

use super::{Table, Tracked};
use crate::{Error, bulk_insert::Cell};
use domain::{
    id::{ChangeId, ReportId},
    inspection::Report,
};

impl Tracked for Report {
    type Row = ReportRow;

    const TABLE: Table = Table {
        noun: "report",
        name: "reports",
        columns: &["name", "shows", "sha256", "bytes", "pages", "content", "is_final"],
        order: "id",
    };

    fn id(&self) -> i64 {
        self.id.0
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let Self { id: _, name, shows, sha256, bytes, pages, content, is_final } = self;
        let (shows, bytes, pages) = (shows.0.into(), (*bytes).into(), (*pages).into());
        vec![
            name.into(),
            shows,
            sha256.into(),
            bytes,
            pages,
            content.into(),
            i64::from(*is_final).into(),
        ]
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
    content: String,
    is_final: i64,
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
            content: row.content,
            is_final: row.is_final == 1,
        })
    }
}
