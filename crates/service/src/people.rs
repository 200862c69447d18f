//! Use cases of accounts, for admins.

use crate::{Forbidden, Missing, ServiceError, error::During};
use chrono::{DateTime, Utc};
use domain::{
    id::UserId,
    people::{Actor, Role},
    permission::{may_manage_users, may_restrict_user},
    view::Account,
};
use store::{Store, User};

pub use store::NewUser;

/// Change of an account.
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// Change the person's name.
    Rename(String),
    /// Change the person's role.
    SetRole(Role),
    /// Set the person's password and end their sessions.
    SetPassword(String),
    /// Block the person from signing in.
    Disable,
    /// Allow the person to sign in again.
    Enable,
    /// Delete the account.
    Delete,
}

/// Checks that a person may manage accounts.
///
/// # Errors
/// The person is not an admin.
pub fn require_admin(actor: &Actor) -> Result<(), ServiceError> {
    match may_manage_users(actor.role) {
        true => Ok(()),
        false => Err(Forbidden::ManagePeople.into()),
    }
}

/// Lists all accounts by name.
///
/// # Errors
/// The viewer is not an admin, or the database fails.
pub async fn list(store: &Store, viewer: &Actor) -> Result<Vec<Account>, ServiceError> {
    require_admin(viewer)?;
    let users = store.users().await.during("list people", viewer.id)?;
    Ok(users.into_iter().map(account).collect())
}

/// Finds the account of a person.
///
/// # Errors
/// The viewer is not an admin, the person does not exist, or the database fails.
pub async fn find(store: &Store, viewer: &Actor, id: UserId) -> Result<Account, ServiceError> {
    require_admin(viewer)?;
    let user = store.user(id).await.during("find a person", id)?;
    user.map(account).ok_or_else(|| Missing::Person(id).into())
}

/// Adds an account.
///
/// # Errors
/// The actor is not an admin, a value is invalid, or the database fails.
pub async fn add(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    new: &NewUser,
) -> Result<UserId, ServiceError> {
    require_admin(actor)?;
    Ok(store.add_user(new, now).await.during("add a person", actor.id)?.id)
}

/// Changes an account.
///
/// # Errors
/// The actor is not an admin or may not restrict their own account, a value is invalid, the person does not
/// exist, or the database fails.
pub async fn change(
    store: &Store,
    actor: &Actor,
    now: DateTime<Utc>,
    id: UserId,
    change: &AccountChange,
) -> Result<(), ServiceError> {
    require_admin(actor)?;
    let restricts = matches!(
        change,
        AccountChange::SetRole(_) | AccountChange::Disable | AccountChange::Delete
    );
    if restricts && !may_restrict_user(actor, id) {
        return Err(Forbidden::RestrictOwnAccount.into());
    }
    let changed = match change {
        AccountChange::Rename(name) => store.rename(id, name).await,
        AccountChange::SetRole(role) => store.set_role(id, *role).await,
        AccountChange::SetPassword(password) => store.set_password(id, password).await,
        AccountChange::Disable => store.set_disabled(id, true, now).await,
        AccountChange::Enable => store.set_disabled(id, false, now).await,
        AccountChange::Delete => store.delete_user(id).await,
    };
    changed.during("change an account", id)
}

fn account(user: User) -> Account {
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
