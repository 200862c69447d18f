//! Tests of whole reports: their content, the standards, and unusual input.

use super::*;
use domain::{
    id::{EquipmentId, PhotoId, SectionId},
    inspection::{Condition, Equipment, Photo, Section},
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

#[test]
fn says_all_there_is_to_say() {
    let shown = show(&full(), &one_photo());
    for words in [
        "BI-2025-0001",
        "Mill House",
        "4 Weir Lane",
        "Harbour Housing",
        "Dwelling",
        "3 November 2025",
        "Draft",
        "The roof needs work.",
        "Gutter full.",
        "Slipped slates",
        "Handrail loose.",
        "Unsafe",
        "Combi 30",
        "V30-0099-17",
        "Photo 1, added 2 November 2025",
        "Photo 2",
        "Date of the visit",
        "9F86-D081-884C-7D65",
        "A danger to people. Act at once.",
        "3 November 2025, 14:05 UTC",
        "Nora Field",
    ] {
        assert!(shown.says(words), "{words:?} is missing from {}", shown.text());
    }
}

#[test]
fn each_page_knows_its_number_and_the_moment_it_shows() {
    let shown = show(&full(), &one_photo());
    for (index, page) in shown.pages.iter().enumerate() {
        let number = format!("{} / {}", index + 1, shown.pages.len());
        assert!(page.contains(&number), "{number} is missing from {page}");
        assert!(page.contains("draft as of 3 November 2025, 14:05 UTC"), "{page}");
    }
}

#[test]
fn claims_both_standards() {
    let (file, _) = pdf(&full(), &one_photo());
    let file = String::from_utf8_lossy(&file);
    for claim in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ] {
        assert!(file.contains(claim), "{claim} is missing");
    }
}

#[test]
fn the_same_input_makes_the_same_file() {
    assert_eq!(pdf(&full(), &one_photo()), pdf(&full(), &one_photo()));
}

#[test]
fn an_empty_inspection_has_a_report() {
    let shown = show(&empty(), &BTreeMap::new());
    assert!(shown.says("No sections were inspected."));
    assert!(shown.says("Nothing was found to be unsafe or poor."));
}

#[test]
fn a_chosen_photo_is_the_cover_and_photos_keep_their_order() {
    let (mut inspection, photos) = (full(), one_photo());
    let fonts = embedded();
    let legible = Legible::new(&fonts);
    let data = |inspection: &Inspection| {
        let shown = Photos::new(inspection, &photos).unwrap();
        let pictures = Pictures { photos: &shown, logo: None };
        let data = Data::new(&input(inspection), &pictures, &legible, &fonts.families);
        serde_json::to_value(data).expect("is JSON")
    };
    inspection.photos = vec![
        Photo { rank: 9 << 20, ..photo(5, None, "Front") },
        photo(6, None, "Rear"),
        photo(7, Some(2), "Stairwell"),
    ];
    let told = data(&inspection);
    assert_eq!(
        (&told["cover"]["caption"]["text"], &told["photos"][0]["caption"]["text"]),
        (&"Rear".into(), &"Front".into())
    );
    inspection.photos[2].cover = 1;
    let told = data(&inspection);
    assert_eq!(told["cover"]["caption"]["text"], "Stairwell");
    assert_eq!(told["photos"].as_array().map(Vec::len), Some(2));
}

#[test]
fn every_page_of_a_draft_says_so_and_no_page_of_what_is_complete() {
    let mut inspection = full();
    for status in domain::inspection::Status::ALL {
        inspection.status = status;
        let draft = status != domain::inspection::Status::Complete;
        for page in show(&inspection, &one_photo()).pages {
            assert_eq!(page.contains("DRAFT"), draft, "{status}: {page}");
        }
    }
}

#[test]
fn what_needs_attention_comes_first_and_the_worst_of_it_before_the_rest() {
    let mut inspection = full();
    inspection.equipment[0].condition = Condition::Unsafe;
    let shown = show(&inspection, &one_photo());
    let text = shown.text();
    let attention = text.split("What needs attention").nth(1).unwrap();
    let attention = attention.split("Summary").next().unwrap();
    let at = |words: &str| attention.find(words).unwrap_or_else(|| panic!("{words}: {attention}"));
    assert!(at("Stairs") < at("Boiler") && at("Boiler") < at("Roof"), "{attention}");
    assert!(at("Handrail loose.") < at("Roof"));
    let is_there = |page: &String| page.contains("Serial number");
    let page = shown.pages.iter().position(is_there).expect("the table of equipment") + 1;
    at(&format!("Combi 30{page}"));
}

