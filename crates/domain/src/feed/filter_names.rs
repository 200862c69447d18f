//! Names of the values in a filter.

use crate::{
    id::{InspectionId, UserId},
    inspection::InspectionName,
    people::Person,
    text::isolate,
};
use std::fmt::Display;

/// Names of the people and inspections in a filter.
#[derive(Clone, Copy, Debug, Default)]
pub struct FilterNames<'names> {
    /// People.
    pub people: &'names [Person],
    /// Inspections.
    pub inspections: &'names [InspectionName],
}

impl FilterNames<'_> {
    /// Returns a label for an unknown id.
    pub fn unknown(id: &dyn Display) -> String {
        format!("no. {id}")
    }

    /// Returns a person's name.
    pub fn person(&self, id: UserId) -> String {
        let person = self.people.iter().find(|person| person.id == id);
        person.map_or_else(|| Self::unknown(&id), |person| isolate(&person.name).into_owned())
    }

    /// Returns an inspection's reference.
    pub fn inspection(&self, id: InspectionId) -> String {
        let known = self.inspections.iter().find(|inspection| inspection.id == id);
        known.map_or_else(|| Self::unknown(&id), |known| known.reference.clone())
    }
}
