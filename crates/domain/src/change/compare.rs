//! Comparison of two states of an inspection, regardless of the steps between them.

use crate::{
    change::{Difference, differences},
    id::{EquipmentId, PhotoId, SectionId},
    inspection::{Equipment, Field, Inspection, Photo, Target, Value, Values},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Differences between two states of an inspection and its contents. Reports are not included: they
/// show the inspection, and making one alters nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Its own fields, including its status.
    pub own: Compared,
    /// Sections that were added, removed or changed: in their later order, then the removed ones.
    pub sections: Vec<Compared>,
    /// Equipment that was added, removed or changed.
    pub equipment: Vec<Compared>,
    /// Photos that were added, removed or changed, including those of added or removed sections.
    pub photos: Vec<Compared>,
    /// Whether the whole inspection was removed (`true`) or brought back (`false`), if either.
    pub removed: Option<bool>,
}

/// One object before and after. If it was added or removed, all values are given; otherwise only
/// those that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// The object.
    pub target: Target,
    /// Its present name; its last name if it was removed.
    pub name: String,
    /// Its values before; empty if it was added.
    pub before: Values,
    /// Its values after; empty if it was removed.
    pub after: Values,
}

impl Comparison {
    /// Returns whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty()
            && self.sections.is_empty()
            && self.equipment.is_empty()
            && self.photos.is_empty()
            && self.removed.is_none()
    }

    /// Returns whether anything differs that can only be changed in a draft.
    pub(crate) fn touches_contents(&self) -> bool {
        let own = self.own.after.fields().any(|field| field != Field::Status);
        own || !(self.sections.is_empty()
            && self.equipment.is_empty()
            && self.photos.is_empty()
            && self.removed.is_none())
    }

    /// Returns all objects that differ, the inspection itself first.
    pub fn things(&self) -> impl Iterator<Item = &Compared> {
        let own = Some(&self.own).filter(|own| !own.is_empty());
        own.into_iter().chain(&self.sections).chain(&self.equipment).chain(&self.photos)
    }
}

impl Compared {
    /// Returns whether it has no differences.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Returns whether it was added.
    pub fn came(&self) -> bool {
        self.before.is_empty() && !self.after.is_empty()
    }

    /// Returns whether it was removed.
    pub fn went(&self) -> bool {
        self.after.is_empty() && !self.before.is_empty()
    }

    /// Returns its values before and after, field by field.
    pub fn differences(&self) -> Vec<Difference> {
        differences(&self.before, &self.after)
    }
}

/// Compares two states of an inspection.
pub fn compare(before: &Inspection, after: &Inspection) -> Comparison {
    let own = changed(Target::Inspection, after.reference.clone(), before.values(), after.values());
    Comparison {
        own: own.unwrap_or_else(|| Compared {
            target: Target::Inspection,
            name: after.reference.clone(),
            before: Values::new(),
            after: Values::new(),
        }),
        sections: sections(before, after),
        equipment: things(&before.equipment, &after.equipment, equipment),
        photos: things(&before.photos, &after.photos, photo),
        removed: (before.removed != after.removed).then_some(after.removed),
    }
}

fn sections(before: &Inspection, after: &Inspection) -> Vec<Compared> {
    let ids = |of: &Inspection| of.sections.iter().map(|it| it.id).collect::<Vec<_>>();
    let moved = moved(&ids(before), &ids(after));
    let both: BTreeSet<_> =
        ids(before).into_iter().filter(|id| after.section(*id).is_some()).collect();
    let seen = |of: &Inspection| {
        let placed = (1..).zip(&of.sections).map(|(place, section)| {
            let mut values = section.values();
            if moved.contains(&section.id) || !both.contains(&section.id) {
                values = values.with(Field::Position, Value::Number(place));
            }
            (section.id, (section.title.clone(), values))
        });
        placed.collect::<Vec<_>>()
    };
    side_by_side(seen(before), seen(after))
}

fn equipment(it: &Equipment) -> (EquipmentId, String, Values) {
    (it.id, it.name(), it.values())
}

fn photo(it: &Photo) -> (PhotoId, String, Values) {
    (it.id, it.name.clone(), it.values())
}

fn things<T, I: Ord + Copy + Into<Target>>(
    before: &[T],
    after: &[T],
    about: fn(&T) -> (I, String, Values),
) -> Vec<Compared> {
    let seen = |of: &[T]| {
        let about = of.iter().map(about);
        about.map(|(id, name, values)| (id, (name, values))).collect::<Vec<_>>()
    };
    side_by_side(seen(before), seen(after))
}

type Seen<I> = Vec<(I, (String, Values))>;

fn side_by_side<I: Ord + Copy + Into<Target>>(before: Seen<I>, after: Seen<I>) -> Vec<Compared> {
    let still: BTreeSet<I> = after.iter().map(|(id, _)| *id).collect();
    let went: Vec<Compared> = before
        .iter()
        .filter(|(id, _)| !still.contains(id))
        .map(|(id, (name, values))| Compared {
            target: (*id).into(),
            name: name.clone(),
            before: values.clone(),
            after: Values::new(),
        })
        .collect();
    let mut before: BTreeMap<I, (String, Values)> = before.into_iter().collect();
    let stays = after.into_iter().filter_map(|(id, (name, after))| match before.remove(&id) {
        Some((_, before)) => changed(id.into(), name, before, after),
        None => Some(Compared { target: id.into(), name, before: Values::new(), after }),
    });
    stays.chain(went).collect()
}

/// Returns the differences of an object that is in both states, if any.
fn changed(target: Target, name: String, before: Values, after: Values) -> Option<Compared> {
    let differs: BTreeSet<Field> =
        after.fields().filter(|field| before.get(*field) != after.get(*field)).collect();
    let keep = |values: Values| -> Values {
        values.0.into_iter().filter(|(field, _)| differs.contains(field)).collect()
    };
    let (before, after) = (keep(before), keep(after));
    (!differs.is_empty()).then_some(Compared { target, name, before, after })
}

/// Returns the smallest set of sections that have to be moved to get from one order to the other:
/// all that are not part of the longest subsequence in the same order.
pub(crate) fn moved(before: &[SectionId], after: &[SectionId]) -> BTreeSet<SectionId> {
    let place: BTreeMap<SectionId, usize> = before.iter().copied().zip(0..).collect();
    let both: Vec<(SectionId, usize)> =
        after.iter().filter_map(|id| Some((*id, *place.get(id)?))).collect();
    // `ends[n]` is the index in `both` of the smallest position that ends a subsequence of length n
    // + 1.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(both.len());
    for (at, (_, place)) in both.iter().enumerate() {
        let length = ends.partition_point(|end| both[*end].1 < *place);
        previous.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut moved: BTreeSet<SectionId> = both.iter().map(|(id, _)| *id).collect();
    let mut at = ends.last().copied();
    while let Some(stays) = at {
        moved.remove(&both[stays].0);
        at = previous[stays];
    }
    moved
}
