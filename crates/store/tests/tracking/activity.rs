//! Tests of the activity: matches by day, and the people and inspections that changed most.

use crate::support::*;
use domain::{
    feed::{Activity, ChangeFilter},
    people::Role,
};

on_both!(people_are_told_apart_by_who_they_are, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let other = case.person("Ina Example", Role::Inspector).await;
    let gone = case.person("Gert Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    case.does(&ida, id, section("Roof")).await;
    case.create(&other, "Mill").await;
    case.create(&gone, "Barn").await;
    // By now two people have the same name, and one account is deleted.
    case.store.rename(other.id, "Ida Example").await.unwrap();
    case.store.delete_user(gone.id).await.unwrap();

    let today = at(0).date_naive();
    let activity = case.store.activity(&ChangeFilter::default(), 30, today).await.unwrap();
    let ida_example = "Ida Example".to_owned();
    let expected = [
        (Some(ida.id), ida_example.clone(), 2),
        (None, "Gert Example".to_owned(), 1),
        (Some(other.id), ida_example, 1),
    ];
    assert_eq!(activity.people, expected);
    assert_eq!((activity.sampled, activity.total, activity.days.len()), (4, 4, 30));

    // The number of days is limited.
    let (all, _) = ChangeFilter::from_query("from=2000-01-01");
    let activity = case.store.activity(&all, 10_000, today).await.unwrap();
    assert_eq!(activity.days.len() as u64, Activity::DAYS);
});
