//! Bulk inserts: any number of rows in one statement.

use crate::{
    Error,
    dialect::Dialect,
    json::to_json,
    keys::hex,
    sql::{Bound, Column},
};
use serde::{Serialize, Serializer};
use serde_json::{Value, json, value::RawValue};
use std::borrow::Cow;
use uuid::Uuid;

/// Number of rows from which on a value that all rows share is bound once. The text of a statement
/// for fewer rows depends on its columns alone, so the database prepares it once for all batches of
/// mutations, whichever values they share.
const MANY: usize = 256;

/// Value of one column of a row.
#[derive(Clone, Debug)]
pub(crate) enum Cell<'a> {
    Number(Option<i64>),
    Flag(Option<bool>),
    Text(Option<Cow<'a, str>>),
    Bytes(Option<Cow<'a, [u8]>>),
    Uuid(Uuid),
    Json(Cow<'a, RawValue>),
}

impl<'a> Cell<'a> {
    /// Returns a text.
    pub(crate) fn text(text: &'a str) -> Self {
        Self::Text(Some(text.into()))
    }

    /// Returns a text, or null.
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
            (Self::Uuid(one), Self::Uuid(other)) => one == other,
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
            Self::Bytes(bytes) => bytes.as_ref().map(hex).serialize(serializer),
            Self::Uuid(id) => id.as_simple().serialize(serializer),
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
            Cell::Uuid(id) => Self::Uuid(id),
            Cell::Json(json) => Self::Text(Some(json.get().to_owned())),
        }
    }
}

/// Returns the first column in which two rows of a table differ, with both values.
pub(crate) fn difference(
    own: &[(&'static str, Cell<'_>)],
    others: &[(&'static str, Cell<'_>)],
) -> Option<(&'static str, Value, Value)> {
    let ((column, own), (_, other)) = own.iter().zip(others).find(|(own, other)| own != other)?;
    Some((column, json!(own), json!(other)))
}

/// Rows to insert, at least one, by column. No two are equal, because their ids differ.
pub(crate) struct BulkInsert<'a> {
    columns: Vec<Cells<'a>>,
    /// A column that some rows have and others do not.
    unpaired: Option<&'static str>,
}

/// Values of one column in all rows.
type Cells<'a> = (&'static str, Vec<Cell<'a>>);

impl<'a> BulkInsert<'a> {
    /// Builds the rows from their cells, each with its column. All rows must have the same columns
    /// in the same order; otherwise [`table`](Self::table) fails.
    pub(crate) fn new<Row: IntoIterator<Item = (&'static str, Cell<'a>)>>(
        rows: impl IntoIterator<Item = Row>,
    ) -> Self {
        let (mut columns, mut unpaired) = (Vec::<Cells<'a>>::new(), None);
        for (number, row) in rows.into_iter().enumerate() {
            let mut width = 0;
            for (at, (name, cell)) in row.into_iter().enumerate() {
                width = at + 1;
                match columns.get_mut(at) {
                    Some((column, cells)) if *column == name => cells.push(cell),
                    None if number == 0 => columns.push((name, vec![cell])),
                    _ => unpaired = Some(name),
                }
            }
            unpaired = unpaired.or(columns.get(width).map(|(column, _)| *column));
        }
        Self { columns, unpaired }
    }

    /// Returns the columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|(column, _)| *column)
    }

