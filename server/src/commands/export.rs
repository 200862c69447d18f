//! `plumbline export`: writes changes to a file, in the formats of `/changes.ndjson` and
//! `/changes.csv`.

use crate::{
    export::{Csv, Ndjson, Part, Unwritten, file},
    output,
    progress::Progress,
    storage::Storage,
};
use anyhow::{Context, anyhow, ensure};
use clap::{Args, ValueEnum};
use domain::feed::ChangeFilter;
use futures::{Stream, StreamExt, TryStreamExt};
use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

/// Write changes as NDJSON or CSV, newest first
///
/// The last line states the number of changes, by which a truncated export is recognised.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Filter of the dashboard, as in 'action=edit&from=2026-01-01', or its address [default: all changes]
    #[arg(default_value = "", hide_default_value = true)]
    filter: String,
    /// Format of the changes
    #[arg(long, value_enum, default_value_t = ExportFormat::Ndjson)]
    format: ExportFormat,
    /// File to create, which must not exist yet [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportFormat {
    /// A JSON object on each line, with the complete record of a change
    Ndjson,
    /// Comma-separated values, for spreadsheets
    Csv,
}

impl Export {
    /// Runs the command.
    pub(crate) async fn run(self, storage: &Storage) -> anyhow::Result<()> {
        let query = self.filter.rsplit_once('?').map_or(&*self.filter, |(_, query)| query);
        let filter = ChangeFilter::from_valid_query(query).map_err(|problem| {
            anyhow!("{problem} Copy the filter from the address of the dashboard, and quote it.")
        })?;
        let store = storage.open_to_read().await?;
        let parts = match self.format {
            ExportFormat::Ndjson => file::<Ndjson>(&store, filter).boxed(),
            ExportFormat::Csv => file::<Csv>(&store, filter).boxed(),
        };
        let Some(output) = &self.output else {
            return match write(parts, &mut io::stdout()).await {
                // The reader has closed the pipe, which is not an error.
                Err(error) if is_closed_pipe(&error) => Ok(()),
                written => written.map(drop),
            };
        };
        ensure!(
            !output.exists(),
            "{} is there already. Name another file, or move it away.",
            output.display()
        );
        let changes = write_file(parts, output).await?;
        output::error_line(format_args!("{changes} changes were written to {}.", output.display()));
        Ok(())
    }
}

/// Writes a complete file or none.
async fn write_file(
    parts: impl Stream<Item = Result<Part, Unwritten>> + Unpin,
    output: &Path,
) -> anyhow::Result<usize> {
    let mut file =
        File::create_new(output).with_context(|| format!("{} cannot be made", output.display()))?;
    let written = match write(parts, &mut file).await {
        Ok(changes) => file.sync_all().map(|()| changes).map_err(Into::into),
        Err(error) => Err(error),
    };
    if written.is_err() {
        // A partial file must not be taken for the whole.
        let _ = fs::remove_file(output);
    }
    written.with_context(|| format!("{} was not written", output.display()))
}

/// Writes the parts as they arrive. Returns the number of changes written.
async fn write(
    mut parts: impl Stream<Item = Result<Part, Unwritten>> + Unpin,
    to: &mut impl Write,
) -> anyhow::Result<usize> {
    let progress = Progress::default();
    let mut changes = 0;
    while let Some(part) = parts.try_next().await.map_err(|error| anyhow!(error))? {
        to.write_all(&part.bytes)?;
        changes += part.changes;
        if part.changes > 0 {
            progress.tell(|| format!("Exporting: {changes} changes"));
        }
    }
    to.flush()?;
    progress.clear();
    Ok(changes)
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
