//! Tests of undoing a whole request in many inspections.

use crate::support::*;
use domain::{
    change::{Mutation, Refusal},
    id::InspectionId,
    inspection::{Field, Status, Target, Value, Values},
    people::{Actor, Denied, Role},
    revert::{Choices, KeptBecause, SkipReason},
};
use store::{Error, ManyUndone, RequestUndo};
use uuid::Uuid;

fn client(name: &str) -> Mutation {
    edit(Target::Inspection, Field::Client, Value::text(name))
}

fn correct(name: &str) -> Mutation {
    let values = Values::new().with(Field::Client, Value::text(name));
    Mutation::Correct { values, reason: "The contract says so.".into() }
}

/// Performs one mutation on many inspections and returns the request id.
async fn all(case: &Case, actor: &Actor, ids: &[InspectionId], mutation: &Mutation) -> Uuid {
    let request = Uuid::now_v7();
    let mut work = case.store.begin(actor, request, at(5)).await.unwrap();
    let many = work.perform_many(ids, mutation).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(many.done.len(), ids.len());
    request
}

async fn preview(case: &Case, actor: &Actor, request: Uuid) -> RequestUndo {
    case.store.request_to_undo(actor, request).await.unwrap().expect("it did something")
}

/// Undoes a request as it is previewed now, and returns the id of the undoing request.
async fn undo(case: &Case, actor: &Actor, request: Uuid) -> (Uuid, ManyUndone) {
    let seen = preview(case, actor, request).await.seen;
    let undoing = Uuid::now_v7();
    let mut work = case.store.begin(actor, undoing, at(9)).await.unwrap();
    let undone = work.undo_request(request, seen).await.unwrap();
    work.commit().await.unwrap();
    (undoing, undone)
}

async fn clients(case: &Case, ids: &[InspectionId]) -> Vec<String> {
    let mut clients = Vec::new();
    for id in ids {
        clients.push(case.inspection(*id).await.client);
    }
    clients
}

on_both!(what_can_be_undone_is_and_the_rest_is_told_one_by_one, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let mut ids = Vec::new();
    for name in ["Draft", "Complete", "Touched", "Set back", "Removed"] {
        ids.push(case.create(&ida, name).await);
    }
    let [draft, complete, touched, set_back, removed] = ids[..] else { panic!("five") };
    case.does(&ida, complete, status(Status::Review, None)).await;
    case.does(&ada, complete, status(Status::Complete, None)).await;
    let request = all(case, &ada, &ids, &correct("Harbour Trust")).await;
    case.does(&ida, touched, client("Seaside Trust")).await;
    case.does(&ida, set_back, client("")).await;
    case.does(&ida, removed, Mutation::Remove { target: Target::Inspection }).await;

    let stay = [
        (touched, KeptBecause::Undecided(1)),
        (set_back, KeptBecause::Left(SkipReason::Already)),
        (removed, KeptBecause::Refused(Refusal::Denied(Denied::Removed))),
    ];
    let seen = preview(case, &ada, request).await;
    let planned = |id| seen.inspections.iter().find(|it| it.id == id).unwrap();
    for (id, why) in &stay {
        assert_eq!(planned(*id).steps.as_ref(), Err(why));
    }
    for id in [draft, complete] {
        let steps = planned(id).steps.as_ref().unwrap();
        assert_eq!((steps.len(), steps[0].description().as_str()), (1, "cleared the client"));
        assert_eq!((planned(id).changes, planned(id).change.request_id), (1, request));
    }

    let (undoing, undone) = undo(case, &ada, request).await;
    assert_eq!(undone.stay, stay);
    let done: Vec<_> = undone.done.iter().map(|it| (it.inspection_id, it.request_id)).collect();
    assert_eq!(done, [(draft, undoing), (complete, undoing)]);
    let undone_of = |id| undone.done.iter().find(|it| it.inspection_id == id).unwrap();
    for id in [draft, complete] {
        assert_eq!(undone_of(id).record.data.undoes, Some(planned(id).change.id));
    }
    let clients_now = ["", "", "Seaside Trust", "", "Harbour Trust"];
    assert_eq!(clients(case, &ids).await, clients_now);
    let pairs: Vec<_> =
        [draft, complete].map(|id| (planned(id).change.id, undone_of(id).id)).into();
    let asked: Vec<_> = seen.inspections.iter().map(|it| it.change.id).collect();
    assert_eq!(case.store.undone(&asked).await.unwrap(), pairs);

    // The undo is a request that can be undone itself.
    let (_, again) = undo(case, &ada, undoing).await;
    assert_eq!((again.done.len(), again.stay.len()), (2, 0));
    let clients_now = ["Harbour Trust", "Harbour Trust", "Seaside Trust", "", "Harbour Trust"];
    assert_eq!(clients(case, &ids).await, clients_now);
    for id in ids {
        case.assert_folds(id).await;
        case.store.verify_inspection(id).await.unwrap();
    }
});

