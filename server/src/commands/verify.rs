//! `plumbline verify`: whether the record can be trusted, and whether a report is one of ours.

use crate::cli::Storage;
use anyhow::{Context, bail};
use clap::Args;
use std::{
    fs,
    io::{IsTerminal, Write, stdout},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::{Kept, Progress, PublicKey, Step, Store, VerifyError, Witness, keys};

/// Verify the record: chain, checkpoints, and the tables against it. Reads, and never writes
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A PDF: whether it is one of our reports, and whether it is current
    #[arg(value_name = "REPORT.pdf")]
    report: Option<PathBuf>,
    /// A checkpoint kept elsewhere, beside those in the folder; may be repeated
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// The public key of the checkpoints, or a file with it [default: key.pub in the folder]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

impl Verify {
    /// Does it. What is wrong is an error.
    pub(crate) async fn run(self, storage: &Storage) -> anyhow::Result<()> {
        let store = storage.open_to_read().await?;
        match &self.report {
            Some(report) => verify_report(&store, report).await,
            None => self.verify_record(storage, &store).await,
        }
    }

    async fn verify_record(&self, storage: &Storage, store: &Store) -> anyhow::Result<()> {
        let witness = self.witness(storage)?;
        let begun = Instant::now();
        let shown = Arc::new(Shown::default());
        let progress: Progress = {
            let shown = shown.clone();
            Arc::new(move |step, done, total| shown.tell(step, done, total))
        };
        let verified = store.verify(witness.as_ref(), progress).await;
        shown.clear();
        let sound = match verified {
            Ok(sound) => sound,
            Err(VerifyError::Wrong(wrong)) => bail!("the record does not verify. {wrong}"),
            Err(VerifyError::Failed(failed)) => return Err(failed.into()),
        };
        println!(
            "The record verifies: {} changes of {} inspections follow on from each other, and the \
             tables are what they make ({:.1} s).",
            sound.changes,
            sound.inspections,
            begun.elapsed().as_secs_f32()
        );
        match sound.newest {
            Some(newest) => println!(
                "It fits {} checkpoint{}. The newest, of {}, covers the first {} changes.",
                sound.checkpoints,
                if sound.checkpoints == 1 { "" } else { "s" },
                newest.at.format("%-d %B %Y, %H:%M:%S UTC"),
                newest.size
            ),
            None => println!(
                "There is no checkpoint to hold it against, so nobody can tell whether its end was \
                 cut off or its chain made anew. See --checkpoint."
            ),
        }
        Ok(())
    }

    fn witness(&self, storage: &Storage) -> anyhow::Result<Option<Witness>> {
        let folder = storage.checkpoints();
        let mut checkpoints = folder.all()?;
        for file in &self.checkpoint {
            // It may be called anything.
            checkpoints.push(Kept { size: None, ..Kept::read(file)? });
        }
        if checkpoints.is_empty() {
            return Ok(None);
        }
        let key = match &self.key {
            Some(key) => match fs::read_to_string(key) {
                Ok(text) => text.parse()?,
                Err(_) => key.parse::<PublicKey>()?,
            },
            None => folder.public_key()?.with_context(|| {
                format!("there is no key.pub in {}; give --key", folder.path().display())
            })?,
        };
        Ok(Some(Witness { checkpoints, key }))
    }
}

async fn verify_report(store: &Store, path: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let sha256 = keys::sha256(&bytes);
    let name = path.display();
    let Some((id, report)) = store.report_with(&sha256).await? else {
        bail!("{name} is not one of our reports: none has the SHA-256 {sha256}");
    };
    match store.verify_inspection(id).await {
        Err(VerifyError::Wrong(wrong)) => {
            bail!("{name} is among our reports, but the record does not verify. {wrong}")
        }
        Err(VerifyError::Failed(failed)) => return Err(failed.into()),
        Ok(_) => {}
    }
    let inspection = store.inspection(id).await?.context("the inspection is there")?;
    println!("{name} is one of our reports: “{}” of {}.", report.name, inspection.reference);
    let hash = store.change_hash(report.shows).await?;
    println!(
        "It shows the inspection after change {}, whose hash is {}.",
        report.shows,
        hash.map_or_else(|| "not there".to_owned(), |hash| keys::hex(&hash))
    );
    if inspection.removed {
        println!("It is out of date: the inspection was removed since.");
    } else if inspection.is_current(&report) {
        println!("It is current: nothing has altered the inspection since.");
    } else {
        println!(
            "It is out of date: change {} was the last to alter the inspection.",
            inspection.altered
        );
    }
    Ok(())
}

/// What the terminal shows of the progress: in place, or elsewhere a line now and then.
#[derive(Default)]
struct Shown(Mutex<Option<(Step, Instant)>>);

impl Shown {
    fn tell(&self, step: Step, done: u64, total: u64) {
        let is_terminal = stdout().is_terminal();
        let pause = Duration::from_millis(if is_terminal { 100 } else { 5_000 });
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|(before, at)| before == step && at.elapsed() < pause) {
            return;
        }
        *last = Some((step, Instant::now()));
        let step = match step {
            Step::Chain => "Following the chain",
            Step::Tables => "Holding the tables against the record",
        };
        if is_terminal {
            print!("\r\x1b[K{step}: {done} of {total} changes");
            // A closed pipe is no reason to stop.
            let _ = stdout().flush();
        } else {
            println!("{step}: {done} of {total} changes");
        }
    }

    fn clear(&self) {
        if stdout().is_terminal() {
            print!("\r\x1b[K");
        }
    }
}
