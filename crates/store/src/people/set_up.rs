//! Creation of the first account, through a link that the server prints once while there is no
//! account.

use super::users::{NewUser, User};
use crate::{Error, Store, boxed, keys::hex};
use chrono::{DateTime, Utc};
use domain::people::Role;
use sha2::{Digest, Sha256};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

/// The link through which the first admin is created. It works until it is used, and only in the
/// process that created it, which keeps only a hash of its secret. Cheap to clone.
#[derive(Clone)]
pub struct SetUpLink(Arc<Inner>);

struct Inner {
    hash: [u8; 32],
    open: AtomicBool,
}

impl SetUpLink {
    /// Returns a link and its secret: 256 bits from the system's generator, in hexadecimal.
    ///
    /// # Errors
    /// If the generator fails.
    pub fn new() -> Result<(Self, String), Error> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| Error::Password(error.to_string()))?;
        let token = hex(secret);
        let inner = Inner { hash: hash(&token), open: AtomicBool::new(true) };
        Ok((Self(Arc::new(inner)), token))
    }

    /// Returns whether the link was not used yet.
    pub fn is_open(&self) -> bool {
        self.0.open.load(SeqCst)
    }

    /// Returns whether this is its secret and it was not used yet. It takes the same time for each
    /// secret, because all bytes of the hashes are compared.
    pub fn opens(&self, token: &str) -> bool {
        let given = hash(token);
        let differing = self.0.hash.iter().zip(given).fold(0, |all, (a, b)| all | (a ^ b));
        self.is_open() && differing == 0
    }

    /// Closes the link once an account exists.
    pub fn close(&self) {
        self.0.open.store(false, SeqCst);
    }
}

impl fmt::Debug for SetUpLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetUpLink").field("open", &self.is_open()).finish_non_exhaustive()
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Store {
    /// Adds the first person, who is an admin; `None` if there is an account already.
    ///
    /// # Errors
    /// [`Error::Unfit`] if a field is invalid.
    #[boxed]
    pub async fn add_first_admin(
        &self,
        new: &NewUser,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Error> {
        let rows = "select $1, $2, $3, $4, $5 where not exists (select 1 from users)";
        self.insert_user(new, Role::Admin, rows, now).await
    }
}

#[cfg(test)]
mod tests {
    use super::SetUpLink;

    #[test]
    fn a_link_opens_by_its_own_secret_until_it_is_closed() {
        let (link, token) = SetUpLink::new().expect("random bytes");
        let (_, other) = SetUpLink::new().expect("random bytes");
        assert!(link.opens(&token));
        for wrong in ["", &other, &token[1..], &format!("{token}00")] {
            assert!(!link.opens(wrong), "{wrong}");
        }
        let copy = link.clone();
        link.close();
        assert!(!copy.opens(&token) && !copy.is_open());
    }
}
