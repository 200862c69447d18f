//! Test of one inspection through all ten actions, with the refusals that people meet.

use crate::support::*;
use domain::{
    change::{Action, Refusal, RelatedModel},
    id::{PhotoId, ReportId, SectionId},
    inspection::{Field, Status, Target, Value, Values},
    people::{Denied, Role},
};
use store::Error;
use uuid::Uuid;

on_both!(all_ten_actions_leave_their_record, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let id = case.create(&ida, "Riverside House").await;
    assert_eq!(case.inspection(id).await.reference, "BI-2026-0001");
    assert_eq!(case.inspection(id).await.inspector, Some(ida.person()));

    let roof = SectionId(case.does(&ida, id, section("Roof")).await.id.0);
    let stairs = SectionId(case.does(&ida, id, section("Stairs")).await.id.0);
    let poor = Value::Condition(domain::inspection::Condition::Poor);
    let edited = case.does(&ida, id, edit(Target::Section(roof), Field::Condition, poor)).await;
    assert_eq!(edited.record.fields, [Field::Condition]);
    assert_eq!(edited.created_at, at(1));
    assert_eq!((edited.user_id, edited.user_name.as_str()), (Some(ida.id), "Ida Example"));
    let picture = PhotoId(case.does(&ida, id, photo("slate.jpg", Some(roof))).await.id.0);
    case.does(&ida, id, equipment("Boiler")).await;
    let head = case.inspection(id).await.head;
    let kept = ReportId(case.does(&ida, id, report(head)).await.id.0);
    let is_current = async || {
        let inspection = case.inspection(id).await;
        inspection.is_current(&inspection.reports[0])
    };
    assert!(is_current().await);
    case.does(&rita, id, domain::change::Mutation::DownloadReport { report: kept }).await;
    assert!(is_current().await, "reading a report alters nothing");
    case.does(&ida, id, status(Status::Review, None)).await;
    assert!(!is_current().await);
    case.does(&rita, id, status(Status::Complete, None)).await;
    case.does(&rita, id, status(Status::Draft, Some("The stairs are missing."))).await;
    case.does(&ida, id, domain::change::Mutation::Remove { target: Target::Photo(picture) }).await;
    let gone = case.does(&ida, id, domain::change::Mutation::RemoveSection { section: roof }).await;
    assert_eq!(gone.record.related.map(|it| it.model), Some(RelatedModel::Section(roof)));

    let inspection = case.inspection(id).await;
    let sections: Vec<_> = inspection.sections.iter().map(|section| section.id).collect();
    assert_eq!((inspection.status, sections), (Status::Draft, vec![stairs]));
    let records = case.records(id).await;
    for action in Action::ALL {
        assert!(records.iter().any(|change| change.record.action == action), "{action}");
    }
    case.assert_folds(id).await;
    let removed = case.store.photo(picture).await.unwrap();
    assert_eq!(removed.map(|(of, photo)| (of, photo.name)), Some((id, "slate.jpg".into())));
    let report = case.store.report(kept).await.unwrap();
    assert_eq!(report.map(|(of, report)| (of, report.pages)), Some((id, 3)));
});

on_both!(only_sections_that_move_are_touched, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let mut sections = Vec::new();
    for title in ["A", "B", "C", "D", "E"] {
        sections.push(case.does(&ida, id, section(title)).await.id);
    }
    let third = Target::Section(SectionId(sections[2].0));
    let moved = case.does(&ida, id, edit(third, Field::Position, Value::Number(2))).await;
    let mut raw = case.raw().await;
    let touched = format!("select count(*) from sections where change_id = {}", moved.id);
    assert_eq!(raw.number(&touched).await, 2);
    let titles = case.inspection(id).await.sections.into_iter().map(|section| section.title);
    assert_eq!(titles.collect::<String>(), "ACBDE");
    case.assert_folds(id).await;
});

