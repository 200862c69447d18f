//! A test that a full queue of the recorder refuses edits for a moment, over HTTP.

use crate::support::{House, at, inspection};
use axum::http::{StatusCode, header};
use domain::{
    change::Mutation,
    inspection::{Field, Target, Value, Values},
};
use futures::{future::join_all, poll};
use std::task::Poll;
use store::{Authorship, Error, MutationRequest};
use uuid::Uuid;

#[tokio::test]
async fn an_edit_is_refused_for_a_moment_and_nothing_of_it_is_done() {
    let house = House::new().await;
    let (actor, id) = inspection(&house, "Old mill").await;
    let mut browser = house.browser();
    browser.sign_in(actor.role).await;
    let path = format!("/inspections/{id}");
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);

    // While a unit of work is open, mutations wait, until the queue takes no more.
    let work = house.store.begin(&actor, Uuid::now_v7(), at(2)).await.unwrap();
    let mut waiting = Vec::new();
    loop {
        assert!(waiting.len() < 100_000, "the queue has a limit");
        let name = format!("Client {}", waiting.len());
        let values = Values::default().with(Field::Client, Value::text(name));
        let author = Authorship { actor: actor.clone(), request_id: Uuid::now_v7(), now: at(3) };
        let mut recording = Box::pin(house.store.record(MutationRequest {
            author,
            ordinal: 1,
            inspection: id,
            expected: None,
            mutation: Mutation::Edit { target: Target::Inspection, values },
        }));
        match poll!(&mut recording) {
            Poll::Pending => waiting.push(recording),
            Poll::Ready(refused) => {
                assert!(matches!(refused, Err(Error::QueueFull)), "{refused:?}");
                break;
            }
        }
    }

    let edit = [("do", "edit"), ("target", "inspection"), ("address", "1 Old Road")];
    let answer = browser.post(&path, &edit).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header(header::RETRY_AFTER), "5");
    assert!(answer.body.contains("1 Old Road"), "nothing typed is lost: {}", answer.body);

    // All accepted mutations are recorded, and the refused edit is neither recorded nor half done.
    drop(work);
    let accepted = waiting.len();
    for recorded in join_all(waiting).await {
        assert!(recorded.unwrap().is_some());
    }
    let now = house.store.inspection(id).await.unwrap().unwrap();
    assert_eq!(now.address, "");
    assert_eq!(now.client, format!("Client {}", accepted - 1));
    let answer = browser.post(&path, &edit).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let now = house.store.inspection(id).await.unwrap().unwrap();
    assert_eq!(now.address, "1 Old Road");
}
