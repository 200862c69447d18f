//! Tests of permissions of all server functions. Each function must be in a table here, so a new
//! one fails the test until it is added, and so does one that does not check the caller.

use crate::support::{Answer, Browser, House, PASSWORD, at};
use app::wire::Wire;
use axum::http::{Method, StatusCode};
use domain::{
    change::Mutation,
    feed::EntryKey,
    id::{ChangeId, InspectionId},
    inspection::{Field, Section, Target, Value, Values},
    people::{Actor, Role},
};
use leptos::server_fn::{Encodes, axum::server_fn_paths};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::NewUser;
use uuid::Uuid;

/// A name that only the people concerned may see.
const NAME: &str = "Riverside House";

/// Answer of a function.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Answers {
    /// The requested data, as far as the caller may see it.
    Yes,
    /// A refusal.
    No(u16),
    /// A redirect to a page, with the error in its address.
    Back(&'static str),
}

use Answers::{Back, No, Yes};

/// A function by name, its request, and its answers.
type Row = (&'static str, fn(&Scene) -> Vec<u8>, Answers, Answers);

/// Requests to functions, with the answers to another inspector and to a reviewer. An admin may do
/// all of it, which shows that the requests are valid.
const TABLE: [Row; 26] = [
    ("act", |it| compact(&("", it.review())), No(403), Yes),
    ("activity", |_| compact(&("",)), No(403), Yes),
    ("blank", |_| Vec::new(), Yes, No(403)),
    ("cancel_report", |it| form(&[("inspection", &it.id), ("request", &new())]), No(404), Yes),
    ("changes", |_| compact(&("state=", None::<ChangeId>)), No(403), Yes),
    ("comparison", |it| form(&[("inspection", &it.id), ("query", "")]), No(404), Yes),
    ("entry", Scene::entry, No(403), Yes),
    ("filter_values", |_| compact(&()), No(403), Yes),
    ("forget_scripts", |_| Vec::new(), Yes, Yes),
    ("history", |it| compact(&(it.inspection, None::<ChangeId>)), No(404), Yes),
    ("inspections", |_| form(&[("query", "")]), Yes, Yes),
    ("news", |it| form(&[("inspection", &it.id), ("after", "0")]), No(404), Yes),
    ("offer_inspections", |_| compact(&("nothing",)), No(403), Yes),
    ("open", |it| form(&[("id", &it.id), ("query", "")]), No(404), Yes),
    ("organisation_settings", |_| Vec::new(), No(403), No(403)),
    ("past", |it| form(&[("inspection", &it.id), ("query", "")]), No(404), Yes),
    ("start_page_data", |_| Vec::new(), Yes, Yes),
    ("preview", |it| form(&[("inspection", &it.id), ("query", &it.query())]), No(404), Yes),
    ("reports_in_progress", |it| form(&[("inspection", &it.id)]), No(404), Yes),
    ("table_of_activity", |_| compact(&("",)), No(403), Yes),
    ("user", |it| form(&[("id", &it.owner.id.to_string())]), No(403), No(403)),
    ("users", |_| Vec::new(), No(403), No(403)),
    // Inspectors may create inspections of their own, and only they see the page for it.
    ("create", |_| form(&[("name", "Another"), ("request", &new())]), Yes, No(403)),
    // Requests that change the inspection come last.
    ("perform", Scene::edit, No(404), No(403)),
    ("create_report", |it| form(&[("inspection", &it.id), ("request", &new())]), No(404), Yes),
    ("perform_revert", Scene::undo, Back("/undo?"), Back("/undo?")),
];

/// Functions that need no session, because they concern only the caller.
const OPEN: [&str; 3] = ["current_user", "set_theme", "sign_out"];

/// Functions on objects that only some people may see: for others the objects do not exist.
const OWN: [(&str, &[(&str, &str)]); 3] = [
    ("delete_comment", &[("comment", "1")]),
    ("preview_request", &[("request", NOWHERE), ("query", "")]),
    ("undo_request", &[("of", NOWHERE), ("seen", "1")]),
];

const NOWHERE: &str = "0197f3a0-0000-7000-8000-000000000000";

/// An inspection with a section, by an inspector who does nothing more.
struct Scene {
    house: House,
    owner: Actor,
    inspection: InspectionId,
    id: String,
    section: ChangeId,
    head: ChangeId,
}

impl Scene {
    async fn new() -> Self {
        let house = House::new().await;
        let id = house.add(Role::Inspector).await;
        let owner = Actor { id, name: "Ada Inspector".into(), role: Role::Inspector };
        let mut work = house.store.begin(&owner, Uuid::now_v7(), at(1)).await.unwrap();
        let values = Values::new().with(Field::Name, Value::text(NAME));
        let inspection = work.create(values).await.unwrap().inspection_id;
        let section = Section { title: "Roof".into(), ..Section::default() };
        let section = Mutation::AddSection { section, position: None, photos: Vec::new() };
        let section = work.perform(inspection, None, section).await.unwrap().unwrap().id;
        work.commit().await.unwrap();
        let id = inspection.to_string();
        Self { house, owner, inspection, id, section, head: section }
    }

    async fn head(&self) -> ChangeId {
        self.house.store.inspection(self.inspection).await.unwrap().unwrap().head
    }

    fn query(&self) -> String {
        format!("change={}", self.section)
    }

    fn review(&self) -> Vec<(String, String)> {
        vec![("do".into(), "reviewed".into()), ("change".into(), self.section.to_string())]
    }

    fn undo(&self) -> Vec<u8> {
        let (change, expected) = (self.section.to_string(), self.head.to_string());
        let fields = [("inspection", &*self.id), ("change", &change), ("expected", &expected)];
        form(&[&fields[..], &[("request", new().as_str())]].concat())
    }

    fn edit(&self) -> Vec<u8> {
        let values = Values::new().with(Field::Client, Value::text("Taken"));
        let edit = Mutation::Edit { target: Target::Inspection, values };
        compact(&(self.inspection, self.head, Uuid::now_v7(), edit))
    }

    fn entry(&self) -> Vec<u8> {
        compact(&("", EntryKey::Inspection(self.inspection), ChangeId(i64::MAX)))
    }
}

fn new() -> String {
    Uuid::now_v7().to_string()
}

fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
}

