//! Reviews of changes and comments on them. A review is not a mutation: it makes no change.

use crate::{
    id::{ChangeId, CommentId, InspectionId, UserId},
    text::{normal_line, trimmed_prose},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Review state of a change.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ReviewState {
    /// Nobody has reviewed it yet, or it was reset.
    #[default]
    Unreviewed,
    /// It was reviewed without objection.
    Reviewed,
    /// It needs another look.
    Flagged,
}

impl ReviewState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Unreviewed, Self::Reviewed, Self::Flagged];

    /// Returns the stored name, which is used in URLs.
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

/// The current review of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The state that the reviewer set.
    pub state: ReviewState,
    /// The reviewer's name at the time.
    pub by: String,
    /// The reviewer; `None` once their account is deleted.
    pub user: Option<UserId>,
    /// Time of the review, in UTC.
    #[serde(with = "crate::moment")]
    pub at: DateTime<Utc>,
    /// The reviewer's note.
    pub note: Option<String>,
}

/// A comment on a change, which the inspector reads on the inspection.
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
    /// Time of the comment, in UTC.
    #[serde(with = "crate::moment")]
    pub at: DateTime<Utc>,
    /// Its text.
    pub text: String,
}

impl Review {
    /// Maximum length of a note, in characters.
    pub const NOTE: usize = 1_000;
}

impl Comment {
    /// Maximum length of its text, in characters.
    pub const TEXT: usize = 4_000;

    /// Returns whether somebody may delete it: only its author may.
    pub fn is_by(&self, person: UserId) -> bool {
        self.user == Some(person)
    }
}

/// Checks a comment and returns it in stored form, trimmed.
///
/// # Errors
/// A message that says what to do instead.
pub fn check_comment(text: &str) -> Result<String, String> {
    let text = trimmed_prose(text);
    match text.chars().count() {
        0 => Err("Write something first.".into()),
        1..=Comment::TEXT => Ok(text),
        _ => Err(format!("Use at most {} characters.", Comment::TEXT)),
    }
}

/// Checks a review's note and returns it in stored form; `None` if it is empty.
///
/// # Errors
/// A message that says what to do instead.
pub fn check_note(text: Option<&str>) -> Result<Option<String>, String> {
    let text = text.map(trimmed_prose).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > Review::NOTE => {
            Err(format!("Use at most {} characters for the note.", Review::NOTE))
        }
        text => Ok(text),
    }
}

/// Checks the name of a saved view and returns it in stored form, on one line.
///
/// # Errors
/// A message that says what to do instead.
pub fn check_view_name(name: &str) -> Result<String, String> {
    let name = normal_line(name);
    match name.chars().count() {
        0 => Err("Enter a name for the view.".into()),
        1..=60 => Ok(name),
        _ => Err("Use at most 60 characters.".into()),
    }
}
