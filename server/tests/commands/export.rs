//! Tests of exports of changes to a file.

use crate::{support::Case, world::World};
use std::{fs, process::Stdio};

#[tokio::test]
async fn all_changes_or_those_that_a_filter_matches_are_written() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let all = world.succeeds(&["export"]);
    let lines: Vec<serde_json::Value> =
        all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 6);
    // The last line shows that a file is complete.
    assert_eq!(lines[5], serde_json::json!({ "end_of_export": true, "changes": 5 }));
    assert_eq!(lines[0]["action"], "remove");
    assert_eq!(lines[0]["name"], "Gone");
    assert_eq!(lines[4]["related_data"]["after"]["name"], "Riverside House");

    for filter in ["action=status-review", "http://127.0.0.1:3000/changes?action=status-review"] {
        let some = world.succeeds(&["export", filter]);
        assert_eq!(some.lines().count(), 2, "{some}");
        assert!(some.contains("Harbour Lane 1"), "{some}");
    }
    let csv = world.succeeds(&["export", "--format", "csv", "q=riverside"]);
    let end = csv.lines().last().unwrap();
    assert!(end.starts_with("end of export,changes: 1,"), "{end}");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(rows.headers().unwrap().get(0), Some("change"));
    assert_eq!(
        rows.records().map(|row| row.unwrap()[4].to_owned()).collect::<Vec<_>>(),
        ["Riverside House", ""]
    );
}

#[tokio::test]
async fn a_file_is_written_wholly_and_over_nothing() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let file = world.path("changes.ndjson");
    let args = ["export", "--output", file.to_str().unwrap()];
    let output = world.run(&args);
    assert!(output.status.success());
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("5 changes were written to"));
    assert_eq!(fs::read_to_string(&file).unwrap(), world.succeeds(&["export"]));

    fs::write(&file, "something else").unwrap();
    assert!(world.fails(&args).contains("is there already"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "something else");
}

#[tokio::test]
async fn what_cannot_be_read_is_said_with_a_way_on() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let said = world.fails(&["export", "action=paint"]);
    assert!(said.contains("“paint” is not a known action"), "{said}");
    assert!(said.contains("from the address of the dashboard"), "{said}");
    let nowhere = format!("sqlite://{}", world.path("nowhere.db").display());
    let said = world.fails(&["--database-url", &nowhere, "export"]);
    assert!(said.contains("There is no database at"), "{said}");
    assert!(!world.path("nowhere.db").exists());
}

#[tokio::test]
async fn whoever_stops_reading_is_no_error() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    for number in 0..200 {
        world.rename(&format!("{} {number}", "Seaside House ".repeat(10))).await;
    }
    let mut command = world.plumbline();
    let running = command.arg("export").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut running = running.unwrap();
    drop(running.stdout.take());
    let output = running.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
