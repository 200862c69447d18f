//! `plumbline migrate`.

use crate::cli::Storage;

/// Brings the database up to date.
pub(crate) async fn run(storage: &Storage) -> anyhow::Result<()> {
    storage.open().await?.migrate().await?;
    println!("The database is up to date.");
    Ok(())
}