fn compact<T: Serialize>(arguments: &T) -> Vec<u8> {
    Wire::encode(arguments).unwrap().to_vec()
}

/// Returns the functions by name, with path and method.
fn functions() -> BTreeMap<String, (&'static str, Method)> {
    let mut functions = BTreeMap::new();
    for (path, method) in server_fn_paths() {
        let name = path.trim_start_matches("/api/").to_owned();
        let earlier = functions.insert(name, (path, method));
        assert!(earlier.is_none(), "two functions are named {path}");
    }
    functions
}

/// Calls a function like a page's script.
async fn call(browser: &mut Browser, path: &str, method: &Method, body: &[u8]) -> Answer {
    let headers = [("sec-fetch-site", "same-origin"), ("accept", "application/x-postcard")];
    browser.send_bytes(method.clone(), path, body, &headers).await
}

fn outcome(answer: &Answer) -> Answers {
    match (answer.status.as_u16(), answer.location()) {
        (200, place) if place.contains("/undo?") => Back("/undo?"),
        (200, _) => Yes,
        (status, _) => No(status),
    }
}

#[test]
fn every_server_function_stands_here() {
    let own = OWN.map(|(name, _)| name);
    let known: BTreeSet<_> = OPEN.into_iter().chain(own).chain(TABLE.map(|row| row.0)).collect();
    let functions = functions();
    let functions: BTreeSet<_> = functions.keys().map(String::as_str).collect();
    assert_eq!(functions, known, "say in TABLE what it answers those who may not");
}

#[tokio::test]
async fn each_asks_who_is_asking() {
    let mut scene = Scene::new().await;
    let mut admin = scene.house.signed_in(Role::Admin).await;
    let mut reviewer = scene.house.signed_in(Role::Reviewer).await;
    let mut stranger = other_inspector(&scene.house).await;
    let functions = functions();
    for (name, arguments, another, reviews) in TABLE {
        let (path, method) = &functions[name];
        scene.head = scene.head().await;

        let out = call(&mut scene.house.browser(), path, method, &arguments(&scene)).await;
        assert_eq!(out.status, StatusCode::UNAUTHORIZED, "{name}, signed out");
        let answer = call(&mut stranger, path, method, &arguments(&scene)).await;
        assert_eq!(outcome(&answer), another, "{name}, another inspector: {}", answer.body);
        assert!(!answer.body.contains(NAME), "{name} tells another inspector: {}", answer.body);
        assert_eq!(scene.head().await, scene.head, "{name}, another inspector");

        let answer = call(&mut reviewer, path, method, &arguments(&scene)).await;
        assert_eq!(outcome(&answer), reviews, "{name}, a reviewer: {}", answer.body);
        let made = name == "create_report";
        assert_eq!(scene.head().await != scene.head, made, "{name}, a reviewer");

        scene.head = scene.head().await;
        let answer = call(&mut admin, path, method, &arguments(&scene)).await;
        assert_eq!(outcome(&answer), Yes, "{name}, an admin: {}", answer.body);
        let writes = ["create_report", "perform_revert", "perform"].contains(&name);
        assert_eq!(scene.head().await != scene.head, writes, "{name}, an admin");
    }
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    let house = House::new().await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let functions = functions();
    for (name, arguments) in OWN {
        let (path, method) = &functions[name];
        let out = call(&mut house.browser(), path, method, &form(arguments)).await;
        assert_eq!(out.status, StatusCode::UNAUTHORIZED, "{name}, signed out");
        let answer = call(&mut reviewer, path, method, &form(arguments)).await;
        assert_eq!(outcome(&answer), No(404), "{name}: {}", answer.body);
    }
}

async fn other_inspector(house: &House) -> Browser {
    let email = "other@example.org";
    let new = NewUser {
        email: email.into(),
        name: "Ole Other".into(),
        role: Role::Inspector,
        password: PASSWORD.into(),
    };
    house.store.add_user(&new, at(0)).await.unwrap();
    let mut browser = house.browser();
    let answer = browser.post("/login", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    browser
}
