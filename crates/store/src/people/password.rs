//! Password hashing with argon2id. Each hash takes [`MEMORY`] and some tens of milliseconds, so it
//! runs on a blocking thread, with at most one hash for each processor at a time.

use crate::Error;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use domain::text::normal_password;
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
static NOBODY: LazyLock<String> = LazyLock::new(|| compute(b"nobody's").unwrap_or_default());

/// Hashes a new password.
pub(super) async fn hash(password: &str) -> Result<String, Error> {
    let password = normal_password(password);
    blocking(move || compute(password.as_bytes())).await?
}

/// Returns whether a password matches a hash, in its normal form or, as earlier versions hashed it,
/// as it was typed. Without a hash it returns `false` after the same time.
pub(super) async fn verify(password: &str, hash: Option<String>) -> Result<bool, Error> {
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

async fn is_hashed(password: String, hash: Option<String>) -> Result<bool, Error> {
    blocking(move || {
        let nobody = &*NOBODY;
        let exists = hash.is_some();
        let hash = PasswordHash::new(hash.as_ref().unwrap_or(nobody))
            .map_err(|error| Error::Password(error.to_string()))?;
        Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && exists)
    })
    .await?
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

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let hash = hash("plumb-the-depths").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
        assert!(verify("plumb-the-depths", Some(hash.clone())).await.unwrap());
        assert!(!verify("plumb-the-heights", Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_its_letters_are_composed() {
        let composed = hash("gr\u{fc}n plumbs").await.unwrap();
        assert!(verify("gru\u{308}n\u{a0}plumbs", Some(composed)).await.unwrap());
        // Hashed as by an earlier version.
        let decomposed = compute("gru\u{308}n plumbs".as_bytes()).unwrap();
        assert!(verify("gru\u{308}n plumbs", Some(decomposed.clone())).await.unwrap());
        assert!(!verify("grun plumbs", Some(decomposed)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(!verify("nobody's", None).await.unwrap());
    }
}
