//! Rows about to be written: any number of them in one statement.

use crate::{
    Error,
    dialect::Dialect,
    keys::hex,
    rows,
    sql::{Bound, Column},
};
use serde::{Serialize, Serializer};
use serde_json::{Value, json, value::RawValue};
use sqlx::types::Json;
use std::borrow::Cow;

/// What stands in a column of a row.
#[derive(Clone, Debug)]
pub(crate) enum Cell<'a> {
    Number(Option<i64>),
    Flag(Option<bool>),
    Text(Option<Cow<'a, str>>),
    Bytes(Option<Cow<'a, [u8]>>),
    Json(Box<RawValue>),
}

impl<'a> Cell<'a> {
    /// A text that is there.
    pub(crate) fn text(text: &'a str) -> Self {
        Self::Text(Some(text.into()))
    }

    /// A text that may be there.
    pub(crate) fn optional(text: Option<&'a str>) -> Self {
        Self::Text(text.map(Cow::from))
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::text(text)
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::text(text)
    }
}

impl PartialEq for Cell<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one == other,
            (Self::Flag(one), Self::Flag(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Json(one), Self::Json(other)) => one.get() == other.get(),
            _ => false,
        }
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => number.serialize(serializer),
            Self::Flag(Some(flag)) => flag.serialize(serializer),
            Self::Flag(None) => serializer.serialize_str("neither true nor false"),
            Self::Text(text) => text.serialize(serializer),
            Self::Bytes(bytes) => bytes.as_ref().map(|bytes| hex(bytes)).serialize(serializer),
            Self::Json(json) => json.serialize(serializer),
        }
    }
}

impl From<Cell<'_>> for Bound {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Number(number) => Self::Number(number),
            Cell::Flag(flag) => Self::Flag(flag),
            Cell::Text(text) => Self::Text(text.map(Cow::into_owned)),
            Cell::Bytes(bytes) => Self::Bytes(bytes.map(Cow::into_owned)),
            Cell::Json(json) => Self::Json(json),
        }
    }
}

/// The first of these columns in which another row differs, with what stands there and in the other.
pub(crate) fn difference(
    columns: &[&'static str],
    own: &[Cell<'_>],
    others: &[Cell<'_>],
) -> Option<(&'static str, Value, Value)> {
    let cells = own.iter().zip(others);
    let (column, (own, other)) =
        columns.iter().zip(cells).find(|(_, (own, other))| own != other)?;
    Some((column, json!(own), json!(other)))
}

/// Rows, each with what stands in these columns.
pub(crate) struct Records<'a> {
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<Cell<'a>>>,
}

impl Records<'_> {
    /// What a statement selects from to have them as a table called `new`, and what it binds for that
    /// from `$first` on.
    ///
    /// # Errors
    /// Where a column holds values of several kinds.
    pub(crate) fn table(
        mut self,
        dialect: Dialect,
        first: usize,
    ) -> Result<(String, Vec<Bound>), Error> {
        let names = self.columns.iter();
        match dialect {
            Dialect::Postgres => {
                let binds = (first..).zip(names).map(|(bind, _)| format!("${bind}"));
                let binds = binds.collect::<Vec<_>>().join(", ");
                let table = format!("unnest({binds}) as new ({})", self.columns.join(", "));
                Ok((table, self.by_column()?))
            }
            // A single one needs no reading of JSON.
            Dialect::Sqlite if self.rows.len() == 1 => {
                let values = (first..).zip(names).map(|(bind, name)| format!("${bind} as {name}"));
                let table = format!("(select {}) as new", values.collect::<Vec<_>>().join(", "));
                Ok((table, self.rows.remove(0).into_iter().map(Bound::from).collect()))
            }
            Dialect::Sqlite => {
                let is_bytes = |row: &Vec<Cell<'_>>, at: usize| matches!(row[at], Cell::Bytes(_));
                let values = names.enumerate().map(|(at, name)| {
                    match self.rows.iter().any(|row| is_bytes(row, at)) {
                        true => format!("unhex(value ->> {at}) as {name}"),
                        false => format!("value ->> {at} as {name}"),
                    }
                });
                // As JSONB each row is read once, and not again for each of its columns.
                let values = values.collect::<Vec<_>>().join(", ");
                let table = format!("(select {values} from jsonb_each(${first})) as new");
                Ok((table, vec![rows::json(&self.rows)?.into()]))
            }
        }
    }

    fn by_column(self) -> Result<Vec<Bound>, Error> {
        let mut columns: Vec<Column> = Vec::with_capacity(self.columns.len());
        let number = self.rows.len();
        for row in self.rows {
            for (at, cell) in row.into_iter().enumerate() {
                if columns.len() == at {
                    columns.push(match cell {
                        Cell::Number(_) => Column::Numbers(Vec::with_capacity(number)),
                        Cell::Flag(_) => Column::Flags(Vec::with_capacity(number)),
                        Cell::Text(_) => Column::Texts(Vec::with_capacity(number)),
                        Cell::Bytes(_) => Column::Bytes(Vec::with_capacity(number)),
                        Cell::Json(_) => Column::Jsons(Vec::with_capacity(number)),
                    });
                }
                match (&mut columns[at], cell) {
                    (Column::Numbers(all), Cell::Number(cell)) => all.push(cell),
                    (Column::Flags(all), Cell::Flag(cell)) => all.push(cell),
                    (Column::Texts(all), Cell::Text(cell)) => all.push(cell.map(Cow::into_owned)),
                    (Column::Bytes(all), Cell::Bytes(cell)) => all.push(cell.map(Cow::into_owned)),
                    (Column::Jsons(all), Cell::Json(cell)) => all.push(Json(cell)),
                    _ => {
                        let problem = format!("{} holds values of two kinds", self.columns[at]);
                        return Err(Error::Database(sqlx::Error::Encode(problem.into())));
                    }
                }
            }
        }
        Ok(columns.into_iter().map(Bound::Column).collect())
    }
}
