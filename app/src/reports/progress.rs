//! The progress of a report that is being made, as the page tells it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A report that is being made, or is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportInProgress {
    /// The request that asked for it; none for a final report that waits in the queue.
    pub request: Option<Uuid>,
    /// Whether it is a final report that is made by itself.
    pub is_automatic: bool,
    /// What is being done.
    pub stage: ReportStage,
    /// For how many seconds it has been made or has waited for its turn.
    pub seconds: u64,
}

/// A stage in the making of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportStage {
    /// It is in the queue of final reports: so many are made before it.
    Queued {
        /// How many are made before it.
        before: u32,
    },
    /// It waits for its turn.
    Waiting {
        /// Its place among those who wait, from 1.
        place: u32,
    },
    /// The inspection is read.
    Preparing,
    /// Photos are copied for print.
    Photos {
        /// How many have been.
        done: u32,
        /// How many there are.
        all: u32,
    },
    /// The pages are laid out.
    Rendering,
    /// It failed and is tried again at this time, UTC.
    Retrying(DateTime<Utc>),
    /// It failed; a sentence says why.
    Failed(String),
}

impl ReportStage {
    /// Whether it is under way or comes by itself, so that asking again makes sense.
    pub const fn is_under_way(&self) -> bool {
        !matches!(self, Self::Retrying(_) | Self::Failed(_))
    }

    /// A phrase that says what is being done.
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

    /// How much of a stage is done, from 0 to 1, where that is known.
    pub fn share(&self) -> Option<f64> {
        match self {
            Self::Photos { done, all } if *all > 0 => Some(f64::from(*done) / f64::from(*all)),
            _ => None,
        }
    }
}
