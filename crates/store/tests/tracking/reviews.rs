//! Tests of reviews, comments, saved views, and notices.

use crate::support::*;
use domain::{
    change::Refusal,
    feed::{ChangeFilter, Count, EntryKey, ReviewState},
    id::{ChangeId, InspectionId},
    people::{Actor, Denied, Role},
};
use store::{Concerned, Error, Notice, ReviewTarget, Reviewed, Store};
use uuid::Uuid;

/// Creates Ida's inspection with three changes, and returns its id.
async fn three(case: &Case) -> (Actor, InspectionId, Vec<ChangeId>) {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    case.does(&ida, id, section("Roof")).await;
    case.does(&ida, id, section("Cellar")).await;
    let ids = case.records(id).await.iter().map(|change| change.id).collect();
    (ida, id, ids)
}

async fn tabs(case: &Case) -> [u32; 3] {
    tabs_of(&case.store).await
}

async fn tabs_of(store: &Store) -> [u32; 3] {
    let page = store.changes(&ChangeFilter::default(), None).await.unwrap();
    [page.tabs.unreviewed, page.tabs.flagged, page.tabs.all].map(|count| count.exact().unwrap())
}

async fn review(
    case: &Case,
    actor: &Actor,
    changes: &[ChangeId],
    state: ReviewState,
    note: Option<&str>,
) -> Reviewed {
    let target = ReviewTarget::Changes(changes.to_vec());
    case.store.review(actor, &target, state, note, at(5)).await.unwrap()
}

on_both!(changes_are_reviewed_flagged_and_put_back, |case| {
    use ReviewState::{Flagged, Reviewed as Done, Unreviewed};
    let (ida, id, changes) = three(case).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let rolf = case.person("Rolf Example", Role::Reviewer).await;
    assert_eq!(tabs(case).await, [3, 0, 3]);

    let first = review(case, &rita, &changes, Done, None).await;
    assert_eq!((first.changes, tabs(case).await), (3, [0, 0, 3]));
    assert_eq!(case.store.last_reviewed(id, rita.id).await.unwrap(), Some(changes[2]));
    assert_eq!(case.store.last_reviewed(id, rolf.id).await.unwrap(), None);
    let again = review(case, &rita, &changes, Done, None).await;
    assert_eq!(again, Reviewed { review: None, changes: 0 });

    let flag = review(case, &rolf, &changes[1..], Flagged, Some(" Which beam? ")).await;
    assert_eq!((flag.changes, tabs(case).await), (2, [0, 2, 3]));
    let row = case.store.change(changes[1]).await.unwrap().unwrap();
    let shown = row.review.unwrap();
    assert_eq!((shown.state, shown.by.as_str(), shown.at), (Flagged, "Rolf Example", at(5)));
    assert_eq!((shown.user, shown.note.as_deref()), (Some(rolf.id), Some("Which beam?")));

    // Only one's own review can be undone. The former state returns, unless there is a newer
    // review.
    let theirs = case.store.undo_review(&rita, flag.review.unwrap()).await;
    assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
    let back = review(case, &rita, &changes[2..], Unreviewed, None).await;
    assert_eq!(tabs(case).await, [1, 1, 3]);
    assert_eq!(case.store.undo_review(&rolf, flag.review.unwrap()).await.unwrap(), 2);
    assert_eq!(tabs(case).await, [1, 0, 3]);
    let twice = case.store.undo_review(&rolf, flag.review.unwrap()).await;
    assert!(matches!(twice, Err(Error::NotFound)), "{twice:?}");
    assert_eq!(case.store.undo_review(&rita, back.review.unwrap()).await.unwrap(), 1);
    assert_eq!(tabs(case).await, [0, 0, 3]);
    assert_eq!(case.store.undo_review(&rita, first.review.unwrap()).await.unwrap(), 3);
    assert_eq!(tabs(case).await, [3, 0, 3]);

    let target = ReviewTarget::Changes(changes.clone());
    let refused = case.store.review(&ida, &target, Done, None, at(6)).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Denied(Denied::Role)))), "{refused:?}");
    let unknown = review(case, &rita, &[ChangeId(99_999)], Done, None).await;
    assert_eq!(unknown.changes, 0);
    // Reviews make no changes.
    assert_eq!(case.records(id).await.len(), 3);
    case.assert_folds(id).await;
});

