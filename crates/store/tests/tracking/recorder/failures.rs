//! Tests of batches that fail as a whole.

use super::*;
use domain::people::Role;

/// Makes the database refuse the changes of one person.
async fn refuse_changes_of(case: &Case, name: &str) {
    let mut raw = case.raw().await;
    let statements = match case.is_sqlite() {
        true => format!(
            "create trigger fault before insert on changes when new.user_name = '{name}' \
             begin select raise(abort, 'a fault'); end"
        ),
        false => format!(
            "create function fault() returns trigger language plpgsql as \
             $$ begin raise 'a fault'; end $$; \
             create trigger fault before insert on changes for each row \
             when (new.user_name = '{name}') execute function fault()"
        ),
    };
    raw.run(&statements).await.unwrap();
}

on_both!(a_fault_of_the_database_fails_only_the_mutation_that_has_it, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ada = case.person("Ada Example", Role::Admin).await;
    let ids = create_all(case, &ida, 5).await;
    refuse_changes_of(case, "Ada Example").await;
    let work = busy(&case.store, &ida).await;
    let mut answers = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let actor = if index == 2 { &ada } else { &ida };
        answers.push(waiting(&case.store, request(actor, *id, section("Roof"))).await);
    }
    drop(work);
    for (index, answer) in answers.into_iter().enumerate() {
        let recorded = answer.await.unwrap();
        let sections = case.inspection(ids[index]).await.sections.len();
        match index {
            2 => {
                assert!(matches!(recorded, Err(Error::Database(_))), "{recorded:?}");
                assert_eq!(sections, 0);
            }
            _ => {
                assert!(recorded.is_ok_and(|change| change.is_some()));
                assert_eq!(sections, 1);
            }
        }
        case.assert_folds(ids[index]).await;
    }
    let changes = case.raw().await.number("select count(*) from changes").await;
    assert_eq!(changes, 5 + 4);
    case.does(&ida, ids[2], section("Roof")).await;
});

/// The connection is lost at the commit, so that its outcome is unknown. A sequence counts the
/// commits, because it is not rolled back.
#[tokio::test]
async fn a_batch_whose_connection_is_lost_at_the_commit_is_recorded_once() {
    let case = Case::postgres().await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let ids = create_all(&case, &ida, 4).await;
    let lose = "create sequence commits; \
        create function lose_connection() returns trigger language plpgsql as $$ begin \
            if nextval('commits') = 1 then \
                perform pg_terminate_backend(pg_backend_pid()); \
            end if; \
            return null; \
        end $$; \
        create constraint trigger lose_connection after insert on changes \
            deferrable initially deferred for each row execute function lose_connection()";
    case.raw().await.run(lose).await.unwrap();
    let work = busy(&case.store, &ida).await;
    let mut answers = Vec::new();
    for id in &ids {
        answers.push(waiting(&case.store, request(&ida, *id, section("Roof"))).await);
    }
    drop(work);
    for (id, answer) in ids.iter().zip(answers) {
        answer.await.unwrap().unwrap().expect("it is recorded at the second attempt");
        assert_eq!(case.inspection(*id).await.sections.len(), 1);
        case.assert_folds(*id).await;
    }
    let changes = case.raw().await.number("select count(*) from changes").await;
    assert_eq!(changes, 4 + 4);
    case.close().await;
}
