//! The rows that the tables must contain according to the records.

use super::ViolationKind;
use crate::rows::{Placed, Tracked};
use domain::{
    change::Change,
    id::InspectionId,
    inspection::{Equipment, Inspection, Photo, Report, Section},
};
use std::collections::{BTreeMap, HashSet};

/// The rows that the records of an inspection make, including removed ones.
pub(super) struct Expected {
    pub(super) inspection: Inspection,
    pub(super) sections: Rows<Placed>,
    pub(super) equipment: Rows<Equipment>,
    pub(super) photos: Rows<Photo>,
    pub(super) reports: Rows<Report>,
}

/// Rows by their ids.
pub(super) type Rows<T> = BTreeMap<i64, Expectation<T>>;

/// The expected content of a row.
pub(super) struct Expectation<T> {
    /// The object.
    pub(super) thing: T,
    /// The change that last touched it.
    pub(super) change: i64,
    /// Whether that change removed it.
    pub(super) removed: bool,
}

impl Expected {
    /// Creates the rows of an inspection before its first change: none.
    pub(super) fn new(id: InspectionId) -> Self {
        Self {
            inspection: Inspection::blank(id),
            sections: Rows::new(),
            equipment: Rows::new(),
            photos: Rows::new(),
            reports: Rows::new(),
        }
    }

    /// Applies one more change.
    pub(super) fn replay(&mut self, change: &Change) -> Result<(), ViolationKind> {
        self.inspection
            .replay(change)
            .map_err(|malformed| ViolationKind::Unreadable(malformed.0))?;
        let (now, id) = (&self.inspection, change.id.0);
        follow(
            &mut self.sections,
            &now.sections,
            id,
            |section: &Section| section.id.0,
            |placed, section, place| placed.is(section, place),
            |section, place| Placed::at(section.clone(), place),
        );
        follow_plain(&mut self.equipment, &now.equipment, id);
        follow_plain(&mut self.photos, &now.photos, id);
        follow_plain(&mut self.reports, &now.reports, id);
        Ok(())
    }
}

fn follow_plain<T: Tracked + Clone>(rows: &mut Rows<T>, now: &[T], change: i64) {
    follow(rows, now, change, T::id, |row, thing, _| row == thing, |thing, _| thing.clone());
}

/// Marks rows that differ now as written by a change, and rows that are gone as removed by it.
fn follow<T, S>(
    rows: &mut Rows<T>,
    now: &[S],
    change: i64,
    id: impl Fn(&S) -> i64,
    same: impl Fn(&T, &S, usize) -> bool,
    make: impl Fn(&S, usize) -> T,
) {
    for (place, thing) in now.iter().enumerate() {
        let row = rows.get(&id(thing));
        if !row.is_some_and(|row| !row.removed && same(&row.thing, thing, place)) {
            let row = Expectation { thing: make(thing, place), change, removed: false };
            rows.insert(id(thing), row);
        }
    }
    if rows.values().filter(|row| !row.removed).count() > now.len() {
        let present: HashSet<i64> = now.iter().map(id).collect();
        for (id, row) in rows.iter_mut().filter(|(_, row)| !row.removed) {
            if !present.contains(id) {
                (row.removed, row.change) = (true, change);
            }
        }
    }
}