on_both!(each_undoes_what_they_may_in_what_they_see, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let ids = [case.create(&ida, "Ida's").await, case.create(&ira, "Ira's").await];
    let edited = all(case, &ada, &ids, &client("Harbour Trust")).await;
    let marked = all(case, &ada, &ids, &status(Status::Review, None)).await;
    let completed = all(case, &rita, &ids, &status(Status::Complete, None)).await;

    let (_, contents) = undo(case, &rita, edited).await;
    let denied = KeptBecause::Refused(Refusal::Denied(Denied::Role));
    assert_eq!((contents.done, contents.stay), (vec![], ids.map(|id| (id, denied.clone())).into()));
    let (_, steps) = undo(case, &rita, completed).await;
    assert_eq!((steps.done.len(), steps.stay.len()), (2, 0));

    assert_eq!(preview(case, &ida, marked).await.inspections.len(), 1);
    let (_, own) = undo(case, &ida, marked).await;
    let own: Vec<_> = own.done.iter().map(|change| change.inspection_id).collect();
    assert_eq!(own, ids[..1]);
    assert_eq!(case.inspection(ids[1]).await.status, Status::Review);

    // A request without visible changes does not exist for the person.
    let theirs = all(case, &ada, &ids[1..], &correct("Seaside Trust")).await;
    assert_eq!(case.store.request_to_undo(&ida, theirs).await.unwrap(), None);
    for nothing in [theirs, Uuid::now_v7()] {
        let mut work = case.store.begin(&ida, Uuid::now_v7(), at(9)).await.unwrap();
        let undone = work.undo_request(nothing, case.inspection(ids[1]).await.head).await;
        assert!(matches!(undone, Err(Error::NotFound)), "{undone:?}");
    }
});

on_both!(what_is_in_the_inspections_comes_back_too, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = [case.create(&ida, "First").await, case.create(&ida, "Second").await];
    let mut sections = Vec::new();
    for id in ids {
        let roof = domain::id::SectionId(case.does(&ida, id, section("Roof")).await.id.0);
        case.does(&ida, id, photo("slate.jpg", Some(roof))).await;
        sections.push(roof);
    }
    let before = [case.inspection(ids[0]).await, case.inspection(ids[1]).await];
    let request = Uuid::now_v7();
    let mut work = case.store.begin(&ida, request, at(2)).await.unwrap();
    for (id, section) in ids.into_iter().zip(sections) {
        work.perform(id, None, client("Harbour Trust")).await.unwrap();
        work.perform(id, None, equipment("Boiler")).await.unwrap();
        work.perform(id, None, Mutation::RemoveSection { section }).await.unwrap();
    }
    work.perform(ids[1], None, status(Status::Review, None)).await.unwrap();
    work.commit().await.unwrap();

    let (undoing, undone) = undo(case, &ida, request).await;
    assert_eq!((undone.done.len(), undone.stay.len()), (7, 0));
    for (id, before) in ids.into_iter().zip(before) {
        let now = case.inspection(id).await;
        assert_eq!((&now.sections, &now.photos), (&before.sections, &before.photos));
        assert_eq!((now.client.as_str(), now.equipment.len(), now.status), ("", 0, Status::Draft));
        case.assert_folds(id).await;
    }
    assert_eq!(case.store.touched_by(undoing).await.unwrap(), 2);
    let (_, again) = undo(case, &ida, undoing).await;
    assert_eq!((again.done.len(), again.stay.len()), (7, 0));
    assert_eq!(case.inspection(ids[1]).await.status, Status::Review);
    case.assert_folds(ids[1]).await;
});

