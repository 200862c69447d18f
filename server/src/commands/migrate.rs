//! `plumbline migrate`.

use crate::cli::Storage;

/// Brings the database up to date.
pub(crate) async fn run(storage: &Storage) -> anyhow::Result<()> {
    let store = storage.open().await?;
    store.migrate().await?;
    store.index_changes().await?;
    println!("The database is up to date.");
    Ok(())
}
