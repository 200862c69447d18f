//! People: their roles, and their names in records.

use crate::id::UserId;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Role of a user.
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

/// A person as named in a record: the name is the one at the time of writing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Person {
    /// Id of the user, whose account may have been deleted since.
    pub id: UserId,
    /// Their name at the time.
    pub name: String,
}

/// The signed-in user of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The user.
    pub id: UserId,
    /// Their name, which is written into every record they make.
    pub name: String,
    /// Their role.
    pub role: Role,
}

impl Actor {
    /// Returns the actor as a record names them.
    pub fn person(&self) -> Person {
        Person { id: self.id, name: self.name.clone() }
    }
}

/// Returns the initials of a name, in capitals: the first letters of its first and of its last
/// word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}
