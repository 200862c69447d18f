//! Completing an inspection has its final report made, in the name of the person who completed it.

use crate::support::{Person, World, now};
use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::{
    change::{Action, Mutation},
    inspection::{Field, Status, Target, Value, Values},
    people::Role,
};
use service::reports::{FinalReports, Renderer};
use store::{Clock, QueueState};
use uuid::Uuid;

impl World {
    fn final_reports(&self, minutes: i64) -> FinalReports {
        FinalReports {
            store: self.store.clone(),
            renderer: self.renderer.clone(),
            clock: Clock::fixed(now() + TimeDelta::minutes(minutes)),
        }
    }

    async fn step(&self, person: &Person, to: Status, reason: Option<&str>) {
        let mut work = self.store.begin(&person.actor, Uuid::now_v7(), now()).await.unwrap();
        let step = Mutation::SetStatus { to, reason: reason.map(str::to_owned) };
        work.perform(self.inspection, None, step).await.unwrap().unwrap();
        work.commit().await.unwrap();
    }

    async fn complete(&self, reviewer: &Person) {
        self.step(&self.inspector, Status::Review, None).await;
        self.step(reviewer, Status::Complete, None).await;
    }

    async fn state(&self) -> Option<QueueState> {
        self.store.final_report_state(self.inspection).await.unwrap()
    }
}

