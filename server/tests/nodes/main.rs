//! Tests of two servers on one PostgreSQL database, each with its own connections.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../access/support.rs"]
#[expect(dead_code, reason = "it serves other tests as well")]
mod support;

use domain::{
    feed::ReviewState,
    people::{Actor, Role},
};
use server::Settings;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use sqlx_postgres::{PgConnectOptions, PgConnection};
use std::{str::FromStr, time::Duration};
use store::ReviewTarget;
use support::{House, address, at, follow, inspection, next, rename};
use uuid::Uuid;

/// Limit on the wait for a notice, so that a missing one fails the test.
const PATIENCE: Duration = Duration::from_secs(20);

/// An empty database.
struct Database {
    server: PgConnectOptions,
    name: String,
}

impl Database {
    async fn create() -> Self {
        let url = std::env::var("TEST_POSTGRES_URL").expect(
            "TEST_POSTGRES_URL names no PostgreSQL server; `cargo xtask test --only store` provides one",
        );
        let server = PgConnectOptions::from_str(&url).unwrap();
        let name = format!("test_{}", Uuid::now_v7().simple());
        let database = Self { server, name };
        database.run("create database", "").await;
        database
    }

    fn url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().to_string()
    }

    async fn drop(self) {
        self.run("drop database", "with (force)").await;
    }

    async fn run(&self, before: &str, after: &str) {
        let mut connection: PgConnection = self.server.connect().await.unwrap();
        let statement = AssertSqlSafe(format!("{before} {} {after}", self.name));
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

async fn node(database: &str) -> House {
    let settings = Settings::new(address("127.0.0.1:3000"), None, Vec::new());
    House::open(database, tempfile::tempdir().unwrap(), settings).await
}

#[tokio::test]
async fn what_happens_through_one_is_told_by_the_other() {
    let database = Database::create().await;
    let (one, other) = (node(&database.url()).await, node(&database.url()).await);
    let it = inspection(&one, "Old mill").await;
    let mut reviewer = other.signed_in(Role::Reviewer).await;
    let mut live = follow(&mut reviewer).await;
    let mut next = async |event: &str| {
        tokio::time::timeout(PATIENCE, next(&mut live, event)).await.expect("it is told in time")
    };

    rename(&one, &it, "New mill").await;
    let event = next("changed").await;
    assert!(event.contains(&format!("[[{},", it.1)), "{event}");
    let users = one.store.users().await.unwrap();
    let user = users.iter().find(|user| user.role == Role::Reviewer).unwrap();
    let actor = Actor { id: user.id, name: user.name.clone(), role: user.role };
    let change = one.store.history(it.1, None, 1).await.unwrap().remove(0);
    let target = ReviewTarget::Changes(vec![change.id]);
    one.store.review(&actor, &target, ReviewState::Flagged, None, at(3)).await.unwrap();
    next("reviewed").await;
    // A session that was ended through one server has ended on the other.
    one.store.set_disabled(user.id, true, at(4)).await.unwrap();
    rename(&one, &it, "Mill again").await;
    next("signed-out").await;
    drop((live, reviewer, one, other));
    database.drop().await;
}
