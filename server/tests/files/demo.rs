//! Tests of the demonstration data of `--demo`.

use domain::{
    change::Action,
    feed::ChangeFilter,
    id::UserId,
    inspection::{Inspection, InspectionFilter, Status},
    people::{Actor, Role},
};
use service::reports::Renderer;
use store::{Clock, Store};

#[tokio::test]
async fn shows_everything_that_can_happen_and_stands_on_its_records() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("demo.db").display());
    let objects = folder.path().join("objects");
    let store = Store::open(&database, objects.to_str().unwrap()).await.unwrap();
    store.migrate().await.unwrap();
    let renderer = Renderer::running(env!("CARGO_BIN_EXE_plumbline").into());
    demo::fill(&store, &renderer, &Clock::system()).await.unwrap();

    let changes = store.changes(&ChangeFilter::default(), None).await.unwrap();
    for action in Action::ALL {
        let (_, count) = changes.counts.iter().find(|(it, _)| *it == action).unwrap();
        assert!(!count.is_zero(), "{action} occurs");
    }
    assert!(changes.entries.is_sorted_by(|newer, older| {
        newer.rows[0].change.created_at >= older.rows[0].change.created_at
    }));

    let viewer = Actor { id: UserId(0), name: "Anyone".into(), role: Role::Reviewer };
    let filter = InspectionFilter::default();
    let page = store.inspections(&viewer, &filter).await.unwrap();
    assert!(page.rows.len() >= 14);
    for status in Status::ALL {
        let whose = |name| {
            page.rows.iter().any(|row| {
                row.status == status && row.inspector.as_ref().is_some_and(|it| it.name == name)
            })
        };
        assert!(whose("Ines Lintel"), "the inspector has one in {status}");
    }
    for row in &page.rows {
        let inspection = store.inspection(row.id).await.unwrap().unwrap();
        let mut history = store.history(row.id, None, 1_000).await.unwrap();
        history.reverse();
        assert_eq!(Inspection::rebuild(row.id, &history).unwrap(), inspection);
        for photo in &inspection.photos {
            let original = store.objects().get(&format!("photos/{}", photo.sha256)).await;
            assert_eq!(original.unwrap().unwrap().len() as i64, photo.bytes);
        }
        for report in &inspection.reports {
            let pdf = store.objects().get(&format!("reports/{}.pdf", report.sha256)).await;
            assert!(pdf.unwrap().unwrap().starts_with(b"%PDF"));
        }
    }
}
