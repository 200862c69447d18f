//! `plumbline verify`: verifies the record or a report, and creates and checks proofs for people
//! without access to the database.

mod inclusion;
mod report;

use crate::{output, progress::Progress, storage::Storage};
use anyhow::{Context, bail};
use clap::Args;
use domain::id::ChangeId;
use std::{fs, io, path::PathBuf, sync::Arc, time::Instant};
use store::{
    Checkpoint, CheckpointFile, CheckpointFolder, Clock, ExternalCheckpoint, Inclusion, PublicKey,
    Store, StoredObject, VerifyError,
};

/// Verify the record, the files of photos and reports, or one report
///
/// Without FILE it verifies the chain of changes, the checkpoints, and that the tables follow from the changes. With
/// the PDF of a report it verifies that the report is one of this database, and says whether it is current. Nothing
/// is written.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Report as a PDF, or a proof that --prove printed, which needs no database
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Verify the files of photos and reports too, and list unreferenced ones
    #[arg(long, conflicts_with = "file")]
    files: bool,
    /// Print a proof that the newest checkpoint contains this change
    #[arg(long, value_name = "CHANGE", conflicts_with_all = ["file", "files"])]
    prove: Option<ChangeId>,
    /// File of a checkpoint from another place, to verify too; may be repeated
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// Public key of the checkpoints, or a file with it [default: key.pub in their folder]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

impl Verify {
    /// Runs the command. A failed verification is an error.
    pub(crate) async fn run(self, storage: &Storage, clock: Clock) -> anyhow::Result<()> {
        let Some(path) = &self.file else {
            let (store, witness) = (storage.open_to_read().await?, self.witness(storage)?);
            return match self.prove {
                Some(change) => inclusion::print(&store, change, witness.as_ref()).await,
                None => self.verify_record(storage, &store, witness.as_ref(), clock).await,
            };
        };
        let name = path.display();
        let bytes = fs::read(path).with_context(|| format!("{name} cannot be read"))?;
        match str::from_utf8(&bytes) {
            Ok(text) if Inclusion::is_one(text) => {
                inclusion::check(&name.to_string(), text, &self.key(&storage.checkpoints())?)
            }
            _ => {
                let (store, witness) = (storage.open_to_read().await?, self.witness(storage)?);
                report::verify(&store, &name.to_string(), &bytes, witness.as_ref()).await
            }
        }
    }

    async fn verify_record(
        &self,
        storage: &Storage,
        store: &Store,
        witness: Option<&ExternalCheckpoint>,
        clock: Clock,
    ) -> anyhow::Result<()> {
        let (begun, progress) = (Instant::now(), Arc::new(Progress::default()));
        let verified = store.verify(witness, progress.of_verifying()).await;
        progress.clear();
        let sound = found(verified, "the record does not verify")?;
        output::line(format_args!(
            "The record verifies: {} changes of {} inspections follow on from each other, and the \
             tables are what they make ({:.1} s).",
            sound.changes,
            sound.inspections,
            begun.elapsed().as_secs_f32()
        ))?;
        match sound.newest {
            Some(newest) => output::line(format_args!(
                "It fits {} checkpoint{}. The newest, of {}, covers the first {} changes.",
                sound.checkpoints,
                if sound.checkpoints == 1 { "" } else { "s" },
                dated(&newest),
                newest.size
            ))?,
            None => output::line(
                "There is no checkpoint to hold it against, so nobody can tell whether its end was \
                 cut off or its chain made anew. See --checkpoint.",
            )?,
        }
        for gap in &sound.gaps {
            output::line(format_args!(
                "On {} it was accepted that the clock had been set back, as to change {}: {}",
                gap.at.format("%-d %B %Y"),
                gap.last,
                gap.reason
            ))?;
        }
        if self.files {
            let objects = storage.objects_to_read()?;
            let verified = store.verify_files(&objects, progress.of_verifying(), clock.now()).await;
            progress.clear();
            let verified = found(verified, "the files do not verify")?;
            output::line(format_args!(
                "Photos and reports, {} in all, are the files that the record names.",
                verified.files
            ))?;
            name_strays(&verified.strays)?;
        }
        Ok(())
    }

    /// Returns the available checkpoints; `None` without any.
    fn witness(&self, storage: &Storage) -> anyhow::Result<Option<ExternalCheckpoint>> {
        let folder = storage.checkpoints();
        let mut checkpoints = folder.all()?;
        for file in &self.checkpoint {
            // The file may have any name, and may be a copy of one in the folder.
            let kept = CheckpointFile { size: None, ..CheckpointFile::read(file)? };
            if checkpoints.iter().all(|other| other.text != kept.text) {
                checkpoints.push(kept);
            }
        }
        if checkpoints.is_empty() {
            return Ok(None);
        }
        Ok(Some(ExternalCheckpoint { checkpoints, gaps: folder.gaps()?, key: self.key(&folder)? }))
    }

    fn key(&self, folder: &CheckpointFolder) -> anyhow::Result<PublicKey> {
        match &self.key {
            Some(key) => match fs::read_to_string(key) {
                Ok(text) => Ok(text.parse()?),
                Err(_) => Ok(key.parse::<PublicKey>()?),
            },
            None => folder.public_key()?.with_context(|| {
                format!("there is no key.pub in {}; give --key", folder.path().display())
            }),
        }
    }
}

/// Converts a failed verification to an error that begins with `what`.
fn found<T>(verified: Result<T, VerifyError>, what: &str) -> anyhow::Result<T> {
    match verified {
        Ok(found) => Ok(found),
        Err(VerifyError::Wrong(wrong)) => bail!("{what}. {wrong}"),
        Err(VerifyError::Failed(failed)) => Err(failed.into()),
    }
}

/// Lists the files that the record does not name. They do not invalidate the record, because
/// refused and interrupted uploads leave such files.
fn name_strays(strays: &[StoredObject]) -> io::Result<()> {
    if strays.is_empty() {
        return Ok(());
    }
    output::line(format_args!(
        "{} more than a day old and not named by the record. Such files are left by uploads that were \
         refused or cut off, or were put there by somebody. Nothing shows them; they can be removed:",
        if strays.len() == 1 {
            "1 file is".to_owned()
        } else {
            format!("{} files are", strays.len())
        }
    ))?;
    for StoredObject { key, bytes, at } in strays {
        let at = at.format("%-d %B %Y, %H:%M:%S UTC");
        output::line(format_args!("  {key}  {bytes} bytes, {at}"))?;
    }
    Ok(())
}

/// Formats the time of a checkpoint.
fn dated(checkpoint: &Checkpoint) -> String {
    checkpoint.at.format("%-d %B %Y, %H:%M:%S UTC").to_string()
}
