//! Undo of changes one after the other, newest first.

use crate::change::needs_decision;
use crate::{
    change::{Change, Data, Mutation, MutationKind, Record, Refusal, RevertOf},
    id::{PhotoId, SectionId},
    inspection::{Field, Inspection, Section, Status, Target, Value, Values},
    revert::{Choice, Choices, FieldPath, SkipReason, Skipped, Undo, UndoConflict, touches},
};
use std::collections::BTreeMap;

impl Inspection {
    /// Plans to undo changes of this inspection: those for which `undone` holds among `since`,
    /// which are all of its changes from the first undone one on, oldest first.
    ///
    /// The newest is undone first, each by its inverse: an edit sets its fields back, a removed
    /// object is brought back as it was, an added object is removed, a status change returns to the
    /// former status. A location that is not as the change left it is a conflict, which keeps its
    /// present value unless `choices` say otherwise.
    ///
    /// # Errors
    /// If a value to be restored is no longer valid.
    pub fn undo(
        &self,
        since: &[Change],
        undone: impl Fn(&Change) -> bool,
        choices: &Choices,
    ) -> Result<Undo, Refusal> {
        let later = since.iter().filter(|change| !undone(change)).collect();
        let mut undoing = Undoing::of(Undo::nothing(self), later, choices);
        for change in since.iter().rev().filter(|change| undone(change)) {
            undoing.take_back(change)?;
        }
        Ok(undoing.done())
    }
}

/// State of an undo while it is planned.
pub(crate) struct Undoing<'a> {
    undo: Undo,
    /// Changes after the first undone one that are not undone themselves, oldest first.
    later: Vec<&'a Change>,
    choices: &'a Choices,
}

impl<'a> Undoing<'a> {
    /// Starts an undo with a plan without steps.
    pub(crate) const fn of(undo: Undo, later: Vec<&'a Change>, choices: &'a Choices) -> Self {
        Self { undo, later, choices }
    }

    /// Returns the finished plan.
    pub(crate) fn done(self) -> Undo {
        self.undo
    }

    /// Undoes a change by its inverse.
    pub(crate) fn take_back(&mut self, change: &Change) -> Result<(), Refusal> {
        let Record { data, .. } = &change.record;
        // A record that cannot be read was never applied either.
        let Ok(done) = change.record.mutation() else { return Ok(()) };
        match done {
            Mutation::Edit { target, .. } => self.set_back(change, target),
            Mutation::Correct { .. } => self.set_back(change, Target::Inspection),
            Mutation::SetStatus { .. } => self.step_back(change),
            Mutation::Create { .. } | Mutation::BringBack => {
                self.take_away(change, Target::Inspection)
            }
            Mutation::AddSection { section, .. } => {
                self.take_away(change, Target::Section(section.id))
            }
            Mutation::AddEquipment { equipment } => {
                self.take_away(change, Target::Equipment(equipment.id))
            }
            Mutation::AddPhoto { photo } => self.take_away(change, Target::Photo(photo.id)),
            Mutation::RemoveSection { section }
            | Mutation::Remove { target: Target::Section(section) } => {
                self.section_comes_back(change, section)
            }
            Mutation::Remove { target: Target::Inspection } => {
                self.comes_back(change, self.now().removed.then_some(Mutation::BringBack))
            }
            Mutation::Remove { target: Target::Equipment(id) } => {
                let equipment = crate::inspection::Equipment::from_values(id, &data.before);
                let gone = self.now().equipment(id).is_none();
                self.comes_back(change, gone.then_some(Mutation::AddEquipment { equipment }))
            }
            Mutation::Remove { target: Target::Photo(id) } => self.photo_comes_back(change, id),
            Mutation::CreateReport { .. } | Mutation::DownloadReport { .. } => {
                self.leave(change, SkipReason::Report)
            }
        }
    }

    /// Returns the inspection with the changes undone so far.
    fn now(&self) -> &Inspection {
        &self.undo.plan.end
    }

