//! Rows of equipment.

use super::{Table, Tracked, condition};
use crate::{Error, bulk_insert::Cell};
use domain::{id::EquipmentId, inspection::Equipment};

impl Tracked for Equipment {
    type Row = EquipmentRow;

    const TABLE: Table = Table {
        noun: "piece of equipment",
        name: "equipment",
        columns: &["kind", "make", "model", "serial", "condition"],
        order: "id",
    };

    fn id(&self) -> i64 {
        self.id.0
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let Self { id: _, kind, make, model, serial, condition } = self;
        vec![kind.into(), make.into(), model.into(), serial.into(), condition.slug().into()]
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct EquipmentRow {
    id: i64,
    kind: String,
    make: String,
    model: String,
    serial: String,
    condition: String,
}

impl TryFrom<EquipmentRow> for Equipment {
    type Error = Error;

    fn try_from(row: EquipmentRow) -> Result<Self, Error> {
        Ok(Self {
            id: EquipmentId(row.id),
            kind: row.kind,
            make: row.make,
            model: row.model,
            serial: row.serial,
            condition: condition("equipment", row.id, &row.condition)?,
        })
    }
}
