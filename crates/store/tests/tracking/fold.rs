//! Property test: after any sequence of mutations the tables equal the fold of the records.

use crate::support::*;
use domain::{
    change::Mutation,
    id::{ChangeId, EquipmentId, InspectionId, PhotoId, ReportId, SectionId},
    inspection::{Condition, Field, Inspection, Status, Target, Value, Values},
    people::{Actor, Role},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use store::Error;
use uuid::Uuid;

/// An attempted mutation. Objects are picked by index from those that exist at the time, and
/// sometimes from those that do not.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    actor: usize,
    what: What,
    expected: Expected,
    kept: bool,
}

#[derive(Clone, Debug)]
enum What {
    Edit { thing: usize, fields: Vec<(Field, Scrap)> },
    Correct(String),
    Status(Status, bool),
    AddSection { title: String, position: Option<i64> },
    AddEquipment(String),
    AddPhoto { section: usize },
    Remove(usize),
    BringBack(usize),
    Report { stale: bool },
    Download(usize),
    Many(Status),
    ManyEdit(String),
}

#[derive(Clone, Copy, Debug)]
enum Expected {
    Nothing,
    Head,
    Stale,
}

/// A value that may or may not be valid for a field.
#[derive(Clone, Debug)]
enum Scrap {
    Text(String),
    Condition(Condition),
    Number(i64),
    Section(usize),
    Nobody,
    Long,
}

pub(crate) fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let scrap = prop_oneof![
        6 => "[ a-zA-Zäß\"'\\\\%_]{0,12}".prop_map(Scrap::Text),
        2 => proptest::sample::select(&Condition::ALL[..]).prop_map(Scrap::Condition),
        3 => (-2..9_i64).prop_map(Scrap::Number),
        2 => (0..6_usize).prop_map(Scrap::Section),
        1 => Just(Scrap::Nobody),
        1 => Just(Scrap::Long),
    ];
    let status = proptest::sample::select(&Status::ALL[..]);
    let field = proptest::sample::select(Field::ALL);
    let what = prop_oneof![
        8 => (any::<usize>(), prop::collection::vec((field, scrap), 1..4))
            .prop_map(|(thing, fields)| What::Edit { thing, fields }),
        3 => (status.clone(), any::<bool>()).prop_map(|(to, reason)| What::Status(to, reason)),
        2 => "[a-z]{0,5}".prop_map(What::Correct),
        5 => ("[a-z ]{0,6}", prop::option::of(-1..6_i64))
            .prop_map(|(title, position)| What::AddSection { title, position }),
        2 => "[a-z]{0,5}".prop_map(What::AddEquipment),
        3 => (0..6_usize).prop_map(|section| What::AddPhoto { section }),
        4 => any::<usize>().prop_map(What::Remove),
        4 => any::<usize>().prop_map(What::BringBack),
        2 => any::<bool>().prop_map(|stale| What::Report { stale }),
        1 => any::<usize>().prop_map(What::Download),
        1 => status.prop_map(What::Many),
        1 => "[a-z]{0,5}".prop_map(What::ManyEdit),
    ];
    let expected = prop_oneof![
        3 => Just(Expected::Nothing),
        2 => Just(Expected::Head),
        1 => Just(Expected::Stale),
    ];
    let attempt = (0..12_usize, what, expected, prop::bool::weighted(0.9))
        .prop_map(|(actor, what, expected, kept)| Attempt { actor, what, expected, kept });
    prop::collection::vec(attempt, 1..30)
}

