//! Undo: planning to revert changes, and detecting later changes to the same values.

use crate::{
    change::{Change, Refusal},
    id::ChangeId,
    inspection::{Inspection, Values},
    people::Actor,
    revert::{FieldPath, RevertPlan, touching},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Decision on a [`UndoConflict`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// Keep the present value.
    #[default]
    Keep,
    /// Undo it anyway.
    Back,
}

/// Decisions by location. A location without a decision keeps its present value.
pub type Choices = BTreeMap<FieldPath, Choice>;

/// A value or an object that is not as the change to be undone left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoConflict {
    /// Its location.
    pub place: FieldPath,
    /// The present name of the object.
    pub name: String,
    /// Whether the object as a whole would be brought back rather than removed. It has no meaning
    /// for a field.
    pub comes: bool,
    /// The field's present value; empty for an object as a whole.
    pub now: Values,
    /// The value that undoing would set.
    pub back: Values,
    /// Later changes that touched it, oldest first.
    pub since: Vec<Change>,
    /// The decision.
    pub choice: Choice,
}

/// Reason why undoing a change has no effect, or only a part of its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "lowercase")]
pub enum SkipReason {
    /// Already in this state.
    #[error("Everything is as it was before this change already.")]
    Already,
    /// The edited object has been removed since.
    #[error("What it changed has been removed since. Undo the removal first.")]
    Gone,
    /// Making or reading a report alters nothing that could be undone. The PDF may already have
    /// been shared, so its record has to stay.
    #[error(
        "A PDF that was made or read cannot be undone: people may have it. It stays among the \
         reports, marked as out of date once the inspection is altered."
    )]
    Report,
}

/// A change that is not undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Id of the change.
    pub change: ChangeId,
    /// The reason.
    pub why: SkipReason,
}

/// Plan of an undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The steps, with the decisions on the conflicts applied.
    pub plan: RevertPlan,
    /// Locations that are not as the undone changes left them, each once.
    pub conflicts: Vec<UndoConflict>,
    /// Changes that need no step.
    pub skipped: Vec<Skipped>,
}

/// Reason why an inspection is left as it is when a request is undone in many at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeptBecause {
    /// There is nothing to undo.
    #[error(transparent)]
    Left(SkipReason),
    /// This many locations were touched since, and nobody decided about them.
    #[error("{}", undecided(*.0))]
    Undecided(usize),
    /// It was altered after the person saw the preview.
    #[error("It was changed while you looked at this.")]
    Altered,
    /// It is not allowed.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

fn undecided(places: usize) -> String {
    match places {
        1 => "One thing was changed since.".into(),
        places => format!("{places} things were changed since."),
    }
}

impl Undo {
    /// Returns those of the `unseen` changes that conflict with it: they touched a value that one
    /// of its steps would alter or that needs a decision, or removed an object that an undone
    /// change altered. `since` are the changes that it was planned from.
    pub fn touched_by(&self, since: &[Change], unseen: &[Change]) -> Vec<Change> {
        let conflicts = self.conflicts.iter().map(|conflict| conflict.place);
        let gone = self.skipped.iter().filter(|it| it.why == SkipReason::Gone).filter_map(|it| {
            let change = since.iter().find(|change| change.id == it.change)?;
            change.record.target().map(|target| FieldPath { target, field: None })
        });
        let places: Vec<FieldPath> = conflicts.chain(gone).chain(self.plan.places()).collect();
        touching(&places, unseen)
    }

    /// Returns a plan that undoes nothing.
    pub fn nothing(now: &Inspection) -> Self {
        Self { plan: RevertPlan::from(now), conflicts: Vec::new(), skipped: Vec::new() }
    }

    /// Returns the steps to take from `here` when many inspections are undone at once without
    /// asking: all steps or none.
    ///
    /// # Errors
    /// The reason why the inspection is left as it is.
    pub fn at_once(
        self,
        actor: &Actor,
        inspection: &Inspection,
    ) -> Result<RevertPlan, KeptBecause> {
        self.plan.allowed(actor, inspection).map_err(Refusal::from)?;
        if !self.conflicts.is_empty() {
            return Err(KeptBecause::Undecided(self.conflicts.len()));
        }
        if self.plan.steps.is_empty() {
            let mut why = self.skipped.iter().map(|it| it.why);
            let why = why.find(|why| *why != SkipReason::Already);
            return Err(KeptBecause::Left(why.unwrap_or(SkipReason::Already)));
        }
        Ok(self.plan)
    }
}