on_both!(everything_that_matches_is_reviewed_once_it_was_agreed_to, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    for number in 0..30 {
        case.create(&ida, &format!("House {number}")).await;
    }
    let (filter, _) = ChangeFilter::from_query("action=edit&state=unreviewed");
    let (expected, newest) = case.store.count_changes(&filter).await.unwrap();
    assert_eq!(expected, 30);
    let newest = newest.unwrap();
    case.create(&ida, "Come since").await;
    let target = |expected| ReviewTarget::Matching { filter: filter.clone(), newest, expected };
    let store = &case.store;
    let moved = store.review(&rita, &target(5), ReviewState::Reviewed, None, at(9)).await;
    assert!(matches!(moved, Err(Error::Moved { expected: 5, found: 30 })), "{moved:?}");
    let done = store.review(&rita, &target(30), ReviewState::Reviewed, None, at(9)).await.unwrap();
    assert_eq!((done.changes, tabs(case).await), (30, [1, 0, 31]));
    store.undo_review(&rita, done.review.unwrap()).await.unwrap();
    assert_eq!(tabs(case).await, [31, 0, 31]);
});

on_both!(comments_are_for_those_who_see_the_inspection, |case| {
    let (ida, id, changes) = three(case).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let other = case.person("Otto Example", Role::Inspector).await;
    let store = &case.store;
    let said = |actor, text, seconds| {
        store.comment(actor, Uuid::now_v7(), &changes[1..2], text, at(seconds))
    };
    let asked = said(&rita, " Which beam? ", 6).await.unwrap().remove(0);
    let answered = said(&ida, "The third.", 7).await.unwrap().remove(0);
    assert_eq!((asked.text.as_str(), asked.inspection), ("Which beam?", id));
    let denied = said(&other, "I?", 8).await;
    assert!(matches!(denied, Err(Error::Refused(Refusal::Denied(Denied::NotYours)))), "{denied:?}");
    let empty = said(&rita, "  ", 8).await;
    assert!(matches!(empty, Err(Error::Unfit { field: "text", .. })), "{empty:?}");
    // A comment is added to all changes or to none, and only once for all retries.
    let request = Uuid::now_v7();
    let nowhere = [changes[0], ChangeId(99_999)];
    let nowhere = store.comment(&rita, request, &nowhere, "Here?", at(8)).await;
    assert!(matches!(nowhere, Err(Error::NotFound)), "{nowhere:?}");
    let both = [changes[2], changes[0]];
    let twice = store.comment(&rita, request, &both, "Both.", at(8)).await.unwrap();
    let about: Vec<_> = twice.iter().map(|comment| comment.change).collect();
    assert_eq!(about, [changes[0], changes[2]]);
    let again = store.comment(&rita, request, &both, "Both.", at(9)).await.unwrap();
    assert_eq!(again, twice);
    // The request id belongs to her alone.
    let theirs = store.comment(&ida, request, &changes[..1], "Mine.", at(9)).await.unwrap();
    assert_eq!(theirs.len(), 1);
    for (actor, comment) in [(&rita, &twice[0]), (&rita, &twice[1]), (&ida, &theirs[0])] {
        store.delete_comment(actor, comment.id).await.unwrap();
    }

    assert_eq!(store.comments_of(id).await.unwrap(), [asked.clone(), answered.clone()]);
    assert_eq!(store.comments_on(&changes[..1]).await.unwrap(), []);
    assert_eq!(store.change(changes[1]).await.unwrap().unwrap().comments, 2);
    let theirs = store.delete_comment(&rita, answered.id).await;
    assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
    store.delete_comment(&ida, answered.id).await.unwrap();
    store.delete_user(rita.id).await.unwrap();
    let left = store.comments_on(&changes).await.unwrap();
    assert_eq!((left.len(), left[0].user, left[0].by.as_str()), (1, None, "Rita Example"));
});

