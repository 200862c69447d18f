//! Bytes on disk for each change, by action.

use crate::{Bench, client};
use domain::{
    change::{Action, Mutation},
    id::{ChangeId, PhotoId, ReportId, SectionId},
    inspection::{Photo, Report, Section, Status, Target},
};
use sqlx::{AssertSqlSafe, Connection};
use sqlx_postgres::PgConnection;
use sqlx_sqlite::SqliteConnection;
use store::sqlite_options;

/// The tables of the index of changes.
const INDEX: &str = "'index_blocks', 'index_pages'";
/// The tables of the index, and the tracked tables, which exist without a record as well.
const TRACKED_AND_INDEX: &str = "'index_blocks', 'index_pages', \
     'inspections', 'sections', 'equipment', 'photos', 'reports'";
/// Number of samples for the size of each of the ten actions.
const SAMPLES: usize = 1_000;

impl Bench {
    /// Measures bytes on disk for each of the ten actions, including all indexes of the record. The
    /// index of changes is written a block at a time, so each change is charged an equal share of
    /// it.
    pub(crate) async fn sizes(&self) {
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

    async fn sqlite(&self) -> SqliteConnection {
        SqliteConnection::connect_with(&sqlite_options(&self.url).unwrap()).await.unwrap()
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
