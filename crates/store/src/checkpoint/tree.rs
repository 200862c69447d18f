//! Merkle tree over all changes (RFC 6962). Its leaves are their hashes, in the order of their ids.

use crate::chain::Hash;
use ct_merkle::{
    ConsistencyProof, InclusionProof, RootHash, indices_for_consistency_proof,
    indices_for_inclusion_proof,
};
use sha2::{Digest, Sha256};

fn leaf(hash: &Hash) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(hash).finalize().into()
}

fn parent(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The right edge of a growing tree, which suffices to add leaves and to compute the root. Its size
/// is logarithmic in the number of leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The roots of the full subtrees from left to right, one for each bit of the size.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Returns the number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the frontier of a tree with this many leaves and these [peaks](Self::peaks); `None`
    /// if a tree of that size has another number of them.
    pub(super) fn from_peaks(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// Returns the roots of its full subtrees, from left to right.
    pub(super) fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Adds the hash of a change.
    pub fn push(&mut self, hash: &Hash) {
        let mut node = leaf(hash);
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = parent(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// Returns the root; the root of an empty tree is the hash of an empty input.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return Sha256::digest([]).into() };
        peaks.fold(last, |right, left| parent(&left, &right))
    }
}

/// The whole tree in memory, 64 bytes for each change, from which proofs are made.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The full subtrees of 1, 2, 4 … leaves, from left to right.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Creates the tree over the hashes of changes, in the order of their ids.
    pub fn over<'a>(hashes: impl IntoIterator<Item = &'a Hash>) -> Self {
        let mut levels = vec![hashes.into_iter().map(leaf).collect::<Vec<_>>()];
        while let Some(below) = levels.last().filter(|below| below.len() > 1) {
            let pairs = below.chunks_exact(2).map(|pair| parent(&pair[0], &pair[1]));
            let above = pairs.collect();
            levels.push(above);
        }
        Self { levels }
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Returns the root; the root of an empty tree is the hash of an empty input.
    pub fn root(&self) -> Hash {
        match self.size() {
            0 => Sha256::digest([]).into(),
            size => self.node(size.next_power_of_two().trailing_zeros(), 0),
        }
    }

    /// Proves that the tree includes the change at this index, counted from 0; `None` if it has no
    /// such index.
    pub fn prove_inclusion(&self, place: u64) -> Option<InclusionProof<Sha256>> {
        let size = self.size();
        (place < size).then(|| {
            let nodes = self.nodes(&indices_for_inclusion_proof(size, place));
            InclusionProof::from_digests(nodes.iter())
        })
    }

    /// Proves that the tree is an extension of the one over its first `old` leaves, at least one;
    /// `None` if it has fewer.
    pub fn prove_consistency(&self, old: u64) -> Option<ConsistencyProof<Sha256>> {
        let nodes = match self.size().checked_sub(old).filter(|_| old > 0)? {
            0 => Vec::new(),
            added => self.nodes(&indices_for_consistency_proof(old, added)),
        };
        Some(ConsistencyProof::from_digests(nodes.iter()))
    }

    /// Returns whether the tree is an extension of one with `old` leaves and this root.
    pub fn grew_from(&self, old: u64, root: &Hash) -> bool {
        if old == self.size() {
            return *root == self.root();
        }
        let now = RootHash::<Sha256>::new(self.root().into(), self.size());
        let then = RootHash::<Sha256>::new((*root).into(), old);
        self.prove_consistency(old)
            .is_some_and(|proof| now.verify_consistency(&then, &proof).is_ok())
    }

    fn nodes(&self, indices: &[u64]) -> Vec<sha2::digest::Output<Sha256>> {
        // The level of such an index is the number of its trailing ones (RFC 9420, appendix C).
        let nodes = indices.iter().map(|index| {
            let level = index.trailing_ones();
            self.node(level, index >> (level + 1)).into()
        });
        nodes.collect()
    }

    /// Returns the root of the subtree over the leaves from `place << level`: `1 << level` of them
    /// or as many as exist.
    fn node(&self, level: u32, place: u64) -> Hash {
        let full = self.levels.get(level as usize);
        let at = usize::try_from(place).unwrap_or(usize::MAX);
        if let Some(full) = full.and_then(|full| full.get(at)) {
            return *full;
        }
        let middle = (place << level) + (1 << (level - 1));
        let left = self.node(level - 1, 2 * place);
        if middle >= self.size() {
            return left;
        }
        parent(&left, &self.node(level - 1, 2 * place + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    fn hashes(count: u64) -> Vec<Hash> {
        (0..count).map(|number| Sha256::digest(number.to_be_bytes()).into()).collect()
    }

    #[test]
    fn the_root_is_that_of_rfc_6962() {
        let mut frontier = Frontier::default();
        let mut theirs = MemoryBackedTree::<Sha256, Hash>::new();
        for (count, hash) in (1..).zip(hashes(70)) {
            frontier.push(&hash);
            theirs.push(hash);
            assert_eq!(frontier.root().as_slice(), theirs.root().as_bytes().as_slice());
            assert_eq!(Tree::over(&hashes(count)).root(), frontier.root(), "{count}");
        }
        assert_eq!(Tree::over([]).root(), Frontier::default().root());
    }

    #[test]
    fn every_prefix_is_proved_and_nothing_else() {
        for size in 1..40 {
            let tree = Tree::over(&hashes(size));
            for old in 1..=size {
                let root = Tree::over(&hashes(old)).root();
                assert!(tree.grew_from(old, &root), "{old} of {size}");
                assert!(!tree.grew_from(old, &[7; 32]), "{old} of {size}");
                let mut other = hashes(old);
                other[old as usize / 2] = [7; 32];
                assert!(!tree.grew_from(old, &Tree::over(&other).root()), "{old} of {size}");
            }
            assert!(!tree.grew_from(size + 1, &Tree::over(&hashes(size + 1)).root()));
        }
    }

    #[test]
    fn every_leaf_is_proved_at_its_place() {
        for size in 1..40 {
            let (tree, leaves) = (Tree::over(&hashes(size)), hashes(size));
            let root = RootHash::<Sha256>::new(tree.root().into(), size);
            for place in 0..size {
                let proof = tree.prove_inclusion(place).unwrap();
                assert!(root.verify_inclusion(&leaves[place as usize], place, &proof).is_ok());
                assert!(root.verify_inclusion(&[7; 32], place, &proof).is_err());
            }
            assert!(tree.prove_inclusion(size).is_none());
        }
    }
}
