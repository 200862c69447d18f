//! Benchmark of the cost of recording: `cargo xtask bench record`. It takes the URLs of empty
//! databases and prints a table for each. Absolute figures are only meaningful on an idle machine;
//! ratios are measured side by side.

#![expect(clippy::unwrap_used, reason = "a measurement that meets the unexpected stops there")]

use chrono::{DateTime, Utc};
use domain::{
    change::{Action, Mutation},
    id::{ChangeId, InspectionId, PhotoId, ReportId, SectionId},
    inspection::{Field, Photo, Report, Section, Status, Target, Value, Values},
    people::{Actor, Role},
};
use sqlx::{AssertSqlSafe, Connection};
use sqlx_postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx_sqlite::{SqliteConnection, SqlitePool, SqlitePoolOptions};
use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use store::{Authorship, MutationRequest, NewUser, Store, sqlite_options};
use uuid::Uuid;

/// Number of inspections whose status is changed in one request.
const MANY: usize = 10_000;
/// Number of inspections that each writer edits in turn.
const EACH: usize = 100;
/// The tables of the index of changes.
const INDEX: &str = "'index_blocks', 'index_pages'";
/// The tables of the index, and the tracked tables, which exist without a record as well.
const TRACKED_AND_INDEX: &str = "'index_blocks', 'index_pages', \
     'inspections', 'sections', 'equipment', 'photos', 'reports'";
/// Number of samples for the size of each of the ten actions.
const SAMPLES: usize = 1_000;
/// Duration of each measurement of a rate.
const SPELL: Duration = Duration::from_secs(1);
/// Number of alternations between measurements with and without the record.
const TURNS: usize = 9;

#[tokio::main]
async fn main() {
    for url in env::args().skip(1) {
        let bench = Bench::prepare(&url).await;
        println!("\n{}", if bench.is_sqlite() { "SQLite" } else { "PostgreSQL" });
        bench.rates().await;
        bench.many().await;
        bench.sizes().await;
    }
}

struct Bench {
    store: Store,
    url: String,
    admin: Actor,
    ids: Vec<InspectionId>,
}

/// The tracked tables without guards, for mutations without a record.
#[derive(Clone)]
enum Plain {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Days::new(20_000)
}

fn request(admin: &Actor, inspection: InspectionId, mutation: Mutation) -> MutationRequest {
    let author = Authorship { actor: admin.clone(), request_id: Uuid::now_v7(), now: now() };
    MutationRequest { author, ordinal: 1, inspection, expected: None, mutation }
}

fn client(name: String) -> Mutation {
    let values = Values::new().with(Field::Client, Value::text(name));
    Mutation::Edit { target: Target::Inspection, values }
}

impl Bench {
    async fn prepare(url: &str) -> Self {
        let objects = env::temp_dir().join(format!("plumbline-bench-{}", Uuid::now_v7().simple()));
        let store = Store::open(url, objects.to_str().unwrap()).await.unwrap();
        store.migrate().await.unwrap();
        let new = NewUser {
            email: "ada@example.org".into(),
            name: "Ada Example".into(),
            role: Role::Admin,
            password: "plumb-the-depths".into(),
        };
        let admin = store.add_user(&new, now()).await.unwrap().actor();
        let mut work = store.begin(&admin, Uuid::now_v7(), now()).await.unwrap();
        let mut ids = Vec::with_capacity(MANY);
        for number in 0..MANY {
            let values = Values::new()
                .with(Field::Name, Value::text(format!("House {number}")))
                .with(Field::Address, Value::text(format!("{number} Harbour Lane, Seatown")))
                .with(Field::Client, Value::text("Harbour Trust"));
            ids.push(work.create(values).await.unwrap().inspection_id);
        }
        work.commit().await.unwrap();
        let bench = Self { store, url: url.to_owned(), admin, ids };
        bench.analyze().await;
        bench
    }

    fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    async fn perform(&self, id: InspectionId, mutation: Mutation) -> ChangeId {
        self.store.record(request(&self.admin, id, mutation)).await.unwrap().unwrap().id
    }

    /// Measures mutations per second with 1, 8 and 64 writers, with and without the record.
    async fn rates(&self) {
        for writers in [1, 8, 64] {
            let plain = Plain::open(&self.url).await;
            let mut turns = Vec::with_capacity(TURNS);
            for turn in 0..TURNS {
                let with = self.rate(writers, turn, None).await;
                let without = self.rate(writers, turn, Some(&plain)).await;
                turns.push((with, without, without / with));
            }
            let median = |of: &dyn Fn(&(f64, f64, f64)) -> f64| {
                let mut figures: Vec<f64> = turns.iter().map(of).collect();
                figures.sort_unstable_by(f64::total_cmp);
                figures[figures.len() / 2]
            };
            println!(
                "{writers} writer{}: {:.0} mutations/s with the record, {:.0} without: \
                 {:.2} times the cost (medians of {TURNS})",
                if writers == 1 { "" } else { "s" },
                median(&|turn| turn.0),
                median(&|turn| turn.1),
                median(&|turn| turn.2),
            );
        }
    }

