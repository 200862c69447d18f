//! `plumbline accept-clock`: accepts once that the clock was set back.

use crate::{output, storage::Storage};
use clap::Args;
use store::Clock;

/// Accept once that the clock was set back
///
/// Changes that are recorded afterwards have earlier times than those before, which does not verify otherwise. The
/// acceptance is signed and kept with the checkpoints, with the time of this machine, which has to be right.
#[derive(Debug, Args)]
pub(crate) struct AcceptClock {
    /// Reason in one line, which is kept with the acceptance
    #[arg(long)]
    reason: String,
}

impl AcceptClock {
    /// Runs the command.
    pub(crate) async fn run(self, storage: &Storage, clock: Clock) -> anyhow::Result<()> {
        let store = storage.open_to_read().await?;
        let folder = storage.checkpoints();
        let (gap, file) = store.accept_clock(&folder, clock.now(), &self.reason).await?;
        let format = "%-d %B %Y, %H:%M:%S UTC";
        output::line(format_args!(
            "Accepted at {}: the {} changes so far, up to change {}, and their checkpoints count as made \
             no later than {}. The note is {}; keep a copy with those of the checkpoints.",
            gap.at.format(format),
            gap.size,
            gap.last,
            gap.back_to.format(format),
            file.display()
        ))?;
        Ok(())
    }
}
