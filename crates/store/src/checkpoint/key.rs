//! The keys of checkpoints: Ed25519, kept as text.

use super::CheckpointError;
use crate::keys::{bytes, hex};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// What signs checkpoints. Whoever has it can sign others.
pub struct Signer(SigningKey);

/// What tells whether a checkpoint was signed by the one who should. As text it is 64 hexadecimal
/// digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl Signer {
    /// A new one.
    pub(super) fn generate() -> Result<Self, CheckpointError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)
            .map_err(|error| CheckpointError::Key(format!("the system gave none: {error}")))?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// As it is kept: 64 hexadecimal digits.
    pub(super) fn secret(&self) -> String {
        hex(self.0.as_bytes())
    }

    /// Reads one as it is kept.
    pub(super) fn from_secret(text: &str) -> Option<Self> {
        bytes(text.trim()).map(|seed| Self(SigningKey::from_bytes(&seed)))
    }

    /// The key that others check with.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, text: &str) -> [u8; 64] {
        self.0.sign(text.as_bytes()).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.public_key().id()).finish()
    }
}

impl PublicKey {
    /// Its short name: the first 8 bytes of its SHA-256 in hexadecimal.
    pub fn id(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes())[..8])
    }

    pub(super) fn verifies(&self, text: &str, signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.0.verify_strict(text.as_bytes(), &signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(self.0.as_bytes()))
    }
}

impl FromStr for PublicKey {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let key = bytes(text.trim()).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        key.map(Self).ok_or_else(|| {
            CheckpointError::Key("a public key is 64 hexadecimal digits; this is not".into())
        })
    }
}
