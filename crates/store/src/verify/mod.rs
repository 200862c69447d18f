//! Verification of the record: the chain, the checkpoints, the tables against the fold of the
//! records, and the files that it names. This module never writes to the database.

mod chain;
mod checkpoints;
mod clock;
mod counters;
mod expected;
mod explain;
mod files;
mod heads;
mod lanes;
mod raw;
mod shown;
mod tables;
mod violation;

pub use clock::AcceptError;
pub use files::FilesVerified;
pub use violation::{VerifyError, Violation, ViolationKind};

use crate::{
    AcceptedGap, Checkpoint, CheckpointFile, Error, Hash, PublicKey, Store, boxed, db::Tx, sql::sql,
};
use domain::id::{ChangeId, InspectionId};
use explain::{explain, miscounted};
use raw::Raw;
use std::{sync::Arc, thread::available_parallelism};

/// A step of the verification, for displaying progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyStep {
    /// Reads the changes and checks that each follows on from its predecessor.
    Chain,
    /// Compares the tables with the fold of the records. It is counted in changes as well.
    Tables,
    /// Reads photos, reports and logos, and checks their hashes.
    Files,
}

/// Callback for progress: the step, the amount done, and the total.
pub type Progress = Arc<dyn Fn(VerifyStep, u64, u64) + Send + Sync>;

/// The checkpoints that the record must fit, and the key that must have signed them.
#[derive(Clone, Debug)]
pub struct ExternalCheckpoint {
    /// The checkpoints, in any order.
    pub checkpoints: Vec<CheckpointFile>,
    /// The accepted gaps in the time of the record.
    pub gaps: Vec<CheckpointFile>,
    /// The public key.
    pub key: PublicKey,
}

/// Result of verifying a record without violations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Number of changes.
    pub changes: u64,
    /// Number of inspections.
    pub inspections: u64,
    /// Number of checkpoints that the record fits.
    pub checkpoints: usize,
    /// The newest checkpoint.
    pub newest: Option<Checkpoint>,
    /// The accepted gaps in the time of the record, by size.
    pub gaps: Vec<AcceptedGap>,
}

impl Store {
    /// Verifies everything except for the files, on all cores.
    ///
    /// # Errors
    /// [`VerifyError::Wrong`] with the first violation: first in the chain, then against the
    /// checkpoints, then in the tables, then in the counters of references and the guards.
    /// [`VerifyError::Failed`] if the database fails.
    #[boxed]
    pub async fn verify(
        &self,
        witness: Option<&ExternalCheckpoint>,
        progress: Progress,
    ) -> Result<VerifyReport, VerifyError> {
        let verified = self.verify_all(witness, progress).await;
        self.reported(verified).await
    }

    async fn verify_all(
        &self,
        witness: Option<&ExternalCheckpoint>,
        progress: Progress,
    ) -> Result<VerifyReport, VerifyError> {
        self.db().ensure_current().await?;
        let cores = available_parallelism().map_or(2, usize::from);
        // There are more connections than cores, because each waits for the database now and then.
        let how_many = (cores + cores.div_ceil(2)).min(8);
        let mut lanes = self.db().read_together(how_many).await?;
        let (total, first, last) = extent(&mut lanes[0]).await?;
        let users = Arc::new(raw::users(&mut lanes[0]).await?);

        let (mut lanes, stretches) =
            lanes::read_chain(lanes, (first, last), users.clone(), total, progress.clone()).await?;
        let tx = &mut lanes[0];
        let record = match chain::merge(stretches, &users) {
            Ok(record) => record,
            Err(suspect) => return Err(explain(tx, suspect, &users).await?.into()),
        };
        let read = record.leaves.len() as u64;
        if read != total {
            return Err(miscounted(tx, (total, read), &users).await?.into());
        }
        heads::check(tx, (i64::MIN, i64::MAX), |id| record.last.get(&id).copied()).await?;
        let inspections = record.last.len() as u64;
        let mut sound = VerifyReport { changes: total, inspections, ..VerifyReport::default() };
        if let Some(witness) = witness {
            sound.checkpoints = witness.checkpoints.len();
            let held = checkpoints::check(tx, &record.leaves, witness).await?;
            sound.newest = held.newest.map(|(checkpoint, _)| checkpoint);
            sound.gaps = held.gaps;
        }
        let folded = lanes::check_tables(lanes, record, total, progress).await?;
        if folded != total {
            let problem = format!("of {total} changes, {folded} are found by inspection");
            return Err(Violation::overall(ViolationKind::Unreadable(problem)).into());
        }
        counters::check(&mut self.db().read().await?).await?;
        let faults = self.guard_faults().await?;
        if !faults.is_empty() {
            return Err(Violation::overall(ViolationKind::Guards(faults)).into());
        }
        Ok(sound)
    }

    /// Verifies one inspection: its chain, and its rows against the fold of its records. Returns
    /// the number of its changes.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify).
    #[boxed]
    pub async fn verify_inspection(&self, id: InspectionId) -> Result<i64, VerifyError> {
        let verified = self.verified(id).await;
        let raws = self.reported(verified).await?;
        Ok(i64::try_from(raws.len()).unwrap_or(i64::MAX))
    }

    /// Verifies an inspection, and returns the hash of one of its changes; `None` if it has no such
    /// change.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify).
    #[boxed]
    pub async fn verified_hash(
        &self,
        id: InspectionId,
        change: ChangeId,
    ) -> Result<Option<Hash>, VerifyError> {
        let verified = self.verified(id).await;
        let raws = self.reported(verified).await?;
        Ok(raws.iter().find(|raw| raw.id == change.0).map(|raw| raw.hash))
    }

    /// Returns the changes of an inspection after verifying it, oldest first.
    async fn verified(&self, id: InspectionId) -> Result<Vec<Raw>, VerifyError> {
        let mut tx = self.db().read().await?;
        let users = raw::users(&mut tx).await?;
        let raws = raw::of(&mut tx, id.0).await?;
        if let Some(wrong) = explain::check(&raws, &users) {
            return Err(wrong.into());
        }
        let last = raws.last().map(|raw| (raw.id, raw.link()));
        heads::check(&mut tx, (id.0, id.0), |_| last).await?;
        tables::check(&mut tx, (id.0, id.0)).await?;
        Ok(raws)
    }

    /// Adds the inspection's reference to a violation. If a file that was opened read-only was
    /// written meanwhile, the violation may be a result of that, so another error is returned.
    async fn reported<T>(&self, found: Result<T, VerifyError>) -> Result<T, VerifyError> {
        match found {
            Err(_) if self.db().is_disturbed() => Err(VerifyError::Failed(Error::Setting(
                "The database was taken into use while it was read. Verify it again.".into(),
            ))),
            Err(VerifyError::Wrong(mut wrong)) => {
                let reference = "select reference from inspections where id = $1";
                if let Some(id) = wrong.inspection {
                    let found = sql(reference).bind(id).optional(self.db()).await;
                    // The reference itself may be unreadable.
                    wrong.reference = found.ok().flatten().map(|(reference,): (String,)| reference);
                }
                Err(VerifyError::Wrong(wrong))
            }
            found => found,
        }
    }
}

/// Returns the number of changes and the range of their ids.
async fn extent(tx: &mut Tx) -> Result<(u64, i64, i64), VerifyError> {
    let text = "select count(*), coalesce(min(id), 0), coalesce(max(id), 0) from changes";
    let (count, first, last): (i64, i64, i64) = sql(text).one(tx).await?;
    Ok((u64::try_from(count).unwrap_or(0), first, last))
}
