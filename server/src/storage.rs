//! Command-line options for the location of all data.

use clap::Args;
use std::path::{Path, PathBuf};
use store::{CheckpointFolder, Objects, Store};

/// Heading of the options in the help.
const STORAGE: &str = "Storage";

/// Options for the location of all data.
#[derive(Debug, Args)]
pub(crate) struct Storage {
    /// Database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        help_heading = STORAGE,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite://data/plumbline.db",
        global = true,
        value_name = "URL"
    )]
    database_url: String,
    /// Storage of photos and reports: a folder, or s3://BUCKET/PREFIX with the usual AWS_ variables
    #[arg(
        long,
        help_heading = STORAGE,
        env = "PLUMBLINE_OBJECTS",
        default_value = "data/objects",
        global = true,
        value_name = "URL"
    )]
    objects: String,
    /// Folder of the signed checkpoints of the record, and of their key
    #[arg(
        long,
        help_heading = STORAGE,
        env = "PLUMBLINE_CHECKPOINTS",
        default_value = "data/checkpoints",
        global = true,
        value_name = "FOLDER"
    )]
    checkpoints: PathBuf,
}

impl Storage {
    /// Opens the database and the object store.
    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        Ok(Store::open(&self.database_url, &self.objects).await?)
    }

    /// Opens the database read-only.
    pub(crate) async fn open_to_read(&self) -> anyhow::Result<Store> {
        Ok(Store::open_to_read(&self.database_url).await?)
    }

    /// Opens the object store read-only, without creating a folder.
    pub(crate) fn objects_to_read(&self) -> anyhow::Result<Objects> {
        Ok(Objects::open_to_read(&self.objects)?)
    }

    /// Returns the path of the database, if it is a SQLite file.
    pub(crate) fn sqlite_file(&self) -> anyhow::Result<Option<PathBuf>> {
        Ok(store::sqlite_file(&self.database_url)?)
    }

    /// Copies the SQLite database in its present state, even while it is in use.
    pub(crate) async fn copy_sqlite(&self, to: &Path) -> anyhow::Result<()> {
        Ok(store::copy_sqlite(&self.database_url, to).await?)
    }

    /// Opens the object store.
    pub(crate) fn objects(&self) -> anyhow::Result<Objects> {
        Ok(Objects::open(&self.objects)?)
    }

    /// Returns the folder of the checkpoints.
    pub(crate) fn checkpoints(&self) -> CheckpointFolder {
        CheckpointFolder::at(&self.checkpoints)
    }
}
