//! Test support: a server for each test, and browsers that visit it.

use axum::{
    Router,
    body::{Body, BodyDataStream, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, Method, Request, StatusCode, header, response::Parts},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    change::Mutation,
    id::{InspectionId, UserId},
    inspection::{Field, Photo, Target, Value, Values},
    people::{Actor, Role},
};
use futures::StreamExt;
use server::{AppState, Settings, Site, Stopping, router};
use service::reports::Renderer;
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};
use store::{Clock, NewUser, Store};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "plumb-the-depths";
pub(crate) const HOST: &str = "127.0.0.1:3000";

pub(crate) struct House {
    pub(crate) store: Store,
    folder: TempDir,
    settings: Settings,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(Settings::new(address("127.0.0.1:3000"), None, Vec::new())).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("plumbline.db").display());
        Self::open(&database, folder, settings).await
    }

    /// Opens a server on that database, which other servers may use as well.
    pub(crate) async fn open(database: &str, folder: TempDir, settings: Settings) -> Self {
        let path = |name: &str| folder.path().join(name);
        let store = Store::open(database, path("objects").to_str().unwrap()).await.unwrap();
        store.migrate().await.unwrap();
        for (name, text) in [
            ("site/hash.txt", "js: a\nwasm: b\ncss: c\n"),
            ("site/favicon.svg", "<svg/>"),
            ("site/pkg/plumbline.c.css", "body {}"),
            ("site/pkg/plumbline.c.css.br", "compressed"),
        ] {
            std::fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            std::fs::write(path(name), text).unwrap();
        }
        let renderer = Renderer::running(env!("CARGO_BIN_EXE_plumbline").into());
        Self { store, folder, settings: Settings { renderer, ..settings } }
    }

    /// Adds a person, whose name and e-mail address are derived from the role.
    pub(crate) async fn add(&self, role: Role) -> UserId {
        let new = NewUser {
            email: format!("{role}@example.org"),
            name: format!("Ada {}", role.label()),
            role,
            password: PASSWORD.into(),
        };
        self.store.add_user(&new, at(0)).await.unwrap().id
    }

    /// Adds a person and returns a browser in which they are signed in.
    pub(crate) async fn signed_in(&self, role: Role) -> Browser {
        self.add(role).await;
        let mut browser = self.browser();
        browser.sign_in(role).await;
        browser
    }

    /// Returns a new browser.
    pub(crate) fn browser(&self) -> Browser {
        self.browser_at("192.0.2.7", 0)
    }

    /// Returns a browser at an address, this many seconds into the test.
    pub(crate) fn browser_at(&self, peer: &str, seconds: i64) -> Browser {
        let site = Site::open(&self.folder.path().join("site")).unwrap();
        let clock = Clock::fixed(at(seconds));
        let state = AppState::new(
            self.store.clone(),
            clock,
            site,
            self.settings.clone(),
            Stopping::channel().1,
        );
        Browser {
            router: router(state),
            cookies: BTreeMap::new(),
            peer: SocketAddr::new(peer.parse::<IpAddr>().unwrap(), 50_000),
        }
    }
}

/// Returns an inspection of that name, by an inspector added for it.
pub(crate) async fn inspection(house: &House, name: &str) -> (Actor, InspectionId) {
    let id = house.add(Role::Inspector).await;
    let actor = Actor { id, name: "Ada Inspector".into(), role: Role::Inspector };
    let mut work = house.store.begin(&actor, Uuid::now_v7(), at(1)).await.unwrap();
    let values = Values::default().with(Field::Name, Value::text(name));
    let change = work.create(values).await.unwrap();
    work.commit().await.unwrap();
    (actor, change.inspection_id)
}

pub(crate) async fn rename(house: &House, (actor, id): &(Actor, InspectionId), name: &str) {
    let mut work = house.store.begin(actor, Uuid::now_v7(), at(2)).await.unwrap();
    let values = Values::default().with(Field::Name, Value::text(name));
    work.perform(*id, None, Mutation::Edit { target: Target::Inspection, values }).await.unwrap();
    work.commit().await.unwrap();
}

