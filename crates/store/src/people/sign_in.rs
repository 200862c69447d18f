//! Sign-in, and other operations that ask for the present password.

use super::{
    password, sessions,
    throttle::{self, Counts, Failures, Verdict},
    users::{COLUMNS, User, UserRow, set_password},
};
use crate::{
    Error, Store, boxed,
    db::Tx,
    sql::{Sql, sql, timestamp},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{id::UserId, people::check_password};
use std::{fmt, net::IpAddr, time::Duration};

/// Time for which an address stays known after a sign-in.
const KNOWN: TimeDelta = TimeDelta::days(180);

/// A sign-in attempt.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// The e-mail address as it was typed.
    pub email: &'a str,
    /// The password as it was typed.
    pub password: &'a str,
    /// The network address of the client.
    pub address: IpAddr,
    /// Time of the attempt.
    pub now: DateTime<Utc>,
}

impl fmt::Debug for SignIn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A session that was just begun.
#[derive(Clone)]
pub struct NewSession {
    /// The secret for the cookie; it is stored nowhere else.
    pub token: String,
    /// The user who signed in.
    pub user: User,
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Reason why an attempt was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInRefused {
    /// There is no such account, or the password is wrong.
    Wrong,
    /// There were too many attempts.
    Slow {
        /// Time until the next attempt is accepted.
        wait: Duration,
    },
    /// The password is right, but the account is disabled.
    Disabled,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    password_hash: String,
    #[sqlx(flatten)]
    user: UserRow,
}

#[derive(sqlx::FromRow)]
struct FailuresRow {
    failures: i64,
    last: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: i64,
}

impl Store {
    /// Authenticates a user and begins a session. `people/throttle.rs` describes how failures slow
    /// this down.
    ///
    /// # Errors
    /// If the database fails. A refused attempt is not an error.
    #[boxed]
    pub async fn sign_in<'a>(
        &'a self,
        attempt: SignIn<'a>,
    ) -> Result<Result<NewSession, SignInRefused>, Error> {
        let user = match self.check(attempt).await? {
            Ok(user) => user,
            Err(refused) => return Ok(Err(refused)),
        };
        let mut tx = self.db().write().await?;
        let token = sessions::begin(&mut tx, user.id, attempt.now).await?;
        succeeded(&mut tx, user.id, attempt).await?;
        tx.commit().await?;
        Ok(Ok(NewSession { token, user }))
    }

    /// Changes a person's password after checking the present one, throttled like a sign-in. All
    /// their sessions end except the one with this secret.
    ///
    /// # Errors
    /// [`Error::Unfit`] if the new password is invalid. A refused attempt is not an error.
    #[boxed]
    pub async fn change_password<'a>(
        &'a self,
        attempt: SignIn<'a>,
        new: &'a str,
        token: &'a str,
    ) -> Result<Result<(), SignInRefused>, Error> {
        check_password(new).map_err(Error::unfit("new"))?;
        let user = match self.check(attempt).await? {
            Ok(user) => user,
            Err(refused) => return Ok(Err(refused)),
        };
        let hash = password::hash(new).await?;
        let mut tx = self.db().write().await?;
        set_password(user.id, hash).run(&mut tx).await?;
        sessions::end_others(user.id, token).run(&mut tx).await?;
        succeeded(&mut tx, user.id, attempt).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Returns the user with this e-mail address and password. A correct attempt counts as a
    /// failure until [`succeeded`] is called.
    async fn check(&self, attempt: SignIn<'_>) -> Result<Result<User, SignInRefused>, Error> {
        let text = format!("select password_hash, {COLUMNS} from users where email = $1");
        let email = domain::people::normal_email(attempt.email);
        let row: Option<AccountRow> = sql(text).bind(email).optional(self.db()).await?;
        let (user, hash) = match row {
            Some(row) => {
                let user = User::try_from(row.user)?;
                let hash = (user.id, row.password_hash);
                (Some(user), Some(hash))
            }
            None => (None, None),
        };

        // Every attempt counts as a failure until it has succeeded, so that concurrent attempts
        // cannot bypass the counts.
        let failure = Failure::note(self, attempt, user.as_ref().map(|user| user.id)).await?;
        match throttle::judge(&failure.counts, attempt.now) {
            Verdict::Wait(wait) => {
                self.forget(failure.id).await?;
                return Ok(Err(SignInRefused::Slow { wait }));
            }
            Verdict::Check(Duration::ZERO) => {}
            Verdict::Check(hold) => tokio::time::sleep(hold).await,
        }

        let right = password::verify(attempt.password, hash).await?;
        let Some(user) = user.filter(|_| right) else {
            return Ok(Err(SignInRefused::Wrong));
        };
        if user.disabled_at.is_some() {
            self.forget(failure.id).await?;
            return Ok(Err(SignInRefused::Disabled));
        }
        Ok(Ok(user))
    }

    async fn forget(&self, failure: i64) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        sql("delete from sign_in_failures where id = $1").bind(failure).run(&mut tx).await?;
        tx.commit().await
    }
}

