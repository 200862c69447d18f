//! `plumbline user`: management of accounts.

use super::password;
use crate::{output, storage::Storage};
use anyhow::Context;
use clap::Subcommand;
use domain::people::Role;
use std::io;
use store::{Clock, NewUser, Store, User as Person};

/// Manage the accounts of people
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add an account
    ///
    /// Asks for the password, or reads it from standard input if that is not a terminal.
    Add {
        /// E-mail address to sign in with
        email: String,
        /// Full name, which records contain
        #[arg(long)]
        name: String,
        /// Role: inspector, reviewer or admin
        #[arg(long, default_value = "inspector", value_parser = role)]
        role: Role,
    },
    /// List all accounts
    List,
    /// Set the password of an account and end its sessions
    ///
    /// Asks for the password, or reads it from standard input if that is not a terminal.
    Password {
        /// E-mail address of the account
        email: String,
    },
    /// Disable an account and end its sessions, or enable it again
    Disable {
        /// E-mail address of the account
        email: String,
        /// Enable the account again
        #[arg(long)]
        undo: bool,
    },
}

fn role(slug: &str) -> Result<Role, String> {
    slug.parse().map_err(|()| "use inspector, reviewer or admin".to_owned())
}

impl User {
    /// Runs the command.
    pub(crate) async fn run(self, storage: &Storage, clock: Clock) -> anyhow::Result<()> {
        let store = storage.open().await?;
        store.migrate().await?;
        match self {
            Self::Add { email, name, role } => {
                let new = NewUser { email, name, role, password: password::ask()? };
                let user = store.add_user(&new, clock.now()).await?;
                output::line(format_args!(
                    "{} <{}> was added as {}.",
                    user.name, user.email, user.role
                ))?;
            }
            Self::List => list(&store.users().await?)?,
            Self::Password { email } => {
                let user = find(&store, &email).await?;
                store.set_password(user.id, &password::ask()?).await?;
                output::line(format_args!(
                    "The password of {} was set, and their sessions have ended.",
                    user.name
                ))?;
            }
            Self::Disable { email, undo } => {
                let user = find(&store, &email).await?;
                store.set_disabled(user.id, !undo, clock.now()).await?;
                let now = if undo { "sign in again" } else { "sign in no longer" };
                output::line(format_args!("{} can {now}.", user.name))?;
            }
        }
        Ok(())
    }
}

async fn find(store: &Store, email: &str) -> anyhow::Result<Person> {
    store
        .user_by_email(email)
        .await?
        .with_context(|| format!("nobody has the e-mail address {email}; see plumbline user list"))
}

fn list(users: &[Person]) -> io::Result<()> {
    let widest = |text: fn(&Person) -> &str| {
        users.iter().map(|user| text(user).chars().count()).max().unwrap_or_default()
    };
    let (email, name) = (widest(|user| &user.email), widest(|user| &user.name));
    for user in users {
        let state = if user.disabled_at.is_some() { "disabled" } else { "" };
        let line =
            format!("{:email$}  {:name$}  {:9}  {state}", user.email, user.name, user.role.slug());
        output::line(line.trim_end())?;
    }
    Ok(())
}
