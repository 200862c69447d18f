//! Rows of sections, with their positions.

use super::{
    Tracked,
    fields::{FieldColumns, NamedCells, StoredFields},
};
use crate::Error;
use domain::inspection::{Inspection, Section};
use std::iter;

/// A section and its position, counted from 1.
#[derive(Clone, PartialEq)]
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

    const NOUN: &'static str = "section";
    const TABLE: &'static str = Section::TABLE;
    const ORDER: &'static str = "position";

    fn id(&self) -> i64 {
        self.section.id.0
    }

    fn columns() -> impl Iterator<Item = &'static str> {
        iter::once("position").chain(Section::columns())
    }

    fn cells(&self) -> NamedCells<'_> {
        let mut cells = vec![("position", self.position.into())];
        self.section.add_cells(&mut cells);
        cells
    }

    fn read(row: SectionRow) -> Result<Self, Error> {
        let SectionRow { id, position, fields } = row;
        Ok(Self { section: fields.object(id)?, position })
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
    #[sqlx(flatten)]
    fields: StoredFields<Section>,
}
