//! Limits on the contents of one inspection: more than any building needs, and no more than can be
//! shown on a page and printed as one report in a minute.

use crate::inspection::{Equipment, Field, Inspection, Invalid, Photo, Section, Value, ValueKind};

impl Inspection {
    /// Maximum number of sections.
    pub const MAX_SECTIONS: usize = 500;
    /// Maximum number of pieces of equipment.
    pub const MAX_EQUIPMENT: usize = 1_000;
    /// Maximum number of photos.
    pub const MAX_PHOTOS: usize = 2_000;
    /// Maximum length of all texts together, in characters: about 300 printed pages.
    pub const MAX_TEXT_BYTES: usize = 1_000_000;

    /// Checks that there is room for one more section.
    ///
    /// # Errors
    /// A message that says what to do instead.
    pub(crate) fn check_section_fits(&self) -> Result<(), Invalid> {
        fits(self.sections.len(), Self::MAX_SECTIONS, Field::Title, "sections")
    }

    /// Checks that there is room for one more piece of equipment.
    ///
    /// # Errors
    /// A message that says what to do instead.
    pub(crate) fn check_equipment_fits(&self) -> Result<(), Invalid> {
        fits(self.equipment.len(), Self::MAX_EQUIPMENT, Field::Kind, "pieces of equipment")
    }

    /// Checks that there is room for one more photo.
    ///
    /// # Errors
    /// A message that says what to do instead.
    pub(crate) fn check_photo_fits(&self) -> Result<(), Invalid> {
        fits(self.photos.len(), Self::MAX_PHOTOS, Field::Name, "photos")
    }

    /// Checks that there is room to replace a text by another. A shorter one always fits, so that
    /// an inspection that was recorded before this limit can be shortened.
    ///
    /// # Errors
    /// A message that says what to do instead.
    pub(crate) fn check_text_fits(
        &self,
        field: Field,
        before: Option<&Value>,
        after: &Value,
    ) -> Result<(), String> {
        let (before, after) = (before.map_or(0, length), length(after));
        // Fields of one line are limited by their number.
        if field.kind() != ValueKind::Prose || after <= before {
            return Ok(());
        }
        let most = Self::MAX_TEXT_BYTES;
        let all = self.text_length() + after - before;
        if all <= most {
            return Ok(());
        }
        Err(format!(
            "The notes and the summary of one inspection may have {most} characters together; with \
             this they have {all}. Shorten this text or others, or start a second inspection."
        ))
    }

    /// Returns the length of all texts of several lines, in characters.
    fn text_length(&self) -> usize {
        let sections =
            self.sections.iter().map(|it| prose_length(Section::FIELDS, |field| it.get(field)));
        let equipment =
            self.equipment.iter().map(|it| prose_length(Equipment::FIELDS, |field| it.get(field)));
        let photos =
            self.photos.iter().map(|it| prose_length(Photo::FIELDS, |field| it.get(field)));
        let own = prose_length(Self::FIELDS, |field| self.get(field));
        own + sections.chain(equipment).chain(photos).sum::<usize>()
    }
}

fn prose_length(fields: &[Field], get: impl Fn(Field) -> Option<Value>) -> usize {
    let prose = fields.iter().filter(|field| field.kind() == ValueKind::Prose);
    prose.filter_map(|field| get(*field)).map(|value| length(&value)).sum()
}

fn length(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.chars().count(),
        _ => 0,
    }
}

fn fits(there: usize, most: usize, field: Field, things: &str) -> Result<(), Invalid> {
    if there < most {
        return Ok(());
    }
    let message = format!(
        "An inspection may have {most} {things}. Remove some, or start a second inspection for the \
         rest of the building."
    );
    Err(Invalid::of(field, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        change::{Mutation, Refusal},
        id::SectionId,
        inspection::{Equipment, Photo, Section, Target, Values},
    };

    fn refused(inspection: &Inspection, mutation: &Mutation) -> String {
        match inspection.plan(mutation) {
            Err(Refusal::Invalid(invalid)) => invalid.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_full_takes_no_more() {
        let mut inspection = Inspection {
            sections: vec![Section::default(); Inspection::MAX_SECTIONS - 1],
            equipment: vec![Equipment::default(); Inspection::MAX_EQUIPMENT - 1],
            photos: vec![Photo::default(); Inspection::MAX_PHOTOS - 1],
            ..Inspection::default()
        };
        let section = Section { id: SectionId(9), title: "Roof".into(), ..Section::default() };
        let equipment = Equipment {
            id: crate::id::EquipmentId(9),
            kind: "Boiler".into(),
            ..Equipment::default()
        };
        let photo = Photo { id: crate::id::PhotoId(9), name: "a.jpg".into(), ..Photo::default() };
        let one_more = [
            Mutation::AddSection { section, position: None, photos: Vec::new() },
            Mutation::AddEquipment { equipment },
            Mutation::AddPhoto { photo },
        ];
        for mutation in &one_more {
            assert!(
                inspection.plan(mutation).is_ok_and(|planned| planned.is_some()),
                "{mutation:?}"
            );
        }
        inspection.sections.push(Section::default());
        inspection.equipment.push(Equipment::default());
        inspection.photos.push(Photo::default());
        for (mutation, says) in one_more.iter().zip(["500 sections", "1000 pieces", "2000 photos"])
        {
            let message = refused(&inspection, mutation);
            assert!(message.contains(says), "{message}");
        }
    }

    #[test]
    fn texts_are_bounded_together_and_can_always_be_shortened() {
        let section = |id, notes: usize| Section {
            id: SectionId(id),
            title: "Roof".into(),
            notes: "n".repeat(notes),
            ..Section::default()
        };
        // Above the limit, as an inspection recorded before it may be.
        let mut sections: Vec<_> = (1..=50).map(|id| section(id, 20_000)).collect();
        sections.push(section(51, 500));
        let inspection = Inspection { sections, ..Inspection::default() };
        let edit = |id, notes: usize| Mutation::Edit {
            target: Target::Section(SectionId(id)),
            values: Values::new().with(Field::Notes, Value::text("m".repeat(notes))),
        };
        let message = refused(&inspection, &edit(51, 501));
        assert!(message.contains("1000000 characters together"), "{message}");
        assert!(inspection.plan(&edit(51, 499)).is_ok_and(|planned| planned.is_some()));
        assert!(inspection.plan(&edit(1, 20_000)).is_ok_and(|planned| planned.is_some()));
        let added =
            Mutation::AddSection { section: section(52, 1), position: None, photos: Vec::new() };
        assert!(refused(&inspection, &added).contains("1000000 characters together"));
        let untold =
            Mutation::AddSection { section: section(52, 0), position: None, photos: Vec::new() };
        assert!(inspection.plan(&untold).is_ok());
    }
}
