//! Benchmark of the dashboard with many changes: `cargo xtask bench dashboard`.
//!
//! It fills a new database with changes generated from a seed, indexes them and reviews most of
//! them. Then it requests the page of each of twenty filters, once with cold caches and then
//! repeatedly. Apart from the bulk insert, it uses the same code as the server.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark says what it finds")]

mod bulk;
mod made_up;

use bulk::{Raw, fill, review};
use domain::feed::ChangeFilter;
use std::time::Instant;
use store::Store;
use uuid::Uuid;

/// Number of repetitions of each filter.
const ROUNDS: usize = 60;

fn filters(changes: i64) -> Vec<(&'static str, String)> {
    let deep = changes / 3;
    [
        ("everything", String::new()),
        ("one action, frequent", "action=edit".into()),
        ("one action, rare", "action=remove".into()),
        ("not these actions", "-action=edit&-action=add-photo".into()),
        ("one person", "user=3".into()),
        ("a person who does little, and not edits", "user=58&-action=edit".into()),
        ("one inspection", "inspection=4711".into()),
        ("one field", "field=notes".into()),
        ("not these fields, nor that person", "-field=notes&-field=condition&-user=2".into()),
        ("a frequent word", "q=roof".into()),
        ("a rare word", "q=sn0815".into()),
        ("one letter", "q=r".into()),
        ("three words", "q=roof+leak+gut".into()),
        ("words, action, field and person", "q=slates&action=edit&field=notes&user=5".into()),
        ("an old week", "from=2024-07-08&to=2024-07-14".into()),
        (
            "an old month, words, not a person",
            "from=2024-09-01&to=2024-09-30&q=damp&-user=1".into(),
        ),
        ("unreviewed, by inspection", "state=unreviewed&group=inspection".into()),
        ("flagged, one field, by day", "state=flagged&field=condition&group=day".into()),
        ("far down: reviewed edits", format!("state=reviewed&action=edit&before={deep}")),
        ("frequent both, nothing matches", "field=notes&action=add-photo".into()),
    ]
    .into()
}

async fn measure(name: &str, url: &str, objects: &str, changes: i64, explain: bool) {
    let store = Store::open(url, objects).await.unwrap();
    store.migrate().await.unwrap();
    let begun = Instant::now();
    fill(url, changes).await;
    let filled = begun.elapsed();
    let begun = Instant::now();
    store.index_changes().await.unwrap();
    let indexed = begun.elapsed();
    let begun = Instant::now();
    review(&store, changes).await;
    let mut raw = Raw::open(url).await;
    if name == "SQLite" {
        raw.run("analyze").await;
    } else {
        raw.run("vacuum analyze").await;
    }
    println!(
        "{name}: {changes} changes filled in {:.1} s, indexed in {:.1} s, reviewed in {:.1} s",
        filled.as_secs_f64(),
        indexed.as_secs_f64(),
        begun.elapsed().as_secs_f64()
    );
    println!("| {:<42} | matches | first ms | p50 ms | p95 ms |", format!("{name}: filter"));
    println!("|:{}-|--------:|---------:|-------:|-------:|", "-".repeat(42));
    let mut worst: f64 = 0.0;
    let mut all = Vec::new();
    for (title, query) in filters(changes) {
        let (filter, problems) = ChangeFilter::from_query(&query);
        assert_eq!(problems, []);
        if explain {
            for plan in store.explain_changes(&filter).await.unwrap() {
                println!("{plan}");
            }
        }
        // A new store has empty caches, so this measures a first request.
        let store = Store::open(url, objects).await.unwrap();
        store.changes(&ChangeFilter::default(), None).await.unwrap();
        let begun = Instant::now();
        let total = store.changes(&filter, None).await.unwrap().total.to_string();
        let first = begun.elapsed().as_secs_f64() * 1e3;
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            store.changes(&filter, None).await.unwrap();
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
        println!(
            "| {title:<42} | {total:>7} | {first:>8.2} | {:>6.2} | {:>6.2} |",
            at(0.5),
            at(0.95)
        );
        worst = worst.max(at(0.95));
        all.extend(times);
    }
    all.sort_by(f64::total_cmp);
    let p95 = all[all.len() * 95 / 100];
    println!("{name}: p95 of all {p95:.2} ms, of the slowest filter {worst:.2} ms");
    let sizes = if name == "SQLite" {
        raw.rows(
            "select m.tbl_name, sum(s.pgsize) from dbstat as s \
             join sqlite_master as m on m.name = s.name where s.aggregate = 1 \
             group by m.tbl_name order by 2 desc limit 6",
        )
        .await
    } else {
        raw.rows(
            "select relname::text, pg_total_relation_size(oid)::bigint from pg_class \
             where relkind = 'r' and relnamespace = 'public'::regnamespace order by 2 desc limit 6",
        )
        .await
    };
    let sizes: Vec<String> =
        sizes.iter().map(|(name, bytes)| format!("{name} {}", bytes / changes)).collect();
    println!("{name}: bytes a change with all indexes, by table: {}", sizes.join(", "));
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let changes: i64 = args.next().map_or(1_000_000, |number| number.parse().unwrap());
    let which = args.next().unwrap_or_else(|| "both".into());
    let explain = std::env::var_os("EXPLAIN").is_some();
    let folder = tempfile::tempdir().unwrap();
    let objects = folder.path().join("objects").display().to_string();
    if which != "postgres" {
        let url = format!("sqlite://{}", folder.path().join("bench.db").display());
        measure("SQLite", &url, &objects, changes, explain).await;
    }
    if which != "sqlite" {
        let server = std::env::var("TEST_POSTGRES_URL").unwrap();
        let name = format!("bench_{}", Uuid::now_v7().simple());
        let mut raw = Raw::open(&server).await;
        raw.run(&format!("create database {name}")).await;
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        measure("PostgreSQL", &url, &objects, changes, explain).await;
        raw.run(&format!("drop database {name} with (force)")).await;
    }
}