#[test]
fn one_text_that_cannot_be_set_leaves_the_others_as_they_are() {
    let mut inspection = full();
    inspection.summary =
        "ש\u{483}\u{302}\u{64b} e\u{5b0}\u{64b}\u{483} ☃\u{5b0}\u{1abe}".repeat(20);
    inspection.client = "Дом".into();
    let fonts = embedded();
    let texts = [inspection.summary.clone(), inspection.client.clone()].into();
    let unsound = sound::unsound(&texts, &fonts);
    assert!(!unsound.contains("Дом"), "{unsound:?}");
    assert!(pdf(&inspection, &one_photo()).1 > 0);
}

#[test]
fn what_people_type_is_never_markup() {
    let hostile = "#panic(\"x\") $ a_1 $ *b* `c` <d> @e \\ \" ' // f /* g */ = h [i] {j} ~ --- #";
    let mut inspection = full();
    inspection.name = hostile.into();
    inspection.address = hostile.into();
    inspection.summary = hostile.into();
    inspection.sections[0].title = hostile.into();
    inspection.sections[0].notes = format!("= {hostile}\n- {hostile}");
    inspection.photos[0].caption = hostile.into();
    inspection.equipment[0].serial = hostile.into();
    let shown = show(&inspection, &one_photo());
    assert!(shown.says(hostile), "{}", shown.text());
    assert!(shown.says(&format!("- {hostile}")), "{}", shown.text());
}

#[test]
fn any_script_can_be_typed() {
    let mut inspection = full();
    inspection.name = "屋根の点検 👷🏽‍♀️ Дом שלום".into();
    inspection.summary = "مرحبا بالعالم — 한국어 — ไทย — \u{e000}\u{feff}".into();
    inspection.photos[0].caption = "屋根".into();
    let shown = show(&inspection, &one_photo());
    assert!(shown.says("Дом"));
    assert!(shown.says("no typeface of the sender has"));
    assert!(!show(&full(), &one_photo()).says("no typeface of the sender has"));
}

#[test]
fn marks_that_no_typeface_combines_do_no_harm() {
    let mut inspection = full();
    inspection.summary =
        "e\u{5b0}\u{64b}\u{483} ש\u{483}\u{302}\u{64b} ☃\u{5b0}\u{1abe}".repeat(20);
    assert!(pdf(&inspection, &one_photo()).1 > 0);
}

#[test]
fn long_texts_and_long_words_fit() {
    let mut inspection = full();
    inspection.name = "N".repeat(200);
    inspection.address = "1234567890".repeat(20);
    inspection.summary = "W".repeat(20_000);
    inspection.sections = (0..30)
        .map(|id| {
            section(100 + id, &"T".repeat(200), Condition::Fair, &"Words and words. ".repeat(1_000))
        })
        .collect();
    inspection.equipment[0].serial = "S".repeat(200);
    let shown = show(&inspection, &one_photo());
    assert!(shown.says(&"N".repeat(200)));
    assert!(shown.says(&"S".repeat(200)));
    assert!(shown.pages.len() > 50);
}

#[test]
fn a_lost_or_spoilt_photo_is_told_of() {
    let mut inspection = full();
    inspection.photos[1].sha256 = "b1b1".into();
    let mut photos = one_photo();
    photos.insert("b1b1".into(), b"\xff\xd8\xff no picture".to_vec());
    let shown = show(&inspection, &photos);
    assert!(shown.says("This photo cannot be shown: Photo IMG_6.jpg of Stairs"));
    assert!(!show(&full(), &one_photo()).says("This photo cannot be shown"));
}

#[test]
fn each_photo_is_in_the_file_once_and_whole() {
    let mut inspection = full();
    inspection.photos = (0..12)
        .map(|id| Photo {
            sha256: format!("{:064x}", id / 2),
            ..photo(100 + id, Some(2), "A crack")
        })
        .collect();
    let photos: Jpegs = (0..6).map(|id| (format!("{id:064x}"), jpeg(300 + id * 20, 200))).collect();
    let (file, _) = pdf(&inspection, &photos);
    let shown = pictures(&file);
    assert_eq!(shown.len(), 6);
    for (dictionary, stream) in shown {
        let photo = photos.values().find(|photo| **photo == stream).expect("one of the photos");
        let size = image::load_from_memory(photo).unwrap();
        for wanted in [
            format!("/Length {}/", photo.len()),
            format!("/Width {}/", size.width()),
            format!("/Height {}/", size.height()),
        ] {
            assert!(dictionary.contains(&wanted), "{wanted} is missing from {dictionary}");
        }
    }
}

