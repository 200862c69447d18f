//! Checkpoints: signed notes, kept outside the database, of how many changes there were and of the
//! root of the Merkle tree over them. What was recorded before one cannot be cut off, altered or added
//! to without its being found, even by someone who can write the database and compute every hash.
//!
//! A checkpoint is a text file of these lines, each ended by a line feed:
//!
//! ```text
//! plumbline checkpoint 1
//! size 1234
//! last 1240
//! root 5f…64 hexadecimal digits
//! time 2026-03-02T08:00:00.123456Z
//! key 0a1b2c3d4e5f6071
//!
//! signature 9c…128 hexadecimal digits
//! ```
//!
//! `size` is the number of changes, `last` the id of the last of them, `root` the root of the tree
//! (RFC 6962 with SHA-256) whose leaves are the hashes of the changes in the order of their ids, `time`
//! the moment of signing, and `key` the first 8 bytes of the SHA-256 of the public key. Signed by
//! Ed25519 are the six lines before the empty one, their line feeds included.

mod folder;
mod gap;
mod inclusion;
mod keeper;
mod key;
mod signed;
mod tree;

pub use folder::{CheckpointFolder, Kept};
pub use gap::AcceptedGap;
pub(crate) use gap::{DATED_BEFORE, counts_as_made, is_behind};
pub use inclusion::Inclusion;
pub use keeper::Checkpointer;
pub use key::{PublicKey, Signer};
pub use tree::{Frontier, Tree};

use crate::{
    chain::Hash,
    keys::{bytes, hex},
};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::ChangeId;
use signed::Reader;
use std::{io, path::PathBuf};

/// The first line of a checkpoint.
const VERSION: &str = "plumbline checkpoint 1";

/// How many changes there were, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many.
    pub size: u64,
    /// The last of them.
    pub last: ChangeId,
    /// The root of the tree over them.
    pub root: Hash,
    /// When it was signed, UTC.
    pub at: DateTime<Utc>,
}

/// What is wrong with a checkpoint, or with where they are kept.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// A file or the folder cannot be read or written.
    #[error("{} cannot be read or written", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// A key cannot be used.
    #[error("the key of the checkpoints cannot be used: {0}")]
    Key(String),
    /// The text is not that of a checkpoint.
    #[error("the checkpoint {name} is damaged: {problem}")]
    Damaged {
        /// The name of its file.
        name: String,
        /// What cannot be read.
        problem: String,
    },
    /// Somebody else signed it.
    #[error("the checkpoint {name} is signed with another key, {key} and not {expected}")]
    OtherKey {
        /// The name of its file.
        name: String,
        /// The short name of that key.
        key: String,
        /// The short name of the key it should be.
        expected: String,
    },
    /// The signature does not fit what it says.
    #[error("the checkpoint {name} was altered: its signature does not fit")]
    Forged {
        /// The name of its file.
        name: String,
    },
    /// A proof does not lead from its change to the root that was signed.
    #[error("the proof {name} does not hold: its change is not among those that were signed")]
    NotIncluded {
        /// The name of its file.
        name: String,
    },
    /// The record is no longer the one that a checkpoint was made of.
    #[error("the checkpoint {name} no longer fits the record; run `plumbline verify`")]
    Unfit {
        /// The name of its file.
        name: String,
    },
    /// A hash in the database is not one.
    #[error("the hash of change {change} cannot be read; run `plumbline verify`")]
    Hash {
        /// The change.
        change: ChangeId,
    },
    /// The reason for accepting a gap in the time of the record cannot be kept.
    #[error("say why in one line of at most 200 characters")]
    Reason,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] crate::Error),
}

impl Checkpoint {
    /// Signs it.
    pub fn sign(&self, signer: &Signer) -> String {
        signed::sign(&self.text(&signer.public_key()), signer)
    }

    /// What is signed.
    fn text(&self, key: &PublicKey) -> String {
        let Self { size, last, root, at } = self;
        let (root, at) = (hex(root), in_rfc3339(*at));
        let key = key.id();
        format!("{VERSION}\nsize {size}\nlast {last}\nroot {root}\ntime {at}\nkey {key}\n")
    }

    /// Reads a signed checkpoint, called `name`, and checks who signed it.
    ///
    /// # Errors
    /// [`CheckpointError::Damaged`], [`CheckpointError::OtherKey`], [`CheckpointError::Forged`].
    pub fn open(name: &str, signed: &str, key: &PublicKey) -> Result<Self, CheckpointError> {
        let mut reader = Reader::begin(name, signed, VERSION)?;
        let checkpoint = Self {
            size: reader.line("size", |size| size.parse().ok())?,
            last: ChangeId(reader.line("last", |last| last.parse().ok())?),
            root: reader.line("root", bytes)?,
            at: reader.line("time", |at| at.parse().ok())?,
        };
        reader.end(&checkpoint.text(key), key)?;
        Ok(checkpoint)
    }
}

/// A moment as signed texts have it.
fn in_rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            size: 1234,
            last: ChangeId(1240),
            root: [0x5f; 32],
            at: "2026-03-02T08:00:00.123456Z".parse().unwrap(),
        }
    }

    #[test]
    fn what_is_signed_is_read_again() {
        let signer = Signer::generate().unwrap();
        let text = checkpoint().sign(&signer);
        let read = Checkpoint::open("a", &text, &signer.public_key()).unwrap();
        assert_eq!(read, checkpoint());
        let key: PublicKey = signer.public_key().to_string().parse().unwrap();
        assert_eq!(key, signer.public_key());
        let again = Signer::from_secret(&format!("{}\n", signer.secret())).unwrap();
        assert_eq!(again.public_key(), key);
    }

    #[test]
    fn no_byte_can_be_altered() {
        let signer = Signer::generate().unwrap();
        let text = checkpoint().sign(&signer);
        for at in 0..text.len() {
            for with in [b'0', b'1', b' ', b'\n', b'x'] {
                let mut bytes = text.clone().into_bytes();
                if bytes[at] == with {
                    continue;
                }
                bytes[at] = with;
                let altered = String::from_utf8(bytes).unwrap();
                assert!(
                    Checkpoint::open("a", &altered, &signer.public_key()).is_err(),
                    "{altered}"
                );
            }
            assert!(Checkpoint::open("a", &text[..at], &signer.public_key()).is_err());
        }
        assert!(Checkpoint::open("a", &format!("{text}\n"), &signer.public_key()).is_err());
    }

    #[test]
    fn another_key_is_told_apart() {
        let (ours, theirs) = (Signer::generate().unwrap(), Signer::generate().unwrap());
        let text = checkpoint().sign(&theirs);
        let opened = Checkpoint::open("a", &text, &ours.public_key());
        assert!(matches!(opened, Err(CheckpointError::OtherKey { .. })), "{opened:?}");
        let claimed = text.replace(&theirs.public_key().id(), &ours.public_key().id());
        let opened = Checkpoint::open("a", &claimed, &ours.public_key());
        assert!(matches!(opened, Err(CheckpointError::Forged { .. })), "{opened:?}");
    }
}
