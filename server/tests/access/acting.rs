//! Tests of the dashboard's actions through its plain forms.

use crate::support::{Answer, Browser, House, at};
use domain::{
    change::Mutation,
    id::InspectionId,
    inspection::{Field, Status, Value, Values},
    people::{Actor, Role},
};
use uuid::Uuid;

/// Creates two inspections in review, whose names begin with "Mill".
async fn two(house: &House) -> Vec<InspectionId> {
    let id = house.add(Role::Inspector).await;
    let actor = Actor { id, name: "Ada Inspector".into(), role: Role::Inspector };
    let mut ids = Vec::new();
    for name in ["Mill one", "Mill two"] {
        let mut work = house.store.begin(&actor, Uuid::now_v7(), at(1)).await.unwrap();
        let values = Values::default().with(Field::Name, Value::text(name));
        let id = work.create(values).await.unwrap().inspection_id;
        let review = Mutation::SetStatus { to: Status::Review, reason: None };
        work.perform(id, None, review).await.unwrap();
        work.commit().await.unwrap();
        ids.push(id);
    }
    ids
}

async fn send(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post("/changes?q=mill&state=", fields).await
}

/// Submits an action on all matches and confirms the number in the question, or another number.
async fn agree(
    browser: &mut Browser,
    fields: &[(&str, &str)],
    question: &str,
    number: Option<&str>,
) -> Answer {
    let all = [&[("all", "1")], fields].concat();
    let asked = send(browser, &all).await;
    assert!(asked.body.contains(question), "{question} stands in {}", asked.body);
    let number = number.unwrap_or_else(|| asked.input("expected")).to_owned();
    // Forms of the feed have inputs of the same name; those of the question come first.
    let [newest, changes] = ["newest", "changes"].map(|name| (name, asked.input(name)));
    send(browser, &[&all[..], &[("expected", &*number), newest, changes]].concat()).await
}

#[tokio::test]
async fn everything_that_matches_is_agreed_to_in_inspections() {
    let house = House::new().await;
    let ids = two(&house).await;
    let mut browser = house.signed_in(Role::Reviewer).await;

    let comment = [("do", "comment"), ("text-comment", "Look again.")];
    let question = "Comment on 2 inspections?";
    let done = agree(&mut browser, &comment, question, None).await;
    assert!(done.body.contains("Comment added to 2 inspections."), "{}", done.body);
    for id in &ids {
        assert_eq!(house.store.comments_of(*id).await.unwrap().len(), 1, "each is told once");
    }

    // If more match than were confirmed, the question is asked again and nothing is done.
    let complete = [("do", "complete")];
    let question = "Complete 2 inspections?";
    let asked = agree(&mut browser, &complete, question, Some("1")).await;
    assert!(asked.body.contains(question), "{}", asked.body);
    let status = async |id| house.store.inspection(id).await.unwrap().unwrap().status;
    assert_eq!(status(ids[0]).await, Status::Review);
    let done = agree(&mut browser, &complete, question, None).await;
    assert!(done.body.contains("2 inspections are complete."), "{}", done.body);
    assert_eq!((status(ids[0]).await, status(ids[1]).await), (Status::Complete, Status::Complete));
}

#[tokio::test]
async fn a_review_bears_a_note_and_a_view_that_was_deleted_comes_back() {
    let house = House::new().await;
    let ids = two(&house).await;
    let mut browser = house.signed_in(Role::Reviewer).await;

    let change = house.store.history(ids[0], None, 1).await.unwrap().remove(0).id;
    let number = change.to_string();
    let flag = [("change", &*number), ("note", " Which beam? "), ("do", "flagged")];
    send(&mut browser, &flag).await;
    let review = house.store.change(change).await.unwrap().unwrap().review.unwrap();
    assert_eq!(review.note.as_deref(), Some("Which beam?"));

    let user = review.user.unwrap();
    send(&mut browser, &[("do", "save-view"), ("name", "Mills")]).await;
    let view = house.store.saved_views(user).await.unwrap().remove(0);
    let id = view.id.to_string();
    send(&mut browser, &[("do", "start-view"), ("view", &id)]).await;
    let deleted = send(&mut browser, &[("do", "delete-view"), ("view", &id)]).await;
    assert!(deleted.body.contains("View “Mills” deleted."), "{}", deleted.body);
    assert_eq!(house.store.saved_views(user).await.unwrap(), []);
    let mut undo = ["do", "query", "start"].map(|name| (name, deleted.input(name))).to_vec();
    undo.push(("name", "Mills"));
    send(&mut browser, &undo).await;
    let back = house.store.saved_views(user).await.unwrap().remove(0);
    assert_eq!((back.name, back.query, back.is_start), (view.name, view.query, true));
}
