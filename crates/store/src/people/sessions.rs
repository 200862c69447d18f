//! Sessions. The database stores only a hash of the secret in the cookie, so that a reader of the
//! database cannot impersonate anyone.

use super::users::{COLUMNS, User, UserRow};
use crate::{
    Error, Store, boxed,
    db::Tx,
    rows::word,
    sql::{Sql, numbers, sql, timestamp},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{id::UserId, people::Role};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Time without use after which a session ends.
const IDLE: TimeDelta = TimeDelta::days(14);
/// Time after its start at which a session ends at the latest.
pub const MAX_SESSION: TimeDelta = TimeDelta::days(60);
/// Interval at which the use of a session is recorded.
const NOTE_EVERY: TimeDelta = TimeDelta::minutes(5);

/// A session without its secret: the hash that the database stores.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionKey(Vec<u8>);

impl SessionKey {
    /// Returns the key of the session that has this secret.
    pub fn of(token: &str) -> Self {
        Self(hash(token))
    }
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    began_at: i64,
    used_at: i64,
    #[sqlx(flatten)]
    user: UserRow,
}

impl Store {
    /// Returns the user of the session with this secret, and extends the session.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn session(&self, token: &str, now: DateTime<Utc>) -> Result<Option<User>, Error> {
        let text = format!(
            "select sessions.created_at as began_at, sessions.last_seen_at as used_at, {COLUMNS} \
             from sessions join users on users.id = sessions.user_id \
             where token_hash = $1 and expires_at > $2 and disabled_at is null"
        );
        let row: Option<SessionRow> =
            sql(text).bind(hash(token)).bind(now).optional(self.db()).await?;
        let Some(row) = row else { return Ok(None) };
        let user = User::try_from(row.user)?;
        let timestamp = |column, at| timestamp("sessions", column, user.id.0, at);
        if now - timestamp("last_seen_at", row.used_at)? >= NOTE_EVERY {
            let began_at = timestamp("created_at", row.began_at)?;
            let mut tx = self.db().write().await?;
            sql("update sessions set last_seen_at = $2, expires_at = $3 where token_hash = $1")
                .bind(hash(token))
                .bind(now)
                .bind(expiry(began_at, now))
                .run(&mut tx)
                .await?;
            seen(&mut tx, user.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(user))
    }

    /// Returns the role of each active session of these people, read in one statement. Unlike
    /// [`session`](Self::session) it extends none of them.
    ///
    /// # Errors
    /// If the database fails, or holds an unknown role.
    #[boxed]
    pub async fn session_roles(
        &self,
        users: &[UserId],
        now: DateTime<Utc>,
    ) -> Result<HashMap<SessionKey, Role>, Error> {
        let these = self.db().dialect().any("users.id", 1);
        let text = format!(
            "select token_hash, role, users.id from sessions join users on users.id = sessions.user_id \
             where {these} and expires_at > $2 and disabled_at is null"
        );
        let ids = numbers(users.iter().map(|user| user.0));
        let rows: Vec<(Vec<u8>, String, i64)> =
            sql(text).bind(ids).bind(now).all(self.db()).await?;
        let role = |role: &str, id| word("users", "role", id, role);
        rows.into_iter().map(|(key, name, id)| Ok((SessionKey(key), role(&name, id)?))).collect()
    }

    /// Ends a session. It does nothing if the session has ended.
    ///
    /// # Errors
    /// If the database fails.
    #[boxed]
    pub async fn sign_out(&self, token: &str) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        sql("delete from sessions where token_hash = $1").bind(hash(token)).run(&mut tx).await?;
        tx.commit().await
    }
}

/// Returns the statement that ends all sessions of a person except the one with this secret.
pub(super) fn end_others(user: UserId, token: &str) -> Sql {
    sql("delete from sessions where user_id = $1 and token_hash <> $2").bind(user).bind(hash(token))
}

/// Begins a session and returns its secret: 256 bits from the system's generator, in hexadecimal.
pub(super) async fn begin(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<String, Error> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| Error::Password(error.to_string()))?;
    let token = crate::keys::hex(secret);
    sql("delete from sessions where expires_at <= $1").bind(now).run(&mut *tx).await?;
    sql("insert into sessions (token_hash, user_id, created_at, last_seen_at, expires_at) \
         values ($1, $2, $3, $3, $4)")
    .bind(hash(&token))
    .bind(user)
    .bind(now)
    .bind(expiry(now, now))
    .run(&mut *tx)
    .await?;
    seen(tx, user, now).await?;
    Ok(token)
}

async fn seen(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<(), Error> {
    sql("update users set last_seen_at = $2 where id = $1").bind(user).bind(now).run(tx).await?;
    Ok(())
}

fn expiry(began: DateTime<Utc>, used: DateTime<Utc>) -> DateTime<Utc> {
    (used + IDLE).min(began + MAX_SESSION)
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
