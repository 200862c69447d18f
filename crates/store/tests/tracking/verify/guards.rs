//! Tests of the triggers and functions that guard the record, and of the counters of references.

use super::*;
use std::fs;

/// Returns a trigger on a tracked table, and the statement that drops it.
fn trigger(case: &Case) -> (&'static str, &'static str) {
    match case.is_sqlite() {
        true => ("the trigger sections_update on sections", "drop trigger sections_update"),
        false => ("the trigger guard on sections", "drop trigger guard on sections"),
    }
}

async fn faults(case: &Case) -> Vec<String> {
    let faults = case.store.guard_faults().await.unwrap();
    faults.iter().map(ToString::to_string).collect()
}

/// The list of PostgreSQL's guards must equal that of a fresh migration. With `UPDATE_GUARDS` set,
/// the file is written.
#[tokio::test]
async fn the_list_of_guards_is_that_of_a_fresh_migration() {
    let case = Case::postgres().await;
    let made = case.store.guards_as_json().await.unwrap();
    case.close().await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/guards/postgres.json");
    if std::env::var_os("UPDATE_GUARDS").is_some() {
        fs::write(file, made).unwrap();
    } else {
        assert!(
            fs::read_to_string(file).unwrap() == made,
            "a migration makes other guards: run this test with UPDATE_GUARDS=1 and commit {file}"
        );
    }
}

on_both!(a_guard_that_was_dropped_is_named_and_put_back, |case| {
    assert_eq!(faults(case).await, [""; 0]);
    let (guard, drop) = trigger(case);
    case.raw().await.run(drop).await.unwrap();
    assert_eq!(faults(case).await, [format!("{guard} is missing")]);
    let Err(VerifyError::Wrong(wrong)) = case.store.verify(None, quietly()).await else {
        panic!("nobody saw it");
    };
    assert_names(&wrong.to_string(), &["not guarded", guard, "is missing"]);

    let restored = case.store.restore_guards().await.unwrap();
    assert_eq!(restored.len(), 1);
    assert_eq!(faults(case).await, [""; 0]);
    assert!(case.store.verify(None, quietly()).await.is_ok());
    assert!(case.store.restore_guards().await.unwrap().is_empty(), "there is nothing left to do");
});

on_both!(every_guard_that_was_dropped_is_named, |case| {
    let drops = match case.is_sqlite() {
        true => "drop trigger changes_update; drop trigger changes_delete",
        false => "drop trigger guard_update on changes; drop trigger guard_delete on changes",
    };
    case.raw().await.run(drops).await.unwrap();
    let faults = faults(case).await;
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.ends_with("on changes is missing")), "{faults:?}");
});

on_both!(a_guard_that_was_altered_is_named_and_put_back, |case| {
    let (alter, named) = match case.is_sqlite() {
        true => (
            "drop trigger changes_update; create trigger changes_update before update on changes \
             begin select 1; end",
            vec!["the trigger changes_update on changes was altered"],
        ),
        false => (
            "create or replace function guard_old_change() returns trigger language plpgsql as \
             $$ begin return new; end; $$; \
             drop trigger guard_delete on changes; create trigger guard_delete \
             before delete on changes for each row when (old.id > 9) \
             execute function guard_from_deletion()",
            vec![
                "the function guard_old_change was altered",
                "the trigger guard_delete on changes was altered",
            ],
        ),
    };
    case.raw().await.run(alter).await.unwrap();
    assert_eq!(faults(case).await, named);
    case.store.restore_guards().await.unwrap();
    assert_eq!(faults(case).await, [""; 0]);
});

#[tokio::test]
async fn a_guard_that_was_disabled_is_named() {
    let case = Case::postgres().await;
    let mut raw = case.raw().await;
    raw.run("alter table photos disable trigger guard_delete").await.unwrap();
    assert_eq!(faults(&case).await, ["the trigger guard_delete on photos is disabled"]);
    case.store.restore_guards().await.unwrap();
    assert_eq!(faults(&case).await, [""; 0]);

    raw.run("alter table sections disable trigger all").await.unwrap();
    let found = faults(&case).await;
    assert!(found.iter().any(|fault| fault.starts_with("the foreign key ")), "{found:?}");
    assert!(found.contains(&"the trigger guard on sections is disabled".to_owned()), "{found:?}");

    let all = "do $$ begin execute format('alter database %I set session_replication_role = replica', \
         current_database()); end $$";
    raw.run(all).await.unwrap();
    drop(raw);
    let again = case.opened_again().await.guard_faults().await.unwrap();
    let named = again.iter().any(|fault| fault.guard.contains("session_replication_role"));
    assert!(named, "{again:?}");
    case.close().await;
}

on_both!(a_trigger_that_no_migration_made_is_named_and_dropped, |case| {
    let create = match case.is_sqlite() {
        true => {
            "create trigger \"Skip \"\"it\" before insert on changes begin select raise(ignore); end"
        }
        false => {
            "create function skip() returns trigger language plpgsql as $$ begin return null; end; $$; \
             create trigger \"Skip \"\"it\" before insert on changes for each row \
             execute function skip()"
        }
    };
    case.raw().await.run(create).await.unwrap();
    let named = "the trigger Skip \"it on changes is not one that Plumbline made";
    assert_eq!(faults(case).await, [named]);
    let Err(VerifyError::Wrong(wrong)) = case.store.verify(None, quietly()).await else {
        panic!("nobody saw it");
    };
    assert_names(&wrong.to_string(), &["not guarded", named]);
    assert_eq!(case.store.restore_guards().await.unwrap().len(), 1);
    assert_eq!(faults(case).await, [""; 0]);
});

on_both!(a_foreign_key_that_was_dropped_is_named, |case| {
    let mut raw = case.raw().await;
    let named = match case.is_sqlite() {
        true => {
            // SQLite drops one with its table alone.
            raw.run("pragma foreign_keys = off").await.unwrap();
            for statement in [
                "create table copy as select * from reviewed_changes",
                "drop table reviewed_changes",
                "alter table copy rename to reviewed_changes",
            ] {
                raw.run(statement).await.unwrap();
            }
            "the foreign key review_id of reviewed_changes is missing"
        }
        false => {
            let drop =
                "alter table reviewed_changes drop constraint reviewed_changes_review_id_fkey";
            raw.run(drop).await.unwrap();
            "the foreign key reviewed_changes_review_id_fkey of reviewed_changes is missing"
        }
    };
    let found = faults(case).await;
    assert!(found.iter().any(|fault| fault == named), "{found:?}");
});

on_both!(a_counter_of_references_that_was_set_back_is_named, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    for name in ["One", "Two", "Three"] {
        case.create(&ida, name).await;
    }
    assert!(case.store.verify(None, quietly()).await.is_ok());
    let found = async |statement: &str| {
        case.raw().await.run(statement).await.unwrap();
        match case.store.verify(None, quietly()).await {
            Err(VerifyError::Wrong(wrong)) => wrong.to_string(),
            other => panic!("nobody saw it: {other:?}"),
        }
    };
    let set_back = found("update reference_counters set last = 1 where year = 2026").await;
    assert_names(&set_back, &["counter of references for 2026 is at 1", "BI-2026-0003 is in use"]);
    let gone = found("delete from reference_counters").await;
    assert_names(&gone, &["counter of references for 2026 is missing", "BI-2026-0003"]);
    let right = "insert into reference_counters (year, last) values (2026, 3)";
    case.raw().await.run(right).await.unwrap();
    assert!(case.store.verify(None, quietly()).await.is_ok());
});
