//! Order of photos, and choice of the cover.
//!
//! The position of a photo is stored as a sort key and not as an index, so that moving one photo
//! alters no other: two people can move two photos at once, and undoing one move leaves the others
//! as they are.

use crate::{
    change::Mutation,
    id::{PhotoId, SectionId},
    inspection::{Field, Inspection, MAX_RANK, Photo, Target, Value, Values},
};

/// Distance between the sort keys of photos that were attached one after the other. It can be
/// halved twenty times.
const GAP: i64 = 1 << 20;

impl Photo {
    /// Returns the sort key of a photo within its section. Until a photo is moved, the key is
    /// derived from its id, so that photos are in the order in which they were attached.
    pub(crate) const fn sort_key(&self) -> (i64, i64) {
        let key = if self.rank == 0 { self.id.0.saturating_mul(GAP) } else { self.rank };
        (key, self.id.0)
    }

    /// Returns the edit that gives it this sort key.
    fn ranked(&self, rank: i64) -> Mutation {
        let values = Values::new().with(Field::Rank, Value::Number(rank));
        Mutation::Edit { target: Target::Photo(self.id), values }
    }
}

impl Inspection {
    /// Returns the photos of one section, or with `None` those of the inspection as a whole, in
    /// display order.
    pub fn photos_of(&self, section: Option<SectionId>) -> impl Iterator<Item = &Photo> {
        let mut photos: Vec<_> =
            self.photos.iter().filter(|photo| photo.section == section).collect();
        photos.sort_unstable_by_key(|photo| photo.sort_key());
        photos.into_iter()
    }

    /// Returns all photos in the order of the page: section by section, then those of the
    /// inspection as a whole.
    pub fn photos_in_order(&self) -> impl Iterator<Item = &Photo> {
        let places = self.sections.iter().map(|section| Some(section.id)).chain([None]);
        places.flat_map(|place| self.photos_of(place))
    }

    /// Returns the cover, which is the photo that was chosen as such last; `None` if none was.
    pub fn cover(&self) -> Option<&Photo> {
        let chosen = self.photos.iter().filter(|photo| photo.cover > 0);
        chosen.max_by_key(|photo| (photo.cover, photo.id))
    }

    /// Returns the value of [`Field::Cover`] that makes a photo the cover.
    pub fn next_cover(&self) -> i64 {
        self.cover().map_or(0, |photo| photo.cover).saturating_add(1)
    }

    /// Returns the edits that move a photo to an index, counted from 0, among the photos of its
    /// section; usually one. If there is no sort key left between its new neighbours, the photos
    /// behind it are moved first. Returns no edit if it is already there, or is not in the
    /// inspection.
    pub fn photo_moves(&self, id: PhotoId, place: usize) -> Vec<Mutation> {
        let Some(photo) = self.photo(id) else { return Vec::new() };
        let all: Vec<_> = self.photos_of(photo.section).collect();
        let others: Vec<_> = all.iter().copied().filter(|other| other.id != id).collect();
        let place = place.min(others.len());
        if all.get(place).is_some_and(|there| there.id == id) {
            return Vec::new();
        }
        let key = |photo: &Photo| photo.sort_key().0;
        // A photo attached later has a greater id than the head, and so a greater key.
        let end = |last: i64| (last + 1).max((self.head.0 + 1).saturating_mul(GAP)).min(MAX_RANK);
        let (before, behind) = others.split_at(place);
        let before = before.last().map(|photo| key(photo));
        let rank = match (before, behind.first().map(|photo| key(photo))) {
            (None, None) => return Vec::new(),
            (None, Some(first)) => nonzero(first - GAP, i64::MIN, first),
            (Some(last), None) => Some(end(last)),
            (Some(low), Some(high)) => nonzero(low + (high - low) / 2, low, high),
        };
        if let Some(rank) = rank {
            return vec![photo.ranked(rank)];
        }
        // The last photo is moved first, so that the order is correct after each edit.
        let low = before.unwrap_or(0);
        let top = behind.last().map_or(low, |photo| key(photo)).max(low);
        let mut edits: Vec<_> = (2..)
            .zip(behind)
            .map(|(nth, photo)| photo.ranked((top + nth * GAP).min(MAX_RANK)))
            .collect();
        edits.reverse();
        edits.push(photo.ranked(top + GAP));
        edits
    }
}

/// Returns a key between `low` and `high`, at or next to `middle`. It is not 0, which marks a photo
/// that was never moved.
fn nonzero(middle: i64, low: i64, high: i64) -> Option<i64> {
    [middle, middle + 1, middle - 1].into_iter().find(|key| *key != 0 && *key > low && *key < high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ChangeId;

    fn with_photos(ids: impl IntoIterator<Item = i64>) -> Inspection {
        let photos = ids.into_iter().map(|id| Photo { id: PhotoId(id), ..Photo::default() });
        Inspection { head: ChangeId(20), photos: photos.collect(), ..Inspection::default() }
    }

    fn order(inspection: &Inspection) -> Vec<i64> {
        inspection.photos_of(None).map(|photo| photo.id.0).collect()
    }

    fn go(inspection: &mut Inspection, id: i64, place: usize) -> usize {
        let moves = inspection.photo_moves(PhotoId(id), place);
        for mutation in &moves {
            let record = inspection.plan(mutation).expect("holds").expect("changes");
            inspection.apply(&record.mutation().expect("reads"));
        }
        moves.len()
    }

    #[test]
    fn a_photo_goes_to_any_place_by_one_edit() {
        for id in 11..=15 {
            for place in 0..5 {
                let mut inspection = with_photos(11..=15);
                let mut expected: Vec<_> = (11..=15).filter(|other| *other != id).collect();
                expected.insert(place, id);
                let there = order(&inspection) == expected;
                assert_eq!(go(&mut inspection, id, place), usize::from(!there));
                assert_eq!(order(&inspection), expected);
            }
        }
    }

    #[test]
    fn photos_can_be_moved_any_number_of_times() {
        let mut inspection = with_photos(11..=14);
        let mut expected = order(&inspection);
        for nth in 0..500 {
            // Mostly between the same two, and now and then to either end.
            let place = [1, 2, 1, 1, 0, 3][nth % 6];
            let id = expected[[2, 1, 3, 2, 1, 0][nth % 6]];
            expected.retain(|other| *other != id);
            expected.insert(place, id);
            go(&mut inspection, id, place);
            assert_eq!(order(&inspection), expected, "after {nth} moves");
        }
    }

    #[test]
    fn a_photo_attached_later_is_the_last() {
        let mut inspection = with_photos([11, 12]);
        for id in [11, 12, 11, 12] {
            go(&mut inspection, id, 2);
            inspection.head.0 += 1;
        }
        inspection.photos.push(Photo { id: PhotoId(25), ..Photo::default() });
        assert_eq!(order(&inspection), [11, 12, 25]);
    }

    #[test]
    fn the_cover_is_the_photo_chosen_last() {
        let mut inspection = with_photos([11, 12]);
        assert_eq!(inspection.cover(), None);
        for id in [12, 11] {
            let cover = inspection.next_cover();
            inspection.photos.iter_mut().find(|it| it.id.0 == id).expect("there").cover = cover;
            assert_eq!(inspection.cover().map(|photo| photo.id.0), Some(id));
        }
        inspection.photos.retain(|photo| photo.id.0 != 11);
        assert_eq!(inspection.cover().map(|photo| photo.id.0), Some(12), "the one before it");
    }
}
