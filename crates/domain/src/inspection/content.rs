//! Content of an inspection as reports print it. Its hash determines whether a report is current.

use crate::inspection::{
    Equipment, Field, Inspection, Photo, Report, ReportPlace, Section, Status, Value,
};
use sha2::{Digest, Sha256};
use std::cell::OnceCell;

impl Inspection {
    /// Returns the SHA-256, in hexadecimal, of everything that a report prints of the inspection.
    /// Excluded are the status, which determines whether a report is a draft or final, and the
    /// change and the times that a report names. The hash is recorded with each report, so its
    /// input must stay stable: a field that was declared later is hashed at the end of its object,
    /// and only if it is not empty.
    pub fn content(&self) -> String {
        let mut hasher = ContentHasher::default();
        hasher.inspection(self);
        hasher.finish()
    }

    /// Returns whether a report prints the present content of the inspection. Reports from before
    /// contents were recorded have no content hash. Such a report is current only if nothing has
    /// altered the inspection since, its status included.
    pub fn is_current(&self, report: &Report) -> bool {
        self.currency()(report)
    }

    /// Returns a predicate that does the same for several reports and hashes the content only once.
    pub fn currency(&self) -> impl Fn(&Report) -> bool + '_ {
        let content = OnceCell::new();
        move |report| match report.content.as_str() {
            "" => report.shows >= self.altered,
            printed => printed == content.get_or_init(|| self.content()),
        }
    }

    /// Returns the newest final report that prints the present content of the inspection.
    pub fn final_report(&self) -> Option<&Report> {
        let is_current = self.currency();
        self.reports.iter().rev().find(|report| report.is_final && is_current(report))
    }

    /// Returns whether the inspection is complete without a final report of its present content.
    pub fn lacks_final_report(&self) -> bool {
        self.status == Status::Complete && self.final_report().is_none()
    }
}

/// The fields that were printed when the hash was first recorded with reports, which are hashed in
/// this order even if they are empty. It must not be changed; fields declared later follow by themselves.
const FIRST_INSPECTION: [Field; 8] = [
    Field::Reference,
    Field::Name,
    Field::Address,
    Field::BuildingType,
    Field::Client,
    Field::ScheduledOn,
    Field::Inspector,
    Field::Summary,
];
/// The same for a section.
const FIRST_SECTION: [Field; 3] = [Field::Title, Field::Condition, Field::Notes];
/// The same for a piece of equipment.
const FIRST_EQUIPMENT: [Field; 5] =
    [Field::Kind, Field::Make, Field::Model, Field::Serial, Field::Condition];
/// The same for a photo, whose name is printed if it has no caption.
const FIRST_PHOTO: [Field; 3] = [Field::Name, Field::Caption, Field::Sha256];

/// Hasher of content.
#[derive(Default)]
struct ContentHasher(Sha256);

impl ContentHasher {
    fn inspection(&mut self, inspection: &Inspection) {
        // The status determines whether the report is a draft, and is not part of its content.
        let others = Inspection::FIELDS.iter().filter(|field| **field != Field::Status);
        self.fields(&FIRST_INSPECTION, others, |field| inspection.get(field));
        // The cover photo is printed on the cover, whatever its position.
        self.photos(inspection.cover());
        self.length(inspection.sections.len());
        for section in &inspection.sections {
            self.fields(&FIRST_SECTION, Section::FIELDS, |field| section.get(field));
            self.photos(inspection.photos_of(Some(section.id)));
        }
        self.photos(inspection.photos_of(None));
        self.length(inspection.equipment.len());
        for equipment in &inspection.equipment {
            self.fields(&FIRST_EQUIPMENT, Equipment::FIELDS, |field| equipment.get(field));
        }
    }

