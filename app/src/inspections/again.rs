//! A refused form of the inspection pages.

use super::form::Typed;
use crate::error::AppError;
use serde::{Deserialize, Serialize};

/// A form that was sent without JavaScript and refused. The server makes the page anew with this in
/// its context, so that what was typed stands in the form again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Again {
    /// The names and values of the form; none where files were refused.
    pub typed: Typed,
    /// The reason.
    pub error: AppError,
}
