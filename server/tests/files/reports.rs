//! Tests of making and serving reports, with a record of each download.

use crate::support::{Form, Person, World, jpeg};
use app::error::AppError;
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    change::{Action, Change, Mutation, RelatedModel},
    id::{ChangeId, ReportId},
    inspection::{Field, Status, Target, Value, Values},
    people::Role,
};
use service::reports::ReportMaker;
use std::time::Duration;
use uuid::Uuid;

async fn make(world: &World, person: &Person, request: Uuid) -> Change {
    make_of(world, person, None, request).await
}

/// Makes a report, of an earlier state if one is given.
async fn make_of(world: &World, person: &Person, at: Option<ChangeId>, request: Uuid) -> Change {
    let which = (world.inspection, at);
    world.maker().make(&person.actor, which, request).await.unwrap()
}

fn id(change: &Change) -> ReportId {
    match change.record.related.as_ref().map(|related| related.model) {
        Some(RelatedModel::Report(id)) => id,
        other => panic!("{other:?}"),
    }
}

async fn is_current(world: &World, report: ReportId) -> bool {
    let inspection = world.inspection().await;
    inspection.is_current(inspection.report(report).unwrap())
}

#[tokio::test]
async fn a_report_is_kept_and_recorded() {
    let world = World::new().await;
    world.upload(&world.inspector, Form::default().file("one.jpg", &jpeg(900, 600))).await;
    let shown = world.inspection().await.head;
    let change = make(&world, &world.inspector, Uuid::now_v7()).await;
    assert_eq!(change.record.action, Action::CreatePdf);
    let inspection = world.inspection().await;
    let [report] = inspection.reports.as_slice() else { panic!("{:?}", inspection.reports) };
    assert_eq!(report.shows, shown);
    assert!(inspection.is_current(report));
    assert!(report.pages > 1);
    assert!(report.name.starts_with("BI-2026-") && report.name.ends_with(" Riverside House.pdf"));
    let file = world.store.objects().get(&store::keys::report(&report.sha256)).await.unwrap();
    assert_eq!(file.unwrap().len() as i64, report.bytes);
}

#[tokio::test]
async fn a_report_of_an_earlier_point_shows_what_there_was() {
    let world = World::new().await;
    world.upload(&world.inspector, Form::default().file("one.jpg", &jpeg(900, 600))).await;
    let then = world.inspection().await;
    let gone = Mutation::Remove { target: Target::Photo(then.photos[0].id) };
    let gone = world.perform(gone).await.id;

    for (at, pictures) in [(then.head, true), (gone, false)] {
        let made = make_of(&world, &world.inspector, Some(at), Uuid::now_v7()).await;
        let inspection = world.inspection().await;
        let report = inspection.report(id(&made)).unwrap();
        assert_eq!((report.shows, inspection.is_current(report)), (at, at == gone));
        let file = world.store.objects().get(&store::keys::report(&report.sha256)).await.unwrap();
        let file = String::from_utf8_lossy(&file.unwrap()).replace("/Subtype /", "/Subtype/");
        let hash = world.store.change_hash(at).await.unwrap().unwrap();
        let says = format!("as of change {at} with the SHA-256 {}", store::keys::hex(hash));
        assert!(file.contains(&says), "the file does not say {says}");
        assert_eq!(file.contains("/Subtype/Image"), pictures);
    }
}

#[tokio::test]
async fn the_same_request_makes_one_report() {
    let world = World::new().await;
    let request = Uuid::now_v7();
    let first = make(&world, &world.inspector, request).await;
    assert_eq!(make(&world, &world.inspector, request).await.id, first.id);
    make(&world, &world.inspector, Uuid::now_v7()).await;
    assert_eq!(world.inspection().await.reports.len(), 2);
}

