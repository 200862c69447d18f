//! Leading an inspection back: undoing changes, restoring an earlier state. Each is one request, whose
//! changes say what they undo or restore.

use super::{Work, changes_since};
use crate::{
    Error,
    queries::{state_after, to_undo},
    rows::{self, Standing},
};
use domain::{Change, ChangeId, Choices, Conflict, Denied, InspectionId, Way, may_see, may_take};

impl Work {
    /// Undoes a change, or all that its request did to the inspection, newest first. `expected` is
    /// the last change of the state that `choices` were made for. Answers with the changes that this
    /// left, none where everything was so already.
    ///
    /// # Errors
    /// [`Error::NotFound`] for no such inspection or change, [`Error::Conflict`] where the inspection
    /// was altered since `expected`, [`Error::Refused`] where a step may not happen; then none did.
    pub async fn undo(
        &mut self,
        id: InspectionId,
        expected: ChangeId,
        (change, whole_request): (ChangeId, bool),
        choices: &Choices,
    ) -> Result<Vec<Change>, Error> {
        match self.begin_back(id, expected).await? {
            Begun::Before(done) => Ok(done),
            Begun::Now(now) => {
                let undo = to_undo(&mut self.tx, id, change, whole_request).await?;
                let undo = undo.ok_or(Error::NotFound)?.plan(&now.inspection, choices)?;
                self.follow(*now, undo.way).await
            }
        }
    }

    /// Brings the whole inspection back to how it stood after a change; else as [`undo`](Self::undo).
    ///
    /// # Errors
    /// As of [`undo`](Self::undo).
    pub async fn restore(
        &mut self,
        id: InspectionId,
        expected: ChangeId,
        to: ChangeId,
    ) -> Result<Vec<Change>, Error> {
        match self.begin_back(id, expected).await? {
            Begun::Before(done) => Ok(done),
            Begun::Now(now) => {
                let point = state_after(&mut self.tx, id, to).await?.ok_or(Error::NotFound)?;
                let way = now.inspection.restore(&point)?;
                self.follow(*now, way).await
            }
        }
    }

    async fn begin_back(&mut self, id: InspectionId, expected: ChangeId) -> Result<Begun, Error> {
        let now = rows::load(&mut self.tx, id, true).await?.ok_or(Error::NotFound)?;
        if !may_see(&self.actor, &now.inspection) {
            return Err(Denied::NotYours.into());
        }
        let earlier = self.earlier().await?.get(&id).into_iter().flatten();
        let earlier: Vec<_> =
            earlier.filter(|change| change.record.leads_back()).cloned().collect();
        if !earlier.is_empty() {
            return Ok(Begun::Before(earlier));
        }
        let head = now.inspection.head;
        if expected != head {
            let mut since = changes_since(&mut self.tx, id, expected).await?;
            let from_the_future = since.is_empty();
            since.retain(|change| change.record.action.alters());
            if from_the_future || !since.is_empty() {
                return Err(Box::new(Conflict { expected, head, since }).into());
            }
        }
        Ok(Begun::Now(Box::new(now)))
    }

    /// Takes the steps of a way, each with a change of its own.
    async fn follow(&mut self, mut now: Standing, way: Way) -> Result<Vec<Change>, Error> {
        let ids = self.next_ids(way.steps.len()).await?;
        let mut made = Vec::with_capacity(way.steps.len());
        for (id, record) in ids.into_iter().zip(way.steps) {
            may_take(&self.actor, &record, &now.inspection)?;
            let done = self.record(now, id, record)?;
            now = done.after.clone();
            made.extend(self.write(vec![done]).await?);
        }
        Ok(made)
    }
}

/// How leading back begins.
enum Begun {
    /// An earlier attempt of the same request did it.
    Before(Vec<Change>),
    /// From the inspection as it stands.
    Now(Box<Standing>),
}
