//! Imports between the modules of a crate.

use crate::structure::source::Crate;
use std::collections::BTreeMap;

/// Maximum number of re-exports followed to an item's declaration.
const MAX_REEXPORTS: usize = 16;

/// Returns the pairs of file modules of which the first uses the second, with the first line that
/// does. Nested pairs are omitted.
pub(crate) fn of(krate: &Crate) -> BTreeMap<(usize, usize), usize> {
    let mut pairs = BTreeMap::new();
    for (index, module) in krate.modules.iter().enumerate() {
        let imports = module.imports.iter().map(|import| (&import.path, import.line));
        let mentions = module.mentions.iter().map(|mention| (&mention.path, mention.line));
        for (path, line) in imports.chain(mentions) {
            let Some(target) = resolve(krate, index, path, 0) else { continue };
            let pair = (module.file_module, krate.modules[target].file_module);
            if !krate.are_nested(pair.0, pair.1) {
                pairs.entry(pair).or_insert(line);
            }
        }
    }
    pairs
}

/// Returns the module that declares `path` as seen from `module`; `None` if it is in another crate.
fn resolve(krate: &Crate, module: usize, path: &[String], depth: usize) -> Option<usize> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => descend(krate, 0, rest, depth),
        "self" => descend(krate, module, rest, depth),
        "super" => descend(krate, krate.modules[module].parent?, rest, depth),
        name if is_named(krate, module, name) => descend(krate, module, path, depth),
        _ => None,
    }
}

/// Returns whether `name` is a child of the module or imported into it.
fn is_named(krate: &Crate, module: usize, name: &str) -> bool {
    child(krate, module, name).is_some()
        || krate.modules[module].imports.iter().any(|import| import.name == name)
}

fn child(krate: &Crate, module: usize, name: &str) -> Option<usize> {
    let children = &krate.modules[module].children;
    children.iter().copied().find(|child| krate.modules[*child].name == name)
}

fn descend(krate: &Crate, module: usize, path: &[String], depth: usize) -> Option<usize> {
    let Some((name, rest)) = path.split_first() else { return Some(module) };
    if depth > MAX_REEXPORTS {
        return None;
    }
    if name == "super" {
        return descend(krate, krate.modules[module].parent?, rest, depth + 1);
    }
    if let Some(child) = child(krate, module, name) {
        return descend(krate, child, rest, depth + 1);
    }
    let this = &krate.modules[module];
    if this.items.iter().any(|item| item.name == *name) {
        return Some(module);
    }
    if let Some(import) = this.imports.iter().find(|import| import.name == *name) {
        // In `use error;`, `error` is another crate.
        let is_itself = import.path.first() == Some(name);
        if is_itself && child(krate, module, name).is_none() {
            return None;
        }
        let path: Vec<String> = import.path.iter().chain(rest).cloned().collect();
        return resolve(krate, module, &path, depth + 1);
    }
    let globs = this.imports.iter().filter(|import| import.name == "*");
    for glob in globs {
        if let Some(source) = resolve(krate, module, &glob.path, depth + 1)
            && source != module
            && (is_named(krate, source, name)
                || krate.modules[source].items.iter().any(|item| item.name == *name))
        {
            return descend(krate, source, path, depth + 1);
        }
    }
    Some(module)
}