    /// Hashes the `first` fields of an object, then those of the others that reports print.
    fn fields<'a>(
        &mut self,
        first: &[Field],
        others: impl IntoIterator<Item = &'a Field>,
        get: impl Fn(Field) -> Option<Value>,
    ) {
        for field in first {
            self.text(&get(*field).map(|value| value.typed()).unwrap_or_default());
        }
        self.later_fields(first, others, get);
    }

    /// Hashes the fields that reports print and that are not among the `first`, with their names
    /// and only if they have a value, so that the hash of an object without them stays the same.
    fn later_fields<'a>(
        &mut self,
        first: &[Field],
        others: impl IntoIterator<Item = &'a Field>,
        get: impl Fn(Field) -> Option<Value>,
    ) {
        for field in others {
            if field.report_place() == ReportPlace::Omitted || first.contains(field) {
                continue;
            }
            if let Some(value) = get(*field).filter(|value| !value.is_empty()) {
                self.text(field.slug());
                self.text(&value.typed());
            }
        }
    }

    /// Hashes photos in the order in which they are printed.
    fn photos<'a>(&mut self, photos: impl IntoIterator<Item = &'a Photo>) {
        let photos: Vec<_> = photos.into_iter().collect();
        self.length(photos.len());
        for photo in photos {
            // The day on which a photo was added is printed as well; it follows from the id.
            self.text(&photo.id.to_string());
            // A photo without a caption is printed with its name.
            self.text(if photo.caption.is_empty() { &photo.name } else { "" });
            self.text(&photo.caption);
            self.text(&photo.sha256);
            self.later_fields(&FIRST_PHOTO, Photo::FIELDS, |field| photo.get(field));
        }
    }

    fn length(&mut self, length: usize) {
        self.0.update(u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes());
    }

    /// Hashes the length before the text, so that adjacent texts cannot be confused.
    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.update(text);
    }

    fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::{ChangeId, PhotoId, SectionId},
        inspection::{Condition, Status},
    };

    fn inspection() -> Inspection {
        let section = |id, title: &str| Section {
            id: SectionId(id),
            title: title.into(),
            ..Section::default()
        };
        let photo = |id, caption: &str| Photo {
            id: PhotoId(id),
            caption: caption.into(),
            ..Photo::default()
        };
        Inspection {
            name: "Mill House".into(),
            sections: vec![section(1, "Roof"), section(2, "Stairs")],
            photos: vec![photo(3, "Slates"), photo(4, "Gutter")],
            equipment: vec![Equipment { kind: "Boiler".into(), ..Equipment::default() }],
            ..Inspection::default()
        }
    }

    #[test]
    fn the_content_is_everything_that_a_report_prints() {
        let before = inspection();
        let alter: [fn(&mut Inspection); 11] = [
            |it| it.name = "Mill".into(),
            |it| it.summary = "Sound.".into(),
            |it| it.sections[0].condition = Condition::Poor,
            |it| it.sections[1].notes = "Worn.".into(),
            |it| it.sections.swap(0, 1),
            |it| it.equipment[0].serial = "7".into(),
            |it| it.photos[0].caption.clear(),
            |it| it.photos[0].section = Some(SectionId(1)),
            |it| it.photos[0].rank = it.photos[1].id.0 << 30,
            |it| it.photos[1].cover = 1,
            |it| _ = it.photos.pop(),
        ];
        for (number, alter) in alter.iter().enumerate() {
            let mut after = before.clone();
            alter(&mut after);
            assert_ne!(after.content(), before.content(), "{number}");
        }
    }

    #[test]
    fn a_status_alone_is_no_content() {
        let before = inspection();
        let alter: [fn(&mut Inspection); 5] = [
            |it| it.status = Status::Review,
            |it| it.status = Status::Complete,
            |it| (it.head, it.altered) = (ChangeId(9), ChangeId(9)),
            |it| it.reports.push(Report::default()),
            |it| it.photos[0].rank = 1,
        ];
        for (number, alter) in alter.iter().enumerate() {
            let mut after = before.clone();
            alter(&mut after);
            assert_eq!(after.content(), before.content(), "{number}");
        }
    }

    #[test]
    fn what_is_hashed_stays_the_same() {
        let recorded = "6e6dc4df55c40908772913a2a20492900c512e652744d3cf33a40052464d17c7";
        assert_eq!(inspection().content(), recorded, "recorded reports would all be out of date");
    }

    #[test]
    fn a_report_is_current_while_the_inspection_says_the_same() {
        let mut inspection = inspection();
        let report = Report { content: inspection.content(), ..Report::default() };
        inspection.altered = ChangeId(9);
        assert!(inspection.is_current(&report));
        inspection.name.push('s');
        assert!(!inspection.is_current(&report));
        inspection.name.pop();
        assert!(inspection.is_current(&report), "it says the same again");
        let older = Report { shows: ChangeId(8), ..Report::default() };
        assert!(!inspection.is_current(&older), "nothing is known of its content");
    }

    #[test]
    fn the_final_report_is_the_newest_final_one_of_this_content() {
        let mut inspection = inspection();
        let report = |content: &str, is_final| Report {
            content: content.to_owned(),
            is_final,
            ..Report::default()
        };
        let content = inspection.content();
        inspection.reports = vec![report(&content, false), report("another", true)];
        assert_eq!(inspection.final_report(), None);
        inspection.reports.push(report(&content, true));
        assert_eq!(inspection.final_report(), inspection.reports.last());
    }
}
