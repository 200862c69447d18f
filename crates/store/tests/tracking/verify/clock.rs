//! Tests of a wrong clock, and of accepting that it was set back.

use super::*;
use domain::change::Change;
use store::{AcceptError, AcceptedGap};

const DAY: i64 = 86_400;

/// Records a change at the given time.
async fn changed(case: &Case, world: &World, seconds: i64, client: &str) -> Change {
    let mut work = case.store.begin(&world.ada, Uuid::now_v7(), at(seconds)).await.unwrap();
    let client = edit(Target::Inspection, Field::Client, Value::text(client));
    let change = work.perform(SECOND, None, client).await.unwrap().unwrap();
    work.commit().await.unwrap();
    change
}

fn opened(case: &Case, world: &World) -> Checkpointer {
    Checkpointer::open(case.store.clone(), world.folder.clone()).unwrap()
}

on_both!(a_clock_that_was_ahead_can_be_accepted_once, |case| {
    let world = World::new(case).await;
    let mut checkpointer = opened(case, &world);
    changed(case, &world, 2 * DAY, "In two days").await;
    checkpointer.keep(at(2 * DAY)).await.unwrap().unwrap();
    assert_eq!(checkpointer.clock_warning(), None);

    // The clock is right again, which the checkpointer reports at once.
    checkpointer.keep(at(30)).await.unwrap();
    let warning = checkpointer.clock_warning().unwrap().to_owned();
    assert_names(&warning, &["2026-03-04", "2026-03-02", "plumbline accept-clock"]);
    changed(case, &world, 31, "Today").await;
    assert_names(&verify(case, &world.witness()).await.unwrap_err(), &["change 19:", "backdated"]);

    // A server that starts later reports it as well, although the newest checkpoint is right.
    checkpointer.keep(at(40)).await.unwrap().unwrap();
    let mut checkpointer = opened(case, &world);
    checkpointer.keep(at(41)).await.unwrap();
    assert_names(checkpointer.clock_warning().unwrap(), &["was set back", "accept-clock"]);

    let reason = "The clock was two days ahead";
    let (gap, file) = case.store.accept_clock(&world.folder, at(60), reason).await.unwrap();
    let last = ChangeId(19);
    let expected =
        AcceptedGap { size: 19, last, back_to: at(31), at: at(60), reason: reason.into() };
    assert_eq!(gap, expected);
    assert!(file.ends_with("000000000019.clock") && file.exists());
    let sound = verify(case, &world.witness()).await.unwrap();
    assert_eq!(sound.gaps, [gap]);
    checkpointer.keep(at(61)).await.unwrap();
    assert_eq!(checkpointer.clock_warning(), None);
    let again = case.store.accept_clock(&world.folder, at(62), reason).await;
    assert!(matches!(again, Err(AcceptError::Nothing)), "{again:?}");

    // The acceptance does not apply to another time.
    changed(case, &world, 3 * DAY, "In three days").await;
    checkpointer.keep(at(3 * DAY)).await.unwrap().unwrap();
    changed(case, &world, 70, "Today again").await;
    assert_names(&verify(case, &world.witness()).await.unwrap_err(), &["change 21:", "backdated"]);
    world.close().await;
});

on_both!(a_clock_that_was_behind_can_be_accepted_once, |case| {
    let world = World::new(case).await;
    let mut checkpointer = opened(case, &world);
    changed(case, &world, -2 * DAY, "Two days ago").await;
    checkpointer.keep(at(-2 * DAY)).await.unwrap().unwrap();
    assert_names(checkpointer.clock_warning().unwrap(), &["2026-02-28", "checkpoint"]);
    let mut checkpointer = opened(case, &world);
    checkpointer.keep(at(30)).await.unwrap();
    assert_names(checkpointer.clock_warning().unwrap(), &["was set back", "accept-clock"]);
    assert_names(&verify(case, &world.witness()).await.unwrap_err(), &["change 18:", "backdated"]);
    let reason = "The battery of the clock was empty";
    let (gap, _) = case.store.accept_clock(&world.folder, at(40), reason).await.unwrap();
    assert_eq!(gap.back_to, at(-2 * DAY));
    assert!(verify(case, &world.witness()).await.is_ok());
    world.close().await;
});

on_both!(a_record_without_a_gap_needs_nothing_accepted, |case| {
    let world = World::new(case).await;
    let nothing = case.store.accept_clock(&world.folder, at(30), "No reason").await;
    assert!(matches!(nothing, Err(AcceptError::Nothing)), "{nothing:?}");
    let reasons = ["", "two\nlines", &"x".repeat(201)];
    for reason in reasons {
        let refused = case.store.accept_clock(&world.folder, at(30), reason).await.unwrap_err();
        assert_names(&refused.to_string(), &["one line"]);
    }
    assert!(world.folder.gaps().unwrap().is_empty());
    world.close().await;
});

on_both!(a_gap_that_is_not_ours_is_found, |case| {
    let world = World::new(case).await;
    changed(case, &world, -2 * DAY, "Two days ago").await;
    case.store.accept_clock(&world.folder, at(40), "The clock was behind").await.unwrap();
    let mut witness = world.witness();
    assert!(verify(case, &witness).await.is_ok());
    witness.gaps[0].text = witness.gaps[0].text.replace("size 18", "size 99");
    witness.gaps[0].size = None;
    let found = verify(case, &witness).await.unwrap_err();
    assert_names(&found, &["000000000018.clock", "signature does not fit"]);
    world.close().await;
});
