//! Test that each field is printed as its declaration says.

use super::*;

/// Returns a text for each text field that reports print, and for no other.
fn printed_texts(fields: &[Field]) -> Values {
    let is_text = |field: &Field| matches!(field.kind(), ValueKind::Line | ValueKind::Prose);
    // A file is printed as a picture, and its name only if there is none.
    let is_file = |field: &Field| matches!(field, Field::Sha256);
    let printed = |field: &&Field| {
        is_text(field) && !is_file(field) && field.report_place() != ReportPlace::Omitted
    };
    fields.iter().filter(printed).map(|it| (*it, Value::text(format!("Zebra {it}")))).collect()
}

#[test]
fn each_field_is_printed_as_it_is_declared() {
    let texts = [
        printed_texts(Inspection::FIELDS),
        printed_texts(Section::FIELDS),
        printed_texts(Equipment::FIELDS),
        printed_texts(Photo::EDITABLE),
    ];
    let [own, section, equipment, photo] = &texts;
    let photo = Photo { sha256: SHA.into(), ..Photo::from_values(PhotoId(4), photo) };
    let shown = show(
        &Inspection {
            sections: vec![Section::from_values(SectionId(2), section)],
            equipment: vec![Equipment::from_values(EquipmentId(3), equipment)],
            photos: vec![Photo { section: Some(SectionId(2)), ..photo }],
            ..Inspection::from_values(domain::id::InspectionId(1), own)
        },
        &one_photo(),
    );
    for values in &texts {
        for (field, value) in values.iter() {
            assert!(shown.says(&value.to_string()), "{field} is missing from {}", shown.text());
            if field.report_place() == ReportPlace::Facts {
                assert!(shown.says(field.label()), "the label of {field}: {}", shown.text());
            }
        }
    }
}
