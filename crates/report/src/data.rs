//! Data for the template: an inspection in the wording and the order of its report.

use crate::{
    Input, Pictures,
    legible::{Legible, Lines, Words, metadata},
    photos::Photos,
    printed,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    id::SectionId,
    inspection::{
        Condition, Equipment, Field, Inspection, Photo, ReportPlace, Section, Status, Value,
    },
    people::{Logo, Organisation},
};
use serde::Serialize;
use std::cell::Cell;

/// Data of the whole report. All its texts are printable, except for those of the metadata.
#[derive(Serialize)]
pub(crate) struct Data {
    title: String,
    author: String,
    description: String,
    /// Families of typefaces, in the order in which they are tried.
    families: Vec<String>,
    organisation: OrganisationData,
    reference: Words,
    name: Words,
    address: Words,
    status: Word,
    /// Whether the inspection is not approved yet, which every page states.
    draft: bool,
    facts: Vec<Fact>,
    cover: Option<PhotoData>,
    attention: Vec<Attention>,
    summary: Vec<Vec<Lines>>,
    counts: Vec<Count>,
    sections: Vec<SectionData>,
    photos: Vec<PhotoData>,
    equipment: Vec<EquipmentData>,
    /// Each condition with its meaning.
    meanings: Vec<Meaning>,
    shows: Shown,
    made_at: String,
    replaced: bool,
}

/// The organisation that the report is from.
#[derive(Serialize)]
struct OrganisationData {
    name: Words,
    address: Vec<Words>,
    /// The width of the logo over its height; `None` without a logo.
    logo: Option<f64>,
    /// The alternative text of the logo.
    alt: String,
}

/// A status or a condition: the key for its colour, and its label.
#[derive(Serialize)]
struct Word {
    slug: &'static str,
    label: &'static str,
}

#[derive(Serialize)]
struct Fact {
    label: &'static str,
    value: Words,
}

#[derive(Serialize)]
struct Count {
    condition: Word,
    sections: usize,
    equipment: usize,
}

/// A section or a piece of equipment that is unsafe or poor.
#[derive(Serialize)]
struct Attention {
    condition: Word,
    name: Words,
    /// The first paragraph of its notes.
    notes: Vec<Lines>,
    /// Number of the section; `None` for equipment.
    section: Option<usize>,
}

#[derive(Serialize)]
struct Meaning {
    condition: Word,
    meaning: &'static str,
}

#[derive(Serialize)]
struct SectionData {
    title: Words,
    condition: Word,
    facts: Vec<Fact>,
    notes: Vec<Vec<Lines>>,
    photos: Vec<PhotoData>,
}

#[derive(Serialize)]
struct PhotoData {
    /// File name of the picture; `None` if it is not available.
    file: Option<String>,
    /// Alternative text. It is not printed, so it may have any character.
    alt: String,
    /// Ratio of the picture's width to its height.
    ratio: f64,
    /// The alternative text in printable form, printed if the picture is not available.
    words: Words,
    /// Its number in the report, counted from 1, and the day it was added.
    number: String,
    caption: Words,
    facts: Vec<Fact>,
}

#[derive(Serialize)]
struct EquipmentData {
    kind: Words,
    facts: Vec<Fact>,
    make: Words,
    model: Words,
    serial: Words,
    condition: Word,
}

#[derive(Serialize)]
struct Shown {
    /// The beginning of the shown change's hash, in groups.
    code: String,
    at: String,
    by: Words,
}