on_both!(what_changes_nothing_writes_nothing, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let before = case.inspection(id).await;
    let same = edit(Target::Inspection, Field::Name, Value::text("  Riverside   House "));
    assert_eq!(case.perform(&ida, id, None, same).await.unwrap(), None);
    assert_eq!(case.inspection(id).await, before);
    assert_eq!(case.records(id).await.len(), 1);
});

on_both!(a_stale_edit_is_told_who_changed_what, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let id = case.create(&ida, "Riverside House").await;
    let seen = case.inspection(id).await.head;
    let name = |name: &str| edit(Target::Inspection, Field::Name, Value::text(name));
    let theirs = case.does(&ada, id, name("Riverside Court")).await;
    let head = case.inspection(id).await;
    let stale = case.perform(&ida, id, Some(seen), name("Riverside Villa")).await;
    let Err(Error::Conflict(conflict)) = stale else { panic!("{stale:?}") };
    assert_eq!((conflict.expected, conflict.head), (seen, theirs.id));
    assert_eq!(conflict.since, std::slice::from_ref(&theirs));
    assert_eq!(case.inspection(id).await, head);
    let fresh = case.perform(&ida, id, Some(theirs.id), name("Riverside Villa")).await;
    assert!(fresh.unwrap().is_some());

    let own = edit(Target::Inspection, Field::Client, Value::text("A client"));
    let beside = case.perform(&ida, id, Some(theirs.id), own).await;
    assert!(beside.unwrap().is_some(), "what one did oneself elsewhere is no conflict");
    let unknown = case.perform(&ida, id, Some(domain::id::ChangeId(i64::MAX)), name("X")).await;
    assert!(matches!(unknown, Err(Error::Conflict(_))), "{unknown:?}");
});

on_both!(a_report_of_an_older_state_is_out_of_date, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let shown = case.inspection(id).await.head;
    case.does(&ida, id, section("Roof")).await;
    let late = case.perform(&ida, id, Some(shown), report(shown)).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "who meant the present is told: {late:?}");
    case.does(&ida, id, report(shown)).await;
    let head = case.inspection(id).await.head;
    case.does(&ida, id, report(head)).await;
    let inspection = case.inspection(id).await;
    let current = inspection.reports.iter().map(|report| inspection.is_current(report));
    assert_eq!(current.collect::<Vec<_>>(), [false, true]);
    case.assert_folds(id).await;

    let elsewhere = case.create(&ida, "Elsewhere").await;
    let theirs = case.inspection(elsewhere).await.head;
    let stolen = case.perform(&ida, id, None, report(theirs)).await;
    assert!(matches!(stolen, Err(Error::Refused(Refusal::NotThere))), "{stolen:?}");
});

on_both!(refusals_leave_no_record, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let id = case.create(&ida, "Riverside House").await;
    let refused = |result: Result<Option<domain::change::Change>, Error>| match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let other = case.perform(&ira, id, None, section("Roof")).await;
    assert_eq!(refused(other), Denied::NotYours.into());
    let reviewer = case.perform(&rita, id, None, section("Roof")).await;
    assert_eq!(refused(reviewer), Denied::Role.into());
    let early = case.perform(&rita, id, None, status(Status::Complete, None)).await;
    let (from, to) = (Status::Draft, Status::Complete);
    assert_eq!(refused(early), Refusal::Transition { from, to });
    let empty = edit(Target::Inspection, Field::Name, Value::text(" "));
    let Refusal::Invalid(invalid) = refused(case.perform(&ida, id, None, empty).await) else {
        panic!("a name is needed")
    };
    assert!(invalid.fields.contains_key(&Field::Name));
    let again = domain::change::Mutation::Create { values: named("Riverside House") };
    assert!(matches!(refused(case.perform(&ida, id, None, again).await), Refusal::Invalid(_)));
    assert_eq!(case.records(id).await.len(), 1);
    let nowhere = case.perform(&ida, domain::id::InspectionId(999), None, section("Roof")).await;
    assert!(matches!(nowhere, Err(Error::NotFound)), "{nowhere:?}");

    let mut work = case.store.begin(&rita, Uuid::now_v7(), at(2)).await.unwrap();
    let created = work.create(named("Reviewers do not start one")).await;
    assert!(matches!(created, Err(Error::Refused(Refusal::Denied(Denied::Role)))), "{created:?}");
    drop(work);
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(2)).await.unwrap();
    let values = named("Skips review").with(Field::Status, Value::Status(Status::Complete));
    let created = work.create(values).await;
    assert!(matches!(created, Err(Error::Refused(Refusal::Invalid(_)))), "{created:?}");
});

