//! Test support: a server with an inspection, and pictures to upload.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use chrono::{DateTime, Utc};
use domain::{
    change::{Change, Mutation},
    id::InspectionId,
    inspection::{Field, Inspection, Section, Value, Values},
    people::Role,
};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use server::{AppState, Settings, Site, Stopping, router};
use service::reports::{Renderer, ReportMaker};
use std::{io::Cursor, net::IpAddr};
use store::{Clock, NewUser, SignIn, Store};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

const PASSWORD: &str = "a long enough password";

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) renderer: Renderer,
    pub(crate) clock: Clock,
    pub(crate) folder: TempDir,
    pub(crate) inspection: InspectionId,
    pub(crate) inspector: Person,
    router: Router,
}

/// A signed-in person.
pub(crate) struct Person {
    pub(crate) actor: domain::people::Actor,
    pub(crate) token: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-12T09:00:00Z".parse().unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let database = format!("sqlite://{}", path("plumbline.db").display());
        let store = Store::open(&database, path("objects").to_str().unwrap()).await.unwrap();
        store.migrate().await.unwrap();
        std::fs::create_dir(path("site")).unwrap();
        std::fs::write(path("site/hash.txt"), "js: a\nwasm: b\ncss: c\n").unwrap();
        let site = Site::open(&path("site")).unwrap();
        let clock = Clock::fixed(now());
        let renderer = Renderer::running(env!("CARGO_BIN_EXE_plumbline").into());
        let settings = Settings { renderer: renderer.clone(), ..Settings::default() };
        let state = AppState::new(store.clone(), clock, site, settings, Stopping::channel().1);
        let inspector = enrol(&store, "ines@example.org", Role::Inspector).await;
        let mut world = Self {
            router: router(state),
            store,
            renderer,
            clock,
            folder,
            inspection: InspectionId(0),
            inspector,
        };
        let values = Values::new().with(Field::Name, Value::text("Riverside House"));
        let actor = world.inspector.actor.clone();
        let mut work = world.store.begin(&actor, Uuid::now_v7(), now()).await.unwrap();
        world.inspection = work.create(values).await.unwrap().inspection_id;
        work.commit().await.unwrap();
        world
    }

    /// Returns the maker of reports.
    pub(crate) fn maker(&self) -> ReportMaker<'_> {
        ReportMaker { store: &self.store, renderer: &self.renderer, clock: self.clock }
    }

    pub(crate) async fn enrol(&self, email: &str, role: Role) -> Person {
        enrol(&self.store, email, role).await
    }

    pub(crate) async fn perform(&self, mutation: Mutation) -> Change {
        let actor = &self.inspector.actor;
        let mut work = self.store.begin(actor, Uuid::now_v7(), now()).await.unwrap();
        let change = work.perform(self.inspection, None, mutation).await.unwrap().unwrap();
        work.commit().await.unwrap();
        change
    }

    pub(crate) async fn add_section(&self, title: &str) -> Change {
        let section = Section { title: title.into(), ..Section::default() };
        self.perform(Mutation::AddSection { section, position: None, photos: vec![] }).await
    }

    pub(crate) async fn inspection(&self) -> Inspection {
        self.store.inspection(self.inspection).await.unwrap().unwrap()
    }

    pub(crate) async fn history(&self) -> Vec<Change> {
        self.store.history(self.inspection, None, 100).await.unwrap()
    }

    /// Sends a request like the browser of `person` from a page of the application.
    pub(crate) async fn send(
        &self,
        person: &Person,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Answer {
        let request = request
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header(header::COOKIE, format!("plumbline={}", person.token))
            .body(body)
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Answer {
        self.send(person, Request::get(path), Body::empty()).await
    }

    /// Uploads like the page's script.
    pub(crate) async fn upload(&self, person: &Person, form: Form) -> Answer {
        self.upload_for(person, form, "application/json").await
    }

    pub(crate) async fn upload_for(&self, person: &Person, form: Form, accept: &str) -> Answer {
        let path = format!("/inspections/{}/photos", self.inspection);
        self.post_form(person, &path, form, accept).await
    }

    /// Sends a multipart form.
    pub(crate) async fn post_form(
        &self,
        person: &Person,
        path: &str,
        form: Form,
        accept: &str,
    ) -> Answer {
        let request = Request::post(path)
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        self.send(person, request, Body::from(form.end())).await
    }
}

async fn enrol(store: &Store, email: &str, role: Role) -> Person {
    let new = NewUser {
        email: email.into(),
        name: format!("Person {email}"),
        role,
        password: PASSWORD.into(),
    };
    let user = store.add_user(&new, now()).await.unwrap();
    let address = IpAddr::from([127, 0, 0, 1]);
    let attempt = SignIn { email, password: PASSWORD, address, now: now() };
    let session = store.sign_in(attempt).await.unwrap().unwrap();
    let actor = domain::people::Actor { id: user.id, name: user.name, role: user.role };
    Person { actor, token: session.token }
}

const BOUNDARY: &str = "plumb-line-plumb-line";

/// A multipart form.
#[derive(Clone, Default)]
pub(crate) struct Form(Vec<u8>);

impl Form {
    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        self.0.extend_from_slice(part.as_bytes());
        self
    }

    pub(crate) fn file(self, name: &str, bytes: &[u8]) -> Self {
        self.file_in("photo", name, bytes)
    }

    /// Adds a file in the control of this name.
    pub(crate) fn file_in(mut self, control: &str, name: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{control}\"; filename=\"{name}\"\r\n\
             Content-Type: image/jpeg\r\n\r\n"
        );
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }
}

/// Returns a blue picture whose upper left quarter is red.
pub(crate) fn picture(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 2 && y < height / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }
    })
    .into()
}

pub(crate) fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(&picture(width, height), ImageFormat::Jpeg)
}

/// Returns a JPEG with an EXIF orientation, as written by a phone held upright.
pub(crate) fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff = [
        b'I',
        b'I',
        42,
        0,
        8,
        0,
        0,
        0, // header
        1,
        0, // one entry
        0x12,
        0x01,
        3,
        0,
        1,
        0,
        0,
        0,
        orientation,
        0,
        0,
        0, // orientation, a short
        0,
        0,
        0,
        0, // no more
    ];
    let length = u8::try_from(2 + 6 + tiff.len()).unwrap();
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend_from_slice(&[0xff, 0xe1, 0, length]);
    bytes.extend_from_slice(b"Exif\0\0");
    bytes.extend_from_slice(&tiff);
    bytes.extend_from_slice(&jpeg[2..]);
    bytes
}
