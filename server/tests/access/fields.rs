//! Test that the forms and the exports have each field as its declaration says. That the filter and the
//! search find it is tested with the store, and that the report prints it with the crate `report`.

use crate::support::*;
use domain::{
    change::{Change, Mutation},
    id::{EquipmentId, InspectionId, PhotoId, SectionId},
    inspection::{
        Condition, Equipment, Field, Inspection, Section, Target, Value, ValueKind, Values,
    },
    people::{Actor, Role},
};
use uuid::Uuid;

/// Returns a value that no object has yet.
fn value(field: Field, number: usize, (person, section): (&Actor, SectionId)) -> Value {
    match field.kind() {
        ValueKind::Line | ValueKind::Prose => Value::text(format!("Zebra {number}")),
        ValueKind::Date => Value::Date("2026-03-31".parse().ok()),
        ValueKind::Condition => Value::Condition(Condition::Poor),
        ValueKind::Person => Value::Person(Some(person.person())),
        ValueKind::Number => Value::Number(2),
        ValueKind::Section => Value::Section(Some(section)),
        ValueKind::Status => unreachable!("a status is not edited"),
    }
}

async fn perform(house: &House, actor: &Actor, id: InspectionId, mutation: Mutation) -> Change {
    let mut work = house.store.begin(actor, Uuid::now_v7(), at(1)).await.unwrap();
    let change = work.perform(id, None, mutation).await.unwrap().unwrap();
    work.commit().await.unwrap();
    change
}

#[tokio::test]
async fn each_field_is_in_its_form_and_in_the_exports() {
    let house = House::new().await;
    house.add(Role::Inspector).await;
    let mut browser = house.signed_in(Role::Admin).await;
    let new = browser.get("/inspections/new").await;
    let mut form = vec![("request", new.input("request").to_owned())];
    for (number, field) in Inspection::EDITABLE.iter().enumerate() {
        let name = format!("name=\"{field}\"");
        assert_eq!(new.body.contains(&name), field.is_in_form(), "the form of a new one: {field}");
        let typed = match field.kind() {
            ValueKind::Date => "2026-03-30".to_owned(),
            ValueKind::Person => "1".to_owned(),
            _ => format!("Yak {number}"),
        };
        form.push((field.slug(), typed));
    }
    let form: Vec<_> = form.iter().map(|(name, typed)| (*name, typed.as_str())).collect();
    let made = browser.post("/inspections/new", &form).await;
    let path = made.location().to_owned();
    let id = InspectionId(path.rsplit_once('/').unwrap().1.parse().unwrap());
    let page = browser.get(&path).await;
    for (name, typed) in &form[1..] {
        let field: Field = name.parse().unwrap();
        let shown = match field.kind() {
            ValueKind::Date => "30 Mar 2026",
            ValueKind::Person => "Ada Inspector",
            _ => typed,
        };
        assert!(page.body.contains(shown), "{field} of the new inspection: {shown}");
    }

    let user = house.store.user_by_email("admin@example.org").await.unwrap().unwrap();
    let admin = user.actor();
    let add = |title: &str| {
        let section = Section { title: title.into(), ..Section::default() };
        Mutation::AddSection { section, position: None, photos: Vec::new() }
    };
    let roof = SectionId(perform(&house, &admin, id, add("Roof")).await.id.0);
    let stairs = SectionId(perform(&house, &admin, id, add("Stairs")).await.id.0);
    let equipment = Equipment { kind: "Boiler".into(), ..Equipment::default() };
    let equipment = perform(&house, &admin, id, Mutation::AddEquipment { equipment }).await;
    let photo =
        perform(&house, &admin, id, Mutation::AddPhoto { photo: photo("slate.jpg", "") }).await;
    let targets = [
        Target::Inspection,
        Target::Section(roof),
        Target::Equipment(EquipmentId(equipment.id.0)),
        Target::Photo(PhotoId(photo.id.0)),
    ];
    for (at, target) in targets.into_iter().enumerate() {
        let slug = match target {
            Target::Inspection => "inspection".to_owned(),
            Target::Section(id) => format!("section-{id}"),
            Target::Equipment(id) => format!("equipment-{id}"),
            Target::Photo(id) => format!("photo-{id}"),
        };
        let page = browser.get(&format!("{path}?edit={slug}")).await;
        for (number, field) in target.editable().iter().enumerate() {
            let control = format!("id=\"{slug}-{field}\"");
            assert_eq!(
                page.body.contains(&control),
                field.is_in_form(),
                "the form of {slug}: {field}"
            );
            let value = value(*field, 100 * (at + 1) + number, (&admin, stairs));
            let values = Values::new().with(*field, value.clone());
            let change = perform(&house, &admin, id, Mutation::Edit { target, values }).await;
            let own = format!("request={}", change.request_id);
            let csv = browser.get(&format!("/changes.csv?{own}")).await.body;
            let cell = format!("{}: {value}", field.label());
            assert!(csv.contains(&cell), "{cell} is missing from {csv}");
            let json = browser.get(&format!("/changes.ndjson?{own}")).await.body;
            assert!(json.contains(&format!("\"fields\":[\"{field}\"]")), "{field}: {json}");
        }
    }
}
