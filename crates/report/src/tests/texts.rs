//! Tests of unusual texts.

use super::*;

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
