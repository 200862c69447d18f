//! Tests of requests that are refused for their size or before they are read.

use crate::support::{House, inspection};
use axum::http::{StatusCode, header};
use domain::people::Role;

#[tokio::test]
async fn a_file_name_too_long_for_the_system_is_not_there() {
    let house = House::new().await;
    let name = "x".repeat(300);
    for path in ["/pkg", "/fonts", ""] {
        // In a signed-in browser the last path is a page of the application.
        let mut reviewer = house.browser();
        let answer = reviewer.get(&format!("{path}/{name}")).await;
        let expected = if path.is_empty() { 303 } else { 404 };
        assert_eq!(answer.status.as_u16(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_refusal_before_the_body_was_read_closes_the_connection() {
    let house = House::new().await;
    let mut stranger = house.browser();
    let answer = stranger.post("/changes", &[("do", "reviewed")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header(header::CONNECTION), "close");
}

#[tokio::test]
async fn a_form_sent_to_the_bare_dashboard_says_what_came_of_it() {
    let house = House::new().await;
    inspection(&house, "Old mill").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let answer =
        reviewer.post("/changes", &[("do", "reviewed"), ("entry", "day:2026-03-12")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("1 change reviewed."), "{}", answer.body);
}
