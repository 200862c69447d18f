//! Columns of fields, by the table of fields in `domain`.

use super::parsed;
use crate::{Error, bulk_insert::Cell};
use domain::{
    id::{EquipmentId, InspectionId, PhotoId, ReportId, SectionId, UserId},
    inspection::{
        Equipment, Field, Inspection, Photo, Report, Section, Value, ValueKind, ValueRef,
    },
    people::Person,
};
use sqlx::{ColumnIndex, Decode, FromRow, Type};
use std::marker::PhantomData;

/// Cells of a row, each with its column.
pub(crate) type NamedCells<'a> = Vec<(&'static str, Cell<'a>)>;

/// An object whose fields are columns of a table.
pub(crate) trait FieldColumns: Sized {
    /// The name of the table.
    const TABLE: &'static str;

    /// Its fields.
    const FIELDS: &'static [Field];

    /// Returns the value of one of its fields.
    fn get(&self, field: Field) -> Option<ValueRef<'_>>;

    /// Creates one with the values that `read` returns for its fields.
    fn try_from_fields(
        id: i64,
        read: impl FnMut(Field) -> Result<Value, Error>,
    ) -> Result<Self, Error>;

    /// Returns the columns of its fields.
    fn columns() -> impl Iterator<Item = &'static str> {
        Self::FIELDS.iter().flat_map(|field| field.columns()).copied()
    }

    /// Adds the cells of its fields. They borrow its texts.
    fn add_cells<'a>(&'a self, cells: &mut NamedCells<'a>) {
        for field in Self::FIELDS {
            if let Some(value) = self.get(*field) {
                add(*field, cells_of(value), cells);
            }
        }
    }
}

macro_rules! field_columns {
    ($($object:ident, $id:ident, $table:literal;)*) => {$(
        impl FieldColumns for $object {
            const TABLE: &'static str = $table;
            const FIELDS: &'static [Field] = $object::FIELDS;

            fn get(&self, field: Field) -> Option<ValueRef<'_>> {
                self.get_ref(field)
            }

            fn try_from_fields(
                id: i64,
                read: impl FnMut(Field) -> Result<Value, Error>,
            ) -> Result<Self, Error> {
                $object::try_from_fields($id(id), read)
            }
        }
    )*};
}

field_columns! {
    Inspection, InspectionId, "inspections";
    Section, SectionId, "sections";
    Equipment, EquipmentId, "equipment";
    Photo, PhotoId, "photos";
    Report, ReportId, "reports";
}

/// Value of a field as its columns store it.
enum StoredValue {
    Text(Option<String>),
    Number(Option<i64>),
    Person(Option<i64>, Option<String>),
}

/// The cells of one field: one, or two for a person.
type FieldCells<'a> = (Cell<'a>, Option<Cell<'a>>);

/// Returns the cells of a value.
fn cells_of(value: ValueRef<'_>) -> FieldCells<'_> {
    match value {
        ValueRef::Text(text) => (text.into(), None),
        ValueRef::Date(day) => (Cell::Text(day.map(|day| day.to_string().into())), None),
        ValueRef::Status(status) => (status.slug().into(), None),
        ValueRef::Condition(condition) => (condition.slug().into(), None),
        ValueRef::Number(number) => (number.into(), None),
        ValueRef::Section(section) => (Cell::Number(section.map(|section| section.0)), None),
        ValueRef::Person(person) => {
            let name = Cell::optional(person.map(|person| person.name.as_str()));
            (Cell::Number(person.map(|person| person.id.0)), Some(name))
        }
    }
}

/// Adds the cells of a field with its columns.
fn add<'a>(field: Field, (first, second): FieldCells<'a>, cells: &mut NamedCells<'a>) {
    let columns = field.columns().iter().copied();
    cells.extend(columns.zip([Some(first), second].into_iter().flatten()));
}

impl StoredValue {
    /// Returns the cells as stored, including an invalid value.
    fn into_cells(self) -> FieldCells<'static> {
        match self {
            Self::Text(text) => (Cell::Text(text.map(Into::into)), None),
            Self::Number(number) => (Cell::Number(number), None),
            Self::Person(id, name) => (Cell::Number(id), Some(Cell::Text(name.map(Into::into)))),
        }
    }

    /// Converts it to the value of a field; an error says what is wrong with it.
    fn into_value(self, field: Field) -> Result<Value, String> {
        Ok(match (field.kind(), self) {
            (ValueKind::Line | ValueKind::Prose, Self::Text(Some(text))) => Value::Text(text),
            (ValueKind::Date, Self::Text(day)) => {
                Value::Date(day.as_deref().map(parsed).transpose()?)
            }
            (ValueKind::Status, Self::Text(Some(status))) => Value::Status(parsed(&status)?),
            (ValueKind::Condition, Self::Text(Some(condition))) => {
                Value::Condition(parsed(&condition)?)
            }
            (ValueKind::Number, Self::Number(Some(number))) => Value::Number(number),
            (ValueKind::Section, Self::Number(section)) => Value::Section(section.map(SectionId)),
            (ValueKind::Person, Self::Person(id, name)) => Value::Person(person(id, name)),
            _ => return Err("it is null".into()),
        })
    }
}

/// Makes a person of the two columns that name one.
pub(crate) fn person(id: Option<i64>, name: Option<String>) -> Option<Person> {
    Some(Person { id: UserId(id?), name: name? })
}

/// The fields of an object as its row stores them.
pub(crate) struct StoredFields<T> {
    values: Vec<(Field, StoredValue)>,
    object: PhantomData<fn() -> T>,
}

impl<'r, R: sqlx::Row, T: FieldColumns> FromRow<'r, R> for StoredFields<T>
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let read = |field: &Field| {
            let value = match (field.kind(), field.columns()) {
                (ValueKind::Person, &[id, name]) => {
                    StoredValue::Person(row.try_get(id)?, row.try_get(name)?)
                }
                (ValueKind::Number | ValueKind::Section, &[column]) => {
                    StoredValue::Number(row.try_get(column)?)
                }
                (
                    ValueKind::Line
                    | ValueKind::Prose
                    | ValueKind::Date
                    | ValueKind::Status
                    | ValueKind::Condition,
                    &[column],
                ) => StoredValue::Text(row.try_get(column)?),
                _ => return Err(sqlx::Error::ColumnNotFound(field.slug().into())),
            };
            Ok((*field, value))
        };
        let values = T::FIELDS.iter().map(read).collect::<sqlx::Result<_>>()?;
        Ok(Self { values, object: PhantomData })
    }
}

impl<T: FieldColumns> StoredFields<T> {
    /// Creates the object.
    ///
    /// # Errors
    /// [`Error::Unreadable`] if a column holds what its field cannot have.
    pub(crate) fn object(self, id: i64) -> Result<T, Error> {
        // They are in the order of the fields, as the object reads them.
        let mut values = self.values.into_iter();
        T::try_from_fields(id, |field| {
            let value = match values.next() {
                Some((of, stored)) if of == field => stored.into_value(field),
                _ => Err("it was not read".into()),
            };
            value.map_err(|problem| Error::Unreadable {
                table: T::TABLE,
                column: field.columns().first().copied().unwrap_or(field.slug()),
                id,
                problem,
            })
        })
    }

    /// Adds the cells as stored, including invalid values.
    pub(crate) fn add_cells(self, cells: &mut NamedCells<'_>) {
        for (field, value) in self.values {
            add(field, value.into_cells(), cells);
        }
    }
}
