//! Ed25519 keys of checkpoints. The public key is written as a verifier key of
//! <https://c2sp.org/signed-note>, which tools of other projects read.

use super::{CheckpointError, note};
use crate::keys::{bytes, hex};
use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// The secret key that signs checkpoints. Everyone who has it can sign others.
pub struct Signer(SigningKey);

/// The public key of a [`Signer`], which verifies its signatures. As text it is a verifier key such
/// as `plumbline/0a1b2c3d4e5f6071+530d903a+AekyeRrm…`: its name, its id in hexadecimal, and the
/// type and the bytes of the key in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl Signer {
    /// Generates a new key.
    pub(super) fn generate() -> Result<Self, CheckpointError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)
            .map_err(|error| CheckpointError::Key(format!("the system gave none: {error}")))?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// Returns it in the form in which it is stored: 64 hexadecimal digits.
    pub(super) fn secret(&self) -> String {
        hex(self.0.as_bytes())
    }

    /// Parses a key from the form in which it is stored.
    pub(super) fn from_secret(text: &str) -> Option<Self> {
        bytes(text.trim()).map(|seed| Self(SigningKey::from_bytes(&seed)))
    }

    /// Returns its public key.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs a text as a note.
    pub(super) fn sign(&self, text: &str) -> String {
        note::sign(text, &self.public_key().name(), &self.0)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.public_key().name()).finish()
    }
}

impl PublicKey {
    /// Returns its name: that of the log which it signs, and the first 8 bytes of its SHA-256 in
    /// hexadecimal.
    pub fn name(&self) -> String {
        format!("plumbline/{}", hex(&Sha256::digest(self.0.as_bytes())[..8]))
    }

    /// Returns the text of a note in a file called `file`, if it is signed with this key.
    ///
    /// # Errors
    /// [`CheckpointError::Damaged`], [`CheckpointError::OtherKey`], [`CheckpointError::Forged`].
    pub(super) fn open<'a>(&self, file: &str, signed: &'a str) -> Result<&'a str, CheckpointError> {
        note::open(file, signed, &self.name(), &self.0)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[note::ED25519], &self.0.as_bytes()[..]].concat();
        let id = note::key_id(&self.name(), &self.0);
        write!(f, "{}+{}+{}", self.name(), hex(id), note::base64(&key))
    }
}

impl FromStr for PublicKey {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let text = text.trim();
        let key = text.splitn(3, '+').nth(2).and_then(|key| {
            let [note::ED25519, key @ ..] = &*note::unbase64(key)? else { return None };
            VerifyingKey::from_bytes(key.try_into().ok()?).ok().map(Self)
        });
        // The name and the id are derived from the key.
        key.filter(|key| key.to_string() == text).ok_or_else(|| {
            let problem = "a public key is one line such as plumbline/0a1b2c3d4e5f6071+530d903a+Ae…; \
                 this is not";
            CheckpointError::Key(problem.into())
        })
    }
}
