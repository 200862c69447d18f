//! Rows of sections, with their positions.

use super::{Table, Tracked, condition};
use crate::{Error, bulk_insert::Cell};
use domain::{
    id::SectionId,
    inspection::{Inspection, Section},
};

/// A section and its position, counted from 1.
#[derive(PartialEq)]
pub(crate) struct Placed {
    pub(crate) section: Section,
    position: i64,
}

impl Placed {
    /// Returns a section at an index, counted from 0.
    pub(crate) fn at(section: Section, index: usize) -> Self {
        Self { section, position: i64::try_from(index + 1).unwrap_or(i64::MAX) }
    }

    /// Returns whether it is this section at this index, counted from 0.
    pub(crate) fn is(&self, section: &Section, index: usize) -> bool {
        self.section == *section && usize::try_from(self.position) == Ok(index + 1)
    }
}

impl Tracked for Placed {
    type Row = SectionRow;

    const TABLE: Table = Table {
        noun: "section",
        name: "sections",
        columns: &["position", "title", "condition", "notes"],
        order: "position",
    };

    fn id(&self) -> i64 {
        self.section.id.0
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let Self { section: Section { id: _, title, condition, notes }, position } = self;
        vec![(*position).into(), title.into(), condition.slug().into(), notes.into()]
    }
}

/// Returns the sections of an inspection with their positions.
pub(super) fn placed(inspection: &Inspection) -> Vec<Placed> {
    let sections = inspection.sections.iter().cloned().enumerate();
    sections.map(|(index, section)| Placed::at(section, index)).collect()
}

#[derive(sqlx::FromRow)]
pub(crate) struct SectionRow {
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
