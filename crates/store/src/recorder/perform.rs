//! Performing of mutations, each of another inspection, in one transaction.

use super::{key::Earlier, people, writer::RecordWriter};
use crate::{
    Error, MutationRequest, Store,
    db::Tx,
    recorder_queue::Recorded,
    rows::{self, LoadedInspection},
};
use domain::{
    change::{Change, Mutation, Record, Refusal},
    id::InspectionId,
    inspection::{Field, Inspection, Invalid},
    people::{Actor, Denied, Person},
    permission::{may_perform, may_see},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Outcome of the checks of a mutation.
enum Checked {
    /// An earlier attempt did it.
    Before(Change),
    /// There is nothing to change.
    Unchanged,
    /// It is to be done. Its added objects have no id yet.
    Planned(Box<LoadedInspection>, Mutation),
}

/// Records mutations in one transaction, each of another inspection and of another request. Each is
/// accepted or refused on its own. If the database fails, nothing is recorded.
pub(super) async fn record(
    store: &Store,
    tx: Tx,
    requests: &[&MutationRequest],
) -> Result<Vec<Recorded>, Error> {
    let mut writer = RecordWriter::of_batch(tx);
    let recorded = writer.perform(requests, &mut None).await?;
    writer.commit(store).await?;
    Ok(recorded)
}

impl RecordWriter {
    /// Performs mutations, each of another inspection. `earlier` are the changes that earlier
    /// transactions committed under their request ids; they are read if they are `None`. The number
    /// of statements does not depend on the number of mutations, except for the queries that only
    /// some of them need.
    ///
    /// # Errors
    /// If the database fails. The transaction must not be committed then.
    pub(super) async fn perform(
        &mut self,
        requests: &[&MutationRequest],
        earlier: &mut Option<Earlier>,
    ) -> Result<Vec<Recorded>, Error> {
        let mut loaded = self.load(requests, earlier).await?;
        let none = Earlier::default();
        let earlier = earlier.as_ref().unwrap_or(&none);
        let mut recorded = Vec::with_capacity(requests.len());
        let mut planned = Vec::new();
        for (index, request) in requests.iter().enumerate() {
            let standing = loaded.remove(&request.inspection);
            recorded.push(match self.check(request, standing, earlier).await {
                Ok(Checked::Before(change)) => Ok(Some(change)),
                Ok(Checked::Unchanged) => Ok(None),
                Ok(Checked::Planned(standing, mutation)) => {
                    planned.push((index, *standing, mutation));
                    Ok(None)
                }
                Err(error @ Error::Database(_)) => return Err(error),
                Err(refused) => Err(refused),
            });
        }
        if planned.is_empty() {
            return Ok(recorded);
        }
        let ids = self.next_ids(planned.len()).await?;
        let (mut indexes, mut applied) = (Vec::new(), Vec::new());
        for ((index, standing, mutation), id) in planned.into_iter().zip(ids) {
            let MutationRequest { author, ordinal, .. } = requests[index];
            let record = standing.inspection.plan(&mutation.assign(id)).map_err(Error::from);
            let done = record.and_then(|record| match record {
                Some(record) => self.apply(standing, author, (id, *ordinal), record).map(Some),
                None => Ok(None),
            });
            match done {
                Ok(Some(done)) => {
                    indexes.push(index);
                    applied.push(done);
                }
                Ok(None) => {}
                Err(error) => recorded[index] = Err(error),
            }
        }
        if applied.is_empty() {
            return Ok(recorded);
        }
        let changes = self.write(applied).await?;
        for (index, change) in indexes.into_iter().zip(changes) {
            recorded[index] = Ok(Some(change));
        }
        Ok(recorded)
    }

    /// Reads the inspections, and the earlier changes unless they are known. Contents are read of
    /// those whose mutations concern more than their own fields.
    async fn load(
        &mut self,
        requests: &[&MutationRequest],
        earlier: &mut Option<Earlier>,
    ) -> Result<BTreeMap<InspectionId, LoadedInspection>, Error> {
        let ids: Vec<InspectionId> = requests.iter().map(|it| it.inspection).collect();
        let mut found = match earlier {
            Some(_) => rows::load_heads(&mut self.tx, &ids).await?,
            None => {
                let keys: Vec<Uuid> = requests.iter().map(|it| it.author.request_id).collect();
                let asked = keys.iter().copied();
                let (found, tip) = rows::heads_to_write(&mut self.tx, &ids, asked).await?;
                if let Some(tip) = tip {
                    *earlier = Some(self.look_back(tip, &keys).await?);
                }
                found
            }
        };
        let with_contents = requests.iter().filter(|it| !it.mutation.is_of_own_fields());
        let with_contents: BTreeSet<_> = with_contents.map(|it| it.inspection).collect();
        let are_wanted = |id: InspectionId| with_contents.contains(&id);
        rows::load_contents(&mut self.tx, &mut found, are_wanted).await?;
        Ok(found.into_iter().map(|it| (it.inspection.id, it)).collect())
    }

    async fn check(
        &mut self,
        request: &MutationRequest,
        standing: Option<LoadedInspection>,
        earlier: &Earlier,
    ) -> Result<Checked, Error> {
        let standing = standing.ok_or(Error::NotFound)?;
        let MutationRequest { author, ordinal, inspection, expected, mutation } = request;
        let before = &standing.inspection;
        let earlier = earlier.of(author)?;
        if let Some(done) = earlier.find_done(*ordinal, Some(*inspection), mutation)? {
            return Ok(Checked::Before(done));
        }
        if !may_see(&author.actor, before) {
            return Err(Denied::NotYours.into());
        }
        self.check_conflict(&author.actor, before, *expected, mutation).await?;
        self.check_returning(before, mutation).await?;
        let named = self.look_up(mutation).await?;
        match permitted(&author.actor, before, mutation, named.as_ref())? {
            Some((mutation, _)) => Ok(Checked::Planned(Box::new(standing), mutation)),
            None => Ok(Checked::Unchanged),
        }
    }
}

/// Returns the mutation with the names of people filled in, and its record, if the actor may
/// perform it and it changes anything. Added objects have no id in that record yet.
pub(super) fn permitted(
    actor: &Actor,
    before: &Inspection,
    mutation: &Mutation,
    named: Option<&Person>,
) -> Result<Option<(Mutation, Record)>, Refusal> {
    if matches!(mutation, Mutation::Create { .. }) {
        let message = "An inspection starts once, and this one has.";
        return Err(Invalid::of(Field::Reference, message).into());
    }
    may_perform(actor, mutation, before)?;
    let mutation = people::name(mutation.clone(), before, named)?;
    Ok(before.plan(&mutation)?.map(|record| (mutation, record)))
}