#[tokio::test]
async fn completing_an_inspection_has_its_final_report_made() {
    let world = World::new().await;
    let reviewer = world.enrol("mira@example.org", Role::Reviewer).await;
    assert!(!world.final_reports(0).make_next().await.unwrap());
    let draft = (world.inspection, None);
    world.maker().make(&world.inspector.actor, draft, Uuid::now_v7()).await.unwrap();
    world.complete(&reviewer).await;

    assert!(world.final_reports(0).make_next().await.unwrap());
    assert!(!world.final_reports(0).make_next().await.unwrap(), "it is made once");
    let inspection = world.inspection().await;
    let [draft, last] = inspection.reports.as_slice() else { panic!("{:?}", inspection.reports) };
    assert!(!draft.is_final && last.is_final);
    assert!(inspection.is_current(draft) && inspection.is_current(last));
    let made = world.history().await.remove(0);
    assert_eq!(made.record.action, Action::CreatePdf);
    assert_eq!((made.user_id, made.id.0), (Some(reviewer.actor.id), last.id.0));

    let page = world.get(&reviewer, &format!("/inspections/{}", world.inspection)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Final report"));
    assert!(!page.text().contains("Out of date"));
}

#[tokio::test]
async fn a_final_report_is_made_although_the_person_lost_their_permission_since() {
    let world = World::new().await;
    let other = world.enrol("rita@example.org", Role::Reviewer).await;
    for (email, role) in [("mira@example.org", Role::Reviewer), ("ada@example.org", Role::Admin)] {
        let reviewer = world.enrol(email, role).await;
        world.complete(&reviewer).await;
        let user = reviewer.actor.id;
        match role {
            Role::Admin => world.store.set_disabled(user, true, now()).await.unwrap(),
            // An inspector does not even see the inspections of others.
            _ => world.store.set_role(user, Role::Inspector).await.unwrap(),
        }

        assert!(world.final_reports(0).make_next().await.unwrap());
        let inspection = world.inspection().await;
        assert!(inspection.final_report().is_some(), "{:?}", world.state().await);
        let made = world.history().await.remove(0);
        assert_eq!((made.record.action, made.user_id), (Action::CreatePdf, Some(user)));
        assert_eq!(made.user_name, reviewer.actor.name);

        let values = Values::new().with(Field::Summary, Value::text(email));
        world.step(&other, Status::Draft, Some("The roof is missing.")).await;
        world.perform(Mutation::Edit { target: Target::Inspection, values }).await;
    }
}

#[tokio::test]
async fn a_final_report_of_a_deleted_account_is_left_to_people() {
    let world = World::new().await;
    let reviewer = world.enrol("mira@example.org", Role::Reviewer).await;
    world.complete(&reviewer).await;
    world.store.delete_user(reviewer.actor.id).await.unwrap();
    assert!(world.final_reports(0).make_next().await.unwrap());
    assert!(matches!(world.state().await, Some(QueueState::Failed(_))));
    let page = world.get(&world.inspector, &format!("/inspections/{}", world.inspection)).await;
    assert!(page.text().contains("was deleted"), "the page does not give the reason");
}

#[tokio::test]
async fn a_final_report_that_fails_leaves_the_inspection_complete_and_is_tried_again() {
    let world = World::new().await;
    let reviewer = world.enrol("mira@example.org", Role::Reviewer).await;
    world.complete(&reviewer).await;
    let broken = FinalReports {
        renderer: Renderer::running("/nowhere/plumbline".into()),
        ..world.final_reports(0)
    };
    assert!(broken.make_next().await.unwrap());
    let inspection = world.inspection().await;
    assert_eq!((inspection.status, inspection.reports.len()), (Status::Complete, 0));
    let retry = now() + TimeDelta::minutes(1);
    assert_eq!(world.state().await, Some(QueueState::Retrying(retry)));
    let page = world.get(&reviewer, &format!("/inspections/{}", world.inspection)).await;
    assert!(page.text().contains("The server tries again"), "{}", page.text());

    assert!(world.final_reports(2).make_next().await.unwrap());
    assert!(world.inspection().await.final_report().is_some());
    assert_eq!(world.state().await, None);
}

#[tokio::test]
async fn a_report_that_keeps_failing_is_left_to_people() {
    let world = World::new().await;
    let reviewer = world.enrol("mira@example.org", Role::Reviewer).await;
    world.complete(&reviewer).await;
    let mut tries = 0;
    for minutes in [0, 10, 100, 1_000, 10_000, 100_000] {
        let broken = FinalReports {
            renderer: Renderer::running("/nowhere/plumbline".into()),
            ..world.final_reports(minutes)
        };
        tries += usize::from(broken.make_next().await.unwrap());
    }
    assert_eq!(tries, 5);
    assert!(matches!(world.state().await, Some(QueueState::Failed(_))));
    let page = world.get(&reviewer, &format!("/inspections/{}", world.inspection)).await;
    assert!(page.text().contains("The final report could not be made."));

    let now = (world.inspection, None);
    world.maker().make(&reviewer.actor, now, Uuid::now_v7()).await.unwrap();
    assert_eq!(world.state().await, None, "made by hand, it is made");
}

#[tokio::test]
async fn no_final_report_is_made_where_none_is_needed() {
    let world = World::new().await;
    let reviewer = world.enrol("mira@example.org", Role::Reviewer).await;
    world.complete(&reviewer).await;
    world.step(&reviewer, Status::Draft, Some("The roof is missing.")).await;
    assert!(world.final_reports(0).make_next().await.unwrap());
    assert!(world.inspection().await.reports.is_empty(), "it is a draft again");

    world.complete(&reviewer).await;
    world.final_reports(0).make_next().await.unwrap();
    world.step(&reviewer, Status::Draft, Some("The roof is missing.")).await;
    world.complete(&reviewer).await;
    world.final_reports(0).make_next().await.unwrap();
    assert_eq!(world.inspection().await.reports.len(), 1, "the first one says the same");
    assert_eq!(world.state().await, None);

    world.step(&reviewer, Status::Draft, Some("The roof is missing.")).await;
    let values = Values::new().with(Field::Summary, Value::text("The roof leaks."));
    world.perform(Mutation::Edit { target: Target::Inspection, values }).await;
    world.complete(&reviewer).await;
    world.final_reports(0).make_next().await.unwrap();
    let inspection = world.inspection().await;
    let current = inspection.reports.iter().map(|report| inspection.is_current(report));
    assert_eq!(current.collect::<Vec<_>>(), [false, true]);
}
