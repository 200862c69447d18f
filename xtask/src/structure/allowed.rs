//! Exceptions for violations older than a rule. They are listed in a file, one per line, and may
//! only decrease.

use crate::cargo::root;
use crate::stamp;
use crate::structure::SHRINK;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs};

/// Returns the problems: each violation in `found` that is not listed, and each listed one that no
/// longer exists. `found` has the name of each violation, as in the file, with an explanation.
pub(crate) fn problems(
    file: &str,
    found: impl Iterator<Item = (String, String)>,
) -> Result<Vec<String>> {
    let path = root().join(file);
    let text =
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let found: BTreeMap<String, String> = found.collect();
    if env::var_os(SHRINK).is_some() {
        let kept: Vec<&str> = text.lines().filter(|line| is_kept(line, &found)).collect();
        stamp::write(&path, format!("{}\n", kept.join("\n")).as_bytes())?;
        return Ok(compare(file, &kept.join("\n"), &found));
    }
    Ok(compare(file, &text, &found))
}

/// Returns whether a line is a comment or an exception that still exists.
fn is_kept(line: &str, found: &BTreeMap<String, String>) -> bool {
    line.starts_with('#') || found.contains_key(line)
}

fn compare(file: &str, text: &str, found: &BTreeMap<String, String>) -> Vec<String> {
    let listed: BTreeSet<&str> =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let new = found.iter().filter(|(name, _)| !listed.contains(name.as_str()));
    let gone = listed.iter().filter(|name| !found.contains_key(**name));
    new.map(|(name, explanation)| format!("{name}: {explanation}"))
        .chain(gone.map(|name| {
            format!("{file} lists “{name}”, which does not exist any more. Remove it: {SHRINK}=1 cargo xtask test --only structure")
        }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_exceptions_may_only_shrink() {
        let found = |names: &[&str]| {
            names.iter().map(|name| ((*name).to_owned(), "a.rs:1".to_owned())).collect()
        };
        let list = "# Comment.\na -> b\n";
        assert!(compare("list", list, &found(&["a -> b"])).is_empty());
        let new = compare("list", list, &found(&["a -> b", "b -> a"]));
        assert_eq!(new, ["b -> a: a.rs:1"]);
        let gone = compare("list", list, &found(&[]));
        assert!(gone.len() == 1 && gone[0].contains("“a -> b”, which does not exist"), "{gone:?}");
    }

    #[test]
    fn comments_outlive_the_exceptions() {
        let found = BTreeMap::from([("a".to_owned(), String::new())]);
        let kept = ["# Comment.", "a", "b"].map(|line| is_kept(line, &found));
        assert_eq!(kept, [true, true, false]);
    }
}
