//! Tests of verifying a report: any tampering with its record is found.

use crate::{
    support::{Raw, on_both},
    tamper::{copy_of, guarded_again, rechain, unguarded},
    world::World,
};
use bytes::Bytes;
use domain::inspection::Report;
use std::{
    fs,
    path::{Path, PathBuf},
};
use store::{CheckpointFolder, Checkpointer, Clock, keys};

/// Renames the first inspection and makes a report of it: changes 6 and 7.
async fn reported(world: &World<'_>) -> (PathBuf, Bytes, Report) {
    world.rename("Hillside House").await;
    let id = world.ids[0];
    world.report(id).await;
    let inspection = world.store.inspection(id).await.unwrap().unwrap();
    let report = inspection.reports[0].clone();
    assert_eq!((report.shows.0, report.id.0), (6, 7));
    let bytes = world.store.objects().get(&keys::report(&report.sha256)).await.unwrap();
    let bytes = bytes.unwrap();
    let file = world.path("a report.pdf");
    fs::write(&file, &bytes).unwrap();
    (file, bytes, report)
}

async fn checkpoint(world: &World<'_>) {
    let folder = CheckpointFolder::at(world.path("checkpoints"));
    let mut checkpointer = Checkpointer::open(world.store.clone(), folder).unwrap();
    checkpointer.keep(Clock::system().now()).await.unwrap().unwrap();
}

on_both!(a_report_is_told_from_what_is_none_and_from_what_is_old, |case| {
    let world = World::new(case).await;
    let (file, bytes, report) = reported(&world).await;
    let hash = world.store.change_hash(report.shows).await.unwrap().unwrap();
    let hash = keys::hex(hash);
    let verify = |file: &Path| world.succeeds(&["verify", file.to_str().unwrap()]);

    let said = verify(&file);
    assert!(said.contains("is one of our reports"), "{said}");
    assert!(said.contains(&hash) && said.contains("It is current"), "{said}");
    world.rename("Seaside House").await;
    assert!(verify(&file).contains("It is out of date: change 8 was the last"));

    let mut altered = bytes.to_vec();
    altered.push(b'\n');
    fs::write(&file, altered).unwrap();
    let said = world.fails(&["verify", file.to_str().unwrap()]);
    assert!(said.contains("is not one of our reports"), "{said}");
});

on_both!(a_report_remembers_a_history_that_was_rewritten, |case| {
    let world = World::new(case).await;
    let (file, ..) = reported(&world).await;
    let file = file.to_str().unwrap();
    assert!(
        world.succeeds(&["verify", file]).contains("There is no checkpoint to hold that against")
    );
    let mut raw = unguarded(case).await;
    replace(&mut raw, 6, "Hillside", "Forged").await;
    raw.run("update inspections set name = 'Forged House' where id = 1").await.unwrap();
    rechain(&mut raw, world.ids[0]).await;
    guarded_again(case, raw).await;
    let said = world.succeeds(&["verify"]);
    assert!(said.contains("The record verifies"), "by itself nobody can tell: {said}");
    let said = world.fails(&["verify", file]);
    assert!(said.contains("the record was rewritten since it was made"), "{said}");
    assert!(said.contains("change 6"), "{said}");
});

on_both!(a_report_is_held_to_the_checkpoints, |case| {
    let world = World::new(case).await;
    let (file, ..) = reported(&world).await;
    let file = file.to_str().unwrap();
    checkpoint(&world).await;
    let said = world.succeeds(&["verify", file]);
    assert!(said.contains("made by change 7, which is among the 7"), "{said}");
    // Another inspection is altered, with its hashes computed anew.
    let mut raw = unguarded(case).await;
    replace(&mut raw, 2, "Lane 1", "Lane 9").await;
    rechain(&mut raw, world.ids[1]).await;
    guarded_again(case, raw).await;
    let said = world.fails(&["verify", file]);
    assert!(said.contains("is among our reports, but the record does not verify"), "{said}");
    assert!(said.contains("the record was rewritten"), "{said}");
});

on_both!(a_report_whose_record_was_tampered_with_is_not_believed, |case| {
    let world = World::new(case).await;
    let (file, ..) = reported(&world).await;
    let mut raw = unguarded(case).await;
    raw.run("update reports set shows = 1").await.unwrap();
    guarded_again(case, raw).await;
    let said = world.fails(&["verify", file.to_str().unwrap()]);
    assert!(said.contains("but the record does not verify"), "{said}");
    assert!(said.contains("report 7, the shows is 1, but by its record it is 6"), "{said}");
});

on_both!(an_invented_report_is_not_believed, |case| {
    let world = World::new(case).await;
    let (file, bytes, report) = reported(&world).await;
    checkpoint(&world).await;
    // An invented report with a change and a row of its own, and all hashes correct.
    let mut invented = bytes.to_vec();
    invented.push(b'\n');
    let sha256 = keys::sha256(&invented);
    let other = world.path("invented.pdf");
    fs::write(&other, invented).unwrap();
    let mut raw = unguarded(case).await;
    let number = raw.number("select number from inspections where id = 1").await + 1;
    for statement in [
        copy_of(7, 8, number, &[("related_model", "'report.Report:8'")]),
        "create temporary table twin as select * from reports where id = 7".to_owned(),
        format!("update twin set id = 8, change_id = 8, sha256 = '{sha256}'"),
        "insert into reports select * from twin".to_owned(),
        format!("update inspections set change_id = 8, number = {number} where id = 1"),
    ] {
        raw.run(&statement).await.unwrap();
    }
    replace(&mut raw, 8, &report.sha256, &sha256).await;
    rechain(&mut raw, world.ids[0]).await;
    guarded_again(case, raw).await;
    let said = world.succeeds(&["verify"]);
    assert!(said.contains("8 changes of 3 inspections"), "it fits what there is: {said}");
    let said = world.fails(&["verify", other.to_str().unwrap()]);
    assert!(said.contains("no checkpoint covers change 8, which made it"), "{said}");
    // The real report still verifies.
    let said = world.succeeds(&["verify", file.to_str().unwrap()]);
    assert!(said.contains("is one of our reports"), "{said}");
});

on_both!(the_files_are_read_when_that_is_asked_for, |case| {
    let world = World::new(case).await;
    let (.., report) = reported(&world).await;
    let said = world.succeeds(&["verify", "--files"]);
    assert!(said.contains("Photos and reports, 1 in all, are the files"), "{said}");
    let kept = world.path("objects").join(keys::report(&report.sha256));
    fs::write(&kept, "another").unwrap();
    assert!(world.succeeds(&["verify"]).contains("The record verifies"));
    let said = world.fails(&["verify", "--files"]);
    assert!(said.contains("change 7: the file of the report 7 was altered"), "{said}");
    fs::remove_file(&kept).unwrap();
    let said = world.fails(&["verify", "--files"]);
    assert!(said.contains("the file of the report 7 is gone"), "{said}");
});

/// Replaces text in the data of a change.
async fn replace(raw: &mut Raw, change: i64, words: &str, by: &str) {
    let replaced = format!("replace(cast(related_data as text), '{words}', '{by}')");
    let replaced = match raw {
        Raw::Sqlite(_) => replaced,
        Raw::Postgres(_) => format!("cast({replaced} as json)"),
    };
    let set = format!("update changes set related_data = {replaced} where id = {change}");
    raw.run(&set).await.unwrap();
}
