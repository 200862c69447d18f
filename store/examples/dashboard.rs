//! How long the dashboard takes over many changes: `cargo xtask bench dashboard`.
//!
//! It fills a new database with changes made up from a seed, has them indexed and most of them
//! reviewed, and then asks for the page of each of twenty filters again and again. The rows are written
//! in bulk: on SQLite the triggers that guard them are dropped for that time and made again, on
//! PostgreSQL the session says that it copies what was guarded elsewhere. Everything after that goes
//! the way that it goes in the server.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark says what it finds")]

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{
    Action, Actor, Change, ChangeFilter, ChangeId, Condition, Data, Field, InspectionId, Record,
    Related, RelatedModel, ReviewState, Role, SectionId, Status, UserId, Value, Values,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use sqlx_postgres::PgConnection;
use sqlx_sqlite::SqliteConnection;
use std::time::Instant;
use store::{ReviewTarget, Store, sqlite_options};
use uuid::Uuid;

const INSPECTIONS: i64 = 8_000;
const USERS: u64 = 60;
const DAYS: u64 = 700;
const ROUNDS: usize = 60;
const BATCH: usize = 5_000;

const COMMON: [&str; 48] = [
    "roof",
    "slates",
    "loose",
    "gutter",
    "leak",
    "wall",
    "damp",
    "crack",
    "window",
    "frame",
    "door",
    "lintel",
    "stairs",
    "rail",
    "cellar",
    "floor",
    "joist",
    "beam",
    "rot",
    "chimney",
    "flue",
    "boiler",
    "pipe",
    "valve",
    "wiring",
    "socket",
    "panel",
    "lamp",
    "insulation",
    "plaster",
    "ceiling",
    "tile",
    "grout",
    "drain",
    "trap",
    "fence",
    "gate",
    "paving",
    "render",
    "brick",
    "mortar",
    "pointing",
    "flashing",
    "ridge",
    "hip",
    "valley",
    "soffit",
    "fascia",
];

/// Numbers that look random and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Small numbers much more often than great ones.
    fn mostly_small(&mut self, end: u64) -> u64 {
        let (a, b, c) = (self.below(end), self.below(end), self.below(end));
        a.min(b).min(c)
    }

    fn words(&mut self, number: u64) -> String {
        let mut words = Vec::new();
        for _ in 0..number {
            // One in twenty is seldom heard.
            if self.below(20) == 0 {
                words.push(format!("{}{}", self.word(), self.below(400)));
            } else {
                words.push(self.word().to_owned());
            }
        }
        words.join(" ")
    }

    fn word(&mut self) -> &'static str {
        COMMON[usize::try_from(self.mostly_small(COMMON.len() as u64)).unwrap()]
    }
}

/// Makes up changes, oldest first.
struct History {
    dice: Dice,
    next: i64,
    changes: i64,
    names: Vec<String>,
    request: Request,
}

/// What one person does at once.
struct Request {
    id: Uuid,
    user: u64,
    left: i64,
    /// Whether each of its changes is of another inspection.
    many: bool,
    inspection: i64,
    status: Status,
}

impl History {
    fn new(changes: i64) -> Self {
        let mut dice = Dice(20_260_302);
        let names = (0..INSPECTIONS).map(|number| {
            format!(
                "{} {} {number}",
                capital(dice.word()),
                ["House", "Court", "Mill"][number as usize % 3]
            )
        });
        let names = names.collect();
        let request = Request {
            id: Uuid::nil(),
            user: 0,
            left: 0,
            many: false,
            inspection: 1,
            status: Status::Review,
        };
        Self { dice, next: 1, changes, names, request }
    }

