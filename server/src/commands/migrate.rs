//! `plumbline migrate`: updates the database schema.

use crate::{output, storage::Storage};
use anyhow::bail;
use clap::Args;
use store::{GuardFault, GuardProblem, Store};

/// Bring the schema of the database up to date
///
/// `plumbline serve` does the same when it starts.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Also repair the triggers and functions that protect the record
    ///
    /// Creates those that are missing, altered or disabled again, and drops other triggers from the protected tables.
    #[arg(long)]
    restore_guards: bool,
}

impl Migrate {
    /// Runs the command.
    pub(crate) async fn run(self, storage: &Storage) -> anyhow::Result<()> {
        let store = storage.open().await?;
        store.migrate().await?;
        if self.restore_guards {
            let restored = store.restore_guards().await?;
            for fault in &restored {
                let done = match fault.problem {
                    GuardProblem::Unexpected => "Dropped",
                    GuardProblem::Missing | GuardProblem::Altered | GuardProblem::Disabled => {
                        "Put back"
                    }
                };
                output::line(format_args!("{done}: {fault}."))?;
            }
            if restored.is_empty() {
                output::line("Every trigger and function is as it should be.")?;
            }
        }
        store.index_changes().await?;
        output::line("The database is up to date.")?;
        let left = store.guard_faults().await?;
        match self.restore_guards && !left.is_empty() {
            true => bail!(
                "some guards could not be put back:{}\nA foreign key that is missing comes back with a \
                 backup: see `plumbline restore`.",
                in_lines(&left)
            ),
            false => Ok(()),
        }
    }
}

/// Returns an error when the database's guards against unrecorded changes are missing or altered.
pub(crate) async fn ensure_guarded(store: &Store) -> anyhow::Result<()> {
    let faults = store.guard_faults().await?;
    if faults.is_empty() {
        return Ok(());
    }
    bail!(
        "the database is not guarded against changes without a record:{}\nFind out who did that. \
         `plumbline verify` says whether the record was altered meanwhile. Then put them back with \
         `plumbline migrate --restore-guards`.",
        in_lines(&faults)
    )
}

fn in_lines(faults: &[GuardFault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}
