//! Where the two databases' SQL truly differs: each difference is one named function.

/// Which SQL a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// Whether a column is among the values bound as `$bind` in one.
    pub(crate) fn any(self, column: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("{column} in (select value from json_each(${bind}))"),
            Self::Postgres => format!("{column} = any(${bind})"),
        }
    }

    /// What is bound as text, as the JSON that it is.
    pub(crate) fn json(self, text: &str) -> String {
        match self {
            Self::Sqlite => text.to_owned(),
            Self::Postgres => format!("cast({text} as json)"),
        }
    }

    /// The values bound as `$bind` in one, as a table called `name` with one column, `value`.
    pub(crate) fn values(self, name: &str, bind: usize) -> String {
        match self {
            Self::Sqlite => format!("(select value from json_each(${bind})) as {name}"),
            Self::Postgres => format!("unnest(${bind}) as {name} (value)"),
        }
    }

    /// What takes the next `$1` ids of changes, where others may take some at the same time. On SQLite
    /// whoever records has the database alone, and goes on from the newest.
    pub(crate) const fn next_change_ids(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("select next_change_ids($1)"),
        }
    }

    /// What waits until no change with a smaller id than those that are there can come any more. On
    /// SQLite none can: changes are committed in the order of their ids.
    pub(crate) const fn settle_changes(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Sqlite => None,
            // Whoever holds back the others for long is not waited for: next time, then.
            Self::Postgres => {
                Some(&["set local lock_timeout = '2s'", "select settle_change_ids()"])
            }
        }
    }

    /// What goes before statements with thousands of values each, up to the end of the transaction.
    /// PostgreSQL would read them all to make a plan, and then once more.
    pub(crate) const fn expect_many(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("set local plan_cache_mode = force_generic_plan"),
        }
    }
}
