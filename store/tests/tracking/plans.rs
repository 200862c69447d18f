//! The dashboard's main questions are answered from an index, without reading or sorting all changes.

use crate::support::*;
use domain::{ChangeFilter, Field, Role, Target, Value};
use uuid::Uuid;

on_both!(the_feed_is_read_from_an_index, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    let ida = case.person("Ida Example", Role::Inspector).await;
    let mut ids = Vec::new();
    for actor in [&ada, &ida] {
        let mut work = case.store.begin(actor, Uuid::now_v7(), at(0)).await.unwrap();
        for number in 0..100 {
            ids.push(work.create(named(&format!("Number {number}"))).await.unwrap().inspection_id);
        }
        work.commit().await.unwrap();
    }
    for number in 0..40 {
        let client = edit(Target::Inspection, Field::Client, Value::text(format!("No. {number}")));
        // Of what Ida does her own hundred go through: enough that a page of hers is a part as well.
        let actor = if number % 2 == 0 { &ada } else { &ida };
        let mut work = case.store.begin(actor, Uuid::now_v7(), at(number)).await.unwrap();
        work.perform_many(&ids, &client).await.unwrap();
        work.commit().await.unwrap();
    }
    // Enough of its own that a page of it is a part.
    let mut work = case.store.begin(&ada, Uuid::now_v7(), at(50)).await.unwrap();
    for number in 0..300 {
        let client = edit(Target::Inspection, Field::Client, Value::text(format!("Now {number}")));
        work.perform(ids[7], None, client).await.unwrap();
    }
    work.commit().await.unwrap();
    case.does(&ida, ids[150], section("Roof")).await;
    case.raw().await.run("analyze").await.unwrap();

    let user = ida.id;
    let inspection = ids[7];
    for query in [
        String::new(),
        "before=4000".into(),
        format!("inspection={inspection}"),
        format!("user={user}"),
        format!("user={user}&before=4000"),
        "action=add-section".into(),
        "action=edit&before=4000".into(),
    ] {
        let (filter, _) = ChangeFilter::from_query(&query);
        let plan = case.store.explain_changes(&filter).await.unwrap();
        let line = |about: &str| plan.iter().find(|line| line.contains(about)).cloned();
        if case.is_sqlite() {
            // Without a condition SQLite calls reading the table from its end a scan of it.
            let changes = line(" c").unwrap();
            let from_the_end = query.is_empty() && changes == "SCAN c";
            assert!(from_the_end || changes.starts_with("SEARCH c USING"), "{query}: {plan:#?}");
            assert_eq!(line("TEMP B-TREE"), None, "{query}: {plan:#?}");
        } else {
            let changes = line("on changes").unwrap();
            assert!(changes.contains("Index Scan"), "{query}: {plan:#?}");
            assert_eq!(line("Sort"), None, "{query}: {plan:#?}");
        }
    }
});
