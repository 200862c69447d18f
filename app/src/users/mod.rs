//! `/users`: who may sign in, for admins. Every form here is a plain one that the server answers
//! with a page; one that did not succeed comes back as it was, with what to do about it. Beside them
//! `/account`, for everybody.

mod account;
mod api;
mod list;
mod person;

pub use account::{AccountPage, PasswordAttempt};
pub use api::{User, Users};
pub use list::UsersPage;
pub use person::UserPage;

use crate::error::AppError;
use domain::{FEWEST_PASSWORD, Role};
use serde::{Deserialize, Serialize};

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