    fn at(&self, id: i64) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2024-06-01T06:00:00Z".parse().unwrap();
        let seconds = i64::try_from(DAYS).unwrap() * 86_400 * id / self.changes;
        start + TimeDelta::seconds(seconds)
    }

    fn begin_request(&mut self) {
        let dice = &mut self.dice;
        let (left, many) = match dice.below(10_000) {
            0 => (1_000 + i64::try_from(dice.below(7_000)).unwrap(), true),
            1..=7_999 => (1, false),
            _ => (2 + i64::try_from(dice.below(6)).unwrap(), false),
        };
        self.request = Request {
            id: Uuid::from_u64_pair(dice.next(), dice.next()),
            user: dice.mostly_small(USERS),
            left,
            many,
            inspection: 1 + i64::try_from(dice.below(INSPECTIONS as u64)).unwrap(),
            status: [Status::Review, Status::Complete][usize::try_from(dice.below(2)).unwrap()],
        };
    }

    fn record(&mut self) -> Record {
        let status = self.request.status;
        let dice = &mut self.dice;
        if self.request.many {
            let before = if status == Status::Complete { Status::Review } else { Status::Draft };
            return step(before, status, None);
        }
        let section = SectionId(i64::try_from(dice.below(1_000)).unwrap());
        let related = |model, text: &str| Some(Related { model, text: text.into() });
        let title = dice.word();
        let edit = |field, before, after| Record {
            action: Action::Edit,
            fields: vec![field],
            related: related(RelatedModel::Section(section), title),
            data: Data {
                before: Values::new().with(field, before),
                after: Values::new().with(field, after),
                ..Data::default()
            },
        };
        match dice.below(1_000) {
            0..=399 => {
                let (before, after) = (dice.words(6), dice.words(9));
                edit(Field::Notes, Value::text(before), Value::text(after))
            }
            400..=599 => {
                let one = |dice: &mut Dice| Condition::ALL[usize::try_from(dice.below(5)).unwrap()];
                let (before, after) = (one(dice), one(dice));
                edit(Field::Condition, Value::Condition(before), Value::Condition(after))
            }
            600..=799 => {
                let name = format!("IMG_{}.jpg", dice.below(100_000));
                let caption = dice.words(3);
                let after = Values::new()
                    .with(Field::Name, Value::text(name.as_str()))
                    .with(Field::Caption, Value::text(caption))
                    .with(Field::Sha256, Value::text(format!("{:016x}", dice.next()).repeat(4)));
                Record {
                    action: Action::AddPhoto,
                    fields: Vec::new(),
                    related: related(RelatedModel::Photo(domain::PhotoId(section.0)), &name),
                    data: Data { after, ..Data::default() },
                }
            }
            800..=879 => Record {
                action: Action::AddSection,
                fields: Vec::new(),
                related: related(RelatedModel::Section(section), title),
                data: Data {
                    after: Values::new().with(Field::Title, Value::text(title)),
                    ..Data::default()
                },
            },
            880..=909 => step(Status::Draft, Status::Review, None),
            910..=929 => step(Status::Review, Status::Complete, None),
            930..=939 => {
                let reason = dice.words(5);
                step(Status::Review, Status::Draft, Some(reason))
            }
            940..=979 => {
                let serial = format!("SN{:06}", dice.below(1_000_000));
                let id = domain::EquipmentId(section.0);
                Record {
                    related: related(RelatedModel::Equipment(id), "Boiler"),
                    ..edit(Field::Serial, Value::text(""), Value::text(serial))
                }
            }
            980..=997 => Record {
                action: Action::DownloadPdf,
                fields: Vec::new(),
                related: related(RelatedModel::Report(domain::ReportId(section.0)), "report.pdf"),
                data: Data::default(),
            },
            _ => Record {
                action: Action::Remove,
                fields: Vec::new(),
                related: related(RelatedModel::Photo(domain::PhotoId(section.0)), "IMG_1.jpg"),
                data: Data::default(),
            },
        }
    }
}

impl Iterator for History {
    type Item = Change;

    fn next(&mut self) -> Option<Change> {
        if self.next > self.changes {
            return None;
        }
        if self.request.left == 0 {
            self.begin_request();
        }
        self.request.left -= 1;
        if self.request.many {
            self.request.inspection = self.request.inspection % INSPECTIONS + 1;
        }
        let id = self.next;
        self.next += 1;
        let record = self.record();
        let inspection = self.request.inspection;
        Some(Change {
            id: ChangeId(id),
            inspection_id: InspectionId(inspection),
            created_at: self.at(id),
            user_id: Some(UserId(i64::try_from(self.request.user).unwrap() + 1)),
            user_name: person(self.request.user),
            request_id: self.request.id,
            record,
        })
    }
}

