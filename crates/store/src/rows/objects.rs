//! Rows of equipment, photos and reports. The bytes of photos and reports are in the object store, under
//! their hash.

use super::{
    Tracked,
    fields::{FieldColumns, NamedCells, StoredFields},
};
use crate::Error;
use domain::inspection::{Equipment, Photo, Report};

/// A row of an object that has only an id and its fields.
#[derive(sqlx::FromRow)]
pub(crate) struct ObjectRow<T: FieldColumns> {
    id: i64,
    #[sqlx(flatten)]
    fields: StoredFields<T>,
}

macro_rules! tracked {
    ($($object:ident, $noun:literal;)*) => {$(
        impl Tracked for $object {
            type Row = ObjectRow<Self>;

            const NOUN: &'static str = $noun;
            const TABLE: &'static str = <Self as FieldColumns>::TABLE;
            const ORDER: &'static str = "id";

            fn id(&self) -> i64 {
                self.id.0
            }

            fn columns() -> impl Iterator<Item = &'static str> {
                <Self as FieldColumns>::columns()
            }

            fn cells(&self) -> NamedCells<'_> {
                let mut cells = Vec::new();
                self.add_cells(&mut cells);
                cells
            }

            fn read(row: ObjectRow<Self>) -> Result<Self, Error> {
                row.fields.object(row.id)
            }
        }
    )*};
}

tracked! {
    Equipment, "piece of equipment";
    Photo, "photo";
    Report, "report";
}
