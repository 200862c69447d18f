//! Tests of the sentences that describe changes.

use chrono::DateTime;
use domain::{
    change::{Change, Mutation},
    id::{ChangeId, EquipmentId, InspectionId, PhotoId, SectionId, UserId},
    inspection::{
        Condition, Equipment, Field, Inspection, Photo, Section, Status, Target, Value, Values,
    },
};
use uuid::Uuid;

fn inspection() -> Inspection {
    Inspection {
        reference: "BI-2026-0001".into(),
        name: "Mill".into(),
        sections: vec![
            Section {
                id: SectionId(2),
                title: "Roof".into(),
                condition: Condition::Good,
                ..Section::default()
            },
            Section { id: SectionId(3), title: "Stairs".into(), ..Section::default() },
        ],
        equipment: vec![Equipment {
            id: EquipmentId(4),
            kind: "Boiler".into(),
            ..Equipment::default()
        }],
        photos: vec![Photo {
            id: PhotoId(5),
            section: Some(SectionId(2)),
            name: "ridge.jpg".into(),
            ..Photo::default()
        }],
        ..Inspection::blank(InspectionId(1))
    }
}

fn edit(target: Target, field: Field, value: Value) -> Mutation {
    Mutation::Edit { target, values: Values::new().with(field, value) }
}

/// Returns the change that a mutation by user 1 makes.
fn change(mutation: &Mutation) -> Change {
    Change {
        id: ChangeId(9),
        inspection_id: InspectionId(1),
        created_at: DateTime::UNIX_EPOCH,
        user_id: Some(UserId(1)),
        user_name: "Ada".into(),
        request_id: Uuid::nil(),
        ordinal: 1,
        record: inspection().plan(mutation).expect("holds").expect("changes"),
    }
}

fn reads(mutation: &Mutation) -> String {
    change(mutation).record.sentence()
}

#[test]
fn a_change_reads_as_a_sentence() {
    let roof = Target::Section(SectionId(2));
    for (mutation, sentence) in [
        (
            edit(roof, Field::Condition, Value::Condition(Condition::Poor)),
            "set Roof from good to poor",
        ),
        (edit(roof, Field::Title, Value::text("Main roof")), "renamed Roof to Main roof"),
        (edit(roof, Field::Position, Value::Number(2)), "moved Roof from place 1 to 2"),
        (edit(roof, Field::Notes, Value::text("Dry.")), "set the notes of Roof to Dry."),
        (edit(roof, Field::Notes, Value::text("x".repeat(99))), "edited the notes of Roof"),
        (
            edit(Target::Inspection, Field::Name, Value::text("Old mill")),
            "set the name from Mill to Old mill",
        ),
        (
            edit(Target::Equipment(EquipmentId(4)), Field::Make, Value::text("Acme")),
            "set the make of Boiler to Acme",
        ),
        (
            edit(Target::Photo(PhotoId(5)), Field::Rank, Value::Number(7)),
            "moved ridge.jpg among the photos",
        ),
        (
            edit(Target::Photo(PhotoId(5)), Field::Cover, Value::Number(1)),
            "chose ridge.jpg as the cover photo",
        ),
        (
            edit(Target::Photo(PhotoId(5)), Field::Section, Value::Section(None)),
            "moved ridge.jpg out of its section",
        ),
        (Mutation::SetStatus { to: Status::Review, reason: None }, "marked it ready for review"),
        (
            Mutation::RemoveSection { section: SectionId(2) },
            "removed the section Roof and its photo",
        ),
        (
            Mutation::Remove { target: Target::Equipment(EquipmentId(4)) },
            "removed the equipment Boiler",
        ),
        (Mutation::Remove { target: Target::Inspection }, "removed the inspection"),
    ] {
        assert_eq!(reads(&mutation), sentence);
    }
}
