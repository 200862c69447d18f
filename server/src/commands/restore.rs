//! `plumbline restore`: restores a verified backup to an empty target.

use crate::{
    backup::{Backup, Manifest, bring, part, settle},
    output,
    progress::Progress,
    storage::Storage,
};
use anyhow::{Context, bail, ensure};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{ExternalCheckpoint, PublicKey, Store, VerifyError, VerifyReport};

/// Verify a backup and restore the data from it
///
/// Restores nothing if the backup does not verify, or if there is a database already. Restore a PostgreSQL database
/// with pg_restore first; this command verifies it and restores its files.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// Folder of the backup
    folder: PathBuf,
    /// Public key of the checkpoints, from another place than the backup [default: its key.pub]
    #[arg(long, value_name = "KEY")]
    key: Option<PublicKey>,
}

impl Restore {
    /// Runs the command.
    pub(crate) async fn run(self, storage: &Storage) -> anyhow::Result<()> {
        let backup = Backup::at(&self.folder);
        let manifest = backup.manifest()?;
        let progress = Arc::new(Progress::default());
        let target = storage.sqlite_file()?;
        let mut copied = None;
        let store = match (&target, &manifest.database) {
            (Some(target), Some(database)) => {
                refuse_if_there(target)?;
                let database = backup.database(database)?;
                let store = Store::open_file_to_read(&database).await?;
                copied = Some((database, target));
                store
            }
            (None, None) => storage.open_to_read().await?,
            (Some(_), _) => bail!(
                "{} is the backup of a PostgreSQL database. Bring its dump back with pg_restore, and \
                 name that database with --database-url postgres://…",
                self.folder.display()
            ),
            (None, _) => bail!(
                "{} is the backup of a SQLite database. Say where it is to be with --database-url \
                 sqlite://…",
                self.folder.display()
            ),
        };
        let files = store.files().await.context(
            "the database has no tables of Plumbline. Bring its dump back with pg_restore first, then \
             do this again",
        )?;
        let sound = self.verify(&backup, &manifest, &store, &progress).await?;
        drop(store);
        let brought = bring(files, &backup.objects()?, &storage.objects()?, &progress).await?;
        if let Some((database, target)) = copied {
            progress.begin(|| "Copying the database".to_owned());
            copy(&database, target)?;
            progress.clear();
        }

        output::line(format_args!(
            "Restored as of {}: {} changes of {} inspections, which verify; {} files copied, {} were \
             there.",
            manifest.made_at.format("%-d %B %Y, %H:%M:%S UTC"),
            sound.changes,
            sound.inspections,
            brought.copied,
            brought.there
        ))?;
        advise(storage, &self.folder, &sound)?;
        ensure!(
            brought.lost.is_empty(),
            "everything else is restored, but these files are not in the backup, or damaged:{}",
            brought.lost_in_words()
        );
        Ok(())
    }

    /// Verifies the database of the backup like `plumbline verify`, with the checkpoints in the
    /// backup.
    async fn verify(
        &self,
        backup: &Backup,
        manifest: &Manifest,
        store: &Store,
        progress: &Arc<Progress>,
    ) -> anyhow::Result<VerifyReport> {
        let checkpoints = backup.named_checkpoints(manifest)?;
        let key = match self.key {
            Some(key) => Some(key),
            None => backup.checkpoints().public_key()?,
        };
        ensure!(
            checkpoints.is_empty() || key.is_some(),
            "there is no key.pub among the checkpoints in {}; give --key",
            self.folder.display()
        );
        let witness = key.filter(|_| !checkpoints.is_empty());
        let gaps = backup.named_gaps(manifest)?;
        let witness = witness.map(|key| ExternalCheckpoint { checkpoints, gaps, key });
        let verified = store.verify(witness.as_ref(), progress.of_verifying()).await;
        progress.clear();
        match verified {
            Ok(sound) => Ok(sound),
            Err(VerifyError::Wrong(wrong)) => {
                bail!("nothing was restored: the record in the backup does not verify. {wrong}")
            }
            Err(VerifyError::Failed(failed)) => Err(failed.into()),
        }
    }
}

/// Returns an error when any database file exists. A leftover log would be applied to the restored
/// database.
fn refuse_if_there(target: &Path) -> anyhow::Result<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut file = target.as_os_str().to_owned();
        file.push(end);
        let file = Path::new(&file);
        ensure!(
            !file.exists(),
            "{} is there already, and a restore never overwrites. Move it away, or say where else the \
             database is to be with --database-url.",
            file.display()
        );
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let part = part(to);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    fs::copy(from, &part).with_context(|| format!("{} cannot be written", part.display()))?;
    settle(&part, to)
}

/// Prints advice on checkpoints, because their signing key is not in the backup.
fn advise(storage: &Storage, folder: &Path, sound: &VerifyReport) -> anyhow::Result<()> {
    match sound.checkpoints {
        0 => output::line(
            "There was no checkpoint in the backup, so nobody can tell whether its end was cut off.",
        )?,
        number => output::line(format_args!(
            "It fits {number} checkpoint{}, which stay in {}.",
            if number == 1 { "" } else { "s" },
            folder.join("checkpoints").display()
        ))?,
    }
    let live = storage.checkpoints();
    if live.public_key()?.is_none() {
        output::line(
            "The server will sign its checkpoints with a new key; keep a copy of that elsewhere.",
        )?;
        return Ok(());
    }
    let newer =
        live.all()?.iter().filter(|it| it.size.is_some_and(|it| it > sound.changes)).count();
    if newer > 0 {
        output::line(format_args!(
            "{} holds {newer} checkpoint{} of what came after this backup. Move them away, or the \
             server will sign none.",
            live.path().display(),
            if newer == 1 { "" } else { "s" }
        ))?;
    }
    Ok(())
}
