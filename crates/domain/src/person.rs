//! People: their roles, and how they are named in a record.

use crate::UserId;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What a user is there to do.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Works on their own inspections.
    #[default]
    Inspector,
    /// Sees all inspections and the change dashboard; completes or reverts.
    Reviewer,
    /// Also edits any inspection and manages users.
    Admin,
}

impl Role {
    /// All of them, least to most trusted.
    pub const ALL: [Self; 3] = [Self::Inspector, Self::Reviewer, Self::Admin];

    /// Returns the stored name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Inspector => "inspector",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }

    /// Returns the name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Inspector => "Inspector",
            Self::Reviewer => "Reviewer",
            Self::Admin => "Admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.slug() == slug).ok_or(())
    }
}

/// A person as a record names them: the name is frozen at write time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Person {
    /// Whom it named; the user may be gone since.
    pub id: UserId,
    /// Their name as it was.
    pub name: String,
}

/// Who is acting: the signed-in user of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The user.
    pub id: UserId,
    /// Their name, frozen into every record they leave.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

impl Actor {
    /// Returns the actor as a record names them.
    pub fn person(&self) -> Person {
        Person { id: self.id, name: self.name.clone() }
    }
}

/// One or two capital letters that stand for a name: the first of its first and of its last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}
