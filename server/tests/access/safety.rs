//! Tests of security headers, and of the checks on every route.

use crate::support::{House, address};
use app::{error::AppError, wire::Wire};
use axum::{
    body::to_bytes,
    http::{Method, StatusCode, header},
};
use domain::people::Role;
use leptos::server_fn::{Encodes, axum::server_fn_paths};
use server::Settings;

#[tokio::test]
async fn a_page_runs_its_own_scripts_alone() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Admin).await;
    let mut nonces = Vec::new();
    for path in ["/login", "/", "/inspections", "/changes", "/users", "/nowhere"] {
        let page = match path {
            "/login" => house.browser().get(path).await,
            path => browser.get(path).await,
        };
        let policy = page.header(header::CONTENT_SECURITY_POLICY);
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        for part in ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let scripts: Vec<_> = page.body.split("<script").skip(1).collect();
        assert!(!scripts.is_empty(), "{path}");
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{path}: {script}");
        }
        let tags = page.body.split('<').map(|tag| tag.split('>').next().unwrap_or_default());
        for tag in tags {
            assert!(!tag.contains(" style=\"") && !tag.contains(" onclick="), "{path}: {tag}");
        }
        nonces.push(nonce);
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 6, "each answer has its own");
}

#[tokio::test]
async fn every_answer_says_how_far_to_trust_it() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    let paths =
        ["/", "/login?next=/", "/nowhere", "/healthz", "/favicon.svg", "/pkg/plumbline.c.css"];
    for path in paths {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=(self)"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
    }

    let origin = "https://plumbline.example.org".parse().unwrap();
    let settings = Settings::new(address("127.0.0.1:3000"), Some(origin), Vec::new());
    let answer = House::with(settings).await.browser().get("/login").await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn pages_are_not_kept_and_hashed_files_are() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    for path in ["/", "/inspections", "/login", "/nowhere"] {
        let cached = browser.get(path).await.header(header::CACHE_CONTROL).to_owned();
        assert_eq!(cached, "private, no-store", "{path}");
    }
    let file = browser.get("/pkg/plumbline.c.css").await;
    assert_eq!(file.body, "body {}");
    assert_eq!(file.header(header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    let brotli = [("accept-encoding", "gzip, br")];
    let file = browser.send(Method::GET, "/pkg/plumbline.c.css", "", &brotli).await;
    assert_eq!((file.body.as_str(), file.header(header::CONTENT_ENCODING)), ("compressed", "br"));
    assert_eq!(file.header(header::CONTENT_TYPE), "text/css");

    let gone = browser.get("/pkg/plumbline.old.css").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert_eq!(gone.header(header::CACHE_CONTROL), "private, no-store");
    assert_eq!(browser.get("/hash.txt").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/pkg/../hash.txt").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_are_compressed_for_those_who_can_read_that() {
    let house = House::new().await;
    let plain = house.browser().get("/login").await;
    assert_eq!(plain.header(header::CONTENT_ENCODING), "");
    let (parts, body) = house.browser().open("/login", &[("accept-encoding", "gzip")]).await;
    assert_eq!(parts.headers[header::CONTENT_ENCODING], "gzip");
    assert!(to_bytes(body, usize::MAX).await.unwrap().len() < plain.body.len() / 2);
}

#[tokio::test]
async fn what_stands_nowhere_is_not_found() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    let page = browser.get("/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("There is no page at this address."));
}

#[tokio::test]
async fn no_server_function_listens_to_other_sites() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Admin).await;
    let mut asked = 0;
    for (path, method) in server_fn_paths() {
        if method == Method::GET {
            continue;
        }
        for site in ["cross-site", "same-site"] {
            let headers = [("sec-fetch-site", site)];
            let answer = browser.send(method.clone(), path, "", &headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} from {site}");
        }
        asked += 1;
    }
    assert!(asked > 5, "{asked} functions were asked");
}

#[tokio::test]
async fn no_server_function_answers_a_stranger() {
    let house = House::new().await;
    let open = ["/api/current_user", "/api/set_theme", "/api/sign_out"];
    // The answers to a script, and to a form sent by a script.
    let said = ["\"SignInNeeded\"".to_owned(), {
        let bytes = Wire::encode(&AppError::SignInNeeded).unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }];
    let mut closed = 0;
    for (path, method) in server_fn_paths() {
        if open.iter().any(|open| path.starts_with(open)) {
            continue;
        }
        let headers = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
        let answer = house.browser().send(method.clone(), path, "", &headers).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(said.contains(&answer.body), "{path}: {:?}", answer.body);
        let headers = [("sec-fetch-site", "same-origin")];
        let answer = house.browser().send(method, path, "", &headers).await;
        assert_eq!(answer.location(), "/login", "{path}");
        closed += 1;
    }
    assert!(closed > 5, "{closed} functions are closed");
}

#[tokio::test]
async fn what_cannot_be_read_is_the_askers_fault() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Admin).await;
    for (path, method) in server_fn_paths() {
        let headers = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
        let answer = browser.send(method, path, "%ff=\u{1}{", &headers).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
        assert!(!answer.body.contains("panicked"), "{path}");
    }
}

#[tokio::test]
async fn scripts_are_told_to_sign_in_and_people_are_led_there() {
    let house = House::new().await;
    let mut browser = house.browser();
    let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin")];
    let answer = browser.send(Method::POST, "/inspections/1/photos", "x=y", &headers).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.body, r#"{"message":"Your session has ended. Sign in to go on."}"#);
    for path in ["/photos/1", "/reports/1", "/users/1", "/changes.csv"] {
        let answer = browser.get(path).await;
        assert!(answer.location().starts_with("/login?next="), "{path}: {}", answer.location());
    }
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn links_from_elsewhere_lead_to_pages() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Inspector).await;
    let headers = [("sec-fetch-site", "cross-site")];
    let answer = browser.send(Method::GET, "/inspections", "", &headers).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_has_its_limit() {
    let house = House::new().await;
    let mut browser = house.signed_in(Role::Admin).await;
    let name = "a".repeat(2 * 1024 * 1024);
    let answer = browser.post("/users", &[("name", &name)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
