//! Checkpoints: signed notes, stored outside the database, with the number of changes and the root
//! of the Merkle tree over them. Changes that a checkpoint covers cannot be truncated, altered or
//! added to unnoticed, even by someone who can write to the database and compute every hash.
//!
//! A checkpoint is a signed note in the format of <https://c2sp.org/tlog-checkpoint>, which
//! verifiers and witnesses of other projects read as well:
//!
//! ```text
//! plumbline/0a1b2c3d4e5f6071
//! 1234
//! bx5p…44 characters of base64
//! last 1240
//! time 2026-03-02T08:00:00.123456Z
//!
//! — plumbline/0a1b2c3d4e5f6071 hI2DJw…92 characters of base64
//! ```
//!
//! The lines are the origin, which is the name of the key; the number of changes; the root of the tree (RFC
//! 6962 with SHA-256) whose leaves are the hashes of the changes in the order of their ids; and two extension
//! lines: the id of the last of the changes, and the time of signing.

mod folder;
mod frontier_file;
mod gap;
mod inclusion;
mod keeper;
mod key;
mod note;
mod tree;

pub use folder::{CheckpointFile, CheckpointFolder};
pub use gap::AcceptedGap;
pub(crate) use gap::{DATED_BEFORE, counts_as_made, is_behind};
pub use inclusion::Inclusion;
pub use keeper::Checkpointer;
pub use key::{PublicKey, Signer};
pub use tree::{Frontier, Tree};

use crate::chain::Hash;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::id::ChangeId;
use note::{Lines, decimal};
use std::{io, path::PathBuf};

/// A statement of the number of changes and the root of the tree over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of changes.
    pub size: u64,
    /// The last of these changes.
    pub last: ChangeId,
    /// The root of the tree over them.
    pub root: Hash,
    /// Time of signing, in UTC.
    pub at: DateTime<Utc>,
}

/// Error of a checkpoint or of the folder of checkpoints.
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
        /// The part that cannot be read.
        problem: String,
    },
    /// It is signed with another key.
    #[error("the checkpoint {name} is signed with another key, {key} and not {expected}")]
    OtherKey {
        /// The name of its file.
        name: String,
        /// The name of the key that signed it.
        key: String,
        /// The name of the expected key.
        expected: String,
    },
    /// The signature does not match the text.
    #[error("the checkpoint {name} was altered: its signature does not fit")]
    Forged {
        /// The name of its file.
        name: String,
    },
    /// The proof of inclusion does not lead from its change to the signed root.
    #[error("the proof {name} does not hold: its change is not among those that were signed")]
    NotIncluded {
        /// The name of its file.
        name: String,
    },
    /// The record no longer extends the one that the checkpoint covers.
    #[error("the checkpoint {name} no longer fits the record; run `plumbline verify`")]
    Unfit {
        /// The name of its file.
        name: String,
    },
    /// The file with the frontier is damaged, or belongs to another record.
    #[error(
        "the file `frontier` in the folder of checkpoints cannot be used: {problem}. Run `plumbline \
         verify`; if it finds nothing, delete the file, and the next start reads all hashes instead"
    )]
    Frontier {
        /// The fault.
        problem: String,
    },
    /// A hash in the database is malformed.
    #[error("the hash of change {change} cannot be read; run `plumbline verify`")]
    Hash {
        /// The change.
        change: ChangeId,
    },
    /// The reason for accepting a gap in the time of the record is invalid.
    #[error("say why in one line of at most 200 characters")]
    Reason,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] crate::Error),
}

impl CheckpointError {
    /// Returns whether trying again is of no use until a person has found out the cause.
    pub const fn is_lasting(&self) -> bool {
        !matches!(self, Self::File(..) | Self::Database(_))
    }
}

impl Checkpoint {
    /// Signs it as a note.
    pub fn sign(&self, signer: &Signer) -> String {
        signer.sign(&self.text(&signer.public_key()))
    }

    /// Returns the text that is signed.
    fn text(&self, key: &PublicKey) -> String {
        let Self { size, last, root, at } = self;
        let (name, root, at) = (key.name(), note::base64(root), in_rfc3339(*at));
        format!("{name}\n{size}\n{root}\nlast {last}\ntime {at}\n")
    }

    /// Parses a signed checkpoint in a file called `name`, and verifies its signature.
    ///
    /// # Errors
    /// [`CheckpointError::Damaged`], [`CheckpointError::OtherKey`], [`CheckpointError::Forged`].
    pub fn open(name: &str, signed: &str, key: &PublicKey) -> Result<Self, CheckpointError> {
        let mut lines = Lines::of(name, key.open(name, signed)?);
        lines.line("origin", |origin| (origin == key.name()).then_some(()))?;
        let size = lines.line("size", decimal)?;
        let root = lines.line("root", note::hash)?;
        let last = ChangeId(lines.value("last", decimal)?);
        let at = lines.value("time", |at| at.parse().ok())?;
        lines.end()?;
        Ok(Self { size, last, root, at })
    }
}

/// Formats a time as signed texts contain it.
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
    fn every_public_key_is_read_as_it_was_written() {
        // The base64 of some keys contains the plus sign that separates the parts of a verifier
        // key.
        for seed in 0..=u8::MAX {
            let secret = crate::keys::hex([seed; 32]);
            let key = Signer::from_secret(&secret).unwrap().public_key();
            assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key, "{key}");
        }
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
                // A part of the dash's three bytes is not valid UTF-8.
                let Ok(altered) = String::from_utf8(bytes) else { continue };
                assert!(
                    Checkpoint::open("a", &altered, &signer.public_key()).is_err(),
                    "{altered}"
                );
            }
            let cut = text.get(..at).unwrap_or_default();
            assert!(Checkpoint::open("a", cut, &signer.public_key()).is_err());
        }
        assert!(Checkpoint::open("a", &format!("{text}\n"), &signer.public_key()).is_err());
    }

    #[test]
    fn another_key_is_told_apart() {
        let (ours, theirs) = (Signer::generate().unwrap(), Signer::generate().unwrap());
        let text = checkpoint().sign(&theirs);
        let opened = Checkpoint::open("a", &text, &ours.public_key());
        assert!(matches!(opened, Err(CheckpointError::OtherKey { .. })), "{opened:?}");
        let (text, signature) = text.split_once("\n\n").unwrap();
        let ours_signed = checkpoint().sign(&ours);
        let (ours_text, ours_signature) = ours_signed.split_once("\n\n").unwrap();
        // The origin is that of one key, and the signature that of the other.
        for (text, signature) in [(ours_text, signature), (text, ours_signature)] {
            let opened =
                Checkpoint::open("a", &format!("{text}\n\n{signature}"), &ours.public_key());
            assert!(opened.is_err(), "{opened:?}");
        }
    }
}
