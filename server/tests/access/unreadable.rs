//! Tests of values in addresses and forms that cannot be parsed: each is refused with a hint, and
//! none is ignored.

use crate::support::{Browser, House, inspection, rename};
use app::wire::Wire;
use axum::http::{Method, StatusCode};
use domain::{
    feed::EntryKey,
    id::{ChangeId, InspectionId},
    people::Role,
};
use leptos::server_fn::Encodes;

async fn is_refused(browser: &mut Browser, path: &str, hint: &str) {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    assert!(answer.body.contains(hint), "{path}: {hint:?} is not in {}", answer.body);
}

#[tokio::test]
async fn an_address_that_cannot_be_read_says_so() {
    let house = House::new().await;
    let (_, id) = inspection(&house, "Old mill").await;
    let mut admin = house.signed_in(Role::Admin).await;
    let digits = "123456789012345678901234567890";
    for path in [
        "/inspections/abc".to_owned(),
        format!("/inspections/{digits}"),
        "/inspections/abc?at=1".into(),
        "/inspections/abc/history".into(),
        "/inspections/abc/compare".into(),
        "/inspections/abc/undo?change=1".into(),
        "/changes/request/abc/undo".into(),
        "/users/abc".into(),
        format!("/users/{digits}"),
    ] {
        is_refused(&mut admin, &path, "Check the address").await;
    }
    for query in ["?at=abc", "?step=", "/compare?from=abc", "/compare?to_step=x", "/undo?change=x"]
    {
        let path = format!("/inspections/{id}{query}");
        is_refused(&mut admin, &path, "Choose a change from the history").await;
    }
    let decide = format!("/inspections/{id}/undo?change={id}&decide.roof=back");
    is_refused(&mut admin, &decide, "Go back and decide again.").await;
    let reverted = format!("/inspections/{id}?reverted=abc");
    is_refused(&mut admin, &reverted, "Choose a change from the history").await;
    let history = format!("/inspections/{id}/history?before=abc");
    is_refused(&mut admin, &history, "Use a change's number.").await;
    is_refused(&mut admin, "/users?done=add&who=abc", "Choose a person from the list").await;
    is_refused(&mut admin, "/changes.csv?who=abc&before=abc", "Use a change's number.").await;
    is_refused(&mut admin, "/inspections?status=done", "Use draft, review or complete.").await;
    is_refused(&mut admin, "/inspections?sort=colour", "Use changed, scheduled").await;
    is_refused(&mut admin, "/inspections?after=none", "Begin at the first page.").await;

    // A valid address of a missing object is not found.
    for path in ["/inspections/999", "/users/999", "/inspections/999/history"] {
        assert_eq!(admin.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_server_function_refuses_a_filter_that_cannot_be_read() {
    let house = House::new().await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let (none, all) = (None::<ChangeId>, ChangeId(i64::MAX));
    let mut statuses = Vec::new();
    for query in ["action=fly", "before=abc", "q=!!!", "state="] {
        let entry = EntryKey::Inspection(InspectionId(1));
        for (path, body) in [
            ("/api/changes", Wire::encode(&(query, none)).unwrap()),
            ("/api/entry", Wire::encode(&(query, entry, all)).unwrap()),
            ("/api/activity", Wire::encode(&(query,)).unwrap()),
        ] {
            let headers = [("sec-fetch-site", "same-origin"), ("accept", "application/x-postcard")];
            let answer = reviewer.send_bytes(Method::POST, path, &body, &headers).await;
            statuses.push((query, path, answer.status.as_u16()));
        }
    }
    let expected = |query| if query == "action=fly" || query == "before=abc" { 400 } else { 200 };
    let wrong: Vec<_> = statuses.into_iter().filter(|it| it.2 != expected(it.0)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test]
async fn a_target_that_cannot_be_read_never_means_the_whole_inspection() {
    let house = House::new().await;
    let (_, id) = inspection(&house, "Old mill").await;
    let mut inspector = house.browser();
    inspector.sign_in(Role::Inspector).await;
    let path = format!("/inspections/{id}");
    for target in ["photo-x", "section-", "roof"] {
        let remove = [("do", "remove"), ("target", target)];
        assert_eq!(
            inspector.post(&path, &remove).await.status,
            StatusCode::BAD_REQUEST,
            "{target}"
        );
    }
    assert!(!house.store.inspection(id).await.unwrap().unwrap().removed);
}

#[tokio::test]
async fn a_form_of_the_dashboard_that_cannot_be_read_does_nothing() {
    let house = House::new().await;
    let mill = inspection(&house, "Old mill").await;
    rename(&house, &mill, "New mill").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let first = mill.1.to_string();
    let reviewed = ("do", "reviewed");
    let all = ("all", "1");
    for (query, fields) in [
        ("", vec![reviewed, ("change", &*first), ("change", "abc")]),
        ("", vec![reviewed, ("entry", "inspection:1"), ("entry", "dance:3")]),
        ("", vec![reviewed, ("entry", "inspection:1"), ("newest", "abc")]),
        ("", vec![reviewed, all, ("expected", "abc"), ("newest", "9")]),
        ("", vec![reviewed, all, ("expected", "2"), ("newest", "")]),
        // The rest of such a filter would match everything.
        ("?user=abc", vec![reviewed, all]),
        ("?from=yesterday", vec![reviewed, ("entry", "inspection:1")]),
        ("", vec![("do", "comment"), ("text", "Look."), ("change", &*first), ("request", "abc")]),
        ("", vec![("do", "undo"), ("review", "abc")]),
        ("", vec![("do", "start-view"), ("view", "abc")]),
        ("", vec![("do", "delete-view"), ("view", "abc")]),
        ("?user=abc", vec![("do", "save-view"), ("name", "Mine")]),
    ] {
        let answer = reviewer.post(&format!("/changes{query}"), &fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query} {fields:?}");
    }
    let unreviewed = domain::feed::ChangeFilter::from_query("state=unreviewed").0;
    assert_eq!(house.store.count_changes(&unreviewed).await.unwrap().0, 2);
    assert!(house.store.comments_of(mill.1).await.unwrap().is_empty());
}
