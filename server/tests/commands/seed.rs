//! `plumbline seed`.

use crate::{support::Case, world::World};
use domain::{
    id::InspectionId,
    inspection::{Condition, Status},
};
use serde_json::{Value, json};
use std::fs;

fn file(inspection: &Value) -> String {
    json!({ "inspections": [inspection] }).to_string()
}

#[tokio::test]
async fn inspections_of_a_file_are_recorded_like_any_other() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let file = file(&json!({
        "inspector": "ada@example.org",
        "name": "Seeded Mill",
        "scheduled_on": "2026-03-12",
        "sections": [
            { "title": "Roof", "condition": "poor", "notes": "Two slates are loose." },
            { "title": "Cellar" },
        ],
        "equipment": [{ "kind": "Boiler" }],
        "status": "review",
    }));
    let output = world.run_with(&["seed", "-"], &file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["inspections"][0]["name"], "Seeded Mill");

    let id = InspectionId(answer["inspections"][0]["id"].as_i64().unwrap());
    let inspection = world.store.inspection(id).await.unwrap().unwrap();
    assert_eq!(inspection.status, Status::Review);
    let sections: Vec<_> =
        inspection.sections.iter().map(|it| (it.title.as_str(), it.condition)).collect();
    assert_eq!(sections, [("Roof", Condition::Poor), ("Cellar", Condition::NotInspected)]);
    assert_eq!(inspection.equipment.len(), 1);
    world.succeeds(&["verify"]);
}

#[tokio::test]
async fn the_clock_of_tests_dates_the_changes_and_is_warned_of() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let (input, clock) = (world.path("input.json"), world.path("clock"));
    let mill = json!({ "inspector": "ada@example.org", "name": "Old Mill" });
    fs::write(&input, file(&mill)).unwrap();
    fs::write(&clock, "2026-03-12T09:00:00Z\n").unwrap();
    let mut command = world.plumbline();
    command.arg("seed").arg(&input).env("PLUMBLINE_CLOCK", &clock).env("RUST_LOG", "warn");
    let output = command.output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && log.contains("PLUMBLINE_CLOCK is set"), "{log}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let id = InspectionId(answer["inspections"][0]["id"].as_i64().unwrap());
    let changes = world.store.history(id, None, 10).await.unwrap();
    let times: Vec<_> = changes.iter().map(|change| change.created_at.to_rfc3339()).collect();
    assert_eq!(times, ["2026-03-12T09:00:00+00:00"]);
}

#[tokio::test]
async fn a_file_with_a_fault_adds_nothing_and_the_fault_is_named() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let before = world.store.heads().await.unwrap().len();
    let of = |fields: Value| {
        let mut inspection = json!({ "inspector": "ada@example.org", "name": "Mill" });
        inspection.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({ "inspections": [{ "inspector": "ada@example.org", "name": "Fine" }, inspection] })
    };
    for (file, named) in [
        (of(json!({ "inspector": "nobody@example.org" })), "nobody@example.org"),
        (of(json!({ "colour": "red" })), "there is no field “colour”; use name"),
        (of(json!({ "sections": [{ "titel": "Roof" }] })), "section 1"),
        (of(json!({ "sections": [{ "title": "Roof", "condition": "worn" }] })), "Choose good"),
        (of(json!({ "status": "complete" })), "use review"),
        (
            of(json!({ "inspector": "inspector@plumbline.com" })),
            "not the address of a demo account",
        ),
        (json!({ "inspection": [] }), "is not a file of inspections"),
    ] {
        let output = world.run_with(&["seed", "-"], &file.to_string());
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && complaint.contains(named), "{complaint}");
    }
    assert_eq!(world.store.heads().await.unwrap().len(), before);
}
