//! Inclusion proofs: that a change is among those that a checkpoint covers. They are created with
//! the database and checked without it.

use super::{dated, found};
use crate::output;
use anyhow::{Context, bail};
use domain::id::ChangeId;
use store::{Error, ExternalCheckpoint, Inclusion, PublicKey, Store, VerifyError, keys};

/// Prints a proof for a change.
pub(super) async fn print(
    store: &Store,
    change: ChangeId,
    witness: Option<&ExternalCheckpoint>,
) -> anyhow::Result<()> {
    let witness = witness.context("there is no checkpoint to prove it by; see --checkpoint")?;
    let proved = store.prove(change, witness).await;
    if matches!(proved, Err(VerifyError::Failed(Error::NotFound))) {
        bail!("there is no change {change}");
    }
    match found(proved, "the record does not verify")? {
        Some(proof) => output::text(proof)?,
        None => bail!("no checkpoint covers change {change} yet"),
    }
    Ok(())
}

/// Checks a proof that was read from the file `name`, and prints the result.
pub(super) fn check(name: &str, text: &str, key: &PublicKey) -> anyhow::Result<()> {
    let proof = Inclusion::read(name, text)?;
    let checkpoint = proof.open(key)?;
    output::line(format_args!(
        "{name} proves that a change whose hash is {} was among the first {} changes by {}.",
        keys::hex(proof.hash),
        checkpoint.size,
        dated(&checkpoint)
    ))?;
    output::line(format_args!("It calls it change {}.", proof.change))?;
    Ok(())
}
