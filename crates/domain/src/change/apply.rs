//! The fold that computes an inspection's state from its mutations.

use crate::{
    change::{Change, Malformed, Mutation, Record},
    id::ChangeId,
    inspection::{Inspection, Section, Target},
};

impl Inspection {
    /// Applies one mutation. It never refuses, because [`plan`](Self::plan) does so before anything
    /// is recorded. A mutation of a missing object changes nothing.
    ///
    /// The same function performs a mutation on the server, rebuilds an inspection from its
    /// records, and shows an edit in the browser before the server has answered.
    pub fn apply(&mut self, mutation: &Mutation) {
        match mutation {
            Mutation::Create { values } | Mutation::Correct { values, .. } => {
                self.edit(Target::Inspection, values);
            }
            Mutation::Edit { target, values } => self.edit(*target, values),
            Mutation::SetStatus { to, .. } => self.status = *to,
            Mutation::AddSection { section, position, photos } => {
                self.sections.retain(|other| other.id != section.id);
                self.insert(section.clone(), *position);
                for photo in photos {
                    put(&mut self.photos, photo.clone(), |photo| photo.id);
                }
            }
            Mutation::RemoveSection { section }
            | Mutation::Remove { target: Target::Section(section) } => {
                self.sections.retain(|other| other.id != *section);
                self.photos.retain(|photo| photo.section != Some(*section));
            }
            Mutation::AddEquipment { equipment } => {
                put(&mut self.equipment, equipment.clone(), |equipment| equipment.id);
            }
            Mutation::AddPhoto { photo } => {
                put(&mut self.photos, photo.clone(), |photo| photo.id);
            }
            Mutation::Remove { target: Target::Inspection } => self.removed = true,
            Mutation::BringBack => self.removed = false,
            Mutation::Remove { target: Target::Equipment(id) } => {
                self.equipment.retain(|equipment| equipment.id != *id);
            }
            Mutation::Remove { target: Target::Photo(id) } => {
                self.photos.retain(|photo| photo.id != *id);
            }
            Mutation::CreateReport { report } => {
                put(&mut self.reports, report.clone(), |report| report.id);
            }
            Mutation::DownloadReport { .. } => {}
        }
    }

    /// Applies a recorded change and moves the head to it.
    ///
    /// # Errors
    /// If the record cannot be read as a mutation.
    pub fn replay(&mut self, change: &Change) -> Result<(), Malformed> {
        self.advance(change.id, &change.record)
    }

    /// Applies a change given by its id and its record alone. The fold does not use the record's
    /// `fields` and `related`, so they may be missing.
    ///
    /// # Errors
    /// If the record cannot be read as a mutation.
    pub fn advance(&mut self, change: ChangeId, record: &Record) -> Result<(), Malformed> {
        self.apply(&record.mutation()?);
        self.head = change;
        if record.action.alters() {
            self.altered = change;
        }
        Ok(())
    }

    /// Rebuilds an inspection from its changes, oldest first.
    ///
    /// # Errors
    /// If a record cannot be read as a mutation.
    pub fn rebuild<'a>(
        id: crate::id::InspectionId,
        changes: impl IntoIterator<Item = &'a Change>,
    ) -> Result<Self, Malformed> {
        let mut inspection = Self::blank(id);
        for change in changes {
            inspection.replay(change)?;
        }
        Ok(inspection)
    }

    fn edit(&mut self, target: Target, values: &crate::inspection::Values) {
        use crate::inspection::{Field, Value};
        for (field, value) in values.iter() {
            let value = value.clone();
            match target {
                Target::Inspection => self.set(field, value),
                Target::Section(id) => {
                    if let (Field::Position, Value::Number(position)) = (field, &value) {
                        if let Some(at) = self.sections.iter().position(|other| other.id == id) {
                            let section = self.sections.remove(at);
                            self.insert(section, Some(*position));
                        }
                    } else if let Some(section) =
                        self.sections.iter_mut().find(|section| section.id == id)
                    {
                        section.set(field, value);
                    }
                }
                Target::Equipment(id) => {
                    if let Some(equipment) = self.equipment.iter_mut().find(|it| it.id == id) {
                        equipment.set(field, value);
                    }
                }
                Target::Photo(id) => {
                    if let Some(photo) = self.photos.iter_mut().find(|photo| photo.id == id) {
                        photo.set(field, value);
                    }
                }
            }
        }
    }

    fn insert(&mut self, section: Section, position: Option<i64>) {
        let end = self.sections.len();
        let at = position.map_or(end, |position| {
            usize::try_from(position.saturating_sub(1)).unwrap_or(0).min(end)
        });
        self.sections.insert(at, section);
    }
}

/// Inserts an object in the order of ids, or replaces the one with the same id.
fn put<T, I: Ord>(things: &mut Vec<T>, thing: T, id: impl Fn(&T) -> I) {
    match things.binary_search_by_key(&id(&thing), id) {
        Ok(at) => things[at] = thing,
        Err(at) => things.insert(at, thing),
    }
}
