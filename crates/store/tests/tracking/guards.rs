//! Tests that the guards refuse raw SQL, on a connection with the store's settings.

use crate::support::*;
use domain::{id::InspectionId, inspection::Inspection, people::Role};
use uuid::Uuid;

const CHILDREN: [&str; 4] = ["sections", "equipment", "photos", "reports"];

/// Returns an inspection with one object of each kind.
async fn furnished(case: &Case) -> Inspection {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    case.does(&ida, id, section("Roof")).await;
    case.does(&ida, id, equipment("Boiler")).await;
    let shows = case.does(&ida, id, photo("slate.jpg", None)).await.id;
    case.does(&ida, id, report(shows)).await;
    case.create(&ida, "Another").await;
    case.inspection(id).await
}

/// Returns a copy of the one row of a table with some columns replaced.
fn copy(case: &Case, table: &str, id: &str, change: &str) -> String {
    let columns = match table {
        "inspections" => {
            "altered_by, removed, reference || 'x', name, address, building_type, client, \
             scheduled_on, inspector_id, inspector_name, summary, status, number, hash"
        }
        "sections" => "removed, position, title, condition, notes",
        "equipment" => "removed, kind, make, model, serial, condition",
        "photos" => "removed, section, name, caption, sha256, media_type, bytes, width, height",
        _ => "removed, name, shows, sha256, bytes, pages",
    };
    let of = if table == "inspections" { "" } else { "inspection_id, " };
    let or_replace = if case.is_sqlite() && id == "id" { "or replace " } else { "" };
    format!(
        "insert {or_replace}into {table} select {id}, {of}{change}, {columns} from {table} \
         order by id limit 1"
    )
}

async fn refused(raw: &mut Raw, statements: &[String]) {
    let result = raw.transaction(statements).await;
    assert!(result.is_err(), "this went through: {statements:?}");
}

on_both!(an_untracked_write_cannot_commit, |case| {
    let before = furnished(case).await;
    let (id, head) = (before.id, before.head);
    let mut raw = case.raw().await;
    for table in CHILDREN.iter().chain(&["inspections"]) {
        for change in ["change_id", &head.to_string(), "9000"] {
            refused(&mut raw, &[copy(case, table, "8000", change)]).await;
            let named = if *table == "reports" || *table == "photos" { "name" } else { "id" };
            let same = format!("update {table} set {named} = {named}, change_id = {change}");
            refused(&mut raw, &[same]).await;
        }
        if case.is_sqlite() {
            refused(&mut raw, &[copy(case, table, "id", "change_id")]).await;
            refused(&mut raw, &[copy(case, table, "id", "9000")]).await;
        }
        refused(&mut raw, &[format!("update {table} set removed = not removed")]).await;
        refused(&mut raw, &[format!("update {table} set id = id + 500")]).await;
        refused(&mut raw, &[format!("delete from {table}")]).await;
        if !case.is_sqlite() {
            refused(&mut raw, &[format!("truncate {table} cascade")]).await;
        }
    }
    for table in CHILDREN {
        refused(&mut raw, &[format!("update {table} set inspection_id = inspection_id + 1")]).await;
    }
    assert_eq!(case.inspection(id).await, before);
    case.assert_folds(id).await;
});

on_both!(a_change_is_never_altered, |case| {
    let before = furnished(case).await;
    let records = case.records(before.id).await;
    let mut raw = case.raw().await;
    let head = before.head;
    let other = if case.is_sqlite() { "x'00'" } else { "gen_random_uuid()" };
    for set in [
        "id = id + 500",
        "inspection_id = inspection_id + 1",
        "created_at = created_at + 1",
        "user_id = null",
        "user_id = user_id + 1",
        "user_name = 'Somebody Else'",
        "action = 'remove'",
        "kind = 'remove'",
        "ordinal = ordinal + 1",
        "fields = '[\"name\"]'",
        "related_str = 'Another'",
        "related_data = '{}'",
        "user_id = user_id",
        "author_id = author_id + 1",
        "number = number + 1",
        &format!("hash = {}", case.bytes(0)),
        &format!("request_id = {other}"),
    ] {
        refused(&mut raw, &[format!("update changes set {set} where id = {head}")]).await;
    }
    refused(&mut raw, &["delete from changes".into()]).await;
    refused(&mut raw, &["update users set id = id + 8000".into()]).await;
    let columns = "inspection_id, created_at, user_id, user_name, request_id, ordinal, action, kind, \
         fields, related_model, related_str, related_data, author_id, number, hash";
    let others = columns.replace("user_name", "'Somebody Else'");
    let again =
        format!("into changes (id, {columns}) select id, {others} from changes where id = {head}");
    refused(&mut raw, &[format!("insert {again}")]).await;
    let update = "on conflict (id) do update set user_name = excluded.user_name";
    refused(&mut raw, &[format!("insert {again} {update}")]).await;
    if case.is_sqlite() {
        refused(&mut raw, &[format!("insert or replace {again}")]).await;
        refused(&mut raw, &[format!("replace {again}")]).await;
        // A later change with the key of this one would take its place.
        let other = again.replace("select id, ", "select 9000, ");
        let head = format!(
            "update inspections set change_id = 9000, number = number + 1 where id = {}",
            before.id
        );
        let other = other.replace("author_id, number,", "author_id, number + 1,");
        refused(&mut raw, &[head, format!("insert or replace {other}")]).await;
        let settings = "pragma recursive_triggers = off".to_owned();
        raw.run(&settings).await.unwrap();
        refused(&mut raw, &[format!("insert or replace {again}")]).await;
    } else {
        refused(&mut raw, &["truncate changes cascade".into()]).await;
        refused(&mut raw, &["truncate users cascade".into()]).await;
    }
    assert_eq!(case.records(before.id).await, records);
});

