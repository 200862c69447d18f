//! Tests of undoing and restoring: the domain's properties, checked on the tables.

use crate::{
    fold::{Attempt, actors, attempts, play},
    support::*,
};
use domain::{
    change::{Action, Change, Mutation, Refusal},
    id::{ChangeId, InspectionId, PhotoId, SectionId},
    inspection::{Condition, Field, Inspection, Status, Target, Value},
    people::{Actor, Denied, Role},
    revert::{Choice, Choices, FieldPath},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use store::Error;
use uuid::Uuid;

/// Returns the part of a state that undoing and restoring give back: all but its version and its
/// reports.
fn content_of(state: &Inspection) -> Inspection {
    let (head, altered) = (ChangeId(0), ChangeId(0));
    Inspection { head, altered, reports: Vec::new(), ..state.clone() }
}

async fn undo(
    case: &Case,
    actor: &Actor,
    id: InspectionId,
    which: (ChangeId, bool),
    choices: &Choices,
) -> Result<Vec<Change>, Error> {
    let expected = case.inspection(id).await.head;
    let mut work = case.store.begin(actor, Uuid::now_v7(), at(9)).await?;
    let done = work.undo(id, expected, which, choices).await?;
    work.commit().await?;
    Ok(done)
}

async fn restore(
    case: &Case,
    actor: &Actor,
    id: InspectionId,
    to: ChangeId,
) -> Result<Vec<Change>, Error> {
    let expected = case.inspection(id).await.head;
    let mut work = case.store.begin(actor, Uuid::now_v7(), at(9)).await?;
    let done = work.restore(id, expected, to).await?;
    work.commit().await?;
    Ok(done)
}

/// Undoes each change in turn and checks that the state before it is restored. In the end the
/// inspection is removed and has no contents.
async fn undo_everything(
    case: &Case,
    admin: &Actor,
    id: InspectionId,
) -> Result<(), TestCaseError> {
    let records = case.records(id).await;
    for (at, change) in records.iter().enumerate().rev() {
        let done = undo(case, admin, id, (change.id, false), &Choices::new()).await.unwrap();
        prop_assert_eq!(done.len(), usize::from(change.record.action.alters()));
        let now = case.inspection(id).await;
        if at > 0 {
            let before = Inspection::rebuild(id, &records[..at]).unwrap();
            prop_assert_eq!(content_of(&now), content_of(&before));
        }
    }
    let mut end = case.inspection(id).await;
    prop_assert!(end.removed && end.sections.is_empty());
    prop_assert!(end.equipment.is_empty() && end.photos.is_empty());
    end.removed = false;
    prop_assert_eq!(content_of(&end), content_of(&Inspection::rebuild(id, &records[..1]).unwrap()));
    case.assert_folds(id).await;
    Ok(())
}

/// Checks that undoing a change and then that undo gives the state before, and so does restoring
/// any point.
async fn undo_and_restore(
    case: &Case,
    admin: &Actor,
    id: InspectionId,
    which: prop::sample::Index,
) -> Result<(), TestCaseError> {
    let records = case.records(id).await;
    let before = case.inspection(id).await;
    let chosen = which.get(&records);
    // Changes of a locked inspection are refused, and then nothing happens.
    match undo(case, admin, id, (chosen.id, false), &Choices::new()).await {
        Ok(done) if !done.is_empty() => {
            let again = undo(case, admin, id, (done[0].id, true), &Choices::new()).await.unwrap();
            prop_assert_eq!(again.len(), done.len());
        }
        Ok(_) | Err(Error::Refused(_)) => {}
        Err(other) => panic!("{other:?}"),
    }
    prop_assert_eq!(content_of(&case.inspection(id).await), content_of(&before));

    let at = which.index(records.len());
    let point = Inspection::rebuild(id, &records[..=at]).unwrap();
    let done = restore(case, admin, id, chosen.id).await.unwrap();
    prop_assert!(done.iter().all(|it| it.record.data.restores == Some(chosen.id)));
    prop_assert_eq!(content_of(&case.inspection(id).await), content_of(&point));
    case.assert_folds(id).await;
    if let Some(first) = done.first() {
        undo(case, admin, id, (first.id, true), &Choices::new()).await.unwrap();
    }
    prop_assert_eq!(content_of(&case.inspection(id).await), content_of(&before));
    case.assert_folds(id).await;
    Ok(())
}

async fn check(
    case: &Case,
    actors: &[Actor],
    attempts: &[Attempt],
    which: prop::sample::Index,
) -> Result<(), TestCaseError> {
    let id = play(case, actors, attempts).await;
    undo_and_restore(case, &actors[1], id, which).await?;
    undo_everything(case, &actors[1], id).await
}

fn check_any_history(case: Case, runtime: &tokio::runtime::Runtime) {
    let actors = runtime.block_on(actors(&case));
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(25) });
    let histories = (attempts(), any::<prop::sample::Index>());
    let result = runner.run(&histories, |(attempts, which)| {
        runtime.block_on(check(&case, &actors, &attempts, which))
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    if !case.is_sqlite() {
        runtime.block_on(case.close());
    }
}

#[test]
fn any_history_leads_back_on_sqlite() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let case = runtime.block_on(Case::sqlite());
    check_any_history(case, &runtime);
}

