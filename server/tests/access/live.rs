//! Tests of live notices: reviewers receive all, inspectors those of their own inspections.

use crate::support::{House, PASSWORD, at, follow, inspection, next, rename};
use axum::http::StatusCode;
use domain::{
    feed::ReviewState,
    id::{ChangeId, InspectionId},
    inspection::{Field, Value, Values},
    people::{Actor, Role},
};
use futures::StreamExt;
use serde_json::Value as Json;
use store::{NewUser, ReviewTarget};
use uuid::Uuid;

fn data(event: &str) -> Json {
    let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    serde_json::from_str(data).unwrap()
}

async fn head(house: &House, id: InspectionId) -> ChangeId {
    house.store.history(id, None, 1).await.unwrap().remove(0).id
}

/// Returns an inspection of an inspector who has no session.
async fn of_somebody_else(house: &House, name: &str) -> (Actor, InspectionId) {
    let new = NewUser {
        email: "other@example.org".into(),
        name: "Other Inspector".into(),
        role: Role::Inspector,
        password: PASSWORD.into(),
    };
    let id = house.store.add_user(&new, at(0)).await.unwrap().id;
    let actor = Actor { id, name: new.name, role: Role::Inspector };
    let mut work = house.store.begin(&actor, Uuid::now_v7(), at(1)).await.unwrap();
    let values = Values::default().with(Field::Name, Value::text(name));
    let change = work.create(values).await.unwrap();
    work.commit().await.unwrap();
    (actor, change.inspection_id)
}

#[tokio::test]
async fn a_reviewer_is_told_of_every_change_and_review() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let mut live = follow(&mut reviewer).await;
    rename(&house, &it, "New mill").await;
    let last = head(&house, it.1).await;
    let event = data(&next(&mut live, "changed").await);
    assert_eq!(event["last"], last.0);
    assert_eq!(event["inspections"], serde_json::json!([[it.1.0, last.0]]));

    let users = house.store.users().await.unwrap();
    let user = users.iter().find(|user| user.role == Role::Reviewer).unwrap();
    let actor = Actor { id: user.id, name: user.name.clone(), role: user.role };
    let target = ReviewTarget::Changes(vec![last]);
    house.store.review(&actor, &target, ReviewState::Reviewed, None, at(3)).await.unwrap();
    next(&mut live, "reviewed").await;
}

#[tokio::test]
async fn an_inspector_is_told_of_their_own_inspections_alone() {
    let house = House::new().await;
    let own = inspection(&house, "Old mill").await;
    let other = of_somebody_else(&house, "Harbour Lane 3").await;
    let mut inspector = house.browser();
    inspector.sign_in(Role::Inspector).await;
    let mut live = follow(&mut inspector).await;
    rename(&house, &other, "Harbour Lane 4").await;
    // Separated in time from the first, so that a missing notice is not mistaken for a late one.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    rename(&house, &own, "New mill").await;
    let first = data(&next(&mut live, "changed").await);
    assert_eq!(first["inspections"].as_array().unwrap().len(), 1, "{first}");
    assert_eq!(first["inspections"][0][0], own.1.0);
    assert_eq!(first["last"], head(&house, own.1).await.0);
}

#[tokio::test]
async fn a_session_that_ended_ends_the_stream() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let mut live = follow(&mut reviewer).await;
    let users = house.store.users().await.unwrap();
    let user = users.iter().find(|user| user.role == Role::Reviewer).unwrap();
    house.store.set_disabled(user.id, true, at(4)).await.unwrap();
    rename(&house, &it, "New mill").await;
    next(&mut live, "signed-out").await;
    assert!(live.next().await.is_none());
}

#[tokio::test]
async fn a_person_has_twenty_streams_and_the_oldest_makes_room() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    let mut admin = house.signed_in(Role::Admin).await;
    let mut of_somebody_else = follow(&mut admin).await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let mut streams = Vec::new();
    for _ in 0..21 {
        streams.push(follow(&mut reviewer).await);
    }
    let displaced = next(&mut streams[0], "displaced").await;
    assert!(displaced.contains("retry: 300000"), "{displaced}");
    assert!(streams[0].next().await.is_none());
    rename(&house, &it, "New mill").await;
    next(&mut streams[1], "changed").await;
    next(&mut streams[20], "changed").await;
    next(&mut of_somebody_else, "changed").await;
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_told_nothing() {
    let house = House::new().await;
    assert_eq!(house.browser().get("/live").await.status, StatusCode::SEE_OTHER);
}