on_both!(a_change_cannot_be_written_ahead_of_what_it_records, |case| {
    let before = furnished(case).await;
    let mut raw = case.raw().await;
    refused(&mut raw, &[change(case, before.id, 9_000)]).await;
    refused(&mut raw, &[change(case, InspectionId(8_000), 9_000)]).await;
    assert_eq!(case.inspection(before.id).await, before);
});

on_both!(raw_sql_that_records_what_it_does_goes_through_once, |case| {
    let before = furnished(case).await;
    let id = before.id;
    let mut raw = case.raw().await;
    let row =
        format!("update sections set title = 'Attic', change_id = 9000 where inspection_id = {id}");
    let head = format!(
        "update inspections set change_id = 9000, number = 9, hash = {} where id = {id}",
        case.bytes(9)
    );
    let headless = format!("update inspections set change_id = 9000 where id = {id}");
    let change = change(case, id, 9_000);
    let recorded = [row.clone(), head.clone(), change.clone()];
    let by_nobody = change.replace("user_id, user_name", "8000, user_name");
    let by_nobody = by_nobody.replace("author_id, 9", "8000, 9");
    refused(&mut raw, &[row.clone(), head.clone(), by_nobody]).await;
    refused(&mut raw, &[row.clone(), change.clone()]).await;
    refused(&mut raw, &[row.clone(), headless, change.clone()]).await;
    refused(&mut raw, &[row.clone(), head.clone()]).await;
    refused(&mut raw, &[head, row.clone(), change]).await;
    raw.transaction(&recorded).await.unwrap();
    assert_eq!(case.inspection(id).await.sections[0].title, "Attic");
    refused(&mut raw, &[row]).await;
    refused(&mut raw, &[copy(case, "sections", "8000", "9000")]).await;
});

/// A script takes none of the store's locks. A unit of work that meets it at the same inspection is
/// refused, and the hash chain continues from the script's change.
#[tokio::test]
async fn whoever_is_overtaken_by_a_script_records_nothing() {
    let case = Case::postgres().await;
    let id = furnished(&case).await.id;
    let rows = case.records(id).await.len();
    let ada = case.person("Ada Example", Role::Admin).await;
    let mut script = case.raw().await;
    script.run("begin").await.unwrap();
    let taken = script.number("select next_change_ids(1)").await;
    let next = script.number(&format!("select number + 1 from inspections where id = {id}")).await;
    let hash = case.bytes(9);
    let head = format!(
        "update inspections set change_id = {taken}, number = {next}, hash = {hash} where id = {id}"
    );
    script.run(&head).await.unwrap();
    let change = change(&case, id, taken).replace("author_id, 9", &format!("author_id, {next}"));
    script.run(&change).await.unwrap();

    let store = case.store.clone();
    let meanwhile = tokio::spawn(async move {
        let mut work = store.begin(&ada, Uuid::now_v7(), at(5)).await?;
        work.perform(id, None, section("Cellar")).await?;
        work.commit().await
    });
    let mut raw = case.raw().await;
    let waiting = "select count(*) from pg_stat_activity \
        where datname = current_database() and wait_event_type = 'Lock'";
    while raw.number(waiting).await == 0 && !meanwhile.is_finished() {
        tokio::task::yield_now().await;
    }
    script.run("commit").await.unwrap();
    let refused = meanwhile.await.unwrap().unwrap_err();
    assert!(format!("{refused:?}").contains("recorded once"), "{refused:?}");
    assert_eq!(case.records(id).await.len(), rows + 1);
    assert_eq!(case.inspection(id).await.head.0, taken);
    drop((script, raw));
    case.close().await;
}

/// Returns the row of a change that retitles the section.
fn change(case: &Case, id: InspectionId, change: i64) -> String {
    format!(
        "insert into changes (id, inspection_id, created_at, user_id, user_name, request_id, \
         ordinal, action, kind, fields, related_model, related_str, related_data, author_id, \
         number, hash) select {change}, {id}, created_at, user_id, user_name, request_id, 99, \
         'edit', 'edit', '[\"title\"]', 'inspection.Section:2', 'Roof', \
         '{{\"before\":{{\"title\":\"Roof\"}},\"after\":{{\"title\":\"Attic\"}}}}', \
         author_id, 9, {} from changes order by id limit 1",
        case.bytes(9)
    )
}