    /// Returns the text that a statement selects from to have the rows as a table called `new`, and
    /// the values bound for it from `$first` on. The values of a single row are bound one by one. Of
    /// many rows, a value that all share is bound once.
    ///
    /// # Errors
    /// If rows differ in their columns, or if a column holds values of several kinds, which
    /// PostgreSQL rejects.
    pub(crate) fn table(
        self,
        dialect: Dialect,
        first: usize,
    ) -> Result<(String, Vec<Bound>), Error> {
        if let Some(column) = self.unpaired {
            return Err(unencodable(format!("only some rows have {column}")));
        }
        let is_same = |(_, cells): &Cells<'_>| match cells.len() {
            0 | 1 => true,
            2..MANY => false,
            _ => cells.iter().all(|cell| *cell == cells[0]),
        };
        let (same, varying): (Vec<_>, Vec<_>) = self.columns.into_iter().partition(is_same);
        let (mut selected, mut values) = (Vec::new(), Vec::new());
        for (name, mut cells) in same {
            let bind = format!("${}", first + values.len());
            if let Some(cell) = cells.pop() {
                selected.push(format!("{} as {name}", selectable(dialect, &bind, &cell)));
                values.push(cell.into());
            }
        }
        let from = match varying.is_empty() {
            true => String::new(),
            false => {
                let next = first + values.len();
                let (columns, from, bound) = match dialect {
                    Dialect::Sqlite => from_json(varying, next)?,
                    Dialect::Postgres => from_arrays(varying, next)?,
                };
                selected.extend(columns);
                values.extend(bound);
                format!(" from {from}")
            }
        };
        Ok((format!("(select {}{from}) as new", selected.join(", ")), values))
    }
}

/// Columns to select, the text to select them from, and the values bound for it.
type Selected = (Vec<String>, String, Vec<Bound>);

/// Passes columns to SQLite as a JSON array of rows, which is converted to JSONB once instead of
/// once for each column.
fn from_json(columns: Vec<Cells<'_>>, bind: usize) -> Result<Selected, Error> {
    let rows = to_json(&Rows(&columns))?;
    let selected = columns.iter().enumerate().map(|(at, (name, cells))| match cells[0] {
        Cell::Bytes(_) | Cell::Uuid(_) => format!("unhex(value ->> {at}) as {name}"),
        _ => format!("value ->> {at} as {name}"),
    });
    Ok((selected.collect(), format!("jsonb_each(${bind})"), vec![rows.into()]))
}

/// Columns, serialized as an array of rows.
struct Rows<'a>(&'a [Cells<'a>]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = self.0.first().map_or(0, |(_, cells)| cells.len());
        let row = |at: usize| self.0.iter().map(|(_, cells)| &cells[at]).collect::<Vec<_>>();
        serializer.collect_seq((0..number).map(row))
    }
}

/// Passes columns to PostgreSQL as one array each.
fn from_arrays(columns: Vec<Cells<'_>>, first: usize) -> Result<Selected, Error> {
    let (mut names, mut selected) = (Vec::new(), Vec::new());
    let (mut binds, mut bound) = (Vec::new(), Vec::new());
    for (name, cells) in columns {
        names.push(name);
        let column = selectable(Dialect::Postgres, name, &cells[0]);
        selected.push(if column == name { column } else { format!("{column} as {name}") });
        binds.push(format!("${}", first + bound.len()));
        bound.push(Bound::Column(array(name, cells)?));
    }
    let from = format!("unnest({}) as varying ({})", binds.join(", "), names.join(", "));
    Ok((selected, from, bound))
}

/// Returns the expression that selects a cell of this kind from its bound value.
fn selectable(dialect: Dialect, bound: &str, cell: &Cell<'_>) -> String {
    match cell {
        Cell::Json(_) => dialect.json(bound),
        _ => bound.to_owned(),
    }
}

fn array(name: &str, cells: Vec<Cell<'_>>) -> Result<Column, Error> {
    let is_json = matches!(cells.first(), Some(Cell::Json(_)));
    let mut column = match cells.first() {
        Some(Cell::Flag(_)) => Column::Flags(Vec::new()),
        Some(Cell::Text(_) | Cell::Json(_)) => Column::Texts(Vec::new()),
        Some(Cell::Bytes(_)) => Column::Bytes(Vec::new()),
        Some(Cell::Uuid(_)) => Column::Uuids(Vec::new()),
        Some(Cell::Number(_)) | None => Column::Numbers(Vec::new()),
    };
    for cell in cells {
        match (&mut column, cell) {
            (Column::Numbers(all), Cell::Number(cell)) => all.push(cell),
            (Column::Flags(all), Cell::Flag(cell)) => all.push(cell),
            (Column::Texts(all), Cell::Text(cell)) if !is_json => {
                all.push(cell.map(Cow::into_owned));
            }
            (Column::Texts(all), Cell::Json(cell)) if is_json => {
                all.push(Some(cell.get().to_owned()));
            }
            (Column::Uuids(all), Cell::Uuid(cell)) => all.push(cell),
            (Column::Bytes(all), Cell::Bytes(cell)) => all.push(cell.map(Cow::into_owned)),
            _ => return Err(unencodable(format!("{name} holds values of two kinds"))),
        }
    }
    Ok(column)
}