#[test]
fn any_history_leads_back_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let case = runtime.block_on(Case::postgres());
    check_any_history(case, &runtime);
}

on_both!(a_removed_section_comes_back_with_its_photos_and_place, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let roof = SectionId(case.does(&ida, id, section("Roof")).await.id.0);
    case.does(&ida, id, section("Stairs")).await;
    case.does(&ida, id, photo("slate.jpg", Some(roof))).await;
    case.does(&ida, id, photo("ridge.jpg", Some(roof))).await;
    let whole = case.inspection(id).await;
    let gone = case.does(&ida, id, Mutation::RemoveSection { section: roof }).await;
    let done = undo(case, &ida, id, (gone.id, false), &Choices::new()).await.unwrap();
    assert_eq!(content_of(&case.inspection(id).await), content_of(&whole));
    assert_eq!(
        (done[0].record.action, done[0].record.data.undoes),
        (Action::AddSection, Some(gone.id))
    );
    case.assert_folds(id).await;
    assert_eq!(undo(case, &ida, id, (gone.id, false), &Choices::new()).await.unwrap(), []);
});

on_both!(a_removed_inspection_comes_back, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let id = case.create(&ida, "Riverside House").await;
    case.does(&ida, id, section("Roof")).await;
    let whole = case.inspection(id).await;
    let gone = case.does(&ida, id, Mutation::Remove { target: Target::Inspection }).await;
    let denied = undo(case, &rita, id, (gone.id, false), &Choices::new()).await;
    assert!(matches!(denied, Err(Error::Refused(Refusal::Denied(Denied::Role)))), "{denied:?}");
    let done = undo(case, &ida, id, (gone.id, false), &Choices::new()).await.unwrap();
    assert_eq!(done[0].record.description(), "brought the inspection back");
    assert_eq!(content_of(&case.inspection(id).await), content_of(&whole));
    case.assert_folds(id).await;
});

on_both!(what_was_touched_since_is_kept_unless_decided, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let id = case.create(&ida, "Riverside House").await;
    let roof = Target::Section(SectionId(case.does(&ida, id, section("Roof")).await.id.0));
    let rate = |condition: Condition| edit(roof, Field::Condition, Value::Condition(condition));
    let poor = case.does(&ida, id, rate(Condition::Poor)).await;
    case.does(&ada, id, rate(Condition::Unsafe)).await;
    let condition = async || case.inspection(id).await.sections[0].condition;
    assert_eq!(undo(case, &ida, id, (poor.id, false), &Choices::new()).await.unwrap(), []);
    assert_eq!(condition().await, Condition::Unsafe);
    let place = FieldPath { target: roof, field: Some(Field::Condition) };
    let choices = Choices::from([(place, Choice::Back)]);
    undo(case, &ida, id, (poor.id, false), &choices).await.unwrap();
    assert_eq!(condition().await, Condition::NotInspected);
});

on_both!(an_undo_is_one_request_for_the_state_it_was_seen_for, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    let request = Uuid::now_v7();
    let mut work = case.store.begin(&ida, request, at(2)).await.unwrap();
    let id = work.create(named("Riverside House")).await.unwrap().inspection_id;
    let roof = work.perform(id, None, section("Roof")).await.unwrap().unwrap();
    work.perform(id, None, photo("slate.jpg", Some(SectionId(roof.id.0)))).await.unwrap();
    work.commit().await.unwrap();
    let review = case.does(&ida, id, status(Status::Review, None)).await;

    // A locked inspection is left alone, and the request is not undone in part.
    let locked = undo(case, &ida, id, (roof.id, true), &Choices::new()).await;
    assert!(matches!(locked, Err(Error::Refused(Refusal::Denied(Denied::Locked)))), "{locked:?}");
    let theirs = undo(case, &ira, id, (review.id, false), &Choices::new()).await;
    assert!(matches!(theirs, Err(Error::Refused(Refusal::Denied(Denied::NotYours)))));
    assert_eq!(case.inspection(id).await.head, review.id);
    undo(case, &ida, id, (review.id, false), &Choices::new()).await.unwrap();

    let seen = case.inspection(id).await.head;
    case.does(&ida, id, equipment("Boiler")).await;
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(3)).await.unwrap();
    let late = work.undo(id, seen, (roof.id, true), &Choices::new()).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    drop(work);

    let head = case.inspection(id).await.head;
    let again = Uuid::now_v7();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let mut work = case.store.begin(&ida, again, at(4)).await.unwrap();
        let place = FieldPath { target: Target::Inspection, field: None };
        let choices = Choices::from([(place, Choice::Keep)]);
        answers.push(work.undo(id, head, (roof.id, true), &choices).await.unwrap());
        work.commit().await.unwrap();
    }
    assert_eq!(answers[0], answers[1], "a retry answers as the first time");
    let descriptions: Vec<_> = answers[0].iter().map(|it| it.record.description()).collect();
    assert_eq!(descriptions, ["removed the photo slate.jpg", "removed the section Roof"]);
    assert!(answers[0].iter().all(|change| change.request_id == again));
    assert!(!case.inspection(id).await.removed, "the boiler came since");
    case.assert_folds(id).await;
    assert!(case.store.photo(PhotoId(roof.id.0 + 1)).await.unwrap().is_some());
});

