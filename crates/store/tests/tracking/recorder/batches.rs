//! Tests of the outcome of each mutation in a batch.

use super::*;
use domain::{
    change::Refusal,
    inspection::Status,
    people::{Denied, Role},
};

on_both!(each_of_a_batch_is_recorded_or_refused_on_its_own, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let ids = create_all(case, &ida, 9).await;
    let stale = case.inspection(ids[3]).await.head;
    case.does(&ida, ids[3], client("Harbour Trust")).await;
    let done = request(&ida, ids[4], section("Roof"));
    let before = case.store.record(done.clone()).await.unwrap();
    case.does(&ida, ids[7], status(Status::Review, None)).await;
    let mut notices = case.store.notices().await.unwrap();

    let work = busy(&case.store, &ida).await;
    let mut answers = Vec::new();
    for request in [
        request(&ida, ids[0], client("Harbour Trust")),
        request(&ida, ids[1], section("Roof")),
        request(&ira, ids[2], client("Not hers")),
        MutationRequest { expected: Some(stale), ..request(&ida, ids[3], client("Seaside Trust")) },
        done.clone(),
        MutationRequest { author: done.author.clone(), ..request(&ida, ids[5], client("Another")) },
        request(&ida, InspectionId(99_999), client("Nowhere")),
        request(&ida, ids[6], edit(Target::Inspection, Field::Name, Value::text(""))),
        request(&rita, ids[7], status(Status::Complete, None)),
        request(&ida, ids[8], edit(Target::Inspection, Field::Name, Value::text("House 8"))),
    ] {
        answers.push(waiting(&case.store, request).await);
    }
    drop(work);
    let mut outcomes = Vec::new();
    for answer in answers {
        outcomes.push(answer.await.unwrap());
    }
    let [edit, section, theirs, conflict, again, reused, nowhere, invalid, complete, same] =
        &outcomes[..]
    else {
        panic!("{outcomes:?}")
    };
    assert!(edit.as_ref().is_ok_and(Option::is_some), "{edit:?}");
    assert!(section.as_ref().is_ok_and(Option::is_some), "{section:?}");
    let denied = Refusal::Denied(Denied::NotYours);
    assert!(matches!(theirs, Err(Error::Refused(refusal)) if *refusal == denied), "{theirs:?}");
    assert!(matches!(conflict, Err(Error::Conflict(_))), "{conflict:?}");
    assert_eq!(again.as_ref().unwrap(), &before);
    assert!(matches!(nowhere, Err(Error::NotFound)), "{nowhere:?}");
    assert!(matches!(invalid, Err(Error::Refused(_))), "{invalid:?}");
    assert!(complete.as_ref().is_ok_and(Option::is_some), "{complete:?}");
    assert!(same.as_ref().is_ok_and(Option::is_none), "{same:?}");
    // The request id of this one is that of another in the batch, so it waited for the next.
    assert!(matches!(reused, Err(Error::RequestReused)), "{reused:?}");
    assert_eq!(next_changed(&mut notices).await, (3, vec![ids[0], ids[1], ids[7]]));
    let inspection = case.inspection(ids[1]).await;
    assert_eq!(inspection.sections.len(), 1);
    for id in ids {
        case.assert_folds(id).await;
        case.store.verify_inspection(id).await.unwrap();
    }
});

on_both!(mutations_of_one_inspection_are_recorded_in_their_order, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = create_all(case, &ida, 3).await;
    let mut notices = case.store.notices().await.unwrap();
    let work = busy(&case.store, &ida).await;
    let mut answers = Vec::new();
    for round in 0..3 {
        for id in &ids[..3 - round] {
            let edit = client(&format!("Client {round}"));
            answers.push(waiting(&case.store, request(&ida, *id, edit)).await);
        }
    }
    work.commit().await.unwrap();
    for answer in answers {
        answer.await.unwrap().unwrap().expect("each changes something");
    }
    for round in 0..3 {
        let (changes, inspections) = next_changed(&mut notices).await;
        assert_eq!(
            (usize::try_from(changes).unwrap(), &inspections[..]),
            (3 - round, &ids[..3 - round])
        );
    }
    for (index, id) in ids.iter().enumerate() {
        assert_eq!(case.inspection(*id).await.client, format!("Client {}", 2 - index));
        case.assert_folds(*id).await;
    }
});

on_both!(contents_of_many_inspections_are_written_together, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = create_all(case, &ida, 4).await;
    let mut mutations: Vec<_> = ids.iter().map(|id| (*id, section("Roof"))).collect();
    // Each round is a batch: additions, contents of them, removals beside additions.
    for round in 0..4 {
        let work = busy(&case.store, &ida).await;
        let mut answers = Vec::new();
        for (id, mutation) in std::mem::take(&mut mutations) {
            answers.push(waiting(&case.store, request(&ida, id, mutation)).await);
        }
        drop(work);
        for answer in answers {
            answer.await.unwrap().unwrap().expect("each changes something");
        }
        for (index, id) in ids.iter().enumerate() {
            case.assert_folds(*id).await;
            let now = case.inspection(*id).await;
            let first = now.sections.first().map(|section| section.id);
            mutations.push((
                *id,
                match (round, index % 2) {
                    (0, _) => photo("slate.jpg", first),
                    (1, 0) => Mutation::RemoveSection { section: first.unwrap() },
                    (1, _) => section("Walls"),
                    (_, 0) => equipment("Lift"),
                    _ => edit(
                        Target::Section(first.unwrap()),
                        Field::Notes,
                        Value::text(format!("“Moss” \\ {round}")),
                    ),
                },
            ));
        }
    }
    let verified = case.store.verify(None, std::sync::Arc::new(|_, _, _| {})).await.unwrap();
    assert_eq!(verified.changes, 4 + 4 * 4);
});

on_both!(completed_in_one_batch_each_gets_a_report_with_a_key_of_its_own, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let ids = create_all(case, &ida, 3).await;
    let mut work = busy(&case.store, &ida).await;
    work.perform_many(&ids, &status(Status::Review, None)).await.unwrap();
    work.commit().await.unwrap();
    let mut work = busy(&case.store, &rita).await;
    let many = work.perform_many(&ids[..2], &status(Status::Complete, None)).await.unwrap();
    assert_eq!(many.done.len(), 2);
    work.commit().await.unwrap();
    case.does(&rita, ids[2], status(Status::Complete, None)).await;
    let mut raw = case.raw().await;
    let keys = raw.number("select count(distinct request_id) from final_report_queue").await;
    assert_eq!(keys, 3);
    let of = format!("select count(*) from final_report_queue where user_id = {}", rita.id);
    assert_eq!(raw.number(&of).await, 3);
});
