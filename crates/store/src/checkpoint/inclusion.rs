//! Proofs of inclusion: that one change is among those that a checkpoint covers, to be checked with the
//! public key alone, by somebody who has no access to the database.
//!
//! Such a proof is a text file: these lines, an empty one, and the checkpoint as it is kept.
//!
//! ```text
//! plumbline inclusion 1
//! change 8
//! hash 9f…64 hexadecimal digits
//! place 7
//! path 5f…64 hexadecimal digits
//! path …
//! ```
//!
//! `hash` is what the change bears, which a report of it prints; `place` how many changes stand before
//! it; and `path` the audit path of RFC 6962 from its leaf to the root, none for a tree of one change.

use super::{Checkpoint, CheckpointError, Kept, PublicKey, Tree};
use crate::{
    chain::Hash,
    keys::{bytes, hex},
};
use ct_merkle::{InclusionProof, RootHash};
use domain::ChangeId;
use sha2::Sha256;
use std::fmt;

/// The first line.
const VERSION: &str = "plumbline inclusion 1";

/// A proof that a change is among those that a checkpoint covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The change. The proof holds for its hash, of which the id is a part.
    pub change: ChangeId,
    /// The hash that it bears.
    pub hash: Hash,
    /// How many changes stand before it.
    place: u64,
    /// The audit path, from the leaf up.
    path: Vec<Hash>,
    /// The checkpoint.
    checkpoint: Kept,
}

impl Inclusion {
    /// Proves it of the change at a place, from 0, in the tree that a checkpoint covers. `None` where
    /// there is no such place.
    pub(crate) fn new(
        (change, hash): (ChangeId, Hash),
        place: u64,
        tree: &Tree,
        checkpoint: Kept,
    ) -> Option<Self> {
        let proof = tree.prove_inclusion(place)?;
        let path = proof.as_bytes().chunks_exact(size_of::<Hash>());
        let path = path.filter_map(|hash| hash.try_into().ok()).collect();
        Some(Self { change, hash, place, path, checkpoint })
    }

    /// Whether a text means to be a proof.
    pub fn is_one(text: &str) -> bool {
        text.lines().next() == Some(VERSION)
    }

    /// Reads a proof from the text of a file called `name`. Whether it holds says
    /// [`open`](Self::open).
    ///
    /// # Errors
    /// [`CheckpointError::Damaged`].
    pub fn read(name: &str, text: &str) -> Result<Self, CheckpointError> {
        let damaged = |problem: &str| CheckpointError::Damaged {
            name: name.to_owned(),
            problem: problem.to_owned(),
        };
        let (proof, checkpoint) =
            text.split_once("\n\n").ok_or_else(|| damaged("it holds no checkpoint"))?;
        let mut lines = proof.lines();
        if lines.next() != Some(VERSION) {
            return Err(damaged("its first line is not that of a proof"));
        }
        let mut line = |word: &str| {
            let value = lines.next().and_then(|line| line.strip_prefix(word)?.strip_prefix(' '));
            value.ok_or_else(|| damaged(&format!("its line `{word}` is missing")))
        };
        let unread = |word: &str| damaged(&format!("its line `{word}` cannot be read"));
        let change = line("change")?.parse().map_err(|_| unread("change"))?;
        let hash = bytes(line("hash")?).ok_or_else(|| unread("hash"))?;
        let place = line("place")?.parse().map_err(|_| unread("place"))?;
        let path = lines.map(|line| line.strip_prefix("path ").and_then(bytes));
        let path: Option<Vec<Hash>> = path.collect();
        let path = path.ok_or_else(|| unread("path"))?;
        let checkpoint = Kept { name: name.to_owned(), text: checkpoint.to_owned(), size: None };
        Ok(Self { change: ChangeId(change), hash, place, path, checkpoint })
    }

    /// Checks that it holds, and who signed it. Answers with the checkpoint.
    ///
    /// # Errors
    /// As of [`Checkpoint::open`], and [`CheckpointError::NotIncluded`].
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
        writeln!(f, "{VERSION}\nchange {change}\nhash {}\nplace {place}", hex(hash))?;
        for hash in path {
            writeln!(f, "path {}", hex(hash))?;
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
            let kept = Kept { name: "a".into(), text: checkpoint.sign(&signer), size: Some(size) };
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
            ("plumbline inclusion 1\nchange 1\n", "no checkpoint"),
            ("plumbline inclusion 2\n\nx", "first line"),
            ("plumbline inclusion 1\nchange x\n\nx", "`change` cannot be read"),
            ("plumbline inclusion 1\nchange 1\nplace 1\n\nx", "`hash` is missing"),
        ] {
            let problem = Inclusion::read("a", text).unwrap_err().to_string();
            assert!(problem.contains(words), "{problem}");
        }
    }
}
