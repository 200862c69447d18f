//! The guards of the database: the triggers that refuse a change without a record, on PostgreSQL the
//! functions that they call, and the foreign keys.
//!
//! They are compared with the guards that the migrations create, because a guard that was dropped
//! or disabled leaves no other trace. On SQLite a fresh in-memory database is migrated for the
//! comparison. On PostgreSQL that would need write access to the server, so the expected guards are
//! in `postgres.json`, which a test compares with a fresh migration.

mod found;

use crate::{
    Error, Store, boxed,
    db::{Db, Tx},
    dialect::Dialect,
    sql::sql,
};
use found::{FoundGuard, replication_role};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};

/// The guards that the PostgreSQL migrations create.
const POSTGRES: &str = include_str!("postgres.json");

/// A trigger, a function that triggers or the store call, or a foreign key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Guard {
    kind: GuardKind,
    /// Its table; `None` for a function.
    table: Option<String>,
    /// Its name; on SQLite, where foreign keys have none, the columns of one.
    name: String,
    /// The statement that creates it, or the definition of a foreign key, as the database returns
    /// it.
    text: String,
}

/// The kinds of guards, in the order of creation: triggers refer to functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum GuardKind {
    Function,
    Trigger,
    ForeignKey,
}

impl Guard {
    fn is_same_thing(&self, other: &Self) -> bool {
        (self.kind, &self.table, &self.name) == (other.kind, &other.table, &other.name)
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, table) = (&self.name, self.table.as_deref().unwrap_or("no table"));
        match self.kind {
            GuardKind::Function => write!(f, "the function {name}"),
            GuardKind::Trigger => write!(f, "the trigger {name} on {table}"),
            GuardKind::ForeignKey => write!(f, "the foreign key {name} of {table}"),
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
    /// It is a trigger of a guarded table that no migration created. It may undo the effect of the
    /// guards.
    Unexpected,
}

impl fmt::Display for GuardFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            GuardProblem::Missing => "is missing",
            GuardProblem::Altered => "was altered",
            GuardProblem::Disabled => "is disabled",
            GuardProblem::Unexpected => "is not one that Plumbline made",
        };
        write!(f, "{} {problem}", self.guard)
    }
}

impl Store {
    /// Returns the guards that are missing, altered or disabled, and the triggers of guarded tables
    /// that no migration created; none if the database is as the migrations made it.
    ///
    /// # Errors
    /// [`Error::Setting`] if the schema is that of an older version; or if the database fails.
    #[boxed]
    pub async fn guard_faults(&self) -> Result<Vec<GuardFault>, Error> {
        let db = self.db();
        db.ensure_current().await?;
        let (expected, found) = (expected(db).await?, found::all(db).await?);
        let faults = expected.iter().filter_map(|guard| fault(guard, &found));
        let mut faults: Vec<_> = faults.map(|(_, fault)| fault).collect();
        faults.extend(unexpected(&expected, &found).map(unexpected_fault));
        if db.dialect() == Dialect::Postgres {
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

    /// Recreates the triggers and functions that are missing, altered or disabled, and drops the
    /// triggers of guarded tables that no migration created. Returns those that it recreated or
    /// dropped. Foreign keys are left as they are, because existing rows may violate them.
    ///
    /// # Errors
    /// As for [`guard_faults`](Self::guard_faults). Nothing is changed then.
    #[boxed]
    pub async fn restore_guards(&self) -> Result<Vec<GuardFault>, Error> {
        let db = self.db();
        db.ensure_current().await?;
        let mut expected = expected(db).await?;
        expected.sort();
        let found = found::all(db).await?;
        let mut restored = Vec::new();
        let mut tx = db.write().await?;
        for guard in unexpected(&expected, &found) {
            drop_trigger(guard, &mut tx).await?;
            restored.push(unexpected_fault(guard));
        }
        for guard in expected.iter().filter(|guard| guard.kind != GuardKind::ForeignKey) {
            let Some((guard, fault)) = fault(guard, &found) else { continue };
            if guard.kind == GuardKind::Trigger {
                drop_trigger(guard, &mut tx).await?;
            }
            sql(guard.text.clone()).run(&mut tx).await?;
            restored.push(fault);
        }
        tx.commit().await?;
        Ok(restored)
    }
}

/// Drops a trigger, if it exists.
async fn drop_trigger(trigger: &Guard, tx: &mut Tx) -> Result<(), Error> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let on = match (tx.dialect(), &trigger.table) {
        (Dialect::Postgres, Some(table)) => format!(" on {}", quoted(table)),
        (Dialect::Postgres, None) | (Dialect::Sqlite, _) => String::new(),
    };
    let text = format!("drop trigger if exists {}{on}", quoted(&trigger.name));
    sql(text).run(tx).await.map(drop)
}

/// Returns the triggers of guarded tables that no migration created.
fn unexpected<'a>(expected: &[Guard], found: &'a [FoundGuard]) -> impl Iterator<Item = &'a Guard> {
    let triggers = expected.iter().filter(|guard| guard.kind == GuardKind::Trigger);
    let (known, guarded): (BTreeSet<_>, BTreeSet<_>) =
        triggers.map(|guard| ((&guard.table, &guard.name), &guard.table)).unzip();
    let triggers = found.iter().filter(|found| found.is_enabled).map(|found| &found.guard);
    let triggers = triggers.filter(|guard| guard.kind == GuardKind::Trigger);
    let unexpected: Vec<_> = triggers
        .filter(|guard| guarded.contains(&guard.table))
        .filter(|guard| !known.contains(&(&guard.table, &guard.name)))
        .collect();
    unexpected.into_iter()
}

fn unexpected_fault(trigger: &Guard) -> GuardFault {
    GuardFault { guard: trigger.to_string(), problem: GuardProblem::Unexpected }
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
fn fault<'a>(guard: &'a Guard, found: &[FoundGuard]) -> Option<(&'a Guard, GuardFault)> {
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
