//! What a reviewer does from the dashboard, whether a script or a plain form sends it: a list of names
//! and values, of which `do` says what to do.

#[cfg(feature = "ssr")]
mod job;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
mod views;

#[cfg(feature = "ssr")]
pub(super) use job::act;
#[cfg(feature = "ssr")]
pub use job::act_on;

use serde::{Deserialize, Serialize};

/// The names and values of a form.
pub type Form = Vec<(String, String)>;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was done, as a sentence; empty where nothing was.
    pub says: String,
    /// The form that takes it back.
    pub undo: Option<Form>,
    /// The inspections for which it was refused, and why; the rest went through.
    pub refused: Vec<(String, String)>,
    /// What has to be confirmed before anything is done.
    pub confirm: Option<Confirm>,
}

impl Outcome {
    /// Whether all was done that was asked for.
    pub(super) fn is_through(&self) -> bool {
        self.refused.is_empty() && self.confirm.is_none()
    }
}

/// What has to be confirmed before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// The question, with the number in it: "Mark 4 changes as reviewed?".
    pub question: String,
    /// The words of the button that agrees: "Mark 4 changes as reviewed".
    pub yes: String,
    /// The form to send again, with the number that is agreed to.
    pub form: Form,
}

/// The outcome of a plain form, provided to the page that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted(pub Result<Outcome, crate::error::AppError>);
