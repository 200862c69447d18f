//! Tests of signing in and out.

use crate::support::{HOST, House, PASSWORD, address};
use app::auth::SignOut;
use axum::http::{Method, StatusCode, header};
use domain::people::Role;
use leptos::server_fn::ServerFn;
use server::Settings;

#[tokio::test]
async fn whoever_is_signed_out_is_asked_to_sign_in_and_led_back() {
    let house = House::new().await;
    house.add(Role::Reviewer).await;
    let mut browser = house.browser();

    let asked = browser.get("/changes?action=edit&q=roof").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert_eq!(asked.location(), "/login?next=%2Fchanges%3Faction%3Dedit%26q%3Droof");

    let page = browser.get(asked.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.input("next"), "/changes?action=edit&amp;q=roof");

    let fields = [
        ("email", " Reviewer@Example.org"),
        ("password", PASSWORD),
        ("next", "/changes?action=edit&q=roof"),
    ];
    let signed_in = browser.post("/login", &fields).await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER);
    assert_eq!(signed_in.location(), "/changes?action=edit&q=roof");
    assert_eq!(browser.get("/changes?state=").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach() {
    let house = House::new().await;
    house.add(Role::Inspector).await;
    let fields = [("email", "inspector@example.org"), ("password", PASSWORD)];
    let answer = house.browser().post("/login", &fields).await;
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.starts_with("plumbline="), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=5184000"), "{cookie}");

    let origin = "https://plumbline.example.org".parse().unwrap();
    let settings = Settings::new(address("127.0.0.1:3000"), Some(origin), Vec::new());
    let house = House::with(settings).await;
    house.add(Role::Inspector).await;
    let answer = house.browser().post("/login", &fields).await;
    let cookie = answer.header(header::SET_COOKIE);
    assert!(cookie.starts_with("__Host-plumbline="), "{cookie}");
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=5184000"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_wrong_password_brings_the_page_back_as_it_was() {
    let house = House::new().await;
    house.add(Role::Inspector).await;
    let typed = [
        ("email", "\"><script>alert(1)</script>@example.org"),
        ("password", "a wrong guess"),
        ("next", "/inspections"),
    ];
    let answer = house.browser().post("/login", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("role=\"alert\""));
    assert!(answer.body.contains("Wrong e-mail or password."));
    assert!(answer.input("email").ends_with("@example.org"), "{}", answer.input("email"));
    assert_eq!(answer.input("next"), "/inspections");
    assert_eq!(answer.input("password"), "");
    assert!(!answer.body.contains("a wrong guess"));
    assert!(!answer.body.contains("<script>alert(1)"));
    assert_eq!(answer.header(header::SET_COOKIE), "");
}

#[tokio::test]
async fn too_many_tries_have_to_wait() {
    let house = House::new().await;
    house.add(Role::Inspector).await;
    let mut stranger = house.browser_at("198.51.100.9", 0);
    let wrong = [("email", "inspector@example.org"), ("password", "a wrong guess")];
    for _ in 0..5 {
        let answer = stranger.post("/login", &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let slowed = stranger.post("/login", &wrong).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(slowed.header(header::RETRY_AFTER), "5");
    assert!(slowed.body.contains("Too many tries. Wait 5 seconds."));
    assert_eq!(slowed.input("email"), "inspector@example.org");

    // The account's owner, at another address, is not affected.
    house.browser_at("192.0.2.7", 0).sign_in(Role::Inspector).await;
    house.browser_at("198.51.100.9", 5).sign_in(Role::Inspector).await;
}

#[tokio::test]
async fn only_a_trusted_proxy_says_where_a_try_comes_from() {
    let proxy = "10.0.0.1".parse().unwrap();
    let house = House::with(Settings::new(address("127.0.0.1:3000"), None, vec![proxy])).await;
    let wrong = "email=inspector%40example.org&password=a+wrong+guess";
    let mut tries = Vec::new();
    for peer in ["198.51.100.9", "10.0.0.1"] {
        let mut browser = house.browser_at(peer, 0);
        for host in 1..=6 {
            let forwarded = format!("203.0.113.{host}");
            let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", &*forwarded)];
            let answer = browser.send(Method::POST, "/login", wrong, &headers).await;
            tries.push(answer.status.as_u16());
        }
    }
    assert_eq!(tries, [422, 422, 422, 422, 422, 429, 422, 422, 422, 422, 422, 422]);
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    let house = House::new().await;
    house.add(Role::Inspector).await;
    for next in ["https://example.com/", "//example.com", "/\\example.com", "/\n/example.com"] {
        let fields = [("email", "inspector@example.org"), ("password", PASSWORD), ("next", next)];
        let answer = house.browser().post("/login", &fields).await;
        assert_eq!(answer.location(), "/", "{next:?}");
        let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = house.browser().get(&format!("/login?next={query}")).await;
        assert_eq!(page.input("next"), "/", "{next:?}");
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    let kept = browser.clone();
    assert_eq!(browser.get("/inspections").await.status, StatusCode::OK);

    let answer = browser.post(SignOut::PATH, &[]).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(answer.location(), "/login");
    assert!(browser.cookies.is_empty());

    // A kept cookie is useless.
    for mut browser in [browser, kept] {
        let answer = browser.get("/inspections").await;
        assert_eq!(answer.location(), "/login?next=%2Finspections");
    }
}

#[tokio::test]
async fn whoever_is_signed_in_is_led_past_the_sign_in_page() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    for (page, leads) in [
        ("/login", "/"),
        ("/login?next=%2Finspections%3Fq%3Droof", "/inspections?q=roof"),
        ("/login?next=%2F%2Fexample.com", "/"),
    ] {
        assert_eq!(browser.get(page).await.location(), leads, "{page}");
    }
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    let mut before = browser.clone();
    browser.sign_in(Role::Inspector).await;
    assert_eq!(browser.get("/inspections").await.status, StatusCode::OK);
    assert_eq!(before.get("/inspections").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_disabled_account_is_told_so_only_with_its_password() {
    let house = House::new().await;
    let id = house.add(Role::Inspector).await;
    house.store.set_disabled(id, true, crate::support::at(0)).await.unwrap();
    for (password, status) in
        [(PASSWORD, StatusCode::FORBIDDEN), ("a wrong guess", StatusCode::UNPROCESSABLE_ENTITY)]
    {
        let fields = [("email", "inspector@example.org"), ("password", password)];
        let answer = house.browser().post("/login", &fields).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn a_sign_in_from_another_site_is_refused() {
    let house = House::new().await;
    house.add(Role::Inspector).await;
    let form = format!("email=inspector%40example.org&password={PASSWORD}");
    let origin = format!("http://{HOST}");
    let sent: [&[(&str, &str)]; 5] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", &origin)],
        &[("origin", "http://example.com")],
        &[("origin", "null")],
    ];
    for headers in sent {
        let answer = house.browser().send(Method::POST, "/login", &form, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let headers = [("origin", &*origin)];
    let answer = house.browser().send(Method::POST, "/login", &form, &headers).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}
