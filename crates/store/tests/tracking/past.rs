//! Tests of past states of an inspection.

use crate::support::*;
use domain::{
    id::{ChangeId, SectionId},
    inspection::{Field, Inspection, Target, Value},
    people::Role,
};
use store::At;
use uuid::Uuid;

on_both!(every_moment_is_the_fold_up_to_it, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let roof = case.does(&ida, id, section("Roof")).await.id;
    case.create(&ida, "Another, so that ids have gaps").await;
    let target = Target::Section(SectionId(roof.0));
    let noted = case.does(&ida, id, edit(target, Field::Notes, Value::text("Loose."))).await.id;
    let records = case.records(id).await;
    for (at, change) in records.iter().enumerate() {
        let moment = case.store.snapshot(id, At::Change(change.id)).await.unwrap().unwrap();
        assert_eq!(moment.inspection, Inspection::rebuild(id, &records[..=at]).unwrap());
        assert_eq!((moment.step, moment.steps), (at as i64 + 1, 3));
        assert_eq!(moment.previous, at.checked_sub(1).map(|before| records[before].id));
        assert_eq!(moment.next, records.get(at + 1).map(|after| after.id));
        let step = case.store.snapshot(id, At::Step(at as i64 + 1)).await.unwrap();
        assert_eq!(step.as_ref(), Some(&moment));
    }
    let last = case.store.snapshot(id, At::Step(99)).await.unwrap().unwrap();
    assert_eq!(last.change.id, noted);
    assert_eq!(case.store.snapshot(id, At::Change(ChangeId(roof.0 + 1))).await.unwrap(), None);
});

/// Makes ten thousand changes of several kinds, a hundred in each request.
async fn long_history(case: &Case) -> domain::id::InspectionId {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(0)).await.unwrap();
    let id = work.create(named("Riverside House")).await.unwrap().inspection_id;
    let mut sections = Vec::new();
    for title in ["Roof", "Stairs", "Cellar", "Facade"] {
        let added = work.perform(id, None, section(title)).await.unwrap().unwrap();
        sections.push(SectionId(added.id.0));
    }
    for number in 5..10_000 {
        if number % 100 == 0 {
            work.commit().await.unwrap();
            work = case.store.begin(&ida, Uuid::now_v7(), at(1)).await.unwrap();
        }
        let notes = Value::text(format!("Looked at for the {number}th time; as it was before."));
        let at = Some(sections[number % 4]);
        let mutation = match number % 100 {
            0 => photo("slate.jpg", at),
            50 => equipment("Boiler"),
            _ => edit(Target::Section(sections[number % 4]), Field::Notes, notes),
        };
        work.perform(id, None, mutation).await.unwrap().unwrap();
    }
    work.commit().await.unwrap();
    id
}

on_both!(ten_thousand_changes_are_rebuilt, |case| {
    let id = long_history(case).await;
    let moment = case.store.snapshot(id, At::Step(10_000)).await.unwrap().unwrap();
    assert_eq!(moment.step, 10_000);
    let records = case.records(id).await;
    assert_eq!(Inspection::rebuild(id, &records).unwrap(), case.inspection(id).await);
});
