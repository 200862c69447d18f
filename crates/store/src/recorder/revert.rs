//! Reverting an inspection: undoing changes and restoring an earlier state. Each is one request,
//! whose changes refer to what they undo or restore.

use super::{RecordingTx, conflicts::changes_since};
use crate::{
    Error, boxed,
    queries::{AT_ONCE, Request, plan_in, state_after, to_undo},
    rows::{self, LoadedInspection},
};
use domain::{
    change::{Change, Conflict, Record},
    id::{ChangeId, InspectionId},
    people::Denied,
    permission::{may_see, may_take},
    revert::{Choices, KeptBecause},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Outcome of undoing a request, for each inspection that it touched and the actor may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManyUndone {
    /// The changes that undo it, all under one request id.
    pub done: Vec<Change>,
    /// The inspections that stay as they are, with the reasons.
    pub stay: Vec<(InspectionId, KeptBecause)>,
}

impl RecordingTx {
    /// Undoes a change, or all changes of its request to the inspection, newest first. `expected`
    /// is the last change of the state that `choices` were made for. Returns the changes that this
    /// made; none if nothing had to change.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such inspection or change, [`Error::Conflict`] if a
    /// change after `expected` touched anything that a step would alter or that needs a decision,
    /// [`Error::Refused`] if a step is not allowed. No step is taken then.
    #[boxed]
    pub async fn undo(
        &mut self,
        id: InspectionId,
        expected: ChangeId,
        (change, whole_request): (ChangeId, bool),
        choices: &Choices,
    ) -> Result<Vec<Change>, Error> {
        match self.begin_back(id, expected).await? {
            Begun::Before(done) => Ok(done),
            Begun::Now(now, unseen) => {
                let undo = to_undo(&mut self.writer.tx, id, change, whole_request).await?;
                let asked = undo.ok_or(Error::NotFound)?;
                let undo = asked.plan(&now.inspection, choices)?;
                let conflicting = undo.touched_by(&asked.since, &unseen);
                ensure_seen(expected, now.inspection.head, conflicting)?;
                self.follow(vec![(*now, undo.plan.steps)]).await
            }
        }
    }

    /// Restores the whole inspection to its state after a change. It works like
    /// [`undo`](Self::undo).
    ///
    /// # Errors
    /// As for [`undo`](Self::undo).
    #[boxed]
    pub async fn restore(
        &mut self,
        id: InspectionId,
        expected: ChangeId,
        to: ChangeId,
    ) -> Result<Vec<Change>, Error> {
        match self.begin_back(id, expected).await? {
            Begun::Before(done) => Ok(done),
            Begun::Now(now, unseen) => {
                let point =
                    state_after(&mut self.writer.tx, id, to).await?.ok_or(Error::NotFound)?;
                let plan = now.inspection.restore(&point)?;
                ensure_seen(expected, now.inspection.head, plan.touched_by(&unseen))?;
                self.follow(vec![(*now, plan.steps)]).await
            }
        }
    }

    /// Undoes all changes of a request in every inspection that it touched. An inspection is left
    /// as it is if a decision is needed, if the inspection was altered after the change `seen`, or
    /// if undoing is refused.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a request without changes that the actor may see.
    #[boxed]
    pub async fn undo_request(
        &mut self,
        request: Uuid,
        seen: ChangeId,
    ) -> Result<ManyUndone, Error> {
        let request = Request::find(&mut self.writer.tx, request).await?.ok_or(Error::NotFound)?;
        let mut undone = ManyUndone::default();
        // An earlier attempt of the same request may have done it.
        for change in self.earlier().await?.iter() {
            let touched = request.inspections.binary_search(&change.inspection_id).is_ok();
            if touched && change.record.is_revert() {
                undone.done.push(change.clone());
            }
        }
        self.expect(request.inspections.len()).await?;
        let before: BTreeSet<_> = undone.done.iter().map(|change| change.inspection_id).collect();
        let mut visible = before.len();
        for ids in request.inspections.chunks(AT_ONCE) {
            let actor = self.author.actor.clone();
            let mut plans = Vec::new();
            for planned in plan_in(&mut self.writer.tx, &actor, &request, ids).await? {
                let inspection = &planned.standing.inspection;
                let id = inspection.id;
                if before.contains(&id) {
                    continue;
                }
                visible += 1;
                let is_as_seen = inspection.altered <= seen;
                match planned.plan {
                    Ok(plan) if is_as_seen => plans.push((planned.standing, plan.steps)),
                    Ok(_) => undone.stay.push((id, KeptBecause::Altered)),
                    Err(stays) => undone.stay.push((id, stays)),
                }
            }
            undone.done.extend(self.follow(plans).await?);
        }
        if visible == 0 { Err(Error::NotFound) } else { Ok(undone) }
    }

    async fn begin_back(&mut self, id: InspectionId, expected: ChangeId) -> Result<Begun, Error> {
        let now = rows::load(&mut self.writer.tx, id).await?.ok_or(Error::NotFound)?;
        if !may_see(&self.author.actor, &now.inspection) {
            return Err(Denied::NotYours.into());
        }
        let earlier = self.earlier().await?.iter();
        let is_same = |done: &&Change| done.inspection_id == id && done.record.is_revert();
        let earlier: Vec<_> = earlier.filter(is_same).cloned().collect();
        if !earlier.is_empty() {
            return Ok(Begun::Before(earlier));
        }
        let head = now.inspection.head;
        let mut unseen = Vec::new();
        if expected != head {
            unseen = changes_since(&mut self.writer.tx, id, expected).await?;
            if unseen.is_empty() {
                // The state that it was made for does not exist.
                return Err(conflict(expected, head, unseen));
            }
        }
        Ok(Begun::Now(Box::new(now), unseen))
    }

    /// Takes the steps of several plans in rounds: the first step of each, then the second of each.
    /// The number of statements in a round does not depend on the number of plans, except for the
    /// contents of inspections.
    async fn follow(
        &mut self,
        plans: Vec<(LoadedInspection, Vec<Record>)>,
    ) -> Result<Vec<Change>, Error> {
        let steps = plans.iter().map(|(_, steps)| steps.len()).sum();
        if steps == 0 {
            return Ok(Vec::new());
        }
        let mut ids = self.writer.next_ids(steps).await?.into_iter();
        let mut made = Vec::with_capacity(steps);
        let mut plans: Vec<_> =
            plans.into_iter().map(|(now, steps)| (now, steps.into_iter())).collect();
        loop {
            let mut round = Vec::new();
            let mut rest = Vec::new();
            for (now, mut steps) in plans {
                if let Some(record) = steps.next()
                    && let Some(id) = ids.next()
                {
                    may_take(&self.author.actor, &record, &now.inspection)?;
                    let ordinal = self.unused_ordinal().await?;
                    let done = self.writer.apply(now, &self.author, (id, ordinal), record)?;
                    rest.push((done.after.clone(), steps));
                    round.push(done);
                }
            }
            if round.is_empty() {
                return Ok(made);
            }
            made.extend(self.writer.write(round).await?);
            plans = rest;
        }
    }
}

/// Start of a revert.
enum Begun {
    /// An earlier attempt of the same request did it.
    Before(Vec<Change>),
    /// The present state of the inspection, with the changes recorded since the state that the
    /// request was made for.
    Now(Box<LoadedInspection>, Vec<Change>),
}

/// Refuses a revert if changes that the actor has not seen conflict with it.
fn ensure_seen(expected: ChangeId, head: ChangeId, conflicting: Vec<Change>) -> Result<(), Error> {
    if conflicting.is_empty() { Ok(()) } else { Err(conflict(expected, head, conflicting)) }
}

fn conflict(expected: ChangeId, head: ChangeId, since: Vec<Change>) -> Error {
    Box::new(Conflict { expected, head, since, fields: Vec::new() }).into()
}
