//! Tests of bulk corrections: previewed first, recorded when applied, refused with a hint.

use crate::{
    support::{Case, Raw, edit, on_both},
    world::World,
};
use domain::{
    change::Action,
    inspection::{Field, Target, Value},
};
use std::{fs, process::Stdio, time::Duration};
use store::Clock;
use uuid::Uuid;

const REASON: &str = "The client spells it so.";

fn args<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["correct", "--as", "ada@example.org", "--reason", REASON];
    args.extend(more);
    args
}

on_both!(it_is_shown_first_and_recorded_when_applied, |case| {
    let world = World::new(case).await;
    let what = args(&["--where", "client~harbor", "--set", "client=Harbour Trust"]);
    let shown = world.succeeds(&what);
    for words in [
        "2 inspections matched: 2 to correct, 0 as they should be, 0 refused.",
        "BI-",
        "Client: “Harbor Trust” becomes “Harbour Trust”",
        "Nothing was changed. Add --apply",
    ] {
        assert!(shown.contains(words), "{words:?} is not in {shown}");
    }
    assert_eq!(world.store.inspection(world.ids[0]).await.unwrap().unwrap().client, "Harbor Trust");

    let mut apply = what.clone();
    apply.push("--apply");
    let done = world.succeeds(&apply);
    assert!(done.contains("2 inspections corrected under the request"), "{done}");
    let mut requests = Vec::new();
    for id in &world.ids[..2] {
        let change = world.store.history(*id, None, 1).await.unwrap().remove(0);
        assert_eq!(change.record.action, Action::Edit);
        assert_eq!(change.record.data.reason.as_deref(), Some(REASON));
        assert_eq!(change.user_name, "Ada Example");
        requests.push(change.request_id);
    }
    assert_eq!(requests[0], requests[1]);
    let undo = format!("can be undone on the page /changes/request/{}/undo", requests[0]);
    assert!(done.contains(&undo), "{undo} is not in {done}");
    let removed = world.store.inspection(world.ids[2]).await.unwrap().unwrap();
    assert_eq!(removed.client, "Harbor Trust");
    assert!(world.succeeds(&["verify"]).contains("The record verifies"));

    // A repetition corrects nothing, and its exit code says so.
    let again = world.ends_with(3, &args(&["--all", "--set", "client=Harbour Trust", "--apply"]));
    assert!(again.contains("0 to correct, 2 as they should be"), "{again}");
    assert!(again.contains("Nothing was corrected."), "{again}");
    assert!(!again.contains("/undo"), "there is nothing to undo: {again}");

    // The correction of the one in review is undone as well.
    let seen = world.store.request_to_undo(&world.admin, requests[0]).await.unwrap().unwrap().seen;
    let now = store::Clock::system().now();
    let mut work = world.store.begin(&world.admin, uuid::Uuid::now_v7(), now).await.unwrap();
    let undone = work.undo_request(requests[0], seen).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!((undone.done.len(), undone.stay.len()), (2, 0));
    for id in &world.ids[..2] {
        let client = world.store.inspection(*id).await.unwrap().unwrap().client;
        assert_eq!(client, "Harbor Trust");
    }
    assert!(world.succeeds(&["verify"]).contains("The record verifies"));
});

on_both!(what_cannot_be_meant_is_refused_with_a_way_on, |case| {
    let world = World::new(case).await;
    for (more, words) in [
        (vec!["--where", "colour=red", "--set", "client=x"], "“colour” is not a field"),
        (vec!["--where", "status=done", "--set", "client=x"], "draft, review or complete"),
        (vec!["--all", "--set", "status=complete"], "“status” is not a field"),
        (vec!["--all", "--set", "client"], "has no value"),
        (vec!["--all", "--set", "scheduled_on=soon"], "year-month-day"),
        (vec!["--all", "--set", "inspector=nobody@example.org"], "nobody has the name or e-mail"),
        (vec!["--all", "--set", "name="], "Enter a name."),
        (vec!["--where", "client~", "--set", "client=x"], "every client contains nothing"),
        (vec!["--where", "inspector=Nobody", "--set", "client=x"], "nobody has the name or e-mail"),
        (vec!["--set", "client=x"], "--where"),
    ] {
        let said = world.fails(&args(&more));
        assert!(said.contains(words), "{words:?} is not in {said}");
    }
    let silent = ["correct", "--as", "ada@example.org", "--reason", " ", "--all"];
    let said = world.fails(&[&silent[..], &["--set", "client=x"]].concat());
    assert!(said.contains("Say why it is corrected"), "{said}");
    let stranger = ["correct", "--as", "ira@example.org", "--reason", REASON, "--all"];
    let said = world.fails(&[&stranger[..], &["--set", "client=x"]].concat());
    assert!(said.contains("nobody can sign in as ira@example.org"), "{said}");
});

