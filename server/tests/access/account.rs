//! Tests of `/account`: people change their own password, if they know the present one.

use crate::support::{Browser, House, PASSWORD};
use axum::http::{StatusCode, header};
use domain::people::Role;

const NEW: &str = "another-long-password";

async fn changes(browser: &mut Browser, current: &str, new: &str) -> crate::support::Answer {
    browser.post("/account", &[("current", current), ("new", new)]).await
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn everybody_changes_their_own_and_other_sessions_end() {
    for role in Role::ALL {
        let house = House::new().await;
        let mut browser = house.signed_in(role).await;
        let mut elsewhere = house.browser();
        elsewhere.sign_in(role).await;
        let page = browser.get("/").await;
        assert!(page.body.contains("href=\"/account\""), "{role}: the menu leads there");

        let done = changes(&mut browser, PASSWORD, NEW).await;
        assert_eq!(done.location(), "/account?done=password", "{role}: {}", done.body);
        let page = browser.get(done.location()).await;
        assert!(page.body.contains("Your password was changed."), "{role}");
        assert!(is_signed_in(&mut browser).await && !is_signed_in(&mut elsewhere).await);

        let email = format!("{role}@example.org");
        for (password, status) in
            [(PASSWORD, StatusCode::UNPROCESSABLE_ENTITY), (NEW, StatusCode::SEE_OTHER)]
        {
            let fields = [("email", &*email), ("password", password)];
            assert_eq!(house.browser().post("/login", &fields).await.status, status, "{role}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_changes_nothing() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    for (current, new, words) in [
        ("a wrong guess", NEW, "This is not the password that you have now."),
        (PASSWORD, "short", "Use at least 12 characters"),
        ("", "", "Use at least 12 characters"),
    ] {
        let answer = changes(&mut browser, current, new).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
        assert!(answer.body.contains("aria-invalid=\"true\""), "{words}");
        assert!(!answer.body.contains(NEW) && !answer.body.contains("a wrong guess"));
    }
    house.browser().sign_in(Role::Inspector).await;
}

#[tokio::test]
async fn whoever_found_an_open_session_cannot_guess_for_long() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    for _ in 0..5 {
        let answer = changes(&mut browser, "a wrong guess", NEW).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let slowed = changes(&mut browser, PASSWORD, NEW).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(slowed.header(header::RETRY_AFTER), "5");
    assert!(slowed.body.contains("Too many tries. Wait 5 seconds."));
}

#[tokio::test]
async fn it_is_not_for_strangers_and_not_for_other_sites() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    let form = format!("current={PASSWORD}&new={NEW}");
    let headers = [("sec-fetch-site", "cross-site")];
    let answer = browser.send(axum::http::Method::POST, "/account", &form, &headers).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = changes(&mut house.browser(), PASSWORD, NEW).await;
    assert_eq!(answer.location(), "/login");
    house.browser().sign_in(Role::Inspector).await;
}
