//! `/users`: who may sign in, for admins. Every form here is a plain one that the server answers
//! with a page; one that did not succeed comes back as it was, with what to do about it. Beside them
//! `/account`, for everybody.

mod account;
mod list;
mod person;

pub use account::{AccountPage, PasswordAttempt};
pub use list::UsersPage;
pub use person::UserPage;

use crate::{error::AppError, wire::Compact};
use chrono::{DateTime, Utc};
use domain::{FEWEST_PASSWORD, Role, UserId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Somebody who may sign in, or might again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The user.
    pub id: UserId,
    /// The address with which they sign in.
    pub email: String,
    /// Their full name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when they have an account.
    pub created_at: DateTime<Utc>,
    /// Whether they cannot sign in for now.
    pub disabled: bool,
    /// When they were last here.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// A form of these pages that did not succeed: what it shows again. A password is never among it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAttempt {
    /// Which form; none where it was unknown.
    pub form: Option<UserForm>,
    /// The e-mail address as it was typed.
    pub email: String,
    /// The name as it was typed.
    pub name: String,
    /// The role as it was chosen.
    pub role: String,
    /// Why it did not succeed.
    pub error: AppError,
}

/// The forms of these pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserForm {
    /// Adds a person.
    Add,
    /// Gives them another name.
    Name,
    /// Gives them another role.
    Role,
    /// Sets their password.
    Password,
    /// Lets them sign in no longer.
    Disable,
    /// Lets them sign in again.
    Enable,
    /// Deletes them.
    Delete,
}

impl UserForm {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Add,
        Self::Name,
        Self::Role,
        Self::Password,
        Self::Disable,
        Self::Enable,
        Self::Delete,
    ];

    /// Its name in forms and addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Name => "name",
            Self::Role => "role",
            Self::Password => "password",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Delete => "delete",
        }
    }

    /// The form of a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.slug() == slug)
    }
}

/// Everybody with an account, by name.
#[server(output = Compact)]
pub async fn users() -> Result<Vec<Account>, AppError> {
    let store = server::as_admin()?;
    Ok(store.users().await?.into_iter().map(server::account).collect())
}

/// One person.
#[server(output = Compact)]
pub async fn user(
    /// Whom.
    id: UserId,
) -> Result<Account, AppError> {
    let store = server::as_admin()?;
    let user = store.user(id).await?;
    user.map(server::account)
        .ok_or_else(|| AppError::NotFound("This account no longer exists.".into()))
}

#[cfg(feature = "ssr")]
pub use server::refuse_unless_admin;

#[cfg(feature = "ssr")]
mod server {
    use super::Account;
    use crate::{auth::actor, error::AppError};
    use domain::{Actor, may_manage_users};
    use leptos::prelude::expect_context;
    use store::{Store, User};

    pub(super) fn as_admin() -> Result<Store, AppError> {
        refuse_unless_admin(&actor()?)?;
        Ok(expect_context())
    }

    /// Lets admins alone pass.
    ///
    /// # Errors
    /// Everybody else.
    pub fn refuse_unless_admin(actor: &Actor) -> Result<(), AppError> {
        if may_manage_users(actor.role) {
            return Ok(());
        }
        let why = "Only admins manage people. Ask one if something here should change.";
        Err(AppError::Forbidden(why.into()))
    }

    pub(super) fn account(user: User) -> Account {
        Account {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            created_at: user.created_at,
            disabled: user.disabled_at.is_some(),
            last_seen_at: user.last_seen_at,
        }
    }
}

/// What the last form did, said once on the page that it led to.
fn done(slug: &str, name: &str) -> Option<String> {
    let name = domain::isolate(name);
    let did = match UserForm::from_slug(slug)? {
        UserForm::Add => format!("{name} was added and can sign in now."),
        UserForm::Name => "The name was changed. Earlier records keep the name they have.".into(),
        UserForm::Role => format!("The role of {name} was changed."),
        UserForm::Password => format!("The password of {name} was set. Their sessions have ended."),
        UserForm::Disable => format!("{name} is disabled and signed out."),
        UserForm::Enable => format!("{name} can sign in again."),
        UserForm::Delete => "The account was deleted. The changes made with it stay.".into(),
    };
    Some(did)
}

/// What a password needs, as a hint beside the field of a new one.
fn at_least() -> String {
    format!("At least {FEWEST_PASSWORD} characters.")
}

fn role_choices() -> Vec<(String, String)> {
    Role::ALL.into_iter().map(|role| (role.slug().to_owned(), role.label().to_owned())).collect()
}

/// Says what a role is for, in the order of [`Role::ALL`].
const ROLES: &str = "An inspector works on their own inspections. A reviewer sees all of them and \
                     their changes. An admin also edits any and manages people.";