impl Data {
    pub(crate) fn new(
        input: &Input,
        pictures: &Pictures<'_>,
        legible: &Legible<'_>,
        families: &[String],
    ) -> Self {
        let (inspection, photos) = (&input.inspection, pictures.photos);
        let teller = Teller { input, photos, legible, number: Cell::new(0) };
        let cover = cover(inspection, photos);
        // A photo of the whole inspection that is on the cover is not shown twice.
        let whole = inspection.photos_of(None).filter(|photo| cover != Some(*photo));
        let cover = cover.map(|photo| {
            let section = photo.section.and_then(|id| inspection.section(id));
            teller.photo(photo, section.map(|section| section.title.as_str()), false)
        });
        let sections = inspection.sections.iter().map(|section| teller.section(section)).collect();
        let whole = whole.map(|photo| teller.photo(photo, None, true)).collect();
        let inspector = inspection.inspector.as_ref().map_or("", |person| person.name.as_str());
        let mut data = Self {
            title: metadata(&title(inspection)),
            author: metadata(if inspector.is_empty() { &input.shows_by } else { inspector }),
            description: metadata(&printed::description(
                &inspection.reference,
                inspection.head,
                &input.shows_hash,
            )),
            families: families.to_vec(),
            organisation: organisation(&input.organisation, pictures.logo.is_some(), legible),
            reference: legible.words(&inspection.reference),
            name: legible.words(&inspection.name),
            address: legible.words(&inspection.address),
            status: Word { slug: inspection.status.slug(), label: inspection.status.label() },
            draft: inspection.status != Status::Complete,
            facts: facts(Inspection::FIELDS, |field| inspection.get(field), legible),
            cover,
            attention: teller.attention(),
            summary: legible.paragraphs(&inspection.summary),
            counts: counts(inspection),
            sections,
            photos: whole,
            equipment: teller.equipment(),
            meanings: Condition::ALL
                .map(|it| Meaning { condition: it.into(), meaning: it.meaning() })
                .into(),
            shows: Shown {
                code: printed::code(&input.shows_hash),
                at: moment(input.shows_at),
                by: legible.words(&input.shows_by),
            },
            made_at: moment(input.made_at),
            replaced: false,
        };
        data.replaced = legible.replaced();
        data
    }
}

/// Returns the labels and the values of the fields that are printed among the facts of an object. A
/// value may be empty.
fn facts(
    fields: &[Field],
    get: impl Fn(Field) -> Option<Value>,
    legible: &Legible<'_>,
) -> Vec<Fact> {
    let printed = fields.iter().filter(|field| field.report_place() == ReportPlace::Facts);
    let fact = |field: &Field| {
        let label = match field {
            Field::ScheduledOn => "Date of the visit",
            field => field.label(),
        };
        let value = match get(*field) {
            Some(Value::Date(date)) => day(date),
            value => value.map(|value| value.to_string()).unwrap_or_default(),
        };
        Fact { label, value: legible.words(&value) }
    };
    printed.map(fact).collect()
}

fn organisation(
    Organisation { name, address, logo }: &Organisation,
    has_picture: bool,
    legible: &Legible<'_>,
) -> OrganisationData {
    #[expect(clippy::cast_precision_loss, reason = "a logo has some hundreds of pixels")]
    let ratio = |logo: &Logo| logo.width.max(1) as f64 / logo.height.max(1) as f64;
    let alt = if name.is_empty() { "Logo".to_owned() } else { format!("Logo of {name}") };
    OrganisationData {
        name: legible.words(name),
        address: address.lines().map(|line| legible.words(line)).collect(),
        logo: logo.as_ref().filter(|_| has_picture).map(ratio),
        alt: metadata(&alt),
    }
}

/// Returns the photo for the cover: the chosen one, otherwise the first of the inspection as a
/// whole; `None` if its picture is not available.
fn cover<'a>(inspection: &'a Inspection, photos: &Photos) -> Option<&'a Photo> {
    let is_legible = |photo: &&Photo| photos.file(&photo.sha256).is_some();
    let first = || inspection.photos_of(None).next().filter(is_legible);
    inspection.cover().filter(is_legible).or_else(first)
}

/// Returns the title of the file, as shown in a viewer's window.
pub(crate) fn title(inspection: &Inspection) -> String {
    format!("{} {}: building inspection report", inspection.reference, inspection.name)
}

