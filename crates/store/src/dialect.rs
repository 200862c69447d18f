//! Differences between the SQL of the two databases, one function for each.

/// SQL dialect of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// Returns the condition that a column is among the values of the array bound as `$bind`.
    pub(crate) fn any(self, column: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("{column} in (select value from json_each(${bind}))"),
            Self::Postgres => format!("{column} = any(${bind})"),
        }
    }

    /// Returns the condition that a column is among the UUIDs of the array bound as `$bind`.
    pub(crate) fn any_uuid(self, column: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("{column} in (select unhex(value) from json_each(${bind}))"),
            Self::Postgres => self.any(column, bind),
        }
    }

    /// Returns the expression that turns bound text into JSON.
    pub(crate) fn json(self, text: &str) -> String {
        match self {
            Self::Sqlite => text.to_owned(),
            Self::Postgres => format!("cast({text} as json)"),
        }
    }

    /// Returns a table called `name` with one column, `value`, for the array bound as `$bind`.
    pub(crate) fn values(self, name: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("(select value from json_each(${bind})) as {name}"),
            Self::Postgres => format!("unnest(${bind}) as {name} (value)"),
        }
    }

    /// Returns the query that waits until nobody else records, and reserves the next `$1` ids of
    /// changes. Until the end of the transaction nobody else records. The common table expression
    /// is evaluated first, because the ids are selected from its row. On SQLite there is none: the
    /// one writer continues from the newest id.
    pub(crate) const fn next_change_ids(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(
                "with turn as materialized (select pg_advisory_xact_lock(7305001)) \
                 select next_change_ids($1) from turn",
            ),
        }
    }

    /// Returns the statements that wait until no change can be committed any more with an id below
    /// those already there. On SQLite none can, because changes are committed in the order of their
    /// ids.
    pub(crate) const fn settle_changes(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Sqlite => None,
            // The timeout bounds the wait for a long transaction. The next run tries again.
            Self::Postgres => {
                Some(&["set local lock_timeout = '2s'", "select settle_change_ids()"])
            }
        }
    }

    /// Returns the statement that precedes statements with thousands of values each, and applies
    /// until the end of the transaction. Without it PostgreSQL would read all values to plan the
    /// statement, and again to run it.
    pub(crate) const fn expect_many(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("set local plan_cache_mode = force_generic_plan"),
        }
    }
}