#[tokio::test]
async fn reading_is_recorded_and_does_not_outdate() {
    let world = World::new().await;
    let report = id(&make(&world, &world.inspector, Uuid::now_v7()).await);
    let reviewer = world.enrol("mira@example.org", Role::Reviewer).await;
    let answer = world.get(&reviewer, &format!("/reports/{report}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/pdf");
    assert!(answer.header(header::CONTENT_DISPOSITION).starts_with("inline; filename=\"BI-2026-"));
    assert_eq!(answer.header(header::CACHE_CONTROL), "private, no-store");
    assert!(answer.body.starts_with(b"%PDF-1.7"));
    let last = world.history().await.remove(0);
    assert_eq!((last.record.action, id(&last)), (Action::DownloadPdf, report));
    assert_eq!(last.user_id, Some(reviewer.actor.id));
    assert!(is_current(&world, report).await);

    let saved = world.get(&reviewer, &format!("/reports/{report}?download")).await;
    assert!(saved.header(header::CONTENT_DISPOSITION).starts_with("attachment;"));
}

#[tokio::test]
async fn a_later_change_makes_it_out_of_date() {
    let world = World::new().await;
    let report = id(&make(&world, &world.inspector, Uuid::now_v7()).await);
    let values = Values::new().with(Field::Summary, Value::text("Sound."));
    world.perform(Mutation::Edit { target: Target::Inspection, values }).await;
    assert!(!is_current(&world, report).await);
}

#[tokio::test]
async fn a_report_is_out_of_date_only_while_it_would_differ() {
    let world = World::new().await;
    let report = id(&make(&world, &world.inspector, Uuid::now_v7()).await);
    let summary = |text: &str| {
        let values = Values::new().with(Field::Summary, Value::text(text));
        Mutation::Edit { target: Target::Inspection, values }
    };
    world.perform(summary("Sound.")).await;
    assert!(!is_current(&world, report).await);
    world.perform(summary("")).await;
    assert!(is_current(&world, report).await, "it says the same again");
    world.perform(Mutation::SetStatus { to: Status::Review, reason: None }).await;
    assert!(is_current(&world, report).await, "it is still a draft");
}

#[tokio::test]
async fn what_nobody_reads_is_not_recorded() {
    let world = World::new().await;
    let report = id(&make(&world, &world.inspector, Uuid::now_v7()).await);
    let path = format!("/reports/{report}");
    let before = world.inspection().await.head;
    let send = |request| world.send(&world.inspector, request, Body::empty());

    let head = send(Request::head(&path)).await;
    assert_eq!(head.status, StatusCode::OK);
    let guess = send(Request::get(&path).header("sec-purpose", "prefetch")).await;
    assert_eq!(guess.status, StatusCode::SERVICE_UNAVAILABLE);
    // A link from another site leads to the page where the report can be opened.
    for site in ["cross-site", "same-site"] {
        let elsewhere = send(Request::get(&path).header("sec-fetch-site", site)).await;
        assert_eq!(elsewhere.status, StatusCode::SEE_OTHER);
        let panel = format!("/inspections/{}#reports", world.inspection);
        assert_eq!(elsewhere.header(header::LOCATION), panel);
        assert!(elsewhere.body.is_empty());
    }
    let stranger = world.enrol("theo@example.org", Role::Inspector).await;
    assert_eq!(world.get(&stranger, &path).await.status, StatusCode::NOT_FOUND);
    let elsewhere = Request::get(&path).header("sec-fetch-site", "cross-site");
    let elsewhere = world.send(&stranger, elsewhere, Body::empty()).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "strangers do not learn whose it is");
    assert_eq!(world.inspection().await.head, before);
    let typed = send(Request::get(&path).header("sec-fetch-site", "none")).await;
    assert_eq!(typed.status, StatusCode::OK);
    assert!(world.inspection().await.head > before);
}

