//! Tests of the waiting work on the start page: complete counts, and the order of urgency.

use crate::support::*;
use domain::{
    change::Mutation,
    id::InspectionId,
    inspection::{Field, InspectionFilter, Status, Target, Value},
    people::{Actor, Role},
};
use store::Waiting;

fn ids(waiting: &[Waiting]) -> Vec<InspectionId> {
    waiting.iter().map(|it| it.row.id).collect()
}

async fn scheduled(case: &Case, by: &Actor, name: &str, day: &str) -> InspectionId {
    let id = case.create(by, name).await;
    let day = Value::Date(Some(day.parse().unwrap()));
    case.does(by, id, edit(Target::Inspection, Field::ScheduledOn, day)).await;
    id
}

on_both!(what_waits_longest_for_review_comes_first_however_much_there_is, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ira = case.person("Ira Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let more_than_a_page = InspectionFilter::PAGE + 1;
    let mut all = Vec::new();
    for number in 0..more_than_a_page {
        let id = case.create(&ida, &format!("Number {number}")).await;
        case.does(&ida, id, status(Status::Review, None)).await;
        all.push(id);
    }
    let other = case.create(&ira, "Another's").await;
    case.does(&ira, other, status(Status::Review, None)).await;
    // Reading a report does not change the order; going back to draft and returning does.
    let read = case.does(&rita, all[0], report(case.inspection(all[0]).await.head)).await;
    let report = domain::id::ReportId(read.id.0);
    case.does(&rita, all[0], Mutation::DownloadReport { report }).await;
    case.does(&rita, all[1], status(Status::Draft, Some("Say which beam."))).await;
    case.does(&ida, all[1], status(Status::Review, None)).await;
    case.does(&rita, all[2], status(Status::Complete, None)).await;

    let (rows, count) = case.store.in_review(&rita, 20).await.unwrap();
    assert_eq!(count, i64::from(more_than_a_page));
    let mut expected = vec![all[0]];
    expected.extend(&all[3..22]);
    assert_eq!(ids(&rows), expected);
    let (rows, _) = case.store.in_review(&rita, 100).await.unwrap();
    assert_eq!(rows.last().map(|it| it.row.id), Some(all[1]));
    let reached = rows[0].reached.as_ref().unwrap();
    assert_eq!((reached.by, reached.name.as_str(), reached.at), (ida.id, "Ida Example", at(1)));

    let (own, count) = case.store.in_review(&ira, 20).await.unwrap();
    assert_eq!((ids(&own), count), (vec![other], 1));
});

on_both!(own_drafts_are_found_among_everybody_s_and_what_came_back_is_first, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    for number in 0..=InspectionFilter::PAGE {
        scheduled(case, &ida, &format!("Number {number}"), "2026-01-01").await;
    }
    let undated = case.create(&ada, "Undated").await;
    let late = scheduled(case, &ada, "Late", "2026-05-02").await;
    let soon = scheduled(case, &ada, "Soon", "2026-05-01").await;
    let back = case.create(&ada, "Sent back").await;
    case.does(&ada, back, status(Status::Review, None)).await;
    case.does(&rita, back, status(Status::Draft, Some("Say which beam."))).await;
    let own = case.create(&ada, "Taken back by herself").await;
    case.does(&ada, own, status(Status::Review, None)).await;
    case.does(&ada, own, status(Status::Draft, Some("A mistake."))).await;
    let gone = case.create(&ada, "Removed").await;
    case.does(&ada, gone, Mutation::Remove { target: Target::Inspection }).await;

    let (rows, count) = case.store.drafts(ada.id, 20).await.unwrap();
    assert_eq!((ids(&rows), count), (vec![back, soon, late, own, undated], 5));
    let reached = rows[0].reached.as_ref().unwrap();
    assert_eq!((reached.by, reached.reason.as_deref()), (rita.id, Some("Say which beam.")));
    assert_eq!(rows[1].reached, None);
    let (rows, count) = case.store.drafts(ada.id, 2).await.unwrap();
    assert_eq!((ids(&rows), count), (vec![back, soon], 5));
});
