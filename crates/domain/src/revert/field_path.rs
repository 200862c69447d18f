//! Locations in an inspection, and the changes that touched them.

use crate::{
    change::{Change, MutationKind, Record},
    inspection::{Field, Target, Value, Values},
};
use serde::{Deserialize, Serialize};

/// A location that later changes may have touched: a field, or an object as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldPath {
    /// The object.
    pub target: Target,
    /// The field; `None` for the object as a whole, which undoing would remove or bring back.
    pub field: Option<Field>,
}

/// Returns those of these changes that touched any of these locations.
pub(crate) fn touching(places: &[FieldPath], changes: &[Change]) -> Vec<Change> {
    let is_touched = |change: &&Change| places.iter().any(|place| touches(change, *place));
    changes.iter().filter(is_touched).cloned().collect()
}

/// Returns whether a change touched a location.
pub(crate) fn touches(change: &Change, place: FieldPath) -> bool {
    let Record { kind, fields, data, .. } = &change.record;
    if !change.record.action.alters() {
        return false;
    }
    let own = change.record.target();
    if own == Some(place.target) {
        return place.field.is_none_or(|field| !kind.sets_fields() || fields.contains(&field));
    }
    match (place.target, place.field) {
        // All contents are removed with it.
        (Target::Inspection, None) => true,
        (Target::Section(id), None) => {
            let names =
                |values: &Values| values.get(Field::Section) == Some(&Value::Section(Some(id)));
            names(&data.before) || names(&data.after)
        }
        // The positions of sections depend on each other.
        (Target::Section(_), Some(Field::Position)) => {
            matches!(own, Some(Target::Section(_)))
                && (!kind.sets_fields() || fields.contains(&Field::Position))
        }
        // A photo cannot return to a section that was removed.
        (Target::Photo(id), _) => {
            data.photos.contains_key(&id) || *kind == MutationKind::RemoveSection
        }
        _ => false,
    }
}
