//! Accounts of people.

use crate::{Role, UserId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The account of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The person.
    pub id: UserId,
    /// The address with which they sign in.
    pub email: String,
    /// Their full name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The time at which the account was made.
    pub created_at: DateTime<Utc>,
    /// Whether they cannot sign in for now.
    pub disabled: bool,
    /// The time of their last request.
    pub last_seen_at: Option<DateTime<Utc>>,
}