/// Builder of the data of one inspection.
struct Teller<'a> {
    input: &'a Input,
    photos: &'a Photos,
    legible: &'a Legible<'a>,
    /// Number of the last photo.
    number: Cell<usize>,
}

impl Teller<'_> {
    fn section(&self, section: &Section) -> SectionData {
        SectionData {
            title: self.legible.words(&section.title),
            condition: section.condition.into(),
            facts: facts(Section::FIELDS, |field| section.get(field), self.legible),
            notes: self.legible.paragraphs(&section.notes),
            photos: self.photos(section.id, &section.title),
        }
    }

    fn photos(&self, section: SectionId, title: &str) -> Vec<PhotoData> {
        let photos = self.input.inspection.photos_of(Some(section));
        photos.map(|photo| self.photo(photo, Some(title), true)).collect()
    }

    fn photo(&self, photo: &Photo, section: Option<&str>, numbered: bool) -> PhotoData {
        let alt = match (photo.caption.as_str(), section) {
            ("", Some(section)) => format!("Photo {} of {section}", photo.name),
            ("", None) => format!("Photo {} of the building", photo.name),
            (caption, _) => caption.to_owned(),
        };
        let number = if numbered { self.next_number(photo) } else { String::new() };
        let picture = self.photos.file(&photo.sha256);
        PhotoData {
            alt: metadata(&alt),
            words: self.legible.words(if picture.is_none() { &alt } else { "" }),
            ratio: picture.as_ref().map_or(1.0, |(_, ratio)| *ratio),
            file: picture.map(|(file, _)| file),
            number,
            caption: self.legible.words(&photo.caption),
            facts: facts(Photo::FIELDS, |field| photo.get(field), self.legible),
        }
    }

    /// Numbers a photo, as in "Photo 12, added 3 November 2025".
    fn next_number(&self, photo: &Photo) -> String {
        let number = self.number.get() + 1;
        self.number.set(number);
        match self.input.photos_added.get(&photo.id) {
            Some(at) => format!("Photo {number}, added {}", day(Some(at.date_naive()))),
            None => format!("Photo {number}"),
        }
    }

    /// Returns the unsafe objects, then the poor ones; sections before equipment.
    fn attention(&self) -> Vec<Attention> {
        let inspection = &self.input.inspection;
        let mut attention = Vec::new();
        for condition in [Condition::Unsafe, Condition::Poor] {
            let sections = inspection.sections.iter().enumerate();
            attention.extend(sections.filter(|(_, it)| it.condition == condition).map(
                |(index, section)| {
                    Attention {
                        condition: condition.into(),
                        name: self.legible.words(&section.title),
                        notes: self
                            .legible
                            .paragraphs(&section.notes)
                            .into_iter()
                            .next()
                            .unwrap_or_default(),
                        section: Some(index + 1),
                    }
                },
            ));
            let equipment = inspection.equipment.iter();
            attention.extend(equipment.filter(|it| it.condition == condition).map(|piece| {
                let name = self.legible.words(&piece.name());
                Attention { condition: condition.into(), name, notes: Vec::new(), section: None }
            }));
        }
        attention
    }

    fn equipment(&self) -> Vec<EquipmentData> {
        let words = |text: &str| self.legible.words(text);
        self.input
            .inspection
            .equipment
            .iter()
            .map(|piece| EquipmentData {
                kind: words(&piece.kind),
                facts: facts(Equipment::FIELDS, |field| piece.get(field), self.legible),
                make: words(&piece.make),
                model: words(&piece.model),
                serial: words(&piece.serial),
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

/// Formats a day, as in "3 November 2025"; empty if there is none.
fn day(on: Option<NaiveDate>) -> String {
    on.map(|on| on.format("%-d %B %Y").to_string()).unwrap_or_default()
}

/// Formats a time, as in "3 November 2025, 14:05 UTC".
fn moment(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}
