//! Proofs of inclusion: a checkpoint covers a change. They are verified with the public key alone,
//! without access to the database.
//!
//! A proof is a text file in the format of <https://c2sp.org/tlog-proof>, which verifiers of other
//! projects read as well. It has these lines, an empty line, and the checkpoint:
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra eyJjaGFuZ2UiOjgsImhhc2giOiI5Zi…
//! index 7
//! bx5p…44 characters of base64
//! …
//! ```
//!
//! `index` is the number of changes before the change. The lines after it are the audit path of RFC
//! 6962 from its leaf to the root, none for a tree of one change. The entry of the log is the 32
//! bytes of the change's hash, which a report of the change prints. `extra` holds that hash in
//! base64 of JSON, as in `{"change":8,"hash":"9f…"}`. It need not be trusted, because the proof is
//! only valid for the right hash.

use super::{
    Checkpoint, CheckpointError, CheckpointFile, PublicKey, Tree,
    note::{self, Lines, damaged, decimal},
};
use crate::{
    chain::Hash,
    keys::{bytes, hex},
};
use ct_merkle::{InclusionProof, RootHash};
use domain::id::ChangeId;
use serde::Deserialize;
use sha2::Sha256;
use std::fmt;

/// The first line.
const VERSION: &str = "c2sp.org/tlog-proof@v1";

/// The content of the line `extra`.
#[derive(Deserialize)]
struct Extra {
    change: ChangeId,
    hash: String,
}

/// A proof of inclusion: a checkpoint covers a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The change. The proof covers its hash, which includes the id.
    pub change: ChangeId,
    /// The hash of the change.
    pub hash: Hash,
    /// Number of changes before it.
    place: u64,
    /// The audit path, from the leaf up.
    path: Vec<Hash>,
    /// The checkpoint.
    checkpoint: CheckpointFile,
}

impl Inclusion {
    /// Creates the proof for the change at an index, counted from 0, in the tree that a checkpoint
    /// covers; `None` if the tree has no such index.
    pub(crate) fn new(
        (change, hash): (ChangeId, Hash),
        place: u64,
        tree: &Tree,
        checkpoint: CheckpointFile,
    ) -> Option<Self> {
        let proof = tree.prove_inclusion(place)?;
        let path = proof.as_bytes().as_chunks().0.to_vec();
        Some(Self { change, hash, place, path, checkpoint })
    }

    /// Returns whether a text has the first line of a proof.
    pub fn is_one(text: &str) -> bool {
        text.lines().next() == Some(VERSION)
    }

    /// Parses a proof from the text of a file called `name`. [`open`](Self::open) verifies it.
    ///
    /// # Errors
    /// [`CheckpointError::Damaged`].
    pub fn read(name: &str, text: &str) -> Result<Self, CheckpointError> {
        let (proof, checkpoint) =
            text.split_once("\n\n").ok_or_else(|| damaged(name, "it holds no checkpoint"))?;
        let mut lines = Lines::of(name, proof);
        lines.line("c2sp.org/tlog-proof@v1", |line| (line == VERSION).then_some(()))?;
        let Extra { change, hash } =
            lines.value("extra", |extra| serde_json::from_slice(&note::unbase64(extra)?).ok())?;
        let hash = bytes(&hash);
        let hash = hash.ok_or_else(|| damaged(name, "its line `extra` cannot be read"))?;
        let place = lines.value("index", decimal)?;
        let path = lines.rest("the path", note::hash)?;
        let checkpoint =
            CheckpointFile { name: name.to_owned(), text: checkpoint.to_owned(), size: None };
        Ok(Self { change, hash, place, path, checkpoint })
    }

    /// Verifies the proof and the signature of its checkpoint. Returns the checkpoint.
    ///
    /// # Errors
    /// As for [`Checkpoint::open`], and [`CheckpointError::NotIncluded`].
    pub fn open(&self, key: &PublicKey) -> Result<Checkpoint, CheckpointError> {
        let checkpoint = self.checkpoint.open(key)?;
        let root = RootHash::<Sha256>::new(checkpoint.root.into(), checkpoint.size);
        let proof = InclusionProof::try_from_bytes(self.path.concat());
        let holds =
            proof.is_ok_and(|proof| root.verify_inclusion(&self.hash, self.place, &proof).is_ok());
        match holds {
            true => Ok(checkpoint),
            false => Err(CheckpointError::NotIncluded { name: self.checkpoint.name.clone() }),
        }
    }
}

impl fmt::Display for Inclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { change, hash, place, path, checkpoint } = self;
        let extra = format!("{{\"change\":{change},\"hash\":\"{}\"}}", hex(hash));
        writeln!(f, "{VERSION}\nextra {}\nindex {place}", note::base64(extra.as_bytes()))?;
        for hash in path {
            writeln!(f, "{}", note::base64(hash))?;
        }
        write!(f, "\n{}", checkpoint.text)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Signer, *};
    use sha2::Digest;

    #[test]
    fn every_change_is_proved_and_no_other() {
        let signer = Signer::generate().unwrap();
        let key = signer.public_key();
        for size in 1..20 {
            let hashes: Vec<Hash> =
                (0..size).map(|number: u64| Sha256::digest(number.to_be_bytes()).into()).collect();
            let tree = Tree::over(&hashes);
            let at = "2026-03-02T08:00:00.123456Z".parse().unwrap();
            let checkpoint = Checkpoint { size, last: ChangeId(70), root: tree.root(), at };
            let kept = CheckpointFile {
                name: "a".into(),
                text: checkpoint.sign(&signer),
                size: Some(size),
            };
            for (place, hash) in (0..).zip(&hashes) {
                let of = (ChangeId(place as i64 + 1), *hash);
                let proof = Inclusion::new(of, place, &tree, kept.clone()).unwrap();
                let read = Inclusion::read("b", &proof.to_string()).unwrap();
                assert_eq!(read.open(&key).unwrap(), checkpoint, "{place} of {size}");
                assert_eq!((read.change, read.hash), of);
                let others = [
                    Inclusion { hash: [7; 32], ..read.clone() },
                    Inclusion { place: place + 1, ..read.clone() },
                    Inclusion { path: [read.path.as_slice(), &[[7; 32]]].concat(), ..read },
                ];
                for other in others {
                    let opened = other.open(&key);
                    let is_refused = matches!(opened, Err(CheckpointError::NotIncluded { .. }));
                    assert!(is_refused, "{place} of {size}: {opened:?}");
                }
            }
            assert!(Inclusion::new((ChangeId(1), [7; 32]), size, &tree, kept).is_none());
        }
    }

    #[test]
    fn what_is_damaged_is_told_so() {
        for (text, words) in [
            ("c2sp.org/tlog-proof@v1\nindex 1\n", "no checkpoint"),
            ("c2sp.org/tlog-proof@v2\n\nx", "`c2sp.org/tlog-proof@v1` cannot be read"),
            ("c2sp.org/tlog-proof@v1\nextra !\nindex 1\n\nx", "`extra` cannot be read"),
            (
                "c2sp.org/tlog-proof@v1\nextra eyJjaGFuZ2UiOjgsImhhc2giOiIifQ==\n\nx",
                "`extra` cannot be read",
            ),
        ] {
            let problem = Inclusion::read("a", text).unwrap_err().to_string();
            assert!(problem.contains(words), "{problem}");
        }
    }
}
