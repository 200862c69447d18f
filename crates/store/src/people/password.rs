//! Password hashing with argon2id. Each hash takes [`MEMORY`] and some tens of milliseconds, so it
//! runs on a blocking thread, with at most one hash for each processor at a time.

use crate::Error;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{Error as HashError, phc::PasswordHash},
};
use domain::{id::UserId, text::normal_password};
use std::{num::NonZero, sync::LazyLock, thread};
use tokio::{sync::Semaphore, task};

/// Memory for one hash, in KiB: 46 MiB, with one pass and one lane.
const MEMORY: u32 = 46 * 1024;

static TURNS: LazyLock<Semaphore> = LazyLock::new(|| {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    Semaphore::new(processors.min(8))
});

/// A hash that no password has. Attempts on unknown accounts are checked against it, so that they
/// take as long.
static NOBODY: LazyLock<Result<String, Error>> = LazyLock::new(|| compute(b"nobody's"));

/// Hashes a new password.
pub(super) async fn hash(password: &str) -> Result<String, Error> {
    let password = normal_password(password);
    blocking(move || compute(password.as_bytes())).await?
}

/// Returns whether a password matches a hash, in its normal form or, as earlier versions hashed it,
/// as it was typed. Without a user and their hash it returns `false` after the same time.
///
/// # Errors
/// [`Error::Unreadable`] with the user if the hash cannot be read.
pub(super) async fn verify(password: &str, hash: Option<(UserId, String)>) -> Result<bool, Error> {
    let normal = normal_password(password);
    let as_typed = (normal != password).then(|| password.to_owned());
    if is_hashed(normal, hash.clone()).await? {
        return Ok(true);
    }
    match as_typed {
        Some(password) => is_hashed(password, hash).await,
        None => Ok(false),
    }
}

async fn is_hashed(password: String, hash: Option<(UserId, String)>) -> Result<bool, Error> {
    blocking(move || {
        let Some((user, hash)) = hash else {
            let nobody = NOBODY.as_ref().map_err(|error| Error::Password(error.to_string()))?;
            let same_time = fits(&password, nobody)?;
            return same_time.map(|_| false).map_err(|error| Error::Password(error.to_string()));
        };
        fits(&password, &hash)?.map_err(|error| Error::Unreadable {
            table: "users",
            column: "password_hash",
            id: user.0,
            problem: error.to_string(),
        })
    })
    .await?
}

/// Returns whether a password has a hash; the inner error is that of a hash that cannot be read.
fn fits(password: &str, hash: &str) -> Result<Result<bool, HashError>, Error> {
    let argon2 = argon2()?;
    let verified = PasswordHash::new(hash)
        .map_err(HashError::from)
        .and_then(|hash| argon2.verify_password(password.as_bytes(), &hash));
    Ok(match verified {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let failed = |error: &dyn std::error::Error| Error::Password(error.to_string());
    let _turn = TURNS.acquire().await.map_err(|error| failed(&error))?;
    task::spawn_blocking(work).await.map_err(|error| failed(&error))
}

fn compute(password: &[u8]) -> Result<String, Error> {
    let hash =
        argon2()?.hash_password(password).map_err(|error| Error::Password(error.to_string()))?;
    Ok(hash.to_string())
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params =
        Params::new(MEMORY, 1, 1, None).map_err(|error| Error::Password(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_seven(hash: &str) -> Option<(UserId, String)> {
        Some((UserId(7), hash.to_owned()))
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let hash = hash("plumb-the-depths").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
        assert!(verify("plumb-the-depths", of_seven(&hash)).await.unwrap());
        assert!(!verify("plumb-the-heights", of_seven(&hash)).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_its_letters_are_composed() {
        let composed = hash("gr\u{fc}n plumbs").await.unwrap();
        assert!(verify("gru\u{308}n\u{a0}plumbs", of_seven(&composed)).await.unwrap());
        // Hashed as by an earlier version.
        let decomposed = compute("gru\u{308}n plumbs".as_bytes()).unwrap();
        assert!(verify("gru\u{308}n plumbs", of_seven(&decomposed)).await.unwrap());
        assert!(!verify("grun plumbs", of_seven(&decomposed)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(!verify("nobody's", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_that_cannot_be_read_is_an_error_that_names_the_user() {
        for hash in ["", "plain text", "$scrypt$ln=16,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"] {
            let error = verify("plumb-the-depths", of_seven(hash)).await.unwrap_err().to_string();
            assert!(error.contains("users 7: the column password_hash"), "{hash}: {error}");
        }
    }
}
