//! Tests that markup in user text is shown as text on every page and in every export.

use crate::support::*;
use axum::http::{Method, StatusCode};
use domain::{
    change::{Action, Mutation},
    feed::{ChangeFilter, ReviewState},
    id::SectionId,
    inspection::{Equipment, Field, Inspection, Section, Status, Target, Value, ValueKind, Values},
    people::{Actor, Organisation, Role},
};
use store::{NewUser, ReviewTarget};
use uuid::Uuid;

/// An element that no page of the application has, after the end tags of the contexts that it may
/// appear in.
const PLANTED: &str = "</title></textarea></script></noscript>'\"><x-planted>";

/// Returns a text that names its place, so that a failure says which field it was.
fn planted(place: &str) -> String {
    format!("{place} {PLANTED}")
}

fn texts(fields: &[Field]) -> Values {
    let texts =
        fields.iter().filter(|field| matches!(field.kind(), ValueKind::Line | ValueKind::Prose));
    texts.fold(Values::new(), |values, field| {
        values.with(*field, Value::text(planted(field.slug())))
    })
}

#[tokio::test]
async fn markup_in_any_text_is_text_on_every_page() {
    let house = House::new().await;
    let person = |role: Role| NewUser {
        email: format!("{role}@example.org"),
        name: planted(role.label()),
        role,
        password: PASSWORD.into(),
    };
    let mut actors = Vec::new();
    for role in [Role::Inspector, Role::Admin] {
        let user = house.store.add_user(&person(role), at(0)).await.unwrap();
        actors.push(Actor { id: user.id, name: user.name, role });
    }
    let [inspector, admin] = actors.try_into().unwrap();

    let request = Uuid::now_v7();
    let mut work = house.store.begin(&inspector, request, at(1)).await.unwrap();
    let id = work.create(texts(Inspection::EDITABLE)).await.unwrap().inspection_id;
    let section = Section::from_values(SectionId(0), &texts(Section::FIELDS));
    let add = Mutation::AddSection { section, position: None, photos: Vec::new() };
    let added = work.perform(id, None, add).await.unwrap().unwrap();
    let equipment = Equipment {
        kind: planted("kind"),
        make: planted("make"),
        model: planted("model"),
        serial: planted("serial"),
        ..Equipment::default()
    };
    work.perform(id, None, Mutation::AddEquipment { equipment }).await.unwrap();
    let photo = photo(planted("file"), planted("caption"));
    work.perform(id, None, Mutation::AddPhoto { photo }).await.unwrap();
    let values = Values::new().with(Field::Name, Value::text(planted("renamed")));
    work.perform(id, None, Mutation::Edit { target: Target::Inspection, values }).await.unwrap();
    work.perform(id, None, Mutation::SetStatus { to: Status::Review, reason: None }).await.unwrap();
    work.commit().await.unwrap();
    let mut work = house.store.begin(&admin, Uuid::now_v7(), at(2)).await.unwrap();
    let back = Mutation::SetStatus { to: Status::Draft, reason: Some(planted("reason")) };
    let back = work.perform(id, None, back).await.unwrap().unwrap();
    work.commit().await.unwrap();

    let store = &house.store;
    store.comment(&admin, Uuid::now_v7(), &[back.id], &planted("comment"), at(3)).await.unwrap();
    let these = ReviewTarget::Changes(vec![added.id]);
    let note = planted("note");
    store.review(&admin, &these, ReviewState::Flagged, Some(&note), at(4)).await.unwrap();
    let filter = ChangeFilter { actions: vec![Action::Edit], ..ChangeFilter::default() };
    store.save_view(admin.id, &planted("view"), &filter).await.unwrap();

    let organisation = Organisation {
        name: planted("organisation"),
        address: planted("address"),
        ..Organisation::default()
    };
    store.set_organisation(&admin, &organisation, at(5)).await.unwrap();

    let words: String = form_urlencoded::byte_serialize(PLANTED.as_bytes()).collect();
    let own = format!("/inspections/{id}");
    for (role, paths) in [
        (Role::Inspector, vec!["/".into(), "/inspections".into(), "/inspections/new".into()]),
        (
            Role::Admin,
            vec![
                "/".into(),
                "/account".into(),
                "/settings/organisation".into(),
                "/users".into(),
                format!("/users/{}", inspector.id),
                format!("/inspections?q={words}"),
                own.clone(),
                format!("{own}/history"),
                format!("{own}/history?at={}", added.id),
                format!("{own}/compare?from={}&to={}", added.id, back.id),
                format!("{own}/undo?change={}", back.id),
                format!("/changes/request/{request}/undo"),
                "/changes?state=".into(),
                "/changes?state=flagged".into(),
                "/changes?group=inspection".into(),
                "/changes?group=day".into(),
                format!("/changes?q={words}"),
                format!("/changes?user={words}&from={words}&action={words}"),
                format!("/login?next={words}"),
                format!("/{words}"),
            ],
        ),
    ] {
        let mut browser = house.browser();
        browser.sign_in(role).await;
        for path in paths {
            let page = browser.get(&path).await;
            assert!(page.header("content-type").starts_with("text/html") || page.body.is_empty());
            assert!(!page.body.contains("<x-planted"), "{path}: {}", around(&page.body));
        }
        // A refused form is shown again with its texts.
        let typed = planted("typed");
        let again = [("do", "edit"), ("name", &*typed), ("scheduled_on", &*typed)];
        let page = browser.post(&own, &again).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("typed &lt;/title"), "{}", page.body);
        assert!(!page.body.contains("<x-planted"), "{}", around(&page.body));
    }

    let mut stranger = house.browser();
    let attempt = [("email", PLANTED), ("password", "wrong"), ("next", PLANTED)];
    let page = stranger.post("/login", &attempt).await;
    assert!(!page.body.contains("<x-planted"), "{}", around(&page.body));

    // No cell of a spreadsheet begins with a formula.
    let mut browser = house.browser();
    browser.sign_in(Role::Admin).await;
    let formula = "=HYPERLINK(\"http://example.org\")";
    browser.post(&own, &[("do", "edit"), ("name", formula), ("client", "@SUM(1)")]).await;
    let csv = browser.send(Method::GET, "/changes.csv", "", &[("sec-fetch-site", "none")]).await;
    assert!(csv.body.contains("'=HYPERLINK"), "{}", csv.body);
    for start in [",=", ",\"=", "\n=", ",@", ",\"@"] {
        assert!(!csv.body.contains(start), "{start}: {}", csv.body);
    }
}

/// Returns the text around the planted element.
fn around(body: &str) -> String {
    let at = body.find("<x-planted").unwrap_or_default();
    let from = body.floor_char_boundary(at.saturating_sub(400));
    body[from..body.ceil_char_boundary(at + 40)].to_owned()
}