/// Returns the mutation of an attempt, given the inspection and the objects removed from it so far.
fn mutation(what: &What, now: &Inspection, removed: &[Mutation]) -> Option<Mutation> {
    let mut things = vec![Target::Inspection];
    things.extend(now.sections.iter().map(|it| Target::Section(it.id)));
    things.extend(now.equipment.iter().map(|it| Target::Equipment(it.id)));
    things.extend(now.photos.iter().map(|it| Target::Photo(it.id)));
    things.push(Target::Section(SectionId(999_999)));
    things.push(Target::Photo(PhotoId(999_999)));
    let target = |index: usize| things[index % things.len()];
    let a_section = |index: usize| now.sections.get(index).map(|it| it.id);
    Some(match what {
        What::Edit { thing, fields } => {
            let value = |scrap: &Scrap| match scrap {
                Scrap::Text(text) => Value::text(text),
                Scrap::Condition(condition) => Value::Condition(*condition),
                Scrap::Number(number) => Value::Number(*number),
                Scrap::Section(index) => Value::Section(a_section(*index)),
                Scrap::Nobody => Value::Person(None),
                Scrap::Long => Value::text("long ".repeat(5_000)),
            };
            let fields = fields.iter().map(|(field, scrap)| (*field, value(scrap)));
            // Half of the values are for fields that the object has, because otherwise hardly any
            // would be accepted.
            let target = target(*thing);
            let fields = fields.map(|(field, value)| {
                let own = target.editable().iter().find(|own| value.fits(**own));
                (own.copied().filter(|_| thing % 2 == 0).unwrap_or(field), value)
            });
            Mutation::Edit { target, values: fields.collect::<Values>() }
        }
        What::Correct(client) => Mutation::Correct {
            values: Values::new().with(Field::Client, Value::text(client)),
            reason: "The contract says so.".into(),
        },
        What::Status(to, reason) => status(*to, reason.then_some("Look again.")),
        What::AddSection { title, position } => match section(title) {
            Mutation::AddSection { section, photos, .. } => {
                Mutation::AddSection { section, position: *position, photos }
            }
            other => other,
        },
        What::AddEquipment(kind) => equipment(kind),
        What::AddPhoto { section } => photo("slate.jpg", a_section(*section)),
        // The whole inspection is removed rarely, because nothing more happens after it.
        What::Remove(index) if index % 16 == 0 => Mutation::Remove { target: target(*index) },
        What::Remove(index) => Mutation::Remove { target: things[1 + index % (things.len() - 1)] },
        What::BringBack(index) => removed.get(index % removed.len().max(1))?.clone(),
        What::Report { stale } => report(if *stale { ChangeId(now.head.0 - 1) } else { now.head }),
        What::Download(index) => {
            let report = now.reports.get(index % now.reports.len().max(1));
            Mutation::DownloadReport { report: report.map_or(ReportId(999_999), |it| it.id) }
        }
        What::Many(to) => status(*to, Some("All of them.")),
        What::ManyEdit(client) => edit(Target::Inspection, Field::Client, Value::text(client)),
    })
}

/// Returns the mutation that would bring back what this mutation is about to remove.
fn undoing(mutation: &Mutation, now: &Inspection) -> Option<Mutation> {
    match mutation {
        Mutation::Remove { target: Target::Section(id) }
        | Mutation::RemoveSection { section: id } => Some(Mutation::AddSection {
            section: now.section(*id)?.clone(),
            position: now.position(*id),
            photos: now.photos_of(Some(*id)).cloned().collect(),
        }),
        Mutation::Remove { target: Target::Equipment(EquipmentId(id)) } => {
            let equipment = now.equipment(EquipmentId(*id))?.clone();
            Some(Mutation::AddEquipment { equipment })
        }
        Mutation::Remove { target: Target::Photo(id) } => {
            Some(Mutation::AddPhoto { photo: now.photo(*id)?.clone() })
        }
        _ => None,
    }
}

/// Returns an inspection on which all attempts were made.
pub(crate) async fn play(case: &Case, actors: &[Actor], attempts: &[Attempt]) -> InspectionId {
    let id = case.create(&actors[0], "Riverside House").await;
    let mut removed = Vec::new();
    for attempt in attempts {
        let before = case.inspection(id).await;
        let Some(mutation) = mutation(&attempt.what, &before, &removed) else { continue };
        let actor = actors.get(attempt.actor).unwrap_or(&actors[attempt.actor % 2]);
        if case.perform(actor, id, None, mutation.clone()).await.is_ok() {
            removed.extend(undoing(&mutation, &before));
        }
    }
    id
}

