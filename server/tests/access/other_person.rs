//! Tests of requests from pages that were rendered for another person than the one signed in now.

use crate::support::*;
use axum::http::{Method, StatusCode};
use domain::{inspection::Field, people::Role};

const SCRIPT: [(&str, &str); 2] =
    [("sec-fetch-site", "same-origin"), ("accept", "application/json")];

/// Returns the forms of a page that change something, each as its markup.
fn forms(body: &str) -> Vec<&str> {
    let all = body.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap());
    let tag = |form: &str| form.split_once('>').unwrap().0.to_owned();
    let exempt = ["action=\"/login\"", "/api/sign_out", "/api/set_theme"];
    all.filter(|form| {
        let tag = tag(form);
        tag.contains("method=\"post\"") && !exempt.iter().any(|action| tag.contains(action))
    })
    .collect()
}

#[tokio::test]
async fn every_form_names_the_person_of_its_page() {
    let house = House::new().await;
    let inspection = inspection(&house, "Riverside House").await;
    rename(&house, &inspection, "Hillside House").await;
    let (actor, id) = inspection;
    let mut inspector = house.browser();
    inspector.sign_in(Role::Inspector).await;
    let mut admin = house.signed_in(Role::Admin).await;
    let change = house.store.history(id, None, 1).await.unwrap()[0].id;

    let mut seen = 0;
    for path in [
        "/inspections/new".to_owned(),
        format!("/inspections/{id}"),
        format!("/inspections/{id}/history"),
        format!("/inspections/{id}/history?at={change}"),
        format!("/inspections/{id}/undo?change={change}"),
        "/changes".to_owned(),
        "/changes?group=inspection".to_owned(),
        "/users".to_owned(),
        format!("/users/{}", actor.id),
        "/account".to_owned(),
        "/settings/organisation".to_owned(),
    ] {
        for browser in [&mut inspector, &mut admin] {
            let page = browser.get(&path).await;
            for form in forms(&page.body) {
                seen += 1;
                assert!(form.contains("page-person"), "{path}: <form{form}");
            }
        }
    }
    assert!(seen >= 30, "{seen} forms seen");
}

#[tokio::test]
async fn a_form_of_another_person_s_page_is_refused_with_its_texts() {
    let house = House::new().await;
    let (actor, id) = inspection(&house, "Riverside House").await;
    let mut browser = house.browser();
    browser.sign_in(Role::Inspector).await;
    let path = format!("/inspections/{id}");
    let page = browser.get(&path).await;
    let person = page.input("page-person").to_owned();
    assert_eq!(person, actor.id.to_string());

    // Another person signs in in another tab of the same browser.
    house.add(Role::Admin).await;
    browser.sign_in(Role::Admin).await;
    let edit = [("page-person", &*person), ("do", "edit"), ("name", "Hillside <b>House</b>")];
    let answer = browser.post(&path, &edit).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("Ada Admin has signed in"), "{}", answer.body);
    assert!(answer.body.contains("Hillside &lt;b&gt;House"), "{}", answer.body);
    assert!(!answer.body.contains("plumbline.a.js"), "{}", answer.body);

    let claim = [SCRIPT[0], SCRIPT[1], ("x-page-person", &*person)];
    let answer = browser.send(Method::POST, "/api/perform", "x=1", &claim).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let upload = format!("{path}/photos?page-person={person}");
    let answer = browser.send(Method::POST, &upload, "", &SCRIPT).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("Ada Admin"), "{}", answer.body);
    let unreadable = [("page-person", "x"), ("do", "edit"), ("name", "Hillside House")];
    assert_eq!(browser.post(&path, &unreadable).await.status, StatusCode::CONFLICT);
    assert_eq!(house.store.history(id, None, 9).await.unwrap().len(), 1);

    // Their own page's form succeeds, and so does a request that is not from a page.
    let own = browser.get(&path).await.input("page-person").to_owned();
    let edit = [("page-person", &*own), ("do", "edit"), ("name", "Hillside House")];
    assert_eq!(browser.post(&path, &edit).await.status, StatusCode::SEE_OTHER);
    let plain = [("do", "edit"), ("name", "Lakeside House")];
    assert_eq!(browser.post(&path, &plain).await.status, StatusCode::SEE_OTHER);
    let history = house.store.history(id, None, 9).await.unwrap();
    assert_eq!(history.len(), 3);
    assert_eq!(history[0].record.fields, [Field::Name]);
}

#[tokio::test]
async fn a_link_to_a_report_names_the_person_of_its_page() {
    let house = House::new().await;
    house.add(Role::Inspector).await;
    let mut browser = house.browser();
    browser.sign_in(Role::Inspector).await;
    let page = browser.get("/account").await;
    let person = page.input("page-person").to_owned();
    let link = format!("/reports/7?page-person={person}");
    // There is none, which only the page's person is told.
    assert_eq!(browser.get(&link).await.status, StatusCode::NOT_FOUND);

    house.add(Role::Admin).await;
    browser.sign_in(Role::Admin).await;
    let answer = browser.get(&link).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("Ada Admin has signed in"), "{}", answer.body);
    assert!(answer.body.contains("href=\"/reports/7\""), "{}", answer.body);
    assert_eq!(browser.get("/reports/7?page-person=").await.status, StatusCode::CONFLICT);
    assert_eq!(browser.get("/reports/7").await.status, StatusCode::NOT_FOUND);
}
