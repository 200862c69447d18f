//! One mutation for many inspections, in a fixed number of statements.

use super::{RecordingTx, perform::permitted};
use crate::{
    Error, boxed,
    rows::{self, LoadedInspection},
    sql::sql,
};
use domain::{
    change::{Change, Mutation, Record, Refusal},
    id::InspectionId,
};
use std::collections::BTreeSet;

/// Number of inspections above which a generic query plan is faster than one made for the values at
/// hand.
const MANY: usize = 1_000;

/// Outcome of one mutation for each of many inspections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// The changes, one for each inspection, all under one request id.
    pub done: Vec<Change>,
    /// Inspections that already had the requested state.
    pub unchanged: Vec<InspectionId>,
    /// Inspections for which it was refused, with the reasons.
    pub refused: Vec<(InspectionId, Refusal)>,
}

impl RecordingTx {
    /// Performs one mutation of many inspections: a status change, or an edit or a correction of
    /// their own fields. Each inspection gets its own record. A refusal for one does not affect the
    /// others. The number of statements is the same for any number of inspections.
    ///
    /// # Errors
    /// [`Error::OneAtATime`] for any other mutation.
    #[boxed]
    pub async fn perform_many(
        &mut self,
        ids: &[InspectionId],
        mutation: &Mutation,
    ) -> Result<Many, Error> {
        if !mutation.is_of_own_fields() {
            return Err(Error::OneAtATime);
        }
        let ids: BTreeSet<InspectionId> = ids.iter().copied().collect();
        let ids: Vec<InspectionId> = ids.into_iter().collect();
        // Runs before `expect`, which would change the plan of this query as well.
        self.earlier().await?;
        self.expect(ids.len()).await?;
        let found = rows::load_heads(&mut self.writer.tx, &ids).await?;
        let named = self.writer.look_up(mutation).await?;

        let mut many = Many::default();
        let is_found: BTreeSet<InspectionId> = found.iter().map(|it| it.inspection.id).collect();
        let missing = ids.iter().filter(|id| !is_found.contains(id));
        many.refused.extend(missing.map(|id| (*id, Refusal::NotThere)));
        let mut planned = Vec::new();
        let author = self.author.clone();
        let earlier = self.earlier().await?;
        for before in found {
            let inspection = &before.inspection;
            if let Some(done) = earlier.find_done_to(inspection.id, mutation.kind()) {
                many.done.push(done);
                continue;
            }
            match permitted(&author.actor, inspection, mutation, named.as_ref()) {
                Ok(Some((_, record))) => planned.push((before, record)),
                Ok(None) => many.unchanged.push(inspection.id),
                Err(refusal) => many.refused.push((inspection.id, refusal)),
            }
        }
        if !planned.is_empty() {
            many.done.extend(self.write_many(planned).await?);
        }
        Ok(many)
    }

    /// Tells the database how many inspections the statements are about, because that decides which
    /// query plan is faster.
    pub(super) async fn expect(&mut self, how_many: usize) -> Result<(), Error> {
        if how_many > MANY
            && let Some(statement) = self.writer.tx.dialect().expect_many()
        {
            sql(statement).run(&mut self.writer.tx).await?;
        }
        Ok(())
    }

    async fn write_many(
        &mut self,
        planned: Vec<(LoadedInspection, Record)>,
    ) -> Result<Vec<Change>, Error> {
        let ids = self.writer.next_ids(planned.len()).await?;
        let author = self.author.clone();
        let mut done = Vec::with_capacity(planned.len());
        for ((before, record), id) in planned.into_iter().zip(ids) {
            let ordinal = self.unused_ordinal().await?;
            done.push(self.writer.apply(before, &author, (id, ordinal), record)?);
        }
        self.writer.write(done).await
    }
}
