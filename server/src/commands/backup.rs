//! `plumbline backup`: copies all data while the server runs.

use crate::{
    backup::{Backup, Manifest, bring},
    output,
    progress::Progress,
    storage::Storage,
};
use anyhow::ensure;
use clap::Args;
use std::{fs, path::PathBuf};
use store::{Clock, Store};

/// Copy all data to a folder while the server runs
///
/// Copies a snapshot of the database, the photos, reports and logos, and the checkpoints without their key. Repeated
/// to the same folder, it copies only new files, and the previous backup stays complete until the new one is. Dump a
/// PostgreSQL database with pg_dump into the folder first; the README shows how.
#[derive(Debug, Args)]
pub(crate) struct BackUp {
    /// Folder of the backup, which is created if it does not exist
    folder: PathBuf,
}

impl BackUp {
    /// Runs the command.
    pub(crate) async fn run(self, storage: &Storage, clock: Clock) -> anyhow::Result<()> {
        let (backup, live) = (Backup::at(&self.folder), storage.checkpoints());
        let progress = Progress::default();
        backup.make()?;
        let _lock = backup.lock()?;
        backup.ensure_same(&live)?;
        // Checkpoints are read before the database, so that the copy contains all changes they
        // cover.
        let (checkpoints, gaps, key) = (live.all()?, live.gaps()?, live.public_key()?);
        let made_at = clock.now();

        let is_sqlite = storage.sqlite_file()?.is_some();
        let copy = backup.database_part();
        let store = if is_sqlite {
            // Removes the remains of an interrupted backup.
            let _ = fs::remove_file(&copy);
            progress.begin(|| "Copying the database".to_owned());
            storage.copy_sqlite(&copy).await?;
            Store::open_file_to_read(&copy).await?
        } else {
            storage.open_to_read().await?
        };
        let files = store.files().await?;
        let number = files.len();
        drop(store);
        let brought = bring(files, &storage.objects()?, &backup.objects()?, &progress).await?;

        backup.checkpoints().bring(&checkpoints, key.as_ref())?;
        backup.checkpoints().bring(&gaps, key.as_ref())?;
        backup.finish(&Manifest {
            plumbline: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            database: is_sqlite.then(|| backup.keep_database()).transpose()?,
            checkpoints: checkpoints.iter().map(|kept| kept.name.clone()).collect(),
            clock_gaps: gaps.iter().map(|kept| kept.name.clone()).collect(),
            files: number,
        })?;

        output::line(format_args!(
            "Backed up to {}: {}{} files copied, {} were there, {} checkpoints.",
            self.folder.display(),
            if is_sqlite { "the database, " } else { "" },
            brought.copied,
            brought.there,
            checkpoints.len()
        ))?;
        if !is_sqlite {
            output::line(format_args!(
                "The PostgreSQL database itself is not in it. Dump it each time before this, so that \
                 no file is missing that the dump names:\n  pg_dump --format=custom \
                 --file={} \"$DATABASE_URL\"",
                self.folder.join("plumbline.dump").display()
            ))?;
        }
        ensure!(
            brought.lost.is_empty(),
            "everything else is backed up, but these files are gone from the storage of photos and \
             reports, or damaged:{}",
            brought.lost_in_words()
        );
        Ok(())
    }
}
