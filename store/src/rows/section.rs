//! Sections, each with its place.

use super::{Table, Tracked, condition};
use crate::Error;
use domain::{Inspection, Section, SectionId};
use serde::Serialize;

/// A section and its place, from 1.
#[derive(PartialEq, Serialize)]
pub(crate) struct Placed {
    #[serde(flatten)]
    pub(crate) section: Section,
    position: i64,
}

impl Tracked for Placed {
    const TABLE: Table = Table {
        name: "sections",
        columns: &[
            ("position", "bigint"),
            ("title", "text"),
            ("condition", "text"),
            ("notes", "text"),
        ],
        order: "position",
    };

    fn id(&self) -> i64 {
        self.section.id.0
    }
}

/// The sections of an inspection with their places.
pub(super) fn placed(inspection: &Inspection) -> Vec<Placed> {
    let sections = inspection.sections.iter().cloned();
    sections.zip(1..).map(|(section, position)| Placed { section, position }).collect()
}

#[derive(sqlx::FromRow)]
pub(super) struct SectionRow {
    id: i64,
    position: i64,
    title: String,
    condition: String,
    notes: String,
}

impl TryFrom<SectionRow> for Placed {
    type Error = Error;

    fn try_from(row: SectionRow) -> Result<Self, Error> {
        Ok(Self {
            section: Section {
                id: SectionId(row.id),
                title: row.title,
                condition: condition("sections", row.id, &row.condition)?,
                notes: row.notes,
            },
            position: row.position,
        })
    }
}
