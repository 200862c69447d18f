//! Verification of a PDF: whether it is a Plumbline report, and current.

use super::{dated, found};
use crate::output;
use anyhow::{Context, bail};
use domain::{
    id::{ChangeId, InspectionId},
    inspection::Report,
};
use report::printed;
use store::{ExternalCheckpoint, Store, keys};

/// Reports whether the file `name`, a Plumbline report, is current; returns an error if it is none.
pub(super) async fn verify(
    store: &Store,
    name: &str,
    bytes: &[u8],
    witness: Option<&ExternalCheckpoint>,
) -> anyhow::Result<()> {
    let sha256 = keys::sha256(bytes);
    let Some((id, report)) = store.report_with(&sha256).await? else {
        bail!("{name} is not one of our reports: none has the SHA-256 {sha256}");
    };
    let hash = compare(store, name, bytes, (id, &report)).await?;
    let vouched = vouched(store, name, &report, witness).await?;

    let inspection = store.inspection(id).await?.context("the inspection is there")?;
    output::line(format_args!(
        "{name} is one of our reports: “{}” of {}.",
        report.name, inspection.reference
    ))?;
    output::line(format_args!(
        "It shows the inspection after change {}, whose hash is {hash}, as it says itself.",
        report.shows
    ))?;
    output::line(vouched)?;
    if inspection.removed {
        output::line("It is out of date: the inspection was removed since.")?;
    } else if inspection.is_current(&report) {
        output::line("It is current: the inspection says the same now.")?;
    } else {
        output::line(format_args!(
            "It is out of date: change {} was the last to alter the inspection.",
            inspection.altered
        ))?;
    }
    Ok(())
}

/// Verifies the inspection's record and compares it with the statements in the file. Returns the
/// hash of the change that the report shows. The file is evidence that a person with access to the
/// database cannot alter.
async fn compare(
    store: &Store,
    name: &str,
    bytes: &[u8],
    (id, report): (InspectionId, &Report),
) -> anyhow::Result<String> {
    let verified = store.verified_hash(id, report.shows).await;
    let what = format!("{name} is among our reports, but the record does not verify");
    let hash = found(verified, &what)?;
    let Some(printed) = printed(bytes) else {
        bail!("{name} is among our reports, but does not say which change it shows, as ours do");
    };
    if printed.change != report.shows {
        bail!(
            "{name} is among our reports, but says that it shows change {}, and the record says \
             change {}",
            printed.change,
            report.shows
        );
    }
    let Some(hash) = hash.map(keys::hex) else {
        bail!(
            "{name} is among our reports, but the inspection has no change {}, which it shows",
            report.shows
        );
    };
    if printed.hash != hash {
        bail!(
            "{name} is among our reports, but the record was rewritten since it was made: it says \
             that change {} has the hash {}, and now that is {hash}",
            report.shows,
            printed.hash
        );
    }
    Ok(hash)
}

/// Describes the checkpoint that covers the change that made a report, and with it all earlier
/// ones.
async fn vouched(
    store: &Store,
    name: &str,
    report: &Report,
    witness: Option<&ExternalCheckpoint>,
) -> anyhow::Result<String> {
    let Some(witness) = witness else {
        return Ok(
            "There is no checkpoint to hold that against, so whoever can write the database \
                   can have made it up. See --checkpoint."
                .into(),
        );
    };
    // A report has the id of the change that made it.
    let made = ChangeId(report.id.0);
    let what = format!("{name} is among our reports, but the record does not verify");
    let Some(proof) = found(store.prove(made, witness).await, &what)? else {
        bail!(
            "{name} is among our reports, but no checkpoint covers change {made}, which made it, so \
             it may have been made up. A server that runs makes a checkpoint within 10 seconds"
        );
    };
    let checkpoint = proof.open(&witness.key)?;
    Ok(format!(
        "It was made by change {made}, which is among the {} that the checkpoint of {} covers.",
        checkpoint.size,
        dated(&checkpoint)
    ))
}
