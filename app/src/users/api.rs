//! Server functions of the pages about people.

#[cfg(feature = "ssr")]
use crate::auth::{Caller, caller};
use crate::{error::AppError, wire::Compact};
use domain::{id::UserId, view::Account};
use leptos::prelude::*;

/// Lists everybody with an account, by name.
#[server(output = Compact, endpoint = "users")]
pub async fn users() -> Result<Vec<Account>, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::people::list(&store, &actor).await?)
}

/// Loads the account of one person.
#[server(output = Compact, endpoint = "user")]
pub async fn user(
    /// The person.
    id: UserId,
) -> Result<Account, AppError> {
    let Caller { store, actor, .. } = caller()?;
    Ok(service::people::find(&store, &actor, id).await?)
}