on_both!(views_are_each_persons_own, |case| {
    let (ida, _, _) = three(case).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let store = &case.store;
    let (filter, _) = ChangeFilter::from_query("action=add-section&before=2");
    let id = store.save_view(rita.id, " New  sections ", &filter).await.unwrap();
    let all = store.save_view(rita.id, "All", &ChangeFilter::default()).await.unwrap();
    let views = store.saved_views(rita.id).await.unwrap();
    let said: Vec<_> =
        views.iter().map(|it| (it.name.as_str(), it.query.as_str(), it.count)).collect();
    let expected =
        [("All", "", Count::of(3)), ("New sections", "action=add-section", Count::of(2))];
    assert_eq!(said, expected);
    assert_eq!(store.saved_views(ida.id).await.unwrap(), []);

    assert_eq!(store.start_view(rita.id).await.unwrap(), None);
    store.start_with(rita.id, Some(all)).await.unwrap();
    store.start_with(rita.id, Some(id)).await.unwrap();
    assert_eq!(store.start_view(rita.id).await.unwrap(), Some(filter.first_page()));
    let theirs = store.delete_view(ida.id, id).await;
    assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
    store.start_with(rita.id, None).await.unwrap();
    store.delete_view(rita.id, id).await.unwrap();
    assert_eq!(store.saved_views(rita.id).await.unwrap().len(), 1);
    assert_eq!(store.start_view(rita.id).await.unwrap(), None);
});

on_both!(whoever_looks_on_is_told_and_resumes_without_a_gap, |case| {
    let (ida, id, changes) = three(case).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    // On PostgreSQL the notices are received on another node; on SQLite there is only this process.
    let node = case.another_node().await;
    let mut notices = node.notices().await.unwrap();
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(3)).await.unwrap();
    work.perform(id, None, section("Stairs")).await.unwrap();
    drop(work);
    let change = case.does(&ida, id, section("Attic")).await;
    let notice = notices.next().await.unwrap();
    let expected = Notice::Changed { first: change.id, last: change.id, inspections: vec![id] };
    assert_eq!(notice, expected, "what was not committed is not told");
    review(case, &rita, &changes, ReviewState::Reviewed, None).await;
    assert_eq!(notices.next().await.unwrap(), Notice::Reviewed);
    let thanks = case.store.comment(&rita, Uuid::now_v7(), &[change.id], "Thanks.", at(9)).await;
    assert_eq!(thanks.unwrap().len(), 1);
    assert_eq!(notices.next().await.unwrap(), Notice::Commented(id));

    let later = |after: ChangeId, query: &'static str| {
        let node = node.clone();
        async move {
            let (filter, _) = ChangeFilter::from_query(query);
            let page = node.changes(&filter, Some(after)).await.unwrap();
            (page.later.exact(), page.newest)
        }
    };
    assert_eq!(later(changes[1], "").await, (Some(2), Some(changes[1])));
    assert_eq!(later(changes[1], "q=cellar").await, (Some(1), Some(changes[1])));
    assert_eq!(later(changes[2], "q=cellar").await, (Some(0), Some(changes[2])));
    assert_eq!(later(change.id, "").await, (Some(0), Some(change.id)));
    assert_eq!(node.newest_change().await.unwrap(), Some(change.id));
    // The inspections of these changes, and the newest change of each.
    let concerned = Concerned { inspection: id, inspector: ida.id, last: Some(change.id) };
    let about = node.concerned_by_changes(changes[0], change.id).await.unwrap();
    assert_eq!(about, [concerned]);
    let concerned = Concerned { last: None, ..concerned };
    assert_eq!(node.concerned(&[id]).await.unwrap(), [concerned]);
});

on_both!(what_a_node_keeps_of_reviews_follows_what_others_do, |case| {
    use ReviewState::{Flagged, Reviewed as Done};
    let (ida, id, changes) = three(case).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let node = case.opened_again().await;
    assert_eq!(tabs_of(&node).await, [3, 0, 3]);
    let first = review(case, &rita, &changes, Done, None).await;
    assert_eq!(tabs_of(&node).await, [0, 0, 3]);
    let target = ReviewTarget::Changes(changes[..1].to_vec());
    node.review(&rita, &target, Flagged, None, at(6)).await.unwrap();
    assert_eq!((tabs(case).await, tabs_of(&node).await), ([0, 1, 3], [0, 1, 3]));
    case.store.undo_review(&rita, first.review.unwrap()).await.unwrap();
    assert_eq!(tabs_of(&node).await, [2, 1, 3]);
    case.does(&ida, id, section("Attic")).await;
    assert_eq!(tabs_of(&node).await, [3, 1, 4]);
});

