//! Verification of the record against checkpoints, and proofs of inclusion for others.

use super::{ExternalCheckpoint, VerifyError, Violation, ViolationKind, chain::Leaf};
use crate::{
    AcceptedGap, Checkpoint, CheckpointFile, Inclusion, Store, Tree, boxed,
    checkpoint::{DATED_BEFORE, counts_as_made},
    db::Tx,
    sql::{sql, timestamp},
};
use chrono::{DateTime, Utc};
use domain::id::ChangeId;

/// Result of comparing the record with every checkpoint, if it fits all of them.
pub(super) struct Held {
    /// The newest checkpoint.
    pub(super) newest: Option<(Checkpoint, CheckpointFile)>,
    /// The accepted gaps, by size.
    pub(super) gaps: Vec<AcceptedGap>,
}

/// Checks that the record grew from each of the checkpoints.
pub(super) async fn check(
    tx: &mut Tx,
    leaves: &[Leaf],
    witness: &ExternalCheckpoint,
) -> Result<Held, VerifyError> {
    let mut opened = Vec::new();
    for kept in &witness.checkpoints {
        let checkpoint = kept.open(&witness.key);
        opened.push((checkpoint.map_err(|error| flawed(error.to_string()))?, kept));
    }
    opened.sort_by_key(|(checkpoint, _)| checkpoint.size);
    let gaps = witness.gaps.iter().map(|kept| kept.open_gap(&witness.key));
    let gaps: Result<Vec<_>, _> = gaps.collect();
    let mut gaps = gaps.map_err(|error| flawed(error.to_string()))?;
    gaps.sort_by_key(|gap| gap.size);
    let tree = Tree::over(leaves.iter().map(|leaf| &leaf.hash));
    let mut fits = 0;
    for (checkpoint, kept) in &opened {
        if let Some(problem) = misfit(leaves, &tree, fits, checkpoint, &kept.name) {
            return Err(flawed(problem).into());
        }
        fits = place(checkpoint.size);
    }
    let checkpoints: Vec<Checkpoint> = opened.iter().map(|(it, _)| it.clone()).collect();
    let found = backdated(leaves, &checkpoints, &gaps).next();
    if let Some((leaf, index)) = found {
        let (checkpoint, kept) = &opened[index];
        return Err(backdated_wrong(tx, leaf, checkpoint, &kept.name).await?.into());
    }
    let newest = opened.pop().map(|(checkpoint, kept)| (checkpoint, kept.clone()));
    Ok(Held { newest, gaps })
}

/// Returns the changes that are dated more than [`DATED_BEFORE`] before the checkpoint that
/// precedes them, each with the index of that checkpoint. The checkpoints are in the order of their
/// sizes.
pub(super) fn backdated<'a>(
    leaves: &'a [Leaf],
    checkpoints: &'a [Checkpoint],
    gaps: &'a [AcceptedGap],
) -> impl Iterator<Item = (&'a Leaf, usize)> {
    checkpoints.iter().enumerate().flat_map(move |(index, checkpoint)| {
        let until = checkpoints.get(index + 1).map_or(leaves.len(), |next| place(next.size));
        let since = leaves.get(place(checkpoint.size)..until).unwrap_or_default();
        let earliest = (counts_as_made(checkpoint, gaps) - DATED_BEFORE).timestamp_micros();
        since.iter().filter(move |leaf| leaf.at < earliest).map(move |leaf| (leaf, index))
    })
}

/// Returns all changes as leaves of the tree.
pub(super) async fn leaves(tx: &mut Tx) -> Result<Vec<Leaf>, VerifyError> {
    let mut leaves = Vec::new();
    let mut broken = None;
    sql("select id, hash, created_at from changes order by id")
        .each(tx, |(id, hash, at): (i64, Vec<u8>, i64)| {
            match hash.try_into() {
                Ok(hash) => leaves.push(Leaf { id, hash, at }),
                Err(_) => {
                    broken.get_or_insert(ChangeId(id));
                }
            }
            Ok(())
        })
        .await?;
    match broken {
        None => Ok(leaves),
        Some(change) => {
            let flaw = ViolationKind::Unreadable("its hash is not 32 bytes long".into());
            Err(Violation { change: Some(change), ..Violation::overall(flaw) }.into())
        }
    }
}

