//! Tests of whole reports, and the inspections that they show.

mod content;
mod fields;
mod organisation;
mod pages;
mod photos;
mod standards;
mod texts;

use super::*;
use domain::{
    id::{EquipmentId, PhotoId, SectionId},
    inspection::{
        Condition, Equipment, Field, Photo, ReportPlace, Section, Value, ValueKind, Values,
    },
    people::Logo,
};
use std::collections::BTreeMap;
use typst::layout::{Frame, FrameItem};

const SHA: &str = "a0a0";

/// Hash of the shown change.
pub(crate) const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// A rendered report as text, by page.
struct Shown {
    pages: Vec<String>,
}

impl Shown {
    fn text(&self) -> String {
        self.pages.join("\n")
    }

    /// Returns whether these words occur in it, regardless of line breaks.
    fn says(&self, words: &str) -> bool {
        let close = |text: &str| text.replace(['\u{200b}', ' ', '\n'], "");
        close(&self.text()).contains(&close(words))
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn input(inspection: &Inspection) -> Input {
    Input {
        inspection: inspection.clone(),
        shows_at: at("2025-11-03T14:05:09Z"),
        shows_by: "Nora Field".into(),
        shows_hash: HASH.into(),
        made_at: at("2025-11-04T08:00:00Z"),
        photos_added: BTreeMap::from([(PhotoId(5), at("2025-11-02T10:00:00Z"))]),
        organisation: Organisation::default(),
    }
}

/// Photos by their recorded SHA-256.
type Jpegs = BTreeMap<String, Vec<u8>>;

/// Returns the file and its number of pages.
pub(crate) fn pdf(inspection: &Inspection, photos: &Jpegs) -> (Vec<u8>, usize) {
    let mut file = Vec::new();
    let none = Typefaces::default();
    let pages = render(&input(inspection), photos, &none, &mut file).unwrap();
    (file, pages)
}

fn embedded() -> Fonts {
    Fonts::for_text("", &Typefaces::default())
}

fn show(inspection: &Inspection, photos: &Jpegs) -> Shown {
    let (_, count) = pdf(inspection, photos);
    let photos = Photos::new(inspection, photos).unwrap();
    let fonts = embedded();
    let pictures = Pictures { photos: &photos, logo: None };
    let document = lay_out(&input(inspection), &pictures, &fonts, &Legible::new(&fonts)).unwrap();
    Shown::of(&document, count)
}

impl Shown {
    fn of(document: &PagedDocument, count: usize) -> Self {
        let pages = document.pages().iter().map(|page| {
            let mut text = String::new();
            gather(&page.frame, &mut text);
            text
        });
        let pages: Vec<_> = pages.collect();
        assert_eq!(pages.len(), count);
        Self { pages }
    }
}

fn gather(frame: &Frame, text: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Text(run) => text.push_str(&run.text),
            FrameItem::Group(group) => gather(&group.frame, text),
            _ => {}
        }
    }
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, (x * y % 251) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn photo(id: i64, section: Option<i64>, caption: &str) -> Photo {
    Photo {
        id: PhotoId(id),
        section: section.map(SectionId),
        name: format!("IMG_{id}.jpg"),
        caption: caption.into(),
        sha256: SHA.into(),
        width: 64,
        height: 48,
        ..Photo::default()
    }
}

fn section(id: i64, title: &str, condition: Condition, notes: &str) -> Section {
    Section { id: SectionId(id), title: title.into(), condition, notes: notes.into() }
}

fn empty() -> Inspection {
    Inspection {
        head: domain::id::ChangeId(1),
        reference: "BI-2025-0001".into(),
        name: "Mill House".into(),
        ..Inspection::blank(domain::id::InspectionId(1))
    }
}

pub(crate) fn full() -> Inspection {
    Inspection {
        head: domain::id::ChangeId(42),
        address: "4 Weir Lane".into(),
        client: "Harbour Housing".into(),
        building_type: "Dwelling".into(),
        scheduled_on: "2025-11-03".parse().ok(),
        summary: "Sound on the whole.\n\nThe roof needs work.".into(),
        sections: vec![
            section(2, "Roof", Condition::Poor, "Slates slipped.\nGutter full.\n\nNo leaks."),
            section(3, "Stairs", Condition::Unsafe, "Handrail loose."),
        ],
        equipment: vec![Equipment {
            id: EquipmentId(4),
            kind: "Boiler".into(),
            make: "Vale".into(),
            model: "Combi 30".into(),
            serial: "V30-0099-17".into(),
            condition: Condition::Good,
        }],
        photos: vec![photo(5, Some(2), "Slipped slates"), photo(6, Some(3), "")],
        ..empty()
    }
}

fn one_photo() -> Jpegs {
    BTreeMap::from([(SHA.to_owned(), jpeg(64, 48))])
}
