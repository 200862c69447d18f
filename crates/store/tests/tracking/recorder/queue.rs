//! Tests of the queue: callers that go away, and too many of them.

use super::*;
use domain::people::Role;

on_both!(a_caller_that_goes_away_changes_nothing_about_the_outcome, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let mut notices = case.store.notices().await.unwrap();
    let request = request(&ida, id, section("Roof"));
    let work = busy(&case.store, &ida).await;
    let gone = waiting(&case.store, request.clone()).await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    drop(work);
    assert_eq!(next_changed(&mut notices).await, (1, vec![id]));
    let done = case.records(id).await.pop();
    let again = case.store.record(request).await.unwrap();
    assert!(again.is_some());
    assert_eq!(again, done, "a retry finds the change");
    assert_eq!(case.inspection(id).await.sections.len(), 1);
    case.assert_folds(id).await;
});

on_both!(a_full_queue_refuses_without_doing_anything, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = create_all(case, &ida, 128).await;
    let work = busy(&case.store, &ida).await;
    let mut answers = Vec::new();
    let refused = loop {
        let index = answers.len();
        assert!(index < 100_000, "the queue has a limit");
        let request = request(&ida, ids[index % ids.len()], client(&format!("Client {index}")));
        let answer = waiting(&case.store, request.clone()).await;
        tokio::task::yield_now().await;
        if answer.is_finished() {
            let error = answer.await.unwrap().unwrap_err();
            assert!(matches!(error, Error::QueueFull), "{error:?}");
            assert!(error.is_unavailable(), "the answer is 503");
            break request;
        }
        answers.push(answer);
    };
    let accepted = answers.len();
    work.commit().await.unwrap();
    for answer in answers {
        answer.await.unwrap().unwrap().expect("each changes something");
    }
    let changes = async || case.raw().await.number("select count(*) from changes").await;
    let so_far = i64::try_from(ids.len() + accepted).unwrap();
    assert_eq!(changes().await, so_far);
    case.store.record(refused).await.unwrap().expect("there is room again");
    assert_eq!(changes().await, so_far + 1);
    case.assert_folds(ids[0]).await;
});

on_both!(one_that_is_alone_is_recorded_without_others, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let waits = case.store.recorder_waits();
    for number in 0..5 {
        case.does(&ida, id, client(&format!("Client {number}"))).await;
    }
    assert_eq!(case.store.recorder_waits(), waits, "nobody waited");
});