fn step(before: Status, after: Status, reason: Option<String>) -> Record {
    Record {
        action: match after {
            Status::Draft => Action::StatusDraft,
            Status::Review => Action::StatusReview,
            Status::Complete => Action::StatusComplete,
        },
        fields: vec![Field::Status],
        related: None,
        data: Data {
            before: Values::new().with(Field::Status, Value::Status(before)),
            after: Values::new().with(Field::Status, Value::Status(after)),
            reason,
            ..Data::default()
        },
    }
}

/// 32 bytes in hexadecimal that look random.
fn hash(id: i64) -> String {
    let mut dice = Dice(id.unsigned_abs());
    (0..4).map(|_| format!("{:016x}", dice.next())).collect()
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

fn person(number: u64) -> String {
    let word = COMMON[usize::try_from(number).unwrap() % COMMON.len()];
    format!("{} Example{number}", capital(word))
}

/// A connection of one's own.
enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    async fn open(url: &str) -> Self {
        if url.starts_with("sqlite") {
            let options = sqlite_options(url).unwrap().foreign_keys(false);
            Self::Sqlite(options.connect().await.unwrap())
        } else {
            Self::Postgres(PgConnection::connect(url).await.unwrap())
        }
    }

    async fn run(&mut self, text: &str) {
        let text = AssertSqlSafe(text.to_owned());
        match self {
            Self::Sqlite(connection) => {
                sqlx::raw_sql(text).execute(connection).await.unwrap();
            }
            Self::Postgres(connection) => {
                sqlx::raw_sql(text).execute(connection).await.unwrap();
            }
        }
    }

    async fn rows(&mut self, text: &str) -> Vec<(String, i64)> {
        let text = AssertSqlSafe(text.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query_as(text).fetch_all(connection).await.unwrap(),
            Self::Postgres(connection) => sqlx::query_as(text).fetch_all(connection).await.unwrap(),
        }
    }

    /// Inserts rows that are objects of a JSON array; columns with PostgreSQL's types.
    async fn insert(&mut self, table: &str, columns: &[(&str, &str)], rows: &[serde_json::Value]) {
        let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let rows = serde_json::to_string(rows).unwrap();
        match self {
            Self::Sqlite(connection) => {
                let values = columns.iter().map(|(name, kind)| match *kind {
                    "uuid" => format!("unhex(replace(value ->> '{name}', '-', ''))"),
                    "bytea" => format!("unhex(substr(value ->> '{name}', 3))"),
                    _ => format!("value ->> '{name}'"),
                });
                let values = values.collect::<Vec<_>>().join(", ");
                let text =
                    format!("insert into {table} ({names}) select {values} from json_each($1)");
                sqlx::query(AssertSqlSafe(text)).bind(rows).execute(connection).await.unwrap();
            }
            Self::Postgres(connection) => {
                let typed = columns.iter().map(|(name, kind)| format!("{name} {kind}"));
                let typed = typed.collect::<Vec<_>>().join(", ");
                let text = format!(
                    "insert into {table} ({names}) \
                     select {names} from json_to_recordset($1::json) as new ({typed})"
                );
                sqlx::query(AssertSqlSafe(text)).bind(rows).execute(connection).await.unwrap();
            }
        }
    }
}

