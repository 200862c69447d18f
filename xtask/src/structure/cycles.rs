//! Import cycles between the modules of a crate.
//!
//! Two sibling modules, with their descendants, must not import each other, directly or through
//! other siblings. A module and its descendants may, because one is part of the other.

use crate::structure::imports;
use crate::structure::source::Crate;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Import of a sibling module that is part of a cycle.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CyclicImport {
    /// Names of the two modules, as in `changes -> inspections`.
    pub(crate) name: String,
    /// File and line of one such import, and the cycle.
    pub(crate) explanation: String,
}

/// Returns all imports of a crate that are part of a cycle.
pub(crate) fn of(krate: &Crate) -> Vec<CyclicImport> {
    let mut pairs = BTreeMap::new();
    for ((from, to), line) in imports::of(krate) {
        let beside = krate.beside(from, to);
        pairs
            .entry(beside)
            .or_insert_with(|| format!("{}:{line}", krate.modules[from].file.display()));
    }
    let mut targets: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (from, to) in pairs.keys() {
        targets.entry(*from).or_default().insert(*to);
    }
    let mut cyclic = Vec::new();
    for ((from, to), place) in &pairs {
        let Some(back) = shortest(&targets, *to, *from) else { continue };
        let cycle: Vec<String> =
            [*from].into_iter().chain(back).map(|module| krate.path(module)).collect();
        cyclic.push(CyclicImport {
            name: format!("{} -> {}", krate.path(*from), krate.path(*to)),
            explanation: format!("{place} closes the cycle {}", cycle.join(" -> ")),
        });
    }
    cyclic
}

/// Returns the shortest path from one module to another, including both.
fn shortest(
    targets: &BTreeMap<usize, BTreeSet<usize>>,
    from: usize,
    to: usize,
) -> Option<Vec<usize>> {
    let mut before = BTreeMap::from([(from, from)]);
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            let mut path = vec![at];
            let mut at = at;
            while at != from {
                at = before[&at];
                path.push(at);
            }
            path.reverse();
            return Some(path);
        }
        for next in targets.get(&at).into_iter().flatten() {
            before.entry(*next).or_insert_with(|| {
                queue.push_back(*next);
                at
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::tests::krate;

    fn names(files: &[(&str, &str)]) -> Vec<String> {
        of(&krate(files)).into_iter().map(|it| it.name).collect()
    }

    #[test]
    fn a_cycle_is_found_with_every_import_in_it() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "use super::c; pub struct B;"),
            ("c.rs", "fn f() { crate::a::A; crate::d::f() }"),
            ("d.rs", "pub fn f() {}"),
        ];
        assert_eq!(names(&files), ["a -> b", "b -> c", "c -> a"]);
        let explanation = &of(&krate(&files))[2].explanation;
        assert!(explanation.contains("c.rs:1"), "{explanation}");
        assert!(explanation.contains("c -> a -> b -> c"), "{explanation}");
    }

    #[test]
    fn a_reexport_does_not_hide_a_cycle() {
        let files = [
            ("lib.rs", "mod f;"),
            ("f/mod.rs", "mod a; mod b; pub use a::A; pub use b::*;"),
            ("f/a.rs", "use super::B; pub struct A;"),
            ("f/b.rs", "use crate::f::A as Other; pub struct B;"),
        ];
        assert_eq!(names(&files), ["f::a -> f::b", "f::b -> f::a"]);
    }

    #[test]
    fn modules_that_use_each_other_by_way_of_their_parts_are_a_cycle() {
        let files = [
            ("lib.rs", "mod f; mod g;"),
            ("f/mod.rs", "mod a; mod b;"),
            ("f/a.rs", "use crate::g::b::B;"),
            ("f/b.rs", "pub struct B;"),
            ("g/mod.rs", "mod a; pub mod b;"),
            ("g/a.rs", "use crate::f::b::B;"),
            ("g/b.rs", "pub struct B;"),
        ];
        assert_eq!(names(&files), ["f -> g", "g -> f"]);
    }

    #[test]
    fn a_module_and_those_within_it_may_use_each_other() {
        let files = [
            ("lib.rs", "mod f; pub struct Root;"),
            ("f/mod.rs", "mod a; use a::A; pub struct F; mod inner { use crate::Root; }"),
            ("f/a.rs", "use super::F; use crate::Root; use other::Thing; pub struct A;"),
        ];
        assert_eq!(names(&files), [""; 0]);
    }
}
