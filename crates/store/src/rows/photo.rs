//! Rows of photos. Their bytes are in the object store, under their hash.

use super::{Table, Tracked};
use crate::{Error, bulk_insert::Cell};
use domain::{
    id::{PhotoId, SectionId},
    inspection::Photo,
};

impl Tracked for Photo {
    type Row = PhotoRow;

    const TABLE: Table = Table {
        noun: "photo",
        name: "photos",
        columns: &[
            "section",
            "name",
            "caption",
            "sha256",
            "media_type",
            "bytes",
            "width",
            "height",
            "rank",
            "cover",
        ],
        order: "id",
    };

    fn id(&self) -> i64 {
        self.id.0
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let Self {
            id: _,
            section,
            name,
            caption,
            sha256,
            media_type,
            bytes,
            width,
            height,
            rank,
            cover,
        } = self;
        vec![
            Cell::Number(section.map(|section| section.0)),
            name.into(),
            caption.into(),
            sha256.into(),
            media_type.into(),
            (*bytes).into(),
            (*width).into(),
            (*height).into(),
            (*rank).into(),
            (*cover).into(),
        ]
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct PhotoRow {
    id: i64,
    section: Option<i64>,
    name: String,
    caption: String,
    sha256: String,
    media_type: String,
    bytes: i64,
    width: i64,
    height: i64,
    rank: i64,
    cover: i64,
}

impl TryFrom<PhotoRow> for Photo {
    type Error = Error;

    fn try_from(row: PhotoRow) -> Result<Self, Error> {
        Ok(Self {
            id: PhotoId(row.id),
            section: row.section.map(SectionId),
            name: row.name,
            caption: row.caption,
            sha256: row.sha256,
            media_type: row.media_type,
            bytes: row.bytes,
            width: row.width,
            height: row.height,
            rank: row.rank,
            cover: row.cover,
        })
    }
}