/// Writes everything in bulk.
async fn fill(url: &str, changes: i64) {
    let mut raw = Raw::open(url).await;
    let guards = match &mut raw {
        Raw::Sqlite(_) => {
            raw.rows("select name || '|' || sql, 0 from sqlite_master where type = 'trigger'").await
        }
        Raw::Postgres(_) => Vec::new(),
    };
    for (guard, _) in &guards {
        raw.run(&format!("drop trigger {}", guard.split_once('|').unwrap().0)).await;
    }
    if matches!(raw, Raw::Postgres(_)) {
        raw.run("set session_replication_role = replica").await;
    }
    raw.run("begin").await;
    for user in 0..USERS {
        raw.run(&format!(
            "insert into users (email, name, role, password_hash, created_at) \
             values ('{user}@example.org', '{}', 'reviewer', '', 0)",
            person(user)
        ))
        .await;
    }
    let change_columns = [
        ("id", "bigint"),
        ("inspection_id", "bigint"),
        ("created_at", "bigint"),
        ("user_id", "bigint"),
        ("user_name", "text"),
        ("request_id", "uuid"),
        ("action", "text"),
        ("fields", "jsonb"),
        ("related_model", "text"),
        ("related_str", "text"),
        ("related_data", "jsonb"),
        ("author_id", "bigint"),
        ("number", "bigint"),
        ("hash", "bytea"),
    ];
    // The head of each inspection and its number. The hashes are as long as real ones; nobody verifies
    // these.
    let mut heads = vec![(0, 0); usize::try_from(INSPECTIONS).unwrap()];
    let mut history = History::new(changes);
    let names = history.names.clone();
    loop {
        let batch: Vec<Change> = history.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let mut rows = Vec::with_capacity(BATCH);
        for change in &batch {
            let Record { action, fields, related, data } = &change.record;
            let head = &mut heads[usize::try_from(change.inspection_id.0 - 1).unwrap()];
            *head = (change.id.0, head.1 + 1);
            rows.push(json!({
                "id": change.id,
                "inspection_id": change.inspection_id,
                "created_at": change.created_at.timestamp_micros(),
                "user_id": change.user_id,
                "user_name": change.user_name,
                "request_id": change.request_id,
                "action": action,
                "fields": fields,
                "related_model": related.as_ref().map(|related| related.model),
                "related_str": related.as_ref().map(|related| &related.text),
                "related_data": data,
                "author_id": change.user_id,
                "number": head.1,
                "hash": format!("\\x{}", hash(change.id.0)),
            }));
        }
        raw.insert("changes", &change_columns, &rows).await;
    }
    let (removed, bytes) = match raw {
        Raw::Sqlite(_) => ("0", "x'"),
        Raw::Postgres(_) => ("false", "'\\x"),
    };
    for (index, (head, number)) in heads.into_iter().enumerate().filter(|(_, head)| head.0 > 0) {
        let (id, hash) = (index + 1, hash(head));
        raw.run(&format!(
            "insert into inspections (id, change_id, altered_by, removed, reference, name, address, \
             building_type, client, summary, status, number, hash) values ({id}, {head}, {head}, \
             {removed}, 'BI-2024-{id:04}', '{}', '', '', '', '', 'draft', {number}, {bytes}{hash}')",
            names[index]
        ))
        .await;
    }
    raw.run("commit").await;
    for (guard, _) in &guards {
        raw.run(guard.split_once('|').unwrap().1).await;
    }
    if matches!(raw, Raw::Postgres(_)) {
        raw.run(&format!("select setval('change_ids', {changes})")).await;
        raw.run("set session_replication_role = origin").await;
        raw.run("vacuum analyze").await;
    } else {
        raw.run("analyze").await;
    }
}

/// Most of it reviewed, month by month, some of that flagged, the newest left as it is.
async fn review(store: &Store, changes: i64) {
    let rita = Actor { id: UserId(1), name: "Rita Example".into(), role: Role::Reviewer };
    let now = History::new(changes).at(changes);
    let newest = ChangeId(changes);
    let start: NaiveDate = "2024-06-01".parse().unwrap();
    for month in 0..(DAYS / 30 - 1) {
        let first = start + Days::new(month * 30);
        let query = format!("from={first}&to={}", first + Days::new(29));
        for (query, state) in [
            (format!("{query}&q=rot&field=condition"), ReviewState::Flagged),
            (format!("{query}&state=unreviewed"), ReviewState::Reviewed),
        ] {
            let (filter, _) = ChangeFilter::from_query(&query);
            let (expected, _) = store.count_changes(&filter).await.unwrap();
            let target = ReviewTarget::Matching { filter, newest, expected };
            store.review(&rita, &target, state, None, now).await.unwrap();
        }
    }
}

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
    println!("| {:<42} | matches | p50 ms | p95 ms |", format!("{name}: filter"));
    println!("|:{}-|--------:|-------:|-------:|", "-".repeat(42));
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
        let mut times = Vec::new();
        let mut total = String::new();
        for round in 0..ROUNDS + 3 {
            let begun = Instant::now();
            let page = store.changes(&filter, None).await.unwrap();
            // The first few find nothing in memory yet.
            if round >= 3 {
                times.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            total = page.total.to_string();
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
        println!("| {title:<42} | {total:>7} | {:>6.2} | {:>6.2} |", at(0.5), at(0.95));
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
