//! SQL statements that run on either database.

use super::Db;
use crate::Error;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use serde::{Serialize, Serializer};
use sqlx::{AssertSqlSafe, FromRow, types::Json};
use sqlx_postgres::{PgConnection, PgPool, PgRow, Postgres};
use sqlx_sqlite::{Sqlite, SqliteConnection, SqlitePool, SqliteRow};
use std::{borrow::Cow, cell::RefCell};
use uuid::Uuid;

/// A statement and its values. Its text has the placeholders `$1`, `$2` … on both databases and
/// never contains user input, which is always bound.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: Cow<'static, str>,
    values: Vec<Bound>,
}

/// A value bound to a statement.
#[derive(Clone, Debug)]
pub(crate) enum Bound {
    Number(Option<i64>),
    Text(Option<String>),
    Flag(Option<bool>),
    Uuid(Uuid),
    Bytes(Option<Vec<u8>>),
    Column(Column),
}

/// Any number of values bound as one: an array on PostgreSQL, JSON for numbers and texts on SQLite.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Column {
    Numbers(Vec<Option<i64>>),
    Flags(Vec<Option<bool>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
    #[serde(serialize_with = "simple")]
    Uuids(Vec<Uuid>),
}

/// Serializes ids as texts that SQLite turns into bytes with `unhex`.
fn simple<S: Serializer>(ids: &[Uuid], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(Uuid::as_simple))
}

/// A type that is read from a row of either database.
pub(crate) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// Target of a statement: a transaction, or the readers for a single SELECT.
pub(crate) enum On<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
    SqliteReaders(&'a SqlitePool),
    PostgresPool(&'a PgPool),
}

impl<'a> From<&'a Db> for On<'a> {
    fn from(db: &'a Db) -> Self {
        match db {
            Db::Sqlite { readers, .. } => Self::SqliteReaders(readers.pool_of_core()),
            Db::Postgres(pool) => Self::PostgresPool(pool),
        }
    }
}

tokio::task_local! {
    /// Statements run so far within [`recorded`].
    static RECORDED: RefCell<Vec<Sql>>;
}

/// Runs a future and returns its output with the statements it ran.
pub(crate) async fn recorded<T>(what: impl Future<Output = T>) -> (T, Vec<Sql>) {
    let all = async {
        let outcome = what.await;
        (outcome, RECORDED.with(RefCell::take))
    };
    RECORDED.scope(RefCell::default(), all).await
}

/// Runs the same expression on whichever database is open, with the values bound.
macro_rules! run {
    ($sql:ident, $on:expr, |$query:ident, $conn:ident| $run:expr) => {{
        // An error means that statements are not being captured.
        let _ = RECORDED.try_with(|recorded| recorded.borrow_mut().push($sql.clone()));
        match $on {
            On::Sqlite($conn) => run!(@ Sqlite, $sql, $query, $run),
            On::SqliteReaders($conn) => run!(@ Sqlite, $sql, $query, $run),
            On::Postgres($conn) => run!(@ Postgres, $sql, $query, $run),
            On::PostgresPool($conn) => run!(@ Postgres, $sql, $query, $run),
        }
    }};
    (@ $db:ident, $sql:ident, $query:ident, $run:expr) => {{
        let mut $query = sqlx::query::<$db>(AssertSqlSafe($sql.text));
        for value in $sql.values {
            $query = match value {
                Bound::Number(it) => $query.bind(it),
                Bound::Text(it) => $query.bind(it),
                Bound::Flag(it) => $query.bind(it),
                Bound::Uuid(it) => $query.bind(it),
                Bound::Bytes(it) => $query.bind(it),
                Bound::Column(it) => run!(@ column $db, $query, it),
            };
        }
        $run
    }};
    (@ column Sqlite, $query:ident, $column:ident) => { $query.bind(Json($column)) };
    (@ column Postgres, $query:ident, $column:ident) => {
        match $column {
            Column::Numbers(all) => $query.bind(all),
            Column::Flags(all) => $query.bind(all),
            Column::Texts(all) => $query.bind(all),
            Column::Bytes(all) => $query.bind(all),
            Column::Uuids(all) => $query.bind(all),
        }
    };
}

/// Creates a statement.
pub(crate) fn sql(text: impl Into<Cow<'static, str>>) -> Sql {
    Sql { text: text.into(), values: Vec::new() }
}

impl Sql {
    /// Binds the next value.
    pub(crate) fn bind(mut self, value: impl Into<Bound>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds the next values.
    pub(crate) fn bind_all(mut self, values: Vec<Bound>) -> Self {
        self.values.extend(values);
        self
    }

    /// Returns its text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Appends a statement, and renumbers its placeholders.
    fn append(&mut self, other: Self) {
        let mut text = std::mem::take(&mut self.text).into_owned();
        let mut parts = other.text.split('$');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            let (number, rest) = part.split_at(end);
            match number.parse::<usize>() {
                Ok(number) => text.push_str(&format!("${}{rest}", self.values.len() + number)),
                // It is not a placeholder, as in a JSON path.
                Err(_) => text.push_str(&format!("${part}")),
            }
        }
        self.text = text.into();
        self.values.extend(other.values);
    }

    /// Prepends words such as EXPLAIN.
    pub(crate) fn prefixed(self, words: &str) -> Self {
        Self { text: format!("{words}{}", self.text).into(), ..self }
    }

    /// Returns all rows.
    pub(crate) async fn all<T: Row>(self, on: impl Into<On<'_>>) -> Result<Vec<T>, Error> {
        run!(self, on.into(), |query, conn| {
            let rows = query.fetch_all(conn).await?;
            Ok(rows.iter().map(T::from_row).collect::<Result<_, _>>()?)
        })
    }

