//! Tests of the forms of the inspection pages, sent without JavaScript.

use crate::support::{Browser, House};
use axum::http::StatusCode;
use domain::people::Role;

/// Creates an inspection of that name through the form, and returns the path of its page.
async fn start(browser: &mut Browser, name: &str) -> String {
    let answer = browser.post("/inspections/new", &[("name", name)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location().to_owned()
}

#[tokio::test]
async fn a_form_that_is_refused_comes_back_whole() {
    let house = House::new().await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    // Longer than any address may be.
    let long = "Größe ".repeat(3_000);
    let new = [("name", " "), ("address", "1 Old Road"), ("summary", &long)];
    let answer = inspector.post("/inspections/new", &new).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Enter a name."));
    assert_eq!(answer.input("address"), "1 Old Road");
    assert!(answer.body.contains(&format!(">{long}</textarea>")));

    let path = start(&mut inspector, "Old mill").await;
    let edit = [("do", "edit"), ("target", "inspection"), ("name", ""), ("client", "Mill & Co")];
    let answer = inspector.post(&path, &edit).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Enter a name."));
    assert_eq!(answer.input("client"), "Mill &amp; Co");
    let page = inspector.get(&path).await;
    assert!(page.body.contains("Old mill") && !page.body.contains("Mill &amp; Co"));
}

#[tokio::test]
async fn what_has_no_form_any_more_is_shown_with_why() {
    let house = House::new().await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    let path = start(&mut inspector, "Old mill").await;
    let answer = inspector.post(&path, &[("do", "review")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, path.as_str()));
    let late = [("do", "edit"), ("target", "inspection"), ("client", "Too late & Co")];
    let answer = inspector.post(&path, &late).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("It is no longer a draft, so it is locked."));
    assert!(answer.body.contains("Too late &amp; Co"));
}

#[tokio::test]
async fn others_are_kept_out() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let path = start(&mut admin, "Old mill").await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let new = [("name", "New mill")];
    assert_eq!(reviewer.post("/inspections/new", &new).await.status, StatusCode::FORBIDDEN);
    let edit = [("do", "edit"), ("target", "inspection"), ("name", "New mill")];
    assert_eq!(reviewer.post(&path, &edit).await.status, StatusCode::FORBIDDEN);
    let mut inspector = house.signed_in(Role::Inspector).await;
    let answer = inspector.post(&path, &edit).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!answer.body.contains("Old mill"));
    assert!(admin.get(&path).await.body.contains("Old mill"));
}

#[tokio::test]
async fn an_admin_names_the_inspector() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    let id = house.store.user_by_email("inspector@example.org").await.unwrap().unwrap().id;
    let form = admin.get("/inspections/new").await;
    assert!(form.body.contains(&format!("<option value=\"{id}\"")), "{}", form.body);
    let new = [("name", "Old mill"), ("inspector", &id.to_string())];
    let path = admin.post("/inspections/new", &new).await.location().to_owned();
    assert_eq!(inspector.get(&path).await.status, StatusCode::OK);
    // People who can only create their own inspections are not asked for an inspector.
    let form = inspector.get("/inspections/new").await;
    assert!(!form.body.contains("name=\"inspector\""));
}

