//! Refused form of the inspection pages.

use crate::{error::AppError, form::Typed};
use serde::{Deserialize, Serialize};

/// Form that was sent without JavaScript and refused. The server renders the page again with this
/// value in its context, so that the form shows the typed text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedForm {
    /// Names and values of the form; empty for refused files.
    pub typed: Typed,
    /// Reason for the refusal.
    pub error: AppError,
}