#[tokio::test]
async fn what_cannot_be_sent_is_a_page_with_a_way_on_for_people() {
    let world = World::new().await;
    let report = id(&make(&world, &world.inspector, Uuid::now_v7()).await);
    let kept = world.inspection().await.reports.remove(0);
    std::fs::remove_file(
        world.folder.path().join("objects").join(store::keys::report(&kept.sha256)),
    )
    .unwrap();
    let gone = format!("/reports/{report}");
    for (path, words) in [
        (gone.as_str(), "The file of this report is gone."),
        ("/reports/999", "There is no such report."),
        ("/reports/first", "There is no such report."),
        ("/photos/999", "There is no such photo."),
        ("/photos/999?size=480", "There is no such photo."),
    ] {
        let request = Request::get(path).header(header::ACCEPT, "text/html");
        let page = world.send(&world.inspector, request, Body::empty()).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        let text = page.text();
        assert!(text.contains(words) && text.contains("Back to the start"), "{path}: {text}");

        let request = Request::get(path).header(header::ACCEPT, "image/avif,image/webp,*/*");
        let picture = world.send(&world.inspector, request, Body::empty()).await;
        assert_eq!(picture.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(picture.text(), format!("{words}\n"));
    }
}

#[tokio::test]
async fn strangers_make_no_report() {
    let world = World::new().await;
    let stranger = world.enrol("theo@example.org", Role::Inspector).await;
    let which = (world.inspection, None);
    let made = world.maker().make(&stranger.actor, which, Uuid::now_v7()).await;
    assert!(made.is_err());
    assert!(world.inspection().await.reports.is_empty());
}

#[tokio::test]
async fn a_plain_form_makes_a_report_and_leads_back() {
    let world = World::new().await;
    let page = world.get(&world.inspector, &format!("/inspections/{}", world.inspection)).await;
    let page = page.text();
    let panel = &page[page.find("id=\"reports\"").expect("the panel")..];
    let action = panel.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let request = Request::post(action)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = format!("inspection={}&request={}", world.inspection, Uuid::now_v7());
    let answer = world.send(&world.inspector, request, body.into()).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.text());
    let back = answer.header(header::LOCATION);
    assert_eq!(back, format!("/inspections/{}#reports", world.inspection));
    let page = world.get(&world.inspector, back.split('#').next().unwrap()).await.text();
    assert!(page.contains("View / Download PDF"), "the page does not link to the report");
}

#[tokio::test]
async fn a_report_that_takes_too_long_is_ended_and_the_next_one_is_made() {
    let world = World::new().await;
    let which = (world.inspection, None);
    let renderer = world.renderer.clone().with_limit(Duration::from_millis(1));
    let impatient = ReportMaker { renderer: &renderer, ..world.maker() };
    // As many as can be rendered at once, and one more.
    for _ in 0..3 {
        let made = impatient.make(&world.inspector.actor, which, Uuid::now_v7()).await;
        let error = made.unwrap_err();
        assert_eq!(AppError::from(error.clone()).status(), 422);
        assert!(error.to_string().starts_with("The report took more than two minutes"), "{error}");
    }
    assert!(world.inspection().await.reports.is_empty());
    make(&world, &world.inspector, Uuid::now_v7()).await;
    assert_eq!(world.inspection().await.reports.len(), 1);
}

#[tokio::test]
async fn a_report_whose_photo_is_lost_is_neither_made_nor_recorded() {
    let world = World::new().await;
    world.upload(&world.inspector, Form::default().file("one.jpg", &jpeg(900, 600))).await;
    let photo = world.inspection().await.photos.remove(0);
    let key = store::keys::photo(&photo.sha256, store::keys::PhotoSize::Large);
    std::fs::remove_file(world.folder.path().join("objects").join(key)).unwrap();
    let which = (world.inspection, None);
    let made = world.maker().make(&world.inspector.actor, which, Uuid::now_v7()).await;
    assert_eq!(AppError::from(made.unwrap_err()).status(), 500);
    assert!(world.inspection().await.reports.is_empty());
}
