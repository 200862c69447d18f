//! Acceptance of a clock that was set back.

use super::{
    VerifyError,
    chain::Leaf,
    checkpoints::{backdated, leaves},
};
use crate::{
    AcceptedGap, CheckpointError, CheckpointFolder, Store, boxed,
    checkpoint::{counts_as_made, is_behind},
    sql::timestamp,
};
use chrono::{DateTime, Utc};
use domain::id::ChangeId;
use std::path::PathBuf;

fn dated(leaf: &Leaf) -> Result<DateTime<Utc>, VerifyError> {
    Ok(timestamp("changes", "created_at", leaf.id, leaf.at)?)
}

/// Reason why a gap in the time of the record was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The record has no gap that needs to be accepted.
    #[error(
        "there is nothing to accept: no change is dated more than a day before a checkpoint, and the \
         clock is not behind the newest change or checkpoint"
    )]
    Nothing,
    /// The record could not be read.
    #[error(transparent)]
    Record(#[from] VerifyError),
    /// The folder of checkpoints failed, or the reason is invalid.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl Store {
    /// Accepts that the time of the record goes back. It writes a signed note to the folder of
    /// checkpoints: the changes and checkpoints so far count as made no later than `now`, and no
    /// later than the earliest change that verification refuses for its date. `now` must be right.
    /// Returns the gap and its file.
    ///
    /// # Errors
    /// [`AcceptError::Nothing`] if there is no such gap; otherwise if the database or the folder
    /// fails, or the reason is not a single line.
    #[boxed]
    pub async fn accept_clock(
        &self,
        folder: &CheckpointFolder,
        now: DateTime<Utc>,
        reason: &str,
    ) -> Result<(AcceptedGap, PathBuf), AcceptError> {
        let reason = AcceptedGap::check_reason(reason)?;
        let leaves = leaves(&mut self.db().read().await.map_err(VerifyError::from)?).await?;
        let last = leaves.last().ok_or(AcceptError::Nothing)?;
        let signer = folder.signer()?;
        let key = signer.public_key();
        let checkpoints = folder.all()?;
        let checkpoints: Result<Vec<_>, _> = checkpoints.iter().map(|it| it.open(&key)).collect();
        let checkpoints = checkpoints?;
        let gaps = folder.gaps()?;
        let gaps: Result<Vec<_>, _> = gaps.iter().map(|it| it.open_gap(&key)).collect();
        let gaps = gaps?;

        let earliest = backdated(&leaves, &checkpoints, &gaps)
            .map(|(leaf, _)| leaf)
            .min_by_key(|leaf| leaf.at);
        let newest = checkpoints.last().map(|newest| counts_as_made(newest, &gaps));
        let is_accepted = gaps.iter().any(|gap| last.id <= gap.last.0);
        let is_behind = (!is_accepted && is_behind(now, dated(last)?))
            || newest.is_some_and(|newest| is_behind(now, newest));
        if earliest.is_none() && !is_behind {
            return Err(AcceptError::Nothing);
        }
        let back_to = earliest.map_or(Ok(now), |leaf| dated(leaf).map(|at| now.min(at)))?;
        let size = leaves.len() as u64;
        let gap = AcceptedGap { size, last: ChangeId(last.id), back_to, at: now, reason };
        let file = folder.accept(&gap, &signer)?;
        Ok((gap, file))
    }
}
