//! Accounts of people, for pages.

use crate::{id::UserId, people::Role};
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
    /// Time when the account was created.
    pub created_at: DateTime<Utc>,
    /// Whether the account is disabled.
    pub disabled: bool,
    /// Time of their last request.
    pub last_seen_at: Option<DateTime<Utc>>,
}
