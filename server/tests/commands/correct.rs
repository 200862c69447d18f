//! Correcting data in bulk: shown first, recorded when applied, refused with a way on.

use crate::support::World;
use domain::Action;

const REASON: &str = "The client spells it so.";

fn args<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["correct", "--as", "ada@example.org", "--reason", REASON];
    args.extend(more);
    args
}

#[tokio::test]
async fn it_is_shown_first_and_recorded_when_applied() {
    let world = World::new().await;
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

    let again = world.succeeds(&args(&["--all", "--set", "client=Harbour Trust", "--apply"]));
    assert!(again.contains("0 to correct, 2 as they should be"), "{again}");
    assert!(!again.contains("/undo"), "there is nothing to undo: {again}");

    // The one in review is corrected back as well.
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
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_with_a_way_on() {
    let world = World::new().await;
    for (more, words) in [
        (vec!["--where", "colour=red", "--set", "client=x"], "“colour” is not a field"),
        (vec!["--where", "status=done", "--set", "client=x"], "draft, review or complete"),
        (vec!["--all", "--set", "status=complete"], "“status” is not a field"),
        (vec!["--all", "--set", "client"], "has no value"),
        (vec!["--all", "--set", "scheduled_on=soon"], "year-month-day"),
        (vec!["--all", "--set", "inspector=nobody@example.org"], "nobody has the e-mail address"),
        (vec!["--set", "client=x"], "--where"),
    ] {
        let said = world.fails(&args(&more));
        assert!(said.contains(words), "{words:?} is not in {said}");
    }
    let stranger = ["correct", "--as", "ira@example.org", "--reason", REASON, "--all"];
    let said = world.fails(&[&stranger[..], &["--set", "client=x"]].concat());
    assert!(said.contains("nobody can sign in as ira@example.org"), "{said}");
}
