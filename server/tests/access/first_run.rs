//! Tests of a new server, and of one that runs with `--demo`.

use crate::support::{House, PASSWORD, address, at};
use app::auth::DemoAccount;
use axum::http::StatusCode;
use domain::people::Role;
use server::Settings;
use store::{NewUser, SetUpLink};

/// Returns a server without accounts, and the secret of its set-up link.
async fn new_house() -> (House, String) {
    let (link, token) = SetUpLink::new().unwrap();
    let mut settings = Settings::new(address("127.0.0.1:3000"), None, Vec::new());
    settings.set_up = Some(link);
    (House::with(settings).await, token)
}

const NOBODY: &str = "Nobody has an account yet";

fn typed<'a>(token: &'a str, password: &'a str) -> [(&'static str, &'a str); 4] {
    [("token", token), ("name", "Ada Mortar"), ("email", "ada@example.org"), ("password", password)]
}

#[tokio::test]
async fn the_set_up_link_makes_the_first_admin_and_works_once() {
    let (house, token) = new_house().await;
    let mut browser = house.browser();
    assert!(browser.get("/login").await.body.contains(NOBODY));
    let page = browser.get(&format!("/setup?token={token}")).await;
    assert_eq!((page.status, page.input("token")), (StatusCode::OK, &*token));

    let refused = browser.post("/setup", &typed(&token, "short")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.input("email"), "ada@example.org");
    assert_eq!(refused.input("name"), "Ada Mortar");
    assert!(house.store.users().await.unwrap().is_empty());

    let made = browser.post("/setup", &typed(&token, PASSWORD)).await;
    assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, "/"));
    let users = house.store.users().await.unwrap();
    assert_eq!((users.len(), users[0].role, &*users[0].name), (1, Role::Admin, "Ada Mortar"));
    let start = browser.get("/").await.body;
    for words in ["First steps", "Add your team", "Start an inspection"] {
        assert!(start.contains(words), "{words}");
    }

    let mut other = house.browser();
    let again = other.post("/setup", &typed(&token, PASSWORD)).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get(&format!("/setup?token={token}")).await.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/login").await.body.contains(NOBODY));
    assert_eq!(house.store.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_secret_makes_no_account() {
    let (house, token) = new_house().await;
    let mut browser = house.browser();
    for wrong in ["", "0", &token[1..]] {
        let page = browser.get(&format!("/setup?token={wrong}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
        let refused = browser.post("/setup", &typed(wrong, PASSWORD)).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert!(house.store.users().await.unwrap().is_empty());
    assert_eq!(browser.get(&format!("/setup?token={token}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_link_makes_no_second_admin_where_somebody_was_added_otherwise() {
    let (house, token) = new_house().await;
    house.add(Role::Admin).await;
    let refused = house.browser().post("/setup", &typed(&token, PASSWORD)).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(house.store.users().await.unwrap().len(), 1);
    assert!(!house.browser().get("/login").await.body.contains(NOBODY));
}

#[tokio::test]
async fn of_many_at_once_one_becomes_the_first_admin() {
    let house = House::new().await;
    let make = |nth: i64| {
        let new = NewUser {
            email: format!("{nth}@example.org"),
            name: format!("Person {nth}"),
            role: Role::Admin,
            password: PASSWORD.into(),
        };
        let store = house.store.clone();
        async move { store.add_first_admin(&new, at(nth)).await.unwrap() }
    };
    let made = futures::future::join_all((1..=4).map(make)).await;
    assert_eq!(made.iter().flatten().count(), 1);
    assert_eq!(house.store.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn only_a_demo_offers_its_accounts() {
    let house = House::new().await;
    house.add(Role::Inspector).await;
    assert!(!house.browser().get("/login").await.body.contains(PASSWORD));

    let mut settings = Settings::new(address("127.0.0.1:3000"), None, Vec::new());
    settings.demo = vec![DemoAccount {
        role: Role::Inspector,
        name: "Ines Lintel".into(),
        email: "inspector@example.org".into(),
        password: PASSWORD.into(),
    }];
    let house = House::with(settings).await;
    house.add(Role::Inspector).await;
    let page = house.browser().get("/login?next=/inspections").await.body;
    assert!(page.contains("Demo accounts") && page.contains("Inspector: Ines Lintel"), "{page}");
}