fn unencodable(problem: String) -> Error {
    Error::Database(sqlx::Error::Encode(problem.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(dialect: Dialect, rows: Vec<Vec<Cell<'_>>>) -> (String, usize) {
        let rows = rows.into_iter().map(|row| ["id", "hash"].into_iter().zip(row));
        let (text, values) = BulkInsert::new(rows).table(dialect, 3).unwrap();
        (text, values.len())
    }

    #[test]
    fn what_is_the_same_in_many_rows_is_bound_once() {
        let row = |id: i64, hash: u8| vec![id.into(), Cell::Bytes(Some(vec![hash].into()))];
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            let one = table(dialect, vec![row(1, 1)]);
            assert_eq!(one, ("(select $3 as id, $4 as hash) as new".into(), 2));
        }
        let same = || (1..=i64::try_from(MANY).unwrap()).map(|id| row(id, 1)).collect::<Vec<_>>();
        let json = "(select $3 as hash, value ->> 0 as id from jsonb_each($4)) as new";
        assert_eq!(table(Dialect::Sqlite, same()), (json.into(), 2));
        let arrays = "(select $3 as hash, id from unnest($4) as varying (id)) as new";
        assert_eq!(table(Dialect::Postgres, same()), (arrays.into(), 2));
        let other = || vec![row(1, 1), row(2, 1)];
        let json =
            "(select value ->> 0 as id, unhex(value ->> 1) as hash from jsonb_each($3)) as new";
        assert_eq!(table(Dialect::Sqlite, other()), (json.into(), 1));
        let arrays = "(select id, hash from unnest($3, $4) as varying (id, hash)) as new";
        assert_eq!(table(Dialect::Postgres, other()), (arrays.into(), 2));
    }

    #[test]
    fn json_is_bound_as_text() {
        let row = |json: &str| {
            vec![1.into(), Cell::Json(Cow::Owned(RawValue::from_string(json.into()).unwrap()))]
        };
        let one = "(select $3 as id, $4 as hash) as new";
        assert_eq!(table(Dialect::Sqlite, vec![row("[]")]), (one.into(), 2));
        let one = "(select $3 as id, cast($4 as json) as hash) as new";
        assert_eq!(table(Dialect::Postgres, vec![row("[]")]), (one.into(), 2));
        let arrays = "(select id, cast(hash as json) as hash from unnest($3, $4) as varying (id, hash)) as new";
        assert_eq!(table(Dialect::Postgres, vec![row("[]"), row("{}")]), (arrays.into(), 2));
    }

    #[test]
    fn a_column_of_two_kinds_is_an_error() {
        let json = Cell::Json(Cow::Owned(RawValue::from_string("2".into()).unwrap()));
        for (one, other) in
            [(1.into(), Cell::text("2")), (json.clone(), "2".into()), ("2".into(), json)]
        {
            let rows = [[("id", 1.into()), ("other", one)], [("id", 2.into()), ("other", other)]];
            assert!(BulkInsert::new(rows).table(Dialect::Postgres, 1).is_err());
        }
    }

    #[test]
    fn rows_with_different_columns_are_an_error() {
        let (id, name): (fn(i64) -> _, _) =
            (|id| ("id", Cell::from(id)), ("name", Cell::text("a")));
        for rows in [
            vec![vec![id(1), name.clone()], vec![id(2)]],
            vec![vec![id(1)], vec![id(2), name.clone()]],
            vec![vec![id(1), name.clone()], vec![name, id(2)]],
        ] {
            assert!(BulkInsert::new(rows).table(Dialect::Sqlite, 1).is_err());
        }
    }
}
