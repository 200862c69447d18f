//! Check for public types of the workspace with the same name, because a reader would confuse them.

use crate::structure::source::Crate;
use std::collections::BTreeMap;

/// Returns each shared name with its number of types, as in `Status 2`, and the declaring files.
pub(crate) fn shared<'a>(
    crates: impl Iterator<Item = &'a Crate>,
) -> impl Iterator<Item = (String, String)> {
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for module in crates.flat_map(|krate| &krate.modules) {
        for item in module.items.iter().filter(|item| item.is_type && item.is_public) {
            files.entry(&item.name).or_default().push(module.file.display().to_string());
        }
    }
    let shared: Vec<_> = files
        .into_iter()
        .filter(|(_, files)| files.len() > 1)
        .map(|(name, files)| {
            let explanation = format!("public types share a name: {}", files.join(", "));
            (format!("{name} {}", files.len()), explanation)
        })
        .collect();
    shared.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::tests::krate;

    #[test]
    fn two_public_types_of_one_name_are_found_in_different_crates() {
        let crates = [
            krate(&[
                ("lib.rs", "mod a; pub struct Kept; pub fn kept() {}"),
                ("a.rs", "struct Kept;"),
            ]),
            krate(&[("lib.rs", "pub type Kept = u8; pub struct Part; pub fn kept() {}")]),
        ];
        let found: Vec<_> = shared(crates.iter()).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "Kept 2");
        assert!(found[0].1.contains("lib.rs, lib.rs"), "{found:?}");
    }
}
