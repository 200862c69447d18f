//! A way back: the steps that lead an inspection from where it stands to where it stood.

use crate::{
    Actor, Change, ChangeId, Denied, Inspection, Mutation, Place, Record, Refusal, Target,
    may_take, undoing::touching,
};

/// Why a step is taken that leads back. Its record says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// It undoes this change.
    Undo(ChangeId),
    /// It is one of those that restore the state after this change.
    Restore(ChangeId),
}

/// Steps that follow on each other, by the ten actions like all others, and where they lead. They
/// were planned one upon the other, so together they are taken or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The records that they leave, first step first.
    pub steps: Vec<Record>,
    /// The inspection after the last of them, but for its head, which they have yet to get.
    pub end: Inspection,
}

impl Way {
    /// Returns the way that leads nowhere yet.
    pub(crate) fn from(here: &Inspection) -> Self {
        Self { steps: Vec::new(), end: here.clone() }
    }

    /// Takes one more step, if it changes anything.
    pub(crate) fn step(&mut self, mutation: &Mutation, back: Back) -> Result<(), Refusal> {
        let Some(record) = self.end.plan_back(mutation, back)? else { return Ok(()) };
        // What was just planned can be read; anything else is not there to be done.
        let planned = record.mutation().map_err(|_| Refusal::NotThere)?;
        self.end.apply(&planned);
        self.steps.push(record);
        Ok(())
    }

    /// Places that its steps alter: the fields that they set, and the things that come or go.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.steps.iter().flat_map(|step| {
            let whole = step.fields.is_empty().then_some(None);
            let fields = step.fields.iter().copied().map(Some);
            let target = step.target();
            // The photos of a section go and come with it.
            let photos = step.data.photos.keys();
            let photos = photos.map(|id| Place { target: Target::Photo(*id), field: None });
            let own = whole.into_iter().chain(fields);
            own.filter_map(move |field| target.map(|target| Place { target, field })).chain(photos)
        })
    }

    /// Those of these changes that touched what its steps alter.
    pub fn touched_by(&self, changes: &[Change]) -> Vec<Change> {
        touching(&self.places().collect::<Vec<_>>(), changes)
    }

    /// Returns whether someone may go it from `here`, where it starts: each step where the ones before lead.
    ///
    /// # Errors
    /// Why not.
    pub fn allowed(&self, actor: &Actor, here: &Inspection) -> Result<(), Denied> {
        let mut stands = here.clone();
        for record in &self.steps {
            may_take(actor, record, &stands)?;
            if let Ok(mutation) = record.mutation() {
                stands.apply(&mutation);
            }
        }
        Ok(())
    }
}