on_both!(what_is_not_committed_never_happened, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let before = case.inspection(id).await;
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(2)).await.unwrap();
    work.perform(id, None, section("Roof")).await.unwrap();
    work.create(named("Another")).await.unwrap();
    drop(work);
    assert_eq!(case.inspection(id).await, before);
    assert!(case.create(&ida, "The next").await > id);
    let page = case
        .store
        .inspections(&ida, &domain::inspection::InspectionFilter::default())
        .await
        .unwrap();
    let references: Vec<_> = page.rows.iter().map(|row| row.reference.as_str()).collect();
    assert_eq!(references, ["BI-2026-0002", "BI-2026-0001"], "no reference is lost");
});

on_both!(one_work_may_do_many_things, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(2)).await.unwrap();
    let id = work.create(named("Riverside House")).await.unwrap().inspection_id;
    let roof = work.perform(id, None, section("Roof")).await.unwrap().unwrap();
    let twin = work.perform(id, None, section("Roof")).await.unwrap().unwrap();
    assert_ne!(roof.id, twin.id, "within one work the same thing twice is twice the thing");
    let target = Target::Section(SectionId(roof.id.0));
    work.perform(id, None, edit(target, Field::Notes, Value::text("Slates loose."))).await.unwrap();
    work.perform(id, None, status(Status::Review, None)).await.unwrap();
    work.commit().await.unwrap();
    case.assert_folds(id).await;
    let records = case.records(id).await;
    assert_eq!(records.len(), 5);
    assert!(records.iter().all(|change| change.request_id == records[0].request_id));
});

on_both!(people_are_named_as_they_are_called_now, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ada, "Riverside House").await;
    let claimed = domain::people::Person { id: ida.id, name: "Somebody Else".into() };
    let assign = |person: domain::people::Person| {
        edit(Target::Inspection, Field::Inspector, Value::Person(Some(person)))
    };
    case.does(&ada, id, assign(claimed)).await;
    assert_eq!(case.inspection(id).await.inspector, Some(ida.person()));
    let mut raw = case.raw().await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    raw.run(&format!("update users set disabled_at = 1 where id = {}", ira.id)).await.unwrap();
    let refused = case.perform(&ada, id, None, assign(ira.person())).await;
    let Err(Error::Refused(Refusal::Invalid(invalid))) = refused else { panic!("{refused:?}") };
    assert!(invalid.fields.contains_key(&Field::Inspector));
    raw.run(&format!("update users set name = 'Ida Newname' where id = {}", ida.id)).await.unwrap();
    let same = case.perform(&ada, id, None, assign(ida.person())).await.unwrap();
    assert_eq!(same, None, "who stands there already stays as they were named");
});

on_both!(a_deleted_user_leaves_their_changes, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    case.does(&ida, id, section("Roof")).await;
    let mut raw = case.raw().await;
    raw.run(&format!("delete from users where id = {}", ida.id)).await.unwrap();
    for change in case.records(id).await {
        assert_eq!((change.user_id, change.user_name.as_str()), (None, "Ida Example"));
    }
    case.assert_folds(id).await;
    assert_eq!(case.inspection(id).await.inspector, Some(ida.person()));
    case.does(&ada, id, section("Stairs")).await;
    let next = case.person("Una Example", Role::Inspector).await;
    assert!(next.id > ida.id, "an id is never given twice");
});

