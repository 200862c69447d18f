//! Tests of what a report says of an inspection.

use super::*;

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
fn an_empty_inspection_has_a_report() {
    let shown = show(&empty(), &BTreeMap::new());
    assert!(shown.says("No sections were inspected."));
    assert!(shown.says("Nothing was found to be unsafe or poor."));
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