    async fn rate(&self, writers: usize, turn: usize, plain: Option<&Plain>) -> f64 {
        // Indexes the earlier changes, so that their cost is not measured here.
        self.store.index_changes().await.unwrap();
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut tasks = Vec::new();
        for writer in 0..writers {
            let ids = self.ids[writer * EACH..(writer + 1) * EACH].to_vec();
            let (store, admin, plain) = (self.store.clone(), self.admin.clone(), plain.cloned());
            let (stop, done) = (stop.clone(), done.clone());
            tasks.push(tokio::spawn(async move {
                for (number, id) in ids.iter().cycle().enumerate() {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let name = format!("Client {turn}-{number}");
                    match &plain {
                        Some(plain) => plain.edit(*id, &format!("{name} plain")).await,
                        None => {
                            let request = request(&admin, *id, client(name));
                            store.record(request).await.unwrap().unwrap();
                        }
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        let begun = Instant::now();
        tokio::time::sleep(SPELL).await;
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.unwrap();
        }
        let done = f64::from(u32::try_from(done.load(Ordering::Relaxed)).unwrap());
        done / begun.elapsed().as_secs_f64()
    }

    /// Measures status changes of many inspections in one request.
    async fn many(&self) {
        let mut times = Vec::new();
        for to in [Status::Review, Status::Complete, Status::Draft, Status::Review, Status::Draft] {
            let mutation = Mutation::SetStatus { to, reason: Some("Look again.".into()) };
            self.store.index_changes().await.unwrap();
            let begun = Instant::now();
            let mut work = self.store.begin(&self.admin, Uuid::now_v7(), now()).await.unwrap();
            let many = work.perform_many(&self.ids, &mutation).await.unwrap();
            work.commit().await.unwrap();
            times.push(begun.elapsed());
            assert_eq!(many.done.len(), MANY);
        }
        times.sort_unstable();
        println!(
            "{MANY} inspections to a status in one request: {:.2} s at the median of {}, {:.2} s at worst",
            times[times.len() / 2].as_secs_f64(),
            times.len(),
            times.last().unwrap().as_secs_f64()
        );
    }

    /// Measures bytes on disk for each of the ten actions, including all indexes of the record. The
    /// index of changes is written a block at a time, so each change is charged an equal share of
    /// it.
    async fn sizes(&self) {
        self.store.index_changes().await.unwrap();
        let share = self.size("in", INDEX).await / self.number_of_changes().await;
        let ids = &self.ids[self.ids.len() - SAMPLES..];
        let (mut sections, mut photos, mut reports) = (Vec::new(), Vec::new(), Vec::new());
        println!(
            "bytes on disk for each change, all indexes included, {share} for the dashboard's"
        );
        for action in [
            Action::Edit,
            Action::AddSection,
            Action::AddPhoto,
            Action::CreatePdf,
            Action::DownloadPdf,
            Action::RemoveSection,
            Action::Remove,
            Action::StatusReview,
            Action::StatusComplete,
            Action::StatusDraft,
        ] {
            let before = self.size("not in", TRACKED_AND_INDEX).await;
            for (index, id) in ids.iter().enumerate() {
                let mutation = match action {
                    Action::Edit => client(format!("Seaside Trust {index}")),
                    Action::AddSection => section("Roof"),
                    Action::AddPhoto => photo(),
                    Action::CreatePdf => {
                        report(self.store.inspection(*id).await.unwrap().unwrap().head)
                    }
                    Action::DownloadPdf => Mutation::DownloadReport { report: reports[index] },
                    Action::RemoveSection => Mutation::RemoveSection { section: sections[index] },
                    Action::Remove => Mutation::Remove { target: Target::Photo(photos[index]) },
                    Action::StatusReview => to(Status::Review),
                    Action::StatusComplete => to(Status::Complete),
                    Action::StatusDraft => to(Status::Draft),
                };
                let change = self.perform(*id, mutation).await;
                match action {
                    Action::AddSection => sections.push(SectionId(change.0)),
                    Action::AddPhoto => photos.push(PhotoId(change.0)),
                    Action::CreatePdf => reports.push(ReportId(change.0)),
                    _ => {}
                }
            }
            let bytes = self.size("not in", TRACKED_AND_INDEX).await - before;
            let each = share + bytes / i64::try_from(SAMPLES).unwrap();
            println!("  {:20} {each:5}", action.label());
        }
    }

    async fn number_of_changes(&self) -> i64 {
        let text = "select count(*) from changes";
        if self.is_sqlite() {
            sqlx::query_scalar(text).fetch_one(&mut self.sqlite().await).await.unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(text).fetch_one(&mut connection).await.unwrap()
        }
    }

    /// Returns the size in bytes of these tables, or of all but these, with their indexes.
    async fn size(&self, are: &str, these: &str) -> i64 {
        if self.is_sqlite() {
            let text = format!(
                "select sum(pgsize) from dbstat where name in \
                 (select name from sqlite_master where tbl_name {are} ({these}))"
            );
            let mut connection = self.sqlite().await;
            sqlx::query_scalar(AssertSqlSafe(text)).fetch_one(&mut connection).await.unwrap()
        } else {
            let text = format!(
                "select sum(pg_total_relation_size(oid))::bigint from pg_class \
                 where relkind = 'r' and relnamespace = 'public'::regnamespace \
                 and relname {are} ({these})"
            );
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query_scalar(AssertSqlSafe(text)).fetch_one(&mut connection).await.unwrap()
        }
    }

    /// Runs ANALYZE, as PostgreSQL does by itself after a while. SQLite does not.
    async fn analyze(&self) {
        if !self.is_sqlite() {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql("analyze").execute(&mut connection).await.unwrap();
        }
    }

    async fn sqlite(&self) -> SqliteConnection {
        SqliteConnection::connect_with(&sqlite_options(&self.url).unwrap()).await.unwrap()
    }
}

impl Plain {
    async fn open(url: &str) -> Self {
        if !url.starts_with("sqlite:") {
            let options =
                PgPoolOptions::new().max_connections(16).after_connect(|connection, _| {
                    Box::pin(async move {
                        let unguarded = "set session_replication_role = replica";
                        sqlx::raw_sql(unguarded).execute(connection).await.map(drop)
                    })
                });
            return Self::Postgres(options.connect(url).await.unwrap());
        }
        let options = sqlite_options(url).unwrap();
        let file = options.get_filename().with_extension(format!("{}.db", Uuid::now_v7().simple()));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let copy = AssertSqlSafe(format!("vacuum into '{}'", file.display()));
        sqlx::raw_sql(copy).execute(&mut connection).await.unwrap();
        let options = options.filename(&file).foreign_keys(false);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .connect_with(options);
        let pool = pool.await.unwrap();
        let triggers = "select name from sqlite_master where type = 'trigger'";
        let triggers: Vec<String> = sqlx::query_scalar(triggers).fetch_all(&pool).await.unwrap();
        for trigger in triggers {
            let drop = AssertSqlSafe(format!("drop trigger {trigger}"));
            sqlx::raw_sql(drop).execute(&pool).await.unwrap();
        }
        Self::Sqlite(pool)
    }

    /// Edits a field without a record: reads the inspection with its contents and writes its row.
    async fn edit(&self, id: InspectionId, client: &str) {
        macro_rules! edit {
            ($tx:expr) => {{
                let head = "select * from inspections where id = $1";
                sqlx::query(head).bind(id.0).fetch_one(&mut *$tx).await.unwrap();
                for contents in [
                    "select * from sections where inspection_id = $1 and not removed",
                    "select * from equipment where inspection_id = $1 and not removed",
                    "select * from photos where inspection_id = $1 and not removed",
                    "select * from reports where inspection_id = $1 and not removed",
                ] {
                    sqlx::query(contents).bind(id.0).fetch_all(&mut *$tx).await.unwrap();
                }
                let update = "update inspections set client = $2 where id = $1";
                sqlx::query(update).bind(id.0).bind(client).execute(&mut *$tx).await.unwrap();
                $tx.commit().await.unwrap();
            }};
        }
        match self {
            Self::Sqlite(pool) => {
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
                edit!(tx)
            }
            Self::Postgres(pool) => {
                let mut tx = pool.begin().await.unwrap();
                edit!(tx)
            }
        }
    }
}

fn section(title: &str) -> Mutation {
    let section = Section { title: title.into(), ..Section::default() };
    Mutation::AddSection { section, position: None, photos: Vec::new() }
}

fn photo() -> Mutation {
    let photo = Photo {
        name: "IMG_2045.jpg".into(),
        sha256: "5e".repeat(32),
        media_type: "image/jpeg".into(),
        bytes: 2_480_000,
        width: 4_032,
        height: 3_024,
        ..Photo::default()
    };
    Mutation::AddPhoto { photo }
}

fn report(shows: ChangeId) -> Mutation {
    let report = Report {
        name: "BI-2026-0001 House.pdf".into(),
        shows,
        sha256: "ab".repeat(32),
        bytes: 90_000,
        pages: 3,
        ..Report::default()
    };
    Mutation::CreateReport { report }
}

fn to(status: Status) -> Mutation {
    Mutation::SetStatus { to: status, reason: Some("The stairs want another look.".into()) }
}
