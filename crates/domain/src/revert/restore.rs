//! Planning of a restore: from the present state of an inspection to an earlier one.

use crate::{
    change::{Comparison, Mutation, Refusal, RevertOf, compare, moved},
    inspection::{Field, Inspection, Status, Target, Value, Values},
    revert::RevertPlan,
};

impl Inspection {
    /// Plans the steps from here to an earlier state of the same inspection, the one after the
    /// change `point.head`. Equal values are left alone; reports stay as they are.
    ///
    /// Contents can only change in a draft, so if any differ the plan goes through draft. A section
    /// is removed only after its photos that are still needed were moved out of it.
    ///
    /// # Errors
    /// If a value to be restored is no longer valid.
    pub fn restore(&self, point: &Self) -> Result<RevertPlan, Refusal> {
        let mut restoring =
            Restoring { plan: RevertPlan::from(self), back: RevertOf::Restore(point.head) };
        let differs = compare(self, point);
        if differs.touches_contents() {
            restoring.step(Mutation::BringBack)?;
            restoring.status(Status::Draft)?;
            restoring.sections_come(point, &differs)?;
            restoring.photos(point, &differs)?;
            restoring.sections_go(&differs)?;
            restoring.sections_in_order(point)?;
            restoring.equipment(point, &differs)?;
            restoring.edit(Target::Inspection, own(&differs))?;
        }
        restoring.status(point.status)?;
        if point.removed && !restoring.plan.end.removed {
            restoring.step(Mutation::Remove { target: Target::Inspection })?;
        }
        Ok(restoring.plan)
    }
}

/// Returns the inspection's own fields that differ, except its status, which takes a step of its
/// own.
fn own(differs: &Comparison) -> Values {
    let after = differs.own.after.iter();
    let fields = after.filter(|(field, _)| *field != Field::Status);
    fields.map(|(field, value)| (field, value.clone())).collect()
}

struct Restoring {
    plan: RevertPlan,
    back: RevertOf,
}

impl Restoring {
    fn step(&mut self, mutation: Mutation) -> Result<(), Refusal> {
        self.plan.step(&mutation, self.back)
    }

    fn edit(&mut self, target: Target, values: Values) -> Result<(), Refusal> {
        if values.is_empty() {
            return Ok(());
        }
        self.step(Mutation::Edit { target, values })
    }

    fn status(&mut self, to: Status) -> Result<(), Refusal> {
        if self.plan.end.status == to {
            return Ok(());
        }
        let reason = (to == Status::Draft).then(|| "An earlier state was restored.".to_owned());
        self.step(Mutation::SetStatus { to, reason })
    }

    fn sections_come(&mut self, point: &Inspection, differs: &Comparison) -> Result<(), Refusal> {
        for came in differs.sections.iter().filter(|section| section.came()) {
            let Target::Section(id) = came.target else { continue };
            let Some(section) = point.section(id).cloned() else { continue };
            let now = &self.plan.end;
            let photos = point.photos_of(Some(id)).filter(|photo| now.photo(photo.id).is_none());
            let photos = photos.cloned().collect();
            let position = point.position(id);
            self.step(Mutation::AddSection { section, position, photos })?;
        }
        Ok(())
    }

    /// Restores the photos. Sections that come back exist by now; photos of sections that are
    /// removed later go with them.
    fn photos(&mut self, point: &Inspection, differs: &Comparison) -> Result<(), Refusal> {
        let goes = |target| differs.sections.iter().any(|it| it.went() && it.target == target);
        for differs in &differs.photos {
            let Target::Photo(id) = differs.target else { continue };
            let (now, then) = (self.plan.end.photo(id), point.photo(id));
            match (now, then) {
                (None, Some(then)) => self.step(Mutation::AddPhoto { photo: then.clone() })?,
                (Some(now), None)
                    if !now.section.is_some_and(|section| goes(Target::Section(section))) =>
                {
                    self.step(Mutation::Remove { target: differs.target })?;
                }
                (Some(_), Some(_)) if !differs.came() => {
                    self.edit(differs.target, differs.after.clone())?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn sections_go(&mut self, differs: &Comparison) -> Result<(), Refusal> {
        for went in differs.sections.iter().filter(|section| section.went()) {
            if let Target::Section(section) = went.target {
                self.step(Mutation::RemoveSection { section })?;
            }
        }
        Ok(())
    }

    /// Restores the values of the remaining sections, and the order of all sections.
    fn sections_in_order(&mut self, point: &Inspection) -> Result<(), Refusal> {
        let ids = |of: &Inspection| of.sections.iter().map(|it| it.id).collect::<Vec<_>>();
        let moved = moved(&ids(&self.plan.end), &ids(point));
        let mut place = 0;
        for section in &point.sections {
            let target = Target::Section(section.id);
            let now = &self.plan.end;
            let mut values: Values = section
                .values()
                .0
                .into_iter()
                .filter(|(field, value)| now.value(target, *field).as_ref() != Some(value))
                .collect();
            if moved.contains(&section.id) {
                // Right after the section before it, wherever that is by now.
                let from = now.position(section.id).unwrap_or(place);
                let to = if from > place { place + 1 } else { place };
                values = values.with(Field::Position, Value::Number(to));
            }
            self.edit(target, values)?;
            place = self.plan.end.position(section.id).unwrap_or(place);
        }
        Ok(())
    }

    fn equipment(&mut self, point: &Inspection, differs: &Comparison) -> Result<(), Refusal> {
        for differs in &differs.equipment {
            let Target::Equipment(id) = differs.target else { continue };
            match point.equipment(id) {
                None => self.step(Mutation::Remove { target: differs.target })?,
                Some(equipment) if differs.came() => {
                    self.step(Mutation::AddEquipment { equipment: equipment.clone() })?;
                }
                Some(_) => self.edit(differs.target, differs.after.clone())?,
            }
        }
        Ok(())
    }
}
