//! Tests of the dashboard besides its page: exports, which only reviewers may read, and its forms.

use crate::support::{Browser, House, at, inspection, rename};
use axum::http::{StatusCode, header};
use domain::{
    change::Mutation,
    inspection::{Field, Target, Value, Values},
    people::Role,
};
use futures::StreamExt;
use uuid::Uuid;

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
    let mut names: Vec<_> = rows.records().map(|row| row.unwrap()[column].to_owned()).collect();
    // The last row gives the number of rows.
    assert_eq!(names.pop().as_deref(), Some(""));
    // Newest first, with the inspection's present name.
    assert_eq!(names, ["'=HYPERLINK(\"https://elsewhere.example\")"; 2]);

    let json = reviewer.get("/changes.ndjson?field=client").await;
    let lines: Vec<serde_json::Value> =
        json.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "only the first record names the client");
    assert_eq!(lines[1]["changes"], 1);
    assert_eq!(lines[0]["action"], "edit");
    assert_eq!(lines[0]["related_data"]["after"]["name"], "Old mill");
    assert_eq!(lines[0]["state"], "unreviewed");
    let nothing = reviewer.get("/changes.ndjson?q=nowhere").await.body;
    assert_eq!(nothing, "{\"changes\":0,\"end_of_export\":true}\n");
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_makes_no_file() {
    let house = House::new().await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let answer = reviewer.get("/changes.csv?action=paint").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("“paint” is not a known action"), "{}", answer.body);
}

#[tokio::test]
async fn none_of_it_is_for_inspectors_or_strangers() {
    let house = House::new().await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    for path in ["/changes.csv", "/changes.ndjson"] {
        assert_eq!(inspector.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        let stranger = house.browser().get(path).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path}");
    }
}

#[tokio::test]
async fn an_export_is_read_as_it_is_taken() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    let (actor, id) = &it;
    for hundred in 0..25 {
        let mut work = house.store.begin(actor, Uuid::now_v7(), at(2)).await.unwrap();
        for number in 0..100 {
            let client = Value::text(format!("No. {hundred}.{number}"));
            let values = Values::default().with(Field::Client, client);
            let edit = Mutation::Edit { target: Target::Inspection, values };
            work.perform(*id, None, edit).await.unwrap();
        }
        work.commit().await.unwrap();
    }
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let (parts, body) = reviewer.open("/changes.ndjson", &[]).await;
    assert_eq!(parts.status, StatusCode::OK);
    let mut file = body.into_data_stream();
    let mut text = String::new();
    while text.lines().count() < 100 {
        text.push_str(std::str::from_utf8(&file.next().await.unwrap().unwrap()).unwrap());
    }
    // Rows are read as the stream is consumed, so later rows have the new name.
    rename(&house, &it, "New mill").await;
    while let Some(part) = file.next().await {
        text.push_str(std::str::from_utf8(&part.unwrap()).unwrap());
    }
    let names: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|row| row["end_of_export"].is_null())
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), 2_501);
    let read_before = names.iter().take_while(|name| *name == "Old mill").count();
    assert!(read_before < 1_500, "{read_before} were read at once");
    assert!(names[read_before..].iter().all(|name| name == "New mill"));
}

/// Sends a form of the dashboard.
async fn act(reviewer: &mut Browser, query: &str, fields: &[(&str, &str)]) -> String {
    reviewer.post(&format!("/changes?{query}"), fields).await.body
}

#[tokio::test]
async fn a_day_takes_no_steps_but_is_reviewed_whole() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    for number in 0..8 {
        rename(&house, &it, &format!("Mill {number}")).await;
    }
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let day = format!("day:{}", at(0).date_naive());
    let entry = ("entry", day.as_str());
    let said = act(&mut reviewer, "group=day", &[("do", "complete"), entry]).await;
    assert!(said.contains("complete or send back a day."), "{said}");
    let page = reviewer.get("/changes?group=day").await.body;
    assert!(page.contains("9 changes") && !page.contains("Since my last review"), "{page}");
    let said = act(&mut reviewer, "group=day", &[("do", "reviewed"), entry]).await;
    assert!(said.contains("9 changes reviewed."), "{said}");
}

#[tokio::test]
async fn a_comment_that_is_sent_twice_is_made_once_and_its_author_takes_it_back() {
    let house = House::new().await;
    let it = inspection(&house, "Old mill").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let request = Uuid::now_v7().to_string();
    let entry = format!("inspection:{}", it.1);
    let form = [
        ("do", "comment"),
        ("entry", entry.as_str()),
        ("text", "Which side?"),
        ("request", request.as_str()),
    ];
    for _ in 0..2 {
        let said = act(&mut reviewer, "group=inspection", &form).await;
        assert!(said.contains("Comment added."), "{said}");
    }
    let comments = house.store.comments_of(it.1).await.unwrap();
    assert_eq!(comments.len(), 1);
    let comment = comments[0].id.to_string();
    let mut inspector = house.browser();
    inspector.sign_in(Role::Inspector).await;
    // The form's address is on the page only for the author.
    let page = reviewer.get(&format!("/inspections/{}", it.1)).await.body;
    assert!(page.contains("Delete comment"), "{page}");
    let path = page.split("action=\"").find(|it| it.starts_with("/api/delete_comment")).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    let theirs = inspector.get(&format!("/inspections/{}", it.1)).await.body;
    assert!(theirs.contains("Which side?") && !theirs.contains("Delete comment"), "{theirs}");
    inspector.post(&path, &[("comment", &comment)]).await;
    assert_eq!(house.store.comments_of(it.1).await.unwrap().len(), 1);
    reviewer.post(&path, &[("comment", &comment)]).await;
    assert_eq!(house.store.comments_of(it.1).await.unwrap(), []);
}