on_both!(what_was_removed_can_come_back_as_it_was, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let roof = SectionId(case.does(&ida, id, section("Roof")).await.id.0);
    case.does(&ida, id, section("Stairs")).await;
    case.does(&ida, id, photo("slate.jpg", Some(roof))).await;
    case.does(&ida, id, equipment("Boiler")).await;
    let whole = case.inspection(id).await;
    case.does(&ida, id, domain::change::Mutation::RemoveSection { section: roof }).await;
    let back = domain::change::Mutation::AddSection {
        section: whole.sections[0].clone(),
        position: Some(1),
        photos: whole.photos.clone(),
    };
    case.does(&ida, id, back.clone()).await;
    let now = case.inspection(id).await;
    assert_eq!((&now.sections, &now.photos), (&whole.sections, &whole.photos));
    case.assert_folds(id).await;

    let not_there = |result: Result<Option<domain::change::Change>, Error>| {
        assert!(matches!(result, Err(Error::Refused(Refusal::NotThere))), "{result:?}");
    };
    not_there(case.perform(&ida, id, None, back).await);
    let mut made_up = whole.sections[0].clone();
    made_up.id = SectionId(7_000);
    let made_up = domain::change::Mutation::AddSection {
        section: made_up,
        position: None,
        photos: Vec::new(),
    };
    not_there(case.perform(&ida, id, None, made_up).await);
    let elsewhere = case.create(&ida, "Elsewhere").await;
    let target = Target::Equipment(whole.equipment[0].id);
    case.does(&ida, id, domain::change::Mutation::Remove { target }).await;
    let stolen = domain::change::Mutation::AddEquipment { equipment: whole.equipment[0].clone() };
    not_there(case.perform(&ida, elsewhere, None, stolen.clone()).await);
    case.does(&ida, id, stolen).await;
    let gone = whole.photos[0].clone();
    case.does(&ida, id, domain::change::Mutation::Remove { target: Target::Photo(gone.id) }).await;
    for swapped in [
        domain::inspection::Photo { sha256: "00".repeat(32), ..gone.clone() },
        domain::inspection::Photo { media_type: "text/html".into(), ..gone.clone() },
        domain::inspection::Photo { width: gone.width + 1, ..gone.clone() },
    ] {
        let back = domain::change::Mutation::AddPhoto { photo: swapped };
        not_there(case.perform(&ida, id, None, back).await);
    }
    let photo = domain::inspection::Photo { caption: "The ridge".into(), section: None, ..gone };
    case.does(&ida, id, domain::change::Mutation::AddPhoto { photo }).await;
    case.assert_folds(id).await;
});

on_both!(a_removed_inspection_keeps_its_records_and_refuses, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    case.does(&ida, id, domain::change::Mutation::Remove { target: Target::Inspection }).await;
    assert!(case.inspection(id).await.removed);
    case.assert_folds(id).await;
    let late = case.perform(&ida, id, None, section("Roof")).await;
    assert!(matches!(late, Err(Error::Refused(Refusal::Denied(Denied::Removed)))), "{late:?}");
    let page = case
        .store
        .inspections(&ida, &domain::inspection::InspectionFilter::default())
        .await
        .unwrap();
    assert_eq!(page.rows, []);
});

on_both!(those_who_write_at_once_wait_for_each_other, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..12 {
        let (store, ida) = (case.store.clone(), ida.clone());
        tasks.spawn(async move {
            let mut work = store.begin(&ida, Uuid::now_v7(), at(number)).await?;
            work.perform(id, None, section(&format!("Section {number}"))).await?;
            work.create(Values::new().with(Field::Name, Value::text("Another"))).await?;
            work.commit().await
        });
    }
    for result in tasks.join_all().await {
        result.unwrap();
    }
    assert_eq!(case.inspection(id).await.sections.len(), 12);
    case.assert_folds(id).await;
    let page = case
        .store
        .inspections(&ida, &domain::inspection::InspectionFilter::default())
        .await
        .unwrap();
    let mut references: Vec<_> = page.rows.into_iter().map(|row| row.reference).collect();
    references.sort();
    let expected: Vec<_> = (1..=13).map(|number| format!("BI-2026-{number:04}")).collect();
    assert_eq!(references, expected);
});