#[tokio::test]
async fn a_form_that_met_something_newer_shows_both_versions() {
    let house = House::new().await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    let mut admin = house.signed_in(Role::Admin).await;
    let path = start(&mut inspector, "Old mill").await;
    let editing = format!("{path}?edit=inspection");
    let seen = inspector.get(&editing).await.input("expected").to_owned();
    let theirs = [("do", "edit"), ("target", "inspection"), ("client", "Acme & Co")];
    assert_eq!(admin.post(&path, &theirs).await.status, StatusCode::SEE_OTHER);

    // An edit of another field succeeds.
    let expected = ("expected", seen.as_str());
    let name = [("do", "edit"), ("target", "inspection"), ("name", "Mill"), expected];
    assert_eq!(inspector.post(&path, &name).await.status, StatusCode::SEE_OTHER);

    let client = [("do", "edit"), ("target", "inspection"), ("client", "Mill <Ltd>"), expected];
    let answer = inspector.post(&path, &client).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    assert!(answer.body.contains("changed the client while you were editing"));
    assert!(answer.body.contains("Acme &amp; Co") && answer.body.contains("Mill &lt;Ltd&gt;"));
    assert_eq!(answer.input("client"), "Mill &lt;Ltd&gt;");
    let newer = answer.input("expected").to_owned();
    let again =
        [("do", "edit"), ("target", "inspection"), ("client", "Mill"), ("expected", &newer)];
    assert_eq!(inspector.post(&path, &again).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_hidden_field_that_cannot_be_read_is_refused_and_nothing_is_lost() {
    let house = House::new().await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    let path = start(&mut inspector, "Old mill").await;
    for (name, value) in [
        ("expected", "abc"),
        ("expected", ""),
        ("expected", "123456789012345678901234567890"),
        ("request", "abc"),
        ("request", ""),
        ("request", "123456789012345678901234567890"),
    ] {
        let edit = [("do", "edit"), ("target", "inspection"), ("client", "Kept"), (name, value)];
        let answer = inspector.post(&path, &edit).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
        assert_eq!(answer.input("client"), "Kept", "{name}={value}");
        assert!(!inspector.get(&path).await.body.contains("Kept"), "{name}={value}");
    }
    let new = [("name", "New mill"), ("request", "abc")];
    let answer = inspector.post("/inspections/new", &new).await;
    assert_eq!((answer.status, answer.input("name")), (StatusCode::BAD_REQUEST, "New mill"));
}

#[tokio::test]
async fn nobody_but_an_admin_starts_or_gives_away_in_another_name() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    let id = house.store.user_by_email("admin@example.org").await.unwrap().unwrap().id.to_string();
    for inspector_id in [id.as_str(), ""] {
        let new = [("name", "Old mill"), ("inspector", inspector_id)];
        let answer = inspector.post("/inspections/new", &new).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{inspector_id:?}");
        assert_eq!(answer.input("name"), "Old mill");
    }
    let path = start(&mut inspector, "Old mill").await;
    for inspector_id in [id.as_str(), ""] {
        let give = [("do", "edit"), ("target", "inspection"), ("inspector", inspector_id)];
        assert_eq!(inspector.post(&path, &give).await.status, StatusCode::FORBIDDEN);
    }
    let give = [("do", "edit"), ("target", "inspection"), ("inspector", id.as_str())];
    assert_eq!(admin.post(&path, &give).await.status, StatusCode::SEE_OTHER);
    assert_eq!(inspector.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_inspector_withdraws_their_own_and_does_not_approve_it() {
    let house = House::new().await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    let path = start(&mut inspector, "Old mill").await;
    assert_eq!(inspector.post(&path, &[("do", "review")]).await.status, StatusCode::SEE_OTHER);
    let page = inspector.get(&path).await;
    let complete = "value=\"complete\"";
    assert!(page.body.contains("Withdraw from review") && !page.body.contains(complete));
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    assert!(reviewer.get(&path).await.body.contains(complete));
    let answer = inspector.post(&path, &[("do", "complete")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("You cannot complete your own inspection."));
    let withdraw = [("do", "draft"), ("reason", "The cellar is missing.")];
    assert_eq!(inspector.post(&path, &withdraw).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_done_once_and_an_altered_one_again() {
    let house = House::new().await;
    let mut inspector = house.signed_in(Role::Inspector).await;
    let path = start(&mut inspector, "Old mill").await;
    let request = uuid::Uuid::now_v7().to_string();
    // A double press, and then the browser's back button and another title.
    for (title, sections) in [("Roof", 1), ("Roof", 1), ("Stairs", 2), ("Stairs", 2)] {
        let add = [("do", "add-section"), ("title", title), ("request", &request)];
        assert_eq!(inspector.post(&path, &add).await.status, StatusCode::SEE_OTHER);
        let id = domain::id::InspectionId(path.rsplit('/').next().unwrap().parse().unwrap());
        let inspection = house.store.inspection(id).await.unwrap().unwrap();
        assert_eq!(inspection.sections.len(), sections, "{title}");
    }
}
