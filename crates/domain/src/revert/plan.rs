//! The mutations that revert an inspection to an earlier state.

use crate::{
    change::{Change, Mutation, Record, Refusal, RevertOf},
    inspection::{Inspection, Target},
    people::{Actor, Denied},
    permission::may_take,
    revert::{FieldPath, touching},
};

/// Successive steps, which use the same ten actions as all others, with their result. They depend
/// on each other, so all of them are taken or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevertPlan {
    /// The records that the steps make, first step first.
    pub steps: Vec<Record>,
    /// The inspection after the last step, except for its head, which is only known once they are
    /// taken.
    pub end: Inspection,
}

impl RevertPlan {
    /// Returns a plan without steps.
    pub(crate) fn from(inspection: &Inspection) -> Self {
        Self { steps: Vec::new(), end: inspection.clone() }
    }

    /// Adds a step, if it changes anything.
    pub(crate) fn step(&mut self, mutation: &Mutation, back: RevertOf) -> Result<(), Refusal> {
        let Some(record) = self.end.plan_back(mutation, back)? else { return Ok(()) };
        // A record that was just planned can be read; the error is unreachable.
        let planned = record.mutation().map_err(|_| Refusal::NotThere)?;
        self.end.apply(&planned);
        self.steps.push(record);
        Ok(())
    }

    /// Returns the locations that its steps alter: the fields that they set, and the objects that
    /// they add or remove.
    pub(crate) fn places(&self) -> impl Iterator<Item = FieldPath> {
        self.steps.iter().flat_map(|step| {
            let sets_fields = step.kind.sets_fields();
            let whole = (!sets_fields).then_some(None);
            let fields = step.fields.iter().copied().filter(move |_| sets_fields).map(Some);
            let target = step.target();
            // The photos of a section are removed and brought back with it.
            let photos = step.data.photos.keys();
            let photos = photos.map(|id| FieldPath { target: Target::Photo(*id), field: None });
            let own = whole.into_iter().chain(fields);
            own.filter_map(move |field| target.map(|target| FieldPath { target, field }))
                .chain(photos)
        })
    }

    /// Returns those of these changes that touched a location that its steps alter.
    pub fn touched_by(&self, changes: &[Change]) -> Vec<Change> {
        touching(&self.places().collect::<Vec<_>>(), changes)
    }

    /// Checks whether someone may take all its steps from `here`, its starting state. Each step is
    /// checked in the state that the steps before lead to.
    ///
    /// # Errors
    /// The reason why not.
    pub fn allowed(&self, actor: &Actor, inspection: &Inspection) -> Result<(), Denied> {
        let mut stands = inspection.clone();
        for record in &self.steps {
            may_take(actor, record, &stands)?;
            if let Ok(mutation) = record.mutation() {
                stands.apply(&mutation);
            }
        }
        Ok(())
    }
}
