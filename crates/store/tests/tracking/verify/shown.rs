//! Tests of the verification for a page that shows some changes of an inspection.

use super::*;

/// Alters the author's name of a change.
async fn alter(raw: &mut Raw, change: i64, author: &str) {
    let text = format!("update changes set user_name = '{author}' where id = {change}");
    raw.run(&text).await.unwrap();
}

on_both!(the_shown_changes_are_verified_on_each_read_and_all_when_one_is_new, |case| {
    let world = World::new(case).await;
    let copy = case.copy().await;
    let mut raw = unguarded(&copy).await;
    let shown =
        async |before: Option<ChangeId>| match copy.store.verify_shown(FIRST, before, 3).await {
            Ok(changes) => Ok(changes),
            Err(VerifyError::Wrong(wrong)) => Err(wrong.to_string()),
            Err(failed) => panic!("{failed:?}"),
        };
    assert_eq!(shown(None).await, Ok(11));
    assert_eq!(shown(Some(ChangeId(4))).await, Ok(11), "to the first change");

    alter(&mut raw, 17, "Somebody Else").await;
    assert_names(&shown(None).await.unwrap_err(), &["change 17:", "altered"]);
    alter(&mut raw, 17, "Ida Example").await;
    assert_eq!(shown(None).await, Ok(11));

    // A change on another page is read when that is shown, and when the inspection has changed.
    alter(&mut raw, 2, "Somebody Else").await;
    assert_eq!(shown(None).await, Ok(11));
    assert_names(&shown(Some(ChangeId(4))).await.unwrap_err(), &["change 2:", "altered"]);
    copy.does(&world.ada, FIRST, status(Status::Complete, None)).await;
    assert_names(&shown(None).await.unwrap_err(), &["change 2:", "altered"]);
    alter(&mut raw, 2, "Ida Example").await;
    assert_eq!(shown(None).await, Ok(12));
    assert_eq!(shown(Some(ChangeId(8))).await, Ok(12));

    // The end of the record is cut off.
    raw.run("delete from changes where id = 18").await.unwrap();
    assert!(shown(None).await.is_err());
    guarded_again(&copy, raw).await;
    world.close().await;
    copy.close().await;
});
