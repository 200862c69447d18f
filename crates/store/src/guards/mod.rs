//! The guards of the database: the triggers that refuse a change without a record, and on
//! PostgreSQL the functions that they call.
//!
//! They are compared with the guards that the migrations create, because a guard that was dropped
//! or disabled leaves no other trace. On SQLite a fresh in-memory database is migrated for the
//! comparison. On PostgreSQL that would need write access to the server, so the expected guards are
//! in `postgres.json`, which a test compares with a fresh migration.

mod found;

use crate::{Error, Store, boxed, db::Db, dialect::Dialect, sql::sql};
use found::{Found, disabled_foreign_keys, replication_role};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The guards that the PostgreSQL migrations create.
const POSTGRES: &str = include_str!("postgres.json");

/// A trigger, or a function that triggers or the store call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Guard {
    /// The table of a trigger; `None` for a function.
    table: Option<String>,
    name: String,
    /// The statement that creates it, as the database returns it.
    text: String,
}

impl Guard {
    fn is_same_thing(&self, other: &Self) -> bool {
        self.table == other.table && self.name == other.name
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.table {
            Some(table) => write!(f, "the trigger {} on {table}", self.name),
            None => write!(f, "the function {}", self.name),
        }
    }
}

/// A guard of the database that does not work as the migrations created it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardFault {
    /// The guard, as in “the trigger guard on changes”.
    pub guard: String,
    /// Its fault.
    pub problem: GuardProblem,
}

/// A fault of a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuardProblem {
    /// It was dropped.
    Missing,
    /// Its text differs.
    Altered,
    /// It exists but is disabled.
    Disabled,
}

impl fmt::Display for GuardFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            GuardProblem::Missing => "is missing",
            GuardProblem::Altered => "was altered",
            GuardProblem::Disabled => "is disabled",
        };
        write!(f, "{} {problem}", self.guard)
    }
}

impl Store {
    /// Returns the guards that are missing, altered or disabled; none if the database is as the
    /// migrations created it.
    ///
    /// # Errors
    /// [`Error::Setting`] if the schema is that of an older version; and if the database fails.
    #[boxed]
    pub async fn guard_faults(&self) -> Result<Vec<GuardFault>, Error> {
        let db = self.db();
        db.ensure_current().await?;
        let (expected, found) = (expected(db).await?, found::all(db).await?);
        let mut faults: Vec<_> = expected
            .iter()
            .filter_map(|guard| fault(guard, &found))
            .map(|(_, fault)| fault)
            .collect();
        if db.dialect() == Dialect::Postgres {
            for (table, key) in disabled_foreign_keys(db).await? {
                let guard = format!("the foreign key {key} of {table}");
                faults.push(GuardFault { guard, problem: GuardProblem::Disabled });
            }
            let role = replication_role(db).await?;
            if role != "origin" {
                let guard = format!("every trigger (session_replication_role is set to {role})");
                faults.push(GuardFault { guard, problem: GuardProblem::Disabled });
            }
        }
        Ok(faults)
    }

    /// Returns the existing guards in the form of `postgres.json`, for the test that compares the
    /// two.
    #[doc(hidden)]
    #[boxed]
    pub async fn guards_as_json(&self) -> Result<String, Error> {
        let found = found::all(self.db()).await?;
        let mut guards: Vec<Guard> = found.into_iter().map(|found| found.guard).collect();
        guards.sort();
        serde_json::to_string_pretty(&guards)
            .map(|text| text + "\n")
            .map_err(|error| Error::Setting(format!("The list of guards cannot be told: {error}.")))
    }

    /// Recreates the triggers and functions that are missing, altered or disabled, and returns
    /// them.
    ///
    /// # Errors
    /// Those of [`guard_faults`](Self::guard_faults). Nothing is changed then.
    #[boxed]
    pub async fn restore_guards(&self) -> Result<Vec<GuardFault>, Error> {
        let db = self.db();
        db.ensure_current().await?;
        let mut expected = expected(db).await?;
        // Functions first, because triggers refer to them.
        expected.sort();
        let found = found::all(db).await?;
        let mut restored = Vec::new();
        let mut tx = db.write().await?;
        for guard in &expected {
            let Some((guard, fault)) = fault(guard, &found) else { continue };
            if let Some(table) = &guard.table {
                let on = match db.dialect() {
                    Dialect::Sqlite => String::new(),
                    Dialect::Postgres => format!(" on {table}"),
                };
                sql(format!("drop trigger if exists {}{on}", guard.name)).run(&mut tx).await?;
            }
            sql(guard.text.clone()).run(&mut tx).await?;
            restored.push(fault);
        }
        tx.commit().await?;
        Ok(restored)
    }
}

/// Returns the guards that the migrations make.
async fn expected(db: &Db) -> Result<Vec<Guard>, Error> {
    match db.dialect() {
        Dialect::Sqlite => found::of_fresh_sqlite().await,
        Dialect::Postgres => serde_json::from_str(POSTGRES).map_err(|error| {
            Error::Setting(format!("The list of guards cannot be read: {error}."))
        }),
    }
}

/// Returns the fault of a guard, given all existing guards.
fn fault<'a>(guard: &'a Guard, found: &[Found]) -> Option<(&'a Guard, GuardFault)> {
    // Overloaded functions have the same name and different parameters.
    let mut same = found.iter().filter(|found| found.guard.is_same_thing(guard)).peekable();
    let problem = match same.peek() {
        None => GuardProblem::Missing,
        Some(_) => match same.find(|found| found.guard.text == guard.text) {
            None => GuardProblem::Altered,
            Some(found) if !found.is_enabled => GuardProblem::Disabled,
            Some(_) => return None,
        },
    };
    Some((guard, GuardFault { guard: guard.to_string(), problem }))
}