on_both!(what_changed_since_it_was_seen_stays_and_a_retry_does_nothing_twice, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = [case.create(&ida, "First").await, case.create(&ida, "Second").await];
    let request = all(case, &ida, &ids, &client("Harbour Trust")).await;
    let seen = preview(case, &ida, request).await.seen;
    case.does(&ida, ids[1], section("Roof")).await;
    let undoing = Uuid::now_v7();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let mut work = case.store.begin(&ida, undoing, at(9)).await.unwrap();
        let undone = work.undo_request(request, seen).await.unwrap();
        assert_eq!(undone.stay, [(ids[1], KeptBecause::Altered)]);
        answers.push(undone.done);
        work.commit().await.unwrap();
    }
    assert_eq!(answers[0].len(), 1);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(clients(case, &ids).await, ["", "Harbour Trust"]);
});

on_both!(a_request_is_one_persons, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let (hers, theirs) = (case.create(&ida, "Hers").await, case.create(&ira, "Theirs").await);
    let request = all(case, &ida, &[hers], &client("Harbour Trust")).await;
    let mut forged = case.store.begin(&ira, request, at(6)).await.unwrap();
    let refused = forged.perform(theirs, None, client("Harbour Trust")).await;
    assert!(matches!(refused, Err(Error::RequestReused)), "{refused:?}");
    drop(forged);
    assert_eq!(case.store.touched_by(request).await.unwrap(), 1);
    let (_, undone) = undo(case, &ada, request).await;
    assert_eq!(undone.done.len(), 1);
    assert_eq!(clients(case, &[hers, theirs]).await, ["", ""]);
});

on_both!(a_correction_past_draft_is_undone_by_itself_too, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let id = case.create(&ida, "Riverside House").await;
    case.does(&ida, id, status(Status::Review, None)).await;
    let corrected = case.does(&ada, id, correct("Harbour Trust")).await;
    let undo = async |actor: &Actor| {
        let head = case.inspection(id).await.head;
        let mut work = case.store.begin(actor, Uuid::now_v7(), at(9)).await.unwrap();
        let done = work.undo(id, head, (corrected.id, false), &Choices::new()).await?;
        work.commit().await?;
        Ok::<_, Error>(done)
    };
    let denied = undo(&ida).await;
    assert!(matches!(denied, Err(Error::Refused(Refusal::Denied(Denied::Role)))), "{denied:?}");
    let done = undo(&ada).await.unwrap();
    assert_eq!(done[0].record.sentence(), "undid an earlier change: cleared the client");
    let after = case.inspection(id).await;
    assert_eq!((after.client.as_str(), after.status), ("", Status::Review));
    case.assert_folds(id).await;
    case.store.verify_inspection(id).await.unwrap();
});

on_both!(the_number_of_statements_is_fixed, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let mut ids = Vec::new();
    let mut work = case.store.begin(&ada, Uuid::now_v7(), at(0)).await.unwrap();
    for number in 0..500 {
        ids.push(work.create(named(&format!("Number {number}"))).await.unwrap().inspection_id);
    }
    work.commit().await.unwrap();
    let mut statements = Vec::new();
    for ids in [&ids[..1], &ids[1..]] {
        let request = all(case, &ada, ids, &correct("Harbour Trust")).await;
        let seen = preview(case, &ada, request).await.seen;
        let mut work = case.store.begin(&ada, Uuid::now_v7(), at(9)).await.unwrap();
        let undone = work.undo_request(request, seen).await.unwrap();
        assert_eq!(undone.done.len(), ids.len());
        statements.push(work.statements());
        work.commit().await.unwrap();
    }
    assert_eq!(statements[0], statements[1]);
    assert!(statements[0] <= 9, "{statements:?}");
    case.assert_folds(ids[250]).await;
});