    /// Calls `take` with each row as it arrives, so that memory use does not grow with their
    /// number.
    pub(crate) async fn each<T: Row>(
        self,
        on: impl Into<On<'_>>,
        mut take: impl FnMut(T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        run!(self, on.into(), |query, conn| {
            let mut rows = query.fetch(conn);
            while let Some(row) = rows.try_next().await? {
                take(T::from_row(&row)?)?;
            }
            Ok(())
        })
    }

    /// Returns the first row, if there is one.
    pub(crate) async fn optional<T: Row>(self, on: impl Into<On<'_>>) -> Result<Option<T>, Error> {
        run!(self, on.into(), |query, conn| {
            let row = query.fetch_optional(conn).await?;
            Ok(row.as_ref().map(T::from_row).transpose()?)
        })
    }

    /// Returns the first row. It is an error if there is none.
    pub(crate) async fn one<T: Row>(self, on: impl Into<On<'_>>) -> Result<T, Error> {
        run!(self, on.into(), |query, conn| Ok(T::from_row(&query.fetch_one(conn).await?)?))
    }

    /// Executes it and returns the number of rows affected.
    pub(crate) async fn run(self, on: impl Into<On<'_>>) -> Result<u64, Error> {
        run!(self, on.into(), |query, conn| Ok(query.execute(conn).await?.rows_affected()))
    }
}

/// Joins statements into a text of several.
pub(super) fn one_after_the_other(statements: impl IntoIterator<Item = Sql>) -> Sql {
    let mut all = sql("");
    for statement in statements {
        all.append(statement);
        all.append(sql(";"));
    }
    all
}

/// Joins statements into one, as common table expressions of the last. PostgreSQL runs all of them,
/// and its triggers that fire after a statement fire at the end.
pub(super) fn as_expressions(mut statements: Vec<Sql>) -> Sql {
    let Some(last) = statements.pop() else { return sql("") };
    let mut all = sql("");
    for (index, statement) in statements.into_iter().enumerate() {
        let word = if index == 0 { "with" } else { "," };
        all.append(sql(format!("{word} part_{index} as (")));
        all.append(statement);
        all.append(sql(") "));
    }
    all.append(last);
    all
}

/// Binds whole numbers, such as ids, as one array.
pub(crate) fn numbers(all: impl IntoIterator<Item = impl Into<i64>>) -> Bound {
    Bound::Column(Column::Numbers(all.into_iter().map(|it| Some(it.into())).collect()))
}

/// Binds ids of requests as one array.
pub(crate) fn uuids(all: impl IntoIterator<Item = Uuid>) -> Bound {
    Bound::Column(Column::Uuids(all.into_iter().collect()))
}

/// Binds texts as one array.
pub(crate) fn texts<'a>(all: impl IntoIterator<Item = &'a str>) -> Bound {
    Bound::Column(Column::Texts(all.into_iter().map(|text| Some(text.to_owned())).collect()))
}

macro_rules! bound {
    ($($type:ty => |$it:ident| $bound:expr;)*) => {$(
        impl From<$type> for Bound {
            fn from($it: $type) -> Self {
                $bound
            }
        }
    )*};
}

bound! {
    i64 => |it| Self::Number(Some(it));
    Option<i64> => |it| Self::Number(it);
    domain::change::Action => |it| Self::Text(Some(it.slug().to_owned()));
    domain::id::ChangeId => |it| Self::Number(Some(it.0));
    domain::id::InspectionId => |it| Self::Number(Some(it.0));
    domain::id::UserId => |it| Self::Number(Some(it.0));
    DateTime<Utc> => |it| Self::Number(Some(it.timestamp_micros()));
    Option<DateTime<Utc>> => |it| Self::Number(it.map(|it| it.timestamp_micros()));
    String => |it| Self::Text(Some(it));
    &str => |it| Self::Text(Some(it.to_owned()));
    Option<String> => |it| Self::Text(it);
    bool => |it| Self::Flag(Some(it));
    Uuid => |it| Self::Uuid(it);
    Vec<u8> => |it| Self::Bytes(Some(it));
}

/// Converts a stored timestamp, in microseconds since 1970 in UTC.
///
/// # Errors
/// [`Error::Unreadable`] if it is outside the supported years.
pub(crate) fn timestamp(
    table: &'static str,
    column: &'static str,
    id: i64,
    micros: i64,
) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| Error::Unreadable {
        table,
        column,
        id,
        problem: format!("{micros} microseconds are outside the calendar"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_statements_keep_their_values() {
        let statements = || {
            vec![
                sql("insert into a select $2, $1").bind(1_i64).bind(2_i64),
                sql("update b set c = $1 where d ->> '$.e' = $2").bind(3_i64).bind(4_i64),
                sql("delete from f where g = $1").bind(5_i64),
            ]
        };
        let all = one_after_the_other(statements());
        let text = "insert into a select $2, $1;update b set c = $3 where d ->> '$.e' = $4;\
             delete from f where g = $5;";
        assert_eq!((all.text(), all.values.len()), (text, 5));
        let all = as_expressions(statements());
        let text = "with part_0 as (insert into a select $2, $1) \
             , part_1 as (update b set c = $3 where d ->> '$.e' = $4) delete from f where g = $5";
        assert_eq!((all.text(), all.values.len()), (text, 5));
        assert_eq!(as_expressions(Vec::new()).text(), "");
    }
}
