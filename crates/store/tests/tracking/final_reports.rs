//! Reports that are current by their content, and the queue of final reports.

use crate::support::{Case, at, edit, on_both, report, section, status};
use chrono::TimeDelta;
use domain::{
    change::Mutation,
    id::{InspectionId, UserId},
    inspection::{Field, Report, Status, Target, Value},
    people::{Actor, Role},
};
use store::{QueueState, QueuedReport};
use uuid::Uuid;

impl Case {
    /// The report of the inspection as it stands.
    async fn current_report(&self, id: InspectionId) -> Mutation {
        let inspection = self.inspection(id).await;
        let Mutation::CreateReport { report } = report(inspection.head) else { unreachable!() };
        let is_final = inspection.status == Status::Complete;
        let report = Report { content: inspection.content(), is_final, ..report };
        Mutation::CreateReport { report }
    }

    async fn is_first_current(&self, id: InspectionId) -> bool {
        let inspection = self.inspection(id).await;
        inspection.is_current(&inspection.reports[0])
    }

    async fn claimed(&self, seconds: i64) -> Option<QueuedReport> {
        self.store.claim_final_report(at(seconds), TimeDelta::seconds(5)).await.unwrap()
    }

    async fn complete(&self, inspector: &Actor, reviewer: &Actor, id: InspectionId) {
        self.does(inspector, id, status(Status::Review, None)).await;
        self.does(reviewer, id, status(Status::Complete, None)).await;
    }
}

on_both!(a_report_is_current_while_the_inspection_says_the_same, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let id = case.create(&ida, "Riverside House").await;
    case.does(&ida, id, section("Roof")).await;
    let made = case.current_report(id).await;
    case.does(&ida, id, made).await;
    assert!(case.is_first_current(id).await);

    let summary = |text: &str| edit(Target::Inspection, Field::Summary, Value::text(text));
    case.does(&ida, id, summary("Sound.")).await;
    assert!(!case.is_first_current(id).await);
    case.does(&ida, id, summary("")).await;
    assert!(case.is_first_current(id).await, "it says the same again");

    case.complete(&ida, &rita, id).await;
    assert!(case.is_first_current(id).await, "a step of the status alone alters nothing");
    let inspection = case.inspection(id).await;
    assert_eq!(inspection.final_report(), None, "it is a draft for good");
    let made = case.current_report(id).await;
    let made = case.does(&rita, id, made).await;
    let inspection = case.inspection(id).await;
    assert_eq!(inspection.final_report().map(|it| it.id.0), Some(made.id.0));
    case.does(&rita, id, status(Status::Draft, Some("The stairs are missing."))).await;
    assert!(case.is_first_current(id).await);
    case.assert_folds(id).await;
});

on_both!(what_is_completed_is_queued_until_its_final_report_is_recorded, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let id = case.create(&ida, "Riverside House").await;
    assert_eq!(case.claimed(10).await, None);
    case.complete(&ida, &rita, id).await;
    assert_eq!(
        case.store.final_report_state(id).await.unwrap(),
        Some(QueueState::Waiting { before: 0 })
    );

    let claimed = case.claimed(10).await.unwrap();
    assert_eq!((claimed.inspection, claimed.user, claimed.tries), (id, Some(rita.id), 1));
    assert_eq!(case.claimed(11).await, None, "another process makes it");
    let again = case.claimed(20).await.unwrap();
    assert_eq!((again.request, again.tries), (claimed.request, 2), "a claim ends by itself");

    let retry = at(30);
    case.store.retry_final_report(&again, Some(retry), "It took too long.").await.unwrap();
    assert_eq!(case.store.final_report_state(id).await.unwrap(), Some(QueueState::Retrying(retry)));
    let third = case.claimed(30).await.unwrap();
    case.store.retry_final_report(&third, None, "It took too long.").await.unwrap();
    let failed = QueueState::Failed("It took too long.".into());
    assert_eq!(case.store.final_report_state(id).await.unwrap(), Some(failed));
    assert_eq!(case.claimed(1_000).await, None, "it is left to people");

    let draft = Report { shows: case.inspection(id).await.head, ..Report::default() };
    case.does(&rita, id, Mutation::CreateReport { report: draft }).await;
    assert!(
        case.store.final_report_state(id).await.unwrap().is_some(),
        "that was not the final one"
    );
    let made = case.current_report(id).await;
    case.does(&rita, id, made).await;
    assert_eq!(case.store.final_report_state(id).await.unwrap(), None);
});

on_both!(many_that_are_completed_at_once_are_all_queued, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let mut ids = Vec::new();
    for name in ["First", "Second", "Third"] {
        let id = case.create(&ida, name).await;
        case.does(&ida, id, status(Status::Review, None)).await;
        ids.push(id);
    }
    let mut work = case.store.begin(&rita, Uuid::now_v7(), at(5)).await.unwrap();
    work.perform_many(&ids, &status(Status::Complete, None)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        case.store.final_report_state(ids[2]).await.unwrap(),
        Some(QueueState::Waiting { before: 2 })
    );
    let mut claimed = Vec::new();
    while let Some(report) = case.claimed(10).await {
        assert_eq!(report.user, Some(UserId(rita.id.0)));
        claimed.push(report.inspection);
    }
    assert_eq!(claimed, ids);
});
