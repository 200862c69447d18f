//! What reviewers say about changes. A review is no mutation: it leaves no change.

use crate::{ChangeId, CommentId, InspectionId, UserId, normal_line, normal_prose};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Where a change stands with the reviewers.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ReviewState {
    /// Nobody has looked at it yet, or it was put back.
    #[default]
    Unreviewed,
    /// Looked at, and nothing to say against it.
    Reviewed,
    /// Somebody has to come back to it.
    Flagged,
}

impl ReviewState {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Unreviewed, Self::Reviewed, Self::Flagged];

    /// Returns the stored name, which stands in URLs.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Unreviewed => "unreviewed",
            Self::Reviewed => "reviewed",
            Self::Flagged => "flagged",
        }
    }

    /// Returns the name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unreviewed => "Unreviewed",
            Self::Reviewed => "Reviewed",
            Self::Flagged => "Flagged",
        }
    }
}

impl fmt::Display for ReviewState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for ReviewState {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.slug() == slug).ok_or(())
    }
}

/// The review that a change stands under: who reviewed or flagged it last, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// What it says.
    pub state: ReviewState,
    /// The reviewer's name at the time.
    pub by: String,
    /// The reviewer; `None` once their account is deleted.
    pub user: Option<UserId>,
    /// When, in UTC.
    #[serde(with = "crate::moment")]
    pub at: DateTime<Utc>,
    /// What the reviewer wrote beside it.
    pub note: Option<String>,
}

/// Something said about a change, which the inspector reads on the inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The change it is about.
    pub change: ChangeId,
    /// The inspection of that change.
    pub inspection: InspectionId,
    /// The author's name at the time.
    pub by: String,
    /// The author; `None` once their account is deleted.
    pub user: Option<UserId>,
    /// When, in UTC.
    #[serde(with = "crate::moment")]
    pub at: DateTime<Utc>,
    /// What it says.
    pub text: String,
}

impl Review {
    /// The most characters of a note.
    pub const NOTE: usize = 1_000;
}

impl Comment {
    /// The most characters of its text.
    pub const TEXT: usize = 4_000;

    /// Returns whether somebody may take it back: its author alone.
    pub fn is_by(&self, person: UserId) -> bool {
        self.user == Some(person)
    }
}

/// Returns a text in its normal form, without space around it.
pub(crate) fn trimmed_prose(text: &str) -> String {
    normal_prose(text).trim().to_owned()
}

/// Returns a comment as it is kept: without space around it.
///
/// # Errors
/// A sentence that says what to do instead.
pub fn check_comment(text: &str) -> Result<String, String> {
    let text = trimmed_prose(text);
    match text.chars().count() {
        0 => Err("Write something first.".into()),
        1..=Comment::TEXT => Ok(text),
        _ => Err(format!("Use at most {} characters.", Comment::TEXT)),
    }
}

/// Returns a review's note as it is kept; none where nothing was written.
///
/// # Errors
/// A sentence that says what to do instead.
pub fn check_note(text: Option<&str>) -> Result<Option<String>, String> {
    let text = text.map(trimmed_prose).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > Review::NOTE => {
            Err(format!("Use at most {} characters for the note.", Review::NOTE))
        }
        text => Ok(text),
    }
}

/// Returns the name of a saved view as it is kept: one line.
///
/// # Errors
/// A sentence that says what to do instead.
pub fn check_view_name(name: &str) -> Result<String, String> {
    let name = normal_line(name);
    match name.chars().count() {
        0 => Err("Enter a name for the view.".into()),
        1..=60 => Ok(name),
        _ => Err("Use at most 60 characters.".into()),
    }
}
