//! `/users`: management of people, for admins; and `/account`, for everybody. The forms are plain
//! HTML forms that the server answers with a page. A failed form is shown again with its input and
//! an explanation.

mod account;
mod api;
mod list;
mod person;

pub use account::{AccountPage, PasswordAttempt};
pub use api::{User, Users};
pub use list::UsersPage;
pub use person::UserPage;

use crate::error::AppError;
use domain::people::{MIN_PASSWORD_LENGTH, Role};
use serde::{Deserialize, Serialize};

/// Failed form of these pages, with the input to show again. It never contains a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAttempt {
    /// Form that was sent; `None` when it was unknown.
    pub form: Option<UserForm>,
    /// E-mail address as typed.
    pub email: String,
    /// Name as typed.
    pub name: String,
    /// Role as chosen.
    pub role: String,
    /// Error to show.
    pub error: AppError,
}

/// Forms of these pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserForm {
    /// Adds a person.
    Add,
    /// Changes the person's name.
    Name,
    /// Changes the person's role.
    Role,
    /// Sets the person's password.
    Password,
    /// Disables sign-in.
    Disable,
    /// Enables sign-in again.
    Enable,
    /// Deletes the person.
    Delete,
}

impl UserForm {
    /// All forms.
    pub const ALL: [Self; 7] = [
        Self::Add,
        Self::Name,
        Self::Role,
        Self::Password,
        Self::Disable,
        Self::Enable,
        Self::Delete,
    ];

    /// Returns the form's name in forms and addresses.
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

    /// Returns the form with that slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.slug() == slug)
    }
}

/// Returns a message about the last form's result, shown once on the page it redirects to.
fn done(slug: &str, name: &str) -> Option<String> {
    let name = domain::text::isolate(name);
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

/// Returns the hint beside the field for a new password.
fn at_least() -> String {
    format!("At least {MIN_PASSWORD_LENGTH} characters.")
}

fn role_choices() -> Vec<(String, String)> {
    Role::ALL.into_iter().map(|role| (role.slug().to_owned(), role.label().to_owned())).collect()
}

/// Description of the roles, in the order of [`Role::ALL`].
const ROLES: &str = "An inspector works on their own inspections. A reviewer sees all of them and \
                     their changes. An admin also edits any and manages people.";
