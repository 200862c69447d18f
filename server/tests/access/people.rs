//! Tests of `/users`: only admins may use it, and never on their own account.

use crate::support::{House, PASSWORD, at};
use axum::http::StatusCode;
use domain::people::Role;

#[tokio::test]
async fn others_are_kept_out() {
    for role in [Role::Inspector, Role::Reviewer] {
        let house = House::new().await;
        let admin = house.add(Role::Admin).await;
        let mut browser = house.signed_in(role).await;
        let person = format!("/users/{admin}");
        for path in ["/users", &person] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{role} {path}");
            assert!(page.body.contains("Only admins manage people."));
            assert!(!page.body.contains("admin@example.org"));
        }
        let new = [
            ("name", "Eve"),
            ("email", "eve@example.org"),
            ("role", "admin"),
            ("password", PASSWORD),
        ];
        assert_eq!(browser.post("/users", &new).await.status, StatusCode::FORBIDDEN);
        for form in ["name", "role", "password", "disable", "enable", "delete"] {
            let fields =
                [("form", form), ("name", "X"), ("role", "inspector"), ("password", PASSWORD)];
            let answer = browser.post(&person, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role} {form}");
        }
        let users = house.store.users().await.unwrap();
        assert_eq!(users.len(), 2);
        assert!(users.iter().any(|user| user.id == admin && user.name == "Ada Admin"));
    }
}

#[tokio::test]
async fn somebody_is_added_and_signs_in() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let new = [
        ("name", "Ines  Lintel"),
        ("email", "Inspector@example.org"),
        ("role", "inspector"),
        ("password", PASSWORD),
    ];
    let answer = admin.post("/users", &new).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = admin.get(answer.location()).await;
    assert!(page.body.contains("Ines Lintel was added and can sign in now."));
    house.browser().sign_in(Role::Inspector).await;
}

#[tokio::test]
async fn a_form_that_fails_comes_back_as_it_was() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let typed = [
        ("name", "Ines Lintel"),
        ("email", "Admin@example.org"),
        ("role", "reviewer"),
        ("password", "a-secret-to-forget"),
    ];
    let answer = admin.post("/users", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Somebody has this e-mail address."));
    assert_eq!(answer.input("name"), "Ines Lintel");
    assert_eq!(answer.input("email"), "Admin@example.org");
    assert!(answer.body.contains("<option value=\"reviewer\" selected"));
    assert!(!answer.body.contains("a-secret-to-forget"));

    let id = house.add(Role::Inspector).await;
    let short = [("form", "password"), ("password", "short")];
    let answer = admin.post(&format!("/users/{id}"), &short).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Use at least 12 characters"));
    assert!(answer.body.contains("aria-invalid=\"true\""));
}

#[tokio::test]
async fn a_change_of_role_holds_from_the_next_request() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let mut person = house.signed_in(Role::Inspector).await;
    let id = house.store.user_by_email("inspector@example.org").await.unwrap().unwrap().id;
    assert_eq!(person.get("/changes").await.status, StatusCode::FORBIDDEN);
    let answer =
        admin.post(&format!("/users/{id}"), &[("form", "role"), ("role", "reviewer")]).await;
    assert_eq!(answer.location(), format!("/users/{id}?done=role"));
    assert_eq!(person.get("/changes?state=").await.status, StatusCode::OK);
}

#[tokio::test]
async fn disabling_ends_sessions_at_once_and_enabling_lets_in_again() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let mut person = house.signed_in(Role::Inspector).await;
    let id = house.store.user_by_email("inspector@example.org").await.unwrap().unwrap().id;
    let page = format!("/users/{id}");
    admin.post(&page, &[("form", "disable")]).await;
    assert_eq!(person.get("/inspections").await.status, StatusCode::SEE_OTHER);
    let fields = [("email", "inspector@example.org"), ("password", PASSWORD)];
    assert_eq!(person.post("/login", &fields).await.status, StatusCode::FORBIDDEN);
    admin.post(&page, &[("form", "enable")]).await;
    person.sign_in(Role::Inspector).await;
}

#[tokio::test]
async fn nobody_locks_themself_out() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let id = house.store.user_by_email("admin@example.org").await.unwrap().unwrap().id;
    let page = format!("/users/{id}");
    for form in ["disable", "delete", "role"] {
        let answer = admin.post(&page, &[("form", form), ("role", "inspector")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
        assert!(answer.body.contains("This is your own account."));
    }
    let user = house.store.user(id).await.unwrap().unwrap();
    assert_eq!((user.role, user.disabled_at), (Role::Admin, None));
}

#[tokio::test]
async fn deleting_names_the_person_and_asks_once() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let id = house.add(Role::Inspector).await;
    let page = admin.get(&format!("/users/{id}")).await;
    assert!(page.body.contains("Delete Ada Inspector? They can never sign in again."));
    assert!(page.body.contains("inspections and changes stay"));
    let answer = admin.post(&format!("/users/{id}"), &[("form", "delete")]).await;
    let after = admin.get(answer.location()).await;
    assert!(after.body.contains("The account was deleted. The changes made with it stay."));
    assert!(!after.body.contains("inspector@example.org"));
    assert_eq!(admin.get(&format!("/users/{id}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unknown_form_or_person_changes_nothing() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Admin).await;
    let answer = admin.post("/users/999", &[("form", "delete")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let id = house.store.users().await.unwrap()[0].id;
    for form in ["promote", "add", ""] {
        let answer = admin.post(&format!("/users/{id}"), &[("form", form)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(answer.body.contains("This page has no such form."), "{form}: {}", answer.body);
        assert!(answer.body.contains("Save name"), "{form}: the page is there");
    }
    assert_eq!(house.store.users().await.unwrap().len(), 1);
    assert!(house.store.session("", at(0)).await.unwrap().is_none());
}
