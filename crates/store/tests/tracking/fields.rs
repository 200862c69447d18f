//! Test that the filter and the search find each field as its declaration says.

use crate::support::*;
use domain::{
    change::Change,
    feed::ChangeFilter,
    id::{EquipmentId, PhotoId, SectionId},
    inspection::{Condition, Field, InspectionFilter, Status, Target, Value, ValueKind},
    people::{Actor, Role},
};
use std::collections::BTreeSet;

/// Returns a value of a field that no object has yet.
fn value(field: Field, number: usize, person: &Actor, section: SectionId) -> Value {
    match field.kind() {
        ValueKind::Line | ValueKind::Prose => Value::text(format!("Zebra{number}")),
        ValueKind::Date => Value::Date("2026-03-31".parse().ok()),
        ValueKind::Status => Value::Status(Status::Review),
        ValueKind::Condition => Value::Condition(Condition::Poor),
        ValueKind::Person => Value::Person(Some(person.person())),
        ValueKind::Number => Value::Number(2),
        ValueKind::Section => Value::Section(Some(section)),
    }
}

on_both!(each_field_is_found_as_it_is_declared, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ada, "Riverside House").await;
    let roof = SectionId(case.does(&ada, id, section("Roof")).await.id.0);
    let stairs = SectionId(case.does(&ada, id, section("Stairs")).await.id.0);
    let boiler = EquipmentId(case.does(&ada, id, equipment("Boiler")).await.id.0);
    let picture = PhotoId(case.does(&ada, id, photo("slate.jpg", None)).await.id.0);
    let head = case.inspection(id).await.head;
    case.does(&ada, id, report(head)).await;
    let targets = [
        Target::Inspection,
        Target::Section(roof),
        Target::Equipment(boiler),
        Target::Photo(picture),
    ];
    for (at, target) in targets.into_iter().enumerate() {
        for (number, field) in target.editable().iter().enumerate() {
            let value = value(*field, 100 * (at + 1) + number, &ida, stairs);
            case.does(&ada, id, edit(target, *field, value)).await;
        }
    }
    case.does(&ada, id, status(Status::Review, None)).await;

    let records = case.records(id).await;
    let found = async |query: String| -> BTreeSet<i64> {
        let (filter, problems) = ChangeFilter::from_query(&query);
        assert_eq!(problems, [], "{query}");
        let rows = case.store.latest_changes(&filter, 1000).await.unwrap();
        rows.into_iter().map(|row| row.change.id.0).collect()
    };
    for field in Field::ALL {
        let has = |change: &&Change| change.record.fields.contains(field);
        let changed: BTreeSet<i64> = records.iter().filter(has).map(|it| it.id.0).collect();
        assert_eq!(found(format!("field={field}")).await, changed, "{field}");
        if field.is_filtered() || field.is_searched() {
            assert!(!changed.is_empty(), "no change of {field} was made");
        }
        let after = |change: &Change| {
            let value = change.record.data.after.get(*field)?;
            Some((change.id.0, value.to_string())).filter(|_| !value.is_empty())
        };
        let (last, value) = match records.iter().rev().find_map(after) {
            Some(last) => last,
            None if field.is_searched() => panic!("no change gave {field} a value"),
            None => continue,
        };
        let words = domain::feed::words(&value).join("+");
        let is_found = found(format!("field={field}&q={words}")).await.contains(&last);
        // The values of some other fields are numbers, which other texts of the change may have too.
        assert!(is_found || !field.is_searched(), "{field}: “{value}” is not found");
    }
    // The list of inspections finds the texts of the present state.
    let inspection = case.inspection(id).await;
    for (field, value) in inspection.values().iter() {
        let Value::Text(words) = value else { continue };
        let filter = InspectionFilter { words: words.clone(), ..InspectionFilter::default() };
        let page = case.store.inspections(&ada, &filter).await.unwrap();
        assert_eq!(page.rows.len(), 1, "{field}: “{words}” is not found");
    }
    let hash = found(format!("q={}", "5e".repeat(32))).await;
    assert!(hash.is_empty(), "hashes are not searched: {hash:?}");
});
