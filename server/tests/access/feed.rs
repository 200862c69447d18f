//! Changes as files and as they come: exactly what the filter matches, for reviewers alone.

use crate::support::{Browser, House, at};
use axum::{
    body::{Body, BodyDataStream},
    http::{StatusCode, header},
};
use domain::{Actor, Field, InspectionId, Mutation, ReviewState, Role, Target, Value, Values};
use futures::StreamExt;
use store::ReviewTarget;
use uuid::Uuid;

/// An inspection of that name by an inspector who was added for it.
async fn inspection(house: &House, name: &str) -> (Actor, InspectionId) {
    let id = house.add(Role::Inspector).await;
    let actor = Actor { id, name: "Ada Inspector".into(), role: Role::Inspector };
    let mut work = house.store.begin(&actor, Uuid::now_v7(), at(1)).await.unwrap();
    let values = Values::default().with(Field::Name, Value::text(name));
    let change = work.create(values).await.unwrap();
    work.commit().await.unwrap();
    (actor, change.inspection_id)
}

async fn rename(house: &House, (actor, id): &(Actor, InspectionId), name: &str) {
    let mut work = house.store.begin(actor, Uuid::now_v7(), at(2)).await.unwrap();
    let values = Values::default().with(Field::Name, Value::text(name));
    work.perform(*id, None, Mutation::Edit { target: Target::Inspection, values }).await.unwrap();
    work.commit().await.unwrap();
}

#[tokio::test]
async fn a_file_holds_what_the_filter_matches_and_no_formula() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    rename(&house, &it, "=HYPERLINK(\"https://elsewhere.example\")").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;

    let csv = reviewer.get("/changes.csv").await;
    assert_eq!(csv.status, StatusCode::OK, "{}", csv.body);
    assert!(csv.header(header::CONTENT_TYPE).starts_with("text/csv"));
    assert!(csv.header(header::CONTENT_DISPOSITION).contains("plumbline-changes-2026-03-12.csv"));
    let mut rows = csv::Reader::from_reader(csv.body.as_bytes());
    let column = rows.headers().unwrap().iter().position(|it| it == "name").unwrap();
    let names: Vec<_> = rows.records().map(|row| row.unwrap()[column].to_owned()).collect();
    // Newest first; the name is the one that the inspection has now.
    assert_eq!(names, vec!["'=HYPERLINK(\"https://elsewhere.example\")"; 2]);

    let json = reviewer.get("/changes.ndjson?field=client").await;
    let lines: Vec<serde_json::Value> =
        json.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1, "only the first record names the client");
    assert_eq!(lines[0]["action"], "edit");
    assert_eq!(lines[0]["related_data"]["after"]["name"], "Old mill");
    assert_eq!(lines[0]["state"], "unreviewed");
    assert_eq!(reviewer.get("/changes.ndjson?q=nowhere").await.body, "");
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_makes_no_file() {
    let house = House::new().await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let answer = reviewer.get("/changes.csv?action=paint").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("“paint” is not a known action"), "{}", answer.body);
}

#[tokio::test]
async fn none_of_it_is_for_inspectors_or_strangers() {
    let house = House::new().await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    for path in ["/changes.csv", "/changes.ndjson", "/changes/stream"] {
        assert_eq!(inspector.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        let stranger = house.browser().get(path).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path}");
    }
}

/// Reads a stream until an event of that name has come; answers with the event's lines.
async fn next(stream: &mut BodyDataStream, event: &str) -> String {
    let mut text = String::new();
    loop {
        let chunk = stream.next().await.expect("the stream goes on").unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        let told = text.split("\n\n").find(|it| it.contains(&format!("event: {event}")));
        if let Some(told) = told {
            return told.to_owned();
        }
    }
}

async fn follow(browser: &mut Browser, path: &str, last: Option<&str>) -> BodyDataStream {
    let headers: Vec<_> = last.map(|last| ("last-event-id", last)).into_iter().collect();
    let (parts, body): (_, Body) = browser.open(path, &headers).await;
    assert_eq!(parts.status, StatusCode::OK);
    assert_eq!(parts.headers[header::CONTENT_TYPE], "text/event-stream");
    body.into_data_stream()
}

fn id(event: &str) -> &str {
    event.lines().find_map(|line| line.strip_prefix("id: ")).unwrap()
}

#[tokio::test]
async fn whoever_looks_on_is_told_and_misses_nothing_while_away() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;

    let mut live = follow(&mut reviewer, "/changes/stream?q=weir", None).await;
    rename(&house, &it, "New mill").await;
    rename(&house, &it, "New mill by the weir").await;
    let told = next(&mut live, "new").await;
    drop(live);
    // Only what matches is told.
    let seen: u64 = id(&told).parse().unwrap();
    assert!(told.contains("data: 1"), "{told}");

    rename(&house, &it, "Weir house").await;
    rename(&house, &it, "Weir cottage").await;
    let mut again = follow(&mut reviewer, "/changes/stream?q=weir", Some(id(&told))).await;
    let told = next(&mut again, "new").await;
    assert!(told.contains("data: 2") && id(&told).parse::<u64>().unwrap() > seen, "{told}");
}

#[tokio::test]
async fn reviews_are_told_and_an_ended_session_ends_the_stream() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let mut live = follow(&mut reviewer, "/changes/stream", None).await;

    let users = house.store.users().await.unwrap();
    let user = users.iter().find(|user| user.role == Role::Reviewer).unwrap();
    let actor = Actor { id: user.id, name: user.name.clone(), role: user.role };
    let change = house.store.history(it.1, None, 1).await.unwrap().remove(0);
    let target = ReviewTarget::Changes(vec![change.id]);
    house.store.review(&actor, &target, ReviewState::Reviewed, None, at(3)).await.unwrap();
    next(&mut live, "stale").await;

    house.store.set_disabled(user.id, true, at(4)).await.unwrap();
    rename(&house, &it, "New mill").await;
    next(&mut live, "signed-out").await;
    assert!(live.next().await.is_none());
}