on_both!(what_is_not_of_this_inspection_cannot_be_undone_in_it, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let other = case.create(&ida, "Another").await;
    let theirs = case.does(&ida, other, section("Roof")).await;
    let undone = undo(case, &ida, id, (theirs.id, false), &Choices::new()).await;
    assert!(matches!(undone, Err(Error::NotFound)), "{undone:?}");
    let restored = restore(case, &ida, id, theirs.id).await;
    assert!(matches!(restored, Err(Error::NotFound)), "{restored:?}");
});

on_both!(an_undo_is_refused_only_where_something_unseen_touches_it, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let id = case.create(&ida, "Riverside House").await;
    let roof = Target::Section(SectionId(case.does(&ida, id, section("Roof")).await.id.0));
    let undo_as_of = async |seen: ChangeId, change: ChangeId| {
        let mut work = case.store.begin(&ida, Uuid::now_v7(), at(9)).await.unwrap();
        let done = work.undo(id, seen, (change, false), &Choices::new()).await;
        work.commit().await.unwrap();
        done
    };
    let client = |name: &str| edit(Target::Inspection, Field::Client, Value::text(name));
    let notes = |notes: &str| edit(roof, Field::Notes, Value::text(notes));

    // Changes to another object, or to another field of the same object.
    let asked = case.does(&ida, id, notes("Slates are loose")).await.id;
    case.does(&ada, id, section("Facade")).await;
    case.does(&ada, id, client("Harbour Trust")).await;
    case.does(&ada, id, edit(roof, Field::Title, Value::text("The roof"))).await;
    assert_eq!(undo_as_of(asked, asked).await.unwrap().len(), 1);

    // A change to the same field.
    let asked = case.does(&ida, id, notes("Gutters leak")).await.id;
    let theirs = case.does(&ada, id, notes("Gutters are new")).await;
    let Err(Error::Conflict(conflict)) = undo_as_of(asked, asked).await else { panic!("unseen") };
    assert_eq!(conflict.since, std::slice::from_ref(&theirs));
    assert!(undo_as_of(theirs.id, asked).await.unwrap().is_empty(), "it was seen, and stays");

    // A removal of the changed object.
    let asked = case.does(&ida, id, notes("Done")).await.id;
    let Target::Section(section) = roof else { panic!("{roof:?}") };
    let gone = case.does(&ada, id, Mutation::RemoveSection { section }).await;
    let Err(Error::Conflict(conflict)) = undo_as_of(asked, asked).await else { panic!("unseen") };
    assert_eq!(conflict.since, [gone]);
    case.assert_folds(id).await;
});

on_both!(a_restore_is_refused_only_where_it_would_set_back_something_unseen, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let point = case.inspection(id).await.head;
    let client = |name: &str| edit(Target::Inspection, Field::Client, Value::text(name));
    let seen = case.does(&ida, id, client("Harbour Trust")).await.id;
    case.does(&ida, id, report(seen)).await;
    let facade = case.does(&ida, id, section("Facade")).await;
    let restore_as_of = async |seen: ChangeId| {
        let mut work = case.store.begin(&ida, Uuid::now_v7(), at(9)).await.unwrap();
        let done = work.restore(id, seen, point).await;
        work.commit().await.unwrap();
        done
    };
    let Err(Error::Conflict(conflict)) = restore_as_of(seen).await else { panic!("unseen") };
    assert_eq!(conflict.since, std::slice::from_ref(&facade));
    let section = SectionId(facade.id.0);
    case.does(&ida, id, Mutation::RemoveSection { section }).await;
    assert_eq!(restore_as_of(seen).await.unwrap().len(), 1, "the facade went again by itself");
    case.assert_folds(id).await;
});
