//! Reports in progress, and the reasons that a report was not made.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Report that is being created or is queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportInProgress {
    /// Id of the request; `None` for a final report in the queue.
    pub request: Option<Uuid>,
    /// Whether it is an automatically created final report.
    pub is_automatic: bool,
    /// Current stage.
    pub stage: ReportStage,
    /// Time since the job started, including the wait for a turn, in seconds.
    pub seconds: u64,
}

/// Reason that a report was not made. Its `Display` is a sentence that says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ReportError {
    /// It took longer than the limit.
    #[error(
        "The report took more than two minutes and was stopped. Try again when the server is less \
         busy, or shorten the inspection: split it, or remove photos."
    )]
    Slow,
    /// The person has this number of reports in progress, which is the maximum.
    #[error("{0} of your reports are being made. Wait until one of them is there.")]
    TooMany(usize),
    /// The person cancelled it.
    #[error("This report was cancelled.")]
    Cancelled,
    /// The account of the person in whose name it was to be made was deleted.
    #[error("The account of the person who completed the inspection was deleted.")]
    AccountDeleted,
    /// Something on the server failed; the details are only in the log.
    #[error("Something went wrong on the server. Nothing was changed; please try again.")]
    Failed,
}

/// Stage of creating a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportStage {
    /// In the queue of final reports.
    Queued {
        /// Number of reports before it.
        before: u32,
    },
    /// Waiting for a turn.
    Waiting {
        /// Position in the queue, from 1.
        place: u32,
    },
    /// Loading the inspection.
    Preparing,
    /// Copying photos for print.
    Photos {
        /// Number of photos copied.
        done: u32,
        /// Number of photos in total.
        all: u32,
    },
    /// Laying out the pages.
    Rendering,
    /// Failed; the next attempt is at this time, in UTC.
    Retrying(DateTime<Utc>),
    /// Failed, with a sentence that gives the reason.
    Failed(String),
}

impl ReportStage {
    /// Returns whether the report is in progress or will start by itself, so that polling makes sense.
    pub const fn is_under_way(&self) -> bool {
        !matches!(self, Self::Retrying(_) | Self::Failed(_))
    }

    /// Returns a phrase that describes the stage.
    pub fn phrase(&self) -> String {
        match self {
            Self::Queued { before: 0 } | Self::Waiting { place: 1 } => {
                "Waiting for its turn: it is next".to_owned()
            }
            Self::Queued { before } => format!("Waiting for its turn: {before} before it"),
            Self::Waiting { place } => format!("Waiting for its turn: number {place} in the queue"),
            Self::Preparing => "Reading the inspection".to_owned(),
            Self::Photos { done, all } => format!("Preparing photos: {done} of {all}"),
            Self::Rendering => "Laying out the pages".to_owned(),
            Self::Retrying(_) => "It failed and is tried again soon".to_owned(),
            Self::Failed(_) => "It failed".to_owned(),
        }
    }

    /// Returns the completed fraction of the stage, from 0 to 1, if it is known.
    pub fn share(&self) -> Option<f64> {
        match self {
            Self::Photos { done, all } if *all > 0 => Some(f64::from(*done) / f64::from(*all)),
            _ => None,
        }
    }
}