fn flawed(problem: String) -> Violation {
    Violation::overall(ViolationKind::Checkpoint(problem))
}

fn place(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

fn formatted(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M:%S UTC").to_string()
}

/// Describes how the record differs from the one that a checkpoint covers, given that its first
/// `fits` changes fit an earlier checkpoint; `None` if it does not differ.
fn misfit(
    leaves: &[Leaf],
    tree: &Tree,
    fits: usize,
    checkpoint: &Checkpoint,
    name: &str,
) -> Option<String> {
    let Checkpoint { size, last, root, at } = checkpoint;
    let at = formatted(*at);
    let covers =
        format!("the checkpoint {name} of {at} covers {size} changes, up to change {last}");
    let there = leaves.partition_point(|leaf| leaf.id <= last.0);
    let reached = leaves.last().map_or(0, |leaf| leaf.id);
    if there < place(*size) && reached < last.0 {
        return Some(format!(
            "the end of the record was cut off: {covers}, and there are {there}, up to change {reached}"
        ));
    }
    if there < place(*size) {
        return Some(format!(
            "changes were deleted from the middle of the record: {covers}, and {there} of these are \
             there"
        ));
    }
    if there > place(*size) {
        return Some(format!(
            "changes were inserted into the middle of the record: {covers}, and {there} are there"
        ));
    }
    if !tree.grew_from(*size, root) {
        let from = leaves.get(fits).map_or(0, |leaf| leaf.id);
        return Some(format!(
            "the record was rewritten: its changes from {from} to {last} are not those that the \
             checkpoint {name} of {at} was made of"
        ));
    }
    None
}

/// Returns the violation of a change that a checkpoint does not cover although it is dated long
/// before it.
async fn backdated_wrong(
    tx: &mut Tx,
    leaf: &Leaf,
    checkpoint: &Checkpoint,
    name: &str,
) -> Result<Violation, VerifyError> {
    let statement = sql("select max(inspection_id) from changes where id = $1").bind(leaf.id);
    let (inspection,): (i64,) = statement.one(tx).await?;
    let flaw = ViolationKind::Checkpoint(format!(
        "it was backdated: it bears {}, but was not there yet at {}, when the checkpoint {name} was \
         made",
        formatted(timestamp("changes", "created_at", leaf.id, leaf.at)?),
        formatted(checkpoint.at)
    ));
    Ok(Violation::of(inspection, Some(leaf.id), flaw))
}

impl Store {
    /// Compares the record with the checkpoints by the stored hashes, and proves that the newest
    /// checkpoint covers a change; `None` if it does not. Whether the stored hash is that of the
    /// change's content is checked by [`verified_hash`](Self::verified_hash).
    ///
    /// # Errors
    /// As for [`verify`](Self::verify), and [`Error::NotFound`](crate::Error::NotFound) if there is
    /// no such change.
    #[boxed]
    pub async fn prove(
        &self,
        change: ChangeId,
        witness: &ExternalCheckpoint,
    ) -> Result<Option<Inclusion>, VerifyError> {
        let proved = self.prove_by(change, witness).await;
        self.reported(proved).await
    }

    async fn prove_by(
        &self,
        change: ChangeId,
        witness: &ExternalCheckpoint,
    ) -> Result<Option<Inclusion>, VerifyError> {
        let mut tx = self.db().read().await?;
        let leaves = leaves(&mut tx).await?;
        if let Some(twins) = leaves.windows(2).find(|pair| pair[0].id == pair[1].id) {
            let change = Some(ChangeId(twins[0].id));
            return Err(Violation { change, ..Violation::overall(ViolationKind::Twice) }.into());
        }
        let newest = check(&mut tx, &leaves, witness).await?.newest;
        let at = leaves.binary_search_by_key(&change.0, |leaf| leaf.id);
        let at = at.map_err(|_| crate::Error::NotFound)?;
        Ok(newest.and_then(|(checkpoint, kept)| {
            let covered = leaves.get(..place(checkpoint.size))?;
            let tree = Tree::over(covered.iter().map(|leaf| &leaf.hash));
            Inclusion::new((change, leaves[at].hash), at as u64, &tree, kept)
        }))
    }
}