/// Opens the live stream.
pub(crate) async fn follow(browser: &mut Browser) -> BodyDataStream {
    let (parts, body): (_, Body) = browser.open("/live", &[]).await;
    assert_eq!(parts.status, StatusCode::OK);
    assert_eq!(parts.headers[header::CONTENT_TYPE], "text/event-stream");
    // Otherwise a proxy buffers notices.
    assert_eq!(parts.headers["x-accel-buffering"], "no");
    assert_eq!(parts.headers[header::CACHE_CONTROL], "no-store");
    let mut stream = body.into_data_stream();
    // An initial event, because Firefox considers the stream open only after one.
    let first = stream.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: here\ndata: {\"last\":"), "{first:?}");
    stream
}

/// Reads a stream up to an event of that name and returns the event's lines.
pub(crate) async fn next(stream: &mut BodyDataStream, event: &str) -> String {
    let mut text = String::new();
    loop {
        let chunk = stream.next().await.expect("the stream goes on").unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        let found = text.split("\n\n").find(|it| it.contains(&format!("event: {event}")));
        if let Some(found) = found {
            return found.to_owned();
        }
    }
}

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    let morning: DateTime<Utc> = "2026-03-12T09:00:00Z".parse().unwrap();
    morning + TimeDelta::seconds(seconds)
}

pub(crate) fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// A browser that keeps cookies and sends a browser's headers.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    peer: SocketAddr,
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "", &[("sec-fetch-site", "none")]).await
    }

    /// Submits a plain form from a page of this site.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields.iter().copied())
            .finish();
        self.send(Method::POST, path, &form, &[("sec-fetch-site", "same-origin")]).await
    }

    pub(crate) async fn sign_in(&mut self, role: Role) {
        let email = format!("{role}@example.org");
        let answer = self.post("/login", &[("email", &email), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.send_bytes(method, path, body.as_bytes(), headers).await
    }

    /// Sends a binary body. Invalid UTF-8 in the answer is replaced.
    pub(crate) async fn send_bytes(
        &mut self,
        method: Method,
        path: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> Answer {
        let (parts, body) = self.begin(method, path, body, headers).await;
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Begins to read an answer to a script of this site, which may never end.
    pub(crate) async fn open(&mut self, path: &str, headers: &[(&str, &str)]) -> (Parts, Body) {
        let own = [("sec-fetch-site", "same-origin"), ("accept", "text/event-stream")];
        self.begin(Method::GET, path, b"", &[&own, headers].concat()).await
    }

    async fn begin(
        &mut self,
        method: Method,
        path: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> (Parts, Body) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, HOST)
            .extension(ConnectInfo(self.peer));
        if !headers.iter().any(|(name, _)| *name == "accept") {
            request = request.header(header::ACCEPT, "text/html,application/xhtml+xml");
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in &self.cookies {
            request = request.header(header::COOKIE, format!("{name}={value}"));
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match value {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.into(), value.into()),
            };
        }
        (parts, body)
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// Returns a photo of one pixel; its file is not stored.
pub(crate) fn photo(name: impl Into<String>, caption: impl Into<String>) -> Photo {
    Photo {
        name: name.into(),
        caption: caption.into(),
        sha256: "0".repeat(64),
        media_type: "image/jpeg".into(),
        bytes: 1,
        width: 1,
        height: 1,
        ..Photo::default()
    }
}

impl Answer {
    pub(crate) fn header(&self, name: impl AsRef<str>) -> &str {
        let name: HeaderName = name.as_ref().parse().unwrap();
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the target of a redirect.
    pub(crate) fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// Returns the value of the `<input>` of that name.
    pub(crate) fn input(&self, name: &str) -> &str {
        let named = format!("name=\"{name}\"");
        let tag = self.body.split('<').find(|tag| tag.starts_with("input") && tag.contains(&named));
        let value = tag.and_then(|tag| tag.split_once("value=\""));
        value.and_then(|(_, rest)| rest.split_once('"')).map_or("", |(value, _)| value)
    }
}
