//! The data that the template sets: an inspection in the words and the order of its report.

use crate::{
    Input,
    legible::{Legible, metadata},
    photos::Photos,
    printed,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{Condition, Field, Inspection, Photo, SectionId};
use serde::Serialize;

/// The whole report. Every text of it can be printed, but for those of the metadata.
#[derive(Serialize)]
pub(crate) struct Data {
    title: String,
    author: String,
    description: String,
    reference: String,
    name: String,
    address: String,
    status: Word,
    facts: Vec<Fact>,
    cover: Option<PhotoData>,
    summary: Vec<Vec<String>>,
    counts: Vec<Count>,
    sections: Vec<SectionData>,
    photos: Vec<PhotoData>,
    equipment: Vec<EquipmentData>,
    shows: Shown,
    made_at: String,
    replaced: bool,
}

/// A status or a condition: what the template colours it by, and its word.
#[derive(Serialize)]
struct Word {
    slug: &'static str,
    label: &'static str,
}

#[derive(Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Count {
    condition: Word,
    sections: usize,
    equipment: usize,
}

#[derive(Serialize)]
struct SectionData {
    title: String,
    condition: Word,
    notes: Vec<Vec<String>>,
    photos: Vec<PhotoData>,
}

#[derive(Serialize)]
struct PhotoData {
    /// `None` for a photo whose picture is not to be had.
    file: Option<String>,
    /// What it shows, for those who cannot see it; any character will do.
    alt: String,
    /// The picture's width over its height.
    ratio: f64,
    /// The same, to be printed where the picture is not to be had.
    words: String,
    caption: String,
}

#[derive(Serialize)]
struct EquipmentData {
    kind: String,
    make: String,
    model: String,
    serial: String,
    condition: Word,
}

#[derive(Serialize)]
struct Shown {
    change: i64,
    hash: String,
    at: String,
    by: String,
}

impl Data {
    pub(crate) fn new(input: &Input, photos: &Photos, legible: &Legible) -> Self {
        let inspection = &input.inspection;
        // Nothing is left out here, so that whatever an inspection has is printed or named.
        let Inspection {
            id: _,
            head,
            altered: _,
            removed: _,
            reference,
            name,
            address,
            building_type,
            client,
            scheduled_on,
            inspector,
            summary,
            status,
            sections,
            equipment: _,
            photos: _,
            reports: _,
        } = inspection;
        let teller = Teller { inspection, photos, legible };
        let cover = cover(inspection, photos);
        // One of the whole that is on the cover is not shown twice.
        let whole = inspection.photos_of(None).filter(|photo| cover != Some(*photo));
        let whole: Vec<_> = whole.map(|photo| teller.photo(photo, None)).collect();
        let cover = cover.map(|photo| {
            let section = photo.section.and_then(|id| inspection.section(id));
            teller.photo(photo, section.map(|section| section.title.as_str()))
        });
        let sections = sections
            .iter()
            .map(|section| SectionData {
                title: legible.text(&section.title),
                condition: section.condition.into(),
                notes: legible.paragraphs(&section.notes),
                photos: teller.photos(section.id, &section.title),
            })
            .collect();
        let inspector = inspector.as_ref().map_or("", |person| person.name.as_str());
        let mut data = Self {
            title: metadata(&title(inspection)),
            author: metadata(if inspector.is_empty() { &input.shows_by } else { inspector }),
            description: metadata(&printed::description(reference, *head, &input.shows_hash)),
            reference: legible.text(reference),
            name: legible.text(name),
            address: legible.text(address),
            status: Word { slug: status.slug(), label: status.label() },
            facts: teller.facts(&[
                (Field::Client, client),
                (Field::BuildingType, building_type),
                (Field::ScheduledOn, &day(*scheduled_on)),
                (Field::Inspector, inspector),
            ]),
            cover,
            summary: legible.paragraphs(summary),
            counts: counts(inspection),
            sections,
            photos: whole,
            equipment: teller.equipment(),
            shows: Shown {
                change: head.0,
                hash: input.shows_hash.clone(),
                at: moment(input.shows_at),
                by: legible.text(&input.shows_by),
            },
            made_at: moment(input.made_at),
            replaced: false,
        };
        data.replaced = legible.replaced();
        data
    }
}

/// The photo on the cover: the chosen one, else the first of the inspection as a whole. None where its picture is
/// not to be had.
fn cover<'a>(inspection: &'a Inspection, photos: &Photos) -> Option<&'a Photo> {
    let is_legible = |photo: &&Photo| photos.file(&photo.sha256).is_some();
    let first = || inspection.photos_of(None).next().filter(is_legible);
    inspection.cover().filter(is_legible).or_else(first)
}

/// What the file is called in a reader's window.
pub(crate) fn title(inspection: &Inspection) -> String {
    format!("{} {}: building inspection report", inspection.reference, inspection.name)
}

/// Tells of one inspection.
struct Teller<'a> {
    inspection: &'a Inspection,
    photos: &'a Photos,
    legible: &'a Legible,
}

impl Teller<'_> {
    fn facts(&self, facts: &[(Field, &str)]) -> Vec<Fact> {
        let fact = |(field, value): &(Field, &str)| Fact {
            label: field.label(),
            value: self.legible.text(value),
        };
        facts.iter().map(fact).collect()
    }

    fn photos(&self, section: SectionId, title: &str) -> Vec<PhotoData> {
        let photos = self.inspection.photos_of(Some(section));
        photos.map(|photo| self.photo(photo, Some(title))).collect()
    }

    fn photo(&self, photo: &Photo, section: Option<&str>) -> PhotoData {
        let alt = match (photo.caption.as_str(), section) {
            ("", Some(section)) => format!("Photo {} of {section}", photo.name),
            ("", None) => format!("Photo {} of the building", photo.name),
            (caption, _) => caption.to_owned(),
        };
        let picture = self.photos.file(&photo.sha256);
        PhotoData {
            alt: metadata(&alt),
            words: if picture.is_none() { self.legible.text(&alt) } else { String::new() },
            ratio: picture.as_ref().map_or(1.0, |(_, ratio)| *ratio),
            file: picture.map(|(file, _)| file),
            caption: self.legible.text(&photo.caption),
        }
    }

    fn equipment(&self) -> Vec<EquipmentData> {
        let text = |text: &str| self.legible.text(text);
        self.inspection
            .equipment
            .iter()
            .map(|piece| EquipmentData {
                kind: text(&piece.kind),
                make: text(&piece.make),
                model: text(&piece.model),
                serial: text(&piece.serial),
                condition: piece.condition.into(),
            })
            .collect()
    }
}

fn counts(inspection: &Inspection) -> Vec<Count> {
    Condition::ALL
        .into_iter()
        .map(|condition| Count {
            condition: condition.into(),
            sections: inspection.sections.iter().filter(|it| it.condition == condition).count(),
            equipment: inspection.equipment.iter().filter(|it| it.condition == condition).count(),
        })
        .collect()
}

impl From<Condition> for Word {
    fn from(condition: Condition) -> Self {
        Self { slug: condition.slug(), label: condition.label() }
    }
}

/// As in "3 November 2025"; nothing for no day.
fn day(on: Option<NaiveDate>) -> String {
    on.map(|on| on.format("%-d %B %Y").to_string()).unwrap_or_default()
}

/// As in "3 November 2025, 14:05 UTC".
fn moment(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}