    fn step(&mut self, change: &Change, mutation: &Mutation) -> Result<(), Refusal> {
        self.undo.plan.step(mutation, RevertOf::Undo(change.id))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends what may fail elsewhere")]
    fn leave(&mut self, change: &Change, why: SkipReason) -> Result<(), Refusal> {
        self.undo.skipped.push(Skipped { change: change.id, why });
        Ok(())
    }

    /// Undoes an edit: its fields get their former values.
    fn set_back(&mut self, change: &Change, target: Target) -> Result<(), Refusal> {
        let Data { before, after, .. } = &change.record.data;
        let mut values = Values::new();
        let mut conflicts = false;
        for (field, before) in before.iter() {
            let Some(now) = self.now().value(target, field) else {
                return self.leave(change, SkipReason::Gone);
            };
            let back = self.still(before);
            if now == back {
                continue;
            }
            let place = FieldPath { target, field: Some(field) };
            let known = after.get(field).unwrap_or(before);
            let as_left = !needs_decision(known, &now, &back) && back == *before;
            conflicts |= !as_left;
            if as_left || self.decide(change, place, Some((now, back.clone()))) == Choice::Back {
                values = values.with(field, back);
            }
        }
        if values.is_empty() {
            return if conflicts { Ok(()) } else { self.leave(change, SkipReason::Already) };
        }
        // In other statuses than draft, a correction can only be undone by a correction.
        let corrects = change.record.kind == MutationKind::Correct;
        if corrects && self.now().status != Status::Draft {
            return self.step(change, &Mutation::Correct { values, reason: reason(change) });
        }
        self.step(change, &Mutation::Edit { target, values })
    }

    /// Adapts a value to the present state: a photo cannot be in a section that was removed.
    fn still(&self, value: &Value) -> Value {
        match value {
            Value::Section(Some(section)) if self.now().section(*section).is_none() => {
                Value::Section(None)
            }
            value => value.clone(),
        }
    }

    fn step_back(&mut self, change: &Change) -> Result<(), Refusal> {
        let Data { before, after, .. } = &change.record.data;
        let (Some(Value::Status(to)), Some(left)) =
            (before.get(Field::Status), after.get(Field::Status))
        else {
            return Ok(());
        };
        let now = Value::Status(self.now().status);
        if now == Value::Status(*to) {
            return self.leave(change, SkipReason::Already);
        }
        let place = FieldPath { target: Target::Inspection, field: Some(Field::Status) };
        let as_left = now == *left;
        if !as_left && self.decide(change, place, Some((now, Value::Status(*to)))) == Choice::Keep {
            return Ok(());
        }
        let reason = (*to == Status::Draft).then(|| reason(change));
        self.step(change, &Mutation::SetStatus { to: *to, reason })
    }

    /// Undoes an addition by removing the object, or the inspection as a whole.
    fn take_away(&mut self, change: &Change, target: Target) -> Result<(), Refusal> {
        let there = match target {
            Target::Inspection => !self.now().removed,
            target => self.now().name_of(target).is_some(),
        };
        if !there {
            return self.leave(change, SkipReason::Already);
        }
        if !self.as_added(change, target) {
            let place = FieldPath { target, field: None };
            if self.decide(change, place, None) == Choice::Keep {
                return Ok(());
            }
        }
        self.step(change, &Mutation::Remove { target })
    }

    /// Returns whether an object is as the change that added it left it.
    fn as_added(&self, change: &Change, target: Target) -> bool {
        let (now, Data { after, photos, .. }) = (self.now(), &change.record.data);
        let own =
            |it: &Section| it.values().iter().all(|(field, value)| after.get(field) == Some(value));
        match target {
            Target::Inspection => {
                let starts = change.record.kind == MutationKind::Create;
                let empty =
                    now.sections.is_empty() && now.equipment.is_empty() && now.photos.is_empty();
                now.values() == *after && (empty || !starts)
            }
            Target::Section(id) => {
                let there: BTreeMap<PhotoId, Values> =
                    now.photos_of(Some(id)).map(|photo| (photo.id, photo.values())).collect();
                now.section(id).is_some_and(own)
                    && there
                        == photos.iter().map(|(id, values)| (*id, filled(*id, values))).collect()
            }
            Target::Equipment(id) => now.equipment(id).is_some_and(|it| it.values() == *after),
            Target::Photo(id) => now.photo(id).is_some_and(|it| it.values() == filled(id, after)),
        }
    }

    fn section_comes_back(&mut self, change: &Change, id: SectionId) -> Result<(), Refusal> {
        let Data { before, photos, .. } = &change.record.data;
        let mutation = self.now().section(id).is_none().then(|| Mutation::AddSection {
            section: Section::from_values(id, before),
            position: match before.get(Field::Position) {
                Some(Value::Number(position)) => Some(*position),
                _ => None,
            },
            // A photo that was brought back separately stays where it was put then.
            photos: photos
                .iter()
                .filter(|(id, _)| self.now().photo(**id).is_none())
                .map(|(id, values)| crate::inspection::Photo::from_values(*id, values))
                .collect(),
        });
        self.comes_back(change, mutation)
    }

    fn photo_comes_back(&mut self, change: &Change, id: PhotoId) -> Result<(), Refusal> {
        let mut photo = crate::inspection::Photo::from_values(id, &change.record.data.before);
        if self.now().photo(id).is_some() {
            return self.leave(change, SkipReason::Already);
        }
        let was_in = Value::Section(photo.section);
        let back = self.still(&was_in);
        if back != was_in {
            let place = FieldPath { target: Target::Photo(id), field: None };
            if self.decide(change, place, None) == Choice::Keep {
                return Ok(());
            }
            photo.section = None;
        }
        self.step(change, &Mutation::AddPhoto { photo })
    }

    fn comes_back(&mut self, change: &Change, mutation: Option<Mutation>) -> Result<(), Refusal> {
        match mutation {
            Some(mutation) => self.step(change, &mutation),
            None => self.leave(change, SkipReason::Already),
        }
    }

    /// Returns whether a change altered a photo of the section at this location, which would be
    /// removed with it. The record of such a change names the section only if the photo was
    /// attached, moved or removed.
    fn is_within(&self, change: &Change, place: FieldPath) -> bool {
        let FieldPath { target: Target::Section(section), field: None } = place else {
            return false;
        };
        let Some(Target::Photo(photo)) = change.record.target() else { return false };
        let photo = self.now().photo(photo);
        change.record.action.alters() && photo.is_some_and(|photo| photo.section == Some(section))
    }

    /// Records a conflict and returns the decision on it. A location touched by several of the undone
    /// changes is asked about once, and returns to its value before the first of them.
    fn decide(
        &mut self,
        change: &Change,
        place: FieldPath,
        values: Option<(Value, Value)>,
    ) -> Choice {
        let choice = self.choices.get(&place).copied().unwrap_or_default();
        let (now, back) = match (place.field, values) {
            (Some(field), Some((now, back))) => {
                (Values::new().with(field, now), Values::new().with(field, back))
            }
            _ => Default::default(),
        };
        if let Some(known) = self.undo.conflicts.iter_mut().find(|conflict| conflict.place == place)
        {
            known.back = back;
            return choice;
        }
        let related = change.record.related.as_ref();
        let name = self.now().name_of(place.target);
        let comes = place.field.is_none() && name.is_none();
        let name = name.or_else(|| related.map(|it| it.text.clone())).unwrap_or_default();
        let later = self.later.iter().filter(|later| later.id > change.id);
        let is_touched = |later: &&&Change| touches(later, place) || self.is_within(later, place);
        let since = later.filter(is_touched).map(|it| (*it).clone()).collect();
        self.undo.conflicts.push(UndoConflict { place, name, comes, now, back, since, choice });
        choice
    }
}

/// Returns the recorded values of a photo, with defaults for fields that did not exist then.
fn filled(id: PhotoId, values: &Values) -> Values {
    crate::inspection::Photo::from_values(id, values).values()
}

/// Returns the reason of an undo, for a step whose record requires one.
fn reason(undone: &Change) -> String {
    format!("Undid “{}”.", undone.record.description())
}
