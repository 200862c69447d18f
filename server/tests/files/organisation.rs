//! Tests of the form of `/settings/organisation`.

use crate::support::{Answer, Form, Person, World, jpeg};
use axum::http::StatusCode;
use domain::people::Role;

const PATH: &str = "/settings/organisation";

async fn save(world: &World, person: &Person, form: Form) -> Answer {
    world.post_form(person, PATH, form, "text/html").await
}

fn form(name: &str, address: &str) -> Form {
    Form::default().field("name", name).field("address", address)
}

#[tokio::test]
async fn an_admin_names_the_organisation_and_its_logo() {
    let world = World::new().await;
    let admin = world.enrol("ada@example.org", Role::Admin).await;
    let sent =
        form("Example Surveyors", "1 Example Street").file_in("logo", "a.jpg", &jpeg(64, 16));
    let answer = save(&world, &admin, sent).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let kept = world.store.organisation().await.unwrap();
    assert_eq!((&*kept.name, &*kept.address), ("Example Surveyors", "1 Example Street"));
    let logo = kept.logo.expect("a logo");
    let picture = world.get(&admin, &format!("{PATH}/logo/{}", logo.sha256)).await;
    assert_eq!(picture.status, StatusCode::OK);
    assert_eq!(picture.headers["content-type"], "image/png");

    // A form without a file keeps the logo, and one that says so removes it.
    save(&world, &admin, form("Example Surveyors", "2 Example Street")).await;
    assert!(world.store.organisation().await.unwrap().logo.is_some());
    save(&world, &admin, form("Example Surveyors", "").field("remove_logo", "yes")).await;
    assert!(world.store.organisation().await.unwrap().logo.is_none());
}

#[tokio::test]
async fn others_neither_see_nor_change_it() {
    let world = World::new().await;
    for role in [Role::Inspector, Role::Reviewer] {
        let person = world.enrol(&format!("{role}@example.org"), role).await;
        assert_eq!(world.get(&person, PATH).await.status, StatusCode::FORBIDDEN);
        let answer = save(&world, &person, form("Theirs", "")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(world.store.organisation().await.unwrap().name, "");
}

#[tokio::test]
async fn what_was_typed_comes_back_with_the_reason() {
    let world = World::new().await;
    let admin = world.enrol("ada@example.org", Role::Admin).await;
    let broken =
        form("Example Surveyors", "1 Example Street").file_in("logo", "a.jpg", b"no picture");
    let lines = vec!["a line"; 40].join("\n");
    for sent in [broken, form("Example Surveyors", &lines), form(&"x".repeat(2_000), "")] {
        let answer = save(&world, &admin, sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text();
        assert!(page.contains("Example Surveyors") || page.contains("xxx"), "the name comes back");
        assert!(page.contains("aria-invalid=\"true\""), "the reason stands beside a field");
    }
    assert_eq!(world.store.organisation().await.unwrap().name, "");
}