/// Returns the JPEG images of a file with their dictionaries, found through its cross-reference
/// table as in a viewer.
fn pictures(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let find = |from: usize, words: &[u8]| {
        let found = file[from..].windows(words.len()).position(|it| it == words);
        from + found.unwrap_or_else(|| panic!("{} is missing", text(words)))
    };
    let tail = text(&file[file.len() - 64..]);
    let table = tail.split("startxref\n").nth(1).and_then(|it| it.lines().next()).unwrap();
    let table: usize = table.parse().unwrap();
    assert!(file[table..].starts_with(b"xref\n0 "), "the table is not where the file says");
    let mut lines = file[table..].split(|byte| *byte == b'\n').map(text).skip(1);
    let count: usize = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut pictures = Vec::new();
    for (number, line) in lines.take(count).enumerate().filter(|(_, line)| line.contains(" n")) {
        let at: usize = line[..10].parse().unwrap();
        let head = format!("{number} 0 obj\n");
        assert!(file[at..].starts_with(head.as_bytes()), "object {number} is not at {at}");
        let end = at + file[at..].windows(2).position(|it| it == b">>").unwrap();
        let dictionary = text(&file[at + head.len()..end]);
        if !dictionary.contains("/DCTDecode") {
            continue;
        }
        let length = dictionary.split("/Length ").nth(1).unwrap();
        let length: usize = length.split('/').next().unwrap().parse().unwrap();
        let stream = find(at, b"\nstream\n") + 8;
        assert_eq!(text(&file[stream + length..stream + length + 11]), "\nendstream\n");
        pictures.push((dictionary, file[stream..stream + length].to_vec()));
    }
    pictures
}

/// Returns an organisation with a logo of this size, and the logo's file.
fn organisation(width: u32, height: u32) -> (Organisation, Vec<u8>) {
    let mut png = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([20, 60, 160]));
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let organisation = Organisation {
        name: "Example Surveyors".into(),
        address: "1 Example Street\nExampleton".into(),
        logo: Some(Logo { sha256: SHA.into(), width: width.into(), height: height.into() }),
    };
    (organisation, png.into_inner())
}

#[test]
fn the_organisation_is_named_on_the_cover_and_on_each_page() {
    let (inspection, source) = (full(), one_photo());
    let (fonts, photos) = (embedded(), Photos::new(&inspection, &source).unwrap());
    for (width, height) in [(300, 100), (40, 400), (2_000, 20)] {
        let (organisation, logo) = organisation(width, height);
        let input = Input { organisation, ..input(&inspection) };
        let pictures = Pictures { photos: &photos, logo: Some(logo) };
        let legible = Legible::new(&fonts);
        let document = lay_out(&input, &pictures, &fonts, &legible).unwrap();
        let shown = Shown::of(&document, document.pages().len());
        assert!(shown.pages[0].contains("1 Example Street"), "{}", shown.pages[0]);
        assert!(shown.pages[0].contains("Exampleton"));
        for page in &shown.pages {
            assert!(page.contains("Example Surveyors"), "{page}");
        }
        attempt(&input, &pictures, &fonts, &legible).unwrap();
    }
}

#[test]
fn a_report_with_other_content_prints_something_else() {
    let source = one_photo();
    let fonts = embedded();
    let printed = |inspection: &Inspection| {
        let photos = Photos::new(inspection, &source).unwrap();
        let pictures = Pictures { photos: &photos, logo: None };
        let legible = Legible::new(&fonts);
        let data = Data::new(&input(inspection), &pictures, &legible, &fonts.families);
        let mut data = serde_json::to_value(data).expect("is JSON");
        let members = data.as_object_mut().expect("has members");
        for member in ["description", "status", "draft", "shows", "made_at"] {
            assert!(members.remove(member).is_some(), "{member}");
        }
        data
    };
    let alter: [fn(&mut Inspection); 19] = [
        |it| it.status = domain::inspection::Status::Review,
        |it| it.status = domain::inspection::Status::Complete,
        |it| (it.head, it.altered) = (domain::id::ChangeId(50), domain::id::ChangeId(50)),
        |it| it.photos[0].rank = 7,
        |it| it.photos[1].section = Some(SectionId(2)),
        |it| it.photos[1].cover = 1,
        |it| it.photos[0].caption.push('!'),
        |it| it.photos[0].name.push('!'),
        |it| it.photos[1].name.push('!'),
        |it| _ = it.photos.pop(),
        |it| it.reference.push('0'),
        |it| it.building_type.push('!'),
        |it| it.scheduled_on = None,
        |it| it.summary.push('!'),
        |it| it.sections.swap(0, 1),
        |it| it.sections[0].condition = Condition::Good,
        |it| it.sections[1].notes.clear(),
        |it| it.equipment[0].model.push('!'),
        |it| it.equipment.clear(),
    ];
    let before = full();
    for (number, alter) in alter.iter().enumerate() {
        let mut after = before.clone();
        alter(&mut after);
        let is_same = after.content() == before.content();
        assert_eq!(is_same, printed(&after) == printed(&before), "alteration {number}");
    }
}