/// Deletes the failures that a correct password clears, and records the address as known.
async fn succeeded(tx: &mut Tx, user: UserId, attempt: SignIn<'_>) -> Result<(), Error> {
    let (account, address) = (throttle::account(attempt.email), throttle::network(attempt.address));
    sql("delete from sign_in_failures where account = $1 and address = $2")
        .bind(account)
        .bind(address.clone())
        .run(&mut *tx)
        .await?;
    sql("delete from known_addresses where last_at < $1")
        .bind(attempt.now - KNOWN)
        .run(&mut *tx)
        .await?;
    sql("insert into known_addresses (user_id, address, last_at) values ($1, $2, $3) \
         on conflict (user_id, address) do update set last_at = excluded.last_at")
    .bind(user)
    .bind(address)
    .bind(attempt.now)
    .run(tx)
    .await?;
    Ok(())
}

/// An attempt recorded as failed, with the counts before it.
struct Failure {
    id: i64,
    counts: Counts,
}

impl Failure {
    async fn note(store: &Store, attempt: SignIn<'_>, user: Option<UserId>) -> Result<Self, Error> {
        let account = throttle::account(attempt.email);
        let address = throttle::network(attempt.address);
        let since = attempt.now - throttle::WINDOW;

        let mut tx = store.db().write().await?;
        sql("delete from sign_in_failures where at <= $1").bind(since).run(&mut tx).await?;
        let IdRow { id } = sql("insert into sign_in_failures (account, address, at) \
             values ($1, $2, $3) returning id")
        .bind(account.clone())
        .bind(address.clone())
        .bind(attempt.now)
        .one(&mut tx)
        .await?;
        // Committed before the counts are read, so that of two concurrent attempts at least one
        // sees the other.
        tx.commit().await?;

        let select = "select count(*) as failures, max(at) as last from sign_in_failures \
                      where id <> $1 and at > $2 and ";
        let count = |rest: &str| sql(format!("{select}{rest}")).bind(id).bind(since);
        let mut tx = store.db().read().await?;
        let counts = Counts {
            pair: failures(
                count("account = $3 and address = $4").bind(account.clone()).bind(address.clone()),
                &mut tx,
            )
            .await?,
            address: failures(count("address = $3").bind(address.clone()), &mut tx).await?,
            account: failures(count("account = $3").bind(account), &mut tx).await?,
            known: known(user, address, &mut tx).await?,
        };
        Ok(Self { id, counts })
    }
}

async fn failures(count: Sql, tx: &mut Tx) -> Result<Failures, Error> {
    let row: FailuresRow = count.one(tx).await?;
    // Id 0, because the value is the maximum over several rows.
    let last = row.last.map(|at| timestamp("sign_in_failures", "at", 0, at)).transpose()?;
    Ok(Failures { count: row.failures, last })
}

async fn known(user: Option<UserId>, address: String, tx: &mut Tx) -> Result<bool, Error> {
    let Some(user) = user else { return Ok(false) };
    let row: Option<IdRow> =
        sql("select user_id as id from known_addresses where user_id = $1 and address = $2")
            .bind(user)
            .bind(address)
            .optional(tx)
            .await?;
    Ok(row.is_some())
}
