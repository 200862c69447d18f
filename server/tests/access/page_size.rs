//! Tests of the size of pages for browsers that run scripts, so that it does not grow unnoticed.

use crate::support::*;
use axum::http::StatusCode;
use domain::{
    change::Mutation,
    feed::{ChangeFilter, ReviewState},
    inspection::{Field, Section, Target, Value, Values},
    people::{Actor, Role},
};
use store::NewUser;
use uuid::Uuid;

/// Maximum size of a page before compression, in bytes.
const MOST: usize = 60_000;

/// Maximum size of a page with a chart of 30 days.
const MOST_WITH_CHART: usize = 70_000;

/// Time in seconds after which the changes are older than the chart.
const LATER: i64 = 90 * 86_400;

/// Number of entries on a page of the dashboard.
const ENTRIES: usize = 25;

/// Makes more requests than a page of the dashboard shows, each of one or more changes with texts of usual
/// length, by more people than a menu shows.
async fn busy_house() -> (House, String) {
    let house = House::new().await;
    for number in 0..60 {
        let new = NewUser {
            email: format!("person{number}@example.org"),
            name: format!("Example Person {number}"),
            role: Role::Inspector,
            password: PASSWORD.into(),
        };
        house.store.add_user(&new, at(0)).await.unwrap();
    }
    let id = house.add(Role::Inspector).await;
    let actor = Actor { id, name: "Ada Inspector".into(), role: Role::Inspector };
    let mut shown = String::new();
    for number in 0..40_i64 {
        let mut work = house.store.begin(&actor, Uuid::now_v7(), at(number)).await.unwrap();
        let name = Value::text(format!("Riverside House {number}"));
        let created = work.create(Values::default().with(Field::Name, name)).await.unwrap();
        let inspection = created.inspection_id;
        let section = Section { title: format!("Roof of part {number}"), ..Section::default() };
        let add = Mutation::AddSection { section, position: None, photos: Vec::new() };
        work.perform(inspection, None, add).await.unwrap();
        work.commit().await.unwrap();
        let mut work = house.store.begin(&actor, Uuid::now_v7(), at(number)).await.unwrap();
        let client = Value::text(format!("The owners of the houses at the river, no. {number}"));
        let values = Values::default().with(Field::Client, client);
        let edit = Mutation::Edit { target: Target::Inspection, values };
        work.perform(inspection, None, edit).await.unwrap();
        work.commit().await.unwrap();
        shown = inspection.to_string();
    }
    (house, shown)
}

#[tokio::test]
async fn pages_for_browsers_with_scripts_leave_out_what_is_opened_later() {
    let (house, inspection) = busy_house().await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let whole = reviewer.get("/changes?state=").await;
    assert_eq!(whole.status, StatusCode::OK);
    // Without scripts the page has the menus, the details of each entry, and the table.
    let person = "value=\"1\"><span class=\"choice-face\">";
    assert!(whole.body.contains(person) && whole.body.contains("entry-body"), "{}", whole.body);
    assert!(whole.body.contains("<noscript><div") && whole.body.contains("<table>"));

    reviewer.cookies.insert("scripts".into(), "on".into());
    let page = reviewer.get("/changes?state=").await.body;
    assert!(page.contains("activity-days") && !page.contains("<table>"), "{page}");
    assert!(page.len() <= MOST_WITH_CHART, "with the chart: {} bytes", page.len());

    let mut reviewer = house.browser_at("192.0.2.7", LATER);
    reviewer.sign_in(Role::Reviewer).await;
    reviewer.cookies.insert("scripts".into(), "on".into());
    let by_person = format!("/changes?state=&user={}", 1);
    let pages = [
        ("/changes?state=", ENTRIES),
        ("/changes?state=&group=inspection", 20),
        (&*by_person, 0),
        ("/changes?state=&q=nowhere", 0),
        (&*format!("/inspections/{inspection}"), 0),
    ];
    for (path, entries) in pages {
        let page = reviewer.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.body.matches("<li data-entry=").count(), entries, "{path}");
        let most = if path.contains("nowhere") { 16_000 } else { MOST };
        assert!(page.body.len() <= most, "{path}: {} bytes", page.body.len());
        assert!(!page.body.contains("entry-body") && !page.body.contains("choice-face"), "{path}");
        assert!(page.body.contains("Show the whole page"), "{path}");
    }
    // The values of the menus that are left out stay part of the filter's form.
    let page = reviewer.get("/changes?state=&user=1&-action=edit&from=2026-03-01").await.body;
    for kept in [
        "type=\"hidden\" name=\"user\" value=\"1\"",
        "type=\"hidden\" name=\"-action\" value=\"edit\"",
        "type=\"hidden\" name=\"from\" value=\"2026-03-01\"",
    ] {
        assert!(page.contains(kept), "{kept} in {page}");
    }
    let forgotten = reviewer.post("/api/forget_scripts", &[]).await;
    assert!(forgotten.status.is_redirection() || forgotten.status.is_success());
    assert!(!reviewer.cookies.contains_key("scripts"));
}

#[tokio::test]
async fn the_buttons_of_all_entries_share_a_form() {
    let (house, _) = busy_house().await;
    let mut reviewer = house.signed_in(Role::Reviewer).await;
    let page = reviewer.get("/changes?state=unreviewed").await;
    let form = page.body.split("<form").find(|form| form.contains("id=\"act\"")).unwrap();
    assert!(form.contains("name=\"request\"") && form.contains("name=\"page-person\""));
    let value = page.body.split("value=\"").find(|value| value.starts_with("reviewed ")).unwrap();
    let act = value.split_once('"').unwrap().0;
    let request = page.input("request");
    let sent = [("do", act), ("newest", page.input("newest")), ("request", request)];
    let said = reviewer.post("/changes?state=unreviewed", &sent).await;
    assert_eq!(said.status, StatusCode::OK);
    assert!(said.body.contains("1 change reviewed."), "{}", said.body);
    let states = vec![ReviewState::Reviewed];
    let filter = ChangeFilter { states, ..ChangeFilter::default() };
    assert_eq!(house.store.count_changes(&filter).await.unwrap().0, 1);
    let said = reviewer.post("/changes?state=unreviewed", &[("do", "reviewed nothing")]).await;
    assert_eq!(said.status, StatusCode::BAD_REQUEST, "{}", said.body);
}
