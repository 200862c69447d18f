//! Changes to search, and filters to search them with.

use super::model::Model;
use crate::support::*;
use chrono::NaiveDate;
use domain::{
    change::Action,
    feed::{ChangeFilter, Facets, Group, ReviewState},
    id::{ChangeId, UserId},
    inspection::{Field, Status, Target, Value},
    people::Role,
};
use proptest::{
    prelude::*,
    sample::{select, subsequence},
};
use store::ReviewTarget;
use uuid::Uuid;

const WORDS: [&str; 8] = ["roof", "Roofing", "loose", "Größe", "gutter", "gut", "12-34", "lo"];

/// Creates more changes than a block has, so that some are in no block.
pub(super) async fn busy(case: &Case) -> Model {
    let ada = case.person("Ada Roofer", Role::Admin).await;
    let ida = case.person("Ida Müller", Role::Inspector).await;
    let gone = case.person("Gone Example", Role::Admin).await;
    let away = case.person("Away Example", Role::Admin).await;
    let mut inspections = Vec::new();
    for number in 0..70 {
        let name = format!("{} {number}", WORDS[number % WORDS.len()]);
        let actor = if number % 3 == 0 { &ada } else { &ida };
        inspections.push(case.create(actor, &name).await);
    }
    let many = |number: usize| match number % 4 {
        0 => edit(
            Target::Inspection,
            Field::Summary,
            Value::text(format!("{number} {}", WORDS[number % 7])),
        ),
        1 => edit(Target::Inspection, Field::Client, Value::text(format!("No. {number}"))),
        2 => edit(
            Target::Inspection,
            Field::Name,
            Value::text(format!("{} {number}", WORDS[number % 8])),
        ),
        _ => edit(Target::Inspection, Field::Address, Value::text(format!("Lane {number}"))),
    };
    for number in 0..92_usize {
        let actor = [&ada, &ada, &ida, &gone, &away][number % 5];
        let hours = i64::try_from(number).unwrap() * 9_000;
        let mut work = case.store.begin(actor, Uuid::now_v7(), at(hours)).await.unwrap();
        work.perform_many(&inspections[number % 5..], &many(number)).await.unwrap();
        // Another mutation in the same request, and one that is rolled back.
        work.perform(inspections[number % 70], None, section(WORDS[number % 8])).await.ok();
        if number % 7 == 3 {
            drop(work);
            continue;
        }
        work.commit().await.unwrap();
    }
    // One request is used twice, with others in between.
    let request = Uuid::now_v7();
    for (id, number) in [(inspections[1], 1), (inspections[2], 2), (inspections[1], 3)] {
        let named = if number == 2 { Uuid::now_v7() } else { request };
        let mut work = case.store.begin(&ada, named, at(600_000 + number)).await.unwrap();
        work.perform(id, None, photo(&format!("gutter{number}.jpg"), None)).await.unwrap();
        work.perform(id, None, equipment("Boiler")).await.unwrap();
        work.commit().await.unwrap();
    }
    // One account is deleted before the index is built, another one after it.
    case.store.delete_user(away.id).await.unwrap();
    case.empty_index().await;
    case.store.index_changes().await.unwrap();
    let (newest, flagged) = (ChangeId(i64::MAX), "action=add-section");
    for (query, state) in
        [("to=2026-03-05&-field=client", ReviewState::Reviewed), (flagged, ReviewState::Flagged)]
    {
        let (filter, _) = ChangeFilter::from_query(query);
        let (expected, _) = case.store.count_changes(&filter).await.unwrap();
        let target = ReviewTarget::Matching { filter, newest, expected };
        case.store.review(&ada, &target, state, None, at(0)).await.unwrap();
    }
    let mut work = case.store.begin(&ida, Uuid::now_v7(), at(700_000)).await.unwrap();
    work.perform_many(&inspections[..20], &status(Status::Review, None)).await.unwrap();
    work.commit().await.unwrap();
    case.store.delete_user(gone.id).await.unwrap();
    let users = vec![ada.id, ida.id, gone.id, UserId(9_999)];
    Model::read(case, inspections, users).await
}

pub(super) fn filters(model: &Model) -> impl Strategy<Value = ChangeFilter> {
    let few = |number: usize| 0..=number;
    let facets = (
        subsequence(Action::ALL.to_vec(), few(3)),
        subsequence(model.users.clone(), few(2)),
        subsequence(model.inspections[..6].to_vec(), few(2)),
        subsequence(vec![Field::Name, Field::Client, Field::Summary, Field::Kind], few(2)),
        subsequence(ReviewState::ALL.to_vec(), few(2)),
    );
    let facets = facets.prop_map(|(actions, users, inspections, fields, states)| Facets {
        actions,
        users,
        inspections,
        fields,
        states,
    });
    let nothing = Just(Facets::default());
    let facets = prop_oneof![2 => nothing.clone(), 1 => nothing, 3 => facets].boxed();
    let days = prop::option::weighted(
        0.3,
        (0..14_u64).prop_map(|day| {
            let first: NaiveDate = "2026-02-28".parse().unwrap();
            first + chrono::Days::new(day)
        }),
    );
    let words = select(vec![
        "", "", "", "r", "roof", "roofi", "müll", "GRÖS", "lo 12", "boil", "ga", "bi 2026", "no 13",
    ]);
    let newest = model.changes[0].0.id.0;
    (
        (facets.clone(), facets),
        prop::option::weighted(0.1, select(model.requests.clone())),
        words,
        (days.clone(), days),
        select(Group::ALL.to_vec()),
        prop::option::weighted(0.5, 1..newest),
    )
        .prop_map(|((with, without), request, words, (from, to), group, before)| {
            ChangeFilter {
                actions: with.actions,
                users: with.users,
                inspections: with.inspections,
                fields: with.fields,
                states: with.states,
                without,
                request,
                words: words.into(),
                from,
                to,
                group,
                before: before.map(ChangeId),
            }
        })
}