/// Makes all attempts on a new inspection and checks after each that tables and records agree.
async fn check(case: &Case, actors: &[Actor], attempts: &[Attempt]) -> Result<(), TestCaseError> {
    let id = case.create(&actors[0], "Riverside House").await;
    let beside = case.create(&actors[0], "Beside").await;
    let mut removed = Vec::new();
    for attempt in attempts {
        let before = case.inspection(id).await;
        let Some(mutation) = mutation(&attempt.what, &before, &removed) else { continue };
        let expected = match attempt.expected {
            Expected::Nothing => None,
            Expected::Head => Some(before.head),
            Expected::Stale => Some(ChangeId(before.head.0 - 1)),
        };
        // Most attempts are made by people who are allowed to.
        let actor = actors.get(attempt.actor).unwrap_or(&actors[attempt.actor % 2]);
        let mut work = case.store.begin(actor, Uuid::now_v7(), at(1)).await.unwrap();
        let many = matches!(attempt.what, What::Many(_) | What::ManyEdit(_));
        let done = if many {
            let many = work.perform_many(&[id, beside], &mutation).await.unwrap();
            many.done.into_iter().find(|change| change.inspection_id == id)
        } else {
            match work.perform(id, expected, mutation.clone()).await {
                Ok(done) => done,
                Err(Error::Refused(_) | Error::Conflict(_)) => None,
                Err(other) => panic!("{mutation:?}: {other:?}"),
            }
        };
        if attempt.kept {
            work.commit().await.unwrap();
        } else {
            drop(work);
        }
        let after = case.inspection(id).await;
        let records = case.records(id).await;
        prop_assert_eq!(&Inspection::rebuild(id, &records).unwrap(), &after);
        match done.filter(|_| attempt.kept) {
            Some(done) => {
                prop_assert_eq!(records.last(), Some(&done));
                prop_assert_eq!(after.head, done.id);
                removed.extend(undoing(&mutation, &before));
            }
            None => prop_assert_eq!(&after, &before, "nothing was recorded, nothing changed"),
        }
    }
    case.assert_folds(beside).await;
    for id in [id, beside] {
        let verified = case.store.verify_inspection(id).await.map_err(|wrong| wrong.to_string());
        prop_assert_eq!(verified, Ok(case.records(id).await.len() as i64));
    }
    check_rows(case, id).await
}

/// Checks that the inspection's rows refer to existing changes, and that positions have no gaps.
async fn check_rows(case: &Case, InspectionId(id): InspectionId) -> Result<(), TestCaseError> {
    let mut raw = case.raw().await;
    for table in ["sections", "equipment", "photos", "reports"] {
        let strays = raw
            .number(&format!(
                "select count(*) from {table} as t where t.inspection_id = {id} and not exists \
                 (select 1 from changes as c where c.id = t.change_id and c.inspection_id = {id})"
            ))
            .await;
        prop_assert_eq!(strays, 0);
    }
    let gaps = raw
        .number(&format!(
            "select count(*) - coalesce(max(position), 0) from sections \
             where inspection_id = {id} and not removed"
        ))
        .await;
    prop_assert_eq!(gaps, 0);
    Ok(())
}

/// Creates a person of each role, and an inspector whose inspections these are not.
pub(crate) async fn actors(case: &Case) -> [Actor; 4] {
    [
        case.person("Ida Example", Role::Inspector).await,
        case.person("Ada Example", Role::Admin).await,
        case.person("Rita Example", Role::Reviewer).await,
        case.person("Ira Example", Role::Inspector).await,
    ]
}

fn check_any_sequence(case: Case, runtime: &tokio::runtime::Runtime) {
    let actors = runtime.block_on(actors(&case));
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(60) });
    let result =
        runner.run(&attempts(), |attempts| runtime.block_on(check(&case, &actors, &attempts)));
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let verified = runtime.block_on(case.store.verify(None, std::sync::Arc::new(|_, _, _| {})));
    assert!(verified.unwrap().changes > 0);
    if !case.is_sqlite() {
        runtime.block_on(case.close());
    }
}

#[test]
fn any_sequence_folds_on_sqlite() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let case = runtime.block_on(Case::sqlite());
    check_any_sequence(case, &runtime);
}

#[test]
fn any_sequence_folds_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let case = runtime.block_on(Case::postgres());
    check_any_sequence(case, &runtime);
}