on_both!(an_inspector_is_named_alike_in_conditions_and_in_what_is_set, |case| {
    let world = World::new(case).await;
    let inspector = async |index: usize| {
        let inspection = world.store.inspection(world.ids[index]).await.unwrap().unwrap();
        inspection.inspector.map(|person| person.name)
    };
    assert_eq!(inspector(0).await.as_deref(), Some("Ada Example"));
    // Either name selects the same person, and an empty value is a value like another.
    for (ada, set, left) in [
        ("inspector=Ada Example", "inspector=", None),
        ("inspector=", "inspector=ADA@example.org", Some("Ada Example")),
        ("inspector=ada@example.org", "inspector=", None),
        ("inspector!=Ada Example", "inspector=ada example", Some("Ada Example")),
    ] {
        let condition = args(&["--where", ada, "--where", "name~river", "--set", set, "--apply"]);
        let said = world.succeeds(&condition);
        assert!(said.contains("1 inspection corrected"), "{said}");
        assert_eq!(inspector(0).await.as_deref(), left);
    }
    let none = args(&["--where", "inspector!=ada@example.org", "--set", "client=x"]);
    assert!(world.ends_with(3, &none).contains("There is nothing to correct."));
    let help = world.succeeds(&["correct", "--help"]);
    assert!(help.contains("3 if there was nothing to correct"), "{help}");
});

on_both!(it_is_done_whether_or_not_somebody_reads, |case| {
    let world = World::new(case).await;
    let complaint =
        world.succeeds_unread(&args(&["--all", "--set", "client=Harbour Trust", "--apply"]));
    assert_eq!(complaint, "");
    for id in &world.ids[..2] {
        let client = world.store.inspection(*id).await.unwrap().unwrap().client;
        assert_eq!(client, "Harbour Trust");
    }
    // The same holds for every command with output.
    let folder = world.path("backup");
    let folder = folder.to_str().unwrap();
    for command in [
        &args(&["--all", "--set", "client=x"])[..],
        &["user", "list"],
        &["user", "disable", "ada@example.org"],
        &["migrate"],
        &["export"],
        &["backup", folder],
        &["verify"],
    ] {
        let complaint = world.succeeds_unread(command);
        assert!(!complaint.contains("panicked"), "{command:?}: {complaint}");
    }
});

#[tokio::test]
async fn what_is_only_shown_makes_nothing() {
    let case = Case::sqlite().await;
    let world = World::new(&case).await;
    let folder = world.path("elsewhere");
    fs::create_dir(&folder).unwrap();
    let database = format!("sqlite://{}", folder.join("none.db").display());
    let mut command = world.plumbline();
    command.env("DATABASE_URL", database).env("PLUMBLINE_OBJECTS", folder.join("objects"));
    let output = command.args(args(&["--all", "--set", "client=x"])).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("There is no database"), "{said}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

/// Runs on PostgreSQL only, because it shows which connections wait for a lock.
#[tokio::test]
async fn what_no_longer_matches_is_left_alone() {
    let case = Case::postgres().await;
    let world = World::new(&case).await;
    // Somebody is correcting one by hand.
    let mut work =
        case.store.begin(&world.admin, Uuid::now_v7(), Clock::system().now()).await.unwrap();
    let by_hand = edit(Target::Inspection, Field::Client, Value::text("Harbour Ltd"));
    work.perform(world.ids[0], None, by_hand).await.unwrap().unwrap();
    let mut command = world.plumbline();
    command.args(args(&["--where", "client~harbor", "--set", "client=Harbour Trust", "--apply"]));
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut raw = case.raw().await;
    wait_until_somebody_waits(&mut raw).await;
    work.commit().await.unwrap();
    let status = tokio::task::spawn_blocking(move || {
        let said = std::io::read_to_string(child.stdout.take().unwrap()).unwrap();
        (child.wait().unwrap(), said)
    });
    let (status, said) = status.await.unwrap();
    assert!(status.success() && said.contains("1 inspection matched: 1 to correct"), "{said}");
    for (id, client) in [(world.ids[0], "Harbour Ltd"), (world.ids[1], "Harbour Trust")] {
        assert_eq!(world.store.inspection(id).await.unwrap().unwrap().client, client);
    }
    drop(raw);
    case.close().await;
}

async fn wait_until_somebody_waits(raw: &mut Raw) {
    let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted \
         and database = (select oid from pg_database where datname = current_database())";
    while raw.number(waiting).await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