on_both!(whole_entries_are_reviewed_up_to_what_the_reviewer_knew, |case| {
    let (ida, id, changes) = three(case).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let other = case.create(&ida, "Old Mill").await;
    let (filter, newest) = (ChangeFilter::default(), ChangeId(other.0));
    let since = case.does(&ida, id, section("Attic")).await;
    let entries = |keys: Vec<EntryKey>, query: &str, newest| ReviewTarget::Entries {
        filter: ChangeFilter::from_query(query).0,
        keys,
        newest,
    };
    let both = vec![EntryKey::Inspection(id), EntryKey::Inspection(other)];
    let target = entries(both.clone(), "", newest);
    let of: Vec<_> = case.store.inspections_of(&target).await.unwrap();
    let of: Vec<_> = of.into_iter().map(|(id, _, newest)| (id, newest)).collect();
    assert_eq!(of, [(id, changes[2]), (other, newest)]);
    let newest_of = case.store.newest_of_entries(&filter, &both, newest).await.unwrap();
    assert_eq!(newest_of, [changes[2], newest]);
    // Only matches of the page's filter are reviewed.
    let sections = entries(both, "action=add-section", newest);
    let (done, now) = (ReviewState::Reviewed, at(5));
    let reviewed = case.store.review(&rita, &sections, done, None, now).await.unwrap();
    assert_eq!((reviewed.changes, tabs(case).await), (2, [3, 0, 5]));
    let reviewed = case.store.review(&rita, &target, done, None, now).await.unwrap();
    assert_eq!((reviewed.changes, tabs(case).await), (2, [1, 0, 5]));
    let day = EntryKey::Day(at(0).date_naive());
    let day = entries(vec![day], "", since.id);
    let reviewed = case.store.review(&rita, &day, done, None, now).await.unwrap();
    assert_eq!((reviewed.changes, tabs(case).await), (1, [0, 0, 5]));
});

on_both!(what_was_put_back_does_not_count_as_reviewed, |case| {
    use ReviewState::{Reviewed as Done, Unreviewed};
    let (_, id, changes) = three(case).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    let rolf = case.person("Rolf Example", Role::Reviewer).await;
    review(case, &rita, &changes, Done, None).await;
    review(case, &rolf, &changes[2..], Unreviewed, None).await;
    assert_eq!(case.store.last_reviewed(id, rita.id).await.unwrap(), Some(changes[1]));
    // A second review by another person counts for that person.
    review(case, &rolf, &changes[2..], Done, None).await;
    assert_eq!(case.store.last_reviewed(id, rita.id).await.unwrap(), Some(changes[1]));
    assert_eq!(case.store.last_reviewed(id, rolf.id).await.unwrap(), Some(changes[2]));
});

on_both!(many_review_at_once_on_one_connection_each, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let rita = case.person("Rita Example", Role::Reviewer).await;
    for number in 0..20 {
        case.create(&ida, &format!("House {number}")).await;
    }
    let (filter, _) = ChangeFilter::from_query("state=unreviewed");
    // There are more than there are connections. If each waited for a second connection, none would
    // get one.
    let reviews = (0..40_u32).map(|_| {
        let newest = ChangeId(i64::MAX);
        let target = ReviewTarget::Matching { filter: filter.clone(), newest, expected: 20 };
        let (store, rita) = (case.store.clone(), rita.clone());
        async move { store.review(&rita, &target, ReviewState::Flagged, None, at(9)).await }
    });
    let done = futures::future::join_all(reviews).await;
    // The first reviews all; for the later ones nothing matches any more.
    let first: Vec<_> = done.iter().filter_map(|done| done.as_ref().ok()).collect();
    assert_eq!(first.iter().map(|done| done.changes).collect::<Vec<_>>(), [20]);
    let moved = |done: &Result<Reviewed, Error>| matches!(done, Err(Error::Moved { found: 0, .. }));
    assert_eq!(done.iter().filter(|done| moved(done)).count(), 39);
    assert_eq!(tabs(case).await, [0, 20, 20]);
});
