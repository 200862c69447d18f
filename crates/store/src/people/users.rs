//! Accounts.

use super::password;
use crate::{
    Error, Store, boxed,
    rows::word,
    sql::{Sql, sql, timestamp},
};
use chrono::{DateTime, Utc};
use domain::{
    id::UserId,
    people::{Actor, Person, Role, check_email, check_name, check_password},
};
use std::fmt;

/// An account; it may be disabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id; it is never reused, even after the account is deleted.
    pub id: UserId,
    /// The address with which they sign in, in lower case.
    pub email: String,
    /// Their full name, as used in new records.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// When the account was created, UTC.
    pub created_at: DateTime<Utc>,
    /// When the account was disabled, UTC; `None` if it is enabled.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When they last used the application, to within five minutes, UTC.
    pub last_seen_at: Option<DateTime<Utc>>,
}

impl User {
    /// Returns the user as an actor for the rules.
    pub fn actor(&self) -> Actor {
        Actor { id: self.id, name: self.name.clone(), role: self.role }
    }

    /// Returns the user as named in records.
    pub fn person(&self) -> Person {
        Person { id: self.id, name: self.name.clone() }
    }
}

/// An account to be created.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The address with which they will sign in.
    pub email: String,
    /// Their full name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their first password.
    pub password: String,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser").field("email", &self.email).finish_non_exhaustive()
    }
}

/// The columns of [`UserRow`].
pub(super) const COLUMNS: &str =
    "users.id, email, name, role, users.created_at, disabled_at, users.last_seen_at";

#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    id: i64,
    email: String,
    name: String,
    role: String,
    created_at: i64,
    disabled_at: Option<i64>,
    last_seen_at: Option<i64>,
}

impl TryFrom<UserRow> for User {
    type Error = Error;

    fn try_from(row: UserRow) -> Result<Self, Error> {
        let role = word("users", "role", row.id, &row.role)?;
        let timestamp = |column, at| timestamp("users", column, row.id, at);
        Ok(Self {
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            role,
            created_at: timestamp("created_at", row.created_at)?,
            disabled_at: row.disabled_at.map(|at| timestamp("disabled_at", at)).transpose()?,
            last_seen_at: row.last_seen_at.map(|at| timestamp("last_seen_at", at)).transpose()?,
        })
    }
}

impl Store {
    /// Returns all users, by name.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn users(&self) -> Result<Vec<User>, Error> {
        let text = format!("select {COLUMNS} from users order by lower(name), users.id");
        let rows: Vec<UserRow> = sql(text).all(self.db()).await?;
        rows.into_iter().map(User::try_from).collect()
    }

    /// Returns one user.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        let text = format!("select {COLUMNS} from users where users.id = $1");
        let row: Option<UserRow> = sql(text).bind(id).optional(self.db()).await?;
        row.map(User::try_from).transpose()
    }

    /// Returns the user who signs in with an address.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, Error> {
        let text = format!("select {COLUMNS} from users where email = $1");
        let email = domain::people::normal_email(email);
        let row: Option<UserRow> = sql(text).bind(email).optional(self.db()).await?;
        row.map(User::try_from).transpose()
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`Error::Unfit`] if a field is invalid or the address is taken.
    #[boxed]
    pub async fn add_user(&self, new: &NewUser, now: DateTime<Utc>) -> Result<User, Error> {
        let rows = "values ($1, $2, $3, $4, $5) on conflict (email) do nothing";
        let added = self.insert_user(new, new.role, rows, now).await?;
        added.ok_or_else(|| Error::unfit("email")("Somebody has this e-mail address.".into()))
    }

    /// Inserts a user by `rows`, an SQL text that yields the five columns or no row.
    pub(super) async fn insert_user(
        &self,
        new: &NewUser,
        role: Role,
        rows: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Error> {
        let email = check_email(&new.email).map_err(Error::unfit("email"))?;
        let name = check_name(&new.name).map_err(Error::unfit("name"))?;
        check_password(&new.password).map_err(Error::unfit("password"))?;
        let hash = password::hash(&new.password).await?;
        let text = format!(
            "insert into users (email, name, role, password_hash, created_at) {rows} \
             returning {COLUMNS}"
        );
        let mut tx = self.db().write().await?;
        let row: Option<UserRow> = sql(text)
            .bind(email)
            .bind(name)
            .bind(role.slug())
            .bind(hash)
            .bind(now)
            .optional(&mut tx)
            .await?;
        tx.commit().await?;
        row.map(User::try_from).transpose()
    }

    /// Renames a user. Existing records keep the former name.
    ///
    /// # Errors
    /// [`Error::Unfit`] if the name is invalid; [`Error::NotFound`].
    #[boxed]
    pub async fn rename(&self, id: UserId, name: &str) -> Result<(), Error> {
        let name = check_name(name).map_err(Error::unfit("name"))?;
        let text = "update users set name = $2 where id = $1";
        self.alter(&[sql(text).bind(id).bind(name)]).await
    }

    /// Changes the role of a user, from their next request on.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[boxed]
    pub async fn set_role(&self, id: UserId, role: Role) -> Result<(), Error> {
        let text = "update users set role = $2 where id = $1";
        self.alter(&[sql(text).bind(id).bind(role.slug())]).await
    }

    /// Sets a user's password and ends all their sessions.
    ///
    /// # Errors
    /// [`Error::Unfit`] if the password is invalid; [`Error::NotFound`].
    #[boxed]
    pub async fn set_password(&self, id: UserId, password: &str) -> Result<(), Error> {
        check_password(password).map_err(Error::unfit("password"))?;
        let hash = password::hash(password).await?;
        self.alter(&[
            set_password(id, hash),
            sql("delete from sessions where user_id = $1").bind(id),
        ])
        .await
    }

    /// Disables an account and ends its sessions, or enables it again.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[boxed]
    pub async fn set_disabled(
        &self,
        id: UserId,
        disabled: bool,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        if !disabled {
            let text = "update users set disabled_at = null where id = $1";
            return self.alter(&[sql(text).bind(id)]).await;
        }
        let text = "update users set disabled_at = coalesce(disabled_at, $2) where id = $1";
        self.alter(&[
            sql(text).bind(id).bind(now),
            sql("delete from sessions where user_id = $1").bind(id),
        ])
        .await
    }

    /// Deletes a user. Their changes stay, with the name recorded then.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[boxed]
    pub async fn delete_user(&self, id: UserId) -> Result<(), Error> {
        self.alter(&[sql("delete from users where id = $1").bind(id)]).await
    }

    /// Runs statements in one transaction; the first must affect a row.
    async fn alter(&self, statements: &[Sql]) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        for (index, statement) in statements.iter().enumerate() {
            let touched = statement.clone().run(&mut tx).await?;
            if index == 0 && touched == 0 {
                return Err(Error::NotFound);
            }
        }
        tx.commit().await
    }
}

/// Returns the statement that sets a user's password hash.
pub(super) fn set_password(id: UserId, hash: String) -> Sql {
    sql("update users set password_hash = $2 where id = $1").bind(id).bind(hash)
}
