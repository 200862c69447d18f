//! Result of a plain form of the dashboard.

use crate::error::AppError;
use domain::view::Outcome;
use serde::{Deserialize, Serialize};

/// Result of a plain form, provided to the page that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted(pub Result<Outcome, AppError>);
