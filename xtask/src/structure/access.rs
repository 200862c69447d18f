//! Check for calls that read or change an inspection without a permission check. Pages, routes and
//! the demonstration must use `service`, which checks permissions.

use crate::cargo::root;
use crate::stamp::files_under;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Folders whose code acts for a signed-in person.
const FRONT_ENDS: [&str; 3] = ["app/src", "server/src", "crates/demo/src"];
/// Folder of the command line, which acts for the operator, who has full access to the database.
const OPERATOR: &str = "server/src/commands";
/// Functions of the store that read an inspection or a part of one, and the one that begins a
/// change.
const UNCHECKED: [&str; 12] = [
    "inspection",
    "heads",
    "snapshot",
    "to_undo",
    "request_to_undo",
    "photo",
    "photo_times",
    "report",
    "report_with",
    "history",
    "change",
    "begin",
];

/// Returns the calls of such functions in the front ends: file and function, and the position.
pub(crate) fn unchecked_calls() -> Result<Vec<(String, String)>> {
    let mut calls = Vec::new();
    for folder in FRONT_ENDS.map(|folder| root().join(folder)) {
        let files = if folder.is_dir() { files_under(&folder)? } else { Vec::new() };
        for file in files {
            let name = file.strip_prefix(root())?.to_owned();
            if file.extension().is_none_or(|it| it != "rs") || name.starts_with(OPERATOR) {
                continue;
            }
            let text = fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", name.display()))?;
            calls.extend(calls_in(&name, &text));
        }
    }
    Ok(calls)
}

fn calls_in(file: &Path, text: &str) -> Vec<(String, String)> {
    let mut calls = Vec::new();
    for (at, _) in text.match_indices('.') {
        let is_store = text[..at].trim_end().ends_with("store");
        let after = text[at + 1..].trim_start();
        let called = UNCHECKED
            .iter()
            .find(|name| after.strip_prefix(**name).is_some_and(|rest| rest.starts_with('(')));
        if let (true, Some(function)) = (is_store, called) {
            let line = text[..at].lines().count();
            calls.push((
                format!("{}: {function}", file.display()),
                format!(
                    "line {line} calls Store::{function} past `service`, which asks whether the \
                     person may. Call, or add, a function of `crates/service`"
                ),
            ));
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        calls_in(Path::new("a.rs"), text).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_call_of_the_store_is_found_however_it_is_broken_into_lines() {
        assert_eq!(found("let it = store.inspection(id).await?;"), ["a.rs: inspection"]);
        assert_eq!(found("state.store.photo(id)"), ["a.rs: photo"]);
        assert_eq!(found("let it = store\n    .history(id, None, 5)"), ["a.rs: history"]);
    }

    #[test]
    fn other_calls_are_left_alone() {
        for text in [
            "service::inspections::visible(&store, &viewer, id)",
            "queue.inspection()",
            "store.inspections(&viewer, &filter)",
            "store.users()",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
